// SPDX-License-Identifier: Apache-2.0
/* Bookings at the counter of a kecamatan or kabupaten: an officer books for somebody who stands
 * there, in any facility, and prints the ticket, on the same day also again
 * (booking_create_at_counter() books). Nothing of the visit beyond its ticket is shown. Threads:
 * see scheduling.h. */
#pragma once
#include "scheduling/booking/booking.h"

enum { COUNTER_MAX_LISTED = 300 };

typedef struct {
    char *visit_id, *number, *code, *patient, *facility, *clinic, *doctor; /**< doctor: NULL, any */
    int64_t starts_at_ms;
    bool is_booked; /**< false: it was moved, cancelled, or is over */
} CounterBooking;
/** CounterBooking, the newest first. */
typedef void (*CounterListDone)(GPtrArray *bookings, const GError *error, gpointer user_data);
/** What the officer has booked today. */
void counter_list(Scheduling *scheduling, const Actor *actor, CounterListDone done,
                  gpointer user_data);

typedef struct {
    Booking booking; /**< its token is NULL when the link was renewed by the facility */
    char *patient;
} CounterTicket;
typedef void (*CounterTicketDone)(const CounterTicket *ticket, const GError *error,
                                  gpointer user_data);
/** The ticket of one of them: an audit row. NOT_FOUND for any other; BAD_STATE and its kin when
 * the visit is no more to come. */
void counter_ticket(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                    CounterTicketDone done, gpointer user_data);

/** Inside a job: the links of days before are forgotten; with the sweep of absent patients. */
bool counter_forget(Scheduling *scheduling, DbTx *tx, GError **error);
/** Inside a job: writes down that ACTOR has booked the visit, and forgets the links of days
 * before. */
bool counter_write(Scheduling *scheduling, DbTx *tx, const char *visit_id, const char *token,
                   const Actor *actor, GError **error);
