// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "media/rate/probe.h"

enum { MS = 1000, S = 1000 * 1000, ESTIMATE_BPS = 100 * 1000, SMALL = 300, LARGE = 1200 };

static Probe probe;
static ProbeNeed need;
static SendProbe order;
static int64_t now_us;

/* A try beyond the estimate. */
static void begin(uint32_t estimate_bps)
{
    probe = (Probe){.n_done = 1};
    now_us = 100 * S;
    need = (ProbeNeed){
        .estimate_bps = estimate_bps,
        .ceiling_bps = 1000 * 1000,
        .sent_bps = estimate_bps / 2,
        .rtt_us = 100 * MS,
        .quiet = true,
    };
    assert_true(probe_start(&probe, &need, now_us, &order));
}

/* A packet leaves at the tried rate and comes DELAY_US later. */
static void pass(size_t bytes, int64_t delay_us)
{
    unsigned id = probe_on_sent(&probe, bytes, now_us);
    probe_on_arrived(&probe, id, bytes, now_us, delay_us);
    now_us += (int64_t)bytes * 8 * S / order.rate_bps;
}

static void lose(size_t bytes, bool is_padding)
{
    unsigned id = probe_on_sent(&probe, bytes, now_us);
    probe_on_lost(&probe, id, is_padding);
    now_us += (int64_t)bytes * 8 * S / order.rate_bps;
}

static ProbeResult judge(uint32_t *ret_bps)
{
    *ret_bps = 0;
    now_us += 2 * S;
    return probe_judge(&probe, &need, 0, now_us, ret_bps);
}

/* What a packet takes by itself on a link that is faster is no queue, in either order. */
static void test_sizes_are_no_slope(void **state)
{
    (void)state;
    static const size_t sizes[] = {SMALL, SMALL, LARGE, SMALL, LARGE, LARGE};
    static const int64_t rates_bps[] = {300000, 20 * 1000 * 1000};
    const unsigned n = sizeof sizes / sizeof sizes[0];
    for (unsigned turn = 0; turn < 4; turn++) {
        uint32_t bps;
        begin(ESTIMATE_BPS);
        for (unsigned i = 0; i < n; i++) {
            size_t size = sizes[turn < 2 ? i : n - 1 - i];
            pass(size, 50 * MS + (int64_t)size * 8 * S / rates_bps[turn % 2]);
        }
        assert_int_equal(judge(&bps), PROBE_GOOD);
        assert_true(bps > ESTIMATE_BPS * 1.4);
    }
}

/* A link of just the estimate holds up each packet more than the one before. */
static void test_a_full_link_is_a_limit(void **state)
{
    (void)state;
    uint32_t bps;
    begin(ESTIMATE_BPS);
    int64_t free_us = now_us;
    for (unsigned i = 0; i < 10; i++) {
        size_t bytes = i % 2 == 0 ? LARGE : SMALL;
        free_us = (free_us > now_us ? free_us : now_us) + (int64_t)bytes * 8 * S / ESTIMATE_BPS;
        pass(bytes, free_us - now_us + 50 * MS);
    }
    assert_int_equal(judge(&bps), PROBE_LIMIT);
    assert_true(bps < ESTIMATE_BPS * 1.15);
}

/* Once may be one run of losses; the second time it is a limit, but for padding alone. */
static void test_lost_padding_is_no_limit(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        bool is_padding = i == 0;
        ProbeResult result = PROBE_NONE;
        uint32_t bps;
        begin(ESTIMATE_BPS);
        for (unsigned turn = 0; turn < 2; turn++) {
            if (turn > 0) {
                now_us += 20 * S;
                assert_true(probe_start(&probe, &need, now_us, &order));
            }
            pass(SMALL, 50 * MS);
            for (unsigned n = 0; n < 8; n++)
                lose(SMALL, is_padding);
            pass(SMALL, 50 * MS);
            pass(SMALL, 50 * MS);
            pass(SMALL, 50 * MS);
            result = judge(&bps);
        }
        assert_int_equal(result, is_padding ? PROBE_UNCLEAR : PROBE_LIMIT);
    }
}

/* Sent later, come earlier. */
static void test_a_clock_that_goes_back_says_nothing(void **state)
{
    (void)state;
    uint32_t bps;
    begin(ESTIMATE_BPS);
    for (unsigned i = 0; i < 10; i++)
        pass(SMALL, i < 5 ? 50 * MS : 50 * MS - 5 * S);
    assert_int_equal(judge(&bps), PROBE_UNCLEAR);
}

/* At the floor as well a try is long enough for what it takes to judge it. */
static void test_a_small_estimate_is_tried_with_enough_packets(void **state)
{
    (void)state;
    uint32_t bps;
    probe_aim(&probe, 0, 0);
    begin(10 * 1000);
    probe_abandon(&probe, now_us);
    probe_aim(&probe, 17 * 1000, now_us);
    assert_true(probe_start(&probe, &need, now_us, &order));
    assert_int_equal(order.rate_bps, 17 * 1000);
    for (size_t bytes = 0; bytes < order.n_bytes; bytes += 160)
        pass(160, 50 * MS);
    assert_int_equal(judge(&bps), PROBE_GOOD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_are_no_slope),
        cmocka_unit_test(test_a_full_link_is_a_limit),
        cmocka_unit_test(test_lost_padding_is_no_limit),
        cmocka_unit_test(test_a_clock_that_goes_back_says_nothing),
        cmocka_unit_test(test_a_small_estimate_is_tried_with_enough_packets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
