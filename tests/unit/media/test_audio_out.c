// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/support/audio_line.h"

static void test_plain_packets_pass_as_they_are(void **state)
{
    (void)state;
    AudioLine line;
    line_set_up(&line, NULL);
    for (unsigned i = 0; i < 100; i++) {
        uint32_t timestamp = line.timestamp;
        line_fill(line.payload, line.sequence);
        assert_int_equal(line_push(&line, line.payload, LINE_PAYLOAD_BYTES, i == 7), 1);
        assert_int_equal(line.packets[0].sequence, line_out_number(i));
        assert_int_equal(line.packets[0].timestamp, timestamp);
        assert_int_equal(line.packets[0].marker, i == 7);
        assert_int_equal(line.packets[0].payload_type, LINE_OPUS);
        assert_ptr_equal(line.packets[0].payload, line.payload); /* not even copied */
        assert_int_equal(line.packets[0].size, LINE_PAYLOAD_BYTES);
        assert_true(audio_out_next_us(&line.out) == INT64_MAX);
        line_lose(&line);
    }
}

static void test_losses_pass_as_gaps_and_late_packets_fill_them(void **state)
{
    (void)state;
    AudioLine line;
    line_set_up(&line, NULL);
    (void)line_speak(&line);
    for (unsigned i = 0; i < 5; i++)
        line_lose(&line);
    assert_int_equal(line_speak(&line), 1);
    assert_int_equal(line.packets[0].sequence, line_out_number(6));
    assert_int_equal(line_come_late(&line, LINE_FIRST_IN + 3), 1);
    assert_int_equal(line.packets[0].sequence, line_out_number(3));
    assert_int_equal(line_come_late(&line, LINE_FIRST_IN + 3), 0); /* a duplicate */
    assert_int_equal(line_come_late(&line, LINE_FIRST_IN + 6), 0);
    assert_int_equal(line_come_late(&line, LINE_FIRST_IN - 1), 0); /* from before the first */
    /* Another lap of the window, where a number of this one is free. */
    assert_int_equal(line_come_late(&line, LINE_FIRST_IN + 4 - AUDIO_OUT_LATE_PACKETS), 0);
    assert_int_equal(line_speak(&line), 1);
    assert_int_equal(line.packets[0].sequence, line_out_number(7));
}

static void test_a_packet_too_late_has_no_number(void **state)
{
    (void)state;
    AudioLine line;
    line_set_up(&line, NULL);
    (void)line_speak(&line);
    line_lose(&line);
    line_lose(&line);
    for (unsigned i = 0; i < AUDIO_OUT_LATE_PACKETS - 1; i++)
        (void)line_speak(&line);
    assert_int_equal(line_come_late(&line, LINE_FIRST_IN + 1), 0);
    assert_int_equal(line_come_late(&line, LINE_FIRST_IN + 2), 1);
    assert_int_equal(line.packets[0].sequence, line_out_number(2));
    /* The number kept for the first loss is not its successor's in the window. */
    assert_int_equal(line_come_late(&line, LINE_FIRST_IN + 1 + AUDIO_OUT_LATE_PACKETS), 0);
}

static void test_a_long_outage_keeps_few_numbers(void **state)
{
    (void)state;
    AudioLine line;
    line_set_up(&line, NULL);
    (void)line_speak(&line);
    for (unsigned i = 0; i < 2000; i++)
        line_lose(&line);
    assert_int_equal(line_speak(&line), 1);
    assert_int_equal(line.packets[0].sequence, line_out_number(AUDIO_OUT_LATE_PACKETS));
}

static void merge_steadily(unsigned merge_ms)
{
    AudioLine line;
    const AudioOutConfig config = line_merging(merge_ms);
    line_set_up(&line, &config);
    unsigned group = merge_ms / 20;
    for (unsigned i = 0; i < 20; i++) {
        uint16_t first = line.sequence;
        uint32_t timestamp = line.timestamp;
        for (unsigned k = 0; k + 1 < group; k++)
            assert_int_equal(line_speak(&line), 0);
        assert_int_equal(line_speak(&line), 1);
        line_assert_merged(&line.packets[0], first, group, line_out_number(i));
        assert_int_equal(line.packets[0].timestamp, timestamp);
        assert_false(line.packets[0].marker);
        assert_true(audio_out_next_us(&line.out) == INT64_MAX);
    }
}

static void test_merging(void **state)
{
    (void)state;
    merge_steadily(40);
    merge_steadily(60);
    merge_steadily(80);
    merge_steadily(120);
}

