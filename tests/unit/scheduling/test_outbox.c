// SPDX-License-Identifier: Apache-2.0
/* Messages to patients as rows: what makes them, what claims, drops, repeats and ends them. */
#include "tests/unit/scheduling/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "scheduling/booking/move.h"
#include "tests/unit/scheduling/sweeper.h"

#define LINK_BASE "https://localhost/v/"

/* Booking. */

typedef struct {
    Fixture *fixture;
    const char *visit_id;
} Link;

static void on_grant(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    Link *link = user_data;
    fixture_keep_error(link->fixture, error);
    assert_null(error);
    assert_int_equal(grant->role, VISIT_ROLE_PATIENT);
    assert_string_equal(grant->view->id, link->visit_id);
}

static void assert_link_opens(Fixture *fixture, const char *text, const char *visit_id)
{
    const char *found = strstr(text, LINK_BASE);
    Link link = {fixture, visit_id};
    assert_non_null(found);
    fixture->n_waiting++;
    token_authorize(fixture->scheduling, found + strlen(LINK_BASE), on_grant, &link);
    fixture_wait(fixture);
}

static void assert_nowhere_in_the_database(Fixture *fixture, const char *text)
{
    const char *names[] = {"test.db", "test.db-wal"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(fixture->dir, names[i], NULL);
        g_autofree char *bytes = NULL;
        gsize size = 0;
        if (g_file_get_contents(path, &bytes, &size, NULL))
            assert_null(memmem(bytes, size, text, strlen(text)));
    }
}

static void test_booking_is_said_and_reminded(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = mail_booked(fixture, 2, 10, 15);
    mail_assert_messages(fixture, visit,
                         "booked:waiting day_before:waiting hour_before:waiting soon:waiting");
    mail_assert_query(
        fixture, "1440 60 10",
        "SELECT group_concat((occurrence - due_at_ms) / 60000, ' ') FROM (SELECT * FROM "
        "notification WHERE kind <> 'booked' ORDER BY due_at_ms)");
    GPtrArray *deliveries = mail_claim(fixture);
    assert_int_equal(deliveries->len, 1);
    const Delivery *first = deliveries->pdata[0];
    assert_int_equal(first->kind, NOTIFICATION_BOOKED);
    assert_string_equal(first->to, "+6281234567890");
    assert_int_equal(first->attempt, 1);
    assert_null(strstr(first->text, "Siti"));
    assert_link_opens(fixture, first->text, visit);
    assert_nowhere_in_the_database(fixture, strstr(first->text, LINK_BASE) + strlen(LINK_BASE));
    mail_assert_query(
        fixture, "1",
        "SELECT COUNT(*) FROM audit WHERE action = 'notification.send' AND actor_kind = "
        "'system' AND object_id = '%s'",
        visit);
    mail_report(fixture, deliveries, NULL);
    mail_assert_messages(fixture, visit,
                         "booked:sent day_before:waiting hour_before:waiting soon:waiting");
    assert_int_equal(mail_deliver(fixture), 0);
    clock_advance(fixture->clock, 24 * HOUR_MS + 15 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 1);
    clock_advance(fixture->clock, 23 * HOUR_MS);
    assert_int_equal(mail_deliver(fixture), 1);
    clock_advance(fixture->clock, 50 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 1);
    mail_assert_messages(fixture, visit, "booked:sent day_before:sent hour_before:sent soon:sent");
}

static void test_shortly_before_there_is_little_to_say(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *soon = mail_booked(fixture, 0, 10, 15);
    mail_assert_messages(fixture, soon, "booked:waiting soon:waiting");
    g_autofree char *later = mail_booked(fixture, 0, 11, 30);
    mail_assert_messages(fixture, later, "booked:waiting hour_before:waiting soon:waiting");
}

/* Moving, cancelling, missing, joining. */

typedef struct {
    Fixture *fixture;
    char *visit_id;
} Moved;

static void on_moved(const Booking *booking, const GError *error, gpointer user_data)
{
    Moved *moved = user_data;
    fixture_keep_error(moved->fixture, error);
    moved->visit_id = error ? NULL : g_strdup(booking->visit_id);
}

static char *move(Fixture *fixture, const char *visit_id, int64_t starts_at_ms)
{
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = starts_at_ms};
    const Actor actor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    Moved moved = {.fixture = fixture};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit_id, &wish, &actor, on_moved, &moved);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return moved.visit_id;
}

