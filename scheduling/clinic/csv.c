// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/csv.h"

#include <string.h>

static const char mark[] = "\xef\xbb\xbf";
/* What spreadsheets begin formulas with; tab and line ends get them past a careless look. */
static const char formula_signs[] = "=+-@\t\r\n";

/* A formula, or one behind apostrophes that came so from somebody: each gets one more, and loses it
 * when it is read. */
static bool wants_mask(const char *cell)
{
    cell += strspn(cell, "'");
    return *cell && strchr(formula_signs, *cell);
}

const char *csv_status_name(CsvStatus status)
{
    switch (status) {
    case CSV_OK:
        return "csv_ok";
    case CSV_NOT_TEXT:
        return "csv_not_text";
    case CSV_OPEN_QUOTE:
        return "csv_open_quote";
    case CSV_STRAY_QUOTE:
        return "csv_stray_quote";
    case CSV_TOO_MANY_ROWS:
        return "csv_too_many_rows";
    case CSV_TOO_MANY_COLUMNS:
        return "csv_too_many_columns";
    case CSV_TOO_LONG:
        return "too_long";
    }
    g_assert_not_reached();
}

static void row_free(gpointer data)
{
    CsvRow *row = data;
    g_ptr_array_unref(row->cells);
    g_free(row);
}

void csv_table_init(CsvTable *table)
{
    table->rows = g_ptr_array_new_with_free_func(row_free);
}

void csv_table_clear(CsvTable *table)
{
    g_clear_pointer(&table->rows, g_ptr_array_unref);
}

typedef struct {
    const char *at, *end;
    char divider;
    unsigned line;
    GString *cell;
} Reader;

