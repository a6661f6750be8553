// SPDX-License-Identifier: Apache-2.0
#include "server/http/http_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib-unix.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "server/base/error.h"
#include "server/base/log.h"
#include "server/http/http_internal.h"

enum {
    STOPPING_TICK_MS = 50,
    ACCEPTS_PER_TURN = 64,
    BACKLOG = 512,
    DESCRIPTORS_WANTED = 16384,
    RATE_KEYS = 8192,
    NO_CHANGE = -1,           /* of user and group */
    LIBRARY_TIMEOUT_S = 3600, /* never before our own deadlines */
};

int64_t http_server_now_us(const HttpServer *server)
{
    return clock_mono_us(server->options.clock);
}

void http_server_forget(HttpServer *server, HttpConn *conn)
{
    unsigned n = GPOINTER_TO_UINT(g_hash_table_lookup(server->n_by_address, conn->limit_key));
    if (n > 1)
        g_hash_table_insert(server->n_by_address, g_strdup(conn->limit_key),
                            GUINT_TO_POINTER(n - 1));
    else
        g_hash_table_remove(server->n_by_address, conn->limit_key);
    g_queue_unlink(&server->conns, &conn->link);
    if (conn->ret_forgotten)
        *conn->ret_forgotten = true;
    g_free(conn);
}

/* ---- accepting ---- */

static gboolean on_accept(gint fd, GIOCondition condition, gpointer data)
{
    (void)condition;
    HttpServer *server = data;
    for (unsigned i = 0; i < ACCEPTS_PER_TURN && !server->is_paused; i++) {
        struct sockaddr_storage peer;
        socklen_t size = sizeof peer;
        int client = accept4(fd, (struct sockaddr *)&peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (client >= 0) {
            /* Frames are small and must not wait for the acknowledgement of the one before. */
            int on = 1;
            (void)setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            http_conn_adopt(server, client, &peer);
            continue;
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            break;
        /* Out of descriptors: the next tick tries again instead of spinning here. */
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            server->is_paused = true;
    }
    if (!server->is_paused)
        return G_SOURCE_CONTINUE;
    for (unsigned i = 0; i < server->n_listeners; i++)
        if (server->listeners[i].fd == fd)
            server->listeners[i].source_id = 0;
    return G_SOURCE_REMOVE;
}

static void accept_resume(HttpServer *server)
{
    server->is_paused = false;
    for (unsigned i = 0; i < server->n_listeners; i++)
        if (server->listeners[i].source_id == 0)
            server->listeners[i].source_id =
                g_unix_fd_add(server->listeners[i].fd, G_IO_IN, on_accept, server);
}

static void listeners_close(HttpServer *server)
{
    for (unsigned i = 0; i < server->n_listeners; i++) {
        if (server->listeners[i].source_id)
            g_source_remove(server->listeners[i].source_id);
        close(server->listeners[i].fd);
    }
    server->n_listeners = 0;
}

static bool address_parse(const char *text, uint16_t port, struct sockaddr_storage *ret,
                          socklen_t *ret_size)
{
    struct sockaddr_in *in = (struct sockaddr_in *)ret;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret;
    memset(ret, 0, sizeof *ret);
    if (inet_pton(AF_INET, text, &in->sin_addr) == 1) {
        in->sin_family = AF_INET;
        in->sin_port = htons(port);
        *ret_size = sizeof *in;
        return true;
    }
    if (inet_pton(AF_INET6, text, &in6->sin6_addr) != 1)
        return false;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(port);
    *ret_size = sizeof *in6;
    return true;
}

static uint16_t bound_port(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
    } bound = {0};
    socklen_t size = sizeof bound;
    if (getsockname(fd, &bound.any, &size) < 0)
        return 0;
    return ntohs(bound.any.sa_family == AF_INET ? bound.in.sin_port : bound.in6.sin6_port);
}

static bool listen_on(HttpServer *server, const char *text, GError **error)
{
    struct sockaddr_storage address;
    socklen_t size;
    if (server->n_listeners == HTTP_LISTENERS_MAX ||
        !address_parse(text, server->port, &address, &size)) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "cannot listen on address %s", text);
        return false;
    }
    int on = 1;
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0;
    if (ok && address.ss_family == AF_INET6)
        ok = setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0;
    ok = ok && bind(fd, (struct sockaddr *)&address, size) == 0 && listen(fd, BACKLOG) == 0;
    if (!ok) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_FAILED, "listening on %s port %u: %s", text,
                    server->port, g_strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    server->port = bound_port(fd);
    server->listeners[server->n_listeners].fd = fd;
    server->listeners[server->n_listeners].source_id = 0;
    server->n_listeners++;
    return true;
}

