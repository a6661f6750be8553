// SPDX-License-Identifier: Apache-2.0
/* Job threads for work that takes long and touches nothing shared: password hashing, documents,
 * images. Main thread only; the answers come on the main context. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include "server/base/error.h"

typedef struct JobPool JobPool;

/** N_THREADS threads and at most CAPACITY waiting jobs. Answers come on the thread-default main
 * context of the caller. */
JobPool *job_pool_new(unsigned n_threads, size_t capacity);
/** Finishes and answers the jobs that run and those that wait. */
void job_pool_free(JobPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JobPool, job_pool_free)

/** WORK runs on a job thread and owns DATA meanwhile; then DONE runs on the main context and
 * FREE_FUNC frees DATA. False with BASE_ERROR_FULL: the caller keeps DATA. */
bool job_pool_run(JobPool *pool, void (*work)(gpointer data), void (*done)(gpointer data),
                  gpointer data, GDestroyNotify free_func, GError **error);
