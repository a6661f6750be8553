// SPDX-License-Identifier: Apache-2.0
#include "server/visit_sweep.h"

#include "scheduling/booking/day_end.h"
#include "scheduling/booking/hold.h"
#include "scheduling/booking/no_show.h"
#include "scheduling/booking/unanswered.h"
#include "scheduling/clinic/hours_news.h"
#include "scheduling/consult/consult.h"
#include "scheduling/wait/wait_sweep.h"
#include "server/base/log.h"
#include "server/job_log.h"
#include "server/page_watch.h"

enum {
    SWEEP_MS = 5000,
    /* At most so often because something became free: each asks for the free slots of all clinics
     * for which somebody waits, and forms that are left again and again must not keep a reader
     * busy. */
    OFFER_GAP_MS = 400,
};

/* When a job's present run began; 0: it does not run. */
typedef int64_t Running;

struct VisitSweep {
    Scheduling *scheduling;
    const Clock *clock;
    JobLogger *log;
    PageWatch *pages;
    Notifier *notifier;
    guint timer;
    guint offer_timer; /* 0: none runs */
    int64_t
        offered_at_us; /* monotonic: when the last look for who could be offered something began */
    bool is_something_free; /* since that began */
    bool is_at_hours;       /* they are being looked at */
    Running sweeping, offering, asking, looking, ending, letting_go;
};

/* False: the job's last run has not ended yet. */
static bool begin(const VisitSweep *self, Running *running)
{
    if (*running)
        return false;
    *running = clock_wall_ms(self->clock);
    return true;
}

static void end(VisitSweep *self, Running *running, JobRun *run, const char *message,
                const GError *error)
{
    run->started_at_ms = *running;
    *running = 0;
    job_logger_note(self->log, run, message, error ? error->message : NULL);
}

static void sweep(VisitSweep *self);

static void on_swept(unsigned n_given_up, const GError *error, gpointer user_data)
{
    VisitSweep *self = user_data;
    const JobCount counts[] = {{"visits", n_given_up}};
    JobRun run = {.name = "no_show", .counts = counts, .n_counts = G_N_ELEMENTS(counts)};
    end(self, &self->sweeping, &run, "visits not swept", error);
    if (n_given_up > 0)
        log_info("patients did not come", "visits", LOG_INT(n_given_up));
    if (n_given_up == NO_SHOW_MAX_AT_ONCE)
        sweep(self);
}

static void sweep(VisitSweep *self)
{
    if (begin(self, &self->sweeping))
        no_show_sweep(self->scheduling, on_swept, self);
}

static void end_days(VisitSweep *self);

static void on_days_ended(const DayEnded *ended, const GError *error, gpointer user_data)
{
    VisitSweep *self = user_data;
    const JobCount counts[] = {{"no_doctor", ended->n_no_doctor},
                               {"left", ended->n_left},
                               {"failed", ended->n_failed},
                               {"done", ended->n_done},
                               {"cancelled", ended->n_cancelled}};
    JobRun run = {.name = "day_end", .counts = counts, .n_counts = G_N_ELEMENTS(counts)};
    end(self, &self->ending, &run, "days not ended", error);
    unsigned n =
        ended->n_no_doctor + ended->n_left + ended->n_failed + ended->n_done + ended->n_cancelled;
    if (n > 0)
        log_info("visits ended with their day", "visits", LOG_INT(n));
    if (ended->more && n > 0 && !error)
        end_days(self);
}

static void end_days(VisitSweep *self)
{
    if (begin(self, &self->ending))
        day_end_sweep(self->scheduling, on_days_ended, self);
}

static void let_go(VisitSweep *self);

static void on_let_go(unsigned n_deleted, const GError *error, gpointer user_data)
{
    VisitSweep *self = user_data;
    const JobCount counts[] = {{"holds", n_deleted}};
    JobRun run = {.name = "holds", .counts = counts, .n_counts = G_N_ELEMENTS(counts)};
    end(self, &self->letting_go, &run, "holds not let go", error);
    if (n_deleted == HOLD_MAX_SWEPT)
        let_go(self);
}

static void let_go(VisitSweep *self)
{
    if (begin(self, &self->letting_go))
        hold_sweep(self->scheduling, on_let_go, self);
}

static void offer(VisitSweep *self);
static void offer_soon(VisitSweep *self);

static void on_offered(const WaitSwept *swept, const GError *error, gpointer user_data)
{
    static const WaitSwept nothing;
    VisitSweep *self = user_data;
    if (error)
        swept = &nothing;
    const JobCount counts[] = {{"offered", swept->n_offered}, {"ended", swept->n_ended}};
    JobRun run = {.name = "wait_list", .counts = counts, .n_counts = G_N_ELEMENTS(counts)};
    end(self, &self->offering, &run, "wait list not swept", error);
    if (swept->n_offered + swept->n_ended > 0)
        log_info("wait list swept", "offered", LOG_INT(swept->n_offered), "ended",
                 LOG_INT(swept->n_ended));
    if (swept->n_offered > 0)
        notifier_look(self->notifier);
    if (swept->more)
        offer(self);
    else if (self->is_something_free)
        offer_soon(self);
}

