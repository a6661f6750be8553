// SPDX-License-Identifier: Apache-2.0
/* Many writes and reads under way at once; its worth is the thread sanitizer's run. */
#include "tests/unit/base/cmocka_all.h"

#include "server/base/audit.h"
#include "tests/unit/base/db_fixture.h"

enum { N_JOBS = 600 };

typedef struct {
    unsigned n_done;
    unsigned n_failed;
} Scene;

typedef struct {
    Scene *scene;
    unsigned number;
    int64_t n_rows;   /* what a read found */
    int64_t n_before; /* the writes answered when the read was asked for */
} Job;

/* Each third one breaks a constraint after having written its audit row. */
static bool write_job(DbTx *tx, gpointer data, GError **error)
{
    Job *job = data;
    AuditEntry entry = {.at_ms = job->number,
                        .actor_kind = "system",
                        .action = "thing.create",
                        .object_kind = "thing",
                        .result = "ok"};
    char id[16];
    (void)g_snprintf(id, sizeof id, "%u", job->number);
    return audit_append(tx, &entry, error) &&
           db_fixture_insert(tx, id, job->number % 3 == 2 ? -1 : (int64_t)job->number, error);
}

static bool read_job(DbTx *tx, gpointer data, GError **error)
{
    Job *job = data;
    DbQuery *count = db_query(tx, "thing_count");
    if (db_step(count, error) != DB_ROW)
        return false;
    job->n_rows = db_column_int(count, 0);
    /* The snapshot is one: the audit trail in it has a row for each thing. */
    int64_t n_audit = 0;
    if (!audit_verify(tx, &n_audit, error))
        return false;
    assert_int_equal(n_audit, job->n_rows);
    return true;
}

static void write_done(gpointer data, const GError *error)
{
    Job *job = data;
    assert_int_equal(error != NULL, job->number % 3 == 2);
    job->scene->n_failed += error != NULL;
    job->scene->n_done++;
}

static void read_done(gpointer data, const GError *error)
{
    Job *job = data;
    assert_null(error);
    assert_true(job->n_rows >= job->n_before);
    job->scene->n_done++;
}

static Job *job_new(Scene *scene, unsigned number, int64_t n_before)
{
    Job *job = g_new0(Job, 1);
    job->scene = scene;
    job->number = number;
    job->n_before = n_before;
    return job;
}

static void many_writers_and_readers(void **state)
{
    DbFixture *fixture = *state;
    db_fixture_start(fixture, 2, 0);
    Scene writes = {0};
    Scene reads = {0};
    unsigned n_reads = 0;
    for (unsigned i = 0; i < N_JOBS; i++) {
        db_write(fixture->db, write_job, write_done, job_new(&writes, i, 0), g_free);
        int64_t n_before = (int64_t)writes.n_done - (int64_t)writes.n_failed;
        if (i % 4 == 0) {
            db_read(fixture->db, read_job, read_done, job_new(&reads, i, n_before), g_free);
            n_reads++;
        }
        if (i % 60 == 0) {
            db_read_report(fixture->db, read_job, read_done, job_new(&reads, i, n_before), g_free);
            n_reads++;
        }
        (void)g_main_context_iteration(NULL, FALSE);
    }
    db_fixture_wait_for(&writes.n_done, N_JOBS);
    db_fixture_wait_for(&reads.n_done, n_reads);
    assert_int_equal(writes.n_failed, N_JOBS / 3);
    DbStats stats;
    db_stats(fixture->db, &stats);
    assert_int_equal(stats.n_writes, N_JOBS);
    assert_int_equal(stats.n_reads, n_reads);
    assert_int_equal(stats.n_failed, N_JOBS / 3);
    assert_true(stats.n_groups <= N_JOBS);
    db_stop(fixture->db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(many_writers_and_readers, db_fixture_set_up,
                                        db_fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
