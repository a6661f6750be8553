// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: what planning and booking a series share. */
#pragma once
#include "scheduling/booking/series.h"
#include "scheduling/booking/visit_row.h"

/** Who may have to do with a series of the visit: its doctor, the desk of its facility. */
bool series_load_visit(DbTx *tx, const char *visit_id, const Actor *actor, VisitRow *ret_row,
                       GError **error);
/** "1|2|4" */
bool series_is_interval(int every_weeks);
#define SERIES_INTERVALS "1|2|4"
