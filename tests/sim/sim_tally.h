// SPDX-License-Identifier: Apache-2.0
/* What a virtual call adds up between two measurements, and the figures of it. Plain value; begin
 * with sim_tally_begin(). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SIM_QUEUE_BINS = 400, /* of 5 ms */
    SIM_TARGET_BINS = 700 /* each 1 % above the one before, from 10 kbit/s */
};

typedef struct {
    int64_t from_us;
    uint64_t bytes, arrived_bytes, padding_bytes;
    uint64_t link_bits;
    uint64_t n_packets, n_dropped;
    uint64_t target_sum, n_views;
    uint32_t target_low, target_high;
    uint32_t targets[SIM_TARGET_BINS];
    uint32_t queue[SIM_QUEUE_BINS];
    int64_t n_pauses, n_returns, n_steps;
} SimTally;

/** Of a rate over time. */
typedef struct {
    uint32_t low_bps, p5_bps, p95_bps, high_bps;
} SimSpread;

void sim_tally_begin(SimTally *tally, int64_t now_us);
void sim_tally_on_target(SimTally *tally, uint32_t target_bps);
/** A packet meets this queue. */
void sim_tally_on_queue(SimTally *tally, int64_t queue_us);
SimSpread sim_tally_spread(const SimTally *tally);
/** What SHARE of the packets met at most. */
int64_t sim_tally_queue_us(const SimTally *tally, double share);
