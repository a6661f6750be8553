// SPDX-License-Identifier: Apache-2.0
/* Throwing out: a link was revoked or leads elsewhere, or the log-in behind a staff token has
 * ended.
 */
#include "signaling/leg.h"
#include "signaling/lobby.h"
#include "signaling/session.h"

static void throw_out(Session *session, SignalingCode code)
{
    Lobby *lobby = session->lobby;
    MessageError error = {.code = code, .is_fatal = true};
    session->has_left = true;
    if (session->wire)
        wire_error(session->wire, &error);
    if (session->leg)
        leg_close(session->leg);
    if (lobby)
        lobby_update(lobby);
    session_end(session);
    if (lobby)
        lobby_release(lobby);
}

/* The lobby may be gone afterwards. */
static void close_device(Leg *leg)
{
    Lobby *lobby = leg->lobby;
    leg_close(leg);
    lobby_update(lobby);
    lobby_release(lobby);
}

void signaling_dismiss(Signaling *signaling, const char *visit_id, const char *participant_id,
                       SignalingCode code)
{
    Lobby *lobby = lobby_find(signaling, visit_id);
    Member *member = lobby ? lobby_member(lobby, participant_id) : NULL;
    if (!member)
        return;
    for (unsigned i = lobby->legs->len; i > 0; i--) {
        Leg *leg = lobby->legs->pdata[i - 1];
        if (leg->member == member)
            leg_close(leg);
    }
    if (member->session) {
        throw_out(member->session, code);
    } else {
        lobby_update(lobby);
        lobby_release(lobby);
    }
    notify_flush(signaling->notify);
}

void signaling_watch_anew(Signaling *signaling, const char *topic)
{
    g_autoptr(GList) sessions = g_hash_table_get_values(signaling->sessions);
    for (GList *item = sessions; item; item = item->next) {
        Session *session = item->data;
        if (session->wire && session_hears(session, topic))
            wire_close(session->wire, CLOSE_RESTART, "again");
    }
}

void signaling_dismiss_bound(Signaling *signaling, const char *bound_to, SignalingCode code)
{
    g_autoptr(GList) legs = g_hash_table_get_values(signaling->legs);
    for (GList *item = legs; item; item = item->next) {
        Leg *leg = item->data;
        if (leg->lobby && g_strcmp0(leg->bound_to, bound_to) == 0)
            close_device(leg);
    }
    g_autoptr(GList) sessions = g_hash_table_get_values(signaling->sessions);
    for (GList *item = sessions; item; item = item->next) {
        Session *session = item->data;
        if (g_strcmp0(session->bound_to, bound_to) == 0)
            throw_out(session, code);
    }
    notify_flush(signaling->notify);
}
