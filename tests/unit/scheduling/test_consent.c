// SPDX-License-Identifier: Apache-2.0
/* What patients agree to: the version, the way, and what stays of it. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "scheduling/booking/move.h"
#include "scheduling/record/consent.h"
#include "scheduling/record/record.h"

typedef struct {
    Fixture *fixture;
    int64_t version;
    char *text_id;
    char *field, *code, *allowed; /* of the first fault */
    char visit_id[SCHEDULING_ID_BYTES];
    unsigned n_consents;
    char *how, *by; /* of the last */
    bool has_consent, has_withdrawn;
    const char *lang; /* in which it is said */
} Answer;

static void answer_clear(Answer *answer)
{
    char *texts[] = {answer->text_id, answer->field, answer->code,
                     answer->allowed, answer->how,   answer->by};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    *answer = (Answer){.fixture = answer->fixture};
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static void keep_fault(Answer *answer, const FaultList *faults)
{
    if (!faults || fault_list_length(faults) == 0)
        return;
    const Fault *fault = fault_list_get(faults, 0);
    answer->field = g_strdup(fault->field);
    answer->code = g_strdup(fault->code);
    answer->allowed = g_strdup(fault->allowed);
}

static void on_text(const ConsentText *text, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->version = text->version;
    answer->text_id = g_strdup(text->text_id);
    assert_true(strlen(text->text_en) > 400);
}

static int64_t newest(Fixture *fixture)
{
    g_auto(Answer) answer = {.fixture = fixture};
    fixture->n_waiting++;
    consent_get_text(fixture->scheduling, on_text, &answer);
    fixture_wait(fixture);
    assert_non_null(strstr(answer.text_id, "119"));
    return answer.version;
}

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    if (error)
        keep_fault(answer, booking->faults);
    else
        g_strlcpy(answer->visit_id, booking->visit_id, sizeof answer->visit_id);
}

