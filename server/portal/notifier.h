// SPDX-License-Identifier: Apache-2.0
/* Tells patients what is due: every two seconds it claims messages, hands them to the driver on a
 * job thread, and reports what became of them; every five it sees who is next; every hour it
 * forgets what was said long ago. Main thread. */
#pragma once
#include "scheduling/scheduling.h"
#include "server/base/jobs.h"

typedef struct Notifier Notifier;

/** All but the texts, which are copied, must outlive it. */
typedef struct {
    Scheduling *scheduling;
    JobPool *jobs;
    const Clock *clock;
    const char *log_path;   /**< of notification_log.h */
    bool is_sent;           /**< false: nothing goes there, all waits; what is there is forgotten */
    int keep_days;          /**< how long its lines are kept */
    const char *public_url; /**< "https://HOST:PORT" */
} NotifierOptions;
/** Works from now on. */
Notifier *notifier_new(const NotifierOptions *options);
/** Something is due: it need not wait for the next of the looks, which are 2 s apart. */
void notifier_look(Notifier *notifier);
/** Claims nothing more; what the driver has is still reported. Before the job pool's end. NULL is
 * fine. */
void notifier_stop(Notifier *notifier);
/** Only after db_stop() and the job pool's end: jobs point into it. */
void notifier_free(Notifier *notifier);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Notifier, notifier_free)
