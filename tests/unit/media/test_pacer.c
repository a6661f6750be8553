// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "media/rate/pacer.h"

static const int64_t MS = 1000;

static Pacer pacer; /* too large for a careless stack; each test begins with pacer_init() */

typedef struct {
    uint8_t slot;
    uint32_t timestamp;
    uint8_t temporal_id;
    bool layer_sync;
    bool key;
    unsigned n_packets;
    uint16_t wire_bytes;
} Frame;

static uint16_t next_sequence;

/* Pushes a frame's packets; how many were taken. */
static unsigned push(const Frame *frame, int64_t now_us)
{
    unsigned n_taken = 0;
    for (unsigned i = 0; i < frame->n_packets; i++) {
        PacerEntry entry = {
            .kind = PACER_VIDEO,
            .slot = frame->slot,
            .timestamp = frame->timestamp,
            .sequence = next_sequence++,
            .wire_bytes = frame->wire_bytes > 0 ? frame->wire_bytes : 1000,
            .temporal_id = frame->temporal_id,
            .layer_sync = frame->layer_sync,
            .starts_key_frame = frame->key && i == 0,
        };
        n_taken += pacer_push(&pacer, &entry, now_us);
    }
    return n_taken;
}

static bool push_rtx(uint8_t slot, uint16_t sequence, int64_t now_us)
{
    PacerEntry entry = {.kind = PACER_RTX, .slot = slot, .sequence = sequence, .wire_bytes = 1000};
    return pacer_push(&pacer, &entry, now_us);
}

/* Sends all that may leave until UNTIL_US, at the times that the pacer names; padding as asked. */
static size_t drain(int64_t from_us, int64_t until_us, unsigned *ret_n_by_kind)
{
    size_t n_bytes = 0;
    int64_t now_us = from_us;
    PacerEntry entry;
    for (;;) {
        while (pacer_next(&pacer, now_us, &entry)) {
            n_bytes += entry.wire_bytes;
            if (ret_n_by_kind != NULL)
                ret_n_by_kind[entry.kind]++;
            if (entry.kind == PACER_PADDING)
                pacer_on_padding(&pacer, entry.wire_bytes, now_us);
        }
        int64_t due_us = pacer_due_us(&pacer, now_us);
        if (due_us >= until_us)
            return n_bytes;
        assert_true(due_us > now_us);
        now_us = due_us;
    }
}

static void test_leaves_a_little_faster_than_the_target(void **state)
{
    (void)state;
    pacer_init(&pacer, 800 * 1000, 0); /* 100 bytes a millisecond */
    /* 40 kB are 400 ms: at 1.12 they leave in 357. */
    assert_int_equal(push(&(Frame){.timestamp = 1, .n_packets = 40}, 0), 40);
    for (int64_t t = 0; t < 300 * MS; t += 100 * MS) {
        size_t n = drain(t, t + 100 * MS, NULL);
        assert_in_range(n, 10000, 11000 + 1000 + 550); /* and a packet, and 5 ms saved */
    }
    drain(300 * MS, 370 * MS, NULL);
    assert_int_equal(pacer.n_video, 0);
    assert_int_equal(pacer.video_bytes, 0);
    assert_true(pacer_due_us(&pacer, 370 * MS) == INT64_MAX);
}

static void test_nothing_saved_up_over_a_pause(void **state)
{
    (void)state;
    pacer_init(&pacer, 80 * 1000, 0);
    push(&(Frame){.timestamp = 1, .n_packets = 3}, 10000 * MS);
    PacerEntry entry;
    assert_true(pacer_next(&pacer, 10000 * MS, &entry)); /* one packet, and no more */
    assert_false(pacer_next(&pacer, 10000 * MS, &entry));
}

