// SPDX-License-Identifier: Apache-2.0
/* Sends requests as fast as they are answered, so many at once, and writes down how each went. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include "tests/bench/tls_conn.h"

typedef struct {
    GPtrArray *requests;     /**< lines of http_call.h */
    unsigned n_clients;      /**< requests under way at once, each on a connection of its own */
    unsigned per_connection; /**< then the client connects anew, from another address */
    unsigned first_address;
    const char *keep; /**< name of the text in the answers that is written down; may be NULL */
} HttpLoadPlan;

/** Runs PLAN to its end. A line goes to RESULTS for each request, in their order: status (0: no
 * answer came), microseconds from its first byte to the answer's last, the text kept. *RET_US is
 * the time from the first connection to the last answer. False when it lasts over 5 minutes. */
bool http_load_run(uint16_t port, const HttpLoadPlan *plan, GString *results, int64_t *ret_us);
