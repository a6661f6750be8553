// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/cmocka_all.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "server/base/msgqueue.h"
#include "tests/unit/base/db_fixture.h"

/* --- one connection, no threads: statements --- */

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

static bool count_things(DbTx *tx, gpointer data, GError **error)
{
    DbQuery *count = db_query(tx, "thing_count");
    if (db_step(count, error) != DB_ROW)
        return false;
    *(int64_t *)data = db_column_int(count, 0);
    return true;
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
    assert_true(db_run_now(fixture->db, count_things, &n_things, NULL));
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

/* --- the engine's threads --- */

typedef struct {
    DbFixture *fixture;
    unsigned n_done; /* answers of this test so far */
    GString *order;  /* ids of the answers in their order */
    MsgQueue *gate;  /* a job may wait here for the test to say go */
    int64_t n_seen;  /* what a read has found */
} Scene;

typedef struct {
    Scene *scene;
    char id[8];
    int64_t n;
    int code; /* of the answer's error; -1: none */
} Insert;

static bool insert_job(DbTx *tx, gpointer data, GError **error)
{
    Insert *insert = data;
    return db_fixture_insert(tx, insert->id, insert->n, error);
}

static bool wait_at_gate(DbTx *tx, gpointer data, GError **error)
{
    (void)tx;
    (void)error;
    Scene *scene = data;
    assert_non_null(msgqueue_wait(scene->gate, -1));
    return true;
}

static void insert_done(gpointer data, const GError *error)
{
    Insert *insert = data;
    insert->code = error ? error->code : -1;
    g_string_append(insert->scene->order, insert->id);
    insert->scene->n_done++;
}

static void scene_done(gpointer data, const GError *error)
{
    assert_null(error);
    ((Scene *)data)->n_done++;
}

static int scene_set_up(void **state)
{
    Scene *scene = g_new0(Scene, 1);
    void *fixture = NULL;
    if (db_fixture_set_up(&fixture) != 0)
        return -1;
    scene->fixture = fixture;
    scene->order = g_string_new(NULL);
    scene->gate = msgqueue_new(1, NULL);
    *state = scene;
    return 0;
}

static int scene_tear_down(void **state)
{
    Scene *scene = *state;
    void *fixture = scene->fixture;
    int result = db_fixture_tear_down(&fixture);
    (void)g_string_free(scene->order, TRUE);
    msgqueue_free(scene->gate);
    g_free(scene);
    return result;
}

/* Holds the database thread until open_gate(): what is written meanwhile becomes one group. */
static void close_gate(Scene *scene)
{
    db_write(scene->fixture->db, wait_at_gate, scene_done, scene, NULL);
}

static void open_gate(Scene *scene)
{
    assert_true(msgqueue_push(scene->gate, scene));
}

static void start_insert(Scene *scene, Insert *insert, const char *id, int64_t n)
{
    *insert = (Insert){.scene = scene, .n = n};
    g_strlcpy(insert->id, id, sizeof insert->id);
    db_write(scene->fixture->db, insert_job, insert_done, insert, NULL);
}

static bool count_job(DbTx *tx, gpointer data, GError **error)
{
    return count_things(tx, &((Scene *)data)->n_seen, error);
}

static void wait_for_count(Scene *scene, int64_t expected)
{
    unsigned before = scene->n_done;
    db_read(scene->fixture->db, count_job, scene_done, scene, NULL);
    db_fixture_wait_for(&scene->n_done, before + 1);
    assert_int_equal(scene->n_seen, expected);
}

static void failing_job_in_a_group_fails_alone(void **state)
{
    Scene *scene = *state;
    db_fixture_start(scene->fixture, 2, 0);
    close_gate(scene);
    Insert inserts[6];
    start_insert(scene, &inserts[0], "a", 1);
    start_insert(scene, &inserts[1], "b", -1); /* CHECK */
    start_insert(scene, &inserts[2], "c", 1);
    start_insert(scene, &inserts[3], "a", 1); /* the same as the first of its group */
    start_insert(scene, &inserts[4], "d", 1);
    start_insert(scene, &inserts[5], "e", 1);
    open_gate(scene);
    db_fixture_wait_for(&scene->n_done, 7);
    assert_string_equal(scene->order->str, "abcade");
    static const int codes[] = {-1, BASE_ERROR_CONFLICT, -1, BASE_ERROR_CONFLICT, -1, -1};
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
        assert_int_equal(inserts[i].code, codes[i]);
    DbStats stats;
    db_stats(scene->fixture->db, &stats);
    assert_int_equal(stats.n_writes, 7);
    assert_int_equal(stats.n_failed, 2);
    assert_in_range(stats.n_groups, 1, 2);
    wait_for_count(scene, 4);
}

static void read_sees_what_was_answered(void **state)
{
    Scene *scene = *state;
    db_fixture_start(scene->fixture, 2, 0);
    for (unsigned i = 0; i < 50; i++) {
        Insert insert;
        char id[8];
        (void)g_snprintf(id, sizeof id, "%u", i);
        unsigned before = scene->n_done;
        start_insert(scene, &insert, id, i);
        db_fixture_wait_for(&scene->n_done, before + 1);
        wait_for_count(scene, i + 1);
    }
}

static void expect_write_refused(gpointer data, const GError *error)
{
    assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_FAILED));
    ((Insert *)data)->scene->n_done++;
}

