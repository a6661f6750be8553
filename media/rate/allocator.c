// SPDX-License-Identifier: Apache-2.0
#include "media/rate/allocator.h"

#include <glib.h>

#include "media/rate/fast_path.h"

/* Where nothing else is named: chosen by test_allocator and tests/sim; tried as those of
 * rate_control.c. Free: QUIET_US, HOLD_PERCENT, KEY_FRAME_BYTES, STILL_MOST_US. Bounded from above
 * alone: RTCP_LEAST_BPS, SENDER_LEAST_BPS; from below alone: VIDEO_FAR_BPS. */
enum {
    /* Sender reports, and the feedback that the client gets on what it sends. */
    RTCP_MOST_BPS = 4000,
    RTCP_LEAST_BPS = 2500,
    RTCP_PART = 12, /* of the target */
    /* Without evidence there is no picture: sound alone shows first what the link does. Less on a
     * fast path. */
    AUDIO_ALONE_US = 800 * 1000,
    NO_FEEDBACK_US = 3000 * 1000, /* a peer that gives none at all */
    START_US = 8000 * 1000,
    OFF_WAIT_US = 5000 * 1000, /* a picture that was paused comes back */
    /* However often a picture had to go again: with much headroom it is back after so long, and
     * moves again after so long. */
    OFF_MOST_US = 40 * 1000 * 1000,
    STILLS_MOST_US = 60 * 1000 * 1000,
    QUIET_US = 4000 * 1000,         /* nothing is said of a picture that has not begun yet */
    SENDER_STILLS_US = 3000 * 1000, /* before a picture that moved is called single ones */
    QUEUE_US = 300 * 1000,
    /* Headroom, in percent of the target: a step is kept to its need less 13 %, taken with 10 %,
     * and taken sooner with 60. */
    HOLD_PERCENT = 115,
    UP_PERCENT = 110,
    FAR_UP_PERCENT = 160,
    /* Under this, sound alone; the second when there are pictures already. */
    VIDEO_FROM_BPS = 45 * 1000,
    VIDEO_UNTIL_BPS = 38 * 1000,
    VIDEO_FAR_BPS = 60 * 1000,   /* with much headroom */
    VIDEO_NEVER_BPS = 28 * 1000, /* at once */
    KEY_FRAME_BYTES = 3000,      /* 240x135, until one was seen */
    STILL_LEAST_US = 1000 * 1000,
    STILL_MOST_US = 30 * 1000 * 1000,
    /* Of the budget: encoders overshoot, and what is not used empties queues sooner (tests/sim,
     * "steady-150": p95 of the queue 30 ms less than with 95). */
    ENCODER_PERCENT = 88,
    WANTED_LEAST_BPS = 280 * 1000, /* sound in 20 ms packets, and a first picture soon */
    SENDER_LEAST_BPS = 150 * 1000,
    /* What a sender's own link is not known to carry is not set aside for its picture while others
     * could use it: room to grow, and a first moving picture of one who comes in. */
    SENDER_GROWS_PART = 4,
    SENDER_CLAIM_LEAST_BPS = 45 * 1000,
    GROWN_PERCENT = 150, /* then those behind make room again */
};

/* What one update works with. */
typedef struct {
    const AllocatorInput *input;
    int64_t now_us;
    uint32_t audio_bps;
    uint32_t rtcp_bps;
    VideoClaim claims[ALLOCATOR_MAX_VIDEO];
    unsigned n_video;
    bool may_show;
} Round;

void allocator_init(Allocator *allocator, int64_t now_us)
{
    *allocator = (Allocator){.started_us = now_us};
    audio_ladder_init(&allocator->audio, now_us);
}

static int rank_of(const AllocatorRank *rank)
{
    if (rank->is_pinned)
        return 0;
    return rank->is_screen ? 1 : rank->is_speaker ? 2 : 3;
}

void allocator_rank(AllocatorRank *ranks, unsigned n)
{
    for (unsigned i = 1; i < n; i++) {
        AllocatorRank moved = ranks[i];
        unsigned to = i;
        for (; to > 0 && rank_of(&ranks[to - 1]) > rank_of(&moved); to--)
            ranks[to] = ranks[to - 1];
        ranks[to] = moved;
    }
}

