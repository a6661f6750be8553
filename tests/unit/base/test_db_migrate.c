// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/cmocka_all.h"

#include <string.h>
#include <sys/stat.h>

#include "tests/unit/base/db_fixture.h"

enum { N_BASE = 3 /* migrations of the engine's own */ };

static const char *const only_first[] = {"/test/0100_thing.sql", NULL};
static const char *const reversed[] = {"/test/0101_more.sql", "/test/0100_thing.sql", NULL};
static const char *const changed[] = {"/test/changed/0100_thing.sql", "/test/0101_more.sql", NULL};
static const char *const broken[] = {"/test/0100_thing.sql", "/test/0101_more.sql",
                                     "/test/broken/0102_broken.sql", NULL};
static const char *const commits[] = {"/test/0100_thing.sql", "/test/0101_more.sql",
                                      "/test/commits/0102_commits.sql", NULL};
static const char *const orphan[] = {"/test/0100_thing.sql", "/test/0101_more.sql",
                                     "/test/orphan/0102_orphan.sql", NULL};
static const char *const badly_named[] = {"/test/badname/thing.sql", NULL};
static const char *const absent[] = {"/test/0199_absent.sql", NULL};
static const char *const typo[] = {"/test/typo.sql", NULL};

/* Opens with MIGRATIONS, migrates, closes; the number applied, or -1 with ERROR. */
static int migrate(DbFixture *fixture, const char *const *migrations, GError **error)
{
    g_autofree DbOwner *owner = db_fixture_owner(migrations, NULL);
    g_autoptr(Db) db = db_fixture_open(fixture, owner, 0, error);
    unsigned n_applied = 0;
    if (!db || !db_migrate(db, &n_applied, error))
        return -1;
    return (int)n_applied;
}

static bool start(DbFixture *fixture, const char *const *migrations, const char *const *statements,
                  unsigned n_readers, GError **error)
{
    g_autofree DbOwner *owner = db_fixture_owner(migrations, statements);
    g_autoptr(Db) db = db_fixture_open(fixture, owner, n_readers, error);
    return db && db_start(db, error);
}

static void applied_once_and_in_order(void **state)
{
    DbFixture *fixture = *state;
    /* The engine's own comes first, then ours by number, however they are listed. */
    assert_int_equal(migrate(fixture, reversed, NULL), N_BASE + 2);
    assert_int_equal(migrate(fixture, db_fixture_migrations, NULL), 0);
    struct stat info;
    assert_int_equal(stat(fixture->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void later_program_applies_what_is_missing(void **state)
{
    DbFixture *fixture = *state;
    assert_int_equal(migrate(fixture, only_first, NULL), N_BASE + 1);
    g_autoptr(GError) error = NULL;
    assert_false(start(fixture, db_fixture_migrations, NULL, 1, &error));
    assert_non_null(strstr(error->message, "missing"));
    assert_int_equal(migrate(fixture, db_fixture_migrations, NULL), 1);
    assert_true(start(fixture, db_fixture_migrations, db_fixture_statements, 1, NULL));
}

static void newer_database_is_refused(void **state)
{
    DbFixture *fixture = *state;
    assert_int_equal(migrate(fixture, db_fixture_migrations, NULL), N_BASE + 2);
    g_autoptr(GError) error = NULL;
    assert_int_equal(migrate(fixture, only_first, &error), -1);
    assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_INVALID));
    assert_non_null(strstr(error->message, "newer program"));
    g_clear_error(&error);
    assert_false(start(fixture, only_first, NULL, 1, &error));
    assert_non_null(strstr(error->message, "newer program"));
}

static void changed_migration_is_refused(void **state)
{
    DbFixture *fixture = *state;
    assert_int_equal(migrate(fixture, db_fixture_migrations, NULL), N_BASE + 2);
    g_autoptr(GError) error = NULL;
    assert_int_equal(migrate(fixture, changed, &error), -1);
    assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_INVALID));
    assert_non_null(strstr(error->message, "test/0100_thing.sql was applied with another text"));
    g_clear_error(&error);
    assert_false(start(fixture, changed, NULL, 1, &error));
}

static void assert_leaves_nothing(DbFixture *fixture, const char *const *migrations,
                                  const char *message, int n_engine_left)
{
    g_autoptr(GError) error = NULL;
    assert_int_equal(migrate(fixture, migrations, &error), -1);
    assert_non_null(strstr(error->message, message));
    /* What came before it stays, itself is gone whole; the engine's own of a later number comes. */
    assert_int_equal(migrate(fixture, db_fixture_migrations, NULL), n_engine_left);
}

static void failing_migration_leaves_nothing(void **state)
{
    DbFixture *fixture = *state;
    assert_leaves_nothing(fixture, broken, "migration test/0102_broken.sql", 1);
    assert_leaves_nothing(fixture, orphan, "1 rows without their foreign row", 0);
    db_fixture_raw_exec(fixture, "CREATE TABLE half (id TEXT); DROP TABLE half;");
}

static void migration_that_commits_is_found(void **state)
{
    DbFixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    assert_int_equal(migrate(fixture, commits, &error), -1);
    assert_non_null(strstr(error->message, "ends its own transaction"));
}

static void wrong_names_and_files(void **state)
{
    DbFixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    assert_int_equal(migrate(fixture, badly_named, &error), -1);
    assert_non_null(strstr(error->message, "NNNN_what.sql"));
    g_clear_error(&error);
    assert_int_equal(migrate(fixture, absent, &error), -1);
    assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_INVALID));
    g_clear_error(&error);
    assert_false(start(fixture, NULL, absent, 1, &error));
    assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_INVALID));
}

static void typo_in_a_statement_stops_the_start(void **state)
{
    DbFixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    assert_false(start(fixture, db_fixture_migrations, NULL, 1, &error));
    assert_non_null(strstr(error->message, "not migrated"));
    g_clear_error(&error);
    assert_int_equal(migrate(fixture, db_fixture_migrations, NULL), N_BASE + 2);
    assert_false(start(fixture, db_fixture_migrations, typo, 2, &error));
    assert_non_null(strstr(error->message, "thing_typo"));
}

static void unusable_files_are_refused(void **state)
{
    DbFixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    DbOptions options = {.path = "/nonexistent/huyula.db"};
    assert_null(db_open(&options, &error));
    assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_FAILED));
    g_clear_error(&error);
    g_autofree char *noise = g_strnfill(8192, 'x');
    assert_true(g_file_set_contents(fixture->path, noise, -1, NULL));
    assert_int_equal(migrate(fixture, only_first, &error), -1);
    assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_FAILED));
}

#define WITH_FILE(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, db_fixture_set_up, db_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(applied_once_and_in_order),
        WITH_FILE(later_program_applies_what_is_missing),
        WITH_FILE(newer_database_is_refused),
        WITH_FILE(changed_migration_is_refused),
        WITH_FILE(failing_migration_leaves_nothing),
        WITH_FILE(migration_that_commits_is_found),
        WITH_FILE(wrong_names_and_files),
        WITH_FILE(typo_in_a_statement_stops_the_start),
        WITH_FILE(unusable_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
