// SPDX-License-Identifier: Apache-2.0
/* A doctor who is late says by how much, or the desk does: patients who wait are told at once,
 * those who wait or are soon to come also by a message. It holds for the local day until it is
 * taken back or changed, and lapses by itself an hour after the minutes are over. Threads: see
 * scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"

enum { LATE_MAX_MINUTES = 180 };

/** In lists of a day: who is late, and how much. */
typedef struct {
    char practitioner_id[27];
    unsigned minutes;
} LateDoctor;

typedef struct {
    char practitioner_id[27];
    unsigned minutes; /**< 0: not late */
    unsigned n_told;  /**< patients to whom a message goes out */
} LateSaid;
typedef void (*LateDone)(const LateSaid *said, const GError *error, gpointer user_data);
/** A doctor of the own queue (PRACTITIONER_ID NULL or the own), the desk of a doctor of its
 * facility; NOT_FOUND for others. MINUTES 0 takes it back. The same once more changes nothing. */
void late_say(Scheduling *scheduling, const char *practitioner_id, unsigned minutes,
              const Actor *actor, LateDone done, gpointer user_data);

/** On the main context after the commit, before LateDone. VISIT_IDS: those that are booked or wait
 * for this doctor today; both arrays are NULL-ended. */
typedef struct {
    const char *practitioner_id;
    const char *const *facility_ids;
    const char *const *visit_ids;
} LateChange;
typedef void (*LateListener)(const LateChange *change, gpointer user_data);
void late_set_listener(Scheduling *scheduling, LateListener listener, gpointer user_data);
