// SPDX-License-Identifier: Apache-2.0
/* Bookings that a change of hours would leave without them, or additional ones above their share.
 * The struct is for all; the functions are inside of scheduling/ only and inside one job: look
 * before the change, compare after it. */
#pragma once
#include "scheduling/scheduling.h"

/** Nothing of the patient: whoever may read the day's list finds the name there. */
typedef struct {
    char *visit_id, *code, *number;
    int64_t starts_at_ms, ends_at_ms;
    char *clinic, *doctor;
    bool is_extra; /**< has an additional place: hit also when the hours have fewer of those */
} HoursHit;

/** Whose bookings may be hit. */
typedef struct {
    const char *practitioner_id; /**< all that come of one doctor; or, when NULL: */
    const char *date;            /**< those of one local date; NULL: all that come */
    const char *facility_id;     /**< in one facility; NULL, with a date: in all */
    const char *clinic_id;       /**< without a date: in one of its clinics; NULL: in all */
} HoursHitScope;

typedef struct HoursWatch HoursWatch;
/** What is booked within SCOPE from now on and has a place in the hours: lies in open ones and,
 * when it is an additional one, is not above their share (those that were booked first are below).
 */
HoursWatch *hours_watch_new(Scheduling *scheduling, DbTx *tx, const HoursHitScope *scope,
                            GError **error);
void hours_watch_free(HoursWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HoursWatch, hours_watch_free)
/** Appends to HITS (HoursHit) those that have a place no more. */
bool hours_watch_compare(HoursWatch *watch, Scheduling *scheduling, DbTx *tx, GPtrArray *hits,
                         GError **error);
/** An empty array of HoursHit that owns them. */
GPtrArray *hours_hits_new(void);
/** BOOKINGS_HIT when there are HITS and they are not to be kept; an audit row for each that is
 * kept. */
bool hours_hits_settle(Scheduling *scheduling, DbTx *tx, const Actor *actor, GPtrArray *hits,
                       bool keep, GError **error);
