// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/cmocka_all.h"

#include "server/base/ids.h"
#include "server/base/outbox.h"
#include "tests/unit/base/db_fixture.h"

static bool append(DbTx *tx, gpointer data, GError **error)
{
    OutboxEntry entry = {
        .kind = "visit.called",
        .subject_id = "01v",
        .payload = "{\"visit\":\"01v\"}",
        .due_at_ms = 2000,
        .dedup_key = data,
    };
    return outbox_append(tx, &entry, 1000, error);
}

static bool append_and_fail(DbTx *tx, gpointer data, GError **error)
{
    if (!append(tx, data, error))
        return false;
    g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "changed my mind");
    return false;
}

static int count_row(void *user_data, int n_columns, char **values, char **names)
{
    (void)n_columns;
    (void)names;
    assert_true(id_is_valid(values[0]));
    assert_string_equal(values[1], "waiting");
    assert_string_equal(values[2], "2000");
    (*(unsigned *)user_data)++;
    return 0;
}

static unsigned count_rows(const DbFixture *fixture)
{
    unsigned n_rows = 0;
    sqlite3 *raw = db_fixture_raw(fixture);
    assert_int_equal(
        sqlite3_exec(raw, "SELECT id, state, due_at_ms FROM outbox", count_row, &n_rows, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_close(raw), SQLITE_OK);
    return n_rows;
}

static void second_row_with_a_key_is_the_first(void **state)
{
    DbFixture *fixture = *state;
    db_fixture_start(fixture, 0, 0);
    char first[] = "called/01v";
    char second[] = "called/01w";
    assert_true(db_run_now(fixture->db, append, first, NULL));
    assert_true(db_run_now(fixture->db, append, first, NULL));
    assert_int_equal(count_rows(fixture), 1);
    assert_true(db_run_now(fixture->db, append, second, NULL));
    assert_int_equal(count_rows(fixture), 2);
    /* Without a key nothing is the same. */
    assert_true(db_run_now(fixture->db, append, NULL, NULL));
    assert_true(db_run_now(fixture->db, append, NULL, NULL));
    assert_int_equal(count_rows(fixture), 4);
}

static void row_goes_with_its_change(void **state)
{
    DbFixture *fixture = *state;
    db_fixture_start(fixture, 0, 0);
    char key[] = "k";
    assert_false(db_run_now(fixture->db, append_and_fail, key, NULL));
    assert_int_equal(count_rows(fixture), 0);
}

#define WITH_FILE(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, db_fixture_set_up, db_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(second_row_with_a_key_is_the_first),
        WITH_FILE(row_goes_with_its_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
