// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/cmocka_all.h"

#include <string.h>

#include "server/base/db/db_private.h"

static void names_and_texts(void **state)
{
    (void)state;
    g_autoptr(DbRegistry) registry = db_registry_new();
    assert_true(db_registry_add_text(registry, "a.sql",
                                     "-- head\n\n-- name: one\nSELECT 1;\n-- why\n"
                                     "-- name: two_2 \r\nSELECT\n  2;",
                                     NULL));
    assert_int_equal(registry->statements->len, 2);
    DbStatement *one = g_ptr_array_index(registry->statements, 0);
    DbStatement *two = g_ptr_array_index(registry->statements, 1);
    assert_string_equal(one->name, "one");
    assert_string_equal(one->sql, "SELECT 1;\n-- why\n");
    assert_string_equal(two->name, "two_2");
    assert_string_equal(two->sql, "SELECT\n  2;\n");
    assert_true(db_registry_add_text(registry, "empty.sql", "", NULL));
}

static void files_that_are_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } bad[] = {
        {"SELECT 1;\n", "before the first"},
        {"-- name: has space\nSELECT 1;\n", "not a statement name"},
        {"-- name:\nSELECT 1;\n", "not a statement name"},
        {"-- name: a\nSELECT 1;\n-- name: a\nSELECT 2;\n", "exists already"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(DbRegistry) registry = db_registry_new();
        g_autoptr(GError) error = NULL;
        assert_false(db_registry_add_text(registry, "a.sql", bad[i].text, &error));
        assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_INVALID));
        assert_non_null(strstr(error->message, bad[i].message));
    }
}

/* Prepares one statement on an empty database in memory. */
static void assert_prepare_fails(const char *text, const char *message)
{
    g_autoptr(DbRegistry) registry = db_registry_new();
    g_autoptr(GError) error = NULL;
    assert_true(db_registry_add_text(registry, "a.sql", text, NULL));
    DbConnection connection = {0};
    assert_int_equal(sqlite3_open(":memory:", &connection.sqlite), SQLITE_OK);
    assert_null(db_query_new(&connection, g_ptr_array_index(registry->statements, 0), &error));
    assert_non_null(error);
    assert_non_null(strstr(error->message, message));
    assert_int_equal(sqlite3_close(connection.sqlite), SQLITE_OK);
}

static void statements_that_do_not_prepare(void **state)
{
    (void)state;
    assert_prepare_fails("-- name: a\nSELEC 1;\n", "statement a: ");
    assert_prepare_fails("-- name: a\nSELECT 1; SELECT 2;\n", "exactly one");
    assert_prepare_fails("-- name: a\n-- nothing\n", "exactly one");
    assert_prepare_fails("-- name: a\nSELECT ?1;\n", "parameter ?1");
    assert_prepare_fails("-- name: a\nSELECT ?;\n", "parameter ?");
    assert_prepare_fails("-- name: a\nSELECT $name;\n", "parameter $name");
    assert_prepare_fails("-- name: a\nSELECT $65;\n", "parameter $65");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_texts),
        cmocka_unit_test(files_that_are_wrong),
        cmocka_unit_test(statements_that_do_not_prepare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
