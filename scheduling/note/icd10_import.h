// SPDX-License-Identifier: Apache-2.0
/* The whole diagnosis list from a file: lines of code, English and Indonesian name, separated by
 * semicolons or commas, quoted where they must be. */
#pragma once
#include "scheduling/note/icd10.h"

typedef struct {
    char code[ICD10_CODE_BYTES];
    char *name_en, *name_id;
} Icd10Line;
void icd10_line_clear(Icd10Line *line);
/** Pure. False when TEXT (without its line end) is no such line; an Indonesian name that is missing
 * or empty is the English one. "a009" is A00.9. */
bool icd10_line_parse(const char *text, Icd10Line *ret_line);

/** Pure. A letter, two digits or letters, and after a dot up to two more; "a009" is A00.9. */
bool icd10_code_parse(const char *text, char ret_code[ICD10_CODE_BYTES]);

typedef struct {
    unsigned n_added, n_changed;
} Icd10Counts;
typedef struct {
    const char *code, *name_id, *name_en;
    bool is_kept; /**< else it is only counted, which a job that reads may do */
} Icd10Entry;
/** Inside a job: adds ENTRY, or changes the names of its code, and counts what differs. */
bool icd10_put(DbTx *tx, const Icd10Entry *entry, Icd10Counts *counts, GError **error);

typedef struct {
    int64_t at_ms;
    const char *user_id, *name; /**< NULL and "": by the command line */
    Icd10Counts counts;
} Icd10Note;
/** Inside a job, after all of them: the search finds them, and the list's history has a row. */
bool icd10_note_import(DbTx *tx, const Icd10Note *note, GError **error);

/** Job data of icd10_import_job(). */
typedef struct {
    const char *text; /**< the file: UTF-8; a first line that is no diagnosis is its head */
    int64_t now_ms;
    unsigned n_lines; /**< out: diagnoses read */
} Icd10Import;
/** A DbJobFunc: all of it or nothing, and an audit row of the command line's. Known codes get the
 * file's names and keep their everyday words; none is removed. BASE_ERROR_INVALID names the first
 * line that is none. */
bool icd10_import_job(DbTx *tx, gpointer data, GError **error);
