// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/rtp/rtpext.h"

/* A packet with BLOCK (profile, length and all) as its extension. */
typedef struct {
    uint8_t data[600];
    size_t size;
    RtpHeader header;
} Packet;

static void make_packet(Packet *packet, const void *block, size_t block_size)
{
    memset(packet, 0, sizeof *packet);
    packet->data[0] = 0x90;
    memcpy(packet->data + 12, block, block_size);
    packet->size = 12 + block_size;
    assert_int_equal(rtp_parse(packet->data, packet->size, &packet->header), RTP_OK);
}

static size_t count_elements(const Packet *packet)
{
    RtpExtIter iter;
    RtpExtension extension;
    size_t n = 0;
    rtpext_iter_init(&iter, packet->data, &packet->header);
    while (rtpext_iter_next(&iter, &extension))
        n++;
    return n;
}

static void test_one_byte_form(void **state)
{
    (void)state;
    /* RFC 8285, section 4.2, its example: two elements, padding between, one of three bytes. */
    static const uint8_t block[] = {0xbe, 0xde, 0x00, 0x03, 0x10, 0xaa, 0x21, 0xbb,
                                    0xcc, 0x00, 0x00, 0x33, 0x01, 0x02, 0x03, 0x04};
    Packet packet;
    make_packet(&packet, block, sizeof block);
    assert_int_equal(count_elements(&packet), 3);
    RtpExtension extension;
    assert_true(rtpext_find(packet.data, &packet.header, 2, &extension));
    assert_int_equal(extension.size, 2);
    assert_memory_equal(extension.data, "\xbb\xcc", 2);
    assert_true(rtpext_find(packet.data, &packet.header, 3, &extension));
    assert_int_equal(extension.size, 4);
    assert_false(rtpext_find(packet.data, &packet.header, 4, &extension));
    assert_false(rtpext_find(packet.data, &packet.header, 0, &extension));
}

static void test_two_byte_form(void **state)
{
    (void)state;
    static const uint8_t block[] = {0x10, 0x05, 0x00, 0x03, 0x01, 0x00, 0x02, 0x01,
                                    0xbb, 0x00, 0xff, 0x04, 0x01, 0x02, 0x03, 0x04};
    Packet packet;
    make_packet(&packet, block, sizeof block);
    assert_int_equal(count_elements(&packet), 3);
    RtpExtension extension;
    assert_true(rtpext_find(packet.data, &packet.header, 1, &extension));
    assert_int_equal(extension.size, 0);
    assert_true(rtpext_find(packet.data, &packet.header, 255, &extension));
    assert_memory_equal(extension.data, "\x01\x02\x03\x04", 4);
}

static void test_walk_ends_at_damage(void **state)
{
    (void)state;
    static const uint8_t id_15[] = {0xbe, 0xde, 0, 2, 0x10, 0xaa, 0xf0, 0xbb, 0x20, 0xcc, 0, 0};
    static const uint8_t overrun[] = {0xbe, 0xde, 0, 1, 0x10, 0xaa, 0x2f, 0xbb};
    static const uint8_t half_head[] = {0x10, 0x00, 0, 1, 0x01, 0x01, 0xaa, 0x02};
    static const uint8_t unknown[] = {0xab, 0xac, 0, 1, 0x10, 0xaa, 0x20, 0xbb};
    static const uint8_t id_0_with_length[] = {0xbe, 0xde, 0, 1, 0x01, 0xaa, 0xbb, 0x00};
    Packet packet;
    make_packet(&packet, id_15, sizeof id_15);
    assert_int_equal(count_elements(&packet), 1);
    make_packet(&packet, overrun, sizeof overrun);
    assert_int_equal(count_elements(&packet), 1);
    make_packet(&packet, half_head, sizeof half_head);
    assert_int_equal(count_elements(&packet), 1);
    make_packet(&packet, unknown, sizeof unknown);
    assert_int_equal(count_elements(&packet), 0);
    make_packet(&packet, id_0_with_length, sizeof id_0_with_length);
    assert_int_equal(count_elements(&packet), 0);
}

