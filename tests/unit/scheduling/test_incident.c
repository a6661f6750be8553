// SPDX-License-Identifier: Apache-2.0
/* Incidents: who is out at once, what stays of it, who may see it, and what a block does and does
 * not. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "scheduling/booking/no_show.h"
#include "scheduling/booking/queue_step.h"
#include "scheduling/incident/incident.h"
#include "scheduling/report/daily.h"

#define WORDS "Memaki dokter berulang kali."

typedef struct {
    Fixture *fixture;
    char id[SCHEDULING_ID_BYTES];
    bool was_removed, names_guest;
    char *field, *code; /* of the first fault */
    IncidentState state;
    char *text, *note;
    int64_t blocked_until_ms;
    unsigned n_incidents, n_requests, n_lines;
    bool needs_confirmation;
    char visit_id[SCHEDULING_ID_BYTES];
} Answer;

static void answer_clear(Answer *answer)
{
    char *texts[] = {answer->field, answer->code, answer->text, answer->note};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    *answer = (Answer){.fixture = answer->fixture};
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
static const Actor admin = {.role = ACTOR_ADMIN, .user_id = "admin"};

static Actor desk(const Fixture *fixture, unsigned facility)
{
    return (Actor){.role = ACTOR_DESK,
                   .user_id = "user-9",
                   .facility_id = fixture->seed.facility_ids[facility]};
}

static Actor coordinator(const Fixture *fixture, unsigned facility)
{
    return (Actor){.role = ACTOR_COORDINATOR,
                   .user_id = "user-8",
                   .facility_id = fixture->seed.facility_ids[facility]};
}

static void on_reported(const IncidentReported *reported, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    if (fault_list_length(reported->faults) > 0) {
        const Fault *fault = fault_list_get(reported->faults, 0);
        answer->field = g_strdup(fault->field);
        answer->code = g_strdup(fault->code);
    }
    if (error)
        return;
    g_strlcpy(answer->id, reported->id, sizeof answer->id);
    answer->was_removed = reported->was_removed;
    answer->names_guest = *reported->participant_id != '\0';
}

static IncidentReport insult(const char *key)
{
    return (IncidentReport){.key = key, .kind = INCIDENT_KIND_ABUSE, .text = WORDS};
}

static int report(Fixture *fixture, const char *visit_id, const IncidentReport *what,
                  const Actor *actor, Answer *answer)
{
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    incident_report(fixture->scheduling, visit_id, what, actor, on_reported, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_incident(const Incident *incident, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    if (error)
        return;
    answer->state = incident->state;
    answer->text = g_strdup(incident->text);
    answer->blocked_until_ms = incident->blocked_until_ms;
    answer->n_lines = incident->lines->len;
    for (unsigned i = 0; i < incident->lines->len; i++) {
        const IncidentLine *line = incident->lines->pdata[i];
        if (line->note)
            answer->note = g_strdup(line->note);
    }
}

static int look(Fixture *fixture, const char *incident_id, const Actor *actor, Answer *answer)
{
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    incident_get(fixture->scheduling, incident_id, actor, on_incident, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static int step(Fixture *fixture, const char *incident_id, IncidentStep what, const char *note,
                const Actor *actor, Answer *answer)
{
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    incident_add_step(fixture->scheduling, incident_id, what, note, actor, on_incident, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_list(const IncidentList *list, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    if (error)
        return;
    answer->n_incidents = list->incidents->len;
    answer->n_requests = list->requests->len;
    for (unsigned i = 0; i < list->incidents->len; i++) {
        const Incident *incident = list->incidents->pdata[i];
        assert_null(incident->text); /* words are read one by one, each an audit row */
        answer->state = incident->state;
    }
    if (list->requests->len > 0) {
        const BookingToConfirm *request = list->requests->pdata[0];
        g_strlcpy(answer->visit_id, request->visit_id, sizeof answer->visit_id);
    }
}

static int list(Fixture *fixture, const Actor *actor, Answer *answer)
{
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    incident_list(fixture->scheduling, NULL, actor, on_list, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static char *booked(Fixture *fixture, int hour, int minute)
{
    assert_int_equal(fixture_book(fixture, fixture_time(0, hour, minute)), -1);
    return g_strdup(fixture->visit_id);
}

/* 10.15, and in the call at once. */
static char *talking(Fixture *fixture)
{
    char *visit = booked(fixture, 10, 15);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(fixture_accept(fixture, visit), -1);
    assert_int_equal(fixture_connect(fixture, visit), -1);
    return visit;
}

static unsigned count(Fixture *fixture, const char *sql)
{
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    unsigned n = (unsigned)sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return n;
}

static void test_out_of_the_call_at_once(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    g_autofree char *visit = talking(fixture);
    const IncidentReport what = insult("0123456789abcdef");
    assert_int_equal(report(fixture, visit, &what, &doctor, &answer), -1);
    assert_true(answer.was_removed);
    assert_false(answer.names_guest);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_DONE);
    assert_string_equal(fixture->changes->pdata[fixture->changes->len - 1], "in_call>done");
    assert_int_equal(count(fixture, "SELECT COUNT(*) FROM visit_event WHERE kind = 'removed' AND "
                                    "detail = 'patient' AND actor = 'doctor'"),
                     1);
    assert_int_equal(count(fixture, "SELECT COUNT(*) FROM audit WHERE action = 'incident.report'"),
                     1);
    /* The answer was lost: the same once more is the same incident. */
    g_autofree char *id = g_strdup(answer.id);
    assert_int_equal(report(fixture, visit, &what, &doctor, &answer), -1);
    assert_string_equal(answer.id, id);
    assert_true(answer.was_removed);
    assert_int_equal(count(fixture, "SELECT COUNT(*) FROM incident"), 1);
    IncidentReport other = what;
    other.kind = INCIDENT_KIND_THREAT;
    assert_int_equal(report(fixture, visit, &other, &doctor, &answer),
                     SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
}

static void test_waiting_and_over(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    const Actor own = desk(fixture, 0), foreign = desk(fixture, 1);
    const Actor other_doctor = {.role = ACTOR_DOCTOR, .user_id = "user-1"};
    const IncidentReport what = insult("0123456789abcdef");
    g_autofree char *visit = booked(fixture, 10, 15);
    /* Who has not come is not removed: it is only known. */
    assert_int_equal(report(fixture, visit, &what, &own, &answer), -1);
    assert_false(answer.was_removed);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    const IncidentReport again = insult("fedcba9876543210");
    assert_int_equal(report(fixture, visit, &again, &foreign, &answer), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(report(fixture, visit, &again, &other_doctor, &answer),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(report(fixture, visit, &again, &admin, &answer), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_CHECKED_IN);
    assert_int_equal(report(fixture, visit, &again, &own, &answer), -1);
    assert_true(answer.was_removed);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_CANCELLED_PROVIDER);
    const IncidentReport late = insult("00000000000000000000");
    assert_int_equal(report(fixture, visit, &late, &doctor, &answer), -1);
    assert_false(answer.was_removed);
}

static void on_step_done(const VisitChange *change, const GError *error, gpointer user_data)
{
    (void)change;
    fixture_keep_error(user_data, error);
}

/* Whom the doctor talks to, and an emergency, is not the desk's to send away. */
static void test_what_a_desk_may_not(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    const Actor own = desk(fixture, 0);
    const IncidentReport what = insult("0123456789abcdef");
    g_autofree char *in_call = talking(fixture);
    assert_int_equal(report(fixture, in_call, &what, &own, &answer), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_state(fixture, in_call), VISIT_STATE_IN_CALL);
    g_autofree char *urgent = booked(fixture, 10, 30);
    assert_int_equal(fixture_check_in(fixture, urgent), -1);
    fixture->n_waiting++;
    queue_set_urgent(fixture->scheduling, urgent, &own, "sesak napas", on_step_done, fixture);
    fixture_wait(fixture);
    assert_int_equal(report(fixture, urgent, &what, &own, &answer), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_state(fixture, urgent), VISIT_STATE_CHECKED_IN);
    assert_int_equal(report(fixture, urgent, &what, &doctor, &answer), -1);
    assert_int_equal(fixture_state(fixture, urgent), VISIT_STATE_CANCELLED_PROVIDER);
    /* A refused report leaves nothing behind. */
    assert_int_equal(count(fixture, "SELECT COUNT(*) FROM incident"), 1);
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
    g_auto(Answer) answer = {0};
    g_autofree char *visit = talking(fixture);
    g_autofree char *patient_token = g_strdup(fixture->token);
    IncidentReport what = insult("0123456789abcdef");
    what.who = INCIDENT_WHO_FAMILY;
    assert_int_equal(report(fixture, visit, &what, &doctor, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.field, "who");
    assert_string_equal(answer.code, "not_in_visit");
    fixture->n_waiting++;
    token_invite_guest(fixture->scheduling, visit, VISIT_GUEST_FAMILY, &doctor, on_issued, fixture);
    fixture_wait(fixture);
    g_autofree char *guest_token = g_strdup(fixture->token);
    assert_int_equal(opens(fixture, guest_token), -1);
    assert_int_equal(report(fixture, visit, &what, &doctor, &answer), -1);
    assert_true(answer.was_removed);
    assert_true(answer.names_guest);
    assert_int_equal(opens(fixture, guest_token), SCHEDULING_ERROR_LINK_INVALID);
    assert_int_equal(opens(fixture, patient_token), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_IN_CALL);
}

static void test_what_a_report_must_say(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    g_autofree char *visit = booked(fixture, 10, 15);
    g_autofree char *long_text = g_strnfill(INCIDENT_TEXT_CHARS + 1, 'a');
    const struct {
        const char *text;
        unsigned days;
        IncidentWho who;
        const char *field, *code;
    } rows[] = {
        {"  a  ", 0, INCIDENT_WHO_PATIENT, "text", "too_short"},
        {long_text, 0, INCIDENT_WHO_PATIENT, "text", "too_long"},
        {WORDS, 91, INCIDENT_WHO_PATIENT, "block_days", "too_large"},
        {WORDS, 1, INCIDENT_WHO_FAMILY, "block_days", "only_patient"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        IncidentReport what = insult("0123456789abcdef");
        what.text = rows[i].text;
        what.block_days = rows[i].days;
        what.who = rows[i].who;
        assert_int_equal(report(fixture, visit, &what, &doctor, &answer),
                         SCHEDULING_ERROR_INVALID_FIELDS);
        assert_string_equal(answer.field, rows[i].field);
        assert_string_equal(answer.code, rows[i].code);
    }
    assert_int_equal(count(fixture, "SELECT COUNT(*) FROM incident"), 0);
}

static void test_seen_and_closed_by_who_keeps_the_facility(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) reported = {0};
    g_auto(Answer) answer = {0};
    const Actor own = coordinator(fixture, 0), other = coordinator(fixture, 1);
    const IncidentReport what = insult("0123456789abcdef");
    g_autofree char *visit = booked(fixture, 10, 15);
    assert_int_equal(report(fixture, visit, &what, &doctor, &reported), -1);
    assert_int_equal(list(fixture, &doctor, &answer), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(list(fixture, &other, &answer), -1);
    assert_int_equal(answer.n_incidents, 0);
    assert_int_equal(list(fixture, &own, &answer), -1);
    assert_int_equal(answer.n_incidents, 1);
    assert_int_equal(answer.state, INCIDENT_OPEN);
    assert_int_equal(look(fixture, reported.id, &other, &answer), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(look(fixture, reported.id, &doctor, &answer), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(step(fixture, reported.id, INCIDENT_STEP_CLOSED, "x", &other, &answer),
                     SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(look(fixture, reported.id, &own, &answer), -1);
    assert_string_equal(answer.text, WORDS);
    assert_int_equal(answer.state, INCIDENT_OPEN);
    assert_int_equal(count(fixture, "SELECT COUNT(*) FROM audit WHERE action = 'incident.read'"),
                     1);
    assert_int_equal(step(fixture, reported.id, INCIDENT_STEP_LOOKED_AT, NULL, &own, &answer), -1);
    assert_int_equal(answer.state, INCIDENT_LOOKED_AT);
    assert_int_equal(
        step(fixture, reported.id, INCIDENT_STEP_CLOSED, "Sudah ditegur.", &admin, &answer), -1);
    assert_int_equal(answer.state, INCIDENT_CLOSED);
    assert_string_equal(answer.note, "Sudah ditegur.");
    /* What was written first stays. */
    assert_int_equal(step(fixture, reported.id, INCIDENT_STEP_CLOSED, "Lain", &own, &answer), -1);
    assert_string_equal(answer.note, "Sudah ditegur.");
    assert_int_equal(answer.n_lines, 2);
    assert_int_equal(step(fixture, reported.id, INCIDENT_STEP_LIFTED, NULL, &own, &answer),
                     SCHEDULING_ERROR_BAD_STATE);
}

static void on_daily(const Daily *daily, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->n_incidents = daily->totals.incidents;
    assert_int_equal(daily->totals.booked, 2);
}

static void test_counted_by_the_day(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    const IncidentReport one = insult("0123456789abcdef"), two = insult("fedcba9876543210");
    g_autofree char *visit = booked(fixture, 10, 15);
    g_autofree char *other = booked(fixture, 10, 30);
    assert_int_equal(report(fixture, visit, &one, &doctor, &answer), -1);
    assert_int_equal(report(fixture, visit, &two, &doctor, &answer), -1);
    answer_clear(&answer);
    fixture->n_waiting++;
    daily_report(fixture->scheduling, FIXTURE_TODAY, FIXTURE_TODAY, on_daily, &answer);
    fixture_wait(fixture);
    assert_int_equal(answer.n_incidents, 2);
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
    g_auto(Answer) answer = {0};
    const IncidentReport what = insult("0123456789abcdef");
    g_autofree char *visit = booked(fixture, 10, 15);
    assert_int_equal(report(fixture, visit, &what, &doctor, &answer), -1);
    g_autofree char *id = g_strdup(answer.id);
    assert_int_equal(step(fixture, id, INCIDENT_STEP_CLOSED, "Selesai.", &admin, &answer), -1);
    assert_int_equal(
        count(fixture, "SELECT COUNT(*) FROM incident WHERE text_sealed LIKE '%Memaki%'"), 0);
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    for (unsigned i = 0; i < G_N_ELEMENTS(changes); i++)
        assert_int_equal(sqlite3_exec(db, changes[i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    if (error)
        return;
    answer->needs_confirmation = booking->needs_confirmation;
    g_strlcpy(answer->visit_id, booking->visit_id, sizeof answer->visit_id);
}

static int book(Fixture *fixture, int64_t starts_at_ms, const char *phone, Answer *answer)
{
    BookingRequest *request = fixture_request(fixture, starts_at_ms);
    if (phone) {
        g_free(request->phone);
        request->phone = g_strdup(phone);
        g_clear_pointer(&request->nik, secret_text_free);
    }
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_booked, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static int answer_request(Fixture *fixture, const char *visit_id, bool confirmed,
                          const Actor *actor)
{
    fixture->n_waiting++;
    incident_answer_request(fixture->scheduling, visit_id, confirmed, actor, on_step_done, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* The patient of 10.15 is blocked for so many days. */
static void block(Fixture *fixture, unsigned days, char ret_incident[SCHEDULING_ID_BYTES])
{
    g_auto(Answer) answer = {0};
    g_autofree char *visit = booked(fixture, 10, 15);
    IncidentReport what = insult("0123456789abcdef");
    what.block_days = days;
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(report(fixture, visit, &what, &doctor, &answer), -1);
    g_strlcpy(ret_incident, answer.id, SCHEDULING_ID_BYTES);
}

static void on_walk_in(const Booking *booking, const GError *error, gpointer user_data)
{
    on_booked(booking, error, user_data);
}

static void test_a_block_asks_and_never_refuses(void **state)
{
    Fixture *fixture = *state;
    char incident[SCHEDULING_ID_BYTES];
    g_auto(Answer) answer = {0};
    const Actor own = coordinator(fixture, 0), other = coordinator(fixture, 1);
    const Actor own_desk = desk(fixture, 0);
    block(fixture, 30, incident);
    assert_int_equal(book(fixture, fixture_time(0, 14, 0), "0813 9999 0000", &answer), -1);
    assert_false(answer.needs_confirmation); /* somebody else */
    assert_int_equal(book(fixture, fixture_time(0, 15, 0), NULL, &answer), -1);
    assert_true(answer.needs_confirmation);
    g_autofree char *visit = g_strdup(answer.visit_id);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_REQUESTED);
    g_autofree char *told =
        g_strdup_printf("SELECT COUNT(*) FROM notification WHERE visit_id = '%s'", visit);
    assert_int_equal(count(fixture, told), 0);
    /* The slot is theirs meanwhile. */
    assert_int_equal(book(fixture, fixture_time(0, 15, 0), "0813 9999 0000", &answer),
                     SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(list(fixture, &other, &answer), -1);
    assert_int_equal(answer.n_requests, 0);
    assert_int_equal(list(fixture, &own, &answer), -1);
    assert_int_equal(answer.n_requests, 1);
    assert_string_equal(answer.visit_id, visit);
    assert_int_equal(answer_request(fixture, visit, true, &other), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(answer_request(fixture, visit, true, &own_desk), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(answer_request(fixture, visit, true, &own), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    assert_true(count(fixture, told) > 0);
    assert_int_equal(answer_request(fixture, visit, true, &own), -1); /* once more */
    assert_int_equal(answer_request(fixture, visit, false, &own), SCHEDULING_ERROR_BAD_STATE);
    /* Who stands at the desk is not asked about. */
    BookingRequest *request = fixture_request(fixture, 0);
    fixture->n_waiting++;
    booking_create_walk_in(fixture->scheduling, request, &own_desk, on_walk_in, &answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_false(answer.needs_confirmation);
}

static void test_a_block_ends(void **state)
{
    Fixture *fixture = *state;
    char incident[SCHEDULING_ID_BYTES];
    g_auto(Answer) answer = {0};
    const Actor own = coordinator(fixture, 0);
    block(fixture, 2, incident);
    assert_int_equal(book(fixture, fixture_time(0, 14, 0), NULL, &answer), -1);
    assert_true(answer.needs_confirmation);
    assert_int_equal(answer_request(fixture, answer.visit_id, false, &own), -1);
    assert_int_equal(fixture_state(fixture, answer.visit_id), VISIT_STATE_CANCELLED_PROVIDER);
    assert_int_equal(look(fixture, incident, &own, &answer), -1);
    assert_int_equal(answer.blocked_until_ms, fixture_time(2, 10, 0));
    assert_int_equal(step(fixture, incident, INCIDENT_STEP_LIFTED, NULL, &own, &answer), -1);
    assert_int_equal(answer.blocked_until_ms, 0);
    assert_int_equal(book(fixture, fixture_time(0, 14, 0), NULL, &answer), -1);
    assert_false(answer.needs_confirmation);
}

static void test_a_block_ends_by_time(void **state)
{
    Fixture *fixture = *state;
    char incident[SCHEDULING_ID_BYTES];
    g_auto(Answer) answer = {0};
    block(fixture, 2, incident);
    clock_advance(fixture->clock, 48 * HOUR_MS - 1);
    assert_int_equal(book(fixture, fixture_time(3, 14, 0), NULL, &answer), -1);
    assert_true(answer.needs_confirmation);
    clock_advance(fixture->clock, 1);
    assert_int_equal(book(fixture, fixture_time(3, 15, 0), NULL, &answer), -1);
    assert_false(answer.needs_confirmation);
}

static void on_swept(unsigned n_given_up, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    assert_int_equal(n_given_up, 0); /* nobody is absent who was not let in */
    fixture_keep_error(fixture, error);
}

static void sweep(Fixture *fixture)
{
    fixture->n_waiting++;
    no_show_sweep(fixture->scheduling, on_swept, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

/* Nobody answers: after two hours it is booked, or over and nobody's absence. */
static void test_no_answer_is_a_yes(void **state)
{
    Fixture *fixture = *state;
    char incident[SCHEDULING_ID_BYTES];
    g_auto(Answer) soon = {0};
    g_auto(Answer) later = {0};
    block(fixture, 30, incident);
    assert_int_equal(book(fixture, fixture_time(0, 10, 45), NULL, &soon), -1);
    assert_int_equal(book(fixture, fixture_time(0, 14, 0), NULL, &later), -1);
    assert_int_equal(fixture_check_in(fixture, soon.visit_id), SCHEDULING_ERROR_BAD_STATE);
    clock_advance(fixture->clock, 2 * HOUR_MS - 1);
    sweep(fixture);
    assert_int_equal(fixture_state(fixture, later.visit_id), VISIT_STATE_REQUESTED);
    clock_advance(fixture->clock, 1);
    sweep(fixture);
    assert_int_equal(fixture_state(fixture, later.visit_id), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_state(fixture, soon.visit_id), VISIT_STATE_CANCELLED_SYSTEM);
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
        INCIDENT_TEST(test_a_block_asks_and_never_refuses),
        INCIDENT_TEST(test_a_block_ends),
        INCIDENT_TEST(test_a_block_ends_by_time),
        INCIDENT_TEST(test_no_answer_is_a_yes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
