// SPDX-License-Identifier: Apache-2.0
// Failures of other relays on thin links, each named after what their users see.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/sim/sim_scenario.h"

enum { SEEDS = 5, MS = 1000, S = 1000 * 1000 };

/* A picture that was paused on 20 kbit/s is back 20 s after the link is (mediasoup 316). */
static void test_picture_resumes(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        g_autoptr(SimCall) call = sim_scenario_begin("resume", seed);
        SimFigures figures;
        sim_call_run(call, 39 * S);
        sim_call_measure(call, &figures);
        sim_call_run(call, 40 * S);
        sim_call_measure(call, &figures);
        assert_true(figures.fps < 2);
        sim_scenario_run("resume", seed, &figures);
        assert_true(figures.fps >= 8);
        assert_true(figures.use >= 0.8);
    }
}

/* A picture that moves goes on moving (mediasoup 804: 5-6 changes a minute). */
static void test_no_flapping(void **state)
{
    (void)state;
    static const char *const names[] = {"flap-40", "flap-50", "flap-65", "flap-80"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            SimFigures figures;
            sim_scenario_run(names[i], seed, &figures);
            assert_int_equal(figures.n_pauses, 0);
            assert_true(figures.own_loss <= 0.01);
        }
    }
}

/* The target does not swing at 500 kbit/s (mediasoup 1055). */
static void test_no_saw_tooth(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        SimFigures figures;
        sim_scenario_run("steady-500", seed, &figures);
        assert_true(figures.target.low_bps >= 300000);
        assert_true(figures.target_bps >= 440000);
        assert_true(figures.target.high_bps <= 600000);
    }
}

/* What a publisher loses on its way to us is not the receiver's (mediasoup 962). */
static void test_publisher_loss_is_not_congestion(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        SimFigures figures;
        sim_scenario_run("publisher", seed, &figures);
        assert_true(figures.target_bps >= 270000);
        g_autoptr(SimCall) call = sim_scenario_begin("publisher", seed);
        SendRateView view;
        sim_call_run(call, 60 * S);
        send_rate_view(sim_call_rate(call), &view);
        assert_int_equal(view.loss_q8, 0);
    }
}

/* Jitter of 100 ms that the link's order turns into bunches is no queue. */
static void test_jitter_is_not_congestion(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        SimFigures figures;
        sim_scenario_run("jitter", seed, &figures);
        assert_true(figures.use >= 0.75);
        assert_int_equal(figures.n_pauses, 0);
    }
}

/* Loss that begins in the middle of a call and has nothing to do with the rate costs a trial of 2
 * s, not the picture (libwebrtc's estimate from reports halves at every one above 10 %). */
static void test_random_loss_is_not_congestion(void **state)
{
    (void)state;
    static const char *const names[] = {"loss-begins", "loss-after-outage"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            SimFigures figures;
            sim_scenario_run(names[i], seed, &figures);
            assert_true(figures.target.low_bps >= 1000000);
            assert_true(figures.target_bps >= 1500000);
            assert_true(figures.fps >= 24);
        }
    }
}

/* A path that is 150 ms longer after a handover is no queue for ever. */
static void test_longer_path_is_not_congestion(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        SimFigures figures;
        sim_scenario_run("longer", seed, &figures);
        assert_true(figures.use >= 0.8);
    }
}

/* A queue that overflows before it delays: its loss is not taken for the link's own. */
static void test_shallow_queue(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        SimFigures figures;
        sim_scenario_run("shallow", seed, &figures);
        assert_true(figures.own_loss <= 0.04);
        assert_true(figures.use >= 0.8);
    }
}

/* 400 kbit/s remembered, 60 there: nothing is dropped at the beginning, all is well after 5 s. */
static void test_wrong_memory(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        SimFigures figures;
        g_autoptr(SimCall) call = sim_scenario_begin("remembered-wrong", seed);
        sim_call_run(call, 5 * S);
        sim_call_measure(call, &figures);
        assert_true(figures.own_loss <= 0.01);
        sim_call_run(call, 25 * S);
        sim_call_measure(call, &figures);
        assert_true(figures.target.high_bps < 100000);
        assert_true(figures.queue_p95_us <= 300 * MS);
    }
}

/* The receiver's clock jumps by up to half a minute, again and again: no harm but caution. */
static void test_jumping_clock(void **state)
{
    (void)state;
    SimSetup setup = sim_scenario("steady-300")->setup;
    setup.lie = SIM_LIE_JUMPS;
    for (setup.seed = 1; setup.seed <= SEEDS; setup.seed++) {
        SimFigures figures;
        g_autoptr(SimCall) call = sim_call_new(&setup);
        sim_call_run(call, 10 * S);
        sim_call_measure(call, &figures);
        sim_call_run(call, 70 * S);
        sim_call_measure(call, &figures);
        assert_true(figures.target.high_bps <= 2500000);
        assert_true(figures.gap_us <= 800 * MS);
    }
}

/* A receiver that never tells anything gets less and less. */
static void test_no_feedback(void **state)
{
    (void)state;
    SimSetup setup = sim_scenario("steady-300")->setup;
    setup.no_feedback = setup.no_reports = true;
    g_autoptr(SimCall) call = sim_call_new(&setup);
    SendRateView view;
    sim_call_run(call, 1 * S);
    send_rate_view(sim_call_rate(call), &view);
    assert_int_equal(view.target_bps, SEND_RATE_START_BPS);
    sim_call_run(call, 10 * S);
    send_rate_view(sim_call_rate(call), &view);
    assert_int_equal(view.target_bps, SEND_RATE_FLOOR_BPS);
    assert_true(view.blackout);
    assert_false(view.has_feedback);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_picture_resumes),
        cmocka_unit_test(test_no_flapping),
        cmocka_unit_test(test_no_saw_tooth),
        cmocka_unit_test(test_publisher_loss_is_not_congestion),
        cmocka_unit_test(test_jitter_is_not_congestion),
        cmocka_unit_test(test_random_loss_is_not_congestion),
        cmocka_unit_test(test_longer_path_is_not_congestion),
        cmocka_unit_test(test_shallow_queue),
        cmocka_unit_test(test_wrong_memory),
        cmocka_unit_test(test_jumping_clock),
        cmocka_unit_test(test_no_feedback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
