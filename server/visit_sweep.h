// SPDX-License-Identifier: Apache-2.0
/* What becomes of visits by time alone: every few seconds those are given up whose patient did not
 * come (scheduling/booking/no_show.h), and what is free is offered to those who wait for it
 * (scheduling/wait/wait_sweep.h). Main thread. */
#pragma once
#include <glib.h>
#include "scheduling/scheduling.h"

typedef struct VisitSweep VisitSweep;

/** Both must outlive it. Sweeps from now on. */
VisitSweep *visit_sweep_new(Scheduling *scheduling, const Clock *clock);
/** Only after db_stop(): jobs point into it. */
void visit_sweep_free(VisitSweep *sweep);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VisitSweep, visit_sweep_free)
