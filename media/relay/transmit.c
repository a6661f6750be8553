// SPDX-License-Identifier: Apache-2.0
#include "media/relay/transmit.h"

#include "media/relay/feedback.h"
#include "media/relay/worker.h"
#include "media/repair/rtx.h"
#include "media/rtp/bytes.h"
#include "media/rtp/rtpext.h"

#include <string.h>

enum {
    UDP_HEADER_BYTES = 8,
    TCP_HEADER_BYTES = 32,  /* with timestamps (RFC 7323), as phones have them */
    FRAME_HEADER_BYTES = 2, /* RFC 4571, 2 */
    IPV4_HEADER_BYTES = 20,
    IPV6_HEADER_BYTES = 40,
};

/* The extensions of one packet and the bytes that they point to. */
typedef struct {
    RtpExtension list[2];
    size_t n;
    uint8_t number[2];
} Extensions;

bool transmit_is_possible(const Endpoint *endpoint)
{
    return endpoint->keys.crypt && endpoint->path.selected && endpoint_is_connected(endpoint);
}

static size_t wire_bytes_to(const NetAddress *address, size_t size)
{
    bool is_v6 = address->socket_address.any.sa_family == AF_INET6;
    size_t transport =
        address->connection != 0 ? TCP_HEADER_BYTES + FRAME_HEADER_BYTES : UDP_HEADER_BYTES;
    return size + transport + (is_v6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES);
}

size_t transmit_wire_bytes(const Endpoint *endpoint, size_t size)
{
    return endpoint->path.selected ? wire_bytes_to(&endpoint->path.selected->address, size)
                                   : size + UDP_HEADER_BYTES + IPV4_HEADER_BYTES;
}

size_t transmit_expected_bytes(const Slot *slot, size_t n_payload)
{
    const SectionPlan *plan = &slot->endpoint->plan.sections[slot->section];
    size_t extensions = plan->extensions.transport_cc != 0 ? 8 : 0;
    return transmit_wire_bytes(slot->endpoint,
                               RTP_HEADER_SIZE + extensions + n_payload + TRANSMIT_TAG_BYTES);
}

static void write_extensions(Slot *slot, Extensions *ret_extensions)
{
    Endpoint *endpoint = slot->endpoint;
    const SectionPlan *plan = &endpoint->plan.sections[slot->section];
    ret_extensions->n = 0;
    if (plan->extensions.transport_cc != 0) {
        bytes_write_u16(ret_extensions->number, endpoint->rtcp.transport_sequence);
        ret_extensions->list[ret_extensions->n++] =
            (RtpExtension){plan->extensions.transport_cc, 2, ret_extensions->number};
    }
    /* RFC 9143, 15: until the client has shown that it knows the SSRC. */
    if (plan->extensions.mid != 0 && !slot->is_known)
        ret_extensions->list[ret_extensions->n++] = (RtpExtension){
            plan->extensions.mid, (uint8_t)strlen(plan->mid), (const uint8_t *)plan->mid};
}

/* The transport number is given out only with a packet that leaves: a number that nobody sent would
 * be a loss of ours. What the pacer let go it has counted itself. */
static size_t note_sent(Slot *slot, size_t size, SendKind kind)
{
    Endpoint *endpoint = slot->endpoint;
    int64_t now_us = endpoint->worker->now_us;
    size_t wire_bytes = transmit_wire_bytes(endpoint, size);
    if (endpoint->plan.sections[slot->section].extensions.transport_cc != 0) {
        send_rate_on_sent(endpoint->down.rate, endpoint->rtcp.transport_sequence++, wire_bytes,
                          kind, now_us);
        downlink_note_numbered(endpoint);
    } else {
        send_rate_on_unnumbered(endpoint->down.rate, wire_bytes, now_us);
    }
    if (kind == SEND_AUDIO)
        pacer_charge(&endpoint->down.pacer, wire_bytes, now_us);
    return wire_bytes;
}

/* Protects what was written into the reserved buffer; 0: it is not sent. */
static size_t leave(Slot *slot, uint8_t *out, size_t *size, SendKind kind)
{
    Endpoint *endpoint = slot->endpoint;
    if (crypt_protect_rtp(endpoint->keys.crypt, out, size) != CRYPT_OK)
        return 0;
    udp_port_commit(endpoint->worker->udp, *size, &endpoint->path.selected->address);
    return note_sent(slot, *size, kind);
}

bool transmit_rtp(Slot *slot, const RtpBuild *build, const uint8_t *payload, size_t n_payload,
                  SendKind kind, TransmitSent *ret_sent)
{
    Endpoint *endpoint = slot->endpoint;
    Worker *worker = endpoint->worker;
    if (!transmit_is_possible(endpoint))
        return false;
    Extensions extensions;
    write_extensions(slot, &extensions);
    RtpBuild whole = *build;
    whole.extensions = extensions.list;
    whole.n_extensions = extensions.n;
    uint8_t *out = udp_port_reserve(worker->udp);
    size_t size;
    if (rtp_build(&whole, payload, n_payload, out, TRANSMIT_CAPACITY, &size) != RTP_OK) {
        worker->stats.dropped_malformed++;
        return false;
    }
    size_t plain_size = size;
    if (leave(slot, out, &size, kind) == 0)
        return false;
    stream_loss_on_sent(&slot->loss, build->sequence);
    feedback_before_packet(slot);
    slot->n_packets++;
    slot->n_octets += (uint32_t)n_payload;
    slot->last_timestamp = build->timestamp;
    slot->last_sent_us = worker->now_us;
    flow_on_packet(&endpoint->out[slot->kind], plain_size, worker->now_us);
    worker->stats.rtp_forwarded++;
    *ret_sent = (TransmitSent){.data = out, .size = size, .plain_size = plain_size};
    return true;
}

