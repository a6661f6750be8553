// SPDX-License-Identifier: Apache-2.0
/* Whether a patient came whom the doctor asked, in the call, to come to the facility. The visit is
 * over by then, so that this is no state; one that was to be held there from the outset has states
 * for it (visit.h), and this for what nobody noted before its end. Threads: see scheduling.h. */
#pragma once
#include "scheduling/booking/visit.h"

/** The visit's doctor, desk and coordinator of its facility, of one that ended converted_in_person,
 * or was to be held there and is done: VISIT_ENDED or its kin of another. May be said otherwise
 * later; said again it changes nothing. */
void visit_say_came(Scheduling *scheduling, const char *visit_id, const Actor *actor, bool came,
                    VisitDone done, gpointer user_data);
