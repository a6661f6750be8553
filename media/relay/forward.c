// SPDX-License-Identifier: Apache-2.0
#include "media/relay/forward.h"
#include "media/relay/feedback.h"
#include "media/relay/sample.h"
#include "media/relay/worker.h"
#include "media/repair/rtx.h"
#include "media/rtp/bytes.h"
#include "media/rtp/rtpext.h"

#include <string.h>

enum { OUT_CAPACITY = UDP_PACKET_BYTES - CRYPT_MAX_TRAILER_BYTES };

/* A packet of a known source on its way to the slots. */
typedef struct {
    Source *source;
    const uint8_t *data;
    RtpHeader header;
    bool has_vp8;
    bool starts_key_frame;
    Vp8Descriptor vp8;
} Incoming;

/* The extensions of one outgoing packet; the bytes that they point to. */
typedef struct {
    RtpExtension list[2];
    size_t n;
    uint8_t transport_sequence[2];
} OutExtensions;

static void write_extensions(Slot *slot, OutExtensions *ret_extensions)
{
    Endpoint *endpoint = slot->endpoint;
    const SectionPlan *plan = &endpoint->plan.sections[slot->section];
    ret_extensions->n = 0;
    if (plan->extensions.transport_cc != 0) {
        bytes_write_u16(ret_extensions->transport_sequence, endpoint->rtcp.transport_sequence++);
        ret_extensions->list[ret_extensions->n++] =
            (RtpExtension){plan->extensions.transport_cc, 2, ret_extensions->transport_sequence};
    }
    /* RFC 9143, 15: until the client has shown that it knows the SSRC. */
    if (plan->extensions.mid != 0 && !slot->is_known)
        ret_extensions->list[ret_extensions->n++] = (RtpExtension){
            plan->extensions.mid, (uint8_t)strlen(plan->mid), (const uint8_t *)plan->mid};
}

static void account_out(Slot *slot, size_t size, size_t payload_size, uint32_t timestamp)
{
    int64_t now_us = slot->endpoint->worker->now_us;
    slot->n_packets++;
    slot->n_octets += (uint32_t)payload_size;
    slot->last_timestamp = timestamp;
    slot->last_sent_us = now_us;
    flow_on_packet(&slot->endpoint->out[slot->kind], size, now_us);
    slot->endpoint->worker->stats.rtp_forwarded++;
}

static void start_slot(Slot *slot, const Incoming *in)
{
    rtp_rewriter_start(&slot->rewriter, in->source->number, &in->header,
                       slot->endpoint->worker->now_us);
    if (in->has_vp8)
        vp8_rewriter_start(&slot->vp8, &in->vp8);
    slot->current = in->source->number;
}

/* Maps the packet into the slot's stream; false: it is not for this slot now. */
static bool map_packet(Slot *slot, const Incoming *in, uint16_t *ret_sequence,
                       uint32_t *ret_timestamp)
{
    Source *source = in->source;
    bool can_start = source->kind == MEDIA_KIND_AUDIO || in->starts_key_frame;
    int64_t now_us = slot->endpoint->worker->now_us;
    if (slot->current != source->number) {
        if (!can_start) {
            feedback_request_key_frame(source);
            return false;
        }
        start_slot(slot, in);
    }
    RewriteResult result = rtp_rewriter_map(&slot->rewriter, source->number, &in->header, now_us,
                                            ret_sequence, ret_timestamp);
    if (result == REWRITE_JUMP) {
        slot->current = 0;
        if (!can_start)
            return false;
        start_slot(slot, in);
        result = rtp_rewriter_map(&slot->rewriter, source->number, &in->header, now_us,
                                  ret_sequence, ret_timestamp);
    }
    return result == REWRITE_OK;
}

