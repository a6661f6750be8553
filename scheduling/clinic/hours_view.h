// SPDX-License-Identifier: Apache-2.0
/* Doctors' hours as staff see them: whose may be seen, and one doctor's rules, exceptions and days.
 * No patient's data. Threads: see scheduling.h. */
#pragma once
#include "scheduling/clinic/holiday.h"
#include "scheduling/clinic/hours.h"
#include "scheduling/scheduling.h"

/** How long something that the clinic offers takes: proposed for new hours. */
typedef struct {
    char *name;
    int duration_minutes, before_minutes, after_minutes;
} HoursService;

typedef struct {
    char *id, *name, *facility_id, *facility;
    GPtrArray *services; /**< HoursService, by name; filled by hours_view_get() */
    char *permit_until;  /**< last day of the permit for the facility; NULL: none on record */
} HoursClinic;

typedef struct {
    char *id, *name;
    char *str_until; /**< last day of the registration (STR); NULL: none on record, or for life */
    GPtrArray *clinics; /**< HoursClinic; a desk sees its facility's alone */
} HoursDoctor;

/** DOCTORS holds HoursDoctor, by name. */
typedef void (*HoursDoctorsDone)(GPtrArray *doctors, const GError *error, gpointer user_data);
/** Whose hours the actor may change. FORBIDDEN for other roles. */
void hours_view_doctors(Scheduling *scheduling, const Actor *actor, HoursDoctorsDone done,
                        gpointer user_data);

typedef struct {
    HoursOverride override;
    char *note;
} HoursOverrideRow;

typedef struct {
    char *id, *from_date, *until_date, *note;
} HoursLeaveRow;

typedef struct {
    const char *clinic_id; /**< of the view's doctor */
    TimeSpan span;
} HoursOpen;

typedef struct {
    char date[HOURS_DATE_BYTES];
    GArray *open;      /**< HoursOpen, by time */
    unsigned n_visits; /**< booked and not cancelled, in all clinics */
} HoursDay;

typedef struct {
    HoursDoctor *doctor;
    GArray *rules;        /**< HoursRule, by weekday and time; also those of another time */
    GPtrArray *overrides; /**< HoursOverrideRow, from today or the first day on */
    GPtrArray *leaves;    /**< HoursLeaveRow, likewise */
    GPtrArray *holidays;  /**< Holiday, of the days asked for */
    GPtrArray *days;      /**< HoursDay */
} HoursView;

enum { HOURS_VIEW_MAX_DAYS = 42 };
typedef struct {
    const char *practitioner_id;
    const char *from_date; /**< NULL: today */
    unsigned n_days;       /**< 1 to HOURS_VIEW_MAX_DAYS */
} HoursViewQuery;

typedef void (*HoursViewDone)(const HoursView *view, const GError *error, gpointer user_data);
/** QUERY is copied. NOT_FOUND, FORBIDDEN as hours_edit(); INVALID_FIELDS when the dates are none.
 */
void hours_view_get(Scheduling *scheduling, const Actor *actor, const HoursViewQuery *query,
                    HoursViewDone done, gpointer user_data);
