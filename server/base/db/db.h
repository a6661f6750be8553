// SPDX-License-Identifier: Apache-2.0
/* The data engine, the only code that touches SQLite (WAL, synchronous=FULL, foreign keys).
 *
 * Writes: jobs run one after the other on the database thread. Jobs that wait together form a
 * group: BEGIN IMMEDIATE, each job in a SAVEPOINT of its own, one COMMIT. A job that fails, or
 * leaves a deferred foreign key open, is rolled back alone. Replies go out only after the group's
 * COMMIT, in order, to the GMainContext that was the thread default when db_open() was called.
 *
 * Reads: reader threads, each with its own connection and a consistent snapshot per job; reports
 * have their own thread so that they never delay a join.
 *
 * Command-line tools use db_run_now() on a Db opened with n_readers = 0: no threads, busy timeout.
 *
 * Statements are named, kept in .sql files of their owner ("-- name: visit_get" starts one), bound,
 * and prepared at start: a typo stops the server. */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>
#include "server/base/clock.h"
#include "server/base/error.h"

typedef struct Db Db;
typedef struct DbTx DbTx;
typedef struct DbQuery DbQuery;

/** What one owner brings. Migrations are forward only: each is one transaction, numbered across all
 * owners by its file name ("0003_visit.sql") and recorded by name and hash. */
typedef struct {
    const char *owner;             /**< "scheduling" */
    GResource *resource;           /**< holds the files below; registered by the owner */
    const char *const *migrations; /**< resource paths, in order, NULL-ended */
    const char *const *statements; /**< resource paths of .sql files, NULL-ended */
} DbOwner;

typedef struct {
    const char *path;
    const DbOwner *const *owners; /**< NULL-ended; "base" (audit, outbox) is added by the engine */
    unsigned n_readers;           /**< 0: no threads at all, only db_run_now() */
    size_t queue_capacity;        /**< waiting jobs; 0: 4096 */
} DbOptions;

/** Opens, does not migrate. Statements are prepared by db_start() or the first db_run_now(). */
Db *db_open(const DbOptions *options, GError **error);
/** Applies what is missing. *ret_n_applied may be NULL. Refuses a database of a newer program and
 * one whose applied migration has another hash. */
bool db_migrate(Db *db, unsigned *ret_n_applied, GError **error);
/** Prepares all statements on every connection and starts the threads. Fails when a migration is
 * missing or a statement does not prepare (named in the error). */
bool db_start(Db *db, GError **error);
/** Finishes queued jobs, joins the threads, then answers the jobs (their DONE functions run inside
 * this call). A job that comes later is answered with BASE_ERROR_CLOSED from the main context. */
void db_stop(Db *db);
/** Stops and frees. Answers that have not been delivered are dropped, their DATA freed. */
void db_free(Db *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Db, db_free)

/** A job: runs on a database thread; DATA must not be touched by others meanwhile. False with ERROR
 * set rolls the job back. */
typedef bool (*DbJobFunc)(DbTx *tx, gpointer data, GError **error);
/** After the COMMIT, on the main context. ERROR is NULL on success. DATA is freed afterwards by the
 * engine with the free function given. */
typedef void (*DbDoneFunc)(gpointer data, const GError *error);

/** Queues a write. When the queue is full or closed DONE is called (from the main context, later)
 * with BASE_ERROR_FULL or _CLOSED. DONE and FREE_FUNC may be NULL. */
void db_write(Db *db, DbJobFunc job, DbDoneFunc done, gpointer data, GDestroyNotify free_func);
/** Queues a read on a reader thread; a snapshot that includes every write already answered. */
void db_read(Db *db, DbJobFunc job, DbDoneFunc done, gpointer data, GDestroyNotify free_func);
/** As db_read(), on the report thread. */
void db_read_report(Db *db, DbJobFunc job, DbDoneFunc done, gpointer data,
                    GDestroyNotify free_func);
/** Runs JOB here and now in an IMMEDIATE transaction of its own; only with n_readers = 0. */
bool db_run_now(Db *db, DbJobFunc job, gpointer data, GError **error);

/** Numbers for /metrics: any thread. */
typedef struct {
    uint64_t n_writes, n_reads, n_groups, n_failed;
    uint64_t queue_length;
    bool last_commit_failed; /**< nothing can be written: the disk is full or fails */
} DbStats;
void db_stats(Db *db, DbStats *ret_stats);

/* Inside a job. Parameters are numbered from 1 ($1, $2 ...), columns from 0. */

/** Starts the statement NAME; an unknown name asserts (a bug). Owned by the transaction: no free,
 * and the end of the job ends it. The same statement may be open up to 16 times at once in a job
 * (one read inside another's loop); a use ends when it is stepped to the end or reset, so reset
 * single-row reads that a loop repeats. A wrong bind or a use too many makes the next db_step()
 * fail. */
DbQuery *db_query(DbTx *tx, const char *name);
void db_bind_int(DbQuery *query, int index, int64_t value);
void db_bind_double(DbQuery *query, int index, double value);
/** TEXT is copied; NULL binds NULL. */
void db_bind_text(DbQuery *query, int index, const char *text);
void db_bind_null(DbQuery *query, int index);

typedef enum { DB_ROW, DB_DONE, DB_FAILED } DbStep;
/** Next row; DB_DONE again and again after the last. DB_FAILED sets ERROR: BASE_ERROR_CONFLICT when
 * a UNIQUE, PRIMARY KEY, CHECK or FOREIGN KEY constraint or a trigger refused the row, else
 * BASE_ERROR_FAILED (a NOT NULL or type fault is the caller's bug). */
DbStep db_step(DbQuery *query, GError **error);
/** What a row is read into, owned by the caller. */
typedef gpointer (*DbReadRow)(DbQuery *row);
/** A DbReadRow: a copy of column 0, NULL for NULL. */
gpointer db_row_text(DbQuery *row);
/** Steps to the end and appends what READ makes of each row to ROWS; on failure those before it. */
bool db_collect(DbQuery *query, DbReadRow read, GPtrArray *rows, GError **error);
/** For statements without rows: steps to the end. */
bool db_exec(DbQuery *query, GError **error);
/** Ends the use early, before the last row. */
void db_reset(DbQuery *query);
bool db_column_is_null(DbQuery *query, int column);
int64_t db_column_int(DbQuery *query, int column);
double db_column_double(DbQuery *query, int column);
/** Valid until the next step; NULL for NULL. */
const char *db_column_text(DbQuery *query, int column);
/** A copy; NULL for NULL. */
char *db_column_dup(DbQuery *query, int column);
/** Rows changed by the last statement of this transaction. */
int64_t db_changes(DbTx *tx);
