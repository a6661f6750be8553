// SPDX-License-Identifier: Apache-2.0
/* Holidays: of the province, which an administrator keeps, and of one facility, which its desk
 * or coordinator keeps. Threads: see scheduling.h. */
#pragma once
#include "scheduling/clinic/hours_hit.h"
#include "scheduling/scheduling.h"
#include "server/base/fault.h"

typedef struct {
    char *id, *date, *name;
    bool is_certain;              /**< false: "belum pasti", closes nothing yet */
    char *facility_id, *facility; /**< NULL: of the province */
} Holiday;
void holiday_free(gpointer holiday);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Holiday, holiday_free)
/** What the holiday says, as one word (server/base/revision.h); to be freed. */
char *holiday_revision(const Holiday *holiday);

/** HOLIDAYS holds Holiday, by date. */
typedef void (*HolidaysDone)(GPtrArray *holidays, const GError *error, gpointer user_data);
/** From FROM_DATE to UNTIL_DATE, both valid and counted: the province's and those of the actor's
 * facility; an administrator sees all. FORBIDDEN for patients and the office. */
void holiday_list(Scheduling *scheduling, const Actor *actor, const char *from_date,
                  const char *until_date, HolidaysDone done, gpointer user_data);

typedef struct {
    const char
        *id; /**< of the one that is changed, whose date and facility stay; NULL: a new one */
    const char *date, *name;
    bool is_certain;
    const char *facility_id; /**< NULL: the province's; a desk's: its facility's */
    const char *revision;    /**< of the one that is changed; NULL: whichever it is */
} HolidayNew;

typedef struct {
    char *id;          /**< of the new holiday */
    FaultList *faults; /**< with INVALID_FIELDS */
    GPtrArray *hits;   /**< HoursHit, with BOOKINGS_HIT; kept ones on success */
} HolidayEdited;
/** EDITED is always given; with ERROR only faults and hits count. */
typedef void (*HolidayEditDone)(const HolidayEdited *edited, const GError *error,
                                gpointer user_data);
/** HOLIDAY is copied. BOOKINGS_HIT as hours_edit(). A fault at `date` when the day is
 * one already. */
void holiday_add(Scheduling *scheduling, const Actor *actor, const HolidayNew *holiday,
                 HoursKeep keep, HolidayEditDone done, gpointer user_data);
/** Gives the holiday of HOLIDAY's id (copied) its name and certainty; NOT_FOUND; CHANGED when it is
 * not of the revision that is given. A day that becomes certain closes hours: BOOKINGS_HIT unless
 * KEEP says so. */
void holiday_change(Scheduling *scheduling, const Actor *actor, const HolidayNew *holiday,
                    HoursKeep keep, HolidayEditDone done, gpointer user_data);
/** The same inside a job, which is to be rolled back when it fails; changes the holiday of an id,
 * too, unless it is there exactly so. An own facility is not filled in. EDITED is to be initialized
 * and cleared. */
bool holiday_put(Scheduling *scheduling, DbTx *tx, const Actor *actor, const HolidayNew *holiday,
                 HoursKeep keep, HolidayEdited *edited, GError **error);
void holiday_edited_init(HolidayEdited *edited);
void holiday_edited_clear(HolidayEdited *edited);
/** Of REVISION, else CHANGED; NULL: whichever it is. NOT_FOUND. */
void holiday_remove(Scheduling *scheduling, const Actor *actor, const char *id,
                    const char *revision, HolidayEditDone done, gpointer user_data);

typedef struct {
    const char *from_date, *until_date; /**< both counted */
    const char *facility_id;            /**< its holidays beside the province's; may be NULL */
    bool is_every;                      /**< those of all facilities */
} HolidayQuery;
/** Inside a job: appends to HOLIDAYS (Holiday) those that are asked for, by date. */
bool holiday_read(DbTx *tx, const HolidayQuery *query, GPtrArray *holidays, GError **error);
