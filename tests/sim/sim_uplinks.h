// SPDX-License-Identifier: Apache-2.0
/* The links that what holds a sender back is tried on: each with a schedule and the span that
 * counts.
 */
#pragma once
#include "tests/sim/sim_publisher.h"

typedef struct {
    const char *name;
    const char *what;
    SimPublisherSetup setup;
    double from_s; /* figures are taken from here */
    double until_s;
} SimUplink;

/** All of them, in the order of the table; *RET_N their number. */
const SimUplink *sim_uplinks(unsigned *ret_n);
/** NAME exists. */
const SimUplink *sim_uplink(const char *name);
/** Runs NAME with SEED and takes its figures. */
void sim_uplink_run(const char *name, uint64_t seed, SimPublisherFigures *ret_figures);
/** The same call at its beginning. */
SimPublisher *sim_uplink_begin(const char *name, uint64_t seed);
