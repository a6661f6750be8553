// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/directory_import.h"

#include <string.h>

#include "scheduling/clinic/directory_access.h"
#include "scheduling/clinic/directory_edit.h"
#include "scheduling/clinic/directory_table.h"
#include "scheduling/scheduling_private.h"

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    DirectoryKind kind;
    char *csv;
    bool is_trial;
    HoursKeep keep;
    TableImported imported;
    TableImportDone done;
    gpointer user_data;
} ImportOp;

static void import_op_free(gpointer data)
{
    ImportOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->csv);
    table_imported_clear(&op->imported);
    g_free(op);
}

static void add_faults(ImportOp *op, unsigned line, const FaultList *faults)
{
    for (unsigned i = 0; i < fault_list_length(faults); i++) {
        Fault fault = *fault_list_get(faults, i);
        /* A table has one column for all permits. */
        if (g_str_has_prefix(fault.field, "permits["))
            fault.field = (char *)"permits";
        if (strcmp(fault.code, "not_a_date") == 0)
            fault.allowed = (char *)table_date_forms;
        table_imported_fault(&op->imported, line, &fault);
    }
}

/* What went wrong with a row is a fault of its line; false for what is wrong with the engine. */
static bool take_refusal(ImportOp *op, unsigned line, const DirectoryEdited *edited,
                         const GError *refused)
{
    if (g_error_matches(refused, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS))
        add_faults(op, line, edited->faults);
    else if (g_error_matches(refused, SCHEDULING_ERROR, SCHEDULING_ERROR_BOOKINGS_HIT))
        table_imported_row_fault(&op->imported, line, "bookings_hit");
    else if (g_error_matches(refused, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND))
        table_imported_row_fault(&op->imported, line, "not_found");
    else
        return false;
    return true;
}

static bool apply_row(ImportOp *op, DbTx *tx, unsigned line, const DirectoryDraft *draft,
                      GError **error)
{
    DirectoryEdited edited;
    g_autoptr(GError) refused = NULL;
    directory_edited_init(&edited);
    bool ok =
        directory_apply(op->scheduling, tx, &op->actor.actor, draft, op->keep, &edited, &refused);
    table_imported_hits(&op->imported, edited.hits);
    if (ok && draft->id)
        op->imported.n_changed++;
    else if (ok)
        op->imported.n_added++;
    bool goes_on = ok || take_refusal(op, line, &edited, refused);
    directory_edited_clear(&edited);
    if (!goes_on)
        g_propagate_error(error, g_steal_pointer(&refused));
    return goes_on;
}

/* Two rows for one thing: the second would overwrite the first. */
static bool is_twice(GHashTable *seen, const DirectoryDraft *draft)
{
    const char *own = draft->id ? draft->id : draft->str_number;
    if (draft->kind != DIRECTORY_PRACTITIONER && !draft->id)
        own = draft->name;
    if (!own)
        return false;
    const char *place = draft->facility_id ? draft->facility_id : draft->terms.clinic_id;
    return !g_hash_table_add(seen, g_strjoin("\n", own, place, NULL));
}

static bool apply_rows(ImportOp *op, DbTx *tx, const CsvTable *table, const DirectoryView *view,
                       GError **error)
{
    DirectoryHeader header;
    g_autoptr(FaultList) names = fault_list_new();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const CsvRow *first = g_ptr_array_index(table->rows, 0);
    directory_table_header(op->kind, first, &header, names);
    add_faults(op, first->line, names);
    if (fault_list_length(names) > 0)
        return true;
    for (unsigned i = 1; i < table->rows->len; i++) {
        const CsvRow *row = g_ptr_array_index(table->rows, i);
        g_autoptr(FaultList) faults = fault_list_new();
        g_autoptr(DirectoryDraft) draft = directory_table_draft(&header, row, view, faults);
        if (is_twice(seen, draft))
            fault_list_add(faults, "", "taken", NULL);
        if (fault_list_length(faults) > 0)
            add_faults(op, row->line, faults);
        else if (!directory_table_has(view, draft) && !apply_row(op, tx, row->line, draft, error))
            return false;
    }
    return true;
}

static bool try_import(ImportOp *op, DbTx *tx, GError **error)
{
    const Actor *actor = &op->actor.actor;
    const char *facility_id = NULL;
    if (!directory_access(actor, &facility_id, error))
        return false;
    CsvTable table;
    DirectoryView view = {0};
    csv_table_init(&table);
    bool ok = true;
    if (table_read(op->csv, &table, &op->imported))
        ok = directory_view_load(tx, actor, &view, error) &&
             apply_rows(op, tx, &table, &view, error);
    csv_table_clear(&table);
    directory_view_clear(&view);
    return ok;
}

/* A trial, and a table with faults, are rolled back by failing. */
static bool import_job(DbTx *tx, gpointer data, GError **error)
{
    ImportOp *op = data;
    if (!try_import(op, tx, error))
        return false;
    if (op->is_trial || op->imported.faults->len > 0) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "tried and taken back");
        return false;
    }
    op->imported.is_saved = true;
    return true;
}

static void on_import_done(gpointer data, const GError *error)
{
    ImportOp *op = data;
    bool was_tried = g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS);
    op->imported.is_saved = !error;
    const HoursNews news = {.facility_id = op->actor.actor.facility_id};
    if (!error)
        hours_news_tell(op->scheduling, &news);
    op->done(&op->imported, was_tried ? NULL : error, op->user_data);
}

void directory_import(Scheduling *scheduling, const Actor *actor, DirectoryKind kind,
                      const TableGiven *given, TableImportDone done, gpointer user_data)
{
    ImportOp *op = g_new0(ImportOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->kind = kind;
    op->csv = g_strdup(given->csv);
    op->is_trial = given->is_trial;
    op->keep = given->keep;
    table_imported_init(&op->imported);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, import_job, on_import_done, op, import_op_free);
}
