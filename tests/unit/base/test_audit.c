// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/cmocka_all.h"

#include <string.h>

#include "server/base/audit.h"
#include "tests/unit/base/db_fixture.h"

static const AuditEntry entry = {
    .at_ms = 1795521600000,
    .actor_kind = "user",
    .actor_id = "01a",
    .actor_role = "doctor",
    .action = "visit.read",
    .object_kind = "visit",
    .object_id = "01b",
    .address = "192.0.2.7",
    .result = "ok",
};

static bool append_three(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    AuditEntry sparse = {.at_ms = 5, .actor_kind = "system", .action = "start", .result = "ok"};
    return audit_append(tx, &entry, error) && audit_append(tx, &sparse, error) &&
           audit_append(tx, &entry, error);
}

static bool append_without_action(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    AuditEntry incomplete = {.at_ms = 5, .actor_kind = "system", .result = "ok"};
    return audit_append(tx, &entry, error) && audit_append(tx, &incomplete, error);
}

static bool verify(DbTx *tx, gpointer data, GError **error)
{
    return audit_verify(tx, data, error);
}

static void chain_of_good_rows(void **state)
{
    DbFixture *fixture = *state;
    db_fixture_start(fixture, 0, 0);
    int64_t n_rows = -1;
    assert_true(db_run_now(fixture->db, verify, &n_rows, NULL));
    assert_int_equal(n_rows, 0);
    assert_true(db_run_now(fixture->db, append_three, NULL, NULL));
    assert_true(db_run_now(fixture->db, append_three, NULL, NULL));
    assert_true(db_run_now(fixture->db, verify, &n_rows, NULL));
    assert_int_equal(n_rows, 6);
}

static void failed_job_leaves_no_row(void **state)
{
    DbFixture *fixture = *state;
    db_fixture_start(fixture, 0, 0);
    g_autoptr(GError) error = NULL;
    assert_false(db_run_now(fixture->db, append_without_action, NULL, &error));
    assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_FAILED));
    int64_t n_rows = -1;
    assert_true(db_run_now(fixture->db, verify, &n_rows, NULL));
    assert_int_equal(n_rows, 0);
}

static void rows_cannot_be_changed_by_statement(void **state)
{
    DbFixture *fixture = *state;
    db_fixture_start(fixture, 0, 0);
    assert_true(db_run_now(fixture->db, append_three, NULL, NULL));
    sqlite3 *raw = db_fixture_raw(fixture);
    assert_int_equal(sqlite3_exec(raw, "UPDATE audit SET result = 'x'", NULL, NULL, NULL),
                     SQLITE_CONSTRAINT);
    assert_int_equal(sqlite3_exec(raw, "DELETE FROM audit WHERE id = 3", NULL, NULL, NULL),
                     SQLITE_CONSTRAINT);
    assert_int_equal(sqlite3_close(raw), SQLITE_OK);
}

