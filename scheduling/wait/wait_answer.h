// SPDX-License-Identifier: Apache-2.0
/* By the link of an entry: what it has come to, taking or refusing what is offered, leaving the
 * list. Threads: see scheduling.h. */
#pragma once
#include "scheduling/booking/booking.h"
#include "scheduling/wait/wait_rule.h"

/** What the page shows; no name, phone or NIK. */
typedef struct {
    const char *id;
    WaitState state;
    const char *clinic, *facility, *phone; /**< the facility's */
    const char *doctor, *service;          /**< NULL: any; none */
    const char *from_date, *until_date;
    bool is_urgent;
    unsigned n_ahead; /**< while WAITING */
    struct {
        const char *id; /**< NULL: nothing is offered now */
        const char *doctor;
        int64_t turn_at_ms, expires_at_ms;
        bool is_kept; /**< for this one; else whoever is first has it */
    } offer;
    const char *last_offer; /**< "declined" "expired" "lost" "withdrawn": the one before; or NULL */
    int64_t last_turn_at_ms;
    int64_t now_ms;
} WaitView;
typedef void (*WaitViewDone)(const WaitView *view, const GError *error, gpointer user_data);

/** LINK_INVALID. */
void wait_answer_view(Scheduling *scheduling, const char *token, WaitViewDone done,
                      gpointer user_data);

/** Books what OFFER_ID offers; the entry is off the list. Repeated, it answers with the same visit
 * and a new link. OFFER_OVER: expired, refused, or another one; SLOT_TAKEN: somebody was faster;
 * SLOT_NOT_OFFERED: the hours were closed; OWN_BOOKING: the person has a visit at that time;
 * LINK_INVALID. ADDRESS: for the audit rows. */
void wait_answer_accept(Scheduling *scheduling, const char *token, const char *offer_id,
                        const char *address, BookingDone done, gpointer user_data);
/** The next one is asked; this one stays on the list and is not offered that place again.
 * OFFER_OVER, LINK_INVALID. */
void wait_answer_decline(Scheduling *scheduling, const char *token, const char *offer_id,
                         const char *address, SchedulingDone done, gpointer user_data);
/** Off the list; done already is fine. BAD_STATE: has a visit. LINK_INVALID. */
void wait_answer_leave(Scheduling *scheduling, const char *token, const char *address,
                       SchedulingDone done, gpointer user_data);
