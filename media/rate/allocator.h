// SPDX-License-Identifier: Apache-2.0
/* Shares what one receiver's link carries among its sound and pictures: sound with its redundancy
 * first, pictures of the rest. Steps down after 2 s (at once when the queue grows over 300 ms or
 * sound itself does not fit), up after 10 s with headroom, slower each time that a step up did not
 * last. Pure: everything comes in, everything goes out; the Allocator keeps the steps and the time
 * for which the next ones have been possible. Plain values, no allocation; one thread.
 *
 * All rates are of the wire, headers included, but those named opus_bps and AllocatorWish's. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "media/media.h"
#include "media/rate/audio_ladder.h"
#include "media/rate/layer_choice.h"
#include "media/rate/patience.h"
#include "media/rate/video_ladder.h"

enum {
    ALLOCATOR_MAX_VIDEO = 8,
    ALLOCATOR_ALL_LAYERS = 7, /* max_temporal_id: nothing is left out */
};

typedef struct {
    bool has_source; /* somebody's camera or screen is on */
    bool is_screen;
    bool sender_too_thin;   /* uplink: the sender has no room for a picture */
    bool sender_stills;     /* it was asked for single pictures or none, and what comes agrees */
    uint32_t source_id;     /* another number: another picture */
    uint32_t sender_bps;    /* what its uplink may carry of video at most; 0: not known */
    size_t key_frame_bytes; /* wire size of its last key frame (lowest layer); 0: not known */
    unsigned n_layers;      /* lowest first */
    LayerInput layers[LAYER_MAX];
} AllocatorVideoInput;

typedef struct {
    /* SendRateView. */
    uint32_t target_bps;
    uint8_t loss_q8;
    unsigned loss_run_x10;
    int64_t rtt_us;
    int64_t queue_us;
    bool overused;
    bool has_feedback;
    bool blackout;
    bool is_lost;

    unsigned packet_overhead; /* of a sound packet: IP, UDP, RTP, extensions, tag; 0: 64 */
    unsigned n_audio;         /* streams that are forwarded now */
    uint32_t opus_bps; /* of all of them, as they come in, silence not counted; 0: not known */
    bool has_red;      /* the receiver takes RED */
    bool has_opus_nack;
    unsigned n_video; /* in order of priority: allocator_rank() */
    AllocatorVideoInput video[ALLOCATOR_MAX_VIDEO];
} AllocatorInput;

/** What this receiver would like one sender to do. hint_combine() makes one hint of all of them. */
typedef struct {
    uint32_t audio_bps; /* of Opus alone */
    unsigned ptime_ms;
    bool audio_fec;
    uint32_t video_bps; /* of the encoder alone; 0: no picture */
    unsigned height;
    unsigned fps_tenths;
    bool stills;
    bool is_screen; /* height and rate are steps of a screen */
} AllocatorWish;

typedef enum {
    ALLOCATOR_OFF,    /* forward nothing */
    ALLOCATOR_STILLS, /* whole key frames only, one each still_interval_us: ask for them */
    ALLOCATOR_MOVING,
} AllocatorMode;

typedef struct {
    AllocatorMode mode;
    MediaPicture picture;
    uint32_t budget_bps;
    unsigned layer;           /* index into the input's layers */
    unsigned max_temporal_id; /* frames above are left out */
    int64_t still_interval_us;
    AllocatorWish wish;
} AllocatorVideoPlan;

typedef struct {
    AudioChoice audio;
    uint32_t audio_bps;  /* of all sound, redundancy included, that was set aside */
    uint32_t video_bps;  /* of all pictures together */
    uint32_t rtx_bps;    /* what retransmissions of pictures may take */
    uint32_t wanted_bps; /* for send_rate_set_wanted() */
    bool is_held;        /* nothing is heard of the link: no picture until it is */
    AllocatorWish wish;  /* of a sender whose picture has no slot here: sound alone */
    unsigned n_video;
    AllocatorVideoPlan video[ALLOCATOR_MAX_VIDEO];
} AllocatorPlan;

/** One picture's place on the ladder. */
typedef struct {
    bool is_used;
    uint32_t source_id;
    int64_t since_us; /* the source came, or became the first */
    bool was_first;
    bool was_shown;
    uint32_t
        claimed_bps;   /* the most that its sender could use, when others last made room for it */
    int64_t stills_us; /* since when its sender sends single pictures; 0: it does not */
    MediaPicture said;
    bool is_screen;    /* what the steps are of */
    Patience patience; /* its steps are VideoStep's */
    LayerChoice choice;
} AllocatorSlot;

typedef struct {
    int64_t started_us;
    int64_t feedback_us; /* the first; 0: none yet */
    AudioLadder audio;
    AllocatorSlot slots[ALLOCATOR_MAX_VIDEO]; /* in the input's order */
} Allocator;

/** What decides whose picture comes first. */
typedef struct {
    unsigned section; /* the caller's */
    bool is_pinned;   /* its receiver chose it */
    bool is_screen;
    bool is_speaker;
} AllocatorRank;
/** Sorts N (at most ALLOCATOR_MAX_VIDEO) pictures by priority: the one that the receiver chose,
 * then screens, then who speaks, then the others as they stand. Pure. */
void allocator_rank(AllocatorRank *ranks, unsigned n);

void allocator_init(Allocator *allocator, int64_t now_us);

/** Every 50-100 ms and after each feedback. */
void allocator_update(Allocator *allocator, const AllocatorInput *input, int64_t now_us,
                      AllocatorPlan *ret_plan);
