// SPDX-License-Identifier: Apache-2.0
/* What the files of the data engine share. Only server/base/db includes this, and with it SQLite.
 *
 * A DbRegistry (all named statements) is built at db_open() and read-only afterwards. A
 * DbConnection belongs to one thread at a time: the opener prepares it, its thread uses it, the
 * closer frees it. */
#pragma once
#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include "server/base/db/db.h"

/* --- db_registry.c: statements by name --- */

typedef struct {
    char *name;
    char *sql;
} DbStatement;

typedef struct {
    GPtrArray *statements; /**< DbStatement */
    GHashTable *index_of;  /**< name -> index + 1 */
} DbRegistry;

DbRegistry *db_registry_new(void);
void db_registry_free(DbRegistry *registry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DbRegistry, db_registry_free)
/** Adds the statements of one .sql text; SOURCE names it in errors. */
bool db_registry_add_text(DbRegistry *registry, const char *source, const char *text,
                          GError **error);
/** Adds all statement files of OWNER. */
bool db_registry_add_owner(DbRegistry *registry, const DbOwner *owner, GError **error);
/** Text of a resource file, NUL-ended; the caller frees it. */
char *db_resource_text(const DbOwner *owner, const char *path, GError **error);

/* --- db_connection.c: one connection and its prepared statements --- */

typedef enum {
    DB_ROLE_WRITER,
    DB_ROLE_READER, /**< query_only */
} DbRole;

typedef struct DbConnection DbConnection;

/** What stands around jobs. */
typedef enum {
    DB_CONTROL_BEGIN, /**< a snapshot, from its first statement on */
    DB_CONTROL_BEGIN_WRITING,
    DB_CONTROL_COMMIT,
    DB_CONTROL_ROLLBACK,
    DB_CONTROL_SAVEPOINT,
    DB_CONTROL_RELEASE,
    DB_CONTROL_ROLLBACK_TO,
    DB_N_CONTROLS
} DbControl;

/** The transaction handle that jobs get: their connection. */
struct DbTx {
    DbConnection *connection;
};

struct DbConnection {
    sqlite3 *sqlite;
    const DbRegistry *registry; /* NULL until prepared */
    GPtrArray **queries; /* by statement index: arrays of DbQuery, the first one always there */
    GPtrArray *used;     /* DbQuery that this job has started, borrowed */
    sqlite3_stmt *controls[DB_N_CONTROLS]; /* prepared with the queries */
    DbTx tx;
};

DbConnection *db_connection_open(const char *path, DbRole role, GError **error);
void db_connection_free(DbConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DbConnection, db_connection_free)
/** Prepares every statement of REGISTRY, which must outlive the connection, and the controls. */
bool db_connection_prepare(DbConnection *connection, const DbRegistry *registry, GError **error);
/** Runs constant SQL without parameters. */
bool db_connection_exec(DbConnection *connection, const char *sql, GError **error);
/** Runs one of the statements around jobs; the connection must be prepared. */
bool db_connection_control(DbConnection *connection, DbControl control, GError **error);
/** Sets ERROR from the connection's last result CODE, with CONTEXT before it. */
void db_connection_set_error(DbConnection *connection, int code, const char *context,
                             GError **error);
/** True while a transaction is open. Some errors (a full disk) end one behind our back. */
bool db_connection_in_transaction(const DbConnection *connection);

/* --- db_query.c: one use of a prepared statement --- */

DbQuery *db_query_new(DbConnection *connection, const DbStatement *statement, GError **error);
void db_query_free(DbQuery *query);
/** Ends every use that the job has left open. */
void db_query_end_all(DbConnection *connection);

/* --- db_group.c: transactions around jobs --- */

/** One queued job and, once run, its outcome. */
typedef struct {
    DbJobFunc job;
    DbDoneFunc done;
    gpointer data;
    GDestroyNotify free_func;
    GError *error;
} DbJob;

void db_job_free(DbJob *job);
/** Runs JOBS as one group: one transaction, a savepoint each. Every job ends with its error set or
 * is committed. */
bool db_group_run(DbConnection *connection, DbJob **jobs, size_t n_jobs);
/** Runs one read in a snapshot of its own. */
void db_read_run(DbConnection *connection, DbJob *job);

/* --- db_migrate.c --- */

/** As db_migrate(). */
bool db_migrate_run(DbConnection *connection, GPtrArray *owners, unsigned *ret_n_applied,
                    GError **error);
/** Fails when a migration of OWNERS is missing, changed or unknown. */
bool db_migrate_check(DbConnection *connection, GPtrArray *owners, GError **error);
