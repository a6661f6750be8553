// SPDX-License-Identifier: Apache-2.0
#include "signaling/lobby.h"

#include "signaling/group.h"
#include "signaling/ice_servers.h"
#include "signaling/leg.h"
#include "signaling/session.h"
#include "signaling/visit_copy.h"

static void member_free(Member *member)
{
    g_free(member->id);
    g_free(member->name);
    g_free(member->label);
    g_free(member->pinned_id);
    g_free(member->shown_name);
    visit_free(member->visit);
    g_free(member);
}

Lobby *lobby_find(const Signaling *signaling, const char *visit_id)
{
    Lobby *lobby = g_hash_table_lookup(signaling->lobbies, visit_id);
    const char *group_id = lobby ? NULL : g_hash_table_lookup(signaling->rooms, visit_id);
    return group_id ? g_hash_table_lookup(signaling->lobbies, group_id) : lobby;
}

Lobby *lobby_ensure(Signaling *signaling, const SignalingVisit *visit)
{
    Lobby *lobby = lobby_find(signaling, visit->id);
    if (lobby) {
        if (lobby_set_visit(lobby, visit))
            lobby_tell_visit(lobby);
        return lobby;
    }
    lobby = g_new0(Lobby, 1);
    lobby->signaling = signaling;
    lobby->members = g_ptr_array_new_with_free_func((GDestroyNotify)member_free);
    lobby->legs = g_ptr_array_new();
    lobby->visit = visit_copy(visit);
    g_hash_table_insert(signaling->lobbies, (char *)lobby->visit->id, lobby);
    return lobby;
}

void lobby_free(Lobby *lobby)
{
    if (!lobby)
        return;
    for (unsigned i = 0; i < lobby->members->len; i++) {
        const Member *member = lobby->members->pdata[i];
        if (member->visit)
            g_hash_table_remove(lobby->signaling->rooms, member->visit->id);
    }
    g_free(lobby->aside_id);
    g_ptr_array_unref(lobby->members);
    g_ptr_array_unref(lobby->legs);
    visit_free(lobby->visit);
    g_free(lobby);
}

void lobby_release(Lobby *lobby)
{
    if (lobby->legs->len > 0)
        return;
    for (unsigned i = 0; i < lobby->members->len; i++) {
        const Member *member = lobby->members->pdata[i];
        if (member->session)
            return;
    }
    g_hash_table_remove(lobby->signaling->lobbies, lobby->visit->id);
}

bool lobby_set_visit(Lobby *lobby, const SignalingVisit *visit)
{
    if (visit->revision < lobby->visit->revision)
        return false;
    if (visit_equal(visit, lobby->visit)) {
        /* What is older than this comes too late, although this changes nothing. */
        lobby->visit->revision = visit->revision;
        return false;
    }
    SignalingVisit *old = lobby->visit;
    lobby->visit = visit_copy(visit);
    /* The key of the table lives in the visit. */
    g_hash_table_steal(lobby->signaling->lobbies, old->id);
    g_hash_table_insert(lobby->signaling->lobbies, (char *)lobby->visit->id, lobby);
    visit_free(old);
    return true;
}

Member *lobby_member(const Lobby *lobby, const char *participant_id)
{
    for (unsigned i = 0; i < lobby->members->len; i++) {
        Member *member = lobby->members->pdata[i];
        if (strcmp(member->id, participant_id) == 0)
            return member;
    }
    return NULL;
}

static Member *ensure_member(Lobby *lobby, const SignalingParticipant *participant)
{
    Member *member = lobby_member(lobby, participant->id);
    if (!member) {
        if (lobby->members->len >= LIMIT_ROOM_PARTICIPANTS)
            return NULL;
        member = g_new0(Member, 1);
        member->id = g_strdup(participant->id);
        member->audio = DEVICE_OFF;
        member->video = DEVICE_OFF;
        g_ptr_array_add(lobby->members, member);
    }
    member->role = participant->role;
    g_free(member->name);
    member->name = g_strdup(participant->name);
    g_free(member->label);
    member->label = g_strdup(participant->label);
    return member;
}

