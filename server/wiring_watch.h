// SPDX-License-Identifier: Apache-2.0
/* Pages that hear that something of theirs has changed, and nothing of what: the wait list by the
 * link of an entry, a booking by its own before its waiting room is open, the coordinator's notice
 * of patients whom nobody calls, a team's post. They read again then. Main thread. */
#pragma once
#include <stdbool.h>
#include "scheduling/scheduling.h"
#include "signaling/signaling.h"

/** Heard by those who watch a booking: hours of this facility have changed. */
#define WIRING_HOURS_TOPIC "hours:"

/** True when TOKEN is a wait list's ("tunggu:" and what follows /tunggu/ in the link) or a
 * booking's ("jadwal:" and the join token of its patient or guest): REQUEST is answered then, now
 * or later; ROOM_FULL beyond 8 pages of one. Both must outlive the database. */
bool wiring_watch_authorize(Scheduling *scheduling, Signaling *signaling, SignalingRequest request,
                            const char *token);
/** Listens to what tells of the wait list and of posts; SIGNALING NULL: no more. */
void wiring_watch_listen(Scheduling *scheduling, Signaling *signaling);
/** A visit has changed: tells who watches it, who hears of its post, or of who is called by nobody.
 */
void wiring_watch_tell(Signaling *signaling, const VisitChange *change);
/** Who watches the visit alone. */
void wiring_watch_tell_visit(Signaling *signaling, const char *visit_id);
