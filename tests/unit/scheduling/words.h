// SPDX-License-Identifier: Apache-2.0
/* What was answered, in one line, as tests compare it; to be freed. */
#pragma once
#include "scheduling/clinic/table.h"
#include "server/base/fault.h"

/** "field:code " of each; NULL: none. */
char *words_faults(const FaultList *faults);
/** "saved +added ~changed; line column code; ...", or "kept out ...". */
char *words_imported(const TableImported *imported);
