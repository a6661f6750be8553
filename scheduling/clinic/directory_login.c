// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/directory_login.h"

#include "scheduling/clinic/hours_kept.h"
#include "scheduling/scheduling_private.h"

bool directory_login_note(DbTx *tx, const char *user_id, bool is_disabled, GError **error)
{
    DbQuery *query = db_query(tx, "practitioner_login");
    db_bind_text(query, 1, user_id);
    db_bind_int(query, 2, is_disabled);
    return db_exec(query, error);
}

bool directory_login_set(Scheduling *scheduling, DbTx *tx, const Actor *actor, const char *user_id,
                         bool is_disabled, HoursKeep keep, GPtrArray *hits, GError **error)
{
    DbQuery *row = db_query(tx, "practitioner_of_login");
    db_bind_text(row, 1, user_id);
    db_bind_int(row, 2, is_disabled);
    DbStep step = db_step(row, error);
    g_autofree char *practitioner_id = step == DB_ROW ? db_column_dup(row, 0) : NULL;
    db_reset(row);
    if (!practitioner_id)
        return step == DB_DONE;
    const HoursHitScope scope = {.practitioner_id = practitioner_id};
    g_autoptr(HoursWatch) watch = hours_watch_new(scheduling, tx, &scope, error);
    return watch && directory_login_note(tx, user_id, is_disabled, error) &&
           hours_watch_compare(watch, scheduling, tx, hits, error) &&
           hours_kept_settle(scheduling, tx, actor, hits, keep, error);
}

void directory_login_tell(Scheduling *scheduling)
{
    scheduling_tell_free(scheduling);
}
