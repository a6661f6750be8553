// SPDX-License-Identifier: Apache-2.0
/* Patients who come to the facility: in the queue they are there, whatever their page does; its
 * link opens on the day; of who was asked to come in the call staff say whether they did. */
#include "tests/unit/scheduling/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/booking/came.h"
#include "scheduling/booking/queue_step.h"
#include "scheduling/report/daily.h"
#include "tests/unit/scheduling/converter.h"

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

static int wait_code(Fixture *fixture)
{
    fixture_wait(fixture);
    return fixture->error_code;
}

static int come(Fixture *fixture, const char *visit_id)
{
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    if (converter_convert(fixture, visit_id, &loket, VISIT_WAY_IN_PERSON) != -1)
        return fixture->error_code;
    return fixture_step(fixture, visit_check_in, visit_id, &loket);
}

static void on_next(const QueueCall *called, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    g_free(fixture->visit_id);
    fixture->visit_id = g_strdup(called ? called->visit_id : "");
    fixture_keep_error(fixture, error);
}

/* Who sits there without a page is not passed over for one who has a page open at home. */
static void test_there_without_a_page(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *here = mail_booked(fixture, 0, 10, 15);
    g_autofree char *home = mail_booked(fixture, 0, 10, 30);
    assert_int_equal(come(fixture, here), -1);
    assert_int_equal(fixture_check_in(fixture, home), -1);
    fixture_presence(fixture, home, VISIT_ROLE_PATIENT, RECORD_EVENT_JOINED);
    fixture_turn_to(fixture, fixture_time(0, 10, 31));
    fixture->n_waiting++;
    queue_call_next(fixture->scheduling, &doctor, on_next, fixture);
    assert_int_equal(wait_code(fixture), -1);
    assert_string_equal(fixture->visit_id, here);
}

/* A page on somebody's phone is nobody in the waiting room. */
static void test_absent_with_a_page(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    assert_int_equal(come(fixture, visit), -1);
    fixture_presence(fixture, visit, VISIT_ROLE_PATIENT, RECORD_EVENT_JOINED);
    fixture_turn_to(fixture, fixture_time(0, 10, 20));
    assert_int_equal(fixture_step(fixture, queue_absent, visit, &loket), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_NO_SHOW_PATIENT);
}

static void on_grant(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    g_autoptr(GError) refused = NULL;
    fixture_keep_error(fixture, error);
    assert_non_null(grant);
    if (!token_check_admission(fixture->scheduling, grant, &refused))
        fixture->error_code = refused->code;
}

static int open_link(Fixture *fixture, const char *token)
{
    fixture->n_waiting++;
    token_authorize(fixture->scheduling, token, on_grant, fixture);
    return wait_code(fixture);
}

/* From the morning of its day on, hours before; one by video half an hour before. */
static void test_link_opens_in_the_morning(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = mail_booked(fixture, 1, 14, 0);
    g_autofree char *token = g_strdup(fixture->token);
    assert_int_equal(converter_convert(fixture, visit, &loket, VISIT_WAY_IN_PERSON), -1);
    fixture_turn_to(fixture, fixture_time(1, 0, 0) - 1);
    assert_int_equal(open_link(fixture, token), SCHEDULING_ERROR_TOO_EARLY);
    clock_advance(fixture->clock, 1);
    assert_int_equal(open_link(fixture, token), -1);
    assert_int_equal(converter_convert(fixture, visit, &loket, VISIT_WAY_VIDEO), -1);
    assert_int_equal(open_link(fixture, token), SCHEDULING_ERROR_TOO_EARLY);
}

static int say(Fixture *fixture, const char *visit_id, const Actor *actor, bool came)
{
    fixture->n_waiting++;
    visit_say_came(fixture->scheduling, visit_id, actor, came, fixture_on_step, fixture);
    return wait_code(fixture);
}

typedef struct {
    Fixture *fixture;
    unsigned converted, came, not_come;
} Counts;

static void on_daily(const Daily *daily, const GError *error, gpointer user_data)
{
    Counts *counts = user_data;
    fixture_keep_error(counts->fixture, error);
    counts->converted = daily->totals.converted;
    counts->came = daily->totals.came;
    counts->not_come = daily->totals.not_come;
}

