// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_gcc.h"

#include <glib.h>
#include <math.h>

enum {
    MS = 1000,
    S = 1000 * 1000,
    GROUP_US = 5 * MS,   /* gcc-02, 5.2 */
    ACKED_US = 500 * MS, /* bitrate_estimator.cc: 500 ms at first, 150 later */
    LOSS_US = 1 * S,     /* send_side_bandwidth_estimation.cc: kBweIncreaseInterval */
    LOSS_CUT_US = 300 * MS /* kBweDecreaseInterval, and a round trip */,
    PROBE_US = 5 * S, /* probe_controller.cc: alr_probing_interval */
    PROBE_PACKETS = 4,
    PROBE_TAIL_US = 100 * MS,
    FLOOR_BPS = 5 * 1000, /* kMinBitrate */
};

/* trendline_estimator.cc, overuse_detector. */
static const double SMOOTHING = 0.9;
static const double GAIN = 4;
static const unsigned DELTAS_MAX = 60;
static const double THRESHOLD_FIRST_MS = 12.5;
static const double THRESHOLD_LEAST_MS = 6;
static const double THRESHOLD_MOST_MS = 600;
static const double K_UP = 0.0087;
static const double K_DOWN = 0.039;
static const double OUTLIER_MS = 15;
static const double OVER_MS = 10;

/* aimd_rate_control.cc */
static const double BACK_OFF = 0.85;
static const double GROWTH = 1.08; /* a second */
static const double ACKED_FACTOR = 1.5;
static const double ACKED_MORE_BPS = 10000;
static const double NEAR_CAPACITY = 0.25; /* for its three deviations */
static const double PACKET_BITS = 1200 * 8;

/* send_side_bandwidth_estimation.cc */
static const double LOSS_LOW = 0.02;
static const double LOSS_HIGH = 0.10;

/* alr_detector.cc, probe_bitrate_estimator.cc */
static const double ALR_SHARE = 0.65;
static const double PROBE_FACTOR = 2;
static const double PROBE_FULL = 0.9;
static const double PROBE_LESS = 0.95;

void sim_gcc_init(SimGcc *gcc, int64_t now_us)
{
    *gcc = (SimGcc){
        .delay_bps = SIM_GCC_START_BPS,
        .loss_bps = INFINITY,
        .remb_bps = INFINITY,
        .trend = {.threshold_ms = THRESHOLD_FIRST_MS, .over_ms = -1},
        .changed_us = now_us,
        .loss_changed_us = now_us,
        .next_probe_us = now_us + PROBE_US,
        .used_us = now_us,
    };
}

void sim_gcc_on_sent(SimGcc *gcc, uint16_t sequence, size_t bytes, bool is_probe, int64_t now_us)
{
    unsigned i = sequence % SIM_GCC_SENT;
    gcc->sent[i].sequence = sequence;
    gcc->sent[i].bytes = (uint16_t)bytes;
    gcc->sent[i].sent_us = now_us;
    gcc->sent[i].is_probe = is_probe;
    double keep = exp(-(double)(now_us - gcc->used_us) / S);
    gcc->used_bps = gcc->used_bps * keep + 8.0 * (double)bytes;
    gcc->used_us = now_us;
}

void sim_gcc_on_remb(SimGcc *gcc, uint32_t bps)
{
    gcc->remb_bps = bps;
}

uint32_t sim_gcc_target_bps(const SimGcc *gcc)
{
    return (uint32_t)MAX(MIN(MIN(gcc->delay_bps, gcc->loss_bps), gcc->remb_bps), FLOOR_BPS);
}

/* Slope of the smoothed delay over the time of arrival. */
static double slope(const SimGccTrend *trend)
{
    double mean_x = 0, mean_y = 0, top = 0, bottom = 0;
    for (unsigned i = 0; i < SIM_GCC_TREND; i++) {
        mean_x += trend->x_ms[i] / SIM_GCC_TREND;
        mean_y += trend->y_ms[i] / SIM_GCC_TREND;
    }
    for (unsigned i = 0; i < SIM_GCC_TREND; i++) {
        top += (trend->x_ms[i] - mean_x) * (trend->y_ms[i] - mean_y);
        bottom += (trend->x_ms[i] - mean_x) * (trend->x_ms[i] - mean_x);
    }
    return bottom > 0 ? top / bottom : 0;
}

static void move_threshold(SimGccTrend *trend, double scaled_ms, int64_t now_us)
{
    double beyond_ms = fabs(scaled_ms) - trend->threshold_ms;
    int64_t dt_us = trend->threshold_us > 0 ? MIN(now_us - trend->threshold_us, 100 * MS) : 0;
    trend->threshold_us = now_us;
    if (beyond_ms > OUTLIER_MS)
        return;
    double k = beyond_ms < 0 ? K_DOWN : K_UP;
    trend->threshold_ms = CLAMP(trend->threshold_ms + k * beyond_ms * (double)dt_us / MS,
                                THRESHOLD_LEAST_MS, THRESHOLD_MOST_MS);
}

