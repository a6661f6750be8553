// SPDX-License-Identifier: Apache-2.0
/* The diagnosis list: search by code or by words. Reference data, no patient's. Threads: see
 * scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"

enum { ICD10_CODE_BYTES = 8, ICD10_SEARCH_MAX = 20 };

typedef struct {
    char code[ICD10_CODE_BYTES]; /**< "E11.9" */
    char *name_id, *name_en;
    char *chapter_id, *chapter_en; /**< NULL: in no chapter */
} Icd10;

/** ROWS holds Icd10, the best first. */
typedef void (*Icd10Done)(GPtrArray *rows, const GError *error, gpointer user_data);
/** TEXT that begins as a code does ("e11", "J06.") finds codes by their beginning; else words, each
 * of which may be the beginning of one. At most ICD10_SEARCH_MAX rows; none for a text without
 * letters and digits. */
void icd10_search(Scheduling *scheduling, const char *text, Icd10Done done, gpointer user_data);

/** Inside a job: the Indonesian name of CODE, to be freed; NULL with NOT_FOUND or the engine's
 * error. */
char *icd10_name(DbTx *tx, const char *code, GError **error);

/** TEXT as an expression of the full-text index: its first words, each quoted and taken as a
 * beginning; NULL when it has no letter or digit. Pure. */
char *icd10_match(const char *text);
/** The first and the end of the codes that begin like TEXT; false when no code does. Pure. */
bool icd10_code_range(const char *text, char ret_from[ICD10_CODE_BYTES],
                      char ret_until[ICD10_CODE_BYTES]);
