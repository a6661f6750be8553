// SPDX-License-Identifier: Apache-2.0
/* The engine's threads: groups of jobs, readers, the queue, and the end. */
#include "tests/unit/base/cmocka_all.h"

#include "server/base/msgqueue.h"
#include "tests/unit/base/db_fixture.h"

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
    return db_fixture_count_job(tx, &((Scene *)data)->n_seen, error);
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

#define WITH_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_set_up, scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
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
