// SPDX-License-Identifier: Apache-2.0
/* Links that are near and thin: an answer comes soon, and says nothing of the rate. What begins
 * sooner for it (media/rate/fast_path.h) is held against the same link just too long for that. */
#include <glib.h>

#include "tests/sim/sim_assert.h"
#include "tests/sim/sim_scenario.h"
#include "tests/sim/sim_uplinks.h"

enum { SEEDS = 5, MS = 1000, S = 1000 * 1000, NEAR_US = 20 * MS, FAR_US = 65 * MS };

static const uint32_t rates_bps[] = {30000, 45000, 60000, 100000, 200000};

typedef struct {
    double sent, own_loss; /* of what the link carries in the first three seconds, of the packets */
    int64_t queue_p95_us;
} Beginning;

static Beginning towards(uint32_t rate_bps, int64_t delay_us, uint64_t seed)
{
    SimSetup setup = sim_scenario_steady(rate_bps);
    setup.down.delay_us = setup.up.delay_us = delay_us;
    SimFigures figures;
    sim_scenario_measure(&setup, seed, 0, 3 * S, &figures);
    return (Beginning){figures.sent_bps / (double)rate_bps, figures.own_loss, figures.queue_p95_us};
}

static Beginning from(uint32_t rate_bps, int64_t delay_us, uint64_t seed)
{
    SimPublisherSetup setup = sim_uplink("steady-60")->setup;
    setup.up.steps[0].rate_bps = rate_bps;
    setup.up.delay_us = setup.down.delay_us = delay_us;
    setup.seed = seed;
    g_autoptr(SimPublisher) publisher = sim_publisher_new(&setup);
    SimPublisherFigures figures;
    sim_publisher_run(publisher, 3 * S);
    sim_publisher_measure(publisher, &figures);
    return (Beginning){figures.sent_bps / (double)rate_bps, figures.own_loss, figures.queue_p95_us};
}

static void assert_no_flood(Beginning (*begin)(uint32_t, int64_t, uint64_t))
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rates_bps) * SEEDS; i++) {
        uint32_t rate_bps = rates_bps[i / SEEDS];
        Beginning near = begin(rate_bps, NEAR_US, i % SEEDS + 1);
        Beginning far = begin(rate_bps, FAR_US, i % SEEDS + 1);
        assert_at_most(near.sent, far.sent + 0.12);
        assert_at_most(near.own_loss, far.own_loss + 0.02);
        assert_at_most(near.queue_p95_us, far.queue_p95_us + 40 * MS);
        /* Under that sound alone, before its sender has heard to send less, is more. */
        if (rate_bps >= 60000)
            assert_at_most(near.sent, 1);
    }
}

static void test_to_a_near_receiver(void **state)
{
    (void)state;
    assert_no_flood(towards);
}

static void test_from_a_near_sender(void **state)
{
    (void)state;
    assert_no_flood(from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_to_a_near_receiver),
        cmocka_unit_test(test_from_a_near_sender),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
