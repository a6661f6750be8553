// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: nobody is in two visits at a time. Who the person is, and who is told
 * what, is said in README.md of this room. */
#pragma once
#include "scheduling/booking/booking.h"
#include "scheduling/scheduling_private.h"
#include "server/base/limit.h"

/** What a new visit is held against; goes with it through visit_create(). */
typedef struct OwnVisitCheck {
    /** Why staff book it all the same, one line; NULL or of anybody else: it is refused. */
    const char *reason;
    /* Out: what stands in the way, with OWN_BOOKING; also when it was booked all the same. */
    bool is_found;
    bool is_told; /**< the actor may know of the rest */
    char visit_id[SCHEDULING_ID_BYTES];
    int64_t starts_at_ms;
    char number[16], clinic[LIMIT_NAME_CHARS * 4 + 1];
} OwnVisitCheck;

typedef struct {
    const char *patient_id;  /**< the row that is to be booked */
    const char *phone_index; /**< its visit's */
    bool has_phone;          /**< likewise */
    const char *facility_id;
    int64_t starts_at_ms, ends_at_ms;
} OwnVisitQuery;
/** Before the visit is written: OWN_BOOKING unless the person is free, or staff say why. */
bool own_visit_check(Scheduling *scheduling, DbTx *tx, const OwnVisitQuery *query,
                     const Actor *actor, OwnVisitCheck *check, GError **error);
/** After it: event and audit row of a reason. */
bool own_visit_note(Scheduling *scheduling, DbTx *tx, const char *visit_id, const Actor *actor,
                    const OwnVisitCheck *check, GError **error);

/** A visit of the person. */
typedef struct {
    char visit_id[SCHEDULING_ID_BYTES];
    int64_t starts_at_ms, ends_at_ms;
} OwnVisit;
/** Appends to RET_VISITS (OwnVisit) what of the person lies in the time of QUERY, which is all of
 * it to come. For staff: where it is, they are not told. */
bool own_visit_list(DbTx *tx, const OwnVisitQuery *query, GArray *ret_visits, GError **error);

/** The answer to a booking that CHECK has refused with ERROR: staff who may know are told of the
 * other visit when an audit row says so. Main thread; everything is copied. */
void own_visit_refuse(Scheduling *scheduling, const Actor *actor, const OwnVisitCheck *check,
                      const GError *error, BookingDone done, gpointer user_data);