static void test_a_half_filled_packet_goes_when_its_time_is_over(void **state)
{
    (void)state;
    AudioLine line;
    const AudioOutConfig config = line_merging(60);
    line_set_up(&line, &config);
    int64_t start_us = line.now_us;
    (void)line_speak(&line);
    (void)line_speak(&line);
    AudioPacket packet;
    assert_true(audio_out_next_us(&line.out) == start_us + 80 * LINE_MS);
    assert_false(audio_out_poll(&line.out, start_us + 80 * LINE_MS - 1, &packet));
    assert_true(audio_out_poll(&line.out, start_us + 80 * LINE_MS, &packet));
    line_assert_merged(&packet, LINE_FIRST_IN, 2, line_out_number(0));
    assert_false(audio_out_poll(&line.out, start_us + 1000 * LINE_MS, &packet));
    (void)line_speak(&line);
    (void)line_speak(&line);
    assert_int_equal(line_speak(&line), 1);
    line_assert_merged(&line.packets[0], LINE_FIRST_IN + 2, 3, line_out_number(1));
}

static void test_a_loss_ends_a_merge_and_a_late_packet_goes_alone(void **state)
{
    (void)state;
    AudioLine line;
    const AudioOutConfig config = line_merging(60);
    line_set_up(&line, &config);
    (void)line_speak(&line);
    (void)line_speak(&line);
    line_lose(&line);
    line_lose(&line);
    assert_int_equal(line_speak(&line), 1);
    line_assert_merged(&line.packets[0], LINE_FIRST_IN, 2, line_out_number(0));
    (void)line_speak(&line);
    assert_int_equal(line_come_late(&line, LINE_FIRST_IN + 3),
                     1); /* the pending ones go on waiting */
    assert_int_equal(line.packets[0].sequence, line_out_number(2));
    assert_int_equal(line_come_late(&line, LINE_FIRST_IN + 1), 0); /* was merged */
    assert_int_equal(line_come_late(&line, LINE_FIRST_IN + 4), 0); /* is pending */
    assert_int_equal(line_speak(&line), 1);
    line_assert_merged(&line.packets[0], LINE_FIRST_IN + 4, 3, line_out_number(3));
    assert_int_equal(line_come_late(&line, LINE_FIRST_IN + 2), 1);
    assert_int_equal(line.packets[0].sequence, line_out_number(1));
}

static void test_what_ends_a_merge(void **state)
{
    (void)state;
    AudioLine line;
    const AudioOutConfig config = line_merging(60);
    line_set_up(&line, &config);
    (void)line_speak(&line);
    /* A pause in the timestamps alone, as the sender was silent. */
    line.timestamp += 10 * LINE_FRAME;
    assert_int_equal(line_speak(&line), 1);
    line_assert_merged(&line.packets[0], LINE_FIRST_IN, 1, line_out_number(0));
    /* A marker: a new spurt. */
    line_fill(line.payload, line.sequence);
    assert_int_equal(line_push(&line, line.payload, LINE_PAYLOAD_BYTES, true), 1);
    line_assert_merged(&line.packets[0], LINE_FIRST_IN + 1, 1, line_out_number(1));
    line_lose(&line);
    (void)line_speak(&line);
    /* Another mode: hybrid, 20 ms. */
    line_fill(line.payload, line.sequence);
    line.payload[0] = 0x78;
    assert_int_equal(line_push(&line, line.payload, LINE_PAYLOAD_BYTES, false), 1);
    line_assert_merged(&line.packets[0], LINE_FIRST_IN + 2, 2, line_out_number(2));
    assert_true(line.packets[0].marker); /* of its first part */
    line_lose(&line);
    /* Silence goes out by itself behind what was said. */
    assert_int_equal(line_be_silent(&line), 2);
    assert_int_equal(line.packets[0].sequence, line_out_number(3));
    assert_int_equal(line.packets[0].payload[0], 0x78);
    assert_false(line.packets[0].marker);
    assert_int_equal(line.packets[1].sequence, line_out_number(4));
    assert_true(line.packets[1].silent);
    assert_memory_equal(line.packets[1].payload, "\x48", 1);
}

static void test_a_bad_or_long_packet_passes_alone(void **state)
{
    (void)state;
    static const struct {
        unsigned merge_ms;
        const char *payload;
        size_t size;
    } alone[] = {
        {120, "\x4b\x00\x01", 3},       /* no frames */
        {120, "\x4b\x82\x09zz", 5},     /* a frame that runs out */
        {120, "\x4b\x42\x01zz\x00", 6}, /* padded */
        {60,
         "\x58"
         "abcdef",
         7}, /* 60 ms already */
        {60,
         "\x50"
         "abcdef",
         7}, /* 40 ms: two do not fit */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(alone); i++) {
        AudioLine line;
        const AudioOutConfig config = line_merging(alone[i].merge_ms);
        line_set_up(&line, &config);
        (void)line_speak(&line);
        const uint8_t *payload = (const uint8_t *)alone[i].payload;
        assert_int_equal(line_push(&line, payload, alone[i].size, false), 2);
        line_assert_merged(&line.packets[0], LINE_FIRST_IN, 1, line_out_number(0));
        assert_int_equal(line.packets[1].sequence, line_out_number(1));
        assert_ptr_equal(line.packets[1].payload, payload);
        assert_int_equal(line.packets[1].size, alone[i].size);
    }
    AudioLine line;
    line_set_up(&line, NULL);
    assert_int_equal(line_push(&line, line.payload, 0, false), 0);
}

