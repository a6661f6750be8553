// SPDX-License-Identifier: Apache-2.0
/* A doctor who is late: who says so, who is told, and when it is over. */
#include "tests/unit/scheduling/fixture_sql.h"
#include "tests/unit/scheduling/mail.h"
#include "tests/unit/scheduling/sweeper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/outbox/late.h"

typedef struct {
    Fixture *fixture;
    LateSaid said;
} Said;

static void on_said(const LateSaid *said, const GError *error, gpointer user_data)
{
    Said *result = user_data;
    if (said)
        result->said = *said;
    fixture_keep_error(result->fixture, error);
}

static int say(Fixture *fixture, const Actor *actor, const char *doctor, unsigned minutes,
               unsigned *ret_n_told)
{
    Said result = {.fixture = fixture};
    fixture->n_waiting++;
    late_say(fixture->scheduling, doctor, minutes, actor, on_said, &result);
    fixture_wait(fixture);
    *ret_n_told = result.said.n_told;
    return fixture->error_code;
}

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

typedef struct {
    Fixture *fixture;
    unsigned late_minutes, wait_max_minutes;
} Seen;

static void on_view(const VisitView *view, const GError *error, gpointer user_data)
{
    Seen *seen = user_data;
    fixture_keep_error(seen->fixture, error);
    seen->late_minutes = view->late_minutes;
    seen->wait_max_minutes = view->wait_max_minutes;
}

static Seen see(Fixture *fixture, const char *visit_id)
{
    Seen seen = {.fixture = fixture};
    fixture->n_waiting++;
    visit_get_view(fixture->scheduling, visit_id, on_view, &seen);
    fixture_wait(fixture);
    return seen;
}

static unsigned n_heard;
static void on_late(const LateChange *change, gpointer user_data)
{
    Fixture *fixture = user_data;
    assert_string_equal(change->practitioner_id, fixture->seed.doctors[0].id);
    assert_string_equal(change->facility_ids[0], fixture->seed.facility_ids[0]);
    n_heard += g_strv_length((char **)change->visit_ids);
}

static void test_late_is_said(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told;
    n_heard = 0;
    late_set_listener(fixture->scheduling, on_late, fixture);
    g_autofree char *waits = mail_booked(fixture, 0, 10, 30);
    g_autofree char *near = mail_booked(fixture, 0, 12, 0);
    g_autofree char *far = mail_booked(fixture, 0, 12, 15);
    g_autofree char *tomorrow = mail_booked(fixture, 1, 10, 30);
    assert_int_equal(fixture_check_in(fixture, waits), -1);
    assert_int_equal(mail_deliver(fixture), 4);
    assert_int_equal(see(fixture, waits).wait_max_minutes, 30);
    assert_int_equal(say(fixture, &doctor, NULL, 20, &n_told), -1);
    assert_int_equal(n_told, 2);
    assert_int_equal(n_heard, 3);
    assert_int_equal(see(fixture, waits).late_minutes, 20);
    assert_int_equal(see(fixture, waits).wait_max_minutes, 50);
    assert_int_equal(see(fixture, far).late_minutes, 20);
    assert_int_equal(see(fixture, tomorrow).late_minutes, 0);
    assert_int_equal(say(fixture, &doctor, NULL, 20, &n_told), -1);
    assert_int_equal(n_told, 0);
    assert_int_equal(n_heard, 3);
    GPtrArray *deliveries = mail_claim(fixture);
    assert_int_equal(deliveries->len, 2);
    const Delivery *said = deliveries->pdata[0];
    assert_non_null(strstr(said->text, "sekitar 20 menit"));
    mail_report(fixture, deliveries, NULL);
    mail_assert_query(fixture, "1", "SELECT COUNT(*) FROM audit WHERE action = 'queue.late'");
    mail_assert_query(
        fixture, "doctor 20",
        "SELECT actor || ' ' || detail FROM visit_event WHERE kind = 'late' AND visit_id "
        "= '%s'",
        waits);
}

