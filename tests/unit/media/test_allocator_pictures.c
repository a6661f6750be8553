// SPDX-License-Identifier: Apache-2.0
// Layers, several pictures, screens, and what is said of each.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/media/allocator_bench.h"

static void test_layers(void **state)
{
    (void)state;
    set_up(250000); /* some 200 for the picture */
    LayerInput low = {.bitrate_bps = 90000, .n_temporal = 2, .temporal_q8 = {154, 102}};
    LayerInput high = {.bitrate_bps = 600000, .n_temporal = 2, .temporal_q8 = {154, 102}};
    bench.input.video[0].n_layers = 2;
    bench.input.video[0].layers[0] = low;
    bench.input.video[0].layers[1] = high;
    run(20 * S);
    assert_int_equal(picture(0)->layer, 0);
    assert_int_equal(picture(0)->max_temporal_id, ALLOCATOR_ALL_LAYERS);
    bench.input.target_bps = 800000;
    run(20 * S);
    assert_int_equal(picture(0)->layer, 1);
    assert_int_equal(picture(0)->max_temporal_id, ALLOCATOR_ALL_LAYERS);
    bench.input.target_bps = 440000; /* half the frames of the high one: 360 of 390 */
    run(300 * MS);                   /* for a moment all of them are borne */
    assert_int_equal(picture(0)->max_temporal_id, ALLOCATOR_ALL_LAYERS);
    run(300 * MS);
    assert_int_equal(picture(0)->layer, 1);
    assert_int_equal(picture(0)->max_temporal_id, 0);
    bench.input.target_bps = 200000;
    step_on(100 * MS);
    assert_int_equal(picture(0)->layer, 0);
    /* The high layer is gone (its sender turned it off): the low one it is. */
    bench.input.target_bps = 800000;
    run(20 * S);
    assert_int_equal(picture(0)->layer, 1);
    bench.input.video[0].layers[1].bitrate_bps = 0;
    step_on(100 * MS);
    assert_int_equal(picture(0)->layer, 0);
}

/* An encoder that fills its budget by 5 % more keeps all its frames, and a drain of a moment costs
 * none; half of the budget does at once. */
static void test_frames_are_not_lost_to_small_swings(void **state)
{
    (void)state;
    set_up(200000);
    bench.input.video[0].n_layers = 1;
    LayerInput *layer = &bench.input.video[0].layers[0];
    *layer = (LayerInput){.n_temporal = 2, .temporal_q8 = {154, 102}};
    run(20 * S);
    uint32_t budget_bps = picture(0)->budget_bps;
    layer->bitrate_bps = budget_bps * 105 / 100;
    run(10 * S);
    assert_int_equal(picture(0)->max_temporal_id, ALLOCATOR_ALL_LAYERS);
    for (unsigned i = 0; i < 20; i++) {
        bench.input.target_bps = 150000; /* 140 % of what is left for the picture */
        run(300 * MS);
        assert_int_equal(picture(0)->max_temporal_id, ALLOCATOR_ALL_LAYERS);
        bench.input.target_bps = 200000;
        run(1 * S);
    }
    bench.input.target_bps = 100000;
    step_on(100 * MS);
    assert_int_equal(picture(0)->max_temporal_id, 0);
    bench.input.target_bps = 200000;
    run(2500 * MS);
    assert_int_equal(picture(0)->max_temporal_id, ALLOCATOR_ALL_LAYERS);
}

static void test_a_sender_that_ignores_hints_is_shown_in_stills(void **state)
{
    (void)state;
    set_up(100000);
    bench.input.video[0].n_layers = 1;
    bench.input.video[0].layers[0].bitrate_bps = 500000;
    bench.input.video[0].key_frame_bytes = 10000;
    run(3 * S);
    assert_int_equal(picture(0)->mode, ALLOCATOR_MOVING); /* a hint takes its time */
    run(5 * S);
    assert_int_equal(picture(0)->mode, ALLOCATOR_STILLS);
    assert_int_equal(picture(0)->picture, MEDIA_PICTURE_STILLS);
    assert_in_range(picture(0)->still_interval_us, 1000 * MS, 2500 * MS);
    assert_true(picture(0)->wish.video_bps > 30000); /* asked for all the same */
    bench.input.video[0].layers[0].bitrate_bps = 50000;
    run(6 * S);
    assert_int_equal(picture(0)->mode, ALLOCATOR_MOVING);
}

static void add_pictures(unsigned n)
{
    bench.input.n_video = n;
    for (unsigned i = 0; i < n; i++)
        bench.input.video[i] = (AllocatorVideoInput){.has_source = true, .source_id = i + 1};
}

