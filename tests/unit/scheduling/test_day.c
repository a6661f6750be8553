// SPDX-License-Identifier: Apache-2.0
/* What doctor and desk are told of a patient before the call: each what it needs, the desk no
 * reason. */
#include "tests/unit/scheduling/planner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/move.h"

typedef struct {
    Fixture *fixture;
    const char *visit_id, *patient;
    char text[300]; /* "lang interpreter returning reason" */
} Seen;

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    Seen *seen = user_data;
    fixture_keep_error(seen->fixture, error);
    assert_null(error);
    for (unsigned i = 0; i < day->visits->len; i++) {
        const DayVisit *visit = day->visits->pdata[i];
        if (strcmp(visit->id, seen->visit_id) != 0)
            continue;
        assert_string_equal(visit->participant_id, seen->patient);
        g_snprintf(seen->text, sizeof seen->text, "%s%s%s %s", visit->lang,
                   visit->has_interpreter ? " interpreter" : "",
                   visit->is_returning ? " returning" : "", visit->reason ? visit->reason : "-");
    }
}

/* On the visit's own day. */
static void assert_seen(Fixture *fixture, const Actor *actor, const char *visit_id,
                        const char *expected)
{
    g_autofree char *patient = fixture_participant(fixture, visit_id, VISIT_ROLE_PATIENT);
    Seen seen = {.fixture = fixture, .visit_id = visit_id, .patient = patient};
    fixture->n_waiting++;
    day_list(fixture->scheduling, actor, NULL, on_day, &seen);
    fixture_wait(fixture);
    assert_string_equal(seen.text, expected);
}

static void on_answer(const Booking *booking, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    if (error)
        return;
    g_free(fixture->visit_id);
    fixture->visit_id = g_strdup(booking->visit_id);
}

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    assert_null(error);
    g_free(fixture->visit_id);
    fixture->visit_id = g_strdup(booking->visit_id);
}

static char *booked_in(Fixture *fixture, const char *lang, int hour)
{
    BookingRequest *request = fixture_request(fixture, fixture_time(0, hour, 0));
    request->lang = g_strdup(lang);
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_booked, fixture);
    fixture_wait(fixture);
    return g_strdup(fixture->visit_id);
}

static void on_token(const IssuedToken *issued, const GError *error, gpointer user_data)
{
    (void)issued;
    fixture_keep_error(user_data, error);
    assert_null(error);
}

static void invite(Fixture *fixture, const char *visit, VisitGuest guest)
{
    fixture->n_waiting++;
    token_invite_guest(fixture->scheduling, visit, guest, &planner_doctor, on_token, fixture);
    fixture_wait(fixture);
}

static void test_language_and_interpreter(void **state)
{
    Fixture *fixture = *state;
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *own = booked_in(fixture, "id", 11);
    g_autofree char *other = booked_in(fixture, "en", 12);
    assert_seen(fixture, &planner_doctor, own, "id -");
    assert_seen(fixture, &desk, other, "en -");
    invite(fixture, own, VISIT_GUEST_FAMILY);
    assert_seen(fixture, &planner_doctor, own, "id -");
    invite(fixture, own, VISIT_GUEST_INTERPRETER);
    assert_seen(fixture, &planner_doctor, own, "id interpreter -");
    assert_seen(fixture, &desk, own, "id interpreter -");
    assert_seen(fixture, &desk, other, "en -");
    /* Whose link was taken back is awaited no more. */
    planner_sql(fixture, "UPDATE join_token SET revoked_at_ms = 1");
    assert_seen(fixture, &desk, own, "id -");
}

/* Who was seen here, not who only booked, or was seen elsewhere. */
static void test_seen_before(void **state)
{
    Fixture *fixture = *state;
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *missed = booked_in(fixture, "id", 11);
    g_autofree char *first = booked_in(fixture, "id", 12);
    g_autofree char *second = booked_in(fixture, "id", 13);
    clock_advance(fixture->clock, HOUR_MS);
    assert_int_equal(fixture_end(fixture, missed, VISIT_STATE_NO_SHOW_PATIENT), -1);
    assert_seen(fixture, &planner_doctor, second, "id -");
    planner_sql(fixture, "UPDATE visit SET state = 'done' WHERE starts_at_ms = "
                         "(SELECT MAX(starts_at_ms) FROM visit) - 3600000");
    assert_seen(fixture, &planner_doctor, second, "id returning -");
    assert_seen(fixture, &desk, second, "id returning -");
    assert_seen(fixture, &desk, first, "id -");
    g_autofree char *elsewhere = g_strdup_printf(
        "UPDATE visit SET facility_id = '%s' WHERE state = 'done'", fixture->seed.facility_ids[1]);
    planner_sql(fixture, elsewhere);
    assert_seen(fixture, &planner_doctor, second, "id -");
}

