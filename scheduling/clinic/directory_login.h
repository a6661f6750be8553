// SPDX-License-Identifier: Apache-2.0
/* Inside of a job: the account of a doctor was disabled or enabled again. Who cannot log in sees
 * nobody: nothing of theirs is open or offered until then. */
#pragma once
#include "scheduling/clinic/hours_hit.h"

/** Asks about the bookings that it hits as every change of hours does: HITS are HoursHit, with
 * BOOKINGS_HIT or kept as KEEP says. Nothing where USER_ID stands for nobody, or is so already. */
bool directory_login_set(Scheduling *scheduling, DbTx *tx, const Actor *actor, const char *user_id,
                         bool is_disabled, HoursKeep keep, GPtrArray *hits, GError **error);
/** The same without asking: for the command line, and for accounts disabled before this was kept.
 */
bool directory_login_note(DbTx *tx, const char *user_id, bool is_disabled, GError **error);

/** Main thread, after the job that disabled or enabled one: what is offered has changed. */
void directory_login_tell(Scheduling *scheduling);
