// SPDX-License-Identifier: Apache-2.0
#include "server/portal/notifier.h"

#include "scheduling/outbox/delivery.h"
#include "scheduling/outbox/notification_sweep.h"
#include "server/base/log.h"
#include "server/job_log.h"
#include "server/portal/notification_log.h"

enum { CLAIM_MS = 2000, SWEEP_MS = 5000 };
static const int64_t forget_every_ms = (int64_t)60 * 60 * 1000;
static const int64_t day_ms = (int64_t)24 * 60 * 60 * 1000;

struct Notifier {
    Scheduling *scheduling;
    JobPool *jobs;
    const Clock *clock;
    char *log_path, *public_url;
    bool is_sent;
    int64_t keep_ms;
    guint claim_timer, sweep_timer;
    bool is_claiming; /* somebody works on the file, or is about to */
    bool is_sweeping, is_stopped;
    int64_t swept_at_ms, forgotten_at_ms; /* begin of the last run; 0: none */
    JobLogger *log;
};

static void claim(Notifier *self);

/* Some messages on their way. While the driver has them they belong to its thread. */
typedef struct {
    Notifier *notifier;
    GPtrArray *deliveries;
    bool more;
    int64_t started_at_ms;
} Batch;

static void note(Notifier *self, const char *name, int64_t started_at_ms, const JobCount *counts,
                 unsigned n_counts, const char *message, const char *why_not)
{
    const JobRun run = {name, started_at_ms, counts, n_counts, NULL};
    job_logger_note(self->log, &run, message, why_not);
}

static void batch_free(gpointer data)
{
    Batch *batch = data;
    if (batch->deliveries)
        g_ptr_array_unref(batch->deliveries);
    g_free(batch);
}

static void on_reported(const GError *error, gpointer user_data)
{
    Batch *batch = user_data;
    Notifier *self = batch->notifier;
    self->is_claiming = false;
    if (error)
        note(self, "messages", batch->started_at_ms, NULL, 0, "deliveries not noted",
             error->message);
    else if (batch->more)
        claim(self);
    batch_free(batch);
}

static void report(Batch *batch)
{
    unsigned n_failed = 0;
    const char *why = NULL;
    for (unsigned i = 0; i < batch->deliveries->len; i++) {
        const Delivery *delivery = batch->deliveries->pdata[i];
        if (delivery->failure) {
            n_failed++;
            why = delivery->failure;
        }
    }
    const JobCount counts[] = {{"delivered", batch->deliveries->len - n_failed},
                               {"failed", n_failed}};
    note(batch->notifier, "messages", batch->started_at_ms, counts, G_N_ELEMENTS(counts),
         "messages not delivered", why);
    if (n_failed < batch->deliveries->len)
        log_info("messages delivered", "messages", LOG_INT(batch->deliveries->len - n_failed));
    delivery_report(batch->notifier->scheduling, g_steal_pointer(&batch->deliveries), on_reported,
                    batch);
}

static void deliver(gpointer data)
{
    Batch *batch = data;
    notification_log_deliver(batch->notifier->log_path, batch->started_at_ms, batch->deliveries);
}

static void on_delivered(gpointer data)
{
    report(data);
}

static void on_claimed(GPtrArray *deliveries, bool more, const GError *error, gpointer user_data)
{
    Notifier *self = user_data;
    g_autoptr(GError) refused = NULL;
    self->is_claiming = false;
    if (error) {
        note(self, "messages", clock_wall_ms(self->clock), NULL, 0, "no messages claimed",
             error->message);
        return;
    }
    /* Claims of a server that stops are taken over when their lease is over. */
    if (deliveries->len == 0 || self->is_stopped) {
        g_ptr_array_unref(deliveries);
        if (more)
            claim(self);
        return;
    }
    Batch *batch = g_new0(Batch, 1);
    *batch = (Batch){self, deliveries, more, clock_wall_ms(self->clock)};
    self->is_claiming = true;
    if (job_pool_run(self->jobs, deliver, on_delivered, batch, NULL, &refused))
        return;
    for (unsigned i = 0; i < deliveries->len; i++)
        ((Delivery *)deliveries->pdata[i])->failure = g_strdup("busy");
    batch->more = false;
    report(batch);
}

