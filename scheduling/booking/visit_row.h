// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: a visit within one database job, and the one function that changes
 * its state. */
#pragma once
#include "scheduling/booking/fixed_line.h"
#include "scheduling/booking/visit.h"
#include "scheduling/scheduling_private.h"

typedef struct {
    char id[SCHEDULING_ID_BYTES];
    char practitioner_id[SCHEDULING_ID_BYTES];
    char clinic_id[SCHEDULING_ID_BYTES];
    char facility_id[SCHEDULING_ID_BYTES];
    char post_id[SCHEDULING_ID_BYTES]; /**< the outreach session; "": none */
    char local_date[SCHEDULING_DATE_BYTES];
    VisitState state;
    VisitWay way; /**< as it is meant to be held */
    int64_t starts_at_ms, ends_at_ms;
    int64_t due_from_ms; /**< its start; of an order number, whose start is an estimate, its
                              session's: from then on it is called, and can be absent */
    int64_t accepted_at_ms, ended_at_ms; /**< 0: not */
    int64_t n_calls;
    bool pool;       /**< any doctor of the clinic may call it */
    bool is_walk_in; /**< came without an appointment: holds no slot */
    bool is_in_group;
    bool has_phone; /**< a number is known by which the patient is reached */
    FixedLine fixed_line;
} VisitRow;

/** Nobody has called it yet, so it belongs to all doctors of its clinic. */
bool visit_row_is_unclaimed(const VisitRow *row);

/** NOT_FOUND when there is none. */
bool visit_row_load(DbTx *tx, const char *visit_id, VisitRow *ret_row, GError **error);

/** FORBIDDEN unless the actor's role is in ROLES (bits by ActorRole) and the visit is theirs: the
 * patient's and the doctor's own, of desk and coordinator the facility's; the system's is every
 * one. */
bool visit_row_check_actor(DbTx *tx, const VisitRow *row, const Actor *actor, unsigned roles,
                           GError **error);

/** Sets the error that fits a visit in STATE: VISIT_CANCELLED, VISIT_ENDED, else BAD_STATE. */
void visit_row_refuse(VisitState state, GError **error);

/** Of a visit by telephone: has its doctor asked for the number, since it was said and not earlier
 * than half a day before its time? */
bool visit_row_was_phoned(DbTx *tx, const VisitRow *row, bool *ret_phoned, GError **error);

/** Have doctor and patient been in a call, has the doctor asked for the telephone number, or do
 * staff say that the patient came (came.h)? */
bool visit_row_was_met(DbTx *tx, const VisitRow *row, bool *ret_met, GError **error);

/** The number by which the patient, or who is with them, is reached; NO_PHONE where staff or a post
 * took them down without one. secret_text_free(). */
char *visit_row_phone(const Scheduling *scheduling, DbTx *tx, const VisitRow *row, GError **error);
/** Before it is said that somebody will phone them: NO_PHONE, likewise. */
bool visit_row_need_phone(const VisitRow *row, GError **error);
/** Is it one that no message reaches? Of a visit that was over before its row said so, by the
 * number itself. */
bool visit_row_has_fixed_line(const Scheduling *scheduling, DbTx *tx, const VisitRow *row,
                              bool *ret_has, GError **error);

/** Tells the outside that ROW, which has ended, is over ("visit.ended"); once, however often. */
bool visit_row_say_ended(DbTx *tx, const VisitRow *row, int64_t now_ms, GError **error);

/** Fills BOX with what the visit is now. */
bool visit_row_describe(Scheduling *scheduling, DbTx *tx, const VisitRow *row, ActorRole by,
                        ChangeBox *ret_box, GError **error);

typedef struct {
    VisitState to;
    const Actor *actor;
    const char *detail; /**< for the event row; may be NULL */
    bool is_quiet;      /**< the patient is not told: it is said with another visit */
    bool is_inward;     /**< the outside is not told by it: it is told something else */
} VisitStep;

/** The only way in which a visit's state changes: checks the edge against the table (BAD_STATE and
 * its two kin), writes visit, course, event, audit and outbox rows and what the patient is told,
 * and fills BOX for the listener. */
bool visit_set_state(Scheduling *scheduling, DbTx *tx, VisitRow *row, const VisitStep *step,
                     ChangeBox *box, GError **error);
