// SPDX-License-Identifier: Apache-2.0
#include "media/rate/slow_start.h"

#include <glib.h>

/* Chosen by test_sim_reports. */
enum {
    MS = 1000,
    /* An encoder follows a hint half a second late; only then a queue can grow. */
    SETTLE_US = 500 * MS,
    QUEUE_US = 100 * MS, /* a paced key frame takes 80 */
    QUEUE_PART = 3,      /* of the round trip, where that is longer */
    PACKETS_MIN = 10,
    LOST_MIN = 5,
    BASE_US = 32 * 1000 * MS, /* however often it is told */
};
static const double STEP = 2; /* RFC 5681: a window more for each window that came */
/* A link of half the rate loses up to half; 3 % of its own are a tenth now and then. */
static const double LOSS_FULL = 0.15;
static const double DRAIN = 0.85;
static const double RESUME = 0.5; /* rate_control_resume() */

void slow_start_init(SlowStart *start, int64_t now_us)
{
    *start = (SlowStart){.stepped_us = now_us};
}

void slow_start_end(SlowStart *start)
{
    start->is_over = true;
}

/* The least round trip, which is believed to have grown after a while: another path, or others'
 * queue. */
static void note_round_trip(SlowStart *start, int64_t rtt_us, int64_t now_us)
{
    if (start->base_rtt_us == 0 || rtt_us < start->base_rtt_us)
        start->base_rtt_us = rtt_us;
    int64_t more_us = rtt_us - start->base_rtt_us;
    int64_t since_us = start->trip_us != 0 ? now_us - start->trip_us : 0;
    start->trip_us = now_us;
    start->has_queue = more_us > MAX(QUEUE_US, start->base_rtt_us / QUEUE_PART);
    start->base_rtt_us += more_us * MIN(since_us, BASE_US) / BASE_US;
}

static bool is_full(const SlowStart *start)
{
    return start->n_sent >= PACKETS_MIN && start->n_lost >= LOST_MIN &&
           start->n_lost >= LOSS_FULL * start->n_sent;
}

/* Back to what was sent before the queue grew, less what empties it. Of loss alone the rest of
 * rate_reports.c takes its part. */
static void fall_back(SlowStart *start, RateControl *control, double share, uint32_t link_bps)
{
    double carried = start->before_bps > 0 ? start->before_bps : control->estimate_bps;
    if (link_bps > 0)
        carried = MIN(carried, link_bps);
    control->estimate_bps = CLAMP(share * carried, SEND_RATE_FLOOR_BPS, control->estimate_bps);
    start->is_over = true;
}

static bool note(SlowStart *start, const SendReport *report, int64_t now_us)
{
    start->n_sent += report->n_sent;
    start->n_lost += report->n_lost;
    if (report->rtt_us <= 0)
        return false;
    /* The first tells of a queue, or of none, where there is no room for one in it. */
    bool is_clear = start->base_rtt_us > 0 || report->rtt_us <= QUEUE_US;
    note_round_trip(start, report->rtt_us, now_us);
    /* What left before the last step had its effect says nothing of it. */
    return is_clear && report->asked_us >= start->stepped_us + SETTLE_US;
}

static void step(SlowStart *start, RateControl *control, uint32_t sent_bps, uint32_t ceiling_bps,
                 int64_t now_us)
{
    double bps = MIN(STEP * MIN(control->estimate_bps, sent_bps), ceiling_bps);
    if (start->goal_bps > 0 && bps >= start->goal_bps) {
        bps = start->goal_bps;
        start->is_over = true;
    }
    if (bps <= control->estimate_bps)
        return;
    start->before_bps = control->estimate_bps;
    start->stepped_us = now_us;
    start->n_sent = start->n_lost = 0;
    control->estimate_bps = bps;
}

void slow_start_resume(SlowStart *start, RateControl *control, const SendReport *report,
                       int64_t now_us)
{
    double goal_bps = start->is_over ? control->estimate_bps : start->goal_bps;
    int64_t base_us = report->rtt_us > 0 ? report->rtt_us : start->base_rtt_us;
    *start = (SlowStart){
        .base_rtt_us = base_us, .trip_us = now_us, .stepped_us = now_us, .goal_bps = goal_bps};
    control->estimate_bps = MAX(RESUME * control->estimate_bps, SEND_RATE_FLOOR_BPS);
}

void slow_start_on_feedback(SlowStart *start, RateControl *control, const SlowStartSeen *seen,
                            uint32_t ceiling_bps, int64_t now_us)
{
    if (!start->is_over && seen->told_us >= start->stepped_us + SETTLE_US)
        step(start, control, seen->sent_bps, ceiling_bps, now_us);
}

void slow_start_on_report(SlowStart *start, RateControl *control, const SendReport *report,
                          uint32_t link_bps, uint32_t ceiling_bps, int64_t now_us)
{
    bool is_fresh = note(start, report, now_us);
    if (start->is_over)
        return;
    if (is_full(start)) {
        fall_back(start, control, 1, 0);
    } else if (start->has_queue) {
        fall_back(start, control, DRAIN, link_bps);
    } else if (is_fresh && start->n_sent >= PACKETS_MIN) {
        step(start, control, link_bps, ceiling_bps, now_us);
    }
}
