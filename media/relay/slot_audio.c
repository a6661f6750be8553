// SPDX-License-Identifier: Apache-2.0
#include "media/relay/slot_audio.h"
#include "media/relay/downlink.h"
#include "media/relay/transmit.h"
#include "media/relay/worker.h"

enum {
    /* Feedback of a browser comes each 250 ms at least. */
    UNTOLD_US = 300 * 1000,
};

static int64_t now_of(const Slot *slot)
{
    return slot->endpoint->worker->now_us;
}

void slot_audio_order(Slot *slot, const AudioChoice *choice)
{
    AudioOutConfig config = {
        .merge_ms = choice->merge_ms,
        .red_distance = choice->red_distance,
        .red_reach = choice->red_reach,
        .opus_payload_type = slot->codec.payload_type,
        .red_payload_type = slot->codec.red_payload_type,
        .second_send_ms = choice->second_send ? SLOT_AUDIO_SECOND_SEND_MS : 0,
        .thin_dtx = choice->merge_ms > 20,
    };
    audio_out_configure(slot->audio, &config);
}

/* GStreamer tells what came when a marker has: at the end of a picture. While none may go out it
 * would tell nothing, so that none could. So sound of which nothing is told has one, where it
 * otherwise begins a talk spurt (RFC 3551, 4.1). */
static bool asks_for_feedback(const Slot *slot)
{
    const Endpoint *endpoint = slot->endpoint;
    return endpoint->plan.sections[slot->section].extensions.transport_cc != 0 &&
           endpoint->down.untold_us != 0 && now_of(slot) - endpoint->down.untold_us > UNTOLD_US;
}

static void send_packet(Slot *slot, const AudioPacket *packet)
{
    RtpBuild build = {
        .marker = packet->marker || asks_for_feedback(slot),
        .payload_type = packet->payload_type,
        .sequence = packet->sequence,
        .timestamp = packet->timestamp,
        .ssrc = slot->ssrc,
    };
    TransmitSent sent;
    if (!transmit_rtp(slot, &build, packet->payload, packet->size, SEND_AUDIO, &sent))
        return;
    sound_guard_on_sent(&slot->guard, transmit_wire_bytes(slot->endpoint, sent.size));
    if (slot->sent)
        (void)packet_cache_store(slot->sent, build.sequence, sent.data, sent.size, now_of(slot));
}

static bool map_packet(Slot *slot, const Incoming *in, AudioIn *audio)
{
    int64_t now_us = now_of(slot);
    uint32_t number = in->layer->number;
    RewriteResult result = REWRITE_JUMP;
    if (slot->current == number)
        result = rtp_rewriter_map(&slot->rewriter, number, &in->header, now_us, &audio->sequence,
                                  &audio->timestamp);
    if (result == REWRITE_JUMP) {
        rtp_rewriter_start(&slot->rewriter, number, &in->header, now_us);
        slot->current = number;
        result = rtp_rewriter_map(&slot->rewriter, number, &in->header, now_us, &audio->sequence,
                                  &audio->timestamp);
    }
    return result == REWRITE_OK;
}

bool slot_audio_is_heard(const Slot *slot)
{
    return slot->endpoint->down.audible >> slot->section & 1;
}

static void note_level(const Slot *slot, const Incoming *in)
{
    Downlink *down = &slot->endpoint->down;
    if (in->has_level)
        loudest_on_level(&down->loudest, slot->section, in->level, now_of(slot));
}

/* Left out: the receiver sees no hole, only a pause. */
static void leave_out(Slot *slot, const Incoming *in)
{
    if (slot->current == in->layer->number)
        rtp_rewriter_skip(&slot->rewriter, in->layer->number, &in->header);
    slot->was_left_out = true;
}

void slot_audio_take(Slot *slot, const Incoming *in)
{
    note_level(slot, in);
    if (!slot_audio_is_heard(slot) ||
        !sound_guard_may_send(&slot->guard, slot->endpoint->down.sound_bps, now_of(slot))) {
        leave_out(slot, in);
        return;
    }
    AudioIn audio = {
        .marker = in->header.marker || slot->was_left_out,
        .payload = in->data + in->header.payload_offset,
        .size = in->header.payload_size,
    };
    if (!transmit_is_possible(slot->endpoint) || !map_packet(slot, in, &audio))
        return;
    slot->was_left_out = false;
    AudioPacket packets[AUDIO_OUT_PACKETS_MAX];
    unsigned n = audio_out_push(slot->audio, &audio, now_of(slot), packets);
    for (unsigned i = 0; i < n; i++)
        send_packet(slot, &packets[i]);
    downlink_wake(slot->endpoint, audio_out_next_us(slot->audio));
}

void slot_audio_repair(Slot *slot, uint16_t sequence)
{
    const uint8_t *stored;
    size_t size;
    if (slot->sent && lateness_is_worth_repairing(slot->endpoint) &&
        packet_cache_resend(slot->sent, sequence, now_of(slot), slot->endpoint->rtt_us, &stored,
                            &size) == PACKET_CACHE_OK)
        transmit_again(slot, stored, size);
}

void slot_audio_tick(Slot *slot)
{
    AudioPacket packet;
    uint16_t sequence;
    if (audio_out_poll(slot->audio, now_of(slot), &packet))
        send_packet(slot, &packet);
    while (audio_out_resend_due(slot->audio, now_of(slot), &sequence)) {
        size_t size;
        const uint8_t *stored = slot->sent ? packet_cache_peek(slot->sent, sequence, &size) : NULL;
        if (stored)
            transmit_again(slot, stored, size);
    }
    downlink_wake(slot->endpoint, audio_out_next_us(slot->audio));
}
