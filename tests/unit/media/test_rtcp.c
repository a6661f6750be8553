// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/rtp/rtcp.h"

static RtcpPacket first_packet(const uint8_t *data, size_t size)
{
    RtcpIter iter;
    RtcpPacket packet = {0};
    rtcp_iter_init(&iter, data, size);
    assert_int_equal(rtcp_iter_next(&iter, &packet), RTCP_OK);
    return packet;
}

static RtcpResult first_result(const uint8_t *data, size_t size)
{
    RtcpIter iter;
    RtcpPacket packet;
    rtcp_iter_init(&iter, data, size);
    RtcpResult result = rtcp_iter_next(&iter, &packet);
    if (result != RTCP_OK)
        assert_int_equal(rtcp_iter_next(&iter, &packet), RTCP_END); /* the walk is over */
    return result;
}

static const RtcpReportBlock BLOCK = {
    .ssrc = 0x11223344,
    .fraction_lost = 64,
    .cumulative_lost = -2,
    .highest_sequence = 0x00010005,
    .jitter = 960,
    .last_sr = 0xaabbccdd,
    .delay_since_last_sr = 65536,
};

static bool same_block(const RtcpReportBlock *a, const RtcpReportBlock *b)
{
    return a->ssrc == b->ssrc && a->fraction_lost == b->fraction_lost &&
           a->cumulative_lost == b->cumulative_lost && a->highest_sequence == b->highest_sequence &&
           a->jitter == b->jitter && a->last_sr == b->last_sr &&
           a->delay_since_last_sr == b->delay_since_last_sr;
}

static void test_receiver_report_bytes(void **state)
{
    (void)state;
    static const uint8_t expected[] = {
        0x81, 0xc9, 0x00, 0x07, 0x01, 0x02, 0x03, 0x04, 0x11, 0x22, 0x33,
        0x44, 0x40, 0xff, 0xff, 0xfe, 0x00, 0x01, 0x00, 0x05, 0x00, 0x00,
        0x03, 0xc0, 0xaa, 0xbb, 0xcc, 0xdd, 0x00, 0x01, 0x00, 0x00,
    };
    uint8_t data[64];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    assert_int_equal(rtcp_write_rr(&writer, 0x01020304, &BLOCK, 1), RTCP_OK);
    assert_int_equal(writer.size, sizeof expected);
    assert_memory_equal(data, expected, sizeof expected);

    RtcpPacket packet = first_packet(data, writer.size);
    uint32_t ssrc = 0;
    assert_int_equal(rtcp_sender_ssrc(&packet, &ssrc), RTCP_OK);
    assert_int_equal(ssrc, 0x01020304);
    RtcpReportBlock block;
    assert_int_equal(rtcp_report_get(&packet, 0, &block), RTCP_OK);
    assert_true(same_block(&block, &BLOCK));
    assert_int_equal(rtcp_report_get(&packet, 1, &block), RTCP_END);
    RtcpSenderInfo info;
    assert_int_equal(rtcp_sr_parse(&packet, &info), RTCP_BAD_TYPE);
}

static void test_compound_of_all_kinds(void **state)
{
    (void)state;
    const RtcpSenderInfo sent = {.ssrc = 7,
                                 .ntp = 0x0123456789abcdef,
                                 .rtp_timestamp = 48000,
                                 .n_packets = 3,
                                 .n_octets = 9};
    const uint32_t leaving[] = {7, 8};
    uint8_t data[256];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    assert_int_equal(rtcp_write_sr(&writer, &sent, &BLOCK, 1), RTCP_OK);
    assert_int_equal(rtcp_write_sdes(&writer, 7, "huyula"), RTCP_OK);
    assert_int_equal(rtcp_write_bye(&writer, leaving, 2), RTCP_OK);

    RtcpIter iter;
    RtcpPacket packet;
    RtcpSenderInfo info;
    RtcpCname cname;
    RtcpBye bye;
    rtcp_iter_init(&iter, data, writer.size);
    assert_int_equal(rtcp_iter_next(&iter, &packet), RTCP_OK);
    assert_int_equal(rtcp_sr_parse(&packet, &info), RTCP_OK);
    assert_int_equal(info.ntp, sent.ntp);
    assert_int_equal(info.rtp_timestamp, 48000);
    assert_int_equal(info.n_packets, 3);
    assert_int_equal(info.n_octets, 9);
    assert_int_equal(rtcp_iter_next(&iter, &packet), RTCP_OK);
    assert_int_equal(rtcp_sdes_get(&packet, 0, &cname), RTCP_OK);
    assert_int_equal(cname.ssrc, 7);
    assert_int_equal(cname.size, 6);
    assert_memory_equal(cname.text, "huyula", 6);
    assert_int_equal(rtcp_sdes_get(&packet, 1, &cname), RTCP_END);
    assert_int_equal(rtcp_iter_next(&iter, &packet), RTCP_OK);
    assert_int_equal(rtcp_bye_parse(&packet, &bye), RTCP_OK);
    assert_int_equal(bye.n_ssrcs, 2);
    assert_int_equal(bye.ssrcs[1], 8);
    assert_int_equal(rtcp_iter_next(&iter, &packet), RTCP_END);
}

