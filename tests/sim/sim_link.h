// SPDX-License-Identifier: Apache-2.0
/* A virtual link: a queue in front of a rate that changes by schedule, then delay, jitter and loss
 * (random, or in bursts by Gilbert's model). Its arrival times are computed at once, so that time
 * may be turned at will; the same seed gives the same loss. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIM_LINK_STEPS = 12 };

typedef struct {
    int64_t from_us;
    uint32_t rate_bps; /* 0: everything is lost */
    int64_t longer_us; /* added to the delay from here on */
    double loss;       /* added to the profile's from here on */
} SimLinkStep;

typedef struct {
    SimLinkStep steps[SIM_LINK_STEPS]; /* the first from 0; unused ones are 0 */
    int64_t delay_us;
    int64_t jitter_us; /* evenly 0..jitter; packets stay in order */
    int64_t queue_us;  /* at the present rate, 0: by bytes */
    uint32_t queue_bytes;
    double loss;
    double burst; /* mean length of a run of losses; 0 or 1: each by itself */
    /* The rate is so much above the step's for half a period, then so much below it (a share). */
    double swing;
    int64_t swing_period_us; /* 0: no swing */
    int64_t swing_until_us;  /* 0: for ever */
} SimLinkProfile;

typedef struct {
    SimLinkProfile profile;
    uint64_t random;
    bool bad;
    int64_t free_us; /* when the queue is empty */
    int64_t last_arrival_us;
    uint64_t n_sent, n_lost, n_dropped; /* dropped: by a full queue */
} SimLink;

typedef enum { SIM_ARRIVES, SIM_LOST, SIM_DROPPED } SimFate;

void sim_link_init(SimLink *link, const SimLinkProfile *profile, uint64_t seed);
SimFate sim_link_send(SimLink *link, size_t wire_bytes, int64_t now_us, int64_t *ret_arrival_us);
uint32_t sim_link_rate_bps(const SimLink *link, int64_t now_us);
/** How long a packet that comes now would wait. */
int64_t sim_link_queue_us(const SimLink *link, int64_t now_us);

/** Evenly in 0..1 (splitmix64). */
double sim_random(uint64_t *state);
