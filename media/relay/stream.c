// SPDX-License-Identifier: Apache-2.0
#include "media/relay/stream.h"
#include "media/relay/endpoint.h"
#include "media/relay/worker.h"
#include "server/base/secret.h"

enum {
    LAYER_QUIET_US = 1000 * 1000,
    MOVING_FRAMES = 10,           /* a browser lets a few out beside each still */
    MOVING_FRAME_US = 300 * 1000, /* single pictures are half a second apart at least */
    OPUS_CLOCK_RATE = 48000,      /* RFC 7587, section 4.1 */
    VIDEO_CLOCK_RATE = 90000,     /* RFC 7741, 4.1; RFC 6184, 8.2.1; RFC 9628, 5 */
};

static uint32_t clock_rate_of(MediaKind kind)
{
    return kind == MEDIA_KIND_AUDIO ? OPUS_CLOCK_RATE : VIDEO_CLOCK_RATE;
}

Source *source_new(Endpoint *endpoint, unsigned section, const SectionPlan *plan)
{
    Source *source = g_new0(Source, 1);
    source->endpoint = endpoint;
    source->section = section;
    source->kind = plan->kind;
    source->number = worker_source_number(endpoint->worker);
    source->clock_rate = clock_rate_of(plan->kind);
    for (unsigned i = 0; i < MEDIA_MAX_RIDS; i++) {
        source->layers[i].source = source;
        source->layers[i].index = i;
        layer_restart(&source->layers[i], 0);
    }
    source_apply_plan(source, plan);
    source->layers[0].ssrc = plan->n_layers == 0 ? plan->source_ssrc : 0;
    return source;
}

void source_free(Source *source)
{
    if (!source)
        return;
    while (source->n_receivers > 0)
        slot_detach(source->receivers[source->n_receivers - 1]);
    for (unsigned i = 0; i < MEDIA_MAX_RIDS; i++) {
        nack_tracker_free(source->layers[i].nack);
        early_free(source->layers[i].early);
    }
    g_free(source);
}

void source_apply_plan(Source *source, const SectionPlan *plan)
{
    source->codec = plan->codec;
    source->n_layers = MAX(plan->n_layers, 1);
    for (unsigned i = 0; i < MEDIA_MAX_RIDS; i++) {
        Layer *layer = &source->layers[i];
        bool wanted = plan->codec.nack && i < source->n_layers;
        if (wanted && !layer->nack)
            layer->nack =
                nack_tracker_new(plan->kind == MEDIA_KIND_AUDIO ? &NACK_AUDIO : &NACK_VIDEO);
        if (wanted && !layer->early && plan->kind == MEDIA_KIND_VIDEO)
            layer->early = early_new();
        if (!wanted) {
            g_clear_pointer(&layer->nack, nack_tracker_free);
            g_clear_pointer(&layer->early, early_free);
        }
    }
}

void layer_restart(Layer *layer, uint32_t ssrc)
{
    const Source *source = layer->source;
    layer->ssrc = ssrc;
    layer->number = worker_source_number(source->endpoint->worker);
    layer->clock = (SenderClock){0};
    layer->send_clock = (SendClock){0};
    layer->speech_bps = 0;
    layer->last_us = 0;
    layer->movement = (Movement){0};
    layer->key_frame_bytes = 0;
    layer->key_frame_so_far = 0;
    rtp_stats_init(&layer->stats, source->clock_rate);
    keyframe_gate_init(&layer->keyframe);
    if (layer->nack)
        nack_tracker_reset(layer->nack);
    if (layer->early)
        early_forget(layer->early);
}

bool layer_flows(const Layer *layer, int64_t now_us)
{
    return layer->last_us != 0 && now_us - layer->last_us < LAYER_QUIET_US;
}

void layer_note_frame(Layer *layer, uint32_t timestamp, bool is_key, int64_t now_us)
{
    Movement *movement = &layer->movement;
    if (movement->frame_us != 0 && timestamp == movement->timestamp)
        return;
    bool is_soon = movement->frame_us != 0 && now_us - movement->frame_us < MOVING_FRAME_US;
    movement->n_soon = is_soon ? movement->n_soon + !is_key : 0;
    if (movement->n_soon >= MOVING_FRAMES)
        movement->moved_us = now_us;
    movement->timestamp = timestamp;
    movement->frame_us = now_us;
}

bool layer_moves(const Layer *layer, int64_t now_us)
{
    return layer->movement.moved_us != 0 && now_us - layer->movement.moved_us < LAYER_QUIET_US;
}