static void forward_to_slot(Slot *slot, const Incoming *in)
{
    Endpoint *endpoint = slot->endpoint;
    if (!endpoint->keys.crypt || !endpoint->path.selected || !endpoint_is_connected(endpoint))
        return;
    RtpBuild build = {
        .marker = in->header.marker,
        .payload_type = slot->payload_type,
        .ssrc = slot->ssrc,
    };
    if (!map_packet(slot, in, &build.sequence, &build.timestamp))
        return;

    Worker *worker = endpoint->worker;
    OutExtensions extensions;
    write_extensions(slot, &extensions);
    build.extensions = extensions.list;
    build.n_extensions = extensions.n;
    uint8_t *out = udp_port_reserve(worker->udp);
    size_t size;
    size_t payload_size = in->header.payload_size;
    if (rtp_build(&build, in->data + in->header.payload_offset, payload_size, out, OUT_CAPACITY,
                  &size) != RTP_OK) {
        worker->stats.dropped_malformed++;
        return;
    }
    if (in->has_vp8)
        vp8_rewriter_apply(&slot->vp8, out + size - payload_size, &in->vp8);
    size_t plain_size = size;
    if (slot->cache && !slot->caches_ciphertext)
        (void)packet_cache_store(slot->cache, build.sequence, out, size, worker->now_us);
    if (crypt_protect_rtp(endpoint->keys.crypt, out, &size) != CRYPT_OK)
        return;
    if (slot->cache && slot->caches_ciphertext)
        (void)packet_cache_store(slot->cache, build.sequence, out, size, worker->now_us);
    udp_port_commit(worker->udp, size, &endpoint->path.selected->address);
    account_out(slot, plain_size, payload_size, build.timestamp);
}

/* A packet without payload keeps the numbers going on the way in only. */
static void skip_in_slots(const Incoming *in)
{
    for (unsigned i = 0; i < in->source->n_receivers; i++) {
        Slot *slot = in->source->receivers[i];
        if (slot->current == in->source->number)
            rtp_rewriter_skip(&slot->rewriter, in->source->number, &in->header);
    }
}

static void look_into_video(Incoming *in)
{
    const uint8_t *payload = in->data + in->header.payload_offset;
    in->has_vp8 = vp8_descriptor_parse(payload, in->header.payload_size, &in->vp8) == VP8_OK;
    in->starts_key_frame =
        in->has_vp8 && vp8_starts_key_frame(payload, in->header.payload_size, &in->vp8);
}

static void note_in_tracker(Incoming *in)
{
    Source *source = in->source;
    if (!source->nack)
        return;
    NackResult result =
        nack_tracker_on_packet(source->nack, in->header.sequence, source->endpoint->worker->now_us);
    if (result == NACK_RECOVERED)
        source->endpoint->in[source->kind].total.repaired++;
    if (in->starts_key_frame && result == NACK_NEW)
        nack_tracker_forget_before(source->nack, in->header.sequence);
    else if (result == NACK_RESTARTED && !in->starts_key_frame && source->n_receivers > 0)
        feedback_request_key_frame(source);
}

static void forward_media(Source *source, const uint8_t *data, const RtpHeader *header)
{
    Worker *worker = source->endpoint->worker;
    Incoming in = {.source = source, .data = data, .header = *header};
    if (header->payload_type != source->payload_type) {
        worker->stats.dropped_malformed++;
        return;
    }
    bool is_video = source->kind == MEDIA_KIND_VIDEO;
    if (is_video && header->payload_size > 0)
        look_into_video(&in);
    note_in_tracker(&in);
    if (header->payload_size == 0 || (is_video && !in.has_vp8)) {
        skip_in_slots(&in);
        return;
    }
    if (in.starts_key_frame)
        keyframe_gate_on_key_frame(&source->keyframe);
    for (unsigned i = 0; i < source->n_receivers; i++)
        forward_to_slot(source->receivers[i], &in);
}

static int section_by_mid(const Endpoint *endpoint, const uint8_t *packet, const RtpHeader *header)
{
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        const SectionPlan *plan = &endpoint->plan.sections[i];
        RtpExtension extension;
        char mid[sizeof plan->mid];
        if (plan->is_source && plan->extensions.mid != 0 &&
            rtpext_find(packet, header, plan->extensions.mid, &extension) &&
            rtpext_text(&extension, mid, sizeof mid) && strcmp(mid, plan->mid) == 0)
            return (int)i;
    }
    return ENDPOINT_STREAM_NONE;
}

