// SPDX-License-Identifier: Apache-2.0
#include "server/base/db/db_private.h"

#include <string.h>

enum {
    MAX_PARAMETERS = 64,
    /* How often one statement may be open at the same time in one job. */
    MAX_OPEN_USES = 16,
};

typedef enum {
    QUERY_STATE_FREE,  /* nobody uses it */
    QUERY_STATE_READY, /* being bound, not stepped yet */
    QUERY_STATE_ROW,
    QUERY_STATE_ENDED, /* stepped to the end: may be used again, its columns are gone */
} QueryState;

struct DbQuery {
    DbConnection *connection;
    const DbStatement *statement;
    sqlite3_stmt *stmt;
    /* SQLite numbers "$2, $1" in the order of appearance: $N -> its index, 0 when there is no $N.
     */
    int index_of[MAX_PARAMETERS + 1];
    QueryState state;
    int fault; /* the first failure of a bind or of db_query() itself, shown by the next step */
    const char *fault_text;
};

static bool map_parameters(DbQuery *query, GError **error)
{
    int n_parameters = sqlite3_bind_parameter_count(query->stmt);
    for (int i = 1; i <= n_parameters; i++) {
        const char *name = sqlite3_bind_parameter_name(query->stmt, i);
        guint64 number = 0;
        if (!name || name[0] != '$' ||
            !g_ascii_string_to_unsigned(name + 1, 10, 1, MAX_PARAMETERS, &number, NULL)) {
            g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
                        "statement %s: parameter %s is not $1 to $%d", query->statement->name,
                        name ? name : "?", MAX_PARAMETERS);
            return false;
        }
        query->index_of[number] = i;
    }
    return true;
}

static bool is_end_of_sql(const char *tail)
{
    /* "-- comments" may follow the statement; a second statement may not. */
    while (*tail) {
        if (g_str_has_prefix(tail, "--")) {
            tail += strcspn(tail, "\n");
        } else if (g_ascii_isspace(*tail)) {
            tail++;
        } else {
            return false;
        }
    }
    return true;
}

DbQuery *db_query_new(DbConnection *connection, const DbStatement *statement, GError **error)
{
    DbQuery *query = g_new0(DbQuery, 1);
    query->connection = connection;
    query->statement = statement;
    const char *tail = "";
    int code = sqlite3_prepare_v3(connection->sqlite, statement->sql, -1, SQLITE_PREPARE_PERSISTENT,
                                  &query->stmt, &tail);
    bool ok = false;
    if (code != SQLITE_OK) {
        g_autofree char *context = g_strdup_printf("statement %s", statement->name);
        db_connection_set_error(connection, code, context, error);
    } else if (!query->stmt || !is_end_of_sql(tail)) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
                    "statement %s: exactly one SQL statement is expected", statement->name);
    } else {
        ok = map_parameters(query, error);
    }
    if (!ok)
        g_clear_pointer(&query, db_query_free);
    return query;
}

void db_query_free(DbQuery *query)
{
    if (!query)
        return;
    (void)sqlite3_finalize(query->stmt);
    g_free(query);
}

void db_query_end_all(DbConnection *connection)
{
    for (unsigned i = 0; i < connection->used->len; i++) {
        DbQuery *query = g_ptr_array_index(connection->used, i);
        (void)sqlite3_reset(query->stmt);
        (void)sqlite3_clear_bindings(query->stmt);
        query->state = QUERY_STATE_FREE;
        query->fault = SQLITE_OK;
    }
    g_ptr_array_set_size(connection->used, 0);
}

static bool is_open(const DbQuery *query)
{
    return query->state == QUERY_STATE_READY || query->state == QUERY_STATE_ROW;
}

static void set_fault(DbQuery *query, int code, const char *text)
{
    if (query->fault != SQLITE_OK)
        return;
    query->fault = code;
    query->fault_text = text;
}

/* An instance of the statement that is not open. Two functions of one job that read the same row,
 * one inside the other's loop, get one each. NULL when there are too many. */
static DbQuery *find_instance(DbConnection *connection, unsigned index)
{
    GPtrArray *instances = connection->queries[index];
    for (unsigned i = 0; i < instances->len; i++) {
        DbQuery *query = g_ptr_array_index(instances, i);
        if (!is_open(query))
            return query;
    }
    if (instances->len >= MAX_OPEN_USES)
        return NULL;
    DbQuery *query =
        db_query_new(connection, g_ptr_array_index(connection->registry->statements, index), NULL);
    if (query)
        g_ptr_array_add(instances, query);
    return query;
}