static void test_due_is_when_the_next_may_leave(void **state)
{
    (void)state;
    pacer_init(&pacer, 80 * 1000, 0);
    push(&(Frame){.timestamp = 1, .n_packets = 2}, 0);
    PacerEntry entry;
    assert_true(pacer_due_us(&pacer, 0) <= 0);
    assert_true(pacer_next(&pacer, 0, &entry));
    int64_t due_us = pacer_due_us(&pacer, 0);
    assert_in_range(due_us, 85 * MS, 95 * MS); /* 1000 bytes at 90 kbit/s */
    assert_false(pacer_next(&pacer, due_us - 1, &entry));
    assert_true(pacer_next(&pacer, due_us, &entry));
}

static void test_a_long_key_frame_leaves_gently(void **state)
{
    (void)state;
    /* 240 ms of link: 1.5 times; 800 ms: so that 80 ms stand in the link's queue, or at 1.07. */
    pacer_init(&pacer, 80 * 1000, 0);
    push(&(Frame){.timestamp = 1, .key = true, .n_packets = 2}, 0);
    assert_int_equal(pacer.rate_bps, 120 * 1000);
    pacer_init(&pacer, 80 * 1000, 0);
    push(&(Frame){.timestamp = 1, .key = true, .n_packets = 8}, 0);
    assert_in_range(pacer.rate_bps, 88 * 1000, 89 * 1000);
    /* Not faster as the backlog shrinks. */
    drain(0, 500 * MS, NULL);
    pacer_set_target(&pacer, 80 * 1000, 500 * MS);
    assert_in_range(pacer.rate_bps, 88 * 1000, 89 * 1000);
    drain(500 * MS, 1000 * MS, NULL);
    assert_in_range(pacer.rate_bps, 89 * 1000, 90 * 1000);
}

static void test_sound_is_charged(void **state)
{
    (void)state;
    pacer_init(&pacer, 80 * 1000, 0);
    push(&(Frame){.timestamp = 1, .n_packets = 1}, 0);
    pacer_charge(&pacer, 500, 0);
    PacerEntry entry;
    assert_false(pacer_next(&pacer, 0, &entry));
    assert_in_range(pacer_due_us(&pacer, 0), 44 * MS, 46 * MS);
    /* Sound alone beyond the target: the picture waits, but not for ever. */
    for (int64_t t = 0; t < 5000 * MS; t += 10 * MS)
        pacer_charge(&pacer, 500, t);
    assert_true(pacer_due_us(&pacer, 5000 * MS) <= 5550 * MS);
}

static void test_rtx_goes_first(void **state)
{
    (void)state;
    pacer_init(&pacer, 80 * 1000, 0);
    push(&(Frame){.timestamp = 1, .n_packets = 1}, 0);
    assert_true(push_rtx(3, 77, 0));
    PacerEntry entry;
    assert_true(pacer_next(&pacer, 0, &entry));
    assert_int_equal(entry.kind, PACER_RTX);
    assert_int_equal(entry.slot, 3);
    assert_int_equal(entry.sequence, 77);
    assert_false(pacer_next(&pacer, 0, &entry)); /* within the same budget */
    /* An old one is worth nothing. */
    assert_true(pacer_next(&pacer, 100 * MS, &entry) && entry.kind == PACER_VIDEO);
    assert_true(push_rtx(3, 78, 100 * MS));
    push(&(Frame){.timestamp = 2, .n_packets = 1}, 550 * MS);
    assert_true(pacer_next(&pacer, 650 * MS, &entry) && entry.kind == PACER_VIDEO);
    assert_int_equal(pacer.n_rtx, 0);
    assert_int_equal(pacer.rtx_bytes, 0);
}

