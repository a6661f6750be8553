// SPDX-License-Identifier: Apache-2.0
#include "media/rate/send_lag.h"

#include <glib.h>

/* Chosen by tests/netlab ("lossy", "edge") and tried in test_send_lag. */
enum {
    S = 1000 * 1000,
    CLOCK_HZ = 90 * 1000,
    WINDOW_US = 10 * S,
    /* A gap, or a jump: another source, a pause in which the clock stood. */
    GAP_US = 2 * S,
    JUMP_US = 5 * S,
    /* A device that counts pictures in place of time. A queue is 3 s long at most. */
    DRIFT_US = 60 * S,
    ODD_US = 4 * S,
    ODD_FOR_US = 600 * S,
    OLD_US = 500 * 1000, /* the newest picture says nothing any more */
    LATE_US = 400 * 1000,
    CLEAR_US = 150 * 1000,
    LASTING_US = 1 * S, /* not a key frame, nor a busy moment */
    STEP_US = 1 * S,    /* what came in the last second was asked for by then */
    DOWN_PERCENT = 85,
    UP_PERCENT = 110,
    NONE_US = 60 * 1000, /* of what may wait: then it grows faster */
    FAST_UP_PERCENT = 130,
    /* Not soon after they waited: each step to other lines and back costs key frames (on "lossy" 20
     * a minute in place of 9, and half as many freezes again). */
    FAILED_US = 15 * S,
    LEAST_BPS = 30 * 1000,  /* a small picture that moves */
    MOST_BPS = 1500 * 1000, /* from here on it is no limit */
};

static void begin(SendClock *clock, uint32_t timestamp, int64_t now_us)
{
    *clock = (SendClock){.timestamp = timestamp,
                         .taken_us = now_us,
                         .at_us = now_us,
                         .window_us = now_us,
                         .drift_at_us = now_us,
                         .odd_until_us = clock->odd_until_us,
                         .has_begun = true};
}

static void note_drift(SendClock *clock, int64_t now_us)
{
    if (now_us - clock->drift_at_us < DRIFT_US)
        return;
    if (clock->after_us - clock->drift_from_us > ODD_US)
        clock->odd_until_us = now_us + ODD_FOR_US;
    clock->drift_from_us = clock->after_us;
    clock->drift_at_us = now_us;
}

void send_clock_note(SendClock *clock, uint32_t timestamp, int64_t now_us)
{
    int32_t step = (int32_t)(timestamp - clock->timestamp);
    if (clock->has_begun && step <= 0 && step > -CLOCK_HZ)
        return; /* more of the same picture, or one that was overtaken */
    int64_t taken_us = clock->taken_us + (int64_t)step * S / CLOCK_HZ;
    int64_t after_us = now_us - taken_us;
    int64_t jump_us = after_us - clock->after_us;
    if (!clock->has_begun || step < 0 || now_us - clock->at_us > GAP_US || jump_us > JUMP_US ||
        jump_us < -JUMP_US) {
        begin(clock, timestamp, now_us);
        return;
    }
    clock->timestamp = timestamp;
    clock->taken_us = taken_us;
    clock->after_us = after_us;
    clock->at_us = now_us;
    if (now_us - clock->window_us >= WINDOW_US) {
        clock->least_us[1] = clock->least_us[0];
        clock->least_us[0] = after_us;
        clock->window_us = now_us;
    }
    clock->least_us[0] = MIN(clock->least_us[0], after_us);
    note_drift(clock, now_us);
}

int64_t send_clock_lag_us(const SendClock *clock, int64_t now_us)
{
    if (!clock->has_begun || now_us - clock->at_us > OLD_US || now_us < clock->odd_until_us)
        return 0;
    return clock->after_us - MIN(clock->least_us[0], clock->least_us[1]);
}

/* They wait: less than came, as more of that waits. */
static void lower(SendLag *lag, uint32_t came_bps, int64_t now_us)
{
    uint32_t most_bps = MAX((uint32_t)((uint64_t)came_bps * DOWN_PERCENT / 100), LEAST_BPS);
    lag->most_bps = lag->most_bps > 0 ? MIN(lag->most_bps, most_bps) : most_bps;
    lag->moved_us = now_us;
    lag->failed_us = now_us;
}

/* Few wait, or none. */
static void raise_limit(SendLag *lag, int64_t lag_us, int64_t now_us)
{
    bool is_calm = lag_us < NONE_US && now_us - lag->failed_us >= FAILED_US;
    unsigned percent = is_calm ? FAST_UP_PERCENT : UP_PERCENT;
    lag->most_bps = (uint32_t)((uint64_t)lag->most_bps * percent / 100);
    lag->moved_us = now_us;
    if (lag->most_bps >= MOST_BPS)
        *lag = (SendLag){0};
}

uint32_t send_lag_limit(SendLag *lag, int64_t lag_us, uint32_t came_bps, bool is_steady,
                        int64_t now_us)
{
    if (lag_us <= LATE_US)
        lag->late_us = 0;
    else if (lag->late_us == 0)
        lag->late_us = now_us;
    if (now_us - lag->moved_us < STEP_US)
        return lag->most_bps;
    if (lag->late_us != 0 && is_steady && now_us - lag->late_us >= LASTING_US) {
        lower(lag, came_bps, now_us);
    } else if (lag->most_bps > 0 && lag_us < CLEAR_US) {
        raise_limit(lag, lag_us, now_us);
    }
    return lag->most_bps;
}
