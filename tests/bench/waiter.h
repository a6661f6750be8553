// SPDX-License-Identifier: Apache-2.0
/* A patient's page, as far as it waits: opens the socket, says hello and ready, pings, and reads
 * the place in the queue out of what it is told. RFC 6455, without fragments or extensions. */
#pragma once
#include "tests/bench/tls_conn.h"

typedef struct {
    TlsConn *conn;
    const char *token; /* borrowed */
    bool is_upgraded;
    bool is_waiting; /* in the queue: ahead counts */
    bool is_over;    /* called, refused or gone */
    bool is_cut;     /* gone while waiting, which the server has no reason for */
    unsigned ahead;
    int64_t told_us;  /* when the last message came */
    int64_t moved_us; /* when ahead became what it is */
    int64_t pinged_us;
    char *refusal; /* what was answered in place of a welcome */
} Waiter;

void waiter_start(Waiter *waiter, TlsLoop *loop, unsigned nth_address, const char *token);
/** Pings when it is time to: a page that says nothing counts as away. */
void waiter_tick(Waiter *waiter, int64_t now_us);
void waiter_clear(Waiter *waiter);