/* When pictures may begin; 0: not yet. */
static int64_t opened_us(const Allocator *allocator, const AllocatorInput *input, int64_t now_us)
{
    int64_t alone_us = fast_path_proof_us(input->rtt_us, input->queue_us, AUDIO_ALONE_US);
    int64_t from_us = allocator->feedback_us != 0 ? allocator->feedback_us + alone_us
                                                  : allocator->started_us + NO_FEEDBACK_US;
    return now_us >= from_us ? from_us : 0;
}

/* A camera became a screen, or the other way round: the step of the other ladder that takes no
 * more. */
static void change_ladder(AllocatorSlot *slot, bool is_screen)
{
    uint32_t had_bps = video_step(slot->is_screen, slot->patience.step)->need_bps;
    const VideoClaim claim = {.has_source = true, .is_screen = is_screen};
    unsigned step = VIDEO_STEP_OFF;
    video_ladder_raise(&claim, 1, had_bps, &step);
    if (slot->is_screen != is_screen)
        slot->patience = (Patience){.step = step};
    slot->is_screen = is_screen;
}

/* Its sender can use much more than when those behind it made room. */
static bool has_grown(const AllocatorSlot *slot, const VideoClaim *claim)
{
    return claim->most_bps > (uint64_t)slot->claimed_bps * GROWN_PERCENT / 100;
}

/* Finds each source's state, wherever it stood in the order before. True: others are shown, another
 * one comes first, or one before others can use more. */
static bool match_slots(Allocator *allocator, const Round *round)
{
    AllocatorSlot slots[ALLOCATOR_MAX_VIDEO] = {0};
    bool has_changed = false;
    for (unsigned i = 0; i < round->n_video; i++) {
        if (!round->claims[i].has_source)
            continue;
        AllocatorSlot *slot = &slots[i];
        *slot = (AllocatorSlot){.since_us = round->now_us};
        for (unsigned j = 0; j < ALLOCATOR_MAX_VIDEO; j++) {
            const AllocatorSlot *old = &allocator->slots[j];
            if (old->is_used && old->source_id == round->input->video[i].source_id)
                *slot = *old;
        }
        bool has_more = i + 1 < round->n_video && has_grown(slot, &round->claims[i]);
        has_changed = has_changed || has_more || !slot->is_used || (i == 0 && !slot->was_first);
        if (i == 0 && !slot->was_first)
            slot->since_us = round->now_us;
        change_ladder(slot, round->claims[i].is_screen);
        slot->is_used = true;
        slot->source_id = round->input->video[i].source_id;
        slot->was_first = i == 0;
    }
    for (unsigned i = 0; i < ALLOCATOR_MAX_VIDEO; i++)
        allocator->slots[i] = slots[i];
    return has_changed;
}

static void set_audio(Allocator *allocator, Round *round, AllocatorPlan *plan)
{
    const AllocatorInput *input = round->input;
    int64_t from_us = allocator->feedback_us != 0 ? allocator->feedback_us : allocator->started_us;
    AudioLadderInput audio = {
        .target_bps = input->target_bps,
        .loss_q8 = input->loss_q8,
        .loss_run_x10 = input->loss_run_x10,
        .rtt_us = input->rtt_us,
        .queue_us = input->queue_us,
        .overused = input->overused,
        .is_starting = round->now_us - from_us < START_US,
        .is_frozen = input->blackout && !input->is_lost,
        .packet_overhead = input->packet_overhead,
        .n_streams = input->n_audio,
        .opus_bps = input->opus_bps,
        .has_red = input->has_red,
        .has_nack = input->has_opus_nack,
    };
    audio_ladder_update(&allocator->audio, &audio, round->now_us, &plan->audio, &plan->audio_bps);
    round->audio_bps = plan->audio_bps;
    round->rtcp_bps = CLAMP(input->target_bps / RTCP_PART, RTCP_LEAST_BPS, RTCP_MOST_BPS);
}

/* The part of BPS for first sends when repairs of what gets lost are set aside. */
static uint32_t without_repairs(const Round *round, uint32_t bps)
{
    return (uint32_t)((uint64_t)bps * 256 / (256 + (unsigned)round->input->loss_q8 * 6 / 5));
}

/* What a target leaves for pictures. */
static uint32_t video_of(const Round *round, uint64_t target_bps)
{
    uint64_t before = (uint64_t)round->audio_bps + round->rtcp_bps;
    return target_bps > before ? (uint32_t)(target_bps - before) : 0;
}

