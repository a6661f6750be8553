// SPDX-License-Identifier: Apache-2.0
/* The links that the rate control is tried on: each with a schedule and the span that counts. */
#pragma once
#include "tests/sim/sim_call.h"

typedef struct {
    const char *name;
    const char *what;
    SimSetup setup;
    double from_s; /* figures are taken from here */
    double until_s;
} SimScenario;

/** All of them, in the order of the table; *RET_N their number. */
const SimScenario *sim_scenarios(unsigned *ret_n);
/** NULL: no such one. */
const SimScenario *sim_scenario(const char *name);
/** Runs NAME (which exists) with SEED and takes its figures. */
void sim_scenario_run(const char *name, uint64_t seed, SimFigures *ret_figures);
/** A link of one rate, 75 ms each way, a queue of 500 ms. */
SimSetup sim_scenario_steady(uint32_t rate_bps);
/** A call of SETUP with SEED, measured between two moments. */
void sim_scenario_measure(const SimSetup *setup, uint64_t seed, int64_t from_us, int64_t until_us,
                          SimFigures *ret_figures);
/** The same call at its beginning. */
SimCall *sim_scenario_begin(const char *name, uint64_t seed);
