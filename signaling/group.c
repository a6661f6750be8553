// SPDX-License-Identifier: Apache-2.0
#include "signaling/group.h"

#include "signaling/leg.h"
#include "signaling/session.h"
#include "signaling/visit_copy.h"

#include <string.h>

/* Circles of the relay: who is in another one is neither heard nor seen. */
enum { CIRCLE_ALL = 0, CIRCLE_ASIDE = 1 };

static bool is_patient(const Member *member)
{
    return member->role == SIGNALING_ROLE_PATIENT;
}

static bool is_admitted(const Member *member)
{
    return member->visit && (member->visit->phase == SIGNALING_PHASE_CALLED ||
                             member->visit->phase == SIGNALING_PHASE_IN_CALL);
}

static bool is_aside(const Lobby *lobby, const Member *member)
{
    return lobby->aside_id && strcmp(lobby->aside_id, member->id) == 0;
}

Lobby *group_lobby(Signaling *signaling, const SignalingAdmission *admission)
{
    if (!admission->group_id)
        return lobby_ensure(signaling, admission->visit);
    Lobby *lobby = g_hash_table_lookup(signaling->lobbies, admission->group_id);
    if (lobby && admission->role == SIGNALING_ROLE_PATIENT)
        return lobby;
    SignalingVisit whole = *admission->visit;
    if (admission->role == SIGNALING_ROLE_PATIENT) {
        /* Nothing of this patient's in what stands for all. */
        whole.id = admission->group_id;
        whole.code = "";
        whole.state = "in_call";
        whole.phase = SIGNALING_PHASE_IN_CALL;
        whole.revision = 0;
        whole.in_queue = false;
        whole.queue_number = NULL;
    }
    lobby = lobby_ensure(signaling, &whole);
    lobby->is_group = true;
    return lobby;
}

void group_note_member(Lobby *lobby, Member *member, const SignalingAdmission *admission)
{
    Signaling *signaling = lobby->signaling;
    if (!lobby->is_group || !is_patient(member))
        return;
    if (!member->visit) {
        member->visit = visit_copy(admission->visit);
        member->is_muted = lobby->mutes_new;
    } else if (admission->visit->revision >= member->visit->revision) {
        visit_free(member->visit);
        member->visit = visit_copy(admission->visit);
    }
    g_free(member->shown_name);
    member->shown_name = g_strdup(admission->shown_name);
    member->place = admission->place;
    g_hash_table_replace(signaling->rooms, g_strdup(member->visit->id), g_strdup(lobby->visit->id));
}

const SignalingVisit *group_visit(const Lobby *lobby, const Member *member)
{
    return member->visit ? member->visit : lobby->visit;
}

Member *group_member_of(const Lobby *lobby, const char *visit_id)
{
    for (unsigned i = 0; i < lobby->members->len; i++) {
        Member *member = lobby->members->pdata[i];
        if (member->visit && strcmp(member->visit->id, visit_id) == 0)
            return member;
    }
    return NULL;
}

bool group_may_see(const Lobby *lobby, const Member *viewer, const Member *member)
{
    if (!lobby->is_group || !is_patient(viewer) || !is_patient(member))
        return true;
    return is_admitted(viewer) && member->was_in_call;
}

void group_fill_view(const Lobby *lobby, const Member *viewer, const Member *member,
                     ParticipantView *view)
{
    if (!lobby->is_group || !is_patient(member))
        return;
    view->place = member->place;
    view->is_muted = member->is_muted;
    view->has_hand = member->has_hand;
    if (is_patient(viewer)) {
        view->name = member->shown_name ? member->shown_name : "";
        return;
    }
    view->visit_id = member->visit->id;
    view->state = member->visit->state;
    view->is_aside = is_aside(lobby, member);
}

void group_tell(const Lobby *lobby, const Member *member)
{
    Session *session = member->session;
    if (!lobby->is_group || !session)
        return;
    MessageGroup group = {.is_muted = member->is_muted, .has_hand = member->has_hand};
    if (lobby->aside_id && !is_patient(member))
        group.aside = GROUP_ASIDE_HERE;
    else if (lobby->aside_id)
        group.aside = is_aside(lobby, member) ? GROUP_ASIDE_HERE : GROUP_ASIDE_AWAY;
    session_send(session, message_write_group(session_next_seq(session), &group));
}

void group_tell_audience(const Leg *leg)
{
    const Lobby *lobby = leg->lobby;
    if (!lobby || !lobby->is_group)
        return;
    bool in_circle = lobby->aside_id && (!is_patient(leg->member) || is_aside(lobby, leg->member));
    media_endpoint_set_audience(leg->signaling->media, leg->endpoint_id, leg->member->is_muted,
                                in_circle ? CIRCLE_ASIDE : CIRCLE_ALL);
}

static void tell_all_audiences(const Lobby *lobby)
{
    for (unsigned i = 0; i < lobby->legs->len; i++)
        group_tell_audience(lobby->legs->pdata[i]);
}

static void set_muted(Lobby *lobby, Member *member, bool is_muted)
{
    if (member->is_muted == is_muted)
        return;
    member->is_muted = is_muted;
    /* Permitted to speak is what the hand was raised for. */
    if (!is_muted)
        member->has_hand = false;
    group_tell(lobby, member);
    lobby_tell_others(lobby, member, "group");
}