/* Sound itself hardly fits. */
static bool is_too_thin(const Round *round)
{
    return round->input->target_bps < VIDEO_NEVER_BPS ||
           round->audio_bps + round->rtcp_bps > round->input->target_bps;
}

/* Steps that BPS is enough for: no higher than the present ones if these need more. */
static void fitting(const Round *round, const unsigned *present, uint32_t bps, unsigned *ret_steps)
{
    bps = without_repairs(round, bps);
    unsigned shared[ALLOCATOR_MAX_VIDEO] = {0};
    video_ladder_raise(round->claims, round->n_video, bps, shared);
    bool fits = video_ladder_need(round->claims, round->n_video, present) <= bps;
    for (unsigned i = 0; i < round->n_video; i++)
        ret_steps[i] = fits ? present[i] : MIN(present[i], shared[i]);
}

/* Steps that BPS is enough for above the present ones. */
static void raised(const Round *round, const unsigned *present, uint32_t bps, unsigned *ret_steps)
{
    for (unsigned i = 0; i < round->n_video; i++)
        ret_steps[i] = present[i];
    video_ladder_raise(round->claims, round->n_video, without_repairs(round, bps), ret_steps);
}

/* Somebody came or comes first now: those behind make room at once. */
static void make_room(Allocator *allocator, const Round *round)
{
    unsigned shared[ALLOCATOR_MAX_VIDEO] = {0};
    uint32_t bps = video_of(round, (uint64_t)round->input->target_bps * 100 / UP_PERCENT);
    video_ladder_raise(round->claims, round->n_video, without_repairs(round, bps), shared);
    for (unsigned i = 0; i < round->n_video; i++) {
        AllocatorSlot *slot = &allocator->slots[i];
        slot->patience.step = MIN(slot->patience.step, shared[i]);
        slot->claimed_bps = round->claims[i].most_bps;
    }
}

static void move_steps(Allocator *allocator, const Round *round)
{
    const AllocatorInput *input = round->input;
    uint64_t target = input->target_bps;
    uint32_t bps = video_of(round, target);
    uint32_t hold_bps =
        target >= VIDEO_UNTIL_BPS ? (uint32_t)((uint64_t)bps * HOLD_PERCENT / 100) : 0;
    bool may_rise = target >= VIDEO_FROM_BPS && round->may_show;
    bool may_far = target >= VIDEO_FAR_BPS && round->may_show;
    unsigned present[ALLOCATOR_MAX_VIDEO], hold[ALLOCATOR_MAX_VIDEO], must[ALLOCATOR_MAX_VIDEO];
    unsigned up[ALLOCATOR_MAX_VIDEO], far_up[ALLOCATOR_MAX_VIDEO];
    for (unsigned i = 0; i < round->n_video; i++)
        present[i] = allocator->slots[i].patience.step;
    fitting(round, present, hold_bps, hold);
    fitting(round, present, is_too_thin(round) ? 0 : bps, must);
    raised(round, present, may_rise ? video_of(round, target * 100 / UP_PERCENT) : 0, up);
    raised(round, present, may_far ? video_of(round, target * 100 / FAR_UP_PERCENT) : 0, far_up);

    bool must_fall = input->queue_us > QUEUE_US || is_too_thin(round);
    int64_t open_us = opened_us(allocator, input, round->now_us);
    for (unsigned i = 0; i < round->n_video; i++) {
        AllocatorSlot *slot = &allocator->slots[i];
        bool is_off = slot->patience.step == VIDEO_STEP_OFF;
        PatienceInput possible = {
            .hold = hold[i],
            .up = up[i],
            .far_up = far_up[i],
            .must = must_fall ? must[i] : PATIENCE_NO_LIMIT,
            .is_starting = round->now_us - MAX(slot->since_us, open_us) < START_US,
            .is_held = input->overused,
            .up_wait_us = is_off && slot->patience.n_failed == 0 ? OFF_WAIT_US : PATIENCE_UP_US,
            .far_wait_us = is_off ? OFF_WAIT_US : PATIENCE_FAR_UP_US,
            .far_most_us = is_off                                     ? OFF_MOST_US
                           : slot->patience.step == VIDEO_STEP_STILLS ? STILLS_MOST_US
                                                                      : 0,
        };
        if (slot->is_used)
            patience_update(&slot->patience, &possible, round->now_us);
    }
}

