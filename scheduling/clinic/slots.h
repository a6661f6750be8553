// SPDX-License-Identifier: Apache-2.0
/* What can be booked: the hours of a clinic (hours.h) less what is claimed. Threads: see
 * scheduling.h. */
#pragma once
#include "scheduling/clinic/hours.h"
#include "scheduling/scheduling.h"
#include "server/base/fault.h"

enum { SLOTS_MAX_DAYS = 31 };

/** What a patient can choose: a free slot, or a session with room. */
typedef struct {
    char practitioner_id[HOURS_ID_BYTES];
    int64_t starts_at_ms, ends_at_ms; /**< of the slot or of the whole session */
    int quota, n_left;                /**< of a session: places, free ones; of a slot 0 */
    int n_extra_left; /**< of an offer of slots_list_extra(): additional places that its hours still
                         have */
    int64_t turn_at_ms; /**< when the next one's turn is expected */
} SlotOffer;

typedef struct {
    char date[11];
    GArray *offers; /**< SlotOffer, by start and doctor */
} SlotDay;

typedef struct {
    GPtrArray *days;    /**< SlotDay, one for each day asked for, empty days too */
    char last_date[11]; /**< the last day on which something can be booked by now */
} SlotsList;

/** LIST is valid during the call; NULL with ERROR. */
typedef void (*SlotsDone)(const SlotsList *list, const GError *error, gpointer user_data);
typedef struct {
    const char *clinic_id;
    const char *practitioner_id; /**< NULL: any */
    const char *from_date;       /**< NULL: today */
    unsigned n_days;             /**< 1 to SLOTS_MAX_DAYS */
    const char *service_id;      /**< slots in which it fits; NULL: as the hours have them */
    bool for_staff;              /**< until as far ahead as staff may book repeated visits */
} SlotsQuery;

/** Adds to FAULTS what is wrong with QUERY, as fields `from` and `days`; true when nothing is.
 * Pure.
 */
bool slots_check(const SlotsQuery *query, FaultList *faults);

/** The additional places that staff can give, each beside a regular one that is taken: of doctors
 * and desk, and of coordinators; FORBIDDEN for others and of hours that are not theirs. QUERY names
 * a practitioner and is copied. Else as slots_list(). */
void slots_list_extra(Scheduling *scheduling, const Actor *actor, const SlotsQuery *query,
                      SlotsDone done, gpointer user_data);

/** Inside a job: may the actor give additional places of this doctor in this clinic? FORBIDDEN,
 * NOT_FOUND. */
bool slots_check_extra(DbTx *tx, const Actor *actor, const char *practitioner_id,
                       const char *clinic_id, GError **error);

/** QUERY is copied. NOT_FOUND: no such clinic, or doctor or service are not of it; INVALID_FIELDS:
 * what slots_check() finds. */
void slots_list(Scheduling *scheduling, const SlotsQuery *query, SlotsDone done,
                gpointer user_data);
