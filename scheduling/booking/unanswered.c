// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/unanswered.h"

#include "scheduling/booking/other_doctor.h"
#include "scheduling/booking/queue.h"
#include "scheduling/booking/queue_day.h"
#include "scheduling/booking/token_private.h"
#include "scheduling/booking/unanswered_row.h"
#include "scheduling/booking/visit_row.h"
#include "scheduling/outbox/late_row.h"
#include "scheduling/policy/policy.h"
#include "scheduling/record/event.h"

static const int64_t minute_ms = 60 * 1000;

/* One who waits, or is to be phoned. */
typedef struct {
    char id[SCHEDULING_ID_BYTES];
    int64_t due_ms; /* since when it waits, or is to be phoned, and it is time */
    int64_t told_at_ms, escalated_at_ms;
} Waiting;

typedef struct {
    Scheduling *scheduling;
    char **with_pages; /* NULL: all may have */
    int64_t now_ms;    /* one time for the whole job */
    PolicyMemo memo;
    GHashTable *worked_at; /* doctor's or clinic's id -> int64_t: when somebody last was at work */
    GPtrArray *boxes;      /* ChangeBox */
    UnansweredDone done;
    gpointer user_data;
} SweepOp;

static void sweep_op_free(gpointer data)
{
    SweepOp *op = data;
    g_strfreev(op->with_pages);
    g_hash_table_unref(op->worked_at);
    g_ptr_array_unref(op->boxes);
    g_free(op);
}

bool unanswered_end(DbTx *tx, const char *visit_id, int64_t now_ms, bool *ret_ended, GError **error)
{
    DbQuery *query = db_query(tx, "unanswered_end");
    db_bind_text(query, 1, visit_id);
    db_bind_int(query, 2, now_ms);
    if (!db_exec(query, error))
        return false;
    *ret_ended = db_changes(tx) > 0;
    return true;
}

static bool load_waiting(const SweepOp *op, DbTx *tx, GArray *waiting, GError **error)
{
    QueueDays days;
    queue_days_now(op->scheduling, &days);
    DbQuery *rows = db_query(tx, "unanswered_waiting");
    db_bind_text(rows, 1, days.date);
    db_bind_int(rows, 2, op->now_ms);
    db_bind_text(rows, 3, days.before);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        Waiting one = {
            .due_ms = MAX(db_column_int(rows, 1), scheduling_column_int0(rows, 2)),
            .told_at_ms = scheduling_column_int0(rows, 3),
            .escalated_at_ms = scheduling_column_int0(rows, 4),
        };
        scheduling_copy_column(rows, 0, one.id, sizeof one.id);
        g_array_append_val(waiting, one);
    }
    return step == DB_DONE;
}

/* When the doctor, or one of the clinic's, last was at work with a patient; 0: not today. */
static bool load_worked_at(SweepOp *op, DbTx *tx, const QueueKey *key, int64_t *ret_ms,
                           GError **error)
{
    const char *id = key->practitioner_id ? key->practitioner_id : key->clinic_id;
    const int64_t *known = g_hash_table_lookup(op->worked_at, id);
    if (!known) {
        QueueDays days;
        queue_days(op->scheduling, key->local_date, &days);
        DbQuery *query = db_query(tx, key->practitioner_id ? "unanswered_work_of_doctor"
                                                           : "unanswered_work_of_clinic");
        db_bind_text(query, 1, id);
        db_bind_text(query, 2, days.date);
        db_bind_int(query, 3, op->now_ms);
        db_bind_text(query, 4, days.before);
        if (!scheduling_need_row(query, "work", error))
            return false;
        int64_t at_ms = scheduling_column_int0(query, 0);
        db_reset(query);
        known = g_memdup2(&at_ms, sizeof at_ms);
        g_hash_table_insert(op->worked_at, g_strdup(id), (gpointer)known);
    }
    *ret_ms = *known;
    return true;
}

/* Since when nobody has done anything about it: *RET_MS is in the future while the doctor is not
 * yet as late as was said. Who is to be phoned stands in no queue, so that one that moves does not
 * come to them. */
static bool load_since(SweepOp *op, DbTx *tx, const VisitRow *row, int64_t due_ms, int64_t *ret_ms,
                       GError **error)
{
    const QueueKey key = queue_key(row);
    int64_t worked_at_ms = 0;
    LateRow late = {0};
    bool is_anybodys = false;
    if (row->way != VISIT_WAY_PHONE && !load_worked_at(op, tx, &key, &worked_at_ms, error))
        return false;
    if (!late_has_other_doctor(tx, row, &is_anybodys, error))
        return false;
    if (!is_anybodys && !late_row_load(tx, row->practitioner_id, row->local_date, &late, error))
        return false;
    int64_t late_until_ms = late.minutes ? late.said_at_ms + late.minutes * minute_ms : 0;
    *ret_ms = MAX(MAX(due_ms, worked_at_ms), late_until_ms);
    return true;
}

