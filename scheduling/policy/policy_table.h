// SPDX-License-Identifier: Apache-2.0
/* The rules as a table (CSV), out and in: `facility` (a name; empty: the province, or a
 * coordinator's own), `rule`, `value` ("default": as it is inherited). Out go all rules of the
 * province, or of a coordinator's facility, and what facilities have of their own. A row that is so
 * already changes nothing; rules that are not in the table stay. Threads: see scheduling.h. */
#pragma once
#include "scheduling/clinic/table_job.h"

extern const TableKind policy_table;
