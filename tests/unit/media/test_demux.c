// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/rtp/demux.h"

static void test_first_byte(void **state)
{
    (void)state;
    uint8_t data[64] = {0};
    for (int first = 0; first < 256; first++) {
        data[0] = (uint8_t)first;
        data[1] = 111;
        DemuxKind expected = DEMUX_IGNORED;
        if (first <= 3)
            expected = DEMUX_STUN;
        else if (first >= 20 && first <= 63)
            expected = DEMUX_DTLS;
        else if (first >= 128 && first <= 191)
            expected = DEMUX_RTP;
        assert_int_equal(demux_classify(data, sizeof data), expected);
    }
}

static void test_rtcp_by_packet_type(void **state)
{
    (void)state;
    uint8_t data[64] = {0x80};
    for (int second = 0; second < 256; second++) {
        data[1] = (uint8_t)second;
        DemuxKind expected = second >= 192 && second <= 223 ? DEMUX_RTCP : DEMUX_RTP;
        assert_int_equal(demux_classify(data, sizeof data), expected);
    }
}

static void test_too_small_for_kind(void **state)
{
    (void)state;
    const struct {
        size_t smallest;
        DemuxKind kind;
        uint8_t first, second;
    } rows[] = {
        {20, DEMUX_STUN, 0x00, 0x01},
        {13, DEMUX_DTLS, 0x16, 0xfe},
        {12, DEMUX_RTP, 0x80, 0x60},
        {8, DEMUX_RTCP, 0x80, 0xc8},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t data[20] = {rows[i].first, rows[i].second};
        for (size_t size = 0; size <= sizeof data; size++) {
            DemuxKind expected = size < rows[i].smallest ? DEMUX_IGNORED : rows[i].kind;
            assert_int_equal(demux_classify(data, size), expected);
        }
    }
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(demux_kind_name(DEMUX_STUN), "stun");
    assert_string_equal(demux_kind_name(DEMUX_RTCP), "rtcp");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_byte),
        cmocka_unit_test(test_rtcp_by_packet_type),
        cmocka_unit_test(test_too_small_for_kind),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
