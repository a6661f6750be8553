// SPDX-License-Identifier: Apache-2.0
// One picture and sound: what a rate carries, and when steps are taken.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/media/allocator_bench.h"

static void test_the_ladder(void **state)
{
    (void)state;
    static const struct {
        uint32_t target_bps;
        unsigned merge_ms, audio_least, audio_most, height, fps_least, fps_most;
    } rows[] = {
        {20000, 120, 6000, 9000, 0, 0, 0},         {30000, 60, 8000, 12000, 0, 0, 0},
        {42000, 60, 8000, 16000, 0, 0, 0},         {52000, 60, 12000, 16000, 135, 2, 10},
        {60000, 60, 12000, 16000, 135, 50, 80},    {90000, 40, 12000, 16000, 180, 50, 120},
        {130000, 40, 16000, 24000, 180, 80, 150},  {200000, 40, 24000, 24000, 270, 200, 200},
        {240000, 40, 24000, 24000, 360, 200, 200}, {450000, 20, 24000, 24000, 360, 250, 250},
        {700000, 20, 24000, 32000, 360, 250, 250}, {1000000, 20, 32000, 32000, 720, 200, 300},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        set_up(rows[i].target_bps);
        run(20 * S);
        const AllocatorVideoPlan *plan = picture(0);
        assert_int_equal(bench.plan.audio.merge_ms, rows[i].merge_ms);
        assert_in_range(bench.plan.audio.opus_bps, rows[i].audio_least, rows[i].audio_most);
        assert_int_equal(plan->wish.height, rows[i].height);
        assert_in_range(plan->wish.fps_tenths, rows[i].fps_least, rows[i].fps_most);
        bool is_still = rows[i].fps_most == 10;
        assert_int_equal(plan->mode, rows[i].height == 0 ? ALLOCATOR_OFF
                                     : is_still          ? ALLOCATOR_STILLS
                                                         : ALLOCATOR_MOVING);
        assert_int_equal(plan->picture, rows[i].height == 0 ? MEDIA_PICTURE_RECEIVER_LINK
                                        : is_still          ? MEDIA_PICTURE_STILLS
                                                            : MEDIA_PICTURE_MOVING);
        assert_true(spent_bps() <= rows[i].target_bps);
        assert_true(plan->wish.video_bps <= plan->budget_bps);
        if (rows[i].height > 90) /* nothing worth having is left over */
            assert_true(spent_bps() * 100 >= rows[i].target_bps * 90);
    }
}

static void test_sound_alone_first_then_a_picture_soon(void **state)
{
    (void)state;
    set_up(70000);
    bench.input.rtt_us = 130 * MS;
    bench.input.has_feedback = false;
    run(1500 * MS);
    assert_int_equal(picture(0)->mode, ALLOCATOR_OFF);
    assert_int_equal(picture(0)->picture, MEDIA_PICTURE_NONE); /* nothing to complain of yet */
    bench.input.has_feedback = true;
    run(700 * MS);
    assert_int_equal(picture(0)->mode, ALLOCATOR_OFF);
    bench.input.target_bps = 150000;
    run(400 * MS);
    assert_int_equal(picture(0)->mode, ALLOCATOR_MOVING);
    /* In the first seconds the picture grows as fast as the link is found out. */
    bench.input.target_bps = 600000;
    run(200 * MS);
    assert_int_equal(picture(0)->wish.height, 360);
}

static void test_a_picture_sooner_where_answers_come_soon(void **state)
{
    (void)state;
    static const struct {
        int64_t rtt_us, queue_us;
        AllocatorMode mode;
    } rows[] = {{90 * MS, 10 * MS, ALLOCATOR_MOVING},
                {20 * MS, 10 * MS, ALLOCATOR_MOVING},
                {130 * MS, 10 * MS, ALLOCATOR_OFF},
                {90 * MS, 30 * MS, ALLOCATOR_OFF},
                {0, 10 * MS, ALLOCATOR_OFF}}; /* not known */
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        set_up(150000);
        bench.input.rtt_us = rows[i].rtt_us;
        bench.input.queue_us = rows[i].queue_us;
        step_on(90 * MS);
        assert_int_equal(picture(0)->mode, ALLOCATOR_OFF);
        run(500 * MS);
        assert_int_equal(picture(0)->mode, rows[i].mode);
        run(800 * MS);
        assert_int_equal(picture(0)->mode, ALLOCATOR_MOVING);
    }
}

static void test_a_peer_without_feedback_gets_a_picture(void **state)
{
    (void)state;
    set_up(300000);
    bench.input.has_feedback = false;
    run(2900 * MS);
    assert_int_equal(picture(0)->mode, ALLOCATOR_OFF);
    run(300 * MS);
    assert_int_equal(picture(0)->mode, ALLOCATOR_MOVING);
}

