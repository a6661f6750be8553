// SPDX-License-Identifier: Apache-2.0
/* Who waits is asked about once at a time, and the last answer is of what is so. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "server/wiring_waiting.h"

typedef struct {
    unsigned n, n_failed;
    unsigned n_waiting; /* of the last answer */
} Answers;

static void on_views(GPtrArray *views, const GError *error, gpointer user_data)
{
    Answers *answers = user_data;
    answers->n++;
    answers->n_failed += error != NULL;
    answers->n_waiting = views ? views->len : 0;
}

static char *booked(Fixture *fixture, int minute)
{
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, minute)), -1);
    return g_strdup(fixture->visit_id);
}

static VisitChange change_of(const Fixture *fixture, const char *date)
{
    return (VisitChange){
        .practitioner_id = fixture->seed.doctors[0].id,
        .clinic_id = fixture->clinic_id,
        .local_date = date,
    };
}

static void test_many_changes_two_answers(void **state)
{
    Fixture *fixture = *state;
    Answers answers = {0};
    g_autoptr(WiringWaiting) waiting = wiring_waiting_new(fixture->scheduling, on_views, &answers);
    const VisitChange change = change_of(fixture, FIXTURE_TODAY);
    for (int i = 0; i < 5; i++)
        wiring_waiting_ask(waiting, &change);
    while (answers.n < 2)
        g_main_context_iteration(NULL, TRUE);
    db_stop(fixture->db); /* delivers what is still to come */
    assert_int_equal(answers.n, 2);
    assert_int_equal(answers.n_failed, 0);
}

static void test_queues_do_not_wait_for_each_other(void **state)
{
    Fixture *fixture = *state;
    Answers answers = {0};
    g_autoptr(WiringWaiting) waiting = wiring_waiting_new(fixture->scheduling, on_views, &answers);
    const VisitChange today = change_of(fixture, FIXTURE_TODAY);
    const VisitChange later = change_of(fixture, "2026-11-25");
    wiring_waiting_ask(waiting, &today);
    wiring_waiting_ask(waiting, &later);
    db_stop(fixture->db);
    assert_int_equal(answers.n, 2);
}

static void on_change(const VisitChange *change, gpointer user_data)
{
    wiring_waiting_ask(user_data, change);
}

static void on_checked_in(const VisitChange *change, const GError *error, gpointer user_data)
{
    (void)change;
    fixture_keep_error(user_data, error);
}

/* Some come while an earlier question is under way: none of them is forgotten. */
static void test_last_answer_has_all(void **state)
{
    enum { N_VISITS = 6 };
    Fixture *fixture = *state;
    Answers answers = {0};
    char *visits[N_VISITS], *patients[N_VISITS];
    for (int i = 0; i < N_VISITS; i++) {
        visits[i] = booked(fixture, 15 * (i + 1));
        patients[i] = fixture_participant(fixture, visits[i], VISIT_ROLE_PATIENT);
    }
    clock_advance(fixture->clock, HOUR_MS);
    g_autoptr(WiringWaiting) waiting = wiring_waiting_new(fixture->scheduling, on_views, &answers);
    scheduling_set_listener(fixture->scheduling, on_change, waiting);
    for (int i = 0; i < N_VISITS; i++) {
        const Actor actor = {.role = ACTOR_PATIENT, .participant_id = patients[i]};
        fixture->n_waiting++;
        visit_check_in(fixture->scheduling, visits[i], &actor, on_checked_in, fixture);
        g_free(visits[i]);
        g_free(patients[i]);
    }
    while (fixture->n_waiting > 0 || answers.n_waiting < N_VISITS)
        g_main_context_iteration(NULL, TRUE);
    db_stop(fixture->db);
    assert_int_equal(answers.n_waiting, N_VISITS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_many_changes_two_answers, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_queues_do_not_wait_for_each_other, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_last_answer_has_all, fixture_set_up,
                                        fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
