// SPDX-License-Identifier: Apache-2.0
#include "signaling/signaling.h"

#include "signaling/admit.h"
#include "signaling/dispatch.h"
#include "signaling/group.h"
#include "signaling/ice_servers.h"
#include "signaling/leg.h"
#include "signaling/lobby.h"
#include "signaling/session.h"

#include <string.h>

G_DEFINE_QUARK(huyula - signaling - error - quark, signaling_error)

const char *signaling_role_name(SignalingRole role)
{
    static const char *const names[SIGNALING_N_ROLES] = {
        [SIGNALING_ROLE_PATIENT] = "patient",
        [SIGNALING_ROLE_DOCTOR] = "doctor",
        [SIGNALING_ROLE_GUEST] = "guest",
    };
    return names[role];
}

const char *signaling_presence_name(SignalingPresence presence)
{
    static const char *const names[] = {
        [SIGNALING_PRESENCE_JOINED] = "joined",
        [SIGNALING_PRESENCE_BACK] = "back",
        [SIGNALING_PRESENCE_LOST] = "lost",
        [SIGNALING_PRESENCE_LEFT] = "left",
    };
    return names[presence];
}

const char *signaling_endpoint_event_name(SignalingEndpointEvent event)
{
    static const char *const names[] = {
        [SIGNALING_ENDPOINT_CONNECTED] = "connected",
        [SIGNALING_ENDPOINT_SILENT] = "silent",
        [SIGNALING_ENDPOINT_FAILED] = "failed",
        [SIGNALING_ENDPOINT_CLOSED] = "closed",
    };
    return names[event];
}

SignalingCode signaling_error_code(const GError *error)
{
    if (error->domain != SIGNALING_ERROR)
        return SIGNALING_CODE_INTERNAL;
    switch ((SignalingError)error->code) {
    case SIGNALING_ERROR_BAD_OFFER:
        return SIGNALING_CODE_BAD_OFFER;
    case SIGNALING_ERROR_FULL:
        return SIGNALING_CODE_ROOM_FULL;
    case SIGNALING_ERROR_BAD_STATE:
        return SIGNALING_CODE_BAD_STATE;
    case SIGNALING_ERROR_FORBIDDEN:
        return SIGNALING_CODE_NOT_ALLOWED;
    case SIGNALING_ERROR_FAILED:
    case SIGNALING_ERROR_NOT_FOUND:
        break;
    }
    return SIGNALING_CODE_INTERNAL;
}

SignalingRequest request_add(Signaling *signaling, const Request *request)
{
    uint64_t *number = g_new(uint64_t, 1);
    *number = ++signaling->last_number;
    g_hash_table_insert(signaling->requests, number, g_memdup2(request, sizeof *request));
    return *number;
}

bool request_take(Signaling *signaling, SignalingRequest number, Request *ret_request)
{
    const Request *request = g_hash_table_lookup(signaling->requests, &number);
    if (!request)
        return false;
    if (ret_request)
        *ret_request = *request;
    g_hash_table_remove(signaling->requests, &number);
    return true;
}

static gboolean on_timer(gpointer user_data)
{
    signaling_tick(user_data);
    return G_SOURCE_CONTINUE;
}

Signaling *signaling_new(const SignalingOptions *options)
{
    Signaling *signaling = g_new0(Signaling, 1);
    g_assert(options->hooks.authorize && options->hooks.on_intent);
    signaling->clock = options->clock;
    signaling->transport = options->transport;
    signaling->turn = options->turn;
    signaling->notify = notify_queue_new(&options->hooks);
    signaling->wires = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)wire_free);
    signaling->sessions =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, (GDestroyNotify)session_free);
    signaling->lobbies =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)lobby_free);
    signaling->rooms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    signaling->legs =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)leg_free);
    signaling->requests = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    signaling->over = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    signaling->timer = g_timeout_source_new(TICK_MS);
    g_source_set_callback(signaling->timer, on_timer, signaling, NULL);
    g_source_attach(signaling->timer, options->context);
    return signaling;
}

void signaling_free(Signaling *signaling)
{
    if (!signaling)
        return;
    g_source_destroy(signaling->timer);
    g_source_unref(signaling->timer);
    g_hash_table_unref(signaling->wires);
    g_hash_table_unref(signaling->sessions);
    g_hash_table_unref(signaling->lobbies);
    g_hash_table_unref(signaling->rooms);
    g_hash_table_unref(signaling->legs);
    g_hash_table_unref(signaling->requests);
    g_hash_table_unref(signaling->over);
    notify_queue_free(signaling->notify);
    g_free(signaling);
}

void signaling_set_media(Signaling *signaling, Media *media)
{
    signaling->media = media;
}

void signaling_on_open(Signaling *signaling, gpointer conn)
{
    Wire *wire = wire_new(signaling, conn);
    g_hash_table_insert(signaling->wires, conn, wire);
    if (signaling->is_stopping)
        wire_refuse(wire, NULL, SIGNALING_CODE_STOPPING);
}