static bool is_page_open(const SweepOp *op, const VisitRow *row)
{
    return !op->with_pages || g_strv_contains((const char *const *)op->with_pages,
                                              row->pool ? row->clinic_id : row->practitioner_id);
}

/* What happened, in the record and the audit log, for the pages that show it. */
static bool note(SweepOp *op, DbTx *tx, const VisitRow *row, const char *kind, int64_t waited_ms,
                 GError **error)
{
    static const Actor system = {.role = ACTOR_SYSTEM};
    g_autofree char *minutes = g_strdup_printf("%" G_GINT64_FORMAT, waited_ms / minute_ms);
    const EventRow event = {
        .visit_id = row->id,
        .at_ms = op->now_ms,
        .kind = kind,
        .actor = actor_role_name(ACTOR_SYSTEM),
        .detail = waited_ms > 0 ? minutes : NULL,
    };
    g_autofree char *action = g_strconcat("visit.", kind, NULL);
    ChangeBox *box = g_new0(ChangeBox, 1);
    g_ptr_array_add(op->boxes, box);
    if (!event_append(tx, &event, error) ||
        !scheduling_audit(op->scheduling, tx, &system, action, "visit", row->id, error) ||
        !visit_row_describe(op->scheduling, tx, row, ACTOR_SYSTEM, box, error))
        return false;
    box->has_changed = true;
    box->change.is_unanswered_news = true;
    return true;
}

static bool tell(SweepOp *op, DbTx *tx, const VisitRow *row, int64_t since_ms, GError **error)
{
    DbQuery *query = db_query(tx, "unanswered_tell");
    db_bind_text(query, 1, row->id);
    db_bind_int(query, 2, since_ms);
    db_bind_int(query, 3, op->now_ms);
    return db_exec(query, error) && note(op, tx, row, "unanswered", op->now_ms - since_ms, error);
}

static bool escalate(SweepOp *op, DbTx *tx, const VisitRow *row, int64_t since_ms, GError **error)
{
    DbQuery *query = db_query(tx, "unanswered_escalate");
    db_bind_text(query, 1, row->id);
    db_bind_int(query, 2, op->now_ms);
    return db_exec(query, error) && note(op, tx, row, "escalated", op->now_ms - since_ms, error);
}

static bool settle(SweepOp *op, DbTx *tx, const VisitRow *row, GError **error)
{
    bool ended = false;
    return unanswered_end(tx, row->id, op->now_ms, &ended, error) &&
           note(op, tx, row, "answered", 0, error);
}

/* After how long without anybody at work the facility of ROW wants to know of it. */
static bool load_after(SweepOp *op, DbTx *tx, const VisitRow *row, int64_t *ret_ms, GError **error)
{
    const Policy *policy = policy_of(&op->memo, op->scheduling, tx, row->facility_id, error);
    if (!policy)
        return false;
    *ret_ms = policy_ms(policy, is_page_open(op, row) ? POLICY_UNANSWERED : POLICY_ALONE);
    return true;
}

static bool look_at(SweepOp *op, DbTx *tx, const Waiting *one, GError **error)
{
    VisitRow row;
    int64_t since_ms = 0, after_ms = 0;
    if (!visit_row_load(tx, one->id, &row, error) ||
        !load_since(op, tx, &row, one->due_ms, &since_ms, error) ||
        !load_after(op, tx, &row, &after_ms, error))
        return false;
    if (!one->told_at_ms)
        return op->now_ms < since_ms + after_ms || tell(op, tx, &row, since_ms, error);
    if (since_ms >= one->told_at_ms)
        return settle(op, tx, &row, error); /* somebody is at work again, or says when */
    return one->escalated_at_ms || op->now_ms < one->told_at_ms + after_ms ||
           escalate(op, tx, &row, since_ms, error);
}

static bool sweep_job(DbTx *tx, gpointer data, GError **error)
{
    SweepOp *op = data;
    g_autoptr(GArray) waiting = g_array_new(FALSE, FALSE, sizeof(Waiting));
    op->now_ms = clock_wall_ms(op->scheduling->clock);
    if (!load_waiting(op, tx, waiting, error))
        return false;
    for (unsigned i = 0; i < waiting->len && op->boxes->len < UNANSWERED_MAX_AT_ONCE; i++) {
        if (!look_at(op, tx, &g_array_index(waiting, Waiting, i), error))
            return false;
    }
    return true;
}

