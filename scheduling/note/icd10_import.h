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

/** Job data of icd10_import_job(). */
typedef struct {
    const char *text; /**< the file: UTF-8; a first line that is no diagnosis is its head */
    unsigned n_lines; /**< out: diagnoses read */
} Icd10Import;
/** A DbJobFunc: all of it or nothing. Known codes get the file's names and keep their everyday
 * words; none is removed. BASE_ERROR_INVALID names the first line that is none. */
bool icd10_import_job(DbTx *tx, gpointer data, GError **error);
