// SPDX-License-Identifier: Apache-2.0
#include "media/rate/sound_guard.h"

#include <glib.h>

enum { IN_ADVANCE_US = 3 * 1000 * 1000 };

static const int64_t BIT = 1000 * 1000;

bool sound_guard_may_send(SoundGuard *guard, uint32_t share_bps, int64_t now_us)
{
    int64_t bps = MAX(share_bps, (uint32_t)SOUND_GUARD_LEAST_BPS);
    int64_t elapsed_us = guard->has_begun ? now_us - guard->updated_us : IN_ADVANCE_US;
    guard->left += CLAMP(elapsed_us, 0, IN_ADVANCE_US) * bps;
    guard->left = MIN(guard->left, IN_ADVANCE_US * bps);
    guard->has_begun = true;
    guard->updated_us = now_us;
    return guard->left > 0;
}

void sound_guard_on_sent(SoundGuard *guard, size_t wire_bytes)
{
    guard->left -= (int64_t)wire_bytes * 8 * BIT;
}
