// SPDX-License-Identifier: Apache-2.0
/* One-way delay of what we sent: is the queue longer than it would be if the estimate were right,
 * how long is it, does it grow. Delays are arrival on the receiver's clock minus sending on ours,
 * whose unknown difference cancels against the least delay of the last 2 minutes. A plain value,
 * one thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum {
    DELAY_TREND_SAMPLES = 64, /* a power of two */
    DELAY_TREND_BASE_SLICES = 12,
};

typedef struct {
    int64_t sent_us;
    int64_t arrival_us;
    int64_t delay_us;    /* arrival - sent */
    int64_t modelled_us; /* of it, what link_model.h explains */
} DelaySample;

typedef struct {
    bool in_group;
    int64_t group_from_us; /* sending time of its first packet */
    DelaySample group;     /* of its last packet */
    DelaySample samples[DELAY_TREND_SAMPLES];
    unsigned n;        /* ever taken */
    int64_t since_us;  /* packets sent before belong to an older estimate */
    int64_t newest_us; /* sending time of the newest packet seen */
    int64_t base_us[DELAY_TREND_BASE_SLICES];
    int64_t base_from_us; /* of the newest slice, on the sending clock */
    bool has_base;
    double noise_us; /* mean step of delay beyond the model from group to group: jitter */
    int64_t last_excess_us;
} DelayTrend;

void delay_trend_init(DelayTrend *trend);
/** A packet that arrived, in the order of sending; older ones are left out. */
void delay_trend_on_packet(DelayTrend *trend, int64_t sent_us, int64_t arrival_us,
                           int64_t modelled_us);
/** The feedback message is over: closes the group. */
void delay_trend_end(DelayTrend *trend);

/** The estimate is too high: delay beyond the model, in enough groups that jitter does not explain
 * it, and the queue is not emptying. */
bool delay_trend_overused(const DelayTrend *trend);
/** Standing queue: the least delay of the last 300 ms or so, above the base. */
int64_t delay_trend_queue_us(const DelayTrend *trend);
/** Delay of the newest sample above the base. */
int64_t delay_trend_newest_us(const DelayTrend *trend);
/** Growth of delay by regression over up to a second, thousandths (1000: a second a second). */
int delay_trend_slope_q1000(const DelayTrend *trend);

/** The estimate changed: judges only by packets sent from SINCE_US on. Base and noise stay. */
void delay_trend_restart(DelayTrend *trend, int64_t since_us);
/** The path has another length: the base is what the last samples show. */
void delay_trend_rebase(DelayTrend *trend);
/** Nothing is known any more (the receiver's clock jumped). */
void delay_trend_reset(DelayTrend *trend);