static SimGccUse detect(SimGcc *gcc, double sent_ms, int64_t now_us)
{
    SimGccTrend *trend = &gcc->trend;
    if (trend->n < SIM_GCC_TREND)
        return SIM_GCC_NORMAL;
    double now = slope(trend);
    double scaled_ms = MIN(trend->n, DELTAS_MAX) * now * GAIN;
    SimGccUse use = gcc->use;
    if (scaled_ms > trend->threshold_ms) {
        trend->over_ms = trend->over_ms < 0 ? sent_ms / 2 : trend->over_ms + sent_ms;
        trend->n_over++;
        if (trend->over_ms > OVER_MS && trend->n_over > 1 && now >= trend->last_trend)
            use = SIM_GCC_OVERUSE;
    } else {
        trend->over_ms = -1;
        trend->n_over = 0;
        use = scaled_ms < -trend->threshold_ms ? SIM_GCC_UNDERUSE : SIM_GCC_NORMAL;
    }
    trend->last_trend = now;
    move_threshold(trend, scaled_ms, now_us);
    return use;
}

/* One group is complete. */
static void on_group(SimGcc *gcc, int64_t now_us)
{
    double sent_ms = (double)(gcc->now.last_sent_us - gcc->before.last_sent_us) / MS;
    double came_ms = (double)(gcc->now.last_arrival_us - gcc->before.last_arrival_us) / MS;
    SimGccTrend *trend = &gcc->trend;
    trend->accumulated_ms += came_ms - sent_ms;
    trend->smoothed_ms = SMOOTHING * trend->smoothed_ms + (1 - SMOOTHING) * trend->accumulated_ms;
    trend->x_ms[trend->n % SIM_GCC_TREND] = (double)gcc->now.last_arrival_us / MS;
    trend->y_ms[trend->n % SIM_GCC_TREND] = trend->smoothed_ms;
    trend->n++;
    gcc->use = detect(gcc, sent_ms, now_us);
}

static void note_arrival(SimGcc *gcc, int64_t sent_us, int64_t arrival_us, int64_t now_us)
{
    SimGccGroup *group = &gcc->now;
    if (group->has_packet && sent_us < group->first_sent_us)
        return;
    if (group->has_packet && sent_us - group->first_sent_us > GROUP_US) {
        if (gcc->before.has_packet)
            on_group(gcc, now_us);
        gcc->before = *group;
        *group = (SimGccGroup){0};
    }
    if (!group->has_packet)
        *group = (SimGccGroup){true, sent_us, sent_us, arrival_us};
    group->last_sent_us = MAX(group->last_sent_us, sent_us);
    group->last_arrival_us = MAX(group->last_arrival_us, arrival_us);
}

static void note_acked(SimGcc *gcc, size_t bytes, int64_t arrival_us)
{
    if (gcc->acked_from_us == 0)
        gcc->acked_from_us = arrival_us;
    gcc->acked_bytes += bytes;
    int64_t took_us = arrival_us - gcc->acked_from_us;
    if (took_us < ACKED_US)
        return;
    double bps = 8.0 * (double)gcc->acked_bytes * S / (double)took_us;
    gcc->acked_bps = gcc->acked_bps == 0 ? bps : (gcc->acked_bps + bps) / 2;
    gcc->acked_bytes = 0;
    gcc->acked_from_us = arrival_us;
}

static void note_probe(SimGcc *gcc, size_t bytes, int64_t sent_us, int64_t arrival_us)
{
    if (gcc->n_probe == 0 || sent_us - gcc->probe_last_sent_us > PROBE_TAIL_US) {
        gcc->n_probe = 0;
        gcc->probe_bytes = 0;
        gcc->probe_first_us = arrival_us;
        gcc->probe_first_sent_us = sent_us;
    } else {
        gcc->probe_bytes += bytes;
    }
    gcc->n_probe++;
    gcc->probe_last_us = arrival_us;
    gcc->probe_last_sent_us = sent_us;
    if (gcc->n_probe < PROBE_PACKETS)
        return;
    double bits = 8.0 * (double)gcc->probe_bytes;
    double sent_bps = bits * S / (double)MAX(gcc->probe_last_sent_us - gcc->probe_first_sent_us, 1);
    double came_bps = bits * S / (double)MAX(gcc->probe_last_us - gcc->probe_first_us, 1);
    double found_bps = MIN(sent_bps, came_bps);
    if (came_bps < PROBE_FULL * sent_bps)
        found_bps = PROBE_LESS * came_bps;
    if (gcc->use != SIM_GCC_OVERUSE && found_bps > gcc->delay_bps)
        gcc->delay_bps = found_bps;
}

