// SPDX-License-Identifier: Apache-2.0
#include "media/relay/packet_in.h"
#include "media/relay/control.h"
#include "media/relay/endpoint.h"
#include "media/relay/forward.h"
#include "media/relay/transmit.h"
#include "media/rtp/bytes.h"
#include "media/rtp/demux.h"
#include "media/rtp/rtp.h"

#include <string.h>

/* Trials of packets from unknown addresses (a NAT gave a client another port). */
#define REBIND_PER_ENDPOINT_S 5.0
#define REBIND_PER_WORKER_S 200.0

typedef struct {
    const Worker *worker;
    bool is_present; /* the user fragment is of the endpoint's present credentials */
} Lookup;

static bool lookup_ufrag(const char *local, size_t n_local, const char *remote, size_t n_remote,
                         IceCredentials *ret_credentials, gpointer user_data)
{
    Lookup *lookup = user_data;
    char ufrag[PLAN_UFRAG_BYTES];
    if (n_local == 0 || n_local >= sizeof ufrag)
        return false;
    memcpy(ufrag, local, n_local);
    ufrag[n_local] = '\0';
    Endpoint *endpoint = g_hash_table_lookup(lookup->worker->by_ufrag, ufrag);
    const char *password = endpoint ? endpoint_password(endpoint, ufrag, remote, n_remote) : NULL;
    if (!password)
        return false;
    lookup->is_present = strcmp(ufrag, endpoint->plan.local_ufrag) == 0;
    *ret_credentials = (IceCredentials){.password = password, .owner = endpoint};
    return true;
}

static void on_stun_request(Worker *worker, const UdpPacket *packet)
{
    Lookup lookup = {.worker = worker};
    IceRequest request = {
        .data = packet->data,
        .size = packet->size,
        .from = &packet->from,
        .lookup = lookup_ufrag,
        .user_data = &lookup,
    };
    IceCheck check;
    EndpointCheck seen = {.from = &packet->from};
    uint8_t reply[ICE_MAX_MESSAGE_BYTES];
    switch (ice_agent_answer(worker->ice, &request, reply, &check)) {
    case ICE_OK:
        worker->stats.stun_checks++;
        transmit_raw(check.owner, reply, check.reply_size, &packet->from);
        seen.is_nominated = check.nominated;
        seen.is_present = lookup.is_present;
        endpoint_on_check(check.owner, &seen);
        break;
    case ICE_ERROR_REPLY:
        worker->stats.dropped_bad_stun++;
        udp_port_send(worker->udp, reply, check.reply_size, &packet->from);
        break;
    case ICE_DROP:
        worker->stats.dropped_bad_stun++;
        break;
    }
}

/* The answer to a probe comes from an address that is not known yet. */
static void on_stun_response(Worker *worker, const UdpPacket *packet)
{
    for (unsigned i = 0; i < worker->all->len; i++) {
        Endpoint *endpoint = g_ptr_array_index(worker->all, i);
        if (endpoint->path.rebind.is_waiting &&
            endpoint_on_probe_response(endpoint, packet->data, packet->size, &packet->from))
            return;
    }
    worker->stats.dropped_bad_stun++;
}

static void on_stun(Worker *worker, const UdpPacket *packet)
{
    switch (ice_message_kind(packet->data, packet->size)) {
    case ICE_MESSAGE_REQUEST:
        on_stun_request(worker, packet);
        break;
    case ICE_MESSAGE_RESPONSE:
        on_stun_response(worker, packet);
        break;
    case ICE_MESSAGE_OTHER: /* an indication keeps a NAT open and wants no answer */
        worker->stats.dropped_other_stun++;
        break;
    }
}

static bool count(Worker *worker, CryptStatus status)
{
    switch (status) {
    case CRYPT_OK:
        return true;
    case CRYPT_REPLAYED:
        worker->stats.dropped_replayed++;
        return false;
    case CRYPT_NOT_AUTHENTIC:
    case CRYPT_FAILED:
        worker->stats.dropped_bad_srtp++;
        return false;
    }
    g_assert_not_reached();
}