static void test_lengths_that_lie(void **state)
{
    (void)state;
    static const uint8_t four[] = {0x80, 0xc9, 0x00, 0x00};
    static const uint8_t too_long[] = {0x80, 0xc9, 0x00, 0x01, 1, 2, 3};
    static const uint8_t longest[] = {0x80, 0xc9, 0xff, 0xff, 1, 2, 3, 4};
    static const uint8_t old_version[] = {0x40, 0xc9, 0x00, 0x00};
    static const uint8_t rest[] = {0x80, 0xcc, 0x00, 0x00, 0x80};
    assert_int_equal(first_result(four, 4), RTCP_OK);
    for (size_t size = 1; size < 4; size++)
        assert_int_equal(first_result(four, size), RTCP_TOO_SHORT);
    assert_int_equal(first_result(four, 0), RTCP_END);
    assert_int_equal(first_result(too_long, sizeof too_long), RTCP_BAD_LENGTH);
    assert_int_equal(first_result(longest, sizeof longest), RTCP_BAD_LENGTH);
    assert_int_equal(first_result(old_version, sizeof old_version), RTCP_BAD_VERSION);

    RtcpIter iter;
    RtcpPacket packet;
    rtcp_iter_init(&iter, rest, sizeof rest);
    assert_int_equal(rtcp_iter_next(&iter, &packet), RTCP_OK);
    assert_int_equal(rtcp_iter_next(&iter, &packet), RTCP_TOO_SHORT);

    packet = first_packet(four, 4); /* an RR without even its SSRC */
    uint32_t ssrc = 0;
    RtcpReportBlock block;
    assert_int_equal(rtcp_sender_ssrc(&packet, &ssrc), RTCP_TOO_SHORT);
    assert_int_equal(rtcp_report_get(&packet, 0, &block), RTCP_TOO_SHORT);
}

static void test_counts_that_lie(void **state)
{
    (void)state;
    static const uint8_t rr[] = {0x9f, 0xc9, 0x00, 0x01, 0, 0, 0, 1};
    static const uint8_t bye[] = {0x9f, 0xcb, 0x00, 0x01, 0, 0, 0, 1};
    static const uint8_t reason[] = {0x81, 0xcb, 0x00, 0x02, 0, 0, 0, 1, 4, 'a', 'b', 'c'};
    uint8_t sr[28] = {0x81, 0xc8, 0x00, 0x06};
    RtcpReportBlock block;
    RtcpBye left;
    RtcpSenderInfo info;
    RtcpPacket packet = first_packet(rr, sizeof rr);
    assert_int_equal(rtcp_report_get(&packet, 0, &block), RTCP_BAD_COUNT);
    packet = first_packet(bye, sizeof bye);
    assert_int_equal(rtcp_bye_parse(&packet, &left), RTCP_BAD_COUNT);
    packet = first_packet(reason, sizeof reason);
    assert_int_equal(rtcp_bye_parse(&packet, &left), RTCP_BAD_LENGTH);
    packet = first_packet(sr, sizeof sr);
    assert_int_equal(rtcp_sr_parse(&packet, &info), RTCP_BAD_COUNT);
    sr[0] = 0x80;
    packet = first_packet(sr, sizeof sr);
    assert_int_equal(rtcp_sr_parse(&packet, &info), RTCP_OK);
}

