// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: the rows of a new visit, for bookings and for the demo clinic. */
#pragma once
#include "scheduling/booking/contact.h"
#include "scheduling/booking/fixed_line.h"
#include "scheduling/booking/visit_keys.h"
#include "scheduling/booking/visit_row.h"
#include "scheduling/clinic/service_terms.h"

/** A person that an earlier visit knows. */
typedef struct {
    const char *patient_id;
    const char *phone_sealed, *phone_index;
    bool has_phone;
    FixedLine fixed_line;
} NewVisitSource;

typedef struct OwnVisitCheck OwnVisitCheck;

typedef struct {
    const char *mode; /**< "slot" or "demo" */
    const char *clinic_id;
    const char *practitioner_id;
    int64_t starts_at_ms, ends_at_ms;
    bool pool;                   /**< any doctor of the clinic may call it */
    bool is_walk_in;             /**< holds no slot */
    bool is_extra;               /**< an additional place, beside a regular one */
    bool is_request;             /**< the facility has to confirm it: `requested`, not `booked` */
    const char *request_reason;  /**< of a request: request_reason_detail() */
    int place;                   /**< order number in SESSION; 0: none */
    TimeSpan session;            /**< with a place */
    const ServiceTerms *service; /**< NULL: none was chosen */
    int64_t before_ms, after_ms; /**< what must be free around it, with a service */
    const char *name, *birth_date, *phone, *lang; /**< normalised; phone "": none */
    const char *nik;                              /**< digits; NULL: none */
    const VisitKeys *keys;                        /**< of these; NULL: still to be made */
    const char *sex;                              /**< "L" "P"; NULL: not known */
    const char *mother_nik;                       /**< digits, of who has no NIK; NULL: none */
    const char *contact_name;                     /**< who books for the patient; NULL: nobody */
    ContactRelation contact_relation;             /**< with a contact_name */
    bool is_quiet;                                /**< the patient is not told: staff are there */
    const char *group_id;                         /**< the group visit that it is in; NULL: none */
    int group_place;                              /**< of it; 0: none */
    const char *group_name; /**< "number" or "first_name": what the others see */
    const Actor *actor;
    /** Instead of name, birth date, phone, NIK and sex; the earlier visit's links are to open this
     * one, so none is made. NULL: somebody new. */
    const NewVisitSource *source;
    /** With a source: the earlier visit keeps its links, and the patient is told as of a booking;
     * the message has a link. */
    bool is_follow_up;
    /** Whether the person is free then (own_visit.h); NULL: it does not matter. */
    OwnVisitCheck *own;
    /** One after the first of a series that is booked or moved at once: that one's message speaks
     * of it, too. */
    bool is_of_series;
} NewVisit;

typedef struct {
    char id[SCHEDULING_ID_BYTES];
    char doctor_participant_id[SCHEDULING_ID_BYTES];
    char patient_participant_id[SCHEDULING_ID_BYTES];
    char *patient_token; /**< secret_text_free(); NULL with a source */
} CreatedVisit;

/** The id of the patient that VISIT names: an earlier one of the same NIK, birth date and name,
 * else a new row. The caller owns it; NULL with ERROR. */
char *visit_patient_ensure(Scheduling *scheduling, DbTx *tx, const NewVisit *visit, GError **error);

/** Writes patient, visit, participants, the patient's token, event, audit and outbox rows and the
 * messages to the patient; fills BOX for the listener. SLOT_TAKEN when the slot's unique index
 * refuses, OWN_BOOKING when `own` does. */
bool visit_create(Scheduling *scheduling, DbTx *tx, const NewVisit *visit,
                  CreatedVisit *ret_created, ChangeBox *box, GError **error);
