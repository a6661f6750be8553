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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_free_link_is_found),
        cmocka_unit_test(test_a_thin_link_is_not_flooded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
