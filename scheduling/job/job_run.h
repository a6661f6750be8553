// SPDX-License-Identifier: Apache-2.0
/* The log of periodic jobs: who keeps a server looks here whether reminders went out and what was
 * deleted. Threads: see scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"

/** "no_show" ... ; NULL ends the list. */
extern const char *const job_names[];

typedef struct {
    const char *kind; /**< "visits" "links" ... */
    int64_t n;        /**< 0: as if it were not there */
} JobCount;
enum { JOB_MAX_COUNTS = 8 };

typedef struct {
    const char *name; /**< one of job_names */
    int64_t started_at_ms;
    const JobCount *counts;
    unsigned n_counts;   /**< JOB_MAX_COUNTS at most */
    const char *failure; /**< why it failed, nothing of patients; NULL: it did not */
} JobRun;

/** Inside a job: writes RUN down as ended now, unless it neither counted nor failed. One that is
 * as the last of its name, begun less than ten minutes ago, is added to that row. */
bool job_run_write(DbTx *tx, const JobRun *run, int64_t now_ms, GError **error);
/** The same in a transaction of its own; RUN is copied. Of a failure to write DONE (may be NULL) is
 * told. */
void job_run_note(Scheduling *scheduling, const JobRun *run, SchedulingDone done,
                  gpointer user_data);

/** One row of the log. */
typedef struct {
    int64_t id, started_at_ms, ended_at_ms;
    unsigned n_runs;
    char *name, *failure; /**< failure: NULL, none */
    GPtrArray *kinds;     /**< char *, beside the next */
    GArray *counts;       /**< int64_t */
} JobLogRow;

enum { JOB_LOG_MAX = 100 };
/** ROWS (of JobLogRow): the newest first. */
typedef struct {
    GPtrArray *rows;
    bool has_more;
} JobLog;
void job_log_clear(JobLog *log);

/** Inside a job: the rows before BEFORE_ID (0: from the newest on), JOB_LOG_MAX at most; of the job
 * NAME, or of all (NULL). */
bool job_log_read(DbTx *tx, const char *name, int64_t before_id, JobLog *ret_log, GError **error);

typedef void (*JobLogDone)(const JobLog *log, const GError *error, gpointer user_data);
/** FORBIDDEN to all but an administrator. */
void job_log_list(Scheduling *scheduling, const char *name, int64_t before_id, const Actor *actor,
                  JobLogDone done, gpointer user_data);
