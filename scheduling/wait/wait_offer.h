// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/wait only: what of a clinic is free and for whom, within one database job.
 * With DRY nothing is written. */
#pragma once
#include "scheduling/wait/wait_news.h"
#include "scheduling/wait/wait_row.h"

enum {
    WAIT_MAX_AT_ONCE = 50,
    WAIT_MAX_KEPT = 8, /**< places of one clinic: the rest are for who books */
};

typedef struct {
    Scheduling *scheduling;
    DbTx *tx;
    bool dry;
    WaitNews *news;              /* NULL: of DRY */
    unsigned n_offered, n_ended; /**< of DRY: what there is to do, at least */
} WaitWork;

/** Offers to those who wait for the clinic, in their order, what is free and fits: nobody two at a
 * time, nothing that was let pass before, nothing at a time at which the person has a visit. */
bool wait_offer_clinic(WaitWork *work, const char *clinic_id, GError **error);
/** Open offers of the clinic's entries whose place can be booked no more are "lost", and told. */
bool wait_offer_check_clinic(WaitWork *work, const char *clinic_id, GError **error);
/** As above, of the open offers of one place. */
bool wait_offer_check_place(WaitWork *work, const char *practitioner_id, int64_t starts_at_ms,
                            GError **error);
/** *RET_HAS: the person of ROW has a visit that lies in the span. */
bool wait_offer_conflicts(Scheduling *scheduling, DbTx *tx, const WaitRow *row,
                          int64_t starts_at_ms, int64_t ends_at_ms, bool *ret_has, GError **error);
/** The open offer of ROW, when it is OFFER_ID and still holds; OFFER_OVER. */
bool wait_answer_offer(Scheduling *scheduling, DbTx *tx, const WaitRow *row, const char *offer_id,
                       WaitOffer *ret_offer, GError **error);