bool transmit_rtx(Slot *slot, const uint8_t *packet, size_t packet_size)
{
    Endpoint *endpoint = slot->endpoint;
    if (!transmit_is_possible(endpoint))
        return false;
    Extensions extensions;
    write_extensions(slot, &extensions);
    RtxTarget target = {
        .ssrc = slot->rtx_ssrc,
        .payload_type = (uint8_t)slot->codec.rtx_payload_type,
        .sequence = slot->video.rtx_sequence,
        .extensions = extensions.list,
        .n_extensions = extensions.n,
    };
    uint8_t *out = udp_port_reserve(endpoint->worker->udp);
    size_t size;
    if (rtx_wrap(&target, packet, packet_size, out, TRANSMIT_CAPACITY, &size) != RTX_OK)
        return false;
    slot->video.rtx_sequence++;
    if (leave(slot, out, &size, SEND_RTX) == 0)
        return false;
    endpoint->out[slot->kind].total.repaired++;
    endpoint->worker->stats.rtx_sent++;
    return true;
}

size_t transmit_padding(Slot *slot, size_t wire_bytes)
{
    Endpoint *endpoint = slot->endpoint;
    if (!transmit_is_possible(endpoint) || !slot->is_enabled || slot->codec.rtx_payload_type < 0)
        return 0;
    size_t overhead = transmit_expected_bytes(slot, 0);
    size_t n_padding = wire_bytes > overhead ? MIN(wire_bytes - overhead, UINT8_MAX) : 1;
    Extensions extensions;
    write_extensions(slot, &extensions);
    RtpBuild build = {
        .payload_type = (uint8_t)slot->codec.rtx_payload_type,
        .sequence = slot->video.rtx_sequence,
        .timestamp = slot->last_timestamp,
        .ssrc = slot->rtx_ssrc,
        .extensions = extensions.list,
        .n_extensions = extensions.n,
        .padding_size = (uint8_t)n_padding,
    };
    uint8_t *out = udp_port_reserve(endpoint->worker->udp);
    size_t size;
    if (rtp_build(&build, NULL, 0, out, TRANSMIT_CAPACITY, &size) != RTP_OK)
        return 0;
    slot->video.rtx_sequence++;
    return leave(slot, out, &size, SEND_PADDING);
}

void transmit_again(Slot *slot, const uint8_t *data, size_t size)
{
    Endpoint *endpoint = slot->endpoint;
    int64_t now_us = endpoint->worker->now_us;
    if (!transmit_is_possible(endpoint))
        return;
    udp_port_send(endpoint->worker->udp, data, size, &endpoint->path.selected->address);
    size_t wire_bytes = transmit_wire_bytes(endpoint, size);
    uint8_t id = endpoint->plan.sections[slot->section].extensions.transport_cc;
    RtpHeader header; /* in the clear, as are the extensions (RFC 3711, 3.1) */
    RtpExtension extension;
    uint16_t number;
    if (id != 0 && rtp_parse(data, size, &header) == RTP_OK &&
        rtpext_find(data, &header, id, &extension) &&
        rtpext_transport_sequence(&extension, &number))
        send_rate_on_sent(endpoint->down.rate, number, wire_bytes, SEND_RTX, now_us);
    else
        send_rate_on_unnumbered(endpoint->down.rate, wire_bytes, now_us);
    if (slot->kind == MEDIA_KIND_AUDIO)
        pacer_charge(&endpoint->down.pacer, wire_bytes, now_us);
    endpoint->out[slot->kind].total.repaired++;
    endpoint->worker->stats.rtx_sent++;
}

static void note_other(Endpoint *endpoint, size_t wire_bytes)
{
    send_rate_on_other(endpoint->down.rate, wire_bytes, endpoint->worker->now_us);
    pacer_charge(&endpoint->down.pacer, wire_bytes, endpoint->worker->now_us);
}

/* RFC 3550, 6.1: where RFC 5506 was not agreed on a report and a name come before feedback. The
 * size with them. */
static size_t make_compound(const Endpoint *endpoint, const RtcpWriter *writer)
{
    uint8_t head[TRANSMIT_RTCP_HEAD_BYTES];
    RtcpWriter first = {.data = head, .capacity = sizeof head};
    if (writer->data[1] == RTCP_SR || writer->data[1] == RTCP_RR ||
        rtcp_write_rr(&first, endpoint->rtcp.ssrc, NULL, 0) != RTCP_OK ||
        rtcp_write_sdes(&first, endpoint->rtcp.ssrc, "huyula") != RTCP_OK)
        return writer->size;
    memmove(writer->data + first.size, writer->data, writer->size);
    memcpy(writer->data, head, first.size);
    return writer->size + first.size;
}

void transmit_rtcp(Endpoint *endpoint, const RtcpWriter *writer)
{
    if (writer->size == 0 || !transmit_is_possible(endpoint))
        return;
    size_t size = endpoint->plan.reduced_rtcp ? writer->size : make_compound(endpoint, writer);
    if (crypt_protect_rtcp(endpoint->keys.crypt, writer->data, &size) != CRYPT_OK)
        return;
    udp_port_commit(endpoint->worker->udp, size, &endpoint->path.selected->address);
    note_other(endpoint, transmit_wire_bytes(endpoint, size));
}

void transmit_raw(Endpoint *endpoint, const uint8_t *data, size_t size, const NetAddress *address)
{
    udp_port_send(endpoint->worker->udp, data, size, address);
    send_rate_on_other(endpoint->down.rate, wire_bytes_to(address, size), endpoint->worker->now_us);
}
