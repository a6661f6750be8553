// SPDX-License-Identifier: Apache-2.0
#include "server/ops/health.h"

#define WRITE_EVERY_US (INT64_C(5) * G_USEC_PER_SEC)
#define WRITE_TIMEOUT_US (INT64_C(5) * G_USEC_PER_SEC)

struct Health {
    Db *db;
    const Clock *clock;
    bool has_written;
    bool is_writing;
    int64_t write_began_us;
    bool was_refused; /* the last write, for another cause than a commit that failed */
};

typedef struct {
    Health *health;
    HealthDoneFunc done;
    gpointer data;
    GDestroyNotify free_func;
    int64_t at_ms;
} Check;

Health *health_new(Db *db, const Clock *clock)
{
    Health *health = g_new0(Health, 1);
    health->db = db;
    health->clock = clock;
    return health;
}

void health_free(Health *health)
{
    g_free(health);
}

static void check_free(gpointer data)
{
    Check *check = data;
    if (check->free_func)
        check->free_func(check->data);
    g_free(check);
}

static bool read_row(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    return db_step(db_query(tx, "base_health_read"), error) != DB_FAILED;
}

static bool write_row(DbTx *tx, gpointer data, GError **error)
{
    const Check *check = data;
    DbQuery *query = db_query(tx, "base_health_write");
    db_bind_int(query, 1, check->at_ms);
    return db_exec(query, error);
}

/* A write that gets no answer says as much as one that fails. */
static bool can_write(const Health *health)
{
    DbStats stats;
    db_stats(health->db, &stats);
    bool hangs = health->is_writing &&
                 clock_mono_us(health->clock) - health->write_began_us >= WRITE_TIMEOUT_US;
    return !stats.last_commit_failed && !health->was_refused && !hangs;
}

static void on_read(gpointer data, const GError *error)
{
    const Check *check = data;
    check->done(!error && can_write(check->health), check->data);
}

static void on_written(gpointer data, const GError *error)
{
    Check *check = data;
    Health *health = check->health;
    DbStats stats;
    db_stats(health->db, &stats);
    health->is_writing = false;
    /* A commit that failed is in the engine's own numbers, and the next good one clears it there.
     */
    health->was_refused = error && !stats.last_commit_failed;
    Check *next = g_memdup2(check, sizeof *check);
    check->free_func = NULL; /* DATA has moved on */
    db_read(health->db, read_row, on_read, next, check_free);
}

void health_check(Health *health, HealthDoneFunc done, gpointer data, GDestroyNotify free_func)
{
    int64_t now_us = clock_mono_us(health->clock);
    Check *check = g_new0(Check, 1);
    *check = (Check){health, done, data, free_func, clock_wall_ms(health->clock)};
    bool is_due = !health->has_written || now_us - health->write_began_us >= WRITE_EVERY_US;
    if (health->is_writing || !is_due) {
        db_read(health->db, read_row, on_read, check, check_free);
        return;
    }
    health->has_written = true;
    health->is_writing = true;
    health->write_began_us = now_us;
    db_write(health->db, write_row, on_written, check, check_free);
}