static void test_long_frames_are_merged_too(void **state)
{
    (void)state;
    AudioLine line;
    const AudioOutConfig config = line_merging(120);
    line_set_up(&line, &config);
    assert_int_equal(line_push(&line,
                               (const uint8_t *)"\x58"
                                                "abcdef",
                               7, false),
                     0);
    line.sequence++;
    line.timestamp += 3 * LINE_FRAME;
    assert_int_equal(line_push(&line,
                               (const uint8_t *)"\x58"
                                                "ghijkl",
                               7, false),
                     1);
    assert_int_equal(line.packets[0].size, 13);
    assert_memory_equal(line.packets[0].payload,
                        "\x59"
                        "abcdefghijkl",
                        13);
}

static void test_a_packet_that_would_be_too_much_begins_the_next(void **state)
{
    (void)state;
    AudioLine line;
    const AudioOutConfig config = line_merging(120);
    line_set_up(&line, &config);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(line_speak(&line), 0);
    /* Two frames of the same mode: 140 ms. */
    assert_int_equal(line_push(&line,
                               (const uint8_t *)"\x49"
                                                "abcdef",
                               7, false),
                     1);
    line_assert_merged(&line.packets[0], LINE_FIRST_IN, 5, line_out_number(0));
    AudioPacket packet;
    assert_true(audio_out_poll(&line.out, line.now_us + 1000 * LINE_MS, &packet));
    assert_int_equal(packet.size, 7);
    assert_memory_equal(packet.payload,
                        "\x49"
                        "abcdef",
                        7);
}

/* As a hostile sender may number them: the gap is told all the same. */
static void test_a_gap_in_the_numbers_alone_ends_a_merge(void **state)
{
    (void)state;
    AudioLine line;
    const AudioOutConfig config = line_merging(60);
    line_set_up(&line, &config);
    (void)line_speak(&line);
    line.sequence++;
    assert_int_equal(line_speak(&line), 1);
    line_assert_merged(&line.packets[0], LINE_FIRST_IN, 1, line_out_number(0));
    AudioPacket packet;
    assert_true(audio_out_poll(&line.out, line.now_us + 1000 * LINE_MS, &packet));
    line_assert_merged(&packet, LINE_FIRST_IN + 2, 1, line_out_number(2));
}

static void test_large_packets_are_not_merged_beyond_a_datagram(void **state)
{
    (void)state;
    static uint8_t large[400] = {0x48};
    AudioLine line;
    const AudioOutConfig config = line_merging(120);
    line_set_up(&line, &config);
    assert_int_equal(line_push(&line, large, sizeof large, false), 0);
    line_lose(&line);
    assert_int_equal(line_push(&line, large, sizeof large, false), 0);
    line_lose(&line);
    assert_int_equal(line_push(&line, large, sizeof large, false), 1);
    assert_int_equal(line.packets[0].size, 1 + 2 * (sizeof large - 1));
}

static void test_the_configuration_may_change_at_any_time(void **state)
{
    (void)state;
    AudioLine line;
    AudioOutConfig config = line_merging(120);
    line_set_up(&line, &config);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(line_speak(&line), 0);
    config = line_merging(20);
    audio_out_configure(&line.out, &config);
    assert_int_equal(line_speak(&line), 2);
    line_assert_merged(&line.packets[0], LINE_FIRST_IN, 4, line_out_number(0));
    line_assert_merged(&line.packets[1], LINE_FIRST_IN + 4, 1, line_out_number(1));
    line_lose(&line);
    config = line_merging(40);
    audio_out_configure(&line.out, &config);
    assert_int_equal(line_speak(&line), 0);
    assert_int_equal(line_come_late(&line, LINE_FIRST_IN + 5), 1); /* lost before the change */
    assert_int_equal(line.packets[0].sequence, line_out_number(2));
    assert_int_equal(line_speak(&line), 1);
    line_assert_merged(&line.packets[0], LINE_FIRST_IN + 6, 2, line_out_number(3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_packets_pass_as_they_are),
        cmocka_unit_test(test_losses_pass_as_gaps_and_late_packets_fill_them),
        cmocka_unit_test(test_a_packet_too_late_has_no_number),
        cmocka_unit_test(test_a_long_outage_keeps_few_numbers),
        cmocka_unit_test(test_merging),
        cmocka_unit_test(test_a_half_filled_packet_goes_when_its_time_is_over),
        cmocka_unit_test(test_a_loss_ends_a_merge_and_a_late_packet_goes_alone),
        cmocka_unit_test(test_what_ends_a_merge),
        cmocka_unit_test(test_a_bad_or_long_packet_passes_alone),
        cmocka_unit_test(test_long_frames_are_merged_too),
        cmocka_unit_test(test_a_packet_that_would_be_too_much_begins_the_next),
        cmocka_unit_test(test_a_gap_in_the_numbers_alone_ends_a_merge),
        cmocka_unit_test(test_large_packets_are_not_merged_beyond_a_datagram),
        cmocka_unit_test(test_the_configuration_may_change_at_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
