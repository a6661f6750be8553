// SPDX-License-Identifier: Apache-2.0
/* How long an offer of the wait list holds, and when none is made. */
#include "scheduling/wait/wait_rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define MINUTE_MS ((int64_t)60 * 1000)
#define HOUR_MS (60 * MINUTE_MS)

/* Tuesday, 24 November 2026, 10.00 WITA. */
static const int64_t ten_ms = INT64_C(1795485600000);

static void test_names(void **state)
{
    (void)state;
    for (int i = WAIT_MODE_ONE_BY_ONE; i <= WAIT_MODE_ALL_AT_ONCE; i++) {
        WaitMode mode;
        assert_true(wait_mode_parse(wait_mode_name((WaitMode)i), &mode));
        assert_int_equal(mode, i);
    }
    for (int i = WAIT_STATE_WAITING; i <= WAIT_STATE_LAPSED; i++) {
        WaitState parsed;
        assert_true(wait_state_parse(wait_state_name((WaitState)i), &parsed));
        assert_int_equal(parsed, i);
    }
    WaitMode mode;
    WaitState parsed;
    assert_false(wait_mode_parse("all", &mode));
    assert_false(wait_mode_parse(NULL, &mode));
    assert_false(wait_state_parse("offered", &parsed));
    assert_false(wait_state_parse(NULL, &parsed));
}

static void test_no_offer_runs_in_quiet_hours(void **state)
{
    (void)state;
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Makassar");
    const NotificationQuiet quiet = {zone, 21, 6};
    const struct {
        int64_t at_ms;          /* from 10.00 */
        int64_t one_ms, all_ms; /* so long it holds; 0: none is made */
    } rows[] = {
        {0, 15 * MINUTE_MS, 120 * MINUTE_MS},
        {9 * HOUR_MS, 15 * MINUTE_MS, 120 * MINUTE_MS},                  /* 19.00: to 21.00 */
        {9 * HOUR_MS + 1000, 15 * MINUTE_MS, 120 * MINUTE_MS - 1000},    /* also */
        {10 * HOUR_MS + 45 * MINUTE_MS, 15 * MINUTE_MS, 15 * MINUTE_MS}, /* 20.45 */
        {10 * HOUR_MS + 45 * MINUTE_MS + 1000, 0, 0},                    /* a second later */
        {11 * HOUR_MS, 0, 0},                                            /* 21.00 */
        {14 * HOUR_MS, 0, 0},                                            /* midnight */
        {20 * HOUR_MS - 1000, 0, 0},                                     /* 05.59.59 */
        {20 * HOUR_MS, 15 * MINUTE_MS, 120 * MINUTE_MS},                 /* 06.00 */
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        int64_t at_ms = ten_ms + rows[i].at_ms;
        int64_t one_ms = wait_offer_end(WAIT_MODE_ONE_BY_ONE, &quiet, at_ms);
        int64_t all_ms = wait_offer_end(WAIT_MODE_ALL_AT_ONCE, &quiet, at_ms);
        assert_int_equal(one_ms, rows[i].one_ms ? at_ms + rows[i].one_ms : 0);
        assert_int_equal(all_ms, rows[i].all_ms ? at_ms + rows[i].all_ms : 0);
    }
}

static void test_can_be_booked_in_its_last_second(void **state)
{
    (void)state;
    assert_int_equal(wait_first_start(ten_ms, 15 * MINUTE_MS), ten_ms + 15 * MINUTE_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_no_offer_runs_in_quiet_hours),
        cmocka_unit_test(test_can_be_booked_in_its_last_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
