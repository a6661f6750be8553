// SPDX-License-Identifier: Apache-2.0
#include "media/rate/uplink.h"

#include "media/rate/fast_path.h"
#include "media/rate/uplink_growth.h"
#include "media/rate/uplink_sight.h"

#include <glib.h>
#include <limits.h>

/* Where nothing else is named: chosen by test_uplink and test_uplink_sight (a sender that takes all
 * it may) and by tests/sim, test_sim_uplink (a browser's own control). Each was tried there at half
 * and at twice its value, and with both something that they hold fails, but for these. Free,
 * neither fails: SETTLED_US, RETRY_ROOM_BPS, DRAINING_US, AFTER_STALL_US, TAKE_BACK_US,
 * AFTER_HICCUP_US, LASTING_US, BEFORE_WINDOW_US, COLLAPSE_TAIL_US. Bounded from below alone:
 * DRAINED_US, STALL_US, HICCUP_US; from above alone: PROVE_MAX_US,
 * LEAST_ROOM_BPS, LASTED_US, LOSSY_QUEUE_US, COLLAPSE_FROM_BPS, COLLAPSE_QUEUE_US. */
enum {
    S = 1000 * 1000,
    PROVE_US = 1 * S,     /* of sound before the picture, but on a fast path */
    PROVE_MAX_US = 8 * S, /* for the sound to become as small as it was asked to be */
    SETTLED_US = 300 * 1000,
    NO_AUDIO_US = 2 * S,       /* a camera without a microphone does not wait for ever */
    ROOM_BPS = 15 * 1000,      /* beside the sound, for a picture to begin */
    LEAST_ROOM_BPS = 5 * 1000, /* and to go on, in stills */
    RETRY_ROOM_BPS = 20 * 1000,
    /* The sound that is asked for there, copies included, leaves room for single pictures. */
    RETRY_LEAST_BPS = 32 * 1000,
    RETRY_SCREEN_BPS = 36 * 1000, /* the same of a screen's, of 8 kbit/s (video_ladder) */
    RETRY_US = 5 * S, /* half of it before the first: the first picture is often a step too far */
    RETRY_MAX_US = 60 * S,
    TRY_US = 5 * S, /* for so long it may still be one that fails */
    /* After a cut the cap is back to 85 % of what the link carried when the queue is gone. On 60
     * kbit/s with 5 % of loss ("weak") a picture that was closed for that moment stayed away for 10
     * to 27 s. */
    ROOMLESS_US = 4 * S,
    LIGHTER_WAIT_US = 2 * S,     /* sound alone showed another link */
    LASTED_US = 20 * S,          /* a picture that went on for so long was worth the try */
    QUIET_QUEUE_US = 150 * 1000, /* under it the cap may grow */
    QUIET_GROWTH_US = 60 * 1000,
    STEP_QUEUE_US = 50 * 1000, /* of a thin link: whose packets take long themselves, so that a step
                                  too far is a second of queue */
    FULL_QUEUE_US = 250 * 1000, /* the link is full, when it stays so long */
    LONG_US = 400 * 1000,
    LONG_QUEUE_US = 500 * 1000, /* at once */
    DRAINING_US = -20 * 1000,   /* a queue that shrinks by so much in a second needs no other cut */
    CUT_PERCENT = 70,
    DRAINED_US = 60 * 1000, /* of queue: the cut has done its work */
    DRAINED_PERCENT = 85,
    EASE_PERCENT = 90,
    CUT_WINDOW_US = 400 * 1000, /* in a second most of what came was from before */
    CUT_PAUSE_US = 1 * S,
    AFTER_CUT_US = 3 * S,
    TAKE_BACK_US = 4 * S,  /* a round trip tells of it within that */
    STALL_US = 700 * 1000, /* nothing came: an outage says nothing of the rate */
    AFTER_STALL_US = 1500 * 1000,
    /* A full link delivers one packet after the other. A sender whose processor was busy gives a
     * moment of nothing and then all at once: what came in that moment says nothing of the link
     * (a doctor on a fast link was held at 10 kbit/s as a third joined). */
    HICCUP_US = 250 * 1000,
    AFTER_HICCUP_US = 300 * 1000,
    LASTING_US = 1000 * 1000, /* a queue that stays is one, whatever came in between */
    KNOWN_PERCENT = 150,      /* of what was carried without a queue */

