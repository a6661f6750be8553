// SPDX-License-Identifier: Apache-2.0
#include "scheduling/retention/retention.h"

#include "scheduling/job/job_run.h"
#include "scheduling/scheduling_private.h"
#include "server/base/ids.h"

static const int64_t day_ms = (int64_t)24 * 60 * 60 * 1000;

/* A kind whose rows are found by a time and deleted one by one; of samples and sessions see below.
 */
typedef struct {
    const char *name, *find, *delete;
    bool by_id; /* found by an id of the time, not by the time */
} Row;

static const Row rows[RETENTION_N_KINDS] = {
    [RETENTION_SAMPLES] = {"media_samples", NULL, NULL, false},
    [RETENTION_LINKS] = {"links", "retention_links", "retention_links_delete", false},
    [RETENTION_KEYS] = {"booking_keys", "retention_keys", "retention_keys_delete", false},
    [RETENTION_RUNS] = {"job_runs", "retention_runs", "retention_runs_delete", false},
    [RETENTION_EVENTS] = {"events", "retention_events", "retention_events_delete", true},
    [RETENTION_SESSIONS] = {"sessions", NULL, NULL, false},
};

const char *retention_kind_name(RetentionKind kind)
{
    return rows[kind].name;
}

/* Deletes the rows of IDS. */
static bool delete_all(DbTx *tx, const char *statement, const GPtrArray *ids, GError **error)
{
    for (unsigned i = 0; i < ids->len; i++) {
        DbQuery *query = db_query(tx, statement);
        db_bind_text(query, 1, ids->pdata[i]);
        if (!db_exec(query, error))
            return false;
    }
    return true;
}

static bool forget_rows(RetentionRun *run, DbTx *tx, RetentionKind kind, int64_t until_ms,
                        GError **error)
{
    int limit = run->is_dry ? RETENTION_DRY_ROWS : RETENTION_BATCH;
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    DbQuery *found = db_query(tx, rows[kind].find);
    g_autofree char *first_kept = id_new(until_ms);
    if (rows[kind].by_id)
        db_bind_text(found, 1, first_kept);
    else
        db_bind_int(found, 1, until_ms);
    db_bind_int(found, 2, limit);
    DbStep step;
    while ((step = db_step(found, error)) == DB_ROW)
        g_ptr_array_add(ids, db_column_dup(found, 0));
    run->found.n[kind] = ids->len;
    run->found.more = run->found.more || ids->len == (unsigned)limit;
    return step == DB_DONE && (run->is_dry || delete_all(tx, rows[kind].delete, ids, error));
}

/* The next visit with samples after VISIT_ID, an id, which it replaces; "" when there is none. */
static bool next_sampled(DbTx *tx, char visit_id[SCHEDULING_ID_BYTES], int64_t *ret_ends_at_ms,
                         GError **error)
{
    DbQuery *next = db_query(tx, "retention_sampled");
    db_bind_text(next, 1, visit_id);
    DbStep step = db_step(next, error);
    visit_id[0] = '\0';
    if (step == DB_ROW) {
        scheduling_copy_column(next, 0, visit_id, SCHEDULING_ID_BYTES);
        *ret_ends_at_ms = db_column_int(next, 1);
        db_reset(next);
    }
    return step != DB_FAILED;
}

static bool forget_samples_of(RetentionRun *run, DbTx *tx, const char *visit_id, GError **error)
{
    int64_t *n = &run->found.n[RETENTION_SAMPLES];
    DbQuery *query =
        db_query(tx, run->is_dry ? "retention_samples_count" : "retention_samples_delete");
    db_bind_text(query, 1, visit_id);
    if (!run->is_dry) {
        if (!db_exec(query, error))
            return false;
        *n += db_changes(tx);
        return true;
    }
    if (!scheduling_need_row(query, "count", error))
        return false;
    *n += db_column_int(query, 0);
    db_reset(query);
    return true;
}

