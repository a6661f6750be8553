// SPDX-License-Identifier: Apache-2.0
/* What comes after a visit, by its doctor: another one of the same patient at a time of the
 * doctor's own hours, or a call by telephone. Threads: see scheduling.h. */
#pragma once
#include "scheduling/booking/booking.h"

typedef struct {
    int64_t starts_at_ms; /**< of the slot, or of the session */
    bool may_be_extra;    /**< an additional place where the regular one is taken */
    /** A place in this group visit of the doctor's, which begins then; NULL: none. */
    const char *group_id;
} FollowUpWish;

/** Doctor of a visit that was called, goes on, or is over because it was held or could not be:
 * books the same patient in the same clinic for the time of WISH (of the doctor's own hours;
 * copied), for the same service, with what was agreed to. The patient gets the link by a message;
 * BOOKING has no token. One that is still to come is answered again when it is at that time, else
 * INVALID_FIELDS (`starts_at_ms` `follow_up_exists`). SLOT_NOT_OFFERED; SLOT_TAKEN with the
 * nearest, or of a group that is full; INVALID_FIELDS (`name` `in_group`) when the patient has a
 * place in it. */
void follow_up_book(Scheduling *scheduling, const char *visit_id, const FollowUpWish *wish,
                    const Actor *actor, BookingDone done, gpointer user_data);

/** E164: the patient's telephone number, "+62812..."; never log it. */
typedef void (*FollowUpPhoneDone)(const char *e164, const GError *error, gpointer user_data);
/** Doctor of the visit, desk of its facility. That it was shown is an event and an audit row. */
void follow_up_show_phone(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                          FollowUpPhoneDone done, gpointer user_data);