static void test_moved_is_reminded_anew(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *before = mail_booked(fixture, 2, 10, 15);
    assert_int_equal(mail_deliver(fixture), 1);
    g_autofree char *after = move(fixture, before, fixture_time(2, 11, 0));
    mail_assert_messages(fixture, after,
                         "moved:waiting day_before:waiting hour_before:waiting soon:waiting");
    GPtrArray *deliveries = mail_claim(fixture);
    assert_int_equal(deliveries->len, 1);
    const Delivery *said = deliveries->pdata[0];
    assert_non_null(strstr(said->text, "11.00 WITA"));
    assert_link_opens(fixture, said->text, after);
    mail_report(fixture, deliveries, NULL);
    clock_advance(fixture->clock, 24 * HOUR_MS + 15 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 0);
    clock_advance(fixture->clock, 45 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 1);
    mail_assert_messages(
        fixture, before,
        "booked:sent day_before:dropped:visit_moved hour_before:waiting soon:waiting");
}

static void test_cancelled_is_said_and_not_reminded(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = mail_booked(fixture, 0, 12, 0);
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_DESK), -1);
    GPtrArray *deliveries = mail_claim(fixture);
    assert_int_equal(deliveries->len, 1);
    const Delivery *said = deliveries->pdata[0];
    assert_int_equal(said->kind, NOTIFICATION_CANCELLED);
    assert_null(strstr(said->text, "https://"));
    assert_non_null(strstr(said->text, "0435-881234"));
    mail_report(fixture, deliveries, NULL);
    clock_advance(fixture->clock, 2 * HOUR_MS);
    assert_int_equal(mail_deliver(fixture), 0);
    mail_assert_messages(fixture, visit,
                         "booked:dropped:visit_cancelled cancelled:sent "
                         "hour_before:dropped:visit_cancelled soon:dropped:visit_cancelled");
}

static void test_missed_is_said_once(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    clock_advance(fixture->clock, 90 * MINUTE_MS + 1);
    assert_int_equal(sweeper_no_show(fixture), 1);
    GPtrArray *deliveries = mail_claim(fixture);
    assert_int_equal(deliveries->len, 1);
    const Delivery *said = deliveries->pdata[0];
    assert_int_equal(said->kind, NOTIFICATION_MISSED);
    assert_link_opens(fixture, said->text, visit);
    mail_report(fixture, deliveries, NULL);
    assert_int_equal(mail_deliver(fixture), 0);
    mail_assert_messages(fixture, visit,
                         "booked:dropped:visit_over soon:dropped:visit_over missed:sent");
}

static void test_who_has_come_is_not_reminded(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = mail_booked(fixture, 0, 11, 30);
    assert_int_equal(mail_deliver(fixture), 1);
    clock_advance(fixture->clock, 65 * MINUTE_MS);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(mail_deliver(fixture), 0);
    mail_assert_messages(fixture, visit,
                         "booked:sent hour_before:dropped:already_joined soon:waiting");
}

static void test_quiet_hours(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = mail_booked(fixture, 1, 11, 0);
    assert_int_equal(mail_deliver(fixture), 1);
    clock_advance(fixture->clock, 11 * HOUR_MS); /* 21.00: nobody could be told before */
    assert_int_equal(mail_deliver(fixture), 0);
    mail_assert_messages(
        fixture, visit,
        "booked:sent day_before:waiting:quiet_hours hour_before:waiting soon:waiting");
    clock_advance(fixture->clock, 9 * HOUR_MS - 1);
    assert_int_equal(mail_deliver(fixture), 0);
    clock_advance(fixture->clock, 1); /* 06.00 */
    assert_int_equal(mail_deliver(fixture), 1);
}

/* Trying again. */

