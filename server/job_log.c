// SPDX-License-Identifier: Apache-2.0
#include "server/job_log.h"

#include "server/base/log.h"

enum { WARNINGS_PER_MINUTE = 6 };

struct JobLogger {
    Scheduling *scheduling;
    const Clock *clock;
    LogLimit log_limit;
};

JobLogger *job_logger_new(Scheduling *scheduling, const Clock *clock)
{
    JobLogger *self = g_new0(JobLogger, 1);
    self->scheduling = scheduling;
    self->clock = clock;
    return self;
}

void job_logger_free(JobLogger *self)
{
    g_free(self);
}

static void warn(JobLogger *self, const char *message, const char *job, const char *why)
{
    unsigned n_suppressed = 0;
    if (log_allowed(&self->log_limit, clock_mono_us(self->clock), WARNINGS_PER_MINUTE,
                    &n_suppressed))
        log_warn(message, "job", job, "error", why, "suppressed", LOG_INT(n_suppressed));
}

static void on_noted(const GError *error, gpointer user_data)
{
    if (error)
        warn(user_data, "job not written down", "-", error->message);
}

void job_logger_note(JobLogger *self, const JobRun *run, const char *message, const char *why_not)
{
    JobRun noted = *run;
    noted.failure = why_not;
    if (why_not)
        warn(self, message, run->name, why_not);
    job_run_note(self->scheduling, &noted, on_noted, self);
}
