// SPDX-License-Identifier: Apache-2.0
// Several pictures through one pacer.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/media/pacer_bench.h"

/* Another one's key frame is on its way for most of a second. */
static void test_pictures_take_turns(void **state)
{
    (void)state;
    const Frame small = {.slot = 1, .timestamp = 1, .key = true, .n_packets = 1, .wire_bytes = 300};
    const Frame large = {.slot = 2, .timestamp = 7, .key = true, .n_packets = 10};
    pacer_init(&pacer, 100 * 1000, 0);
    assert_int_equal(push(&small, 0), 1);
    PacerEntry entry;
    assert_true(pacer_next(&pacer, 0, &entry));
    assert_int_equal(push(&large, 0), 10);
    unsigned n_large = 0;
    for (uint32_t i = 0; i < 6; i++) {
        Frame frame = small;
        frame.key = false;
        frame.timestamp = 2 + i;
        frame.temporal_id = i % 2;
        int64_t now_us = (100 + i * 100) * MS;
        assert_int_equal(push(&frame, now_us), 1);
        /* A small one leaves before the next. */
        bool has_small = false;
        for (int64_t ms = 0; ms < 95; ms++) {
            while (pacer_next(&pacer, now_us + ms * MS, &entry)) {
                has_small = has_small || entry.slot == 1;
                n_large += entry.slot == 2;
            }
        }
        assert_true(has_small);
    }
    assert_in_range(n_large, 4, 7);
    assert_int_equal(pacer.slots[1].video_bytes, 0);
    assert_int_equal(pacer.slots[2].video_bytes, (10 - n_large) * 1000);
    assert_int_equal(pacer.n_dropped_frames, 0);
    drain(800 * MS, 2000 * MS, NULL);
    assert_int_equal(pacer.video_bytes, 0);
}

/* Each would take most of its time on this link, and both together more. */
static void test_key_frames_stand_in_line(void **state)
{
    (void)state;
    pacer_init(&pacer, 100 * 1000, 0);
    assert_int_equal(push(&(Frame){.slot = 1, .timestamp = 1, .key = true, .n_packets = 15}, 0),
                     15);
    assert_int_equal(push(&(Frame){.slot = 2, .timestamp = 1, .key = true, .n_packets = 15}, 0), 0);
    pacer_init(&pacer, 200 * 1000, 0);
    assert_int_equal(push(&(Frame){.slot = 1, .timestamp = 1, .key = true, .n_packets = 15}, 0),
                     15);
    assert_int_equal(push(&(Frame){.slot = 2, .timestamp = 1, .key = true, .n_packets = 15}, 0),
                     15);
    PacerEntry entry;
    unsigned n_first = 0;
    bool has_second = false;
    for (int64_t ms = 0; ms < 1400; ms++) {
        while (pacer_next(&pacer, ms * MS, &entry)) {
            assert_false(has_second && entry.slot == 1);
            has_second = entry.slot == 2;
            n_first += entry.slot == 1;
        }
    }
    assert_int_equal(n_first, 15);
    assert_int_equal(pacer.n_dropped_frames, 0);
}

/* Two pictures on a link that is too thin for both, each frame a packet. Whoever is cut off sends a
 * key frame when it is wanted. */
typedef struct {
    uint16_t wire_bytes;
    int64_t interval_us;
    int64_t next_us;
    uint32_t timestamp;
    size_t sent;
} Stream;

static void push_due(Stream *stream, uint8_t slot, int64_t now_us)
{
    while (stream->next_us <= now_us) {
        bool is_wanted = pacer_key_frames_wanted(&pacer) & 1U << slot;
        push(&(Frame){.slot = slot,
                      .timestamp = ++stream->timestamp,
                      .key = is_wanted || stream->timestamp == 1,
                      .n_packets = 1,
                      .wire_bytes = stream->wire_bytes},
             now_us);
        stream->next_us += stream->interval_us;
    }
}

static void run_streams(Stream streams[2], int64_t from_us, int64_t until_us)
{
    PacerEntry entry;
    for (int64_t now_us = from_us; now_us < until_us; now_us += MS / 2) {
        for (uint8_t slot = 0; slot < 2; slot++)
            push_due(&streams[slot], slot, now_us);
        while (pacer_next(&pacer, now_us, &entry))
            streams[entry.slot].sent += entry.wire_bytes;
    }
}

/* Small packets, each next one there when the last has left, do not stand in front of one of 1200
 * bytes for ever: who wants half gets half. */
