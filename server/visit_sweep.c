// SPDX-License-Identifier: Apache-2.0
#include "server/visit_sweep.h"

#include "scheduling/booking/no_show.h"
#include "scheduling/consult/consult.h"
#include "scheduling/booking/unanswered.h"
#include "scheduling/wait/wait_sweep.h"
#include "server/base/log.h"
#include "server/page_watch.h"

enum { SWEEP_MS = 5000, WARNINGS_PER_MINUTE = 6 };

struct VisitSweep {
    Scheduling *scheduling;
    const Clock *clock;
    PageWatch *pages;
    guint timer;
    bool is_sweeping, is_offering, is_asking, is_looking;
    LogLimit log_limit;
};

static void sweep(VisitSweep *self);
static void look_for_unanswered(VisitSweep *self);

static void log_failure(VisitSweep *self, const char *message, const GError *error)
{
    unsigned n_suppressed = 0;
    if (log_allowed(&self->log_limit, clock_mono_us(self->clock), WARNINGS_PER_MINUTE,
                    &n_suppressed))
        log_warn(message, "error", error->message, "suppressed", LOG_INT(n_suppressed));
}

static void on_swept(unsigned n_given_up, const GError *error, gpointer user_data)
{
    VisitSweep *self = user_data;
    self->is_sweeping = false;
    if (error) {
        log_failure(self, "visits not swept", error);
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
    self->is_offering = false;
    if (error) {
        log_failure(self, "wait list not swept", error);
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
    self->is_asking = false;
    if (error) {
        log_failure(self, "questions not swept", error);
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

static void on_looked(unsigned n_changed, const GError *error, gpointer user_data)
{
    VisitSweep *self = user_data;
    self->is_looking = false;
    if (error) {
        log_failure(self, "unanswered patients not looked for", error);
        return;
    }
    if (n_changed > 0)
        log_info("unanswered patients", "changes", LOG_INT(n_changed));
    if (n_changed == UNANSWERED_MAX_AT_ONCE)
        look_for_unanswered(self);
}

static void look_for_unanswered(VisitSweep *self)
{
    if (self->is_looking)
        return;
    self->is_looking = true;
    g_auto(GStrv) with_pages = page_watch_look(self->pages);
    unanswered_sweep(self->scheduling, (const char *const *)with_pages, on_looked, self);
}

static gboolean on_timer(gpointer user_data)
{
    sweep(user_data);
    offer(user_data);
    look_at_questions(user_data);
    look_for_unanswered(user_data);
    return G_SOURCE_CONTINUE;
}

VisitSweep *visit_sweep_new(Scheduling *scheduling, const Signaling *signaling, const Clock *clock)
{
    VisitSweep *self = g_new0(VisitSweep, 1);
    self->scheduling = scheduling;
    self->clock = clock;
    self->pages = page_watch_new(signaling, clock);
    self->timer = g_timeout_add(SWEEP_MS, on_timer, self);
    return self;
}

void visit_sweep_free(VisitSweep *self)
{
    if (!self)
        return;
    g_source_remove(self->timer);
    page_watch_free(self->pages);
    g_free(self);
}
