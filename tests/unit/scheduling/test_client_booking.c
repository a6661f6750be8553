// SPDX-License-Identifier: Apache-2.0
/* Bookings by other systems: where, as whom, and what they may undo. */
#include "tests/unit/scheduling/reporter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "scheduling/booking/client_booking.h"
#include "scheduling/booking/move.h"
#include "tests/unit/scheduling/sweeper.h"

static Actor client(const Fixture *fixture, const char *who, int facility)
{
    return (Actor){.role = ACTOR_CLIENT,
                   .user_id = who,
                   .facility_id = facility < 0 ? NULL : fixture->seed.facility_ids[facility]};
}

typedef struct {
    Fixture *fixture;
    char visit_id[SCHEDULING_ID_BYTES];
} Answer;

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    if (error)
        return;
    assert_non_null(booking->token);
    g_strlcpy(answer->visit_id, booking->visit_id, sizeof answer->visit_id);
}

static int book(Fixture *fixture, int hour, const char *key, const Actor *actor, Answer *answer)
{
    BookingRequest *request = fixture_request(fixture, fixture_time(0, hour, 0));
    request->idempotency_key = g_strdup(key);
    answer->fixture = fixture;
    fixture->n_waiting++;
    booking_create_by_client(fixture->scheduling, request, actor, on_booked, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static int cancel(Fixture *fixture, const char *visit_id, const Actor *actor)
{
    fixture->n_waiting++;
    visit_cancel(fixture->scheduling, visit_id, actor, "pindah kota", fixture_on_step, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

typedef struct {
    Fixture *fixture;
    char visit_id[SCHEDULING_ID_BYTES];
    int64_t starts_at_ms;
    VisitState state;
} Seen;

static void on_seen(const Booking *booking, VisitState state, const GError *error,
                    gpointer user_data)
{
    Seen *seen = user_data;
    fixture_keep_error(seen->fixture, error);
    if (error)
        return;
    assert_null(booking->token);
    g_strlcpy(seen->visit_id, booking->visit_id, sizeof seen->visit_id);
    seen->starts_at_ms = booking->starts_at_ms;
    seen->state = state;
}

static int see(Fixture *fixture, const char *visit_id, const Actor *actor, Seen *seen)
{
    *seen = (Seen){.fixture = fixture};
    fixture->n_waiting++;
    client_booking_get(fixture->scheduling, visit_id, actor, on_seen, seen);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_moved(const Booking *booking, const GError *error, gpointer user_data)
{
    (void)booking;
    fixture_keep_error(user_data, error);
}

static void move(Fixture *fixture, const char *visit_id, int hour, const Actor *actor)
{
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = fixture_time(0, hour, 0)};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit_id, &wish, actor, on_moved, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

static unsigned count(Fixture *fixture, const char *format, const char *visit_id)
{
    g_autofree char *sql = g_strdup_printf("SELECT COUNT(*) FROM %s'%s'", format, visit_id);
    return reporter_count(fixture, sql);
}

static void test_books_where_it_may(void **state)
{
    Fixture *fixture = *state;
    Answer answer = {0};
    const Actor own = client(fixture, "system:simrs", 0),
                other = client(fixture, "system:klinik", 1);
    const Actor any = client(fixture, "system:portal", -1);
    const Actor nobody = {.role = ACTOR_CLIENT};
    const Actor desk = {.role = ACTOR_DESK, .user_id = "d", .facility_id = own.facility_id};
    assert_int_equal(book(fixture, 11, NULL, &other, &answer), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(book(fixture, 11, NULL, &nobody, &answer), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(book(fixture, 11, NULL, &desk, &answer), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(book(fixture, 11, NULL, &own, &answer), -1);
    assert_int_equal(fixture_state(fixture, answer.visit_id), VISIT_STATE_BOOKED);
    assert_int_equal(count(fixture,
                           "audit WHERE action = 'booking.create' AND actor_kind = 'system' AND "
                           "actor_id = 'system:simrs' AND actor_role = 'client' AND object_id = ",
                           answer.visit_id),
                     1);
    assert_int_equal(book(fixture, 12, NULL, &any, &answer), -1);
    /* As from outside: of who has a visit then nothing is told, nothing is booked. */
    assert_int_equal(book(fixture, 12, NULL, &any, &answer), SCHEDULING_ERROR_SLOT_TAKEN);
}

static void test_cancels_what_it_has_booked(void **state)
{
    Fixture *fixture = *state;
    Answer answer = {0};
    const Actor own = client(fixture, "system:simrs", 0),
                other = client(fixture, "system:portal", -1);
    assert_int_equal(book(fixture, 11, NULL, &own, &answer), -1);
    assert_int_equal(cancel(fixture, answer.visit_id, &other), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(cancel(fixture, answer.visit_id, &own), -1);
    assert_int_equal(fixture_state(fixture, answer.visit_id), VISIT_STATE_CANCELLED_PATIENT);
    assert_int_equal(cancel(fixture, answer.visit_id, &own), SCHEDULING_ERROR_VISIT_CANCELLED);
    /* What others have booked is not its. */
    assert_int_equal(fixture_book(fixture, fixture_time(0, 12, 0)), -1);
    assert_int_equal(cancel(fixture, fixture->visit_id, &own), SCHEDULING_ERROR_FORBIDDEN);
    /* Who is there stays. */
    clock_advance(fixture->clock, 2 * HOUR_MS);
    assert_int_equal(book(fixture, 13, NULL, &own, &answer), -1);
    clock_advance(fixture->clock, 45 * MINUTE_MS);
    assert_int_equal(fixture_check_in(fixture, answer.visit_id), -1);
    assert_int_equal(cancel(fixture, answer.visit_id, &own), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_state(fixture, answer.visit_id), VISIT_STATE_CHECKED_IN);
}

/* What was moved before moves took the system along: its rows are made by the migration. */
static void migrate_again(Fixture *fixture, const char *first_id)
{
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    g_autofree char *forget =
        g_strdup_printf("DELETE FROM client_booking WHERE visit_id <> '%s'", first_id);
    g_autoptr(GBytes) text = g_resource_lookup_data(
        scheduling_db_owner()->resource,
        "/huyula/scheduling/booking/sql/0335_client_booking_moved.sql", 0, NULL);
    assert_non_null(text);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, forget, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 2);
    assert_int_equal(sqlite3_exec(db, g_bytes_get_data(text, NULL), NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 2);
    sqlite3_close(db);
}

/* By the patient, then by the desk: the system has the first id alone. */
static void test_a_moved_booking_stays_its(void **state)
{
    Fixture *fixture = *state;
    Answer answer = {0};
    Seen seen, now;
    const Actor own = client(fixture, "system:simrs", 0),
                other = client(fixture, "system:portal", -1);
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    assert_int_equal(book(fixture, 11, NULL, &own, &answer), -1);
    assert_int_equal(see(fixture, answer.visit_id, &own, &seen), -1);
    assert_string_equal(seen.visit_id, answer.visit_id);
    assert_int_equal(seen.state, VISIT_STATE_BOOKED);
    g_autofree char *participant =
        fixture_participant(fixture, answer.visit_id, VISIT_ROLE_PATIENT);
    const Actor patient = {.role = ACTOR_PATIENT, .participant_id = participant};
    move(fixture, answer.visit_id, 13, &patient);
    assert_int_equal(see(fixture, answer.visit_id, &own, &seen), -1);
    assert_int_equal(seen.starts_at_ms, fixture_time(0, 13, 0));
    move(fixture, seen.visit_id, 14, &desk);
    assert_int_equal(see(fixture, answer.visit_id, &own, &now), -1);
    assert_int_equal(now.starts_at_ms, fixture_time(0, 14, 0));
    assert_int_equal(now.state, VISIT_STATE_BOOKED);
    assert_int_equal(count(fixture,
                           "audit WHERE action = 'ticket.read' AND actor_id = 'system:simrs' AND "
                           "object_id = ",
                           now.visit_id),
                     1);
    migrate_again(fixture, answer.visit_id);
    assert_int_equal(see(fixture, answer.visit_id, &own, &seen), -1);
    assert_int_equal(see(fixture, answer.visit_id, &other, &seen), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(see(fixture, now.visit_id, &other, &seen), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(see(fixture, answer.visit_id, &desk, &seen), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(see(fixture, "01hzzzzzzzzzzzzzzzzzzzzzzz", &own, &seen),
                     SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(cancel(fixture, answer.visit_id, &other), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(cancel(fixture, answer.visit_id, &own), -1);
    assert_int_equal(fixture_state(fixture, now.visit_id), VISIT_STATE_CANCELLED_PATIENT);
    assert_int_equal(fixture_state(fixture, answer.visit_id), VISIT_STATE_RESCHEDULED);
    assert_int_equal(see(fixture, answer.visit_id, &own, &now), -1);
    assert_int_equal(now.state, VISIT_STATE_CANCELLED_PATIENT);
}

/* Who missed the visit comes again by a number of now: the same tie. */
static void test_a_missed_one_is_followed(void **state)
{
    Fixture *fixture = *state;
    Answer answer = {0};
    Seen seen;
    const Actor own = client(fixture, "system:simrs", 0);
    assert_int_equal(book(fixture, 11, NULL, &own, &answer), -1);
    g_autofree char *participant =
        fixture_participant(fixture, answer.visit_id, VISIT_ROLE_PATIENT);
    const Actor patient = {.role = ACTOR_PATIENT, .participant_id = participant};
    clock_advance(fixture->clock, 135 * MINUTE_MS + 1);
    assert_int_equal(sweeper_no_show(fixture), 1);
    fixture->n_waiting++;
    booking_take_number(fixture->scheduling, answer.visit_id, &patient, on_moved, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(see(fixture, answer.visit_id, &own, &seen), -1);
    assert_string_not_equal(seen.visit_id, answer.visit_id);
}

static void test_a_key_is_its_system_s(void **state)
{
    Fixture *fixture = *state;
    Answer first = {0}, again = {0};
    const Actor own = client(fixture, "system:simrs", 0),
                other = client(fixture, "system:portal", -1);
    assert_int_equal(book(fixture, 11, "1", &own, &first), -1);
    assert_int_equal(book(fixture, 11, "1", &own, &again), -1);
    assert_string_equal(first.visit_id, again.visit_id);
    assert_int_equal(book(fixture, 11, "1", &other, &again), SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
}

#define CLIENT_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLIENT_TEST(test_books_where_it_may),        CLIENT_TEST(test_cancels_what_it_has_booked),
        CLIENT_TEST(test_a_moved_booking_stays_its), CLIENT_TEST(test_a_missed_one_is_followed),
        CLIENT_TEST(test_a_key_is_its_system_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
