// SPDX-License-Identifier: Apache-2.0
/* Time that tests can turn. One Clock belongs to the app and is passed to all who need time; any
 * thread may read it. The offset moves wall time only (a demo server lets tests turn it);
 * monotonic time of a real clock always runs by itself, that of a fake clock moves with it. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Clock Clock;

/** The system's clock. Free with clock_free(). */
Clock *clock_new(void);
/** A clock that stands still at WALL_MS until clock_advance(). For tests. */
Clock *clock_new_fake(int64_t wall_ms);
void clock_free(Clock *clock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Clock, clock_free)

/** Milliseconds since 1970-01-01 UTC. */
int64_t clock_wall_ms(const Clock *clock);
/** Microseconds of a clock that never goes back. */
int64_t clock_mono_us(const Clock *clock);
/** Moves a fake clock, wall and monotonic, by MS (0 or more). */
void clock_advance(Clock *clock, int64_t ms);
/** The monotonic time in microseconds that another thread than the fake clock's maker read last, at
 * first the clock's start: who turns a clock while a worker runs by it need not outrun the worker.
 */
int64_t clock_read_elsewhere_us(const Clock *clock);
/** Sets the wall time's distance from the system's, in ms; may be called by any thread. */
void clock_set_offset(Clock *clock, int64_t offset_ms);

/* Civil time. The province is WITA, UTC+8 without summer time, but the zone is a setting: functions
 * take an IANA name ("Asia/Makassar"). An unknown name is an error of the configuration check. */

/** Local date of WALL_MS in ZONE as "2026-11-24" (11 bytes with the NUL). */
void clock_local_date(int64_t wall_ms, GTimeZone *zone, char ret_date[11]);
/** Start of the local day DATE ("2026-11-24") in ZONE in ms UTC; false when DATE is not a date. */
bool clock_date_start(const char *date, GTimeZone *zone, int64_t *ret_wall_ms);
/** Adds DAYS to DATE; false when DATE is not a date. */
bool clock_date_add(const char *date, int days, char ret_date[11]);
