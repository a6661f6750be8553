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

/* What lies behind PACKET of frame NUMBER: N frames, so many back, whole and with their times. */
static void assert_copies(const AudioPacket *packet, uint16_t number, const unsigned *back,
                          unsigned n)
{
    RedPacket red = {.n_blocks = 1};
    if (n > 0) {
        assert_int_equal(packet->payload_type, LINE_RED);
        assert_int_equal(red_parse(packet->payload, packet->size, &red), RED_OK);
    }
    assert_int_equal(red.n_blocks, n + 1);
    for (unsigned i = 0; i < n; i++) {
        uint8_t expected[LINE_PAYLOAD_BYTES];
        line_fill(expected, (uint16_t)(number - back[i]));
        assert_int_equal(red.blocks[i].timestamp_offset, back[i] * LINE_FRAME);
        assert_int_equal(red.blocks[i].size, LINE_PAYLOAD_BYTES);
        assert_memory_equal(red.blocks[i].data, expected, LINE_PAYLOAD_BYTES);
    }
}

/* The distances of two copies; web/shared/red_frame.test.ts has them as well. */
static const unsigned REACHED[AUDIO_OUT_REACH_MAX + 1][2] = {{2, 1}, {2, 1}, {2, 1}, {3, 1}, {4, 2},
                                                             {5, 2}, {6, 2}, {7, 3}, {8, 3}};

static void test_copies_from_further_back(void **state)
{
    (void)state;
    for (unsigned reach = 0; reach <= AUDIO_OUT_REACH_MAX + 1; reach++) {
        unsigned taken = MIN(reach, (unsigned)AUDIO_OUT_REACH_MAX);
        for (unsigned copies = 0; copies <= 2; copies++) {
            AudioLine line;
            AudioOutConfig config = line_redundant(20, copies);
            config.red_reach = reach;
            line_set_up(&line, &config);
            const unsigned single[] = {MAX(taken, 1)};
            for (unsigned i = 0; i < 40; i++) {
                assert_int_equal(line_speak(&line), 1);
                if (i >= AUDIO_OUT_REACH_MAX)
                    assert_copies(&line.packets[0], (uint16_t)(LINE_FIRST_IN + i),
                                  copies == 2 ? REACHED[taken] : single, copies);
            }
        }
    }
}

/* Another reach or none in the middle of a call: from the next packet on, out of what was sent. */
static void test_another_reach_in_the_middle_of_a_call(void **state)
{
    (void)state;
    AudioLine line;
    AudioOutConfig config = line_redundant(20, 2);
    line_set_up(&line, &config);
    static const unsigned reaches[] = {0, 8, 4, 0, 8};
    for (unsigned i = 0; i < 100; i++) {
        config.red_reach = reaches[i / 20];
        audio_out_configure(&line.out, &config);
        assert_int_equal(line_speak(&line), 1);
        if (i >= AUDIO_OUT_REACH_MAX)
            assert_copies(&line.packets[0], (uint16_t)(LINE_FIRST_IN + i),
                          REACHED[config.red_reach], 2);
    }
}

/* The count of what was sent begins anew after 2^32 packets. */
static void test_the_count_of_what_was_sent_wraps(void **state)
{
    (void)state;
    AudioLine line;
    AudioOutConfig config = line_redundant(20, 2);
    config.red_reach = 8;
    line_set_up(&line, &config);
    line.out.n_history = (unsigned)-20;
    for (unsigned i = 0; i < 60; i++) {
        assert_int_equal(line_speak(&line), 1);
        if ((i >= 8 && i < 20) || i >= 28)
            assert_copies(&line.packets[0], (uint16_t)(LINE_FIRST_IN + i), REACHED[8], 2);
    }
}

/* Which of the frames from LINE_FIRST_IN on came, whole, when packets FROM to UNTIL are lost. */
static void hear(const AudioOutConfig *config, unsigned from, unsigned until, bool came[64])
{
    AudioLine line;
    line_set_up(&line, config);
    uint32_t start = line.timestamp;
    memset(came, 0, 64 * sizeof *came);
    for (unsigned i = 0; i < 64; i++) {
        assert_int_equal(line_speak(&line), 1);
        const AudioPacket *packet = &line.packets[0];
        RedPacket red = {.n_blocks = 1, .blocks = {{LINE_OPUS, 0, packet->payload, packet->size}}};
        if (i >= from && i < until)
            continue;
        if (packet->payload_type == LINE_RED)
            assert_int_equal(red_parse(packet->payload, packet->size, &red), RED_OK);
        for (unsigned k = 0; k < red.n_blocks; k++) {
            uint8_t expected[LINE_PAYLOAD_BYTES];
            unsigned frame =
                (packet->timestamp - red.blocks[k].timestamp_offset - start) / LINE_FRAME;
            assert_true(frame <= i);
            line_fill(expected, (uint16_t)(LINE_FIRST_IN + frame));
            assert_int_equal(red.blocks[k].size, LINE_PAYLOAD_BYTES);
            assert_memory_equal(red.blocks[k].data, expected, LINE_PAYLOAD_BYTES);
            came[frame] = true;
        }
    }
}

