// SPDX-License-Identifier: Apache-2.0
// How fast a pacer lets go, and what goes first.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/media/pacer_bench.h"

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
        cmocka_unit_test(test_a_repair_does_not_wait_for_frames),
        cmocka_unit_test(test_a_repair_goes_twice_where_there_is_room),
        cmocka_unit_test(test_what_a_probe_sent_beyond_is_paid_back),
        cmocka_unit_test(test_probe_pads),
        cmocka_unit_test(test_probe_takes_what_there_is),
        cmocka_unit_test(test_probe_without_padding_ends),
        cmocka_unit_test(test_flush_is_for_one_slot),
        cmocka_unit_test(test_time_that_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
