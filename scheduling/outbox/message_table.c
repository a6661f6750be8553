// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outbox/message_table.h"

#include <string.h>

#include "scheduling/outbox/message_edit.h"

static const char *const columns[] = {"facility", "kind", "lang", "text", NULL};
static const char *const needs[] = {"kind", "lang", "text", NULL};

static void append(GString *line, const char *facility, const char *const cells[3])
{
    csv_append_cell(line, facility, true);
    for (int i = 0; i < 3; i++)
        csv_append_cell(line, cells[i], false);
    csv_append_end(line);
}

static bool write_overrides(const TableWork *work, GString *text, GError **error)
{
    DbQuery *rows = db_query(work->tx, "message_overrides");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        const char *const cells[] = {db_column_text(rows, 1), db_column_text(rows, 2),
                                     db_column_text(rows, 3)};
        append(text, db_column_text(rows, 0), cells);
    }
    return step == DB_DONE;
}

static char *own_name(const TableWork *work, GError **error)
{
    DbQuery *row = db_query(work->tx, "facility_name");
    db_bind_text(row, 1, work->own_facility_id);
    if (!scheduling_need_row(row, "facility", error))
        return NULL;
    char *name = db_column_dup(row, 0);
    db_reset(row);
    return name;
}

static bool write_rows(const TableWork *work, GString *text, GError **error)
{
    const char *own = work->own_facility_id;
    g_autofree char *name = own ? own_name(work, error) : NULL;
    if (own && !name)
        return false;
    for (int i = 0; i < 2 * MESSAGE_N_KINDS; i++) {
        MessageText *one = message_text_find(work->tx, own, (MessageKind)(i / 2), i % 2, error);
        if (!one)
            return false;
        const char *const cells[] = {message_kind_name(one->kind), message_lang(one->is_english),
                                     one->text};
        append(text, name, cells);
        message_text_free(one);
    }
    return own || write_overrides(work, text, error);
}

static void read_row(const TableWork *work, const CsvRow *cells, MessageWish *wish,
                     FaultList *faults)
{
    const char *kind = table_cell(work->header, cells, "kind");
    const char *lang = table_cell(work->header, cells, "lang");
    const char *text = table_cell(work->header, cells, "text");
    table_check_width(work->header, cells, faults);
    wish->is_english = strcmp(lang, "en") == 0;
    if (!wish->is_english && strcmp(lang, "id") != 0)
        fault_list_add(faults, "lang", "not_allowed", "id|en");
    if (!message_kind_parse(kind, &wish->kind))
        fault_list_add(faults, "kind", *kind ? "unknown" : "required", NULL);
    else if (*text && message_check(wish->kind, text, "text", faults))
        wish->text = text;
}

static bool apply_row(const TableWork *work, const CsvRow *cells, GError **error)
{
    g_autoptr(FaultList) faults = fault_list_new();
    g_autofree char *facility_id = NULL;
    MessageWish wish = {0};
    if (!table_job_facility(work, table_cell(work->header, cells, "facility"), &facility_id, faults,
                            error))
        return false;
    read_row(work, cells, &wish, faults);
    wish.facility_id = facility_id;
    /* Two rows for one text: the second would overwrite the first. */
    if (fault_list_length(faults) == 0 &&
        !g_hash_table_add(work->seen, g_strjoin("\n", message_kind_name(wish.kind),
                                                message_lang(wish.is_english), facility_id, NULL)))
        fault_list_add(faults, "kind", "taken", NULL);
    if (fault_list_length(faults) > 0) {
        table_imported_faults(work->imported, cells->line, faults);
        return true;
    }
    bool changed;
    if (!message_put(work->scheduling, work->tx, work->actor, &wish, &changed, error))
        return false;
    work->imported->n_changed += changed;
    return true;
}

const TableKind message_table = {columns, needs, apply_row, write_rows};
