// SPDX-License-Identifier: Apache-2.0
#include "media/relay/endpoint.h"
#include "media/relay/feedback.h"
#include "media/relay/room.h"
#include "media/relay/sample.h"
#include "media/relay/transmit.h"
#include "media/relay/worker.h"
#include "server/base/secret.h"

#include <string.h>

enum {
    ACTIVE_TICK_US = 20 * 1000,
    IDLE_TICK_US = 100 * 1000,
    ACTIVE_FOR_US = 1000 * 1000,
    FLOW_STOP_US = 2 * 1000 * 1000,
    STILL_PERIODS_US = 15 * 1000 * 1000, /* of one tenth of a picture a second: one and a half */
    FLOW_GAP_US = 1000 * 1000,
};

/* State edges; the rows are what is left, the columns what is entered. */
static const bool EDGES[5][5] = {
    [MEDIA_ENDPOINT_NEW] = {[MEDIA_ENDPOINT_CHECKED] = true, [MEDIA_ENDPOINT_FAILED] = true},
    [MEDIA_ENDPOINT_CHECKED] = {[MEDIA_ENDPOINT_CONNECTED] = true, [MEDIA_ENDPOINT_FAILED] = true},
    [MEDIA_ENDPOINT_CONNECTED] = {[MEDIA_ENDPOINT_SILENT] = true, [MEDIA_ENDPOINT_FAILED] = true},
    [MEDIA_ENDPOINT_SILENT] = {[MEDIA_ENDPOINT_CONNECTED] = true, [MEDIA_ENDPOINT_FAILED] = true},
};

Endpoint *endpoint_new(Worker *worker, const WorkerCommand *command)
{
    Endpoint *endpoint = g_new0(Endpoint, 1);
    endpoint->worker = worker;
    endpoint->id = g_strdup(command->endpoint_id);
    endpoint->participant_id = g_strdup(command->participant_id);
    endpoint->state = MEDIA_ENDPOINT_NEW;
    endpoint->is_on_hold = command->hold;
    endpoint->outlives_consent = command->outlives_consent;
    endpoint->path.last_check_us = worker->now_us;
    endpoint->last_packet_us = worker->now_us;
    endpoint->rtt_us = (int64_t)command->rtt_hint_ms * 1000;
    endpoint->rtcp.twcc = twcc_receiver_new();
    endpoint->sampled_us = worker->now_us;
    endpoint->next_sample_us = worker->now_us + SAMPLE_INTERVAL_US;
    secret_random((uint8_t *)&endpoint->rtcp.ssrc, sizeof endpoint->rtcp.ssrc);
    downlink_init(endpoint, command->start_down_bps);
    uplink_guard_init(endpoint, command->start_up_bps);
    return endpoint;
}

static void forget_ufrag(Endpoint *endpoint, char *ufrag)
{
    if (ufrag[0])
        g_hash_table_remove(endpoint->worker->by_ufrag, ufrag);
    ufrag[0] = '\0';
}

void endpoint_free(Endpoint *endpoint)
{
    if (!endpoint)
        return;
    if (endpoint->room)
        room_remove(endpoint->room, endpoint);
    endpoint_forget_addresses(endpoint);
    forget_ufrag(endpoint, endpoint->plan.local_ufrag);
    forget_ufrag(endpoint, endpoint->path.old_ufrag);
    for (unsigned i = 0; i < MEDIA_MAX_SECTIONS; i++) {
        source_free(endpoint->sources[i]);
        slot_free(endpoint->slots[i]);
    }
    downlink_clear(endpoint);
    twcc_receiver_free(endpoint->rtcp.twcc);
    dtls_free(endpoint->keys.dtls);
    crypt_free(endpoint->keys.crypt);
    secret_wipe(&endpoint->plan, sizeof endpoint->plan);
    g_free(endpoint->participant_id);
    g_free(endpoint->pinned_id);
    g_free(endpoint->id);
    g_free(endpoint);
}

bool endpoint_is_connected(const Endpoint *endpoint)
{
    return endpoint->state == MEDIA_ENDPOINT_CONNECTED || endpoint->state == MEDIA_ENDPOINT_SILENT;
}

void endpoint_set_state(Endpoint *endpoint, MediaEndpointState state)
{
    if (state == endpoint->state)
        return;
    g_assert(EDGES[endpoint->state][state]);
    endpoint->state = state;
    WorkerEvent *event =
        worker_event_new(WORKER_EVENT_STATE, endpoint->id, worker_wall_ms(endpoint->worker));
    event->value.state = state;
    worker_emit(endpoint->worker, event);
    if (state == MEDIA_ENDPOINT_FAILED)
        endpoint_forget_addresses(endpoint);
    if (endpoint->room)
        room_assign(endpoint->room);
}

