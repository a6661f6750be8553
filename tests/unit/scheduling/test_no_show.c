// SPDX-License-Identifier: Apache-2.0
/* Patients who did not come, by the clock alone. */
#include "tests/unit/scheduling/sweeper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static char *booked(Fixture *fixture, int hour, int minute)
{
    assert_int_equal(fixture_book(fixture, fixture_time(0, hour, minute)), -1);
    return g_strdup(fixture->visit_id);
}

/* Of a slot of 15 min that begins at 10.15, check-in closes at 11.30. */
static void test_who_never_came(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *never = booked(fixture, 10, 15);
    g_autofree char *waits = booked(fixture, 10, 30);
    g_autofree char *later = booked(fixture, 10, 45);
    assert_int_equal(fixture_check_in(fixture, waits), -1);
    clock_advance(fixture->clock, 90 * MINUTE_MS);
    assert_int_equal(sweeper_no_show(fixture), 0);
    clock_advance(fixture->clock, 1);
    assert_int_equal(fixture_check_in(fixture, never), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(sweeper_no_show(fixture), 1);
    assert_int_equal(fixture_state(fixture, never), VISIT_STATE_NO_SHOW_PATIENT);
    assert_int_equal(fixture_state(fixture, waits), VISIT_STATE_CHECKED_IN);
    assert_int_equal(fixture_state(fixture, later), VISIT_STATE_BOOKED);
    assert_string_equal(fixture->changes->pdata[fixture->changes->len - 1],
                        "booked>no_show_patient");
    assert_int_equal(sweeper_no_show(fixture), 0); /* once */
}

static void test_who_does_not_answer(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = booked(fixture, 10, 15);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    clock_advance(fixture->clock, 15 * MINUTE_MS);
    assert_int_equal(fixture_call(fixture, visit), -1);
    clock_advance(fixture->clock, 20 * MINUTE_MS);
    assert_int_equal(sweeper_no_show(fixture), 0); /* called once */
    assert_int_equal(fixture_call(fixture, visit), -1);
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(sweeper_no_show(fixture), 0); /* it may still ring */
    clock_advance(fixture->clock, 1);
    assert_int_equal(sweeper_no_show(fixture), 1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_NO_SHOW_PATIENT);
}

static void test_who_answered_is_not_given_up(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = booked(fixture, 10, 15);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    clock_advance(fixture->clock, 30 * MINUTE_MS); /* 15 min after the start, to the moment */
    assert_int_equal(sweeper_no_show(fixture), 0);
    assert_int_equal(fixture_accept(fixture, visit), -1);
    clock_advance(fixture->clock, HOUR_MS);
    assert_int_equal(sweeper_no_show(fixture), 0);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_CALLED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_who_never_came, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_who_does_not_answer, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_who_answered_is_not_given_up, fixture_set_up,
                                        fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
