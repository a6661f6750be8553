// SPDX-License-Identifier: Apache-2.0
#include "media/relay/forward.h"
#include "media/relay/feedback.h"
#include "media/relay/incoming.h"
#include "media/relay/resolve.h"
#include "media/relay/sample.h"
#include "media/relay/slot_audio.h"
#include "media/relay/slot_video.h"
#include "media/relay/worker.h"
#include "media/repair/red.h"
#include "media/repair/rtx.h"
#include "media/rtp/opus_packet.h"
#include "media/rtp/rtpext.h"
#include "media/rtp/sequence.h"

enum { AWAY_US = 1000 * 1000 };

static int64_t now_of(const Layer *layer)
{
    return layer->source->endpoint->worker->now_us;
}

static void read_level(Incoming *in)
{
    const Source *source = in->layer->source;
    uint8_t id = source->endpoint->plan.sections[source->section].extensions.audio_level;
    RtpExtension extension;
    bool voice;
    in->has_level = source->kind == MEDIA_KIND_AUDIO && id != 0 &&
                    rtpext_find(in->data, &in->header, id, &extension) &&
                    rtpext_audio_level(&extension, &in->level, &voice);
}

static void give_to_slots(const Incoming *in)
{
    Source *source = in->layer->source;
    for (unsigned i = 0; i < source->n_receivers; i++) {
        if (source->kind == MEDIA_KIND_AUDIO)
            slot_audio_take(source->receivers[i], in);
        else
            slot_video_take(source->receivers[i], in);
    }
}

/* A packet without payload keeps the numbers going on the way in only. */
static void skip_in_slots(const Incoming *in)
{
    const Source *source = in->layer->source;
    for (unsigned i = 0; i < source->n_receivers; i++) {
        Slot *slot = source->receivers[i];
        if (slot->current == in->layer->number)
            rtp_rewriter_skip(&slot->rewriter, in->layer->number, &in->header);
    }
}

static void note_key_frame(Layer *layer, const Incoming *in)
{
    if (in->picture.starts_key_frame) {
        keyframe_gate_on_key_frame(&layer->keyframe);
        if (in->header.timestamp != layer->key_frame_timestamp)
            layer->key_frame_so_far = 0;
        layer->key_frame_timestamp = in->header.timestamp;
    }
    bool is_key = in->header.timestamp == layer->key_frame_timestamp;
    layer_note_frame(layer, in->header.timestamp, is_key, now_of(layer));
    if (!is_key)
        return;
    layer->key_frame_so_far += in->header.payload_size;
    if (in->header.marker) /* RFC 7741, 4.1: the frame's last packet */
        layer->key_frame_bytes = layer->key_frame_so_far;
}

static void measure_video(Layer *layer, const Incoming *in)
{
    size_t n_bytes = in->header.payload_size + AUDIO_PACKET_OVERHEAD; /* as it will leave */
    unsigned temporal_id = MIN(in->picture.temporal_id, LAYER_MAX_TEMPORAL - 1);
    meter_add(&layer->meter, n_bytes, now_of(layer));
    meter_add(&layer->temporal[temporal_id], n_bytes, now_of(layer));
    note_key_frame(layer, in);
}

/* The sender's link is back after an outage: what it lost is too much and too old to be asked for;
 * a key frame is wanted now, whatever was asked for in vain before. */
static void note_pause(const Incoming *in)
{
    Layer *layer = in->layer;
    int64_t quiet_us = now_of(layer) - layer->last_us;
    bool was_away = layer->last_us != 0 && quiet_us > AWAY_US &&
                    sequence_diff(in->header.sequence, layer->last_sequence) > 1;
    layer->last_us = now_of(layer);
    layer->last_sequence = in->header.sequence;
    if (!was_away)
        return;
    if (layer->nack)
        nack_tracker_reset(layer->nack);
    keyframe_gate_init(&layer->keyframe);
    if (!in->picture.starts_key_frame && layer->source->n_receivers > 0)
        feedback_request_key_frame(layer);
}