/* A visit that was made before UNTIL_MS may be long to come: only its end counts. */
static bool forget_samples(RetentionRun *run, DbTx *tx, int64_t until_ms, GError **error)
{
    char visit_id[SCHEDULING_ID_BYTES] = "0";
    g_autofree char *first_kept = id_new(until_ms);
    unsigned n_visits = 0;
    int64_t ends_at_ms = 0;
    for (;;) {
        if (!next_sampled(tx, visit_id, &ends_at_ms, error))
            return false;
        if (!*visit_id || g_strcmp0(visit_id, first_kept) >= 0)
            return true;
        if (ends_at_ms >= until_ms)
            continue;
        if (!forget_samples_of(run, tx, visit_id, error))
            return false;
        n_visits++;
        bool is_full = run->is_dry ? run->found.n[RETENTION_SAMPLES] >= RETENTION_DRY_ROWS
                                   : n_visits == RETENTION_VISITS;
        if (is_full) {
            run->found.more = true;
            return true;
        }
    }
}

static bool forget_sessions(RetentionRun *run, DbTx *tx, int64_t until_ms, GError **error)
{
    int limit = run->is_dry ? RETENTION_DRY_ROWS : RETENTION_BATCH;
    int64_t *n = &run->found.n[RETENTION_SESSIONS];
    if (!run->terms.forget_sessions)
        return true;
    if (!run->terms.forget_sessions(tx, until_ms, limit, run->is_dry, n, error))
        return false;
    run->found.more = run->found.more || *n == limit;
    return true;
}

static bool forget(RetentionRun *run, DbTx *tx, RetentionKind kind, int64_t until_ms,
                   GError **error)
{
    switch (kind) {
    case RETENTION_SAMPLES:
        return forget_samples(run, tx, until_ms, error);
    case RETENTION_SESSIONS:
        return forget_sessions(run, tx, until_ms, error);
    case RETENTION_LINKS:
    case RETENTION_KEYS:
    case RETENTION_RUNS:
    case RETENTION_EVENTS:
        break;
    }
    return forget_rows(run, tx, kind, until_ms, error);
}

static bool write_trail(const RetentionRun *run, DbTx *tx, int64_t now_ms, GError **error)
{
    static const Actor system = {.role = ACTOR_SYSTEM};
    JobCount counts[RETENTION_N_KINDS];
    g_autoptr(GString) said = g_string_new(NULL);
    for (int i = 0; i < RETENTION_N_KINDS; i++) {
        counts[i] = (JobCount){rows[i].name, run->found.n[i]};
        if (run->found.n[i] > 0)
            g_string_append_printf(said, "%s%s %" G_GINT64_FORMAT, said->len ? ", " : "",
                                   rows[i].name, run->found.n[i]);
    }
    if (said->len == 0)
        return true;
    const AuditedChange change = {"retention.delete", "retention", NULL, said->str};
    const JobRun log = {"retention", now_ms, counts, RETENTION_N_KINDS, NULL};
    return scheduling_audit_change(run->scheduling, tx, &system, &change, error) &&
           job_run_write(tx, &log, now_ms, error);
}

bool retention_job(DbTx *tx, gpointer data, GError **error)
{
    RetentionRun *run = data;
    int64_t now_ms = clock_wall_ms(run->scheduling->clock);
    run->found = (RetentionFound){0};
    for (int i = 0; i < RETENTION_N_KINDS; i++) {
        int64_t until_ms = now_ms - run->terms.days[i] * day_ms;
        if (!forget(run, tx, (RetentionKind)i, until_ms, error))
            return false;
    }
    return run->is_dry || write_trail(run, tx, now_ms, error);
}

typedef struct {
    RetentionRun run;
    RetentionDone done;
    gpointer user_data;
} DeleteOp;

static void on_deleted(gpointer data, const GError *error)
{
    static const RetentionFound nothing;
    DeleteOp *op = data;
    op->done(error ? &nothing : &op->run.found, error, op->user_data);
}

void retention_delete(Scheduling *scheduling, const RetentionTerms *terms, RetentionDone done,
                      gpointer user_data)
{
    DeleteOp *op = g_new0(DeleteOp, 1);
    op->run = (RetentionRun){.scheduling = scheduling, .terms = *terms};
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, retention_job, on_deleted, op, g_free);
}