static void assert_counts(Fixture *fixture, unsigned came, unsigned not_come)
{
    Counts counts = {.fixture = fixture};
    fixture->n_waiting++;
    daily_report(fixture->scheduling, FIXTURE_TODAY, FIXTURE_TODAY, on_daily, &counts);
    assert_int_equal(wait_code(fixture), -1);
    assert_int_equal(counts.converted, 2);
    assert_int_equal(counts.came, came);
    assert_int_equal(counts.not_come, not_come);
}

static void assert_listed(Fixture *fixture, const Actor *actor, const char *visit, VisitCame came)
{
    assert_int_equal(fixture_listed(fixture, actor, visit).came, came);
}

/* Asked to come in the call, as OUTCOME says. */
static char *asked(Fixture *fixture, int minute, VisitState outcome)
{
    char *visit = mail_booked(fixture, 0, 10, minute);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(fixture_connect(fixture, visit), -1);
    assert_int_equal(fixture_end(fixture, visit, outcome), -1);
    return visit;
}

static void test_asked_in_the_call(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0),
                elsewhere = fixture_staff(fixture, ACTOR_DESK, 1);
    const Actor coordinator = fixture_staff(fixture, ACTOR_COORDINATOR, 0);
    const Actor none[] = {{.role = ACTOR_PATIENT}, {.role = ACTOR_ADMIN}, elsewhere};
    g_autofree char *visit = asked(fixture, 15, VISIT_STATE_CONVERTED_IN_PERSON);
    g_autofree char *phoned = asked(fixture, 30, VISIT_STATE_CONVERTED_PHONE);
    for (unsigned i = 0; i < G_N_ELEMENTS(none); i++)
        assert_int_equal(say(fixture, visit, &none[i], true), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(say(fixture, phoned, &loket, true), SCHEDULING_ERROR_VISIT_ENDED);
    assert_counts(fixture, 0, 0);
    assert_listed(fixture, &loket, visit, VISIT_CAME_UNSAID);
    unsigned n_changes = fixture->changes->len;
    assert_int_equal(say(fixture, visit, &loket, false), -1);
    assert_int_equal(fixture->changes->len, n_changes + 1); /* lists hear of it */
    assert_counts(fixture, 0, 1);
    assert_listed(fixture, &doctor, visit, VISIT_CAME_NO);
    /* The next day, after all. */
    clock_advance(fixture->clock, 24 * HOUR_MS);
    assert_int_equal(say(fixture, visit, &coordinator, true), -1);
    assert_int_equal(say(fixture, visit, &doctor, true), -1); /* once */
    assert_int_equal(fixture->changes->len, n_changes + 2);
    assert_counts(fixture, 1, 0);
    mail_assert_query(fixture, "did_not_come:desk came:coordinator",
                      "SELECT group_concat(kind || ':' || actor, ' ') FROM (SELECT * FROM "
                      "visit_event WHERE visit_id = '%s' AND (kind LIKE '%%come' OR kind = 'came') "
                      "ORDER BY id)",
                      visit);
    g_autofree char *booked = mail_booked(fixture, 2, 9, 0);
    assert_int_equal(say(fixture, booked, &loket, true), SCHEDULING_ERROR_BAD_STATE);
}

/* Done at the facility, and no arrival was noted: it is said afterwards, and the office's figures
 * are of those whom a call asked to come. */
static void test_done_at_the_facility(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    Counts counts = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    g_autofree char *by_video = asked(fixture, 30, VISIT_STATE_DONE);
    assert_int_equal(converter_convert(fixture, visit, &loket, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(say(fixture, visit, &loket, true), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), -1);
    assert_int_equal(say(fixture, visit, &loket, true), -1);
    assert_listed(fixture, &loket, visit, VISIT_CAME_YES);
    assert_int_equal(say(fixture, by_video, &loket, true), SCHEDULING_ERROR_VISIT_ENDED);
    fixture->n_waiting++;
    daily_report(fixture->scheduling, FIXTURE_TODAY, FIXTURE_TODAY, on_daily, &counts);
    assert_int_equal(wait_code(fixture), -1);
    assert_int_equal(counts.came, 0);
}

#define WITH_FIXTURE(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(test_there_without_a_page),      WITH_FIXTURE(test_absent_with_a_page),
        WITH_FIXTURE(test_link_opens_in_the_morning), WITH_FIXTURE(test_asked_in_the_call),
        WITH_FIXTURE(test_done_at_the_facility),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
