// SPDX-License-Identifier: Apache-2.0
#include "media/rate/uplink_growth.h"

#include "media/rate/uplink_sight.h"

#include <glib.h>

/* Chosen and tried as those of uplink.c. Free: FULL_US. Bounded from below alone: LONG_PATH_US,
 * FACTOR. */
enum {
    S = 1000 * 1000,
    REGAIN_US = 3 * S,
    REGAIN_PERCENT = 92,
    /* For so long the rate at which the link was full is approached in small steps only. */
    FULL_US = 30 * S,
    START_US = 8 * S,
    USED_WINDOW_US = 500 * 1000,
    USED_PERCENT = 70,
    SLOW_WINDOW_US = 1900 * 1000,
    FULL_USED_PERCENT = 85,  /* past the rate at which the link was full */
    START_USED_PERCENT = 50, /* an encoder needs a moment to follow */
    LONG_START_USED_PERCENT = 75,
    /* In hundredths, of the cap. A picture's train of packets leaves libwebrtc's pacer at 2.5 times
     * the bitrate that it believes in, so where it arrives slower than 1.5 times that is the link.
     */
    START_FACTOR = 200,
    BLIND_START_FACTOR = 150, /* no train was seen */
    BLIND_LONG_FACTOR = 115,
    LONG_PATH_US = 300 * 1000, /* round trip: what a step does is seen late */
    FACTOR = 150,
    BLIND_FACTOR = 125,
    LEAST_FACTOR = 105,
    TRAIN_MARGIN = 110,
    SLOW_TRAIN_PERCENT = 150,
};

/* Past the rate at which the link was full: carefully, and faster when nothing comes of it. */
static const uint64_t past_full_factors[] = {105, 105, 105, 110, 110, 125, 150};

/* How far the cap may go up, in hundredths, by what a train of packets showed since the last step.
 */
static uint64_t factor_up(Uplink *uplink, bool is_starting, bool is_long_path, int64_t now_us)
{
    uint64_t train_bps = uplink_train_bps(&uplink->train, now_us);
    if (train_bps == 0)
        train_bps = uplink_behind_bps(&uplink->behind, now_us);
    uint64_t factor = is_long_path  ? BLIND_LONG_FACTOR
                      : is_starting ? BLIND_START_FACTOR
                                    : BLIND_FACTOR;
    if (train_bps > 0) {
        uint64_t most = is_starting ? START_FACTOR : FACTOR;
        uint64_t shown = train_bps * 100 * 100 / TRAIN_MARGIN / MAX(uplink->cap_bps, 1);
        factor = CLAMP(shown, (uint64_t)LEAST_FACTOR, most);
        if (train_bps * 100 < (uint64_t)uplink->cap_bps * SLOW_TRAIN_PERCENT) {
            uplink->full_bps = (uint32_t)train_bps;
            uplink->full_us = now_us;
        } else if (train_bps > uplink->full_bps) {
            uplink->full_us = 0;
        }
    }
    if (uplink->full_us == 0 || now_us - uplink->full_us >= FULL_US ||
        uplink->cap_bps * factor / 100 <= (uint64_t)uplink->full_bps * 95 / 100) {
        uplink->n_past_full = 0;
        return factor;
    }
    if (uplink_rates_all_bps(&uplink->rates, S, now_us) * UINT64_C(100) <
        uplink->cap_bps * (uint64_t)FULL_USED_PERCENT)
        return 100;
    if (uplink->unquiet_us > uplink->stepped_us)
        uplink->n_past_full = 0;
    unsigned n = uplink->n_past_full++ + (is_long_path ? 0 : 2);
    return MIN(factor, past_full_factors[MIN(n, G_N_ELEMENTS(past_full_factors) - 1)]);
}

void uplink_step_up(Uplink *uplink, int64_t rtt_us, int64_t now_us)
{
    bool is_starting = now_us - uplink->video_us < START_US &&
                       (uplink->cut_us == 0 || uplink->cut_us < uplink->video_us);
    /* A thin link's few packets come in lumps, a single picture in one second of two: by one second
     * 60 kbit/s with sound and such pictures seemed full, was tried at 79, and cut to 40. */
    bool is_slow = uplink->cap_bps < UPLINK_SLOW_BPS;
    uint64_t used_bps =
        uplink_rates_all_bps(&uplink->rates, is_slow ? SLOW_WINDOW_US : USED_WINDOW_US, now_us);
    bool is_long_path = rtt_us >= LONG_PATH_US;
    uint64_t least_percent = !is_starting   ? USED_PERCENT
                             : is_long_path ? LONG_START_USED_PERCENT
                                            : START_USED_PERCENT;
    /* Single pictures never fill the cap; their trains show what the link carries all the same. */
    bool is_shown = uplink_train_bps(&uplink->train, now_us) * UINT64_C(100) >=
                    uplink->cap_bps * (uint64_t)SLOW_TRAIN_PERCENT;
    /* And its own pictures fill its queue for a moment each: it is quiet when some have passed. */
    if (is_slow && now_us - uplink->unquiet_us < SLOW_WINDOW_US)
        return;
    if (used_bps * 100 < uplink->cap_bps * least_percent && !is_shown)
        return;
    uint64_t factor = factor_up(uplink, is_starting, is_long_path, now_us);
    uplink->cap_bps = (uint32_t)MIN(uplink->cap_bps * factor / 100, (uint64_t)UPLINK_CAP_BPS);
    uplink->next_step_us = now_us + MAX(UPLINK_STEP_US, 2 * rtt_us);
    uplink->stepped_us = now_us;
    uplink_train_forget(&uplink->train);
}

void uplink_regain(Uplink *uplink, int64_t now_us)
{
    uint32_t most_bps = (uint32_t)((uint64_t)uplink->seen_bps * REGAIN_PERCENT / 100);
    if (now_us - MAX(uplink->unquiet_us, uplink->regained_us) < REGAIN_US)
        return;
    uplink->regained_us = now_us;
    uint64_t cap_bps = (uint64_t)uplink->cap_bps * LEAST_FACTOR / 100;
    uplink->cap_bps = MAX(uplink->cap_bps, (uint32_t)MIN(cap_bps, most_bps));
}