/* Each picture what its step needs, in order; then what is left, up to what helps: first those
 * whose senders can use it. */
static void set_budgets(const Allocator *allocator, const Round *round, AllocatorPlan *plan)
{
    uint32_t left = without_repairs(round, plan->video_bps);
    for (unsigned pass = 0; pass < 3; pass++) {
        for (unsigned i = 0; i < round->n_video; i++) {
            const VideoClaim *claim = &round->claims[i];
            const VideoStep *step = video_step(claim->is_screen, allocator->slots[i].patience.step);
            uint32_t most = pass == 0 ? step->need_bps : step->most_bps;
            if (pass < 2 && claim->most_bps > 0)
                most = MIN(most, claim->most_bps);
            uint32_t more = MIN(left, most - MIN(most, plan->video[i].budget_bps));
            plan->video[i].budget_bps += more;
            left -= more;
        }
    }
}

static void set_wish(const AllocatorSlot *slot, bool is_screen, AllocatorVideoPlan *video)
{
    const VideoStep *step = video_step(is_screen, slot->patience.step);
    if (slot->patience.step == VIDEO_STEP_OFF)
        return;
    video->wish.height = step->height;
    video->wish.fps_tenths = step->fps_tenths;
    video->wish.is_screen = is_screen;
    video->wish.stills = slot->patience.step == VIDEO_STEP_STILLS;
    if (video->wish.stills)
        video->wish.fps_tenths = video_still_fps_tenths(video->budget_bps, 0);
    video->wish.video_bps =
        (uint32_t)((uint64_t)video_payload_bps(video->budget_bps, video->wish.fps_tenths) *
                   ENCODER_PERCENT / 100);
}

/* Each cut of the sender's link, and many a beginning, is a still or two, which nobody needs to
 * read of. */
static bool are_stills_sent(AllocatorSlot *slot, const AllocatorVideoInput *input, int64_t now_us)
{
    if (!input->sender_stills)
        slot->stills_us = 0;
    else if (slot->stills_us == 0)
        slot->stills_us = now_us;
    bool was_paused = slot->said != MEDIA_PICTURE_MOVING && slot->said != MEDIA_PICTURE_NONE;
    return slot->stills_us != 0 && (was_paused || now_us - slot->stills_us >= SENDER_STILLS_US);
}

static MediaPicture picture_of(AllocatorSlot *slot, const AllocatorVideoInput *input,
                               AllocatorMode mode, int64_t now_us)
{
    bool are_stills = are_stills_sent(slot, input, now_us);
    if (!input->has_source)
        return MEDIA_PICTURE_NONE;
    if (input->sender_too_thin)
        return MEDIA_PICTURE_SENDER_LINK;
    switch (mode) {
    case ALLOCATOR_MOVING:
        return are_stills ? MEDIA_PICTURE_STILLS : MEDIA_PICTURE_MOVING;
    case ALLOCATOR_STILLS:
        return MEDIA_PICTURE_STILLS;
    case ALLOCATOR_OFF:
        break;
    }
    return slot->was_shown || now_us - slot->since_us >= QUIET_US ? MEDIA_PICTURE_RECEIVER_LINK
                                                                  : MEDIA_PICTURE_NONE;
}

static void set_mode(AllocatorSlot *slot, const Round *round, const AllocatorVideoInput *input,
                     AllocatorVideoPlan *video)
{
    bool is_starting = round->now_us - slot->since_us < START_US;
    layer_choice_update(&slot->choice, input->layers, MIN(input->n_layers, LAYER_MAX),
                        video->budget_bps, is_starting, round->now_us);
    if (slot->patience.step == VIDEO_STEP_OFF)
        video->mode = ALLOCATOR_OFF;
    else if (slot->patience.step == VIDEO_STEP_STILLS || slot->choice.is_starved)
        video->mode = ALLOCATOR_STILLS;
    else
        video->mode = ALLOCATOR_MOVING;
    slot->was_shown = slot->was_shown || video->mode != ALLOCATOR_OFF;
    video->layer = slot->choice.layer;
    video->max_temporal_id = slot->choice.max_temporal_id;
    if (video->max_temporal_id + 1 >= input->layers[video->layer].n_temporal)
        video->max_temporal_id = ALLOCATOR_ALL_LAYERS;
    uint64_t still_bytes = input->key_frame_bytes > 0 ? input->key_frame_bytes : KEY_FRAME_BYTES;
    video->still_interval_us = (int64_t)CLAMP(
        still_bytes * 8 * 1000 * 1000 / MAX(video->budget_bps, 1), STILL_LEAST_US, STILL_MOST_US);
}

