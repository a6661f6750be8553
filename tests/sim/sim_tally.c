// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_tally.h"

#include <glib.h>
#include <math.h>

enum { QUEUE_BIN_US = 5 * 1000 };
static const double TARGET_FIRST_BPS = 10000;
static const double TARGET_BIN = 1.01;

void sim_tally_begin(SimTally *tally, int64_t now_us)
{
    *tally = (SimTally){.from_us = now_us, .target_low = UINT32_MAX};
}

void sim_tally_on_target(SimTally *tally, uint32_t target_bps)
{
    double bin = log(MAX(target_bps / TARGET_FIRST_BPS, 1)) / log(TARGET_BIN);
    tally->targets[MIN((unsigned)bin, SIM_TARGET_BINS - 1)]++;
    tally->target_sum += target_bps;
    tally->n_views++;
    tally->target_low = MIN(tally->target_low, target_bps);
    tally->target_high = MAX(tally->target_high, target_bps);
}

void sim_tally_on_queue(SimTally *tally, int64_t queue_us)
{
    tally->queue[MIN(queue_us / QUEUE_BIN_US, SIM_QUEUE_BINS - 1)]++;
    tally->n_packets++;
}

/* The first of N bins at which SHARE of all is reached. */
static unsigned bin_of(const uint32_t *bins, unsigned n, uint64_t all, double share)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < n; i++) {
        sum += bins[i];
        if ((double)sum >= share * (double)all)
            return i;
    }
    return n - 1;
}

static uint32_t target_of(const SimTally *tally, double share)
{
    unsigned bin = bin_of(tally->targets, SIM_TARGET_BINS, tally->n_views, share);
    return (uint32_t)(TARGET_FIRST_BPS * pow(TARGET_BIN, bin));
}

SimSpread sim_tally_spread(const SimTally *tally)
{
    return (SimSpread){
        .low_bps = tally->target_low,
        .p5_bps = target_of(tally, 0.05),
        .p95_bps = target_of(tally, 0.95),
        .high_bps = tally->target_high,
    };
}

int64_t sim_tally_queue_us(const SimTally *tally, double share)
{
    return (int64_t)bin_of(tally->queue, SIM_QUEUE_BINS, tally->n_packets, share) * QUEUE_BIN_US;
}
