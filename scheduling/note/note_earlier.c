// SPDX-License-Identifier: Apache-2.0
/* The same patient's visits before this one. */
#include "scheduling/note/note_row.h"

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    GPtrArray *rows;
    NoteEarlierDone done;
    gpointer user_data;
} EarlierOp;

static void earlier_free(gpointer data)
{
    NoteEarlier *row = data;
    g_free(row->visit_id);
    g_free(row->facility);
    g_free(row->clinic);
    g_free(row->doctor);
    note_clear(&row->note);
    g_ptr_array_unref(row->addenda);
    g_free(row);
}

static void earlier_op_free(gpointer data)
{
    EarlierOp *op = data;
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    g_ptr_array_unref(op->rows);
    g_free(op);
}

static char *load_patient_id(DbTx *tx, const char *visit_id, GError **error)
{
    DbQuery *query = db_query(tx, "note_patient");
    db_bind_text(query, 1, visit_id);
    if (!scheduling_need_row(query, "patient", error))
        return NULL;
    char *id = db_column_dup(query, 0);
    db_reset(query);
    return id;
}

static bool load_visits(EarlierOp *op, DbTx *tx, const VisitRow *visit, const char *patient_id,
                        GError **error)
{
    DbQuery *rows = db_query(tx, "note_earlier");
    db_bind_text(rows, 1, patient_id);
    db_bind_text(rows, 2, visit->id);
    db_bind_int(rows, 3, visit->starts_at_ms);
    db_bind_int(rows, 4, NOTE_MAX_EARLIER);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        NoteEarlier *row = g_new0(NoteEarlier, 1);
        row->addenda = g_ptr_array_new_with_free_func(note_addendum_free);
        g_ptr_array_add(op->rows, row);
        row->visit_id = db_column_dup(rows, 0);
        row->starts_at_ms = db_column_int(rows, 1);
        visit_state_parse(db_column_text(rows, 2), &row->state);
        row->facility = db_column_dup(rows, 3);
        row->clinic = db_column_dup(rows, 4);
        row->doctor = db_column_dup(rows, 5);
    }
    return step == DB_DONE;
}

static bool earlier_job(DbTx *tx, gpointer data, GError **error)
{
    EarlierOp *op = data;
    const Actor *actor = &op->actor.actor;
    VisitRow visit;
    if (!note_visit_load(tx, op->visit_id, actor, &visit, error))
        return false;
    int refusal;
    if (!note_chart_refusal(op->scheduling, tx, &visit, &refusal, error))
        return false;
    if (refusal != -1) {
        g_set_error_literal(error, SCHEDULING_ERROR, refusal, "the chart is not open to the visit");
        return false;
    }
    g_autofree char *patient_id = load_patient_id(tx, visit.id, error);
    if (!patient_id || !load_visits(op, tx, &visit, patient_id, error))
        return false;
    for (unsigned i = 0; i < op->rows->len; i++) {
        NoteEarlier *row = op->rows->pdata[i];
        /* Each visit that is shown is a row of its own: who opened it must be found by it. */
        if (!note_row_load(tx, row->visit_id, &row->note, error) ||
            !note_row_load_addenda(tx, row->visit_id, row->addenda, error) ||
            !scheduling_audit(op->scheduling, tx, actor, "note.read", "visit", row->visit_id,
                              error))
            return false;
    }
    return scheduling_audit(op->scheduling, tx, actor, "patient.history", "patient", patient_id,
                            error);
}

static void on_earlier_done(gpointer data, const GError *error)
{
    EarlierOp *op = data;
    op->done(error ? NULL : op->rows, error, op->user_data);
}

void note_list_earlier(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                       NoteEarlierDone done, gpointer user_data)
{
    EarlierOp *op = g_new0(EarlierOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    op->rows = g_ptr_array_new_with_free_func(earlier_free);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, earlier_job, on_earlier_done, op, earlier_op_free);
}
