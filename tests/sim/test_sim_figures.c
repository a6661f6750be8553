// SPDX-License-Identifier: Apache-2.0
// What the rate control must reach on virtual links: figures, each over several seeds.
#include "tests/sim/sim_assert.h"
#include "tests/sim/sim_scenario.h"

enum { SEEDS = 5, MANY_SEEDS = 9, MS = 1000, S = 1000 * 1000 };

static void test_steady_links_are_used(void **state)
{
    (void)state;
    static const char *const names[] = {"steady-60", "steady-100", "steady-150", "steady-300",
                                        "steady-500"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            SimFigures figures;
            sim_scenario_run(names[i], seed, &figures);
            assert_at_least(figures.use, 0.80);
            assert_at_most(figures.own_loss, 0.01);
            assert_at_most(figures.feedback, 0.05);
            assert_at_most(figures.queue_p95_us, 200 * MS); /* 160 ms are one packet at 60 */
            assert_at_most(figures.n_pauses, 0);
        }
    }
}

/* From the fall on: 1.5 s later no more is sent than 95 % of the link, 3 s later the queue is
 * short. */
static void test_fall_from_300_to_100(void **state)
{
    (void)state;
    double sent = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        g_autoptr(SimCall) call = sim_scenario_begin("300-100", seed);
        SimFigures figures;
        sim_call_run(call, 41500 * MS);
        sim_call_measure(call, &figures);
        sim_call_run(call, 43000 * MS);
        sim_call_measure(call, &figures);
        assert_at_most(figures.sent_bps, 95000);
        sent += figures.sent_bps;
        sim_call_run(call, 63000 * MS);
        sim_call_measure(call, &figures);
        assert_at_most(figures.queue_p95_us, 250 * MS);
        assert_at_most(figures.own_loss, 0.01);
    }
    assert_at_least(sent, SEEDS * 20000);
}

static void test_rise_from_100_to_300(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        SimFigures figures;
        sim_scenario_run("100-300", seed, &figures);
        assert_at_least(figures.use, 0.80);
    }
}

/* 30 kbit/s each way, 200 ms of round trip, 2 % loss: 26 kbit/s at most. Two copies would take
 * more; repairs come late as often as not, so that the link's own loss is what is concealed. */
static void test_speech_on_30_kbit(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= MANY_SEEDS; seed++) {
        SimFigures figures;
        sim_scenario_run("audio-30", seed, &figures);
        assert_at_most(figures.sent_bps, 26000);
        assert_at_most(figures.own_loss, 0);
        assert_at_most(figures.concealed, 0.025);
        assert_at_most(figures.gap_us, 400 * MS);
        /* A browser tells four times a second, 72 bytes each (libwebrtc's longest interval). */
        assert_at_most(figures.feedback, 0.08);
    }
}

static void test_speech_with_loss(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= MANY_SEEDS; seed++) {
        SimFigures figures;
        sim_scenario_run("loss-10", seed, &figures);
        assert_at_most(figures.concealed, 0.02);
        assert_at_most(figures.own_loss, 0.01);
        sim_scenario_run("loss-20", seed, &figures);
        assert_at_most(figures.concealed, 0.05);
        assert_at_most(figures.own_loss, 0.01);
    }
}

/* 64 kbit/s, 5 % loss, 100 ms of jitter, 5 minutes. */
static void test_no_long_gap_in_speech(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= MANY_SEEDS; seed++) {
        SimFigures figures;
        sim_scenario_run("audio-64", seed, &figures);
        assert_at_most(figures.gap_us, 400 * MS);
        assert_at_most(figures.concealed, 0.02);
    }
}

/* The figure above sees a gap: 0.6 s without a link. */
static void test_a_gap_in_speech_is_seen(void **state)
{
    (void)state;
    SimSetup setup = sim_scenario("audio-64")->setup;
    SimFigures figures;
    setup.down.steps[1] = (SimLinkStep){30 * S, 0, 0, 0};
    setup.down.steps[2] = (SimLinkStep){30 * S + 600 * MS, 64000, 0, 0};
    sim_scenario_measure(&setup, 1, 10 * S, 60 * S, &figures);
    assert_at_least(figures.gap_us, 400 * MS);
    assert_at_most(figures.gap_us, 900 * MS);
}