static void claim(Notifier *self)
{
    if (self->is_claiming || self->is_stopped)
        return;
    self->is_claiming = true;
    delivery_claim(self->scheduling, self->public_url, on_claimed, self);
}

/* What was said long ago goes. While the driver's thread does it, it has the file. */
typedef struct {
    Notifier *notifier;
    int64_t now_ms;
    unsigned n_files;
    GError *error;
} Forgetting;

static void forgetting_free(gpointer data)
{
    Forgetting *forgetting = data;
    g_clear_error(&forgetting->error);
    g_free(forgetting);
}

static void forget(gpointer data)
{
    Forgetting *forgetting = data;
    const Notifier *self = forgetting->notifier;
    (void)notification_log_forget(self->log_path, forgetting->now_ms, self->keep_ms,
                                  &forgetting->n_files, &forgetting->error);
}

static void on_forgotten(gpointer data)
{
    const Forgetting *forgetting = data;
    Notifier *self = forgetting->notifier;
    const JobCount counts[] = {{"files", forgetting->n_files}};
    self->is_claiming = false;
    note(self, "message_log", forgetting->now_ms, counts, G_N_ELEMENTS(counts),
         "old messages not forgotten", forgetting->error ? forgetting->error->message : NULL);
}

/* True when it was time and the file is taken. */
static bool try_to_forget(Notifier *self)
{
    int64_t now_ms = clock_wall_ms(self->clock);
    int64_t since_ms = now_ms - self->forgotten_at_ms;
    if (self->is_claiming || self->is_stopped || (since_ms >= 0 && since_ms < forget_every_ms))
        return false;
    Forgetting *forgetting = g_new0(Forgetting, 1);
    *forgetting = (Forgetting){.notifier = self, .now_ms = now_ms};
    if (!job_pool_run(self->jobs, forget, on_forgotten, forgetting, forgetting_free, NULL)) {
        forgetting_free(forgetting); /* busy: at the next tick */
        return false;
    }
    self->is_claiming = true;
    self->forgotten_at_ms = now_ms;
    return true;
}

static gboolean on_claim_timer(gpointer user_data)
{
    Notifier *self = user_data;
    if (!try_to_forget(self) && self->is_sent)
        claim(self);
    return G_SOURCE_CONTINUE;
}

void notifier_look(Notifier *self)
{
    if (self->is_sent)
        claim(self);
}

static void on_swept(const GError *error, gpointer user_data)
{
    Notifier *self = user_data;
    self->is_sweeping = false;
    note(self, "next", self->swept_at_ms, NULL, 0, "messages not looked for",
         error ? error->message : NULL);
}

static gboolean on_sweep_timer(gpointer user_data)
{
    Notifier *self = user_data;
    if (!self->is_sweeping) {
        self->is_sweeping = true;
        self->swept_at_ms = clock_wall_ms(self->clock);
        notification_sweep(self->scheduling, on_swept, self);
    }
    return G_SOURCE_CONTINUE;
}

Notifier *notifier_new(const NotifierOptions *options)
{
    Notifier *self = g_new0(Notifier, 1);
    self->scheduling = options->scheduling;
    self->jobs = options->jobs;
    self->clock = options->clock;
    self->log_path = g_strdup(options->log_path);
    self->public_url = g_strdup(options->public_url);
    self->is_sent = options->is_sent;
    self->keep_ms = options->keep_days * day_ms;
    self->log = job_logger_new(options->scheduling, options->clock);
    self->sweep_timer = g_timeout_add(SWEEP_MS, on_sweep_timer, self);
    self->claim_timer = g_timeout_add(CLAIM_MS, on_claim_timer, self);
    return self;
}

void notifier_stop(Notifier *self)
{
    if (!self || self->is_stopped)
        return;
    self->is_stopped = true;
    g_source_remove(self->sweep_timer);
    g_source_remove(self->claim_timer);
}

void notifier_free(Notifier *self)
{
    if (!self)
        return;
    notifier_stop(self);
    g_free(self->log_path);
    g_free(self->public_url);
    job_logger_free(self->log);
    g_free(self);
}
