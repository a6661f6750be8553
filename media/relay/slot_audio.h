// SPDX-License-Identifier: Apache-2.0
/* Sound on its way to one client: it leaves at once, past the pacer, merged and repaired as the
 * receiver's link wants it (repair/audio_out.h). Inside media/relay only; the worker's thread. */
#pragma once

enum {
    /* Apart by more than the usual burst of 2 to 4 packets of 20 ms. */
    SLOT_AUDIO_SECOND_SEND_MS = 60,
};
#include "media/rate/audio_ladder.h"
#include "media/relay/incoming.h"

/** How sound is carried from now on. */
void slot_audio_order(Slot *slot, const AudioChoice *choice);
/** The slot's source is one of the loudest two, or says nothing of its levels. */
bool slot_audio_is_heard(const Slot *slot);
/** Takes a packet of the slot's source. */
void slot_audio_take(Slot *slot, const Incoming *in);
/** A NACK names an outgoing number: the same ciphertext goes out again, where it comes in time. */
void slot_audio_repair(Slot *slot, uint16_t sequence);
/** Packets whose time has come. */
void slot_audio_tick(Slot *slot);
