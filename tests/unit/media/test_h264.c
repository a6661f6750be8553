// SPDX-License-Identifier: Apache-2.0
// H.264 payloads (RFC 6184): single units, aggregates and fragments, and lies about their lengths.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first */
#include <cmocka.h>

#include "media/rtp/h264.h"

#include <string.h>

static const uint8_t SPS_PPS_IDR[] = {0x78,                            /* STAP-A */
                                      0,    4, 0x67, 0x42, 0xe0, 0x1f, /* SPS */
                                      0,    2, 0x68, 0xce,             /* PPS */
                                      0,    3, 0x65, 0x88, 0x84};      /* IDR, first slice */

static H264Packet parse(const uint8_t *payload, size_t size)
{
    H264Packet packet;
    assert_int_equal(h264_packet_parse(payload, size, &packet), H264_OK);
    return packet;
}

static void assert_fault(const uint8_t *payload, size_t size, H264Result fault)
{
    H264Packet packet = {.packet_type = 99};
    g_autofree uint8_t *exact = g_memdup2(payload, size);
    assert_int_equal(h264_packet_parse(exact, size, &packet), fault);
    assert_int_equal(packet.packet_type, 99);
}

static void test_aggregate(void **state)
{
    (void)state;
    H264Packet packet = parse(SPS_PPS_IDR, sizeof SPS_PPS_IDR);
    assert_int_equal(packet.packet_type, H264_NAL_STAP_A);
    assert_int_equal(packet.nal_type, H264_NAL_SPS);
    assert_true(packet.has_sps && packet.has_pps && packet.has_idr && packet.starts_first_slice);
    assert_true(packet.is_referred_to && !packet.is_later_fragment);
    assert_true(h264_starts_frame(&packet));
    assert_true(h264_starts_key_frame(&packet));
}

static void test_aggregate_cut_anywhere(void **state)
{
    (void)state;
    /* Whole after the SPS (7 bytes) and the PPS (11), else short. */
    for (size_t size = 0; size < sizeof SPS_PPS_IDR; size++) {
        if (size == 7 || size == 11)
            assert_false(parse(SPS_PPS_IDR, size).has_idr);
        else
            assert_fault(SPS_PPS_IDR, size, H264_TOO_SHORT);
    }
    uint8_t lies[sizeof SPS_PPS_IDR];
    memcpy(lies, SPS_PPS_IDR, sizeof lies);
    lies[1] = 0xff; /* a length of 65284 */
    assert_fault(lies, sizeof lies, H264_TOO_SHORT);
    lies[1] = 0;
    lies[2] = 4;
    lies[3] = 0x78; /* an aggregate within an aggregate */
    assert_fault(lies, sizeof lies, H264_BAD_TYPE);
    lies[3] = 0xe7; /* F */
    assert_fault(lies, sizeof lies, H264_BAD_BITS);
    assert_fault((const uint8_t[]){0x78, 0, 0, 0, 2, 0x68, 0xce}, 7, H264_TOO_SHORT); /* empty */
}

static void test_single_units(void **state)
{
    (void)state;
    static const struct {
        uint8_t payload[2];
        bool starts_frame, starts_key, is_referred_to;
    } rows[] = {
        {{0x67, 0x42}, true, true, true},    /* SPS */
        {{0x68, 0xce}, true, false, true},   /* PPS */
        {{0x06, 0x05}, true, false, false},  /* SEI */
        {{0x09, 0xf0}, true, false, false},  /* delimiter */
        {{0x65, 0x88}, true, true, true},    /* IDR, first_mb_in_slice 0 */
        {{0x65, 0x48}, false, false, true},  /* IDR, a later slice */
        {{0x41, 0x9a}, true, false, true},   /* P slice */
        {{0x01, 0x9a}, true, false, false},  /* that nobody needs */
        {{0x41, 0x4a}, false, false, true},  /* a later slice */
        {{0x0c, 0xff}, false, false, false}, /* filler */
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        H264Packet packet = parse(rows[i].payload, 2);
        assert_int_equal(h264_starts_frame(&packet), rows[i].starts_frame);
        assert_int_equal(h264_starts_key_frame(&packet), rows[i].starts_key);
        assert_int_equal(packet.is_referred_to, rows[i].is_referred_to);
        assert_int_equal(packet.nal_type, rows[i].payload[0] & 0x1f);
    }
}

static void test_fragments(void **state)
{
    (void)state;
    static const uint8_t first[] = {0x7c, 0x85, 0x88};
    H264Packet packet = parse(first, sizeof first);
    assert_int_equal(packet.packet_type, H264_NAL_FU_A);
    assert_int_equal(packet.nal_type, H264_NAL_IDR);
    assert_true(h264_starts_frame(&packet) && h264_starts_key_frame(&packet));
    assert_true(packet.is_referred_to);
    static const uint8_t middle[] = {0x7c, 0x05, 0x88};
    packet = parse(middle, sizeof middle);
    assert_true(packet.is_later_fragment);
    assert_false(packet.has_idr || h264_starts_frame(&packet) || h264_starts_key_frame(&packet));
    static const uint8_t last_of_sps[] = {0x7c, 0x47, 0x88};
    packet = parse(last_of_sps, sizeof last_of_sps);
    assert_false(packet.has_sps || h264_starts_frame(&packet) || h264_starts_key_frame(&packet));
    static const uint8_t delta[] = {0x1c, 0x81, 0x9a}; /* NRI 0 */
    packet = parse(delta, sizeof delta);
    assert_true(h264_starts_frame(&packet) && !packet.is_referred_to);
    assert_fault(first, 2, H264_TOO_SHORT);
    assert_fault((const uint8_t[]){0x7c, 0xc5, 0x88}, 3, H264_BAD_BITS); /* first and last */
    assert_fault((const uint8_t[]){0x7c, 0x9c, 0x88}, 3, H264_BAD_TYPE); /* of a fragment */
    assert_fault((const uint8_t[]){0x7c, 0x80, 0x88}, 3, H264_BAD_TYPE);
}

static void test_what_no_payload_is(void **state)
{
    (void)state;
    static const uint8_t types[] = {0, 25, 26, 27, 29, 30, 31};
    for (unsigned i = 0; i < G_N_ELEMENTS(types); i++) {
        const uint8_t payload[] = {types[i], 0, 1, 0x67};
        assert_fault(payload, sizeof payload, H264_BAD_TYPE);
    }
    assert_fault((const uint8_t[]){0xe5, 0x88}, 2, H264_BAD_BITS);
    assert_fault((const uint8_t[]){0x65}, 1, H264_TOO_SHORT);
    assert_fault((const uint8_t[]){0x65}, 0, H264_TOO_SHORT);
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(h264_result_name(H264_OK), "ok");
    assert_string_equal(h264_result_name(H264_TOO_SHORT), "too short");
    assert_string_equal(h264_result_name(H264_BAD_TYPE), "bad type");
    assert_string_equal(h264_result_name(H264_BAD_BITS), "bad bits");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_aggregate),          cmocka_unit_test(test_aggregate_cut_anywhere),
        cmocka_unit_test(test_single_units),       cmocka_unit_test(test_fragments),
        cmocka_unit_test(test_what_no_payload_is), cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
