// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/table_job.h"

#include "scheduling/clinic/directory_access.h"

typedef struct {
    Scheduling *scheduling;
    const TableKind *kind;
    ActorCopy actor;
    char *csv; /* read, or written */
    bool is_trial;
    HoursKeep keep;
    TableImported imported;
    TableCsvDone got;
    TableImportDone done;
    gpointer user_data;
} TableOp;

static void table_op_free(gpointer data)
{
    TableOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->csv);
    table_imported_clear(&op->imported);
    g_free(op);
}

static TableOp *table_op_new(Scheduling *scheduling, const TableKind *kind, const Actor *actor,
                             gpointer user_data)
{
    TableOp *op = g_new0(TableOp, 1);
    op->scheduling = scheduling;
    op->kind = kind;
    actor_copy_init(&op->actor, actor);
    table_imported_init(&op->imported);
    op->user_data = user_data;
    return op;
}

static bool begin(TableOp *op, DbTx *tx, TableWork *ret_work, GError **error)
{
    *ret_work = (TableWork){.scheduling = op->scheduling,
                            .tx = tx,
                            .actor = &op->actor.actor,
                            .imported = &op->imported,
                            .keep = op->keep};
    return directory_access(ret_work->actor, &ret_work->own_facility_id, error);
}

static bool get_job(DbTx *tx, gpointer data, GError **error)
{
    TableOp *op = data;
    TableWork work;
    if (!begin(op, tx, &work, error))
        return false;
    GString *text = g_string_new(NULL);
    table_append_columns(text, op->kind->columns);
    bool ok = op->kind->write(&work, text, error);
    op->csv = g_string_free(text, FALSE);
    return ok;
}

static void on_got(gpointer data, const GError *error)
{
    TableOp *op = data;
    op->got(error ? NULL : op->csv, error, op->user_data);
}

void table_job_get(Scheduling *scheduling, const TableKind *kind, const Actor *actor,
                   TableCsvDone done, gpointer user_data)
{
    TableOp *op = table_op_new(scheduling, kind, actor, user_data);
    op->got = done;
    db_read(scheduling->db, get_job, on_got, op, table_op_free);
}

static bool apply_rows(TableOp *op, TableWork *work, const CsvTable *table, GError **error)
{
    TableHeader header;
    g_autoptr(FaultList) names = fault_list_new();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const CsvRow *first = g_ptr_array_index(table->rows, 0);
    table_header_read(op->kind->columns, op->kind->needs, first, &header, names);
    table_imported_faults(&op->imported, first->line, names);
    if (fault_list_length(names) > 0)
        return true;
    work->header = &header;
    work->seen = seen;
    for (unsigned i = 1; i < table->rows->len; i++) {
        if (!op->kind->apply(work, g_ptr_array_index(table->rows, i), error))
            return false;
    }
    return true;
}

/* A trial, and a table with faults, are rolled back by failing. */
static bool import_job(DbTx *tx, gpointer data, GError **error)
{
    TableOp *op = data;
    TableWork work;
    if (!begin(op, tx, &work, error))
        return false;
    CsvTable table;
    csv_table_init(&table);
    bool ok = !table_read(op->csv, &table, &op->imported) || apply_rows(op, &work, &table, error);
    csv_table_clear(&table);
    if (!ok)
        return false;
    if (op->is_trial || op->imported.faults->len > 0) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "tried and taken back");
        return false;
    }
    return true;
}

static void on_imported(gpointer data, const GError *error)
{
    TableOp *op = data;
    bool was_tried = g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS);
    op->imported.is_saved = !error;
    const HoursNews news = {.facility_id = op->actor.actor.facility_id};
    if (!error)
        hours_news_tell(op->scheduling, &news);
    op->done(&op->imported, was_tried ? NULL : error, op->user_data);
}

void table_job_import(Scheduling *scheduling, const TableKind *kind, const Actor *actor,
                      const TableGiven *given, TableImportDone done, gpointer user_data)
{
    TableOp *op = table_op_new(scheduling, kind, actor, user_data);
    op->csv = g_strdup(given->csv);
    op->is_trial = given->is_trial;
    op->keep = given->keep;
    op->done = done;
    db_write(scheduling->db, import_job, on_imported, op, table_op_free);
}

bool table_job_facility(const TableWork *work, const char *name, char **ret_facility_id,
                        FaultList *faults, GError **error)
{
    const char *own = work->own_facility_id;
    if (!name || !*name) {
        *ret_facility_id = g_strdup(own);
        return true;
    }
    DbQuery *query = db_query(work->tx, "facility_by_name");
    db_bind_text(query, 1, name);
    DbStep step = db_step(query, error);
    if (step == DB_ROW)
        *ret_facility_id = db_column_dup(query, 0);
    db_reset(query);
    /* Another's facility is not told from none. */
    if (step == DB_DONE || (own && g_strcmp0(own, *ret_facility_id) != 0))
        fault_list_add(faults, "facility", "not_found", NULL);
    return step != DB_FAILED;
}
