// SPDX-License-Identifier: Apache-2.0
#include "scheduling/job/job_run.h"

#include <string.h>

#include "scheduling/scheduling_private.h"

enum { MAX_FAILURE_BYTES = 200 };
static const int64_t one_row_ms = (int64_t)10 * 60 * 1000;

const char *const job_names[] = {"no_show",    "day_end",     "wait_list", "consults",
                                 "unanswered", "messages",    "next",      "holds",
                                 "retention",  "message_log", NULL};

static bool has_counts(const JobRun *run)
{
    for (unsigned i = 0; i < run->n_counts; i++) {
        if (run->counts[i].n > 0)
            return true;
    }
    return false;
}

/* *RET_ID: the row that RUN is added to; 0: it gets one of its own. */
static bool find_same(DbTx *tx, const JobRun *run, int64_t now_ms, int64_t *ret_id, GError **error)
{
    DbQuery *last = db_query(tx, "job_run_last");
    db_bind_text(last, 1, run->name);
    DbStep step = db_step(last, error);
    *ret_id = 0;
    if (step == DB_ROW) {
        int64_t age_ms = now_ms - db_column_int(last, 1);
        bool is_same = g_strcmp0(db_column_text(last, 2), run->failure) == 0;
        if (is_same && age_ms >= 0 && age_ms < one_row_ms)
            *ret_id = db_column_int(last, 0);
        db_reset(last);
    }
    return step != DB_FAILED;
}

static bool insert(DbTx *tx, const JobRun *run, int64_t now_ms, int64_t *ret_id, GError **error)
{
    DbQuery *query = db_query(tx, "job_run_insert");
    db_bind_text(query, 1, run->name);
    db_bind_int(query, 2, run->started_at_ms);
    db_bind_int(query, 3, now_ms);
    db_bind_text(query, 4, run->failure);
    if (!db_exec(query, error))
        return false;
    DbQuery *last = db_query(tx, "job_run_last");
    db_bind_text(last, 1, run->name);
    if (!scheduling_need_row(last, "run", error))
        return false;
    *ret_id = db_column_int(last, 0);
    db_reset(last);
    return true;
}

static bool add_run(DbTx *tx, int64_t id, int64_t now_ms, GError **error)
{
    DbQuery *query = db_query(tx, "job_run_again");
    db_bind_int(query, 1, id);
    db_bind_int(query, 2, now_ms);
    return db_exec(query, error);
}

static bool add_counts(DbTx *tx, int64_t id, const JobRun *run, GError **error)
{
    for (unsigned i = 0; i < run->n_counts; i++) {
        if (run->counts[i].n <= 0)
            continue;
        DbQuery *query = db_query(tx, "job_run_count_add");
        db_bind_int(query, 1, id);
        db_bind_text(query, 2, run->counts[i].kind);
        db_bind_int(query, 3, run->counts[i].n);
        if (!db_exec(query, error))
            return false;
    }
    return true;
}

bool job_run_write(DbTx *tx, const JobRun *run, int64_t now_ms, GError **error)
{
    int64_t id = 0;
    if (!run->failure && !has_counts(run))
        return true;
    if (!find_same(tx, run, now_ms, &id, error))
        return false;
    bool ok = id ? add_run(tx, id, now_ms, error) : insert(tx, run, now_ms, &id, error);
    return ok && add_counts(tx, id, run, error);
}

typedef struct {
    Scheduling *scheduling;
    JobRun run;
    JobCount counts[JOB_MAX_COUNTS];
    char *failure;
    SchedulingDone done;
    gpointer user_data;
} NoteOp;

static void note_op_free(gpointer data)
{
    NoteOp *op = data;
    g_free(op->failure);
    g_free(op);
}

static bool note_job(DbTx *tx, gpointer data, GError **error)
{
    NoteOp *op = data;
    return job_run_write(tx, &op->run, clock_wall_ms(op->scheduling->clock), error);
}

static void on_noted(gpointer data, const GError *error)
{
    NoteOp *op = data;
    if (op->done)
        op->done(error, op->user_data);
}