void endpoint_restart_layer(Layer *layer, uint32_t ssrc)
{
    Endpoint *endpoint = layer->source->endpoint;
    endpoint->in[layer->source->kind].lost_before += rtp_stats_lost(&layer->stats);
    uplink_guard_retire(layer);
    layer_restart(layer, ssrc);
}

static void remove_source(Endpoint *endpoint, unsigned section)
{
    Source **source = &endpoint->sources[section];
    for (unsigned i = 0; i < (*source)->n_layers; i++)
        uplink_guard_retire(&(*source)->layers[i]);
    endpoint->in[(*source)->kind].lost_before += source_lost(*source);
    g_clear_pointer(source, source_free);
}

static void apply_section(Endpoint *endpoint, unsigned i, const SectionPlan *plan)
{
    Source **source = &endpoint->sources[i];
    if (!plan->is_source && *source) {
        remove_source(endpoint, i);
    } else if (plan->is_source && !*source) {
        *source = source_new(endpoint, i, plan);
    } else if (*source) {
        source_apply_plan(*source, plan);
        if (plan->n_layers == 0 && plan->source_ssrc != 0 &&
            plan->source_ssrc != (*source)->layers[0].ssrc)
            endpoint_restart_layer(&(*source)->layers[0], plan->source_ssrc);
    }

    Slot **slot = &endpoint->slots[i];
    if (plan->is_slot && !*slot)
        *slot = slot_new(endpoint, i, plan);
    else if (*slot)
        slot_apply_plan(*slot, plan);
}

static void announce_stream(Endpoint *endpoint, uint32_t ssrc, unsigned section, bool is_rtx)
{
    Stream *stream = ssrc != 0 ? endpoint_add_stream(endpoint, ssrc) : NULL;
    if (!stream)
        return;
    stream->section = (int8_t)section;
    stream->is_rtx = is_rtx;
    stream->is_resolved = true;
}

/* What was learned from MID stays (clients stop sending it once they know that we know), unless its
 * m-line does not send any more. */
static void announce_streams(Endpoint *endpoint)
{
    for (unsigned i = 0; i < endpoint->n_streams; i++) {
        Stream *stream = &endpoint->streams[i];
        if (stream->is_resolved && !endpoint->sources[stream->section])
            stream->is_resolved = false;
    }
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        const SectionPlan *plan = &endpoint->plan.sections[i];
        if (!plan->is_source || plan->n_layers > 0)
            continue;
        announce_stream(endpoint, plan->source_ssrc, i, false);
        announce_stream(endpoint, plan->source_rtx_ssrc, i, true);
    }
}

static void apply_credentials(Endpoint *endpoint, const EndpointPlan *plan)
{
    if (strcmp(endpoint->plan.local_ufrag, plan->local_ufrag) == 0)
        return;
    forget_ufrag(endpoint, endpoint->path.old_ufrag);
    memcpy(endpoint->path.old_ufrag, endpoint->plan.local_ufrag, sizeof endpoint->path.old_ufrag);
    memcpy(endpoint->path.old_pwd, endpoint->plan.local_pwd, sizeof endpoint->path.old_pwd);
    memcpy(endpoint->path.old_remote_ufrag, endpoint->plan.remote_ufrag,
           sizeof endpoint->path.old_remote_ufrag);
    g_hash_table_insert(endpoint->worker->by_ufrag, g_strdup(plan->local_ufrag), endpoint);
    endpoint->path.generation++;
    /* A restart is a new chance: consent is counted anew. */
    endpoint->path.last_check_us = endpoint->worker->now_us;
}

void endpoint_apply_plan(Endpoint *endpoint, const EndpointPlan *plan)
{
    apply_credentials(endpoint, plan);
    endpoint->plan = *plan;
    for (unsigned i = 0; i < plan->n_sections; i++)
        apply_section(endpoint, i, &plan->sections[i]);
    announce_streams(endpoint);
    endpoint->due_us = endpoint->worker->now_us;
}

const char *endpoint_password(Endpoint *endpoint, const char *local, const char *remote,
                              size_t n_remote)
{
    const EndpointPlan *plan = &endpoint->plan;
    if (strcmp(local, plan->local_ufrag) == 0)
        return strlen(plan->remote_ufrag) == n_remote &&
                       memcmp(plan->remote_ufrag, remote, n_remote) == 0
                   ? plan->local_pwd
                   : NULL;
    return strlen(endpoint->path.old_remote_ufrag) == n_remote &&
                   memcmp(endpoint->path.old_remote_ufrag, remote, n_remote) == 0
               ? endpoint->path.old_pwd
               : NULL;
}

static void send_dtls(const uint8_t *data, size_t size, gpointer user_data)
{
    Endpoint *endpoint = user_data;
    if (endpoint->path.selected)
        transmit_raw(endpoint, data, size, &endpoint->path.selected->address);
}

