// SPDX-License-Identifier: Apache-2.0
#include "media/rate/hint.h"

#include <glib.h>

/* Where nothing else is named: chosen by test_hint, tests/sim and tests/netlab; tried as those of
 * rate_control.c. Free: LAYERS_KEEP_PERCENT, LAYERS_KEEP_LEAST_BPS. Bounded from below alone:
 * LAYERS_RATIO_PERCENT, SMALL_PERCENT, RED_SHORTEST_BPS. */
enum {
    RTCP_BPS = 6000, /* of the sender's link: feedback on what it receives */
    /* Receivers differ by more: the small layer is worth its bits, where there are enough for both.
     * Each change costs key frames of all layers, and one who comes in begins with little: it goes
     * when they have differed by less than that for a while, and where a key frame takes long it
     * comes when they have differed for longer than a beginning takes. */
    LAYERS_RATIO_PERCENT = 200,
    LAYERS_KEEP_PERCENT = 133,
    LAYERS_LEAST_BPS = 120 * 1000,
    LAYERS_KEEP_LEAST_BPS = 90 * 1000,
    LAYERS_HOLD_US = 8 * 1000 * 1000,
    /* The one receiver that is left may have had the small one: until the large one fits. */
    LAYERS_LAST_HOLD_US = 3 * 1000 * 1000,
    LAYERS_CAME_PERCENT = 125,
    LAYERS_SOON_BPS = 400 * 1000,
    /* Less than the time after which a receiver is down to stills (layer_choice). */
    LAYERS_WAIT_US = 3 * 1000 * 1000,
    /* Under the first, browsers' encoders do not go; a small picture has no use for the second. */
    SMALL_LEAST_BPS = 30 * 1000,
    SMALL_MOST_BPS = 150 * 1000,
    SMALL_PERCENT = 50, /* of all, at most */
    /* A receiver that needs longer packets gets them merged. */
    RECEIVER_PTIME_MS = 60,
    DIFFERS_PERCENT = 10,
    /* Of the sender's link, for sound with redundancy; of a thin one more, up to what speech at 16
     * kbit/s takes in long packets. */
    RED_PERCENT = 30,
    RED_THIN_PERCENT = 65,
    RED_THIN_BPS = 42 * 1000,
    RED_FAR_COPIES = 2,
    RED_TWICE_REACH = 2,  /* the two packets behind it; where most is lost singly */
    RED_FAR_PERCENT = 45, /* of a link whose losses take whole runs of sound */
    OPUS_LEAST_BPS = 8000,
    RED_PTIME_MS = 60,
    RED_SHORTER_MS = 40,
    RED_SHORTER_BPS = 80 * 1000,
    FEC_PTIME_MS = 40,
    FEC_BPS = 24 * 1000, /* libopus 1.3.1: none at 16 kbit/s; at 18 to 20 in narrow sound only */
    RED_SHORTEST_BPS = 250 * 1000, /* from here on headers of 20 ms packets are a small part */
};

/* The best that any receiver could take. */
static void take_best(const AllocatorWish *wishes, size_t n, MediaHint *hint)
{
    *hint = (MediaHint){.audio_bps = wishes[0].audio_bps, .ptime_ms = wishes[0].ptime_ms};
    for (size_t i = 0; i < n; i++) {
        const AllocatorWish *wish = &wishes[i];
        hint->audio_bps = MAX(hint->audio_bps, wish->audio_bps);
        hint->ptime_ms = MIN(hint->ptime_ms, wish->ptime_ms);
        hint->audio_fec = hint->audio_fec || wish->audio_fec;
        if (wish->video_bps <= hint->video_bps)
            continue;
        hint->video_bps = wish->video_bps;
        hint->video_height = wish->height;
        hint->video_fps_tenths = wish->fps_tenths;
        hint->video_stills = wish->stills;
    }
}

/* A scene that needs less for a moment, of one who waits for it, does not make it wait anew. */
static bool wants_layers(const HintLayers *layers, const AllocatorWish *wishes, size_t n,
                         uint32_t sent_bps)
{
    uint64_t percent = layers->on ? LAYERS_KEEP_PERCENT : LAYERS_RATIO_PERCENT;
    bool is_waiting = layers->is_wanted && !layers->on;
    uint64_t sends_bps = is_waiting ? MAX(sent_bps, layers->held_bps) : sent_bps;
    if (sent_bps < (layers->on || layers->is_wanted ? LAYERS_KEEP_LEAST_BPS : LAYERS_LEAST_BPS))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (wishes[i].video_bps > 0 && wishes[i].video_bps * percent < sends_bps * 100)
            return true;
    }
    return false;
}

/* What the least of those takes for whom all is too much. Single pictures are the better for being
 * small. */
