// SPDX-License-Identifier: Apache-2.0
/* Inside of a job: the account of a doctor is disabled or enabled. Who cannot log in sees nobody:
 * nothing of theirs is open or offered until then. The account itself says so (the view
 * login_disabled); here is whom it hits. */
#pragma once
#include "scheduling/clinic/hours_hit.h"

/** Before the account USER_ID is disabled or enabled: *RET_WATCH (owned by the caller) is NULL
 * where it stands for nobody, or is so already. */
bool directory_login_watch(Scheduling *scheduling, DbTx *tx, const char *user_id, bool is_disabled,
                           HoursWatch **ret_watch, GError **error);
/** After it: asks about the bookings that it hits as every change of hours does. HITS are HoursHit,
 * with BOOKINGS_HIT or kept as KEEP says; WATCH may be NULL. */
bool directory_login_settle(HoursWatch *watch, Scheduling *scheduling, DbTx *tx, const Actor *actor,
                            HoursKeep keep, GPtrArray *hits, GError **error);

/** Main thread, after the job that disabled or enabled USER_ID (NULL: several): what is offered has
 * changed, and who has a place. */
void directory_login_tell(Scheduling *scheduling, const char *user_id);
