// SPDX-License-Identifier: Apache-2.0
/* Whose turn it is: the order of those who wait, by the rules that README.md of this room states.
 * Pure; any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { TURN_ID_BYTES = 27 };

/** One who waits. */
typedef struct {
    char id[TURN_ID_BYTES];
    int64_t starts_at_ms;           /**< of the appointment; of a walk-in when it was taken down */
    int64_t due_from_ms;            /**< from when on its time has come: its start, of an order
                                         number its session's begin */
    int64_t ends_at_ms;             /**< starts_at_ms and as long as it was booked for */
    char service_id[TURN_ID_BYTES]; /**< what it was booked for; empty: no service */
    int64_t checked_in_at_ms;       /**< since when it waits */
    int64_t urgent_at_ms;           /**< when it was made an emergency; 0: it is none */
    bool is_of_day_before;          /**< waits since before midnight: comes before today's */
    bool is_walk_in;                /**< came without an appointment */
    bool is_extra;   /**< has an additional place: comes after who has its time regularly */
    bool is_delayed; /**< lets one other go first: came late, or was passed over */
    bool is_present; /**< the patient's page is connected */
} Turn;

/** Orders TURNS (GArray of Turn) as they are to be called at NOW_MS. */
void turn_sort(GArray *turns, int64_t now_ms);

/** Which of the ordered TURNS to call: the first whose page is connected, else the first; one who
 * is to let another go first only when there is no other. TURNS must not be empty. */
unsigned turn_next(const GArray *turns);

/** Does who checks in at CHECKED_IN_AT_MS come late to an appointment at STARTS_AT_MS? */
bool turn_is_late(int64_t starts_at_ms, int64_t checked_in_at_ms, int64_t late_after_ms);
