// SPDX-License-Identifier: Apache-2.0
/* Local minutes of a day as moments, also on days whose clocks are put forward or back. Pure: the
 * zone is an argument, the process's own does not matter. Any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { LOCAL_TIME_MINUTES_PER_DAY = 24 * 60 };

/** From FROM_MS up to, without, TO_MS; UTC. */
typedef struct {
    int64_t from_ms, to_ms;
} TimeSpan;

/** Which moments a span of wall-clock time means where the clock shows a time twice. */
typedef enum {
    LOCAL_TIME_INNER, /**< only moments at which the clock shows a time of the span: opening */
    LOCAL_TIME_OUTER, /**< from the first such moment to the last one: closing */
} LocalTimeReading;

/** The span from FROM_MINUTE to TO_MINUTE (0 to 1440, in order) of DATE. A time that the clock
 * skips is the moment of the skip. False when DATE is not a date or nothing is left of the span. */
bool local_time_span(GTimeZone *zone, const char *date, const int minutes[2],
                     LocalTimeReading reading, TimeSpan *ret_span);

/** The minute of the day that the clock shows at WALL_MS. */
int local_time_minute(GTimeZone *zone, int64_t wall_ms);

/** Appends to LEFT what OPEN covers and CLOSED does not: in order, apart, whole. Both are arrays of
 * TimeSpan in any order, overlapping or not; they are sorted here. */
void time_spans_subtract(GArray *open, GArray *closed, GArray *left);
/** Does one of SPANS, which are apart and whole, hold all of FROM_MS to TO_MS? */
bool time_spans_hold(const GArray *spans, int64_t from_ms, int64_t to_ms);