static void test_a_claim_lapses(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = mail_booked(fixture, 0, 12, 0);
    GPtrArray *lost = mail_claim(fixture);
    assert_int_equal(lost->len, 1);
    assert_int_equal(mail_deliver(fixture), 0);
    clock_advance(fixture->clock, (int64_t)DELIVERY_LEASE_S * 1000 - 1);
    assert_int_equal(mail_deliver(fixture), 0);
    clock_advance(fixture->clock, 1);
    GPtrArray *again = mail_claim(fixture);
    assert_int_equal(again->len, 1);
    const Delivery *first = lost->pdata[0], *second = again->pdata[0];
    assert_string_equal(first->id, second->id);
    assert_int_equal(second->attempt, 2);
    assert_link_opens(fixture, first->text, visit);
    assert_link_opens(fixture, second->text, visit);
    mail_report(fixture, again, NULL);
    g_ptr_array_unref(lost);
    assert_int_equal(mail_deliver(fixture), 0);
}

static void test_failures_are_tried_again_and_end(void **state)
{
    Fixture *fixture = *state;
    static const int64_t pauses_s[] = {5, 30, 120, 600, 1800};
    g_autofree char *visit = mail_booked(fixture, 2, 12, 0);
    mail_report(fixture, mail_claim(fixture), "log: cannot write");
    for (unsigned i = 0; i < G_N_ELEMENTS(pauses_s); i++) {
        clock_advance(fixture->clock, pauses_s[i] * 1000 - 1);
        assert_int_equal(mail_deliver(fixture), 0);
        clock_advance(fixture->clock, 1);
        GPtrArray *again = mail_claim(fixture);
        assert_int_equal(again->len, 1);
        mail_report(fixture, again, "log: cannot write");
    }
    mail_assert_query(fixture, "failed log: cannot write 6",
                      "SELECT state || ' ' || reason || ' ' || n_attempts FROM notification "
                      "WHERE visit_id = '%s' AND kind = 'booked'",
                      visit);
    clock_advance(fixture->clock, 2 * HOUR_MS);
    assert_int_equal(mail_deliver(fixture), 0);
}

static void test_a_fixed_line_gets_none(void **state)
{
    Fixture *fixture = *state;
    BookingRequest *request = fixture_request(fixture, fixture_time(0, 12, 0));
    g_free(request->phone);
    request->phone = g_strdup("0435 821567");
    fixture->n_waiting++;
    Moved made = {.fixture = fixture};
    booking_create(fixture->scheduling, request, on_moved, &made);
    fixture_wait(fixture);
    assert_int_equal(mail_deliver(fixture), 0);
    mail_assert_query(
        fixture, "dropped no_mobile",
        "SELECT state || ' ' || reason FROM notification WHERE visit_id = '%s' AND kind "
        "= 'booked'",
        made.visit_id);
    g_free(made.visit_id);
}

/* The queue. */

static void test_next_is_told_once(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *first = mail_booked(fixture, 0, 10, 15);
    g_autofree char *second = mail_booked(fixture, 0, 10, 30);
    g_autofree char *third = mail_booked(fixture, 0, 10, 45);
    clock_advance(fixture->clock, 15 * MINUTE_MS);
    assert_int_equal(fixture_check_in(fixture, first), -1);
    assert_int_equal(fixture_check_in(fixture, second), -1);
    assert_int_equal(fixture_check_in(fixture, third), -1);
    mail_sweep(fixture);
    mail_assert_query(fixture, "0", "SELECT COUNT(*) FROM notification WHERE kind = 'next'");
    assert_int_equal(fixture_call(fixture, first), -1);
    mail_sweep(fixture);
    mail_sweep(fixture);
    mail_assert_query(fixture, second,
                      "SELECT group_concat(visit_id) FROM notification WHERE kind = 'next'");
    assert_int_equal(mail_deliver(fixture), 3); /* and the bookings of those who wait */
    mail_assert_query(fixture, "sent", "SELECT state FROM notification WHERE kind = 'next'");
}

#define OUTBOX_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUTBOX_TEST(test_booking_is_said_and_reminded),
        OUTBOX_TEST(test_shortly_before_there_is_little_to_say),
        OUTBOX_TEST(test_moved_is_reminded_anew),
        OUTBOX_TEST(test_cancelled_is_said_and_not_reminded),
        OUTBOX_TEST(test_missed_is_said_once),
        OUTBOX_TEST(test_who_has_come_is_not_reminded),
        OUTBOX_TEST(test_quiet_hours),
        OUTBOX_TEST(test_a_claim_lapses),
        OUTBOX_TEST(test_failures_are_tried_again_and_end),
        OUTBOX_TEST(test_a_fixed_line_gets_none),
        OUTBOX_TEST(test_next_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
