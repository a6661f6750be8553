// SPDX-License-Identifier: Apache-2.0
// Sound and its redundancy.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/media/allocator_bench.h"

static void test_thirty_kbits_carry_speech(void **state)
{
    (void)state;
    set_up(30000);
    bench.input.loss_q8 = 256 * 2 / 100;
    run(20 * S);
    assert_true(bench.plan.audio_bps <= 22000);
    assert_int_equal(bench.plan.audio.merge_ms, 60);
    /* At a tenth lost everything goes twice, within the same link. */
    bench.input.loss_q8 = 256 * 10 / 100;
    run(20 * S);
    assert_int_equal(bench.plan.audio.red_distance, 1);
    assert_true(bench.plan.audio_bps <= 26000);
}

static void test_redundancy_follows_loss(void **state)
{
    (void)state;
    set_up(300000);
    bench.input.loss_q8 = 1; /* 0.4 % */
    run(20 * S);
    assert_int_equal(bench.plan.audio.red_distance, 0);
    assert_true(bench.plan.audio.fec);
    bench.input.loss_q8 = 13; /* 5 % */
    run(20 * S);
    assert_int_equal(bench.plan.audio.red_distance, 1);
    assert_false(bench.plan.audio.fec);
    bench.input.loss_q8 = 40; /* 16 % */
    run(20 * S);
    assert_int_equal(bench.plan.audio.red_distance, 2);
    bench.input.loss_q8 = 0;
    run(9 * S);
    assert_int_equal(bench.plan.audio.red_distance, 2);
    run(40 * S);
    assert_int_equal(bench.plan.audio.red_distance, 0);
    /* Long runs ask for a longer reach. */
    bench.input.loss_q8 = 26;
    bench.input.loss_run_x10 = 40;
    run(20 * S);
    assert_int_equal(bench.plan.audio.red_distance, 2);
    /* Repairs of pictures are set aside as well. */
    assert_true(bench.plan.rtx_bps > bench.plan.video_bps / 5);
    assert_true(picture(0)->budget_bps < bench.plan.video_bps * 9 / 10);
}

static void test_redundancy_without_red(void **state)
{
    (void)state;
    set_up(300000);
    bench.input.has_red = false;
    bench.input.loss_q8 = 20; /* 8 %: repairs come in time */
    run(20 * S);
    assert_true(bench.plan.audio.nack);
    assert_false(bench.plan.audio.second_send);
    bench.input.rtt_us = 400 * MS; /* they do not */
    run(20 * S);
    assert_false(bench.plan.audio.nack);
    assert_true(bench.plan.audio.second_send);
    assert_int_equal(bench.plan.audio.red_distance, 0);
}

static void test_a_long_path_gets_red_early(void **state)
{
    (void)state;
    set_up(90000);
    bench.input.loss_q8 = 5; /* 2 % */
    run(30 * S);
    assert_int_equal(bench.plan.audio.red_distance, 0);
    bench.input.rtt_us = 500 * MS;
    run(30 * S);
    assert_int_equal(bench.plan.audio.red_distance, 1);
    assert_int_equal(picture(0)->mode, ALLOCATOR_MOVING);
    assert_true(picture(0)->wish.fps_tenths >= 50);
}

/* There is no other repair: redundancy is there before the first loss is known of. */
static void test_a_long_path_begins_with_red(void **state)
{
    (void)state;
    set_up(300000);
    bench.input.rtt_us = 0; /* not known yet */
    run(1 * S);
    assert_int_equal(bench.plan.audio.red_distance, 0);
    bench.input.rtt_us = 400 * MS;
    run(100 * MS);
    assert_int_equal(bench.plan.audio.red_distance, 1);
    run(9800 * MS);
    assert_int_equal(bench.plan.audio.red_distance, 1);
    run(1 * S); /* ten seconds without loss */
    assert_int_equal(bench.plan.audio.red_distance, 0);
    /* A short one, or one that becomes long, does not. */
    set_up(300000);
    run(1 * S);
    assert_int_equal(bench.plan.audio.red_distance, 0);
    bench.input.rtt_us = 400 * MS;
    run(1 * S);
    assert_int_equal(bench.plan.audio.red_distance, 0);
}

/* Long runs are believed at once; each change of the reach stretches speech, so it is given up over
 * twenty seconds. */
static void test_the_reach_is_taken_at_once_and_given_up_slowly(void **state)
{
    (void)state;
    set_up(500000);
    bench.input.loss_q8 = 26;
    bench.input.loss_run_x10 = 10;
    run(30 * S);
    assert_int_equal(bench.plan.audio.merge_ms, 20);
    assert_int_not_equal(bench.plan.audio.red_distance, 0);
    assert_int_equal(bench.plan.audio.red_reach, 0);
    bench.input.loss_run_x10 = 40;
    step_on(100 * MS);
    assert_int_equal(bench.plan.audio.red_reach, 8);
    bench.input.loss_run_x10 = 10;
    run(16 * S);
    assert_int_equal(bench.plan.audio.red_reach, 8);
    run(9 * S);
    assert_int_equal(bench.plan.audio.red_reach, 4);
    run(25 * S);
    assert_int_equal(bench.plan.audio.red_reach, 0);
    /* None without copies. */
    bench.input.loss_run_x10 = 40;
    bench.input.loss_q8 = 0;
    run(60 * S);
    assert_int_equal(bench.plan.audio.red_distance, 0);
    assert_int_equal(bench.plan.audio.red_reach, 0);
}

static void test_a_sender_that_does_not_listen_is_merged_longer(void **state)
{
    (void)state;
    set_up(30000);
    bench.input.opus_bps = 24000;
    run(20 * S);
    assert_int_equal(bench.plan.audio.merge_ms, 120);
    assert_int_equal(picture(0)->mode, ALLOCATOR_OFF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thirty_kbits_carry_speech),
        cmocka_unit_test(test_redundancy_follows_loss),
        cmocka_unit_test(test_redundancy_without_red),
        cmocka_unit_test(test_a_long_path_gets_red_early),
        cmocka_unit_test(test_a_long_path_begins_with_red),
        cmocka_unit_test(test_the_reach_is_taken_at_once_and_given_up_slowly),
        cmocka_unit_test(test_a_sender_that_does_not_listen_is_merged_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