static void test_padding(void **state)
{
    (void)state;
    /* As browsers send it: padded by one octet, another packet behind it. */
    uint8_t data[] = {0xa1, 0xce, 0x00, 0x03, 0,    0,    0,    1,    0, 0, 0, 2,
                      9,    9,    9,    1,    0x80, 0xc9, 0x00, 0x01, 0, 0, 0, 1};
    RtcpIter iter;
    RtcpPacket packet;
    rtcp_iter_init(&iter, data, sizeof data);
    assert_int_equal(rtcp_iter_next(&iter, &packet), RTCP_OK);
    assert_int_equal(packet.body_size, 11);
    assert_int_equal(rtcp_iter_next(&iter, &packet), RTCP_OK);
    assert_int_equal(packet.type, RTCP_RR);
    data[15] = 13;
    assert_int_equal(first_result(data, sizeof data), RTCP_BAD_PADDING);
    data[15] = 0;
    assert_int_equal(first_result(data, sizeof data), RTCP_BAD_PADDING);
    static const uint8_t nothing_to_pad[] = {0xa0, 0xce, 0x00, 0x00};
    assert_int_equal(first_result(nothing_to_pad, 4), RTCP_BAD_PADDING);
}

static void test_sdes_chunks(void **state)
{
    (void)state;
    static const uint8_t data[] = {
        0x82, 0xca, 0x00, 0x06, 0, 0, 0,   1, 2, 1, 'n', 1, 2, 'a', 'b', 0, /* NAME, CNAME */
        0,    0,    0,    2,    3, 1, 'e', 0, 0, 0, 0,   0,                 /* no CNAME */
    };
    RtcpCname cname;
    RtcpPacket packet = first_packet(data, sizeof data);
    assert_int_equal(rtcp_sdes_get(&packet, 0, &cname), RTCP_OK);
    assert_int_equal(cname.ssrc, 1);
    assert_memory_equal(cname.text, "ab", 2);
    assert_int_equal(rtcp_sdes_get(&packet, 1, &cname), RTCP_OK);
    assert_int_equal(cname.ssrc, 2);
    assert_null(cname.text);
    assert_int_equal(rtcp_sdes_get(&packet, 2, &cname), RTCP_END);

    static const uint8_t unterminated[] = {0x81, 0xca, 0x00, 0x02, 0, 0, 0, 1, 1, 2, 'a', 'b'};
    packet = first_packet(unterminated, sizeof unterminated);
    assert_int_equal(rtcp_sdes_get(&packet, 0, &cname), RTCP_TOO_SHORT);
    static const uint8_t overrun[] = {0x81, 0xca, 0x00, 0x02, 0, 0, 0, 1, 1, 255, 'a', 'b'};
    packet = first_packet(overrun, sizeof overrun);
    assert_int_equal(rtcp_sdes_get(&packet, 0, &cname), RTCP_TOO_SHORT);
    static const uint8_t missing[] = {0x9f, 0xca, 0x00, 0x00};
    packet = first_packet(missing, sizeof missing);
    assert_int_equal(rtcp_sdes_get(&packet, 30, &cname), RTCP_TOO_SHORT);
}

static void test_writer_keeps_to_its_space(void **state)
{
    (void)state;
    uint8_t data[8 + 32];
    RtcpWriter writer = {.data = data, .capacity = 8};
    assert_int_equal(rtcp_write_rr(&writer, 1, &BLOCK, 1), RTCP_NO_SPACE);
    assert_int_equal(writer.size, 0);
    assert_int_equal(rtcp_write_rr(&writer, 1, NULL, 0), RTCP_OK);
    assert_int_equal(rtcp_write_sdes(&writer, 1, "x"), RTCP_NO_SPACE);
    assert_int_equal(writer.size, 8);
    assert_int_equal(rtcp_write_sdes(&writer, 1, ""), RTCP_BAD_VALUE);
    RtcpReportBlock blocks[RTCP_REPORT_BLOCKS_MAX + 1] = {0};
    assert_int_equal(rtcp_write_rr(&writer, 1, blocks, RTCP_REPORT_BLOCKS_MAX + 1), RTCP_BAD_COUNT);
}

static void test_cumulative_loss_is_clamped(void **state)
{
    (void)state;
    RtcpReportBlock block = {.cumulative_lost = 0x1000000};
    uint8_t data[32];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    assert_int_equal(rtcp_write_rr(&writer, 1, &block, 1), RTCP_OK);
    RtcpPacket packet = first_packet(data, writer.size);
    assert_int_equal(rtcp_report_get(&packet, 0, &block), RTCP_OK);
    assert_int_equal(block.cumulative_lost, 0x7fffff);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_receiver_report_bytes),
        cmocka_unit_test(test_compound_of_all_kinds),
        cmocka_unit_test(test_lengths_that_lie),
        cmocka_unit_test(test_counts_that_lie),
        cmocka_unit_test(test_padding),
        cmocka_unit_test(test_sdes_chunks),
        cmocka_unit_test(test_writer_keeps_to_its_space),
        cmocka_unit_test(test_cumulative_loss_is_clamped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
