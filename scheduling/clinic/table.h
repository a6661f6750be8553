// SPDX-License-Identifier: Apache-2.0
/* What all tables (CSV) that are taken in share: columns found by their names, faults by line and
 * column, and what came of it. What the rows mean is their owner's (directory_table, holiday_table,
 * server/staff_table). Pure; any thread. */
#pragma once
#include <stdbool.h>
#include "scheduling/clinic/csv.h"
#include "scheduling/clinic/hours_hit.h"
#include "server/base/fault.h"

typedef struct {
    unsigned line; /**< from 1, that of the column names */
    Fault fault;   /**< its field is the column; empty: the row, or the table */
} TableFault;

typedef struct {
    unsigned n_added,
        n_changed;            /**< rows that differ from what is count, of those without a fault */
    unsigned n_hit;           /**< bookings that rows leave without hours: kept when it is saved */
    unsigned n_told;          /**< of these, whose patients get a message */
    unsigned n_not_reachable; /**< of these, whose patients would, had they a mobile number */
    unsigned n_no_phone;      /**< and whose have no telephone at all */
    GPtrArray *hits;          /**< HoursHit, the first TABLE_MAX_HITS of them */
    GPtrArray *faults;        /**< TableFault, the first TABLE_MAX_FAULTS */
    bool is_saved;
} TableImported;

enum { TABLE_MAX_FAULTS = 100, TABLE_MAX_HITS = 100 };

void table_imported_init(TableImported *imported);
void table_imported_clear(TableImported *imported);
/** FAULT is copied. */
void table_imported_fault(TableImported *imported, unsigned line, const Fault *fault);
/** One of the row as a whole. */
void table_imported_row_fault(TableImported *imported, unsigned line, const char *code);
void table_imported_faults(TableImported *imported, unsigned line, const FaultList *faults);
/** Counts HITS (HoursHit) of one row and takes those that are kept out of it. */
void table_imported_hits(TableImported *imported, GPtrArray *hits);

/** IMPORTED is always given; it is not saved when there are faults. ERROR: it could not be tried.
 */
typedef void (*TableImportDone)(const TableImported *imported, const GError *error,
                                gpointer user_data);

/** Reads TEXT into TABLE: false, with a fault, unless there are column names. A table without a row
 * holds nothing. */
bool table_read(const char *text, CsvTable *table, TableImported *imported);

/** Where each column of a table stands; COLUMNS is borrowed. */
typedef struct {
    const char *const *columns;
    int at[CSV_MAX_COLUMNS]; /**< of COLUMNS; -1: not there */
    bool is_indonesian;      /**< a column has its Indonesian name */
} TableHeader;
/** Reads the first row: names as in COLUMNS, or in Indonesian. A fault for each of NEEDS that is
 * missing, and for each column that is not known or there twice. Both lists are NULL-ended, NEEDS a
 * part of COLUMNS. */
void table_header_read(const char *const *columns, const char *const *needs, const CsvRow *row,
                       TableHeader *ret_header, FaultList *faults);
/** The cell of a column, "" for one that the row is too short for; NULL when the table has no such
 * column. Borrowed from ROW. */
const char *table_cell(const TableHeader *header, const CsvRow *row, const char *column);
/** A fault when the row has more cells than there are columns. */
void table_check_width(const TableHeader *header, const CsvRow *row, FaultList *faults);

/** False when TEXT has line ends or other control characters, which a quoted cell may hold. */
bool table_is_one_line(const char *text);
/** "yes" "ya" "1" "true" and their opposites; *RET_YES stays as it is for an empty TEXT or NULL.
 * False for other words. */
bool table_yes_no(const char *text, bool *ret_yes);
/** What table_yes_no() takes, in the table's language: for Fault.allowed. */
const char *table_yes_no_words(const TableHeader *header);

/** The ways in which dates are taken, for Fault.allowed. */
extern const char table_date_forms[];
/** TEXT as "2027-08-17" when it is written 17/8/2027 or 17-08-2027, day first, as spreadsheets with
 * Indonesian settings do; everything else as it is. Not checked: the 31st of February comes out
 * likewise. The caller owns it. */
char *table_date(const char *text);

/** Writes the first line: the mark and the names of COLUMNS. */
void table_append_columns(GString *text, const char *const *columns);