/* Who books after the doctor has spoken, whose time was far away then, and in a pool of one. */
static void test_late_reaches_who_comes_later(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told;
    g_autofree char *far = mail_booked(fixture, 0, 12, 30);
    assert_int_equal(say(fixture, &doctor, NULL, 90, &n_told), -1);
    assert_int_equal(n_told, 0);
    g_autofree char *after = mail_booked(fixture, 0, 11, 0);
    g_autofree char *pooled = mail_booked(fixture, 0, 11, 30);
    g_autofree char *pool = g_strdup_printf("UPDATE visit SET pool = 1 WHERE id = '%s'", pooled);
    assert_true(fixture_sql_run(fixture, pool));
    mail_sweep(fixture);
    mail_sweep(fixture);
    mail_assert_query(fixture, "1",
                      "SELECT COUNT(*) FROM notification WHERE kind = 'late' AND visit_id = '%s'",
                      after);
    assert_true(fixture_sql_run(fixture, "UPDATE clinic_member SET is_active = 0 WHERE "
                                         "practitioner_id <> (SELECT practitioner_id FROM "
                                         "doctor_late)"));
    mail_sweep(fixture);
    assert_int_equal(see(fixture, pooled).late_minutes, 90);
    mail_assert_query(fixture, "1",
                      "SELECT COUNT(*) FROM notification WHERE kind = 'late' AND visit_id = '%s'",
                      pooled);
    mail_assert_query(fixture, "0",
                      "SELECT COUNT(*) FROM notification WHERE kind = 'late' AND visit_id = '%s'",
                      far);
    clock_advance(fixture->clock, 30 * MINUTE_MS);
    mail_sweep(fixture);
    mail_assert_query(fixture, "1",
                      "SELECT COUNT(*) FROM notification WHERE kind = 'late' AND visit_id = '%s'",
                      far);
}

static void test_late_is_taken_back(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told;
    g_autofree char *told = mail_booked(fixture, 0, 10, 30);
    assert_int_equal(mail_deliver(fixture), 1);
    assert_int_equal(say(fixture, &doctor, NULL, 20, &n_told), -1);
    assert_int_equal(mail_deliver(fixture), 1);
    assert_int_equal(say(fixture, &doctor, NULL, 30, &n_told), -1);
    g_autofree char *untold = mail_booked(fixture, 0, 10, 45);
    assert_int_equal(say(fixture, &doctor, NULL, 0, &n_told), -1);
    assert_int_equal(n_told, 1);
    assert_int_equal(see(fixture, told).late_minutes, 0);
    GPtrArray *deliveries = mail_claim(fixture);
    assert_int_equal(deliveries->len, 2); /* and the other one's booking */
    unsigned n_late = 0;
    for (unsigned i = 0; i < deliveries->len; i++) {
        const Delivery *delivery = deliveries->pdata[i];
        if (delivery->kind != NOTIFICATION_LATE)
            continue;
        n_late++;
        assert_string_equal(delivery->visit_id, told);
        assert_non_null(strstr(delivery->text, "tidak terlambat lagi"));
    }
    assert_int_equal(n_late, 1);
    mail_report(fixture, deliveries, NULL);
    mail_assert_query(
        fixture, "sent dropped:superseded sent",
        "SELECT group_concat(state || COALESCE(':' || reason, ''), ' ') FROM (SELECT * "
        "FROM notification WHERE kind = 'late' ORDER BY occurrence)");
}

static void test_late_is_not_told_for_ever(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told, n_all = 0;
    g_autofree char *visit = mail_booked(fixture, 0, 10, 30);
    for (unsigned minutes = 10; minutes < 60; minutes += 5) {
        assert_int_equal(say(fixture, &doctor, NULL, minutes, &n_told), -1);
        n_all += n_told;
    }
    assert_int_equal(n_all, 4);
}

/* Whom a post takes down is told nothing: the sweep finds neither them, nor whoever was told often
 * enough, again and again. */
