// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: the other visits of a patient whose telephone number was written down
 * wrongly. It was written down once and copied: to what was booked by a visit or with it
 * (follow-ups, series), and from what that was itself booked by; where they were moved, too. */
#pragma once
#include "scheduling/booking/token_private.h"
#include "scheduling/booking/visit_row.h"

/** What becomes of one of them. */
typedef enum {
    PHONE_TIED_CHANGED,  /**< the number, another link, and what is so is said */
    PHONE_TIED_SILENCED, /**< cancelled, long over, or booked anew: the number, and no link */
    PHONE_TIED_BUSY,     /**< called or in the call: the page is all that reaches the patient */
} PhoneTiedFit;

typedef struct {
    VisitRow row;
    char series_id[SCHEDULING_ID_BYTES]; /**< "": of none */
    char told_with[SCHEDULING_ID_BYTES]; /**< of a series: the visit whose message says its time */
    PhoneTiedFit fit;
    bool is_told;
    IssuedToken link; /**< of one that is changed */
    ChangeBox box;
} PhoneTied;
void phone_tied_free(PhoneTied *tied);

typedef struct {
    Scheduling *scheduling;
    const Actor *actor;
    const char *e164; /**< "": none */
} PhoneNow;

/** In a job: is ROW missed, and not booked anew, so that its link offers another time; for two
 * days.
 */
bool phone_tied_is_missed(const Scheduling *scheduling, DbTx *tx, const VisitRow *row, bool *ret_is,
                          GError **error);
/** Leaves in ROW whether there is a telephone, and which; NO_PHONE when NEEDS_ONE. */
bool phone_tied_set(const PhoneNow *now, VisitRow *row, bool needs_one, GError **error);

/** In a job: those tied to the visit whose number was the same, BEFORE its index (HAD: it was one);
 * the earliest first. PhoneTied; NULL with an error. */
GPtrArray *phone_tied_load(const Scheduling *scheduling, DbTx *tx, const char *visit_id, bool had,
                           const char *before, GError **error);
/** Then: whose message says the times of a series that the patient is to hear of; OWN is what was
 * changed itself, its series unknown yet. One that is not held by video, has lost its place or was
 * moved just now says it itself. */
bool phone_tied_plan(const PhoneNow *now, DbTx *tx, PhoneTied *own, GPtrArray *tied,
                     GError **error);
/** Then each. NO_PHONE of one by telephone, where there is none now. */
bool phone_tied_change(const PhoneNow *now, DbTx *tx, PhoneTied *tied, GError **error);