static void test_a_run_of_losses_within_the_reach_loses_nothing(void **state)
{
    (void)state;
    for (unsigned reach = 1; reach <= AUDIO_OUT_REACH_MAX; reach++) {
        for (unsigned copies = 1; copies <= 2; copies++) {
            AudioOutConfig config = line_redundant(20, copies);
            config.red_reach = reach;
            bool came[64];
            for (unsigned run = 1; run <= reach; run++) {
                hear(&config, 20, 20 + run, came);
                for (unsigned i = 0; i < 64; i++)
                    assert_true(came[i]);
            }
            hear(&config, 20, 20 + MAX(reach, copies) + 1, came);
            assert_false(came[20]); /* one too many, with its copies */
        }
    }
}

/* A sender on a thin link has packets of 60 ms where the receiver would take those of 20: eight of
 * them are half a second, which has no bits and comes too late. */
static void test_the_reach_is_of_time_where_packets_are_longer(void **state)
{
    (void)state;
    static const uint8_t opus[LINE_PAYLOAD_BYTES] = {0x58}; /* SILK wideband, 60 ms */
    for (unsigned copies = 1; copies <= 2; copies++) {
        AudioLine line;
        AudioOutConfig config = line_redundant(20, copies);
        config.red_reach = 8;
        line_set_up(&line, &config);
        for (unsigned i = 0; i < 20; i++) {
            assert_int_equal(line_push(&line, opus, sizeof opus, false), 1);
            line_lose(&line);
            line.timestamp += 2 * LINE_FRAME;
            RedPacket red;
            if (i < 2)
                continue;
            assert_int_equal(line.packets[0].payload_type, LINE_RED);
            assert_int_equal(red_parse(line.packets[0].payload, line.packets[0].size, &red),
                             RED_OK);
            assert_int_equal(red.n_blocks, copies + 1);
            assert_int_equal(red.blocks[0].timestamp_offset, 2 * 3 * LINE_FRAME);
        }
    }
}

static void test_a_far_copy_without_bits_for_its_time_is_left_out(void **state)
{
    (void)state;
    AudioLine line;
    AudioOutConfig config = line_redundant(60, 2);
    config.red_reach = 8; /* of 60 ms: 23,040 samples */
    line_set_up(&line, &config);
    for (unsigned i = 0; i < 30; i++) {
        (void)line_speak(&line);
        (void)line_speak(&line);
        assert_int_equal(line_speak(&line), 1);
        RedPacket red;
        if (i < 8)
            continue;
        assert_int_equal(red_parse(line.packets[0].payload, line.packets[0].size, &red), RED_OK);
        assert_int_equal(red.n_blocks, 2);
        assert_int_equal(red.blocks[0].timestamp_offset, 3 * 3 * LINE_FRAME);
    }
}

static void test_large_packets_have_no_copies(void **state)
{
    (void)state;
    AudioLine line;
    AudioOutConfig config = line_redundant(20, 1);
    config.red_reach = 3;
    line_set_up(&line, &config);
    static const size_t sizes[] = {AUDIO_OUT_COPY_BYTES_MAX, AUDIO_OUT_COPY_BYTES_MAX + 1, 30};
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(count_blocks(&line, sizes[i]), 1);
    assert_int_equal(count_blocks(&line, 30), 2);
    assert_int_equal(count_blocks(&line, 30), 1); /* too large to be kept */
    assert_int_equal(count_blocks(&line, 30), 2);
    /* The farther one is left out where both are too much. */
    config.red_distance = 2;
    audio_out_configure(&line.out, &config);
    for (unsigned i = 0; i < 3; i++)
        (void)count_blocks(&line, 500);
    assert_int_equal(count_blocks(&line, 200), 2);
    RedPacket red;
    assert_int_equal(red_parse(line.packets[0].payload, line.packets[0].size, &red), RED_OK);
    assert_int_equal(red.blocks[0].timestamp_offset, LINE_FRAME);
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
        cmocka_unit_test(test_copies_from_further_back),
        cmocka_unit_test(test_another_reach_in_the_middle_of_a_call),
        cmocka_unit_test(test_the_count_of_what_was_sent_wraps),
        cmocka_unit_test(test_a_run_of_losses_within_the_reach_loses_nothing),
        cmocka_unit_test(test_the_reach_is_of_time_where_packets_are_longer),
        cmocka_unit_test(test_a_far_copy_without_bits_for_its_time_is_left_out),
        cmocka_unit_test(test_large_packets_have_no_copies),
        cmocka_unit_test(test_silence_is_not_repeated_and_speech_not_all_through_it),
        cmocka_unit_test(test_silence_is_thinned),
        cmocka_unit_test(test_hidden_packets_do_not_run_away_with_the_numbers),
        cmocka_unit_test(test_the_second_send),
        cmocka_unit_test(test_more_second_sends_than_places_forget_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
