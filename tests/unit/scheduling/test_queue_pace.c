// SPDX-License-Identifier: Apache-2.0
/* The wait that is promised: from what consultations took today or in the last 30 days, and by how
 * many doctors it is shared. All ranges are computed by hand. */
#include "tests/unit/scheduling/caller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/booking/queue_pace.h"
#include "tests/unit/scheduling/fixture_sql.h"

static GArray *took(const int64_t *minutes, const char *const *services, unsigned n)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(QueueTook));
    for (unsigned i = 0; i < n; i++) {
        QueueTook one = {.duration_ms = minutes[i] * MINUTE_MS};
        g_strlcpy(one.service_id, services[i], sizeof one.service_id);
        g_array_append_val(all, one);
    }
    return all;
}

static void test_what_is_known_best(void **state)
{
    (void)state;
    const int64_t slot_ms = 15 * MINUTE_MS;
    const int64_t minutes[] = {4, 6, 8, 10, 10, 10, 10, 20, 22, 25};
    const char *const services[] = {"", "", "", "s", "s", "s", "s", "", "", "s"};
    QueuePace pace = {.today_ms = 7 * MINUTE_MS};
    assert_int_equal(queue_pace_ms(&pace, "s", slot_ms), 7 * MINUTE_MS);
    pace.today_ms = -1;
    assert_int_equal(queue_pace_ms(&pace, "s", slot_ms), slot_ms);
    /* Four of anything say nothing. */
    pace.month = took(minutes, services, 4);
    assert_int_equal(queue_pace_ms(&pace, "", slot_ms), slot_ms);
    queue_pace_clear(&pace);
    /* Five without a service: 4 6 8 20 22. Four for "s" are too few: of all nine the fifth. */
    pace.month = took(minutes, services, 9);
    assert_int_equal(queue_pace_ms(&pace, NULL, slot_ms), 8 * MINUTE_MS);
    assert_int_equal(queue_pace_ms(&pace, "s", slot_ms), 10 * MINUTE_MS);
    queue_pace_clear(&pace);
    /* Five for "s": 10 10 10 10 25; none for another: of all ten the fifth. */
    pace.month = took(minutes, services, 10);
    assert_int_equal(queue_pace_ms(&pace, "s", slot_ms), 10 * MINUTE_MS);
    assert_int_equal(queue_pace_ms(&pace, "other", slot_ms), 10 * MINUTE_MS);
    queue_pace_clear(&pace);
}

static void talk(Fixture *fixture, const char *visit, int minutes)
{
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(fixture_connect(fixture, visit), -1);
    clock_advance(fixture->clock, minutes * MINUTE_MS);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), -1);
}

/* Of the first doctor, with somebody who comes for it. */
static char *consult(Fixture *fixture, int minutes)
{
    char *visit = caller_waiting(fixture, fixture->seed.doctors[0].id);
    talk(fixture, visit, minutes);
    return visit;
}

typedef struct {
    Fixture *fixture;
    char text[64];
} Wait;

static void on_view(const VisitView *view, const GError *error, gpointer user_data)
{
    Wait *wait = user_data;
    fixture_keep_error(wait->fixture, error);
    assert_null(error);
    g_snprintf(wait->text, sizeof wait->text, "%u %u-%u", view->ahead, view->wait_min_minutes,
               view->wait_max_minutes);
}

static void assert_wait(Fixture *fixture, const char *visit, const char *expected)
{
    Wait wait = {.fixture = fixture};
    fixture->n_waiting++;
    visit_get_view(fixture->scheduling, visit, on_view, &wait);
    fixture_wait(fixture);
    assert_string_equal(wait.text, expected);
}

/* Three of today: 4, 6 and 20 minutes. */
static void test_of_today(void **state)
{
    Fixture *fixture = *state;
    const char *doctor = fixture->seed.doctors[0].id;
    g_autofree char *four = consult(fixture, 4);
    g_autofree char *six = consult(fixture, 6);
    g_autofree char *a = caller_waiting(fixture, doctor);
    g_autofree char *b = caller_waiting(fixture, doctor);
    g_autofree char *c = caller_waiting(fixture, doctor);
    assert_wait(fixture, c, "2 15-45"); /* two slots of 15 */
    talk(fixture, a, 20);
    assert_wait(fixture, c, "1 0-10"); /* one of 6: 3 to 9 */
    assert_wait(fixture, b, "0 0-5");
}