bool group_mute(Lobby *lobby, const char *participant_id, bool is_muted)
{
    Member *one = participant_id ? lobby_member(lobby, participant_id) : NULL;
    if (!lobby->is_group || (participant_id && (!one || !is_patient(one))))
        return false;
    if (!participant_id)
        lobby->mutes_new = is_muted;
    for (unsigned i = 0; i < lobby->members->len; i++) {
        Member *member = lobby->members->pdata[i];
        if (is_patient(member) && (!one || member == one))
            set_muted(lobby, member, is_muted);
    }
    tell_all_audiences(lobby);
    return true;
}

bool group_raise_hand(Lobby *lobby, Member *member, bool is_raised)
{
    if (!lobby->is_group || !is_admitted(member))
        return false;
    if (member->has_hand == is_raised)
        return true;
    member->has_hand = is_raised;
    group_tell(lobby, member);
    lobby_tell_others(lobby, member, "group");
    return true;
}

/* Which of the patients it is, is for the host alone. */
static void tell_host(Lobby *lobby, const Member *member)
{
    for (unsigned i = 0; member && i < lobby->members->len; i++) {
        const Member *host = lobby->members->pdata[i];
        Session *session = host->session;
        if (is_patient(host) || !session)
            continue;
        ParticipantView view = lobby_view(lobby, member, host);
        session_send(session, message_write_participant(session_next_seq(session), &view, "group"));
    }
}

static void set_aside(Lobby *lobby, const Member *member)
{
    g_autofree char *before = g_steal_pointer(&lobby->aside_id);
    lobby->aside_id = member ? g_strdup(member->id) : NULL;
    if (g_strcmp0(before, lobby->aside_id) == 0)
        return;
    tell_all_audiences(lobby);
    for (unsigned i = 0; i < lobby->members->len; i++)
        group_tell(lobby, lobby->members->pdata[i]);
    if (before)
        tell_host(lobby, lobby_member(lobby, before));
    tell_host(lobby, member);
}

bool group_take_aside(Lobby *lobby, const char *participant_id)
{
    const Member *member = participant_id ? lobby_member(lobby, participant_id) : NULL;
    if (!lobby->is_group)
        return false;
    if (participant_id && (!member || !is_patient(member) || !member->in_call_told))
        return false;
    set_aside(lobby, member);
    return true;
}

void group_update(Lobby *lobby)
{
    if (!lobby->is_group || !lobby->aside_id)
        return;
    const Member *aside = lobby_member(lobby, lobby->aside_id);
    bool has_host = false;
    for (unsigned i = 0; i < lobby->members->len; i++) {
        const Member *member = lobby->members->pdata[i];
        has_host =
            has_host || (!is_patient(member) && member->session && !member->session->has_left);
    }
    if (!aside || !aside->session || aside->session->has_left || !has_host)
        set_aside(lobby, NULL);
}

/* Who is let in hears who is there. */
static void tell_room(Lobby *lobby, Member *viewer)
{
    Session *session = viewer->session;
    for (unsigned i = 0; session && i < lobby->members->len; i++) {
        const Member *other = lobby->members->pdata[i];
        if (other == viewer || !is_patient(other) || !group_may_see(lobby, viewer, other))
            continue;
        ParticipantView view = lobby_view(lobby, other, viewer);
        session_send(session, message_write_participant(session_next_seq(session), &view, "group"));
    }
}

static void close_legs(Lobby *lobby, const Member *member)
{
    for (unsigned i = lobby->legs->len; i > 0; i--) {
        Leg *leg = lobby->legs->pdata[i - 1];
        if (leg->member == member)
            leg_close(leg);
    }
}

/* Out of the group; the lobby may be gone afterwards. */
static void end_member(Lobby *lobby, Member *member, const SignalingVisit *visit)
{
    Session *session = member->session;
    if (session) {
        session_send(session, message_write_ended(session_next_seq(session), visit->state,
                                                  visit->ended_by ? visit->ended_by : "system"));
        if (session->wire)
            wire_close(session->wire, CLOSE_ENDED, "ended");
        session_end(session);
    }
    close_legs(lobby, member);
    member->in_call_told = false;
    member->told = TOLD_LEFT;
    lobby_tell_others(lobby, member, "left");
    if (is_aside(lobby, member))
        set_aside(lobby, NULL);
    if (member->visit)
        g_hash_table_remove(lobby->signaling->rooms, member->visit->id);
    g_ptr_array_remove(lobby->members, member);
    lobby_update(lobby);
    lobby_release(lobby);
}

void group_visit_changed(Lobby *lobby, Member *member, const SignalingVisit *visit)
{
    if (visit->revision < member->visit->revision)
        return;
    if (visit_equal(visit, member->visit)) {
        member->visit->revision = visit->revision;
        return;
    }
    bool was_admitted = is_admitted(member);
    visit_free(member->visit);
    member->visit = visit_copy(visit);
    Session *session = member->session;
    if (session)
        session_send(session, message_write_visit(session_next_seq(session), member->visit));
    if (visit->phase == SIGNALING_PHASE_OVER) {
        end_member(lobby, member, member->visit);
        return;
    }
    lobby_tell_others(lobby, member, "group");
    if (!was_admitted && is_admitted(member)) {
        tell_room(lobby, member);
        group_tell(lobby, member);
    }
    /* Who was put back waits outside again. */
    if (was_admitted && !is_admitted(member))
        close_legs(lobby, member);
    lobby_update(lobby);
}

void group_over(Lobby *lobby, const SignalingVisit *visit)
{
    for (unsigned i = lobby->members->len; i > 0; i--) {
        Member *member = lobby->members->pdata[i - 1];
        if (!is_patient(member)) {
            end_member(lobby, member, visit);
            return;
        }
    }
}