/* The picture's packets that a key frame's first one may yet be behind. */
static void keep_early(const Incoming *in)
{
    const Layer *layer = in->layer;
    const Source *source = layer->source;
    if (!layer->early)
        return;
    bool is_kept = false;
    for (unsigned i = 0; i < source->n_receivers && nack_tracker_n_missing(layer->nack) > 0; i++)
        is_kept = is_kept || slot_video_waits(source->receivers[i], layer);
    size_t size = in->header.payload_offset + in->header.payload_size + in->header.padding_size;
    if (is_kept)
        early_keep(layer->early, in->header.sequence, in->data, size, now_of(layer));
    else
        early_forget(layer->early);
}

static void note_in_tracker(Incoming *in)
{
    Layer *layer = in->layer;
    const Source *source = layer->source;
    in->is_late = sequence_newer(layer->stats.highest_sequence, in->header.sequence);
    if (!layer->nack)
        return;
    NackResult result = nack_tracker_on_packet(layer->nack, in->header.sequence, now_of(layer));
    in->is_late = result == NACK_RECOVERED || result == NACK_OLD;
    /* Asked for at its time, not with the next tick: sound waits for it. */
    if (nack_tracker_n_missing(layer->nack) > 0)
        endpoint_wake(source->endpoint,
                      MAX(nack_tracker_next_us(layer->nack), source->endpoint->rtcp.next_nack_us));
    if (result == NACK_RECOVERED)
        source->endpoint->in[source->kind].total.repaired++;
    if (in->picture.starts_key_frame && result == NACK_NEW)
        nack_tracker_forget_before(layer->nack, in->header.sequence);
    else if (result == NACK_RESTARTED && !in->picture.starts_key_frame && source->n_receivers > 0)
        feedback_request_key_frame(layer);
}

/* 0: not to be told. */
static unsigned n_samples_of(const RedBlock *block)
{
    OpusPacket opus;
    return opuspkt_parse(block->data, block->size, &opus) == OPUSPKT_OK ? opus.n_samples : 0;
}

/* How many packets before the one of N_SAMPLES that carries it block I was sent: 0 if that cannot
 * be told. A sender that was never asked for distant copies carries those just before, whatever
 * time passed between (DTX); of others each packet must be as long as the carrier's. */
static unsigned distance_of(const Layer *layer, const RedPacket *red, unsigned i,
                            unsigned n_samples)
{
    const RedBlock *block = &red->blocks[i];
    if (!layer->source->endpoint->up.was_asked_reach)
        return red->n_blocks - 1 - i;
    if (n_samples == 0 || n_samples_of(block) != n_samples ||
        block->timestamp_offset % n_samples != 0)
        return 0;
    return block->timestamp_offset / n_samples;
}

/* Sound with earlier packets in it (RFC 2198): a block from D packets before is the packet with the
 * number less D. Slots refuse what has come already. */
static void forward_red(Layer *layer, const uint8_t *data, const RtpHeader *header)
{
    RedPacket red;
    if (red_parse(data + header->payload_offset, header->payload_size, &red) != RED_OK) {
        layer->source->endpoint->worker->stats.dropped_malformed++;
        return;
    }
    Incoming in = {.layer = layer, .data = data, .header = *header};
    read_level(&in);
    const bool has_level = in.has_level;
    note_pause(&in);
    note_in_tracker(&in);
    unsigned n_samples = n_samples_of(&red.blocks[red.n_blocks - 1]);
    for (unsigned i = 0; i < red.n_blocks; i++) {
        const RedBlock *block = &red.blocks[i];
        bool is_copy = i + 1 < red.n_blocks;
        if (block->size == 0 || block->payload_type != layer->source->codec.payload_type)
            continue;
        unsigned distance = is_copy ? distance_of(layer, &red, i, n_samples) : 0;
        if (is_copy && distance == 0)
            continue;
        in.has_level = has_level && !is_copy; /* the carrier's is told once */
        in.header.marker = header->marker && distance == 0;
        in.header.sequence = (uint16_t)(header->sequence - distance);
        in.header.timestamp = header->timestamp - block->timestamp_offset;
        in.header.payload_offset = (size_t)(block->data - data);
        in.header.payload_size = block->size;
        if (is_copy) {
            /* Without the pauses between: a copy across one is no later than others. */
            unsigned reach_ms = distance * n_samples / (OPUSPKT_CLOCK_RATE / 1000);
            uplink_red_on_copy(&layer->source->endpoint->up.red, reach_ms, now_of(layer));
            note_in_tracker(&in);
        }
        give_to_slots(&in);
    }
}