    /* A full link's loss comes out of a full queue, of 100 ms and more. Without any it is the
     * link's own: bursts of four make a tenth of loss look like a quarter for a second, and a cut
     * for each left a sender on 500 kbit/s with 19. */
    LOSSY_QUEUE_US = 40 * 1000,
    /* Chosen by test_uplink: a fall to a tenth is seen in 0.5 s, stalls of up to 0.24 s are not
     * taken for one; gaps of 0.1 s hide the first, of 0.16 let some of the second through. */
    COLLAPSE_GAP_US = 130 * 1000,
    COLLAPSE_FROM_BPS = 250 * 1000,
    COLLAPSE_QUEUE_US = 120 * 1000,
    COLLAPSE_WINDOW_US = 200 * 1000,
    BEFORE_WINDOW_US = 1900 * 1000,
    COLLAPSE_SOON_US = 400 * 1000,
    COLLAPSE_TAIL_US = 100 * 1000,
    /* A fifth of a second of a busy sender looks like next to nothing: 12 kbit/s on a link of 2
     * Mbit/s, and no picture for 5 s. What comes later says whether it is less. */
    COLLAPSE_LEAST_BPS = 60 * 1000,
};

/* Of the usual loss, and beyond it: the link is full. */
static const double LOSSY_FACTOR = 2.0;
static const double LOSSY_MARGIN = 0.10;
static const double LOSS_MAX = 0.3;

const char *uplink_state_name(UplinkState state)
{
    switch (state) {
    case UPLINK_WAITING:
        return "waiting";
    case UPLINK_PROVING:
        return "proving";
    case UPLINK_OPEN:
        return "open";
    case UPLINK_HELD:
        return "held";
    case UPLINK_CUT:
        return "cut";
    case UPLINK_TOO_THIN:
        return "too-thin";
    }
    return "unknown";
}

void uplink_init(Uplink *uplink, uint32_t start_bps, int64_t now_us)
{
    *uplink = (Uplink){.opened_us = now_us,
                       .last_arrival_us = now_us,
                       .stalled_us = now_us - AFTER_STALL_US,
                       .unquiet_us = now_us,
                       .n_weighed = UINT_MAX,
                       .has_room = true,
                       .retry_wait_us = RETRY_US / 2};
    /* What is remembered was all that the link carried: a little less leaves it a queue of none. */
    uplink->cap_bps = start_bps > 0 ? (uint32_t)CLAMP((uint64_t)start_bps * 4 / 5, UPLINK_FLOOR_BPS,
                                                      UPLINK_CAP_BPS)
                                    : UPLINK_START_BPS;
}

static void note_packet(Uplink *uplink, MediaKind kind, size_t wire_bytes, int64_t now_us)
{
    if (now_us - uplink->last_arrival_us > STALL_US)
        uplink->stalled_us = now_us;
    if (now_us - uplink->last_arrival_us > HICCUP_US)
        uplink->hiccup_us = now_us;
    if (now_us - uplink->last_arrival_us > COLLAPSE_GAP_US)
        uplink->gap_us = now_us;
    uplink->last_arrival_us = now_us;
    uplink_rates_note(&uplink->rates, kind, wire_bytes, now_us);
}

void uplink_on_audio(Uplink *uplink, uint32_t timestamp, size_t wire_bytes, int64_t now_us)
{
    if (uplink->first_audio_us == 0)
        uplink->first_audio_us = now_us;
    note_packet(uplink, MEDIA_KIND_AUDIO, wire_bytes, now_us);
    uplink_delay_note(&uplink->delay, timestamp, now_us);
    uplink_behind_note(&uplink->behind, &uplink->train, wire_bytes,
                       uplink_delay_late_us(&uplink->delay), now_us);
    uplink_train_note_sound(&uplink->train, wire_bytes);
    if (uplink->closed_us != 0 &&
        uplink_pace_note(&uplink->pace, wire_bytes, uplink->delay.last_us, now_us))
        uplink->lighter_us = now_us;
}

