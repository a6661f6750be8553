// SPDX-License-Identifier: Apache-2.0
/* How long a sender holds its own pictures back before it sends them, and what it is asked for
 * then. A browser shares its estimate of the link among its encoders by the bitrates that it knows
 * of; sound with copies takes more than that, so that pictures wait in its pacer, up to two seconds
 * there, for as long as the estimate stays below what was asked for. Sound does not wait with them.
 * An RTP timestamp is the moment at which a picture was taken (libwebrtc), so what comes later and
 * later by it, while sound does not, waits there. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/** One stream's clock against ours; begins as {0}. */
typedef struct {
    uint32_t timestamp;    /* of the newest picture, 90 kHz */
    int64_t taken_us;      /* likewise, on the stream's clock */
    int64_t at_us;         /* when it came */
    int64_t after_us;      /* that it came after its time */
    int64_t least_us[2];   /* the least of that: in this window, and in the one before */
    int64_t window_us;     /* when this one began */
    int64_t drift_from_us; /* AFTER_US a minute ago, to tell a clock that is none */
    int64_t drift_at_us;
    int64_t odd_until_us; /* it is none until then */
    bool has_begun;
} SendClock;

/** A packet of a picture, not a repair: only the first one of each counts. After a gap it begins
 * anew. */
void send_clock_note(SendClock *clock, uint32_t timestamp, int64_t now_us);

/** How much later than the soonest of the last 10 to 20 s the newest picture came; 0: none came
 * just now. A delay that stays is no queue, and is forgotten in that time. */
int64_t send_clock_lag_us(const SendClock *clock, int64_t now_us);

/** What is asked for while pictures wait; begins as {0}. */
typedef struct {
    int64_t late_us;  /* since when they wait; 0: they do not */
    int64_t moved_us; /* when the limit was changed last */
    uint32_t most_bps;
    int64_t failed_us; /* when it was lowered last */
} SendLag;

/** LAG_US: of the stream that waits longest, less what the link's queue holds back. CAME_BPS: of
 * pictures on the wire in the last second, IS_STEADY: without a gap. Returns the most that pictures
 * are to take of the wire; 0: whatever they may. */
uint32_t send_lag_limit(SendLag *lag, int64_t lag_us, uint32_t came_bps, bool is_steady,
                        int64_t now_us);
