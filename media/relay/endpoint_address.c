// SPDX-License-Identifier: Apache-2.0
/* Where an endpoint's client is: what valid checks said, and what a NAT did since. */
#include "media/relay/endpoint.h"
#include "media/relay/feedback.h"
#include "media/relay/worker.h"

enum {
    PROBE_INTERVAL_US = 200 * 1000,
    PROBE_PATIENCE_US = 2 * 1000 * 1000,
    ASK_CONSENT_AFTER_US = 10 * 1000 * 1000,
    /* media/relay/README.md, "Another network": of what the one before carried. */
    OTHER_PART = 4,
    OTHER_DOWN_MOST_BPS = 300 * 1000,
    OTHER_UP_MOST_BPS = 150 * 1000,
    ASK_QUIET_AFTER_US = 3 * 1000 * 1000, /* an answer in time keeps it from being SILENT */
};

static void forget_tuple(Endpoint *endpoint, Tuple *tuple)
{
    g_hash_table_remove(endpoint->worker->by_address, &tuple->address);
    if (endpoint->path.selected == tuple)
        endpoint->path.selected = NULL;
    tuple->is_used = false;
}

/* As forget_tuple(), and nobody else knows the address. */
static void drop_tuple(Endpoint *endpoint, Tuple *tuple)
{
    if (tuple->address.connection != 0)
        tcp_port_retire(endpoint->worker->tcp, &tuple->address);
    forget_tuple(endpoint, tuple);
}

static Tuple *find_tuple(Endpoint *endpoint, const NetAddress *address)
{
    for (unsigned i = 0; i < ENDPOINT_MAX_TUPLES; i++) {
        Tuple *tuple = &endpoint->path.tuples[i];
        if (tuple->is_used && net_address_equal(&tuple->address, address))
            return tuple;
    }
    return NULL;
}

/* A free place, or the one that was silent for longest; never the selected one. */
static Tuple *make_place(Endpoint *endpoint)
{
    Tuple *oldest = NULL;
    for (unsigned i = 0; i < ENDPOINT_MAX_TUPLES; i++) {
        Tuple *tuple = &endpoint->path.tuples[i];
        if (!tuple->is_used)
            return tuple;
        if (tuple != endpoint->path.selected && (!oldest || tuple->last_us < oldest->last_us))
            oldest = tuple;
    }
    drop_tuple(endpoint, oldest);
    return oldest;
}

Tuple *endpoint_learn_address(Endpoint *endpoint, const NetAddress *from)
{
    GHashTable *by_address = endpoint->worker->by_address;
    Endpoint *owner = g_hash_table_lookup(by_address, from);
    if (owner && owner != endpoint)
        forget_tuple(owner, find_tuple(owner, from));
    Tuple *tuple = owner == endpoint ? find_tuple(endpoint, from) : make_place(endpoint);
    tuple->last_us = endpoint->worker->now_us;
    if (from->connection != 0)
        tcp_port_confirm(endpoint->worker->tcp, from, endpoint->worker->now_us);
    if (!tuple->is_used) {
        tuple->is_used = true;
        tuple->address = *from;
        g_hash_table_insert(by_address, &tuple->address, endpoint);
    }
    return tuple;
}

/* The client restarted ICE and is another host now: that is another network, of which nothing is
 * known. (Another port alone is the same one: a restart after an outage, a NAT that forgot.) What
 * was found of the old one would be believed for seconds: from 2000 to 100 kbit/s sound came back
 * after 8 s. So both directions begin as a call does, with a share of what the old one carried in
 * place of what was remembered: as a good one often follows a good one. */
static void measure_anew(Endpoint *endpoint)
{
    uint32_t down_bps = send_rate_estimate_bps(endpoint->down.rate) / OTHER_PART;
    uint32_t up_bps = uplink_known_bps(&endpoint->up.uplink) / OTHER_PART;
    endpoint->rtt_us = 0;
    endpoint->has_rtt = false;
    endpoint->down.start_bps =
        CLAMP(down_bps, (uint32_t)SEND_RATE_START_BPS, (uint32_t)OTHER_DOWN_MOST_BPS);
    downlink_start(endpoint);
    uplink_guard_restart(endpoint,
                         up_bps > UPLINK_START_BPS ? MIN(up_bps, (uint32_t)OTHER_UP_MOST_BPS) : 0);
    endpoint->rtcp.next_report_us = endpoint->worker->now_us; /* the round trip soon */
}

/* Notes that the client is at ADDRESS. True: it is another network than before. Without an ICE
 * restart since it was last checked a NAT has moved it, and what the old credentials say after one
 * says nothing of where it goes. */
static bool note_network(EndpointPath *path, const NetAddress *address, bool is_present)
{
    bool has_restarted = path->generation != path->measured_generation;
    if (has_restarted && !is_present)
        return false;
    bool is_other = path->has_been_selected && has_restarted &&
                    !net_address_same_network(&path->measured, address);
    path->measured = *address;
    path->measured_generation = path->generation;
    return is_other;
}

