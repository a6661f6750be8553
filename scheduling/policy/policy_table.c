// SPDX-License-Identifier: Apache-2.0
#include "scheduling/policy/policy_table.h"

#include "scheduling/policy/policy_edit.h"

static const char *const columns[] = {"facility", "rule", "value", NULL};
static const char *const needs[] = {"rule", "value", NULL};
static const char inherited[] = "default";

static void append(GString *text, const char *facility, PolicyRule rule, int64_t value)
{
    g_autofree char *words = policy_value_text(rule, value);
    csv_append_cell(text, facility, true);
    csv_append_cell(text, policy_row(rule)->name, false);
    csv_append_cell(text, words, false);
    csv_append_end(text);
}

static bool write_overrides(const TableWork *work, GString *text, GError **error)
{
    DbQuery *rows = db_query(work->tx, "policy_overrides");
    PolicyRule rule;
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (policy_rule_parse(db_column_text(rows, 2), &rule))
            append(text, db_column_text(rows, 1), rule, db_column_int(rows, 3));
    }
    return step == DB_DONE;
}

static bool write_rows(const TableWork *work, GString *text, GError **error)
{
    PolicyView view;
    bool ok = policy_view_load(work->scheduling, work->tx, work->own_facility_id, &view, error);
    for (int i = 0; ok && i < POLICY_N_RULES; i++)
        append(text, view.facility, (PolicyRule)i, view.items[i].value);
    policy_view_clear(&view);
    return ok && (work->own_facility_id || write_overrides(work, text, error));
}

static bool read_row(const TableWork *work, const CsvRow *cells, PolicyPut *put, int64_t *ret_value,
                     FaultList *faults)
{
    const char *rule = table_cell(work->header, cells, "rule");
    const char *value = table_cell(work->header, cells, "value");
    table_check_width(work->header, cells, faults);
    if (!policy_rule_parse(rule, &put->rule)) {
        fault_list_add(faults, "rule", *rule ? "unknown" : "required", NULL);
        return false;
    }
    if (!*value)
        fault_list_add(faults, "value", "required", NULL);
    else if (g_ascii_strcasecmp(value, inherited) != 0 &&
             policy_value_parse(put->rule, value, "value", ret_value, faults))
        put->value = ret_value;
    return fault_list_length(faults) == 0;
}

static bool apply_row(const TableWork *work, const CsvRow *cells, GError **error)
{
    g_autoptr(FaultList) faults = fault_list_new();
    g_autofree char *facility_id = NULL;
    PolicyPut put = {0};
    int64_t value = 0;
    if (!table_job_facility(work, table_cell(work->header, cells, "facility"), &facility_id, faults,
                            error))
        return false;
    bool is_good = read_row(work, cells, &put, &value, faults);
    put.facility_id = facility_id;
    /* Two rows for one rule: the second would overwrite the first. */
    if (is_good && !g_hash_table_add(
                       work->seen, g_strjoin("\n", policy_row(put.rule)->name, facility_id, NULL)))
        fault_list_add(faults, "rule", "taken", NULL);
    if (fault_list_length(faults) > 0) {
        table_imported_faults(work->imported, cells->line, faults);
        return true;
    }
    bool changed;
    if (!policy_put(work->scheduling, work->tx, work->actor, &put, &changed, error))
        return false;
    work->imported->n_changed += changed;
    return true;
}

const TableKind policy_table = {columns, needs, apply_row, write_rows};
