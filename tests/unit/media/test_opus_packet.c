// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/rtp/opus_packet.h"

static OpusPacket parse(const void *data, size_t size)
{
    OpusPacket packet = {0};
    assert_int_equal(opuspkt_parse(data, size, &packet), OPUSPKT_OK);
    return packet;
}

static void test_durations_of_all_configurations(void **state)
{
    (void)state;
    /* RFC 6716, table 2, in samples at 48 kHz. */
    static const uint16_t expected[32] = {
        480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 480, 960,
        120, 240, 480,  960,  120, 240, 480,  960,  120, 240, 480,  960,  120, 240, 480, 960,
    };
    for (unsigned config = 0; config < 32; config++) {
        uint8_t data[3] = {(uint8_t)(config << 3)};
        OpusPacket packet = parse(data, sizeof data);
        assert_int_equal(packet.config, config);
        assert_int_equal(packet.frame_samples, expected[config]);
        assert_int_equal(packet.n_samples, expected[config]);
        assert_int_equal(packet.n_frames, 1);
        assert_false(packet.stereo);
        assert_false(packet.silent);
    }
}

static void test_frame_packing(void **state)
{
    (void)state;
    OpusPacket packet = parse("\x79\x01\x02", 3); /* hybrid 20 ms, two equal frames */
    assert_int_equal(packet.n_frames, 2);
    assert_int_equal(packet.n_samples, 1920);
    packet = parse("\x7a\x01\x02", 3);
    assert_int_equal(packet.n_frames, 2);
    packet = parse("\x7f\x03\x00", 3); /* stereo, code 3, three frames */
    assert_true(packet.stereo);
    assert_int_equal(packet.n_frames, 3);
    assert_int_equal(packet.n_samples, 2880);
    packet = parse("\x7b\x86", 2); /* six frames of 20 ms with the VBR bit: 120 ms */
    assert_int_equal(packet.n_samples, OPUSPKT_SAMPLES_MAX);
}

static void test_refused(void **state)
{
    (void)state;
    OpusPacket packet;
    assert_int_equal(opuspkt_parse((const uint8_t *)"", 0, &packet), OPUSPKT_EMPTY);
    assert_int_equal(opuspkt_parse((const uint8_t *)"\x79\x01", 2, &packet), OPUSPKT_BAD_SIZE);
    assert_int_equal(opuspkt_parse((const uint8_t *)"\x7a", 1, &packet), OPUSPKT_BAD_SIZE);
    assert_int_equal(opuspkt_parse((const uint8_t *)"\x7b", 1, &packet), OPUSPKT_BAD_SIZE);
    assert_int_equal(opuspkt_parse((const uint8_t *)"\x7b\x00", 2, &packet),
                     OPUSPKT_BAD_FRAME_COUNT);
    assert_int_equal(opuspkt_parse((const uint8_t *)"\x7b\x07", 2, &packet),
                     OPUSPKT_BAD_FRAME_COUNT); /* 140 ms */
    assert_int_equal(opuspkt_parse((const uint8_t *)"\x83\x3f", 2, &packet),
                     OPUSPKT_BAD_FRAME_COUNT); /* 63 frames of 2.5 ms */
}

static void test_silence(void **state)
{
    (void)state;
    assert_true(parse("\x78", 1).silent);
    assert_true(parse("\x78\xff", 2).silent);
    assert_false(parse("\x78\xff\xfe", 3).silent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durations_of_all_configurations),
        cmocka_unit_test(test_frame_packing),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