static void test_down_after_two_seconds_up_after_ten(void **state)
{
    (void)state;
    set_up(450000);
    run(20 * S);
    assert_int_equal(picture(0)->wish.height, 360);
    bench.input.target_bps = 120000;
    run(1900 * MS);
    assert_int_equal(picture(0)->wish.height, 360);
    assert_true(spent_bps() <= 120000); /* less at once, smaller a little later */
    run(300 * MS);
    assert_int_equal(picture(0)->wish.height, 180);
    /* A little more: not before ten seconds. */
    run(10 * S);
    bench.input.target_bps = 200000;
    run(9800 * MS);
    assert_int_equal(picture(0)->wish.height, 180);
    run(500 * MS);
    assert_int_equal(picture(0)->wish.height, 270);
    assert_int_equal(picture(0)->wish.fps_tenths, 200);
    /* Much more: after two. */
    bench.input.target_bps = 120000;
    run(10 * S);
    bench.input.target_bps = 800000;
    run(7500 * MS); /* the step before did not last: four times as long */
    assert_int_equal(picture(0)->wish.height, 180);
    run(5 * S);
    assert_int_equal(picture(0)->wish.height, 360);
    assert_in_range(picture(0)->wish.fps_tenths, 200, 250);
}

static void test_down_at_once_when_the_queue_grows(void **state)
{
    (void)state;
    set_up(400000);
    run(20 * S);
    bench.input.target_bps = 120000;
    bench.input.queue_us = 350 * MS;
    step_on(100 * MS);
    assert_int_equal(picture(0)->wish.height, 180);
    /* And nothing but sound when that itself hardly fits. */
    bench.input.target_bps = 20000;
    bench.input.queue_us = 0;
    step_on(100 * MS);
    step_on(100 * MS);
    assert_int_equal(picture(0)->mode, ALLOCATOR_OFF);
    assert_true(bench.plan.audio_bps <= 20000);
    assert_int_equal(picture(0)->picture, MEDIA_PICTURE_RECEIVER_LINK);
}

/* Within the first seconds nothing is waited for on the way up, which must not undo the way down.
 */
static void test_down_within_the_start(void **state)
{
    (void)state;
    set_up(800000);
    run(3 * S);
    assert_int_equal(picture(0)->mode, ALLOCATOR_MOVING);
    bench.input.target_bps = 30000; /* the receiver says so: no queue */
    run(2500 * MS);
    assert_int_equal(picture(0)->mode, ALLOCATOR_OFF);
    assert_int_equal(picture(0)->picture, MEDIA_PICTURE_RECEIVER_LINK);
}

static void test_back_from_a_pause_after_five_seconds(void **state)
{
    (void)state;
    set_up(35000);
    run(60 * S);
    assert_int_equal(picture(0)->mode, ALLOCATOR_OFF);
    /* The link is probed for a picture all the time. */
    assert_true(bench.plan.wanted_bps > 1000 * 1000);
    bench.input.target_bps = 60000;
    run(4900 * MS);
    assert_int_equal(picture(0)->mode, ALLOCATOR_OFF);
    run(300 * MS);
    assert_int_not_equal(picture(0)->mode, ALLOCATOR_OFF);
    /* Barely enough is not enough. */
    set_up(35000);
    run(60 * S);
    bench.input.target_bps = 46000;
    bench.input.overused = true;
    run(60 * S);
    assert_int_equal(picture(0)->mode, ALLOCATOR_OFF);
}

/* However often it had to go, and whatever step did not last: a link with much headroom shows a
 * picture after 40 s, and one that stands moves after 60. */
static void test_back_from_many_pauses_within_a_minute(void **state)
{
    (void)state;
    for (unsigned step = VIDEO_STEP_OFF; step <= VIDEO_STEP_STILLS; step++) {
        set_up(35000);
        run(60 * S);
        bench.allocator.slots[0].patience =
            (Patience){.step = step, .n_failed = 3, .failed_step = 5, .moved_us = bench.now_us};
        bench.input.target_bps = 300000;
        run(step == VIDEO_STEP_OFF ? 39 * S : 59 * S);
        assert_int_not_equal(picture(0)->mode, ALLOCATOR_MOVING);
        run(2 * S);
        assert_int_equal(picture(0)->mode, ALLOCATOR_MOVING);
    }
}

/* What failed was a step that this link has far behind it. */
static void test_back_soon_on_another_link(void **state)
{
    (void)state;
    for (unsigned step = VIDEO_STEP_OFF; step <= VIDEO_STEP_STILLS; step++) {
        set_up(35000);
        run(60 * S);
        bench.allocator.slots[0].patience =
            (Patience){.step = step, .n_failed = 3, .failed_step = 2, .moved_us = bench.now_us};
        bench.input.target_bps = 300000;
        run(7 * S);
        assert_int_equal(picture(0)->mode, ALLOCATOR_MOVING);
    }
}

/* A number in 0..1 that is the same in each run. */
static double noise(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return (*seed >> 8) / 16777216.0;
}

enum {
    NOISE_NONE,
    NOISE_FAST,
    NOISE_STEPS,
    NOISE_WAVE,
    NOISE_LONG_WAVE,
    NOISE_SLOW_STEPS,
    N_NOISES
};

