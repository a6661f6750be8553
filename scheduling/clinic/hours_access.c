// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/hours_access.h"

#include <string.h>

static bool refuse(GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "these are not hours of the actor");
    return false;
}

static bool need(DbQuery *query, GError **error)
{
    bool found = scheduling_need_row(query, "doctor", error);
    db_reset(query);
    return found;
}

const char *hours_access_facility(const Actor *actor)
{
    bool is_bound = actor->role == ACTOR_DESK || actor->role == ACTOR_COORDINATOR;
    return is_bound ? actor->facility_id : NULL;
}

bool hours_access_check(DbTx *tx, const Actor *actor, const char *practitioner_id,
                        const char *clinic_id, GError **error)
{
    switch (actor->role) {
    case ACTOR_DOCTOR: {
        g_autofree char *own = scheduling_actor_practitioner(tx, actor, error);
        if (!own)
            return false;
        return strcmp(own, practitioner_id) == 0 || refuse(error);
    }
    case ACTOR_DESK:
    case ACTOR_COORDINATOR: {
        if (!actor->facility_id)
            return refuse(error);
        DbQuery *query = db_query(tx, "hours_facility_has");
        db_bind_text(query, 1, practitioner_id);
        db_bind_text(query, 2, actor->facility_id);
        db_bind_text(query, 3, clinic_id);
        return need(query, error);
    }
    case ACTOR_ADMIN: {
        DbQuery *query = db_query(tx, "hours_practitioner_exists");
        db_bind_text(query, 1, practitioner_id);
        return need(query, error);
    }
    case ACTOR_PATIENT:
    case ACTOR_OFFICE:
    case ACTOR_OFFICER:
    case ACTOR_CLIENT:
    case ACTOR_SYSTEM:
        return refuse(error);
    }
    g_assert_not_reached();
}
