// SPDX-License-Identifier: Apache-2.0
#include "server/base/db/db_private.h"

#include <string.h>

#include "server/base/secret.h"

/* One migration of some owner, with its text. */
typedef struct {
    char *owner;
    char *name; /* "0003_visit.sql" */
    char *sql;
    char *sha256;
    unsigned number;
    unsigned owner_place; /* the owner's place in the list: the order among equal numbers */
} Migration;

static const char create_table[] = "CREATE TABLE IF NOT EXISTS schema_migration ("
                                   "owner TEXT NOT NULL, name TEXT NOT NULL, "
                                   "sha256 TEXT NOT NULL, applied_at_ms INTEGER NOT NULL, "
                                   "PRIMARY KEY (owner, name)) STRICT";

static void migration_free(gpointer data)
{
    Migration *migration = data;
    g_free(migration->owner);
    g_free(migration->name);
    g_free(migration->sql);
    g_free(migration->sha256);
    g_free(migration);
}

static int compare_migrations(gconstpointer a, gconstpointer b)
{
    const Migration *first = *(const Migration *const *)a;
    const Migration *second = *(const Migration *const *)b;
    if (first->number != second->number)
        return first->number < second->number ? -1 : 1;
    if (first->owner_place != second->owner_place)
        return first->owner_place < second->owner_place ? -1 : 1;
    return strcmp(first->name, second->name);
}

/* The number before the first "_" of "0003_visit.sql"; four digits. */
static bool parse_number(const char *name, unsigned *ret_number)
{
    if (strspn(name, "0123456789") != 4 || name[4] != '_' || !g_str_has_suffix(name, ".sql"))
        return false;
    *ret_number = (unsigned)g_ascii_strtoull(name, NULL, 10);
    return true;
}

static bool add_migration(GPtrArray *migrations, const DbOwner *owner, unsigned owner_place,
                          const char *path, GError **error)
{
    g_autofree char *name = g_path_get_basename(path);
    unsigned number = 0;
    if (!parse_number(name, &number)) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
                    "migration %s of %s: the name must be NNNN_what.sql", name, owner->owner);
        return false;
    }
    char *sql = db_resource_text(owner, path, error);
    if (!sql)
        return false;
    Migration *migration = g_new0(Migration, 1);
    migration->owner = g_strdup(owner->owner);
    migration->name = g_steal_pointer(&name);
    migration->sha256 = secret_sha256_hex(sql, strlen(sql));
    migration->sql = sql;
    migration->number = number;
    migration->owner_place = owner_place;
    g_ptr_array_add(migrations, migration);
    return true;
}

/* All owners' migrations in the order of their numbers; NULL on error. */
static GPtrArray *collect(GPtrArray *owners, GError **error)
{
    g_autoptr(GPtrArray) migrations = g_ptr_array_new_with_free_func(migration_free);
    for (unsigned i = 0; i < owners->len; i++) {
        const DbOwner *owner = g_ptr_array_index(owners, i);
        for (unsigned j = 0; owner->migrations && owner->migrations[j]; j++) {
            if (!add_migration(migrations, owner, i, owner->migrations[j], error))
                return NULL;
        }
    }
    g_ptr_array_sort(migrations, compare_migrations);
    return g_steal_pointer(&migrations);
}

static char *migration_key(const char *owner, const char *name)
{
    return g_strdup_printf("%s/%s", owner, name);
}

static int add_applied(void *user_data, int n_columns, char **values, char **names)
{
    (void)names;
    g_assert(n_columns == 3);
    (void)g_hash_table_insert(user_data, migration_key(values[0], values[1]), g_strdup(values[2]));
    return 0;
}

/* What the database has: "owner/name" -> hash. NULL on error. */
static GHashTable *read_applied(DbConnection *connection, GError **error)
{
    g_autoptr(GHashTable) applied = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    int code = sqlite3_exec(connection->sqlite, "SELECT owner, name, sha256 FROM schema_migration",
                            add_applied, applied, NULL);
    if (code != SQLITE_OK) {
        db_connection_set_error(connection, code, "reading the schema's version", error);
        return NULL;
    }
    return g_steal_pointer(&applied);
}

/* Refuses a database that has a migration we do not know or know with another text. */
static bool check_applied(GHashTable *applied, GPtrArray *migrations, GError **error)
{
    unsigned n_known = 0;
    for (unsigned i = 0; i < migrations->len; i++) {
        const Migration *migration = g_ptr_array_index(migrations, i);
        g_autofree char *key = migration_key(migration->owner, migration->name);
        const char *sha256 = g_hash_table_lookup(applied, key);
        if (!sha256)
            continue;
        n_known++;
        if (strcmp(sha256, migration->sha256) != 0) {
            g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
                        "migration %s was applied with another text", key);
            return false;
        }
    }
    if (n_known != g_hash_table_size(applied)) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
                    "the database was made by a newer program");
        return false;
    }
    return true;
}