/* -1..1 around nothing, of several kinds: an estimate trembles, jumps, or swings for minutes. */
static double noise_at(unsigned kind, int64_t t_us, uint32_t *seed, double last)
{
    int64_t wave_us = kind == NOISE_WAVE ? 20 * S : 90 * S;
    double at = (double)(t_us % wave_us) / (double)wave_us;
    switch (kind) {
    case NOISE_FAST:
        return noise(seed) * 2 - 1;
    case NOISE_STEPS:
        return t_us % (3 * S) == 0 ? noise(seed) * 2 - 1 : last;
    case NOISE_SLOW_STEPS:
        return t_us % (15 * S) == 0 ? (noise(seed) < 0.5 ? -1 : 1) : last;
    case NOISE_WAVE:
    case NOISE_LONG_WAVE:
        return at < 0.5 ? 4 * at - 1 : 3 - 4 * at;
    default:
        return 0;
    }
}

/* Ten minutes at a target that moves by 15 % to both sides: at most a change in two minutes. */
static void test_no_flapping_at_any_rate(void **state)
{
    (void)state;
    for (uint32_t middle = 20000; middle < 2000000; middle += middle / 25) {
        for (unsigned kind = NOISE_NONE; kind < N_NOISES; kind++) {
            set_up(middle);
            run(30 * S);
            bench.n_video_moves = bench.n_audio_moves = 0;
            uint32_t seed = middle + kind;
            double last = 0;
            for (int64_t t = 0; t < 600 * S; t += 100 * MS) {
                last = noise_at(kind, t, &seed, last);
                bench.input.target_bps = (uint32_t)(middle * (1 + 0.15 * last));
                step_on(100 * MS);
            }
            unsigned most = kind == NOISE_NONE ? 0 : 5;
            if (bench.n_video_moves > most || bench.n_audio_moves > most)
                print_error("%u bps, noise %u: %u and %u changes\n", middle, kind,
                            bench.n_video_moves, bench.n_audio_moves);
            assert_true(bench.n_video_moves <= most);
            assert_true(bench.n_audio_moves <= most);
        }
    }
}

static void test_a_blackout_holds_everything(void **state)
{
    (void)state;
    set_up(400000);
    run(20 * S);
    unsigned height = picture(0)->wish.height;
    bench.input.blackout = true;
    bench.input.target_bps = 15000;
    run(4 * S);
    assert_true(bench.plan.is_held);
    assert_int_equal(picture(0)->wish.height, height);
    bench.input.blackout = false;
    bench.input.target_bps = 400000;
    step_on(100 * MS);
    assert_false(bench.plan.is_held);
    assert_int_equal(picture(0)->wish.height, height);
    assert_int_equal(picture(0)->picture, MEDIA_PICTURE_MOVING);
}

static void test_wanted_knows_the_sender(void **state)
{
    (void)state;
    set_up(300000);
    run(10 * S);
    assert_true(bench.plan.wanted_bps > 1000 * 1000);
    bench.input.video[0].sender_bps = 200000;
    step_on(100 * MS);
    assert_in_range(bench.plan.wanted_bps, 280000, 330000);
    bench.input.n_video = 0;
    step_on(100 * MS);
    assert_int_equal(bench.plan.wanted_bps, 280000);
}

static void test_absurd_input(void **state)
{
    (void)state;
    set_up(UINT32_MAX);
    bench.input.n_video = 1000;
    bench.input.n_audio = 1000;
    bench.input.opus_bps = UINT32_MAX;
    bench.input.loss_q8 = 255;
    bench.input.loss_run_x10 = UINT32_MAX;
    for (unsigned i = 0; i < ALLOCATOR_MAX_VIDEO; i++) {
        bench.input.video[i] = (AllocatorVideoInput){
            .has_source = true, .source_id = 7, .n_layers = 99, .key_frame_bytes = SIZE_MAX / 16};
        for (unsigned j = 0; j < LAYER_MAX; j++)
            bench.input.video[i].layers[j] = (LayerInput){
                .bitrate_bps = UINT32_MAX, .n_temporal = 99, .temporal_q8 = {255, 255, 255, 255}};
    }
    run(20 * S);
    assert_int_equal(bench.plan.n_video, ALLOCATOR_MAX_VIDEO);
    bench.input.target_bps = 0;
    run(20 * S);
    assert_int_equal(picture(0)->mode, ALLOCATOR_OFF);
    assert_int_equal(picture(0)->budget_bps, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_ladder),
        cmocka_unit_test(test_sound_alone_first_then_a_picture_soon),
        cmocka_unit_test(test_a_picture_sooner_where_answers_come_soon),
        cmocka_unit_test(test_a_peer_without_feedback_gets_a_picture),
        cmocka_unit_test(test_down_after_two_seconds_up_after_ten),
        cmocka_unit_test(test_down_at_once_when_the_queue_grows),
        cmocka_unit_test(test_down_within_the_start),
        cmocka_unit_test(test_back_from_a_pause_after_five_seconds),
        cmocka_unit_test(test_back_from_many_pauses_within_a_minute),
        cmocka_unit_test(test_back_soon_on_another_link),
        cmocka_unit_test(test_no_flapping_at_any_rate),
        cmocka_unit_test(test_a_blackout_holds_everything),
        cmocka_unit_test(test_wanted_knows_the_sender),
        cmocka_unit_test(test_absurd_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
