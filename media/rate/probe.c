// SPDX-License-Identifier: Apache-2.0
#include "media/rate/probe.h"

#include <glib.h>

enum {
    MS = 1000,
    /* While nothing is sent but speech a failed try waits 3 s, then 1.5 times as long, to 15 s
     * (mediasoup never tries: a paused picture stays paused; LiveKit waits up to 2 minutes). */
    INTERVAL_FIRST_US = 3000 * MS,
    INTERVAL_IDLE_MAX_US = 15 * 1000 * MS,
    /* While the picture uses the whole estimate small tries go on: 100 -> 300 kbit/s must be found
     * within 8 s (tests/sim, "100-300": 4 s and three tries of 0.6 s). */
    INTERVAL_BUSY_MAX_US = 4000 * MS,
    RETRY_US = 1000 * MS, /* after a try that said nothing */
    AFTER_GOOD_US = 100 * MS,
    /* What a try may queue if the link carries no more than the estimate: a large one 200 ms, the
     * regular small ones of a busy link 60 ms. */
    QUEUE_LARGE_US = 200 * MS,
    QUEUE_SMALL_US = 60 * MS,
    LENGTH_MIN_US = 80 * MS,
    LENGTH_EVEN_US = 200 * MS, /* 70 kbit/s for so long: 1750 bytes, 270 ms if it is 30 */
    /* Two packets of speech and three of padding: with fewer a try says nothing, and at 12 kbit/s
     * none ever did (tests/sim, lies of one minute: silent for the rest of the call). */
    BYTES_MIN = 640,
    SEND_TIME_MAX_US = 1000 * MS,
    ANSWER_TIME_US = 700 * MS, /* beyond the round trip: feedback comes every 250 ms at least */
    PACKETS_MIN = 4,
    LOST_MIN = 2,
    BUSY_PERCENT = 75,
    ARRIVED_PERCENT_MIN = 70, /* of what usually arrives; below, a policer drops */
    GOOD_PERCENT = 92,        /* of the sending rate arrived: found all it tried */
    WORTH_PERCENT = 115,      /* a smaller step is left to growth */
};
/* libwebrtc doubles while more than 0.7 of the try arrives; GCC's first steps of 3 and 6 flood thin
 * links. */
static const double STEP_LARGE = 2.0;
/* At the limit: 1 / 1.4 = 0.71 of the try arrives, far enough from 1 in any jitter that lets a
 * picture through. */
static const double STEP_SMALL = 1.4;
static const double LIMIT_TAKEN = 0.99;
static const double STEP_MOST = 3; /* towards what was there before */
static const double LEAST_STEP = 1.1;

static bool is_busy(const ProbeNeed *need)
{
    return (uint64_t)need->sent_bps * 100 >= (uint64_t)need->estimate_bps * BUSY_PERCENT;
}

/* A busy link is tried when it has taken again what it did not take the last time; until then
 * growth does the trying. */
static bool is_below_limit(const Probe *probe, const ProbeNeed *need)
{
    return is_busy(need) && !probe->ramp && probe->goal_bps == 0 &&
           need->estimate_bps < need->capacity_bps * LIMIT_TAKEN;
}

static uint32_t choose_rate(const Probe *probe, const ProbeNeed *need)
{
    double estimate = need->estimate_bps;
    double rate = 0;
    bool small = !probe->ramp && is_busy(need);
    if (probe->n_done == 0)
        rate = estimate; /* nothing but speech has proved it */
    else if (probe->goal_bps > estimate)
        rate = MIN(probe->goal_bps, STEP_MOST * estimate);
    else
        rate = estimate * (small ? STEP_SMALL : STEP_LARGE);
    return (uint32_t)MIN(rate, (double)need->ceiling_bps);
}

static int64_t choose_length_us(const ProbeNeed *need, uint32_t rate_bps)
{
    double beyond = (double)rate_bps / need->estimate_bps - 1;
    if (beyond < STEP_SMALL - 1)
        return LENGTH_EVEN_US;
    int64_t queue_us = beyond < STEP_LARGE - 1 ? QUEUE_SMALL_US : QUEUE_LARGE_US;
    return CLAMP((int64_t)((double)queue_us / beyond), LENGTH_MIN_US, LENGTH_EVEN_US);
}

