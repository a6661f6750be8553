// SPDX-License-Identifier: Apache-2.0
/* Booking a slot or a place in a session: one transaction that checks everything again on the
 * server, claims the slot, and writes patient, visit, participants, join token, event, audit and
 * outbox rows. Threads: see scheduling.h. */
#pragma once
#include "scheduling/clinic/slots.h"
#include "scheduling/scheduling.h"
#include "server/base/fault.h"

/** As the form sends it; strings are owned. NULL: not given. */
typedef struct {
    char *clinic_id, *practitioner_id;
    int64_t starts_at_ms; /**< of the slot, or of the session; of a walk-in not used */
    bool any_doctor;      /**< holds the slot of practitioner_id, but whoever is free calls */
    char *hold;           /**< token of a hold on that slot; optional */
    char *service_id;     /**< a service of the clinic, as long as which the visit is; optional */
    int64_t
        consent; /**< version of the text that was agreed to, of a walk-in read aloud; 0: none */
    bool is_walk_in;        /**< booking_create_walk_in() sets it */
    bool at_counter;        /**< booking_create_at_counter() sets it */
    bool may_be_extra;      /**< booking_create_extra() sets it */
    char *group_id;         /**< a place in this group visit; clinic, doctor and time are its */
    char *shown_as;         /**< in a group: "number" (default) or "first_name" */
    bool by_client;         /**< booking_create_by_client() sets it */
    bool by_staff;          /**< booking_create_at_desk() sets it */
    bool phone_is_optional; /**< a missing one is "" */
    bool no_phone;          /**< staff: the patient has none, and it was said so */
    char *name, *birth_date, *phone;
    char *nik; /**< optional */
    /** Who books for the patient, both or neither; then `phone` is this one's. */
    char *contact_name, *contact_relation;
    char *mother_nik;      /**< of a newborn without a NIK; optional */
    char *reason;          /**< why the patient comes, in a line; optional */
    char *lang;            /**< "id" (default) or "en" */
    char *idempotency_key; /**< optional */
    char *address;         /**< remote address for the audit row */
    char *urgent_reason;   /**< of a walk-in: an emergency, and why; optional */
    char *overlap_reason;  /**< why staff book it beside another visit of the person; optional */
} BookingRequest;
BookingRequest *booking_request_new(void);
void booking_request_free(BookingRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BookingRequest, booking_request_free)

enum { BOOKING_MAX_NEAREST = 3 };

typedef struct {
    char *visit_id, *code, *number;
    int64_t starts_at_ms, ends_at_ms, opens_at_ms;
    int place;     /**< order number in its session; 0: it has a slot */
    bool is_extra; /**< an additional place, beside a regular one */
    int64_t session_starts_at_ms, session_ends_at_ms; /**< of a place */
    char *facility, *clinic, *doctor, *phone;
    char *service;           /**< NULL: none was chosen */
    char *group;             /**< title of the group visit that it is in; NULL: none */
    char *token;             /**< the patient's join token: makes the link; never log it. NULL: not
                              * to be given, or REPEATED and opening nothing any more */
    bool repeated;           /**< the answer of an earlier request with this key */
    bool needs_confirmation; /**< the facility has to confirm it: its patient is blocked */
    FaultList *warnings;     /**< NIK rules that only warn; may be empty */
    FaultList *faults;       /**< with INVALID_FIELDS */
    char earliest[24];       /**< with TOO_SOON: "09.05 WITA", where not known "" */
    int64_t earliest_at_ms;  /**< likewise; 0 */
    unsigned n_nearest;      /**< with SLOT_TAKEN */
    SlotOffer nearest[BOOKING_MAX_NEAREST];
    int64_t own_starts_at_ms; /**< with OWN_BOOKING, of the other visit; 0: not to be told */
    const char *own_number, *own_clinic;
} Booking;

/** BOOKING is always given; with ERROR only faults, earliest, nearest and own_... count.
 * OWN_BOOKING: the person has a visit at that time (own_visit.h). */
typedef void (*BookingDone)(const Booking *booking, const GError *error, gpointer user_data);
/** For somebody who is there without an appointment: begins now, has a number and a link as every
 * visit, and holds no slot. Desk of the clinic's facility, else FORBIDDEN. Without practitioner_id
 * any doctor of the clinic calls; NOT_FOUND when nobody is in the clinic. INVALID_FIELDS ("doctor",
 * without one "clinic") where no patient is given to that doctor today, or nobody works: duty.h of
 * clinic/, walk_in.h. Takes REQUEST; ACTOR is copied. */
void booking_create_walk_in(Scheduling *scheduling, BookingRequest *request, const Actor *actor,
                            BookingDone done, gpointer user_data);
/** For somebody who stands at an officer's counter, in any facility: the consent was read aloud,
 * and the officer has the ticket for the day (counter.h). FORBIDDEN for who is no officer. Takes
 * REQUEST; ACTOR is copied. */
void booking_create_at_counter(Scheduling *scheduling, BookingRequest *request, const Actor *actor,
                               BookingDone done, gpointer user_data);
/** By staff of the clinic, who may give an additional place where the regular one is taken
 * (slots_list_extra()); else the regular one it is. The consent was read aloud; who is blocked
 * is not asked about. FORBIDDEN, NOT_FOUND as slots_check_extra(). A coordinator, who sees no
 * patient, gets no token. Takes REQUEST; ACTOR is copied. */
void booking_create_extra(Scheduling *scheduling, BookingRequest *request, const Actor *actor,
                          BookingDone done, gpointer user_data);
/** For somebody whom a desk has before it or on the telephone, or a team at a post: a slot or place
 * of the facility's clinics; or, with a group_id, in a group visit of the doctor's or desk's. The
 * consent was read aloud; who is blocked is not asked about. FORBIDDEN for who is neither desk nor
 * coordinator (nor, in a group, its doctor), NOT_FOUND for another facility's clinic. A
 * coordinator, who sees no patient, gets no token. Takes REQUEST; ACTOR is copied. */
void booking_create_at_desk(Scheduling *scheduling, BookingRequest *request, const Actor *actor,
                            BookingDone done, gpointer user_data);
/** For a patient of another system, an ACTOR_CLIENT, which books in its facility alone if it has
 * one: as from outside, and it may see and cancel what it has booked: client_booking.h,
 * visit_cancel(). FORBIDDEN for a clinic of another facility. Takes REQUEST; ACTOR is copied. */
void booking_create_by_client(Scheduling *scheduling, BookingRequest *request, const Actor *actor,
                              BookingDone done, gpointer user_data);
/** Takes REQUEST. */
void booking_create(Scheduling *scheduling, BookingRequest *request, BookingDone done,
                    gpointer user_data);
