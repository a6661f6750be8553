// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/no_show.h"

#include "scheduling/booking/visit_row.h"
#include "scheduling/policy/policy.h"

/* So long a call may ring before it counts as not answered. */
static const int64_t answer_ms = (int64_t)2 * 60 * 1000;

typedef struct {
    Scheduling *scheduling;
    GPtrArray *boxes; /* ChangeBox */
    NoShowDone done;
    gpointer user_data;
} SweepOp;

static void sweep_op_free(gpointer data)
{
    SweepOp *op = data;
    g_ptr_array_unref(op->boxes);
    g_free(op);
}

static bool collect(DbQuery *rows, GPtrArray *ids, GError **error)
{
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW)
        g_ptr_array_add(ids, db_column_dup(rows, 0));
    return step == DB_DONE;
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
    if (!collect(never_came, ids, error))
        return false;
    DbQuery *silent = db_query(tx, "no_show_did_not_answer");
    db_bind_int(silent, 1, now_ms);
    db_bind_int(silent, 2, base.values[POLICY_NO_SHOW]);
    db_bind_int(silent, 3, now_ms - answer_ms);
    db_bind_int(silent, 4, NO_SHOW_MAX_AT_ONCE - ids->len);
    return collect(silent, ids, error);
}

static bool sweep_job(DbTx *tx, gpointer data, GError **error)
{
    SweepOp *op = data;
    const Actor system = {.role = ACTOR_SYSTEM};
    const VisitStep step = {
        .to = VISIT_STATE_NO_SHOW_PATIENT, .actor = &system, .detail = "automatic"};
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    if (!find_due(op, tx, ids, error))
        return false;
    for (unsigned i = 0; i < ids->len; i++) {
        VisitRow row;
        ChangeBox *box = g_new0(ChangeBox, 1);
        g_ptr_array_add(op->boxes, box);
        if (!visit_row_load(tx, ids->pdata[i], &row, error) ||
            !visit_set_state(op->scheduling, tx, &row, &step, box, error))
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

void no_show_sweep(Scheduling *scheduling, NoShowDone done, gpointer user_data)
{
    SweepOp *op = g_new0(SweepOp, 1);
    op->scheduling = scheduling;
    op->boxes = g_ptr_array_new_with_free_func(g_free);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, sweep_job, on_sweep_done, op, sweep_op_free);
}
