// SPDX-License-Identifier: Apache-2.0
/* The states of a visit, in one table: which follow which, and what each is called by FHIR, by the
 * national queue and by the public tracking page. Pure; any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    VISIT_STATE_REQUESTED,
    VISIT_STATE_BOOKED,
    VISIT_STATE_CHECKED_IN,
    VISIT_STATE_CALLED,
    VISIT_STATE_IN_CALL,
    VISIT_STATE_DONE,
    VISIT_STATE_CANCELLED_PATIENT,
    VISIT_STATE_CANCELLED_PROVIDER,
    VISIT_STATE_CANCELLED_SYSTEM,
    VISIT_STATE_NO_SHOW_PATIENT,
    VISIT_STATE_NO_SHOW_DOCTOR,
    VISIT_STATE_LEFT_WITHOUT_BEING_SEEN,
    VISIT_STATE_TECH_FAILED,
    VISIT_STATE_CONVERTED_PHONE,
    VISIT_STATE_CONVERTED_IN_PERSON,
    VISIT_STATE_RESCHEDULED,
} VisitState;
enum { VISIT_N_STATES = VISIT_STATE_RESCHEDULED + 1 };

/** How the two meet. What a visit is meant to be, beside its state. */
typedef enum {
    VISIT_WAY_VIDEO,
    VISIT_WAY_PHONE,     /**< the doctor phones at its time */
    VISIT_WAY_IN_PERSON, /**< the patient comes to the facility at its time */
} VisitWay;
enum { VISIT_N_WAYS = VISIT_WAY_IN_PERSON + 1 };

typedef struct {
    VisitState state;
    const char *name; /**< in the database and on the wire: "checked_in" */
    bool is_final;
    bool is_cancelled;            /**< final, and the slot is free again */
    const char *fhir_appointment; /**< FHIR R4 Appointment.status */
    const char *fhir_encounter;   /**< FHIR R4 Encounter.status */
    int bpjs_task;                /**< task id of the national queue; 0: none */
    const char *label_id;         /**< words for the tracking page */
    const char *label_en;
    uint32_t next; /**< bit set of the states that may follow */
} VisitStateRow;

/** The row of STATE. */
const VisitStateRow *visit_state_row(VisitState state);
const char *visit_state_name(VisitState state);
bool visit_state_parse(const char *name, VisitState *ret_state);
/** In the database (where NULL is "video") and on the wire: "video" "phone" "in_person". */
const char *visit_way_name(VisitWay way);
bool visit_way_parse(const char *name, VisitWay *ret_way);
/** May FROM become TO? */
bool visit_state_may_follow(VisitState from, VisitState to);