void signaling_on_text(Signaling *signaling, gpointer conn, const char *text, size_t size)
{
    Wire *wire = g_hash_table_lookup(signaling->wires, conn);
    if (!wire)
        return;
    dispatch_text(wire, text, size);
    notify_flush(signaling->notify);
}

/* After its Wire has gone: a page that left, or only watched, does not come back to its session. */
static void after_detach(Signaling *signaling, uint64_t serial)
{
    Session *session = g_hash_table_lookup(signaling->sessions, &serial);
    if (!session || session->wire)
        return;
    Lobby *lobby = session->lobby;
    if (!lobby || session->has_left)
        session_end(session);
    if (!lobby)
        return;
    lobby_update(lobby);
    lobby_release(lobby);
}

void signaling_on_close(Signaling *signaling, gpointer conn)
{
    const Wire *wire = g_hash_table_lookup(signaling->wires, conn);
    if (!wire)
        return;
    uint64_t serial = wire->session ? wire->session->serial : 0;
    g_hash_table_remove(signaling->wires, conn);
    after_detach(signaling, serial);
    notify_flush(signaling->notify);
}

static Wire *take_asker(Signaling *signaling, SignalingRequest number)
{
    Request request;
    if (!request_take(signaling, number, &request))
        return NULL;
    Wire *wire = g_hash_table_lookup(signaling->wires, request.conn);
    if (!wire || wire->serial != request.serial || wire->request != number)
        return NULL;
    wire->request = 0;
    return wire->state == WIRE_AUTHORIZING ? wire : NULL;
}

void signaling_authorize_accept(Signaling *signaling, SignalingRequest request,
                                const SignalingAdmission *admission)
{
    Wire *wire = take_asker(signaling, request);
    if (!wire)
        return;
    admit_accept(wire, admission);
    if (admission->kind == SIGNALING_KIND_VISIT) {
        Lobby *lobby = lobby_find(signaling, admission->visit->id);
        if (lobby)
            lobby_release(lobby);
    }
    notify_flush(signaling->notify);
}

void signaling_authorize_refuse(Signaling *signaling, SignalingRequest request, SignalingCode code,
                                int64_t opens_at_ms)
{
    Wire *wire = take_asker(signaling, request);
    if (!wire)
        return;
    /* After a refusal that is not fatal (a fault of ours) the page may say hello again. */
    wire_wait(wire, WIRE_OCCUPIED, OCCUPIED_TIMEOUT_MS);
    MessageError error = {.of = "hello", .code = code, .opens_at_ms = opens_at_ms};
    wire_error(wire, &error);
}

static const char *intent_name(SignalingIntent intent)
{
    static const char *const names[] = {
        [SIGNALING_INTENT_READY] = "ready",   [SIGNALING_INTENT_CALL] = "call",
        [SIGNALING_INTENT_ACCEPT] = "accept", [SIGNALING_INTENT_NOT_READY] = "not-ready",
        [SIGNALING_INTENT_LEAVE] = "leave",   [SIGNALING_INTENT_END] = "end",
    };
    return names[intent];
}

void signaling_intent_done(Signaling *signaling, SignalingRequest number, SignalingCode code)
{
    Request request;
    if (!request_take(signaling, number, &request))
        return;
    Session *session = g_hash_table_lookup(signaling->sessions, &request.serial);
    if (!session)
        return;
    if (code == SIGNALING_CODE_NONE) {
        if (request.intent == SIGNALING_INTENT_NOT_READY)
            lobby_tell_others(session->lobby, session->member, "not-ready");
        return;
    }
    MessageError error = {
        .seq = session_next_seq(session),
        .of = intent_name(request.intent),
        .code = code,
        .is_fatal = signaling_code_is_fatal(code),
        .lang = session->lang,
    };
    signaling->counters.errors_out++;
    session_send(session, message_write_error(&error));
    if (error.is_fatal && session->wire)
        wire_close(session->wire, CLOSE_FATAL, signaling_code_name(code));
}

void signaling_visit_changed(Signaling *signaling, const SignalingVisit *visit)
{
    Lobby *lobby = lobby_find(signaling, visit->id);
    if (visit->phase == SIGNALING_PHASE_OVER) {
        int64_t now_us = signaling_now_us(signaling);
        g_hash_table_replace(signaling->over, g_strdup(visit->id),
                             g_memdup2(&now_us, sizeof now_us));
    }
    if (!lobby)
        return;
    Member *member = lobby->is_group ? group_member_of(lobby, visit->id) : NULL;
    if (member) {
        group_visit_changed(lobby, member, visit);
    } else if (lobby->is_group) {
        if (visit->phase == SIGNALING_PHASE_OVER)
            group_over(lobby, visit);
    } else {
        if (lobby_set_visit(lobby, visit))
            lobby_tell_visit(lobby);
        if (lobby->visit->phase == SIGNALING_PHASE_OVER)
            lobby_end(lobby);
    }
    notify_flush(signaling->notify);
}

