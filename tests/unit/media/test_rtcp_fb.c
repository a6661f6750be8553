// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/rtp/bytes.h"
#include "media/rtp/rtcp_fb.h"

static RtcpPacket first_packet(const uint8_t *data, size_t size)
{
    RtcpIter iter;
    RtcpPacket packet = {0};
    rtcp_iter_init(&iter, data, size);
    assert_int_equal(rtcp_iter_next(&iter, &packet), RTCP_OK);
    return packet;
}

static void test_nack_bytes(void **state)
{
    (void)state;
    static const uint16_t lost[] = {0xfffe, 0xffff, 2, 40};
    static const uint8_t expected[] = {0x81, 0xcd, 0x00, 0x04, 0, 0, 0, 1,    0,    0,
                                       0,    2,    0xff, 0xfe, 0, 9, 0, 0x28, 0x00, 0x00};
    uint8_t data[64];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    assert_int_equal(rtcp_write_nack(&writer, 1, 2, lost, 4), RTCP_OK);
    assert_int_equal(writer.size, sizeof expected);
    assert_memory_equal(data, expected, sizeof expected);

    uint16_t parsed[8];
    size_t n = 0;
    uint32_t media = 0;
    RtcpPacket packet = first_packet(data, writer.size);
    assert_int_equal(rtcp_nack_parse(&packet, &media, parsed, 8, &n), RTCP_OK);
    assert_int_equal(media, 2);
    assert_int_equal(n, 4);
    assert_memory_equal(parsed, lost, sizeof lost);
    assert_int_equal(rtcp_nack_parse(&packet, &media, parsed, 3, &n), RTCP_OK);
    assert_int_equal(n, 3); /* the rest is left off */
    assert_int_equal(rtcp_nack_parse(&packet, &media, parsed, 0, &n), RTCP_OK);
    assert_int_equal(n, 0);
}

static void test_nack_round_trips(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (int round = 0; round < 2000; round++) {
        uint16_t lost[100];
        size_t n_lost = 0;
        uint16_t sequence = (uint16_t)(seed >> 16);
        while (n_lost < 1 + (size_t)round % 100) {
            lost[n_lost++] = sequence;
            seed = seed * 1664525 + 1013904223;
            sequence = (uint16_t)(sequence + 1 + (seed >> 24) % 20);
        }
        uint8_t data[600];
        RtcpWriter writer = {.data = data, .capacity = sizeof data};
        assert_int_equal(rtcp_write_nack(&writer, 1, 2, lost, n_lost), RTCP_OK);
        RtcpPacket packet = first_packet(data, writer.size);
        uint16_t parsed[200];
        size_t n = 0;
        uint32_t media = 0;
        assert_int_equal(rtcp_nack_parse(&packet, &media, parsed, 200, &n), RTCP_OK);
        assert_int_equal(n, n_lost);
        assert_memory_equal(parsed, lost, n * sizeof lost[0]);
    }
}

static void test_nack_refused(void **state)
{
    (void)state;
    static const uint8_t no_item[] = {0x81, 0xcd, 0x00, 0x02, 0, 0, 0, 1, 0, 0, 0, 2};
    static const uint8_t no_media[] = {0x81, 0xcd, 0x00, 0x01, 0, 0, 0, 1};
    static const uint8_t pli[] = {0x81, 0xce, 0x00, 0x02, 0, 0, 0, 1, 0, 0, 0, 2};
    uint16_t lost[4];
    size_t n = 0;
    uint32_t media = 0;
    RtcpPacket packet = first_packet(no_item, sizeof no_item);
    assert_int_equal(rtcp_nack_parse(&packet, &media, lost, 4, &n), RTCP_BAD_LENGTH);
    packet = first_packet(no_media, sizeof no_media);
    assert_int_equal(rtcp_nack_parse(&packet, &media, lost, 4, &n), RTCP_TOO_SHORT);
    packet = first_packet(pli, sizeof pli);
    assert_int_equal(rtcp_nack_parse(&packet, &media, lost, 4, &n), RTCP_BAD_TYPE);
    assert_int_equal(rtcp_pli_parse(&packet, &media), RTCP_OK);
    assert_int_equal(media, 2);
    RtcpWriter writer = {.data = NULL, .capacity = 0};
    assert_int_equal(rtcp_write_nack(&writer, 1, 2, lost, 0), RTCP_BAD_COUNT);
}

