// SPDX-License-Identifier: Apache-2.0
/* A picture on its way to one client: what is let through (nothing, single pictures, layers), its
 * numbers, the packets that wait for the pacer, and repairs. Inside media/relay only; the worker's
 * thread.
 *
 *     slot_video_take() -> numbers, cache -> pacer -> slot_video_send() -> outgoing numbers -> wire
 *     NACK, feedback -> slot_video_repair() -> pacer -> slot_video_resend() -> RTX or the same
 *     ciphertext */
#pragma once
#include "media/relay/incoming.h"

/** How the picture is shown from now on. */
typedef struct {
    PictureMode mode;
    unsigned layer;         /**< index in the source's layers */
    uint8_t temporal_limit; /**< layers above are left out */
    int64_t still_interval_us;
} PictureOrder;

void slot_video_order(Slot *slot, const PictureOrder *order);
/** The picture waits for a key frame of LAYER. */
bool slot_video_waits(const Slot *slot, const Layer *layer);
/** Takes a packet of the slot's source. */
void slot_video_take(Slot *slot, const Incoming *in);
/** Sends the packet that was queued under KEY. */
void slot_video_send(Slot *slot, uint16_t key);
/** A NACK names an outgoing number: queues the packet again, within the budget. */
void slot_video_repair(Slot *slot, uint16_t sequence);
/** The same for the packet that is stored under KEY. */
void slot_video_repair_key(Slot *slot, uint16_t key);
/** Sends what was queued under KEY for repair. */
void slot_video_resend(Slot *slot, uint16_t key);
/** Asks for a key frame if the picture waits for one. */
void slot_video_want_key_frame(Slot *slot);
/** Every 50-100 ms: stills that are due are asked for. */
void slot_video_tick(Slot *slot);
