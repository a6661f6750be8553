// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/cmocka_all.h"

#include <glib.h>
#include <semaphore.h>

#include "server/base/jobs.h"

enum { N_THREADS = 3, N_JOBS = 500 };

/* What the jobs of a test share; only the main thread touches it. */
typedef struct {
    unsigned n_done, n_freed;
    uint64_t sum;
} Tally;

typedef struct {
    Tally *tally;
    GThread *main_thread;
    unsigned number;
    uint64_t result; /* written by work, read by done */
} Task;

static Task *task_new(Tally *tally, unsigned number)
{
    Task *task = g_new0(Task, 1);
    task->tally = tally;
    task->main_thread = g_thread_self();
    task->number = number;
    return task;
}

static void work(gpointer data)
{
    Task *task = data;
    assert_ptr_not_equal(g_thread_self(), task->main_thread);
    task->result = (uint64_t)task->number * task->number;
}

static void done(gpointer data)
{
    const Task *task = data;
    assert_ptr_equal(g_thread_self(), task->main_thread);
    task->tally->n_done++;
    task->tally->sum += task->result;
}

static void task_free(gpointer data)
{
    Task *task = data;
    task->tally->n_freed++;
    g_free(task);
}

static uint64_t sum_of_squares(unsigned n)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < n; i++)
        sum += (uint64_t)i * i;
    return sum;
}

static void every_job_is_worked_answered_and_freed_once(void **state)
{
    (void)state;
    Tally tally = {0};
    g_autoptr(JobPool) pool = job_pool_new(N_THREADS, N_JOBS);
    for (unsigned i = 0; i < N_JOBS; i++)
        assert_true(job_pool_run(pool, work, done, task_new(&tally, i), task_free, NULL));
    while (tally.n_done < N_JOBS)
        g_main_context_iteration(NULL, TRUE);
    assert_int_equal(tally.n_freed, N_JOBS);
    assert_int_equal(tally.sum, sum_of_squares(N_JOBS));
}

static void the_end_waits_for_the_jobs_and_answers_them(void **state)
{
    (void)state;
    Tally tally = {0};
    JobPool *pool = job_pool_new(N_THREADS, N_JOBS);
    for (unsigned i = 0; i < N_JOBS; i++)
        assert_true(
            job_pool_run(pool, work, i % 2 ? NULL : done, task_new(&tally, i), task_free, NULL));
    job_pool_free(pool);
    assert_int_equal(tally.n_done, N_JOBS / 2);
    assert_int_equal(tally.n_freed, N_JOBS);
    job_pool_free(NULL);
}

/* A job that works until it is let go. The thread sanitizer knows POSIX semaphores, not GLib's. */
typedef struct {
    sem_t is_running, may_end;
} Gate;

static void wait_at_gate(gpointer data)
{
    Gate *gate = data;
    (void)sem_post(&gate->is_running);
    (void)sem_wait(&gate->may_end);
}

static void a_full_pool_refuses_and_the_caller_keeps_the_data(void **state)
{
    (void)state;
    Tally tally = {0};
    Gate gate;
    g_autoptr(GError) error = NULL;
    assert_int_equal(sem_init(&gate.is_running, 0, 0), 0);
    assert_int_equal(sem_init(&gate.may_end, 0, 0), 0);
    JobPool *pool = job_pool_new(1, 2);
    assert_true(job_pool_run(pool, wait_at_gate, NULL, &gate, NULL, NULL));
    assert_int_equal(sem_wait(&gate.is_running), 0);
    for (unsigned i = 0; i < 2; i++)
        assert_true(job_pool_run(pool, work, done, task_new(&tally, i), task_free, NULL));
    Task *refused = task_new(&tally, 9);
    assert_false(job_pool_run(pool, work, done, refused, task_free, &error));
    assert_true(g_error_matches(error, BASE_ERROR, BASE_ERROR_FULL));
    assert_int_equal(tally.n_freed, 0);
    task_free(refused);

    assert_int_equal(sem_post(&gate.may_end), 0);
    job_pool_free(pool);
    assert_int_equal(tally.n_done, 2);
    assert_int_equal(tally.n_freed, 3);
    (void)sem_destroy(&gate.is_running);
    (void)sem_destroy(&gate.may_end);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_job_is_worked_answered_and_freed_once),
        cmocka_unit_test(the_end_waits_for_the_jobs_and_answers_them),
        cmocka_unit_test(a_full_pool_refuses_and_the_caller_keeps_the_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