static void grow(SimGcc *gcc, int64_t rtt_us, int64_t dt_us)
{
    double most_bps = ACKED_FACTOR * gcc->acked_bps + ACKED_MORE_BPS;
    double grown_bps = gcc->delay_bps * pow(GROWTH, (double)MIN(dt_us, S) / S);
    bool is_near = gcc->capacity_bps > 0 &&
                   fabs(gcc->acked_bps - gcc->capacity_bps) < NEAR_CAPACITY * gcc->capacity_bps;
    if (is_near)
        grown_bps = gcc->delay_bps + MAX(PACKET_BITS * (double)dt_us / (double)(rtt_us + 100 * MS),
                                         4000.0 * (double)dt_us / S);
    else if (gcc->acked_bps > gcc->capacity_bps)
        gcc->capacity_bps = 0;
    if (gcc->acked_bps > 0 && gcc->delay_bps < most_bps)
        gcc->delay_bps = MIN(grown_bps, most_bps);
}

static void follow_delay(SimGcc *gcc, int64_t rtt_us, int64_t now_us)
{
    int64_t dt_us = now_us - gcc->changed_us;
    switch (gcc->use) {
    case SIM_GCC_OVERUSE:
        if (dt_us < rtt_us && gcc->acked_bps * 2 > gcc->delay_bps)
            return; /* once in a round trip */
        gcc->capacity_bps = gcc->capacity_bps == 0
                                ? gcc->acked_bps
                                : gcc->capacity_bps * 0.95 + gcc->acked_bps * 0.05;
        if (gcc->acked_bps > 0)
            gcc->delay_bps = MIN(gcc->delay_bps, BACK_OFF * gcc->acked_bps);
        gcc->may_grow = false;
        break;
    case SIM_GCC_UNDERUSE:
        gcc->may_grow = false;
        break;
    case SIM_GCC_NORMAL:
        if (gcc->may_grow)
            grow(gcc, rtt_us, dt_us);
        gcc->may_grow = true;
        break;
    }
    gcc->changed_us = now_us;
}

static void follow_loss(SimGcc *gcc, int64_t rtt_us, int64_t now_us)
{
    if (gcc->n_told < 20 || now_us - gcc->loss_changed_us < LOSS_CUT_US + rtt_us)
        return;
    double loss = (double)gcc->n_lost / gcc->n_told;
    double bps = MIN(gcc->loss_bps, gcc->delay_bps);
    if (loss > LOSS_HIGH)
        gcc->loss_bps = bps * (1 - 0.5 * loss);
    else if (now_us - gcc->loss_changed_us < LOSS_US)
        return;
    else if (loss < LOSS_LOW)
        gcc->loss_bps = bps * GROWTH + 1000;
    gcc->loss_changed_us = now_us;
    gcc->n_told = gcc->n_lost = 0;
}

void sim_gcc_on_feedback(SimGcc *gcc, const RtcpTwccStatus *statuses, size_t n, int64_t rtt_us,
                         int64_t now_us)
{
    for (size_t i = 0; i < n; i++) {
        unsigned at = statuses[i].sequence % SIM_GCC_SENT;
        if (gcc->sent[at].sequence != statuses[i].sequence || gcc->sent[at].bytes == 0)
            continue;
        gcc->n_told++;
        if (!statuses[i].received) {
            gcc->n_lost++;
            continue;
        }
        size_t bytes = gcc->sent[at].bytes;
        gcc->sent[at].bytes = 0;
        note_arrival(gcc, gcc->sent[at].sent_us, statuses[i].arrival_us, now_us);
        note_acked(gcc, bytes, statuses[i].arrival_us);
        if (gcc->sent[at].is_probe)
            note_probe(gcc, bytes, gcc->sent[at].sent_us, statuses[i].arrival_us);
    }
    follow_delay(gcc, rtt_us, now_us);
    follow_loss(gcc, rtt_us, now_us);
}

bool sim_gcc_probe(SimGcc *gcc, uint32_t most_bps, int64_t now_us, uint32_t *ret_bps)
{
    uint32_t target_bps = sim_gcc_target_bps(gcc);
    bool is_idle = gcc->used_bps < ALR_SHARE * target_bps;
    if (!is_idle || now_us < gcc->next_probe_us)
        return false;
    gcc->next_probe_us = now_us + PROBE_US;
    double bps = MIN(PROBE_FACTOR * target_bps, PROBE_FACTOR * most_bps);
    if (bps <= gcc->delay_bps)
        return false;
    *ret_bps = (uint32_t)bps;
    return true;
}
