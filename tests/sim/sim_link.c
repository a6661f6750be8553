// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_link.h"

#include <glib.h>
#include <math.h>

double sim_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return (double)(z >> 11) / (double)(UINT64_C(1) << 53);
}

void sim_link_init(SimLink *link, const SimLinkProfile *profile, uint64_t seed)
{
    *link = (SimLink){.profile = *profile, .random = seed};
}

/* The step at NOW_US; *RET_UNTIL_US: when the next one begins. */
static const SimLinkStep *step_at(const SimLink *link, int64_t now_us, int64_t *ret_until_us)
{
    const SimLinkStep *steps = link->profile.steps;
    unsigned i = 0;
    while (i + 1 < SIM_LINK_STEPS && steps[i + 1].from_us > 0 && steps[i + 1].from_us <= now_us)
        i++;
    bool last = i + 1 >= SIM_LINK_STEPS || steps[i + 1].from_us == 0;
    *ret_until_us = last ? INT64_MAX : steps[i + 1].from_us;
    return &steps[i];
}

/* The rate at NOW_US; *RET_UNTIL_US: when it may be another. */
static uint32_t rate_at(const SimLink *link, int64_t now_us, int64_t *ret_until_us)
{
    uint32_t rate_bps = step_at(link, now_us, ret_until_us)->rate_bps;
    int64_t half_us = link->profile.swing_period_us / 2;
    int64_t end_us = link->profile.swing_until_us;
    if (half_us == 0 || (end_us > 0 && now_us >= end_us))
        return rate_bps;
    int64_t n = now_us / half_us;
    *ret_until_us = MIN(*ret_until_us, (n + 1) * half_us);
    return (uint32_t)(rate_bps * (1 + (n % 2 == 0 ? 1 : -1) * link->profile.swing));
}

uint32_t sim_link_rate_bps(const SimLink *link, int64_t now_us)
{
    int64_t until_us = 0;
    return rate_at(link, now_us, &until_us);
}

int64_t sim_link_queue_us(const SimLink *link, int64_t now_us)
{
    return MAX(link->free_us - now_us, 0);
}

static double queued_bytes(const SimLink *link, int64_t now_us)
{
    double bytes = 0;
    while (now_us < link->free_us) {
        int64_t until_us = 0;
        uint32_t rate_bps = rate_at(link, now_us, &until_us);
        until_us = MIN(until_us, link->free_us);
        bytes += (double)(until_us - now_us) * rate_bps / 8e6;
        now_us = until_us;
    }
    return bytes;
}

static bool is_full(const SimLink *link, size_t wire_bytes, int64_t now_us)
{
    double bytes = queued_bytes(link, now_us);
    if (link->profile.queue_us > 0) {
        double most = (double)link->profile.queue_us * sim_link_rate_bps(link, now_us) / 8e6;
        return bytes + (double)wire_bytes > MAX(most, 1500);
    }
    return bytes + (double)wire_bytes > link->profile.queue_bytes;
}

static int64_t carried_us(const SimLink *link, size_t wire_bytes, int64_t from_us)
{
    double bits = 8.0 * (double)wire_bytes;
    for (;;) {
        int64_t until_us = 0;
        uint32_t rate_bps = rate_at(link, from_us, &until_us);
        double room = rate_bps == 0 ? 0 : (double)(until_us - from_us) * rate_bps / 1e6;
        if (until_us == INT64_MAX || room >= bits)
            return from_us + (int64_t)ceil(bits * 1e6 / MAX(rate_bps, 1));
        bits -= room;
        from_us = until_us;
    }
}

static bool is_lost(SimLink *link, int64_t now_us)
{
    int64_t until_us = 0;
    double burst = MAX(link->profile.burst, 1);
    double loss = link->profile.loss + step_at(link, now_us, &until_us)->loss;
    if (loss <= 0)
        return false;
    /* Gilbert: leaves the bad state with 1 / burst, enters it so that LOSS is its share. */
    double chance = link->bad ? 1 - 1 / burst : loss / (burst * (1 - loss));
    if (burst == 1)
        chance = loss;
    link->bad = sim_random(&link->random) < chance;
    return link->bad;
}

SimFate sim_link_send(SimLink *link, size_t wire_bytes, int64_t now_us, int64_t *ret_arrival_us)
{
    link->n_sent++;
    bool lost = is_lost(link, now_us);
    double jitter = sim_random(&link->random);
    if (sim_link_rate_bps(link, now_us) == 0) {
        link->n_lost++;
        return SIM_LOST;
    }
    if (is_full(link, wire_bytes, now_us)) {
        link->n_dropped++;
        return SIM_DROPPED;
    }
    link->free_us = carried_us(link, wire_bytes, MAX(link->free_us, now_us));
    int64_t until_us = 0;
    int64_t longer_us = step_at(link, link->free_us, &until_us)->longer_us;
    int64_t arrival_us = link->free_us + link->profile.delay_us + longer_us +
                         (int64_t)(jitter * (double)link->profile.jitter_us);
    link->last_arrival_us = MAX(link->last_arrival_us, arrival_us);
    *ret_arrival_us = link->last_arrival_us;
    if (lost)
        link->n_lost++;
    return lost ? SIM_LOST : SIM_ARRIVES;
}
