// SPDX-License-Identifier: Apache-2.0
/* The diagnosis list as a table (CSV: code, term_id, term_en), out and in, for administrators. What
 * is taken in is checked line by line and is taken in whole or not at all; it adds codes and
 * changes names, and removes nothing: a note may hold any of them. Threads: see scheduling.h. */
#pragma once
#include "scheduling/clinic/table_job.h"

enum {
    ICD10_TABLE_MAX_BYTES = 3 * 1024 * 1024,
    ICD10_TABLE_MAX_ROWS = 30000,
    ICD10_TERM_CHARS = 300,
};

/** CSV lasts as long as the call. FORBIDDEN for others than administrators, as all of these. */
void icd10_table_get(Scheduling *scheduling, const Actor *actor, TableCsvDone done,
                     gpointer user_data);

typedef struct {
    const char *csv;  /**< the first line names the columns; a term that is missing is the other */
    const char *name; /**< of the actor's account */
    bool is_trial;    /**< says what is wrong and what would change, and keeps nothing */
} Icd10TableGiven;
/** GIVEN is copied. Saved, an audit row and a row of the list's history say how much. */
void icd10_table_import(Scheduling *scheduling, const Actor *actor, const Icd10TableGiven *given,
                        TableImportDone done, gpointer user_data);

typedef struct {
    unsigned n_codes;
    int64_t at_ms;    /**< of what was taken in last; 0: nothing was since this is written down */
    const char *name; /**< of who did; "": by the command line, or nobody */
    unsigned n_added, n_changed;
} Icd10List;
typedef void (*Icd10ListDone)(const Icd10List *list, const GError *error, gpointer user_data);
void icd10_list_get(Scheduling *scheduling, const Actor *actor, Icd10ListDone done,
                    gpointer user_data);