static void test_a_frame_that_waits_too_long_goes_whole(void **state)
{
    (void)state;
    pacer_init(&pacer, 80 * 1000, 0); /* 10 bytes a millisecond */
    assert_int_equal(push(&(Frame){.timestamp = 1, .key = true, .n_packets = 5}, 0), 5);
    /* 500 ms are queued: this one still waits, the next would wait too long. */
    assert_int_equal(push(&(Frame){.timestamp = 2, .n_packets = 2}, 1 * MS), 2);
    assert_int_equal(push(&(Frame){.timestamp = 3, .n_packets = 2}, 2 * MS), 0);
    assert_int_equal(pacer_key_frames_wanted(&pacer), 0); /* no room yet */
    /* Without it the ones after make no sense, however short the queue. */
    drain(2 * MS, 900 * MS, NULL);
    assert_int_equal(pacer.n_video, 0);
    assert_int_equal(push(&(Frame){.timestamp = 4, .n_packets = 1}, 900 * MS), 0);
    assert_int_equal(pacer_key_frames_wanted(&pacer), 1);
    assert_int_equal(pacer.n_dropped_frames, 2);
    assert_int_equal(push(&(Frame){.timestamp = 5, .key = true, .n_packets = 2}, 910 * MS), 2);
    assert_int_equal(pacer_key_frames_wanted(&pacer), 0);
    assert_int_equal(push(&(Frame){.timestamp = 6, .n_packets = 1}, 920 * MS), 1);
}

static void test_waits_too_long_when_the_target_falls(void **state)
{
    (void)state;
    pacer_init(&pacer, 1000 * 1000, 0);
    push(&(Frame){.slot = 2, .timestamp = 1, .key = true, .n_packets = 1}, 0);
    PacerEntry entry;
    assert_true(pacer_next(&pacer, 0, &entry));
    push(&(Frame){.slot = 2, .timestamp = 2, .n_packets = 4}, 1 * MS);
    push(&(Frame){.slot = 2, .timestamp = 3, .n_packets = 4}, 2 * MS);
    push(&(Frame){.slot = 1, .timestamp = 9, .key = true, .n_packets = 1, .wire_bytes = 2000},
         300 * MS);
    pacer_set_target(&pacer, 20 * 1000, 300 * MS);
    /* Frame 2 is begun and may end, frame 3 not; slot 1's has time. */
    assert_true(pacer_next(&pacer, 400 * MS, &entry) && entry.timestamp == 2);
    assert_true(pacer_next(&pacer, 800 * MS, &entry) && entry.timestamp == 2);
    assert_true(pacer_next(&pacer, 1001 * MS + 400 * MS, &entry));
    assert_int_equal(entry.slot, 1);
    /* Over a second: the rest goes. */
    assert_false(pacer_next(&pacer, 1600 * MS, &entry));
    assert_int_equal(pacer.n_video, 0);
    assert_int_equal(pacer.video_bytes, 0);
    assert_int_equal(pacer_key_frames_wanted(&pacer), 1 << 2);
    assert_int_equal(pacer.n_dropped_frames, 2);
}

static void test_temporal_layers_go_first(void **state)
{
    (void)state;
    pacer_init(&pacer, 80 * 1000, 0);
    push(&(Frame){.timestamp = 1, .key = true, .n_packets = 3}, 0);
    /* 300 ms are queued: layer 0 waits, layer 1 is left out and what builds on it as well. */
    assert_int_equal(push(&(Frame){.timestamp = 2, .temporal_id = 1, .n_packets = 1}, 1 * MS), 0);
    assert_int_equal(push(&(Frame){.timestamp = 3, .n_packets = 1}, 2 * MS), 1);
    drain(2 * MS, 400 * MS, NULL);
    assert_int_equal(pacer.n_video, 0);
    assert_int_equal(push(&(Frame){.timestamp = 4, .temporal_id = 2, .n_packets = 1}, 400 * MS), 0);
    assert_int_equal(push(&(Frame){.timestamp = 5, .temporal_id = 1, .n_packets = 1}, 400 * MS), 0);
    Frame sync = {.timestamp = 6, .temporal_id = 1, .layer_sync = true, .n_packets = 2};
    assert_int_equal(push(&sync, 400 * MS), 2);
    assert_int_equal(push(&(Frame){.timestamp = 7, .temporal_id = 1, .n_packets = 1}, 400 * MS), 1);
    assert_int_equal(pacer_key_frames_wanted(&pacer), 0);
}

