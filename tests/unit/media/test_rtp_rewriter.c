// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/repair/rewrite.h"

static const int64_t MS = 1000;

static RtpHeader packet(uint16_t sequence, uint32_t timestamp)
{
    return (RtpHeader){.sequence = sequence, .timestamp = timestamp};
}

typedef struct {
    RewriteResult result;
    uint16_t sequence;
    uint32_t timestamp;
} Mapped;

static Mapped map(RtpRewriter *rewriter, uint32_t source, RtpHeader header, int64_t now_us)
{
    Mapped mapped = {0};
    mapped.result =
        rtp_rewriter_map(rewriter, source, &header, now_us, &mapped.sequence, &mapped.timestamp);
    return mapped;
}

static void start(RtpRewriter *rewriter, uint32_t source, RtpHeader header, int64_t now_us)
{
    rtp_rewriter_start(rewriter, source, &header, now_us);
}

static void leave_out(RtpRewriter *rewriter, uint32_t source, uint16_t sequence)
{
    RtpHeader header = packet(sequence, 0);
    rtp_rewriter_skip(rewriter, source, &header);
}

static void expect(Mapped mapped, uint16_t sequence, uint32_t timestamp)
{
    assert_int_equal(mapped.result, REWRITE_OK);
    assert_int_equal(mapped.sequence, sequence);
    assert_int_equal(mapped.timestamp, timestamp);
}

static void test_source_switch(void **state)
{
    (void)state;
    RtpRewriter rewriter;
    rtp_rewriter_init(&rewriter, 90000, 65534, 1000);
    assert_int_equal(map(&rewriter, 1, packet(5, 0), 0).result, REWRITE_OTHER_SOURCE);
    start(&rewriter, 1, packet(500, 77), 0);
    expect(map(&rewriter, 1, packet(500, 77), 0), 65534, 1000);
    expect(map(&rewriter, 1, packet(501, 77), 0), 65535, 1000);
    expect(map(&rewriter, 1, packet(502, 3077), 33 * MS), 0, 4000);
    /* 100 ms later a reloaded page sends from elsewhere. */
    start(&rewriter, 2, packet(9, 0xfffffff0), 133 * MS);
    expect(map(&rewriter, 2, packet(9, 0xfffffff0), 133 * MS), 1, 4000 + 9000);
    assert_int_equal(map(&rewriter, 1, packet(503, 6077), 134 * MS).result, REWRITE_OTHER_SOURCE);
    assert_int_equal(map(&rewriter, 2, packet(8, 0), 134 * MS).result, REWRITE_OLD);
    assert_int_equal(rtp_rewriter_timestamp(&rewriter, 0xfffffff0 + 90), 13090);
}

static void test_switch_at_once_still_moves_on(void **state)
{
    (void)state;
    RtpRewriter rewriter;
    rtp_rewriter_init(&rewriter, 48000, 0, 0xffffffff);
    start(&rewriter, 1, packet(1, 1), 0);
    expect(map(&rewriter, 1, packet(1, 1), 0), 0, 0xffffffff);
    start(&rewriter, 2, packet(1, 1), -5);
    expect(map(&rewriter, 2, packet(1, 1), -5), 1, 0);
}

static void test_reordering_and_duplicates(void **state)
{
    (void)state;
    RtpRewriter rewriter;
    rtp_rewriter_init(&rewriter, 90000, 100, 0);
    start(&rewriter, 1, packet(10, 0), 0);
    expect(map(&rewriter, 1, packet(10, 0), 0), 100, 0);
    expect(map(&rewriter, 1, packet(13, 0), 0), 103, 0);
    expect(map(&rewriter, 1, packet(11, 0), 0), 101, 0);
    assert_int_equal(map(&rewriter, 1, packet(11, 0), 0).result, REWRITE_DUPLICATE);
    assert_int_equal(map(&rewriter, 1, packet(13, 0), 0).result, REWRITE_DUPLICATE);
    assert_int_equal(map(&rewriter, 1, packet(13 + 3001, 0), 0).result, REWRITE_JUMP);
    expect(map(&rewriter, 1, packet(13 + REWRITE_WINDOW, 0), 0), 103 + REWRITE_WINDOW, 0);
    assert_int_equal(map(&rewriter, 1, packet(13, 0), 0).result, REWRITE_OLD);
    expect(map(&rewriter, 1, packet(14, 0), 0), 104, 0);
}

static void test_skipped_packets_close_up(void **state)
{
    (void)state;
    RtpRewriter rewriter;
    rtp_rewriter_init(&rewriter, 90000, 0, 0);
    start(&rewriter, 1, packet(10, 0), 0);
    expect(map(&rewriter, 1, packet(10, 0), 0), 0, 0);
    leave_out(&rewriter, 1, 12); /* 11 is late */
    leave_out(&rewriter, 1, 13);
    leave_out(&rewriter, 1, 13);
    expect(map(&rewriter, 1, packet(14, 0), 0), 2, 0);
    assert_int_equal(map(&rewriter, 1, packet(12, 0), 0).result, REWRITE_DUPLICATE);
    assert_int_equal(map(&rewriter, 1, packet(13, 0), 0).result, REWRITE_DUPLICATE);
    expect(map(&rewriter, 1, packet(11, 0), 0), 1, 0);
    leave_out(&rewriter, 2, 15); /* another source's: nothing happens */
    expect(map(&rewriter, 1, packet(15, 0), 0), 3, 0);
}

