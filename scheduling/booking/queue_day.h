// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: which local days one queue holds. Around midnight it holds two: who
 * waits since before it is still there, and comes first. Any thread. */
#pragma once
#include "scheduling/scheduling_private.h"

/** So long after midnight the day before is looked at: by then its end has closed what it has
 * (day_end.h), but for a doctor at work. */
enum { QUEUE_DAY_NIGHT_HOURS = 6 };

typedef struct {
    char date[SCHEDULING_DATE_BYTES];
    char before[SCHEDULING_DATE_BYTES]; /**< its own come first; "": the day stands alone */
} QueueDays;

/** The days of the queue in which a visit of DATE stands now: of one of yesterday today's, in the
 * night; of one that is checked in before midnight for after it also those of today. */
void queue_days(const Scheduling *scheduling, const char *date, QueueDays *ret_days);
/** Likewise, of today. */
void queue_days_now(const Scheduling *scheduling, QueueDays *ret_days);
