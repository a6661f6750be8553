// SPDX-License-Identifier: Apache-2.0
#include "scheduling/job/heartbeat.h"

static const int64_t beat_ms = (int64_t)30 * 1000;
/* A new version is started within less. */
static const int64_t restart_ms = (int64_t)2 * 60 * 1000;

static bool load_seen(DbTx *tx, int64_t *ret_at_ms, GError **error)
{
    DbQuery *query = db_query(tx, "program_seen_at");
    DbStep step = db_step(query, error);
    if (step == DB_FAILED)
        return false;
    *ret_at_ms = step == DB_ROW ? db_column_int(query, 0) : 0;
    db_reset(query);
    return true;
}

static bool put_seen(DbTx *tx, int64_t now_ms, GError **error)
{
    DbQuery *query = db_query(tx, "program_seen_put");
    db_bind_int(query, 1, now_ms);
    return db_exec(query, error);
}

bool heartbeat_begin(DbTx *tx, int64_t now_ms, GError **error)
{
    int64_t seen_at_ms;
    if (!load_seen(tx, &seen_at_ms, error))
        return false;
    if (seen_at_ms && now_ms - seen_at_ms > restart_ms) {
        DbQuery *query = db_query(tx, "program_off_put");
        db_bind_int(query, 1, seen_at_ms);
        db_bind_int(query, 2, now_ms);
        if (!db_exec(query, error))
            return false;
    }
    return put_seen(tx, now_ms, error);
}

bool heartbeat_beat(DbTx *tx, int64_t now_ms, GError **error)
{
    int64_t seen_at_ms;
    if (!load_seen(tx, &seen_at_ms, error))
        return false;
    /* A clock that was put back is believed, too. */
    bool is_fresh = seen_at_ms <= now_ms && now_ms - seen_at_ms < beat_ms;
    return is_fresh || put_seen(tx, now_ms, error);
}

bool heartbeat_was_off(DbTx *tx, int64_t from_ms, int64_t to_ms, bool *ret_was, GError **error)
{
    DbQuery *query = db_query(tx, "program_was_off");
    db_bind_int(query, 1, from_ms);
    db_bind_int(query, 2, to_ms);
    DbStep step = db_step(query, error);
    db_reset(query);
    *ret_was = step == DB_ROW;
    return step != DB_FAILED;
}
