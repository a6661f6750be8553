// SPDX-License-Identifier: Apache-2.0
/* The telephone of a visit that was written down wrongly, or that there is now, or no more.
 * Threads: see scheduling.h. */
#pragma once
#include "scheduling/booking/token.h"
#include "server/base/fault.h"

typedef struct {
    const char *text; /**< as typed; NULL or "": none was */
    bool no_phone;    /**< the patient has none, and it was said so */
} VisitPhone;

/** Another visit of the patient, whose number was the same and is changed with it. */
typedef struct {
    const IssuedToken
        *link; /**< in place of those before: of that visit; NULL: it was left alone */
    int64_t starts_at_ms;
    bool is_over;
    bool is_told; /**< a message speaks of it */
} VisitPhoneAlso;

typedef struct {
    const FaultList *faults;    /**< of `phone`, with INVALID_FIELDS */
    const FaultList *warnings;  /**< `no_messages` of a fixed line, `no_phone`, `at_post` */
    bool has_changed;           /**< false: it was that already, and nothing was done */
    bool is_told;               /**< a message brings the link to the number */
    const IssuedToken *link;    /**< in place of those before; NULL: nothing has changed */
    const VisitPhoneAlso *also; /**< N_ALSO, the earliest first */
    unsigned n_also;
    const VisitPhoneAlso *left; /**< N_LEFT: called or in the call, so not changed */
    unsigned n_left;
} VisitPhoneChanged;

/** CHANGED lasts as long as the call; with ERROR its faults alone count. */
typedef void (*VisitPhoneDone)(const VisitPhoneChanged *changed, const GError *error,
                               gpointer user_data);
/** By the doctor of the visit or the desk of its facility; as long as the patient may have another
 * link (token_check_renewal()), but not while they are called or in the call (BAD_STATE): the page
 * is all that reaches them. Whoever had the number before may have its links: they are revoked, and
 * what was not sent yet goes to the new number, to which what is so then is said
 * (notification_on_phone()). Without a telephone nothing is sent any more; NO_PHONE of whom the
 * doctor is to phone. An event and an audit row say that it was done; neither has a number.
 * So it goes with what was booked by this visit or with it, or what it was booked by (follow-ups,
 * series), as far as the number there was the same and another link is possible: the wrong one was
 * written down once. One that is to come by telephone is NO_PHONE for all of them. */
void visit_phone_change(Scheduling *scheduling, const char *visit_id, const VisitPhone *phone,
                        const Actor *actor, VisitPhoneDone done, gpointer user_data);

/** Inside of scheduling/ only, in a job: the number alone, "": none, with that event and audit row.
 */
bool visit_phone_write(Scheduling *scheduling, DbTx *tx, const char *visit_id, const char *e164,
                       const Actor *actor, GError **error);
