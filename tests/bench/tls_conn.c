// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/tls_conn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_EVENTS = 256, ROUND_MS = 20, READ_BYTES = 16384, ADDRESSES_PER_NET = 250 };

struct TlsLoop {
    uint16_t port;
    int epoll;
    SSL_CTX *context;
    GPtrArray *freed; /* TlsConn: an event of this round may still point to one */
};

struct TlsConn {
    TlsLoop *loop;
    int fd;
    SSL *ssl;
    bool is_open;
    bool is_failed; /* on_close is due, or was called */
    bool is_freed;
    bool wants_write; /* what epoll is asked for */
    GByteArray *in, *out;
    const TlsConnHandlers *handlers;
    gpointer user_data;
};

int64_t tls_loop_now_us(void)
{
    struct timespec now;
    g_assert(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void conn_destroy(gpointer data)
{
    TlsConn *conn = data;
    g_byte_array_unref(conn->in);
    g_byte_array_unref(conn->out);
    g_free(conn);
}

TlsLoop *tls_loop_new(uint16_t port)
{
    TlsLoop *loop = g_new0(TlsLoop, 1);
    loop->port = port;
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->context = SSL_CTX_new(TLS_client_method());
    loop->freed = g_ptr_array_new_with_free_func(conn_destroy);
    g_assert(loop->epoll >= 0 && loop->context);
    SSL_CTX_set_mode(loop->context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                        SSL_MODE_RELEASE_BUFFERS);
    return loop;
}

void tls_loop_free(TlsLoop *loop)
{
    if (!loop)
        return;
    g_ptr_array_unref(loop->freed);
    SSL_CTX_free(loop->context);
    close(loop->epoll);
    g_free(loop);
}

static void watch(TlsConn *conn, int operation, bool wants_write)
{
    struct epoll_event event = {.events = EPOLLIN | (wants_write ? EPOLLOUT : 0U),
                                .data.ptr = conn};
    conn->wants_write = wants_write;
    g_assert(epoll_ctl(conn->loop->epoll, operation, conn->fd, &event) == 0);
}

static struct sockaddr_in client_address(unsigned nth)
{
    unsigned net = 1 + nth / ADDRESSES_PER_NET;
    uint32_t address =
        (127U << 24) | ((1 + net / 256) << 16) | ((net % 256) << 8) | (1 + nth % ADDRESSES_PER_NET);
    return (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
}

TlsConn *tls_conn_new(TlsLoop *loop, unsigned nth_address, const TlsConnHandlers *handlers,
                      gpointer user_data)
{
    TlsConn *conn = g_new0(TlsConn, 1);
    conn->loop = loop;
    conn->handlers = handlers;
    conn->user_data = user_data;
    conn->in = g_byte_array_new();
    conn->out = g_byte_array_new();
    conn->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    g_assert(conn->fd >= 0);
    int on = 1;
    setsockopt(conn->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct sockaddr_in from = client_address(nth_address);
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(loop->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    g_assert(bind(conn->fd, (struct sockaddr *)&from, sizeof from) == 0);
    if (connect(conn->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS)
        conn->is_failed = true;
    conn->ssl = SSL_new(loop->context);
    SSL_set_fd(conn->ssl, conn->fd);
    SSL_set_connect_state(conn->ssl);
    watch(conn, EPOLL_CTL_ADD, true);
    return conn;
}

void tls_conn_free(TlsConn *conn)
{
    if (!conn || conn->is_freed)
        return;
    conn->is_freed = true;
    SSL_free(conn->ssl);
    close(conn->fd);
    g_ptr_array_add(conn->loop->freed, conn);
}

GByteArray *tls_conn_input(TlsConn *conn)
{
    return conn->in;
}

/* True when RESULT only says that the socket is not ready. */
static bool must_wait(TlsConn *conn, int result)
{
    int reason = SSL_get_error(conn->ssl, result);
    if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE)
        conn->is_failed = true;
    /* SSL_get_error() also looks at the thread's queue of errors, which all connections share:
     * what one leaves there (a peer that closes without saying goodbye is enough) would be taken
     * for the failure of each that comes after. */
    ERR_clear_error();
    return !conn->is_failed;
}

static void flush(TlsConn *conn)
{
    while (conn->is_open && !conn->is_failed && conn->out->len > 0) {
        int n = SSL_write(conn->ssl, conn->out->data, (int)conn->out->len);
        if (n > 0)
            g_byte_array_remove_range(conn->out, 0, (guint)n);
        else if (must_wait(conn, n))
            break;
    }
    bool wants_write = conn->out->len > 0 || !conn->is_open;
    if (!conn->is_failed && wants_write != conn->wants_write)
        watch(conn, EPOLL_CTL_MOD, wants_write);
}

void tls_conn_send(TlsConn *conn, const void *bytes, size_t size)
{
    g_byte_array_append(conn->out, bytes, (guint)size);
    flush(conn);
}

static bool fill(TlsConn *conn)
{
    uint8_t buffer[READ_BYTES];
    bool has_read = false;
    int n;
    while ((n = SSL_read(conn->ssl, buffer, sizeof buffer)) > 0) {
        g_byte_array_append(conn->in, buffer, (guint)n);
        has_read = true;
    }
    (void)must_wait(conn, n);
    return has_read;
}

static void shake_hands(TlsConn *conn)
{
    int result = SSL_do_handshake(conn->ssl);
    if (result != 1) {
        if (must_wait(conn, result)) {
            bool wants_write = SSL_want_write(conn->ssl);
            if (wants_write != conn->wants_write)
                watch(conn, EPOLL_CTL_MOD, wants_write);
        }
        return;
    }
    conn->is_open = true;
    conn->handlers->on_open(conn, conn->user_data);
}

static void serve(TlsConn *conn, uint32_t events)
{
    if (!conn->is_open && !conn->is_failed)
        shake_hands(conn);
    if (!conn->is_freed && conn->is_open && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) &&
        fill(conn))
        conn->handlers->on_data(conn, conn->user_data);
    if (!conn->is_freed && !conn->is_failed && conn->is_open)
        flush(conn);
    if (!conn->is_freed && conn->is_failed)
        conn->handlers->on_close(conn, conn->user_data);
}

bool tls_loop_run(TlsLoop *loop, bool (*is_done)(gpointer user_data), gpointer user_data,
                  int64_t timeout_ms)
{
    struct epoll_event events[MAX_EVENTS];
    int64_t until_us = tls_loop_now_us() + timeout_ms * 1000;
    while (!is_done(user_data)) {
        int n = epoll_wait(loop->epoll, events, MAX_EVENTS, ROUND_MS);
        for (int i = 0; i < n; i++) {
            TlsConn *conn = events[i].data.ptr;
            if (!conn->is_freed)
                serve(conn, events[i].events);
        }
        g_ptr_array_set_size(loop->freed, 0);
        if (tls_loop_now_us() > until_us)
            return false;
    }
    return true;
}
