// SPDX-License-Identifier: Apache-2.0
/* A packet of a known source on its way to the slots. Inside media/relay only; the worker's thread.
 */
#pragma once
#include "media/relay/picture.h"
#include "media/relay/stream.h"
#include "media/rtp/rtp.h"

typedef struct {
    Layer *layer;
    const uint8_t *data;
    RtpHeader header; /**< of DATA */
    Picture picture;  /**< of video */
    bool is_late;     /**< newer ones came before it */
    bool has_level;   /**< of sound */
    uint8_t level;    /**< RFC 6464: 0 the loudest, 127 silence */
} Incoming;
