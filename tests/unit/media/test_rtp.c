// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/rtp/rtp.h"
#include "media/rtp/rtpext.h"
#include "media/rtp/sequence.h"

/* Opus, sequence 0x1234, MID "0" as extension 1, payload de ad. */
static const uint8_t PACKET[] = {
    0x90, 0xef, 0x12, 0x34, 0x01, 0x02, 0x03, 0x04, 0xca, 0xfe, 0xba,
    0xbe, 0xbe, 0xde, 0x00, 0x01, 0x10, 0x30, 0x00, 0x00, 0xde, 0xad,
};

static void test_parse(void **state)
{
    (void)state;
    RtpHeader header;
    assert_int_equal(rtp_parse(PACKET, sizeof PACKET, &header), RTP_OK);
    assert_true(header.marker);
    assert_int_equal(header.payload_type, 111);
    assert_int_equal(header.sequence, 0x1234);
    assert_int_equal(header.timestamp, 0x01020304);
    assert_int_equal(header.ssrc, 0xcafebabe);
    assert_int_equal(header.n_csrc, 0);
    assert_true(header.has_extension);
    assert_int_equal(header.extension_profile, 0xbede);
    assert_int_equal(header.extension_offset, 16);
    assert_int_equal(header.extension_size, 4);
    assert_int_equal(header.payload_offset, 20);
    assert_int_equal(header.payload_size, 2);
    assert_int_equal(header.padding_size, 0);
}

static void test_every_truncation_is_refused_or_shorter(void **state)
{
    (void)state;
    RtpHeader header;
    for (size_t size = 0; size < sizeof PACKET; size++) {
        RtpResult expected = RTP_OK;
        if (size < 12)
            expected = RTP_TOO_SHORT;
        else if (size < 20)
            expected = RTP_BAD_EXTENSION;
        assert_int_equal(rtp_parse(PACKET, size, &header), expected);
        if (expected == RTP_OK)
            assert_int_equal(header.payload_size, size - 20);
    }
}

static void test_csrcs(void **state)
{
    (void)state;
    uint8_t data[12 + 15 * 4 + 1] = {0x8f, 96};
    RtpHeader header;
    assert_int_equal(rtp_parse(data, sizeof data, &header), RTP_OK);
    assert_int_equal(header.n_csrc, 15);
    assert_int_equal(header.payload_offset, 72);
    assert_int_equal(header.payload_size, 1);
    assert_int_equal(rtp_parse(data, 71, &header), RTP_TOO_SHORT);
    assert_int_equal(rtp_parse(data, 72, &header), RTP_OK);
    assert_int_equal(header.payload_size, 0);
}

static void test_padding(void **state)
{
    (void)state;
    uint8_t data[16] = {0xa0, 96};
    RtpHeader header;
    data[15] = 4; /* padding only */
    assert_int_equal(rtp_parse(data, sizeof data, &header), RTP_OK);
    assert_int_equal(header.payload_size, 0);
    assert_int_equal(header.padding_size, 4);
    data[15] = 1;
    assert_int_equal(rtp_parse(data, sizeof data, &header), RTP_OK);
    assert_int_equal(header.payload_size, 3);
    data[15] = 5;
    assert_int_equal(rtp_parse(data, sizeof data, &header), RTP_BAD_PADDING);
    data[15] = 0;
    assert_int_equal(rtp_parse(data, sizeof data, &header), RTP_BAD_PADDING);
    assert_int_equal(rtp_parse(data, 12, &header), RTP_BAD_PADDING);
}

static void test_refused(void **state)
{
    (void)state;
    RtpHeader header = {.sequence = 7};
    uint8_t data[sizeof PACKET];
    memcpy(data, PACKET, sizeof data);
    data[0] = 0x50;
    assert_int_equal(rtp_parse(data, sizeof data, &header), RTP_BAD_VERSION);
    data[0] = 0x90;
    data[15] = 2; /* extension longer than the packet */
    assert_int_equal(rtp_parse(data, sizeof data, &header), RTP_BAD_EXTENSION);
    data[14] = 0xff;
    data[15] = 0xff;
    assert_int_equal(rtp_parse(data, sizeof data, &header), RTP_BAD_EXTENSION);
    assert_int_equal(header.sequence, 7); /* untouched */
}

static void test_peek_ignores_encrypted_padding(void **state)
{
    (void)state;
    uint8_t data[12] = {0xa0, 96, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4};
    uint32_t ssrc = 0;
    assert_int_equal(rtp_peek_ssrc(data, sizeof data, &ssrc), RTP_OK);
    assert_int_equal(ssrc, 0x01020304);
    assert_int_equal(rtp_peek_ssrc(data, 11, &ssrc), RTP_TOO_SHORT);
    data[0] = 0;
    assert_int_equal(rtp_peek_ssrc(data, sizeof data, &ssrc), RTP_BAD_VERSION);
}

