// SPDX-License-Identifier: Apache-2.0
/* Tables that somebody sends. Besides not crashing: what was read and is written comes back the
 * same, within the limits, and no cell that is written begins a formula. */
#include <stdint.h>
#include <string.h>

#include "scheduling/clinic/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static GString *write_table(const CsvTable *table)
{
    GString *text = g_string_new(NULL);
    csv_append_mark(text);
    for (unsigned i = 0; i < table->rows->len; i++) {
        const CsvRow *row = g_ptr_array_index(table->rows, i);
        g_assert(row->cells->len >= 1 && row->cells->len <= CSV_MAX_COLUMNS);
        for (unsigned c = 0; c < row->cells->len; c++) {
            gsize at = text->len + (c > 0);
            csv_append_cell(text, g_ptr_array_index(row->cells, c), c == 0);
            g_assert(text->len <= at + 1 || !strchr("=+-@\t\r\n", text->str[at + 1]));
        }
        csv_append_end(text);
    }
    return text;
}

static void check_same(const CsvTable *one, const CsvTable *other)
{
    g_assert(one->rows->len == other->rows->len);
    for (unsigned i = 0; i < one->rows->len; i++) {
        const CsvRow *left = g_ptr_array_index(one->rows, i);
        const CsvRow *right = g_ptr_array_index(other->rows, i);
        g_assert(left->cells->len == right->cells->len);
        for (unsigned c = 0; c < left->cells->len; c++)
            g_assert(
                strcmp(g_ptr_array_index(left->cells, c), g_ptr_array_index(right->cells, c)) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CsvTable table, again;
    unsigned line = 0;
    csv_table_init(&table);
    csv_table_init(&again);
    if (csv_parse((const char *)data, size, &table, &line) == CSV_OK) {
        g_autoptr(GString) text = write_table(&table);
        /* Masks make a cell longer than it was: at the limit it need not come back. */
        if (csv_parse(text->str, text->len, &again, &line) == CSV_OK)
            check_same(&table, &again);
    }
    g_assert(line >= 1);
    csv_table_clear(&table);
    csv_table_clear(&again);
    return 0;
}