uint64_t source_lost(const Source *source)
{
    uint64_t lost = 0;
    for (unsigned i = 0; i < source->n_layers; i++)
        lost += rtp_stats_lost(&source->layers[i].stats);
    return lost;
}

static void init_video(SlotVideo *video, uint16_t sequence, uint16_t rtx_sequence,
                       uint16_t picture_id)
{
    video->mode = PICTURE_MODE_OFF; /* until the first order */
    video->temporal_limit = UINT8_MAX;
    video->first_sequence = sequence & 0x7fff;
    video->rtx_sequence = rtx_sequence & 0x7fff;
    vp8_rewriter_init(&video->vp8, 0);
    vp8_rewriter_init(&video->leaving_vp8, picture_id & 0x7fff);
}

Slot *slot_new(Endpoint *endpoint, unsigned section, const SectionPlan *plan)
{
    struct {
        uint32_t timestamp;
        uint16_t sequence, rtx_sequence, picture_id;
    } start;
    secret_random((uint8_t *)&start, sizeof start);
    Slot *slot = g_new0(Slot, 1);
    slot->endpoint = endpoint;
    slot->section = section;
    slot->kind = plan->kind;
    slot->ssrc = plan->slot_ssrc;
    slot->rtx_ssrc = plan->slot_rtx_ssrc;
    rtp_rewriter_init(&slot->rewriter, clock_rate_of(plan->kind), 0, start.timestamp);
    /* RFC 3711, 3.3.1: numbers start in the lower half, so that losing the first packets cannot
     * make the peer guess another rollover counter than ours. */
    if (plan->kind == MEDIA_KIND_VIDEO) {
        init_video(&slot->video, start.sequence, start.rtx_sequence, start.picture_id);
    } else {
        slot->audio = g_new0(AudioOut, 1);
        audio_out_init(slot->audio, start.sequence & 0x7fff, plan->codec.payload_type);
    }
    slot_apply_plan(slot, plan);
    return slot;
}

void slot_free(Slot *slot)
{
    if (!slot)
        return;
    slot_detach(slot);
    packet_cache_free(slot->video.built);
    packet_cache_free(slot->sent);
    g_free(slot->audio);
    g_free(slot->reported_participant);
    g_free(slot);
}

void slot_apply_plan(Slot *slot, const SectionPlan *plan)
{
    bool is_video = plan->kind == MEDIA_KIND_VIDEO;
    slot->codec = plan->codec;
    slot->is_enabled = plan->is_slot;
    if (is_video && !slot->video.built)
        slot->video.built = packet_cache_new(&PACKET_CACHE_VIDEO);
    /* What goes out again under its own number goes out as the same bytes: a repair without RTX,
     * and sound that is sent a second time where neither a repair nor RED is spoken of. */
    bool sends_twice = !is_video && plan->codec.red_payload_type < 0;
    bool keeps_sent =
        sends_twice || (plan->codec.nack && !(is_video && plan->codec.rtx_payload_type >= 0));
    if (!keeps_sent)
        g_clear_pointer(&slot->sent, packet_cache_free);
    else if (!slot->sent)
        slot->sent = packet_cache_new(is_video ? &PACKET_CACHE_VIDEO : &PACKET_CACHE_AUDIO);
}

bool slot_attach(Slot *slot, Source *source)
{
    g_assert(!slot->source);
    if (source->n_receivers == G_N_ELEMENTS(source->receivers))
        return false;
    source->receivers[source->n_receivers++] = slot;
    slot->source = source;
    slot->current = 0;
    slot->video.layer = 0;
    if (slot->audio) {
        loudest_add(&slot->endpoint->down.loudest, slot->section);
        slot->endpoint->down.audible |= UINT32_C(1) << slot->section;
    }
    return true;
}

void slot_detach(Slot *slot)
{
    Source *source = slot->source;
    if (!source)
        return;
    for (unsigned i = 0; i < source->n_receivers; i++) {
        if (source->receivers[i] == slot) {
            source->receivers[i] = source->receivers[--source->n_receivers];
            break;
        }
    }
    slot->source = NULL;
    slot->current = 0;
    if (slot->audio)
        loudest_remove(&slot->endpoint->down.loudest, slot->section);
}

const Layer *slot_current_layer(const Slot *slot)
{
    if (!slot->source || slot->current == 0)
        return NULL;
    for (unsigned i = 0; i < slot->source->n_layers; i++) {
        if (slot->source->layers[i].number == slot->current)
            return &slot->source->layers[i];
    }
    return NULL;
}
