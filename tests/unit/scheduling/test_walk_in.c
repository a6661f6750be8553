// SPDX-License-Identifier: Apache-2.0
/* People without an appointment: who takes them down, and that neither they nor a call out of turn
 * take a slot away. */
#include "tests/unit/scheduling/caller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void test_who_takes_down_walk_ins(void **state)
{
    Fixture *fixture = *state;
    const char *doctor = fixture->seed.doctors[0].id;
    const struct {
        Actor actor;
        const char *doctor;
        int code;
    } refused[] = {
        {fixture_staff(fixture, ACTOR_DESK, 1), doctor, SCHEDULING_ERROR_NOT_FOUND},
        {caller_first, doctor, SCHEDULING_ERROR_FORBIDDEN},
        {fixture_staff(fixture, ACTOR_DESK, 0), "01hzzzzzzzzzzzzzzzzzzzzzz3",
         SCHEDULING_ERROR_NOT_FOUND},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(refused); i++) {
        assert_null(caller_walk_in(fixture, &refused[i].actor, refused[i].doctor));
        assert_int_equal(fixture->error_code, refused[i].code);
    }
}

/* A walk-in takes no slot away from those who book, nor does its time end what the hours offer. */
static void test_walk_in_holds_no_slot(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    const char *doctor = fixture->seed.doctors[0].id;
    clock_advance(fixture->clock, 14 * MINUTE_MS);
    g_autofree char *first_visit = caller_walk_in(fixture, &loket, doctor);
    g_autofree char *second_visit = caller_walk_in(fixture, &loket, doctor);
    assert_non_null(first_visit);
    assert_non_null(second_visit);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 30)), -1);
}

/* Two doctors take over what was booked with the other at one time: a slot is its first holder's.
 */
static void test_taking_over_leaves_the_slot(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *any = caller_waiting(fixture, NULL);
    g_autofree char *pooled = caller_booked_for_any(fixture);
    assert_int_equal(fixture_check_in(fixture, pooled), -1);
    caller_assert_calls(fixture, &caller_second, any);
    assert_int_equal(fixture_step(fixture, queue_absent, any, &caller_second), -1);
    caller_assert_calls(fixture, &caller_second, pooled);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 30)), SCHEDULING_ERROR_SLOT_TAKEN);
}

#define QUEUE_TEST(name) cmocka_unit_test_setup_teardown(name, caller_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUEUE_TEST(test_who_takes_down_walk_ins),
        QUEUE_TEST(test_walk_in_holds_no_slot),
        QUEUE_TEST(test_taking_over_leaves_the_slot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