/* 150 kbit/s and 2 % loss, 5 minutes: one freeze in the median of nine calls. */
static void test_few_freezes_with_loss(void **state)
{
    (void)state;
    unsigned n_good = 0;
    for (uint64_t seed = 1; seed <= MANY_SEEDS; seed++) {
        SimFigures figures;
        sim_scenario_run("loss-150", seed, &figures);
        assert_at_least(figures.use, 0.80);
        assert_at_most(figures.n_freezes, 4);
        assert_at_most(figures.longest_freeze_us, 1500 * MS);
        assert_at_most(figures.n_pauses, 0);
        n_good += figures.n_freezes <= 1;
    }
    assert_at_least(n_good, MANY_SEEDS / 2 + 1);
}

static void test_bursts_of_loss_do_not_starve(void **state)
{
    (void)state;
    double fps = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        SimFigures figures;
        sim_scenario_run("lossy", seed, &figures);
        assert_at_least(figures.use, 0.80);
        assert_at_most(figures.own_loss, 0.01);
        fps += figures.fps / SEEDS;
    }
    assert_at_least(fps, 12);
}

/* The first 3 s of a call fit a thin link. */
static void test_beginnings_fit(void **state)
{
    (void)state;
    static const char *const names[] = {"edge", "weak"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            SimFigures figures;
            g_autoptr(SimCall) call = sim_scenario_begin(names[i], seed);
            sim_call_run(call, 3 * S);
            sim_call_measure(call, &figures);
            assert_at_most(figures.sent_bps, sim_call_link_bps(call));
            assert_at_most(figures.own_loss, 0);
        }
    }
}

/* Sound 0.8 s, picture 2 s after 4 s without a link; half of the rate at once. */
static void test_outage(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        g_autoptr(SimCall) call = sim_scenario_begin("outage", seed);
        SendRateView before, after;
        sim_call_run(call, 29 * S);
        send_rate_view(sim_call_rate(call), &before);
        sim_call_run(call, 34 * S - 100 * MS);
        send_rate_view(sim_call_rate(call), &after);
        assert_true(after.blackout);
        assert_at_most(after.target_bps, before.target_bps / 2);
        sim_call_run(call, 34800 * MS);
        assert_at_least(sim_call_heard_us(call), 34 * S);
        send_rate_view(sim_call_rate(call), &after);
        assert_false(after.blackout);
        assert_at_least(after.target_bps, before.target_bps * 0.48);
        sim_call_run(call, 36 * S);
        assert_at_least(sim_call_seen_us(call), 34 * S);
    }
}

/* 2000 to 150 kbit/s with 30000 bytes of queue: from four seconds after it most of the link is used
 * again, nothing more is lost, and no queue stands. */
static void test_drop(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        SimFigures figures;
        sim_scenario_run("drop", seed, &figures);
        assert_at_least(figures.use, 0.6);
        assert_at_most(figures.own_loss, 0.01);
        assert_at_most(figures.queue_p95_us, 300 * MS);
    }
}

static void test_good_links_are_not_held_back(void **state)
{
    (void)state;
    static const char *const names[] = {"good", "4g"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        SimFigures figures;
        sim_scenario_run(names[i], 1, &figures);
        assert_at_least(figures.sent_bps, 1400000);
        assert_int_equal(figures.n_freezes, 0);
        assert_at_most(figures.own_loss, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steady_links_are_used),
        cmocka_unit_test(test_fall_from_300_to_100),
        cmocka_unit_test(test_rise_from_100_to_300),
        cmocka_unit_test(test_speech_on_30_kbit),
        cmocka_unit_test(test_speech_with_loss),
        cmocka_unit_test(test_no_long_gap_in_speech),
        cmocka_unit_test(test_a_gap_in_speech_is_seen),
        cmocka_unit_test(test_few_freezes_with_loss),
        cmocka_unit_test(test_bursts_of_loss_do_not_starve),
        cmocka_unit_test(test_beginnings_fit),
        cmocka_unit_test(test_outage),
        cmocka_unit_test(test_drop),
        cmocka_unit_test(test_good_links_are_not_held_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