bool probe_start(Probe *probe, const ProbeNeed *need, int64_t now_us, SendProbe *ret_probe)
{
    if (probe->under_way || !need->quiet || now_us < probe->next_us)
        return false;
    if (is_below_limit(probe, need) && now_us - probe->last_sent_us < INTERVAL_IDLE_MAX_US)
        return false;
    uint32_t rate_bps = choose_rate(probe, need);
    if (probe->n_done > 0 &&
        (uint64_t)rate_bps * 100 < (uint64_t)need->estimate_bps * WORTH_PERCENT)
        return false;
    int64_t length_us = choose_length_us(need, rate_bps);
    probe->id++;
    probe->under_way = true;
    probe->sending = true;
    probe->rate_bps = rate_bps;
    probe->n_bytes = (size_t)((uint64_t)rate_bps * (uint64_t)length_us / 8 / G_USEC_PER_SEC);
    probe->n_bytes = MAX(probe->n_bytes, BYTES_MIN);
    probe->bytes_sent = 0;
    probe->from_us = now_us;
    probe->last_sent_us = now_us;
    probe->n_sent = probe->n_arrived = probe->n_told = 0;
    probe->lost_more = false;
    probe->sum_x = probe->sum_y = probe->sum_own = 0;
    probe->sum_xx = probe->sum_xy = probe->sum_xown = 0;
    probe->last_x_us = probe->last_y_us = 0;
    probe->bytes_after_first = 0;
    *ret_probe = (SendProbe){.id = probe->id, .rate_bps = rate_bps, .n_bytes = probe->n_bytes};
    return true;
}

unsigned probe_on_sent(Probe *probe, size_t wire_bytes, int64_t now_us)
{
    if (!probe->sending)
        return 0;
    if (probe->n_sent++ == 0)
        probe->first_us = now_us;
    probe->bytes_sent += wire_bytes;
    probe->last_bytes = wire_bytes;
    probe->last_sent_us = now_us;
    probe->sending =
        probe->bytes_sent < probe->n_bytes && now_us - probe->from_us < SEND_TIME_MAX_US;
    return probe->id;
}

void probe_on_arrived(Probe *probe, unsigned id, size_t wire_bytes, int64_t sent_us,
                      int64_t delay_us)
{
    if (!probe->under_way || id != probe->id)
        return;
    probe->n_told++;
    if (probe->n_arrived++ == 0) {
        probe->first_sent_us = sent_us;
        probe->first_delay_us = delay_us;
    } else {
        probe->bytes_after_first += wire_bytes;
    }
    probe->last_x_us = sent_us - probe->first_sent_us;
    probe->last_y_us = delay_us - probe->first_delay_us;
    int64_t own_us = (int64_t)(wire_bytes * 8 * G_USEC_PER_SEC / probe->rate_bps);
    if (probe->n_arrived == 1)
        probe->first_own_us = own_us;
    probe->last_own_us = own_us - probe->first_own_us;
    double x = (double)probe->last_x_us;
    double y = (double)probe->last_y_us;
    double own = (double)probe->last_own_us;
    probe->sum_x += x;
    probe->sum_y += y;
    probe->sum_own += own;
    probe->sum_xx += x * x;
    probe->sum_xy += x * y;
    probe->sum_xown += x * own;
}

void probe_on_lost(Probe *probe, unsigned id, bool is_padding)
{
    if (!probe->under_way || id != probe->id)
        return;
    probe->n_told++;
    probe->lost_more = probe->lost_more || !is_padding;
}

/* Delay grows by SLOPE a second a second: 1 / (1 + SLOPE) of the rate gets through. By regression,
 * in which jitter averages out, and from the first packet to the last, since a large first packet's
 * own time on a thin link hides a slope; the greater counts. Of delays as they are, and less what
 * each packet takes by itself at the tried rate, the lesser: a small packet first and a large one
 * last make a slope of the one kind, the other way round of the other (padding is at most 255
 * bytes, a picture's packet 1130); a full link makes both. */
static double arrived_share(const Probe *probe)
{
    double n = probe->n_arrived;
    double spread = n * probe->sum_xx - probe->sum_x * probe->sum_x;
    if (spread <= 0 || probe->last_x_us <= 0)
        return 1;
    double own = (n * probe->sum_xown - probe->sum_x * probe->sum_own) / spread;
    double slope = (n * probe->sum_xy - probe->sum_x * probe->sum_y) / spread;
    double last_own = (double)probe->last_own_us / (double)probe->last_x_us;
    double last = (double)probe->last_y_us / (double)probe->last_x_us;
    double least = MIN(MAX(slope, last), MAX(slope - own, last - last_own));
    return 1 / (1 + MAX(least, 0));
}

/* All but the last packet left between the first sending and the last. */
static double sent_bps(const Probe *probe)
{
    int64_t span_us = probe->last_sent_us - probe->first_us;
    if (span_us <= 0)
        return 0;
    return (double)(probe->bytes_sent - probe->last_bytes) * 8 * G_USEC_PER_SEC / (double)span_us;
}

