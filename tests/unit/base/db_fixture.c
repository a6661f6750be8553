// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/db_fixture.h"

#include <unistd.h>

#include "db_fixture_resource.h"

const char *const db_fixture_migrations[] = {"/test/0100_thing.sql", "/test/0101_more.sql", NULL};
const char *const db_fixture_statements[] = {"/test/thing.sql", NULL};

int db_fixture_set_up(void **state)
{
    DbFixture *fixture = g_new0(DbFixture, 1);
    fixture->folder = g_dir_make_tmp("huyula-db-XXXXXX", NULL);
    if (!fixture->folder)
        return -1;
    fixture->path = g_build_filename(fixture->folder, "test.db", NULL);
    *state = fixture;
    return 0;
}

int db_fixture_tear_down(void **state)
{
    DbFixture *fixture = *state;
    db_free(fixture->db);
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *path = g_strconcat(fixture->path, endings[i], NULL);
        (void)unlink(path);
    }
    int result = rmdir(fixture->folder);
    g_free(fixture->path);
    g_free(fixture->folder);
    g_free(fixture);
    return result;
}

DbOwner *db_fixture_owner(const char *const *migrations, const char *const *statements)
{
    if (!db_fixture_get_resource())
        db_fixture_register_resource();
    DbOwner *owner = g_new0(DbOwner, 1);
    owner->owner = "test";
    owner->resource = db_fixture_get_resource();
    owner->migrations = migrations;
    owner->statements = statements;
    return owner;
}

Db *db_fixture_open(DbFixture *fixture, const DbOwner *owner, unsigned n_readers, GError **error)
{
    const DbOwner *const owners[] = {owner, NULL};
    DbOptions options = {.path = fixture->path, .owners = owners, .n_readers = n_readers};
    return db_open(&options, error);
}

void db_fixture_start(DbFixture *fixture, unsigned n_readers, size_t queue_capacity)
{
    g_autoptr(GError) error = NULL;
    g_autofree DbOwner *owner = db_fixture_owner(db_fixture_migrations, db_fixture_statements);
    const DbOwner *const owners[] = {owner, NULL};
    DbOptions options = {.path = fixture->path,
                         .owners = owners,
                         .n_readers = n_readers,
                         .queue_capacity = queue_capacity};
    fixture->db = db_open(&options, &error);
    if (!fixture->db || !db_migrate(fixture->db, NULL, &error) || !db_start(fixture->db, &error))
        g_error("fixture: %s", error->message);
}

sqlite3 *db_fixture_raw(const DbFixture *fixture)
{
    sqlite3 *raw = NULL;
    g_assert(sqlite3_open_v2(fixture->path, &raw, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
    g_assert(sqlite3_busy_timeout(raw, 5000) == SQLITE_OK);
    return raw;
}

void db_fixture_raw_exec(const DbFixture *fixture, const char *sql)
{
    sqlite3 *raw = db_fixture_raw(fixture);
    if (sqlite3_exec(raw, sql, NULL, NULL, NULL) != SQLITE_OK)
        g_error("%s: %s", sql, sqlite3_errmsg(raw));
    g_assert(sqlite3_close(raw) == SQLITE_OK);
}

void db_fixture_wait_for(const unsigned *count, unsigned n)
{
    while (*count < n)
        (void)g_main_context_iteration(NULL, TRUE);
}

bool db_fixture_insert(DbTx *tx, const char *id, int64_t n, GError **error)
{
    DbQuery *insert = db_query(tx, "thing_insert");
    db_bind_text(insert, 1, id);
    db_bind_int(insert, 2, n);
    return db_exec(insert, error);
}

bool db_fixture_count_job(DbTx *tx, gpointer data, GError **error)
{
    DbQuery *count = db_query(tx, "thing_count");
    if (db_step(count, error) != DB_ROW)
        return false;
    *(int64_t *)data = db_column_int(count, 0);
    return true;
}