static bool is_red(const Layer *layer, const RtpHeader *header)
{
    return layer->source->kind == MEDIA_KIND_AUDIO && header->payload_size > 0 &&
           header->payload_type == layer->source->codec.red_payload_type;
}

static void forward_media(Layer *layer, const uint8_t *data, const RtpHeader *header)
{
    const Source *source = layer->source;
    Incoming in = {.layer = layer, .data = data, .header = *header};
    if (header->payload_type != source->codec.payload_type) {
        source->endpoint->worker->stats.dropped_malformed++;
        return;
    }
    bool is_whole = header->payload_size > 0;
    if (is_whole && source->kind == MEDIA_KIND_VIDEO)
        is_whole = picture_look(source->codec.name, data + header->payload_offset,
                                header->payload_size, &in.picture);
    note_pause(&in);
    note_in_tracker(&in);
    if (!is_whole) {
        skip_in_slots(&in);
        keep_early(&in);
        return;
    }
    if (source->kind == MEDIA_KIND_VIDEO)
        measure_video(layer, &in);
    read_level(&in);
    give_to_slots(&in);
    keep_early(&in);
}

static void note_transport(Endpoint *endpoint, const Stream *stream, const uint8_t *packet,
                           const RtpHeader *header)
{
    uint8_t id = endpoint->plan.sections[stream->section].extensions.transport_cc;
    RtpExtension extension;
    uint16_t sequence;
    if (id == 0 || !rtpext_find(packet, header, id, &extension) ||
        !rtpext_transport_sequence(&extension, &sequence))
        return;
    twcc_receiver_on_packet(endpoint->rtcp.twcc, sequence, endpoint->worker->now_us);
    endpoint->rtcp.twcc_media_ssrc = stream->ssrc;
}

static void forward_repaired(Layer *layer, uint8_t *packet, const RtpHeader *header)
{
    uint8_t *original;
    size_t size;
    RtpHeader original_header;
    if (layer->ssrc == 0 ||
        rtx_unwrap(packet, header, layer->ssrc, layer->source->codec.payload_type, &original,
                   &size) != RTX_OK)
        return; /* a padding probe, most often */
    if (rtp_parse(original, size, &original_header) != RTP_OK) {
        layer->source->endpoint->worker->stats.dropped_malformed++;
        return;
    }
    forward_media(layer, original, &original_header);
}

void forward_rtp(Endpoint *endpoint, uint8_t *packet, size_t size)
{
    Worker *worker = endpoint->worker;
    RtpHeader header;
    if (rtp_parse(packet, size, &header) != RTP_OK) {
        worker->stats.dropped_malformed++;
        return;
    }
    endpoint->rtcp.rate_bytes += size;
    Stream *stream = endpoint_add_stream(endpoint, header.ssrc);
    if (!stream)
        return;
    if (!stream->is_resolved)
        resolve_stream(endpoint, stream, packet, &header);
    if (!stream->is_resolved)
        return;
    Source *source = endpoint->sources[stream->section];
    Layer *layer = &source->layers[stream->layer];
    note_transport(endpoint, stream, packet, &header);
    uplink_guard_on_packet(layer, packet, size, &header);
    if (stream->is_rtx) {
        forward_repaired(layer, packet, &header);
        return;
    }
    /* The m-line has moved on to another SSRC: this one's rest is not wanted. */
    if (stream->ssrc != layer->ssrc)
        return;
    rtp_stats_on_packet(&layer->stats, header.sequence, header.timestamp, worker->now_us);
    flow_on_packet(&endpoint->in[source->kind], size, worker->now_us);
    if (!endpoint->is_flowing[source->kind])
        sample_set_flowing(endpoint, source->kind, true);
    if (is_red(layer, &header))
        forward_red(layer, packet, &header);
    else
        forward_media(layer, packet, &header);
}