/* The first comma or semicolon of the first line that stands outside of quotes. */
static char find_divider(const char *text, const char *end)
{
    bool is_quoted = false;
    for (; text < end; text++) {
        if (*text == '"')
            is_quoted = !is_quoted;
        else if (!is_quoted && (*text == ',' || *text == ';'))
            return *text;
        else if (!is_quoted && (*text == '\n' || *text == '\r'))
            break;
    }
    return ',';
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* CRLF is one end of a line. */
static void skip_line_end(Reader *reader)
{
    if (reader->at < reader->end && *reader->at == '\r')
        reader->at++;
    else if (reader->at < reader->end && *reader->at == '\n') {
        reader->at++;
        reader->line++;
        return;
    } else {
        return;
    }
    if (reader->at < reader->end && *reader->at == '\n')
        reader->at++;
    reader->line++;
}

static CsvStatus read_quoted(Reader *reader)
{
    reader->at++;
    for (; reader->at < reader->end; reader->at++) {
        char c = *reader->at;
        if (c == '"') {
            if (reader->at + 1 >= reader->end || reader->at[1] != '"')
                break;
            reader->at++;
        }
        if (c == '\n')
            reader->line++;
        if (reader->cell->len >= CSV_MAX_CELL)
            return CSV_TOO_LONG;
        g_string_append_c(reader->cell, c);
    }
    if (reader->at >= reader->end)
        return CSV_OPEN_QUOTE;
    reader->at++;
    while (reader->at < reader->end && *reader->at == ' ')
        reader->at++;
    bool is_over =
        reader->at >= reader->end || *reader->at == reader->divider || is_line_end(*reader->at);
    return is_over ? CSV_OK : CSV_STRAY_QUOTE;
}

static CsvStatus read_plain(Reader *reader)
{
    for (; reader->at < reader->end; reader->at++) {
        char c = *reader->at;
        if (c == reader->divider || is_line_end(c))
            break;
        if (c == '"')
            return CSV_STRAY_QUOTE;
        if (reader->cell->len >= CSV_MAX_CELL)
            return CSV_TOO_LONG;
        g_string_append_c(reader->cell, c);
    }
    return CSV_OK;
}

/* Without the blanks around it, and without the apostrophe that csv_append_cell() puts before what
 * looks like a formula. */
static char *take_cell(Reader *reader)
{
    g_strstrip(reader->cell->str);
    const char *text = reader->cell->str;
    if (text[0] == '\'' && wants_mask(text + 1))
        text++;
    return g_strdup(text);
}

static CsvStatus read_row(Reader *reader, CsvRow *row)
{
    for (;;) {
        if (row->cells->len >= CSV_MAX_COLUMNS)
            return CSV_TOO_MANY_COLUMNS;
        g_string_truncate(reader->cell, 0);
        while (reader->at < reader->end && *reader->at == ' ')
            reader->at++;
        bool is_quoted = reader->at < reader->end && *reader->at == '"';
        CsvStatus status = is_quoted ? read_quoted(reader) : read_plain(reader);
        if (status != CSV_OK)
            return status;
        g_ptr_array_add(row->cells, take_cell(reader));
        if (reader->at >= reader->end || *reader->at != reader->divider)
            break;
        reader->at++;
    }
    skip_line_end(reader);
    return CSV_OK;
}

static bool is_empty(const CsvRow *row)
{
    for (unsigned i = 0; i < row->cells->len; i++) {
        if (*(const char *)g_ptr_array_index(row->cells, i))
            return false;
    }
    return true;
}

static CsvStatus read_rows(Reader *reader, unsigned max_rows, CsvTable *table)
{
    while (reader->at < reader->end) {
        CsvRow *row = g_new0(CsvRow, 1);
        row->line = reader->line;
        row->cells = g_ptr_array_new_with_free_func(g_free);
        CsvStatus status = read_row(reader, row);
        if (status == CSV_OK && !is_empty(row) && table->rows->len > max_rows)
            status = CSV_TOO_MANY_ROWS;
        /* The reader is behind the row. */
        if (status == CSV_TOO_MANY_ROWS)
            reader->line = row->line;
        if (status != CSV_OK || is_empty(row))
            row_free(row);
        else
            g_ptr_array_add(table->rows, row);
        if (status != CSV_OK)
            return status;
    }
    return CSV_OK;
}

static bool is_text(const char *text, size_t size)
{
    if (!g_utf8_validate_len(text, size, NULL))
        return false;
    for (size_t i = 0; i < size; i++) {
        bool is_space = text[i] == '\t' || is_line_end(text[i]);
        if (g_ascii_iscntrl(text[i]) && !is_space)
            return false;
    }
    return true;
}

CsvStatus csv_parse(const char *text, size_t size, CsvTable *table, unsigned *ret_line)
{
    static const CsvLimits limits = {CSV_MAX_BYTES, CSV_MAX_ROWS};
    return csv_parse_within(text, size, &limits, table, ret_line);
}

CsvStatus csv_parse_within(const char *text, size_t size, const CsvLimits *limits, CsvTable *table,
                           unsigned *ret_line)
{
    *ret_line = 1;
    if (size > limits->max_bytes)
        return CSV_TOO_MANY_ROWS;
    if (!is_text(text, size))
        return CSV_NOT_TEXT;
    bool has_mark = size >= sizeof mark - 1 && memcmp(text, mark, sizeof mark - 1) == 0;
    Reader reader = {
        .at = text + (has_mark ? sizeof mark - 1 : 0),
        .end = text + size,
        .line = 1,
        .cell = g_string_new(NULL),
    };
    reader.divider = find_divider(reader.at, reader.end);
    CsvStatus status = read_rows(&reader, limits->max_rows, table);
    *ret_line = reader.line;
    g_string_free(reader.cell, TRUE);
    return status;
}

void csv_append_mark(GString *text)
{
    g_string_append(text, mark);
}

void csv_append_cell(GString *text, const char *cell, bool is_first)
{
    if (!is_first)
        g_string_append_c(text, ',');
    if (!cell || !*cell)
        return;
    g_string_append_c(text, '"');
    if (wants_mask(cell))
        g_string_append_c(text, '\'');
    for (const char *c = cell; *c; c++) {
        if (*c == '"')
            g_string_append_c(text, '"');
        g_string_append_c(text, *c);
    }
    g_string_append_c(text, '"');
}

void csv_append_end(GString *text)
{
    g_string_append(text, "\r\n");
}
