// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_scenario.h"

#include <string.h>

enum { MS = 1000, S = 1000 * 1000 };

/* Feedback crosses the other half of the same link with the publisher's media taking most of it. */
#define UP(delay_ms, loss_share)                                                                   \
    {                                                                                              \
        .steps = {{0, 100000, 0, 0}}, .delay_us = (delay_ms)*MS, .queue_us = 500 * MS,             \
        .loss = (loss_share)                                                                       \
    }
/* One rate. */
#define LINK(kbps, delay_ms, queue_ms, loss_share)                                                 \
    {                                                                                              \
        .steps = {{0, (kbps)*1000, 0, 0}}, .delay_us = (delay_ms)*MS, .queue_us = (queue_ms)*MS,   \
        .loss = (loss_share)                                                                       \
    }

static const SimScenario scenarios[] = {
    {"steady-60", "60 kbit/s", {.down = LINK(60, 75, 500, 0), .up = UP(75, 0)}, 10, 130},
    {"steady-100", "100 kbit/s", {.down = LINK(100, 75, 500, 0), .up = UP(75, 0)}, 10, 130},
    {"steady-150", "150 kbit/s", {.down = LINK(150, 75, 500, 0), .up = UP(75, 0)}, 10, 130},
    {"steady-300", "300 kbit/s", {.down = LINK(300, 75, 500, 0), .up = UP(75, 0)}, 10, 130},
    {"steady-500", "500 kbit/s", {.down = LINK(500, 75, 500, 0), .up = UP(75, 0)}, 10, 130},
    {"audio-30",
     "30 kbit/s, 200 ms RTT, 2 % loss",
     {.down = LINK(30, 100, 500, 0.02), .up = UP(100, 0.02)},
     10,
     130},
    {"loss-150",
     "150 kbit/s, 2 % loss",
     {.down = LINK(150, 75, 500, 0.02), .up = UP(75, 0.02)},
     10,
     310},
    {"300-100",
     "300, from 40 s on 100 kbit/s: from 3 s after it",
     {.down = {.steps = {{0, 300000, 0, 0}, {40 * S, 100000, 0, 0}},
               .delay_us = 75 * MS,
               .queue_us = 500 * MS},
      .up = UP(75, 0)},
     43,
     73},
    {"100-300",
     "100, from 40 s on 300 kbit/s: from 8 s after it",
     {.down = {.steps = {{0, 100000, 0, 0}, {40 * S, 300000, 0, 0}},
               .delay_us = 75 * MS,
               .queue_us = 500 * MS},
      .up = UP(75, 0)},
     48,
     58},
    {"audio-64",
     "64 kbit/s, 5 % loss, 100 ms jitter",
     {.down = {.steps = {{0, 64000, 0, 0}},
               .delay_us = 75 * MS,
               .queue_us = 500 * MS,
               .jitter_us = 100 * MS,
               .loss = 0.05},
      .up = UP(75, 0.05)},
     10,
     310},
    {"loss-10",
     "64 kbit/s, 10 % loss",
     {.down = LINK(64, 75, 500, 0.10), .up = UP(75, 0.10)},
     10,
     130},
    {"loss-20",
     "64 kbit/s, 20 % loss",
     {.down = LINK(64, 75, 500, 0.20), .up = UP(75, 0.20)},
     10,
     130},
    {"edge",
     "100 kbit/s, 250 ms, 2 %",
     {.down = LINK(100, 250, 800, 0.02), .up = UP(250, 0.02)},
     10,
     75},
    {"weak",
     "60 kbit/s, 300 ms, 5 %",
     {.down = LINK(60, 300, 800, 0.05), .up = UP(300, 0.05)},
     10,
     75},
    {"lossy",
     "500 kbit/s, 10 % loss in bursts of 4",
     {.down = {.steps = {{0, 500000, 0, 0}},
               .delay_us = 80 * MS,
               .queue_us = 300 * MS,
               .loss = 0.10,
               .burst = 4},
      .up = UP(80, 0.10)},
     15,
     315},
    {"loss-begins",
     "2000 kbit/s, from 40 s on 10 % loss: from then on",
     {.down = {.steps = {{0, 2000000, 0, 0}, {40 * S, 2000000, 0, 0.10}},
               .delay_us = 40 * MS,
               .queue_us = 200 * MS},
      .up = UP(40, 0)},
     40,
     70},
    {"loss-after-outage",
     "2000 kbit/s, nothing from 30 to 34 s, from 40 s on 10 % loss: from then on",
     {.down = {.steps = {{0, 2000000, 0, 0},
                         {30 * S, 0, 0, 0},
                         {34 * S, 2000000, 0, 0},
                         {40 * S, 2000000, 0, 0.10}},
               .delay_us = 40 * MS,
               .queue_us = 200 * MS},
      .up = UP(40, 0)},
     40,
     70},
    {"3g",
     "400 kbit/s, 100 ms, 1 %",
     {.down = LINK(400, 100, 400, 0.01), .up = UP(100, 0.01)},
     10,
     75},
    {"vsat",
     "512 kbit/s, 300 ms, 1 %",
     {.down = LINK(512, 300, 500, 0.01), .up = UP(300, 0.01)},
     10,
     75},
    {"4g",
     "2 Mbit/s, 40 ms, 0.5 %",
     {.down = LINK(2000, 40, 200, 0.005), .up = UP(40, 0.005)},
     10,
     75},
    {"good", "20 Mbit/s", {.down = LINK(20000, 10, 100, 0), .up = UP(10, 0)}, 10, 75},
    {"jitter",
     "300 kbit/s, 100 ms jitter",
     {.down = {.steps = {{0, 300000, 0, 0}},
               .delay_us = 75 * MS,
               .queue_us = 500 * MS,
               .jitter_us = 100 * MS},
      .up = UP(75, 0)},
     15,
     315},
    {"shallow",
     "300 kbit/s, a queue of 100 ms",
     {.down = LINK(300, 50, 100, 0), .up = UP(50, 0)},
     10,
     130},
    {"resume",
     "20, from 40 s on 300 kbit/s: from 20 s after it",
     {.down = {.steps = {{0, 20000, 0, 0}, {40 * S, 300000, 0, 0}},
               .delay_us = 75 * MS,
               .queue_us = 500 * MS},
      .up = UP(75, 0)},
     60,
     90},
    {"flap-40", "40 kbit/s", {.down = LINK(40, 75, 500, 0), .up = UP(75, 0)}, 10, 310},
    {"flap-50", "50 kbit/s", {.down = LINK(50, 75, 500, 0), .up = UP(75, 0)}, 10, 310},
    {"flap-65", "65 kbit/s", {.down = LINK(65, 75, 500, 0), .up = UP(75, 0)}, 10, 310},
    {"flap-80", "80 kbit/s", {.down = LINK(80, 75, 500, 0), .up = UP(75, 0)}, 10, 310},
    {"publisher",
     "300 kbit/s, a tenth of sound and picture is lost before, for good",
     {.down = LINK(300, 75, 500, 0), .up = UP(75, 0), .publisher_loss = 0.10},
     10,
     130},
    {"longer",
     "300 kbit/s, from 40 s on 150 ms longer: from 10 s after it",
     {.down = {.steps = {{0, 300000, 0, 0}, {40 * S, 300000, 150 * MS, 0}},
               .delay_us = 50 * MS,
               .queue_us = 500 * MS},
      .up = UP(50, 0)},
     50,
     80},
    {"drop",
     "2000, from 20 s on 150, from 50 s on 1000 kbit/s, 30000 bytes: 4 s after the drop",
     {.down = {.steps = {{0, 2000000, 0, 0}, {20 * S, 150000, 0, 0}, {50 * S, 1000000, 0, 0}},
               .delay_us = 40 * MS,
               .queue_bytes = 30000},
      .up = UP(40, 0)},
     24,
     50},
    {"outage",
     "2000 kbit/s, nothing from 30 to 34 s: from 4 s after it",
     {.down = {.steps = {{0, 2000000, 0, 0}, {30 * S, 0, 0, 0}, {34 * S, 2000000, 0, 0}},
               .delay_us = 40 * MS,
               .queue_us = 200 * MS},
      .up = UP(40, 0)},
     38,
     68},
    {"remembered-wrong",
     "60 kbit/s, 400 remembered",
     {.down = LINK(60, 100, 800, 0), .up = UP(100, 0), .start_bps = 400000},
     5,
     65},
};

