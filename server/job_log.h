// SPDX-License-Identifier: Apache-2.0
/* What a periodic job did, or why it could not, in the log of jobs (scheduling/job) and, as a line,
 * in the server's. Main thread. */
#pragma once
#include "scheduling/job/job_run.h"
#include "server/base/clock.h"

typedef struct JobLogger JobLogger;

/** Both must outlive it. */
JobLogger *job_logger_new(Scheduling *scheduling, const Clock *clock);
void job_logger_free(JobLogger *logger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JobLogger, job_logger_free)

/** RUN has ended: with WHY_NOT when it failed (NULL: it did not), which RUN need not say. MESSAGE
 * is the server's line about a failure, a few a minute. */
void job_logger_note(JobLogger *logger, const JobRun *run, const char *message,
                     const char *why_not);
