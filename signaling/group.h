// SPDX-License-Identifier: Apache-2.0
/* A group visit in its lobby: several patients with a visit each, one host. Who sees whom, who is
 * heard, who is aside with the host. A lobby that is no group's passes through here unchanged. Main
 * thread. */
#pragma once
#include "signaling/lobby.h"
#include "signaling/message.h"

/** The lobby of the visit, or of the group, that ADMISSION is for, made when there is none. */
Lobby *group_lobby(Signaling *signaling, const SignalingAdmission *admission);
/** What the admission says of MEMBER in its group. */
void group_note_member(Lobby *lobby, Member *member, const SignalingAdmission *admission);
/** Whose visit it is: a patient's in a group its own, else the lobby's. */
const SignalingVisit *group_visit(const Lobby *lobby, const Member *member);
/** The patient of a group whose visit it is; NULL: none. */
Member *group_member_of(const Lobby *lobby, const char *visit_id);

/** False: VIEWER is told nothing of MEMBER. A patient is told of another one only in the call, and
 * only of who has been in it. */
bool group_may_see(const Lobby *lobby, const Member *viewer, const Member *member);
/** Puts into VIEW what VIEWER may know of MEMBER: the host all, another patient the chosen name. */
void group_fill_view(const Lobby *lobby, const Member *viewer, const Member *member,
                     ParticipantView *view);

/** MEMBER's visit is VISIT now. The lobby may be gone afterwards. */
void group_visit_changed(Lobby *lobby, Member *member, const SignalingVisit *visit);
/** The group is over: its host goes; each patient goes with the own visit. */
void group_over(Lobby *lobby, const SignalingVisit *visit);
/** Message `group`: how MEMBER stands in it. */
void group_tell(const Lobby *lobby, const Member *member);
/** Tells the relay who gets what LEG sends. */
void group_tell_audience(const Leg *leg);
/** Ends what cannot go on: nobody is aside without a host, or without being there. */
void group_update(Lobby *lobby);

/* What host and patients say; false: not possible, nothing has changed. */
bool group_mute(Lobby *lobby, const char *participant_id, bool is_muted);
bool group_raise_hand(Lobby *lobby, Member *member, bool is_raised);
bool group_take_aside(Lobby *lobby, const char *participant_id);