/* RFC 9143, 9.2: the payload type decides when one m-line alone has it. */
static int section_by_payload_type(const Endpoint *endpoint, uint8_t payload_type)
{
    int found = ENDPOINT_STREAM_NONE;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        const SectionPlan *plan = &endpoint->plan.sections[i];
        if (!plan->is_source || (plan->codec.payload_type != payload_type &&
                                 plan->codec.rtx_payload_type != payload_type))
            continue;
        if (found != ENDPOINT_STREAM_NONE)
            return ENDPOINT_STREAM_NONE;
        found = (int)i;
    }
    return found;
}

/* What an SSRC is that the offer did not announce. A media SSRC new to its m-line is a new encoder
 * there: the stream starts anew. */
static void resolve_stream(Endpoint *endpoint, Stream *stream, const uint8_t *packet,
                           const RtpHeader *header)
{
    int section = section_by_mid(endpoint, packet, header);
    if (section == ENDPOINT_STREAM_NONE)
        section = section_by_payload_type(endpoint, header->payload_type);
    if (section == ENDPOINT_STREAM_NONE)
        return;
    Source *source = endpoint->sources[section];
    stream->is_rtx = header->payload_type == source->rtx_payload_type;
    if (!stream->is_rtx && header->payload_type != source->payload_type)
        return;
    stream->section = (int8_t)section;
    stream->is_resolved = true;
    if (stream->is_rtx || source->ssrc == stream->ssrc)
        return;
    if (source->ssrc != 0) {
        endpoint->in[source->kind].lost_before += rtp_stats_lost(&source->stats);
        source_restart(source, stream->ssrc, worker_source_number(endpoint->worker));
    } else {
        source->ssrc = stream->ssrc;
    }
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

static void forward_repaired(Source *source, uint8_t *packet, const RtpHeader *header)
{
    uint8_t *original;
    size_t size;
    RtpHeader original_header;
    if (source->ssrc == 0 ||
        rtx_unwrap(packet, header, source->ssrc, source->payload_type, &original, &size) != RTX_OK)
        return; /* a padding probe, most often */
    if (rtp_parse(original, size, &original_header) != RTP_OK) {
        source->endpoint->worker->stats.dropped_malformed++;
        return;
    }
    forward_media(source, original, &original_header);
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
    note_transport(endpoint, stream, packet, &header);
    if (stream->is_rtx) {
        forward_repaired(source, packet, &header);
        return;
    }
    /* The m-line has moved on to another SSRC: this one's rest is not wanted. */
    if (stream->ssrc != source->ssrc)
        return;
    rtp_stats_on_packet(&source->stats, header.sequence, header.timestamp, worker->now_us);
    flow_on_packet(&endpoint->in[source->kind], size, worker->now_us);
    if (!endpoint->is_flowing[source->kind])
        sample_set_flowing(endpoint, source->kind, true);
    forward_media(source, packet, &header);
}

void forward_resend(Slot *slot, uint16_t sequence)
{
    Endpoint *endpoint = slot->endpoint;
    Worker *worker = endpoint->worker;
    const uint8_t *stored;
    size_t stored_size;
    if (!slot->cache || !endpoint->keys.crypt || !endpoint->path.selected ||
        packet_cache_resend(slot->cache, sequence, worker->now_us, endpoint->rtt_us, &stored,
                            &stored_size) != PACKET_CACHE_OK)
        return;
    if (slot->caches_ciphertext) {
        udp_port_send(worker->udp, stored, stored_size, &endpoint->path.selected->address);
    } else {
        OutExtensions extensions;
        write_extensions(slot, &extensions);
        RtxTarget target = {
            .ssrc = slot->rtx_ssrc,
            .payload_type = (uint8_t)slot->rtx_payload_type,
            .sequence = slot->rtx_sequence,
            .extensions = extensions.list,
            .n_extensions = extensions.n,
        };
        uint8_t *out = udp_port_reserve(worker->udp);
        size_t size;
        if (rtx_wrap(&target, stored, stored_size, out, OUT_CAPACITY, &size) != RTX_OK)
            return;
        slot->rtx_sequence++;
        if (crypt_protect_rtp(endpoint->keys.crypt, out, &size) != CRYPT_OK)
            return;
        udp_port_commit(worker->udp, size, &endpoint->path.selected->address);
    }
    endpoint->out[slot->kind].total.repaired++;
    worker->stats.rtx_sent++;
}