static void test_queued_layers_make_place_for_layer_0(void **state)
{
    (void)state;
    pacer_init(&pacer, 80 * 1000, 0);
    push(&(Frame){.timestamp = 1, .key = true, .n_packets = 2}, 0);
    assert_int_equal(push(&(Frame){.timestamp = 2, .temporal_id = 1, .n_packets = 4}, 0), 4);
    assert_int_equal(push(&(Frame){.timestamp = 3, .n_packets = 1}, 0), 1);
    assert_int_equal(pacer.video_bytes, 3000);
    unsigned n[3] = {0};
    drain(0, 600 * MS, n);
    assert_int_equal(n[PACER_VIDEO], 3);
    assert_int_equal(pacer.n_dropped_frames, 1);
}

static void test_a_newer_key_frame_replaces_what_waits(void **state)
{
    (void)state;
    pacer_init(&pacer, 80 * 1000, 0);
    push(&(Frame){.timestamp = 1, .key = true, .n_packets = 1}, 0);
    push(&(Frame){.timestamp = 2, .n_packets = 2}, 0);
    push(&(Frame){.slot = 1, .timestamp = 2, .key = true, .n_packets = 1}, 0);
    PacerEntry entry;
    assert_true(pacer_next(&pacer, 0, &entry)); /* frame 1 is gone; 2 waits */
    assert_int_equal(push(&(Frame){.timestamp = 3, .key = true, .n_packets = 2}, 10 * MS), 2);
    assert_true(pacer_next(&pacer, 200 * MS, &entry) && entry.slot == 1);
    assert_true(pacer_next(&pacer, 400 * MS, &entry) && entry.slot == 0);
    assert_int_equal(entry.timestamp, 3);
    assert_int_equal(pacer.n_dropped_frames, 1);
}

/* A still on a link that takes more than a second for it. */
static void test_a_key_frame_has_its_time(void **state)
{
    (void)state;
    pacer_init(&pacer, 16 * 1000, 0); /* 2 bytes a millisecond */
    assert_int_equal(push(&(Frame){.timestamp = 1, .key = true, .n_packets = 3}, 0), 3);
    unsigned n[3] = {0};
    drain(0, 2000 * MS, n);
    assert_int_equal(n[PACER_VIDEO], 3);
    /* But not for ever. */
    pacer_init(&pacer, 8 * 1000, 0);
    push(&(Frame){.timestamp = 1, .key = true, .n_packets = 5}, 0);
    n[PACER_VIDEO] = 0;
    drain(0, 10000 * MS, n);
    assert_int_equal(n[PACER_VIDEO], 3);
    assert_int_equal(pacer.n_dropped_frames, 1);
    assert_int_equal(pacer_key_frames_wanted(&pacer), 1);
}

static void test_late_packets_do_not_cut_the_picture(void **state)
{
    (void)state;
    pacer_init(&pacer, 80 * 1000, 0);
    push(&(Frame){.timestamp = 10, .key = true, .n_packets = 1}, 0);
    push(&(Frame){.timestamp = 20, .n_packets = 5}, 0);
    /* A repaired packet of the frame before: no room for it, and that is all. */
    assert_int_equal(push(&(Frame){.timestamp = 10, .n_packets = 1}, 0), 0);
    assert_int_equal(pacer_key_frames_wanted(&pacer), 0);
    drain(0, 700 * MS, NULL);
    assert_int_equal(push(&(Frame){.timestamp = 30, .n_packets = 1}, 700 * MS), 1);
    assert_int_equal(push(&(Frame){.timestamp = 20, .n_packets = 1}, 700 * MS), 1);
}

