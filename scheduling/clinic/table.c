// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/table.h"

#include <string.h>

static void table_fault_free(gpointer data)
{
    TableFault *fault = data;
    g_free(fault->fault.field);
    g_free(fault->fault.code);
    g_free(fault->fault.allowed);
    g_free(fault);
}

void table_imported_init(TableImported *imported)
{
    *imported = (TableImported){.faults = g_ptr_array_new_with_free_func(table_fault_free),
                                .hits = hours_hits_new()};
}

void table_imported_clear(TableImported *imported)
{
    g_clear_pointer(&imported->faults, g_ptr_array_unref);
    g_clear_pointer(&imported->hits, g_ptr_array_unref);
}

void table_imported_fault(TableImported *imported, unsigned line, const Fault *fault)
{
    if (imported->faults->len >= TABLE_MAX_FAULTS)
        return;
    TableFault *copy = g_new0(TableFault, 1);
    copy->line = line;
    copy->fault = (Fault){g_strdup(fault->field), g_strdup(fault->code), g_strdup(fault->allowed)};
    g_ptr_array_add(imported->faults, copy);
}

void table_imported_row_fault(TableImported *imported, unsigned line, const char *code)
{
    const Fault fault = {(char *)"", (char *)code, NULL};
    table_imported_fault(imported, line, &fault);
}

void table_imported_faults(TableImported *imported, unsigned line, const FaultList *faults)
{
    for (unsigned i = 0; i < fault_list_length(faults); i++)
        table_imported_fault(imported, line, fault_list_get(faults, i));
}

void table_imported_hits(TableImported *imported, GPtrArray *hits)
{
    imported->n_hit += hits->len;
    imported->n_told += hours_hits_told(hits);
    imported->n_not_reachable += hours_hits_not_reachable(hits);
    imported->n_no_phone += hours_hits_no_phone(hits);
    while (hits->len > 0 && imported->hits->len < TABLE_MAX_HITS)
        g_ptr_array_add(imported->hits, g_ptr_array_steal_index(hits, 0));
}

bool table_read(const char *text, CsvTable *table, TableImported *imported)
{
    unsigned line = 1;
    CsvStatus status = csv_parse(text, strlen(text), table, &line);
    if (status != CSV_OK)
        table_imported_row_fault(imported, line, csv_status_name(status));
    else if (table->rows->len < 1)
        table_imported_row_fault(imported, 1, "too_few");
    return imported->faults->len == 0;
}

static int index_of(const char *const *names, const char *name)
{
    for (int i = 0; names[i]; i++) {
        if (g_ascii_strcasecmp(names[i], name) == 0)
            return i;
    }
    return -1;
}

/* What a column is called in Indonesian. A word may stand for columns of different tables, never
 * for two of one. web/settings/csv_state.ts shows them. */
static const struct {
    const char *indonesian, *column;
} column_words[] = {
    {"nama", "name"},
    {"jenis", "kind"},
    {"kode_wilayah", "area_code"},
    {"alamat", "address"},
    {"telepon", "phone"},
    {"aktif", "active"},
    {"faskes", "facility"},
    {"huruf", "letter"},
    {"daftar_tunggu", "wait_mode"},
    {"nomor_str", "str_number"},
    {"str_sampai", "str_valid_until"},
    {"poli", "clinic"},
    {"poli", "clinics"},
    {"sip", "permits"},
    {"cara", "mode"},
    {"lama_menit", "duration_minutes"},
    {"jeda_sebelum", "before_minutes"},
    {"jeda_sesudah", "after_minutes"},
    {"biaya_rupiah", "price_rupiah"},
    {"tanggal", "date"},
    {"pasti", "certain"},
    {"nama_pengguna", "login"},
    {"peran", "role"},
    {"dokter", "practitioner"},
    {"wilayah", "area"},
    {"aturan", "rule"},
    {"nilai", "value"},
    {"bahasa", "lang"},
    {"teks", "text"},
    {"kode", "code"},
    {"istilah_id", "term_id"},
    {"istilah_en", "term_en"},
};

