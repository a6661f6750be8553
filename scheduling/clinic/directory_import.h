// SPDX-License-Identifier: Apache-2.0
/* A whole table of facilities, clinics or practitioners taken in at once: all of it or nothing,
 * after all that is wrong with it was named line by line. Threads: see scheduling.h. */
#pragma once
#include "scheduling/clinic/directory_draft.h"
#include "scheduling/clinic/table.h"
#include "scheduling/scheduling.h"

/** Reads CSV (copied; see directory_table.h) and adds and changes its rows as directory_edit()
 * does, in one transaction. A row that would leave bookings without hours is a fault
 * ("bookings_hit"). IS_TRIAL: everything is done but kept. */
void directory_import(Scheduling *scheduling, const Actor *actor, DirectoryKind kind,
                      const char *csv, bool is_trial, TableImportDone done, gpointer user_data);
