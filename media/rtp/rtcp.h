// SPDX-License-Identifier: Apache-2.0
/* RTCP packets (RFC 3550, section 6): walking a compound, reports, SDES, BYE; reading and writing.
 * Feedback messages are in rtcp_fb.h and rtcp_twcc.h. Pure; any thread. A packet of a type that
 * this server does not know (APP, XR) is walked over. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    RTCP_SR = 200,
    RTCP_RR = 201,
    RTCP_SDES = 202,
    RTCP_BYE = 203,
    RTCP_APP = 204,
    RTCP_RTPFB = 205,
    RTCP_PSFB = 206,
    RTCP_XR = 207,
} RtcpType;

typedef enum {
    RTCP_OK = 0,
    RTCP_END, /* rtcp_iter_next(), *_get(): nothing more */
    RTCP_TOO_SHORT,
    RTCP_BAD_VERSION,
    RTCP_BAD_LENGTH,
    RTCP_BAD_PADDING,
    RTCP_BAD_COUNT, /* a count field promises more than the packet holds, or than is taken */
    RTCP_BAD_TYPE,  /* the packet is not what the parser was called for */
    RTCP_BAD_VALUE,
    RTCP_NO_SPACE,
} RtcpResult;

enum { RTCP_REPORT_BLOCKS_MAX = 31, RTCP_CNAME_MAX = 255 };

/** One packet of a compound; BODY is what follows its four-byte header, without padding. */
typedef struct {
    uint8_t type;  /* RtcpType, or another number */
    uint8_t count; /* five bits: report count, source count or feedback format */
    const uint8_t *body;
    size_t body_size;
} RtcpPacket;

typedef struct {
    const uint8_t *data;
    size_t size;
    size_t offset;
} RtcpIter;

typedef struct {
    uint32_t ssrc;
    uint64_t ntp; /* 32.32 fixed point seconds since 1900 */
    uint32_t rtp_timestamp;
    uint32_t n_packets;
    uint32_t n_octets;
} RtcpSenderInfo;

typedef struct {
    uint32_t ssrc;
    uint8_t fraction_lost;        /* of 256 */
    int32_t cumulative_lost;      /* 24 bits, signed */
    uint32_t highest_sequence;    /* extended */
    uint32_t jitter;              /* in timestamp units */
    uint32_t last_sr;             /* middle 32 bits of the NTP time; 0: none came yet */
    uint32_t delay_since_last_sr; /* 1/65536 s */
} RtcpReportBlock;

/** A BYE; the reason is unused here, but its length is checked. */
typedef struct {
    uint32_t ssrcs[RTCP_REPORT_BLOCKS_MAX];
    size_t n_ssrcs;
} RtcpBye;

/** One SDES chunk's CNAME; TEXT lies in the packet and has no NUL. */
typedef struct {
    uint32_t ssrc;
    const char *text; /* NULL when the chunk has no CNAME */
    size_t size;
} RtcpCname;

/** Writes packets one behind the other into DATA. A packet that does not fit leaves it as it was.
 */
typedef struct {
    uint8_t *data;
    size_t capacity;
    size_t size;
} RtcpWriter;

/** Starts at the first packet of a compound. Reduced-size compounds are taken (RFC 5506), so the
 * first packet may be of any type. */
void rtcp_iter_init(RtcpIter *iter, const uint8_t *data, size_t size);
/** RTCP_OK with a packet, RTCP_END, or what is wrong; after an error the walk is over. */
RtcpResult rtcp_iter_next(RtcpIter *iter, RtcpPacket *ret_packet) G_GNUC_WARN_UNUSED_RESULT;

/** The SSRC of the sender: the first word of SR, RR and every feedback message. */
RtcpResult rtcp_sender_ssrc(const RtcpPacket *packet, uint32_t *ret_ssrc) G_GNUC_WARN_UNUSED_RESULT;
RtcpResult rtcp_sr_parse(const RtcpPacket *packet,
                         RtcpSenderInfo *ret_info) G_GNUC_WARN_UNUSED_RESULT;
/** Report block INDEX of an SR or RR; RTCP_END beyond the last. */
RtcpResult rtcp_report_get(const RtcpPacket *packet, unsigned index,
                           RtcpReportBlock *ret_block) G_GNUC_WARN_UNUSED_RESULT;
/** The CNAME of chunk INDEX; RTCP_END beyond the last. */
RtcpResult rtcp_sdes_get(const RtcpPacket *packet, unsigned index,
                         RtcpCname *ret_cname) G_GNUC_WARN_UNUSED_RESULT;
RtcpResult rtcp_bye_parse(const RtcpPacket *packet, RtcpBye *ret_bye) G_GNUC_WARN_UNUSED_RESULT;

RtcpResult rtcp_write_sr(RtcpWriter *writer, const RtcpSenderInfo *info,
                         const RtcpReportBlock *blocks, size_t n_blocks) G_GNUC_WARN_UNUSED_RESULT;
RtcpResult rtcp_write_rr(RtcpWriter *writer, uint32_t ssrc, const RtcpReportBlock *blocks,
                         size_t n_blocks) G_GNUC_WARN_UNUSED_RESULT;
/** One chunk with a CNAME of 1 to RTCP_CNAME_MAX bytes. */
RtcpResult rtcp_write_sdes(RtcpWriter *writer, uint32_t ssrc,
                           const char *cname) G_GNUC_WARN_UNUSED_RESULT;
RtcpResult rtcp_write_bye(RtcpWriter *writer, const uint32_t *ssrcs,
                          size_t n_ssrcs) G_GNUC_WARN_UNUSED_RESULT;

/** Room for a packet of TYPE with BODY_SIZE bytes (a multiple of 4): writes its header, counts it
 * in, and gives the body; NULL when it does not fit. For the writers of this folder. */
uint8_t *rtcp_writer_reserve(RtcpWriter *writer, RtcpType type, uint8_t count, size_t body_size);

const char *rtcp_result_name(RtcpResult result);
