// SPDX-License-Identifier: Apache-2.0
#include "media/transport/replay.h"

#include <string.h>

bool replay_guess_index(const Replay *replay, uint16_t sequence, uint64_t *ret_index)
{
    if (!replay->is_started) {
        *ret_index = sequence;
        return true;
    }
    int16_t ahead = (int16_t)(uint16_t)(sequence - (uint16_t)replay->highest);
    if (ahead < 0 && replay->highest < (uint64_t)-ahead)
        return false;
    *ret_index = replay->highest + (uint64_t)(int64_t)ahead;
    return true;
}

static bool is_seen(const Replay *replay, uint64_t index)
{
    return replay->seen[index % REPLAY_WINDOW / 64] >> (index % 64) & 1;
}

bool replay_is_fresh(const Replay *replay, uint64_t index)
{
    if (!replay->is_started || index > replay->highest)
        return true;
    return replay->highest - index < REPLAY_WINDOW && !is_seen(replay, index);
}

void replay_use(Replay *replay, uint64_t index)
{
    if (!replay->is_started || index > replay->highest) {
        uint64_t step = replay->is_started ? index - replay->highest : REPLAY_WINDOW;
        if (step >= REPLAY_WINDOW)
            memset(replay->seen, 0, sizeof replay->seen);
        else
            for (uint64_t i = index - step + 1; i < index; i++)
                replay->seen[i % REPLAY_WINDOW / 64] &= ~(UINT64_C(1) << (i % 64));
        replay->is_started = true;
        replay->highest = index;
    }
    replay->seen[index % REPLAY_WINDOW / 64] |= UINT64_C(1) << (index % 64);
}
