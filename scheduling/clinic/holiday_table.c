// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/holiday_table.h"

#include <string.h>

#include "scheduling/clinic/directory_access.h"
#include "scheduling/clinic/holiday.h"
#include "scheduling/scheduling_private.h"

static const char *const columns[] = {"date", "name", "certain", "facility", NULL};
static const char *const needs[] = {"date", "name", "certain", NULL};

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *csv; /* read, or written */
    bool is_trial;
    TableImported imported;
    HolidayTableDone got;
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

static TableOp *table_op_new(Scheduling *scheduling, const Actor *actor, gpointer user_data)
{
    TableOp *op = g_new0(TableOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    table_imported_init(&op->imported);
    op->user_data = user_data;
    return op;
}

/* Out. */

static char *write_table(const GPtrArray *holidays, const char *facility_id)
{
    GString *text = g_string_new(NULL);
    table_append_columns(text, columns);
    for (unsigned i = 0; i < holidays->len; i++) {
        const Holiday *one = g_ptr_array_index(holidays, i);
        /* A coordinator sees the province's, too, but keeps its facility's. */
        if (facility_id && g_strcmp0(one->facility_id, facility_id) != 0)
            continue;
        csv_append_cell(text, one->date, true);
        csv_append_cell(text, one->name, false);
        csv_append_cell(text, one->is_certain ? "yes" : "no", false);
        csv_append_cell(text, one->facility, false);
        csv_append_end(text);
    }
    return g_string_free(text, FALSE);
}

static bool get_job(DbTx *tx, gpointer data, GError **error)
{
    TableOp *op = data;
    const char *facility_id = NULL;
    if (!directory_access(&op->actor.actor, &facility_id, error))
        return false;
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, today);
    g_autofree char *from_date = g_strdup_printf("%.4s-01-01", today);
    const HolidayQuery query = {from_date, "9999-12-31", facility_id, !facility_id};
    g_autoptr(GPtrArray) holidays = g_ptr_array_new_with_free_func(holiday_free);
    if (!holiday_read(tx, &query, holidays, error))
        return false;
    op->csv = write_table(holidays, facility_id);
    return true;
}

static void on_got(gpointer data, const GError *error)
{
    TableOp *op = data;
    op->got(error ? NULL : op->csv, error, op->user_data);
}

void holiday_table_get(Scheduling *scheduling, const Actor *actor, HolidayTableDone done,
                       gpointer user_data)
{
    TableOp *op = table_op_new(scheduling, actor, user_data);
    op->got = done;
    db_read(scheduling->db, get_job, on_got, op, table_op_free);
}

/* In. */

/* "belum pasti" is what the pages call it. */
static bool read_certain(const char *text, bool *ret_certain)
{
    static const char *const open[] = {"belum pasti", "unsure", NULL};
    static const char *const sure[] = {"pasti", "sure", NULL};
    g_autofree char *folded = g_ascii_strdown(text, -1);
    bool is_open = g_strv_contains(open, folded);
    if (!is_open && !g_strv_contains(sure, folded))
        return *text && table_yes_no(text, ret_certain);
    *ret_certain = !is_open;
    return true;
}

static void check_name(const char *name, FaultList *faults)
{
    if (!*name)
        fault_list_add(faults, "name", "required", NULL);
    else if (!table_is_one_line(name))
        fault_list_add(faults, "name", "bad_characters", NULL);
    else if (g_utf8_strlen(name, -1) > HOLIDAY_NAME_CHARS)
        fault_list_add(faults, "name", "too_long", "1..80");
}

/* One row while it is read; what it says is borrowed from the table. */
typedef struct {
    HolidayNew holiday;
    char *facility_id, *known_id; /* owned */
    bool is_same;                 /* it is there exactly so */
    FaultList *faults;
} Row;

/* NULL without a fault: of the province. */
static bool find_facility(TableOp *op, DbTx *tx, const char *name, Row *row, GError **error)
{
    const Actor *actor = &op->actor.actor;
    const char *own = actor->role == ACTOR_ADMIN ? NULL : actor->facility_id;
    if (!name || !*name) {
        row->facility_id = g_strdup(own);
        return true;
    }
    DbQuery *query = db_query(tx, "facility_by_name");
    db_bind_text(query, 1, name);
    DbStep step = db_step(query, error);
    if (step == DB_ROW)
        row->facility_id = db_column_dup(query, 0);
    db_reset(query);
    /* Another's facility is not told from none. */
    if (step == DB_DONE || (own && g_strcmp0(own, row->facility_id) != 0))
        fault_list_add(row->faults, "facility", "not_found", NULL);
    return step != DB_FAILED;
}

