// SPDX-License-Identifier: Apache-2.0
#include "scheduling/note/icd10_table.h"

#include <string.h>

#include "scheduling/note/icd10_import.h"

static const char *const columns[] = {"code", "term_id", "term_en", NULL};
static const char *const needs[] = {"code", NULL};

static bool check_actor(const Actor *actor, GError **error)
{
    if (actor->role == ACTOR_ADMIN)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "the diagnosis list is an administrator's");
    return false;
}

/* In. */

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *csv, *name;
    bool is_trial;
    TableImported imported;
    TableImportDone done;
    gpointer user_data;
} ImportOp;

static void import_op_free(gpointer data)
{
    ImportOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->csv);
    g_free(op->name);
    table_imported_clear(&op->imported);
    g_free(op);
}

/* One row while it is read; the terms are borrowed from the table. */
typedef struct {
    char code[ICD10_CODE_BYTES];
    const char *term_id, *term_en;
} Row;

static void check_term(const char *column, const char *term, FaultList *faults)
{
    g_autofree char *limits = g_strdup_printf("1..%d", ICD10_TERM_CHARS);
    if (!table_is_one_line(term))
        fault_list_add(faults, column, "bad_characters", NULL);
    else if (g_utf8_strlen(term, -1) > ICD10_TERM_CHARS)
        fault_list_add(faults, column, "too_long", limits);
}

static const char *cell_or_empty(const TableHeader *header, const CsvRow *cells, const char *column)
{
    const char *cell = table_cell(header, cells, column);
    return cell ? cell : "";
}

static void read_row(const TableHeader *header, const CsvRow *cells, GHashTable *seen, Row *row,
                     FaultList *faults)
{
    const char *code = cell_or_empty(header, cells, "code");
    row->term_id = cell_or_empty(header, cells, "term_id");
    row->term_en = cell_or_empty(header, cells, "term_en");
    table_check_width(header, cells, faults);
    if (!*code)
        fault_list_add(faults, "code", "required", NULL);
    else if (!icd10_code_parse(code, row->code))
        fault_list_add(faults, "code", "not_a_code", "A00, A00.0");
    else if (!g_hash_table_add(seen, g_strdup(row->code)))
        fault_list_add(faults, "code", "code_twice", NULL);
    if (!*row->term_id && !*row->term_en)
        fault_list_add(faults, "term_id", "required", NULL);
    check_term("term_id", row->term_id, faults);
    check_term("term_en", row->term_en, faults);
    if (!*row->term_id)
        row->term_id = row->term_en;
    if (!*row->term_en)
        row->term_en = row->term_id;
}

static bool apply_rows(ImportOp *op, DbTx *tx, const CsvTable *table, GError **error)
{
    TableHeader header;
    Icd10Counts counts = {0};
    g_autoptr(FaultList) names = fault_list_new();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const CsvRow *first = g_ptr_array_index(table->rows, 0);
    table_header_read(columns, needs, first, &header, names);
    table_imported_faults(&op->imported, first->line, names);
    if (fault_list_length(names) > 0)
        return true;
    for (unsigned i = 1; i < table->rows->len; i++) {
        const CsvRow *cells = g_ptr_array_index(table->rows, i);
        g_autoptr(FaultList) faults = fault_list_new();
        Row row = {0};
        read_row(&header, cells, seen, &row, faults);
        table_imported_faults(&op->imported, cells->line, faults);
        const Icd10Entry entry = {row.code, row.term_id, row.term_en, !op->is_trial};
        if (fault_list_length(faults) == 0 && !icd10_put(tx, &entry, &counts, error))
            return false;
    }
    op->imported.n_added = counts.n_added;
    op->imported.n_changed = counts.n_changed;
    return true;
}

static void read_csv(ImportOp *op, CsvTable *table)
{
    static const CsvLimits limits = {ICD10_TABLE_MAX_BYTES, ICD10_TABLE_MAX_ROWS};
    unsigned line = 1;
    CsvStatus status = csv_parse_within(op->csv, strlen(op->csv), &limits, table, &line);
    if (status == CSV_TOO_MANY_ROWS)
        table_imported_row_fault(&op->imported, line, "icd10_too_many_rows");
    else if (status != CSV_OK)
        table_imported_row_fault(&op->imported, line, csv_status_name(status));
    else if (table->rows->len < 2)
        table_imported_row_fault(&op->imported, 1, "too_few");
}

