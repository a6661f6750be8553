// SPDX-License-Identifier: Apache-2.0
// Peers that do not do what they should: senders that do not listen, receivers that lie.
#include "tests/sim/sim_assert.h"
#include "tests/sim/sim_scenario.h"

enum { SEEDS = 5, SOME_SEEDS = 3, MS = 1000, S = 1000 * 1000 };

/* A browser that sends 800 kbit/s of picture and 32 of speech whatever it is told: its speech goes
 * through and the link's queue stays short, on any link that carries speech at all; the picture is
 * single ones once the link carries a key frame of 20 kB within the pacer's 2.5 s. */
static void test_sender_that_ignores_every_hint(void **state)
{
    (void)state;
    static const uint32_t rates_bps[] = {45000, 80000, 160000, 320000, 640000};
    for (unsigned i = 0; i < G_N_ELEMENTS(rates_bps); i++) {
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            SimSetup setup = sim_scenario_steady(rates_bps[i]);
            SimFigures figures;
            setup.ignores_hints = true;
            sim_scenario_measure(&setup, seed, 10 * S, 130 * S, &figures);
            assert_at_most(figures.concealed, 0.01);
            assert_at_most(figures.gap_us, 200 * MS);
            assert_at_most(figures.own_loss, 0);
            assert_at_most(figures.queue_p95_us, 350 * MS);
            assert_at_least(figures.target_bps, rates_bps[i] * 0.85);
            assert_at_most(figures.target.high_bps, rates_bps[i] * 1.1);
            if (rates_bps[i] >= 160000)
                assert_at_least(figures.fps, 0.4);
        }
    }
}

/* While it lies a receiver harms itself at most: what goes out stays within the target and its
 * repairs, and within what there is to send; speech goes on. Half a minute after it began to tell
 * the truth the link is used again. */
static void test_lying_feedback(void **state)
{
    (void)state;
    static const uint32_t rates_bps[] = {300000, 2000000};
    static const uint32_t wanted_bps = 600000;
    for (SimLie lie = SIM_TRUTH; lie < SIM_LIES; lie++) {
        for (unsigned i = 0; i < 2 * SOME_SEEDS; i++) {
            SimSetup setup = sim_scenario_steady(rates_bps[i % 2]);
            SimFigures figures;
            setup.lie = lie;
            setup.lie_until_us = 60 * S;
            setup.wanted_bps = wanted_bps;
            setup.seed = i / 2 + 1;
            g_autoptr(SimCall) call = sim_call_new(&setup);
            sim_call_run(call, 10 * S);
            sim_call_measure(call, &figures);
            sim_call_run(call, 60 * S);
            sim_call_measure(call, &figures);
            /* media/rate/send_rate.h: 1.2 of what there is to send, 60 kbit/s of it speech. */
            assert_at_most(figures.target.high_bps, (wanted_bps + 60000) * 1.2 + 1);
            assert_at_most(figures.sent_bps, figures.target_bps * 1.25 + 10000);
            assert_at_most(figures.concealed, 0.10);
            sim_call_run(call, 90 * S);
            sim_call_measure(call, &figures);
            sim_call_run(call, 120 * S);
            sim_call_measure(call, &figures);
            assert_at_least(figures.target_bps, MIN(rates_bps[i % 2], wanted_bps) * 0.85);
            assert_at_most(figures.own_loss, 0.01);
            assert_at_least(figures.fps, 4);
        }
    }
}

/* The receiver's clock jumps by up to half a minute, every few seconds: nothing is taken for room
 * that is not there (561 of 300 kbit/s once, when it went back within a probe), and speech goes on.
 */
static void test_jumping_clock(void **state)
{
    (void)state;
    SimSetup setup = sim_scenario_steady(300000);
    setup.lie = SIM_LIE_JUMPS;
    for (uint64_t seed = 1; seed <= 2 * SEEDS; seed++) {
        SimFigures figures;
        sim_scenario_measure(&setup, seed, 10 * S, 80 * S, &figures);
        assert_at_most(figures.target.high_bps, 330000);
        assert_at_most(figures.own_loss, 0.001);
        assert_at_most(figures.queue_p95_us, 200 * MS);
        assert_at_most(figures.gap_us, 200 * MS);
    }
}

/* A receiver that never tells anything gets less and less. */
static void test_no_feedback(void **state)
{
    (void)state;
    SimSetup setup = sim_scenario_steady(300000);
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
        cmocka_unit_test(test_sender_that_ignores_every_hint),
        cmocka_unit_test(test_lying_feedback),
        cmocka_unit_test(test_jumping_clock),
        cmocka_unit_test(test_no_feedback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