static void test_who_loses_first(void **state)
{
    (void)state;
    static const struct {
        uint32_t target_bps;
        AllocatorMode first, second, third;
    } rows[] = {
        {60000, ALLOCATOR_STILLS, ALLOCATOR_STILLS, ALLOCATOR_STILLS},
        {80000, ALLOCATOR_MOVING, ALLOCATOR_STILLS, ALLOCATOR_STILLS},
        {105000, ALLOCATOR_MOVING, ALLOCATOR_MOVING, ALLOCATOR_STILLS},
        {160000, ALLOCATOR_MOVING, ALLOCATOR_MOVING, ALLOCATOR_MOVING},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        set_up(rows[i].target_bps);
        add_pictures(3);
        run(20 * S);
        assert_int_equal(picture(0)->mode, rows[i].first);
        assert_int_equal(picture(1)->mode, rows[i].second);
        assert_int_equal(picture(2)->mode, rows[i].third);
        assert_true(spent_bps() <= rows[i].target_bps);
    }
    /* The first gets 360 lines before the others get better. */
    set_up(450000);
    add_pictures(3);
    run(20 * S);
    assert_int_equal(picture(0)->wish.height, 360);
    assert_int_equal(picture(1)->wish.height, 135);
    assert_int_equal(picture(2)->wish.height, 135);
}

static void test_the_chosen_comes_first_then_screens_then_who_speaks(void **state)
{
    (void)state;
    AllocatorRank ranks[] = {{.section = 1},
                             {.section = 3, .is_speaker = true},
                             {.section = 5},
                             {.section = 7, .is_screen = true},
                             {.section = 9, .is_pinned = true}};
    static const unsigned wanted[] = {9, 7, 3, 1, 5};
    allocator_rank(ranks, 5);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(ranks[i].section, wanted[i]);
    allocator_rank(ranks, 0);
}

static void test_another_speaker_comes_first_soon(void **state)
{
    (void)state;
    set_up(500000);
    add_pictures(2);
    run(60 * S);
    assert_int_equal(picture(0)->wish.height, 360);
    assert_int_equal(picture(1)->wish.height, 270);
    bench.input.video[0].source_id = 2;
    bench.input.video[1].source_id = 1;
    run(1 * S);
    assert_int_equal(picture(0)->wish.height, 360);
    assert_int_equal(picture(1)->wish.height, 270);
    assert_true(spent_bps() <= 500000);
    /* A third one comes: there is a picture for each at once. */
    bench.input.n_video = 3;
    bench.input.video[2] = (AllocatorVideoInput){.has_source = true, .source_id = 3};
    run(1 * S);
    assert_int_equal(picture(0)->wish.height, 360);
    assert_int_equal(picture(2)->mode, ALLOCATOR_MOVING);
}

/* Who comes in speaks, comes first, and has a link of which nothing is known yet: the picture that
 * was there before goes on, with all that the newcomer's link cannot carry. */
static void test_what_a_sender_cannot_send_is_for_the_others(void **state)
{
    (void)state;
    set_up(450000);
    add_pictures(1);
    bench.input.video[0].sender_bps = 400000;
    run(60 * S);
    assert_int_equal(picture(0)->wish.height, 360);
    bench.input.n_video = 2;
    bench.input.video[1] = bench.input.video[0];
    bench.input.video[0] =
        (AllocatorVideoInput){.has_source = true, .source_id = 2, .sender_bps = 50000};
    for (unsigned i = 0; i < 100; i++) {
        step_on(100 * MS);
        assert_int_equal(picture(1)->mode, ALLOCATOR_MOVING);
        assert_int_equal(picture(1)->wish.height, 360);
        assert_true(picture(1)->wish.video_bps >= 200000);
        assert_true(picture(0)->wish.video_bps >= 40000);
        assert_true(spent_bps() <= 450000);
    }
    /* Its link carries more: it comes first. */
    bench.input.video[0].sender_bps = 400000;
    run(30 * S);
    assert_int_equal(picture(0)->wish.height, 360);
    assert_true(picture(0)->wish.video_bps > picture(1)->wish.video_bps);
    assert_int_equal(picture(1)->mode, ALLOCATOR_MOVING);
}