/* The first packet of a key frame comes by a repair, behind the others. */
/* It came by a repair when those behind it waited already; another slot's stay where they are. */
static void test_a_late_packet_leaves_in_its_turn(void **state)
{
    (void)state;
    static const uint16_t came[] = {65534, 65535, 1, 2, 0};
    pacer_init(&pacer, 100000, 0);
    for (unsigned i = 0; i < 5; i++) {
        for (uint8_t slot = 1; slot <= 2; slot++) {
            PacerEntry entry = {
                .kind = PACER_VIDEO,
                .slot = slot,
                .timestamp = slot == 1 ? came[i] * 3000U : i * 3000U,
                .sequence = slot == 1 ? came[i] : (uint16_t)i,
                .wire_bytes = 100,
                .starts_key_frame = i == 0,
            };
            assert_true(pacer_push(&pacer, &entry, 0));
        }
    }
    uint16_t expected[3] = {0, 65534, 0};
    unsigned n[3] = {0};
    PacerEntry entry;
    for (int64_t now_us = 0; n[1] + n[2] < 10; now_us += MS) {
        assert_true(now_us < 1000 * MS);
        while (pacer_next(&pacer, now_us, &entry)) {
            assert_int_equal(entry.sequence, expected[entry.slot]);
            expected[entry.slot]++;
            n[entry.slot]++;
        }
    }
    assert_int_equal(n[1], 5);
}

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

/* Somebody waits for a repair already: 80 ms of debt do not hold it. */
static void test_a_repair_does_not_wait_for_frames(void **state)
{
    (void)state;
    pacer_init(&pacer, 80 * 1000, 0);
    PacerEntry entry;
    push(&(Frame){.timestamp = 1, .n_packets = 2}, 0);
    assert_true(pacer_next(&pacer, 0, &entry)); /* 1000 bytes: 89 ms at 90 kbit/s */
    assert_true(push_rtx(0, 77, 10 * MS));
    assert_true(pacer_due_us(&pacer, 10 * MS) <= 10 * MS);
    assert_true(pacer_next(&pacer, 10 * MS, &entry));
    assert_int_equal(entry.kind, PACER_RTX);
    /* More than that does. */
    assert_true(push_rtx(0, 78, 10 * MS));
    assert_false(pacer_next(&pacer, 10 * MS, &entry));
    int64_t due_us = pacer_due_us(&pacer, 10 * MS);
    assert_in_range(due_us, 95 * MS, 112 * MS);
    assert_true(pacer_next(&pacer, due_us, &entry));
    assert_int_equal(entry.kind, PACER_RTX);
}

static void test_a_repair_goes_twice_where_there_is_room(void **state)
{
    (void)state;
    pacer_init(&pacer, 800 * 1000, 0);
    PacerEntry entry;
    assert_true(push_rtx(2, 77, 0));
    assert_true(pacer_next(&pacer, 0, &entry));
    assert_false(pacer_next(&pacer, 39 * MS, &entry));
    assert_int_equal(pacer_due_us(&pacer, 39 * MS), 40 * MS);
    assert_true(pacer_next(&pacer, 40 * MS, &entry));
    assert_int_equal(entry.kind, PACER_RTX);
    assert_int_equal(entry.sequence, 77);
    assert_int_equal(entry.slot, 2);
    assert_false(pacer_next(&pacer, 60 * MS, &entry)); /* and no third time */
    assert_true(pacer_due_us(&pacer, 60 * MS) == INT64_MAX);
    /* Not while 60 ms of pictures wait, not when it is old, not of a picture that is gone. */
    assert_true(push_rtx(2, 78, 100 * MS));
    assert_true(pacer_next(&pacer, 100 * MS, &entry));
    push(&(Frame){.timestamp = 1, .n_packets = 10}, 145 * MS);
    assert_true(pacer_next(&pacer, 145 * MS, &entry));
    assert_int_equal(entry.kind, PACER_VIDEO);
    unsigned n[3] = {0};
    drain(260 * MS, 600 * MS, n);
    assert_int_equal(n[PACER_RTX], 0);
    assert_true(push_rtx(2, 79, 700 * MS));
    assert_true(pacer_next(&pacer, 700 * MS, &entry));
    pacer_flush_slot(&pacer, 2);
    assert_false(pacer_next(&pacer, 750 * MS, &entry));
}