/* What a stranger's client can cause is logged by its kind alone, and not too often. */
static void fail(Endpoint *endpoint, const char *why)
{
    Worker *worker = endpoint->worker;
    unsigned suppressed = 0;
    if (log_allowed(&worker->log_limit, worker->now_us, 20, &suppressed))
        log_warn("media endpoint failed", "endpoint", endpoint->id, "why", why, "suppressed",
                 LOG_INT(suppressed));
    endpoint_set_state(endpoint, MEDIA_ENDPOINT_FAILED);
}

static void on_keys(Endpoint *endpoint)
{
    CryptKeys keys;
    g_autoptr(GError) error = NULL;
    endpoint->keys.done_us = endpoint->worker->now_us;
    bool ok = dtls_srtp_keys(endpoint->keys.dtls, &keys);
    if (ok)
        endpoint->keys.crypt = crypt_new(&keys, &error);
    secret_wipe(&keys, sizeof keys);
    if (!endpoint->keys.crypt) {
        endpoint->worker->stats.dtls_failed++;
        fail(endpoint, "srtp keys");
        return;
    }
    endpoint->worker->stats.dtls_handshakes++;
    /* Two round trips as client (RFC 6347, 4.2.4); more where a flight was lost. Until the first
     * report tells. */
    if (endpoint->rtt_us == 0 && endpoint->plan.dtls_active)
        endpoint->rtt_us = MAX((endpoint->keys.done_us - endpoint->keys.started_us) / 2, 1);
    endpoint->rtcp.next_report_us = endpoint->worker->now_us;
    endpoint_set_state(endpoint, MEDIA_ENDPOINT_CONNECTED);
    downlink_start(endpoint);
    uplink_guard_start(endpoint);
}

static void after_dtls(Endpoint *endpoint, DtlsState state)
{
    if (endpoint->state != MEDIA_ENDPOINT_CHECKED)
        return;
    switch (state) {
    case DTLS_STATE_HANDSHAKE:
        break;
    case DTLS_STATE_CONNECTED:
        on_keys(endpoint);
        break;
    case DTLS_STATE_FAILED:
        endpoint->worker->stats.dtls_failed++;
        fail(endpoint, "dtls");
        break;
    }
}

static void start_dtls(Endpoint *endpoint)
{
    DtlsOptions options = {
        .active = endpoint->plan.dtls_active,
        .gcm_only = endpoint->plan.dtls_gcm_only,
        .rtt_ms = (uint32_t)(endpoint->rtt_us / 1000),
        .send = send_dtls,
        .user_data = endpoint,
    };
    memcpy(options.peer_fingerprint, endpoint->plan.fingerprint, sizeof options.peer_fingerprint);
    g_autoptr(GError) error = NULL;
    endpoint->keys.dtls = dtls_new(endpoint->worker->dtls, &options, &error);
    endpoint->keys.started_us = endpoint->worker->now_us;
    after_dtls(endpoint, endpoint->keys.dtls ? dtls_start(endpoint->keys.dtls) : DTLS_STATE_FAILED);
    endpoint->due_us = endpoint->worker->now_us;
}

void endpoint_touch(Endpoint *endpoint)
{
    endpoint->last_packet_us = endpoint->worker->now_us;
    if (endpoint->state == MEDIA_ENDPOINT_SILENT)
        endpoint_set_state(endpoint, MEDIA_ENDPOINT_CONNECTED);
}

void endpoint_on_check(Endpoint *endpoint, const EndpointCheck *check)
{
    if (endpoint->state == MEDIA_ENDPOINT_FAILED)
        return;
    endpoint->path.last_check_us = endpoint->worker->now_us;
    endpoint_touch(endpoint);
    Tuple *tuple = endpoint_learn_address(endpoint, check->from);
    /* RFC 8445, 7.3.1.5: a nominated pair is used from its check on, wherever it comes from. */
    if (!endpoint->path.selected || check->is_nominated)
        endpoint_select(endpoint, tuple, check->is_present);
    if (endpoint->state == MEDIA_ENDPOINT_NEW) {
        endpoint_set_state(endpoint, MEDIA_ENDPOINT_CHECKED);
        start_dtls(endpoint);
    }
}

void endpoint_on_dtls(Endpoint *endpoint, const uint8_t *data, size_t size)
{
    if (endpoint->keys.dtls)
        after_dtls(endpoint, dtls_receive(endpoint->keys.dtls, data, size));
}

