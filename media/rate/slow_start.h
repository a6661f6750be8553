// SPDX-License-Identifier: Apache-2.0
/* How what a link carries is found where no probe can find it: reports alone tell of it, or the
 * receiver takes no padding. As TCP does it (RFC 5681, 3.1): twice what was sent and came, step by
 * step, until the link is full: a sender report's round trip shows a queue, or loss does, or
 * feedback. A plain value; one thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "media/rate/rate_control.h"
#include "media/rate/send_rate.h"

typedef struct {
    bool is_over;
    bool has_queue;      /* the last round trip shows one, also when the start is over */
    int64_t base_rtt_us; /* the least of late; 0: none is known */
    int64_t trip_us;     /* when a round trip was last told */
    int64_t stepped_us;  /* the last step, or the beginning */
    double before_bps;   /* the estimate before it; 0: none yet */
    double goal_bps;     /* where it ends at the latest; 0: nothing is known */
    unsigned n_sent;     /* told of since the last step */
    unsigned n_lost;
} SlowStart;

void slow_start_init(SlowStart *start, int64_t now_us);
/** Moves the estimate by one report, up to CEILING_BPS. LINK_BPS: all that crosses the link now. */
void slow_start_on_report(SlowStart *start, RateControl *control, const SendReport *report,
                          uint32_t link_bps, uint32_t ceiling_bps, int64_t now_us);
/** What feedback shows where probes cannot be filled up. */
typedef struct {
    int64_t told_us;   /* when the newest packet left of which is told */
    uint32_t sent_bps; /* all that crosses the link */
} SlowStartSeen;
/** The same by feedback that shows no queue. */
void slow_start_on_feedback(SlowStart *start, RateControl *control, const SlowStartSeen *seen,
                            uint32_t ceiling_bps, int64_t now_us);
/** REPORT is the first after an outage. Behind it may be another link: half of the estimate, and
 * from there in steps up to what it was. */
void slow_start_resume(SlowStart *start, RateControl *control, const SendReport *report,
                       int64_t now_us);
/** The link was full once, or is known by probes. */
void slow_start_end(SlowStart *start);
