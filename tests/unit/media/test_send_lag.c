// SPDX-License-Identifier: Apache-2.0
/* Pictures that wait in their sender's browser while its sound does not: seen by their timestamps,
 * and answered by asking for less until they do not. */
#include "media/rate/send_lag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { S = 1000 * 1000, FRAME_US = 40 * 1000, TICKS = 90 * 40 };

static const uint32_t before_wrap = UINT32_MAX - 50 * TICKS;

/* FROM to UNTIL of pictures that are taken each 40 ms, the Nth of which comes LATE_US later. */
static void come(SendClock *clock, unsigned from, unsigned until, int64_t late_us)
{
    for (unsigned n = from; n < until; n++) {
        for (unsigned packet = 0; packet < 3; packet++)
            send_clock_note(clock, before_wrap + n * TICKS,
                            (int64_t)n * FRAME_US + late_us + 2000 * packet);
    }
}

static void test_by_the_timestamps(void **state)
{
    (void)state;
    SendClock clock = {0};
    assert_int_equal(send_clock_lag_us(&clock, 0), 0);
    come(&clock, 0, 100, 20 * 1000); /* over the timestamps' end */
    assert_int_equal(send_clock_lag_us(&clock, 100 * FRAME_US), 0);
    come(&clock, 100, 150, 1820 * 1000);
    int64_t now_us = 150 * FRAME_US + 1820 * 1000;
    assert_in_range(send_clock_lag_us(&clock, now_us), 1790 * 1000, 1800 * 1000);
    /* A repair, or one that was overtaken, is no newer picture. */
    send_clock_note(&clock, before_wrap + 140 * TICKS, now_us + 500 * 1000);
    assert_in_range(send_clock_lag_us(&clock, now_us), 1790 * 1000, 1800 * 1000);
    /* What came long ago says nothing. */
    assert_int_equal(send_clock_lag_us(&clock, now_us + 3 * S), 0);
    come(&clock, 300, 310, 20 * 1000);
    assert_in_range(send_clock_lag_us(&clock, 310 * FRAME_US), 0, 20 * 1000);
}

/* Another source's timestamps begin anywhere. */
static void test_another_source(void **state)
{
    (void)state;
    SendClock clock = {0};
    come(&clock, 0, 50, 0);
    for (unsigned n = 50; n < 100; n++)
        send_clock_note(&clock, 7 + n * TICKS, (int64_t)n * FRAME_US);
    assert_int_equal(send_clock_lag_us(&clock, 100 * FRAME_US), 0);
}

static void test_less_until_they_do_not_wait(void **state)
{
    (void)state;
    SendLag lag = {0};
    int64_t now_us = 10 * S;
    assert_int_equal(send_lag_limit(&lag, 0, 200000, true, now_us), 0);
    /* A key frame in front of others for a moment. */
    assert_int_equal(send_lag_limit(&lag, 600000, 200000, true, now_us += 500000), 0);
    assert_int_equal(send_lag_limit(&lag, 100000, 200000, true, now_us += 500000), 0);
    /* For good. */
    assert_int_equal(send_lag_limit(&lag, 900000, 200000, true, now_us += 500000), 0);
    assert_int_equal(send_lag_limit(&lag, 1200000, 200000, true, now_us += S), 170000);
    assert_int_equal(send_lag_limit(&lag, 1200000, 190000, true, now_us += S / 2), 170000);
    assert_int_equal(send_lag_limit(&lag, 1200000, 160000, true, now_us += S / 2), 136000);
    /* More comes while the queue empties itself: no more is asked for. */
    assert_int_equal(send_lag_limit(&lag, 500000, 300000, true, now_us += S), 136000);
    assert_int_equal(send_lag_limit(&lag, 200000, 130000, true, now_us += S), 136000);
    /* By a tenth for a while, then by a third. */
    assert_int_equal(send_lag_limit(&lag, 100000, 130000, true, now_us += S), 149600);
    assert_int_equal(send_lag_limit(&lag, 0, 130000, true, now_us += S), 164560);
    now_us += 15 * (int64_t)S;
    unsigned n = 0;
    while (send_lag_limit(&lag, 0, 130000, true, now_us += S) != 0 && n < 60)
        n++;
    assert_in_range(n, 6, 9); /* none waits any more */
}

/* A picture that moves is always asked for. */
static void test_never_too_little(void **state)
{
    (void)state;
    SendLag lag = {0};
    int64_t now_us = 10 * S;
    for (unsigned i = 0; i < 10; i++)
        send_lag_limit(&lag, 2 * S, 5000, true, now_us += S);
    assert_int_equal(lag.most_bps, 30000);
}

/* The way to another network, a pause in which the camera's clock stood: a delay that stays. */
static void test_a_delay_that_stays_is_no_queue(void **state)
{
    (void)state;
    SendClock clock = {0};
    come(&clock, 0, 500, 0);
    come(&clock, 500, 550, 900 * 1000);
    assert_in_range(send_clock_lag_us(&clock, 550 * FRAME_US + 900 * 1000), 850 * 1000, 900 * 1000);
    come(&clock, 550, 1000, 900 * 1000);
    assert_int_equal(send_clock_lag_us(&clock, 1000 * FRAME_US + 900 * 1000), 0);
    /* After a gap it begins anew. */
    come(&clock, 1000, 1010, 900 * 1000 + 3 * S);
    assert_int_equal(send_clock_lag_us(&clock, 1010 * FRAME_US + 900 * 1000 + 3 * S), 0);
}

/* A device that counts pictures in place of time: after two minutes it is not believed. */
static void test_a_clock_that_is_none(void **state)
{
    (void)state;
    SendClock clock = {0};
    int64_t now_us = 0;
    unsigned n_late = 0;
    for (unsigned n = 0; n < 25 * 600; n++) {
        now_us = (int64_t)n * FRAME_US * 6 / 5;
        send_clock_note(&clock, before_wrap + n * TICKS, now_us);
        n_late += now_us > 120 * (int64_t)S && send_clock_lag_us(&clock, now_us) > 400 * 1000;
    }
    assert_int_equal(n_late, 0);
    /* One that drifts a little is. */
    clock = (SendClock){0};
    for (unsigned n = 0; n < 25 * 600; n++) {
        now_us = (int64_t)n * FRAME_US * 1001 / 1000;
        send_clock_note(&clock, before_wrap + n * TICKS, now_us);
        assert_true(send_clock_lag_us(&clock, now_us) < 30 * 1000);
    }
}

/* What came in a second with a gap in it says nothing. */
static void test_not_by_a_gap(void **state)
{
    (void)state;
    SendLag lag = {0};
    int64_t now_us = 10 * S;
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(send_lag_limit(&lag, 600000, 0, false, now_us += S), 0);
    assert_int_equal(send_lag_limit(&lag, 600000, 200000, true, now_us += S), 170000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_the_timestamps),
        cmocka_unit_test(test_another_source),
        cmocka_unit_test(test_less_until_they_do_not_wait),
        cmocka_unit_test(test_never_too_little),
        cmocka_unit_test(test_a_delay_that_stays_is_no_queue),
        cmocka_unit_test(test_a_clock_that_is_none),
        cmocka_unit_test(test_not_by_a_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
