// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/support/audio_line.h"

/* The packet is LINE_RED whose blocks are the N frames that end with LAST, one frame or merge
 * apart. */
static void assert_red(const AudioPacket *packet, uint16_t last, unsigned n, uint32_t apart)
{
    RedPacket red;
    assert_int_equal(packet->payload_type, LINE_RED);
    assert_int_equal(red_parse(packet->payload, packet->size, &red), RED_OK);
    assert_int_equal(red.n_blocks, n);
    for (unsigned i = 0; i < n; i++) {
        unsigned back = n - 1 - i;
        uint8_t expected[LINE_PAYLOAD_BYTES];
        line_fill(expected, (uint16_t)(last - back * (apart / LINE_FRAME)));
        assert_int_equal(red.blocks[i].payload_type, LINE_OPUS);
        assert_int_equal(red.blocks[i].timestamp_offset, back * apart);
        const uint8_t *tail = red.blocks[i].data + red.blocks[i].size - (LINE_PAYLOAD_BYTES - 1);
        assert_memory_equal(tail, expected + 1, LINE_PAYLOAD_BYTES - 1);
    }
}

static void test_redundancy(void **state)
{
    (void)state;
    AudioLine line;
    const AudioOutConfig config = line_redundant(20, 2);
    line_set_up(&line, &config);
    assert_int_equal(line_speak(&line), 1);
    assert_int_equal(line.packets[0].payload_type, LINE_OPUS); /* nothing to repeat yet */
    assert_int_equal(line_speak(&line), 1);
    assert_red(&line.packets[0], LINE_FIRST_IN + 1, 2, LINE_FRAME);
    for (unsigned i = 2; i < 50; i++) {
        assert_int_equal(line_speak(&line), 1);
        assert_red(&line.packets[0], (uint16_t)(LINE_FIRST_IN + i), 3, LINE_FRAME);
        assert_int_equal(line.packets[0].sequence, line_out_number(i));
    }
}

static void test_redundancy_of_merged_packets(void **state)
{
    (void)state;
    AudioLine line;
    const AudioOutConfig config = line_redundant(60, 2);
    line_set_up(&line, &config);
    for (unsigned i = 0; i < 30; i++) {
        (void)line_speak(&line);
        (void)line_speak(&line);
        assert_int_equal(line_speak(&line), 1);
        if (i >= 2) /* 5,760 samples apart at most: within 14 bits */
            assert_red(&line.packets[0], (uint16_t)(LINE_FIRST_IN + 3 * i + 2), 3, 3 * LINE_FRAME);
    }
}

static void test_redundancy_only_as_far_as_a_receiver_has_the_type(void **state)
{
    (void)state;
    AudioLine line;
    AudioOutConfig config = line_redundant(20, 2);
    config.red_payload_type = -1;
    line_set_up(&line, &config);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(line_speak(&line), 1);
        line_assert_merged(&line.packets[0], (uint16_t)(LINE_FIRST_IN + i), 1, line_out_number(i));
    }
}

/* Pushes N zero bytes of Opus; the blocks of the RED that comes out, 1 for plain Opus. */
static unsigned count_blocks(AudioLine *line, size_t n)
{
    static uint8_t large[RED_BLOCK_BYTES_MAX + 1] = {0x48};
    RedPacket red = {.n_blocks = 1};
    assert_true(n <= sizeof large);
    assert_int_equal(line_push(line, large, n, false), 1);
    line_lose(line);
    const AudioPacket *packet = &line->packets[0];
    if (packet->payload_type == LINE_RED)
        assert_int_equal(red_parse(packet->payload, packet->size, &red), RED_OK);
    assert_true(packet->size <= AUDIO_OUT_BYTES_MAX);
    return red.n_blocks;
}

static void test_redundancy_stays_within_a_datagram(void **state)
{
    (void)state;
    AudioLine line;
    const AudioOutConfig config = line_redundant(20, 2);
    line_set_up(&line, &config);
    assert_int_equal(count_blocks(&line, 500), 1);
    assert_int_equal(count_blocks(&line, 500), 2);
    assert_int_equal(count_blocks(&line, 300), 2); /* the oldest is left out */
    assert_int_equal(count_blocks(&line, 300), 3);
    assert_int_equal(count_blocks(&line, 900), 1);
    assert_int_equal(count_blocks(&line, 900), 1);
}

static void test_redundancy_reaches_as_far_as_its_fields(void **state)
{
    (void)state;
    AudioLine line;
    const AudioOutConfig config = line_redundant(20, 2);
    line_set_up(&line, &config);
    assert_int_equal(count_blocks(&line, 30), 1);
    assert_int_equal(count_blocks(&line, RED_BLOCK_BYTES_MAX + 1), 2);
    assert_int_equal(count_blocks(&line, 30), 2); /* the one before has no length in 10 bits */
    line.timestamp += 16 * LINE_FRAME;            /* 17 packets: 16,320 samples */
    assert_int_equal(count_blocks(&line, 30), 2);
    line.timestamp += 17 * LINE_FRAME;
    assert_int_equal(count_blocks(&line, 30), 1);
    assert_int_equal(count_blocks(&line, 30), 2);
    line.timestamp += 70 * LINE_FRAME; /* over 16 bits */
    assert_int_equal(count_blocks(&line, 30), 1);
}