static bool record(DbConnection *connection, const Migration *migration, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    int code =
        sqlite3_prepare_v2(connection->sqlite,
                           "INSERT INTO schema_migration (owner, name, sha256, applied_at_ms) "
                           "VALUES (?1, ?2, ?3, ?4)",
                           -1, &stmt, NULL);
    if (code == SQLITE_OK) {
        (void)sqlite3_bind_text(stmt, 1, migration->owner, -1, SQLITE_STATIC);
        (void)sqlite3_bind_text(stmt, 2, migration->name, -1, SQLITE_STATIC);
        (void)sqlite3_bind_text(stmt, 3, migration->sha256, -1, SQLITE_STATIC);
        (void)sqlite3_bind_int64(stmt, 4, g_get_real_time() / 1000);
        code = sqlite3_step(stmt);
    }
    if (code != SQLITE_DONE)
        db_connection_set_error(connection, code, "recording a migration", error);
    (void)sqlite3_finalize(stmt);
    return code == SQLITE_DONE;
}

static int count_row(void *user_data, int n_columns, char **values, char **names)
{
    (void)n_columns;
    (void)values;
    (void)names;
    (*(unsigned *)user_data)++;
    return 0;
}

/* Foreign keys are off while a migration runs (rebuilding a table would empty its children), so
 * they are checked as a whole before it is committed. */
static bool check_foreign_keys(DbConnection *connection, GError **error)
{
    unsigned n_broken = 0;
    int code =
        sqlite3_exec(connection->sqlite, "PRAGMA foreign_key_check", count_row, &n_broken, NULL);
    if (code != SQLITE_OK) {
        db_connection_set_error(connection, code, "checking foreign keys", error);
        return false;
    }
    if (n_broken > 0) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "%u rows without their foreign row",
                    n_broken);
        return false;
    }
    return true;
}

static bool apply_inside(DbConnection *connection, const Migration *migration, GError **error)
{
    if (!db_connection_exec(connection, migration->sql, error))
        return false;
    if (!db_connection_in_transaction(connection)) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "it ends its own transaction");
        return false;
    }
    return check_foreign_keys(connection, error) && record(connection, migration, error);
}

/* Applies the next missing migration in a transaction of its own, in which what is there is read
 * again: another process may be migrating too. *ret_found: there was one. */
static bool apply_next(DbConnection *connection, GPtrArray *migrations, bool *ret_found,
                       GError **error)
{
    g_autoptr(GHashTable) applied = read_applied(connection, error);
    if (!applied || !check_applied(applied, migrations, error))
        return false;
    for (unsigned i = 0; i < migrations->len; i++) {
        const Migration *migration = g_ptr_array_index(migrations, i);
        g_autofree char *key = migration_key(migration->owner, migration->name);
        if (g_hash_table_contains(applied, key))
            continue;
        *ret_found = true;
        if (apply_inside(connection, migration, error))
            return true;
        g_prefix_error(error, "migration %s: ", key);
        return false;
    }
    *ret_found = false;
    return true;
}

static bool migrate_one(DbConnection *connection, GPtrArray *migrations, bool *ret_found,
                        GError **error)
{
    if (!db_connection_exec(connection, "BEGIN IMMEDIATE", error))
        return false;
    if (db_connection_exec(connection, create_table, error) &&
        apply_next(connection, migrations, ret_found, error) &&
        db_connection_exec(connection, "COMMIT", error))
        return true;
    if (db_connection_in_transaction(connection))
        (void)db_connection_exec(connection, "ROLLBACK", NULL);
    return false;
}

bool db_migrate_run(DbConnection *connection, GPtrArray *owners, unsigned *ret_n_applied,
                    GError **error)
{
    g_autoptr(GPtrArray) migrations = collect(owners, error);
    if (!migrations || !db_connection_exec(connection, "PRAGMA foreign_keys = OFF", error))
        return false;
    unsigned n_applied = 0;
    bool found = false;
    bool ok;
    while ((ok = migrate_one(connection, migrations, &found, error)) && found)
        n_applied++;
    if (!db_connection_exec(connection, "PRAGMA foreign_keys = ON", ok ? error : NULL))
        ok = false;
    if (ok && ret_n_applied)
        *ret_n_applied = n_applied;
    return ok;
}

bool db_migrate_check(DbConnection *connection, GPtrArray *owners, GError **error)
{
    g_autoptr(GPtrArray) migrations = collect(owners, error);
    if (!migrations)
        return false;
    g_autoptr(GHashTable) applied = read_applied(connection, error);
    if (!applied) {
        g_prefix_error(error, "the database is not migrated: ");
        return false;
    }
    if (!check_applied(applied, migrations, error))
        return false;
    if (g_hash_table_size(applied) < migrations->len) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
                    "%u migrations are missing: migrate first",
                    migrations->len - g_hash_table_size(applied));
        return false;
    }
    return true;
}
