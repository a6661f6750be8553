// SPDX-License-Identifier: Apache-2.0
#include "media/relay/stream.h"
#include "server/base/secret.h"

enum {
    OPUS_CLOCK_RATE = 48000,  /* RFC 7587, section 4.1 */
    VIDEO_CLOCK_RATE = 90000, /* RFC 7741, section 4.1 */
};

static uint32_t clock_rate_of(MediaKind kind)
{
    return kind == MEDIA_KIND_AUDIO ? OPUS_CLOCK_RATE : VIDEO_CLOCK_RATE;
}

Source *source_new(Endpoint *endpoint, unsigned section, const SectionPlan *plan, uint32_t number)
{
    Source *source = g_new0(Source, 1);
    source->endpoint = endpoint;
    source->section = section;
    source->kind = plan->kind;
    source->clock_rate = clock_rate_of(plan->kind);
    source_apply_plan(source, plan);
    source_restart(source, plan->source_ssrc, number);
    return source;
}

void source_free(Source *source)
{
    if (!source)
        return;
    while (source->n_receivers > 0)
        slot_detach(source->receivers[source->n_receivers - 1]);
    nack_tracker_free(source->nack);
    g_free(source);
}

void source_apply_plan(Source *source, const SectionPlan *plan)
{
    source->payload_type = plan->codec.payload_type;
    source->rtx_payload_type = plan->codec.rtx_payload_type;
    if (plan->codec.nack && !source->nack)
        source->nack = nack_tracker_new(plan->kind == MEDIA_KIND_AUDIO ? &NACK_AUDIO : &NACK_VIDEO);
    if (!plan->codec.nack)
        g_clear_pointer(&source->nack, nack_tracker_free);
}

void source_restart(Source *source, uint32_t ssrc, uint32_t number)
{
    source->ssrc = ssrc;
    source->number = number;
    source->clock = (SenderClock){0};
    rtp_stats_init(&source->stats, source->clock_rate);
    keyframe_gate_init(&source->keyframe);
    if (source->nack)
        nack_tracker_reset(source->nack);
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
    slot->rtx_sequence = start.rtx_sequence;
    /* RFC 3711, 3.3.1: starts in the lower half, so that losing the first packets cannot make the
     * peer guess another rollover counter than ours. */
    rtp_rewriter_init(&slot->rewriter, clock_rate_of(plan->kind), start.sequence & 0x7fff,
                      start.timestamp);
    slot->rtx_sequence &= 0x7fff;
    vp8_rewriter_init(&slot->vp8, start.picture_id & 0x7fff);
    slot_apply_plan(slot, plan);
    return slot;
}

void slot_free(Slot *slot)
{
    if (!slot)
        return;
    slot_detach(slot);
    packet_cache_free(slot->cache);
    g_free(slot->reported_participant);
    g_free(slot);
}

void slot_apply_plan(Slot *slot, const SectionPlan *plan)
{
    slot->payload_type = plan->codec.payload_type;
    slot->rtx_payload_type = plan->codec.rtx_payload_type;
    slot->is_enabled = plan->is_slot;
    bool ciphertext = plan->kind == MEDIA_KIND_AUDIO || slot->rtx_payload_type < 0;
    if (slot->cache && (!plan->codec.nack || ciphertext != slot->caches_ciphertext))
        g_clear_pointer(&slot->cache, packet_cache_free);
    slot->caches_ciphertext = ciphertext;
    if (plan->codec.nack && !slot->cache)
        slot->cache = packet_cache_new(plan->kind == MEDIA_KIND_AUDIO ? &PACKET_CACHE_AUDIO
                                                                      : &PACKET_CACHE_VIDEO);
}

bool slot_attach(Slot *slot, Source *source)
{
    g_assert(!slot->source);
    if (source->n_receivers == G_N_ELEMENTS(source->receivers))
        return false;
    source->receivers[source->n_receivers++] = slot;
    slot->source = source;
    slot->current = 0;
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
}
