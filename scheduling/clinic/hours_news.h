// SPDX-License-Identifier: Apache-2.0
/* That hours have changed, or who may see patients: by a rule, an exception, leave, a holiday, a
 * permit, what was archived, an account, and at midnight. A visit may have lost its place by it, or
 * have it again, though nothing of the visit itself has changed; whoever shows visits hears of it
 * here. Threads: see scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"

/** Whose: members that are NULL narrow nothing; all NULL: everybody's. */
typedef struct {
    const char *practitioner_id; /**< one doctor's, wherever that doctor works */
    const char *user_id;         /**< likewise, by the account */
    const char *facility_id;
    const char *clinic_id;
} HoursNews;

/** Main thread, after the commit. */
typedef void (*HoursListener)(const HoursNews *news, gpointer user_data);
/** One at most; LISTENER NULL: nobody. */
void hours_news_set_listener(Scheduling *scheduling, HoursListener listener, gpointer user_data);

/** A clinic and one who works there, or did. */
typedef struct {
    char *facility_id, *clinic_id, *practitioner_id;
} HoursPlace;
/** PLACES: of HoursPlace. */
typedef void (*HoursPlacesDone)(const GPtrArray *places, const GError *error, gpointer user_data);
/** Where visits may have lost their place, or have it again, by NEWS. */
void hours_news_places(Scheduling *scheduling, const HoursNews *news, HoursPlacesDone done,
                       gpointer user_data);

/** Every few seconds: tells of what nobody said: that it is another day (leave and permits begin
 * and end with days), and that an account was disabled or enabled by another program (the command
 * line). Its first call tells of nothing. */
void hours_news_look(Scheduling *scheduling, SchedulingDone done, gpointer user_data);

/** Main thread, after the commit of such a change: tells the listener, and who offers places
 * (wait/wait_sweep.h). Once too often does no harm. */
void hours_news_tell(Scheduling *scheduling, const HoursNews *news);
