// SPDX-License-Identifier: Apache-2.0
/* What nobody has answered in time, and attachments that belong to nothing. */
#include "scheduling/consult/consult_row.h"

static const int64_t hour_ms = (int64_t)60 * 60 * 1000;
static const Actor system_actor = {.role = ACTOR_SYSTEM};

typedef struct {
    Scheduling *scheduling;
    bool has_work;
    unsigned n_late, n_dropped;
    GPtrArray *concerned;
    ConsultSwept done;
    gpointer user_data;
} SweepOp;

static void sweep_op_free(gpointer data)
{
    SweepOp *op = data;
    g_ptr_array_unref(op->concerned);
    g_free(op);
}

static SweepOp *sweep_op_new(Scheduling *scheduling, ConsultSwept done, gpointer user_data)
{
    SweepOp *op = g_new0(SweepOp, 1);
    op->scheduling = scheduling;
    op->concerned = consult_concerned_new();
    op->done = done;
    op->user_data = user_data;
    return op;
}

/* Ids of the statement NAME up to UNTIL_MS. */
static GPtrArray *find(DbTx *tx, const char *name, int64_t until_ms, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(tx, name);
    db_bind_int(rows, 1, until_ms);
    db_bind_int(rows, 2, CONSULT_SWEEP_MAX);
    return db_collect(rows, db_row_text, ids, error) ? g_steal_pointer(&ids) : NULL;
}

static GPtrArray *find_late(SweepOp *op, DbTx *tx, GError **error)
{
    return find(tx, "consult_overdue", clock_wall_ms(op->scheduling->clock), error);
}

static GPtrArray *find_loose(SweepOp *op, DbTx *tx, GError **error)
{
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    return find(tx, "consult_attachment_old", now_ms - CONSULT_LOOSE_HOURS * hour_ms, error);
}

static bool escalate(SweepOp *op, DbTx *tx, const char *consult_id, GError **error)
{
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    ConsultRow row;
    DbQuery *query = db_query(tx, "consult_escalate");
    db_bind_text(query, 1, consult_id);
    db_bind_int(query, 2, now_ms);
    if (!db_exec(query, error))
        return false;
    if (db_changes(tx) != 1)
        return true;
    op->n_late++;
    return consult_row_load(tx, consult_id, &row, error) &&
           consult_concern(tx, &row, true, op->concerned, error) &&
           consult_row_add_step(tx, consult_id, "escalated", now_ms, NULL, error) &&
           consult_outbox(tx, consult_id, "consult.overdue", now_ms, error) &&
           scheduling_audit(op->scheduling, tx, &system_actor, "consult.escalate", "consult",
                            consult_id, error);
}

static bool drop(SweepOp *op, DbTx *tx, const char *attachment_id, GError **error)
{
    DbQuery *query = db_query(tx, "consult_attachment_delete");
    db_bind_text(query, 1, attachment_id);
    op->n_dropped++;
    return db_exec(query, error) &&
           scheduling_audit(op->scheduling, tx, &system_actor, "consult.attachment_drop",
                            "consult_attachment", attachment_id, error);
}

static bool sweep_job(DbTx *tx, gpointer data, GError **error)
{
    SweepOp *op = data;
    g_autoptr(GPtrArray) late = find_late(op, tx, error);
    g_autoptr(GPtrArray) loose = late ? find_loose(op, tx, error) : NULL;
    if (!loose)
        return false;
    for (unsigned i = 0; i < late->len; i++) {
        if (!escalate(op, tx, late->pdata[i], error))
            return false;
    }
    for (unsigned i = 0; i < loose->len; i++) {
        if (!drop(op, tx, loose->pdata[i], error))
            return false;
    }
    return true;
}

static bool look_job(DbTx *tx, gpointer data, GError **error)
{
    SweepOp *op = data;
    g_autoptr(GPtrArray) late = find_late(op, tx, error);
    g_autoptr(GPtrArray) loose = late ? find_loose(op, tx, error) : NULL;
    op->has_work = loose && late->len + loose->len > 0;
    return loose != NULL;
}

static void on_swept(gpointer data, const GError *error)
{
    SweepOp *op = data;
    bool more = op->n_late == CONSULT_SWEEP_MAX || op->n_dropped == CONSULT_SWEEP_MAX;
    if (!error)
        consult_tell(op->scheduling, op->concerned);
    op->done(error ? 0 : op->n_late, !error && more, error, op->user_data);
}

static void on_looked(gpointer data, const GError *error)
{
    SweepOp *op = data;
    if (error || !op->has_work) {
        op->done(0, false, error, op->user_data);
        return;
    }
    db_write(op->scheduling->db, sweep_job, on_swept,
             sweep_op_new(op->scheduling, op->done, op->user_data), sweep_op_free);
}

void consult_sweep(Scheduling *scheduling, ConsultSwept done, gpointer user_data)
{
    db_read(scheduling->db, look_job, on_looked, sweep_op_new(scheduling, done, user_data),
            sweep_op_free);
}
