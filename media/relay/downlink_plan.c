// SPDX-License-Identifier: Apache-2.0
#include "media/relay/downlink_plan.h"
#include "media/relay/slot_audio.h"
#include "media/relay/slot_video.h"
#include "media/relay/transmit.h"
#include "media/relay/worker.h"

enum {
    UPDATE_US = 50 * 1000,
    PACKET_PAYLOAD_BYTES = 1100, /* of a full video packet, about */
};

static void take_view(AllocatorInput *input, const SendRateView *view)
{
    input->target_bps = view->target_bps;
    input->loss_q8 = view->loss_q8;
    input->loss_run_x10 = view->loss_run_x10;
    input->rtt_us = view->rtt_us;
    input->queue_us = view->queue_us;
    input->overused = view->overused;
    input->has_feedback = view->has_feedback;
    input->blackout = view->blackout;
    input->is_lost = view->is_lost;
}

static void take_audio(AllocatorInput *input, const Slot *slot)
{
    const Source *source = slot->source;
    if (!slot->is_enabled || !source || !slot_audio_is_heard(slot) ||
        !source->endpoint->is_flowing[MEDIA_KIND_AUDIO])
        return;
    input->n_audio++;
    input->opus_bps += source->layers[0].speech_bps;
    input->has_red = slot->codec.red_payload_type >= 0;
    input->has_opus_nack = slot->codec.nack;
    input->packet_overhead = (unsigned)transmit_expected_bytes(slot, 0);
}

/* The allocator counts layers from the lowest, plans from the highest. */
static void take_layers(AllocatorVideoInput *input, const Source *source, int64_t now_us)
{
    input->n_layers = source->n_layers;
    for (unsigned i = 0; i < source->n_layers; i++) {
        const Layer *layer = &source->layers[source->n_layers - 1 - i];
        LayerInput *to = &input->layers[i];
        to->bitrate_bps = meter_bps(&layer->meter, now_us);
        for (unsigned t = 0; t < LAYER_TEMPORAL_MAX && to->bitrate_bps > 0; t++) {
            uint64_t bps = meter_bps(&layer->temporal[t], now_us);
            to->temporal_q8[t] = (uint8_t)MIN(bps * 256 / to->bitrate_bps, UINT8_MAX);
            if (bps > 0)
                to->n_temporal = t + 1;
        }
        if (input->key_frame_bytes == 0 && layer->key_frame_bytes > 0)
            input->key_frame_bytes =
                layer->key_frame_bytes +
                (layer->key_frame_bytes / PACKET_PAYLOAD_BYTES + 1) * AUDIO_PACKET_OVERHEAD;
    }
}

static bool moves(const Source *source, int64_t now_us)
{
    for (unsigned i = 0; i < source->n_layers; i++) {
        if (layer_moves(&source->layers[i], now_us))
            return true;
    }
    return false;
}

static void take_video(AllocatorInput *input, const Slot *slot, int64_t now_us)
{
    AllocatorVideoInput *video = &input->video[input->n_video++];
    const Source *source = slot->source;
    *video = (AllocatorVideoInput){0};
    if (!source)
        return;
    const Uplink *uplink = &source->endpoint->up.uplink;
    uint32_t cap_bps = uplink_cap_bps(uplink);
    uint32_t audio_bps = meter_bps(&source->endpoint->up.audio, now_us);
    video->has_source = true;
    video->is_screen = source->endpoint->sends_screen;
    video->source_id = source->number;
    video->sender_too_thin = uplink_is_too_thin(uplink, now_us);
    const MediaHint *told = &source->endpoint->up.told;
    /* A WHIP client hears no hints; a page that was asked for none shows nothing that moves. */
    video->sender_stills = (told->video_stills || told->video_bps == 0) && !moves(source, now_us);
    video->sender_bps = cap_bps > audio_bps ? cap_bps - audio_bps : 1;
    take_layers(video, source, now_us);
}

static void report(Slot *slot, MediaPicture picture)
{
    Worker *worker = slot->endpoint->worker;
    if (picture == slot->video.reported)
        return;
    slot->video.reported = picture;
    WorkerEvent *event =
        worker_event_new(WORKER_EVENT_PICTURE, slot->endpoint->id, worker_wall_ms(worker));
    event->mid = g_strdup(slot->endpoint->plan.sections[slot->section].mid);
    event->value.picture = picture;
    worker_emit(worker, event);
}

static PictureMode mode_of(AllocatorMode mode)
{
    switch (mode) {
    case ALLOCATOR_OFF:
        return PICTURE_MODE_OFF;
    case ALLOCATOR_STILLS:
        return PICTURE_MODE_STILLS;
    case ALLOCATOR_MOVING:
        return PICTURE_MODE_MOVING;
    }
    g_assert_not_reached();
}

/* A picture that may be shown and does not come: its sender's camera is off. */
static MediaPicture picture_of(const Slot *slot, const AllocatorVideoPlan *plan)
{
    bool is_shown = plan->picture == MEDIA_PICTURE_MOVING || plan->picture == MEDIA_PICTURE_STILLS;
    bool flows = slot->source && slot->source->endpoint->is_flowing[MEDIA_KIND_VIDEO];
    return !slot->source || (is_shown && !flows) ? MEDIA_PICTURE_NONE : plan->picture;
}

