// SPDX-License-Identifier: Apache-2.0
#include "server/base/db/db_private.h"

void db_job_free(DbJob *job)
{
    if (!job)
        return;
    if (job->free_func)
        job->free_func(job->data);
    g_clear_error(&job->error);
    g_free(job);
}

/* Calls the job's function and ends whatever it has left open. */
static bool call_job(DbConnection *connection, DbJob *job)
{
    bool ok = job->job(&connection->tx, job->data, &job->error);
    db_query_end_all(connection);
    if (ok && job->error) {
        /* An error that the job did not mean to fail with would be told as one. */
        g_clear_error(&job->error);
    } else if (!ok && !job->error) {
        g_set_error(&job->error, BASE_ERROR, BASE_ERROR_FAILED, "the job failed without a reason");
    }
    return ok;
}

/* A deferred foreign key that is still open would make the group's COMMIT fail for everybody. */
static bool has_open_foreign_keys(DbConnection *connection)
{
    int current = 0;
    int highest = 0;
    int code =
        sqlite3_db_status(connection->sqlite, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0);
    return code == SQLITE_OK && current != 0;
}

/* One job in its savepoint. False when the whole transaction is lost. */
static bool run_in_savepoint(DbConnection *connection, DbJob *job, GError **error)
{
    if (!db_connection_control(connection, DB_CONTROL_SAVEPOINT, error))
        return false;
    bool ok = call_job(connection, job);
    if (ok && has_open_foreign_keys(connection)) {
        g_set_error(&job->error, BASE_ERROR, BASE_ERROR_CONFLICT, "a foreign key has no row");
        ok = false;
    }
    if (!db_connection_in_transaction(connection)) {
        /* SQLite does so where it cannot write; then that is why the others fail, too. */
        bool cannot_write = g_error_matches(job->error, BASE_ERROR, BASE_ERROR_STORAGE);
        g_set_error(error, BASE_ERROR, cannot_write ? BASE_ERROR_STORAGE : BASE_ERROR_FAILED,
                    "the transaction was rolled back");
        return false;
    }
    return (ok || db_connection_control(connection, DB_CONTROL_ROLLBACK_TO, error)) &&
           db_connection_control(connection, DB_CONTROL_RELEASE, error);
}

/* Fails the jobs that have not failed by themselves. */
static void fail_all(DbJob **jobs, size_t n_jobs, const GError *error)
{
    for (size_t i = 0; i < n_jobs; i++) {
        if (!jobs[i]->error)
            jobs[i]->error = g_error_copy(error);
    }
}

static void roll_back(DbConnection *connection)
{
    /* After some errors SQLite has done so itself; if this one fails, the next BEGIN tells. */
    if (db_connection_in_transaction(connection))
        (void)db_connection_control(connection, DB_CONTROL_ROLLBACK, NULL);
}

bool db_group_run(DbConnection *connection, DbJob **jobs, size_t n_jobs)
{
    g_autoptr(GError) error = NULL;
    bool ok = db_connection_control(connection, DB_CONTROL_BEGIN_WRITING, &error);
    for (size_t i = 0; ok && i < n_jobs; i++)
        ok = run_in_savepoint(connection, jobs[i], &error);
    ok = ok && db_connection_control(connection, DB_CONTROL_COMMIT, &error);
    if (ok)
        return true;
    roll_back(connection);
    fail_all(jobs, n_jobs, error);
    return false;
}

void db_read_run(DbConnection *connection, DbJob *job)
{
    if (!db_connection_control(connection, DB_CONTROL_BEGIN, &job->error))
        return;
    (void)call_job(connection, job);
    roll_back(connection);
}
