// SPDX-License-Identifier: Apache-2.0
// Which frames a pacer takes, and which it drops.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/media/pacer_bench.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_frame_that_waits_too_long_goes_whole),
        cmocka_unit_test(test_waits_too_long_when_the_target_falls),
        cmocka_unit_test(test_temporal_layers_go_first),
        cmocka_unit_test(test_queued_layers_make_place_for_layer_0),
        cmocka_unit_test(test_a_newer_key_frame_replaces_what_waits),
        cmocka_unit_test(test_a_key_frame_has_its_time),
        cmocka_unit_test(test_late_packets_do_not_cut_the_picture),
        cmocka_unit_test(test_a_late_packet_leaves_in_its_turn),
        cmocka_unit_test(test_a_full_queue_cuts_the_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
