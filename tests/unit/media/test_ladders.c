// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "media/rate/audio_ladder.h"
#include "media/rate/video_ladder.h"

static void test_wire_bps(void **state)
{
    (void)state;
    /* 28 of IP and UDP, 12 of RTP, 12 of extensions, 16 of tag. */
    assert_int_equal(audio_wire_bps(12000, 20, 0, 68), 39200);
    assert_int_equal(audio_wire_bps(12000, 60, 0, 68), 12000 + 9066);
    assert_int_equal(audio_wire_bps(16000, 40, 0, 68), 29600);
    /* RFC 2198: four bytes for the copy, one for the block itself. */
    assert_int_equal(audio_wire_bps(16000, 20, 1, 68), 32000 + 73 * 400);
    uint32_t wire = video_wire_bps(200000, 200);
    assert_in_range(wire, 205000, 220000);
    assert_in_range(video_payload_bps(wire, 200), 198000, 201000);
    assert_int_equal(video_payload_bps(100, 300), 0);
}

static void test_at_a_rate(void **state)
{
    (void)state;
    AudioChoice choice;
    audio_ladder_at(20000, 0, &choice);
    assert_int_equal(choice.merge_ms, 120);
    audio_ladder_at(60000, 0, &choice);
    assert_int_equal(choice.merge_ms, 60);
    assert_int_equal(choice.opus_bps, 16000);
    assert_false(choice.fec);
    audio_ladder_at(1000000, 0, &choice);
    assert_int_equal(choice.merge_ms, 20);
    assert_true(choice.fec);
}

/* A sender's packets keep their length while its link is near the limit. */
static void test_packets_keep_their_length(void **state)
{
    (void)state;
    static const struct {
        uint32_t bps;
        unsigned had_ms, ms;
    } rows[] = {
        {129999, 0, 40},      {130000, 0, 20},  {129999, 20, 20}, {114000, 20, 20},
        {113000, 20, 40},     {148000, 40, 40}, {149000, 40, 20}, {75000, 40, 40},
        {90000, 60, 60},      {92000, 60, 40},  {60000, 20, 60},  {2000000, 60, 20},
        {UINT32_MAX, 40, 20},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        AudioChoice choice;
        audio_ladder_at(rows[i].bps, rows[i].had_ms, &choice);
        assert_int_equal(choice.merge_ms, rows[i].ms);
    }
}

/* Every sender at the wish of any rate from 20 kbit/s fits that rate. */
static void test_sound_fits_any_rate(void **state)
{
    (void)state;
    for (uint32_t bps = 20000; bps < 2000000; bps += bps / 20) {
        for (unsigned loss_q8 = 0; loss_q8 < 64; loss_q8 += 8) {
            AudioLadder ladder;
            AudioChoice choice;
            uint32_t wire_bps;
            AudioLadderInput input = {.target_bps = bps,
                                      .loss_q8 = (uint8_t)loss_q8,
                                      .rtt_us = 400 * 1000,
                                      .n_streams = 1,
                                      .is_starting = true,
                                      .has_red = loss_q8 % 16 == 0};
            audio_ladder_init(&ladder, 0);
            for (int64_t t = 0; t < 20 * 1000 * 1000; t += 100 * 1000)
                audio_ladder_update(&ladder, &input, t, &choice, &wire_bps);
            assert_true(wire_bps <= bps);
            assert_true(choice.opus_bps >= 8000);
            assert_true(choice.red_distance == 0 || !choice.second_send);
            if (bps > 50000 && loss_q8 > 8) /* and there is redundancy where loss asks for it */
                assert_true(choice.red_distance > 0 || choice.second_send);
        }
    }
}

/* 16 kbit/s of Opus leave no room for a copy on 60: it is wished lower first, and the copy comes
 * once the sender has followed, though not quite. */