Member *lobby_admit(Lobby *lobby, const SignalingAdmission *admission)
{
    SignalingParticipant self = {
        .id = admission->participant_id,
        .role = admission->role,
        .name = admission->name,
    };
    for (unsigned i = 0; i < admission->n_participants; i++) {
        if (strcmp(admission->participants[i].id, self.id) == 0)
            self.label = admission->participants[i].label;
    }
    Member *member = ensure_member(lobby, &self);
    for (unsigned i = 0; i < admission->n_participants; i++)
        if (strcmp(admission->participants[i].id, self.id) != 0)
            ensure_member(lobby, &admission->participants[i]);
    if (member) {
        member->may_publish = admission->may_publish;
        member->may_receive = admission->may_receive;
        group_note_member(lobby, member, admission);
    }
    return member;
}

static bool member_in_call(const Lobby *lobby, const Member *member)
{
    for (unsigned i = 0; i < lobby->legs->len; i++) {
        const Leg *leg = lobby->legs->pdata[i];
        if (leg->member == member && leg_is_in_call(leg))
            return true;
    }
    return false;
}

/* In the call by an early offer, its page's socket still on the way. */
static bool is_heard_early(const Lobby *lobby, const Member *member)
{
    for (unsigned i = 0; i < lobby->legs->len; i++) {
        const Leg *leg = lobby->legs->pdata[i];
        if (leg->member == member && leg_is_heard_early(leg))
            return true;
    }
    return false;
}

static bool member_is_there(const Lobby *lobby, const Member *member)
{
    const Session *session = member->session;
    if (is_heard_early(lobby, member))
        return true;
    if (!session || session->has_left)
        return false;
    /* What was prepared for a call that was not taken stays silent, and says nothing of who waits.
     */
    SignalingPhase phase = group_visit(lobby, member)->phase;
    bool is_called = phase == SIGNALING_PHASE_CALLED || phase == SIGNALING_PHASE_IN_CALL;
    bool has_media = is_called && session->leg && session->leg->is_connected;
    bool is_silent = has_media && session->leg->is_silent;
    if (!session->wire)
        return !is_silent &&
               !signaling_is_past(lobby->signaling, session->detached_us, DETACHED_GRACE_MS);
    if (is_silent)
        return !signaling_is_past(lobby->signaling, session->wire->heard_us, PING_OVERDUE_MS);
    return has_media ||
           !signaling_is_past(lobby->signaling, session->wire->heard_us, SOCKET_SILENT_MS);
}

/* A guest hears who speaks, but reads no patient's name. */
ParticipantView lobby_view(const Lobby *lobby, const Member *member, const Member *viewer)
{
    bool is_hidden = viewer->role == SIGNALING_ROLE_GUEST && member->role == SIGNALING_ROLE_PATIENT;
    ParticipantView view = {
        .id = member->id,
        .role = member->role,
        .name = is_hidden ? "" : member->name,
        .label = member->label,
        .present = member->told == TOLD_PRESENT,
        .audio = member->audio,
        .video = member->video,
        .in_call = member->in_call_told,
    };
    group_fill_view(lobby, viewer, member, &view);
    return view;
}

void lobby_tell_others(Lobby *lobby, const Member *member, const char *event)
{
    for (unsigned i = 0; i < lobby->members->len; i++) {
        const Member *other = lobby->members->pdata[i];
        Session *session = other->session;
        if (other == member || !session || !group_may_see(lobby, other, member))
            continue;
        ParticipantView view = lobby_view(lobby, member, other);
        session_send(session, message_write_participant(session_next_seq(session), &view, event));
    }
}

void lobby_tell_visit(Lobby *lobby)
{
    for (unsigned i = 0; i < lobby->members->len; i++) {
        const Member *member = lobby->members->pdata[i];
        Session *session = member->session;
        /* A patient of a group has a visit of its own. */
        if (session && !member->visit)
            session_send(session, message_write_visit(session_next_seq(session), lobby->visit));
    }
}

static void set_told(Lobby *lobby, Member *member, ToldPresence told, SignalingPresence presence)
{
    member->told = told;
    lobby_tell_others(lobby, member, signaling_presence_name(presence));
    notify_presence(lobby->signaling->notify, group_visit(lobby, member)->id, member->id, presence,
                    clock_wall_ms(lobby->signaling->clock));
}

