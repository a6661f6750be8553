// SPDX-License-Identifier: Apache-2.0
/* What becomes of visits by time alone: every few seconds those are given up whose patient did not
 * come (scheduling/booking/no_show.h), those are ended whose doctor's day is over (day_end.h),
 * holds are let go (hold.h), what is free is offered to those who wait for it
 * (scheduling/wait/wait_sweep.h; also at once when a commit says that something may be free), those
 * are told of who wait and whom nobody calls (scheduling/booking/unanswered.h), and it is looked
 * whether who sees patients is another by the day (scheduling/clinic/hours_news.h). Main thread. */
#pragma once
#include <glib.h>
#include "scheduling/scheduling.h"
#include "server/portal/notifier.h"
#include "signaling/signaling.h"

typedef struct VisitSweep VisitSweep;

/** All must outlive it. */
typedef struct {
    Scheduling *scheduling;
    const Signaling *signaling;
    const Clock *clock;
    Notifier *notifier; /**< sends what is offered */
} VisitSweepOptions;
/** Sweeps from now on. */
VisitSweep *visit_sweep_new(const VisitSweepOptions *options);
/** Only after db_stop(): jobs point into it. */
void visit_sweep_free(VisitSweep *sweep);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VisitSweep, visit_sweep_free)
