// SPDX-License-Identifier: Apache-2.0
#include "server/portal/notifier.h"

#include "scheduling/outbox/delivery.h"
#include "scheduling/outbox/notification_sweep.h"
#include "server/base/log.h"
#include "server/portal/notification_log.h"

enum { CLAIM_MS = 2000, SWEEP_MS = 5000, WARNINGS_PER_MINUTE = 6 };

struct Notifier {
    Scheduling *scheduling;
    JobPool *jobs;
    const Clock *clock;
    char *log_path, *public_url;
    guint claim_timer, sweep_timer;
    bool is_claiming, is_sweeping, is_stopped;
    LogLimit log_limit;
};

static void claim(Notifier *self);

static void log_failure(Notifier *self, const char *message, const char *why)
{
    unsigned n_suppressed = 0;
    if (log_allowed(&self->log_limit, clock_mono_us(self->clock), WARNINGS_PER_MINUTE,
                    &n_suppressed))
        log_warn(message, "error", why, "suppressed", LOG_INT(n_suppressed));
}

/* Some messages on their way. While the driver has them they belong to its thread. */
typedef struct {
    Notifier *notifier;
    GPtrArray *deliveries;
    bool more;
} Batch;

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
        log_failure(self, "deliveries not noted", error->message);
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
    if (n_failed > 0)
        log_failure(batch->notifier, "messages not delivered", why);
    if (n_failed < batch->deliveries->len)
        log_info("messages delivered", "messages", LOG_INT(batch->deliveries->len - n_failed));
    delivery_report(batch->notifier->scheduling, g_steal_pointer(&batch->deliveries), on_reported,
                    batch);
}

static void deliver(gpointer data)
{
    Batch *batch = data;
    notification_log_deliver(batch->notifier->log_path, batch->deliveries);
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
        log_failure(self, "no messages claimed", error->message);
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
    *batch = (Batch){self, deliveries, more};
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

static gboolean on_claim_timer(gpointer user_data)
{
    claim(user_data);
    return G_SOURCE_CONTINUE;
}

static void on_swept(const GError *error, gpointer user_data)
{
    Notifier *self = user_data;
    self->is_sweeping = false;
    if (error)
        log_failure(self, "messages not looked for", error->message);
}

static gboolean on_sweep_timer(gpointer user_data)
{
    Notifier *self = user_data;
    if (!self->is_sweeping) {
        self->is_sweeping = true;
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
    self->sweep_timer = g_timeout_add(SWEEP_MS, on_sweep_timer, self);
    if (self->log_path)
        self->claim_timer = g_timeout_add(CLAIM_MS, on_claim_timer, self);
    return self;
}

void notifier_stop(Notifier *self)
{
    if (!self || self->is_stopped)
        return;
    self->is_stopped = true;
    g_source_remove(self->sweep_timer);
    if (self->claim_timer)
        g_source_remove(self->claim_timer);
}

void notifier_free(Notifier *self)
{
    if (!self)
        return;
    notifier_stop(self);
    g_free(self->log_path);
    g_free(self->public_url);
    g_free(self);
}
