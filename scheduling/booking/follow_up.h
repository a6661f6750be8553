// SPDX-License-Identifier: Apache-2.0
/* What comes after a visit, by its doctor: another one of the same patient at a time of the
 * doctor's own hours, or a call by telephone. Threads: see scheduling.h. */
#pragma once
#include "scheduling/booking/booking.h"

/** Doctor of a visit that was called, goes on, or is over because it was held or could not be:
 * books the same patient in the same clinic for STARTS_AT_MS (of a slot or session of the
 * doctor's), for the same service, with what was agreed to. The patient gets the link by a message;
 * BOOKING has no token. One that is still to come is answered again when it is at that time, else
 * INVALID_FIELDS (`starts_at_ms` `follow_up_exists`). SLOT_NOT_OFFERED; SLOT_TAKEN with the
 * nearest. */
void follow_up_book(Scheduling *scheduling, const char *visit_id, int64_t starts_at_ms,
                    const Actor *actor, BookingDone done, gpointer user_data);

typedef struct {
    int64_t starts_at_ms;
    const char
        *group_id; /**< a place in this group visit of the doctor's, which begins then; or NULL */
} FollowUpWish;
/** Likewise, or a place in a group visit: SLOT_TAKEN when it is full, OWN_BOOKING when the patient
 * has one. */
void follow_up_book_wish(Scheduling *scheduling, const char *visit_id, const FollowUpWish *wish,
                         const Actor *actor, BookingDone done, gpointer user_data);

/** E164: the patient's telephone number, "+62812..."; never log it. */
typedef void (*FollowUpPhoneDone)(const char *e164, const GError *error, gpointer user_data);
/** Doctor of the visit, desk of its facility. That it was shown is an event and an audit row. */
void follow_up_show_phone(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                          FollowUpPhoneDone done, gpointer user_data);
