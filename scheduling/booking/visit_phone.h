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

typedef struct {
    const FaultList *faults;   /**< of `phone`, with INVALID_FIELDS */
    const FaultList *warnings; /**< `no_messages` of a fixed line, `no_phone` */
    bool has_changed;          /**< false: it was that already, and nothing was done */
    bool is_told;              /**< a message brings the link to the number */
    const IssuedToken *link;   /**< in place of those before; NULL: nothing has changed */
} VisitPhoneChanged;

/** CHANGED lasts as long as the call; with ERROR its faults alone count. */
typedef void (*VisitPhoneDone)(const VisitPhoneChanged *changed, const GError *error,
                               gpointer user_data);
/** By the doctor of the visit or the desk of its facility, until it is over (VISIT_ENDED,
 * VISIT_CANCELLED). Whoever had the number before may have its links: they are revoked, and what
 * was not sent yet goes to the new number, to which the link is sent as of a booking. Without a
 * telephone nothing is sent any more; NO_PHONE of a visit that is to be held by telephone. An event
 * and an audit row say that it was done; neither has a number. */
void visit_phone_change(Scheduling *scheduling, const char *visit_id, const VisitPhone *phone,
                        const Actor *actor, VisitPhoneDone done, gpointer user_data);