static void test_skip_of_the_first(void **state)
{
    (void)state;
    RtpRewriter rewriter;
    rtp_rewriter_init(&rewriter, 90000, 7, 0);
    start(&rewriter, 1, packet(10, 0), 0);
    leave_out(&rewriter, 1, 10);
    assert_int_equal(map(&rewriter, 1, packet(10, 0), 0).result, REWRITE_DUPLICATE);
    assert_int_equal(map(&rewriter, 1, packet(9, 0), 0).result, REWRITE_OLD);
    expect(map(&rewriter, 1, packet(11, 0), 0), 7, 0);
}

/* The rule that GCM depends on: loss, reordering, duplicates, skips and switches at random, and no
 * outgoing number is given out twice within its lap, nor for two different packets. */
static void test_no_number_twice(void **state)
{
    (void)state;
    RtpRewriter rewriter;
    rtp_rewriter_init(&rewriter, 90000, 65000, 0);
    static uint32_t spent_at[65536];
    uint32_t source = 0;
    uint16_t newest = 0;
    uint32_t n_given = 0;
    uint32_t seed = 11;
    for (uint32_t i = 1; i < 500000; i++) {
        seed = seed * 1664525 + 1013904223;
        unsigned dice = (seed >> 16) % 1000;
        if (source == 0 || dice == 0) {
            newest = (uint16_t)(seed >> 8);
            start(&rewriter, ++source, packet(newest, seed), i);
        }
        int back = dice < 100 ? (int)((seed >> 4) % 40) : 0;
        if (back == 0)
            newest = (uint16_t)(newest + (dice > 900 ? 3 : 1));
        uint16_t sequence = (uint16_t)(newest - back);
        if (dice % 7 == 3) {
            leave_out(&rewriter, source, sequence);
            continue;
        }
        Mapped mapped = map(&rewriter, source, packet(sequence, i), i);
        if (mapped.result != REWRITE_OK)
            continue;
        n_given++;
        assert_true(spent_at[mapped.sequence] == 0 || n_given - spent_at[mapped.sequence] > 20000);
        spent_at[mapped.sequence] = n_given;
    }
    assert_true(n_given > 300000);
}

static Vp8Descriptor frame(uint8_t bits, uint16_t picture_id, uint8_t tl0_index)
{
    return (Vp8Descriptor){
        .picture_id_bits = bits,
        .picture_id = picture_id,
        .picture_id_offset = 2,
        .has_tl0_index = true,
        .tl0_index = tl0_index,
        .tl0_index_offset = 4,
    };
}

static uint16_t written_picture_id(Vp8Rewriter *rewriter, Vp8Descriptor descriptor,
                                   uint8_t *ret_tl0)
{
    uint8_t payload[8] = {0x90, 0xc0};
    vp8_rewriter_apply(rewriter, payload, &descriptor);
    *ret_tl0 = payload[4];
    if (descriptor.picture_id_bits == 15)
        return (uint16_t)(((payload[2] & 0x7f) << 8) | payload[3]);
    return payload[2];
}

static void test_picture_ids_go_on(void **state)
{
    (void)state;
    Vp8Rewriter rewriter;
    uint8_t tl0 = 0;
    vp8_rewriter_init(&rewriter, 0x7ffe);
    Vp8Descriptor first = frame(15, 100, 9);
    vp8_rewriter_start(&rewriter, &first);
    assert_int_equal(written_picture_id(&rewriter, first, &tl0), 0x7ffe);
    assert_int_equal(tl0, 1);
    assert_int_equal(written_picture_id(&rewriter, frame(15, 103, 10), &tl0), 1);
    assert_int_equal(written_picture_id(&rewriter, frame(15, 102, 10), &tl0), 0); /* late */
    assert_int_equal(tl0, 2);
    Vp8Descriptor second = frame(15, 5, 200);
    vp8_rewriter_start(&rewriter, &second);
    assert_int_equal(written_picture_id(&rewriter, second, &tl0), 2);
    assert_int_equal(tl0, 3);
    assert_int_equal(written_picture_id(&rewriter, frame(15, 6, 201), &tl0), 3);
}

static void test_short_picture_ids(void **state)
{
    (void)state;
    Vp8Rewriter rewriter;
    uint8_t tl0 = 0;
    vp8_rewriter_init(&rewriter, 100);
    uint16_t expected = 100;
    for (unsigned i = 0; i < 1000; i++, expected++) {
        Vp8Descriptor d = frame(7, (uint16_t)(i & 0x7f), (uint8_t)i);
        assert_int_equal(written_picture_id(&rewriter, d, &tl0), expected & 0x7f);
    }
    Vp8Descriptor wide = frame(15, 0, 0);
    vp8_rewriter_start(&rewriter, &wide);
    assert_int_equal(written_picture_id(&rewriter, wide, &tl0), 1100);
}

