// SPDX-License-Identifier: Apache-2.0
/* The sources of a virtual call: an encoder of speech and one of pictures, which follow what they
 * are asked for as a browser's do: late, in frames of uneven size, with key frames when asked. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What the receiver's link allows. */
typedef struct {
    unsigned packet_ms;
    uint32_t opus_bps;
    unsigned distance;  /* of RED */
    uint32_t video_bps; /* 0: no picture */
    double fps;
    unsigned step; /* of the ladder */
    unsigned max_temporal_id;
    bool stills;         /* nothing but key frames, at this rate */
    uint32_t wanted_bps; /* what there would be to send */
    uint32_t repair_bps;
    bool held; /* nothing is heard of the link */
} SimPlan;

typedef struct {
    int64_t next_us;
    int64_t number; /* of the last packet */
} SimSpeechSource;

/** True: a packet of *RET_BYTES of payload, copies included, is due. */
bool sim_speech_source_next(SimSpeechSource *source, const SimPlan *plan, int64_t now_us,
                            size_t *ret_bytes);

typedef struct {
    double encoder_bps; /* follows the plan within half a second */
    double debt_bits;
    int64_t next_us;
    int64_t at_us;
    int64_t number;
    bool key_wanted;
    uint8_t temporal_id; /* of the last one */
    int64_t key_us;      /* last key frame */
    uint64_t random;
} SimVideoSource;

typedef struct {
    size_t bytes;
    bool key;
    uint8_t temporal_id;
} SimVideoFrame;

bool sim_video_source_next(SimVideoSource *source, const SimPlan *plan, int64_t now_us,
                           SimVideoFrame *ret_frame);