static void test_room_for_redundancy_is_wished_first(void **state)
{
    (void)state;
    for (unsigned red = 0; red < 2; red++) {
        AudioLadder ladder;
        AudioChoice choice;
        uint32_t wire_bps;
        AudioLadderInput input = {.target_bps = 60000,
                                  .loss_q8 = 26,
                                  .rtt_us = 400 * 1000,
                                  .n_streams = 1,
                                  .opus_bps = 16000,
                                  .has_red = red};
        audio_ladder_init(&ladder, 0);
        int64_t t = 0;
        for (; t < 20 * 1000 * 1000; t += 100 * 1000)
            audio_ladder_update(&ladder, &input, t, &choice, &wire_bps);
        assert_in_range(choice.opus_bps, 8000, 12000);
        input.opus_bps = choice.opus_bps + choice.opus_bps / 20;
        audio_ladder_update(&ladder, &input, t, &choice, &wire_bps);
        assert_int_equal(choice.red_distance, red);
        assert_int_equal(choice.second_send, !red);
        assert_true(wire_bps <= input.target_bps * 9 / 10);
    }
}

/* A copy in the next packet is lost with its original where losses come in runs; long packets lie
 * far enough apart. */
static void test_the_reach_of_copies(void **state)
{
    (void)state;
    static const struct {
        unsigned run_x10, packet_ms, reach;
    } cases[] = {{0, 20, 0},  {14, 20, 0}, {15, 20, 4},  {21, 20, 4},   {22, 20, 8}, {500, 20, 8},
                 {15, 40, 2}, {22, 40, 4}, {500, 60, 0}, {500, 120, 0}, {500, 0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(audio_red_reach(cases[i].run_x10, cases[i].packet_ms), cases[i].reach);
}

static void test_pictures_in_order(void **state)
{
    (void)state;
    VideoClaim claims[3] = {{.has_source = true}, {.has_source = false}, {.has_source = true}};
    unsigned steps[3] = {0};
    video_ladder_raise(claims, 3, 12000, steps);
    assert_int_equal(steps[0], VIDEO_STEP_STILLS);
    assert_int_equal(steps[1], VIDEO_STEP_OFF);
    assert_int_equal(steps[2], VIDEO_STEP_STILLS);
    assert_int_equal(video_ladder_need(claims, 3, steps), 10000);
    /* From where they stand; nothing when that is more than there is. */
    video_ladder_raise(claims, 3, 32000, steps);
    assert_int_equal(steps[0], VIDEO_STEP_SLOW);
    assert_int_equal(steps[2], VIDEO_STEP_STILLS);
    unsigned high[3] = {VIDEO_STEP_STILLS, 0, 5};
    video_ladder_raise(claims, 3, 100000, high);
    assert_int_equal(high[0], VIDEO_STEP_STILLS);
    assert_int_equal(high[2], 5);
}

static void test_steps_rise(void **state)
{
    (void)state;
    for (unsigned screen = 0; screen < 2; screen++) {
        for (unsigned i = 1; i < VIDEO_STEPS && video_step(screen, i)->need_bps > 0; i++) {
            assert_true(video_step(screen, i)->need_bps > video_step(screen, i - 1)->need_bps);
            assert_true(video_step(screen, i)->height >= video_step(screen, i - 1)->height);
            assert_true(video_step(screen, i)->most_bps > video_step(screen, i)->need_bps);
        }
    }
}

static void test_stills(void **state)
{
    (void)state;
    assert_int_equal(video_still_fps_tenths(5000, 0), 2);
    assert_int_equal(video_still_fps_tenths(24000, 0), 10);
    assert_int_equal(video_still_fps_tenths(12000, 3000), 5);
    assert_int_equal(video_still_fps_tenths(UINT32_MAX, 1), 10);
    assert_int_equal(video_still_fps_tenths(0, 3000), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wire_bps),
        cmocka_unit_test(test_at_a_rate),
        cmocka_unit_test(test_packets_keep_their_length),
        cmocka_unit_test(test_sound_fits_any_rate),
        cmocka_unit_test(test_room_for_redundancy_is_wished_first),
        cmocka_unit_test(test_the_reach_of_copies),
        cmocka_unit_test(test_pictures_in_order),
        cmocka_unit_test(test_steps_rise),
        cmocka_unit_test(test_stills),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
