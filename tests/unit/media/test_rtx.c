// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/repair/rtx.h"
#include "media/rtp/rtpext.h"

static const RtxTarget TARGET = {.ssrc = 99, .payload_type = 97, .sequence = 7};

static size_t make_original(uint8_t *data, size_t capacity, uint8_t padding_size)
{
    const RtpExtension mid = {.id = 1, .size = 1, .data = (const uint8_t *)"1"};
    const RtpBuild build = {
        .marker = true,
        .payload_type = 96,
        .sequence = 0xfffe,
        .timestamp = 90000,
        .ssrc = 5,
        .extensions = &mid,
        .n_extensions = 1,
        .padding_size = padding_size,
    };
    size_t size = 0;
    assert_int_equal(rtp_build(&build, (const uint8_t *)"video", 5, data, capacity, &size), RTP_OK);
    return size;
}

static void test_wrap_and_unwrap(void **state)
{
    (void)state;
    uint8_t original[64];
    uint8_t wrapped[64];
    size_t size = 0;
    RtpHeader header;
    size_t original_size = make_original(original, sizeof original, 4);
    assert_int_equal(rtx_wrap(&TARGET, original, original_size, wrapped, sizeof wrapped, &size),
                     RTX_OK);
    assert_int_equal(size, 12 + 2 + 5);
    assert_int_equal(rtp_parse(wrapped, size, &header), RTP_OK);
    assert_true(header.marker);
    assert_int_equal(header.payload_type, 97);
    assert_int_equal(header.sequence, 7);
    assert_int_equal(header.timestamp, 90000);
    assert_int_equal(header.ssrc, 99);
    assert_memory_equal(wrapped + header.payload_offset, "\xff\xfevideo", 7);

    uint8_t *restored = NULL;
    assert_int_equal(rtx_unwrap(wrapped, &header, 5, 96, &restored, &size), RTX_OK);
    assert_ptr_equal(restored, wrapped + 2);
    assert_int_equal(rtp_parse(restored, size, &header), RTP_OK);
    assert_true(header.marker);
    assert_int_equal(header.payload_type, 96);
    assert_int_equal(header.sequence, 0xfffe);
    assert_int_equal(header.timestamp, 90000);
    assert_int_equal(header.ssrc, 5);
    assert_int_equal(header.payload_size, 5);
    assert_memory_equal(restored + header.payload_offset, "video", 5);
}

static void test_unwrap_keeps_extensions_and_cuts_padding(void **state)
{
    (void)state;
    const RtpExtension mid = {.id = 4, .size = 2, .data = (const uint8_t *)"ab"};
    const RtpBuild build = {.payload_type = 97,
                            .extensions = &mid,
                            .n_extensions = 1,
                            .prefix = (const uint8_t *)"\x00\x09",
                            .prefix_size = 2,
                            .padding_size = 200};
    uint8_t data[300];
    size_t size = 0;
    RtpHeader header;
    uint8_t *restored = NULL;
    assert_int_equal(rtp_build(&build, (const uint8_t *)"x", 1, data, sizeof data, &size), RTP_OK);
    assert_int_equal(rtp_parse(data, size, &header), RTP_OK);
    assert_int_equal(rtx_unwrap(data, &header, 1, 96, &restored, &size), RTX_OK);
    assert_int_equal(rtp_parse(restored, size, &header), RTP_OK);
    assert_int_equal(header.padding_size, 0);
    assert_int_equal(header.payload_size, 1);
    assert_int_equal(header.sequence, 9);
    RtpExtension found;
    assert_true(rtpext_find(restored, &header, 4, &found));
    assert_memory_equal(found.data, "ab", 2);
}

static void test_probes_are_empty(void **state)
{
    (void)state;
    uint8_t data[64];
    size_t size = 0;
    RtpHeader header;
    uint8_t *restored = NULL;
    const RtpBuild build = {.payload_type = 97, .padding_size = 30};
    assert_int_equal(rtp_build(&build, NULL, 0, data, sizeof data, &size), RTP_OK);
    assert_int_equal(rtp_parse(data, size, &header), RTP_OK);
    assert_int_equal(rtx_unwrap(data, &header, 1, 96, &restored, &size), RTX_EMPTY);
    assert_int_equal(rtp_build(&build, (const uint8_t *)"ab", 2, data, sizeof data, &size), RTP_OK);
    assert_int_equal(rtp_parse(data, size, &header), RTP_OK);
    assert_int_equal(rtx_unwrap(data, &header, 1, 96, &restored, &size), RTX_EMPTY);
    assert_int_equal(rtp_build(&build, (const uint8_t *)"a", 1, data, sizeof data, &size), RTP_OK);
    assert_int_equal(rtp_parse(data, size, &header), RTP_OK);
    assert_int_equal(rtx_unwrap(data, &header, 1, 96, &restored, &size), RTX_TOO_SHORT);
    assert_null(restored);
}

static void test_wrap_refuses(void **state)
{
    (void)state;
    uint8_t original[64];
    uint8_t wrapped[64];
    size_t size = 0;
    size_t original_size = make_original(original, sizeof original, 0);
    assert_int_equal(rtx_wrap(&TARGET, original, original_size, wrapped, 18, &size), RTX_NO_SPACE);
    assert_int_equal(rtx_wrap(&TARGET, original, 11, wrapped, sizeof wrapped, &size),
                     RTX_BAD_PACKET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrap_and_unwrap),
        cmocka_unit_test(test_unwrap_keeps_extensions_and_cuts_padding),
        cmocka_unit_test(test_probes_are_empty),
        cmocka_unit_test(test_wrap_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
