// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/rate/twcc_receiver.h"
#include "media/rtp/rtcp_twcc.h"

static const int64_t MS = 1000;

typedef struct {
    RtcpTwccInfo info;
    RtcpTwccStatus statuses[RTCP_TWCC_STATUSES_MAX];
    size_t n;
} Feedback;

/* The next message, as its receiver reads it. */
static RtcpResult next(TwccReceiver *receiver, Feedback *feedback)
{
    uint8_t data[1200];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    RtcpResult result = twcc_receiver_write(receiver, 1, 2, &writer);
    if (result != RTCP_OK)
        return result;
    RtcpIter iter;
    RtcpPacket packet = {0};
    rtcp_iter_init(&iter, data, writer.size);
    assert_int_equal(rtcp_iter_next(&iter, &packet), RTCP_OK);
    assert_int_equal(rtcp_twcc_parse(&packet, &feedback->info, feedback->statuses,
                                     RTCP_TWCC_STATUSES_MAX, &feedback->n),
                     RTCP_OK);
    return RTCP_OK;
}

static void test_packets_and_a_gap(void **state)
{
    (void)state;
    g_autoptr(TwccReceiver) receiver = twcc_receiver_new();
    Feedback feedback = {0};
    assert_false(twcc_receiver_pending(receiver));
    assert_int_equal(next(receiver, &feedback), RTCP_END);
    twcc_receiver_on_packet(receiver, 65534, 1000 * MS);
    twcc_receiver_on_packet(receiver, 65535, 1010 * MS);
    twcc_receiver_on_packet(receiver, 1, 1020 * MS);
    twcc_receiver_on_packet(receiver, 1, 1090 * MS); /* a copy: the first arrival counts */
    assert_true(twcc_receiver_pending(receiver));
    assert_int_equal(next(receiver, &feedback), RTCP_OK);
    assert_int_equal(feedback.info.sender_ssrc, 1);
    assert_int_equal(feedback.info.media_ssrc, 2);
    assert_int_equal(feedback.info.feedback_count, 0);
    assert_int_equal(feedback.n, 4);
    assert_int_equal(feedback.statuses[0].sequence, 65534);
    assert_int_equal(feedback.statuses[0].arrival_us, 1000 * MS);
    assert_false(feedback.statuses[2].received);
    assert_int_equal(feedback.statuses[3].arrival_us, 1020 * MS);
    assert_false(twcc_receiver_pending(receiver));
    assert_int_equal(next(receiver, &feedback), RTCP_END);
}

static void test_loss_between_messages_is_told(void **state)
{
    (void)state;
    g_autoptr(TwccReceiver) receiver = twcc_receiver_new();
    Feedback feedback = {0};
    twcc_receiver_on_packet(receiver, 1, 0);
    assert_int_equal(next(receiver, &feedback), RTCP_OK);
    twcc_receiver_on_packet(receiver, 4, 50 * MS);
    assert_int_equal(next(receiver, &feedback), RTCP_OK);
    assert_int_equal(feedback.info.feedback_count, 1);
    assert_int_equal(feedback.n, 3);
    assert_int_equal(feedback.statuses[0].sequence, 2);
    assert_false(feedback.statuses[0].received);
    assert_true(feedback.statuses[2].received);
}

static void test_late_packet_is_told_again(void **state)
{
    (void)state;
    g_autoptr(TwccReceiver) receiver = twcc_receiver_new();
    Feedback feedback = {0};
    twcc_receiver_on_packet(receiver, 1, 0);
    twcc_receiver_on_packet(receiver, 3, 0);
    assert_int_equal(next(receiver, &feedback), RTCP_OK);
    twcc_receiver_on_packet(receiver, 2, 30 * MS);
    assert_int_equal(next(receiver, &feedback), RTCP_OK);
    assert_int_equal(feedback.n, 2);
    assert_int_equal(feedback.statuses[0].sequence, 2);
    assert_int_equal(feedback.statuses[0].arrival_us, 30 * MS);
    assert_int_equal(feedback.statuses[1].arrival_us, 0); /* a negative delta */
    twcc_receiver_on_packet(receiver, 5, 100 * MS);
    assert_int_equal(next(receiver, &feedback), RTCP_OK);
    twcc_receiver_on_packet(receiver, 4, 601 * MS); /* after the back window */
    assert_int_equal(next(receiver, &feedback), RTCP_END);
}