static void test_changes_in_place(void **state)
{
    (void)state;
    uint8_t data[sizeof PACKET];
    memcpy(data, PACKET, sizeof data);
    rtp_set_payload_type(data, 96);
    rtp_set_sequence(data, 0xffff);
    rtp_set_timestamp(data, 0xfffffffe);
    rtp_set_ssrc(data, 1);
    RtpHeader header;
    assert_int_equal(rtp_parse(data, sizeof data, &header), RTP_OK);
    assert_true(header.marker);
    assert_int_equal(header.payload_type, 96);
    assert_int_equal(header.sequence, 0xffff);
    assert_int_equal(header.timestamp, 0xfffffffe);
    assert_int_equal(header.ssrc, 1);
    rtp_set_marker(data, false);
    assert_int_equal(rtp_parse(data, sizeof data, &header), RTP_OK);
    assert_false(header.marker);
    assert_int_equal(header.payload_type, 96);
}

static void test_build_gives_the_literal_packet(void **state)
{
    (void)state;
    const RtpExtension mid = {.id = 1, .size = 1, .data = (const uint8_t *)"0"};
    const RtpBuild build = {
        .marker = true,
        .payload_type = 111,
        .sequence = 0x1234,
        .timestamp = 0x01020304,
        .ssrc = 0xcafebabe,
        .extensions = &mid,
        .n_extensions = 1,
    };
    uint8_t data[sizeof PACKET];
    size_t size = 0;
    assert_int_equal(rtp_build(&build, PACKET + 20, 2, data, sizeof data, &size), RTP_OK);
    assert_int_equal(size, sizeof PACKET);
    assert_memory_equal(data, PACKET, size);
    for (size_t capacity = 0; capacity < sizeof data; capacity++)
        assert_int_equal(rtp_build(&build, PACKET + 20, 2, data, capacity, &size), RTP_NO_SPACE);
}

static void test_build_in_place_with_larger_header(void **state)
{
    (void)state;
    uint8_t data[64];
    memcpy(data, PACKET, sizeof PACKET);
    const RtpExtension extensions[] = {
        {.id = 2, .size = 3, .data = (const uint8_t *)"abc"},
        {.id = 3, .size = 2, .data = (const uint8_t *)"de"},
    };
    const RtpBuild build = {
        .payload_type = 96, .extensions = extensions, .n_extensions = 2, .padding_size = 3};
    size_t size = 0;
    assert_int_equal(rtp_build(&build, data + 20, 2, data, sizeof data, &size), RTP_OK);
    RtpHeader header;
    assert_int_equal(rtp_parse(data, size, &header), RTP_OK);
    assert_int_equal(header.payload_size, 2);
    assert_memory_equal(data + header.payload_offset, "\xde\xad", 2);
    assert_int_equal(header.padding_size, 3);
    RtpExtension found;
    assert_true(rtpext_find(data, &header, 3, &found));
    assert_memory_equal(found.data, "de", 2);
}

static void test_build_with_prefix(void **state)
{
    (void)state;
    const uint8_t osn[] = {0x12, 0x34};
    const RtpBuild build = {.payload_type = 97, .prefix = osn, .prefix_size = 2};
    uint8_t data[32];
    size_t size = 0;
    assert_int_equal(rtp_build(&build, (const uint8_t *)"xyz", 3, data, sizeof data, &size),
                     RTP_OK);
    assert_int_equal(size, 17);
    assert_memory_equal(data + 12, "\x12\x34xyz", 5);
    assert_int_equal(rtp_build(&build, NULL, 0, data, 13, &size), RTP_NO_SPACE);
}

static void test_build_refuses_bad_arguments(void **state)
{
    (void)state;
    uint8_t data[64];
    size_t size = 0;
    RtpBuild build = {.payload_type = 128};
    assert_int_equal(rtp_build(&build, NULL, 0, data, sizeof data, &size), RTP_BAD_ARGUMENT);
    const RtpExtension zero = {.id = 0, .size = 1, .data = data};
    build = (RtpBuild){.payload_type = 1, .extensions = &zero, .n_extensions = 1};
    assert_int_equal(rtp_build(&build, NULL, 0, data, sizeof data, &size), RTP_BAD_ARGUMENT);
    build = (RtpBuild){.payload_type = 1, .n_extensions = RTP_EXTENSIONS_MAX + 1};
    assert_int_equal(rtp_build(&build, NULL, 0, data, sizeof data, &size), RTP_BAD_ARGUMENT);
}

static void test_sequence_arithmetic(void **state)
{
    (void)state;
    assert_true(sequence_newer(0, 0xffff));
    assert_false(sequence_newer(0xffff, 0));
    assert_int_equal(sequence_diff(5, 5), 0);
    int64_t extended = 0x10000;
    for (uint32_t i = 0; i < 200000; i += 77) {
        extended = sequence_extend((uint16_t)i, extended);
        assert_int_equal(extended, 0x10000 + (int64_t)i);
        /* A late packet does not lose its lap. */
        assert_int_equal(sequence_extend((uint16_t)(i - 300), extended), extended - 300);
    }
    assert_true(timestamp_diff(10, 0xfffffff0) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_every_truncation_is_refused_or_shorter),
        cmocka_unit_test(test_csrcs),
        cmocka_unit_test(test_padding),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_peek_ignores_encrypted_padding),
        cmocka_unit_test(test_changes_in_place),
        cmocka_unit_test(test_build_gives_the_literal_packet),
        cmocka_unit_test(test_build_in_place_with_larger_header),
        cmocka_unit_test(test_build_with_prefix),
        cmocka_unit_test(test_build_refuses_bad_arguments),
        cmocka_unit_test(test_sequence_arithmetic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