/* What there would be to send if the link carried it: that is what it is probed for. A sender
 * cannot give more than its own link carries. */
static uint32_t wanted_bps(const Round *round, const AllocatorPlan *plan)
{
    uint64_t wanted = plan->audio_bps + round->rtcp_bps;
    for (unsigned i = 0; i < round->n_video; i++) {
        const AllocatorVideoInput *video = &round->input->video[i];
        if (!video->has_source)
            continue;
        uint32_t top = video_step(video->is_screen, VIDEO_STEP_OFF)->most_bps;
        for (unsigned step = VIDEO_STEP_STILLS; step < VIDEO_STEPS; step++)
            top = MAX(top, video_step(video->is_screen, step)->most_bps);
        if (video->sender_bps > 0)
            top = MIN(top, MAX(video->sender_bps + video->sender_bps / SENDER_GROWS_PART,
                               SENDER_LEAST_BPS));
        wanted += top;
    }
    return (uint32_t)MIN(MAX(wanted, WANTED_LEAST_BPS), UINT32_MAX);
}

static void begin_round(Round *round, const AllocatorInput *input, int64_t now_us)
{
    *round = (Round){
        .input = input, .now_us = now_us, .n_video = MIN(input->n_video, ALLOCATOR_MAX_VIDEO)};
    unsigned n_sources = 0;
    for (unsigned i = 0; i < round->n_video; i++) {
        const AllocatorVideoInput *video = &input->video[i];
        round->claims[i] =
            (VideoClaim){.has_source = video->has_source, .is_screen = video->is_screen};
        if (video->sender_bps > 0)
            round->claims[i].most_bps =
                MAX(video->sender_bps + video->sender_bps / SENDER_GROWS_PART,
                    (uint32_t)SENDER_CLAIM_LEAST_BPS);
        n_sources += video->has_source ? 1 : 0;
    }
    /* Nobody else has a use for what is left. */
    for (unsigned i = 0; i < round->n_video && n_sources < 2; i++)
        round->claims[i].most_bps = 0;
}

void allocator_update(Allocator *allocator, const AllocatorInput *input, int64_t now_us,
                      AllocatorPlan *ret_plan)
{
    Round round;
    begin_round(&round, input, now_us);
    if (input->has_feedback && allocator->feedback_us == 0)
        allocator->feedback_us = now_us;
    round.may_show = opened_us(allocator, input, now_us) != 0;

    AllocatorPlan plan = {.n_video = round.n_video, .is_held = input->blackout};
    bool has_changed = match_slots(allocator, &round);
    set_audio(allocator, &round, &plan);
    if (has_changed)
        make_room(allocator, &round);
    if (!input->blackout)
        move_steps(allocator, &round);
    plan.video_bps = video_of(&round, input->target_bps);
    /* Twice what is lost and a fifth more; 15 % at least, as losses come in runs. */
    plan.rtx_bps = (uint32_t)((uint64_t)plan.video_bps *
                              CLAMP((unsigned)input->loss_q8 * 12 / 5, 38, 85) / 256);
    plan.wish = (AllocatorWish){.audio_bps = plan.audio.opus_bps,
                                .ptime_ms = plan.audio.merge_ms,
                                .audio_fec = plan.audio.fec};
    set_budgets(allocator, &round, &plan);
    for (unsigned i = 0; i < round.n_video; i++) {
        AllocatorSlot *slot = &allocator->slots[i];
        AllocatorVideoPlan *video = &plan.video[i];
        video->wish = plan.wish;
        if (slot->is_used) {
            set_mode(slot, &round, &input->video[i], video);
            set_wish(slot, input->video[i].is_screen, video);
        }
        video->picture = picture_of(slot, &input->video[i], video->mode, now_us);
        slot->said = video->picture;
    }
    plan.wanted_bps = wanted_bps(&round, &plan);
    *ret_plan = plan;
}
