// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: how much a stranger may book, and how often move it. Each booking and
 * each move takes a place and is a message to somebody, whose number anybody can write. Within one
 * database job. */
#pragma once
#include "scheduling/scheduling_private.h"

typedef struct {
    const char *clinic_id;
    const char *phone_index; /**< as visits have it */
    const char *address;     /**< from which it is booked; NULL: not counted */
} BookingLimitQuery;
/** BOOKINGS_FULL when the telephone has as many visits to come that were booked from outside,
 * ADDRESS_FULL when the address has booked as many today, as the rules bookings_per_phone and
 * bookings_per_address of the clinic's facility say. Else this one is counted. */
bool booking_limit_take(Scheduling *scheduling, DbTx *tx, const BookingLimitQuery *query,
                        GError **error);

/** MOVED_OFTEN when its patient has moved the visit, and those that it was before, five times on
 * this local day; what staff moved is not counted. */
bool booking_limit_check_moves(Scheduling *scheduling, DbTx *tx, const char *visit_id,
                               GError **error);