const SimScenario *sim_scenarios(unsigned *ret_n)
{
    *ret_n = G_N_ELEMENTS(scenarios);
    return scenarios;
}

const SimScenario *sim_scenario(const char *name)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(scenarios); i++) {
        if (strcmp(scenarios[i].name, name) == 0)
            return &scenarios[i];
    }
    return NULL;
}

SimCall *sim_scenario_begin(const char *name, uint64_t seed)
{
    const SimScenario *scenario = sim_scenario(name);
    g_assert(scenario);
    SimSetup setup = scenario->setup;
    setup.seed = seed;
    return sim_call_new(&setup);
}

void sim_scenario_run(const char *name, uint64_t seed, SimFigures *ret_figures)
{
    const SimScenario *scenario = sim_scenario(name);
    g_autoptr(SimCall) call = sim_scenario_begin(name, seed);
    sim_call_run(call, (int64_t)(scenario->from_s * S));
    sim_call_measure(call, ret_figures);
    sim_call_run(call, (int64_t)(scenario->until_s * S));
    sim_call_measure(call, ret_figures);
}

SimSetup sim_scenario_steady(uint32_t rate_bps)
{
    SimSetup setup = sim_scenario("steady-300")->setup;
    setup.down.steps[0].rate_bps = rate_bps;
    return setup;
}

void sim_scenario_measure(const SimSetup *setup, uint64_t seed, int64_t from_us, int64_t until_us,
                          SimFigures *ret_figures)
{
    SimSetup seeded = *setup;
    seeded.seed = seed;
    g_autoptr(SimCall) call = sim_call_new(&seeded);
    sim_call_run(call, from_us);
    sim_call_measure(call, ret_figures);
    sim_call_run(call, until_us);
    sim_call_measure(call, ret_figures);
}
