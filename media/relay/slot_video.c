// SPDX-License-Identifier: Apache-2.0
#include "media/relay/slot_video.h"
#include "media/relay/downlink.h"
#include "media/relay/feedback.h"
#include "media/relay/transmit.h"
#include "media/relay/worker.h"
#include "media/rtp/sequence.h"

enum {
    LEAVING = 1,        /* the one source of the outgoing numbers */
    CLOSE_UP_MAX = 512, /* packets looked at: what the cache holds */
};

static int64_t now_of(const Slot *slot)
{
    return slot->endpoint->worker->now_us;
}

/* The layer to be shown: the wanted one, or while that does not come, the highest that does. */
static Layer *layer_to_show(const Slot *slot)
{
    Source *source = slot->source;
    Layer *wanted = &source->layers[slot->video.layer];
    for (unsigned i = 0; i < source->n_layers && !layer_flows(wanted, now_of(slot)); i++) {
        if (layer_flows(&source->layers[i], now_of(slot)))
            return &source->layers[i];
    }
    return wanted;
}

/* The first packet of a key frame is here: the picture goes on with it. */
static void begin(Slot *slot, const Incoming *in)
{
    SlotVideo *video = &slot->video;
    if (slot->current != in->layer->number)
        rtp_rewriter_start(&slot->rewriter, in->layer->number, &in->header, now_of(slot));
    else
        rtp_rewriter_resume(&slot->rewriter, in->layer->number, &in->header);
    if (in->picture.is_vp8)
        vp8_rewriter_start(&video->vp8, &in->picture.vp8);
    slot->current = in->layer->number;
    video->is_paused = false;
    video->is_key_wanted = false;
    video->temporal_id = video->temporal_limit;
    video->has_still = true;
    video->still_timestamp = in->header.timestamp;
}

static bool goes_on(const Slot *slot, const Layer *layer)
{
    const SlotVideo *video = &slot->video;
    return slot->current == layer->number && !video->is_paused &&
           video->mode == PICTURE_MODE_MOVING;
}

static bool is_of_still(const Slot *slot, const Incoming *in)
{
    const SlotVideo *video = &slot->video;
    return slot->current == in->layer->number && video->has_still &&
           in->header.timestamp == video->still_timestamp;
}

/* Others ask for key frames, too: theirs are no stills of a link that has room for its own. */
bool slot_video_waits(const Slot *slot, const Layer *layer)
{
    const SlotVideo *video = &slot->video;
    bool is_welcome = video->mode == PICTURE_MODE_MOVING ||
                      (video->mode == PICTURE_MODE_STILLS && video->is_key_wanted);
    return is_welcome && !goes_on(slot, layer) && layer == layer_to_show(slot);
}

/* False: the packet is not for this slot now. Whoever is not wanted leaves no hole in the numbers,
 * as those of the next key frame begin behind what was let through. */
static bool is_let_through(Slot *slot, const Incoming *in)
{
    SlotVideo *video = &slot->video;
    bool is_current = slot->current == in->layer->number;
    bool is_wanted = in->layer == layer_to_show(slot);
    if (video->mode == PICTURE_MODE_OFF || (!is_current && !is_wanted))
        return false;
    if (goes_on(slot, in->layer) || is_of_still(slot, in))
        return true;
    if (!is_wanted)
        return false;
    if (!in->picture.starts_key_frame) {
        if (video->mode == PICTURE_MODE_MOVING)
            feedback_request_key_frame(in->layer);
        return false;
    }
    if (!slot_video_waits(slot, in->layer))
        return false;
    begin(slot, in);
    return true;
}

/* Temporal layers: lower ones at once with the next frame, higher ones from a frame on that needs
 * nothing but layer 0. */
