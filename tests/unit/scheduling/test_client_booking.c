// SPDX-License-Identifier: Apache-2.0
/* Bookings by other systems: where, as whom, and what they may undo. */
#include "tests/unit/scheduling/reporter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

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
    visit_cancel(fixture->scheduling, visit_id, actor, "pindah kota", reporter_on_step_done,
                 fixture);
    fixture_wait(fixture);
    return fixture->error_code;
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
        CLIENT_TEST(test_books_where_it_may),
        CLIENT_TEST(test_cancels_what_it_has_booked),
        CLIENT_TEST(test_a_key_is_its_system_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
