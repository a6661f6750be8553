// SPDX-License-Identifier: Apache-2.0
/* A whole table of facilities, clinics or practitioners taken in at once: all of it or nothing,
 * after all that is wrong with it was named line by line. Threads: see scheduling.h. */
#pragma once
#include "scheduling/clinic/directory_draft.h"
#include "scheduling/scheduling.h"

typedef struct {
    unsigned line; /**< from 1, that of the column names */
    Fault fault;   /**< its field is the column; empty: the row, or the table */
} DirectoryFault;

typedef struct {
    unsigned n_added,
        n_changed;     /**< rows that differ from what is count, of those without a fault */
    GPtrArray *faults; /**< DirectoryFault, the first DIRECTORY_MAX_FAULTS */
    bool is_saved;
} DirectoryImported;

enum { DIRECTORY_MAX_FAULTS = 100 };

/** IMPORTED is always given; it is not saved when there are faults. ERROR: it could not be tried.
 */
typedef void (*DirectoryImportDone)(const DirectoryImported *imported, const GError *error,
                                    gpointer user_data);
/** Reads CSV (copied; see directory_table.h) and adds and changes its rows as directory_edit()
 * does, in one transaction. A row that would leave bookings without hours is a fault
 * ("bookings_hit"). IS_TRIAL: everything is done but kept. */
void directory_import(Scheduling *scheduling, const Actor *actor, DirectoryKind kind,
                      const char *csv, bool is_trial, DirectoryImportDone done, gpointer user_data);