static bool is_in_layers(Slot *slot, const Incoming *in)
{
    SlotVideo *video = &slot->video;
    const Picture *picture = &in->picture;
    bool is_new_frame = in->header.timestamp != video->frame_timestamp;
    if (is_new_frame && video->temporal_id > video->temporal_limit)
        video->temporal_id = video->temporal_limit;
    if (picture->layer_sync && picture->temporal_id > video->temporal_id &&
        picture->temporal_id <= video->temporal_limit && vp8_starts_frame(&picture->vp8))
        video->temporal_id = picture->temporal_id;
    video->frame_timestamp = in->header.timestamp;
    if (picture->temporal_id <= video->temporal_id)
        return true;
    rtp_rewriter_skip(&slot->rewriter, in->layer->number, &in->header);
    if (picture->is_vp8)
        vp8_rewriter_skip(&video->vp8, &picture->vp8);
    return false;
}

static bool map_packet(Slot *slot, const Incoming *in, RtpBuild *build)
{
    if (!is_let_through(slot, in) || !is_in_layers(slot, in))
        return false;
    RewriteResult result = rtp_rewriter_map(&slot->rewriter, in->layer->number, &in->header,
                                            now_of(slot), &build->sequence, &build->timestamp);
    if (result != REWRITE_JUMP)
        return result == REWRITE_OK;
    /* Too far ahead to be loss: as another source. */
    slot->current = 0;
    if (!in->picture.starts_key_frame) {
        feedback_request_key_frame(in->layer);
        return false;
    }
    begin(slot, in);
    return rtp_rewriter_map(&slot->rewriter, in->layer->number, &in->header, now_of(slot),
                            &build->sequence, &build->timestamp) == REWRITE_OK;
}

static void queue(Slot *slot, const Incoming *in, const RtpBuild *build)
{
    PacerEntry entry = {
        .timestamp = build->timestamp,
        .sequence = build->sequence,
        .wire_bytes = (uint16_t)transmit_expected_bytes(slot, in->header.payload_size),
        .slot = (uint8_t)slot->section,
        .temporal_id = in->picture.temporal_id,
        .layer_sync = in->picture.layer_sync,
        .starts_key_frame = in->picture.starts_key_frame,
        .kind = PACER_VIDEO,
    };
    downlink_queue(slot->endpoint, &entry);
}

static bool is_cut_off(const Slot *slot)
{
    return slot->endpoint->down.pacer.awaiting & UINT32_C(1) << slot->section;
}

/* The pacer had cut the picture off and has refused what was built behind the packet KEY, the first
 * of a key frame, as that came too late. */
static void queue_refused(Slot *slot, uint16_t key)
{
    SlotVideo *video = &slot->video;
    Incoming in = {0};
    uint16_t at = (uint16_t)(key + 1);
    uint16_t newest = (uint16_t)slot->rewriter.highest_output;
    for (unsigned i = 0; i < CLOSE_UP_MAX && !sequence_newer(at, newest); i++, at++) {
        size_t size;
        const uint8_t *built = packet_cache_peek(video->built, at, &size);
        if (!built || rtp_parse(built, size, &in.header) != RTP_OK ||
            !picture_look(slot->codec.name, built + in.header.payload_offset,
                          in.header.payload_size, &in.picture))
            continue;
        RtpBuild build = {.sequence = at, .timestamp = in.header.timestamp};
        queue(slot, &in, &build);
    }
}

static void take(Slot *slot, const Incoming *in)
{
    RtpBuild build = {
        .marker = in->header.marker,
        .payload_type = slot->codec.payload_type,
        .ssrc = slot->ssrc,
    };
    if (!map_packet(slot, in, &build))
        return;
    uint8_t packet[TRANSMIT_CAPACITY];
    size_t size;
    size_t payload_size = in->header.payload_size;
    if (rtp_build(&build, in->data + in->header.payload_offset, payload_size, packet, sizeof packet,
                  &size) != RTP_OK) {
        slot->endpoint->worker->stats.dropped_malformed++;
        return;
    }
    if (in->picture.is_vp8)
        vp8_rewriter_apply(&slot->video.vp8, packet + size - payload_size, &in->picture.vp8);
    if (!packet_cache_store(slot->video.built, build.sequence, packet, size, now_of(slot)))
        return;
    bool was_cut_off = is_cut_off(slot);
    queue(slot, in, &build);
    if (was_cut_off && in->is_late && !is_cut_off(slot))
        queue_refused(slot, build.sequence);
}

