// SPDX-License-Identifier: Apache-2.0
#include "server/base/db/db_private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
    /* How long a command beside the server may hold the write lock before we give up. */
    BUSY_TIMEOUT_MS = 10000,
};

/* foreign_keys and the like are per connection and not kept in the file. */
static const char common_pragmas[] = "PRAGMA foreign_keys = ON;"
                                     "PRAGMA trusted_schema = OFF;"
                                     "PRAGMA temp_store = MEMORY;"
                                     "PRAGMA synchronous = FULL;";
/* The default cache of 2 MiB does not hold the inner pages of a few dozen large trees, and a log
 * that is folded in at 1,000 pages is so after each group of bookings. Neither touches when a
 * commit is on the disk. */
static const char writer_pragmas[] = "PRAGMA journal_size_limit = 67108864;"
                                     "PRAGMA wal_autocheckpoint = 8000;"
                                     "PRAGMA cache_size = -65536;";
static const char reader_pragmas[] = "PRAGMA query_only = ON;"
                                     "PRAGMA cache_size = -16384;";

static BaseError error_code(int sqlite_code)
{
    /* A bug of the caller's, not a row that lost a race. */
    if (sqlite_code == SQLITE_CONSTRAINT_NOTNULL || sqlite_code == SQLITE_CONSTRAINT_DATATYPE)
        return BASE_ERROR_FAILED;
    switch (sqlite_code & 0xff) {
    case SQLITE_CONSTRAINT:
        return BASE_ERROR_CONFLICT;
    case SQLITE_FULL:
    case SQLITE_IOERR:
        return BASE_ERROR_STORAGE;
    default:
        return BASE_ERROR_FAILED;
    }
}

void db_connection_set_error(DbConnection *connection, int code, const char *context,
                             GError **error)
{
    g_set_error(error, BASE_ERROR, error_code(code), "%s: %s", context,
                sqlite3_errmsg(connection->sqlite));
}

bool db_connection_exec(DbConnection *connection, const char *sql, GError **error)
{
    int code = sqlite3_exec(connection->sqlite, sql, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        return true;
    db_connection_set_error(connection, code, "database", error);
    return false;
}

static const char *const control_sql[DB_N_CONTROLS] = {
    [DB_CONTROL_BEGIN] = "BEGIN",
    [DB_CONTROL_BEGIN_WRITING] = "BEGIN IMMEDIATE",
    [DB_CONTROL_COMMIT] = "COMMIT",
    [DB_CONTROL_ROLLBACK] = "ROLLBACK",
    [DB_CONTROL_SAVEPOINT] = "SAVEPOINT job",
    [DB_CONTROL_RELEASE] = "RELEASE job",
    [DB_CONTROL_ROLLBACK_TO] = "ROLLBACK TO job",
};

static bool prepare_controls(DbConnection *connection, GError **error)
{
    for (int i = 0; i < DB_N_CONTROLS; i++) {
        int code = sqlite3_prepare_v3(connection->sqlite, control_sql[i], -1,
                                      SQLITE_PREPARE_PERSISTENT, &connection->controls[i], NULL);
        if (code != SQLITE_OK) {
            db_connection_set_error(connection, code, control_sql[i], error);
            return false;
        }
    }
    return true;
}

bool db_connection_control(DbConnection *connection, DbControl control, GError **error)
{
    int code = sqlite3_step(connection->controls[control]);
    if (code != SQLITE_DONE)
        db_connection_set_error(connection, code, "database", error);
    (void)sqlite3_reset(connection->controls[control]);
    return code == SQLITE_DONE;
}

bool db_connection_in_transaction(const DbConnection *connection)
{
    return sqlite3_get_autocommit(connection->sqlite) == 0;
}

/* The file holds patients' data: it is made for its owner alone before SQLite sees it. SQLite gives
 * the WAL beside it the same mode. A file that exists is never opened here: closing it would drop
 * the POSIX locks of every connection of this process, and a command beside the server would take
 * itself for the last user and delete the WAL (sqlite.org/howtocorrupt.html, 2.2). */
static bool create_private_file(const char *path, GError **error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST)
        return true;
    if (fd < 0) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_FAILED, "cannot open database %s: %s", path,
                    g_strerror(errno));
        return false;
    }
    (void)close(fd);
    return true;
}

static int is_wal(void *user_data, int n_columns, char **values, char **names)
{
    (void)names;
    *(bool *)user_data = n_columns == 1 && g_strcmp0(values[0], "wal") == 0;
    return 0;
}

/* Readers that do not wait for the writer exist only with a WAL, which some file systems cannot
 * hold. */
static bool turn_on_wal(DbConnection *connection, GError **error)
{
    bool on = false;
    int code = sqlite3_exec(connection->sqlite, "PRAGMA journal_mode = WAL", is_wal, &on, NULL);
    if (code != SQLITE_OK) {
        db_connection_set_error(connection, code, "write-ahead log", error);
    } else if (!on) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_FAILED, "no write-ahead log on this file system");
    }
    return on;
}

DbConnection *db_connection_open(const char *path, DbRole role, GError **error)
{
    if (!create_private_file(path, error))
        return NULL;
    g_autoptr(DbConnection) connection = g_new0(DbConnection, 1);
    connection->used = g_ptr_array_new();
    connection->tx.connection = connection;
    int code = sqlite3_open_v2(path, &connection->sqlite,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_FAILED, "cannot open database %s: %s", path,
                    sqlite3_errstr(code));
        return NULL;
    }
    (void)sqlite3_extended_result_codes(connection->sqlite, 1);
    (void)sqlite3_busy_timeout(connection->sqlite, BUSY_TIMEOUT_MS);
    const char *pragmas = role == DB_ROLE_WRITER ? writer_pragmas : reader_pragmas;
    if (!db_connection_exec(connection, common_pragmas, error) ||
        (role == DB_ROLE_WRITER && !turn_on_wal(connection, error)) ||
        !db_connection_exec(connection, pragmas, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    return g_steal_pointer(&connection);
}

void db_connection_free(DbConnection *connection)
{
    if (!connection)
        return;
    if (connection->queries) {
        for (unsigned i = 0; i < connection->registry->statements->len; i++)
            g_clear_pointer(&connection->queries[i], g_ptr_array_unref);
        g_free(connection->queries);
    }
    for (int i = 0; i < DB_N_CONTROLS; i++)
        (void)sqlite3_finalize(connection->controls[i]);
    g_ptr_array_unref(connection->used);
    (void)sqlite3_close_v2(connection->sqlite);
    g_free(connection);
}

static void free_query(gpointer data)
{
    db_query_free(data);
}

bool db_connection_prepare(DbConnection *connection, const DbRegistry *registry, GError **error)
{
    g_assert(!connection->queries);
    connection->registry = registry;
    connection->queries = g_new0(GPtrArray *, registry->statements->len + 1);
    for (unsigned i = 0; i < registry->statements->len; i++) {
        DbQuery *query =
            db_query_new(connection, g_ptr_array_index(registry->statements, i), error);
        if (!query)
            return false;
        connection->queries[i] = g_ptr_array_new_with_free_func(free_query);
        g_ptr_array_add(connection->queries[i], query);
    }
    return prepare_controls(connection, error);
}