static uint32_t small_bps(const AllocatorWish *wishes, size_t n, uint32_t all_bps)
{
    uint32_t least_bps = UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
        const AllocatorWish *wish = &wishes[i];
        bool is_too_much =
            wish->video_bps * (uint64_t)LAYERS_KEEP_PERCENT < all_bps * UINT64_C(100);
        if (wish->video_bps > 0 && !wish->stills && is_too_much)
            least_bps = MIN(least_bps, wish->video_bps);
    }
    if (least_bps == UINT32_MAX)
        return SMALL_LEAST_BPS;
    least_bps = MIN(least_bps, SMALL_MOST_BPS);
    uint32_t most_bps = (uint32_t)((uint64_t)all_bps * SMALL_PERCENT / 100);
    return MAX(MIN(least_bps, most_bps), SMALL_LEAST_BPS);
}

void hint_add_layers(HintLayers *layers, const AllocatorWish *wishes, size_t n, uint32_t came_bps,
                     MediaHint *hint, int64_t now_us)
{
    /* Each layer has its least. */
    bool is_possible = hint->video_bps >= 2 * SMALL_LEAST_BPS && !hint->video_stills;
    /* A link that has not been full is not known: what comes tells more than what may come. */
    uint32_t bps = (uint32_t)MIN(hint->video_bps, came_bps * (uint64_t)LAYERS_CAME_PERCENT / 100);
    int64_t hold_us = n > 1 ? LAYERS_HOLD_US : LAYERS_LAST_HOLD_US;
    if (is_possible && n > 1 && wants_layers(layers, wishes, n, bps)) {
        if (!layers->is_wanted) {
            layers->since_us = now_us;
            layers->held_bps = bps;
        }
        layers->is_wanted = true;
        layers->wanted_us = now_us;
        layers->on =
            layers->on || bps >= LAYERS_SOON_BPS || now_us - layers->since_us >= LAYERS_WAIT_US;
    } else {
        layers->is_wanted = false;
        layers->on = layers->on && is_possible && now_us - layers->wanted_us < hold_us;
    }
    hint->video_layers = layers->on;
    hint->video_small_bps = layers->on ? small_bps(wishes, n, hint->video_bps) : 0;
    /* No more for the best before there is less for the others; but what comes must not sink by
     * being asked for. */
    if (layers->is_wanted && !layers->on)
        hint->video_bps = MIN(hint->video_bps, MAX(bps, layers->held_bps));
}

/* The highest step that a rate is enough for. */
static unsigned step_for(bool is_screen, uint32_t wire_bps)
{
    const VideoClaim claim = {.has_source = true, .is_screen = is_screen};
    unsigned step = VIDEO_STEP_OFF;
    video_ladder_raise(&claim, 1, wire_bps, &step);
    return step;
}

/* Less, as the sender's own link carries less. */
static void limit_video(MediaHint *hint, bool screen, uint32_t wire_bps)
{
    if (video_wire_bps(hint->video_bps, hint->video_fps_tenths) <= wire_bps)
        return;
    unsigned step = step_for(screen, wire_bps);
    bool is_still = step == VIDEO_STEP_STILLS;
    unsigned fps_tenths =
        is_still ? video_still_fps_tenths(wire_bps, 0) : video_step(screen, step)->fps_tenths;
    hint->video_height = MIN(hint->video_height, video_step(screen, step)->height);
    hint->video_fps_tenths = MIN(hint->video_fps_tenths, fps_tenths);
    hint->video_stills = hint->video_stills || is_still;
    hint->video_bps =
        step == VIDEO_STEP_OFF ? 0 : video_payload_bps(wire_bps, hint->video_fps_tenths);
}

bool hint_is_screen(const AllocatorWish *wishes, size_t n)
{
    bool found = false;
    for (size_t i = 0; i < n; i++)
        found = found || wishes[i].is_screen;
    return found;
}

static void leave_out_video(MediaHint *hint)
{
    hint->video_bps = 0;
    hint->video_height = 0;
    hint->video_fps_tenths = 0;
    hint->video_stills = false;
    hint->video_layers = false;
    hint->video_small_bps = 0;
}

static uint32_t audio_bps_of(const MediaHint *hint)
{
    unsigned copies = hint->audio_reach > 0 ? RED_FAR_COPIES : hint->audio_red ? 1 : 0;
    return audio_wire_bps(hint->audio_bps, hint->ptime_ms, copies, AUDIO_PACKET_OVERHEAD);
}

/* Opus at less and less, down to half, until sound with COPIES takes MOST_BPS at most. False: it
 * does not. */
static bool fit_copies(MediaHint *hint, uint32_t wanted_bps, unsigned copies, uint64_t most_bps)
{
    for (unsigned eighths = 8; eighths >= 4; eighths--) {
        hint->audio_bps = MAX(wanted_bps * eighths / 8, MIN(wanted_bps, (uint32_t)OPUS_LEAST_BPS));
        if (audio_wire_bps(hint->audio_bps, hint->ptime_ms, copies, AUDIO_PACKET_OVERHEAD) <=
            most_bps)
            return true;
    }
    return false;
}

/* Sound twice is worth more than sound of twice the bitrate, and not all of a thin link; where so
 * much is lost that both are lost too often, three times; where losses come in runs, three times
 * and further apart. */