static void readers_cannot_write(void **state)
{
    Scene *scene = *state;
    db_fixture_start(scene->fixture, 1, 0);
    Insert insert = {.scene = scene, .id = "a", .n = 1};
    db_read(scene->fixture->db, insert_job, expect_write_refused, &insert, NULL);
    db_fixture_wait_for(&scene->n_done, 1);
    wait_for_count(scene, 0);
}

static void slow_report_delays_nobody(void **state)
{
    Scene *scene = *state;
    db_fixture_start(scene->fixture, 1, 0);
    db_read_report(scene->fixture->db, wait_at_gate, scene_done, scene, NULL);
    Insert insert;
    start_insert(scene, &insert, "a", 1);
    db_fixture_wait_for(&scene->n_done, 1);
    wait_for_count(scene, 1);
    open_gate(scene);
    db_fixture_wait_for(&scene->n_done, 3);
    DbStats stats;
    db_stats(scene->fixture->db, &stats);
    assert_int_equal(stats.n_reads, 2);
}

static void full_queue_refuses_later(void **state)
{
    Scene *scene = *state;
    db_fixture_start(scene->fixture, 1, 2);
    close_gate(scene);
    /* The gate's group takes two jobs at most and the queue holds two, so of five at least
     * one is too many; which depends on when the thread comes. */
    Insert inserts[4];
    for (unsigned i = 0; i < 4; i++) {
        char id[8];
        (void)g_snprintf(id, sizeof id, "%u", i);
        start_insert(scene, &inserts[i], id, i);
    }
    assert_int_equal(scene->n_done, 0); /* never from inside db_write() */
    open_gate(scene);
    db_fixture_wait_for(&scene->n_done, 5);
    assert_int_equal(inserts[0].code, -1);
    unsigned n_full = 0;
    for (unsigned i = 1; i < 4; i++) {
        assert_true(inserts[i].code == -1 || inserts[i].code == BASE_ERROR_FULL);
        n_full += inserts[i].code == BASE_ERROR_FULL;
    }
    assert_true(n_full >= 1);
}

static void stop_finishes_and_answers(void **state)
{
    Scene *scene = *state;
    db_fixture_start(scene->fixture, 1, 0);
    Insert inserts[100];
    for (unsigned i = 0; i < 100; i++) {
        char id[8];
        (void)g_snprintf(id, sizeof id, "%u", i);
        start_insert(scene, &inserts[i], id, i);
    }
    db_stop(scene->fixture->db);
    assert_int_equal(scene->n_done, 100);
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(inserts[i].code, -1);
    Insert late;
    start_insert(scene, &late, "late", 1);
    assert_int_equal(scene->n_done, 100);
    db_fixture_wait_for(&scene->n_done, 101);
    assert_int_equal(late.code, BASE_ERROR_CLOSED);
}

static void undelivered_answers_are_freed(void **state)
{
    Scene *scene = *state;
    db_fixture_start(scene->fixture, 1, 0);
    db_stop(scene->fixture->db);
    db_write(scene->fixture->db, count_job, NULL, g_strdup("freed"), g_free);
    db_stop(scene->fixture->db);
}

static void command_line_tool_beside_the_server(void **state)
{
    Scene *scene = *state;
    db_fixture_start(scene->fixture, 1, 0);
    g_autofree DbOwner *owner = db_fixture_owner(db_fixture_migrations, db_fixture_statements);
    g_autoptr(Db) tool = db_fixture_open(scene->fixture, owner, 0, NULL);
    assert_non_null(tool);
    Insert ours;
    start_insert(scene, &ours, "ours", 1);
    Insert theirs = {.scene = scene, .id = "theirs", .n = 1};
    assert_true(db_run_now(tool, insert_job, &theirs, NULL));
    db_fixture_wait_for(&scene->n_done, 1);
    assert_int_equal(ours.code, -1);
    wait_for_count(scene, 2);
}

#define WITH_FILE(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, db_fixture_set_up, db_fixture_tear_down)
#define WITH_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_set_up, scene_tear_down)

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
        WITH_SCENE(failing_job_in_a_group_fails_alone),
        WITH_SCENE(read_sees_what_was_answered),
        WITH_SCENE(readers_cannot_write),
        WITH_SCENE(slow_report_delays_nobody),
        WITH_SCENE(full_queue_refuses_later),
        WITH_SCENE(stop_finishes_and_answers),
        WITH_SCENE(undelivered_answers_are_freed),
        WITH_SCENE(command_line_tool_beside_the_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