void uplink_on_video(Uplink *uplink, uint32_t timestamp, size_t wire_bytes, int64_t now_us)
{
    note_packet(uplink, MEDIA_KIND_VIDEO, wire_bytes, now_us);
    uplink_train_note(&uplink->train, timestamp, wire_bytes, now_us);
}

void uplink_on_rtx(Uplink *uplink, size_t wire_bytes, int64_t now_us)
{
    note_packet(uplink, MEDIA_KIND_VIDEO, wire_bytes, now_us);
}

void uplink_restart_audio(Uplink *uplink)
{
    uplink->delay = (UplinkDelay){0};
    uplink->pace = (UplinkPace){0};
}

static void open_video(Uplink *uplink, int64_t now_us)
{
    uplink->video_us = now_us;
    uplink->closed_us = 0;
    uplink->next_step_us = now_us + UPLINK_STEP_US;
    uplink->state = UPLINK_OPEN;
}

static bool is_just_cut(const Uplink *uplink, int64_t now_us)
{
    int64_t last_us = MAX(uplink->cut_us, uplink->eased_us);
    return last_us != 0 && now_us - last_us < TAKE_BACK_US;
}

/* While a microphone is off its clock stands still in some browsers (Chromium, an RTCRtpSender
 * without a track), and all sound that follows looks as late as that lasted: a second of it was
 * taken for a full link, and no picture came for two minutes. A round trip shows that there is no
 * such queue, and the cut that was made for it is none. */
static void take_back_queue(Uplink *uplink, int64_t none_us, int64_t now_us)
{
    uplink_delay_shift(&uplink->delay, none_us);
    uplink->standing_us = uplink->long_us = 0;
    if (!is_just_cut(uplink, now_us))
        return;
    uplink->cap_bps = MAX(uplink->cap_bps, uplink->uncut_bps);
    uplink->full_us = 0;
    uplink->is_draining = false;
    uplink->cut_us = uplink->eased_us = 0;
    if (uplink->closed_us >= now_us - TAKE_BACK_US)
        open_video(uplink, now_us);
}

void uplink_on_round_trip(Uplink *uplink, int64_t rtt_us, int64_t now_us)
{
    int64_t delay_us = uplink_delay_least_us(&uplink->delay);
    if (rtt_us <= 0 || delay_us == INT64_MAX)
        return;
    int64_t queue_us = uplink_delay_queue_us(&uplink->delay, now_us);
    int64_t none_us = uplink_trip_note(&uplink->trip, rtt_us, queue_us, delay_us, now_us);
    if (none_us > 0)
        take_back_queue(uplink, none_us, now_us);
}

int64_t uplink_queue_us(const Uplink *uplink, int64_t now_us)
{
    return MIN(uplink_delay_queue_us(&uplink->delay, now_us),
               uplink_trip_bound_us(&uplink->trip, now_us));
}

/* No more than the whole of the queue. */
static int64_t growth_us(const Uplink *uplink, int64_t now_us)
{
    return MIN(uplink_delay_growth_us(&uplink->delay, now_us), uplink_queue_us(uplink, now_us));
}

void uplink_set_room(Uplink *uplink, bool has_room, bool is_screen)
{
    uplink->is_screen = is_screen;
    uplink->has_room = has_room;
}

bool uplink_may_send_video(const Uplink *uplink)
{
    return uplink->video_us != 0;
}

bool uplink_is_too_thin(const Uplink *uplink, int64_t now_us)
{
    bool is_try = uplink->video_us != 0 && uplink->video_us == uplink->tried_us &&
                  now_us - uplink->tried_us < TRY_US && uplink->cap_bps < UPLINK_START_BPS;
    return uplink->closed_us != 0 || is_try;
}

