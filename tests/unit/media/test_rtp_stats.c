// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/rate/rtp_stats.h"

static const int64_t MS = 1000;

static void test_no_report_before_a_packet(void **state)
{
    (void)state;
    RtpStats stats;
    RtcpReportBlock block;
    rtp_stats_init(&stats, 48000);
    assert_false(rtp_stats_report(&stats, 1, 0, &block));
    assert_int_equal(rtp_stats_lost(&stats), 0);
}

static void test_loss_over_a_wrap(void **state)
{
    (void)state;
    RtpStats stats;
    RtcpReportBlock block;
    rtp_stats_init(&stats, 48000);
    for (uint32_t i = 65500; i < 65600; i++) {
        if (i % 4 != 0) /* a quarter is lost; 65500 and on */
            rtp_stats_on_packet(&stats, (uint16_t)i, i * 960, (int64_t)i * 20 * MS);
    }
    assert_true(rtp_stats_report(&stats, 42, 0, &block));
    assert_int_equal(block.ssrc, 42);
    assert_int_equal(block.highest_sequence, 0x10000 + 65599 - 65536);
    assert_int_equal(block.cumulative_lost, 24); /* the first of all is not known of */
    assert_int_equal(block.fraction_lost, 24 * 256 / 99);
    assert_int_equal(block.jitter, 0);
    assert_int_equal(rtp_stats_received(&stats), 75);
    assert_int_equal(rtp_stats_lost(&stats), 24);
    /* Ten more without loss: the fraction counts from the last report. */
    for (uint32_t i = 65600; i < 65610; i++)
        rtp_stats_on_packet(&stats, (uint16_t)i, i * 960, (int64_t)i * 20 * MS);
    assert_true(rtp_stats_report(&stats, 42, 0, &block));
    assert_int_equal(block.fraction_lost, 0);
    assert_int_equal(block.cumulative_lost, 24);
}

static void test_all_lost_since_and_duplicates(void **state)
{
    (void)state;
    RtpStats stats;
    RtcpReportBlock block;
    rtp_stats_init(&stats, 48000);
    rtp_stats_on_packet(&stats, 1, 0, 0);
    rtp_stats_on_packet(&stats, 1, 0, 0);
    rtp_stats_on_packet(&stats, 1, 0, 0);
    assert_true(rtp_stats_report(&stats, 1, 0, &block));
    assert_int_equal(block.cumulative_lost, -2); /* RFC 3550, A.3 */
    assert_int_equal(block.fraction_lost, 0);
    assert_int_equal(rtp_stats_lost(&stats), 0);
    rtp_stats_on_packet(&stats, 2001, 0, 0);
    assert_true(rtp_stats_report(&stats, 1, 0, &block));
    assert_int_equal(block.fraction_lost, 255);
}

static void test_restart_needs_two_packets(void **state)
{
    (void)state;
    RtpStats stats;
    RtcpReportBlock block;
    rtp_stats_init(&stats, 48000);
    rtp_stats_on_packet(&stats, 10, 0, 0);
    rtp_stats_on_packet(&stats, 12, 0, 0);
    rtp_stats_on_packet(&stats, 30000, 0, 0); /* not believed */
    assert_true(rtp_stats_report(&stats, 1, 0, &block));
    assert_int_equal(block.highest_sequence, 12);
    rtp_stats_on_packet(&stats, 30001, 0, 0);
    assert_true(rtp_stats_report(&stats, 1, 0, &block));
    assert_int_equal(block.highest_sequence, 30001);
    assert_int_equal(block.cumulative_lost, 0);
    assert_int_equal(rtp_stats_received(&stats), 3);
    assert_int_equal(rtp_stats_lost(&stats), 1);
}

static void test_jitter(void **state)
{
    (void)state;
    RtpStats stats;
    rtp_stats_init(&stats, 48000);
    /* Every other packet comes 10 ms late: the difference is always 480 units, where it settles. */
    for (uint16_t i = 0; i < 500; i++)
        rtp_stats_on_packet(&stats, i, i * 960U, i * (20 * MS) + i % 2 * (10 * MS));
    assert_in_range(rtp_stats_jitter_us(&stats), 9700, 10000);
    /* Packets of one picture, sent apart, add none. */
    rtp_stats_init(&stats, 90000);
    for (uint16_t i = 0; i < 500; i++)
        rtp_stats_on_packet(&stats, i, i / 5 * 3000U,
                            i / 5 * INT64_C(100000) / 3 + i % 5 * (3 * MS));
    assert_in_range(rtp_stats_jitter_us(&stats), 0, 40);
    /* A new clock is not jitter. */
    rtp_stats_on_packet(&stats, 500, 0x80000000, 1);
    assert_in_range(rtp_stats_jitter_us(&stats), 0, 40);
}

static void test_round_trip(void **state)
{
    (void)state;
    /* RFC 3550, section 6.4.1, figure 2: A 0xb710:8000, LSR 0xb705:2000, DLSR 5.25 s: 6.125 s. */
    RtcpReportBlock block = {.last_sr = 0xb7052000, .delay_since_last_sr = 0x00054000};
    int64_t rtt_us = 0;
    assert_true(rtp_rtt_us(&block, UINT64_C(0xb7108000) << 16, &rtt_us));
    assert_int_equal(rtt_us, 6125000);
    block.last_sr = 0;
    assert_false(rtp_rtt_us(&block, UINT64_C(0xb7108000) << 16, &rtt_us));
    block = (RtcpReportBlock){.last_sr = 1000, .delay_since_last_sr = 65536};
    assert_false(rtp_rtt_us(&block, UINT64_C(1000) << 16, &rtt_us)); /* a second back in time */
    assert_true(rtp_rtt_us(&block, UINT64_C(66500) << 16, &rtt_us)); /* rounding */
    assert_int_equal(rtt_us, 0);
    assert_false(rtp_rtt_us(&block, UINT64_C(4064232) << 16, &rtt_us));
}

static void test_delay_since_sender_report(void **state)
{
    (void)state;
    RtpStats stats;
    RtcpReportBlock block;
    rtp_stats_init(&stats, 48000);
    rtp_stats_on_packet(&stats, 1, 0, 0);
    assert_true(rtp_stats_report(&stats, 1, 0, &block));
    assert_int_equal(block.last_sr, 0);
    rtp_stats_on_sr(&stats, 0x1122334455667788, 1000 * MS);
    assert_true(rtp_stats_report(&stats, 1, 2500 * MS, &block));
    assert_int_equal(block.last_sr, 0x33445566);
    assert_int_equal(block.delay_since_last_sr, 65536 * 3 / 2);
}

static void test_ntp(void **state)
{
    (void)state;
    assert_true(ntp_from_wall_us(0) == UINT64_C(2208988800) << 32);
    assert_true(ntp_from_wall_us(1500000) == ((UINT64_C(2208988801) << 32) | UINT64_C(0x80000000)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_report_before_a_packet),
        cmocka_unit_test(test_loss_over_a_wrap),
        cmocka_unit_test(test_all_lost_since_and_duplicates),
        cmocka_unit_test(test_restart_needs_two_packets),
        cmocka_unit_test(test_jitter),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_delay_since_sender_report),
        cmocka_unit_test(test_ntp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
