// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_uplinks.h"

#include <string.h>

enum { MS = 1000, S = 1000 * 1000 };

/* What the relay says crosses the other half of the same link, with media to the sender taking most
 * of it. */
#define DOWN(delay_ms, loss_share)                                                                 \
    {                                                                                              \
        .steps = {{0, 100000, 0, 0}}, .delay_us = (delay_ms)*MS, .queue_us = 500 * MS,             \
        .loss = (loss_share)                                                                       \
    }
/* One rate both ways. */
#define LINKS(kbps, delay_ms, queue_ms, loss_share)                                                \
    .up = {.steps = {{0, (kbps)*1000, 0, 0}},                                                      \
           .delay_us = (delay_ms)*MS,                                                              \
           .queue_us = (queue_ms)*MS,                                                              \
           .loss = (loss_share)},                                                                  \
    .down = DOWN(delay_ms, loss_share)
/* 75 ms each way, a queue of 500 ms, from FROM kbit/s to TO after 40 s. */
#define CHANGES(from, to)                                                                          \
    .up = {.steps = {{0, (from)*1000, 0, 0}, {40 * S, (to)*1000, 0, 0}},                           \
           .delay_us = 75 * MS,                                                                    \
           .queue_us = 500 * MS},                                                                  \
    .down = DOWN(75, 0)

static const SimUplink uplinks[] = {
    {"steady-60", "60 kbit/s", {LINKS(60, 75, 500, 0)}, 20, 140},
    {"steady-100", "100 kbit/s", {LINKS(100, 75, 500, 0)}, 20, 140},
    {"steady-150", "150 kbit/s", {LINKS(150, 75, 500, 0)}, 20, 140},
    {"steady-300", "300 kbit/s", {LINKS(300, 75, 500, 0)}, 20, 140},
    {"steady-500", "500 kbit/s", {LINKS(500, 75, 500, 0)}, 20, 140},
    {"edge", "100 kbit/s, 250 ms, 2 %", {LINKS(100, 250, 800, 0.02)}, 20, 140},
    {"weak", "60 kbit/s, 300 ms, 5 %", {LINKS(60, 300, 800, 0.05)}, 20, 140},
    {"loss-10", "64 kbit/s, 10 % loss", {LINKS(64, 75, 500, 0.10)}, 20, 140},
    {"loss-20", "64 kbit/s, 20 % loss", {LINKS(64, 75, 500, 0.20)}, 20, 140},
    {"3g", "200 kbit/s, 100 ms, 1 %", {LINKS(200, 100, 400, 0.01)}, 20, 140},
    {"vsat", "128 kbit/s, 300 ms, 1 %", {LINKS(128, 300, 500, 0.01)}, 20, 140},
    {"4g", "2 Mbit/s, 40 ms, 0.5 %", {LINKS(2000, 40, 200, 0.005)}, 20, 140},
    {"good", "20 Mbit/s", {LINKS(20000, 10, 100, 0)}, 20, 140},
    {"300-100", "300, from 40 s on 100 kbit/s: from 3 s after it", {CHANGES(300, 100)}, 43, 73},
    {"100-300", "100, from 40 s on 300 kbit/s: from 8 s after it", {CHANGES(100, 300)}, 48, 58},
    {"no-hints",
     "300 kbit/s, a client that knows REMB and feedback alone",
     {LINKS(300, 75, 500, 0), .deafness = SIM_NO_HINTS},
     20,
     140},
    {"deaf",
     "300 kbit/s, 800 kbit/s of picture whatever comes until 60 s: from 20 s after it",
     {LINKS(300, 75, 500, 0), .deafness = SIM_DEAF, .deaf_until_us = 60 * S},
     80,
     140},
};

const SimUplink *sim_uplinks(unsigned *ret_n)
{
    *ret_n = G_N_ELEMENTS(uplinks);
    return uplinks;
}

const SimUplink *sim_uplink(const char *name)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(uplinks); i++) {
        if (strcmp(uplinks[i].name, name) == 0)
            return &uplinks[i];
    }
    g_assert_not_reached();
}

SimPublisher *sim_uplink_begin(const char *name, uint64_t seed)
{
    SimPublisherSetup setup = sim_uplink(name)->setup;
    setup.seed = seed;
    return sim_publisher_new(&setup);
}

void sim_uplink_run(const char *name, uint64_t seed, SimPublisherFigures *ret_figures)
{
    const SimUplink *uplink = sim_uplink(name);
    g_autoptr(SimPublisher) publisher = sim_uplink_begin(name, seed);
    sim_publisher_run(publisher, (int64_t)(uplink->from_s * S));
    sim_publisher_measure(publisher, ret_figures);
    sim_publisher_run(publisher, (int64_t)(uplink->until_s * S));
    sim_publisher_measure(publisher, ret_figures);
}