uint32_t uplink_cap_bps(const Uplink *uplink)
{
    return uplink->cap_bps;
}

int64_t uplink_collapsed_us(const Uplink *uplink)
{
    return uplink->collapsed_us;
}

uint32_t uplink_seen_bps(const Uplink *uplink)
{
    return uplink->seen_bps;
}

uint32_t uplink_known_bps(const Uplink *uplink)
{
    if (uplink->seen_bps == 0)
        return uplink->cap_bps;
    uint64_t most_bps = (uint64_t)uplink->seen_bps * KNOWN_PERCENT / 100;
    return (uint32_t)MIN(uplink->cap_bps, most_bps);
}

/* What the sound takes of the link, as it was sent: while a queue empties itself what stood in it
 * comes on top, and a picture was taken for one too many (90 kbit/s of 40 kbit/s of sound). */
static uint32_t sound_bps(const Uplink *uplink, int64_t now_us)
{
    uint64_t came_bps = uplink_rates_bps(&uplink->rates, MEDIA_KIND_AUDIO, S, now_us);
    int64_t shrunk_us = MAX(-growth_us(uplink, now_us), 0);
    return (uint32_t)(came_bps * S / (uint64_t)(S + shrunk_us));
}

static uint32_t room_bps(const Uplink *uplink, int64_t now_us)
{
    uint32_t audio_bps = sound_bps(uplink, now_us);
    return uplink->cap_bps > audio_bps ? uplink->cap_bps - audio_bps : 0;
}

/* Loss far above what this link always has. At the start nothing is usual yet. */
static bool loses_more(const Uplink *uplink, double factor, double margin)
{
    return uplink->loss.now > uplink->loss.usual * factor + margin;
}

/* Sound alone until the link has been quiet for a while; longer each time. */
static void close_video(Uplink *uplink, int64_t now_us)
{
    if (uplink->closed_us == 0 && uplink->video_us != 0)
        uplink->retry_wait_us = now_us - uplink->video_us >= LASTED_US
                                    ? RETRY_US
                                    : MIN(uplink->retry_wait_us * 2, RETRY_MAX_US);
    uplink->video_us = 0;
    uplink->closed_us = now_us;
    uplink->state = UPLINK_TOO_THIN;
}

/* In vain each time costs a key frame's time of sound. So seldom, unless sound shows by itself that
 * this is another link. */
static bool may_retry(const Uplink *uplink, int64_t now_us)
{
    int64_t since_us = MAX(uplink->closed_us, uplink->unquiet_us);
    bool is_lighter = uplink->lighter_us > uplink->closed_us;
    return now_us - since_us >= (is_lighter ? LIGHTER_WAIT_US : uplink->retry_wait_us);
}

static void tick_closed(Uplink *uplink, int64_t rtt_us, int64_t now_us)
{
    int64_t late_us = uplink_delay_late_us(&uplink->delay);
    int64_t prove_us = fast_path_proof_us(rtt_us, late_us, PROVE_US);
    bool has_proof = uplink->first_audio_us != 0 ? now_us - uplink->first_audio_us >= prove_us
                                                 : now_us - uplink->opened_us >= NO_AUDIO_US;
    if (uplink->first_audio_us != 0 && uplink->closed_us == 0)
        uplink->state = UPLINK_PROVING;
    if (!has_proof)
        return;
    if (uplink->closed_us == 0) {
        if (room_bps(uplink, now_us) >= ROOM_BPS && now_us - uplink->unquiet_us >= SETTLED_US)
            open_video(uplink, now_us);
        else if (now_us - uplink->opened_us >= PROVE_MAX_US)
            close_video(uplink, now_us);
        return;
    }
    if (may_retry(uplink, now_us)) {
        uint32_t least_bps = uplink->is_screen ? RETRY_SCREEN_BPS : RETRY_LEAST_BPS;
        uint32_t cap_bps = MAX(sound_bps(uplink, now_us) + RETRY_ROOM_BPS, least_bps);
        uplink->cap_bps = MAX(uplink->cap_bps, cap_bps);
        uplink->has_room = true;
        uplink->tried_us = now_us;
        open_video(uplink, now_us);
    }
}