/* What those after the first left with: a large first packet and a small last one make sent_bps()
 * more than what stood the test (tests/sim, "loss-150": 213 kbit/s found on 150). */
static double tested_bps(const Probe *probe, double delivered)
{
    if (probe->last_x_us <= 0)
        return 0;
    return (double)probe->bytes_after_first * 8 * G_USEC_PER_SEC /
           ((double)probe->last_x_us * MAX(delivered, 0.5));
}

static void wait_longer(Probe *probe, const ProbeNeed *need, int64_t now_us)
{
    int64_t longest_us = is_busy(need) ? INTERVAL_BUSY_MAX_US : INTERVAL_IDLE_MAX_US;
    probe->interval_us = probe->interval_us == 0 ? INTERVAL_FIRST_US : probe->interval_us * 3 / 2;
    probe->interval_us = MIN(probe->interval_us, longest_us);
    probe->next_us = now_us + probe->interval_us;
}

static ProbeResult unclear(Probe *probe, int64_t now_us)
{
    probe->next_us = now_us + RETRY_US;
    return PROBE_UNCLEAR;
}

static ProbeResult limited(Probe *probe, const ProbeNeed *need, int64_t now_us)
{
    probe->ramp = false;
    wait_longer(probe, need, now_us);
    return PROBE_LIMIT;
}

ProbeResult probe_judge(Probe *probe, const ProbeNeed *need, double usual_loss, int64_t now_us,
                        uint32_t *ret_bps)
{
    if (!probe->under_way)
        return PROBE_NONE;
    bool sent_all = !probe->sending || now_us - probe->from_us >= SEND_TIME_MAX_US;
    bool over = now_us - probe->last_sent_us > need->rtt_us + ANSWER_TIME_US;
    if (!sent_all || (probe->n_told < probe->n_sent && !over))
        return PROBE_NONE;
    probe->under_way = false;
    probe->sending = false;
    double rate = MIN(sent_bps(probe), (double)probe->rate_bps * 1.1);
    if (probe->n_sent < PACKETS_MIN || probe->n_told < probe->n_sent * 3 / 4 ||
        (probe->rate_bps > need->estimate_bps && rate < need->estimate_bps * LEAST_STEP))
        return unclear(probe, now_us);
    if (probe->n_arrived > 1 && probe->last_x_us + probe->last_y_us <= 0)
        return unclear(probe,
                       now_us); /* sent later, come earlier: the receiver's clock went back */
    probe->n_done++;
    probe->goal_bps = 0;
    double expected = probe->n_told * (1 - CLAMP(usual_loss, 0, 0.5));
    double delivered = MIN(probe->n_arrived / expected, 1);
    bool lossy = delivered * 100 < ARRIVED_PERCENT_MIN || probe->n_arrived < PACKETS_MIN - 1;
    bool again = probe->was_lossy;
    probe->was_lossy = lossy;
    if (lossy && !probe->lost_more) { /* something eats padding: no limit is met */
        wait_longer(probe, need, now_us);
        return PROBE_UNCLEAR;
    }
    if (lossy) {
        *ret_bps = (uint32_t)(rate * delivered);
        /* Once may be one run of losses. */
        return again ? limited(probe, need, now_us) : unclear(probe, now_us);
    }
    double share = arrived_share(probe);
    rate = MIN(rate, MAX(tested_bps(probe, delivered), need->estimate_bps));
    *ret_bps = (uint32_t)(rate * share);
    if (share * 100 < GOOD_PERCENT) {
        /* Through a full link what arrives is its rate, whatever the slope of five packets says. */
        int64_t span_us = MAX(probe->last_x_us + probe->last_y_us, 1);
        double received = (double)probe->bytes_after_first * 8 * G_USEC_PER_SEC / (double)span_us;
        *ret_bps = (uint32_t)MIN(rate * share, received);
        return limited(probe, need, now_us);
    }
    if (delivered * 100 < GOOD_PERCENT && probe->n_sent - probe->n_arrived >= LOST_MIN)
        return unclear(probe, now_us); /* a shallow queue overflows before it delays */
    probe->n_good++;
    probe->ramp = true;
    probe->interval_us = 0;
    probe->next_us = now_us + AFTER_GOOD_US;
    return PROBE_GOOD;
}

void probe_aim(Probe *probe, uint32_t goal_bps, int64_t from_us)
{
    probe->goal_bps = goal_bps;
    probe->next_us = from_us;
}

void probe_abandon(Probe *probe, int64_t next_us)
{
    probe->under_way = false;
    probe->sending = false;
    probe->ramp = false;
    probe->next_us = MAX(probe->next_us, next_us);
}
