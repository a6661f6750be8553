// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "media/rate/patience.h"

static const int64_t MS = 1000;
static const int64_t S = 1000 * 1000;

static Patience patience;
static int64_t now_us;

static void set_up(unsigned step)
{
    patience = (Patience){.step = step};
    now_us = 100 * S;
}

/* FIT: the step that the link carries, with much headroom. */
static void run(unsigned fit, int64_t us)
{
    PatienceInput input = {
        .hold = fit,
        .up = fit,
        .far_up = fit,
        .must = PATIENCE_NO_LIMIT,
        .up_wait_us = PATIENCE_UP_US,
        .far_wait_us = PATIENCE_FAR_UP_US,
    };
    for (int64_t end_us = now_us + us; now_us < end_us; now_us += 50 * MS)
        patience_update(&patience, &input, now_us);
}

/* At once. */
static void fall(unsigned step)
{
    PatienceInput input = {.hold = step, .must = step};
    patience_update(&patience, &input, now_us);
    assert_int_equal(patience.step, step);
}

static void test_a_step_that_did_not_last_waits_longer(void **state)
{
    (void)state;
    set_up(3);
    run(4, 4 * S);
    assert_int_equal(patience.step, 4);
    fall(3);
    run(4, 4 * S);
    assert_int_equal(patience.step, 3);
    run(4, 9 * S);
    assert_int_equal(patience.step, 4);
    /* One below where it came from is still the step's doing. */
    fall(2);
    run(4, 13 * S);
    assert_int_equal(patience.step, 2);
}

static void test_another_link_says_nothing_of_the_step(void **state)
{
    (void)state;
    set_up(5);
    run(6, 4 * S);
    assert_int_equal(patience.step, 6);
    fall(1);
    run(6, 4 * S);
    assert_int_equal(patience.step, 6);
}

/* The estimate comes down over some seconds, and the steps with it. */
static void test_a_long_fall_is_one(void **state)
{
    (void)state;
    set_up(5);
    run(6, 4 * S);
    fall(5);
    now_us += 1 * S;
    fall(3);
    now_us += 1 * S;
    fall(0);
    run(3, 4 * S);
    assert_int_equal(patience.step, 3);
}

/* Two falls that have nothing to do with each other. */
static void test_a_later_fall_forgives_nothing(void **state)
{
    (void)state;
    set_up(5);
    run(6, 4 * S);
    fall(5);
    now_us += 8 * S;
    fall(1);
    run(3, 4 * S);
    assert_int_equal(patience.step, 1);
    run(3, 9 * S);
    assert_int_equal(patience.step, 3);
}

/* Another link again within two minutes is one that swings; but for one that carries nothing. */
static void test_a_link_that_swings_is_no_other_link(void **state)
{
    (void)state;
    for (unsigned bottom = 0; bottom <= 1; bottom++) {
        set_up(5);
        run(6, 4 * S);
        fall(3);
        run(6, 20 * S);
        assert_int_equal(patience.step, 6);
        fall(bottom);
        run(6, 4 * S);
        assert_int_equal(patience.step, bottom == 0 ? 6 : 1);
        run(6, 9 * S);
        assert_int_equal(patience.step, 6);
    }
}

static void test_much_headroom_waits_no_longer_than_it_may(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        PatienceInput input = {
            .hold = 6,
            .up = 6,
            .far_up = 6,
            .must = PATIENCE_NO_LIMIT,
            .up_wait_us = PATIENCE_UP_US,
            .far_wait_us = PATIENCE_FAR_UP_US,
            .far_most_us = i == 0 ? 20 * S : 0,
        };
        set_up(0);
        patience.n_failed = 3;
        patience.failed_step = 5;
        for (int64_t end_us = now_us + 21 * S; now_us < end_us; now_us += 50 * MS)
            patience_update(&patience, &input, now_us);
        assert_int_equal(patience.step, i == 0 ? 6 : 0);
    }
}

/* However often a step failed: four minutes. */
static void test_no_step_waits_for_ever(void **state)
{
    (void)state;
    set_up(3);
    patience.n_failed = 3;
    PatienceInput input = {.hold = 4,
                           .up = 4,
                           .must = PATIENCE_NO_LIMIT,
                           .up_wait_us = PATIENCE_UP_US,
                           .far_wait_us = PATIENCE_FAR_UP_US};
    int64_t from_us = now_us;
    for (; patience.step == 3 && now_us < from_us + 600 * S; now_us += 50 * MS)
        patience_update(&patience, &input, now_us);
    assert_in_range(now_us - from_us, 230 * S, 250 * S);
}

/* A step that did not last says nothing of a link with much headroom for steps far above it; of one
 * with headroom for the next one it does. Where a picture moves (no limit) it has time. */
static void test_far_above_what_failed_is_another_link(void **state)
{
    (void)state;
    static const unsigned far_ups[] = {4, 3, 4};
    for (unsigned i = 0; i < 3; i++) {
        PatienceInput input = {
            .hold = 6,
            .up = 6,
            .far_up = far_ups[i],
            .must = PATIENCE_NO_LIMIT,
            .up_wait_us = PATIENCE_UP_US,
            .far_wait_us = PATIENCE_FAR_UP_US,
            .far_most_us = i == 2 ? 0 : 40 * S,
        };
        set_up(1);
        patience.n_failed = 3;
        patience.failed_step = 2;
        for (int64_t end_us = now_us + 3 * S; now_us < end_us; now_us += 50 * MS)
            patience_update(&patience, &input, now_us);
        assert_int_equal(patience.step, i == 0 ? 4 : 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_step_that_did_not_last_waits_longer),
        cmocka_unit_test(test_another_link_says_nothing_of_the_step),
        cmocka_unit_test(test_a_long_fall_is_one),
        cmocka_unit_test(test_a_later_fall_forgives_nothing),
        cmocka_unit_test(test_a_link_that_swings_is_no_other_link),
        cmocka_unit_test(test_much_headroom_waits_no_longer_than_it_may),
        cmocka_unit_test(test_no_step_waits_for_ever),
        cmocka_unit_test(test_far_above_what_failed_is_another_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