static void test_late_is_not_swept_for_who_is_not_told(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told;
    g_autofree char *at_post = mail_booked(fixture, 0, 10, 30);
    g_autofree char *often = mail_booked(fixture, 0, 10, 45);
    g_autofree char *entry = g_strdup_printf(
        "INSERT INTO outreach_entry (id, session_id, device_id, sequence, revision, hash, "
        "visit_id, reason, identity, taken_by, registered_at_ms, received_at_ms) VALUES ('e', 's', "
        "'d', 1, 1, 'h', '%s', 'x', 'ktp', 'u', 0, 0)",
        at_post);
    assert_true(fixture_sql_run(fixture, entry));
    for (unsigned minutes = 10; minutes < 35; minutes += 5) {
        assert_int_equal(say(fixture, &doctor, NULL, minutes, &n_told), -1);
        assert_int_equal(n_told, minutes < 30 ? 1 : 0);
    }
    g_autofree char *after = mail_booked(fixture, 0, 11, 0);
    static const char all_events[] =
        "SELECT COUNT(*) FROM visit_event WHERE kind = 'late' AND visit_id = '%s'";
    mail_assert_query(fixture, "5", all_events, at_post);
    mail_sweep(fixture);
    mail_sweep(fixture);
    mail_assert_query(fixture, "5", all_events, at_post);
    mail_assert_query(fixture, "5", all_events, often);
    mail_assert_query(fixture, "1", all_events, after);
    mail_assert_query(fixture, "4 1",
                      "SELECT SUM(visit_id = '%s') || ' ' || SUM(visit_id = '%s') "
                      "FROM notification WHERE kind = 'late'",
                      often, after);
}

/* Fifty rows a sweep: those who are not told leave them to who is. */
static void test_late_reaches_who_comes_after_many(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told;
    g_autofree char *one = mail_booked(fixture, 0, 10, 30);
    assert_int_equal(say(fixture, &doctor, NULL, 20, &n_told), -1);
    g_autoptr(GString) sql = g_string_new(
        "CREATE TEMP TABLE copy AS SELECT * FROM visit;"
        "CREATE TEMP TABLE message AS SELECT * FROM notification WHERE kind = 'late';");
    for (unsigned i = 0; i < 120; i++) {
        g_string_append_printf(sql,
                               "UPDATE copy SET id = 'v%u', code = 'c%u', number = 100 + %u, "
                               "slot_of = NULL; INSERT INTO visit SELECT * FROM copy;",
                               i, i, i);
        for (unsigned told = 0; i % 2 == 0 && told < 4; told++)
            g_string_append_printf(sql,
                                   "UPDATE message SET id = 'm%u-%u', visit_id = 'v%u', "
                                   "occurrence = %u; INSERT INTO notification SELECT * FROM "
                                   "message;",
                                   i, told, i, told);
        if (i % 2 == 1)
            g_string_append_printf(
                sql,
                "INSERT INTO outreach_entry (id, session_id, device_id, sequence, revision, hash, "
                "visit_id, reason, identity, taken_by, registered_at_ms, received_at_ms) VALUES "
                "('e%u', 's', 'd', %u, 1, 'h', 'v%u', 'x', 'ktp', 'u', 0, 0);",
                i, i, i);
    }
    assert_true(fixture_sql_run(fixture, sql->str));
    g_autofree char *after = mail_booked(fixture, 0, 11, 0);
    mail_sweep(fixture);
    mail_assert_query(fixture, "1",
                      "SELECT COUNT(*) FROM notification WHERE kind = 'late' AND visit_id = '%s'",
                      after);
}

