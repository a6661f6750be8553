// SPDX-License-Identifier: Apache-2.0
/* Reception statistics of one incoming stream (RFC 3550, sections 6.4, A.1, A.3 and A.8) and round
 * trips from report blocks. Plain values; one thread. Only packets that came by themselves are
 * counted, not those that a retransmission brought. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "media/rtp/rtcp.h"

typedef struct {
    uint32_t clock_rate;
    bool started;
    uint16_t highest_sequence;
    uint32_t cycles; /* shifted count of wrap-arounds */
    uint32_t base_sequence;
    uint32_t bad_sequence; /* 65537: none */
    uint64_t n_received;   /* since base_sequence */
    uint64_t n_lost_before;
    uint64_t n_received_before; /* counted before a restart of the sequence */
    uint32_t expected_prior;
    uint32_t received_prior;
    bool has_transit;
    uint32_t last_timestamp;
    int64_t last_arrival_us;
    uint32_t jitter_q4; /* in 1/16 timestamp units */
    bool has_sr;
    uint64_t sr_ntp;
    int64_t sr_us; /* when it came */
} RtpStats;

void rtp_stats_init(RtpStats *stats, uint32_t clock_rate);

/** Notes a packet. */
void rtp_stats_on_packet(RtpStats *stats, uint16_t sequence, uint32_t timestamp, int64_t now_us);

/** Notes a sender report of this stream, for LSR and DLSR. */
void rtp_stats_on_sr(RtpStats *stats, uint64_t ntp, int64_t now_us);

/** Makes the report block for SSRC; the fraction lost counts from the last call. False while no
 * packet has come. */
bool rtp_stats_report(RtpStats *stats, uint32_t ssrc, int64_t now_us, RtcpReportBlock *ret_block);

/** Packets lost so far, 0 or more, and received, over restarts of the sequence. */
uint64_t rtp_stats_lost(const RtpStats *stats);
uint64_t rtp_stats_received(const RtpStats *stats);
/** Interarrival jitter in microseconds. */
int64_t rtp_stats_jitter_us(const RtpStats *stats);

/** NTP time (32.32, since 1900) of WALL_US, microseconds since 1970. */
uint64_t ntp_from_wall_us(int64_t wall_us);
/** Middle 32 bits, as LSR has them. */
uint32_t ntp_middle(uint64_t ntp);

/** Round trip from a report block on a stream of ours (RFC 3550, section 6.4.1). False when the
 * block answers no report or the numbers make none: negative, or above a minute. */
bool rtp_rtt_us(const RtcpReportBlock *block, uint64_t now_ntp, int64_t *ret_rtt_us);
