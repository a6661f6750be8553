// SPDX-License-Identifier: Apache-2.0
/* Staff whose log-in ends lose their open sockets and devices: those came in by tokens that are
 * bound to the session. The sessions behind them are looked up every five seconds, since the
 * command line ends sessions in another process, and at once on staff_watch_check(). Main thread.
 */
#pragma once
#include <glib.h>
#include "server/base/clock.h"
#include "server/base/db/db.h"
#include "signaling/signaling.h"

typedef struct StaffWatch StaffWatch;

/** DB and CLOCK must outlive it. */
StaffWatch *staff_watch_new(Db *db, const Clock *clock);
/** Only after db_stop(): jobs point into it. */
void staff_watch_free(StaffWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StaffWatch, staff_watch_free)

/** Before the first staff_watch_add(). */
void staff_watch_set_signaling(StaffWatch *watch, Signaling *signaling);
/** Somebody is being admitted by a token of this session; NULL is fine. */
void staff_watch_add(StaffWatch *watch, const char *session_id);
/** Looks now. */
void staff_watch_check(StaffWatch *watch);
