// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/no_show.h"

#include "scheduling/booking/counter.h"
#include "scheduling/booking/visit_row.h"
#include "scheduling/policy/policy.h"

/* So long a call may ring before it counts as not answered. */
static const int64_t answer_ms = (int64_t)2 * 60 * 1000;
/* A booking that the facility was to confirm and did not is booked after so long, and before when
 * its check-in opens: that nobody looked must not keep anybody from care. */
static const int64_t confirm_ms = (int64_t)2 * 60 * 60 * 1000;

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

static bool find_due(const SweepOp *op, DbTx *tx, GPtrArray *ids, GError **error)
{
    Policy base;
    policy_base(op->scheduling, &base);
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    DbQuery *never_came = db_query(tx, "no_show_never_came");
    db_bind_int(never_came, 1, now_ms);
    db_bind_int(never_came, 2, base.values[POLICY_OPEN_AFTER]);
    db_bind_int(never_came, 3, NO_SHOW_MAX_AT_ONCE);
    if (!db_collect(never_came, db_row_text, ids, error))
        return false;
    DbQuery *silent = db_query(tx, "no_show_did_not_answer");
    db_bind_int(silent, 1, now_ms);
    db_bind_int(silent, 2, base.values[POLICY_NO_SHOW]);
    db_bind_int(silent, 3, now_ms - answer_ms);
    db_bind_int(silent, 4, NO_SHOW_MAX_AT_ONCE - ids->len);
    return db_collect(silent, db_row_text, ids, error);
}

static bool bring_to(SweepOp *op, DbTx *tx, const char *visit_id, VisitState to, GError **error)
{
    const Actor system = {.role = ACTOR_SYSTEM};
    const VisitStep step = {.to = to, .actor = &system, .detail = "automatic"};
    VisitRow row;
    ChangeBox *box = g_new0(ChangeBox, 1);
    g_ptr_array_add(op->boxes, box);
    return visit_row_load(tx, visit_id, &row, error) &&
           visit_set_state(op->scheduling, tx, &row, &step, box, error);
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
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    if (!answer_requests(op, tx, error) || !counter_forget(op->scheduling, tx, error) ||
        !find_due(op, tx, ids, error))
        return false;
    for (unsigned i = 0; i < ids->len; i++) {
        if (!bring_to(op, tx, ids->pdata[i], VISIT_STATE_NO_SHOW_PATIENT, error))
            return false;
    }
    op->n_given_up = ids->len;
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