/* Names and kinds are literals, as job_names says. */
void job_run_note(Scheduling *scheduling, const JobRun *run, SchedulingDone done,
                  gpointer user_data)
{
    g_assert(run->n_counts <= JOB_MAX_COUNTS);
    if (!run->failure && !has_counts(run)) {
        if (done)
            done(NULL, user_data);
        return;
    }
    NoteOp *op = g_new0(NoteOp, 1);
    op->scheduling = scheduling;
    op->run = *run;
    op->failure = run->failure ? g_strndup(run->failure, MAX_FAILURE_BYTES) : NULL;
    op->run.failure = op->failure;
    for (unsigned i = 0; i < run->n_counts; i++)
        op->counts[i] = run->counts[i];
    op->run.counts = op->counts;
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, note_job, on_noted, op, note_op_free);
}

/* Reading. */

static void row_free(gpointer data)
{
    JobLogRow *row = data;
    g_free(row->name);
    g_free(row->failure);
    g_ptr_array_unref(row->kinds);
    g_array_unref(row->counts);
    g_free(row);
}

void job_log_clear(JobLog *log)
{
    if (log->rows)
        g_ptr_array_unref(log->rows);
    *log = (JobLog){0};
}

static bool read_counts(DbTx *tx, JobLogRow *row, GError **error)
{
    DbQuery *counts = db_query(tx, "job_run_counts");
    db_bind_int(counts, 1, row->id);
    DbStep step;
    while ((step = db_step(counts, error)) == DB_ROW) {
        int64_t n = db_column_int(counts, 1);
        g_ptr_array_add(row->kinds, db_column_dup(counts, 0));
        g_array_append_val(row->counts, n);
    }
    return step == DB_DONE;
}

static JobLogRow *read_row(DbQuery *query)
{
    JobLogRow *row = g_new0(JobLogRow, 1);
    row->id = db_column_int(query, 0);
    row->name = db_column_dup(query, 1);
    row->started_at_ms = db_column_int(query, 2);
    row->ended_at_ms = db_column_int(query, 3);
    row->n_runs = (unsigned)db_column_int(query, 4);
    row->failure = db_column_dup(query, 5);
    row->kinds = g_ptr_array_new_with_free_func(g_free);
    row->counts = g_array_new(FALSE, FALSE, sizeof(int64_t));
    return row;
}

bool job_log_read(DbTx *tx, const char *name, int64_t before_id, JobLog *ret_log, GError **error)
{
    ret_log->rows = g_ptr_array_new_with_free_func(row_free);
    ret_log->has_more = false;
    DbQuery *rows = db_query(tx, name ? "job_run_list_of" : "job_run_list");
    db_bind_int(rows, 1, before_id > 0 ? before_id : INT64_MAX);
    db_bind_int(rows, 2, JOB_LOG_MAX + 1);
    if (name)
        db_bind_text(rows, 3, name);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (ret_log->rows->len == JOB_LOG_MAX) {
            ret_log->has_more = true;
            continue;
        }
        JobLogRow *row = read_row(rows);
        g_ptr_array_add(ret_log->rows, row);
        if (!read_counts(tx, row, error))
            return false;
    }
    return step == DB_DONE;
}

typedef struct {
    ActorRole role;
    char *name;
    int64_t before_id;
    JobLog log;
    JobLogDone done;
    gpointer user_data;
} ListOp;

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    g_free(op->name);
    job_log_clear(&op->log);
    g_free(op);
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    if (op->role == ACTOR_ADMIN)
        return job_log_read(tx, op->name, op->before_id, &op->log, error);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "the jobs are the administrator's");
    return false;
}

static void on_listed(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : &op->log, error, op->user_data);
}

void job_log_list(Scheduling *scheduling, const char *name, int64_t before_id, const Actor *actor,
                  JobLogDone done, gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->role = actor->role;
    op->name = g_strdup(name);
    op->before_id = before_id;
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, list_job, on_listed, op, list_op_free);
}
