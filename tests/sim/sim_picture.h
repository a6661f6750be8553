// SPDX-License-Identifier: Apache-2.0
/* What the receiver of a virtual call sees, as libwebrtc shows it: a frame when all its packets and
 * what it refers to are there (frames of temporal layer 1 are left out when they are not there in
 * time, nobody needs them), not before the buffer's delay is over. That delay is the mean one, what
 * the largest frame needs beyond it, 2.33 deviations of the rest, and a round trip more while
 * frames come repaired. Plain value, zeroed at first; sim_picture_tick() each millisecond. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { SIM_FRAMES = 256, SIM_FRAME_GAPS = 30, SIM_REPAIRS = 3 };

typedef struct {
    int64_t number; /* 0: none */
    bool key;
    bool sent; /* the pacer took it */
    bool repaired;
    uint8_t temporal_id;
    uint16_t n_packets;
    uint16_t n_arrived;
    uint32_t bytes;
    int64_t taken_us;
} SimFrame;

/** Of frames that were not repaired. */
typedef struct {
    unsigned n;
    double took_us, bytes; /* of the last one */
    double mean_us;
    double mean_bytes, bytes_variance, most_bytes;
    double sum_xx, sum_xy, slope; /* microseconds a byte */
    double variance;              /* of what the size does not explain */
} SimJitter;

typedef struct {
    SimFrame frames[SIM_FRAMES];
    int64_t newest;   /* frame number sent last */
    int64_t next;     /* the one to show next; 0: a key frame */
    int64_t shown_us; /* when the last one was */
    bool expected;    /* a picture should be moving */
    int64_t delay_us; /* of play-out, from taking on */
    int64_t moved_us; /* when it was last changed */
    SimJitter jitter;
    int64_t repaired_us[SIM_REPAIRS]; /* the last frames that came repaired */
    unsigned n_repaired;
    int64_t gaps_us[SIM_FRAME_GAPS];
    unsigned n_gaps;
    /* To be taken and zeroed. */
    int64_t n_shown;
    int64_t n_freezes; /* W3C webrtc-stats freezeCount: over 3 mean gaps, and over one and 150 ms */
    int64_t longest_us;
} SimPicture;

void sim_picture_sent(SimPicture *picture, const SimFrame *frame);
/** A packet of frame NUMBER arrived; REPAIRED: for the second time. */
void sim_picture_arrived(SimPicture *picture, int64_t number, bool repaired, int64_t now_us);
void sim_picture_tick(SimPicture *picture, int64_t rtt_us, int64_t now_us);
/** The sender moves a picture, or none. */
void sim_picture_expect(SimPicture *picture, bool expected, int64_t now_us);