/* The second temporal layer is left out: picture ids stay dense, late frames keep their place. */
static void test_left_out_frames_close_up(void **state)
{
    (void)state;
    Vp8Rewriter rewriter;
    uint8_t tl0 = 0;
    vp8_rewriter_init(&rewriter, 50);
    Vp8Descriptor first = frame(15, 0x7ff0, 9);
    vp8_rewriter_start(&rewriter, &first);
    assert_int_equal(written_picture_id(&rewriter, first, &tl0), 50);
    for (unsigned i = 1; i <= 40000; i++) {
        Vp8Descriptor d = frame(15, (uint16_t)((0x7ff0 + i) & 0x7fff), (uint8_t)(9 + i / 2));
        if (i % 2 == 1) {
            vp8_rewriter_skip(&rewriter, &d);
            vp8_rewriter_skip(&rewriter, &d); /* its second packet */
            continue;
        }
        assert_int_equal(written_picture_id(&rewriter, d, &tl0), (50 + i / 2) & 0x7fff);
    }
    /* 0x7ff0 + 39998: forwarded before, now once more (another packet of it comes late). */
    Vp8Descriptor late = frame(15, (uint16_t)((0x7ff0 + 39998) & 0x7fff), 0);
    assert_int_equal(written_picture_id(&rewriter, late, &tl0), (50 + 19999) & 0x7fff);
    /* A frame behind the newest cannot be left out any more. */
    vp8_rewriter_skip(&rewriter, &late);
    Vp8Descriptor next = frame(15, (uint16_t)((0x7ff0 + 40001) & 0x7fff), 0);
    assert_int_equal(written_picture_id(&rewriter, next, &tl0), (50 + 20001) & 0x7fff);
}

/* After a pause the numbers go on without a hole, the timestamps with theirs. */
static void test_resume_after_a_pause(void **state)
{
    (void)state;
    RtpRewriter rewriter;
    rtp_rewriter_init(&rewriter, 90000, 100, 1000);
    start(&rewriter, 1, packet(7, 0), 0);
    expect(map(&rewriter, 1, packet(7, 0), 0), 100, 1000);
    RtpHeader key = packet(40007, 90000);
    rtp_rewriter_resume(&rewriter, 2, &key); /* of another source: nothing */
    rtp_rewriter_resume(&rewriter, 1, &key);
    expect(map(&rewriter, 1, key, 1000 * MS), 101, 91000);
    expect(map(&rewriter, 1, packet(40008, 90000), 1000 * MS), 102, 91000);
    assert_int_equal(map(&rewriter, 1, packet(40006, 87000), 1000 * MS).result, REWRITE_OLD);
}

/* What a NACK names is found again, around what was left out, and nothing else is. */
static void test_inputs_are_found_again(void **state)
{
    (void)state;
    RtpRewriter rewriter;
    uint16_t input = 0;
    rtp_rewriter_init(&rewriter, 90000, 65530, 0);
    assert_false(rtp_rewriter_find(&rewriter, 65530, &input));
    start(&rewriter, 1, packet(500, 0), 0);
    uint16_t outputs[40];
    for (uint16_t i = 0; i < 40; i++) {
        if (i % 4 == 3) {
            leave_out(&rewriter, 1, (uint16_t)(500 + i));
            continue;
        }
        if (i == 20)
            continue; /* lost on the way in */
        Mapped mapped = map(&rewriter, 1, packet((uint16_t)(500 + i), i), 0);
        assert_int_equal(mapped.result, REWRITE_OK);
        outputs[i] = mapped.sequence;
    }
    for (uint16_t i = 0; i < 40; i++) {
        if (i % 4 == 3 || i == 20)
            continue;
        assert_true(rtp_rewriter_find(&rewriter, outputs[i], &input));
        assert_int_equal(input, 500 + i);
    }
    assert_false(rtp_rewriter_find(&rewriter, (uint16_t)(outputs[19 - 1] + 1), &input)); /* 20 */
    assert_false(rtp_rewriter_find(&rewriter, (uint16_t)(outputs[38] + 1), &input));
    assert_false(rtp_rewriter_find(&rewriter, 65529, &input));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_source_switch),
        cmocka_unit_test(test_switch_at_once_still_moves_on),
        cmocka_unit_test(test_reordering_and_duplicates),
        cmocka_unit_test(test_skipped_packets_close_up),
        cmocka_unit_test(test_skip_of_the_first),
        cmocka_unit_test(test_no_number_twice),
        cmocka_unit_test(test_picture_ids_go_on),
        cmocka_unit_test(test_short_picture_ids),
        cmocka_unit_test(test_left_out_frames_close_up),
        cmocka_unit_test(test_resume_after_a_pause),
        cmocka_unit_test(test_inputs_are_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
