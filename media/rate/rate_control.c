// SPDX-License-Identifier: Apache-2.0
#include "media/rate/rate_control.h"

#include <glib.h>
#include "media/rate/send_rate.h"

/* Where nothing else is named: chosen by tests/sim (figures, regressions, hostile). Each was tried
 * there at half and at twice its value (those near 1: of their distance from it), and with both
 * something that they hold fails, but for these. Free, neither fails: TRIAL_PACKETS, TRIAL_MOST_US,
 * GROWTH_EXTRA_BPS, CAUSED, OBEYED. Bounded from above alone: TRIAL_US, NEAR; from below alone:
 * GROWTH_OF_SENT. */
enum {
    MS = 1000,
    QUEUE_FREE_US = 40 * MS, /* jitter */
    PACKET_BYTES = 1200,     /* half of one on a thin link is no queue */
    QUEUE_PACKET_MAX_US = 80 * MS,
    /* A standing queue is to be empty within half a second (tests/sim, "300-100": the pacer lets a
     * backlog out at 1.25 of the target, so that a gentler drain lasts for 3 s). */
    DRAIN_TIME_US = 500 * MS,
    CUT_QUEUE_US = 250 * MS,
    TRIAL_US = 2000 * MS,
    TRIAL_PACKETS = 30,
    TRIAL_MOST_US = 6000 * MS,
    GROWTH_EXTRA_BPS = 10 * 1000, /* libwebrtc: at most 1.5 times what arrives and 10 kbit/s */
};
/* Of what arrives while the queue stands, which is the link's rate; the drain comes on top. */
static const double CUT = 0.95;
/* Nothing was held up, so that what arrives is what we sent and says little: GCC's 0.85. */
static const double CUT_BLIND = 0.85;
/* tests/sim, "steady": 1.5 % a second meets the limit every 5 s, with 40 ms of queue; GCC's half a
 * packet a response time is 8 % a second at 100 kbit/s. */
static const double GROWTH_NEAR = 0.015;
static const double GROWTH_FAR = 0.08; /* draft-ietf-rmcat-gcc-02, 5.5 */
/* At the limit itself probes are left to find more; a little, for peers that take no padding
 * (tests/sim, "steady-150": p95 of the queue 20 ms less than when it is met every 5 s). */
static const double GROWTH_AT = 0.001;
static const double DRAIN_MAX = 0.5;
static const double NEAR = 1.1; /* of the limit met: beyond it is another link */
static const double GROWTH_OF_SENT = 1.5;
static const double CAUSED = 0.25; /* of the rise that is left when the rate caused it */
static const double OBEYED = 1.05;
static const double USED = 0.75; /* a rate that is not used is not proved */
static const double CAPACITY_GAIN = 0.4;
static const double CAPACITY_SAME = 0.15;

void rate_control_init(RateControl *control, uint32_t start_bps)
{
    *control =
        (RateControl){.estimate_bps = CLAMP(start_bps, SEND_RATE_FLOOR_BPS, SEND_RATE_CAP_BPS)};
}

static void set_estimate(RateControl *control, double bps)
{
    control->estimate_bps = CLAMP(bps, SEND_RATE_FLOOR_BPS, SEND_RATE_CAP_BPS);
}

static void meet_capacity(RateControl *control, double bps)
{
    double known = control->capacity_bps;
    bool same = known > 0 && ABS(bps - known) < CAPACITY_SAME * known;
    control->capacity_bps = same ? known + CAPACITY_GAIN * (bps - known) : bps;
}

void rate_control_cut(RateControl *control, const RateInput *input)
{
    double before = control->estimate_bps;
    /* Usual loss happens beyond the queue or before it: either way the link takes that much more
     * from us than arrives. */
    double arrived =
        (input->arrived_bps + input->other_bps) / (1 - CLAMP(input->usual_loss, 0, 0.3));
    if (arrived <= 0) {
        set_estimate(control, before * CUT_BLIND);
        return;
    }
    if (input->all_arrives && arrived < USED * before) {
        set_estimate(control, MAX(CUT * arrived, CUT_BLIND * before));
        return;
    }
    /* A queue that is short after half a second was filled by little. */
    double share = (double)MAX(input->newest_us, input->queue_us) / CUT_QUEUE_US;
    double least = before * (1 - CLAMP(share, 1 - CUT_BLIND, 1));
    meet_capacity(control, CLAMP(arrived, least, before));
    set_estimate(control, MIN(CUT * control->capacity_bps, CUT * before));
}