static int64_t count_rows(const DbFixture *fixture, const char *sql)
{
    sqlite3 *raw = db_fixture_raw(fixture);
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(raw, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(statement, 0);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_int_equal(sqlite3_close(raw), SQLITE_OK);
    return n;
}

/* Makes the trail's table again as it was before 0301, with its rows. */
static void make_older(DbFixture *fixture)
{
    g_autoptr(GBytes) bytes = g_resources_lookup_data("/huyula/base/sql/0001_base.sql", 0, NULL);
    assert_non_null(bytes);
    gsize size;
    const char *text = g_bytes_get_data(bytes, &size);
    g_autofree char *base = g_strndup(text, size);
    g_clear_pointer(&fixture->db, db_free);
    db_fixture_raw_exec(fixture,
                        "CREATE TABLE kept AS SELECT * FROM audit; DROP TABLE audit;"
                        "DROP TABLE outbox; DELETE FROM schema_migration WHERE name LIKE '0301_%'");
    db_fixture_raw_exec(fixture, base);
    db_fixture_raw_exec(fixture, "INSERT INTO audit SELECT * FROM kept; DROP TABLE kept");
}

static const char n_hash_indexes[] =
    "SELECT COUNT(*) FROM pragma_index_list('audit') WHERE origin = 'u'";

static void older_trail_goes_on(void **state)
{
    DbFixture *fixture = *state;
    db_fixture_start(fixture, 0, 0);
    assert_true(db_run_now(fixture->db, append_three, NULL, NULL));
    make_older(fixture);
    assert_int_equal(count_rows(fixture, n_hash_indexes), 1);
    db_fixture_start(fixture, 0, 0);
    assert_int_equal(count_rows(fixture, n_hash_indexes), 0);
    int64_t n_rows = -1;
    assert_true(db_run_now(fixture->db, verify, &n_rows, NULL));
    assert_int_equal(n_rows, 3);
    assert_true(db_run_now(fixture->db, append_three, NULL, NULL));
    assert_true(db_run_now(fixture->db, verify, &n_rows, NULL));
    assert_int_equal(n_rows, 6);
    assert_int_equal(count_rows(fixture, "SELECT COUNT(*) FROM audit INDEXED BY audit_by_actor "
                                         "WHERE actor_id IS NOT NULL AND actor_id = '01a'"),
                     4);
    sqlite3 *raw = db_fixture_raw(fixture);
    assert_int_equal(sqlite3_exec(raw, "DELETE FROM audit WHERE id = 2", NULL, NULL, NULL),
                     SQLITE_CONSTRAINT);
    assert_int_equal(sqlite3_close(raw), SQLITE_OK);
}

static void assert_tampering_shows(const char *sql, const char *message)
{
    void *state = NULL;
    assert_int_equal(db_fixture_set_up(&state), 0);
    DbFixture *fixture = state;
    db_fixture_start(fixture, 0, 0);
    assert_true(db_run_now(fixture->db, append_three, NULL, NULL));
    db_fixture_raw_exec(fixture,
                        "DROP TRIGGER audit_never_updated; DROP TRIGGER audit_never_deleted;");
    db_fixture_raw_exec(fixture, sql);
    int64_t n_rows = -1;
    g_autoptr(GError) error = NULL;
    assert_false(db_run_now(fixture->db, verify, &n_rows, &error));
    assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_INVALID));
    assert_string_equal(error->message, message);
    assert_int_equal(n_rows, -1);
    assert_int_equal(db_fixture_tear_down(&state), 0);
}

static void tampering_shows(void **state)
{
    (void)state;
    static const char first[] = "audit row 1 does not fit the chain";
    static const char second[] = "audit row 2 does not fit the chain";
    assert_tampering_shows("UPDATE audit SET actor_id = '01x' WHERE id = 1", first);
    assert_tampering_shows("UPDATE audit SET at_ms = at_ms + 1 WHERE id = 2", second);
    assert_tampering_shows("UPDATE audit SET reason = '' WHERE id = 2", second);
    assert_tampering_shows("UPDATE audit SET object_kind = 'visi', object_id = 't01b' WHERE id = 1",
                           first);
    assert_tampering_shows("UPDATE audit SET hash = 'ab' WHERE id = 2", second);
    assert_tampering_shows("DELETE FROM audit WHERE id = 1", first);
    assert_tampering_shows("DELETE FROM audit WHERE id = 2", second);
    assert_tampering_shows("DELETE FROM audit WHERE id = 2; UPDATE audit SET id = 2 WHERE id = 3;",
                           second);
}

#define WITH_FILE(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, db_fixture_set_up, db_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(chain_of_good_rows),
        WITH_FILE(failed_job_leaves_no_row),
        WITH_FILE(rows_cannot_be_changed_by_statement),
        WITH_FILE(older_trail_goes_on),
        cmocka_unit_test(tampering_shows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
