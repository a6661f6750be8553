// SPDX-License-Identifier: Apache-2.0
/* What one sender is asked for, out of what all its receivers could take and what its own link
 * carries. Pure; any thread. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "media/media.h"
#include "media/rate/allocator.h"

/** The sender's side. */
typedef struct {
    uint32_t cap_bps;      /* uplink_cap_bps(); 0: no limit known */
    bool may_send_video;   /* uplink_may_send_video() */
    bool red;              /* uplink_red_update(), and audio/red was negotiated; where not `fec` */
    bool fec;              /* uplink_red_is_fec_enough(): where the sender's Opus can do it */
    bool red_twice;        /* uplink_red_is_twice() */
    unsigned packet_ms;    /* of audio_ladder_at() before; 0: nothing */
    bool red_alone;        /* lost sound that is asked for comes too late */
    unsigned loss_run_x10; /* of its lost sound: packets in a row, tenths */
    uint32_t most_video_bps; /* of the wire; 0: no limit of its own */
} HintUplink;

/** Two parties: the one receiver's wish, as the uplink allows. More: the best of them (the relay
 * thins for the others). None: sound as the uplink carries it and no picture. One layer:
 * hint_add_layers(). False: beside the sound the uplink leaves nothing for a picture, wanted or not
 * (uplink_set_room()). */
bool hint_combine(const AllocatorWish *wishes, size_t n, const HintUplink *uplink,
                  MediaHint *ret_hint);

/** A receiver takes the sender's picture for a screen. */
bool hint_is_screen(const AllocatorWish *wishes, size_t n);

/** Whether the small layer is sent; begins as {0}. */
typedef struct {
    bool on;
    bool is_wanted;
    int64_t since_us;  /* that it is wanted */
    int64_t wanted_us; /* last */
    uint32_t held_bps; /* asked for until it comes */
} HintLayers;

/** The small layer (MediaHint.video_layers) is sent while a receiver takes less than half of what
 * HINT, of hint_combine() with the same WISHES, asks for and the sender sends (CAME_BPS, of all its
 * pictures), and some seconds longer. It gets what the least of the receivers takes. While it is
 * waited for HINT asks for no more than came when it was first wanted, or comes. */
void hint_add_layers(HintLayers *layers, const AllocatorWish *wishes, size_t n, uint32_t came_bps,
                     MediaHint *hint, int64_t now_us);

/** All that a sender who follows HINT puts on the wire. */
uint32_t hint_wire_bps(const MediaHint *hint);

/** The hint differs by enough to be said: bitrates by more than a tenth, anything else at all. */
bool hint_differs(const MediaHint *a, const MediaHint *b);
