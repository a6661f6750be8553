// SPDX-License-Identifier: Apache-2.0
/* The VP9 payload descriptor (RFC 9628, section 4.2) and the first byte of a frame header (VP9
 * bitstream specification, section 6.2). Pure; any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    VP9_OK = 0,
    VP9_TOO_SHORT,
    VP9_BAD_REFERENCES, /**< over three */
} Vp9Result;

/*       0 1 2 3 4 5 6 7
 *      +-+-+-+-+-+-+-+-+
 *      |I|P|L|F|B|E|V|Z| (required)
 *      +-+-+-+-+-+-+-+-+
 *  I:  |M| PICTURE ID  | (with M another byte follows)
 *      +-+-+-+-+-+-+-+-+
 *  L:  | TID |U| SID |D|
 *      +-+-+-+-+-+-+-+-+
 *      |   TL0PICIDX   | (with L, without F)
 *      +-+-+-+-+-+-+-+-+
 *  P,F:| P_DIFF      |N| (with both; up to 3 times, as long as N)
 *      +-+-+-+-+-+-+-+-+
 *  V:  | SS            | (scalability structure)
 *      +-+-+-+-+-+-+-+-+ */
typedef struct {
    bool inter_predicted;    /* P: refers to pictures before */
    bool flexible;           /* F */
    bool starts_layer_frame; /* B: of one spatial layer */
    bool ends_layer_frame;   /* E */
    bool not_referred_to;    /* Z: no higher spatial layer needs it */
    uint8_t picture_id_bits; /* 0 (none), 7 or 15 */
    uint16_t picture_id;
    bool has_layers; /* L */
    uint8_t temporal_id;
    bool switching_up; /* U: higher temporal layers may begin after it */
    uint8_t spatial_id;
    bool inter_layer; /* D: refers to the spatial layer below */
    bool has_tl0_index;
    uint8_t tl0_index;
    bool has_structure; /* V */
    uint8_t n_spatial;  /* of the structure, 1 to 8; 0: not given */
    uint16_t width;     /* of its highest spatial layer; 0: not given */
    uint16_t height;
    size_t size; /* of the descriptor: the VP9 data follow */
} Vp9Descriptor;

/** Parses the descriptor at the start of an RTP payload; at least one byte of VP9 data follows it.
 */
Vp9Result vp9_descriptor_parse(const uint8_t *payload, size_t size,
                               Vp9Descriptor *ret_descriptor) G_GNUC_WARN_UNUSED_RESULT;

/** This packet is the first of a picture: the start of its lowest spatial layer. */
bool vp9_starts_frame(const Vp9Descriptor *descriptor);

/** This packet is the first of a picture from which decoding can begin: the descriptor refers to
 * nothing, and the frame header says key frame. */
bool vp9_starts_key_frame(const uint8_t *payload, size_t size, const Vp9Descriptor *descriptor);

const char *vp9_result_name(Vp9Result result);
