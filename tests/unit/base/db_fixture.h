// SPDX-License-Identifier: Apache-2.0
/* A throw-away database with one owner ("test": tables thing and part) for the data engine's tests.
 */
#pragma once
#include <sqlite3.h>
#include "server/base/db/db.h"

typedef struct {
    char *folder;
    char *path;
    Db *db; /**< opened by the test; freed by the tear-down */
} DbFixture;

/** cmocka set-up and tear-down: makes the folder; removes it. */
int db_fixture_set_up(void **state);
int db_fixture_tear_down(void **state);

/** Owner "test" with these migrations and statements (resource paths, NULL-ended); g_free() it. */
DbOwner *db_fixture_owner(const char *const *migrations, const char *const *statements);
/** Opens the database with the usual owner; migrated and started. */
void db_fixture_start(DbFixture *fixture, unsigned n_readers, size_t queue_capacity);
/** Opens it with OWNER, nothing else done. */
Db *db_fixture_open(DbFixture *fixture, const DbOwner *owner, unsigned n_readers, GError **error);
/** A connection of the test's own, behind the engine's back. */
sqlite3 *db_fixture_raw(const DbFixture *fixture);
void db_fixture_raw_exec(const DbFixture *fixture, const char *sql);
/** Lets the default context run until *COUNT reaches N. */
void db_fixture_wait_for(const unsigned *count, unsigned n);
/** Inserts a thing inside a job. */
bool db_fixture_insert(DbTx *tx, const char *id, int64_t n, GError **error);
/** A DbJobFunc of an int64_t: how many things there are. */
bool db_fixture_count_job(DbTx *tx, gpointer data, GError **error);

extern const char *const db_fixture_migrations[];
extern const char *const db_fixture_statements[];