/* ---- time ---- */

static void conns_foreach(HttpServer *server, void (*func)(HttpConn *conn, int64_t now_us))
{
    int64_t now_us = http_server_now_us(server);
    for (GList *link = server->conns.head; link;) {
        HttpConn *conn = link->data;
        link = link->next; /* CONN may go meanwhile, but never another one */
        func(conn, now_us);
    }
}

static void stop_if_done(HttpServer *server)
{
    bool is_late = http_server_now_us(server) >= server->stop_deadline_us;
    if (!server->is_stopping || !server->on_stopped || (server->conns.length > 0 && !is_late))
        return;
    void (*done)(gpointer context) = g_steal_pointer(&server->on_stopped);
    done(server->on_stopped_context);
}

static gboolean on_tick(gpointer data)
{
    HttpServer *server = data;
    conns_foreach(server, http_conn_tick);
    if (server->is_paused && !server->is_stopping)
        accept_resume(server);
    if (!server->is_stopping)
        return G_SOURCE_CONTINUE;
    server->tick_id = g_timeout_add(STOPPING_TICK_MS, on_tick, server);
    stop_if_done(server); /* may free the server */
    return G_SOURCE_REMOVE;
}

static void conn_stop(HttpConn *conn, int64_t now_us)
{
    (void)now_us;
    if (conn->ws)
        ws_conn_close(conn->ws, WS_CLOSE_GOING_AWAY, "server stopping");
    else if (conn->phase == HTTP_PHASE_IDLE || conn->phase == HTTP_PHASE_HEAD)
        http_conn_kill(conn);
}

void http_server_stop(HttpServer *server, void (*done)(gpointer context), gpointer context)
{
    g_assert(!server->is_stopping);
    server->is_stopping = true;
    server->on_stopped = done;
    server->on_stopped_context = context;
    server->stop_deadline_us =
        http_server_now_us(server) + (int64_t)server->limits.stop_timeout_ms * 1000;
    listeners_close(server);
    conns_foreach(server, conn_stop);
    g_source_remove(server->tick_id);
    server->tick_id = g_timeout_add(STOPPING_TICK_MS, on_tick, server);
}

/* ---- making and freeing ---- */

static const struct lws_protocols protocols[] = {
    {.name = "http", .callback = http_conn_callback},
    {.name = WS_SUBPROTOCOL, .callback = ws_bridge_callback, .rx_buffer_size = 8192},
    {0},
};

static void limits_fill(HttpServerLimits *limits)
{
    struct {
        unsigned *value;
        unsigned fallback;
    } rows[] = {
        {&limits->max_connections, LIMIT_HTTP_CONNECTIONS},
        {&limits->max_connections_per_address, LIMIT_HTTP_CONNECTIONS_PER_ADDRESS},
        {&limits->request_timeout_ms, 10000},
        {&limits->reply_stall_ms, 20000},
        {&limits->keep_alive_ms, 30000},
        {&limits->ws_ping_interval_ms, 15000},
        {&limits->ws_silence_timeout_ms, 40000},
        {&limits->stop_timeout_ms, 8000},
        {&limits->tick_ms, 1000},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (*rows[i].value == 0)
            *rows[i].value = rows[i].fallback;
    if (limits->rate_factor <= 0)
        limits->rate_factor = 1;
}

static void rates_make(HttpServer *server)
{
    double factor = server->limits.rate_factor;
    server->rates[HTTP_RATE_NORMAL] = limit_table_new(RATE_KEYS, 20 * factor, 100 * factor);
    server->rates[HTTP_RATE_WRITE] = limit_table_new(RATE_KEYS, 2 * factor, 30 * factor);
    server->rates[HTTP_RATE_SECRET] = limit_table_new(RATE_KEYS, 0.5 * factor, 20 * factor);
}

/* The library sizes its tables by the soft limit, so it is raised before. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= DESCRIPTORS_WANTED)
        return;
    limit.rlim_cur = MIN(limit.rlim_max, DESCRIPTORS_WANTED);
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        log_warn("descriptor limit not raised", "error", g_strerror(errno));
}

/* The library's own lines may quote what strangers sent, so they are for debugging only. */
static void on_library_log(int level, const char *line)
{
    (void)level;
    g_autofree char *text = g_strchomp(g_strdup(line));
    log_debug("libwebsockets", "line", text);
}

/* The library's own pings and hang-ups after 310 s are off: ws_conn_tick() does both. */
static const lws_retry_bo_t no_idle_policy = {0};

static bool library_start(HttpServer *server, GError **error)
{
    raise_descriptor_limit();
    lws_set_log_level(LLL_ERR, on_library_log);
    server->loop = g_main_loop_new(NULL, FALSE);
    void *loops[] = {server->loop};
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .protocols = protocols,
        .options = LWS_SERVER_OPTION_GLIB | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
                   LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS,
        .foreign_loops = loops,
        .gid = NO_CHANGE,
        .uid = NO_CHANGE,
        .user = server,
        .ssl_cert_filepath = server->cert_path,
        .ssl_private_key_filepath = server->key_path,
        .alpn = "http/1.1",
        .vhost_name = "huyula",
        .max_http_header_data = LIMIT_HTTP_HEADER_BYTES,
        .max_http_header_pool = (unsigned short)MIN(server->limits.max_connections, 16384),
        .pt_serv_buf_size = 16 * 1024,
        .timeout_secs = LIBRARY_TIMEOUT_S,
        .keepalive_timeout = LIBRARY_TIMEOUT_S,
        .retry_and_idle_policy = &no_idle_policy,
    };
    server->context = lws_create_context(&info);
    if (server->context)
        server->vhost = lws_create_vhost(server->context, &info);
    if (server->vhost && server->ssl_ctx)
        return true;
    g_set_error(error, BASE_ERROR, BASE_ERROR_FAILED,
                "libwebsockets with its GLib event plug-in could not start");
    return false;
}

