// SPDX-License-Identifier: Apache-2.0
/* How much a stranger may book, by telephone and by address; nobody else is counted. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/policy/policy.h"

#define PHONE_A "0813 9999 0001"
#define PHONE_B "0813 9999 0002"

typedef struct {
    const char *rule;
    int value;
} Limit;

static bool limit_job(DbTx *tx, gpointer data, GError **error)
{
    const Limit *limit = data;
    DbQuery *query = db_query(tx, "policy_set");
    db_bind_null(query, 1);
    db_bind_text(query, 2, limit->rule);
    db_bind_int(query, 3, limit->value);
    db_bind_int(query, 4, 0);
    return db_exec(query, error);
}

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    if (error)
        return;
    g_free(fixture->visit_id);
    fixture->visit_id = g_strdup(booking->visit_id);
}

static BookingRequest *request_of(Fixture *fixture, int64_t starts_at_ms, const char *phone,
                                  const char *address)
{
    BookingRequest *request = fixture_request(fixture, starts_at_ms);
    g_free(request->phone);
    request->phone = g_strdup(phone);
    g_clear_pointer(&request->nik, secret_text_free);
    g_free(request->address);
    request->address = g_strdup(address);
    return request;
}

static int book(Fixture *fixture, int64_t starts_at_ms, const char *phone, const char *address)
{
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request_of(fixture, starts_at_ms, phone, address),
                   on_booked, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* What is to come counts, whoever's children it is for; what was cancelled or is over does not. */
static void test_a_telephone_has_so_many_to_come(void **state)
{
    Fixture *fixture = *state;
    Limit limit = {"bookings_per_phone", 3};
    fixture_run(fixture, limit_job, &limit);
    for (int i = 0; i < 3; i++)
        assert_int_equal(book(fixture, fixture_time(0, 11 + i, 0), PHONE_A, NULL), -1);
    int64_t more = fixture_time(0, 14, 0);
    assert_int_equal(book(fixture, more, PHONE_A, NULL), SCHEDULING_ERROR_BOOKINGS_FULL);
    assert_int_equal(book(fixture, more, PHONE_B, NULL), -1);
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
    fixture_turn_to(fixture, fixture_time(0, 11, 15) + 1);
    assert_int_equal(book(fixture, more, PHONE_A, NULL), -1);
    more = fixture_time(0, 15, 0);
    assert_int_equal(book(fixture, more, PHONE_A, NULL), SCHEDULING_ERROR_BOOKINGS_FULL);
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(book(fixture, more, PHONE_A, NULL), -1);
}

/* Staff know whom they book for, and what they give keeps nobody from booking. */
static void test_staff_are_not_counted(void **state)
{
    Fixture *fixture = *state;
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    Limit limit = {"bookings_per_phone", 1};
    fixture_run(fixture, limit_job, &limit);
    for (int i = 0; i < 3; i++) {
        fixture->n_waiting++;
        booking_create_at_desk(fixture->scheduling,
                               request_of(fixture, fixture_time(0, 11 + i, 0), PHONE_A, NULL),
                               &desk, on_booked, fixture);
        fixture_wait(fixture);
        assert_int_equal(fixture->error_code, -1);
    }
    assert_int_equal(book(fixture, fixture_time(0, 14, 0), PHONE_A, NULL), -1);
    assert_int_equal(book(fixture, fixture_time(0, 15, 0), PHONE_A, NULL),
                     SCHEDULING_ERROR_BOOKINGS_FULL);
}

static int book_with_key(Fixture *fixture, int64_t starts_at_ms)
{
    BookingRequest *request = request_of(fixture, starts_at_ms, PHONE_A, "192.0.2.1");
    request->idempotency_key = g_strdup("0123456789abcdef");
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_booked, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* Whose answer was lost asks again. */
static void test_a_repeated_request_is_no_other_one(void **state)
{
    Fixture *fixture = *state;
    Limit limits[] = {{"bookings_per_phone", 1}, {"bookings_per_address", 1}};
    for (unsigned i = 0; i < G_N_ELEMENTS(limits); i++)
        fixture_run(fixture, limit_job, &limits[i]);
    assert_int_equal(book_with_key(fixture, fixture_time(0, 11, 0)), -1);
    assert_int_equal(book_with_key(fixture, fixture_time(0, 11, 0)), -1);
}

/* Whatever became of them; a refused one is none. Of IPv6 the whole network counts. */
static void test_an_address_books_so_many_a_day(void **state)
{
    Fixture *fixture = *state;
    Limit limit = {"bookings_per_address", 2};
    fixture_run(fixture, limit_job, &limit);
    assert_int_equal(book(fixture, fixture_time(0, 11, 0), PHONE_A, "192.0.2.1"), -1);
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(book(fixture, fixture_time(0, 3, 0), PHONE_B, "192.0.2.1"),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(book(fixture, fixture_time(0, 12, 0), PHONE_B, "192.0.2.1"), -1);
    assert_int_equal(book(fixture, fixture_time(1, 9, 0), PHONE_A, "192.0.2.1"),
                     SCHEDULING_ERROR_ADDRESS_FULL);
    assert_int_equal(book(fixture, fixture_time(1, 9, 0), PHONE_A, "2001:db8::1"), -1);
    assert_int_equal(book(fixture, fixture_time(1, 9, 30), PHONE_A, "2001:db8::1:2:3:4"), -1);
    assert_int_equal(book(fixture, fixture_time(1, 10, 0), PHONE_A, "2001:db8::5"),
                     SCHEDULING_ERROR_ADDRESS_FULL);
    assert_int_equal(book(fixture, fixture_time(1, 10, 0), PHONE_A, "2001:db8:0:1::5"), -1);
    fixture_turn_to(fixture, fixture_time(1, 0, 0));
    assert_int_equal(book(fixture, fixture_time(1, 11, 0), PHONE_A, "192.0.2.1"), -1);
}

static void test_what_holds_where_nobody_set_it(void **state)
{
    (void)state;
    SchedulingPolicy policy;
    scheduling_policy_init(&policy);
    assert_int_equal(policy.bookings_per_phone, 6);
    assert_int_equal(policy.bookings_per_address, 300);
}

#define LIMIT_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIMIT_TEST(test_a_telephone_has_so_many_to_come),
        LIMIT_TEST(test_staff_are_not_counted),
        LIMIT_TEST(test_a_repeated_request_is_no_other_one),
        LIMIT_TEST(test_an_address_books_so_many_a_day),
        cmocka_unit_test(test_what_holds_where_nobody_set_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
