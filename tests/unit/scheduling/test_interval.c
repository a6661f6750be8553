// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/record/interval.h"

static void check(const Interval *interval, int64_t start_ms, int64_t end_ms, int64_t total_ms,
                  int64_t open_since_ms)
{
    IntervalResult result;
    interval_result(interval, &result);
    assert_int_equal(result.start_ms, start_ms);
    assert_int_equal(result.end_ms, end_ms);
    assert_int_equal(result.total_ms, total_ms);
    assert_int_equal(result.open_since_ms, open_since_ms);
}

static void test_one_side_is_nothing(void **state)
{
    (void)state;
    g_autoptr(Interval) interval = interval_new();
    check(interval, 0, 0, 0, 0);
    interval_set(interval, INTERVAL_SIDE_PATIENT, "p", "audio", true, 100);
    interval_set(interval, INTERVAL_SIDE_PATIENT, "p", "audio", false, 900);
    check(interval, 0, 0, 0, 0);
}

static void test_any_kind_counts(void **state)
{
    (void)state;
    g_autoptr(Interval) interval = interval_new();
    interval_set(interval, INTERVAL_SIDE_PATIENT, "p", "audio", true, 100);
    interval_set(interval, INTERVAL_SIDE_DOCTOR, "d", "video", true, 200);
    interval_set(interval, INTERVAL_SIDE_DOCTOR, "d", "audio", true, 250);
    interval_set(interval, INTERVAL_SIDE_DOCTOR, "d", "video", false, 300);
    check(interval, 200, 0, 0, 200);
    interval_set(interval, INTERVAL_SIDE_DOCTOR, "d", "audio", false, 500);
    check(interval, 200, 500, 300, 0);
}

static void test_reload_makes_two_intervals(void **state)
{
    (void)state;
    g_autoptr(Interval) interval = interval_new();
    interval_set(interval, INTERVAL_SIDE_DOCTOR, "d", "audio", true, 100);
    interval_set(interval, INTERVAL_SIDE_PATIENT, "p1", "audio", true, 100);
    interval_set(interval, INTERVAL_SIDE_PATIENT, "p1", "video", true, 110);
    interval_close_endpoint(interval, "p1", 400);
    check(interval, 100, 400, 300, 0);
    interval_set(interval, INTERVAL_SIDE_PATIENT, "p2", "audio", true, 1000);
    interval_close_endpoint(interval, "p", 1100); /* another endpoint's name begins alike */
    check(interval, 100, 400, 300, 1000);
    interval_close_all(interval, 1500);
    check(interval, 100, 1500, 800, 0);
}

static void test_overlapping_endpoints(void **state)
{
    (void)state;
    g_autoptr(Interval) interval = interval_new();
    interval_set(interval, INTERVAL_SIDE_DOCTOR, "d", "audio", true, 100);
    interval_set(interval, INTERVAL_SIDE_PATIENT, "p1", "audio", true, 100);
    interval_set(interval, INTERVAL_SIDE_PATIENT, "cam", "video", true, 150);
    interval_close_endpoint(interval, "p1", 200);
    check(interval, 100, 0, 0, 100);
    interval_close_endpoint(interval, "cam", 300);
    check(interval, 100, 300, 200, 0);
}

static void test_doubled_and_unknown(void **state)
{
    (void)state;
    g_autoptr(Interval) interval = interval_new();
    interval_set(interval, INTERVAL_SIDE_DOCTOR, "d", "audio", false, 50);
    interval_set(interval, INTERVAL_SIDE_DOCTOR, "d", "audio", true, 100);
    interval_set(interval, INTERVAL_SIDE_DOCTOR, "d", "audio", true, 120);
    interval_set(interval, INTERVAL_SIDE_PATIENT, "p", "audio", true, 130);
    interval_set(interval, INTERVAL_SIDE_DOCTOR, "d", "audio", false, 230);
    check(interval, 130, 230, 100, 0);
    interval_close_endpoint(interval, "nobody", 300);
    check(interval, 130, 230, 100, 0);
}

static void test_clock_that_goes_back_is_no_negative_time(void **state)
{
    (void)state;
    g_autoptr(Interval) interval = interval_new();
    interval_set(interval, INTERVAL_SIDE_DOCTOR, "d", "audio", true, 500);
    interval_set(interval, INTERVAL_SIDE_PATIENT, "p", "audio", true, 500);
    interval_close_all(interval, 400);
    check(interval, 500, 500, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_side_is_nothing),
        cmocka_unit_test(test_any_kind_counts),
        cmocka_unit_test(test_reload_makes_two_intervals),
        cmocka_unit_test(test_overlapping_endpoints),
        cmocka_unit_test(test_doubled_and_unknown),
        cmocka_unit_test(test_clock_that_goes_back_is_no_negative_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
