// SPDX-License-Identifier: Apache-2.0
/* When to try whether a link carries more, how much to send for it, and what the answer says. A
 * plain value, zeroed at first; one thread. One probe at a time; its packets are those sent from
 * its beginning until its bytes are out, so speech and picture do part of the work. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "media/rate/send_rate.h"

/** What the controller knows when it asks for a probe. */
typedef struct {
    uint32_t estimate_bps;
    uint32_t ceiling_bps;  /* there is no use for more */
    uint32_t capacity_bps; /* where it last met the limit, 0: not met */
    uint32_t sent_bps;
    int64_t rtt_us;
    bool empty; /* no queue at all */
    bool quiet; /* no overuse, no queue, feedback comes */
} ProbeNeed;

typedef enum { PROBE_NONE, PROBE_UNCLEAR, PROBE_GOOD, PROBE_LIMIT } ProbeResult;

typedef struct {
    unsigned id; /* of the probe under way or the last one */
    bool under_way;
    bool sending;
    uint32_t rate_bps;
    size_t n_bytes;
    size_t bytes_sent;
    int64_t from_us;
    int64_t first_us; /* of its packets */
    int64_t last_sent_us;
    size_t last_bytes;
    unsigned n_sent;
    unsigned n_arrived;
    unsigned n_told; /* of the sent ones, arrived or lost */
    bool lost_more;  /* than padding */
    /* Regression of delay on sending time, both against the first arrival. */
    int64_t first_sent_us;
    int64_t first_delay_us;
    int64_t first_own_us, last_own_us; /* their own time on a link of the tried rate */
    double sum_x, sum_y, sum_own, sum_xx, sum_xy, sum_xown;
    int64_t last_x_us, last_y_us; /* of the last arrival */
    size_t bytes_after_first;     /* that arrived */

    int64_t next_us;     /* not before */
    int64_t interval_us; /* between tries that find nothing; 0 at first */
    uint32_t goal_bps;   /* one try at this, after a cut or from memory; 0: none */
    bool ramp;           /* the last try found all it tried */
    bool was_lossy;      /* much of the last try was lost */
    unsigned n_done;
    unsigned n_good;
} Probe;

/** True: carry *RET_PROBE out from NOW_US on. */
bool probe_start(Probe *probe, const ProbeNeed *need, int64_t now_us, SendProbe *ret_probe);
/** A packet leaves; returns the probe it belongs to, 0: none. */
unsigned probe_on_sent(Probe *probe, size_t wire_bytes, int64_t now_us);
/** Feedback on a packet of probe ID. */
void probe_on_arrived(Probe *probe, unsigned id, size_t wire_bytes, int64_t sent_us,
                      int64_t delay_us);
void probe_on_lost(Probe *probe, unsigned id, bool is_padding);
/** The answer, once, when all is told or the time is over. USUAL_LOSS: share that this link loses
 * anyway. With PROBE_GOOD and PROBE_LIMIT *RET_BPS is what the link carried. */
ProbeResult probe_judge(Probe *probe, const ProbeNeed *need, double usual_loss, int64_t now_us,
                        uint32_t *ret_bps);

/** Tries GOAL_BPS next, not before FROM_US. */
void probe_aim(Probe *probe, uint32_t goal_bps, int64_t from_us);
/** The estimate was cut or all is silent: what is under way says nothing. */
void probe_abandon(Probe *probe, int64_t next_us);
