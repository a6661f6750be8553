// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "media/rate/uplink_red.h"

static const int64_t MS = 1000;
static const int64_t S = 1000 * 1000;
static const int64_t RTT = 400 * 1000;

static bool run(UplinkRed *red, double loss, bool is_asked_in_time, int64_t from_us, int64_t us)
{
    bool on = false;
    for (int64_t now_us = from_us; now_us < from_us + us; now_us += 50 * MS)
        on = uplink_red_update(red, loss, RTT, is_asked_in_time, 100000, now_us);
    return on;
}

static void test_a_long_path_begins_with_it(void **state)
{
    (void)state;
    UplinkRed red = {0};
    assert_false(uplink_red_update(&red, 0.1, 0, false, 100000, 0)); /* not known how long */
    assert_true(uplink_red_update(&red, 0, RTT, false, 100000, S));
    assert_true(run(&red, 0, false, S, 14 * S));
    assert_false(run(&red, 0, false, 15 * S, 5 * S)); /* it loses nothing */
    assert_true(run(&red, 0.02, false, 20 * S, 3 * S));
    assert_true(run(&red, 0.002, false, 23 * S, 100 * S)); /* a little is kept */
}

static void test_repairs_in_time_need_it_later(void **state)
{
    (void)state;
    UplinkRed red = {0};
    assert_false(uplink_red_update(&red, 0, RTT, true, 100000, 0));
    assert_false(run(&red, 0.015, true, 0, 60 * S));
    assert_true(run(&red, 0.05, true, 60 * S, 5 * S));
    assert_true(run(&red, 0, true, 65 * S, 15 * S));
    assert_false(run(&red, 0, true, 80 * S, 10 * S));
}

static void test_one_bad_moment_is_not_loss(void **state)
{
    (void)state;
    UplinkRed red = {0};
    assert_false(run(&red, 0, true, 0, 10 * S));
    assert_false(run(&red, 0.2, true, 10 * S, 300 * MS));
    assert_false(run(&red, 0, true, 10 * S + 300 * MS, 10 * S));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_long_path_begins_with_it),
        cmocka_unit_test(test_repairs_in_time_need_it_later),
        cmocka_unit_test(test_one_bad_moment_is_not_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
