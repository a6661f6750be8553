// SPDX-License-Identifier: Apache-2.0
/* What a month of hours comes to, day by day: when somebody works, how many places there are, how
 * many are held. Of one doctor, or of all of a facility. No patient's data. Threads: see
 * scheduling.h. */
#pragma once
#include "scheduling/clinic/holiday.h"
#include "scheduling/clinic/hours.h"
#include "scheduling/scheduling.h"

/** One doctor's day, in all clinics that the actor sees. */
typedef struct {
    char practitioner_id[HOURS_ID_BYTES];
    TimeSpan hours;    /**< from the first opening to the last closing; from_ms 0: not open */
    unsigned n_places; /**< regular ones */
    unsigned n_held;   /**< of those: booked and not cancelled; also what hours had before */
    unsigned n_extra;  /**< additional places held */
    bool is_on_leave;
} HoursDaysRow;

typedef struct {
    char date[HOURS_DATE_BYTES];
    GArray *rows; /**< HoursDaysRow: who works, has leave, or has bookings */
} HoursDaysDay;

typedef struct {
    GPtrArray *days;     /**< HoursDaysDay, one for each day asked for */
    GPtrArray *holidays; /**< Holiday */
} HoursDays;

enum { HOURS_DAYS_MAX = 42 };
typedef struct {
    const char *practitioner_id; /**< NULL: a doctor the own, a facility's staff all of it */
    const char *from_date;       /**< NULL: today */
    unsigned n_days;             /**< 1 to HOURS_DAYS_MAX */
} HoursDaysQuery;

typedef void (*HoursDaysDone)(const HoursDays *days, const GError *error, gpointer user_data);
/** QUERY is copied. NOT_FOUND, FORBIDDEN as hours_edit(), FORBIDDEN also for an administrator who
 * names nobody; INVALID_FIELDS when the dates are none. */
void hours_days_get(Scheduling *scheduling, const Actor *actor, const HoursDaysQuery *query,
                    HoursDaysDone done, gpointer user_data);