static void test_small_packets_do_not_starve_large_ones(void **state)
{
    (void)state;
    static const Stream small[] = {
        {.wire_bytes = 100, .interval_us = 2222}, /* 90 % of the target */
        {.wire_bytes = 224, .interval_us = 4000}, /* all that is paced; waits for nobody */
    };
    for (unsigned i = 0; i < 2; i++) {
        pacer_init(&pacer, 400 * 1000, 0); /* 50 bytes a millisecond, 56 as it is paced */
        Stream streams[2] = {small[i], {.wire_bytes = 1200, .interval_us = 48 * MS}};
        run_streams(streams, 0, 2000 * MS);
        streams[0].sent = streams[1].sent = 0;
        run_streams(streams, 2000 * MS, 7000 * MS);
        assert_in_range(streams[1].sent, 5000 * 25 * 9 / 10, 5000 * 26);
        assert_in_range(streams[0].sent, 5000 * 20, 5000 * 32);
    }
}

/* The queue is never empty behind it, and yet what comes later leaves at the usual pace. */
static void test_the_haste_of_a_key_frame_ends_with_it(void **state)
{
    (void)state;
    pacer_init(&pacer, 400 * 1000, 0);
    Stream streams[2] = {
        {.wire_bytes = 400, .interval_us = 8 * MS},   /* all of the target */
        {.wire_bytes = 1200, .interval_us = 48 * MS}, /* and half of it */
    };
    for (int64_t from_us = 0; from_us < 12000 * MS; from_us += 1000 * MS) {
        streams[0].sent = streams[1].sent = 0;
        run_streams(streams, from_us, from_us + 1000 * MS);
        assert_in_range(streams[0].sent + streams[1].sent, 50000, 50000 * 118 / 100);
    }
}

/* What was admitted waits for others that come later as often as it is its own turn, no more. */
static void test_later_ones_do_not_overtake_for_long(void **state)
{
    (void)state;
    pacer_init(&pacer, 100 * 1000, 0); /* 12.5 bytes a millisecond */
    const Frame large = {.slot = 1, .timestamp = 1, .n_packets = 3};
    assert_int_equal(push(&large, 0), 3);                                    /* 240 ms */
    Stream small = {.wire_bytes = 120, .interval_us = 9600, .timestamp = 1}; /* all of the link */
    unsigned n_large = 0;
    PacerEntry entry;
    int64_t now_us = 0;
    for (; n_large < 3; now_us += MS) {
        assert_true(now_us < 500 * MS);
        push_due(&small, 0, now_us);
        while (pacer_next(&pacer, now_us, &entry))
            n_large += entry.slot == 1;
    }
    assert_true(now_us > 240 * MS); /* the small ones had their turns too */
}

/* Another one's frames take turns with a key frame, so they are no reason to wait for room; another
 * one's key frame is. */
static void test_a_key_frame_is_wanted_beside_others(void **state)
{
    (void)state;
    pacer_init(&pacer, 100 * 1000, 0);
    assert_int_equal(push(&(Frame){.slot = 1, .timestamp = 1, .n_packets = 2}, 0), 2);
    Frame long_one = {.slot = 2, .timestamp = 1, .n_packets = 7};
    assert_int_equal(push(&long_one, 0), 7); /* 560 ms */
    assert_int_equal(push(&(Frame){.slot = 2, .timestamp = 2, .n_packets = 1}, 0), 0);
    assert_int_equal(pacer_key_frames_wanted(&pacer), 0); /* its own are in the way */
    PacerEntry entry;
    for (int64_t now_us = 0; pacer.slots[2].video_bytes > 0; now_us += MS) {
        while (pacer_next(&pacer, now_us, &entry))
            continue;
        if (pacer.slots[1].video_bytes < 2000) /* this one stands */
            push(&(Frame){.slot = 1, .timestamp = 2 + (uint32_t)now_us, .n_packets = 1}, now_us);
    }
    assert_true(pacer_queue_us(&pacer) > 100 * MS);
    assert_int_equal(pacer_key_frames_wanted(&pacer), 1 << 2);
    /* In line behind another key frame. */
    assert_int_equal(
        push(&(Frame){.slot = 3, .timestamp = 1, .key = true, .n_packets = 4}, 900 * MS), 4);
    assert_int_equal(pacer_key_frames_wanted(&pacer), 0);
}

static void test_a_key_frame_out_of_order(void **state)
{
    (void)state;
    pacer_init(&pacer, 80 * 1000, 0);
    assert_int_equal(push(&(Frame){.timestamp = 10, .n_packets = 2}, 0), 2);
    assert_int_equal(push(&(Frame){.timestamp = 10, .key = true, .n_packets = 1}, 0), 1);
    assert_int_equal(pacer.video_bytes, 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures_take_turns),
        cmocka_unit_test(test_key_frames_stand_in_line),
        cmocka_unit_test(test_small_packets_do_not_starve_large_ones),
        cmocka_unit_test(test_the_haste_of_a_key_frame_ends_with_it),
        cmocka_unit_test(test_later_ones_do_not_overtake_for_long),
        cmocka_unit_test(test_a_key_frame_is_wanted_beside_others),
        cmocka_unit_test(test_a_key_frame_out_of_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