/* The rest of the key frame that FIRST has begun, and what came behind it. */
static void follow(Slot *slot, const Incoming *first)
{
    Layer *layer = first->layer;
    uint16_t at = (uint16_t)(first->header.sequence + 1);
    for (; early_reaches(layer->early, at); at++) {
        Incoming in = {.layer = layer, .is_late = true};
        size_t size;
        in.data = early_get(layer->early, at, &size);
        if (!in.data || rtp_parse(in.data, size, &in.header) != RTP_OK)
            continue;
        if (in.header.payload_size > 0 &&
            picture_look(layer->source->codec.name, in.data + in.header.payload_offset,
                         in.header.payload_size, &in.picture))
            take(slot, &in);
        else
            rtp_rewriter_skip(&slot->rewriter, layer->number, &in.header);
    }
}

void slot_video_take(Slot *slot, const Incoming *in)
{
    if (!transmit_is_possible(slot->endpoint))
        return;
    Layer *layer = in->layer;
    bool is_needed_alone = slot->video.mode == PICTURE_MODE_STILLS && in->header.marker;
    bool begins_late = in->is_late && in->picture.starts_key_frame && !is_needed_alone &&
                       !is_of_still(slot, in) && slot_video_waits(slot, layer);
    if (!begins_late) {
        take(slot, in);
    } else if (layer->early && early_has_rest(layer->early, layer->nack, in->header.sequence)) {
        take(slot, in);
        follow(slot, in);
    } else {
        feedback_request_key_frame(layer);
    }
}

/* What was built before KEY and is still here was dropped by the pacer: it gets no number, and the
 * receiver sees no hole. What is not here was lost on the way in and may come late. */
static void close_up(Slot *slot, uint16_t key)
{
    SlotVideo *video = &slot->video;
    uint16_t at = (uint16_t)(video->leaving.highest_input + 1);
    for (unsigned i = 0; i < CLOSE_UP_MAX && sequence_newer(key, at); i++, at++) {
        size_t size;
        const uint8_t *dropped = packet_cache_peek(video->built, at, &size);
        RtpHeader header;
        if (!dropped || rtp_parse(dropped, size, &header) != RTP_OK)
            continue;
        rtp_rewriter_skip(&video->leaving, LEAVING, &header);
        Vp8Descriptor vp8;
        if (slot->codec.name == MEDIA_CODEC_VP8 &&
            vp8_descriptor_parse(dropped + header.payload_offset, header.payload_size, &vp8) ==
                VP8_OK)
            vp8_rewriter_skip(&video->leaving_vp8, &vp8);
    }
}

static bool number_leaving(Slot *slot, const RtpHeader *header, uint16_t *ret_sequence)
{
    SlotVideo *video = &slot->video;
    int64_t now_us = now_of(slot);
    uint32_t timestamp;
    if (!video->has_left) {
        video->has_left = true;
        rtp_rewriter_init(&video->leaving, slot->rewriter.clock_rate, video->first_sequence,
                          header->timestamp);
        rtp_rewriter_start(&video->leaving, LEAVING, header, now_us);
    } else {
        close_up(slot, header->sequence);
    }
    RewriteResult result =
        rtp_rewriter_map(&video->leaving, LEAVING, header, now_us, ret_sequence, &timestamp);
    if (result == REWRITE_JUMP) {
        rtp_rewriter_resume(&video->leaving, LEAVING, header);
        result =
            rtp_rewriter_map(&video->leaving, LEAVING, header, now_us, ret_sequence, &timestamp);
    }
    return result == REWRITE_OK;
}

