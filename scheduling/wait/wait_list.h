// SPDX-License-Identifier: Apache-2.0
/* The wait list of a clinic: who found no free time leaves word once, and desk keeps the list.
 * What becomes free is offered by wait_sweep.h, and answered by wait_answer.h. Threads: see
 * scheduling.h. */
#pragma once
#include "scheduling/booking/booking.h"
#include "scheduling/wait/wait_rule.h"

/** What is left word of. */
typedef struct {
    BookingRequest *who; /**< taken over; practitioner_id NULL: any; times and hold are not used */
    const char *from_date, *until_date; /**< local days, both counted; NULL: today; the last day
                                           that can be booked */
} WaitRequest;

typedef struct {
    char *id;
    char *token; /**< of the entry's link; never log it */
    char until_date[11];
    unsigned n_ahead;
    FaultList *faults, *warnings; /**< faults with INVALID_FIELDS */
} WaitListed;
/** LISTED is always given; with ERROR only faults count. */
typedef void (*WaitListedDone)(const WaitListed *listed, const GError *error, gpointer user_data);

/** Puts somebody on the list. ACTOR: a patient, or desk of the clinic's facility (else FORBIDDEN).
 * INVALID_FIELDS as a booking, and `phone` (not_mobile: an offer is a message), `doctor`, `from`,
 * `until`; NOT_FOUND: no such clinic; ALREADY_WAITING: the person is on the list; LIST_FULL: of one
 * phone number, for one clinic, or from a patient's address within a day. A repeat with the same
 * key is answered again with a new link. */
void wait_list_join(Scheduling *scheduling, const WaitRequest *request, const Actor *actor,
                    WaitListedDone done, gpointer user_data);

/** One row as the desk sees it; texts are owned. */
typedef struct {
    char *id, *name, *birth_date, *phone_masked, *doctor, *service, *urgent_reason;
    char from_date[11], until_date[11];
    int64_t requested_at_ms;
    bool is_urgent;
    unsigned n_unanswered;
    int64_t offer_turn_at_ms, offer_expires_at_ms; /**< of what is offered now; 0: nothing */
    char *offer_doctor;
} WaitItem;
typedef void (*WaitItemsDone)(GPtrArray *items, WaitMode mode, const GError *error,
                              gpointer user_data);
/** WaitItem in the order in which they are asked. Desk of the clinic's facility, else FORBIDDEN; an
 * audit row. */
void wait_list_get(Scheduling *scheduling, const char *clinic_id, const Actor *actor,
                   WaitItemsDone done, gpointer user_data);

/** REASON: why this one goes before the others, kept and audited; NULL: as everybody. Desk of the
 * facility, else FORBIDDEN; BAD_STATE: waits no more. */
void wait_list_set_urgent(Scheduling *scheduling, const char *entry_id, const char *reason,
                          const Actor *actor, SchedulingDone done, gpointer user_data);
/** Takes somebody off the list, who is told. Desk of the facility; BAD_STATE: waits no more. */
void wait_list_remove(Scheduling *scheduling, const char *entry_id, const Actor *actor,
                      SchedulingDone done, gpointer user_data);

/** On the main context after a commit, before the done callback: of which entries what their links
 * show has changed (an offer, the place in the list, the state), NULL-ended, in no order. */
typedef void (*WaitListener)(const char *const *entry_ids, gpointer user_data);
void wait_list_set_listener(Scheduling *scheduling, WaitListener listener, gpointer user_data);