static void check_round_trip(const RtpExtension *extensions, size_t n)
{
    uint8_t block[600];
    size_t size = 0;
    size_t predicted = 0;
    assert_int_equal(rtpext_write_block(extensions, n, block, sizeof block, &size), RTP_OK);
    assert_int_equal(rtpext_block_size(extensions, n, &predicted), RTP_OK);
    assert_int_equal(size, predicted);
    assert_int_equal(size % 4, 0);
    assert_int_equal(rtpext_write_block(extensions, n, block, size - 1, &size), RTP_NO_SPACE);
    Packet packet;
    make_packet(&packet, block, size);
    RtpExtIter iter;
    RtpExtension extension;
    rtpext_iter_init(&iter, packet.data, &packet.header);
    for (size_t i = 0; i < n; i++) {
        assert_true(rtpext_iter_next(&iter, &extension));
        assert_int_equal(extension.id, extensions[i].id);
        assert_int_equal(extension.size, extensions[i].size);
        if (extension.size > 0)
            assert_memory_equal(extension.data, extensions[i].data, extension.size);
    }
    assert_false(rtpext_iter_next(&iter, &extension));
}

static void test_written_blocks_read_back(void **state)
{
    (void)state;
    static const uint8_t value[255] = "a value that is long enough for every size";
    for (unsigned size = 0; size <= 255; size++) {
        for (unsigned id = 1; id <= 16; id++) {
            const RtpExtension two[] = {
                {.id = (uint8_t)id, .size = (uint8_t)size, .data = value},
                {.id = 5, .size = 3, .data = value},
            };
            check_round_trip(two, 1);
            check_round_trip(two, 2);
        }
    }
}

static void test_form_is_the_smallest(void **state)
{
    (void)state;
    static const uint8_t value[17] = {0};
    uint8_t block[64];
    size_t size = 0;
    RtpExtension extension = {.id = 14, .size = 16, .data = value};
    assert_int_equal(rtpext_write_block(&extension, 1, block, sizeof block, &size), RTP_OK);
    assert_int_equal(block[0], 0xbe);
    extension.size = 17;
    assert_int_equal(rtpext_write_block(&extension, 1, block, sizeof block, &size), RTP_OK);
    assert_int_equal(block[0], 0x10);
    assert_int_equal(rtpext_write_block(NULL, 0, block, 0, &size), RTP_OK);
    assert_int_equal(size, 0);
}

static void test_locate_for_change(void **state)
{
    (void)state;
    static const uint8_t block[] = {0xbe, 0xde, 0x00, 0x01, 0x31, 0x00, 0x00, 0x00};
    Packet packet;
    make_packet(&packet, block, sizeof block);
    uint8_t *value = rtpext_locate(packet.data, &packet.header, 3, 2);
    assert_ptr_equal(value, packet.data + 17);
    assert_null(rtpext_locate(packet.data, &packet.header, 3, 1));
    assert_null(rtpext_locate(packet.data, &packet.header, 4, 2));
}

static void test_values(void **state)
{
    (void)state;
    static const uint8_t level[] = {0x80 | 30};
    RtpExtension extension = {.id = 1, .size = 1, .data = level};
    uint8_t dbov = 0;
    bool voice = false;
    assert_true(rtpext_audio_level(&extension, &dbov, &voice));
    assert_int_equal(dbov, 30);
    assert_true(voice);
    uint16_t sequence = 0;
    assert_false(rtpext_transport_sequence(&extension, &sequence));
    static const uint8_t number[] = {0xfe, 0xdc};
    extension = (RtpExtension){.id = 1, .size = 2, .data = number};
    assert_true(rtpext_transport_sequence(&extension, &sequence));
    assert_int_equal(sequence, 0xfedc);
    extension.size = 0;
    assert_false(rtpext_audio_level(&extension, &dbov, &voice));
    uint8_t send_time[3];
    rtpext_write_abs_send_time(65500000, send_time); /* 64 s wrap to 0: 1.5 s */
    assert_memory_equal(send_time, "\x06\x00\x00", 3);
}

static void test_text(void **state)
{
    (void)state;
    char text[17];
    RtpExtension extension = {.id = 1, .size = 4, .data = (const uint8_t *)"ab-1"};
    assert_true(rtpext_text(&extension, text, sizeof text));
    assert_string_equal(text, "ab-1");
    assert_false(rtpext_text(&extension, text, 4));
    assert_true(rtpext_text(&extension, text, 5));
    extension.data = (const uint8_t *)"ab\0c";
    assert_false(rtpext_text(&extension, text, sizeof text));
    extension.size = 0;
    assert_false(rtpext_text(&extension, text, sizeof text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_byte_form),
        cmocka_unit_test(test_two_byte_form),
        cmocka_unit_test(test_walk_ends_at_damage),
        cmocka_unit_test(test_written_blocks_read_back),
        cmocka_unit_test(test_form_is_the_smallest),
        cmocka_unit_test(test_locate_for_change),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