static bool find_known(DbTx *tx, Row *row, GError **error)
{
    DbQuery *query = db_query(tx, "holiday_of_day");
    db_bind_text(query, 1, row->holiday.date);
    db_bind_text(query, 2, row->facility_id);
    DbStep step = db_step(query, error);
    if (step == DB_ROW) {
        row->known_id = db_column_dup(query, 0);
        row->is_same = strcmp(db_column_text(query, 1), row->holiday.name) == 0 &&
                       (db_column_int(query, 2) != 0) == row->holiday.is_certain;
        db_reset(query);
    }
    row->holiday.id = row->known_id;
    row->holiday.facility_id = row->facility_id;
    return step != DB_FAILED;
}

static bool read_row(TableOp *op, DbTx *tx, const TableHeader *header, const CsvRow *cells,
                     Row *row, GError **error)
{
    row->holiday.date = table_cell(header, cells, "date");
    row->holiday.name = table_cell(header, cells, "name");
    table_check_width(header, cells, row->faults);
    check_name(row->holiday.name, row->faults);
    if (!scheduling_date_is_valid(row->holiday.date))
        fault_list_add(row->faults, "date", "not_a_date", "YYYY-MM-DD");
    if (!read_certain(table_cell(header, cells, "certain"), &row->holiday.is_certain))
        fault_list_add(row->faults, "certain", "not_allowed", "yes, no");
    return find_facility(op, tx, table_cell(header, cells, "facility"), row, error) &&
           find_known(tx, row, error);
}

static bool put_row(TableOp *op, DbTx *tx, unsigned line, const Row *row, GError **error)
{
    HolidayEdited edited;
    g_autoptr(GError) refused = NULL;
    holiday_edited_init(&edited);
    bool ok =
        holiday_put(op->scheduling, tx, &op->actor.actor, &row->holiday, false, &edited, &refused);
    bool goes_on = true;
    if (ok && row->holiday.id)
        op->imported.n_changed++;
    else if (ok)
        op->imported.n_added++;
    else if (g_error_matches(refused, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS))
        table_imported_faults(&op->imported, line, edited.faults);
    else if (g_error_matches(refused, SCHEDULING_ERROR, SCHEDULING_ERROR_BOOKINGS_HIT))
        table_imported_row_fault(&op->imported, line, "bookings_hit");
    else
        goes_on = false;
    holiday_edited_clear(&edited);
    if (!goes_on)
        g_propagate_error(error, g_steal_pointer(&refused));
    return goes_on;
}

static bool apply_row(TableOp *op, DbTx *tx, const TableHeader *header, const CsvRow *cells,
                      GHashTable *seen, GError **error)
{
    Row row = {.faults = fault_list_new()};
    bool ok = read_row(op, tx, header, cells, &row, error);
    /* Two rows for one day: the second would overwrite the first. */
    if (ok && !g_hash_table_add(seen, g_strjoin("\n", row.holiday.date, row.facility_id, NULL)))
        fault_list_add(row.faults, "date", "taken", NULL);
    if (ok && fault_list_length(row.faults) > 0)
        table_imported_faults(&op->imported, cells->line, row.faults);
    else if (ok && !row.is_same)
        ok = put_row(op, tx, cells->line, &row, error);
    fault_list_free(row.faults);
    g_free(row.facility_id);
    g_free(row.known_id);
    return ok;
}

static bool apply_rows(TableOp *op, DbTx *tx, const CsvTable *table, GError **error)
{
    TableHeader header;
    g_autoptr(FaultList) names = fault_list_new();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const CsvRow *first = g_ptr_array_index(table->rows, 0);
    table_header_read(columns, needs, first, &header, names);
    table_imported_faults(&op->imported, first->line, names);
    if (fault_list_length(names) > 0)
        return true;
    for (unsigned i = 1; i < table->rows->len; i++) {
        if (!apply_row(op, tx, &header, g_ptr_array_index(table->rows, i), seen, error))
            return false;
    }
    return true;
}

/* A trial, and a table with faults, are rolled back by failing. */
static bool import_job(DbTx *tx, gpointer data, GError **error)
{
    TableOp *op = data;
    const char *facility_id = NULL;
    if (!directory_access(&op->actor.actor, &facility_id, error))
        return false;
    CsvTable table;
    csv_table_init(&table);
    bool ok = !table_read(op->csv, &table, &op->imported) || apply_rows(op, tx, &table, error);
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
    op->done(&op->imported, was_tried ? NULL : error, op->user_data);
}

void holiday_table_import(Scheduling *scheduling, const Actor *actor, const char *csv,
                          bool is_trial, TableImportDone done, gpointer user_data)
{
    TableOp *op = table_op_new(scheduling, actor, user_data);
    op->csv = g_strdup(csv);
    op->is_trial = is_trial;
    op->done = done;
    db_write(scheduling->db, import_job, on_imported, op, table_op_free);
}