/* The column that NAME means, in either language; blanks are as good as underscores. */
static int column_of(const char *const *columns, const char *name, bool *is_indonesian)
{
    g_autofree char *word = g_strdelimit(g_strdup(name), " ", '_');
    int column = index_of(columns, word);
    for (size_t i = 0; column < 0 && i < G_N_ELEMENTS(column_words); i++) {
        if (g_ascii_strcasecmp(column_words[i].indonesian, word) == 0)
            column = index_of(columns, column_words[i].column);
        if (column >= 0)
            *is_indonesian = true;
    }
    return column;
}

void table_header_read(const char *const *columns, const char *const *needs, const CsvRow *row,
                       TableHeader *ret_header, FaultList *faults)
{
    *ret_header = (TableHeader){.columns = columns};
    for (int i = 0; i < CSV_MAX_COLUMNS; i++)
        ret_header->at[i] = -1;
    for (unsigned i = 0; i < row->cells->len; i++) {
        const char *name = g_ptr_array_index(row->cells, i);
        int column = column_of(columns, name, &ret_header->is_indonesian);
        if (column < 0)
            fault_list_add(faults, name, "unknown", NULL);
        else if (ret_header->at[column] >= 0)
            fault_list_add(faults, name, "taken", NULL);
        else
            ret_header->at[column] = (int)i;
    }
    for (unsigned i = 0; needs[i]; i++) {
        if (ret_header->at[index_of(columns, needs[i])] < 0)
            fault_list_add(faults, needs[i], "required", NULL);
    }
}

const char *table_cell(const TableHeader *header, const CsvRow *row, const char *column)
{
    int index = index_of(header->columns, column);
    int at = index < 0 ? -1 : header->at[index];
    if (at < 0)
        return NULL;
    return (unsigned)at < row->cells->len ? g_ptr_array_index(row->cells, at) : "";
}

void table_check_width(const TableHeader *header, const CsvRow *row, FaultList *faults)
{
    if (row->cells->len > g_strv_length((char **)header->columns))
        fault_list_add(faults, "", "too_many", NULL);
}

bool table_is_one_line(const char *text)
{
    for (const char *c = text; *c; c = g_utf8_next_char(c)) {
        if (g_unichar_iscntrl(g_utf8_get_char(c)))
            return false;
    }
    return true;
}

bool table_yes_no(const char *text, bool *ret_yes)
{
    static const char *const yes[] = {"yes", "ya", "1", "true", NULL};
    static const char *const no[] = {"no", "tidak", "0", "false", NULL};
    if (!text || !*text)
        return true;
    bool is_yes = index_of(yes, text) >= 0;
    if (!is_yes && index_of(no, text) < 0)
        return false;
    *ret_yes = is_yes;
    return true;
}

const char *table_yes_no_words(const TableHeader *header)
{
    return header->is_indonesian ? "ya, tidak, 1, 0" : "yes, no, true, false, 1, 0";
}

const char table_date_forms[] = "2027-08-17, 17/08/2027, 17-08-2027";

/* How many digits TEXT begins with. */
static size_t count_digits(const char *text)
{
    return strspn(text, "0123456789");
}

char *table_date(const char *text)
{
    size_t n_day = count_digits(text);
    char divider = text[n_day];
    if (n_day < 1 || n_day > 2 || (divider != '/' && divider != '-'))
        return g_strdup(text);
    const char *month = text + n_day + 1;
    size_t n_month = count_digits(month);
    if (n_month < 1 || n_month > 2 || month[n_month] != divider)
        return g_strdup(text);
    const char *year = month + n_month + 1;
    if (count_digits(year) != 4 || year[4])
        return g_strdup(text);
    return g_strdup_printf("%.4s-%s%.*s-%s%.*s", year, n_month == 1 ? "0" : "", (int)n_month, month,
                           n_day == 1 ? "0" : "", (int)n_day, text);
}

void table_append_columns(GString *text, const char *const *columns)
{
    csv_append_mark(text);
    for (unsigned i = 0; columns[i]; i++)
        csv_append_cell(text, columns[i], i == 0);
    csv_append_end(text);
}
