// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_sender.h"

#include <glib.h>

#include "tests/sim/sim_link.h"

enum {
    MS = 1000,
    RED_HEADER = 5,
    ENCODER_LAG_US = 500 * MS, /* hint over the page, then the encoder's own window */
    KEY_FRAME_BYTES = 2600,    /* VP8, 240 x 135, measured */
    KEY_FRAME_OF_MEAN = 5,
    KEY_APART_US = 500 * MS,
    DEBT_US = 300 * MS, /* an encoder that is ahead by this much leaves out frames */
    STILL_BYTES = 2200, /* 160 x 90 */
};

/* libvpx's L1T2 (the page asks for it): every other frame, 60 % of the bits. */
static const double LAYER_0 = 0.6;

bool sim_speech_source_next(SimSpeechSource *source, const SimPlan *plan, int64_t now_us,
                            size_t *ret_bytes)
{
    if (now_us < source->next_us)
        return false;
    source->next_us = now_us + plan->packet_ms * MS;
    source->number++;
    size_t frame = plan->opus_bps / 8 * plan->packet_ms / 1000;
    *ret_bytes = frame * (1 + plan->distance) + RED_HEADER * plan->distance;
    return true;
}

bool sim_video_source_next(SimVideoSource *source, const SimPlan *plan, int64_t now_us,
                           SimVideoFrame *ret_frame)
{
    double dt_us = (double)(now_us - source->at_us);
    source->at_us = now_us;
    double step = MIN(dt_us / ENCODER_LAG_US, 1);
    source->encoder_bps += step * (plan->video_bps - source->encoder_bps);
    if (plan->video_bps == 0)
        source->encoder_bps = 0;
    source->debt_bits = MAX(source->debt_bits - dt_us * source->encoder_bps / 1e6, 0);
    if (plan->video_bps == 0 || now_us < source->next_us)
        return false;
    int64_t interval_us = (int64_t)(1e6 / plan->fps);
    source->next_us = now_us + interval_us;
    bool key = plan->stills || (source->key_wanted && now_us - source->key_us > KEY_APART_US);
    if (!key && source->debt_bits > source->encoder_bps * DEBT_US / 1e6)
        return false;
    double mean = source->encoder_bps / 8 / plan->fps;
    source->temporal_id = key ? 0 : !source->temporal_id;
    double layer = source->temporal_id == 0 ? 2 * LAYER_0 : 2 * (1 - LAYER_0);
    double bytes = layer * mean * (0.6 + 0.8 * sim_random(&source->random));
    if (key) {
        bytes = plan->stills ? STILL_BYTES : MAX(KEY_FRAME_BYTES, KEY_FRAME_OF_MEAN * mean);
        source->key_us = now_us;
        source->key_wanted = false;
    }
    source->debt_bits += 8 * bytes;
    source->number++;
    *ret_frame = (SimVideoFrame){(size_t)MAX(bytes, 60), key, source->temporal_id};
    return true;
}
