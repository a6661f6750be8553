// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/directory_login.h"

#include "scheduling/clinic/hours_kept.h"
#include "scheduling/scheduling_private.h"

bool directory_login_watch(Scheduling *scheduling, DbTx *tx, const char *user_id, bool is_disabled,
                           HoursWatch **ret_watch, GError **error)
{
    DbQuery *row = db_query(tx, "practitioner_of_login");
    db_bind_text(row, 1, user_id);
    db_bind_int(row, 2, is_disabled);
    DbStep step = db_step(row, error);
    g_autofree char *practitioner_id = step == DB_ROW ? db_column_dup(row, 0) : NULL;
    db_reset(row);
    if (step == DB_FAILED)
        return false;
    const HoursHitScope scope = {.practitioner_id = practitioner_id};
    HoursWatch *watch = practitioner_id ? hours_watch_new(scheduling, tx, &scope, error) : NULL;
    if (practitioner_id && !watch)
        return false;
    *ret_watch = watch;
    return true;
}

bool directory_login_settle(HoursWatch *watch, Scheduling *scheduling, DbTx *tx, const Actor *actor,
                            HoursKeep keep, GPtrArray *hits, GError **error)
{
    return !watch || (hours_watch_compare(watch, scheduling, tx, hits, error) &&
                      hours_kept_settle(scheduling, tx, actor, watch, hits, keep, error));
}

void directory_login_tell(Scheduling *scheduling, const char *user_id)
{
    const HoursNews news = {.user_id = user_id};
    hours_news_tell(scheduling, &news);
}
