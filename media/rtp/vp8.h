// SPDX-License-Identifier: Apache-2.0
/* The VP8 payload descriptor (RFC 7741, section 4.2) and the start of a frame header (RFC 6386,
 * section 9.1). Pure; any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    VP8_OK = 0,
    VP8_TOO_SHORT,
    VP8_NOT_KEY_FRAME,
    VP8_BAD_START_CODE,
} Vp8Result;

/*       0 1 2 3 4 5 6 7
 *      +-+-+-+-+-+-+-+-+
 *      |X|R|N|S|R| PID | (required)
 *      +-+-+-+-+-+-+-+-+
 *  X:  |I|L|T|K| RSV   | (optional)
 *      +-+-+-+-+-+-+-+-+
 *  I:  |M| PictureID   | (optional; with M another byte follows)
 *      +-+-+-+-+-+-+-+-+
 *  L:  |   TL0PICIDX   | (optional)
 *      +-+-+-+-+-+-+-+-+
 *  T/K:|TID|Y| KEYIDX  | (optional)
 *      +-+-+-+-+-+-+-+-+ */
typedef struct {
    bool non_reference;      /* N: may be dropped without harm to other frames */
    bool starts_partition;   /* S */
    uint8_t partition;       /* PID */
    uint8_t picture_id_bits; /* 0 (none), 7 or 15 */
    uint16_t picture_id;
    bool has_tl0_index; /* L */
    uint8_t tl0_index;
    bool has_temporal_id; /* T */
    uint8_t temporal_id;
    bool layer_sync;    /* Y, with T */
    bool has_key_index; /* K */
    uint8_t key_index;
    size_t picture_id_offset; /* in the payload */
    size_t tl0_index_offset;
    size_t size; /* of the descriptor: the VP8 data follow */
} Vp8Descriptor;

/** Parses the descriptor at the start of an RTP payload; at least one byte of VP8 data follows it.
 */
Vp8Result vp8_descriptor_parse(const uint8_t *payload, size_t size,
                               Vp8Descriptor *ret_descriptor) G_GNUC_WARN_UNUSED_RESULT;

/** This packet is the first of a frame (RFC 7741, section 4.2: S = 1 and PID = 0). */
bool vp8_starts_frame(const Vp8Descriptor *descriptor);

/** This packet is the first of a key frame (P bit of RFC 7741, section 4.3). */
bool vp8_starts_key_frame(const uint8_t *payload, size_t size, const Vp8Descriptor *descriptor);

/** Width and height of a key frame from its first packet (RFC 6386, section 9.1). */
Vp8Result vp8_key_frame_size(const uint8_t *payload, size_t size, const Vp8Descriptor *descriptor,
                             uint16_t *ret_width, uint16_t *ret_height) G_GNUC_WARN_UNUSED_RESULT;

/** Writes picture id and TL0 index into the fields that the descriptor has; lengths stay, so a
 * picture id is cut to its 7 or 15 bits. */
void vp8_descriptor_rewrite(uint8_t *payload, const Vp8Descriptor *descriptor, uint16_t picture_id,
                            uint8_t tl0_index);

const char *vp8_result_name(Vp8Result result);
