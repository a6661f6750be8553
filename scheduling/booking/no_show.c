// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/no_show.h"

#include "scheduling/booking/counter.h"
#include "scheduling/booking/visit_row.h"
#include "scheduling/clinic/hours_kept.h"
#include "scheduling/job/heartbeat.h"
#include "scheduling/outbox/notification.h"
#include "scheduling/policy/policy.h"

/* So long a call may ring before it counts as not answered. */
static const int64_t answer_ms = (int64_t)2 * 60 * 1000;
/* A booking that the facility was to confirm and did not is booked after so long, and before when
 * its check-in opens: that nobody looked must not keep anybody from care. */
static const int64_t confirm_ms = (int64_t)2 * 60 * 60 * 1000;
/* From so long before the start on who means to come opens the page. */
static const int64_t arrive_ms = (int64_t)10 * 60 * 1000;
static const Actor system_actor = {.role = ACTOR_SYSTEM};

typedef struct {
    Scheduling *scheduling;
    GPtrArray *boxes; /* ChangeBox */
    unsigned n_given_up;
    NoShowDone done;
    gpointer user_data;
} SweepOp;

static void sweep_op_free(gpointer data)
{
    SweepOp *op = data;
    g_ptr_array_unref(op->boxes);
    g_free(op);
}

static bool find_never_came(const SweepOp *op, DbTx *tx, GPtrArray *ids, GError **error)
{
    Policy base;
    policy_base(op->scheduling, &base);
    DbQuery *never_came = db_query(tx, "no_show_never_came");
    db_bind_int(never_came, 1, clock_wall_ms(op->scheduling->clock));
    db_bind_int(never_came, 2, base.values[POLICY_OPEN_AFTER]);
    db_bind_int(never_came, 3, NO_SHOW_MAX_AT_ONCE);
    return db_collect(never_came, db_row_text, ids, error);
}

static bool find_silent(const SweepOp *op, DbTx *tx, unsigned n_most, GPtrArray *ids,
                        GError **error)
{
    Policy base;
    policy_base(op->scheduling, &base);
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    DbQuery *silent = db_query(tx, "no_show_did_not_answer");
    db_bind_int(silent, 1, now_ms);
    db_bind_int(silent, 2, base.values[POLICY_NO_SHOW]);
    db_bind_int(silent, 3, now_ms - answer_ms);
    db_bind_int(silent, 4, n_most);
    return db_collect(silent, db_row_text, ids, error);
}

static bool step_to(SweepOp *op, DbTx *tx, VisitRow *row, const VisitStep *step, GError **error)
{
    ChangeBox *box = g_new0(ChangeBox, 1);
    g_ptr_array_add(op->boxes, box);
    return visit_set_state(op->scheduling, tx, row, step, box, error);
}

static bool bring_to(SweepOp *op, DbTx *tx, const char *visit_id, VisitState to, GError **error)
{
    const VisitStep step = {.to = to, .actor = &system_actor, .detail = "automatic"};
    VisitRow row;
    return visit_row_load(tx, visit_id, &row, error) && step_to(op, tx, &row, &step, error);
}

/* Why nobody was there is not always the patient: whom nobody could see was told not to come, and
 * who found no program running could not come in. */
static bool judge_absence(const SweepOp *op, DbTx *tx, const VisitRow *row, VisitStep *ret_step,
                          GError **error)
{
    int64_t hit_at_ms = 0;
    bool was_off = false;
    if (!hours_kept_at_start(op->scheduling, tx, row->id, &hit_at_ms, error) ||
        !heartbeat_was_off(tx, row->starts_at_ms - arrive_ms, row->ends_at_ms, &was_off, error))
        return false;
    *ret_step = (VisitStep){
        .to = VISIT_STATE_NO_SHOW_PATIENT, .actor = &system_actor, .detail = "automatic"};
    if (hit_at_ms) {
        ret_step->to = VISIT_STATE_NO_SHOW_DOCTOR;
        ret_step->detail = "no_place";
    } else if (was_off) {
        ret_step->to = VISIT_STATE_TECH_FAILED;
        ret_step->detail = "program_off";
    }
    return true;
}

static bool end_absent(SweepOp *op, DbTx *tx, const char *visit_id, GError **error)
{
    VisitRow row;
    VisitStep step;
    if (!visit_row_load(tx, visit_id, &row, error) || !judge_absence(op, tx, &row, &step, error) ||
        !step_to(op, tx, &row, &step, error))
        return false;
    if (row.state != VISIT_STATE_TECH_FAILED)
        return true;
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    const NewNotification entry = {row.id, NOTIFICATION_MISSED, row.starts_at_ms, now_ms};
    return notification_add(tx, &entry, now_ms, error);
}

/* Those that nobody confirmed in time; one whose own time is over by then is nobody's absence. */
static bool answer_requests(SweepOp *op, DbTx *tx, GError **error)
{
    Policy base;
    policy_base(op->scheduling, &base);
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(int64_t));
    DbQuery *rows = db_query(tx, "request_unanswered");
    db_bind_int(rows, 1, now_ms - confirm_ms);
    db_bind_int(rows, 2, now_ms);
    db_bind_int(rows, 3, base.values[POLICY_OPEN_BEFORE]);
    db_bind_int(rows, 4, NO_SHOW_MAX_AT_ONCE);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        int64_t ends_at_ms = db_column_int(rows, 1);
        g_ptr_array_add(ids, db_column_dup(rows, 0));
        g_array_append_val(ends, ends_at_ms);
    }
    for (unsigned i = 0; step == DB_DONE && i < ids->len; i++) {
        bool is_over = g_array_index(ends, int64_t, i) < now_ms;
        VisitState to = is_over ? VISIT_STATE_CANCELLED_SYSTEM : VISIT_STATE_BOOKED;
        if (!bring_to(op, tx, ids->pdata[i], to, error))
            return false;
    }
    return step == DB_DONE;
}

static bool sweep_job(DbTx *tx, gpointer data, GError **error)
{
    SweepOp *op = data;
    g_autoptr(GPtrArray) absent = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) silent = g_ptr_array_new_with_free_func(g_free);
    if (!heartbeat_beat(tx, clock_wall_ms(op->scheduling->clock), error) ||
        !answer_requests(op, tx, error) || !counter_forget(op->scheduling, tx, error) ||
        !find_never_came(op, tx, absent, error) ||
        !find_silent(op, tx, NO_SHOW_MAX_AT_ONCE - absent->len, silent, error))
        return false;
    for (unsigned i = 0; i < absent->len; i++) {
        if (!end_absent(op, tx, absent->pdata[i], error))
            return false;
    }
    for (unsigned i = 0; i < silent->len; i++) {
        if (!bring_to(op, tx, silent->pdata[i], VISIT_STATE_NO_SHOW_PATIENT, error))
            return false;
    }
    op->n_given_up = absent->len + silent->len;
    return true;
}

static void on_sweep_done(gpointer data, const GError *error)
{
    SweepOp *op = data;
    for (unsigned i = 0; !error && i < op->boxes->len; i++)
        scheduling_notify(op->scheduling, op->boxes->pdata[i]);
    op->done(error ? 0 : op->n_given_up, error, op->user_data);
}

void no_show_sweep(Scheduling *scheduling, NoShowDone done, gpointer user_data)
{
    SweepOp *op = g_new0(SweepOp, 1);
    op->scheduling = scheduling;
    op->boxes = g_ptr_array_new_with_free_func(g_free);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, sweep_job, on_sweep_done, op, sweep_op_free);
}