static bool keep(ImportOp *op, DbTx *tx, GError **error)
{
    const TableImported *imported = &op->imported;
    g_autofree char *what = g_strdup_printf("+%u ~%u", imported->n_added, imported->n_changed);
    const AuditedChange change = {"icd10.import", "icd10", "icd10", what};
    const Icd10Note note = {.at_ms = clock_wall_ms(op->scheduling->clock),
                            .user_id = op->actor.actor.user_id,
                            .name = op->name,
                            .counts = {imported->n_added, imported->n_changed}};
    return icd10_note_import(tx, &note, error) &&
           scheduling_audit_change(op->scheduling, tx, &op->actor.actor, &change, error);
}

/* A table with faults is rolled back by failing; a trial writes nothing. */
static bool import_job(DbTx *tx, gpointer data, GError **error)
{
    ImportOp *op = data;
    if (!check_actor(&op->actor.actor, error))
        return false;
    CsvTable table;
    csv_table_init(&table);
    read_csv(op, &table);
    bool ok = op->imported.faults->len > 0 || apply_rows(op, tx, &table, error);
    csv_table_clear(&table);
    if (!ok)
        return false;
    if (op->is_trial)
        return true;
    if (op->imported.faults->len == 0)
        return keep(op, tx, error);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "tried and taken back");
    return false;
}

static void on_imported(gpointer data, const GError *error)
{
    ImportOp *op = data;
    bool has_faults = g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS);
    op->imported.is_saved = !error && !op->is_trial;
    op->done(&op->imported, has_faults ? NULL : error, op->user_data);
}

void icd10_table_import(Scheduling *scheduling, const Actor *actor, const Icd10TableGiven *given,
                        TableImportDone done, gpointer user_data)
{
    ImportOp *op = g_new0(ImportOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->csv = g_strdup(given->csv);
    op->name = g_strdup(given->name ? given->name : "");
    op->is_trial = given->is_trial;
    table_imported_init(&op->imported);
    op->done = done;
    op->user_data = user_data;
    /* A trial keeps nobody waiting who writes. */
    if (given->is_trial)
        db_read(scheduling->db, import_job, on_imported, op, import_op_free);
    else
        db_write(scheduling->db, import_job, on_imported, op, import_op_free);
}

/* Out. */

typedef struct {
    ActorCopy actor;
    GString *csv;
    Icd10List list;
    char *name;
    TableCsvDone got;
    Icd10ListDone told;
    gpointer user_data;
} OutOp;

static void out_op_free(gpointer data)
{
    OutOp *op = data;
    actor_copy_clear(&op->actor);
    g_string_free(op->csv, TRUE);
    g_free(op->name);
    g_free(op);
}

static OutOp *out_op_new(const Actor *actor, gpointer user_data)
{
    OutOp *op = g_new0(OutOp, 1);
    actor_copy_init(&op->actor, actor);
    op->csv = g_string_new(NULL);
    op->user_data = user_data;
    return op;
}

static bool get_job(DbTx *tx, gpointer data, GError **error)
{
    OutOp *op = data;
    if (!check_actor(&op->actor.actor, error))
        return false;
    table_append_columns(op->csv, columns);
    DbQuery *rows = db_query(tx, "icd10_all");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        for (int i = 0; i < 3; i++)
            csv_append_cell(op->csv, db_column_text(rows, i), i == 0);
        csv_append_end(op->csv);
    }
    return step == DB_DONE;
}

static void on_got(gpointer data, const GError *error)
{
    OutOp *op = data;
    op->got(error ? NULL : op->csv->str, error, op->user_data);
}

void icd10_table_get(Scheduling *scheduling, const Actor *actor, TableCsvDone done,
                     gpointer user_data)
{
    OutOp *op = out_op_new(actor, user_data);
    op->got = done;
    db_read(scheduling->db, get_job, on_got, op, out_op_free);
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    OutOp *op = data;
    if (!check_actor(&op->actor.actor, error))
        return false;
    DbQuery *last = db_query(tx, "icd10_last_import");
    if (!scheduling_need_row(last, "diagnosis list", error))
        return false;
    op->name = db_column_dup(last, 1);
    op->list = (Icd10List){
        .at_ms = scheduling_column_int0(last, 0),
        .name = op->name,
        .n_codes = (unsigned)db_column_int(last, 2),
        .n_added = (unsigned)db_column_int(last, 3),
        .n_changed = (unsigned)db_column_int(last, 4),
    };
    db_reset(last);
    return true;
}

static void on_list(gpointer data, const GError *error)
{
    OutOp *op = data;
    op->told(error ? NULL : &op->list, error, op->user_data);
}

void icd10_list_get(Scheduling *scheduling, const Actor *actor, Icd10ListDone done,
                    gpointer user_data)
{
    OutOp *op = out_op_new(actor, user_data);
    op->told = done;
    db_read(scheduling->db, list_job, on_list, op, out_op_free);
}
