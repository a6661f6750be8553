// SPDX-License-Identifier: Apache-2.0
/* What becomes of those who still wait when their doctor's day is over. The first doctor's hours
 * end at 20.00, the rule says two hours. */
#include "tests/unit/scheduling/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/day_end.h"
#include "scheduling/booking/move.h"
#include "tests/unit/scheduling/sweeper.h"

/* How many visits were ended. */
static unsigned end_days(Fixture *fixture)
{
    const DayEnded ended = sweeper_day_end(fixture);
    return ended.n_no_doctor + ended.n_left + ended.n_failed + ended.n_done + ended.n_cancelled;
}

/* Whoever is booked for then waits; the id is to be freed. */
static char *waiting(Fixture *fixture, int hour, int minute)
{
    char *visit = mail_booked(fixture, 0, hour, minute);
    fixture_turn_to(fixture, fixture_time(0, hour, minute));
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    return visit;
}

static void test_two_hours_after_the_hours(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = waiting(fixture, 10, 15);
    (void)mail_deliver(fixture);
    fixture_turn_to(fixture, fixture_time(0, 22, 0) - 1);
    assert_int_equal(end_days(fixture), 0);
    clock_advance(fixture->clock, 1);
    assert_int_equal(end_days(fixture), 1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_NO_SHOW_DOCTOR);
    assert_string_equal(fixture->changes->pdata[fixture->changes->len - 1],
                        "checked_in>no_show_doctor");
    assert_int_equal(end_days(fixture), 0); /* once */
    mail_assert_query(fixture, "system day_end",
                      "SELECT actor || ' ' || detail FROM visit_event WHERE visit_id = '%s' AND "
                      "kind = 'no_show_doctor'",
                      visit);
    mail_assert_query(fixture, "1",
                      "SELECT COUNT(*) FROM audit WHERE action = 'visit.no_show_doctor' AND "
                      "actor_kind = 'system' AND object_id = '%s'",
                      visit);
    mail_assert_query(
        fixture, "1",
        "SELECT COUNT(*) FROM outbox WHERE kind = 'visit.ended' AND subject_id = '%s'", visit);
}

typedef struct {
    Fixture *fixture;
    DayEnded ended;
} Answer;

static void on_ended(const DayEnded *ended, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->ended = *ended;
}

/* Both find the visit, and the second one finds it ended. */
static void test_two_sweeps_at_once(void **state)
{
    Fixture *fixture = *state;
    Answer first = {.fixture = fixture};
    Answer second = {.fixture = fixture};
    g_autofree char *visit = waiting(fixture, 10, 15);
    fixture_turn_to(fixture, fixture_time(0, 22, 0));
    fixture->n_waiting += 2;
    day_end_sweep(fixture->scheduling, on_ended, &first);
    day_end_sweep(fixture->scheduling, on_ended, &second);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(first.ended.n_no_doctor + second.ended.n_no_doctor, 1);
    mail_assert_query(fixture, "1",
                      "SELECT COUNT(*) FROM visit_event WHERE visit_id = '%s' AND kind = "
                      "'no_show_doctor'",
                      visit);
}

static void on_moved(const Booking *booking, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    if (!error)
        assert_string_not_equal(booking->visit_id, fixture->visit_id);
}

/* In the morning, and by the link of the message there is another time. */
static void test_an_apology_and_another_time(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = waiting(fixture, 10, 15);
    (void)mail_deliver(fixture);
    fixture_turn_to(fixture, fixture_time(0, 22, 0));
    assert_int_equal(end_days(fixture), 1);
    assert_int_equal(mail_deliver(fixture), 0); /* it is night */
    fixture_turn_to(fixture, fixture_time(1, 6, 0));
    GPtrArray *deliveries = mail_claim(fixture);
    assert_int_equal(deliveries->len, 1);
    const Delivery *said = deliveries->pdata[0];
    assert_true(g_str_has_prefix(said->text, "Maaf, Anda belum sempat dilayani Sel 24/11 10.15"));
    assert_true(strlen(said->text) <= 160);
    mail_report(fixture, deliveries, NULL);
    g_autofree char *patient = fixture_participant(fixture, visit, VISIT_ROLE_PATIENT);
    const Actor actor = {.role = ACTOR_PATIENT, .participant_id = patient};
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = fixture_time(1, 10, 15)};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit, &wish, &actor, on_moved, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_NO_SHOW_DOCTOR);
}

