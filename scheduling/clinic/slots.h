// SPDX-License-Identifier: Apache-2.0
/* Slots are computed from weekly hour rules in the clinics' zone, never stored; a visit claims one.
 * Threads: see scheduling.h; slots_compute() is pure. */
#pragma once
#include "scheduling/scheduling.h"
#include "server/base/fault.h"

enum { SLOTS_MAX_DAYS = 31, SLOTS_ID_BYTES = 27 };

typedef struct {
    char practitioner_id[SLOTS_ID_BYTES];
    int64_t starts_at_ms, ends_at_ms;
} Slot;

typedef struct {
    char practitioner_id[SLOTS_ID_BYTES];
    int weekday;                /**< 1 Monday to 7 Sunday */
    int from_minute, to_minute; /**< local minutes of the day */
    int slot_minutes;
    char effective_from[11];
    char effective_to[11]; /**< empty: without end */
} HourRule;

/** Appends to SLOTS (Slot) what RULES offer on local DATE, by start; the process's own zone does
 * not matter. False when DATE is not a date. */
bool slots_compute(const HourRule *rules, unsigned n_rules, GTimeZone *zone, const char *date,
                   GArray *slots);

typedef struct {
    char date[11];
    GArray *slots; /**< Slot, free ones only, by start and doctor */
} SlotDay;

/** DAYS holds SlotDay, one for each day asked for, empty days too. */
typedef void (*SlotsDone)(GPtrArray *days, const GError *error, gpointer user_data);
typedef struct {
    const char *clinic_id;
    const char *practitioner_id; /**< NULL: any */
    const char *from_date;       /**< NULL: today */
    unsigned n_days;             /**< 1 to SLOTS_MAX_DAYS */
} SlotsQuery;

/** Adds to FAULTS what is wrong with QUERY, as fields `from` and `days`; true when nothing is.
 * Pure.
 */
bool slots_check(const SlotsQuery *query, FaultList *faults);

/** QUERY is copied. NOT_FOUND: no such clinic, or the doctor does not work there; INVALID_FIELDS:
 * what slots_check() finds. */
void slots_list(Scheduling *scheduling, const SlotsQuery *query, SlotsDone done,
                gpointer user_data);
