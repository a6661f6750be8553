// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: what planning, booking and moving a series share. */
#pragma once
#include "scheduling/booking/series.h"
#include "scheduling/booking/visit_row.h"

/** Who may have to do with a series of the visit: its doctor, the desk of its facility. */
bool series_load_visit(DbTx *tx, const char *visit_id, const Actor *actor, VisitRow *ret_row,
                       GError **error);
/** "1|2|4" */
bool series_is_interval(int every_weeks);
#define SERIES_INTERVALS "1|2|4"

void series_init(Series *series);
void series_clear(Series *series);
/** *RET_ID, to be freed: the series that the visit is of, or the newest that was booked from it;
 * NULL: none. */
bool series_find(DbTx *tx, const char *visit_id, char **ret_id, GError **error);
/** Id and visits of SERIES. */
bool series_load(DbTx *tx, const char *series_id, Series *series, GError **error);

/** One that can be moved together with others. */
typedef struct {
    char visit_id[SCHEDULING_ID_BYTES];
    int64_t turn_at_ms;
    int64_t starts_at_ms; /**< of its slot or session */
    int every_weeks;      /**< of its series */
    bool is_extra;        /**< holds an additional place */
} SeriesMovable;
/** Of the series of ROW what is still to come with the same doctor, from ROW on: SeriesMovable by
 * time, to be freed. Empty when it is of none. */
GArray *series_load_movable(DbTx *tx, const VisitRow *row, GError **error);
