// SPDX-License-Identifier: Apache-2.0
/* Incidents: who is out at once, what stays of it, and who may see it. */
#include "tests/unit/scheduling/reporter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "scheduling/booking/queue_step.h"
#include "scheduling/report/daily.h"

static void test_out_of_the_call_at_once(void **state)
{
    Fixture *fixture = *state;
    g_auto(Reporter) reporter = {0};
    g_autofree char *visit = reporter_talking(fixture);
    const IncidentReport what = reporter_insult("0123456789abcdef");
    assert_int_equal(reporter_report(fixture, visit, &what, &reporter_doctor, &reporter), -1);
    assert_true(reporter.was_removed);
    assert_false(reporter.names_guest);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_DONE);
    assert_string_equal(fixture->changes->pdata[fixture->changes->len - 1], "in_call>done");
    assert_int_equal(reporter_count(fixture,
                                    "SELECT COUNT(*) FROM visit_event WHERE kind = 'removed' AND "
                                    "detail = 'patient' AND actor = 'doctor'"),
                     1);
    assert_int_equal(
        reporter_count(fixture, "SELECT COUNT(*) FROM audit WHERE action = 'incident.report'"), 1);
    /* The answer was lost: the same once more is the same incident. */
    g_autofree char *id = g_strdup(reporter.id);
    assert_int_equal(reporter_report(fixture, visit, &what, &reporter_doctor, &reporter), -1);
    assert_string_equal(reporter.id, id);
    assert_true(reporter.was_removed);
    assert_int_equal(reporter_count(fixture, "SELECT COUNT(*) FROM incident"), 1);
    IncidentReport other = what;
    other.kind = INCIDENT_KIND_THREAT;
    assert_int_equal(reporter_report(fixture, visit, &other, &reporter_doctor, &reporter),
                     SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    /* Nor are other words, or a block that was not in the first one. */
    other = what;
    other.text = "Mengancam dokter.";
    assert_int_equal(reporter_report(fixture, visit, &other, &reporter_doctor, &reporter),
                     SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    other = what;
    other.block_days = 30;
    assert_int_equal(reporter_report(fixture, visit, &other, &reporter_doctor, &reporter),
                     SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    IncidentReport blocking = reporter_insult("0123456789abcdee");
    blocking.block_days = 30;
    assert_int_equal(reporter_report(fixture, visit, &blocking, &reporter_doctor, &reporter), -1);
    assert_int_equal(reporter_report(fixture, visit, &blocking, &reporter_doctor, &reporter), -1);
    assert_int_equal(reporter_count(fixture, "SELECT COUNT(*) FROM booking_block"), 1);
}

static void test_waiting_and_over(void **state)
{
    Fixture *fixture = *state;
    g_auto(Reporter) reporter = {0};
    const Actor own = fixture_staff(fixture, ACTOR_DESK, 0),
                foreign = fixture_staff(fixture, ACTOR_DESK, 1);
    const Actor other_doctor = {.role = ACTOR_DOCTOR, .user_id = "user-1"};
    const IncidentReport what = reporter_insult("0123456789abcdef");
    g_autofree char *visit = reporter_booked(fixture, 10, 15);
    /* Who has not come is not removed: it is only known. */
    assert_int_equal(reporter_report(fixture, visit, &what, &own, &reporter), -1);
    assert_false(reporter.was_removed);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    const IncidentReport again = reporter_insult("fedcba9876543210");
    assert_int_equal(reporter_report(fixture, visit, &again, &foreign, &reporter),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(reporter_report(fixture, visit, &again, &other_doctor, &reporter),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(reporter_report(fixture, visit, &again, &reporter_admin, &reporter),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_CHECKED_IN);
    assert_int_equal(reporter_report(fixture, visit, &again, &own, &reporter), -1);
    assert_true(reporter.was_removed);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_CANCELLED_PROVIDER);
    const IncidentReport late = reporter_insult("00000000000000000000");
    assert_int_equal(reporter_report(fixture, visit, &late, &reporter_doctor, &reporter), -1);
    assert_false(reporter.was_removed);
}

/* Whom the doctor talks to, and an emergency, is not the desk's to send away. */
static void test_what_a_desk_may_not(void **state)
{
    Fixture *fixture = *state;
    g_auto(Reporter) reporter = {0};
    const Actor own = fixture_staff(fixture, ACTOR_DESK, 0);
    const IncidentReport what = reporter_insult("0123456789abcdef");
    g_autofree char *in_call = reporter_talking(fixture);
    assert_int_equal(reporter_report(fixture, in_call, &what, &own, &reporter),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_state(fixture, in_call), VISIT_STATE_IN_CALL);
    g_autofree char *urgent = reporter_booked(fixture, 10, 30);
    assert_int_equal(fixture_check_in(fixture, urgent), -1);
    fixture->n_waiting++;
    queue_set_urgent(fixture->scheduling, urgent, &own, "sesak napas", fixture_on_step, fixture);
    fixture_wait(fixture);
    assert_int_equal(reporter_report(fixture, urgent, &what, &own, &reporter),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_state(fixture, urgent), VISIT_STATE_CHECKED_IN);
    assert_int_equal(reporter_report(fixture, urgent, &what, &reporter_doctor, &reporter), -1);
    assert_int_equal(fixture_state(fixture, urgent), VISIT_STATE_CANCELLED_PROVIDER);
    /* A refused report leaves nothing behind. */
    assert_int_equal(reporter_count(fixture, "SELECT COUNT(*) FROM incident"), 1);
}

static void on_issued(const IssuedToken *issued, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    g_free(fixture->token);
    fixture->token = issued ? g_strdup(issued->token) : NULL;
}

static void on_grant(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    (void)grant;
    fixture_keep_error(user_data, error);
}

static int opens(Fixture *fixture, const char *token)
{
    fixture->n_waiting++;
    token_authorize(fixture->scheduling, token, on_grant, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void test_a_guest_alone(void **state)
{
    Fixture *fixture = *state;
    g_auto(Reporter) reporter = {0};
    g_autofree char *visit = reporter_talking(fixture);
    g_autofree char *patient_token = g_strdup(fixture->token);
    IncidentReport what = reporter_insult("0123456789abcdef");
    what.who = INCIDENT_WHO_FAMILY;
    assert_int_equal(reporter_report(fixture, visit, &what, &reporter_doctor, &reporter),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(reporter.field, "who");
    assert_string_equal(reporter.code, "not_in_visit");
    fixture->n_waiting++;
    token_invite_guest(fixture->scheduling, visit, VISIT_GUEST_FAMILY, &reporter_doctor, on_issued,
                       fixture);
    fixture_wait(fixture);
    g_autofree char *guest_token = g_strdup(fixture->token);
    assert_int_equal(opens(fixture, guest_token), -1);
    assert_int_equal(reporter_report(fixture, visit, &what, &reporter_doctor, &reporter), -1);
    assert_true(reporter.was_removed);
    assert_true(reporter.names_guest);
    assert_int_equal(opens(fixture, guest_token), SCHEDULING_ERROR_LINK_INVALID);
    assert_int_equal(opens(fixture, patient_token), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_IN_CALL);
}

static void test_what_a_report_must_say(void **state)
{
    Fixture *fixture = *state;
    g_auto(Reporter) reporter = {0};
    g_autofree char *visit = reporter_booked(fixture, 10, 15);
    g_autofree char *long_text = g_strnfill(INCIDENT_TEXT_CHARS + 1, 'a');
    const struct {
        const char *text;
        unsigned days;
        IncidentWho who;
        const char *field, *code;
    } rows[] = {
        {"  a  ", 0, INCIDENT_WHO_PATIENT, "text", "too_short"},
        {long_text, 0, INCIDENT_WHO_PATIENT, "text", "too_long"},
        {REPORTER_WORDS, 91, INCIDENT_WHO_PATIENT, "block_days", "too_large"},
        {REPORTER_WORDS, 1, INCIDENT_WHO_FAMILY, "block_days", "only_patient"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        IncidentReport what = reporter_insult("0123456789abcdef");
        what.text = rows[i].text;
        what.block_days = rows[i].days;
        what.who = rows[i].who;
        assert_int_equal(reporter_report(fixture, visit, &what, &reporter_doctor, &reporter),
                         SCHEDULING_ERROR_INVALID_FIELDS);
        assert_string_equal(reporter.field, rows[i].field);
        assert_string_equal(reporter.code, rows[i].code);
    }
    assert_int_equal(reporter_count(fixture, "SELECT COUNT(*) FROM incident"), 0);
}

static void test_seen_and_closed_by_who_keeps_the_facility(void **state)
{
    Fixture *fixture = *state;
    g_auto(Reporter) reported = {0};
    g_auto(Reporter) reporter = {0};
    const Actor own = reporter_coordinator(fixture, 0), other = reporter_coordinator(fixture, 1);
    const IncidentReport what = reporter_insult("0123456789abcdef");
    g_autofree char *visit = reporter_booked(fixture, 10, 15);
    assert_int_equal(reporter_report(fixture, visit, &what, &reporter_doctor, &reported), -1);
    assert_int_equal(reporter_list(fixture, &reporter_doctor, &reporter),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(reporter_list(fixture, &other, &reporter), -1);
    assert_int_equal(reporter.n_incidents, 0);
    assert_int_equal(reporter_list(fixture, &own, &reporter), -1);
    assert_int_equal(reporter.n_incidents, 1);
    assert_int_equal(reporter.state, INCIDENT_OPEN);
    assert_int_equal(reporter_look(fixture, reported.id, &other, &reporter),
                     SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(reporter_look(fixture, reported.id, &reporter_doctor, &reporter),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(
        reporter_step(fixture, reported.id, INCIDENT_STEP_CLOSED, "x", &other, &reporter),
        SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(reporter_look(fixture, reported.id, &own, &reporter), -1);
    assert_string_equal(reporter.text, REPORTER_WORDS);
    assert_int_equal(reporter.state, INCIDENT_OPEN);
    assert_int_equal(
        reporter_count(fixture, "SELECT COUNT(*) FROM audit WHERE action = 'incident.read'"), 1);
    assert_int_equal(
        reporter_step(fixture, reported.id, INCIDENT_STEP_LOOKED_AT, NULL, &own, &reporter), -1);
    assert_int_equal(reporter.state, INCIDENT_LOOKED_AT);
    assert_int_equal(reporter_step(fixture, reported.id, INCIDENT_STEP_CLOSED, "Sudah ditegur.",
                                   &reporter_admin, &reporter),
                     -1);
    assert_int_equal(reporter.state, INCIDENT_CLOSED);
    assert_string_equal(reporter.note, "Sudah ditegur.");
    /* What was written first stays. */
    assert_int_equal(
        reporter_step(fixture, reported.id, INCIDENT_STEP_CLOSED, "Lain", &own, &reporter), -1);
    assert_string_equal(reporter.note, "Sudah ditegur.");
    assert_int_equal(reporter.n_lines, 2);
    assert_int_equal(
        reporter_step(fixture, reported.id, INCIDENT_STEP_LIFTED, NULL, &own, &reporter),
        SCHEDULING_ERROR_BAD_STATE);
}

static void on_daily(const Daily *daily, const GError *error, gpointer user_data)
{
    Reporter *reporter = user_data;
    fixture_keep_error(reporter->fixture, error);
    reporter->n_incidents = daily->totals.incidents;
    assert_int_equal(daily->totals.booked, 2);
}

static void test_counted_by_the_day(void **state)
{
    Fixture *fixture = *state;
    g_auto(Reporter) reporter = {0};
    const IncidentReport one = reporter_insult("0123456789abcdef"),
                         two = reporter_insult("fedcba9876543210");
    g_autofree char *visit = reporter_booked(fixture, 10, 15);
    g_autofree char *other = reporter_booked(fixture, 10, 30);
    assert_int_equal(reporter_report(fixture, visit, &one, &reporter_doctor, &reporter), -1);
    assert_int_equal(reporter_report(fixture, visit, &two, &reporter_doctor, &reporter), -1);
    reporter_clear(&reporter);
    fixture->n_waiting++;
    daily_report(fixture->scheduling, FIXTURE_TODAY, FIXTURE_TODAY, on_daily, &reporter);
    fixture_wait(fixture);
    assert_int_equal(reporter.n_incidents, 2);
}

/* Sealed, and not even the database's own tool changes a row. */
static void test_sealed_and_for_good(void **state)
{
    Fixture *fixture = *state;
    static const char *const changes[] = {
        "UPDATE incident SET kind = 'other'",
        "DELETE FROM incident",
        "UPDATE incident_step SET note_sealed = NULL",
        "DELETE FROM incident_step",
    };
    g_auto(Reporter) reporter = {0};
    const IncidentReport what = reporter_insult("0123456789abcdef");
    g_autofree char *visit = reporter_booked(fixture, 10, 15);
    assert_int_equal(reporter_report(fixture, visit, &what, &reporter_doctor, &reporter), -1);
    g_autofree char *id = g_strdup(reporter.id);
    assert_int_equal(
        reporter_step(fixture, id, INCIDENT_STEP_CLOSED, "Selesai.", &reporter_admin, &reporter),
        -1);
    assert_int_equal(
        reporter_count(fixture, "SELECT COUNT(*) FROM incident WHERE text_sealed LIKE '%Memaki%'"),
        0);
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    for (unsigned i = 0; i < G_N_ELEMENTS(changes); i++)
        assert_int_equal(sqlite3_exec(db, changes[i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

#define INCIDENT_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        INCIDENT_TEST(test_out_of_the_call_at_once),
        INCIDENT_TEST(test_waiting_and_over),
        INCIDENT_TEST(test_what_a_desk_may_not),
        INCIDENT_TEST(test_a_guest_alone),
        INCIDENT_TEST(test_what_a_report_must_say),
        INCIDENT_TEST(test_seen_and_closed_by_who_keeps_the_facility),
        INCIDENT_TEST(test_counted_by_the_day),
        INCIDENT_TEST(test_sealed_and_for_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