static void test_large_gap_takes_more_messages(void **state)
{
    (void)state;
    g_autoptr(TwccReceiver) receiver = twcc_receiver_new();
    Feedback feedback = {0};
    twcc_receiver_on_packet(receiver, 1, 0);
    twcc_receiver_on_packet(receiver, 1500, 10 * MS);
    assert_int_equal(next(receiver, &feedback), RTCP_OK);
    assert_int_equal(feedback.n, RTCP_TWCC_STATUSES_MAX);
    assert_int_equal(next(receiver, &feedback), RTCP_OK);
    assert_int_equal(feedback.n, 1500 - RTCP_TWCC_STATUSES_MAX);
    assert_true(feedback.statuses[feedback.n - 1].received);
    assert_int_equal(next(receiver, &feedback), RTCP_END);
    twcc_receiver_on_packet(receiver, 3000, 20 * MS); /* a gap longer than a message */
    assert_int_equal(next(receiver, &feedback), RTCP_OK);
    assert_int_equal(feedback.n, 1);
    assert_int_equal(feedback.statuses[0].sequence, 3000);
    twcc_receiver_on_packet(receiver, 20000, 30 * MS); /* out of the window: a new start */
    assert_int_equal(next(receiver, &feedback), RTCP_OK);
    assert_int_equal(feedback.n, 1);
    assert_int_equal(next(receiver, &feedback), RTCP_END);
}

static void test_too_small_a_packet(void **state)
{
    (void)state;
    g_autoptr(TwccReceiver) receiver = twcc_receiver_new();
    uint8_t data[20];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    twcc_receiver_on_packet(receiver, 1, 0);
    assert_int_equal(twcc_receiver_write(receiver, 1, 2, &writer), RTCP_NO_SPACE);
    assert_true(twcc_receiver_pending(receiver));
    twcc_receiver_reset(receiver);
    assert_false(twcc_receiver_pending(receiver));
}

static void test_interval(void **state)
{
    (void)state;
    assert_int_equal(twcc_interval_us(0), 250 * MS);
    assert_int_equal(twcc_interval_us(20000), 250 * MS);
    assert_int_equal(twcc_interval_us(108800), 100 * MS); /* 544 bits of 5 % of it */
    assert_int_equal(twcc_interval_us(10000000), 50 * MS);
    assert_int_equal(twcc_interval_us(UINT64_MAX), 50 * MS);
}

/* Checks a message against what came and counts the packets not told of before. */
static uint32_t count_new(const Feedback *feedback, const int64_t *came_us, bool *told)
{
    uint32_t n = 0;
    for (size_t i = 0; i < feedback->n; i++) {
        const RtcpTwccStatus *status = &feedback->statuses[i];
        uint16_t number = status->sequence;
        assert_int_equal(status->received, came_us[number] >= 0);
        if (!status->received)
            continue;
        assert_int_equal(status->arrival_us, came_us[number]);
        n += !told[number];
        told[number] = true;
    }
    return n;
}

/* Every packet that came is told with its time, whatever was lost or late, over several laps. */
static void test_long_run(void **state)
{
    (void)state;
    g_autoptr(TwccReceiver) receiver = twcc_receiver_new();
    static int64_t came_us[65536];
    static bool told[65536];
    uint32_t seed = 9;
    uint32_t n_came = 0;
    uint32_t n_told = 0;
    Feedback feedback = {0};
    for (uint32_t i = 0; i < 300000; i++) {
        seed = seed * 1664525 + 1013904223;
        uint16_t sequence = (uint16_t)i;
        told[sequence] = false;
        came_us[sequence] = -1;
        if ((seed >> 16) % 10 != 0) {
            came_us[sequence] = (int64_t)i * 5000;
            twcc_receiver_on_packet(receiver, sequence, came_us[sequence]);
            n_came++;
        }
        if (i % 20 != 0 && i != 299999)
            continue;
        while (next(receiver, &feedback) == RTCP_OK)
            n_told += count_new(&feedback, came_us, told);
    }
    assert_int_equal(n_told, n_came);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_packets_and_a_gap),
        cmocka_unit_test(test_loss_between_messages_is_told),
        cmocka_unit_test(test_late_packet_is_told_again),
        cmocka_unit_test(test_large_gap_takes_more_messages),
        cmocka_unit_test(test_too_small_a_packet),
        cmocka_unit_test(test_interval),
        cmocka_unit_test(test_long_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
