// SPDX-License-Identifier: Apache-2.0
/* The queues of a Pacer: which frames come in, in what order they stand and what is dropped. Inside
 * pacer.c only; its thread. */
#pragma once
#include "media/rate/pacer.h"

enum {
    PACER_PACKET_MAX = 1500,
    PACER_ALL_LAYERS = UINT8_MAX,
};

static const int64_t PACER_BIT = 1000 * 1000; /* debt is in millionths: rate times microseconds */

/** The rate at which what is queued leaves: to be set anew when the target is another. */
void pacer_queue_set_rate(Pacer *pacer);

/** False: the packet is dropped, as what waits would be too long; it may take others with it. */
bool pacer_queue_push_video(Pacer *pacer, const PacerEntry *entry, int64_t now_us);
/** False: there is no place. */
bool pacer_queue_push_rtx(Pacer *pacer, const PacerEntry *entry, int64_t now_us);

/** The INDEXth of n_video packets; one of 0 bytes was dropped. */
PacerEntry *pacer_queue_at(Pacer *pacer, unsigned index);
bool pacer_queue_is_key(const Pacer *pacer, const PacerEntry *entry);
/** The first of them leaves. */
void pacer_queue_pop_video(Pacer *pacer);
void pacer_queue_pop_rtx(Pacer *pacer);
/** A packet of a key frame has left: if it was the last one, what stands behind it is in no haste.
 */
void pacer_queue_note_key_end(Pacer *pacer);
/** Drops what has waited too long, until a packet that may leave stands at the head. */
void pacer_queue_expire(Pacer *pacer, int64_t now_us);
