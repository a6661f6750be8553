// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: the Scheduling object and what its units share. The object is
 * immutable once it is set up but for the listeners and what was seen of the hours, which only the
 * main thread touches; so jobs on database threads read it freely. */
#pragma once
#include <gio/gio.h>
#include "scheduling/clinic/hours_news.h"
#include "scheduling/consult/consult.h"
#include "scheduling/outbox/late.h"
#include "scheduling/outreach/outreach.h"
#include "scheduling/scheduling.h"
#include "scheduling/wait/wait_list.h"
#include "scheduling/wait/wait_sweep.h"
#include "server/base/audit.h"

enum { SCHEDULING_ID_BYTES = 27, SCHEDULING_DATE_BYTES = 11 };

struct Scheduling {
    Db *db;
    Clock *clock;
    SecretBox *box;
    GTimeZone *zone;
    SchedulingPolicy policy; /**< zone and province_code are owned copies */
    SchedulingListener listener;
    gpointer listener_data;
    SchedulingBindingCheck binding_check;
    LateListener late_listener;
    gpointer late_listener_data;
    ConsultListener consult_listener;
    gpointer consult_listener_data;
    WaitListener wait_listener;
    gpointer wait_listener_data;
    WaitFreeListener free_listener;
    gpointer free_listener_data;
    OutreachListener outreach_listener;
    gpointer outreach_listener_data;
    HoursListener hours_listener;
    gpointer hours_listener_data;
    char *hours_seen; /**< by hours_news_look(); NULL: it has not looked */
};

/** An Actor that owns its strings; embedded in the struct of an operation. */
typedef struct {
    Actor actor;
    char *user_id, *participant_id, *facility_id, *address, *bound_to;
} ActorCopy;
void actor_copy_init(ActorCopy *copy, const Actor *actor);
void actor_copy_clear(ActorCopy *copy);

/** A VisitChange that owns its strings; embedded, so it must not be moved once filled. */
typedef struct {
    VisitChange change;
    bool is_known;    /**< the visit exists */
    bool has_changed; /**< the listener is to hear of it */
    char visit_id[SCHEDULING_ID_BYTES];
    char practitioner_id[SCHEDULING_ID_BYTES];
    char clinic_id[SCHEDULING_ID_BYTES];
    char facility_id[SCHEDULING_ID_BYTES];
    char post_id[SCHEDULING_ID_BYTES];
    char local_date[SCHEDULING_DATE_BYTES];
} ChangeBox;

/** Main thread, after a commit: tells the listener when something has changed. */
void scheduling_notify(Scheduling *scheduling, const ChangeBox *box);

/** Main thread, after a commit that may have made a place free, or let somebody wait for one that
 * is: tells who offers it (wait/wait_sweep.h). Once too often does no harm. */
void scheduling_tell_free(Scheduling *scheduling);

/** One audit row of the actor. */
bool scheduling_audit(Scheduling *scheduling, DbTx *tx, const Actor *actor, const char *action,
                      const char *object_kind, const char *object_id, GError **error);

/** Likewise, with what was changed from and to: never a patient's data. */
typedef struct {
    const char *action, *object_kind, *object_id, *reason;
} AuditedChange;
bool scheduling_audit_change(Scheduling *scheduling, DbTx *tx, const Actor *actor,
                             const AuditedChange *change, GError **error);

/** Steps QUERY to its first row. False with NOT_FOUND ("no such WHAT") or the engine's error. */
bool scheduling_need_row(DbQuery *query, const char *what, GError **error);

/** The practitioner that the actor's user logs in as; NULL with FORBIDDEN or the engine's error. */
char *scheduling_actor_practitioner(DbTx *tx, const Actor *actor, GError **error);

/** Copies an id or date from a column into an array of SIZE bytes; a longer value is cut. */
void scheduling_copy_column(DbQuery *query, int column, char *ret_text, size_t size);

/** An integer column, 0 for NULL. */
int64_t scheduling_column_int0(DbQuery *query, int column);

/** True when TEXT is "YYYY-MM-DD" of a day that exists. */
bool scheduling_date_is_valid(const char *text);
