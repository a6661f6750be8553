// SPDX-License-Identifier: Apache-2.0
/* What doctors and the desk do with the queue: call the next one, pass somebody over, put somebody
 * back, give somebody up, let an emergency go first. Each is one database job, so of several
 * doctors who call the next one at the same time each gets another patient. Threads: see
 * scheduling.h. */
#pragma once
#include "scheduling/booking/visit.h"

typedef struct {
    char
        visit_id[27]; /**< "": nobody waits; with DOCTOR_BUSY: whom the doctor has called already */
    char number[16];  /**< of the one who was called */
    unsigned n_waiting; /**< how many still wait for this doctor */
} QueueCall;

/** CALL is always given; on errors other than DOCTOR_BUSY its visit_id is "". */
typedef void (*QueueCallDone)(const QueueCall *call, const GError *error, gpointer user_data);
/** Doctor: calls whoever is first of those who wait for this doctor by name and of those who wait
 * for any doctor of the doctor's clinics (turn.h). DOCTOR_BUSY while the doctor has somebody called
 * or in a call: so a second request changes nothing. PERMIT_OVER when nobody waits but in
 * facilities where the doctor's permit has run out. */
void queue_call_next(Scheduling *scheduling, const Actor *actor, QueueCallDone done,
                     gpointer user_data);

/** The visit's doctor: called -> checked_in. Who did not answer lets one other go first. */
void queue_skip(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitDone done,
                gpointer user_data);
/** The visit's doctor: called -> checked_in, at the place where it was. */
void queue_return(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitDone done,
                  gpointer user_data);
/** Doctor, desk: booked, checked_in or called and not answered -> no_show_patient. BAD_STATE before
 * the visit's time. */
void queue_absent(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitDone done,
                  gpointer user_data);
/** Doctor, desk: an emergency goes before all that are none; REASON (required) stands in the event.
 * Of a visit that was not called yet, else BAD_STATE. */
void queue_set_urgent(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                      const char *reason, VisitDone done, gpointer user_data);
/** Doctor, desk: it is none after all. Fine when it never was. */
void queue_clear_urgent(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                        VisitDone done, gpointer user_data);
