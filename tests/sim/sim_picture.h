// SPDX-License-Identifier: Apache-2.0
/* What the receiver of a virtual call gets: pictures that can be decoded (all packets there, in
 * order from a key frame on), speech with its redundancy; gaps and freezes. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { SIM_FRAMES = 256, SIM_SPEECH = 256 };

typedef struct {
    int64_t number; /* 0: none */
    bool key;
    bool shown;
    uint16_t n_packets;
    uint16_t n_arrived;
    int64_t interval_us; /* to the frame before, as it was taken */
    int64_t taken_us;
} SimFrame;

typedef struct {
    SimFrame frames[SIM_FRAMES];
    int64_t newest;   /* frame number sent last */
    int64_t next;     /* the one to show next; 0: a key frame */
    int64_t shown_us; /* when the last one was */
    int64_t n_shown;
    int64_t n_freezes; /* longer than 3 intervals and than one and 150 ms */
    int64_t longest_us;
    bool expected;    /* a picture should be moving */
    int64_t delay_us; /* of play-out: the receiver's buffer waits so long after taking */
} SimPicture;

void sim_picture_sent(SimPicture *picture, int64_t number, bool key, unsigned n_packets,
                      int64_t interval_us, int64_t now_us);
/** A packet of frame NUMBER arrived. */
void sim_picture_arrived(SimPicture *picture, int64_t number, int64_t now_us);
/** The sender gave up on the rest until the next key frame, or moves no picture. */
void sim_picture_expect(SimPicture *picture, bool expected, int64_t now_us);

typedef struct {
    int64_t arrived_us[SIM_SPEECH]; /* by packet number, 0: not */
    int64_t n_packets;
    int64_t n_lost;    /* after redundancy */
    int64_t newest_us; /* of the newest playable */
    int64_t longest_gap_us;
    int64_t at_us; /* when the last packet came */
} SimSpeech;

/** Packet NUMBER (from 1) came with copies of the DISTANCE before it. */
void sim_speech_arrived(SimSpeech *speech, int64_t number, unsigned distance, int64_t now_us);
/** NUMBER is out of reach of any copy: counts. */
void sim_speech_settle(SimSpeech *speech, int64_t number);
