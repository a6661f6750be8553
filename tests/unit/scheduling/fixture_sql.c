// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/fixture_sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>

char *fixture_sql_text(const Fixture *fixture, const char *sql)
{
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    char *text = g_strdup((const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return text;
}

int64_t fixture_sql_int(const Fixture *fixture, const char *sql)
{
    g_autofree char *text = fixture_sql_text(fixture, sql);
    int64_t number = 0;
    assert_true(text && g_ascii_string_to_signed(text, 10, INT64_MIN, INT64_MAX, &number, NULL));
    return number;
}

void fixture_account(const Fixture *fixture, const char *user_id, bool is_disabled)
{
    g_autofree char *sql = g_strdup_printf(
        "INSERT INTO account (id, login, name, role, password_hash, disabled, created_at_ms,"
        " changed_at_ms) VALUES ('%1$s', '%1$s', 'N', 'doctor', '-', %2$d, 0, 0)"
        " ON CONFLICT (id) DO UPDATE SET disabled = excluded.disabled",
        user_id, is_disabled);
    assert_true(fixture_sql_run(fixture, sql));
}

bool fixture_sql_run(const Fixture *fixture, const char *sql)
{
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    int result = sqlite3_exec(db, sql, NULL, NULL, NULL);
    sqlite3_close(db);
    assert_true(result == SQLITE_OK || result == SQLITE_CONSTRAINT);
    return result == SQLITE_OK;
}
