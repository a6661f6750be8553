// SPDX-License-Identifier: Apache-2.0
/* Holidays as a table (CSV), out and in: `date`, `name`, `certain` ("yes"; "no" and "belum pasti":
 * closes nothing yet), `facility` (a name; empty: the province's, or a coordinator's own). A row is
 * known by its date and facility; what is not in the table stays. Out go those that the actor
 * keeps, from the first day of this year on. A row that would leave bookings without hours is a
 * fault ("bookings_hit") unless they are kept. Threads: see scheduling.h. */
#pragma once
#include "scheduling/clinic/table_job.h"

enum { HOLIDAY_NAME_CHARS = 80 };

extern const TableKind holiday_table;
