// SPDX-License-Identifier: Apache-2.0
/* Many TLS connections to a server on loopback, on one epoll loop and one thread: what both load
 * generators stand on. Every client may have an address of its own in 127.0.0.0/8, because the
 * server's rate limits count addresses. Certificates are not checked. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct TlsLoop TlsLoop;
typedef struct TlsConn TlsConn;

/** Called from tls_loop_run(); each may free the connection. */
typedef struct {
    void (*on_open)(TlsConn *conn, gpointer user_data);
    /** Something was added to tls_conn_input(). */
    void (*on_data)(TlsConn *conn, gpointer user_data);
    /** The connection failed or the server closed it; it must be freed. */
    void (*on_close)(TlsConn *conn, gpointer user_data);
} TlsConnHandlers;

TlsLoop *tls_loop_new(uint16_t port);
void tls_loop_free(TlsLoop *loop);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsLoop, tls_loop_free)
/** Serves the connections until IS_DONE says so (asked after each round) or TIMEOUT_MS are over:
 * then false. A round waits 20 ms at most. */
bool tls_loop_run(TlsLoop *loop, bool (*is_done)(gpointer user_data), gpointer user_data,
                  int64_t timeout_ms);
/** CLOCK_MONOTONIC; the same in every process of the machine. */
int64_t tls_loop_now_us(void);

/** Begins to connect from the Nth address of 127.0.0.0/8 that is not the server's. */
TlsConn *tls_conn_new(TlsLoop *loop, unsigned nth_address, const TlsConnHandlers *handlers,
                      gpointer user_data);
/** Closes without saying goodbye. NULL is fine. */
void tls_conn_free(TlsConn *conn);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsConn, tls_conn_free)
/** Copies; sends at once what the socket takes, the rest later. */
void tls_conn_send(TlsConn *conn, const void *bytes, size_t size);
/** What has come and not been taken yet: whoever reads removes it. */
GByteArray *tls_conn_input(TlsConn *conn);