static int book_for(Fixture *fixture, const char *reason, int hour)
{
    BookingRequest *request = fixture_request(fixture, fixture_time(0, hour, 0));
    request->reason = g_strdup(reason);
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_answer, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* As it was said at the booking, on one line; it goes with a visit that is moved. */
static void test_the_reason_of_a_booking(void **state)
{
    Fixture *fixture = *state;
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *longest = g_strnfill(200, 'x');
    g_autofree char *spaced = g_strconcat(" ", longest, "\n", NULL);
    g_autofree char *longer = g_strconcat(longest, "x", NULL);
    assert_int_equal(book_for(fixture, longer, 11), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_int_equal(book_for(fixture, spaced, 11), -1);
    g_autofree char *expected = g_strconcat("id ", longest, NULL);
    assert_seen(fixture, &planner_doctor, fixture->visit_id, expected);
    assert_int_equal(book_for(fixture, " ", 12), -1);
    assert_seen(fixture, &planner_doctor, fixture->visit_id, "id -");
    assert_int_equal(book_for(fixture, "  Batuk,\t\n  tiga hari ", 13), -1);
    assert_seen(fixture, &planner_doctor, fixture->visit_id, "id Batuk, tiga hari");
    assert_seen(fixture, &desk, fixture->visit_id, "id -");
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = fixture_time(0, 14, 0)};
    g_autofree char *first = g_strdup(fixture->visit_id);
    fixture->n_waiting++;
    booking_move(fixture->scheduling, first, &wish, &desk, on_answer, fixture);
    fixture_wait(fixture);
    assert_string_not_equal(fixture->visit_id, first);
    assert_seen(fixture, &planner_doctor, fixture->visit_id, "id Batuk, tiga hari");
}

static void test_the_reason_is_the_doctor_s(void **state)
{
    Fixture *fixture = *state;
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = booked_in(fixture, "id", 11);
    g_autofree char *reason = g_strnfill(201, 'x');
    g_autofree char *sql = g_strdup_printf(
        "INSERT INTO outreach_entry (id, session_id, device_id, sequence, revision, hash, "
        "visit_id, "
        "reason, identity, taken_by, registered_at_ms, received_at_ms) VALUES ('e', 's', 'd', 1, "
        "1, 'h', '%s', '%s', 'ktp', 'u', 0, 0)",
        visit, reason);
    planner_sql(fixture, sql);
    reason[200] = '\0';
    g_autofree char *expected = g_strconcat("id ", reason, NULL);
    assert_seen(fixture, &planner_doctor, visit, expected);
    assert_seen(fixture, &desk, visit, "id -");
}

typedef struct {
    Fixture *fixture;
    int n_audited; /* rows on the disk when the answer came */
    bool has_data;
} Shown;

static void on_shown(const Day *day, const GError *error, gpointer user_data)
{
    Shown *shown = user_data;
    fixture_keep_error(shown->fixture, error);
    shown->has_data = day != NULL;
    shown->n_audited =
        planner_count(shown->fixture, "SELECT COUNT(*) FROM audit WHERE action = 'day.read'");
}

static int show(Shown *shown, const Actor *actor, const char *date)
{
    shown->fixture->n_waiting++;
    day_list(shown->fixture->scheduling, actor, date, on_shown, shown);
    fixture_wait(shown->fixture);
    return shown->fixture->error_code;
}

/* The list is read beside the one who writes, and still nothing is shown whose row is not written:
 * of whose day, by whom. */
static void test_no_list_without_its_audit_row(void **state)
{
    Fixture *fixture = *state;
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    Shown shown = {.fixture = fixture};
    g_autofree char *visit = booked_in(fixture, "id", 11);
    assert_int_equal(show(&shown, &desk, NULL), -1);
    assert_true(shown.has_data);
    assert_int_equal(shown.n_audited, 1);
    assert_int_equal(show(&shown, &planner_doctor, NULL), -1);
    assert_int_equal(shown.n_audited, 2);
    assert_int_equal(planner_count(fixture, "SELECT COUNT(DISTINCT object_id) FROM audit "
                                            "WHERE action = 'day.read'"),
                     2);
    /* What is refused reads nothing, so it is none. */
    assert_int_equal(show(&shown, &desk, "2026-02-30"), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_false(shown.has_data);
    assert_int_equal(shown.n_audited, 2);
    planner_sql(fixture, "CREATE TRIGGER no_room BEFORE INSERT ON audit "
                         "BEGIN SELECT RAISE(ABORT, 'no room'); END");
    shown.has_data = true;
    assert_int_not_equal(show(&shown, &desk, NULL), -1);
    assert_false(shown.has_data);
    shown.has_data = true;
    assert_int_not_equal(show(&shown, &planner_doctor, NULL), -1);
    assert_false(shown.has_data);
    planner_sql(fixture, "DROP TRIGGER no_room");
    assert_int_equal(show(&shown, &desk, NULL), -1);
    assert_int_equal(shown.n_audited, 3);
}

#define DAY_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DAY_TEST(test_language_and_interpreter),      DAY_TEST(test_seen_before),
        DAY_TEST(test_the_reason_of_a_booking),       DAY_TEST(test_the_reason_is_the_doctor_s),
        DAY_TEST(test_no_list_without_its_audit_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
