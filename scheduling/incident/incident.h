// SPDX-License-Identifier: Apache-2.0
/* Incidents: somebody in a visit behaved so that they had to go, or so that it must be known. The
 * doctor or the desk reports it and the person is out at once; the facility's coordinator and the
 * administrator look at it and close it. Nothing of it is ever changed or removed. Threads: see
 * scheduling.h. */
#pragma once
#include "scheduling/booking/visit.h"
#include "server/base/fault.h"

typedef enum {
    INCIDENT_WHO_PATIENT,
    INCIDENT_WHO_INTERPRETER, /**< and the two below: as guests are labelled */
    INCIDENT_WHO_FAMILY,
    INCIDENT_WHO_EXPERT,
} IncidentWho;
/** "patient" "interpreter" "family" "expert" */
const char *incident_who_name(IncidentWho who);
bool incident_who_parse(const char *name, IncidentWho *ret_who);

typedef enum {
    INCIDENT_KIND_ABUSE,         /**< insults */
    INCIDENT_KIND_THREAT,        /**< threats of violence */
    INCIDENT_KIND_INDECENCY,     /**< shows or asks for what has no place there */
    INCIDENT_KIND_RECORDING,     /**< records without permission */
    INCIDENT_KIND_IMPERSONATION, /**< is not who was booked */
    INCIDENT_KIND_OTHER,
} IncidentKind;
/** "abuse" "threat" "indecency" "recording" "impersonation" "other" */
const char *incident_kind_name(IncidentKind kind);
bool incident_kind_parse(const char *name, IncidentKind *ret_kind);

enum {
    INCIDENT_TEXT_MIN_CHARS = 3,
    INCIDENT_TEXT_CHARS = 500,
    INCIDENT_KEY_MIN_CHARS = 16,
    INCIDENT_KEY_MAX_CHARS = 64,
    INCIDENT_BLOCK_MAX_DAYS = 90,
    INCIDENT_LIST_MAX = 50,
};

/** Strings are copied. */
typedef struct {
    const char *key; /**< made by the client: sent again it is the same incident */
    IncidentWho who;
    IncidentKind kind;
    const char *text;
    unsigned block_days; /**< of a patient: so long the facility confirms bookings; 0: not */
} IncidentReport;

typedef struct {
    char id[27];
    bool was_removed;        /**< was in the visit, or could have come in, and cannot any more */
    char participant_id[27]; /**< of a guest who was removed, else "" */
    FaultList *faults;       /**< with INVALID_FIELDS */
} IncidentReported;
/** REPORTED is always given; with ERROR only its faults count. */
typedef void (*IncidentReportedDone)(const IncidentReported *reported, const GError *error,
                                     gpointer user_data);
/** Doctor of the visit, desk of its facility. A patient who waits, was called or is in the call is
 * out: the visit is `done` when the two had talked, else `cancelled_provider`. A guest's links open
 * nothing any more. In a visit that has not begun or is over nothing but the report is made. Desk:
 * BAD_STATE for a patient whom the doctor talks to, and for an emergency. */
void incident_report(Scheduling *scheduling, const char *visit_id, const IncidentReport *report,
                     const Actor *actor, IncidentReportedDone done, gpointer user_data);

typedef enum { INCIDENT_OPEN, INCIDENT_LOOKED_AT, INCIDENT_CLOSED } IncidentState;
/** "open" "looked_at" "closed" */
const char *incident_state_name(IncidentState state);

typedef enum { INCIDENT_STEP_LOOKED_AT, INCIDENT_STEP_CLOSED, INCIDENT_STEP_LIFTED } IncidentStep;
/** "looked_at" "closed" "lifted" */
const char *incident_step_name(IncidentStep step);
bool incident_step_parse(const char *name, IncidentStep *ret_step);

typedef struct {
    IncidentStep step;
    int64_t at_ms;
    char *by_role;
    char *note; /**< NULL: none */
} IncidentLine;

/** Without the patient's name: who keeps a facility sees no patients. */
typedef struct {
    char *id, *by_role;
    int64_t at_ms;
    IncidentWho who;
    IncidentKind kind;
    bool was_removed;
    char *code, *number; /**< of the visit */
    int64_t starts_at_ms;
    char *facility, *clinic, *doctor, *facility_id;
    int64_t blocked_until_ms; /**< 0: no block, or none any more */
    IncidentState state;
    char *text;       /**< NULL in lists */
    GPtrArray *lines; /**< IncidentLine, by time */
} Incident;
void incident_free(Incident *incident);

/** A booking that the facility has to confirm, since its patient is blocked or has missed visits.
 */
typedef struct {
    char *visit_id, *code, *number, *facility, *clinic, *doctor;
    int64_t starts_at_ms, requested_at_ms;
    bool has_missed; /**< that is why, not an incident */
} BookingToConfirm;

typedef struct {
    GPtrArray *incidents; /**< Incident, the newest first */
    bool has_more;
    GPtrArray *requests; /**< BookingToConfirm, the oldest first */
} IncidentList;
typedef void (*IncidentListDone)(const IncidentList *list, const GError *error, gpointer user_data);
/** Administrator: all; coordinator: the facility's. BEFORE_ID (may be NULL): only older ones. */
void incident_list(Scheduling *scheduling, const char *before_id, const Actor *actor,
                   IncidentListDone done, gpointer user_data);

typedef void (*IncidentDone)(const Incident *incident, const GError *error, gpointer user_data);
/** The incident with its words; an audit row. NOT_FOUND, also of another facility's. */
void incident_get(Scheduling *scheduling, const char *incident_id, const Actor *actor,
                  IncidentDone done, gpointer user_data);
/** Looked at, closed (with a NOTE), or its block taken back. What is so already stays as it was.
 * BAD_STATE: nothing to lift. NOTE (may be NULL) is copied. */
void incident_add_step(Scheduling *scheduling, const char *incident_id, IncidentStep step,
                       const char *note, const Actor *actor, IncidentDone done, gpointer user_data);

/** Answers a booking of a blocked patient: coordinator of its facility, administrator. Yes: it is
 * booked; no: `cancelled_provider`. The patient is told either way. */
void incident_answer_request(Scheduling *scheduling, const char *visit_id, bool confirmed,
                             const Actor *actor, VisitDone done, gpointer user_data);
