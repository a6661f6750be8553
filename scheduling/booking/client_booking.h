// SPDX-License-Identifier: Apache-2.0
/* What another system has booked: whose it is, also after it was moved, and how it stands. Such a
 * system knows a visit by the id that it was booked by, however often it was moved since. Threads:
 * see scheduling.h. */
#pragma once
#include "scheduling/booking/booking.h"
#include "scheduling/booking/visit_state.h"

/** BOOKING, which has no token, and STATE are of the visit as it is now; with ERROR neither counts.
 */
typedef void (*ClientBookingDone)(const Booking *booking, VisitState state, const GError *error,
                                  gpointer user_data);
/** For the ACTOR_CLIENT that has booked VISIT_ID, else FORBIDDEN: where and how it is by now. An
 * audit row, as any look at a patient's visit. NOT_FOUND. ACTOR is copied. */
void client_booking_get(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                        ClientBookingDone done, gpointer user_data);

/* Inside of scheduling/ only, inside a job. */

bool client_booking_write(Scheduling *scheduling, DbTx *tx, const char *visit_id,
                          const Actor *actor, GError **error);
/** What was a system's stays its: by TO_VISIT_ID, too. */
bool client_booking_carry(DbTx *tx, const char *from_visit_id, const char *to_visit_id,
                          GError **error);
/** *VISIT_ID (owned) becomes that of the visit which came of it by moves; one that was not moved,
 * or is not known, stays. */
bool client_booking_follow(DbTx *tx, char **visit_id, GError **error);
bool client_booking_is_of(DbTx *tx, const char *visit_id, const char *client, bool *ret_is,
                          GError **error);
