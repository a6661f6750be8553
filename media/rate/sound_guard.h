// SPDX-License-Identifier: Apache-2.0
/* How much sound of one sender may go to one receiver. Sound does not wait for the pacer, so a
 * sender that does not listen could fill a thin link with it, in front of everybody else's: Opus
 * has up to 510 kbit/s. A plain value, zeroed at first; one thread. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SOUND_GUARD_LEAST_BPS = 32 * 1000 }; /* of the wire: speech at 24 kbit/s, merged */

typedef struct {
    bool has_begun;
    int64_t left; /* of what may be sent, in millionths of a bit */
    int64_t updated_us;
} SoundGuard;

/** Whether another packet may go, where SHARE_BPS of the link are this sender's (or
 * SOUND_GUARD_LEAST_BPS): three seconds' worth may go in advance, as a sender needs a second or
 * two to follow its hint. */
bool sound_guard_may_send(SoundGuard *guard, uint32_t share_bps, int64_t now_us);
/** A packet of it has left, or was repeated. */
void sound_guard_on_sent(SoundGuard *guard, size_t wire_bytes);