/* Who is at work, and who has somebody booked for later, is not cut off. */
static void test_a_doctor_at_work_is_not_cut_off(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *first = waiting(fixture, 10, 15);
    g_autofree char *second = waiting(fixture, 10, 30);
    fixture_turn_to(fixture, fixture_time(0, 21, 0));
    assert_int_equal(fixture_call(fixture, first), -1);
    assert_int_equal(fixture_accept(fixture, first), -1);
    fixture_presence(fixture, first, VISIT_ROLE_PATIENT, RECORD_EVENT_JOINED);
    fixture_presence(fixture, first, VISIT_ROLE_DOCTOR, RECORD_EVENT_JOINED);
    assert_int_equal(fixture_connect(fixture, first), -1);
    fixture_turn_to(fixture, fixture_time(1, 3, 30)); /* they still talk */
    assert_int_equal(end_days(fixture), 0);
    assert_int_equal(fixture_end(fixture, first, VISIT_STATE_DONE), -1);
    clock_advance(fixture->clock, 30 * MINUTE_MS - 1);
    assert_int_equal(end_days(fixture), 0);
    clock_advance(fixture->clock, 1);
    assert_int_equal(end_days(fixture), 1);
    assert_int_equal(fixture_state(fixture, first), VISIT_STATE_DONE);
    assert_int_equal(fixture_state(fixture, second), VISIT_STATE_NO_SHOW_DOCTOR);
}

/* The doctor went on calling others after the page was closed. */
static void test_who_had_gone_has_left(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *gone = waiting(fixture, 10, 15);
    fixture_presence(fixture, gone, VISIT_ROLE_PATIENT, RECORD_EVENT_JOINED);
    g_autofree char *stays = waiting(fixture, 10, 30);
    fixture_presence(fixture, stays, VISIT_ROLE_PATIENT, RECORD_EVENT_JOINED);
    g_autofree char *seen = waiting(fixture, 10, 45);
    fixture_presence(fixture, gone, VISIT_ROLE_PATIENT, RECORD_EVENT_LEFT);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(fixture_call(fixture, seen), -1);
    assert_int_equal(fixture_accept(fixture, seen), -1);
    assert_int_equal(fixture_connect(fixture, seen), -1);
    assert_int_equal(fixture_end(fixture, seen, VISIT_STATE_DONE), -1);
    clock_advance(fixture->clock, MINUTE_MS);
    fixture_presence(fixture, stays, VISIT_ROLE_PATIENT, RECORD_EVENT_LEFT);
    fixture_turn_to(fixture, fixture_time(0, 22, 0));
    assert_int_equal(end_days(fixture), 2);
    assert_int_equal(fixture_state(fixture, gone), VISIT_STATE_LEFT_WITHOUT_BEING_SEEN);
    assert_int_equal(fixture_state(fixture, stays), VISIT_STATE_NO_SHOW_DOCTOR);
    mail_assert_query(fixture, "2",
                      "SELECT COUNT(*) FROM notification WHERE kind = 'missed' AND state = "
                      "'waiting'");
}

/* Called once, and nobody came back to it; a call that was never ended. */
static void test_what_a_doctor_left_open(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *called = waiting(fixture, 10, 15);
    assert_int_equal(fixture_call(fixture, called), -1);
    fixture_turn_to(fixture, fixture_time(0, 22, 0));
    assert_int_equal(end_days(fixture), 1);
    assert_int_equal(fixture_state(fixture, called), VISIT_STATE_NO_SHOW_DOCTOR);
}

static void test_a_call_that_was_never_ended(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = waiting(fixture, 10, 15);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(fixture_accept(fixture, visit), -1);
    assert_int_equal(fixture_connect(fixture, visit), -1);
    fixture_turn_to(fixture, fixture_time(0, 22, 0));
    assert_int_equal(end_days(fixture), 1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_TECH_FAILED);
}

/* Those of a booking that the patient is still to come to are not touched. */
static void test_what_is_to_come_stays(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *tomorrow = mail_booked(fixture, 1, 10, 15);
    fixture_turn_to(fixture, fixture_time(0, 23, 59));
    assert_int_equal(end_days(fixture), 0);
    assert_int_equal(fixture_state(fixture, tomorrow), VISIT_STATE_BOOKED);
}

/* More at once than one sweep takes are taken by the next. */
typedef struct {
    Fixture *fixture;
    unsigned n;
} Many;

static bool copies_job(DbTx *tx, gpointer data, GError **error)
{
    (void)error;
    Many *many = data;
    DemoVisits visits = {.scheduling = many->fixture->scheduling, .n = many->n};
    assert_true(demo_visits_job(tx, &visits, NULL));
    for (unsigned i = 0; i < visits.visits->len; i++) {
        const DemoVisit *visit = g_ptr_array_index(visits.visits, i);
        DbQuery *query = db_query(tx, "visit_set_state");
        db_bind_text(query, 1, visit->visit_id);
        db_bind_text(query, 2, "checked_in");
        assert_true(db_exec(query, NULL));
    }
    demo_visits_clear(&visits);
    return true;
}

