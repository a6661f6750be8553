// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: the slot that somebody asks for, checked again on the server, and
 * what is free near it. Within one database job. */
#pragma once
#include "scheduling/booking/booking.h"
#include "scheduling/clinic/service_terms.h"
#include "scheduling/clinic/slot_book.h"
#include "scheduling/scheduling_private.h"

typedef struct {
    const char *clinic_id;
    const char *practitioner_id;
    int64_t starts_at_ms;   /**< of the slot, or of the session */
    const char *service_id; /**< NULL: none; the slot is as long as it takes */
    bool for_staff;         /**< one of several that staff book: further ahead than patients */
    int64_t held_at_ms;     /**< what hold_take() found; SLOT_BOOK_NO_HOLD */
} SlotWish;

/** The slot or place, held against hours, booking window and claims. SLOT_NOT_OFFERED; TOO_SOON
 * with the earliest time in BOOKING; SLOT_TAKEN with the nearest free ones. */
bool slot_wish_find(Scheduling *scheduling, DbTx *tx, const SlotWish *wish, Booking *booking,
                    Slot *ret_slot, GError **error);
/** As slot_wish_find(), for who has this doctor and means to keep them: of what is near all that is
 * this doctor's comes before any other's. */
bool slot_wish_find_with_doctor(Scheduling *scheduling, DbTx *tx, const SlotWish *wish,
                                Booking *booking, Slot *ret_slot, GError **error);
/** As slot_wish_find(), for staff: an additional place where the regular one is taken. FORBIDDEN,
 * NOT_FOUND as slots_check_extra(). */
bool slot_wish_find_extra(Scheduling *scheduling, DbTx *tx, const SlotWish *wish,
                          const Actor *actor, Booking *booking, Slot *ret_slot, GError **error);

typedef enum {
    SLOT_WISH_AS_IT_IS,    /**< what is kept for forms and offers is taken */
    SLOT_WISH_VISITS_ONLY, /**< it is free: it may be let go again */
} SlotWishView;
/** As above, but only looks: what is near is not looked for, and being taken is an answer. False:
 * NOT_FOUND, or a failure. */
bool slot_wish_look(Scheduling *scheduling, DbTx *tx, const SlotWish *wish, SlotWishView view,
                    SlotBookAnswer *ret_answer, Slot *ret_slot, GError **error);

/** The service that a booking or a hold asks for. INVALID_FIELDS with a fault `service` when the
 * clinic does not offer it. */
bool slot_wish_service(DbTx *tx, const char *clinic_id, const char *service_id,
                       ServiceTerms *ret_terms, FaultList *faults, GError **error);

/** Fills BOOKING with what the visit's ticket says; its texts are to be freed with
 * booking_clear(). */
bool booking_fill(Scheduling *scheduling, DbTx *tx, const char *visit_id, Booking *booking,
                  GError **error);
void booking_clear(Booking *booking);