bool signaling_knows_visit(const Signaling *signaling, const char *visit_id)
{
    return lobby_find(signaling, visit_id) != NULL;
}

void signaling_day_changed(Signaling *signaling, const char *topic, const char *visit_id)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, signaling->sessions);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Session *session = value;
        if (session_hears(session, topic))
            session_send(session, message_write_day_changed(session_next_seq(session), visit_id));
    }
}

unsigned signaling_count_watchers(const Signaling *signaling, const char *topic)
{
    GHashTableIter iter;
    gpointer value;
    unsigned n = 0;
    g_hash_table_iter_init(&iter, signaling->sessions);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        n += session_hears(value, topic);
    }
    return n;
}

GPtrArray *signaling_list_topics(const Signaling *signaling)
{
    GHashTableIter iter;
    gpointer value;
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *topics = g_ptr_array_new_with_free_func(g_free);
    g_hash_table_iter_init(&iter, signaling->sessions);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Session *session = value;
        for (unsigned i = 0; session->topics && session->topics[i]; i++) {
            if (g_hash_table_add(known, session->topics[i]))
                g_ptr_array_add(topics, g_strdup(session->topics[i]));
        }
    }
    return topics;
}

bool signaling_is_present(const Signaling *signaling, const char *visit_id,
                          const char *participant_id)
{
    const Lobby *lobby = lobby_find(signaling, visit_id);
    const Member *member = lobby ? lobby_member(lobby, participant_id) : NULL;
    return member && member->told == TOLD_PRESENT;
}

SignalingLink signaling_link(const Signaling *signaling, const char *visit_id,
                             const char *participant_id)
{
    const Lobby *lobby = lobby_find(signaling, visit_id);
    const Member *member = lobby ? lobby_member(lobby, participant_id) : NULL;
    if (!member || !member->session || member->told != TOLD_PRESENT)
        return SIGNALING_LINK_UNKNOWN;
    return member->session->grade.link;
}

const char *signaling_link_name(SignalingLink link)
{
    switch (link) {
    case SIGNALING_LINK_UNKNOWN:
        return NULL;
    case SIGNALING_LINK_GOOD:
        return "good";
    case SIGNALING_LINK_WEAK:
        return "weak";
    }
    g_assert_not_reached();
}

void signaling_stop(Signaling *signaling, unsigned in_ms)
{
    g_autoptr(GList) wires = g_hash_table_get_values(signaling->wires);
    signaling->is_stopping = true;
    for (GList *item = wires; item; item = item->next) {
        Wire *wire = item->data;
        Session *session = wire->session;
        if (session)
            session_send(session, message_write_restarting(session_next_seq(session), in_ms));
        wire_close(wire, CLOSE_RESTART, "restarting");
    }
}

static void tick_sessions(Signaling *signaling)
{
    g_autoptr(GList) sessions = g_hash_table_get_values(signaling->sessions);
    for (GList *item = sessions; item; item = item->next) {
        Session *session = item->data;
        if (!session->wire && (!session->lobby || session->has_left ||
                               signaling_is_past(signaling, session->detached_us, SESSION_KEEP_MS)))
            session_end(session);
        else
            ice_servers_tick(session);
    }
}

static void tick_legs(Signaling *signaling)
{
    g_autoptr(GList) legs = g_hash_table_get_values(signaling->legs);
    for (GList *item = legs; item; item = item->next) {
        Leg *leg = item->data;
        leg_tick(leg);
        if (!leg->lobby && signaling_is_past(signaling, leg->closed_us, CLOSED_LEG_KEEP_MS))
            g_hash_table_remove(signaling->legs, leg->endpoint_id);
    }
}

static gboolean is_long_over(gpointer key G_GNUC_UNUSED, gpointer value, gpointer user_data)
{
    return signaling_is_past(user_data, *(int64_t *)value, OVER_KEEP_MS);
}

void signaling_tick(Signaling *signaling)
{
    g_autoptr(GList) wires = g_hash_table_get_values(signaling->wires);
    for (GList *item = wires; item; item = item->next)
        wire_tick(item->data);
    tick_sessions(signaling);
    tick_legs(signaling);
    g_autoptr(GList) lobbies = g_hash_table_get_values(signaling->lobbies);
    for (GList *item = lobbies; item; item = item->next) {
        lobby_update(item->data);
        lobby_release(item->data);
    }
    g_hash_table_foreach_remove(signaling->over, is_long_over, signaling);
    notify_flush(signaling->notify);
}

void signaling_stats(const Signaling *signaling, SignalingStats *ret_stats)
{
    *ret_stats = signaling->counters;
    ret_stats->n_connections = g_hash_table_size(signaling->wires);
    ret_stats->n_sessions = g_hash_table_size(signaling->sessions);
    ret_stats->n_lobbies = g_hash_table_size(signaling->lobbies);
    ret_stats->n_endpoints = g_hash_table_size(signaling->legs);
}
