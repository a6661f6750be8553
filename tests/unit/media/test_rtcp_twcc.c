// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/rtp/rtcp_twcc.h"

static RtcpPacket first_packet(const uint8_t *data, size_t size)
{
    RtcpIter iter;
    RtcpPacket packet = {0};
    rtcp_iter_init(&iter, data, size);
    assert_int_equal(rtcp_iter_next(&iter, &packet), RTCP_OK);
    return packet;
}

static RtcpTwccStatus got(uint16_t sequence, int64_t arrival_us)
{
    return (RtcpTwccStatus){.sequence = sequence, .received = true, .arrival_us = arrival_us};
}

static RtcpTwccStatus lost(uint16_t sequence)
{
    return (RtcpTwccStatus){.sequence = sequence};
}

static void test_literal_message(void **state)
{
    (void)state;
    /* Base 0xffff, 4 packets: small, lost, large (-1), small; reference 2 * 64 ms. */
    static const uint8_t data[] = {
        0x8f, 0xcd, 0x00, 0x06, 0, 0, 0,    1,    0, 0,    0,    2, 0xff, 0xff,
        0x00, 0x04, 0x00, 0x00, 2, 9, 0xd2, 0x40, 4, 0xff, 0xff, 1, 0,    0,
    };
    RtcpTwccInfo info;
    RtcpTwccStatus statuses[8];
    size_t n = 0;
    RtcpPacket packet = first_packet(data, sizeof data);
    assert_int_equal(rtcp_twcc_parse(&packet, &info, statuses, 8, &n), RTCP_OK);
    assert_int_equal(info.sender_ssrc, 1);
    assert_int_equal(info.media_ssrc, 2);
    assert_int_equal(info.feedback_count, 9);
    assert_int_equal(n, 4);
    assert_int_equal(statuses[0].sequence, 0xffff);
    assert_int_equal(statuses[0].arrival_us, 129000);
    assert_false(statuses[1].received);
    assert_int_equal(statuses[1].sequence, 0);
    assert_int_equal(statuses[2].arrival_us, 128750);
    assert_int_equal(statuses[3].arrival_us, 129000);
    assert_int_equal(statuses[3].sequence, 2);

    uint8_t written[64];
    size_t n_written = 0;
    RtcpWriter writer = {.data = written, .capacity = sizeof written};
    assert_int_equal(rtcp_write_twcc(&writer, &info, statuses, n, &n_written), RTCP_OK);
    assert_int_equal(n_written, 4);
    assert_int_equal(writer.size, sizeof data);
    assert_memory_equal(written, data, sizeof data);
}

static void test_run_length_bomb(void **state)
{
    (void)state;
    uint8_t data[] = {0x8f, 0xcd, 0x00, 0x05, 0, 0, 0, 1, 0,    0,    0,    2,
                      0,    0,    0xff, 0xff, 0, 0, 0, 0, 0x1f, 0xff, 0x1f, 0xff};
    RtcpTwccInfo info;
    RtcpTwccStatus statuses[RTCP_TWCC_STATUSES_MAX];
    size_t n = 0;
    RtcpPacket packet = first_packet(data, sizeof data);
    assert_int_equal(rtcp_twcc_parse(&packet, &info, statuses, RTCP_TWCC_STATUSES_MAX, &n),
                     RTCP_BAD_COUNT);
    data[14] = 0x04; /* 1024: all lost, fine */
    data[15] = 0x00;
    assert_int_equal(rtcp_twcc_parse(&packet, &info, statuses, RTCP_TWCC_STATUSES_MAX, &n),
                     RTCP_OK);
    assert_int_equal(n, 1024);
    assert_int_equal(rtcp_twcc_parse(&packet, &info, statuses, 1023, &n), RTCP_BAD_COUNT);
    data[14] = 0;
    assert_int_equal(rtcp_twcc_parse(&packet, &info, statuses, 8, &n), RTCP_BAD_COUNT);
    data[15] = 4;
    data[20] = 0x20; /* four small deltas, none there: the second chunk is taken for two */
    data[21] = 0x04;
    assert_int_equal(rtcp_twcc_parse(&packet, &info, statuses, 8, &n), RTCP_TOO_SHORT);
    data[20] = 0x60; /* a reserved symbol */
    assert_int_equal(rtcp_twcc_parse(&packet, &info, statuses, 8, &n), RTCP_BAD_VALUE);
    data[20] = 0x00; /* a run of none, which would never end */
    data[21] = 0x00;
    assert_int_equal(rtcp_twcc_parse(&packet, &info, statuses, 8, &n), RTCP_BAD_VALUE);
    data[20] = 0x80; /* 14 of 20 statuses, then nothing */
    data[22] = 0x00;
    data[23] = 0x01;
    data[15] = 20;
    assert_int_equal(rtcp_twcc_parse(&packet, &info, statuses, 32, &n), RTCP_BAD_COUNT);
}

