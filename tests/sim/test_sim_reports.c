// SPDX-License-Identifier: Apache-2.0
/* Receivers that no probe can be sent to: reports alone tell of them, each second or each few
 * (RFC 3550, 6.2), or they tell all but take no padding. A link that is free is found soon, a thin
 * one is not flooded on the way. */
#include <glib.h>

#include "tests/sim/sim_assert.h"
#include "tests/sim/sim_scenario.h"

enum { SEEDS = 3, MS = 1000, S = 1000 * 1000, UNPADDED = 0 };

static const int64_t delays_us[] = {20 * MS, 75 * MS, 300 * MS};

/* A report each REPORT_US; UNPADDED: feedback. */
static SimSetup unprobed(uint32_t rate_bps, int64_t delay_us, int64_t report_us)
{
    SimSetup setup = sim_scenario_steady(rate_bps);
    setup.no_numbers = report_us != UNPADDED;
    setup.takes_no_padding = true;
    setup.report_us = report_us;
    setup.wanted_bps = 600 * 1000;
    setup.down.delay_us = setup.up.delay_us = delay_us;
    return setup;
}

/* When the target first reached BPS; INT64_MAX: not within UNTIL_US. */
static int64_t reached_us(const SimSetup *setup, uint32_t bps, int64_t until_us)
{
    g_autoptr(SimCall) call = sim_call_new(setup);
    while (sim_call_now_us(call) < until_us) {
        SendRateView view;
        sim_call_run(call, sim_call_now_us(call) + 100 * MS);
        send_rate_view(sim_call_rate(call), &view);
        if (view.target_bps >= bps)
            return sim_call_now_us(call);
    }
    return INT64_MAX;
}

/* Half a picture of 720 lines, and most of it. */
static void test_a_free_link_is_found(void **state)
{
    (void)state;
    static const struct {
        int64_t report_us, found_us, half_us;
    } rows[] = {{UNPADDED, 11 * S, 9 * S}, {1000 * MS, 11 * S, 9 * S}, {2500 * MS, 20 * S, 14 * S}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows) * G_N_ELEMENTS(delays_us); i++) {
        int64_t delay_us = delays_us[i % G_N_ELEMENTS(delays_us)];
        unsigned row = i / G_N_ELEMENTS(delays_us);
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            SimSetup setup = unprobed(3000 * 1000, delay_us, rows[row].report_us);
            setup.seed = seed;
            assert_at_most(reached_us(&setup, 300 * 1000, 60 * S), rows[row].half_us);
            assert_at_most(reached_us(&setup, 480 * 1000, 60 * S), rows[row].found_us);
            setup.down.loss = 0.03; /* of the link's own is no queue */
            assert_at_most(reached_us(&setup, 300 * 1000, 60 * S), rows[row].half_us + 4 * S);
        }
    }
}

/* From 60 kbit/s on the first three seconds fit, whoever reports how often; on no link does the
 * search for more lose a quarter of what is sent. */
static void test_a_thin_link_is_not_flooded(void **state)
{
    (void)state;
    static const uint32_t rates_bps[] = {60000, 100000, 150000, 200000, 300000};
    static const int64_t reports_us[] = {UNPADDED, 300 * MS, 1000 * MS, 5000 * MS};
    for (unsigned i = 0; i < G_N_ELEMENTS(rates_bps) * G_N_ELEMENTS(delays_us); i++) {
        uint32_t rate_bps = rates_bps[i % G_N_ELEMENTS(rates_bps)];
        int64_t delay_us = delays_us[i / G_N_ELEMENTS(rates_bps)];
        for (unsigned k = 0; k < G_N_ELEMENTS(reports_us); k++) {
            SimFigures figures;
            SimSetup setup = unprobed(rate_bps, delay_us, reports_us[k]);
            setup.seed = k + 1;
            g_autoptr(SimCall) call = sim_call_new(&setup);
            sim_call_run(call, 3 * S);
            sim_call_measure(call, &figures);
            assert_at_most(figures.sent_bps, rate_bps);
            assert_at_most(figures.own_loss, 0.02);
            sim_call_run(call, 20 * S);
            sim_call_measure(call, &figures);
            assert_at_most(figures.own_loss, 0.25);
        }
    }
}

enum { OUTAGE_FROM_US = 60 * S, WATCHED_US = 60 * S };

/* Both ways of SETUP's link carry nothing for so long. */
static SimSetup with_outage(SimSetup setup, int64_t outage_us)
{
    SimLinkProfile *links[] = {&setup.down, &setup.up};
    for (unsigned i = 0; i < G_N_ELEMENTS(links); i++) {
        links[i]->steps[1].from_us = OUTAGE_FROM_US;
        links[i]->steps[2] = (SimLinkStep){.from_us = OUTAGE_FROM_US + outage_us,
                                           .rate_bps = links[i]->steps[0].rate_bps};
    }
    return setup;
}

