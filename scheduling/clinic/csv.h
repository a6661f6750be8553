// SPDX-License-Identifier: Apache-2.0
/* Tables as text (RFC 4180), as spreadsheets write and read them. Pure.
 *
 * Read: UTF-8 with or without its mark, lines ended by CRLF, LF or CR, cells divided by commas or
 * by the semicolons that spreadsheets write where the comma is the decimal sign: whichever of them
 * comes first outside of quotes in the first line. Written: commas, CRLF, with the mark, which
 * spreadsheets want before they take it for UTF-8.
 *
 * A cell that a spreadsheet would take for a formula is written behind an apostrophe, which is
 * taken away again when it is read. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* The longest cell that goes out is the clinics of who works in all that one may. */
enum { CSV_MAX_BYTES = 200 * 1024, CSV_MAX_ROWS = 500, CSV_MAX_COLUMNS = 20, CSV_MAX_CELL = 32000 };

typedef enum {
    CSV_OK = 0,
    CSV_NOT_TEXT,      /**< no UTF-8, or control characters */
    CSV_OPEN_QUOTE,    /**< a quoted cell does not end */
    CSV_STRAY_QUOTE,   /**< a quote within a cell that is not quoted, or text after one that is */
    CSV_TOO_MANY_ROWS, /**< or bytes */
    CSV_TOO_MANY_COLUMNS, /**< more than CSV_MAX_COLUMNS */
    CSV_TOO_LONG,         /**< a cell of more than CSV_MAX_CELL bytes */
} CsvStatus;
/** "csv_open_quote" ...: a code of server/base/fault.h. */
const char *csv_status_name(CsvStatus status);

typedef struct {
    unsigned line;    /**< on which the row begins, from 1 */
    GPtrArray *cells; /**< char *, blanks around them taken away */
} CsvRow;

typedef struct {
    GPtrArray *rows; /**< CsvRow; empty lines are left out */
} CsvTable;
void csv_table_init(CsvTable *table);
void csv_table_clear(CsvTable *table);

/** How much of a table is taken. */
typedef struct {
    size_t max_bytes;
    unsigned max_rows; /**< beside the first */
} CsvLimits;
/** As csv_parse(), of up to LIMITS. */
__attribute__((warn_unused_result)) CsvStatus csv_parse_within(const char *text, size_t size,
                                                               const CsvLimits *limits,
                                                               CsvTable *table, unsigned *ret_line);
/** Appends the rows of TEXT, CSV_MAX_BYTES and CSV_MAX_ROWS at most. *RET_LINE is where it went
 * wrong. */
__attribute__((warn_unused_result)) CsvStatus csv_parse(const char *text, size_t size,
                                                        CsvTable *table, unsigned *ret_line);

/** Appends a cell; IS_FIRST of its row. NULL is an empty one. */
void csv_append_cell(GString *text, const char *cell, bool is_first);
void csv_append_mark(GString *text);
void csv_append_end(GString *text);
