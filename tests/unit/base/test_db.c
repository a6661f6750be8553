// SPDX-License-Identifier: Apache-2.0
/* Statements and failures on one connection, without threads. */
#include "tests/unit/base/cmocka_all.h"

#include <signal.h>
#include <sys/resource.h>

#include "tests/unit/base/db_fixture.h"

static bool use_every_type(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    DbQuery *insert = db_query(tx, "thing_insert");
    db_bind_text(insert, 1, "a");
    db_bind_int(insert, 2, INT64_MAX);
    db_bind_double(insert, 3, 2.5);
    db_bind_text(insert, 4, "it's; \"quoted\" \xc3\xa9");
    assert_true(db_exec(insert, error));
    assert_int_equal(db_changes(tx), 1);
    /* Bound again, the same handle starts again: what is not bound anew stays. */
    db_bind_text(insert, 1, "b");
    db_bind_null(insert, 3);
    db_bind_text(insert, 4, NULL);
    assert_true(db_exec(insert, error));

    DbQuery *get = db_query(tx, "thing_get");
    db_bind_text(get, 1, "a");
    assert_int_equal(db_step(get, error), DB_ROW);
    assert_string_equal(db_column_text(get, 0), "a");
    assert_true(db_column_int(get, 1) == INT64_MAX);
    assert_true(db_column_double(get, 2) == 2.5);
    g_autofree char *note = db_column_dup(get, 3);
    assert_string_equal(note, "it's; \"quoted\" \xc3\xa9");
    assert_int_equal(db_step(get, error), DB_DONE);
    assert_int_equal(db_step(get, error), DB_DONE);

    get = db_query(tx, "thing_get");
    db_bind_text(get, 1, "b");
    assert_int_equal(db_step(get, error), DB_ROW);
    assert_true(db_column_is_null(get, 2));
    assert_false(db_column_is_null(get, 1));
    assert_null(db_column_text(get, 3));
    assert_null(db_column_dup(get, 3));
    db_reset(get);

    get = db_query(tx, "thing_get"); /* nothing bound is NULL, which nothing equals */
    assert_int_equal(db_step(get, error), DB_DONE);
    return true;
}

static void every_type(void **state)
{
    DbFixture *fixture = *state;
    db_fixture_start(fixture, 0, 0);
    g_autoptr(GError) error = NULL;
    assert_true(db_run_now(fixture->db, use_every_type, NULL, &error));
    assert_null(error);
}

static bool use_parameters_out_of_order(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    assert_true(db_fixture_insert(tx, "a", 5, error));
    DbQuery *raise = db_query(tx, "thing_raise");
    db_bind_text(raise, 1, "a");
    db_bind_int(raise, 2, 37);
    assert_int_equal(db_step(raise, error), DB_ROW);
    assert_int_equal(db_column_int(raise, 0), 42);
    return true; /* left on its row: the end of the job ends it, and the change stays */
}

static bool expect_42(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    DbQuery *get = db_query(tx, "thing_get");
    db_bind_text(get, 1, "a");
    assert_int_equal(db_step(get, error), DB_ROW);
    assert_int_equal(db_column_int(get, 1), 42);
    return true;
}

static void parameters_by_number_and_returning(void **state)
{
    DbFixture *fixture = *state;
    db_fixture_start(fixture, 0, 0);
    assert_true(db_run_now(fixture->db, use_parameters_out_of_order, NULL, NULL));
    assert_true(db_run_now(fixture->db, expect_42, NULL, NULL));
}

static bool read_inside_a_read(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    assert_true(db_fixture_insert(tx, "a", 1, error));
    assert_true(db_fixture_insert(tx, "b", 2, error));
    DbQuery *outer = db_query(tx, "thing_all");
    unsigned n_pairs = 0;
    while (db_step(outer, error) == DB_ROW) {
        DbQuery *inner = db_query(tx, "thing_all");
        while (db_step(inner, error) == DB_ROW)
            n_pairs++;
    }
    assert_int_equal(n_pairs, 4);
    return true;
}

static void statement_within_its_own_loop(void **state)
{
    DbFixture *fixture = *state;
    db_fixture_start(fixture, 0, 0);
    assert_true(db_run_now(fixture->db, read_inside_a_read, NULL, NULL));
}

static bool collect_all(DbTx *tx, gpointer data, GError **error)
{
    GPtrArray *names = data;
    assert_true(db_fixture_insert(tx, "a", 1, error));
    assert_true(db_fixture_insert(tx, "b", 2, error));
    assert_true(db_collect(db_query(tx, "thing_all"), db_row_text, names, error));
    assert_int_equal(names->len, 2);
    assert_string_equal(names->pdata[0], "a");
    assert_string_equal(names->pdata[1], "b");
    DbQuery *wrong = db_query(tx, "thing_all");
    db_bind_int(wrong, 9, 1);
    return db_collect(wrong, db_row_text, names, error);
}

static void rows_into_an_array(void **state)
{
    DbFixture *fixture = *state;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    db_fixture_start(fixture, 0, 0);
    assert_false(db_run_now(fixture->db, collect_all, names, &error));
    assert_non_null(error);
    assert_int_equal(names->len, 2);
}