/* 1400 bytes at 140 kbit/s on 80 are 60 ms too much: pictures leave so much later, sound does not.
 */
static void test_what_a_probe_sent_beyond_is_paid_back(void **state)
{
    (void)state;
    pacer_init(&pacer, 80 * 1000, 0);
    pacer_start_probe(&pacer, 140 * 1000, 1400, 0);
    drain(0, 80 * MS, NULL);
    assert_false(pacer_is_probing(&pacer));
    push(&(Frame){.timestamp = 1, .n_packets = 1}, 80 * MS);
    assert_in_range(pacer_due_us(&pacer, 80 * MS), 125 * MS, 140 * MS);
}

static void test_probe_pads(void **state)
{
    (void)state;
    pacer_init(&pacer, 60 * 1000, 0);
    pacer_start_probe(&pacer, 96 * 1000, 3000, 0); /* 250 ms */
    assert_true(pacer_is_probing(&pacer));
    unsigned n[3] = {0};
    size_t n_first = drain(0, 125 * MS, n);
    assert_in_range(n_first, 1200, 2200);
    size_t n_all = n_first + drain(125 * MS, 400 * MS, n);
    assert_in_range(n_all, 3000, 3080);
    assert_in_range(n[PACER_PADDING], 5, 6);
    assert_false(pacer_is_probing(&pacer));
    assert_true(pacer_due_us(&pacer, 400 * MS) == INT64_MAX);
}

static void test_probe_takes_what_there_is(void **state)
{
    (void)state;
    pacer_init(&pacer, 60 * 1000, 0);
    push(&(Frame){.timestamp = 1, .n_packets = 2}, 0);
    pacer_start_probe(&pacer, 120 * 1000, 3000, 0);
    pacer_charge(&pacer, 500, 0); /* sound counts */
    unsigned n[3] = {0};
    size_t n_bytes = drain(0, 300 * MS, n);
    assert_int_equal(n[PACER_VIDEO], 2);
    assert_in_range(n_bytes, 2500, 2600);
}

static void test_probe_without_padding_ends(void **state)
{
    (void)state;
    pacer_init(&pacer, 60 * 1000, 0);
    pacer_start_probe(&pacer, 120 * 1000, 3000, 0);
    PacerEntry entry;
    assert_true(pacer_next(&pacer, 0, &entry) && entry.kind == PACER_PADDING);
    pacer_on_padding(&pacer, 0, 0);
    assert_false(pacer_next(&pacer, 0, &entry));
    assert_false(pacer_is_probing(&pacer));
    /* One that nobody feeds ends by its time. */
    pacer_start_probe(&pacer, 120 * 1000, 3000, 0);
    assert_false(pacer_next(&pacer, 1000 * MS, &entry));
    assert_false(pacer_is_probing(&pacer));
}

static void test_flush_is_for_one_slot(void **state)
{
    (void)state;
    pacer_init(&pacer, 80 * 1000, 0);
    push(&(Frame){.slot = 0, .timestamp = 1, .n_packets = 2}, 0);
    push(&(Frame){.slot = 1, .timestamp = 1, .n_packets = 2}, 0);
    push_rtx(0, 5, 0);
    push_rtx(1, 6, 0);
    pacer_flush_slot(&pacer, 0);
    assert_int_equal(pacer.video_bytes, 2000);
    assert_int_equal(pacer.rtx_bytes, 1000);
    PacerEntry entry;
    int64_t now_us = 0;
    for (unsigned i = 0; i < 3; i++) {
        assert_true(pacer_next(&pacer, now_us, &entry));
        assert_int_equal(entry.slot, 1);
        now_us += 100 * MS;
    }
    assert_false(pacer_next(&pacer, now_us, &entry));
    assert_int_equal(pacer.n_video, 0);
}

