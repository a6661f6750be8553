// SPDX-License-Identifier: Apache-2.0
/* The first count: visits by local day and facility, from event times, never from typed forms. Runs
 * on the report thread. Threads: see scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"
#include "server/base/fault.h"

enum { DAILY_MAX_DAYS = 366 };

typedef struct {
    char date[11];                     /**< empty in the totals */
    char *facility_id, *facility_name; /**< NULL in the totals */
    /** All visits of the day; equal to the sum of the seven below. */
    unsigned booked;
    unsigned done, cancelled, no_show, tech_failed, left, converted, open;
    unsigned no_show_doctor; /**< of no_show: those whom no doctor saw, or could have seen */
    unsigned came, not_come; /**< of converted: whom the doctor asked to come in the call, and of
                                  whom staff said whether they did */
    unsigned consultations;  /**< done, with media of both sides for at least 60 s */
    unsigned incidents;      /**< reported of visits of the day */
    unsigned unanswered;     /**< waited so long that doctor and desk were told */
    unsigned escalated;      /**< of these, longer still: the coordinator was told */
    unsigned extra;          /**< of all visits: those that have an additional place */
    unsigned n_waits;        /**< visits that waited and were called */
    int wait_p50_minutes; /**< from the later of check-in and start to the first call, nearest rank;
                               -1 when n_waits < 5 */
    unsigned call_minutes; /**< media of both sides, rounded */
} DailyRow;

typedef struct {
    GPtrArray *rows; /**< DailyRow, by date and facility name; days without visits have none */
    DailyRow totals;
} Daily;

typedef void (*DailyDone)(const Daily *daily, const GError *error, gpointer user_data);
/** Adds to FAULTS what is wrong with the span, as fields `from` and `to`; true when nothing is.
 * Pure.
 */
bool daily_check(const char *from_date, const char *to_date, FaultList *faults);
/** INVALID_FIELDS: what daily_check() finds. */
void daily_report(Scheduling *scheduling, const char *from_date, const char *to_date,
                  DailyDone done, gpointer user_data);
