// SPDX-License-Identifier: Apache-2.0
/* How a visit that was not called yet is meant to be held: by video, by telephone, or at the
 * facility. Not a state: it is moved, cancelled, missed and done as any other. It is told outside
 * as "visit.converted". Threads: see scheduling.h. */
#pragma once
#include "scheduling/booking/visit.h"

/** The visit's doctor, desk and coordinator of its facility: what is booked or checked_in is held
 * TO from now on; in another state BAD_STATE or its kin. Said again it changes nothing. Who waits
 * is booked again, as nobody waits any more for what it was. One that any doctor of the clinic may
 * call becomes the doctor's who does so, with its place when that is still to come: DOCTOR_TAKEN
 * when the doctor has something else then; of the others' it is the one whose place it has. REASON,
 * at most 200 characters, stands in event and audit row. The patient is told by a message. */
void visit_convert(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitWay to,
                   const char *reason, VisitDone done, gpointer user_data);
