// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/rate/layer_choice.h"

enum { S = 1000 * 1000, STEP_US = 50 * 1000, SMALL = 0, LARGE = 1, N_LAYERS = 2 };

static const uint32_t K = 1000;

/* A sender of two layers, and its receiver's budget. */
typedef struct {
    LayerChoice choice;
    LayerInput layers[N_LAYERS];
    uint32_t budget_bps;
    bool is_hurried;
    int64_t now_us;
    int64_t starved_us; /* time in which it was starved */
    unsigned n_changes; /* of being starved */
} Line;

static void begin(Line *line, uint32_t small_bps, uint32_t large_bps, uint32_t budget_bps)
{
    memset(line, 0, sizeof *line);
    line->layers[SMALL].bitrate_bps = small_bps;
    line->layers[LARGE].bitrate_bps = large_bps;
    line->budget_bps = budget_bps;
    line->now_us = 1000 * (int64_t)S;
}

static void live(Line *line, int64_t us)
{
    for (int64_t end_us = line->now_us + us; line->now_us < end_us; line->now_us += STEP_US) {
        bool before = line->choice.is_starved;
        layer_choice_update(&line->choice, line->layers, N_LAYERS, line->budget_bps,
                            line->is_hurried, line->now_us);
        line->n_changes += before != line->choice.is_starved;
        line->starved_us += line->choice.is_starved ? STEP_US : 0;
    }
}

static void set_temporal(Line *line, unsigned layer)
{
    line->layers[layer].n_temporal = 2;
    line->layers[layer].temporal_q8[0] = 154; /* 60 % */
    line->layers[layer].temporal_q8[1] = 102;
}

static void test_takes_what_fits(void **state)
{
    (void)state;
    Line line;
    begin(&line, 60 * K, 240 * K, 200 * K);
    live(&line, STEP_US);
    assert_true(line.choice.has_choice);
    assert_int_equal(line.choice.layer, LARGE); /* within 130 %: an encoder is not that exact */
    line.budget_bps = 180 * K;
    live(&line, STEP_US);
    assert_int_equal(line.choice.layer, SMALL); /* at once */
    /* Up at 90 % of the budget and after two seconds. */
    line.budget_bps = 260 * K;
    live(&line, 5 * S);
    assert_int_equal(line.choice.layer, SMALL);
    line.budget_bps = 270 * K;
    live(&line, 2 * S);
    assert_int_equal(line.choice.layer, SMALL);
    live(&line, 2 * STEP_US);
    assert_int_equal(line.choice.layer, LARGE);
    assert_int_equal(line.n_changes, 0);
}

static void test_hurry(void **state)
{
    (void)state;
    Line line;
    begin(&line, 60 * K, 240 * K, 100 * K);
    live(&line, S);
    line.is_hurried = true;
    line.budget_bps = 300 * K;
    live(&line, STEP_US);
    assert_int_equal(line.choice.layer, LARGE);
}

/* The present layer ends: another one at once; none: whatever comes first. */
static void test_layers_that_stop(void **state)
{
    (void)state;
    Line line;
    begin(&line, 60 * K, 240 * K, 300 * K);
    live(&line, S);
    assert_int_equal(line.choice.layer, LARGE);
    line.layers[LARGE].bitrate_bps = 0;
    live(&line, STEP_US);
    assert_int_equal(line.choice.layer, SMALL);
    line.layers[SMALL].bitrate_bps = 0;
    live(&line, STEP_US);
    assert_false(line.choice.has_choice);
    assert_int_equal(line.choice.max_temporal_id, LAYER_TEMPORAL_MAX - 1);
}

static void test_temporal_layers(void **state)
{
    (void)state;
    Line line;
    begin(&line, 0, 100 * K, 95 * K);
    set_temporal(&line, LARGE);
    live(&line, S);
    assert_int_equal(line.choice.max_temporal_id, 1);
    line.budget_bps = 70 * K; /* beyond 130 %, for a moment yet */
    live(&line, 350 * 1000);
    assert_int_equal(line.choice.max_temporal_id, 1);
    live(&line, 150 * 1000);
    assert_int_equal(line.choice.max_temporal_id, 0);
    /* It comes back within 110 %. */
    line.budget_bps = 92 * K;
    live(&line, 2 * S + 2 * STEP_US);
    assert_int_equal(line.choice.max_temporal_id, 1);
    line.budget_bps = 40 * K; /* more than twice */
    live(&line, STEP_US);
    assert_int_equal(line.choice.max_temporal_id, 0);
}

