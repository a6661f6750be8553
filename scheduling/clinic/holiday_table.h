// SPDX-License-Identifier: Apache-2.0
/* Holidays as a table (CSV), out and in: `date`, `name`, `certain` ("yes"; "no" and "belum pasti":
 * closes nothing yet), `facility` (a name; empty: the province's, or a coordinator's own). A row is
 * known by its date and facility; what is not in the table stays. For administrators and
 * coordinators. Threads: see scheduling.h. */
#pragma once
#include "scheduling/clinic/table.h"
#include "scheduling/scheduling.h"

enum { HOLIDAY_NAME_CHARS = 80 };

/** CSV lasts as long as the call. */
typedef void (*HolidayTableDone)(const char *csv, const GError *error, gpointer user_data);
/** Those that the actor keeps, from the first day of this year on. FORBIDDEN for who keeps none. */
void holiday_table_get(Scheduling *scheduling, const Actor *actor, HolidayTableDone done,
                       gpointer user_data);

/** Takes CSV (copied) in, in one transaction: all of it or, when a row has a fault, nothing. A row
 * that would leave bookings without hours is a fault ("bookings_hit"). IS_TRIAL: everything is done
 * but kept. */
void holiday_table_import(Scheduling *scheduling, const Actor *actor, const char *csv,
                          bool is_trial, TableImportDone done, gpointer user_data);
