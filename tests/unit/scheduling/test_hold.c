// SPDX-License-Identifier: Apache-2.0
/* A slot that is kept while a form is filled in. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/booking/hold.h"

typedef struct {
    Fixture *fixture;
    char *token;
    int64_t expires_at_ms;
    unsigned n_nearest;
} Answer;

static void answer_clear(Answer *answer)
{
    g_free(answer->token);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static void on_held(const Hold *hold, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->n_nearest = hold->refusal->n_nearest;
    if (error)
        return;
    answer->token = g_strdup(hold->token);
    answer->expires_at_ms = hold->expires_at_ms;
}

static int hold(Fixture *fixture, int64_t starts_at_ms, const char *address, const char *instead,
                Answer *answer)
{
    const HoldRequest request = {fixture->clinic_id,
                                 fixture->seed.doctors[0].id,
                                 starts_at_ms,
                                 address,
                                 instead,
                                 NULL,
                                 NULL};
    answer->fixture = fixture;
    fixture->n_waiting++;
    hold_create(fixture->scheduling, &request, on_held, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    (void)booking;
    fixture_keep_error(user_data, error);
}

static int book_with(Fixture *fixture, int64_t starts_at_ms, const char *token)
{
    BookingRequest *request = fixture_request(fixture, starts_at_ms);
    request->hold = g_strdup(token);
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_booked, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void test_kept_for_five_minutes(void **state)
{
    Fixture *fixture = *state;
    int64_t slot = fixture_time(0, 14, 0);
    g_auto(Answer) kept = {0};
    g_auto(Answer) other = {0};
    assert_int_equal(hold(fixture, slot, "a", NULL, &kept), -1);
    assert_int_equal(kept.expires_at_ms, fixture_time(0, 10, 5));
    assert_int_equal(hold(fixture, slot, "b", NULL, &other), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(other.n_nearest, 3);
    assert_int_equal(book_with(fixture, slot, NULL), SCHEDULING_ERROR_SLOT_TAKEN);
    clock_advance(fixture->clock, 5 * MINUTE_MS - 1);
    assert_int_equal(book_with(fixture, slot, NULL), SCHEDULING_ERROR_SLOT_TAKEN);
    clock_advance(fixture->clock, 1);
    assert_int_equal(book_with(fixture, slot, NULL), -1);
    /* Who kept it comes too late. */
    assert_int_equal(book_with(fixture, slot, kept.token), SCHEDULING_ERROR_SLOT_TAKEN);
}

static void test_booked_by_who_kept_it(void **state)
{
    Fixture *fixture = *state;
    int64_t slot = fixture_time(0, 14, 0);
    g_auto(Answer) kept = {0};
    assert_int_equal(hold(fixture, slot, "a", NULL, &kept), -1);
    assert_int_equal(book_with(fixture, slot, "no token"), SCHEDULING_ERROR_SLOT_TAKEN);
    /* A refused booking leaves the hold as it is. */
    assert_int_equal(book_with(fixture, fixture_time(0, 14, 1), kept.token),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(book_with(fixture, slot, NULL), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(book_with(fixture, slot, kept.token), -1);
    assert_int_equal(book_with(fixture, slot, kept.token), SCHEDULING_ERROR_SLOT_TAKEN);
}

static void test_let_go(void **state)
{
    Fixture *fixture = *state;
    int64_t slot = fixture_time(0, 14, 0);
    g_auto(Answer) first = {0};
    g_auto(Answer) second = {0};
    assert_int_equal(hold(fixture, slot, "a", NULL, &first), -1);
    assert_int_equal(hold(fixture, fixture_time(0, 15, 0), "a", first.token, &second), -1);
    assert_int_equal(book_with(fixture, slot, NULL), -1);
    for (int i = 0; i < 2; i++) { /* the second time there is none */
        fixture->n_waiting++;
        hold_release(fixture->scheduling, second.token, fixture_on_done, fixture);
        fixture_wait(fixture);
        assert_int_equal(fixture->error_code, -1);
    }
    assert_int_equal(book_with(fixture, fixture_time(0, 15, 0), NULL), -1);
}

static void test_so_many_an_address(void **state)
{
    Fixture *fixture = *state;
    for (int i = 0; i < HOLD_MAX_PER_ADDRESS; i++) {
        g_auto(Answer) one = {0};
        assert_int_equal(hold(fixture, fixture_time(0, 14 + i / 4, i % 4 * 15), "a", NULL, &one),
                         -1);
    }
    g_auto(Answer) more = {0};
    assert_int_equal(hold(fixture, fixture_time(0, 17, 0), "a", NULL, &more),
                     SCHEDULING_ERROR_TOO_MANY);
    assert_int_equal(hold(fixture, fixture_time(0, 17, 0), "b", NULL, &more), -1);
    clock_advance(fixture->clock, 5 * MINUTE_MS);
    g_auto(Answer) later = {0};
    assert_int_equal(hold(fixture, fixture_time(0, 14, 0), "a", NULL, &later), -1);
}

/* The notice that a booking needs was kept when the slot was: the form has its five minutes. */
static void test_kept_while_its_time_comes_near(void **state)
{
    Fixture *fixture = *state;
    int64_t slot = fixture_time(0, 10, 15);
    g_auto(Answer) kept = {0};
    g_auto(Answer) later = {0};
    assert_int_equal(hold(fixture, slot, "a", NULL, &kept), -1);
    assert_int_equal(hold(fixture, fixture_time(0, 14, 0), "b", NULL, &later), -1);
    clock_advance(fixture->clock, 5 * MINUTE_MS - 1);
    /* Nobody else's, nor what was kept of another time. */
    assert_int_equal(book_with(fixture, slot, NULL), SCHEDULING_ERROR_TOO_SOON);
    assert_int_equal(book_with(fixture, slot, later.token), SCHEDULING_ERROR_TOO_SOON);
    assert_int_equal(book_with(fixture, slot, kept.token), -1);
}

static void test_too_near_once_the_hold_is_over(void **state)
{
    Fixture *fixture = *state;
    int64_t slot = fixture_time(0, 10, 15);
    g_auto(Answer) kept = {0};
    assert_int_equal(hold(fixture, slot, "a", NULL, &kept), -1);
    clock_advance(fixture->clock, 5 * MINUTE_MS);
    assert_int_equal(book_with(fixture, slot, kept.token), SCHEDULING_ERROR_TOO_SOON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kept_for_five_minutes, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_booked_by_who_kept_it, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_kept_while_its_time_comes_near, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_too_near_once_the_hold_is_over, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_let_go, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_so_many_an_address, fixture_set_up, fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
