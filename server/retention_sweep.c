// SPDX-License-Identifier: Apache-2.0
#include "server/retention_sweep.h"

#include "server/base/log.h"
#include "server/job_log.h"

/* Between two batches others write. */
enum { TICK_MS = 1000 };
static const int64_t every_ms = (int64_t)60 * 60 * 1000;

struct RetentionSweep {
    Scheduling *scheduling;
    const Clock *clock;
    RetentionTerms terms;
    JobLogger *log;
    guint timer;
    bool is_running, has_more;
    int64_t began_at_ms; /* of the last run; 0: none */
};

static void on_deleted(const RetentionFound *found, const GError *error, gpointer user_data)
{
    RetentionSweep *self = user_data;
    int64_t n = 0;
    self->is_running = false;
    self->has_more = found->more;
    for (int i = 0; i < RETENTION_N_KINDS; i++)
        n += found->n[i];
    if (n > 0)
        log_info("old rows deleted", "rows", LOG_INT(n));
    if (!error)
        return; /* what was deleted is written down with it */
    const JobRun run = {.name = "retention", .started_at_ms = self->began_at_ms};
    job_logger_note(self->log, &run, "old rows not deleted", error->message);
}

static gboolean on_tick(gpointer user_data)
{
    RetentionSweep *self = user_data;
    int64_t now_ms = clock_wall_ms(self->clock);
    int64_t since_ms = now_ms - self->began_at_ms;
    if (self->is_running || (!self->has_more && since_ms >= 0 && since_ms < every_ms))
        return G_SOURCE_CONTINUE;
    self->is_running = true;
    self->began_at_ms = now_ms;
    retention_delete(self->scheduling, &self->terms, on_deleted, self);
    return G_SOURCE_CONTINUE;
}

RetentionSweep *retention_sweep_new(Scheduling *scheduling, const Clock *clock,
                                    const RetentionTerms *terms)
{
    RetentionSweep *self = g_new0(RetentionSweep, 1);
    self->scheduling = scheduling;
    self->clock = clock;
    self->terms = *terms;
    self->log = job_logger_new(scheduling, clock);
    self->timer = g_timeout_add(TICK_MS, on_tick, self);
    return self;
}

void retention_sweep_free(RetentionSweep *self)
{
    if (!self)
        return;
    g_source_remove(self->timer);
    job_logger_free(self->log);
    g_free(self);
}
