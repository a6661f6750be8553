// SPDX-License-Identifier: Apache-2.0
/* One visit while anybody is in it: its present view, who belongs to it, who is there. Tells each
 * session what changes about the others. Main thread. */
#pragma once
#include "signaling/message.h"
#include "signaling/signaling_private.h"

/** What the others were told last. */
typedef enum { TOLD_ABSENT, TOLD_PRESENT, TOLD_LOST, TOLD_LEFT } ToldPresence;

struct Member {
    char *id;
    SignalingRole role;
    char *name;
    char *label; /* may be NULL */
    DeviceState audio;
    DeviceState video;
    char *pinned_id; /* whose picture the page wants first; NULL: nobody's */
    bool may_publish;
    bool may_receive;
    ToldPresence told;
    bool in_call_told;
    /* In a group's lobby, of a patient: */
    SignalingVisit *visit; /* own copy; NULL: the lobby's is its */
    char *shown_name;      /* for the other patients; NULL: by the place alone */
    unsigned place;
    bool was_in_call;
    bool is_muted; /* by the host: the relay carries none of its sound */
    bool has_hand; /* wants to speak */
    /* What the pages' link was last seen to carry, for the next endpoint; 0: not known. */
    uint32_t link_down_bps;
    uint32_t link_up_bps;
    Session *session; /* NULL: no page */
};

struct Lobby {
    Signaling *signaling;
    SignalingVisit *visit; /* own copy, see lobby_set_visit() */
    GPtrArray *members;    /* owned Member */
    GPtrArray *legs;       /* open ones, of pages and devices */
    bool is_group;         /* the visit stands for the group, see group.h */
    bool mutes_new;        /* who comes is muted */
    char *aside_id;        /* who is aside with the host; NULL: nobody */
};

/** The lobby of VISIT, made when there is none. */
Lobby *lobby_ensure(Signaling *signaling, const SignalingVisit *visit);
Lobby *lobby_find(const Signaling *signaling, const char *visit_id);
/** What VIEWER may know of MEMBER; borrows. */
ParticipantView lobby_view(const Lobby *lobby, const Member *member, const Member *viewer);
/** For the table of lobbies. */
void lobby_free(Lobby *lobby);
/** Removes the lobby when nobody is in it any more. It may be gone afterwards. */
void lobby_release(Lobby *lobby);

/** Takes a copy. False when VISIT is older than or equal to the known one. */
bool lobby_set_visit(Lobby *lobby, const SignalingVisit *visit);
Member *lobby_member(const Lobby *lobby, const char *participant_id);
/** Adds the participants of an admission and the one who comes, who is returned; NULL when the room
 * is full. */
Member *lobby_admit(Lobby *lobby, const SignalingAdmission *admission);

/** Compares what is with what was told and tells the others (and wiring) the difference: joined,
 * back, lost, left, in the call or not, how many send. */
void lobby_update(Lobby *lobby);
/** Tells all others about MEMBER. EVENT is a word of protocol.md. */
void lobby_tell_others(Lobby *lobby, const Member *member, const char *event);
void lobby_tell_visit(Lobby *lobby);
/** Full state for MEMBER's session, as message `welcome`. RESUMED_AT is 0 for a fresh session. */
void lobby_welcome(Lobby *lobby, Member *member, int64_t resumed_at);
/** Ends everything: `ended` to all, media closed. Frees the lobby. */
void lobby_end(Lobby *lobby);