static void tick_dtls(Endpoint *endpoint)
{
    int64_t now_us = endpoint->worker->now_us;
    if (endpoint->state == MEDIA_ENDPOINT_CHECKED) {
        if (now_us - endpoint->keys.started_us > DTLS_HANDSHAKE_LIMIT_US) {
            after_dtls(endpoint, DTLS_STATE_FAILED);
            return;
        }
        after_dtls(endpoint, dtls_tick(endpoint->keys.dtls));
        int64_t left_us = dtls_timeout_us(endpoint->keys.dtls);
        if (left_us >= 0)
            endpoint->due_us = MIN(endpoint->due_us, now_us + left_us);
    } else if (endpoint->keys.dtls && endpoint_is_connected(endpoint) &&
               now_us - endpoint->keys.done_us > DTLS_LINGER_US) {
        g_clear_pointer(&endpoint->keys.dtls, dtls_free);
    }
}

/* How long media of KIND may be quiet and still flow: a sender that was asked for a still in five
 * seconds sends no more than that. */
static int64_t flow_stop_us(const Endpoint *endpoint, MediaKind kind)
{
    const MediaHint *told = &endpoint->up.told;
    if (kind != MEDIA_KIND_VIDEO || !told->video_stills)
        return FLOW_STOP_US;
    return FLOW_STOP_US + STILL_PERIODS_US / MAX(told->video_fps_tenths, 1);
}

static void tick_flows(Endpoint *endpoint)
{
    for (unsigned kind = 0; kind < MEDIA_N_KINDS; kind++) {
        int64_t quiet_us = endpoint->worker->now_us - endpoint->in[kind].last_us;
        if (endpoint->is_flowing[kind] && quiet_us > flow_stop_us(endpoint, (MediaKind)kind))
            sample_set_flowing(endpoint, (MediaKind)kind, false);
    }
}

void endpoint_wake(Endpoint *endpoint, int64_t at_us)
{
    endpoint->due_us = MIN(endpoint->due_us, at_us);
    endpoint->worker->next_scan_us = MIN(endpoint->worker->next_scan_us, at_us);
}

/* Nobody agreed to be sent anything for 30 s. True: the endpoint stays, at no address, until a
 * check comes. (RFC 7675, 5.1 wants other credentials then; but what comes here is the client's own
 * check by a password that it alone has, not an answer to ours.) */
static bool lapse(Endpoint *endpoint)
{
    if (!endpoint->outlives_consent || !endpoint_is_connected(endpoint)) {
        fail(endpoint, "consent");
        return false;
    }
    if (endpoint->path.selected)
        endpoint_forget_addresses(endpoint);
    return true;
}

void endpoint_tick(Endpoint *endpoint)
{
    int64_t now_us = endpoint->worker->now_us;
    bool is_active = now_us - endpoint->last_packet_us < ACTIVE_FOR_US;
    endpoint->due_us = now_us + (is_active ? ACTIVE_TICK_US : IDLE_TICK_US);
    if (endpoint->state == MEDIA_ENDPOINT_FAILED)
        return;
    tick_dtls(endpoint);
    if (endpoint->state == MEDIA_ENDPOINT_FAILED)
        return;
    if (now_us - endpoint->path.last_check_us > CONSENT_LIMIT_US && !lapse(endpoint))
        return;
    if (endpoint->state == MEDIA_ENDPOINT_CONNECTED &&
        now_us - endpoint->last_packet_us > SILENT_AFTER_US)
        endpoint_set_state(endpoint, MEDIA_ENDPOINT_SILENT);
    endpoint_tick_probe(endpoint);
    tick_flows(endpoint);
    if (endpoint->keys.crypt) {
        feedback_tick(endpoint);
        downlink_tick(endpoint);
        uplink_guard_tick(endpoint);
    }
    if (now_us >= endpoint->next_sample_us)
        sample_emit(endpoint, false);
}

Stream *endpoint_find_stream(Endpoint *endpoint, uint32_t ssrc)
{
    for (unsigned i = 0; i < endpoint->n_streams; i++) {
        if (endpoint->streams[i].ssrc == ssrc)
            return &endpoint->streams[i];
    }
    return NULL;
}

Stream *endpoint_add_stream(Endpoint *endpoint, uint32_t ssrc)
{
    Stream *stream = endpoint_find_stream(endpoint, ssrc);
    if (stream || endpoint->n_streams == ENDPOINT_MAX_STREAMS)
        return stream;
    stream = &endpoint->streams[endpoint->n_streams++];
    *stream = (Stream){.ssrc = ssrc, .section = ENDPOINT_STREAM_NONE};
    return stream;
}

void flow_on_packet(Flow *flow, size_t n_bytes, int64_t now_us)
{
    flow->total.packets++;
    flow->total.bytes += n_bytes;
    if (flow->last_us != 0 && now_us - flow->last_us <= FLOW_GAP_US)
        flow->media_us += now_us - flow->last_us;
    flow->last_us = now_us;
}