static bool server_start(HttpServer *server, GError **error)
{
    const HttpServerOptions *options = &server->options;
    g_autofree char *fault = http_route_check(options->tables, options->n_tables);
    if (fault) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "%s", fault);
        return false;
    }
    if (!http_tls_check(server->cert_path, server->key_path, error))
        return false;
    server->port = options->port;
    for (unsigned i = 0; options->addresses && options->addresses[i]; i++)
        if (!listen_on(server, options->addresses[i], error))
            return false;
    if (server->n_listeners == 0) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "no address to listen on");
        return false;
    }
    if (!library_start(server, error))
        return false;
    accept_resume(server);
    server->tick_id = g_timeout_add(server->limits.tick_ms, on_tick, server);
    return true;
}

HttpServer *http_server_new(const HttpServerOptions *options, GError **error)
{
    g_assert(options->clock && options->cert_path && options->key_path);
    HttpServer *server = g_new0(HttpServer, 1);
    server->options = *options;
    server->limits = options->limits;
    limits_fill(&server->limits);
    server->cert_path = g_strdup(options->cert_path);
    server->key_path = g_strdup(options->key_path);
    server->n_by_address = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    server->requests = g_hash_table_new(NULL, NULL);
    g_queue_init(&server->conns);
    rates_make(server);
    if (server_start(server, error))
        return server;
    http_server_free(server);
    return NULL;
}

/* Requests that somebody still holds live on without us. */
static void requests_release(HttpServer *server)
{
    GHashTableIter iter;
    gpointer request;
    g_hash_table_iter_init(&iter, server->requests);
    while (g_hash_table_iter_next(&iter, &request, NULL))
        ((HttpRequest *)request)->server = NULL;
}

void http_server_free(HttpServer *server)
{
    if (!server)
        return;
    server->is_stopping = true;
    listeners_close(server);
    if (server->tick_id)
        g_source_remove(server->tick_id);
    if (server->context)
        lws_context_destroy(server->context);
    g_assert(g_queue_is_empty(&server->conns));
    requests_release(server);
    g_hash_table_unref(server->requests);
    g_hash_table_unref(server->n_by_address);
    for (unsigned i = 0; i < HTTP_RATE_COUNT; i++)
        limit_table_free(server->rates[i]);
    if (server->loop)
        g_main_loop_unref(server->loop);
    g_free(server->cert_path);
    g_free(server->key_path);
    g_free(server);
}

uint16_t http_server_port(const HttpServer *server)
{
    return server->port;
}

bool http_server_reload_keys(HttpServer *server, GError **error)
{
    /* Tried aside first, so that a wrong pair never gets into the running one. */
    return http_tls_check(server->cert_path, server->key_path, error) &&
           http_tls_load(server->ssl_ctx, server->cert_path, server->key_path, error);
}

void http_server_stats(const HttpServer *server, HttpServerStats *ret_stats)
{
    *ret_stats = server->stats;
    ret_stats->n_open = server->conns.length;
    for (const GList *link = server->conns.head; link; link = link->next) {
        const HttpConn *conn = link->data;
        if (conn->phase == HTTP_PHASE_WS)
            ret_stats->n_ws_open++;
        else if (conn->phase == HTTP_PHASE_RUNNING)
            ret_stats->n_running++;
    }
}