void slot_video_send(Slot *slot, uint16_t key)
{
    size_t size;
    uint8_t *packet = packet_cache_edit(slot->video.built, key, &size);
    RtpHeader header;
    RtpBuild build = {0};
    if (!packet || rtp_parse(packet, size, &header) != RTP_OK ||
        !number_leaving(slot, &header, &build.sequence))
        return;
    /* In place: a repair is the packet as it left. */
    rtp_set_sequence(packet, build.sequence);
    uint8_t *payload = packet + header.payload_offset;
    Vp8Descriptor vp8;
    if (slot->codec.name == MEDIA_CODEC_VP8 &&
        vp8_descriptor_parse(payload, header.payload_size, &vp8) == VP8_OK)
        vp8_rewriter_apply(&slot->video.leaving_vp8, payload, &vp8);
    build.marker = header.marker;
    build.payload_type = header.payload_type;
    build.timestamp = header.timestamp;
    build.ssrc = header.ssrc;
    TransmitSent sent;
    if (!transmit_rtp(slot, &build, payload, header.payload_size, SEND_VIDEO, &sent))
        return;
    bool has_rtx = slot->codec.rtx_payload_type >= 0;
    downlink_note_sent(slot->endpoint, slot->section, has_rtx ? key : build.sequence);
    if (slot->sent)
        (void)packet_cache_store(slot->sent, build.sequence, sent.data, sent.size, now_of(slot));
}

/* What repairs are taken from: with RTX by the number a packet was built with, without by the one
 * that it left with. */
static PacketCache *repairs(const Slot *slot)
{
    return slot->codec.rtx_payload_type >= 0 ? slot->video.built : slot->sent;
}

void slot_video_repair_key(Slot *slot, uint16_t key)
{
    Endpoint *endpoint = slot->endpoint;
    PacketCache *cache = repairs(slot);
    const uint8_t *stored;
    size_t size;
    if (slot->kind != MEDIA_KIND_VIDEO || !slot->codec.nack || !cache ||
        packet_cache_resend(cache, key, now_of(slot), endpoint->rtt_us, &stored, &size) !=
            PACKET_CACHE_OK)
        return;
    PacerEntry entry = {
        .sequence = key,
        .wire_bytes = (uint16_t)transmit_expected_bytes(slot, size - RTP_HEADER_SIZE),
        .slot = (uint8_t)slot->section,
        .kind = PACER_RTX,
    };
    downlink_queue(endpoint, &entry);
}

void slot_video_repair(Slot *slot, uint16_t sequence)
{
    uint16_t key = sequence;
    if (slot->codec.rtx_payload_type >= 0 &&
        (!slot->video.has_left || !rtp_rewriter_find(&slot->video.leaving, sequence, &key)))
        return;
    slot_video_repair_key(slot, key);
}

void slot_video_resend(Slot *slot, uint16_t key)
{
    size_t size;
    PacketCache *cache = repairs(slot);
    const uint8_t *stored = cache ? packet_cache_peek(cache, key, &size) : NULL;
    if (!stored)
        return;
    if (slot->codec.rtx_payload_type < 0)
        transmit_again(slot, stored, size);
    else if (transmit_rtx(slot, stored, size))
        downlink_note_sent(slot->endpoint, slot->section, key);
}

void slot_video_want_key_frame(Slot *slot)
{
    SlotVideo *video = &slot->video;
    if (!slot->source || slot->kind != MEDIA_KIND_VIDEO || video->mode == PICTURE_MODE_OFF)
        return;
    video->is_key_wanted = true;
    feedback_request_key_frame(layer_to_show(slot));
}

void slot_video_order(Slot *slot, const PictureOrder *order)
{
    SlotVideo *video = &slot->video;
    bool is_new_mode = order->mode != video->mode;
    bool is_new_layer = order->layer != video->layer;
    video->temporal_limit = order->temporal_limit;
    video->still_interval_us = order->still_interval_us;
    video->layer = order->layer;
    video->mode = order->mode;
    if (is_new_mode) {
        video->is_paused = true;
        video->has_still = false;
        pacer_flush_slot(&slot->endpoint->down.pacer, slot->section);
    }
    if (is_new_mode || is_new_layer)
        slot_video_want_key_frame(slot);
}

void slot_video_tick(Slot *slot)
{
    SlotVideo *video = &slot->video;
    if (!slot->source || video->mode != PICTURE_MODE_STILLS ||
        now_of(slot) - video->still_asked_us < video->still_interval_us)
        return;
    video->still_asked_us = now_of(slot);
    slot_video_want_key_frame(slot);
}