/* 3, 5, 7, 9 and 11 minutes, thirty days ago and thirty-one. */
static void test_of_thirty_days(void **state)
{
    Fixture *fixture = *state;
    const char *doctor = fixture->seed.doctors[0].id;
    for (int minutes = 3; minutes <= 11; minutes += 2)
        g_free(consult(fixture, minutes));
    fixture_turn_to(fixture, fixture_time(30, 10, 0));
    g_autofree char *a = caller_waiting(fixture, doctor);
    g_autofree char *b = caller_waiting(fixture, doctor);
    g_autofree char *c = caller_waiting(fixture, doctor);
    assert_wait(fixture, c, "2 5-25"); /* two of 7: 7 to 21 */
    g_autofree char *any = caller_waiting(fixture, NULL);
    assert_wait(fixture, any, "3 10-35"); /* the clinic's are the same: 10.5 to 31.5 */
    fixture_turn_to(fixture, fixture_time(31, 10, 0));
    g_autofree char *d = caller_waiting(fixture, doctor);
    g_autofree char *e = caller_waiting(fixture, doctor);
    g_autofree char *f = caller_waiting(fixture, doctor);
    assert_wait(fixture, f, "2 15-45");
}

static void for_service(Fixture *fixture, const char *visit)
{
    g_autofree char *sql = g_strdup_printf("INSERT INTO visit_service (visit_id, service_id, name, "
                                           "mode, price_rupiah, before_ms, after_ms) VALUES ('%s', "
                                           "'service', 'Kontrol', 'video', 0, 0, 0)",
                                           visit);
    assert_true(fixture_sql_run(fixture, sql));
}

/* Yesterday five took 10 minutes, and five for a service 2. */
static void test_of_the_service(void **state)
{
    Fixture *fixture = *state;
    const char *doctor = fixture->seed.doctors[0].id;
    for (int i = 0; i < 10; i++) {
        g_autofree char *visit = consult(fixture, i < 5 ? 10 : 2);
        if (i >= 5)
            for_service(fixture, visit);
    }
    fixture_turn_to(fixture, fixture_time(1, 10, 0));
    g_autofree char *a = caller_waiting(fixture, doctor);
    for_service(fixture, a);
    g_autofree char *b = caller_waiting(fixture, doctor);
    g_autofree char *c = caller_waiting(fixture, doctor);
    assert_wait(fixture, b, "1 0-5");  /* 2: 1 to 3 */
    assert_wait(fixture, c, "2 5-20"); /* 2 + 10: 6 to 18 */
}

static void call_next(Fixture *fixture, const Actor *actor)
{
    (void)caller_call_next(fixture, actor);
    assert_int_equal(fixture->error_code, -1);
}

static void end(Fixture *fixture, const char *visit, const Actor *actor)
{
    assert_int_equal(fixture_connect(fixture, visit), -1);
    fixture->n_waiting++;
    visit_end(fixture->scheduling, visit, actor, VISIT_STATE_DONE, fixture_on_step, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

typedef struct {
    const Fixture *fixture;
    unsigned n_doctors;
} Served;

static bool served_job(DbTx *tx, gpointer data, GError **error)
{
    Served *served = data;
    QueueServed found;
    const QueueKey key = {.clinic_id = served->fixture->clinic_id, .local_date = FIXTURE_TODAY};
    assert_true(queue_served_load(served->fixture->scheduling, tx, &key, &found, error));
    served->n_doctors = found.n_doctors;
    return true;
}

static unsigned count_doctors(Fixture *fixture)
{
    Served served = {.fixture = fixture};
    fixture_run(fixture, served_job, &served);
    return served.n_doctors;
}

/* The second has no hours today and only helps; the first works until the evening. */
static void test_who_went_home_serves_nobody(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *one = caller_waiting(fixture, NULL);
    g_autofree char *two = caller_waiting(fixture, NULL);
    call_next(fixture, &caller_first);
    call_next(fixture, &caller_second);
    end(fixture, one, &caller_first);
    end(fixture, two, &caller_second);
    g_autofree char *a = caller_waiting(fixture, NULL);
    g_autofree char *b = caller_waiting(fixture, NULL);
    g_autofree char *c = caller_waiting(fixture, NULL);
    assert_int_equal(count_doctors(fixture), 2);
    assert_wait(fixture, c, "2 5-25"); /* 30 minutes for two: 7.5 to 22.5 */
    clock_advance(fixture->clock, 14 * MINUTE_MS);
    assert_int_equal(count_doctors(fixture), 2);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(count_doctors(fixture), 1);
    assert_wait(fixture, c, "2 15-45");
    call_next(fixture, &caller_second);
    assert_int_equal(count_doctors(fixture), 2);
    assert_wait(fixture, c, "1 5-25"); /* the one who was called, too */
    end(fixture, a, &caller_second);
    fixture_turn_to(fixture, fixture_time(0, 22, 0)); /* all hours are over */
    assert_int_equal(count_doctors(fixture), 0);
}

#define PACE_TEST(name) cmocka_unit_test_setup_teardown(name, caller_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_known_best),
        PACE_TEST(test_of_today),
        PACE_TEST(test_of_thirty_days),
        PACE_TEST(test_of_the_service),
        PACE_TEST(test_who_went_home_serves_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