static void test_pli_bytes(void **state)
{
    (void)state;
    static const uint8_t expected[] = {0x81, 0xce, 0x00, 0x02, 0, 0, 0, 1, 0, 0, 0, 2};
    uint8_t data[12];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    assert_int_equal(rtcp_write_pli(&writer, 1, 2), RTCP_OK);
    assert_memory_equal(data, expected, sizeof expected);
    assert_int_equal(rtcp_write_pli(&writer, 1, 2), RTCP_NO_SPACE);
}

static void test_fir(void **state)
{
    (void)state;
    const RtcpFirEntry entries[] = {{.ssrc = 5, .sequence = 250}, {.ssrc = 6, .sequence = 1}};
    uint8_t data[64];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    assert_int_equal(rtcp_write_fir(&writer, 1, entries, 2), RTCP_OK);
    assert_int_equal(bytes_read_u32(data + 8), 0);
    RtcpPacket packet = first_packet(data, writer.size);
    RtcpFirEntry entry;
    assert_int_equal(rtcp_fir_get(&packet, 0, &entry), RTCP_OK);
    assert_int_equal(entry.ssrc, 5);
    assert_int_equal(entry.sequence, 250);
    assert_int_equal(rtcp_fir_get(&packet, 1, &entry), RTCP_OK);
    assert_int_equal(entry.ssrc, 6);
    assert_int_equal(rtcp_fir_get(&packet, 2, &entry), RTCP_END);

    static const uint8_t half[] = {0x84, 0xce, 0x00, 0x03, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 5};
    packet = first_packet(half, sizeof half);
    assert_int_equal(rtcp_fir_get(&packet, 0, &entry), RTCP_BAD_LENGTH);
}

static void test_remb_bytes(void **state)
{
    (void)state;
    /* 2 bits of exponent 2, mantissa 250000: 1,000,000 bit/s. */
    static const uint8_t expected[] = {0x8f, 0xce, 0x00, 0x05, 0,    0,    0,    1,
                                       0,    0,    0,    0,    'R',  'E',  'M',  'B',
                                       1,    0x0b, 0xd0, 0x90, 0x01, 0x02, 0x03, 0x04};
    const uint32_t ssrc = 0x01020304;
    uint8_t data[64];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    assert_int_equal(rtcp_write_remb(&writer, 1, 1000000, &ssrc, 1), RTCP_OK);
    assert_int_equal(writer.size, sizeof expected);
    assert_memory_equal(data, expected, sizeof expected);
    RtcpRemb remb;
    RtcpPacket packet = first_packet(data, writer.size);
    assert_int_equal(rtcp_remb_parse(&packet, &remb), RTCP_OK);
    assert_int_equal(remb.bitrate_bps, 1000000);
    assert_int_equal(remb.n_ssrcs, 1);
    assert_int_equal(bytes_read_u32(remb.ssrcs), ssrc);
}

static void test_remb_rates(void **state)
{
    (void)state;
    for (unsigned shift = 0; shift < 64; shift++) {
        uint64_t bitrate = UINT64_C(1) << shift;
        uint8_t data[64];
        RtcpWriter writer = {.data = data, .capacity = sizeof data};
        assert_int_equal(rtcp_write_remb(&writer, 1, bitrate, NULL, 0), RTCP_OK);
        RtcpRemb remb;
        RtcpPacket packet = first_packet(data, writer.size);
        assert_int_equal(rtcp_remb_parse(&packet, &remb), RTCP_OK);
        assert_true(remb.bitrate_bps == bitrate);
    }
    uint8_t most[] = {0x8f, 0xce, 0x00, 0x04, 0,   0,   0, 1,    0,    0,
                      0,    0,    'R',  'E',  'M', 'B', 0, 0xff, 0xff, 0xff};
    RtcpRemb remb;
    RtcpPacket packet = first_packet(most, sizeof most);
    assert_int_equal(rtcp_remb_parse(&packet, &remb), RTCP_OK);
    assert_true(remb.bitrate_bps == UINT64_MAX);
    most[16] = 255; /* promises 255 SSRCs */
    packet = first_packet(most, sizeof most);
    assert_int_equal(rtcp_remb_parse(&packet, &remb), RTCP_BAD_COUNT);
    most[12] = 'X';
    packet = first_packet(most, sizeof most);
    assert_int_equal(rtcp_remb_parse(&packet, &remb), RTCP_BAD_TYPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nack_bytes),   cmocka_unit_test(test_nack_round_trips),
        cmocka_unit_test(test_nack_refused), cmocka_unit_test(test_pli_bytes),
        cmocka_unit_test(test_fir),          cmocka_unit_test(test_remb_bytes),
        cmocka_unit_test(test_remb_rates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
