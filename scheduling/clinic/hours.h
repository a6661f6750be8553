// SPDX-License-Identifier: Apache-2.0
/* The hours of a clinic's doctors, computed: weekly rules, dated exceptions, leave and holidays in,
 * open time and bookable slots out. Pure: no database, no clock, no zone but the one given. Slots
 * are never stored; a visit claims one.
 *
 * What wins: leave, closed hours and a permit that has run out close everything; extra hours open,
 * also on a holiday; a confirmed holiday closes the weekly hours; one that is not confirmed changes
 * nothing. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "scheduling/clinic/local_time.h"

enum { HOURS_ID_BYTES = 27, HOURS_DATE_BYTES = 11, HOURS_MAX_BREAKS = 4 };
/** More additional places than this are refused. */
enum { HOURS_MAX_EXTRA_PERCENT = 50 };

typedef enum {
    HOURS_MODE_SLOTS,   /**< each patient has a time of their own */
    HOURS_MODE_SESSION, /**< jam praktek with a quota: each patient has an order number */
} HoursMode;
/** "slots" "session" */
const char *hours_mode_name(HoursMode mode);
bool hours_mode_parse(const char *name, HoursMode *ret_mode);

/** Local minutes of a day, from 0 to 1440. */
typedef struct {
    int from, to;
} HoursMinutes;

/** How a stretch of time is given to patients. */
typedef struct {
    HoursMode mode;
    int slot_minutes;                  /**< of SLOTS */
    int before_minutes, after_minutes; /**< of SLOTS: kept free between two slots, their sum */
    int quota;                         /**< of SESSION: places */
    int extra_percent; /**< so many percent of the regular places are there once more, for staff */
} HoursPattern;

/** Weekly hours. */
typedef struct {
    char id[HOURS_ID_BYTES];
    char clinic_id[HOURS_ID_BYTES];
    char practitioner_id[HOURS_ID_BYTES];
    int weekday; /**< 1 Monday to 7 Sunday */
    HoursMinutes minutes;
    HoursPattern pattern;
    char valid_from[HOURS_DATE_BYTES];
    char valid_until[HOURS_DATE_BYTES]; /**< the last day; empty: without end */
    unsigned n_breaks;
    HoursMinutes breaks[HOURS_MAX_BREAKS];
} HoursRule;

/** What the rule says, as one word (server/base/revision.h); to be freed. */
char *hours_rule_revision(const HoursRule *rule);

/** One date that differs. */
typedef struct {
    char id[HOURS_ID_BYTES];
    char clinic_id[HOURS_ID_BYTES];
    char practitioner_id[HOURS_ID_BYTES];
    char date[HOURS_DATE_BYTES];
    bool is_extra; /**< opens; else closes */
    HoursMinutes minutes;
    HoursPattern pattern; /**< of extra hours */
} HoursOverride;

/** Days on which somebody does not work at all, both counted. */
typedef struct {
    char practitioner_id[HOURS_ID_BYTES];
    char from_date[HOURS_DATE_BYTES], until_date[HOURS_DATE_BYTES];
} HoursLeave;

/** The permit to practise in the clinic's facility: none of its hours are open after it. */
typedef struct {
    char practitioner_id[HOURS_ID_BYTES];
    char valid_until[HOURS_DATE_BYTES]; /**< the last day */
} HoursPermit;

/** A holiday of the clinic's facility. */
typedef struct {
    char date[HOURS_DATE_BYTES];
    bool is_certain;
} HoursHoliday;

/** All that is known of one clinic's hours; the arrays are owned, the zone is not. */
typedef struct {
    GTimeZone *zone;
    GArray *rules;     /**< HoursRule */
    GArray *overrides; /**< HoursOverride */
    GArray *leaves;    /**< HoursLeave */
    GArray *permits;   /**< HoursPermit; who has none here is not held back */
    GArray *holidays;  /**< HoursHoliday */
} HoursPlan;
HoursPlan *hours_plan_new(GTimeZone *zone);
void hours_plan_free(HoursPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HoursPlan, hours_plan_free)

/** A slot, or a place in a session. */
typedef struct {
    char practitioner_id[HOURS_ID_BYTES];
    int64_t starts_at_ms, ends_at_ms; /**< of a place: when its turn is expected */
    int64_t before_ms, after_ms;      /**< what must be free around it */
    int place;                        /**< order number in its session, from 1; 0: a slot */
    int quota;                        /**< of its session */
    TimeSpan session; /**< the hours that it belongs to, from their begin to their end */
    int n_extra;      /**< how many additional places those hours have */
    bool takes_extra; /**< one of them can be here, beside the regular one */
    bool is_extra;    /**< this is one; hours_slots() lays none */
} Slot;

/** Appends to SPANS (TimeSpan) when this doctor works on local DATE: in order, apart, whole. A text
 * that is no date has no hours. */
void hours_open(const HoursPlan *plan, const char *practitioner_id, const char *date,
                GArray *spans);
/** What stands against time that is kept on purpose, whether hours open it or not: a group's. */
typedef enum {
    HOURS_OBSTACLE_NONE,
    HOURS_OBSTACLE_ARCHIVED, /**< the doctor, the clinic or the facility: hours_find_obstacle() */
    HOURS_OBSTACLE_PERMIT,   /**< has run out */
    HOURS_OBSTACLE_LEAVE,
    HOURS_OBSTACLE_CLOSED,  /**< closed hours of the date */
    HOURS_OBSTACLE_HOLIDAY, /**< certain, and no extra hours open the time */
} HoursObstacle;
/** "" "archived" "permit_over" "leave" "closed" "holiday" */
const char *hours_obstacle_name(HoursObstacle obstacle);
/** Of SPAN, which begins on local DATE. */
HoursObstacle hours_obstacle(const HoursPlan *plan, const char *practitioner_id, const char *date,
                             TimeSpan span);
/** Whether the doctor may be there for who waits at AT_MS of local DATE: neither leave nor a
 * holiday is in the way, nor do closed hours end the day before AT_MS. A doctor who is late goes on
 * after the hours, and may come on a day without any. */
bool hours_is_there(const HoursPlan *plan, const char *practitioner_id, const char *date,
                    int64_t at_ms);
/** And the permit has not run out: who waits can be seen. */
bool hours_may_serve(const HoursPlan *plan, const char *practitioner_id, const char *date,
                     int64_t at_ms);
/** Has the doctor hours on DATE, closed or not? */
bool hours_has_any(const HoursPlan *plan, const char *practitioner_id, const char *date);
/** Appends to SLOTS (Slot) the doctor's slots and places of DATE, by start. They lie in the open
 * time, never overlap and keep their buffers; a session has at most its quota of places, whose
 * numbers and times do not depend on what else closes that day. */
void hours_slots(const HoursPlan *plan, const char *practitioner_id, const char *date,
                 GArray *slots);
/** How many places there are above N_REGULAR ones: N_REGULAR x (1 + share), rounded down, less
 * those. */
int hours_extra_places(int n_regular, int extra_percent);
/** The additional place beside SLOT, which takes one: of a session the order numbers go on after
 * the quota, and its last turns are the ones that are shared. */
Slot hours_extra_place(const Slot *slot);
/** As hours_slots() for every doctor of the plan, by start and doctor. */
void hours_all_slots(const HoursPlan *plan, const char *date, GArray *slots);

/** How long one place of a session lasts, in whole minutes; 0 when the quota does not fit. */
int hours_place_minutes(HoursMinutes minutes, const HoursMinutes *breaks, unsigned n_breaks,
                        int quota);
