// SPDX-License-Identifier: Apache-2.0
/* Moving a booking to another time, and coming again after one that was missed (by the patient or
 * by the doctor, left before it was seen, or failed for technical reasons): a new visit of the same
 * patient in the same clinic, linked to the old one, whose links open it from then on. One
 * transaction. Threads: see scheduling.h. */
#pragma once
#include "scheduling/booking/booking.h"

typedef struct {
    const char *practitioner_id;
    int64_t starts_at_ms; /**< of the slot, or of the session */
    bool any_doctor;      /**< holds that slot, but whoever is free calls */
    /** Why staff move it beside another visit of the person; NULL: refused. */
    const char *overlap_reason;
    bool may_be_extra; /**< by staff: an additional place where the regular one is taken */
} MoveWish;

/** Patient: a booked visit until move_until_ms before its start (else TOO_LATE), or one that was
 * missed. Its doctor, desk of the facility: also one that waits or was called; coordinator of the
 * facility: one that a change of hours has left without a place (hours_kept.h), else FORBIDDEN; and
 * with may_be_extra, as slots_check_extra() lets them, to an additional place. The old visit
 * becomes `rescheduled`; a missed one stays as it is, and can be followed once. SLOT_NOT_OFFERED;
 * SLOT_TAKEN with the nearest; OWN_BOOKING as in booking.h. Asked for again what is so already is
 * fine. BOOKING has no token. WISH is copied. */
void booking_move(Scheduling *scheduling, const char *visit_id, const MoveWish *wish,
                  const Actor *actor, BookingDone done, gpointer user_data);

/** Patient of a visit that was missed: a number in the queue of the clinic's day, as who comes
 * without an appointment. SLOT_NOT_OFFERED while no doctor of the clinic has hours. */
void booking_take_number(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                         BookingDone done, gpointer user_data);