DbQuery *db_query(DbTx *tx, const char *name)
{
    DbConnection *connection = tx->connection;
    unsigned index = GPOINTER_TO_UINT(g_hash_table_lookup(connection->registry->index_of, name));
    if (index == 0)
        g_error("there is no statement named %s", name);
    index--;
    DbQuery *query = find_instance(connection, index);
    if (!query) {
        query = g_ptr_array_index(connection->queries[index], 0);
        set_fault(query, SQLITE_MISUSE, "used too often without db_reset() or a last step");
        return query;
    }
    if (query->state == QUERY_STATE_FREE)
        g_ptr_array_add(connection->used, query);
    (void)sqlite3_clear_bindings(query->stmt);
    query->state = QUERY_STATE_READY;
    query->fault = SQLITE_OK;
    return query;
}

/* Place of parameter INDEX; 0 when it cannot be bound, which the next step tells. Binding a query
 * that has ended starts it again with what was bound before. */
static int start_bind(DbQuery *query, int index)
{
    if (query->state == QUERY_STATE_ROW)
        set_fault(query, SQLITE_MISUSE, "bound between two rows");
    else if (index < 1 || index > MAX_PARAMETERS || query->index_of[index] == 0)
        set_fault(query, SQLITE_RANGE, "bound a parameter that it does not have");
    if (query->fault != SQLITE_OK)
        return 0;
    query->state = QUERY_STATE_READY;
    return query->index_of[index];
}

static void end_bind(DbQuery *query, int code)
{
    if (code != SQLITE_OK)
        set_fault(query, code, "cannot bind");
}

void db_bind_int(DbQuery *query, int index, int64_t value)
{
    int place = start_bind(query, index);
    if (place > 0)
        end_bind(query, sqlite3_bind_int64(query->stmt, place, value));
}

void db_bind_double(DbQuery *query, int index, double value)
{
    int place = start_bind(query, index);
    if (place > 0)
        end_bind(query, sqlite3_bind_double(query->stmt, place, value));
}

void db_bind_text(DbQuery *query, int index, const char *text)
{
    int place = start_bind(query, index);
    if (place > 0)
        end_bind(query, sqlite3_bind_text(query->stmt, place, text, -1, SQLITE_TRANSIENT));
}

void db_bind_null(DbQuery *query, int index)
{
    int place = start_bind(query, index);
    if (place > 0)
        end_bind(query, sqlite3_bind_null(query->stmt, place));
}

static void end_use(DbQuery *query)
{
    (void)sqlite3_reset(query->stmt);
    query->state = QUERY_STATE_ENDED;
}

DbStep db_step(DbQuery *query, GError **error)
{
    if (query->fault != SQLITE_OK) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_FAILED, "statement %s: %s",
                    query->statement->name, query->fault_text);
        return DB_FAILED;
    }
    if (!is_open(query))
        return DB_DONE;
    int code = sqlite3_step(query->stmt);
    if (code == SQLITE_ROW) {
        query->state = QUERY_STATE_ROW;
        return DB_ROW;
    }
    if (code != SQLITE_DONE) {
        g_autofree char *context = g_strdup_printf("statement %s", query->statement->name);
        db_connection_set_error(query->connection, code, context, error);
    }
    end_use(query);
    return code == SQLITE_DONE ? DB_DONE : DB_FAILED;
}

gpointer db_row_text(DbQuery *row)
{
    return db_column_dup(row, 0);
}

bool db_collect(DbQuery *query, DbReadRow read, GPtrArray *rows, GError **error)
{
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW)
        g_ptr_array_add(rows, read(query));
    return step == DB_DONE;
}

bool db_exec(DbQuery *query, GError **error)
{
    DbStep step;
    do {
        step = db_step(query, error);
    } while (step == DB_ROW);
    return step == DB_DONE;
}

void db_reset(DbQuery *query)
{
    end_use(query);
}

bool db_column_is_null(DbQuery *query, int column)
{
    return sqlite3_column_type(query->stmt, column) == SQLITE_NULL;
}

int64_t db_column_int(DbQuery *query, int column)
{
    return sqlite3_column_int64(query->stmt, column);
}

double db_column_double(DbQuery *query, int column)
{
    return sqlite3_column_double(query->stmt, column);
}

const char *db_column_text(DbQuery *query, int column)
{
    return (const char *)sqlite3_column_text(query->stmt, column);
}

char *db_column_dup(DbQuery *query, int column)
{
    return g_strdup(db_column_text(query, column));
}

int64_t db_changes(DbTx *tx)
{
    return sqlite3_changes64(tx->connection->sqlite);
}
