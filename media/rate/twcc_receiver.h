// SPDX-License-Identifier: Apache-2.0
/* The receiving side of transport-wide congestion control: notes when each packet of one transport
 * came and writes the feedback to its sender (draft-holmer-rmcat-transport-wide-cc-extensions-01).
 * All memory is taken by twcc_receiver_new(). One owner, its thread only. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "media/rtp/rtcp.h"

enum {
    TWCC_WINDOW = 2048,               /* packets remembered */
    TWCC_BACK_WINDOW_US = 500 * 1000, /* a packet this late is reported again from there on */
    TWCC_INTERVAL_MIN_US = 50 * 1000,
    TWCC_INTERVAL_MAX_US = 250 * 1000,
};

typedef struct TwccReceiver TwccReceiver;

TwccReceiver *twcc_receiver_new(void);
void twcc_receiver_free(TwccReceiver *receiver);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TwccReceiver, twcc_receiver_free)

/** Notes the arrival of a packet with transport sequence number SEQUENCE. */
void twcc_receiver_on_packet(TwccReceiver *receiver, uint16_t sequence, int64_t now_us);

/** Packets came that no feedback has told of. */
bool twcc_receiver_pending(const TwccReceiver *receiver);

/** Appends one feedback message. RTCP_END: nothing to tell. RTCP_NO_SPACE: not even the smallest
 * fits. After RTCP_OK call again: a large gap takes several messages. */
RtcpResult twcc_receiver_write(TwccReceiver *receiver, uint32_t sender_ssrc, uint32_t media_ssrc,
                               RtcpWriter *writer) G_GNUC_WARN_UNUSED_RESULT;

/** How long to wait between feedback so that it takes at most 5 % of RATE_BPS, the incoming rate:
 * within TWCC_INTERVAL_MIN_US and TWCC_INTERVAL_MAX_US. RATE_BPS 0: the longest. */
int64_t twcc_interval_us(uint64_t rate_bps);

/** Resend of feedback starts anew (the sender's transport was replaced). */
void twcc_receiver_reset(TwccReceiver *receiver);