static void update_presence(Lobby *lobby, Member *member)
{
    bool is_there = member_is_there(lobby, member);
    bool has_left = member->session && member->session->has_left;
    switch (member->told) {
    case TOLD_ABSENT:
        if (is_there)
            set_told(lobby, member, TOLD_PRESENT, SIGNALING_PRESENCE_JOINED);
        break;
    case TOLD_PRESENT:
        if (has_left)
            set_told(lobby, member, TOLD_LEFT, SIGNALING_PRESENCE_LEFT);
        else if (!is_there)
            set_told(lobby, member, TOLD_LOST, SIGNALING_PRESENCE_LOST);
        break;
    case TOLD_LOST:
    case TOLD_LEFT:
        if (is_there)
            set_told(lobby, member, TOLD_PRESENT, SIGNALING_PRESENCE_BACK);
        else if (has_left && member->told == TOLD_LOST)
            set_told(lobby, member, TOLD_LEFT, SIGNALING_PRESENCE_LEFT);
        break;
    }
}

static bool member_sends(const Lobby *lobby, const Member *member)
{
    for (unsigned i = 0; i < lobby->legs->len; i++) {
        const Leg *leg = lobby->legs->pdata[i];
        if (leg->member == member && leg->sends)
            return true;
    }
    return false;
}

static void update_room(Lobby *lobby, const Member *member)
{
    Session *session = member->session;
    unsigned n_others = 0;
    if (!session)
        return;
    for (unsigned i = 0; i < lobby->members->len; i++) {
        const Member *other = lobby->members->pdata[i];
        if (other != member && member_sends(lobby, other))
            n_others++;
    }
    if (n_others == session->n_others_told)
        return;
    session->n_others_told = n_others;
    session_send(session, message_write_room(session_next_seq(session), n_others));
}

void lobby_update(Lobby *lobby)
{
    for (unsigned i = 0; i < lobby->members->len; i++) {
        Member *member = lobby->members->pdata[i];
        bool in_call = member_in_call(lobby, member);
        update_presence(lobby, member);
        if (in_call != member->in_call_told) {
            member->in_call_told = in_call;
            member->was_in_call = member->was_in_call || in_call;
            lobby_tell_others(lobby, member, "media");
        }
        update_room(lobby, member);
    }
    group_update(lobby);
}

void lobby_welcome(Lobby *lobby, Member *member, int64_t resumed_at)
{
    Session *session = member->session;
    ParticipantView others[LIMIT_ROOM_PARTICIPANTS];
    SignalingTurn turn;
    ice_servers_issue(session, &turn);
    MessageWelcome welcome = {
        .seq = resumed_at != 0 ? (uint64_t)resumed_at : session_next_seq(session),
        .resume = session->resume,
        .resumed = resumed_at != 0,
        .server_ms = clock_wall_ms(lobby->signaling->clock),
        .participant_id = member->id,
        .role = member->role,
        .visit = group_visit(lobby, member),
        /* Of the hello that named it: a page that resumes asks for another path, not for this one.
         */
        .early = resumed_at == 0 && session->leg && session->early_key,
        .others = others,
        .turn = &turn,
    };
    for (unsigned i = 0; i < lobby->members->len; i++) {
        const Member *other = lobby->members->pdata[i];
        if (other != member && group_may_see(lobby, member, other))
            others[welcome.n_others++] = lobby_view(lobby, other, member);
    }
    char *text = message_write_welcome(&welcome);
    ice_servers_clear(&turn);
    if (resumed_at == 0) {
        session_send(session, text);
        group_tell(lobby, member);
        return;
    }
    wire_send(session->wire, text);
    g_free(text);
    session_replay(session, resumed_at);
}

void lobby_end(Lobby *lobby)
{
    const SignalingVisit *visit = lobby->visit;
    for (unsigned i = 0; i < lobby->members->len; i++) {
        const Member *member = lobby->members->pdata[i];
        Session *session = member->session;
        if (!session)
            continue;
        session_send(session, message_write_ended(session_next_seq(session), visit->state,
                                                  visit->ended_by ? visit->ended_by : "system"));
        if (session->wire)
            wire_close(session->wire, CLOSE_ENDED, "ended");
        session_end(session);
    }
    while (lobby->legs->len > 0)
        leg_close(lobby->legs->pdata[lobby->legs->len - 1]);
    lobby_release(lobby);
}
