// SPDX-License-Identifier: Apache-2.0
/* RTCP feedback messages (RFC 4585, RFC 5104, draft-alvestrand-rmcat-remb-03): generic NACK, PLI,
 * FIR, REMB; reading and writing. Pure; any thread. */
#pragma once
#include "media/rtp/rtcp.h"

/** The format in RtcpPacket.count of RTCP_RTPFB. */
enum { RTCP_RTPFB_NACK = 1, RTCP_RTPFB_TWCC = 15 };
/** The format in RtcpPacket.count of RTCP_PSFB; 15 is an application message, REMB among them. */
enum { RTCP_PSFB_PLI = 1, RTCP_PSFB_FIR = 4, RTCP_PSFB_APPLICATION = 15 };

/*  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|   FMT   |       PT      |          length               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                  SSRC of packet sender                        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                  SSRC of media source                         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * :            Feedback Control Information (FCI)                 :
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+ */
typedef struct {
    uint32_t sender_ssrc;
    uint32_t media_ssrc;
    const uint8_t *fci; /* lies in the packet */
    size_t fci_size;
} RtcpFeedback;

typedef struct {
    uint32_t ssrc;
    uint8_t sequence;
} RtcpFirEntry;

enum { RTCP_REMB_SSRCS_MAX = 255 };

typedef struct {
    uint32_t sender_ssrc;
    uint64_t bitrate_bps; /* UINT64_MAX when the message says more */
    uint8_t n_ssrcs;
    const uint8_t *ssrcs; /* big-endian words in the packet: bytes_read_u32(ssrcs + 4 * i) */
} RtcpRemb;

/** The common part of an RTPFB or PSFB. */
RtcpResult rtcp_feedback_parse(const RtcpPacket *packet,
                               RtcpFeedback *ret_feedback) G_GNUC_WARN_UNUSED_RESULT;

/** The lost sequence numbers that a generic NACK names (RFC 4585, section 6.2.1), in its order, at
 * most MAX; more than that are left off. *ret_media_ssrc is the stream. */
RtcpResult rtcp_nack_parse(const RtcpPacket *packet, uint32_t *ret_media_ssrc, uint16_t *sequences,
                           size_t max, size_t *ret_n) G_GNUC_WARN_UNUSED_RESULT;
/** A PLI (RFC 4585, section 6.3.1). */
RtcpResult rtcp_pli_parse(const RtcpPacket *packet,
                          uint32_t *ret_media_ssrc) G_GNUC_WARN_UNUSED_RESULT;
/** Entry INDEX of a FIR (RFC 5104, section 4.3.1); RTCP_END beyond the last. */
RtcpResult rtcp_fir_get(const RtcpPacket *packet, unsigned index,
                        RtcpFirEntry *ret_entry) G_GNUC_WARN_UNUSED_RESULT;
/** RTCP_BAD_TYPE when the application message is another than REMB. */
RtcpResult rtcp_remb_parse(const RtcpPacket *packet, RtcpRemb *ret_remb) G_GNUC_WARN_UNUSED_RESULT;

/** SEQUENCES ascending (with wrap-around), at least one; packed into as few items as they take. */
RtcpResult rtcp_write_nack(RtcpWriter *writer, uint32_t sender_ssrc, uint32_t media_ssrc,
                           const uint16_t *sequences, size_t n) G_GNUC_WARN_UNUSED_RESULT;
RtcpResult rtcp_write_pli(RtcpWriter *writer, uint32_t sender_ssrc,
                          uint32_t media_ssrc) G_GNUC_WARN_UNUSED_RESULT;
RtcpResult rtcp_write_fir(RtcpWriter *writer, uint32_t sender_ssrc, const RtcpFirEntry *entries,
                          size_t n) G_GNUC_WARN_UNUSED_RESULT;
/** The bitrate is rounded down to what 18 bits of mantissa hold. */
RtcpResult rtcp_write_remb(RtcpWriter *writer, uint32_t sender_ssrc, uint64_t bitrate_bps,
                           const uint32_t *ssrcs, size_t n) G_GNUC_WARN_UNUSED_RESULT;
