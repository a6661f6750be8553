// SPDX-License-Identifier: Apache-2.0
/* What becomes of the wait list by time and by what others do: a free place is offered, whatever
 * made it free; an offer that nobody answered ends; entries lapse, and those that ended long ago
 * are deleted. Threads: see scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"

typedef struct {
    unsigned n_offered, n_ended; /**< offers made; offers and entries that ended */
    bool more;                   /**< there may be more to be done at once */
} WaitSwept;
typedef void (*WaitSweepDone)(const WaitSwept *swept, const GError *error, gpointer user_data);

/** On the main context after a commit that may have made a place free or let somebody wait for one
 * that is (a visit cancelled or moved, a form left, hours or the directory changed, an offer
 * declined): a reason for a wait_sweep() at once. Often, and of all clinics: it is for the listener
 * not to sweep for each. Not told of: what time alone makes free. */
typedef void (*WaitFreeListener)(gpointer user_data);
void wait_sweep_set_listener(Scheduling *scheduling, WaitFreeListener listener, gpointer user_data);

/** To be repeated every few seconds. Looks by a read whether there is anything to do, and only then
 * does it, in one transaction that looks again; so what was done once is not done again, also after
 * a kill in the middle. */
void wait_sweep(Scheduling *scheduling, WaitSweepDone done, gpointer user_data);
