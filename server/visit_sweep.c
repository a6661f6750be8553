// SPDX-License-Identifier: Apache-2.0
#include "server/visit_sweep.h"

#include "scheduling/booking/no_show.h"
#include "scheduling/consult/consult.h"
#include "scheduling/wait/wait_sweep.h"
#include "server/base/log.h"

enum { SWEEP_MS = 5000, WARNINGS_PER_MINUTE = 6 };

struct VisitSweep {
    Scheduling *scheduling;
    const Clock *clock;
    guint timer;
    bool is_sweeping, is_offering, is_asking;
    LogLimit log_limit;
};

static void sweep(VisitSweep *self);

static void on_swept(unsigned n_given_up, const GError *error, gpointer user_data)
{
    VisitSweep *self = user_data;
    unsigned n_suppressed = 0;
    self->is_sweeping = false;
    if (error) {
        if (log_allowed(&self->log_limit, clock_mono_us(self->clock), WARNINGS_PER_MINUTE,
                        &n_suppressed))
            log_warn("visits not swept", "error", error->message, "suppressed",
                     LOG_INT(n_suppressed));
        return;
    }
    if (n_given_up > 0)
        log_info("patients did not come", "visits", LOG_INT(n_given_up));
    if (n_given_up == NO_SHOW_MAX_AT_ONCE)
        sweep(self);
}

static void sweep(VisitSweep *self)
{
    if (self->is_sweeping)
        return;
    self->is_sweeping = true;
    no_show_sweep(self->scheduling, on_swept, self);
}

static void offer(VisitSweep *self);

static void on_offered(const WaitSwept *swept, const GError *error, gpointer user_data)
{
    VisitSweep *self = user_data;
    unsigned n_suppressed = 0;
    self->is_offering = false;
    if (error) {
        if (log_allowed(&self->log_limit, clock_mono_us(self->clock), WARNINGS_PER_MINUTE,
                        &n_suppressed))
            log_warn("wait list not swept", "error", error->message, "suppressed",
                     LOG_INT(n_suppressed));
        return;
    }
    if (swept->n_offered + swept->n_ended > 0)
        log_info("wait list swept", "offered", LOG_INT(swept->n_offered), "ended",
                 LOG_INT(swept->n_ended));
    if (swept->more)
        offer(self);
}

static void offer(VisitSweep *self)
{
    if (self->is_offering)
        return;
    self->is_offering = true;
    wait_sweep(self->scheduling, on_offered, self);
}

static void look_at_questions(VisitSweep *self);

static void on_questions(unsigned n, bool more, const GError *error, gpointer user_data)
{
    VisitSweep *self = user_data;
    unsigned n_suppressed = 0;
    self->is_asking = false;
    if (error) {
        if (log_allowed(&self->log_limit, clock_mono_us(self->clock), WARNINGS_PER_MINUTE,
                        &n_suppressed))
            log_warn("questions not swept", "error", error->message, "suppressed",
                     LOG_INT(n_suppressed));
        return;
    }
    if (n > 0)
        log_info("questions not answered in time", "questions", LOG_INT(n));
    if (more)
        look_at_questions(self);
}

static void look_at_questions(VisitSweep *self)
{
    if (self->is_asking)
        return;
    self->is_asking = true;
    consult_sweep(self->scheduling, on_questions, self);
}

static gboolean on_timer(gpointer user_data)
{
    sweep(user_data);
    offer(user_data);
    look_at_questions(user_data);
    return G_SOURCE_CONTINUE;
}

VisitSweep *visit_sweep_new(Scheduling *scheduling, const Clock *clock)
{
    VisitSweep *self = g_new0(VisitSweep, 1);
    self->scheduling = scheduling;
    self->clock = clock;
    self->timer = g_timeout_add(SWEEP_MS, on_timer, self);
    return self;
}

void visit_sweep_free(VisitSweep *self)
{
    if (!self)
        return;
    g_source_remove(self->timer);
    g_free(self);
}