static void test_silence_is_not_repeated_and_speech_not_all_through_it(void **state)
{
    (void)state;
    AudioLine line;
    const AudioOutConfig config = line_redundant(20, 2);
    line_set_up(&line, &config);
    (void)line_speak(&line);
    uint8_t expected[LINE_PAYLOAD_BYTES];
    line_fill(expected, LINE_FIRST_IN);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(line_be_silent(&line), 1);
        RedPacket red;
        assert_int_equal(red_parse(line.packets[0].payload, line.packets[0].size, &red), RED_OK);
        assert_int_equal(red.n_blocks, 2);
        assert_memory_equal(red.blocks[0].data, expected, LINE_PAYLOAD_BYTES);
    }
    assert_int_equal(line_be_silent(&line), 1);
    assert_int_equal(line.packets[0].payload_type, LINE_OPUS);
}

static void test_silence_is_thinned(void **state)
{
    (void)state;
    AudioLine line;
    AudioOutConfig config = line_merging(20);
    config.thin_dtx = true;
    line_set_up(&line, &config);
    unsigned number = 0;
    for (unsigned i = 0; i < 60; i++) { /* 1.2 s */
        unsigned n = line_be_silent(&line);
        assert_int_equal(n, i % 20 == 0);
        if (n == 1)
            assert_int_equal(line.packets[0].sequence, line_out_number(number++));
    }
    assert_int_equal(number, 3);
    assert_int_equal(line_speak(&line), 1); /* the numbers have closed up */
    line_assert_merged(&line.packets[0], LINE_FIRST_IN + 60, 1, line_out_number(3));
    assert_int_equal(line_be_silent(&line), 1); /* a new silence shows at once */
    assert_int_equal(line_come_late(&line, LINE_FIRST_IN + 5), 0);
}

/* SRTP follows a number 2^15 ahead at most, so a stream of gaps and silence may not run away. */
static void test_hidden_packets_do_not_run_away_with_the_numbers(void **state)
{
    (void)state;
    AudioLine line;
    AudioOutConfig config = line_merging(20);
    config.thin_dtx = true;
    line_set_up(&line, &config);
    (void)line_be_silent(&line);
    for (unsigned i = 0; i < 1000; i++) {
        line.sequence += AUDIO_OUT_LATE_PACKETS; /* lost; the timestamp stands still */
        assert_int_equal(line_push(&line, (const uint8_t *)"\x48", 1, false), 0);
    }
    line.sequence++;
    line.timestamp += 100 * LINE_FRAME;
    assert_int_equal(line_speak(&line), 1);
    assert_true((uint16_t)(line.packets[0].sequence - line_out_number(0)) < 2048);
}

static void test_the_second_send(void **state)
{
    (void)state;
    AudioLine line;
    AudioOutConfig config = line_merging(40);
    config.second_send_ms = 60;
    line_set_up(&line, &config);
    uint16_t sequence = 0;
    (void)line_speak(&line);
    int64_t sent_us = line.now_us;
    assert_int_equal(line_speak(&line), 1);
    assert_false(audio_out_resend_due(&line.out, sent_us + 60 * LINE_MS - 1, &sequence));
    assert_true(audio_out_next_us(&line.out) == sent_us + 60 * LINE_MS);
    assert_true(audio_out_resend_due(&line.out, sent_us + 60 * LINE_MS, &sequence));
    assert_int_equal(sequence, line_out_number(0));
    assert_false(audio_out_resend_due(&line.out, sent_us + 60 * LINE_MS, &sequence));
    assert_true(audio_out_next_us(&line.out) == INT64_MAX);
    assert_int_equal(line_be_silent(&line), 1); /* silence is sent once */
    assert_true(audio_out_next_us(&line.out) == INT64_MAX);
    (void)line_speak(&line);
    (void)line_speak(&line);
    config.second_send_ms = 0;
    audio_out_configure(&line.out, &config);
    assert_false(audio_out_resend_due(&line.out, line.now_us + 1000 * LINE_MS, &sequence));
}

static void test_more_second_sends_than_places_forget_the_oldest(void **state)
{
    (void)state;
    AudioLine line;
    AudioOutConfig config = line_merging(20);
    config.second_send_ms = 1000;
    line_set_up(&line, &config);
    for (unsigned i = 0; i < AUDIO_OUT_RESENDS + 3; i++)
        (void)line_speak(&line);
    uint16_t sequence = 0;
    for (unsigned i = 0; i < AUDIO_OUT_RESENDS; i++) {
        assert_true(audio_out_resend_due(&line.out, line.now_us + 1000 * LINE_MS, &sequence));
        assert_int_equal(sequence, line_out_number(3 + i));
    }
    assert_false(audio_out_resend_due(&line.out, line.now_us + 1000 * LINE_MS, &sequence));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_redundancy),
        cmocka_unit_test(test_redundancy_of_merged_packets),
        cmocka_unit_test(test_redundancy_only_as_far_as_a_receiver_has_the_type),
        cmocka_unit_test(test_redundancy_stays_within_a_datagram),
        cmocka_unit_test(test_redundancy_reaches_as_far_as_its_fields),
        cmocka_unit_test(test_silence_is_not_repeated_and_speech_not_all_through_it),
        cmocka_unit_test(test_silence_is_thinned),
        cmocka_unit_test(test_hidden_packets_do_not_run_away_with_the_numbers),
        cmocka_unit_test(test_the_second_send),
        cmocka_unit_test(test_more_second_sends_than_places_forget_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
