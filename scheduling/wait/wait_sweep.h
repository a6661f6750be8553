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

/** To be repeated every few seconds. Looks by a read whether there is anything to do, and only then
 * does it, in one transaction that looks again; so what was done once is not done again, also after
 * a kill in the middle. */
void wait_sweep(Scheduling *scheduling, WaitSweepDone done, gpointer user_data);