static void test_as_many_as_there_are(void **state)
{
    Fixture *fixture = *state;
    Many many = {fixture, DAY_END_MAX_AT_ONCE + 7};
    fixture_run(fixture, copies_job, &many);
    fixture_turn_to(fixture, fixture_time(1, 3, 0));
    assert_int_equal(end_days(fixture), DAY_END_MAX_AT_ONCE);
    assert_int_equal(end_days(fixture), 7);
    assert_int_equal(end_days(fixture), 0);
}

/* The rule by itself. */

static const int64_t three_ms = 100 * HOUR_MS; /* in the morning */

static DayEndFacts facts_of(int64_t ends_at_ms)
{
    return (DayEndFacts){.state = VISIT_STATE_CHECKED_IN,
                         .ends_at_ms = ends_at_ms,
                         .starts_at_ms = ends_at_ms - 15 * MINUTE_MS,
                         .hours_end_ms = three_ms - 12 * HOUR_MS,
                         .latest_ms = three_ms,
                         .after_ms = 2 * HOUR_MS};
}

static void test_when_a_day_is_over(void **state)
{
    (void)state;
    DayEndFacts facts = facts_of(three_ms - 14 * HOUR_MS);
    assert_int_equal(day_end_due_ms(&facts), three_ms - 10 * HOUR_MS);
    facts.booked_end_ms = three_ms - 11 * HOUR_MS; /* somebody is still to come */
    assert_int_equal(day_end_due_ms(&facts), three_ms - 9 * HOUR_MS);
    facts.worked_at_ms = three_ms - 10 * HOUR_MS;
    assert_int_equal(day_end_due_ms(&facts), three_ms - 8 * HOUR_MS);
    facts.worked_at_ms = three_ms - HOUR_MS; /* at three at the latest, */
    assert_int_equal(day_end_due_ms(&facts), three_ms);
    facts.worked_at_ms = three_ms; /* unless the doctor works then */
    assert_int_equal(day_end_due_ms(&facts), three_ms + 30 * MINUTE_MS);
    DayEndFacts sent = facts_of(three_ms - 14 * HOUR_MS);
    sent.is_outreach = true;
    assert_int_equal(day_end_due_ms(&sent), three_ms);
    DayEndFacts no_hours = facts_of(three_ms - 14 * HOUR_MS);
    no_hours.hours_end_ms = 0;
    assert_int_equal(day_end_due_ms(&no_hours), three_ms - 12 * HOUR_MS);
}

static void test_what_it_becomes(void **state)
{
    (void)state;
    DayEndFacts facts = facts_of(HOUR_MS);
    assert_int_equal(day_end_outcome(&facts), VISIT_STATE_NO_SHOW_DOCTOR);
    facts.left_at_ms = 2 * HOUR_MS; /* no doctor has worked at all */
    assert_int_equal(day_end_outcome(&facts), VISIT_STATE_NO_SHOW_DOCTOR);
    facts.worked_at_ms = 2 * HOUR_MS;
    assert_int_equal(day_end_outcome(&facts), VISIT_STATE_NO_SHOW_DOCTOR);
    facts.worked_at_ms++;
    assert_int_equal(day_end_outcome(&facts), VISIT_STATE_LEFT_WITHOUT_BEING_SEEN);
    facts.state = VISIT_STATE_CALLED;
    facts.has_accepted = true;
    assert_int_equal(day_end_outcome(&facts), VISIT_STATE_TECH_FAILED);
    facts.state = VISIT_STATE_IN_CALL;
    facts.both_ms = MINUTE_MS - 1;
    assert_int_equal(day_end_outcome(&facts), VISIT_STATE_TECH_FAILED);
    facts.both_ms++;
    assert_int_equal(day_end_outcome(&facts), VISIT_STATE_DONE);
    DayEndFacts sent = facts_of(HOUR_MS);
    sent.is_outreach = true;
    sent.hours_end_ms = sent.starts_at_ms + 1; /* the doctor had hours to come */
    assert_int_equal(day_end_outcome(&sent), VISIT_STATE_NO_SHOW_DOCTOR);
    sent.hours_end_ms--;
    assert_int_equal(day_end_outcome(&sent), VISIT_STATE_CANCELLED_SYSTEM);
}

#define DAY_END_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DAY_END_TEST(test_two_hours_after_the_hours),
        DAY_END_TEST(test_two_sweeps_at_once),
        DAY_END_TEST(test_an_apology_and_another_time),
        DAY_END_TEST(test_a_doctor_at_work_is_not_cut_off),
        DAY_END_TEST(test_who_had_gone_has_left),
        DAY_END_TEST(test_what_a_doctor_left_open),
        DAY_END_TEST(test_a_call_that_was_never_ended),
        DAY_END_TEST(test_what_is_to_come_stays),
        DAY_END_TEST(test_as_many_as_there_are),
        cmocka_unit_test(test_when_a_day_is_over),
        cmocka_unit_test(test_what_it_becomes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