/* What comes is less than a third of what came, and later and later: a link that fell. Each tenth
 * of a second until its sender knows is a second of queue on what is left. */
static bool has_collapsed(const Uplink *uplink, int64_t now_us)
{
    /* A radio that stalls for a moment and then delivers all is no link that fell: one of 500
     * kbit/s was left with 37 by 0.2 s of nothing. */
    if (now_us - uplink->last_arrival_us > COLLAPSE_GAP_US ||
        now_us - uplink->gap_us < AFTER_HICCUP_US)
        return false;
    uint64_t before_bps = uplink_rates_all_bps(&uplink->rates, BEFORE_WINDOW_US, now_us);
    int64_t latest_us = MIN(uplink_delay_latest_us(&uplink->delay, now_us),
                            uplink_trip_bound_us(&uplink->trip, now_us));
    return before_bps >= COLLAPSE_FROM_BPS && latest_us > COLLAPSE_QUEUE_US &&
           uplink_rates_all_bps(&uplink->rates, COLLAPSE_WINDOW_US, now_us) * UINT64_C(3) <
               before_bps;
}

/* What came while the queue stood. Of a slow link few packets tell; where the queue has just begun,
 * the train that made it tells more. */
static uint64_t carried_by_full_link(const Uplink *uplink, int64_t now_us)
{
    bool is_slow = uplink->cap_bps < UPLINK_SLOW_BPS;
    int64_t window_us = has_collapsed(uplink, now_us) ? COLLAPSE_WINDOW_US
                        : is_slow                     ? S
                                                      : CUT_WINDOW_US;
    double arrived = uplink_rates_all_bps(&uplink->rates, window_us, now_us);
    /* What a link loses by itself it has carried to the place where it lost it; what its queue
     * threw away it has not. */
    double loss = loses_more(uplink, 1, 0.05) ? 0 : MIN(uplink->loss.usual, LOSS_MAX);
    uint64_t carried = (uint64_t)(arrived / (1 - loss));
    if (!is_slow)
        return carried;
    uint32_t shown_bps = MAX(uplink_train_last_bps(&uplink->train, now_us),
                             uplink_behind_bps(&uplink->behind, now_us));
    return MAX(carried, MIN(shown_bps, uplink->cap_bps));
}

/* Before the first of some cuts, which may be taken back. */
static void note_uncut(Uplink *uplink, int64_t now_us)
{
    if (!is_just_cut(uplink, now_us))
        uplink->uncut_bps = uplink->cap_bps;
}

static void cut(Uplink *uplink, int64_t now_us)
{
    uint64_t carried_bps = carried_by_full_link(uplink, now_us);
    uplink->n_weighed = UINT_MAX;
    if (has_collapsed(uplink, now_us)) {
        uplink->collapsed_us = now_us;
        uplink->n_weighed = 0;
        carried_bps = MAX(carried_bps, COLLAPSE_LEAST_BPS);
    }
    note_uncut(uplink, now_us);
    uint32_t cap_bps = (uint32_t)MAX(carried_bps * CUT_PERCENT / 100, (uint64_t)UPLINK_FLOOR_BPS);
    uplink->cap_bps = MIN(uplink->cap_bps, cap_bps);
    uplink->seen_bps = (uint32_t)carried_bps;
    uplink->full_bps = (uint32_t)carried_bps;
    uplink->full_us = now_us;
    uplink->loss.usual = MAX(uplink->loss.usual, uplink->loss.now); /* not twice for one loss */
    uplink->cut_us = now_us;
    uplink->is_draining = true;
    if (uplink->video_us == 0)
        return;
    uplink->state = UPLINK_CUT;
    if (room_bps(uplink, now_us) < LEAST_ROOM_BPS)
        close_video(uplink, now_us);
}

