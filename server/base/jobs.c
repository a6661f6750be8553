// SPDX-License-Identifier: Apache-2.0
#include "server/base/jobs.h"

#include "server/base/msgqueue.h"

#include <pthread.h>

typedef struct {
    void (*work)(gpointer data);
    void (*done)(gpointer data);
    gpointer data;
    GDestroyNotify free_func;
} Job;

struct JobPool {
    MsgQueue *jobs;
    MsgQueue *answers;
    GSource *answer_source;
    unsigned n_threads;
    pthread_t *threads;
};

static void job_free(gpointer message)
{
    Job *job = message;
    if (job->free_func)
        job->free_func(job->data);
    g_free(job);
}

static void *run_jobs(void *argument)
{
    JobPool *pool = argument;
    Job *job;
    while ((job = msgqueue_wait(pool->jobs, -1))) {
        job->work(job->data);
        /* The answers' queue is closed only after this thread has been joined. */
        if (!msgqueue_push_always(pool->answers, job))
            job_free(job);
    }
    return NULL;
}

static void on_answer(gpointer message, gpointer user_data)
{
    (void)user_data;
    Job *job = message;
    if (job->done)
        job->done(job->data);
    job_free(job);
}

JobPool *job_pool_new(unsigned n_threads, size_t capacity)
{
    g_assert(n_threads > 0);
    JobPool *pool = g_new0(JobPool, 1);
    pool->jobs = msgqueue_new(capacity, job_free);
    pool->answers = msgqueue_new(capacity + n_threads, job_free);
    g_autoptr(GMainContext) context = g_main_context_ref_thread_default();
    pool->answer_source = msgqueue_attach(pool->answers, context, on_answer, NULL);
    pool->threads = g_new0(pthread_t, n_threads);
    for (unsigned i = 0; i < n_threads; i++) {
        if (pthread_create(&pool->threads[i], NULL, run_jobs, pool) != 0)
            break;
        pool->n_threads++;
    }
    g_assert(pool->n_threads > 0);
    return pool;
}

void job_pool_free(JobPool *pool)
{
    if (!pool)
        return;
    Job *job;
    msgqueue_close(pool->jobs);
    for (unsigned i = 0; i < pool->n_threads; i++)
        (void)pthread_join(pool->threads[i], NULL);
    while ((job = msgqueue_pop(pool->answers)))
        on_answer(job, NULL);
    g_source_destroy(pool->answer_source);
    msgqueue_free(pool->answers);
    msgqueue_free(pool->jobs);
    g_free(pool->threads);
    g_free(pool);
}

bool job_pool_run(JobPool *pool, void (*work)(gpointer data), void (*done)(gpointer data),
                  gpointer data, GDestroyNotify free_func, GError **error)
{
    Job *job = g_new0(Job, 1);
    *job = (Job){.work = work, .done = done, .data = data, .free_func = free_func};
    if (msgqueue_push(pool->jobs, job))
        return true;
    g_free(job);
    g_set_error_literal(error, BASE_ERROR, BASE_ERROR_FULL, "too many jobs are waiting");
    return false;
}
