// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/rtp/vp8.h"

/* Chromium's first packet of a key frame: X S, I L T K, 15-bit picture id 0x1234, TL0 5, TID 1 Y
 * KEYIDX 3; then 320x240. */
static const uint8_t KEY[] = {0x90, 0xf0, 0x92, 0x34, 0x05, 0x63, 0x10, 0x02,
                              0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00};

static void test_key_frame(void **state)
{
    (void)state;
    Vp8Descriptor d;
    assert_int_equal(vp8_descriptor_parse(KEY, sizeof KEY, &d), VP8_OK);
    assert_int_equal(d.size, 6);
    assert_int_equal(d.picture_id_bits, 15);
    assert_int_equal(d.picture_id, 0x1234);
    assert_true(d.has_tl0_index);
    assert_int_equal(d.tl0_index, 5);
    assert_true(d.has_temporal_id);
    assert_int_equal(d.temporal_id, 1);
    assert_true(d.layer_sync);
    assert_true(d.has_key_index);
    assert_int_equal(d.key_index, 3);
    assert_false(d.non_reference);
    assert_true(vp8_starts_frame(&d));
    assert_true(vp8_starts_key_frame(KEY, sizeof KEY, &d));
    uint16_t width = 0;
    uint16_t height = 0;
    assert_int_equal(vp8_key_frame_size(KEY, sizeof KEY, &d, &width, &height), VP8_OK);
    assert_int_equal(width, 320);
    assert_int_equal(height, 240);
    assert_int_equal(vp8_key_frame_size(KEY, sizeof KEY - 1, &d, &width, &height), VP8_TOO_SHORT);
}

static void test_descriptor_alone_is_refused(void **state)
{
    (void)state;
    Vp8Descriptor d;
    for (size_t size = 0; size <= 6; size++)
        assert_int_equal(vp8_descriptor_parse(KEY, size, &d), VP8_TOO_SHORT);
    assert_int_equal(vp8_descriptor_parse(KEY, 7, &d), VP8_OK);
}

static void test_smallest_descriptor(void **state)
{
    (void)state;
    static const uint8_t delta[] = {0x30, 0x01};
    static const uint8_t later[] = {0x11, 0x00};
    Vp8Descriptor d;
    assert_int_equal(vp8_descriptor_parse(delta, 2, &d), VP8_OK);
    assert_int_equal(d.size, 1);
    assert_true(d.non_reference);
    assert_true(vp8_starts_frame(&d));
    assert_false(vp8_starts_key_frame(delta, 2, &d));
    assert_int_equal(d.picture_id_bits, 0);
    assert_int_equal(vp8_descriptor_parse(later, 2, &d), VP8_OK);
    assert_false(vp8_starts_frame(&d)); /* partition 1 */
    assert_false(vp8_starts_key_frame(later, 2, &d));
}

static void test_every_set_of_fields(void **state)
{
    (void)state;
    for (unsigned flags = 0; flags < 16; flags++) {
        for (unsigned wide = 0; wide < 2; wide++) {
            uint8_t payload[16] = {0x90, (uint8_t)(flags << 4), 0, 0, 0, 0, 0xff};
            size_t expected = 2;
            if (flags & 8) {
                payload[2] = wide ? 0x80 : 0;
                expected += wide ? 2 : 1;
            }
            expected += (flags & 4) ? 1 : 0;
            expected += (flags & 3) ? 1 : 0;
            Vp8Descriptor d;
            assert_int_equal(vp8_descriptor_parse(payload, expected + 1, &d), VP8_OK);
            assert_int_equal(d.size, expected);
            assert_int_equal(vp8_descriptor_parse(payload, expected, &d), VP8_TOO_SHORT);
        }
    }
}

static void test_rewrite_keeps_lengths(void **state)
{
    (void)state;
    uint8_t payload[sizeof KEY];
    memcpy(payload, KEY, sizeof payload);
    Vp8Descriptor d;
    assert_int_equal(vp8_descriptor_parse(payload, sizeof payload, &d), VP8_OK);
    vp8_descriptor_rewrite(payload, &d, 0x7fff, 255);
    assert_int_equal(vp8_descriptor_parse(payload, sizeof payload, &d), VP8_OK);
    assert_int_equal(d.picture_id, 0x7fff);
    assert_int_equal(d.tl0_index, 255);
    vp8_descriptor_rewrite(payload, &d, 0, 0); /* still 15 bits */
    assert_int_equal(vp8_descriptor_parse(payload, sizeof payload, &d), VP8_OK);
    assert_int_equal(d.picture_id_bits, 15);
    assert_int_equal(d.picture_id, 0);
    assert_memory_equal(payload + 5, KEY + 5, sizeof payload - 5);

    uint8_t narrow[] = {0x80, 0x80, 0x05, 0x01};
    assert_int_equal(vp8_descriptor_parse(narrow, sizeof narrow, &d), VP8_OK);
    assert_int_equal(d.picture_id_bits, 7);
    vp8_descriptor_rewrite(narrow, &d, 0x1ff, 9);
    assert_int_equal(narrow[2], 0x7f);
    assert_int_equal(narrow[3], 0x01);
}

static void test_bad_start_code(void **state)
{
    (void)state;
    uint8_t payload[sizeof KEY];
    memcpy(payload, KEY, sizeof payload);
    payload[9] = 0;
    Vp8Descriptor d;
    uint16_t width = 0;
    uint16_t height = 0;
    assert_int_equal(vp8_descriptor_parse(payload, sizeof payload, &d), VP8_OK);
    assert_int_equal(vp8_key_frame_size(payload, sizeof payload, &d, &width, &height),
                     VP8_BAD_START_CODE);
    payload[6] |= 1;
    assert_int_equal(vp8_key_frame_size(payload, sizeof payload, &d, &width, &height),
                     VP8_NOT_KEY_FRAME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_frame),
        cmocka_unit_test(test_descriptor_alone_is_refused),
        cmocka_unit_test(test_smallest_descriptor),
        cmocka_unit_test(test_every_set_of_fields),
        cmocka_unit_test(test_rewrite_keeps_lengths),
        cmocka_unit_test(test_bad_start_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