/* Three pictures at any rate: no change of any of them while the rate stands. */
static void test_several_pictures_do_not_flap(void **state)
{
    (void)state;
    for (uint32_t target = 30000; target < 3000000; target += target / 20) {
        set_up(target);
        add_pictures(3);
        run(40 * S);
        unsigned steps[3];
        for (unsigned i = 0; i < 3; i++)
            steps[i] = bench.allocator.slots[i].patience.step;
        for (unsigned n = 0; n < 1200; n++) {
            step_on(100 * MS);
            for (unsigned i = 0; i < 3; i++)
                assert_int_equal(bench.allocator.slots[i].patience.step, steps[i]);
        }
        assert_true(spent_bps() <= target);
    }
}

static void test_a_screen_is_legible_and_slow(void **state)
{
    (void)state;
    set_up(150000);
    bench.input.video[0].is_screen = true;
    run(20 * S);
    assert_int_equal(picture(0)->wish.height, 720);
    assert_in_range(picture(0)->wish.fps_tenths, 10, 50);
}

static void test_picture_says_why(void **state)
{
    (void)state;
    set_up(300000);
    run(20 * S);
    bench.input.video[0].sender_too_thin = true;
    step_on(100 * MS);
    assert_int_equal(picture(0)->picture, MEDIA_PICTURE_SENDER_LINK);
    bench.input.video[0].has_source = false;
    step_on(100 * MS);
    assert_int_equal(picture(0)->picture, MEDIA_PICTURE_NONE);
    assert_int_equal(picture(0)->mode, ALLOCATOR_OFF);
}

/* The sender's own link allows single pictures only: that is said, too, but not of those of a
 * moment, at the start or after a cut. */
static void test_a_senders_stills_are_told(void **state)
{
    (void)state;
    set_up(300000);
    bench.input.video[0].sender_stills = true;
    run(2900 * MS);
    assert_int_not_equal(picture(0)->picture, MEDIA_PICTURE_STILLS);
    bench.input.video[0].sender_stills = false;
    run(20 * S);
    assert_int_equal(picture(0)->picture, MEDIA_PICTURE_MOVING);
    bench.input.video[0].sender_stills = true;
    run(2500 * MS);
    assert_int_equal(picture(0)->picture, MEDIA_PICTURE_MOVING);
    run(1 * S);
    assert_int_equal(picture(0)->picture, MEDIA_PICTURE_STILLS);
    assert_int_equal(picture(0)->mode, ALLOCATOR_MOVING); /* all of them are forwarded */
    bench.input.video[0].sender_too_thin = true;
    step_on(100 * MS);
    assert_int_equal(picture(0)->picture, MEDIA_PICTURE_SENDER_LINK);
    bench.input.video[0].sender_too_thin = false;
    step_on(100 * MS);
    assert_int_equal(picture(0)->picture, MEDIA_PICTURE_STILLS);
    bench.input.video[0].sender_stills = false;
    step_on(100 * MS);
    assert_int_equal(picture(0)->picture, MEDIA_PICTURE_MOVING);
}

/* The doctor shows the screen and takes it back: the picture goes on, at steps of its kind. */
static void test_a_camera_becomes_a_screen_and_back(void **state)
{
    (void)state;
    set_up(450000);
    run(20 * S);
    assert_int_equal(picture(0)->mode, ALLOCATOR_MOVING);
    assert_int_equal(picture(0)->wish.height, 360);
    bench.input.video[0].is_screen = true;
    for (unsigned i = 0; i < 50; i++) {
        step_on(100 * MS);
        assert_int_equal(picture(0)->mode, ALLOCATOR_MOVING);
        assert_true(picture(0)->wish.is_screen);
        assert_int_equal(picture(0)->wish.height, 720);
        assert_true(spent_bps() <= 450000);
    }
    bench.input.video[0].is_screen = false;
    for (unsigned i = 0; i < 50; i++) {
        step_on(100 * MS);
        assert_int_equal(picture(0)->mode, ALLOCATOR_MOVING);
        assert_false(picture(0)->wish.is_screen);
        assert_in_range(picture(0)->wish.height, 180, 360);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_frames_are_not_lost_to_small_swings),
        cmocka_unit_test(test_a_sender_that_ignores_hints_is_shown_in_stills),
        cmocka_unit_test(test_who_loses_first),
        cmocka_unit_test(test_the_chosen_comes_first_then_screens_then_who_speaks),
        cmocka_unit_test(test_another_speaker_comes_first_soon),
        cmocka_unit_test(test_what_a_sender_cannot_send_is_for_the_others),
        cmocka_unit_test(test_several_pictures_do_not_flap),
        cmocka_unit_test(test_a_screen_is_legible_and_slow),
        cmocka_unit_test(test_a_camera_becomes_a_screen_and_back),
        cmocka_unit_test(test_picture_says_why),
        cmocka_unit_test(test_a_senders_stills_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
