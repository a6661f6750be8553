// SPDX-License-Identifier: Apache-2.0
/* What the relay needs to know of a packet of a picture, whichever its codec. Pure; any thread. */
#pragma once
#include "media/media.h"
#include "media/rtp/vp8.h"

typedef struct {
    bool is_vp8;
    Vp8Descriptor vp8; /**< with is_vp8 */
    bool starts_key_frame;
    uint8_t temporal_id; /**< 0 where there are no layers */
    bool layer_sync;     /**< with temporal_id > 0: needs nothing but layer 0 */
} Picture;

/** False: no payload of this codec. Layers are told for VP8 only, as only its numbers are written
 * anew. */
bool picture_look(MediaCodecName codec, const uint8_t *payload, size_t size, Picture *ret_picture);
