// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/directory_service.h"

#include "scheduling/scheduling_private.h"
#include "server/base/ids.h"

#include <string.h>

/* Of the facility that the actor keeps alone; of any. */
static bool is_kept(const DirectoryPut *put, const char *facility_id)
{
    return !put->facility_id || g_strcmp0(put->facility_id, facility_id) == 0;
}

/* The clinic of the row that is changed; NOT_FOUND also for one that is not the actor's. */
static bool find_own(DirectoryPut *put, char **ret_clinic_id, GError **error)
{
    DbQuery *row = db_query(put->tx, "service_get");
    db_bind_text(row, 1, put->draft->id);
    if (!scheduling_need_row(row, "service", error))
        return false;
    bool kept = is_kept(put, db_column_text(row, 1));
    *ret_clinic_id = db_column_dup(row, 0);
    db_reset(row);
    if (!kept)
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND, "no such service");
    return kept;
}

static bool find_clinic(DirectoryPut *put, char **ret_clinic_id, GError **error)
{
    DbQuery *row = db_query(put->tx, "clinic_get");
    db_bind_text(row, 1, put->draft->terms.clinic_id);
    DbStep step = db_step(row, error);
    bool kept = step == DB_ROW && is_kept(put, db_column_text(row, 0));
    db_reset(row);
    if (step == DB_FAILED)
        return false;
    if (!kept)
        return directory_put_fault(put, "clinic", "not_found", error);
    *ret_clinic_id = g_strdup(put->draft->terms.clinic_id);
    return true;
}

static bool check_name(DirectoryPut *put, const char *clinic_id, GError **error)
{
    DbQuery *row = db_query(put->tx, "service_name_taken");
    db_bind_text(row, 1, clinic_id);
    db_bind_text(row, 2, put->draft->name);
    db_bind_text(row, 3, put->draft->id);
    DbStep step = db_step(row, error);
    db_reset(row);
    if (step == DB_FAILED)
        return false;
    return step == DB_DONE || directory_put_fault(put, "name", "taken", error);
}

bool directory_service_put(DirectoryPut *put, GError **error)
{
    const DirectoryDraft *draft = put->draft;
    const DirectoryTerms *terms = &draft->terms;
    int64_t now_ms = clock_wall_ms(put->scheduling->clock);
    g_autofree char *clinic_id = NULL;
    bool found = draft->id ? find_own(put, &clinic_id, error) : find_clinic(put, &clinic_id, error);
    if (!found || !check_name(put, clinic_id, error))
        return false;
    put->edited->id = draft->id ? g_strdup(draft->id) : id_new(now_ms);
    DbQuery *query = db_query(put->tx, draft->id ? "service_update" : "service_insert");
    db_bind_text(query, 1, put->edited->id);
    db_bind_text(query, 2, draft->name);
    db_bind_text(query, 3, terms->mode);
    db_bind_int(query, 4, terms->duration_minutes);
    db_bind_int(query, 5, terms->before_minutes);
    db_bind_int(query, 6, terms->after_minutes);
    db_bind_int(query, 7, terms->price_rupiah);
    db_bind_int(query, 8, draft->is_active);
    if (!draft->id) {
        db_bind_text(query, 9, clinic_id);
        db_bind_int(query, 10, now_ms);
    }
    return db_exec(query, error);
}
