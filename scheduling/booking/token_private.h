// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: how a token becomes what is stored of it. */
#pragma once
#include "scheduling/booking/token.h"
#include "scheduling/booking/visit_row.h"
#include "scheduling/scheduling_private.h"

/** Keyed hash of a token; to be freed. */
char *token_hash(const Scheduling *scheduling, const char *token);

typedef struct {
    TokenKind kind;
    const char *visit_id, *participant_id;     /**< kind visit */
    const char *practitioner_id, *facility_id; /**< kind day: one of them */
    int64_t expires_at_ms;
    const char *bound_to; /**< may be NULL */
    const char *topic;    /**< of kind day; may be NULL */
} TokenRow;
/** Makes a token and stores its row; to be freed with secret_text_free(). */
char *token_store(Scheduling *scheduling, DbTx *tx, const TokenRow *row, GError **error);

/** In a job: is TOKEN one that was not revoked and is not past its time? Of whatever visit. */
bool token_holds(const Scheduling *scheduling, DbTx *tx, const char *token, bool *ret_holds,
                 GError **error);

/** May the patient of ROW have another link? Of a visit that is over only when they were seen,
 * until TOKEN_LETTERS_MS after the end: LINK_OVER; VISIT_ENDED, VISIT_CANCELLED. */
bool token_check_renewal(const Scheduling *scheduling, const VisitRow *row, GError **error);
/** In a job: that link, instead of those before; to be cleared. */
bool token_replace_link(Scheduling *scheduling, DbTx *tx, const VisitRow *row,
                        IssuedToken *ret_issued, GError **error);
/** In a job: what opened the visit to its patient does no more. */
bool token_revoke_links(Scheduling *scheduling, DbTx *tx, const VisitRow *row, GError **error);
void issued_token_clear(IssuedToken *issued);

/** In a job: the participant that guests of kind LABEL are in the visit; to be freed. */
char *token_ensure_guest(const Scheduling *scheduling, DbTx *tx, const char *visit_id,
                         const char *label, GError **error);

/** In a job: what ACTOR may hear of, with the ID that was asked for; NULL with an error. */
typedef char *(*TokenTopicFunc)(DbTx *tx, const Actor *actor, const char *id, GError **error);
/** A day token that hears of what TOPIC_OF says alone; lives as any day token. ID may be NULL. */
void token_issue_topic(Scheduling *scheduling, const char *id, TokenTopicFunc topic_of,
                       const Actor *actor, TokenIssuedDone done, gpointer user_data);