static void test_a_full_queue_cuts_the_picture(void **state)
{
    (void)state;
    pacer_init(&pacer, 10 * 1000 * 1000, 0);
    push(&(Frame){.timestamp = 1, .key = true, .n_packets = 1, .wire_bytes = 100}, 0);
    Frame endless = {.timestamp = 2, .n_packets = 2 * PACER_VIDEO_PACKETS, .wire_bytes = 100};
    assert_int_equal(push(&endless, 0), PACER_VIDEO_PACKETS - 1);
    assert_int_equal(pacer_key_frames_wanted(&pacer), 1);
    assert_int_equal(pacer.video_bytes, 0);
    PacerEntry entry;
    assert_false(pacer_next(&pacer, 1 * MS, &entry));
    assert_int_equal(pacer.n_video, 0);
    for (unsigned i = 0; i < PACER_RTX_PACKETS; i++)
        assert_true(push_rtx(0, (uint16_t)i, 1 * MS));
    assert_false(push_rtx(0, 999, 1 * MS));
}

static void test_time_that_goes_back(void **state)
{
    (void)state;
    pacer_init(&pacer, 80 * 1000, 1000 * MS);
    push(&(Frame){.timestamp = 1, .n_packets = 2}, 1000 * MS);
    PacerEntry entry;
    assert_true(pacer_next(&pacer, 1000 * MS, &entry));
    assert_false(pacer_next(&pacer, 0, &entry));
    assert_false(pacer_next(&pacer, 1010 * MS, &entry));
    assert_true(pacer_next(&pacer, 1100 * MS, &entry));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leaves_a_little_faster_than_the_target),
        cmocka_unit_test(test_nothing_saved_up_over_a_pause),
        cmocka_unit_test(test_due_is_when_the_next_may_leave),
        cmocka_unit_test(test_a_long_key_frame_leaves_gently),
        cmocka_unit_test(test_sound_is_charged),
        cmocka_unit_test(test_rtx_goes_first),
        cmocka_unit_test(test_a_frame_that_waits_too_long_goes_whole),
        cmocka_unit_test(test_waits_too_long_when_the_target_falls),
        cmocka_unit_test(test_temporal_layers_go_first),
        cmocka_unit_test(test_queued_layers_make_place_for_layer_0),
        cmocka_unit_test(test_a_newer_key_frame_replaces_what_waits),
        cmocka_unit_test(test_a_key_frame_has_its_time),
        cmocka_unit_test(test_late_packets_do_not_cut_the_picture),
        cmocka_unit_test(test_a_late_packet_leaves_in_its_turn),
        cmocka_unit_test(test_pictures_take_turns),
        cmocka_unit_test(test_key_frames_stand_in_line),
        cmocka_unit_test(test_small_packets_do_not_starve_large_ones),
        cmocka_unit_test(test_the_haste_of_a_key_frame_ends_with_it),
        cmocka_unit_test(test_later_ones_do_not_overtake_for_long),
        cmocka_unit_test(test_a_key_frame_is_wanted_beside_others),
        cmocka_unit_test(test_a_key_frame_out_of_order),
        cmocka_unit_test(test_a_repair_does_not_wait_for_frames),
        cmocka_unit_test(test_a_repair_goes_twice_where_there_is_room),
        cmocka_unit_test(test_what_a_probe_sent_beyond_is_paid_back),
        cmocka_unit_test(test_probe_pads),
        cmocka_unit_test(test_probe_takes_what_there_is),
        cmocka_unit_test(test_probe_without_padding_ends),
        cmocka_unit_test(test_flush_is_for_one_slot),
        cmocka_unit_test(test_a_full_queue_cuts_the_picture),
        cmocka_unit_test(test_time_that_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
