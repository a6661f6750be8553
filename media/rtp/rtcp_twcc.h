// SPDX-License-Identifier: Apache-2.0
/* Transport-wide feedback messages (draft-holmer-rmcat-transport-wide-cc-extensions-01, section
 * 3.1): reading and writing. Pure; any thread. */
#pragma once
#include "media/rtp/rtcp.h"

/** Packets that one message may report: a run length of 8191 costs two bytes, so a count is a
 * stranger's claim on our time. 1024 are 250 ms at 4,000 packets a second. */
enum { RTCP_TWCC_STATUSES_MAX = 1024 };

/** Of one packet, in the order of transport sequence numbers. */
typedef struct {
    uint16_t sequence;
    bool received;
    int64_t arrival_us; /* on the receiver's clock modulo 2^24 * 64 ms; only when received */
} RtcpTwccStatus;

typedef struct {
    uint32_t sender_ssrc;
    uint32_t media_ssrc;
    uint8_t feedback_count;
} RtcpTwccInfo;

/** Reads a message into STATUSES; RTCP_BAD_COUNT when it reports more than MAX packets, none, or
 * more than its chunks describe. */
RtcpResult rtcp_twcc_parse(const RtcpPacket *packet, RtcpTwccInfo *ret_info,
                           RtcpTwccStatus *statuses, size_t max,
                           size_t *ret_n) G_GNUC_WARN_UNUSED_RESULT;

/** Writes as many of the N statuses as fit into the writer and can be told in one message (at most
 * RTCP_TWCC_STATUSES_MAX; a delta has 16 bits of 250 us), cut so that the last one told is a
 * received packet or the last of all; *ret_n_written says how many. Statuses have consecutive
 * sequence numbers; at least one is received. Arrival times may go back. */
RtcpResult rtcp_write_twcc(RtcpWriter *writer, const RtcpTwccInfo *info,
                           const RtcpTwccStatus *statuses, size_t n,
                           size_t *ret_n_written) G_GNUC_WARN_UNUSED_RESULT;
