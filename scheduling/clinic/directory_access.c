// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/directory_access.h"

#include "scheduling/scheduling_private.h"

bool directory_access(const Actor *actor, const char **ret_facility_id, GError **error)
{
    bool is_bound = actor->role == ACTOR_COORDINATOR && actor->facility_id;
    if (actor->role == ACTOR_ADMIN || is_bound) {
        *ret_facility_id = is_bound ? actor->facility_id : NULL;
        return true;
    }
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "the actor keeps no directory");
    return false;
}

bool directory_works(DbTx *tx, const char *practitioner_id, const char *facility_id, bool elsewhere,
                     bool *ret_works, GError **error)
{
    DbQuery *row = db_query(tx, "practitioner_works_in");
    db_bind_text(row, 1, practitioner_id);
    db_bind_text(row, 2, facility_id);
    db_bind_int(row, 3, elsewhere);
    DbStep step = db_step(row, error);
    db_reset(row);
    *ret_works = step == DB_ROW;
    return step != DB_FAILED;
}

bool directory_access_practitioner(DbTx *tx, const Actor *actor, const char *practitioner_id,
                                   char **ret_user_id, GError **error)
{
    const char *facility_id = NULL;
    if (!directory_access(actor, &facility_id, error))
        return false;
    DbQuery *row = db_query(tx, "practitioner_get");
    db_bind_text(row, 1, practitioner_id);
    if (!scheduling_need_row(row, "practitioner", error))
        return false;
    g_autofree char *user_id = db_column_dup(row, 4);
    db_reset(row);
    bool works = true;
    if (facility_id && !directory_works(tx, practitioner_id, facility_id, false, &works, error))
        return false;
    if (!works) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND,
                            "no such practitioner");
        return false;
    }
    if (ret_user_id)
        *ret_user_id = g_steal_pointer(&user_id);
    return true;
}
