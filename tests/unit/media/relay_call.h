// SPDX-License-Identifier: Apache-2.0
/* A client's link, seen through the relay: what it is sent, how fast, what senders are asked for.
 * The clock is a fake one that runs by itself. */
#pragma once
#include "tests/support/relay_fixture.h"

/* Who speaks and shows what, and how thin the receiver says that its link is. */
typedef struct {
    RelayFixture *fixture;
    MediaPeer *ani;
    MediaPeer *budi;
    uint32_t audio; /* SSRCs of budi's slots */
    uint32_t video;
    uint16_t audio_sequence;
    uint16_t video_sequence;
    unsigned packets_per_picture; /* 0: no picture */
    unsigned lost_before;         /* of ani's packets of sound one in so many is lost; 0: none */
    bool obeys;                   /* pictures only as asked for */
    bool all_key_frames;
    bool has_begun;
    unsigned answered_plis;
    unsigned remb_bps;    /* of budi; 0: says nothing */
    bool has_small_layer; /* ani sends a small layer too, a quarter of the large one */
    uint16_t small_sequence;
    int64_t next_audio_us, next_video_us, next_remb_us;
} Call;

/** Two people who are connected over a clock that runs by itself. */
Call call_new(const MediaPeerOptions *ani, const MediaPeerOptions *budi);
/** A picture of N packets in a layer. */
void send_layer(Call *call, unsigned layer, unsigned n, uint32_t timestamp, bool is_key);
/** Budi says how much it takes. */
void send_remb(const Call *call);
void turn(Call *call);
void live(Call *call, int64_t ms);
/** What budi has got so far. */
void forget_packets(const Call *call);
/** Bytes on the wire of the most loaded tenth of a second, padding included. */
size_t most_in_a_window(MediaPeer *peer);
size_t bytes_of(MediaPeer *peer);
/** What ani's picture is for budi. */
MediaPicture shown(const Call *call);

/** Lives until CONDITION holds, MS at most. */
#define live_until(call, ms, condition)                                                            \
    do {                                                                                           \
        int64_t end_us_ = clock_mono_us((call)->fixture->clock) + (int64_t)(ms)*1000;              \
        while (!(condition)) {                                                                     \
            if (clock_mono_us((call)->fixture->clock) > end_us_)                                   \
                fail_msg("never: %s", #condition);                                                 \
            turn(call);                                                                            \
        }                                                                                          \
    } while (false)
