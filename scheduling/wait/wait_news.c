// SPDX-License-Identifier: Apache-2.0
#include "scheduling/wait/wait_news.h"

#include "scheduling/wait/wait_list.h"

WaitNews *wait_news_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void wait_news_free(WaitNews *news)
{
    if (news)
        g_hash_table_unref(news);
}

void wait_news_add(WaitNews *news, const char *entry_id)
{
    if (news)
        g_hash_table_add(news, g_strdup(entry_id));
}

bool wait_news_add_clinic(WaitNews *news, DbTx *tx, const char *clinic_id, GError **error)
{
    if (!news)
        return true;
    DbQuery *rows = db_query(tx, "wait_of_clinic");
    db_bind_text(rows, 1, clinic_id);
    db_bind_int(rows, 2, WAIT_MAX_PER_CLINIC);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW)
        g_hash_table_add(news, db_column_dup(rows, 0));
    return step == DB_DONE;
}

void wait_news_tell(Scheduling *scheduling, const WaitNews *news)
{
    if (!scheduling->wait_listener || g_hash_table_size((WaitNews *)news) == 0)
        return;
    g_autofree gpointer *ids = g_hash_table_get_keys_as_array((WaitNews *)news, NULL);
    scheduling->wait_listener((const char *const *)ids, scheduling->wait_listener_data);
}

void wait_list_set_listener(Scheduling *scheduling, WaitListener listener, gpointer user_data)
{
    scheduling->wait_listener = listener;
    scheduling->wait_listener_data = user_data;
}