/* The queue of the last cut is gone: back to little less than the link carries. What is sent
 * meanwhile (sound, single pictures) would never show it. */
static void end_draining(Uplink *uplink, int64_t queue_us, int64_t rtt_us, int64_t now_us)
{
    if (!uplink->is_draining || queue_us > DRAINED_US ||
        now_us - uplink->cut_us < CUT_PAUSE_US + rtt_us)
        return;
    uplink->is_draining = false;
    uplink->cap_bps =
        MAX(uplink->cap_bps, (uint32_t)((uint64_t)uplink->full_bps * DRAINED_PERCENT / 100));
}

/* A link that fell was cut by what came in a fifth of a second, some of it from before. What comes
 * later, while its queue stands, is what it carries. */
static void weigh_collapse(Uplink *uplink, int64_t queue_us, int64_t now_us)
{
    static const int64_t after_us[] = {COLLAPSE_SOON_US, S};
    if (uplink->n_weighed >= G_N_ELEMENTS(after_us) || uplink->collapsed_us != uplink->cut_us ||
        now_us - uplink->cut_us < after_us[uplink->n_weighed])
        return;
    if (queue_us <= QUIET_QUEUE_US)
        return;
    int64_t window_us = after_us[uplink->n_weighed++] - COLLAPSE_TAIL_US;
    uplink->full_bps = uplink->seen_bps = uplink_rates_all_bps(&uplink->rates, window_us, now_us);
    uplink->full_us = now_us;
    uint64_t cap_bps = (uint64_t)uplink->full_bps * CUT_PERCENT / 100;
    uplink->cap_bps = MIN(uplink->cap_bps, (uint32_t)MAX(cap_bps, (uint64_t)UPLINK_FLOOR_BPS));
}

/* What comes now is what the link carries. */
static bool is_steady(const Uplink *uplink, int64_t now_us)
{
    bool flows = now_us - uplink->last_arrival_us <= HICCUP_US &&
                 now_us - uplink->hiccup_us >= AFTER_HICCUP_US;
    return flows || (uplink->long_us != 0 && now_us - uplink->long_us >= LASTING_US);
}

/* A queue stands and does not shrink: a little less until it does. */
static void ease(Uplink *uplink, int64_t rtt_us, int64_t now_us)
{
    if (now_us - MAX(uplink->cut_us, uplink->eased_us) < CUT_PAUSE_US + rtt_us ||
        now_us - uplink->stalled_us < AFTER_STALL_US || uplink->standing_us == 0 ||
        !is_steady(uplink, now_us) || now_us - uplink->standing_us < LONG_US ||
        growth_us(uplink, now_us) <= DRAINING_US)
        return;
    uint64_t carried_bps = carried_by_full_link(uplink, now_us);
    note_uncut(uplink, now_us);
    uplink->cap_bps = (uint32_t)MIN(
        uplink->cap_bps, MAX(carried_bps * EASE_PERCENT / 100, (uint64_t)UPLINK_FLOOR_BPS));
    uplink->full_bps = (uint32_t)carried_bps;
    uplink->full_us = now_us;
    uplink->eased_us = now_us;
}

static bool is_full(const Uplink *uplink, int64_t rtt_us, int64_t now_us)
{
    int64_t queue_us = uplink_queue_us(uplink, now_us);
    bool may_cut = (uplink->cut_us == 0 || now_us - uplink->cut_us >= CUT_PAUSE_US + rtt_us) &&
                   now_us - uplink->stalled_us >= AFTER_STALL_US;
    /* A key frame stands in a slow link's queue for a moment, and an ease takes its time. */
    bool is_patient =
        queue_us <= LONG_QUEUE_US && (uplink->long_us == 0 || now_us - uplink->long_us < LONG_US ||
                                      now_us - uplink->eased_us < LONG_US + rtt_us);
    bool is_queued = queue_us > FULL_QUEUE_US && !is_patient && is_steady(uplink, now_us) &&
                     growth_us(uplink, now_us) > DRAINING_US;
    bool is_collapsed = is_steady(uplink, now_us) && has_collapsed(uplink, now_us);
    bool is_lossy = queue_us > LOSSY_QUEUE_US && now_us - uplink->loss.since_us >= 3 * S &&
                    loses_more(uplink, LOSSY_FACTOR, LOSSY_MARGIN);
    return may_cut && (is_queued || is_lossy || is_collapsed);
}

