// SPDX-License-Identifier: Apache-2.0
/* One outgoing stream whose SSRC, sequence and timestamps stay continuous while the source behind
 * it changes (a publisher's reload, another layer). An outgoing sequence number is given out at
 * most once: under GCM a second packet with it would reuse a nonce (RFC 7714, section 8). Plain
 * values, embedded in their forwarder; one thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "media/rtp/rtp.h"
#include "media/rtp/vp8.h"

enum {
    REWRITE_WINDOW = 1024, /* how far back a late packet may lie, in packets */
    REWRITE_SPANS = 16,    /* runs of packets left out that late packets are still mapped around */
    REWRITE_FRAMES = REWRITE_SPANS, /* the same for frames and their picture ids */
};

typedef enum {
    REWRITE_OK = 0,
    REWRITE_OTHER_SOURCE, /* not from the source that is current */
    REWRITE_DUPLICATE,
    REWRITE_OLD,  /* from before the source's start, or out of the window */
    REWRITE_JUMP, /* too far ahead to be loss: start the source anew */
} RewriteResult;

/** From input number FIRST on, the outgoing number is the input number plus OFFSET; the N_SKIPPED
 * numbers before FIRST have none. */
typedef struct {
    int64_t first;
    int64_t offset;
    int64_t n_skipped;
} RewriteSpan;

typedef struct {
    uint32_t clock_rate;
    uint32_t source; /* the caller's name for it */
    bool has_source;
    bool has_output;
    int64_t first_input;    /* of this source, extended */
    int64_t highest_input;  /* of this source, extended */
    int64_t highest_output; /* extended; starts above 2^16 */
    uint32_t timestamp_offset;
    uint32_t last_timestamp; /* the latest sent */
    int64_t last_us;         /* when it was sent */
    unsigned n_spans;        /* oldest first */
    RewriteSpan spans[REWRITE_SPANS];
    uint64_t seen[REWRITE_WINDOW / 64]; /* outgoing numbers, by number modulo the window */
} RtpRewriter;

/** FIRST_SEQUENCE and FIRST_TIMESTAMP should be random (RFC 3550, section 5.1). */
void rtp_rewriter_init(RtpRewriter *rewriter, uint32_t clock_rate, uint16_t first_sequence,
                       uint32_t first_timestamp);

/** The packet with HEADER is the first of a new SOURCE (for video: of a key frame). It gets the
 * next number; its timestamp moves on by the time since the last packet. Map it afterwards as any
 * other. Packets of the old source are refused from now on. */
void rtp_rewriter_start(RtpRewriter *rewriter, uint32_t source, const RtpHeader *header,
                        int64_t now_us);

/** The packet with HEADER is the first after a pause of the same SOURCE (for video: of a key
 * frame): it gets the next number, however much was left out; timestamps go on as they were.
 * Packets from before it are refused from now on. */
void rtp_rewriter_resume(RtpRewriter *rewriter, uint32_t source, const RtpHeader *header);

/** The outgoing sequence number and timestamp of a packet. After REWRITE_OK the number is spent. */
RewriteResult rtp_rewriter_map(RtpRewriter *rewriter, uint32_t source, const RtpHeader *header,
                               int64_t now_us, uint16_t *ret_sequence,
                               uint32_t *ret_timestamp) G_GNUC_WARN_UNUSED_RESULT;

/** The packet with HEADER is not forwarded (padding, a dropped frame): the numbers close up over
 * it, so that the receiver does not take it for lost. Only the newest packet can be left out so; a
 * late one leaves a gap. */
void rtp_rewriter_skip(RtpRewriter *rewriter, uint32_t source, const RtpHeader *header);

/** The input number of an outgoing one that has been spent (a NACK names it); false when it is not
 * known any more. */
bool rtp_rewriter_find(const RtpRewriter *rewriter, uint16_t output, uint16_t *ret_input);

/** The outgoing timestamp for an input timestamp of the current source (sender reports). */
uint32_t rtp_rewriter_timestamp(const RtpRewriter *rewriter, uint32_t timestamp);

/** Keeps VP8 picture ids and TL0 indexes continuous (RFC 7741, section 4.2: a picture id grows by
 * one a frame). */
typedef struct {
    bool has_source;
    bool has_output;
    uint16_t picture_id_offset;
    uint8_t tl0_offset;
    uint16_t last_picture_id; /* outgoing, 15 bits */
    uint8_t last_tl0_index;
    bool has_newest;
    int64_t newest;     /* incoming id of the newest frame, forwarded or not; extended */
    unsigned n_skipped; /* in all; the last REWRITE_FRAMES of them are in the ring */
    int64_t skipped[REWRITE_FRAMES];
} Vp8Rewriter;

/** Starts at PICTURE_ID (15 bits, random). */
void vp8_rewriter_init(Vp8Rewriter *rewriter, uint16_t picture_id);
/** The frame with DESCRIPTOR is the first of a new source, or after a pause. */
void vp8_rewriter_start(Vp8Rewriter *rewriter, const Vp8Descriptor *descriptor);
/** A packet of a frame that is not forwarded (a temporal layer above what the receiver gets): later
 * picture ids close up over the frame. Only the newest frame can be left out so, as with
 * rtp_rewriter_skip(). */
void vp8_rewriter_skip(Vp8Rewriter *rewriter, const Vp8Descriptor *descriptor);
/** Rewrites the descriptor in PAYLOAD, from which DESCRIPTOR was parsed. */
void vp8_rewriter_apply(Vp8Rewriter *rewriter, uint8_t *payload, const Vp8Descriptor *descriptor);

const char *rewrite_result_name(RewriteResult result);
