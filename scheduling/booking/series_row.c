// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/series_private.h"

bool series_load_visit(DbTx *tx, const char *visit_id, const Actor *actor, VisitRow *ret_row,
                       GError **error)
{
    unsigned roles = (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK);
    return visit_row_load(tx, visit_id, ret_row, error) &&
           visit_row_check_actor(tx, ret_row, actor, roles, error);
}

static void series_visit_free(gpointer data)
{
    SeriesVisit *visit = data;
    g_free(visit->id);
    g_free(visit->code);
    g_free(visit->number);
    g_free(visit->doctor);
    g_free(visit);
}

void series_init(Series *series)
{
    *series = (Series){
        .visits = g_ptr_array_new_with_free_func(series_visit_free),
        .faults = fault_list_new(),
    };
}

void series_clear(Series *series)
{
    g_free(series->id);
    g_ptr_array_unref(series->visits);
    fault_list_free(series->faults);
}

bool series_find(DbTx *tx, const char *visit_id, char **ret_id, GError **error)
{
    DbQuery *row = db_query(tx, "series_of_visit");
    db_bind_text(row, 1, visit_id);
    DbStep step = db_step(row, error);
    if (step != DB_ROW)
        return step == DB_DONE;
    *ret_id = db_column_dup(row, 0);
    db_reset(row);
    return true;
}

bool series_load(DbTx *tx, const char *series_id, Series *series, GError **error)
{
    DbQuery *rows = db_query(tx, "series_visits");
    db_bind_text(rows, 1, series_id);
    DbStep step;
    g_free(series->id);
    series->id = g_strdup(series_id);
    while ((step = db_step(rows, error)) == DB_ROW) {
        SeriesVisit *visit = g_new0(SeriesVisit, 1);
        g_ptr_array_add(series->visits, visit);
        visit->id = db_column_dup(rows, 0);
        visit->code = db_column_dup(rows, 1);
        visit->number = db_column_dup(rows, 2);
        visit->doctor = db_column_dup(rows, 3);
        visit_state_parse(db_column_text(rows, 4), &visit->state);
        visit->starts_at_ms = db_column_int(rows, 5);
    }
    return step == DB_DONE;
}

GArray *series_load_movable(DbTx *tx, const VisitRow *row, GError **error)
{
    g_autoptr(GArray) movable = g_array_new(FALSE, FALSE, sizeof(SeriesMovable));
    g_autofree char *series_id = NULL;
    if (!series_find(tx, row->id, &series_id, error))
        return NULL;
    DbQuery *rows = db_query(tx, "series_movable");
    db_bind_text(rows, 1, series_id);
    db_bind_int(rows, 2, row->starts_at_ms);
    db_bind_text(rows, 3, row->practitioner_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        SeriesMovable one = {
            .turn_at_ms = db_column_int(rows, 1),
            .starts_at_ms = db_column_int(rows, 2),
            .every_weeks = (int)db_column_int(rows, 3),
            .is_extra = db_column_int(rows, 4) != 0,
        };
        scheduling_copy_column(rows, 0, one.visit_id, sizeof one.visit_id);
        g_array_append_val(movable, one);
    }
    return step == DB_DONE ? g_steal_pointer(&movable) : NULL;
}