/* The hint leaves nothing for a picture: for good, or for the moment of a cut. */
static bool is_roomless(const Uplink *uplink, int64_t now_us)
{
    bool has_lasted = now_us - uplink->video_us >= TRY_US;
    bool is_cut = uplink->cut_us != 0 && now_us - uplink->cut_us < ROOMLESS_US;
    return !uplink->has_room && !(has_lasted && is_cut);
}

static void tick_open(Uplink *uplink, bool is_quiet, int64_t rtt_us, int64_t now_us)
{
    bool is_after_cut = uplink->cut_us != 0 && now_us - uplink->cut_us < AFTER_CUT_US;
    uplink->state = is_after_cut ? UPLINK_CUT : is_quiet ? UPLINK_OPEN : UPLINK_HELD;
    if (room_bps(uplink, now_us) < LEAST_ROOM_BPS || is_roomless(uplink, now_us))
        close_video(uplink, now_us);
    else if (!is_quiet)
        ease(uplink, rtt_us, now_us);
    else if (uplink->state == UPLINK_OPEN && now_us >= uplink->next_step_us &&
             (uplink->cap_bps >= UPLINK_SLOW_BPS ||
              uplink_queue_us(uplink, now_us) <= STEP_QUEUE_US))
        uplink_step_up(uplink, rtt_us, now_us);
}

static void note_since(int64_t *since_us, bool holds, int64_t now_us)
{
    if (!holds)
        *since_us = 0;
    else if (*since_us == 0)
        *since_us = now_us;
}

void uplink_tick(Uplink *uplink, uint64_t n_expected, uint64_t n_lost, int64_t rtt_us,
                 int64_t now_us)
{
    rtt_us = CLAMP(rtt_us, 0, 2 * S);
    /* Of a client that has sent nothing yet no outage is known: it may have a camera alone, which
     * waits for us. */
    bool has_begun = uplink->last_arrival_us > uplink->opened_us;
    bool is_stalled = has_begun && now_us - uplink->last_arrival_us > STALL_US;
    if (is_stalled)
        uplink->stalled_us = now_us;
    uplink_loss_note(&uplink->loss, n_expected, n_lost,
                     now_us - uplink->stalled_us >= AFTER_STALL_US, now_us);
    if (is_stalled)
        return;
    int64_t queue_us = uplink_queue_us(uplink, now_us);
    bool is_quiet = queue_us <= QUIET_QUEUE_US && growth_us(uplink, now_us) <= QUIET_GROWTH_US &&
                    !(queue_us > LOSSY_QUEUE_US && loses_more(uplink, 1.5, 0.05)) &&
                    now_us - uplink->stalled_us >= AFTER_STALL_US;
    note_since(&uplink->standing_us, queue_us > QUIET_QUEUE_US, now_us);
    note_since(&uplink->long_us, queue_us > FULL_QUEUE_US, now_us);
    if (!is_quiet)
        uplink->unquiet_us = now_us;
    else
        uplink->seen_bps = MAX(uplink->seen_bps, uplink_rates_all_bps(&uplink->rates, S, now_us));
    if (is_quiet) {
        end_draining(uplink, queue_us, rtt_us, now_us);
        uplink_regain(uplink, now_us);
    }
    weigh_collapse(uplink, queue_us, now_us);
    if (is_full(uplink, rtt_us, now_us))
        cut(uplink, now_us);
    else if (uplink->video_us == 0)
        tick_closed(uplink, rtt_us, now_us);
    else
        tick_open(uplink, is_quiet, rtt_us, now_us);
}