static void test_negative_reference_time(void **state)
{
    (void)state;
    const RtcpTwccInfo info = {0};
    const RtcpTwccStatus statuses[] = {got(1, -64001), got(2, 10)};
    uint8_t data[64];
    size_t n = 0;
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    assert_int_equal(rtcp_write_twcc(&writer, &info, statuses, 2, &n), RTCP_OK);
    RtcpTwccStatus parsed[2];
    RtcpTwccInfo read;
    RtcpPacket packet = first_packet(data, writer.size);
    assert_int_equal(rtcp_twcc_parse(&packet, &read, parsed, 2, &n), RTCP_OK);
    assert_int_equal(parsed[0].arrival_us, -64000);
    assert_int_equal(parsed[1].arrival_us, 0);
}

static void test_cut_at_a_delta_too_large(void **state)
{
    (void)state;
    const RtcpTwccInfo info = {0};
    const RtcpTwccStatus statuses[] = {got(1, 0), lost(2), got(3, 9000000), got(4, 9000250)};
    uint8_t data[64];
    size_t n = 0;
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    assert_int_equal(rtcp_write_twcc(&writer, &info, statuses, 4, &n), RTCP_OK);
    assert_int_equal(n, 1);
    writer.size = 0;
    assert_int_equal(rtcp_write_twcc(&writer, &info, statuses + 1, 3, &n), RTCP_OK);
    assert_int_equal(n, 3);
}

static void test_space_and_nothing_received(void **state)
{
    (void)state;
    const RtcpTwccInfo info = {0};
    RtcpTwccStatus statuses[] = {lost(1), lost(2), got(3, 0)};
    uint8_t data[24];
    size_t n = 0;
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    assert_int_equal(rtcp_write_twcc(&writer, &info, statuses, 2, &n), RTCP_BAD_VALUE);
    assert_int_equal(rtcp_write_twcc(&writer, &info, statuses, 3, &n), RTCP_OK);
    assert_int_equal(writer.size, 24);
    for (size_t capacity = 0; capacity < 24; capacity++) {
        writer = (RtcpWriter){.data = data, .capacity = capacity};
        assert_int_equal(rtcp_write_twcc(&writer, &info, statuses, 3, &n), RTCP_NO_SPACE);
        assert_int_equal(writer.size, 0);
    }
}

/* A pattern of losses and delays; times are whole units so that they come back exactly. */
static size_t make_pattern(uint32_t *seed, RtcpTwccStatus *statuses)
{
    *seed = *seed * 1664525 + 1013904223;
    size_t n = 1 + (*seed >> 8) % 1500;
    unsigned loss_percent = (*seed >> 20) % 100;
    int64_t now_us = (int64_t)(*seed >> 12) * 250;
    for (size_t i = 0; i < n; i++) {
        *seed = *seed * 1664525 + 1013904223;
        uint16_t sequence = (uint16_t)(65000 + i);
        statuses[i] = lost(sequence);
        if (i + 1 == n || (*seed >> 16) % 100 >= loss_percent) {
            int64_t step = (*seed >> 24) % 16 == 0 ? (int64_t)((*seed >> 8) % 2000) - 1000 : 20;
            now_us += step * 250;
            statuses[i] = got(sequence, now_us);
        }
    }
    return n;
}

static void test_patterns_round_trip_in_pieces(void **state)
{
    (void)state;
    static RtcpTwccStatus statuses[1500];
    static RtcpTwccStatus parsed[RTCP_TWCC_STATUSES_MAX];
    uint32_t seed = 7;
    for (int round = 0; round < 400; round++) {
        size_t n = make_pattern(&seed, statuses);
        for (size_t done = 0; done < n;) {
            uint8_t data[1200];
            size_t n_written = 0;
            const RtcpTwccInfo info = {.sender_ssrc = 1, .media_ssrc = 2, .feedback_count = 3};
            RtcpWriter writer = {.data = data, .capacity = 100 + (size_t)round % 1100};
            RtcpResult result =
                rtcp_write_twcc(&writer, &info, statuses + done, n - done, &n_written);
            if (result == RTCP_NO_SPACE) { /* a long gap into a small packet */
                done++;
                continue;
            }
            assert_int_equal(result, RTCP_OK);
            RtcpTwccInfo read;
            size_t n_parsed = 0;
            RtcpPacket packet = first_packet(data, writer.size);
            assert_int_equal(
                rtcp_twcc_parse(&packet, &read, parsed, RTCP_TWCC_STATUSES_MAX, &n_parsed),
                RTCP_OK);
            assert_int_equal(n_parsed, n_written);
            for (size_t i = 0; i < n_parsed; i++) {
                assert_int_equal(parsed[i].sequence, statuses[done + i].sequence);
                assert_int_equal(parsed[i].received, statuses[done + i].received);
                assert_int_equal(parsed[i].arrival_us, statuses[done + i].arrival_us);
            }
            assert_true(parsed[n_parsed - 1].received);
            done += n_written;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_literal_message),
        cmocka_unit_test(test_run_length_bomb),
        cmocka_unit_test(test_negative_reference_time),
        cmocka_unit_test(test_cut_at_a_delta_too_large),
        cmocka_unit_test(test_space_and_nothing_received),
        cmocka_unit_test(test_patterns_round_trip_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
