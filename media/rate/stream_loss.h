// SPDX-License-Identifier: Apache-2.0
/* What one receiver's link loses of one stream, by its reports (RFC 3550, 6.4.1). What was lost on
 * the publisher's link leaves holes in the outgoing numbers, and reports count those as lost: they
 * are taken out again, as it is known which numbers have left. A plain value, zeroed at first; one
 * thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "media/rtp/rtcp.h"

/** How far a report may lie behind what has left. */
enum { STREAM_LOSS_NUMBERS = 2048 };

typedef struct {
    bool has_sent;
    int64_t first; /* extended, as all numbers here */
    int64_t highest;
    uint64_t n_sent;
    int64_t reported;       /* the highest that a report told of; 0: none yet */
    uint64_t reported_sent; /* how many of those up to it had left */
    int64_t lost;           /* of these; below 0 when the client began later than the stream */
    uint64_t left[STREAM_LOSS_NUMBERS / 64];
} StreamLoss;

/** A packet with this number leaves for the first time. */
void stream_loss_on_sent(StreamLoss *loss, uint16_t sequence);

/** How many packets the report is the first to tell of, and how many of them were lost. False: it
 * is an old one, or of packets that never left. */
bool stream_loss_on_report(StreamLoss *loss, const RtcpReportBlock *block, unsigned *ret_n_sent,
                           unsigned *ret_n_lost);

/** Lost so far, as last reported. */
uint64_t stream_loss_total(const StreamLoss *loss);
