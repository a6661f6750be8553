// SPDX-License-Identifier: Apache-2.0
/* A whole table of facilities, clinics or practitioners taken in at once: all of it or nothing,
 * after all that is wrong with it was named line by line. Threads: see scheduling.h. */
#pragma once
#include "scheduling/clinic/directory_draft.h"
#include "scheduling/clinic/table_job.h"
#include "scheduling/scheduling.h"

/** Reads what is GIVEN (copied; see directory_table.h) and adds and changes its rows as
 * directory_edit() does, in one transaction. A row that would leave bookings without hours is a
 * fault ("bookings_hit") unless they are kept. A trial: everything is done but saved. */
void directory_import(Scheduling *scheduling, const Actor *actor, DirectoryKind kind,
                      const TableGiven *given, TableImportDone done, gpointer user_data);