/* How long after FROM_US the target was last under nine tenths of what it was before the outage. */
static int64_t back_us(const SimSetup *setup, int64_t from_us)
{
    SendRateView before;
    int64_t back_us = 0;
    g_autoptr(SimCall) call = sim_call_new(setup);
    sim_call_run(call, OUTAGE_FROM_US);
    send_rate_view(sim_call_rate(call), &before);
    assert_at_least(before.target_bps, 600000);
    sim_call_run(call, from_us);
    while (sim_call_now_us(call) < from_us + WATCHED_US) {
        SendRateView view;
        sim_call_run(call, sim_call_now_us(call) + 100 * MS);
        send_rate_view(sim_call_rate(call), &view);
        if (view.target_bps < before.target_bps / 10 * 9)
            back_us = sim_call_now_us(call) - from_us;
    }
    return back_us;
}

/* What an outage takes is not lost by the rate: after two or three reports all is as before. */
static void test_after_an_outage(void **state)
{
    (void)state;
    static const struct {
        int64_t report_us, back_us;
    } rows[] = {
        {UNPADDED, 5 * S}, {300 * MS, 5 * S}, {1 * S, 8 * S}, {2500 * MS, 9 * S}, {5 * S, 15 * S}};
    static const int64_t outages_us[] = {4 * S, 6 * S, 12 * S};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows) * G_N_ELEMENTS(outages_us); i++) {
        int64_t outage_us = outages_us[i % G_N_ELEMENTS(outages_us)];
        unsigned row = i / G_N_ELEMENTS(outages_us);
        for (unsigned k = 0; k < SEEDS * G_N_ELEMENTS(delays_us); k++) {
            SimSetup setup = with_outage(
                unprobed(3000 * 1000, delays_us[k / SEEDS], rows[row].report_us), outage_us);
            setup.seed = k % SEEDS + 1;
            assert_at_most(back_us(&setup, OUTAGE_FROM_US + outage_us), rows[row].back_us);
        }
    }
}

/* And a thin link is not flooded anew to find what it carries: half a minute loses no more than any
 * other one. */
static void test_after_an_outage_of_a_thin_link(void **state)
{
    (void)state;
    static const uint32_t rates_bps[] = {60000, 100000, 150000, 300000};
    static const struct {
        int64_t report_us;
        double lost;
    } rows[] = {
        {UNPADDED, 0.01}, {300 * MS, 0.14}, {1 * S, 0.18}, {2500 * MS, 0.12}, {5 * S, 0.12}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rates_bps) * G_N_ELEMENTS(rows); i++) {
        uint32_t rate_bps = rates_bps[i / G_N_ELEMENTS(rows)];
        unsigned row = i % G_N_ELEMENTS(rows);
        for (unsigned k = 0; k < SEEDS * G_N_ELEMENTS(delays_us); k++) {
            SimFigures figures;
            SimSetup setup =
                with_outage(unprobed(rate_bps, delays_us[k / SEEDS], rows[row].report_us), 6 * S);
            sim_scenario_measure(&setup, k % SEEDS + 1, OUTAGE_FROM_US + 6 * S,
                                 OUTAGE_FROM_US + 36 * S, &figures);
            assert_at_most(figures.own_loss, rows[row].lost);
        }
    }
}

/* A path that became longer looks like a queue, while which nothing is added: not for ever, and not
 * longer because its reports are rare. Then a report adds 5 %, of which 100 to 300 kbit/s takes 23.
 */
static void test_a_longer_path_is_believed(void **state)
{
    (void)state;
    static const struct {
        int64_t report_us, found_us;
    } rows[] = {{300 * MS, 60 * S}, {1 * S, 42 * S}, {2500 * MS, 92 * S}, {5 * S, 185 * S}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows) * G_N_ELEMENTS(delays_us); i++) {
        unsigned row = i / G_N_ELEMENTS(delays_us);
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            SimSetup setup =
                unprobed(100 * 1000, delays_us[i % G_N_ELEMENTS(delays_us)], rows[row].report_us);
            setup.down.steps[1] =
                (SimLinkStep){.from_us = 40 * S, .rate_bps = 3000 * 1000, .longer_us = 300 * MS};
            setup.seed = seed;
            assert_at_most(reached_us(&setup, 300 * 1000, 300 * S) - 40 * S, rows[row].found_us);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_free_link_is_found),
        cmocka_unit_test(test_a_thin_link_is_not_flooded),
        cmocka_unit_test(test_after_an_outage),
        cmocka_unit_test(test_after_an_outage_of_a_thin_link),
        cmocka_unit_test(test_a_longer_path_is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