static bool use_17_times(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    for (int i = 0; i < 17; i++) {
        DbQuery *count = db_query(tx, "thing_count");
        DbStep step = db_step(count, error);
        if (step == DB_FAILED)
            return false;
        assert_int_equal(step, DB_ROW);
    }
    return true;
}

static bool bind_what_is_not_there(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    DbQuery *get = db_query(tx, "thing_get");
    db_bind_text(get, 2, "x");
    return db_step(get, error) != DB_FAILED;
}

static bool bind_on_a_row(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    DbQuery *count = db_query(tx, "thing_raise");
    assert_true(db_fixture_insert(tx, "a", 1, error));
    db_bind_text(count, 1, "a");
    db_bind_int(count, 2, 1);
    assert_int_equal(db_step(count, error), DB_ROW);
    db_bind_int(count, 2, 2);
    return db_exec(count, error);
}

static void assert_job_fails(Db *db, DbJobFunc job, gpointer data, BaseError code)
{
    g_autoptr(GError) error = NULL;
    assert_false(db_run_now(db, job, data, &error));
    assert_true(g_error_matches(error, BASE_ERROR, (int)code));
}

static void misuse_fails_the_job_only(void **state)
{
    DbFixture *fixture = *state;
    db_fixture_start(fixture, 0, 0);
    assert_job_fails(fixture->db, use_17_times, NULL, BASE_ERROR_FAILED);
    assert_job_fails(fixture->db, bind_what_is_not_there, NULL, BASE_ERROR_FAILED);
    assert_job_fails(fixture->db, bind_on_a_row, NULL, BASE_ERROR_FAILED);
    assert_true(db_run_now(fixture->db, read_inside_a_read, NULL, NULL));
}

static bool insert_twice(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    return db_fixture_insert(tx, "same", 1, error) && db_fixture_insert(tx, "same", 1, error);
}

static bool insert_negative(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    return db_fixture_insert(tx, "negative", -1, error);
}

static bool insert_without_number(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    DbQuery *insert = db_query(tx, "thing_insert");
    db_bind_text(insert, 1, "a");
    return db_exec(insert, error);
}

static bool insert_orphan(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    DbQuery *insert = db_query(tx, "part_insert");
    db_bind_text(insert, 1, "p");
    db_bind_text(insert, 2, "no such thing");
    return db_exec(insert, error);
}

static bool fail_without_a_reason(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    (void)error;
    (void)db_fixture_insert(tx, "gone", 1, NULL);
    return false;
}

static void constraints_and_failures(void **state)
{
    DbFixture *fixture = *state;
    db_fixture_start(fixture, 0, 0);
    assert_job_fails(fixture->db, insert_twice, NULL, BASE_ERROR_CONFLICT);
    assert_job_fails(fixture->db, insert_negative, NULL, BASE_ERROR_CONFLICT);
    assert_job_fails(fixture->db, insert_orphan, NULL, BASE_ERROR_CONFLICT);
    assert_job_fails(fixture->db, insert_without_number, NULL, BASE_ERROR_FAILED);
    assert_job_fails(fixture->db, fail_without_a_reason, NULL, BASE_ERROR_FAILED);
    int64_t n_things = -1;
    assert_true(db_run_now(fixture->db, db_fixture_count_job, &n_things, NULL));
    assert_int_equal(n_things, 0);
    DbStats stats;
    db_stats(fixture->db, &stats);
    assert_int_equal(stats.n_failed, 5);
    assert_int_equal(stats.n_writes, 6);
    assert_int_equal(stats.queue_length, 0);
}

static bool insert_one(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    return db_fixture_insert(tx, "one", 1, error);
}

/* Files may not grow while the limit stands, which is how a full disk looks from here. */
static void a_failed_commit_is_told_until_one_succeeds(void **state)
{
    DbFixture *fixture = *state;
    db_fixture_start(fixture, 0, 0);
    DbStats stats;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit none = {.rlim_cur = 1, .rlim_max = before.rlim_max};
    void (*on_too_large)(int) = signal(SIGXFSZ, SIG_IGN);

    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    bool is_written = db_run_now(fixture->db, insert_one, NULL, NULL);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(is_written);
    db_stats(fixture->db, &stats);
    assert_true(stats.last_commit_failed);

    assert_false(db_run_now(fixture->db, insert_negative, NULL, NULL)); /* proves nothing */
    db_stats(fixture->db, &stats);
    assert_true(stats.last_commit_failed);
    assert_true(db_run_now(fixture->db, insert_one, NULL, NULL));
    db_stats(fixture->db, &stats);
    assert_false(stats.last_commit_failed);
    (void)signal(SIGXFSZ, on_too_large);
}

#define WITH_FILE(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, db_fixture_set_up, db_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(every_type),
        WITH_FILE(parameters_by_number_and_returning),
        WITH_FILE(statement_within_its_own_loop),
        WITH_FILE(rows_into_an_array),
        WITH_FILE(misuse_fails_the_job_only),
        WITH_FILE(constraints_and_failures),
        WITH_FILE(a_failed_commit_is_told_until_one_succeeds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