static void order_video(Slot *slot, const AllocatorPlan *plan, unsigned index)
{
    const AllocatorVideoPlan *video = &plan->video[index];
    const Source *source = slot->source;
    unsigned n_layers = source ? source->n_layers : 1;
    PictureOrder order = {
        /* While nothing is heard of the link nothing but sound goes into it; what follows then
         * begins with a key frame. */
        .mode = source && !plan->is_held ? mode_of(video->mode) : PICTURE_MODE_OFF,
        .layer = n_layers - 1 - MIN(video->layer, n_layers - 1),
        .temporal_limit = (uint8_t)video->max_temporal_id,
        .still_interval_us = video->still_interval_us,
    };
    slot_video_order(slot, &order);
    slot_video_tick(slot);
    packet_cache_set_budget(slot->sent ? slot->sent : slot->video.built,
                            plan->rtx_bps / 8 / plan->n_video);
    report(slot, picture_of(slot, video));
}

static void carry_out(Endpoint *endpoint)
{
    Downlink *down = &endpoint->down;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        Slot *slot = endpoint->slots[i];
        if (slot && slot->audio)
            slot_audio_order(slot, &down->plan.audio);
    }
    for (unsigned n = 0; n < down->n_sections && n < down->plan.n_video; n++)
        order_video(endpoint->slots[down->sections[n]], &down->plan, n);
}

/* Who speaks, of those that are heard here; NULL: nobody has. */
static const Endpoint *find_speaker(Endpoint *endpoint)
{
    int section = loudest_speaker(&endpoint->down.loudest, endpoint->worker->now_us);
    const Slot *slot =
        section >= 0 && section < MEDIA_MAX_SECTIONS ? endpoint->slots[section] : NULL;
    return slot && slot->source ? slot->source->endpoint : NULL;
}

/* The order in which pictures get what there is: down->sections. */
static void rank_pictures(Endpoint *endpoint)
{
    Downlink *down = &endpoint->down;
    AllocatorRank ranks[ALLOCATOR_MAX_VIDEO];
    unsigned n = 0;
    const Endpoint *speaker = find_speaker(endpoint);
    for (unsigned i = 0; i < endpoint->plan.n_sections && n < ALLOCATOR_MAX_VIDEO; i++) {
        const Slot *slot = endpoint->slots[i];
        if (!slot || slot->audio || !slot->is_enabled)
            continue;
        const Endpoint *sender = slot->source ? slot->source->endpoint : NULL;
        ranks[n++] = (AllocatorRank){
            .section = i,
            .is_pinned = sender && g_strcmp0(sender->participant_id, endpoint->pinned_id) == 0,
            .is_screen = sender && sender->sends_screen,
            .is_speaker = sender && sender == speaker,
        };
    }
    allocator_rank(ranks, n);
    down->n_sections = n;
    for (unsigned i = 0; i < n; i++)
        down->sections[i] = ranks[i].section;
}

/* Padding goes out as RTX does. */
static bool takes_padding(const Endpoint *endpoint)
{
    bool has_picture = false;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        const Slot *slot = endpoint->slots[i];
        if (!slot || slot->kind != MEDIA_KIND_VIDEO)
            continue;
        has_picture = true;
        if (slot->codec.rtx_payload_type >= 0)
            return true;
    }
    return !has_picture;
}

void downlink_update(Endpoint *endpoint)
{
    Downlink *down = &endpoint->down;
    int64_t now_us = endpoint->worker->now_us;
    AllocatorInput input = {0};
    SendRateView view;
    send_rate_view(down->rate, &view);
    take_view(&input, &view);
    down->audible = loudest_choose(&down->loudest, now_us);
    rank_pictures(endpoint);
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        const Slot *slot = endpoint->slots[i];
        if (slot && slot->audio)
            take_audio(&input, slot);
    }
    for (unsigned n = 0; n < down->n_sections; n++)
        take_video(&input, endpoint->slots[down->sections[n]], now_us);
    down->sound_bps = view.target_bps / MAX(input.n_audio, 1);
    allocator_update(&down->allocator, &input, now_us, &down->plan);
    down->next_update_us = now_us + UPDATE_US;
    pacer_set_target(&down->pacer, view.target_bps, now_us);
    send_rate_set_wanted(down->rate, down->plan.wanted_bps);
    send_rate_set_padding(down->rate, takes_padding(endpoint));
    carry_out(endpoint);
}

bool downlink_wish(const Endpoint *endpoint, const Endpoint *sender, AllocatorWish *ret_wish)
{
    const Downlink *down = &endpoint->down;
    bool receives = false;
    *ret_wish = down->plan.wish;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        const Slot *slot = endpoint->slots[i];
        receives = receives || (slot && slot->source && slot->source->endpoint == sender);
    }
    for (unsigned i = 0; i < down->n_sections && i < down->plan.n_video; i++) {
        const Slot *slot = endpoint->slots[down->sections[i]];
        if (slot && slot->source && slot->source->endpoint == sender)
            *ret_wish = down->plan.video[i].wish;
    }
    return receives;
}