void endpoint_select(Endpoint *endpoint, Tuple *tuple, bool is_present)
{
    EndpointPath *path = &endpoint->path;
    bool has_moved = path->has_been_selected && path->selected != tuple;
    bool is_other = note_network(path, &tuple->address, is_present);
    path->selected = tuple;
    path->has_been_selected = true;
    if (!has_moved && !is_other)
        return;
    if (is_other && endpoint_is_connected(endpoint))
        measure_anew(endpoint);
    /* What was on its way to the old address is lost, and what came from there may be. */
    downlink_refresh(endpoint);
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        Source *source = endpoint->sources[i];
        for (unsigned k = 0; source && source->n_receivers > 0 && k < source->n_layers; k++)
            feedback_request_key_frame(&source->layers[k]);
    }
}

static Tuple *last_checked(Endpoint *endpoint)
{
    Tuple *last = NULL;
    for (unsigned i = 0; i < ENDPOINT_MAX_TUPLES; i++) {
        Tuple *tuple = &endpoint->path.tuples[i];
        if (tuple->is_used && (!last || tuple->last_us > last->last_us))
            last = tuple;
    }
    return last;
}

void endpoint_lose_address(Endpoint *endpoint, const NetAddress *address)
{
    forget_tuple(endpoint, find_tuple(endpoint, address));
    Tuple *left = endpoint->path.selected ? NULL : last_checked(endpoint);
    if (left)
        endpoint_select(endpoint, left, false);
}

void endpoint_forget_addresses(Endpoint *endpoint)
{
    for (unsigned i = 0; i < ENDPOINT_MAX_TUPLES; i++) {
        if (endpoint->path.tuples[i].is_used)
            drop_tuple(endpoint, &endpoint->path.tuples[i]);
    }
    if (endpoint->path.rebind.is_waiting)
        ice_agent_forget(endpoint->worker->ice, endpoint->path.rebind.transaction);
    endpoint->path.rebind.is_waiting = false;
}

void endpoint_probe_address(Endpoint *endpoint, const NetAddress *from)
{
    Worker *worker = endpoint->worker;
    Rebind *rebind = &endpoint->path.rebind;
    bool is_recent = worker->now_us - rebind->sent_us < PROBE_INTERVAL_US;
    if (rebind->sent_us != 0 && is_recent)
        return;
    if (rebind->is_waiting)
        ice_agent_forget(worker->ice, rebind->transaction);
    IceProbe probe = {
        .local_ufrag = endpoint->plan.local_ufrag,
        .remote_ufrag = endpoint->plan.remote_ufrag,
        .remote_password = endpoint->plan.remote_pwd,
    };
    size_t size =
        ice_agent_probe(worker->ice, &probe, udp_port_reserve(worker->udp), rebind->transaction);
    rebind->is_waiting = size > 0;
    if (size == 0)
        return;
    udp_port_commit(worker->udp, size, from);
    rebind->sent_us = worker->now_us;
    rebind->address = *from;
    rebind->generation = endpoint->path.generation;
}

void endpoint_tick_probe(Endpoint *endpoint)
{
    Rebind *rebind = &endpoint->path.rebind;
    if (rebind->is_waiting && endpoint->worker->now_us - rebind->sent_us > PROBE_PATIENCE_US) {
        ice_agent_forget(endpoint->worker->ice, rebind->transaction);
        rebind->is_waiting = false;
    }
    /* RFC 7675: browsers check all the time, and what they check counts. GStreamer's agent sends
     * indications only, and little else when it only watches, so it is asked. */
    int64_t now_us = endpoint->worker->now_us;
    if (!rebind->is_waiting && endpoint->path.selected && endpoint_is_connected(endpoint) &&
        (now_us - endpoint->path.last_check_us > ASK_CONSENT_AFTER_US ||
         now_us - endpoint->last_packet_us > ASK_QUIET_AFTER_US))
        endpoint_probe_address(endpoint, &endpoint->path.selected->address);
}

bool endpoint_on_probe_response(Endpoint *endpoint, const uint8_t *data, size_t size,
                                const NetAddress *from)
{
    Worker *worker = endpoint->worker;
    Rebind *rebind = &endpoint->path.rebind;
    if (!rebind->is_waiting || !net_address_equal(&rebind->address, from) ||
        !ice_agent_check_response(worker->ice, data, size, rebind->transaction))
        return false;
    rebind->is_waiting = false;
    endpoint->path.last_check_us = worker->now_us;
    endpoint_touch(endpoint);
    endpoint_select(endpoint, endpoint_learn_address(endpoint, from),
                    rebind->generation == endpoint->path.generation);
    return true;
}