static void on_sweep_done(gpointer data, const GError *error)
{
    SweepOp *op = data;
    for (unsigned i = 0; !error && i < op->boxes->len; i++)
        scheduling_notify(op->scheduling, op->boxes->pdata[i]);
    op->done(error ? 0 : op->boxes->len, error, op->user_data);
}

void unanswered_sweep(Scheduling *scheduling, const char *const *with_pages, UnansweredDone done,
                      gpointer user_data)
{
    SweepOp *op = g_new0(SweepOp, 1);
    op->scheduling = scheduling;
    op->with_pages = g_strdupv((char **)with_pages);
    op->worked_at = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    op->boxes = g_ptr_array_new_with_free_func(g_free);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, sweep_job, on_sweep_done, op, sweep_op_free);
}

/* The coordinator's list. */

/* Whose facility is listed; *RET_FACILITY_ID NULL: all. */
static bool check_reader(const Actor *actor, const char **ret_facility_id, GError **error)
{
    bool is_coordinator = actor->role == ACTOR_COORDINATOR && actor->facility_id;
    *ret_facility_id = is_coordinator ? actor->facility_id : NULL;
    if (is_coordinator || actor->role == ACTOR_ADMIN)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "not this actor's patients");
    return false;
}

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    GPtrArray *unanswered;
    UnansweredListDone done;
    gpointer user_data;
} ListOp;

static void unanswered_free(gpointer data)
{
    Unanswered *one = data;
    g_free(one->visit_id);
    g_free(one->number);
    g_free(one->facility);
    g_free(one->clinic);
    g_free(one->doctor);
    g_free(one);
}

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    actor_copy_clear(&op->actor);
    g_ptr_array_unref(op->unanswered);
    g_free(op);
}

static Unanswered *read_unanswered(DbQuery *row)
{
    Unanswered *one = g_new0(Unanswered, 1);
    one->visit_id = db_column_dup(row, 0);
    one->number = db_column_dup(row, 1);
    one->facility = db_column_dup(row, 2);
    one->clinic = db_column_dup(row, 3);
    one->doctor = db_column_dup(row, 4);
    one->since_ms = db_column_int(row, 5);
    one->escalated_at_ms = db_column_int(row, 6);
    visit_way_parse(db_column_text(row, 7), &one->way);
    return one;
}

static bool find_other_doctor(OtherDoctor *other, DbQuery *row, const char **ret_why,
                              GError **error)
{
    const OtherDoctorVisit visit = {
        .clinic_id = db_column_text(row, 8),
        .facility_id = db_column_text(row, 9),
        .practitioner_id = db_column_int(row, 11) ? NULL : db_column_text(row, 10),
        .date = db_column_text(row, 12),
        .is_urgent = db_column_int(row, 13) != 0,
        .is_at_post = db_column_int(row, 14) != 0,
    };
    return other_doctor_find(other, &visit, ret_why, error);
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    const char *facility_id = NULL;
    QueueDays days;
    if (!check_reader(&op->actor.actor, &facility_id, error))
        return false;
    queue_days_now(op->scheduling, &days);
    DbQuery *rows = db_query(tx, "unanswered_escalated");
    db_bind_text(rows, 1, days.date);
    db_bind_text(rows, 2, facility_id);
    db_bind_text(rows, 3, days.before);
    g_autoptr(OtherDoctor) other = other_doctor_new(op->scheduling, tx);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        Unanswered *one = read_unanswered(rows);
        g_ptr_array_add(op->unanswered, one);
        if (!find_other_doctor(other, rows, &one->other_doctor_why, error))
            return false;
    }
    return step == DB_DONE;
}

static void on_list_done(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : op->unanswered, error, op->user_data);
}

void unanswered_list(Scheduling *scheduling, const Actor *actor, UnansweredListDone done,
                     gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->unanswered = g_ptr_array_new_with_free_func(unanswered_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, list_job, on_list_done, op, list_op_free);
}

static char *topic_of(DbTx *tx, const Actor *actor, const char *id, GError **error)
{
    (void)tx;
    (void)id;
    const char *facility_id = NULL;
    if (!check_reader(actor, &facility_id, error))
        return NULL;
    return g_strconcat(UNANSWERED_TOPIC, facility_id ? facility_id : UNANSWERED_ALL, NULL);
}

void unanswered_watch(Scheduling *scheduling, const Actor *actor, TokenIssuedDone done,
                      gpointer user_data)
{
    token_issue_topic(scheduling, NULL, topic_of, actor, done, user_data);
}
