// SPDX-License-Identifier: Apache-2.0
/* A visit that goes on without video before it was called: by telephone, or at the facility. Its
 * place stays taken, as its doctor sees or phones the patient then: it counts as the patient's
 * visit until its time is over, and is hit by a change of hours. It is told outside as
 * "visit.converted"; as "visit.ended" once its doctor asks for the number. Threads: see
 * scheduling.h. */
#pragma once
#include "scheduling/booking/visit.h"

/** The visit's doctor, the desk of its facility: booked or checked_in -> TO, which is
 * converted_phone or converted_in_person; from another state, or to another, BAD_STATE or its kin;
 * of a later day NOT_TODAY. One that any doctor of the clinic may call becomes the doctor's who
 * does so, with its place when that is still to come: DOCTOR_TAKEN when the doctor has something
 * else then; of the desk's it is the one whose place it has. REASON, at most 200 characters, stands
 * in event and audit row. The patient is told by a message. */
void visit_convert(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitState to,
                   const char *reason, VisitDone done, gpointer user_data);
