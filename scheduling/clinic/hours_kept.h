// SPDX-License-Identifier: Apache-2.0
/* Bookings that were kept though a change of hours left them without a place: found again until
 * they are moved, cancelled or over, or have a place once more; and told to their patients by one
 * message. Threads: see scheduling.h. */
#pragma once
#include "scheduling/booking/visit_state.h"
#include "scheduling/clinic/hours_hit.h"

enum { HOURS_KEPT_MAX_LISTED = 200 };

/** Nothing that says who: whoever may read the day's list finds the name there. */
typedef struct {
    char *visit_id, *code, *number;
    int64_t starts_at_ms, ends_at_ms;
    VisitState state;
    char *clinic_id, *clinic, *practitioner_id, *doctor, *facility;
    char *service_id; /**< NULL: none */
    char *date;       /**< local */
    bool any_doctor, is_extra;
    int64_t since_ms;    /**< when the change was */
    char *message;       /**< "waiting" "sent" "dropped" "failed"; NULL: none was wanted */
    char *reason;        /**< why it was not sent; NULL: none */
    bool has_no_phone;   /**< there is nobody to send it to, nor to phone */
    bool has_fixed_line; /**< it reaches nobody: to be phoned */
} HoursKept;

/** KEPT: of HoursKept, by time, at most HOURS_KEPT_MAX_LISTED; HAS_MORE: there are others. */
typedef void (*HoursKeptDone)(const GPtrArray *kept, bool has_more, const GError *error,
                              gpointer user_data);
/** Those that have no place by the hours as they are now: a doctor's own, those of the facility of
 * desk and coordinator, an administrator all; FORBIDDEN for others. */
void hours_kept_list(Scheduling *scheduling, const Actor *actor, HoursKeptDone done,
                     gpointer user_data);

/** The visit's patient gets one message with the link, the first time that it is asked for after a
 * change. NOT_FOUND unless the visit is one of those that the actor lists; BAD_STATE and its two
 * kin unless the patient can choose another time; NO_PHONE. */
void hours_kept_message(Scheduling *scheduling, const Actor *actor, const char *visit_id,
                        SchedulingDone done, gpointer user_data);

/* Inside of scheduling/ only, inside a job. */

/** BOOKINGS_HIT when there are HITS and they are not to be kept. Else each is written down, with an
 * audit row, and with a message when KEEP says so and its patient can move it, as who waits can.
 * Whose visit has a place again by WATCH (compared; NULL: none) and was told that it has none is
 * told that it stands. */
bool hours_kept_settle(Scheduling *scheduling, DbTx *tx, const Actor *actor,
                       const HoursWatch *watch, GPtrArray *hits, HoursKeep keep, GError **error);
/** Can the patient of one in STATE choose another time by the link? */
bool hours_kept_may_choose(VisitState state);
/** *RET_AT_MS: when the change was that left the visit without a place; 0: it has one, or was not
 * hit. */
bool hours_kept_since(Scheduling *scheduling, DbTx *tx, const char *visit_id, int64_t *ret_at_ms,
                      GError **error);
/** Likewise by the hours at the visit's own time, which may be over: who was to come then. */
bool hours_kept_at_start(Scheduling *scheduling, DbTx *tx, const char *visit_id, int64_t *ret_at_ms,
                         GError **error);
/** Either: it has no place now, or it is only booked and had none at its time. *RET_IS: so it is.
 */
bool hours_kept_is_unplaced(Scheduling *scheduling, DbTx *tx, const char *visit_id, bool *ret_is,
                            GError **error);
/** The same of many in one job: what was judged of a doctor's day is kept in DAYS. */
GHashTable *hours_kept_days_new(void);
bool hours_kept_is_unplaced_in(Scheduling *scheduling, DbTx *tx, GHashTable *days,
                               const char *visit_id, bool *ret_is, GError **error);
/** *RET_AT_MS: when the patient was asked to choose another time since the change; 0: was not. */
bool hours_kept_told(DbTx *tx, const char *visit_id, int64_t *ret_at_ms, GError **error);
/** Is the message that says so made and not sent yet? */
bool hours_kept_message_waits(DbTx *tx, const char *visit_id, bool *ret_is, GError **error);
