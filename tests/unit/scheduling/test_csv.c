// SPDX-License-Identifier: Apache-2.0
/* Tables as text: what spreadsheets write, what is no table, and cells that look like formulas. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/clinic/csv.h"

/* "line:cell|cell;line:..." of what was read, or the status and its line. */
static char *read_text(const char *text)
{
    CsvTable table;
    unsigned line = 0;
    GString *words = g_string_new(NULL);
    csv_table_init(&table);
    CsvStatus status = csv_parse(text, strlen(text), &table, &line);
    if (status != CSV_OK)
        g_string_append_printf(words, "%s at %u", csv_status_name(status), line);
    for (unsigned i = 0; status == CSV_OK && i < table.rows->len; i++) {
        const CsvRow *row = g_ptr_array_index(table.rows, i);
        g_string_append_printf(words, "%s%u:", i ? ";" : "", row->line);
        for (unsigned c = 0; c < row->cells->len; c++)
            g_string_append_printf(words, "%s%s", c ? "|" : "",
                                   (const char *)g_ptr_array_index(row->cells, c));
    }
    csv_table_clear(&table);
    return g_string_free(words, FALSE);
}

static void expect(const char *text, const char *expected)
{
    g_autofree char *got = read_text(text);
    assert_string_equal(got, expected);
}

static void test_what_spreadsheets_write(void **state)
{
    (void)state;
    expect("", "");
    expect("a,b\r\n1,2\r\n", "1:a|b;2:1|2");
    expect("a;b\n1,5;2", "1:a|b;2:1,5|2");
    expect("a,b\r1,2\r", "1:a|b;2:1|2");
    expect("\xef\xbb\xbf"
           "a,b\n",
           "1:a|b");
    expect("\"a,b\";c\n", "1:a,b|c");
    expect(" a , \"b\" ,c\n", "1:a|b|c");
    expect("\"say \"\"hi\"\"\",x", "1:say \"hi\"|x");
    expect("a\n\n,,\n \nb", "1:a;5:b");
    expect("\"two\nlines\",x\ny", "1:two\nlines|x;3:y");
    expect("a,\n,b", "1:a|;2:|b");
    expect("\"\"", "");
}

static void test_what_is_no_table(void **state)
{
    (void)state;
    expect("a\n\"b", "csv_open_quote at 2");
    expect("a\nb\"c", "csv_stray_quote at 2");
    expect("\"a\"b", "csv_stray_quote at 1");
    expect("a\x01", "csv_not_text at 1");
    expect("\xff\xfe"
           "a",
           "csv_not_text at 1");
    g_autofree char *wide = g_strnfill(CSV_MAX_COLUMNS, ',');
    expect(wide, "csv_too_many_columns at 1");
    g_autofree char *longest = g_strnfill(CSV_MAX_CELL, 'x');
    g_autofree char *longer = g_strnfill(CSV_MAX_CELL + 1, 'x');
    g_autofree char *fits = read_text(longest);
    assert_int_equal(strlen(fits), CSV_MAX_CELL + 2);
    expect(longer, "too_long at 1");
    g_autofree char *quoted = g_strdup_printf("\"%s\"", longer);
    expect(quoted, "too_long at 1");
    g_autoptr(GString) many = g_string_new(NULL);
    for (int i = 0; i < CSV_MAX_ROWS + 1; i++)
        g_string_append(many, "x\n");
    g_autofree char *full = read_text(many->str);
    assert_true(g_str_has_prefix(full, "1:x;"));
    g_string_append(many, "x\n");
    g_autofree char *over = read_text(many->str);
    assert_true(g_str_has_prefix(over, "csv_too_many_rows at 502"));
    g_autofree char *heavy = g_strnfill(CSV_MAX_BYTES + 1, '\n');
    expect(heavy, "csv_too_many_rows at 1");
}

/* What comes back is what went out; no spreadsheet takes a cell for a formula. */
static void test_cells_come_back_and_are_no_formulas(void **state)
{
    (void)state;
    const char *cells[] = {"=1+1",  "+62812", "-5",    "@SUM(A1)",          "'=x", "'''-x", "'apa",
                           "a,b;c", "\"",     "biasa", "=cmd|' /C calc'!A0"};
    for (unsigned i = 0; i < G_N_ELEMENTS(cells); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        csv_append_mark(text);
        csv_append_cell(text, cells[i], true);
        csv_append_cell(text, "x", false);
        csv_append_end(text);
        assert_null(strchr("=+-@", text->str[4])); /* behind mark and quote */
        g_autofree char *expected = g_strdup_printf("1:%s|x", cells[i]);
        g_autofree char *got = read_text(text->str);
        assert_string_equal(got, expected);
    }
    g_autoptr(GString) nothing = g_string_new(NULL);
    csv_append_cell(nothing, NULL, true);
    csv_append_cell(nothing, "", false);
    assert_string_equal(nothing->str, ",");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_spreadsheets_write),
        cmocka_unit_test(test_what_is_no_table),
        cmocka_unit_test(test_cells_come_back_and_are_no_formulas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