static void test_whose_lateness_it_is(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told;
    const char *own = fixture->seed.doctors[0].id, *other = fixture->seed.doctors[2].id;
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    const Actor stranger = {.role = ACTOR_DOCTOR, .user_id = "user-7"};
    assert_int_equal(say(fixture, &doctor, own, 5, &n_told), -1);
    assert_int_equal(say(fixture, &doctor, other, 5, &n_told), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(say(fixture, &desk, own, 10, &n_told), -1);
    assert_int_equal(say(fixture, &desk, other, 10, &n_told), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(say(fixture, &stranger, NULL, 10, &n_told), SCHEDULING_ERROR_FORBIDDEN);
    mail_assert_query(fixture, "10", "SELECT group_concat(minutes) FROM doctor_late");
}

static void test_late_lapses(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told;
    n_heard = 0;
    g_autofree char *visit = mail_booked(fixture, 0, 13, 0);
    assert_int_equal(say(fixture, &doctor, NULL, 20, &n_told), -1);
    late_set_listener(fixture->scheduling, on_late, fixture);
    clock_advance(fixture->clock, 80 * MINUTE_MS - 1);
    mail_sweep(fixture);
    assert_int_equal(see(fixture, visit).late_minutes, 20);
    clock_advance(fixture->clock, 1);
    mail_sweep(fixture);
    assert_int_equal(see(fixture, visit).late_minutes, 0);
    assert_int_equal(n_heard, 1);
    mail_sweep(fixture);
    assert_int_equal(n_heard, 1);
    mail_assert_query(fixture, "0", "SELECT COUNT(*) FROM notification WHERE kind = 'late'");
}

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    fixture_keep_error(user_data, error);
    assert_int_equal(day->late->len, 1);
    assert_int_equal(g_array_index(day->late, LateDoctor, 0).minutes, 15);
}

static void test_late_stands_in_the_day(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told;
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    assert_int_equal(say(fixture, &doctor, NULL, 15, &n_told), -1);
    fixture->n_waiting += 2;
    day_list(fixture->scheduling, &doctor, NULL, on_day, fixture);
    day_list(fixture->scheduling, &desk, NULL, on_day, fixture);
    fixture_wait(fixture);
}

/* Two hours late: of a slot of 15 min at 10.15, check-in closes at 13.30, not at 11.30. */
static void test_nobody_is_absent_for_a_late_doctor(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told;
    g_autofree char *never = mail_booked(fixture, 0, 10, 15);
    g_autofree char *comes = mail_booked(fixture, 0, 10, 30);
    assert_int_equal(say(fixture, &doctor, NULL, 120, &n_told), -1);
    fixture_turn_to(fixture, fixture_time(0, 13, 30));
    assert_int_equal(sweeper_no_show(fixture), 0);
    assert_int_equal(fixture_check_in(fixture, comes), -1);
    clock_advance(fixture->clock, 1);
    assert_int_equal(fixture_check_in(fixture, never), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(sweeper_no_show(fixture), 1);
    assert_int_equal(fixture_state(fixture, never), VISIT_STATE_NO_SHOW_PATIENT);
    assert_int_equal(fixture_state(fixture, comes), VISIT_STATE_CHECKED_IN);
}

/* What was said lapses at 13.00: it is an hour more until anybody is given up. Who is to be seen by
 * another one is not kept from it. */
static void test_a_lateness_that_lapsed_gives_nobody_up_at_once(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told;
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    assert_int_equal(say(fixture, &doctor, NULL, 120, &n_told), -1);
    clock_advance(fixture->clock, 180 * MINUTE_MS);
    mail_sweep(fixture);
    assert_int_equal(see(fixture, visit).late_minutes, 0);
    clock_advance(fixture->clock, 60 * MINUTE_MS);
    assert_int_equal(sweeper_no_show(fixture), 0);
    clock_advance(fixture->clock, 1);
    assert_int_equal(sweeper_no_show(fixture), 1);
}

static bool is_delayed(Fixture *fixture, const char *visit_id)
{
    g_autofree char *sql = g_strdup_printf(
        "SELECT COUNT(*) FROM visit_queue WHERE visit_id = '%s' AND is_delayed = 1", visit_id);
    return fixture_sql_int(fixture, sql) == 1;
}

/* Who comes before a late doctor is not late. */
static void test_nobody_is_late_for_a_late_doctor(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told;
    g_autofree char *early = mail_booked(fixture, 0, 10, 15);
    g_autofree char *late = mail_booked(fixture, 0, 10, 30);
    assert_int_equal(say(fixture, &doctor, NULL, 60, &n_told), -1);
    fixture_turn_to(fixture, fixture_time(0, 11, 25));
    assert_int_equal(fixture_check_in(fixture, early), -1);
    assert_false(is_delayed(fixture, early));
    fixture_turn_to(fixture, fixture_time(0, 11, 41));
    assert_int_equal(fixture_check_in(fixture, late), -1);
    assert_true(is_delayed(fixture, late));
}

/* Hours until 20.00 and two hours: at 22.00 the day was over, 45 minutes before the doctor was due.
 */
static void test_a_day_ends_later_with_a_late_doctor(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told;
    g_autofree char *visit = mail_booked(fixture, 0, 19, 45);
    fixture_turn_to(fixture, fixture_time(0, 19, 35));
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(say(fixture, &doctor, NULL, 180, &n_told), -1);
    fixture_turn_to(fixture, fixture_time(1, 1, 0) - 1);
    assert_int_equal(sweeper_day_end(fixture).n_no_doctor, 0);
    clock_advance(fixture->clock, 1);
    assert_int_equal(sweeper_day_end(fixture).n_no_doctor, 1);
}

/* Two hours late: nobody is told to come at the booked time, 11.45, but ten minutes before 13.45,
 * also when what was said has lapsed by then. */
static void test_reminders_wait_for_a_late_doctor(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told;
    g_autofree char *visit = mail_booked(fixture, 0, 11, 45);
    assert_int_equal(mail_deliver(fixture), 1);
    assert_int_equal(say(fixture, &doctor, NULL, 120, &n_told), -1);
    assert_int_equal(n_told, 1);
    assert_int_equal(mail_deliver(fixture), 1);
    fixture_turn_to(fixture, fixture_time(0, 10, 45));
    assert_int_equal(mail_deliver(fixture), 0);
    fixture_turn_to(fixture, fixture_time(0, 11, 35));
    assert_int_equal(mail_deliver(fixture), 0);
    mail_assert_messages(fixture, visit,
                         "booked:sent late:sent hour_before:dropped:late_told soon:waiting:late");
    fixture_turn_to(fixture, fixture_time(0, 13, 0));
    mail_sweep(fixture);
    assert_int_equal(see(fixture, visit).late_minutes, 0);
    fixture_turn_to(fixture, fixture_time(0, 13, 35) - 1);
    assert_int_equal(mail_deliver(fixture), 0);
    clock_advance(fixture->clock, 1);
    g_autofree char *text = mail_texts(fixture);
    assert_non_null(strstr(text, "Sebentar lagi, 13.45"));
}

static void test_soon_names_the_later_time(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told;
    g_autofree char *visit = mail_booked(fixture, 0, 10, 30);
    assert_int_equal(mail_deliver(fixture), 1);
    assert_int_equal(say(fixture, &doctor, NULL, 40, &n_told), -1);
    assert_int_equal(mail_deliver(fixture), 1);
    fixture_turn_to(fixture, fixture_time(0, 11, 14));
    g_autofree char *text = mail_texts(fixture);
    assert_non_null(strstr(text, "Sebentar lagi, 11.10"));
}

/* Taken back: each has its own time again; what the message of that says need not be said twice. */
static void test_reminders_are_due_again(void **state)
{
    Fixture *fixture = *state;
    unsigned n_told;
    g_autofree char *past = mail_booked(fixture, 0, 10, 30);
    g_autofree char *near = mail_booked(fixture, 0, 11, 0);
    g_autofree char *untold = mail_booked(fixture, 0, 13, 15);
    assert_int_equal(mail_deliver(fixture), 3);
    assert_int_equal(say(fixture, &doctor, NULL, 60, &n_told), -1);
    assert_int_equal(mail_deliver(fixture), 2);
    fixture_turn_to(fixture, fixture_time(0, 10, 50));
    assert_int_equal(mail_deliver(fixture), 0);
    assert_int_equal(say(fixture, &doctor, NULL, 0, &n_told), -1);
    g_autofree char *texts = mail_texts(fixture);
    assert_non_null(strstr(texts, "Sebentar lagi, 11.00"));
    assert_null(strstr(texts, "Sebentar lagi, 10.30"));
    mail_assert_messages(fixture, past, "booked:sent late:sent soon:dropped:too_late late:sent");
    mail_assert_messages(fixture, near, "booked:sent late:sent late:sent soon:sent");
    fixture_turn_to(fixture, fixture_time(0, 12, 15));
    assert_int_equal(mail_deliver(fixture), 1);
    mail_assert_messages(fixture, untold, "booked:sent hour_before:sent soon:waiting");
}

#define LATE_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LATE_TEST(test_late_is_said),
        LATE_TEST(test_late_reaches_who_comes_later),
        LATE_TEST(test_late_is_taken_back),
        LATE_TEST(test_late_is_not_told_for_ever),
        LATE_TEST(test_whose_lateness_it_is),
        LATE_TEST(test_late_lapses),
        LATE_TEST(test_late_stands_in_the_day),
        LATE_TEST(test_nobody_is_absent_for_a_late_doctor),
        LATE_TEST(test_a_lateness_that_lapsed_gives_nobody_up_at_once),
        LATE_TEST(test_nobody_is_late_for_a_late_doctor),
        LATE_TEST(test_a_day_ends_later_with_a_late_doctor),
        LATE_TEST(test_late_reaches_who_comes_after_many),
        LATE_TEST(test_late_is_not_swept_for_who_is_not_told),
        LATE_TEST(test_reminders_wait_for_a_late_doctor),
        LATE_TEST(test_soon_names_the_later_time),
        LATE_TEST(test_reminders_are_due_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