/* libsrtp keeps state for each SSRC, so their number is limited before it sees the packet. */
static bool may_use_ssrc(Endpoint *endpoint, uint32_t ssrc)
{
    if (endpoint_find_stream(endpoint, ssrc) || endpoint->n_streams < ENDPOINT_MAX_STREAMS)
        return true;
    endpoint->worker->stats.dropped_malformed++;
    return false;
}

static void on_rtp(Endpoint *endpoint, UdpPacket *packet)
{
    uint32_t ssrc;
    if (!endpoint->keys.crypt || rtp_peek_ssrc(packet->data, packet->size, &ssrc) != RTP_OK ||
        !may_use_ssrc(endpoint, ssrc) ||
        !count(endpoint->worker,
               crypt_unprotect_rtp(endpoint->keys.crypt, packet->data, &packet->size)))
        return;
    endpoint_touch(endpoint);
    forward_rtp(endpoint, packet->data, packet->size);
}

static void on_rtcp(Endpoint *endpoint, UdpPacket *packet)
{
    /* The sender's SSRC is the second word of every SRTCP packet (RFC 3711, 3.4). */
    uint32_t ssrc = packet->size >= 8 ? bytes_read_u32(packet->data + 4) : 0;
    if (!endpoint->keys.crypt || packet->size < 8 || !may_use_ssrc(endpoint, ssrc) ||
        !count(endpoint->worker,
               crypt_unprotect_rtcp(endpoint->keys.crypt, packet->data, &packet->size)))
        return;
    (void)endpoint_add_stream(endpoint, ssrc);
    endpoint_touch(endpoint);
    control_rtcp(endpoint, packet->data, packet->size);
}

static Endpoint *endpoint_by_ssrc(Worker *worker, uint32_t ssrc)
{
    for (unsigned i = 0; i < worker->all->len; i++) {
        Endpoint *endpoint = g_ptr_array_index(worker->all, i);
        const Stream *stream = endpoint_find_stream(endpoint, ssrc);
        if (stream && stream->is_resolved && endpoint->keys.crypt)
            return endpoint;
    }
    return NULL;
}

/* The one exception to "checks first": an authentic and fresh SRTP packet of a known SSRC makes the
 * server ask its new address with a check of its own; the packet is not forwarded. */
static void try_rebind(Worker *worker, UdpPacket *packet)
{
    uint32_t ssrc;
    if (rtp_peek_ssrc(packet->data, packet->size, &ssrc) != RTP_OK ||
        !rate_limit_take(&worker->rebind_limit, worker->now_us, REBIND_PER_WORKER_S,
                         REBIND_PER_WORKER_S))
        return;
    Endpoint *endpoint = endpoint_by_ssrc(worker, ssrc);
    if (!endpoint || !endpoint_is_connected(endpoint) ||
        !rate_limit_take(&endpoint->path.rebind_limit, worker->now_us, REBIND_PER_ENDPOINT_S,
                         REBIND_PER_ENDPOINT_S) ||
        !count(worker, crypt_unprotect_rtp(endpoint->keys.crypt, packet->data, &packet->size)))
        return;
    endpoint_probe_address(endpoint, &packet->from);
}

void packet_in(Worker *worker, UdpPacket *packet)
{
    DemuxKind kind = demux_classify(packet->data, packet->size);
    if (kind == DEMUX_STUN) {
        on_stun(worker, packet);
        return;
    }
    if (kind == DEMUX_IGNORED) {
        worker->stats.dropped_malformed++;
        return;
    }
    Endpoint *endpoint = g_hash_table_lookup(worker->by_address, &packet->from);
    if (!endpoint) {
        worker->stats.dropped_unknown_address++;
        /* A NAT gives another port, never another connection. */
        if (kind == DEMUX_RTP && packet->from.connection == 0)
            try_rebind(worker, packet);
        return;
    }
    switch (kind) {
    case DEMUX_DTLS:
        endpoint_on_dtls(endpoint, packet->data, packet->size);
        break;
    case DEMUX_RTP:
        on_rtp(endpoint, packet);
        break;
    case DEMUX_RTCP:
        on_rtcp(endpoint, packet);
        break;
    case DEMUX_STUN:
    case DEMUX_IGNORED:
        break;
    }
}
