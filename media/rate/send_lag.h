// SPDX-License-Identifier: Apache-2.0
/** How long a sender holds its own pictures back before it sends them, and what it is asked for
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
    uint32_t timestamp; /* of the newest picture, 90 kHz */
    int64_t taken_us;   /* likewise, on the stream's clock */
    int64_t least_us;   /* that one came after its time; 0 with has_begun false */
    int64_t at_us;      /* when the newest came */
    int64_t lag_us;     /* of the newest, above the least */
    bool has_begun;
} SendClock;

/** A packet of a picture, not a repair: only the first one of each counts. */
void send_clock_note(SendClock *clock, uint32_t timestamp, int64_t now_us);

/** How much later than the soonest the newest picture came; 0: none came lately. */
int64_t send_clock_lag_us(const SendClock *clock, int64_t now_us);

/** What is asked for while pictures wait; begins as {0}. */
typedef struct {
    int64_t late_us;  /* since when they wait; 0: they do not */
    int64_t moved_us; /* when the limit was changed last */
    uint32_t most_bps;
} SendLag;

/** LAG_US: of the stream that waits longest, less what the link's queue holds back. CAME_BPS: of
 * pictures on the wire in the last second. Returns the most that pictures are to take of the wire;
 * 0: whatever they may. */
uint32_t send_lag_limit(SendLag *lag, int64_t lag_us, uint32_t came_bps, int64_t now_us);
