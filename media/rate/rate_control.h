// SPDX-License-Identifier: Apache-2.0
/* The estimate of one link: cut to what arrives when the queue proves it too high, kept just below
 * the limit that was met, grown while it is used. A plain value; one thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/** What is measured, at one moment. */
typedef struct {
    uint32_t arrived_bps; /* over the last 300 ms or so; 0: not known */
    bool all_arrives;     /* at the rate at which it was sent: the queue is not ours */
    uint32_t sent_bps;    /* over the last second, all that crosses the link */
    uint32_t other_bps;   /* of it, without numbers */
    uint32_t ceiling_bps; /* there is no use for more */
    int64_t queue_us;     /* standing */
    int64_t newest_us;    /* wait of the newest packet */
    double loss;          /* of late */
    double usual_loss;
    bool loss_risen;
} RateInput;

typedef enum { LOSS_TRIAL_NONE, LOSS_TRIAL_RUNS } LossTrial;

typedef struct {
    double estimate_bps;
    double capacity_bps; /* where the limit was last met; 0: not met, or left behind */
    int64_t queue_us;
    LossTrial trial;
    int64_t trial_from_us;
    double before_bps; /* the estimate before the trial */
    double before_loss;
    double before_usual;
} RateControl;

void rate_control_init(RateControl *control, uint32_t start_bps);
/** The queue proves that the estimate is too high. */
void rate_control_cut(RateControl *control, const RateInput *input);
/** A probe found BPS; LIMIT: and no more. */
void rate_control_found(RateControl *control, double bps, bool limit);
/** Growth over DT_US without overuse. */
void rate_control_grow(RateControl *control, const RateInput *input, int64_t dt_us);

typedef enum { LOSS_STEADY, LOSS_CUT, LOSS_CAUSED, LOSS_USUAL } LossVerdict;
/** Loss has risen: LOSS_CUT, a trial begins. At its end: LOSS_CAUSED (it fell with the rate) or
 * LOSS_USUAL (it did not, the rate is back). */
LossVerdict rate_control_on_loss(RateControl *control, const RateInput *input, unsigned n_packets,
                                 int64_t now_us);
/** After a silence: half of what there was. */
void rate_control_resume(RateControl *control);

/** A queue that needs no emptying: the packet on the link, some jitter. */
int64_t rate_control_free_queue_us(const RateControl *control);
/** What may be sent now: the estimate less what empties the queue. */
uint32_t rate_control_target(const RateControl *control);
