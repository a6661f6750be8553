// SPDX-License-Identifier: Apache-2.0
/* Patients in a waiting room, each with the page's socket open, while a doctor calls one after the
 * other: when does the last of them know the new place? */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include "tests/bench/tls_conn.h"

typedef struct {
    GPtrArray *tokens;      /**< the patients' */
    const char *call;       /**< line of http_call.h: calls the next */
    const char *put_away;   /**< line with "%s" for the visit: ends what was called */
    unsigned n_rounds;      /**< calls; at most one less than there are patients */
    unsigned first_address; /**< patients come from the ones after it, callers from those after */
    unsigned quiet_ms;      /**< nobody is told anything for so long before a round begins */
    int64_t slowest_ms;     /**< a round that takes longer is a failure */
} QueueLoadPlan;

/** Lets all wait, then runs the rounds. A line goes to RESULTS for each: microseconds from the
 * call's first byte to its answer's last, a tab, and, with commas, to each patient's message with
 * the new place. False, and says why on standard error, when somebody is not told or the socket of
 * one who waits is closed. */
bool queue_load_run(uint16_t port, const QueueLoadPlan *plan, GString *results);
