// SPDX-License-Identifier: Apache-2.0
/* Join tokens: what stands in a link or is handed to a staff page for its socket. Only a keyed hash
 * is stored. A visit's token is one participant of one visit; a day token hears that a doctor's or
 * a facility's day changed. Threads: see scheduling.h. */
#pragma once
#include "scheduling/booking/visit.h"

typedef enum { TOKEN_KIND_VISIT, TOKEN_KIND_DAY } TokenKind;

typedef struct {
    TokenKind kind;
    char *id; /**< for audit rows */
    int64_t expires_at_ms;
    char *bound_to; /**< of the Actor that it was issued to; NULL: holds by itself */
    /* kind visit */
    VisitRole role;
    VisitGuest guest; /**< of a guest */
    char *participant_id;
    VisitView *view;
    /* kind day: one of the two is NULL, with a topic both */
    char *practitioner_id;
    char *facility_id;
    GPtrArray
        *clinic_ids; /**< of a practitioner's day: char *, the clinics whose pools are shared */
    char *topic;     /**< all that it hears of, instead of a day: of one list */
} TokenGrant;

typedef void (*TokenGrantDone)(const TokenGrant *grant, const GError *error, gpointer user_data);
/** LINK_INVALID (also when what it is bound to has ended) or LINK_EXPIRED; says nothing about the
 * visit's state. */
void token_authorize(Scheduling *scheduling, const char *token, TokenGrantDone done,
                     gpointer user_data);
/** May the holder be in the visit now? TOO_EARLY (view->opens_at_ms says when; not for doctors),
 * VISIT_CANCELLED, VISIT_ENDED. A day token always may. */
bool token_check_admission(Scheduling *scheduling, const TokenGrant *grant, GError **error);

typedef struct {
    char *token; /**< never log it */
    char *visit_id;
    char *participant_id; /**< NULL for a day token */
    int64_t expires_at_ms;
} IssuedToken;

typedef void (*TokenIssuedDone)(const IssuedToken *issued, const GError *error, gpointer user_data);
/** The doctor's join token of a visit of theirs, for some hours and as long as actor->bound_to
 * holds. BAD_STATE while any doctor of the clinic may call it: whose it is, is known by the call.
 */
void token_issue_doctor(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                        TokenIssuedDone done, gpointer user_data);
/** Doctor: own day; desk: the facility's day. Lives as long as the doctor's join token. */
void token_issue_day(Scheduling *scheduling, const Actor *actor, TokenIssuedDone done,
                     gpointer user_data);
/** A link to a visit in which the patient was seen, for its page and its letters, lives so long
 * from now on: as long as what was prescribed is commonly taken. */
#define TOKEN_LETTERS_MS ((int64_t)30 * 24 * 3600 * 1000)
/** Revokes the patient's links of the visit and makes a new one. Doctor of it or desk of its
 * facility. Of a visit that is over only when the patient was seen, until TOKEN_LETTERS_MS after
 * the end (LINK_OVER): it then lives as long, and as token_check_admission() says leads into no
 * call. VISIT_ENDED, VISIT_CANCELLED else. */
void token_renew_link(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                      TokenIssuedDone done, gpointer user_data);

/** Makes a link for somebody who is to help: as an interpreter, of the family, or another expert.
 * At most one of each kind in a visit: a further link for it revokes the one before. Doctor of the
 * visit or desk of its facility; BAD_STATE when the visit is over. */
void token_invite_guest(Scheduling *scheduling, const char *visit_id, VisitGuest guest,
                        const Actor *actor, TokenIssuedDone done, gpointer user_data);

/** Inside a job: a new token of a participant; the caller frees with secret_text_free(). */
char *token_create(Scheduling *scheduling, DbTx *tx, const char *visit_id,
                   const char *participant_id, int64_t expires_at_ms, GError **error);