void rate_control_found(RateControl *control, double bps, bool limit)
{
    if (limit) {
        /* One probe measures to a tenth or so; what was met before is known better. */
        meet_capacity(control, MAX(bps, control->estimate_bps));
        bps = CUT * MIN(bps, control->capacity_bps);
    } else if (bps > NEAR * control->capacity_bps) {
        control->capacity_bps = 0;
    }
    set_estimate(control, MAX(control->estimate_bps, bps));
}

void rate_control_grow(RateControl *control, const RateInput *input, int64_t dt_us)
{
    double estimate = control->estimate_bps;
    if (control->trial != LOSS_TRIAL_NONE ||
        input->queue_us > rate_control_free_queue_us(control) || input->sent_bps < USED * estimate)
        return;
    double most = MIN(GROWTH_OF_SENT * input->sent_bps + GROWTH_EXTRA_BPS, input->ceiling_bps);
    if (estimate >= most)
        return;
    if (estimate > NEAR * control->capacity_bps)
        control->capacity_bps = 0;
    double growth = control->capacity_bps <= 0         ? GROWTH_FAR
                    : estimate < control->capacity_bps ? GROWTH_NEAR
                                                       : GROWTH_AT;
    double grown = estimate * (1 + growth * (double)dt_us / G_USEC_PER_SEC);
    set_estimate(control, MIN(grown, most));
}

static LossVerdict begin_trial(RateControl *control, const RateInput *input, int64_t now_us)
{
    control->trial = LOSS_TRIAL_RUNS;
    control->trial_from_us = now_us;
    control->before_bps = control->estimate_bps;
    control->before_loss = input->loss;
    control->before_usual = input->usual_loss;
    /* If the rate causes it, this ends it. */
    set_estimate(control, CUT * control->estimate_bps * (1 - CLAMP(input->loss, 0, 0.5)));
    return LOSS_CUT;
}

LossVerdict rate_control_on_loss(RateControl *control, const RateInput *input, unsigned n_packets,
                                 int64_t now_us)
{
    if (control->trial == LOSS_TRIAL_NONE) {
        bool used = input->sent_bps >= USED * control->estimate_bps;
        return input->loss_risen && used ? begin_trial(control, input, now_us) : LOSS_STEADY;
    }
    int64_t for_us = now_us - control->trial_from_us;
    if (for_us < TRIAL_US || (n_packets < TRIAL_PACKETS && for_us < TRIAL_MOST_US))
        return LOSS_STEADY;
    /* What is sent has not fallen (sound cannot, repairs do not): no trial. */
    if (input->sent_bps > OBEYED * control->estimate_bps && for_us < TRIAL_MOST_US)
        return LOSS_STEADY;
    control->trial = LOSS_TRIAL_NONE;
    if (input->loss <
        control->before_usual + CAUSED * (control->before_loss - control->before_usual)) {
        control->capacity_bps = control->estimate_bps / CUT;
        return LOSS_CAUSED;
    }
    set_estimate(control, MAX(control->estimate_bps, control->before_bps));
    return LOSS_USUAL;
}

void rate_control_resume(RateControl *control)
{
    control->trial = LOSS_TRIAL_NONE;
    control->capacity_bps = 0;
    set_estimate(control, control->estimate_bps / 2);
}

int64_t rate_control_free_queue_us(const RateControl *control)
{
    double packet_us = PACKET_BYTES / 2 * 8.0 * G_USEC_PER_SEC / control->estimate_bps;
    return QUEUE_FREE_US + (int64_t)MIN(packet_us, QUEUE_PACKET_MAX_US);
}

uint32_t rate_control_target(const RateControl *control)
{
    double beyond_us = (double)(control->queue_us - rate_control_free_queue_us(control));
    double drain = CLAMP(beyond_us / DRAIN_TIME_US, 0, DRAIN_MAX);
    return (uint32_t)MAX(control->estimate_bps * (1 - drain), SEND_RATE_FLOOR_BPS);
}