static void offer(VisitSweep *self)
{
    if (!begin(self, &self->offering))
        return;
    self->is_something_free = false;
    self->offered_at_us = clock_mono_us(self->clock);
    wait_sweep(self->scheduling, on_offered, self);
}

static gboolean on_offer_timer(gpointer user_data)
{
    VisitSweep *self = user_data;
    self->offer_timer = 0;
    offer(self);
    return G_SOURCE_REMOVE;
}

/* At once, unless that was just so; the one that runs may have looked before. */
static void offer_soon(VisitSweep *self)
{
    int64_t since_ms = (clock_mono_us(self->clock) - self->offered_at_us) / 1000;
    if (self->offering || self->offer_timer)
        return;
    if (since_ms >= OFFER_GAP_MS)
        offer(self);
    else
        self->offer_timer = g_timeout_add((guint)(OFFER_GAP_MS - since_ms), on_offer_timer, self);
}

static void on_free(gpointer user_data)
{
    VisitSweep *self = user_data;
    self->is_something_free = true;
    offer_soon(self);
}

static void look_at_questions(VisitSweep *self);

static void on_questions(unsigned n, bool more, const GError *error, gpointer user_data)
{
    VisitSweep *self = user_data;
    const JobCount counts[] = {{"questions", error ? 0 : n}};
    JobRun run = {.name = "consults", .counts = counts, .n_counts = G_N_ELEMENTS(counts)};
    end(self, &self->asking, &run, "questions not swept", error);
    if (error)
        return;
    if (n > 0)
        log_info("questions not answered in time", "questions", LOG_INT(n));
    if (more)
        look_at_questions(self);
}

static void look_at_questions(VisitSweep *self)
{
    if (begin(self, &self->asking))
        consult_sweep(self->scheduling, on_questions, self);
}

static void look_for_unanswered(VisitSweep *self);

static void on_looked(unsigned n_changed, const GError *error, gpointer user_data)
{
    VisitSweep *self = user_data;
    const JobCount counts[] = {{"changes", n_changed}};
    JobRun run = {.name = "unanswered", .counts = counts, .n_counts = G_N_ELEMENTS(counts)};
    end(self, &self->looking, &run, "unanswered patients not looked for", error);
    if (n_changed > 0)
        log_info("unanswered patients", "changes", LOG_INT(n_changed));
    if (n_changed == UNANSWERED_MAX_AT_ONCE)
        look_for_unanswered(self);
}

static void look_for_unanswered(VisitSweep *self)
{
    if (!begin(self, &self->looking))
        return;
    g_auto(GStrv) with_pages = page_watch_look(self->pages);
    unanswered_sweep(self->scheduling, (const char *const *)with_pages, on_looked, self);
}

static void on_hours_seen(const GError *error, gpointer user_data)
{
    VisitSweep *self = user_data;
    self->is_at_hours = false;
    if (error)
        log_warn("hours not looked at", "error", error->message);
}

/* No job of its own: it writes nothing, and whoever it concerns hears of it. */
static void look_at_hours(VisitSweep *self)
{
    if (self->is_at_hours)
        return;
    self->is_at_hours = true;
    hours_news_look(self->scheduling, on_hours_seen, self);
}

static gboolean on_timer(gpointer user_data)
{
    sweep(user_data);
    end_days(user_data);
    let_go(user_data);
    offer(user_data);
    look_at_questions(user_data);
    look_for_unanswered(user_data);
    look_at_hours(user_data);
    return G_SOURCE_CONTINUE;
}

VisitSweep *visit_sweep_new(const VisitSweepOptions *options)
{
    Scheduling *scheduling = options->scheduling;
    const Clock *clock = options->clock;
    VisitSweep *self = g_new0(VisitSweep, 1);
    self->scheduling = scheduling;
    self->clock = clock;
    self->log = job_logger_new(scheduling, clock);
    self->pages = page_watch_new(options->signaling, clock);
    self->notifier = options->notifier;
    self->offered_at_us = clock_mono_us(clock) - OFFER_GAP_MS * 1000;
    self->timer = g_timeout_add(SWEEP_MS, on_timer, self);
    wait_sweep_set_listener(scheduling, on_free, self);
    look_at_hours(self); /* what it finds later is held against this */
    return self;
}

void visit_sweep_free(VisitSweep *self)
{
    if (!self)
        return;
    wait_sweep_set_listener(self->scheduling, NULL, NULL);
    g_source_remove(self->timer);
    if (self->offer_timer)
        g_source_remove(self->offer_timer);
    page_watch_free(self->pages);
    job_logger_free(self->log);
    g_free(self);
}