static void add_red(MediaHint *hint, const HintUplink *uplink)
{
    const uint32_t wanted_bps = hint->audio_bps;
    const unsigned wanted_ms = hint->ptime_ms;
    uint64_t cap_bps = uplink->cap_bps > 0 ? uplink->cap_bps : UINT32_MAX;
    uint64_t thin_bps = MIN(cap_bps * RED_THIN_PERCENT / 100, (uint64_t)RED_THIN_BPS);
    /* Losses come in bursts of packets: the copy is the further away in time the longer these are.
     */
    if (uplink->red_alone || cap_bps < RED_SHORTEST_BPS)
        hint->ptime_ms =
            MAX(hint->ptime_ms,
                uplink->red_alone && cap_bps < RED_SHORTER_BPS ? RED_PTIME_MS : RED_SHORTER_MS);
    hint->audio_red = true;
    hint->audio_reach = audio_red_reach(uplink->loss_run_x10, hint->ptime_ms);
    uint64_t far_bps = cap_bps * RED_FAR_PERCENT / 100;
    if (uplink->red_twice) {
        hint->audio_reach = MAX(hint->audio_reach, RED_TWICE_REACH);
        far_bps = MAX(far_bps, thin_bps);
    }
    if (hint->audio_reach > 0 && fit_copies(hint, wanted_bps, RED_FAR_COPIES, far_bps))
        return;
    hint->audio_reach = 0;
    if (fit_copies(hint, wanted_bps, 1, MAX(cap_bps * RED_PERCENT / 100, thin_bps)))
        return;
    hint->audio_red = false;
    hint->audio_bps = wanted_bps;
    hint->ptime_ms = wanted_ms;
}

/* Of the sender's link, beside the sound and what is reported. */
static uint32_t left_for_video(const MediaHint *hint, uint32_t cap_bps)
{
    uint32_t before_bps = audio_bps_of(hint) + RTCP_BPS;
    if (cap_bps == 0)
        return UINT32_MAX;
    return cap_bps > before_bps ? cap_bps - before_bps : 0;
}

bool hint_combine(const AllocatorWish *wishes, size_t n, const HintUplink *uplink,
                  MediaHint *ret_hint)
{
    AudioChoice own;
    audio_ladder_at(uplink->cap_bps > 0 ? uplink->cap_bps : UINT32_MAX, uplink->packet_ms, &own);
    MediaHint hint = {.audio_bps = own.opus_bps, .ptime_ms = own.merge_ms, .audio_fec = own.fec};
    if (n > 0)
        take_best(wishes, n, &hint);
    hint.audio_bps = MIN(hint.audio_bps, own.opus_bps);
    hint.ptime_ms = MAX(MIN(hint.ptime_ms, RECEIVER_PTIME_MS), own.merge_ms);
    bool is_fec = uplink->fec && hint.ptime_ms <= FEC_PTIME_MS && hint.audio_bps >= FEC_BPS;
    if (uplink->red && !is_fec)
        add_red(&hint, uplink);
    hint.audio_fec = (hint.audio_fec || is_fec) && hint.ptime_ms <= FEC_PTIME_MS && !hint.audio_red;
    uint32_t left_bps = left_for_video(&hint, uplink->cap_bps);
    bool screen = hint_is_screen(wishes, n);
    uint32_t most_bps = uplink->most_video_bps > 0 ? uplink->most_video_bps : UINT32_MAX;
    if (hint.video_bps > 0)
        limit_video(&hint, screen, MIN(left_bps, most_bps));
    if (!uplink->may_send_video || hint.video_bps == 0)
        leave_out_video(&hint);
    *ret_hint = hint;
    return left_bps >= video_step(screen, VIDEO_STEP_STILLS)->need_bps;
}

uint32_t hint_wire_bps(const MediaHint *hint)
{
    uint32_t bps = audio_bps_of(hint);
    if (hint->video_bps > 0)
        bps += video_wire_bps(hint->video_bps, hint->video_fps_tenths);
    return bps;
}

static bool rate_differs(uint32_t a, uint32_t b)
{
    return (uint64_t)(MAX(a, b) - MIN(a, b)) * 100 > (uint64_t)MAX(a, b) * DIFFERS_PERCENT;
}

static bool holds_differ(const MediaHint *a, const MediaHint *b)
{
    if (a->n_holds != b->n_holds)
        return true;
    for (unsigned i = 0; i < a->n_holds; i++) {
        if (a->holds[i].ms != b->holds[i].ms || strcmp(a->holds[i].mid, b->holds[i].mid) != 0)
            return true;
    }
    return false;
}

bool hint_differs(const MediaHint *a, const MediaHint *b)
{
    return rate_differs(a->audio_bps, b->audio_bps) || rate_differs(a->video_bps, b->video_bps) ||
           rate_differs(a->video_small_bps, b->video_small_bps) || a->ptime_ms != b->ptime_ms ||
           a->audio_fec != b->audio_fec || a->audio_red != b->audio_red ||
           a->audio_reach != b->audio_reach || a->jitter_ms != b->jitter_ms || holds_differ(a, b) ||
           a->jitter_video_ms != b->jitter_video_ms || a->video_height != b->video_height ||
           a->video_fps_tenths != b->video_fps_tenths || a->video_stills != b->video_stills ||
           a->video_layers != b->video_layers;
}
