// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/holiday_table.h"

#include <string.h>

#include "scheduling/clinic/holiday.h"
#include "scheduling/scheduling_private.h"

static const char *const columns[] = {"date", "name", "certain", "facility", NULL};
static const char *const needs[] = {"date", "name", "certain", NULL};

/* Out. */

static void append_row(GString *text, const Holiday *one)
{
    csv_append_cell(text, one->date, true);
    csv_append_cell(text, one->name, false);
    csv_append_cell(text, one->is_certain ? "yes" : "no", false);
    csv_append_cell(text, one->facility, false);
    csv_append_end(text);
}

static bool write_table(const TableWork *work, GString *text, GError **error)
{
    const Scheduling *scheduling = work->scheduling;
    const char *own = work->own_facility_id;
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(scheduling->clock), scheduling->zone, today);
    g_autofree char *from_date = g_strdup_printf("%.4s-01-01", today);
    const HolidayQuery query = {from_date, "9999-12-31", own, !own};
    g_autoptr(GPtrArray) holidays = g_ptr_array_new_with_free_func(holiday_free);
    if (!holiday_read(work->tx, &query, holidays, error))
        return false;
    for (unsigned i = 0; i < holidays->len; i++) {
        const Holiday *one = g_ptr_array_index(holidays, i);
        /* A coordinator sees the province's, too, but keeps its facility's. */
        if (!own || g_strcmp0(one->facility_id, own) == 0)
            append_row(text, one);
    }
    return true;
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

/* What read_certain() takes, in the table's language. An exported table has English columns
 * whoever fills it in, and the Indonesian page asks for "belum pasti". */
static const char *certain_words(const TableHeader *header)
{
    return header->is_indonesian ? "ya, pasti, belum pasti, tidak"
                                 : "yes, sure, unsure, no, belum pasti";
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
    char *date, *facility_id, *known_id; /* owned */
    bool is_same;                        /* it is there exactly so */
    FaultList *faults;
} Row;

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

static bool read_row(const TableWork *work, const CsvRow *cells, Row *row, GError **error)
{
    const TableHeader *header = work->header;
    row->date = table_date(table_cell(header, cells, "date"));
    row->holiday.date = row->date;
    row->holiday.name = table_cell(header, cells, "name");
    table_check_width(header, cells, row->faults);
    check_name(row->holiday.name, row->faults);
    if (!scheduling_date_is_valid(row->holiday.date))
        fault_list_add(row->faults, "date", "not_a_date", table_date_forms);
    if (!read_certain(table_cell(header, cells, "certain"), &row->holiday.is_certain))
        fault_list_add(row->faults, "certain", "not_allowed", certain_words(header));
    return table_job_facility(work, table_cell(header, cells, "facility"), &row->facility_id,
                              row->faults, error) &&
           find_known(work->tx, row, error);
}

static bool put_row(const TableWork *work, unsigned line, const Row *row, GError **error)
{
    HolidayEdited edited;
    g_autoptr(GError) refused = NULL;
    holiday_edited_init(&edited);
    bool ok = holiday_put(work->scheduling, work->tx, work->actor, &row->holiday, work->keep,
                          &edited, &refused);
    bool goes_on = true;
    table_imported_hits(work->imported, edited.hits);
    if (ok && row->holiday.id)
        work->imported->n_changed++;
    else if (ok)
        work->imported->n_added++;
    else if (g_error_matches(refused, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS))
        table_imported_faults(work->imported, line, edited.faults);
    else if (g_error_matches(refused, SCHEDULING_ERROR, SCHEDULING_ERROR_BOOKINGS_HIT))
        table_imported_row_fault(work->imported, line, "bookings_hit");
    else
        goes_on = false;
    holiday_edited_clear(&edited);
    if (!goes_on)
        g_propagate_error(error, g_steal_pointer(&refused));
    return goes_on;
}

static bool apply_row(const TableWork *work, const CsvRow *cells, GError **error)
{
    Row row = {.faults = fault_list_new()};
    bool ok = read_row(work, cells, &row, error);
    /* Two rows for one day: the second would overwrite the first. */
    if (ok &&
        !g_hash_table_add(work->seen, g_strjoin("\n", row.holiday.date, row.facility_id, NULL)))
        fault_list_add(row.faults, "date", "taken", NULL);
    if (ok && fault_list_length(row.faults) > 0)
        table_imported_faults(work->imported, cells->line, row.faults);
    else if (ok && !row.is_same)
        ok = put_row(work, cells->line, &row, error);
    fault_list_free(row.faults);
    g_free(row.date);
    g_free(row.facility_id);
    g_free(row.known_id);
    return ok;
}

const TableKind holiday_table = {
    .columns = columns,
    .needs = needs,
    .apply = apply_row,
    .write = write_table,
};
