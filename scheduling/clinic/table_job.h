// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: what a table of rows that stand for themselves shares with others of
 * its kind: the job around it, out and in, for administrators and coordinators. A table is taken in
 * in one transaction that is rolled back when a row has a fault or it was only tried. Threads: see
 * scheduling.h. */
#pragma once
#include "scheduling/clinic/hours_hit.h"
#include "scheduling/clinic/table.h"
#include "scheduling/scheduling_private.h"

/** CSV lasts as long as the call; NULL with ERROR. */
typedef void (*TableCsvDone)(const char *csv, const GError *error, gpointer user_data);

/** What a row is read and written by. */
typedef struct {
    Scheduling *scheduling;
    DbTx *tx;
    const Actor *actor;
    const char *own_facility_id; /**< a coordinator's; NULL: an administrator, who keeps all */
    const TableHeader *header;   /**< of a table that is taken in */
    GHashTable *seen; /**< keys of the rows before, owned: for rows that are there twice */
    HoursKeep keep;   /**< what becomes of bookings that a row leaves without hours */
    TableImported *imported;
} TableWork;

typedef struct {
    const char *const *columns, *const *needs; /**< of table_header_read() */
    /** Applies one row, or adds its faults to WORK->imported; false: the engine failed. */
    bool (*apply)(const TableWork *work, const CsvRow *cells, GError **error);
    /** Appends all rows to TEXT. */
    bool (*write)(const TableWork *work, GString *text, GError **error);
} TableKind;

void table_job_get(Scheduling *scheduling, const TableKind *kind, const Actor *actor,
                   TableCsvDone done, gpointer user_data);

typedef struct {
    const char *csv; /**< copied */
    bool is_trial;
    /** What becomes of bookings that rows leave without hours; HOURS_KEEP_NO: such a row is a
     * fault. */
    HoursKeep keep;
} TableGiven;
void table_job_import(Scheduling *scheduling, const TableKind *kind, const Actor *actor,
                      const TableGiven *given, TableImportDone done, gpointer user_data);

/** The facility that a cell names: of "" and NULL a coordinator's own, or NULL, which is the
 * province. A fault at `facility` when there is none of that name, or it is another's. */
bool table_job_facility(const TableWork *work, const char *name, char **ret_facility_id,
                        FaultList *faults, GError **error);
