// SPDX-License-Identifier: Apache-2.0
/* The texts of messages as a table (CSV), out and in: `facility` (a name; empty: the province, or a
 * coordinator's own), `kind`, `lang` ("id", "en"), `text` (empty: as it is inherited). Out go all
 * texts of the province, or of a coordinator's facility, and what facilities have of their own. A
 * row that is so already changes nothing; texts that are not in the table stay. Threads: see
 * scheduling.h. */
#pragma once
#include "scheduling/clinic/table_job.h"

extern const TableKind message_table;