static int book(Fixture *fixture, int hour, int64_t consent, Answer *answer)
{
    BookingRequest *request = fixture_request(fixture, fixture_time(0, hour, 0));
    request->consent = consent;
    answer->fixture = fixture;
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_booked, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_given(const FaultList *faults, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    keep_fault(answer, faults);
}

static int give(Fixture *fixture, const char *visit_id, int64_t version, ConsentHow how,
                const Actor *actor, Answer *answer)
{
    const ConsentGiven given = {
        .version = version, .how = how, .lang = answer->lang, .giver = CONSENT_GIVER_BY_AGE};
    answer->fixture = fixture;
    fixture->n_waiting++;
    consent_give(fixture->scheduling, visit_id, &given, actor, on_given, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_record(const Record *record, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->n_consents = record->consents->len;
    if (answer->n_consents == 0)
        return;
    const RecordConsent *last = record->consents->pdata[answer->n_consents - 1];
    answer->how = g_strdup(last->how);
    answer->by = g_strdup(last->by);
}

/* What record and day list say of the visit, as the desk sees it. */
static void look(Fixture *fixture, const char *visit_id, Answer *answer)
{
    const Actor actor = fixture_staff(fixture, ACTOR_DESK, 0);
    answer_clear(answer);
    answer->fixture = fixture;
    g_strlcpy(answer->visit_id, visit_id, sizeof answer->visit_id);
    fixture->n_waiting++;
    record_get(fixture->scheduling, visit_id, &actor, on_record, answer);
    fixture_wait(fixture);
    const DayVisit listed = fixture_listed(fixture, &actor, visit_id);
    answer->has_consent = listed.has_consent;
    answer->has_withdrawn = listed.has_withdrawn;
}

static void test_agreed_to_by_booking(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) agreed = {0};
    g_auto(Answer) without = {0};
    g_auto(Answer) other = {0};
    g_auto(Answer) seen = {0};
    int64_t version = newest(fixture);
    assert_int_equal(book(fixture, 14, version, &agreed), -1);
    look(fixture, agreed.visit_id, &seen);
    assert_true(seen.has_consent);
    assert_int_equal(seen.n_consents, 1);
    assert_string_equal(seen.how, "accepted");
    assert_string_equal(seen.by, "patient");
    assert_int_equal(book(fixture, 15, 0, &without), -1);
    look(fixture, without.visit_id, &seen);
    assert_false(seen.has_consent);
    assert_int_equal(seen.n_consents, 0);
    /* To a text that is not the newest nobody agrees, and the slot stays free. */
    assert_int_equal(book(fixture, 16, version + 1, &other), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(other.field, "consent");
    assert_string_equal(other.code, "outdated");
    assert_string_equal(other.allowed, "1");
    assert_int_equal(fixture_book(fixture, fixture_time(0, 16, 0)), -1);
}

static void test_read_aloud_and_withdrawn(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) booked = {0};
    g_auto(Answer) seen = {0};
    g_auto(Answer) refused = {0};
    const Actor own = fixture_staff(fixture, ACTOR_DESK, 0);
    const Actor foreign = fixture_staff(fixture, ACTOR_DESK, 1);
    const Actor office = {.role = ACTOR_OFFICE, .user_id = "office"};
    int64_t version = newest(fixture);
    assert_int_equal(book(fixture, 14, 0, &booked), -1);
    assert_int_not_equal(
        give(fixture, booked.visit_id, version, CONSENT_READ_ALOUD, &foreign, &refused), -1);
    assert_int_equal(give(fixture, booked.visit_id, version, CONSENT_READ_ALOUD, &office, &refused),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(give(fixture, booked.visit_id, 99, CONSENT_READ_ALOUD, &own, &refused),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(refused.field, "version");
    look(fixture, booked.visit_id, &seen);
    assert_int_equal(seen.n_consents, 0);
    assert_int_equal(give(fixture, booked.visit_id, version, CONSENT_READ_ALOUD, &own, &seen), -1);
    look(fixture, booked.visit_id, &seen);
    assert_true(seen.has_consent);
    assert_string_equal(seen.how, "read_aloud");
    assert_string_equal(seen.by, "desk");
    assert_int_equal(give(fixture, booked.visit_id, version, CONSENT_WITHDRAWN, &own, &seen), -1);
    look(fixture, booked.visit_id, &seen);
    assert_false(seen.has_consent);
    assert_int_equal(seen.n_consents, 2); /* nothing is taken away */
}

/* A visit that was agreed to, and its patient; the participant's id is to be freed. */
static char *agreed_visit(Fixture *fixture, int hour, Answer *booked)
{
    assert_int_equal(book(fixture, hour, newest(fixture), booked), -1);
    return fixture_participant(fixture, booked->visit_id, VISIT_ROLE_PATIENT);
}

static void test_patient_takes_it_back(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) booked = {0};
    g_auto(Answer) other = {0};
    g_auto(Answer) seen = {0};
    g_auto(Answer) said = {0};
    int64_t version = newest(fixture);
    g_autofree char *own = agreed_visit(fixture, 14, &booked);
    g_autofree char *foreign = agreed_visit(fixture, 15, &other);
    const Actor patient = {.role = ACTOR_PATIENT, .participant_id = own};
    const Actor stranger = {.role = ACTOR_PATIENT, .participant_id = foreign};
    unsigned n_before = fixture->changes->len;
    assert_int_equal(give(fixture, booked.visit_id, 0, CONSENT_WITHDRAWN, &stranger, &said),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(give(fixture, booked.visit_id, 0, CONSENT_WITHDRAWN, &patient, &said), -1);
    assert_int_equal(fixture->changes->len, n_before + 1); /* staff see it at once */
    assert_int_equal(fixture_state(fixture, booked.visit_id), VISIT_STATE_BOOKED);
    look(fixture, booked.visit_id, &seen);
    assert_false(seen.has_consent);
    assert_true(seen.has_withdrawn);
    assert_string_equal(seen.by, "patient");
    assert_int_equal(give(fixture, booked.visit_id, 0, CONSENT_WITHDRAWN, &patient, &said), -1);
    look(fixture, booked.visit_id, &seen);
    assert_int_equal(seen.n_consents, 2); /* a retry says nothing anew */
    assert_int_equal(give(fixture, booked.visit_id, 0, CONSENT_ACCEPTED, &patient, &said),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(said.field, "version");
    assert_int_equal(give(fixture, booked.visit_id, version, CONSENT_ACCEPTED, &patient, &said),
                     -1);
    look(fixture, booked.visit_id, &seen);
    assert_true(seen.has_consent);
    assert_false(seen.has_withdrawn);
}

/* Waiting, called and in the call it can be taken back, which ends nothing; afterwards it cannot.
 */
static void test_until_the_visit_is_over(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) booked = {0};
    g_auto(Answer) said = {0};
    int64_t version = newest(fixture);
    g_autofree char *own = agreed_visit(fixture, 14, &booked);
    const Actor patient = {.role = ACTOR_PATIENT, .participant_id = own};
    const Actor by_desk = fixture_staff(fixture, ACTOR_DESK, 0);
    fixture_turn_to(fixture, fixture_time(0, 13, 50));
    assert_int_equal(fixture_check_in(fixture, booked.visit_id), -1);
    assert_int_equal(give(fixture, booked.visit_id, 0, CONSENT_WITHDRAWN, &patient, &said), -1);
    assert_int_equal(fixture_state(fixture, booked.visit_id), VISIT_STATE_CHECKED_IN);
    assert_int_equal(fixture_call(fixture, booked.visit_id), -1); /* the doctor asks */
    assert_int_equal(give(fixture, booked.visit_id, version, CONSENT_ACCEPTED, &patient, &said),
                     -1);
    assert_int_equal(give(fixture, booked.visit_id, 0, CONSENT_WITHDRAWN, &patient, &said), -1);
    assert_int_equal(fixture_state(fixture, booked.visit_id), VISIT_STATE_CALLED);
    assert_int_equal(fixture_end(fixture, booked.visit_id, VISIT_STATE_CONVERTED_IN_PERSON), -1);
    assert_int_equal(give(fixture, booked.visit_id, version, CONSENT_ACCEPTED, &patient, &said),
                     SCHEDULING_ERROR_VISIT_ENDED);
    /* Staff may still write down what was said. */
    assert_int_equal(give(fixture, booked.visit_id, version, CONSENT_READ_ALOUD, &by_desk, &said),
                     -1);
}

/* To and fro as often as it takes, but not for ever; no is never refused. */
static void test_not_for_ever(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) booked = {0};
    g_auto(Answer) said = {0};
    int64_t version = newest(fixture);
    g_autofree char *own = agreed_visit(fixture, 14, &booked);
    const Actor patient = {.role = ACTOR_PATIENT, .participant_id = own};
    for (int n = 1; n < CONSENT_MAX_OF_PATIENT; n++) {
        ConsentHow how = n % 2 ? CONSENT_WITHDRAWN : CONSENT_ACCEPTED;
        assert_int_equal(give(fixture, booked.visit_id, version, how, &patient, &said), -1);
    }
    assert_int_equal(give(fixture, booked.visit_id, version, CONSENT_ACCEPTED, &patient, &said),
                     SCHEDULING_ERROR_TOO_MANY);
    const Actor by_desk = fixture_staff(fixture, ACTOR_DESK, 0);
    assert_int_equal(give(fixture, booked.visit_id, version, CONSENT_READ_ALOUD, &by_desk, &said),
                     -1);
    assert_int_equal(give(fixture, booked.visit_id, 0, CONSENT_WITHDRAWN, &patient, &said), -1);
}

/* "1 en accepted,1 en withdrawn": what stands there of the visit; to be freed. */
static char *rows_of(Fixture *fixture, const char *visit_id)
{
    sqlite3 *file = NULL;
    sqlite3_stmt *query = NULL;
    const char *sql =
        "SELECT group_concat(version || ' ' || lang || ' ' || how || ' ' || (text_hash = "
        "(SELECT text_hash FROM consent WHERE visit_id = ?1 ORDER BY id LIMIT 1))) "
        "FROM (SELECT * FROM consent WHERE visit_id = ?1 ORDER BY id)";
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    assert_int_equal(sqlite3_open_v2(path, &file, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(file, sql, -1, &query, NULL), SQLITE_OK);
    sqlite3_bind_text(query, 1, visit_id, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    char *rows = g_strdup((const char *)sqlite3_column_text(query, 0));
    sqlite3_finalize(query);
    sqlite3_close(file);
    return rows;
}

/* Booked in Indonesian, read again in English: the hash is of what was on the screen, and what is
 * taken back is that. */
static void test_in_the_language_that_was_read(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) booked = {0};
    g_auto(Answer) said = {.lang = "en"};
    int64_t version = newest(fixture);
    g_autofree char *own = agreed_visit(fixture, 14, &booked);
    const Actor patient = {.role = ACTOR_PATIENT, .participant_id = own};
    assert_int_equal(give(fixture, booked.visit_id, 0, CONSENT_WITHDRAWN, &patient, &said), -1);
    assert_int_equal(give(fixture, booked.visit_id, version, CONSENT_ACCEPTED, &patient, &said),
                     -1);
    said.lang = NULL;
    assert_int_equal(give(fixture, booked.visit_id, 0, CONSENT_WITHDRAWN, &patient, &said), -1);
    g_autofree char *rows = rows_of(fixture, booked.visit_id);
    assert_string_equal(rows, "1 id accepted 1,1 id withdrawn 1,1 en accepted 0,1 en withdrawn 0");
}

static void test_moved_with_the_visit(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) booked = {0};
    g_auto(Answer) moved = {0};
    g_auto(Answer) seen = {0};
    assert_int_equal(book(fixture, 14, newest(fixture), &booked), -1);
    g_autofree char *patient = fixture_participant(fixture, booked.visit_id, VISIT_ROLE_PATIENT);
    const Actor actor = {.role = ACTOR_PATIENT, .participant_id = patient};
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = fixture_time(0, 17, 0)};
    moved.fixture = fixture;
    fixture->n_waiting++;
    booking_move(fixture->scheduling, booked.visit_id, &wish, &actor, on_booked, &moved);
    fixture_wait(fixture);
    look(fixture, moved.visit_id, &seen);
    assert_true(seen.has_consent);
    assert_string_equal(seen.by, "patient");
}

/* Nobody takes back or rewrites what was agreed to, not even with the database's own tool. */
static void test_nothing_is_rewritten(void **state)
{
    Fixture *fixture = *state;
    static const char *const changes[] = {
        "UPDATE consent SET how = 'accepted'",
        "DELETE FROM consent",
        "UPDATE consent_text SET text_id = 'x'",
        "DELETE FROM consent_text",
    };
    g_auto(Answer) booked = {0};
    assert_int_equal(book(fixture, 14, newest(fixture), &booked), -1);
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    for (unsigned i = 0; i < G_N_ELEMENTS(changes); i++)
        assert_int_equal(sqlite3_exec(db, changes[i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

#define CONSENT_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONSENT_TEST(test_agreed_to_by_booking),  CONSENT_TEST(test_read_aloud_and_withdrawn),
        CONSENT_TEST(test_patient_takes_it_back), CONSENT_TEST(test_until_the_visit_is_over),
        CONSENT_TEST(test_not_for_ever),          CONSENT_TEST(test_in_the_language_that_was_read),
        CONSENT_TEST(test_moved_with_the_visit),  CONSENT_TEST(test_nothing_is_rewritten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
