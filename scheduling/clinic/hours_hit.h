// SPDX-License-Identifier: Apache-2.0
/* Bookings that a change of hours would leave without a place: outside of open hours, additional
 * ones above their share, and regular ones above the quota of their session; and who waits today
 * for a doctor who will see nobody any more. The struct is for all;
 * the functions are inside of scheduling/ only and inside one job: look before the change, compare
 * after it. What becomes of those that are hit: hours_kept.h. */
#pragma once
#include "scheduling/scheduling.h"

/** Nothing of the patient: whoever may read the day's list finds the name there. */
typedef struct {
    char *visit_id, *code, *number;
    int64_t starts_at_ms, ends_at_ms;
    char *clinic, *facility, *doctor;
    char *practitioner_id, *facility_id;
    bool is_extra;   /**< has an additional place: hit also when the hours have fewer of those */
    bool may_choose; /**< not asked for only: its patient can choose another time by the link */
    bool is_there;   /**< waits for the doctor, or was called */
    bool is_told;    /**< its patient gets a message of it */
    bool no_mobile;  /**< would, but has no number that it reaches: to be phoned */
    bool no_phone;   /**< would, but has no telephone at all: to be told in person */
} HoursHit;

/** Whether a change that hits bookings is made, and what is said to their patients. */
typedef enum {
    HOURS_KEEP_NO, /**< it is not made */
    HOURS_KEEP_YES,
    HOURS_KEEP_MESSAGE, /**< each patient gets one message with the link */
} HoursKeep;

/** Whose bookings may be hit. */
typedef struct {
    const char *practitioner_id; /**< those of one doctor; or, when NULL: */
    const char *date;            /**< those of one local date; NULL: all that come */
    const char *facility_id;     /**< in one facility; NULL, with a date: in all */
    const char *clinic_id;       /**< without a date: in one of its clinics; NULL: in all */
    int64_t as_of_ms;            /**< judged as it is, or was, to come then; 0: now */
} HoursHitScope;

typedef struct HoursWatch HoursWatch;
/** What is booked within SCOPE from now on and has a place in the hours: lies in open ones and is
 * neither above the share of additional places nor above the quota of a session. Those that were
 * booked first are below, and who has been there today has used a place. A place in a group is one
 * as long as nothing stands against the group's time (hours_obstacle()). Who waits today (the time
 * is there, and the patient was not seen; also without an appointment) has one while the doctor may
 * see patients (hours_may_serve()), or in a pool some doctor of the clinic who has hours today. */
HoursWatch *hours_watch_new(Scheduling *scheduling, DbTx *tx, const HoursHitScope *scope,
                            GError **error);
void hours_watch_free(HoursWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HoursWatch, hours_watch_free)
/** Had the visit, which is to come or waits, a place when WATCH was made? */
bool hours_watch_had_place(const HoursWatch *watch, const char *visit_id);
/** Appends to HITS (HoursHit) those that have a place no more, by time; also who waits for a doctor
 * whose permit had run out before, when that doctor is gone now. */
bool hours_watch_compare(HoursWatch *watch, Scheduling *scheduling, DbTx *tx, GPtrArray *hits,
                         GError **error);
/** Appends to IDS (of WATCH) those that had none when it was made, and have one since it was
 * compared. */
void hours_watch_regained(const HoursWatch *watch, GPtrArray *ids);
/** An empty array of HoursHit that owns them. */
GPtrArray *hours_hits_new(void);
/** How many of HITS are told by a message. */
unsigned hours_hits_told(const GPtrArray *hits);
/** And how many would be, had they a number that it reaches. */
unsigned hours_hits_not_reachable(const GPtrArray *hits);
/** And how many, had they a telephone at all; not counted among those above. */
unsigned hours_hits_no_phone(const GPtrArray *hits);
