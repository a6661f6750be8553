// SPDX-License-Identifier: Apache-2.0
/* Puts the frames of several Opus packets into one packet without decoding them (RFC 6716, section
 * 3.2; libopus's repacketizer): 40 bytes of IP, UDP, RTP and SRTP tag are then paid once. Pure; no
 * allocation; any thread. The prefix is opusmerge_, as libopus owns opus_. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    OPUSMERGE_PARTS_MAX = 12, /**< packets of 10 ms in 120 ms */
    /** What merging adds to the sum of the parts at most: a TOC, a frame count and two bytes of
     * length for each of 48 frames, less the parts' own. */
    OPUSMERGE_OVERHEAD_MAX = 98,
};

typedef enum {
    OPUSMERGE_OK = 0,
    OPUSMERGE_NO_PARTS,   /**< none, or more than OPUSMERGE_PARTS_MAX */
    OPUSMERGE_BAD_PART,   /**< opusmerge_can_take() refuses it */
    OPUSMERGE_MISMATCHED, /**< another mode, bandwidth, frame size or channel count */
    OPUSMERGE_TOO_LONG,   /**< over 120 ms */
    OPUSMERGE_NO_SPACE,
} OpusMergeResult;

typedef struct {
    const uint8_t *data;
    size_t size;
} OpusMergePart;

/** Writes the frames of all PARTS, in order, as one packet; OUT must not overlap them. One part
 * comes out as its frames packed as tightly as can be. */
OpusMergeResult opusmerge_write(const OpusMergePart *parts, size_t n_parts, uint8_t *out,
                                size_t capacity, size_t *ret_size) G_GNUC_WARN_UNUSED_RESULT;

/** The packet can be a part: all its frames lie within SIZE, which opuspkt_parse() does not look
 * at, and it has no padding (RFC 6716, section 3.2.5), where newer encoders put extensions that
 * merging would lose. */
bool opusmerge_can_take(const uint8_t *data, size_t size);

const char *opusmerge_result_name(OpusMergeResult result);
