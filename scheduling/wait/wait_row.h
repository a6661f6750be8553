// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/wait only: rows of the wait list within one database job. */
#pragma once
#include "scheduling/scheduling_private.h"
#include "scheduling/wait/wait_rule.h"

/** One who waits; texts are owned. */
typedef struct {
    char *id, *clinic_id, *facility_id;
    char *practitioner_id, *service_id; /**< NULL: any; none */
    char *name, *birth_date, *sex, *nik_sealed, *nik_index, *phone_sealed, *phone_index, *lang;
    char from_date[SCHEDULING_DATE_BYTES], until_date[SCHEDULING_DATE_BYTES];
    int64_t consent_version; /**< 0: none */
    bool consent_read_aloud;
    bool is_urgent;
    char *urgent_reason;
    WaitState state;
    unsigned n_unanswered;
    char *visit_id; /**< with BOOKED */
    int64_t requested_at_ms;
    WaitMode mode; /**< of the clinic */
    char *clinic, *facility, *facility_phone, *doctor, *service;
    char *contact_name, *contact_relation; /**< whose the phone is; NULL: the patient's own */
    char *mother_nik_sealed;               /**< NULL: none */
    char *reason;                          /**< why the patient comes; NULL: not said */
} WaitRow;
void wait_row_clear(WaitRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WaitRow, wait_row_clear)
/** NOT_FOUND when there is none. */
bool wait_row_load(DbTx *tx, const char *entry_id, WaitRow *ret_row, GError **error);
/** By the token of a link; LINK_INVALID. */
bool wait_row_by_token(Scheduling *scheduling, DbTx *tx, const char *token, WaitRow *ret_row,
                       GError **error);
/** A new token of the entry's link; the caller frees with secret_text_free(). */
char *wait_row_token(Scheduling *scheduling, DbTx *tx, const char *entry_id, GError **error);

/** An open offer. */
typedef struct {
    char *id, *entry_id, *practitioner_id, *doctor, *clinic_id, *service_id, *hold_hash;
    int64_t starts_at_ms, turn_at_ms, expires_at_ms;
} WaitOffer;
void wait_offer_clear(WaitOffer *offer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WaitOffer, wait_offer_clear)
/** *RET_FOUND: whether the entry has one. */
bool wait_offer_load(DbTx *tx, const char *entry_id, WaitOffer *ret_offer, bool *ret_found,
                     GError **error);
/** STATE: "accepted" "declined" "expired" "lost" "withdrawn". What was kept for it is let go. */
bool wait_offer_close(Scheduling *scheduling, DbTx *tx, const WaitOffer *offer, const char *state,
                      GError **error);

/** Ends the wait, with its audit row ("wait.left"): not to BOOKED. An open offer is withdrawn; who
 * did not end it is told when IS_TOLD. */
bool wait_row_end(Scheduling *scheduling, DbTx *tx, const WaitRow *row, WaitState state,
                  const Actor *actor, bool is_told, GError **error);
/** A message; OFFER_ID may be NULL. One that is there already stays as it is. */
bool wait_row_tell(Scheduling *scheduling, DbTx *tx, const char *entry_id, const char *offer_id,
                   NotificationKind kind, GError **error);
/** As scheduling_audit(), of an entry, with what staff gave as the reason (may be NULL). */
bool wait_row_audit(Scheduling *scheduling, DbTx *tx, const Actor *actor, const char *action,
                    const char *entry_id, const char *reason, GError **error);