static void test_starved_after_four_seconds(void **state)
{
    (void)state;
    Line line;
    begin(&line, 160 * K, 400 * K, 100 * K);
    live(&line, 4 * S);
    assert_false(line.choice.is_starved);
    live(&line, 2 * STEP_US);
    assert_true(line.choice.is_starved);
    assert_int_equal(line.choice.layer, SMALL);
    /* Fed again for five seconds, with room. */
    line.layers[SMALL].bitrate_bps = 100 * K;
    live(&line, 5 * S);
    assert_true(line.choice.is_starved);
    live(&line, 2 * STEP_US);
    assert_false(line.choice.is_starved);
    /* An encoder that is over it now and then is not deaf. */
    for (unsigned i = 0; i < 10; i++) {
        line.layers[SMALL].bitrate_bps = i % 2 == 0 ? 160 * K : 120 * K;
        live(&line, 3 * S);
    }
    assert_false(line.choice.is_starved);
}

/* The small layer comes because the large one is too much, and that one's size says nothing of it.
 */
static void test_another_least_layer_is_judged_anew(void **state)
{
    (void)state;
    Line line;
    begin(&line, 0, 400 * K, 100 * K);
    live(&line, 6 * S);
    assert_true(line.choice.is_starved);
    assert_int_equal(line.choice.least_layer, LARGE);
    line.layers[SMALL].bitrate_bps = 90 * K;
    live(&line, STEP_US);
    assert_false(line.choice.is_starved);
    assert_int_equal(line.choice.least_layer, SMALL);
    assert_int_equal(line.choice.layer, SMALL);
    live(&line, 60 * (int64_t)S);
    assert_int_equal(line.n_changes, 2);
}

/* A small layer that comes and goes faster than the large one is seen to be too much. */
static void toggle(Line *line, unsigned n, int64_t us)
{
    uint32_t small_bps = line->layers[SMALL].bitrate_bps;
    for (unsigned i = 0; i < n; i++) {
        line->layers[SMALL].bitrate_bps = i % 2 == 0 ? 0 : small_bps;
        live(line, us);
    }
    line->layers[SMALL].bitrate_bps = small_bps;
}

static void test_a_small_layer_that_comes_and_goes(void **state)
{
    (void)state;
    static const int64_t periods_us[] = {1 * S, 2 * S, 4 * S - STEP_US};
    for (unsigned i = 0; i < sizeof periods_us / sizeof *periods_us; i++) {
        Line line;
        begin(&line, 90 * K, 400 * K, 100 * K);
        toggle(&line, (unsigned)(60 * (int64_t)S / periods_us[i]), periods_us[i]);
        assert_in_range(line.starved_us, 40 * (int64_t)S, 60 * (int64_t)S);
        assert_in_range(line.n_changes, 1, 3); /* nor does it go on and off */
        /* It is believed once it stays. */
        live(&line, 5 * S + 2 * STEP_US);
        assert_false(line.choice.is_starved);
    }
}

/* Neither fits. */
static void test_both_too_large_in_turns(void **state)
{
    (void)state;
    Line line;
    begin(&line, 200 * K, 400 * K, 100 * K);
    toggle(&line, 15, 4 * S - STEP_US);
    assert_in_range(line.starved_us, 45 * (int64_t)S, 60 * (int64_t)S);
    assert_in_range(line.n_changes, 1, 1);
}

/* Nor does a pause help. */
static void test_a_sender_that_pauses(void **state)
{
    (void)state;
    Line line;
    begin(&line, 0, 400 * K, 100 * K);
    live(&line, 3 * S);
    line.layers[LARGE].bitrate_bps = 0;
    live(&line, 2 * S);
    assert_false(line.choice.is_starved);
    line.layers[LARGE].bitrate_bps = 400 * K;
    live(&line, S + 2 * STEP_US);
    assert_true(line.choice.is_starved);
    line.layers[LARGE].bitrate_bps = 0;
    live(&line, STEP_US);
    assert_false(line.choice.is_starved); /* its camera is off */
    line.layers[LARGE].bitrate_bps = 90 * K;
    live(&line, 2 * S);
    assert_false(line.choice.is_starved);
}

/* What was half a minute ago is forgotten. */
static void test_a_small_layer_that_comes_again_later(void **state)
{
    (void)state;
    Line line;
    begin(&line, 90 * K, 400 * K, 100 * K);
    for (unsigned i = 0; i < 3; i++) {
        toggle(&line, 1, 6 * S);
        assert_true(line.choice.is_starved);
        live(&line, STEP_US);
        assert_false(line.choice.is_starved);
        live(&line, 40 * (int64_t)S);
        toggle(&line, 1, 3 * S);
        assert_false(line.choice.is_starved);
        live(&line, 40 * (int64_t)S);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_takes_what_fits),
        cmocka_unit_test(test_hurry),
        cmocka_unit_test(test_layers_that_stop),
        cmocka_unit_test(test_temporal_layers),
        cmocka_unit_test(test_starved_after_four_seconds),
        cmocka_unit_test(test_another_least_layer_is_judged_anew),
        cmocka_unit_test(test_a_small_layer_that_comes_and_goes),
        cmocka_unit_test(test_both_too_large_in_turns),
        cmocka_unit_test(test_a_sender_that_pauses),
        cmocka_unit_test(test_a_small_layer_that_comes_again_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
