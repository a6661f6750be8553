// SPDX-License-Identifier: Apache-2.0
#include "server/http/http_internal.h"

#include <arpa/inet.h>
#include <glib-unix.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "server/base/log.h"

enum {
    CHUNK_BYTES = 16 * 1024,   /* one TLS record */
    DISCARD_MAX = 1024 * 1024, /* of a body that nobody wants, so that the answer can be read */
    REPLY_SLOWEST_BYTES_PER_S = 2 * 1024,
    KILL_GRACE_US = 5 * G_USEC_PER_SEC,
};

static int64_t after_ms(const HttpConn *conn, unsigned ms)
{
    return http_server_now_us(conn->server) + (int64_t)ms * 1000;
}

static void address_text(const struct sockaddr_storage *peer, char *address, char *limit_key)
{
    if (peer->ss_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)peer)->sin_addr, address,
                  INET6_ADDRSTRLEN);
        g_strlcpy(limit_key, address, INET6_ADDRSTRLEN);
        return;
    }
    struct in6_addr in6 = ((const struct sockaddr_in6 *)peer)->sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&in6)) {
        inet_ntop(AF_INET, &in6.s6_addr[12], address, INET6_ADDRSTRLEN);
        g_strlcpy(limit_key, address, INET6_ADDRSTRLEN);
        return;
    }
    inet_ntop(AF_INET6, &in6, address, INET6_ADDRSTRLEN);
    memset(&in6.s6_addr[8], 0, 8);
    inet_ntop(AF_INET6, &in6, limit_key, INET6_ADDRSTRLEN);
}

static bool address_count_take(HttpServer *server, const char *key)
{
    unsigned n = GPOINTER_TO_UINT(g_hash_table_lookup(server->n_by_address, key));
    if (n >= server->limits.max_connections_per_address ||
        server->conns.length >= server->limits.max_connections)
        return false;
    g_hash_table_insert(server->n_by_address, g_strdup(key), GUINT_TO_POINTER(n + 1));
    return true;
}

void http_conn_adopt(HttpServer *server, int fd, const struct sockaddr_storage *peer)
{
    char address[INET6_ADDRSTRLEN];
    char limit_key[INET6_ADDRSTRLEN];
    address_text(peer, address, limit_key);
    if (server->is_stopping || !address_count_take(server, limit_key)) {
        server->stats.n_refused++;
        close(fd);
        return;
    }
    HttpConn *conn = g_new0(HttpConn, 1);
    conn->server = server;
    conn->link.data = conn;
    g_strlcpy(conn->address, address, sizeof conn->address);
    g_strlcpy(conn->limit_key, limit_key, sizeof conn->limit_key);
    conn->phase = HTTP_PHASE_HEAD;
    conn->deadline_us = after_ms(conn, server->limits.request_timeout_ms);
    g_queue_push_tail_link(&server->conns, &conn->link);
    server->stats.n_accepted++;
    bool is_forgotten = false;
    conn->ret_forgotten = &is_forgotten;
    lws_adopt_desc_t desc = {.vh = server->vhost,
                             .type = LWS_ADOPT_HTTP | LWS_ADOPT_SOCKET | LWS_ADOPT_ALLOW_SSL,
                             .fd.sockfd = fd,
                             .opaque = conn};
    struct lws *wsi = lws_adopt_descriptor_vhost_via_info(&desc);
    if (is_forgotten)
        return;
    conn->ret_forgotten = NULL;
    conn->wsi = wsi;
    if (!wsi)
        http_server_forget(server, conn);
}

/* Cuts the tie between a connection that goes and the request that may live on. */
static void request_detach(HttpConn *conn)
{
    HttpRequest *request = g_steal_pointer(&conn->request);
    if (!request)
        return;
    request->conn = NULL;
    if (conn->phase == HTTP_PHASE_BODY)
        http_request_unref(request);
}

/* While a request runs or its answer waits for room in the socket, the library leaves what arrives
 * in the socket but still polls for it, which would spin. So reading is off except when there is
 * something to write and room for it. */
static void reading_set(HttpConn *conn, bool on)
{
    if (conn->reading_is_off != on)
        return;
    conn->reading_is_off = !on;
    lws_rx_flow_control(conn->wsi, on ? 1 : 0);
}

static gboolean on_room(gint fd, GIOCondition condition, gpointer data)
{
    (void)fd;
    (void)condition;
    HttpConn *conn = data;
    reading_set(conn, true);
    lws_callback_on_writable(conn->wsi);
    return G_SOURCE_CONTINUE;
}

static void room_unwatch(HttpConn *conn)
{
    if (conn->room_watch_id)
        g_source_remove(conn->room_watch_id);
    conn->room_watch_id = 0;
}

/* Waits until the socket takes more: until then neither reading nor writing goes on. */
static void room_watch(HttpConn *conn)
{
    reading_set(conn, false);
    if (!conn->room_watch_id)
        conn->room_watch_id = g_unix_fd_add(lws_get_socket_fd(conn->wsi), G_IO_OUT, on_room, conn);
}

static void output_clear(HttpConn *conn)
{
    room_unwatch(conn);
    if (conn->out_head)
        g_string_free(g_steal_pointer(&conn->out_head), TRUE);
    g_clear_pointer(&conn->out_body, g_bytes_unref);
    conn->out_sent = 0;
}

void http_conn_kill(HttpConn *conn)
{
    request_detach(conn);
    output_clear(conn);
    if (conn->phase == HTTP_PHASE_RUNNING || conn->phase == HTTP_PHASE_REPLY)
        reading_set(conn, false);
    conn->phase = HTTP_PHASE_DEAD;
    conn->deadline_us = http_server_now_us(conn->server) + KILL_GRACE_US;
    shutdown(lws_get_socket_fd(conn->wsi), SHUT_RDWR);
}

void http_conn_reply(HttpConn *conn, GString *head, GBytes *body, bool close_after)
{
    size_t size = head->len + (body ? g_bytes_get_size(body) : 0);
    output_clear(conn);
    if (conn->phase == HTTP_PHASE_BODY && conn->request) {
        /* An answer before the body's end: the dispatcher's or the time-out's. */
        http_request_unref(g_steal_pointer(&conn->request));
    }
    conn->request = NULL;
    conn->out_head = head;
    conn->out_body = body;
    conn->close_after = close_after;
    conn->phase = HTTP_PHASE_REPLY;
    conn->deadline_us = after_ms(conn, conn->server->limits.reply_stall_ms);
    conn->reply_deadline_us = after_ms(conn, conn->server->limits.reply_stall_ms * 3) +
                              (int64_t)(size / REPLY_SLOWEST_BYTES_PER_S) * G_USEC_PER_SEC;
    if (conn->body_left > DISCARD_MAX) {
        conn->close_after = true;
        conn->body_left = 0;
    }
    if (conn->body_left > 0)
        return;
    reading_set(conn, true);
    lws_callback_on_writable(conn->wsi);
}

static const char *method_name(int method)
{
    switch (method) {
    case LWSHUMETH_GET:
        return "GET";
    case LWSHUMETH_POST:
        return "POST";
    case LWSHUMETH_OPTIONS:
        return "OPTIONS";
    case LWSHUMETH_PUT:
        return "PUT";
    case LWSHUMETH_PATCH:
        return "PATCH";
    case LWSHUMETH_DELETE:
        return "DELETE";
    case LWSHUMETH_HEAD:
        return "HEAD";
    default:
        return NULL;
    }
}

static bool query_read(HttpRequest *request, struct lws *wsi)
{
    char buffer[LIMIT_HTTP_HEADER_BYTES + 1];
    for (int i = 0; i <= HTTP_QUERY_MAX; i++) {
        int n = lws_hdr_copy_fragment(wsi, buffer, sizeof buffer, WSI_TOKEN_HTTP_URI_ARGS, i);
        if (n < 0)
            return true;
        char *name;
        char *value;
        if (n == 0)
            continue;
        if (i == HTTP_QUERY_MAX || !http_query_split(buffer, (size_t)n, &name, &value))
            return false;
        if (!g_hash_table_insert(request->query, name, value))
            return false;
    }
    return true;
}

/* False when the head cannot be a request of ours; *ret_n_body is the length that it announces. */
static bool head_read(HttpConn *conn, HttpRequest *request, uint64_t *ret_n_body)
{
    struct lws *wsi = conn->wsi;
    *ret_n_body = 0;
    if (!http_headers_read(wsi, request->headers) || !query_read(request, wsi))
        return false;
    /* Bodies come with their length; chunked ones are refused. */
    if (request->headers[HTTP_HEADER_TRANSFER_ENCODING])
        return false;
    const char *length = request->headers[HTTP_HEADER_CONTENT_LENGTH];
    if (length)
        return http_content_length_parse(length, ret_n_body);
    bool may_have_body = strcmp(request->method, "POST") == 0 ||
                         strcmp(request->method, "PUT") == 0 ||
                         strcmp(request->method, "PATCH") == 0;
    /* The library would wait for a body without end. */
    if (may_have_body)
        conn->close_after = true;
    return true;
}

static void body_end(HttpConn *conn)
{
    HttpRequest *request = conn->request;
    /* Texts in the body end with a NUL that is not counted. */
    g_byte_array_append(request->body, (const guint8 *)"", 1);
    g_byte_array_set_size(request->body, request->body->len - 1);
    conn->phase = HTTP_PHASE_RUNNING;
    conn->deadline_us = 0;
    http_dispatch(request);
    if (conn->phase == HTTP_PHASE_RUNNING)
        reading_set(conn, false);
}

static int on_head(HttpConn *conn)
{
    char *path = NULL;
    int path_size = 0;
    const char *method = method_name(lws_http_get_uri_and_method(conn->wsi, &path, &path_size));
    bool may_begin = conn->phase == HTTP_PHASE_HEAD || conn->phase == HTTP_PHASE_IDLE;
    if (!method || !path || !may_begin)
        return -1;
    g_autofree char *path_text = g_strndup(path, (gsize)MAX(path_size, 0));
    HttpRequest *request = http_request_new(conn, method, path_text);
    conn->request = request;
    conn->phase = HTTP_PHASE_BODY;
    conn->close_after = false;
    conn->body_too_large = false;
    conn->deadline_us = after_ms(conn, conn->server->limits.request_timeout_ms);
    uint64_t n_body;
    conn->body_left = 0;
    /* The library decodes %00 (and drops it at the end): what stands before it is another path. */
    bool has_nul = strlen(path_text) != (size_t)MAX(path_size, 0);
    if (has_nul || !head_read(conn, request, &n_body)) {
        conn->close_after = true;
        http_reply_problem(request, HTTP_PROBLEM_BAD_REQUEST, NULL);
        return 0;
    }
    conn->server->stats.bytes_in += n_body;
    conn->body_left = n_body;
    if (!http_dispatch_head(request, &conn->max_body))
        return 0;
    if (n_body > conn->max_body)
        http_reply_problem(request, HTTP_PROBLEM_BODY_TOO_LARGE, NULL);
    else if (n_body == 0)
        body_end(conn);
    return 0;
}

static int on_body(HttpConn *conn, const void *bytes, size_t size)
{
    conn->body_left -= MIN(conn->body_left, size);
    if (conn->phase != HTTP_PHASE_BODY)
        return 0;
    if (conn->request->body->len + size > conn->max_body)
        return -1;
    g_byte_array_append(conn->request->body, bytes, (guint)size);
    return 0;
}

static int on_body_end(HttpConn *conn)
{
    conn->body_left = 0;
    if (conn->phase == HTTP_PHASE_BODY)
        body_end(conn);
    else if (conn->phase == HTTP_PHASE_REPLY)
        lws_callback_on_writable(conn->wsi);
    return 0;
}

/* Copies the next part of head and body, seen as one stream, into BUFFER. */
static size_t output_next(const HttpConn *conn, unsigned char *buffer)
{
    size_t n = 0;
    size_t offset = conn->out_sent;
    if (offset < conn->out_head->len) {
        n = MIN(conn->out_head->len - offset, CHUNK_BYTES);
        memcpy(buffer, conn->out_head->str + offset, n);
        offset = conn->out_head->len;
    }
    if (!conn->out_body || n == CHUNK_BYTES)
        return n;
    size_t size;
    const char *body = g_bytes_get_data(conn->out_body, &size);
    offset -= conn->out_head->len;
    size_t more = MIN(size - offset, CHUNK_BYTES - n);
    if (more > 0)
        memcpy(buffer + n, body + offset, more);
    return n + more;
}

static int reply_end(HttpConn *conn)
{
    output_clear(conn);
    conn->phase = HTTP_PHASE_IDLE;
    conn->deadline_us = after_ms(conn, conn->server->limits.keep_alive_ms);
    if (conn->close_after || conn->server->is_stopping)
        return -1;
    return lws_http_transaction_completed(conn->wsi) ? -1 : 0;
}

static int on_writable(HttpConn *conn)
{
    if (conn->phase != HTTP_PHASE_REPLY || conn->body_left > 0)
        return conn->phase == HTTP_PHASE_DEAD ? -1 : 0;
    room_unwatch(conn);
    size_t total = conn->out_head->len + (conn->out_body ? g_bytes_get_size(conn->out_body) : 0);
    if (conn->out_sent < total) {
        unsigned char buffer[LWS_PRE + CHUNK_BYTES];
        size_t n = output_next(conn, buffer + LWS_PRE);
        if (lws_write(conn->wsi, buffer + LWS_PRE, n, LWS_WRITE_HTTP) < (int)n)
            return -1;
        conn->out_sent += n;
        conn->server->stats.bytes_out += n;
        conn->deadline_us =
            MIN(after_ms(conn, conn->server->limits.reply_stall_ms), conn->reply_deadline_us);
    }
    bool is_choked = lws_partial_buffered(conn->wsi) || lws_send_pipe_choked(conn->wsi);
    if (conn->out_sent == total && !lws_partial_buffered(conn->wsi))
        return reply_end(conn);
    if (is_choked)
        room_watch(conn);
    else
        lws_callback_on_writable(conn->wsi);
    return 0;
}

/* With reading off, only this notices that the caller of a running request has gone. */
static bool peer_has_gone(const HttpConn *conn)
{
    struct pollfd poll_fd = {.fd = lws_get_socket_fd(conn->wsi), .events = POLLRDHUP};
    return poll(&poll_fd, 1, 0) > 0;
}

void http_conn_tick(HttpConn *conn, int64_t now_us)
{
    if (conn->ws)
        ws_conn_tick(conn->ws, now_us);
    if (conn->phase == HTTP_PHASE_RUNNING && peer_has_gone(conn)) {
        http_conn_kill(conn);
        return;
    }
    if (conn->deadline_us == 0 || now_us < conn->deadline_us)
        return;
    if (conn->phase == HTTP_PHASE_DEAD) {
        /* The library did not notice the end of the socket by itself. */
        lws_set_timeout(conn->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
        return;
    }
    conn->server->stats.n_timed_out++;
    if (conn->phase == HTTP_PHASE_BODY) {
        conn->close_after = true;
        conn->body_left = 0;
        http_reply_problem(conn->request, HTTP_PROBLEM_TIMEOUT, NULL);
        return;
    }
    http_conn_kill(conn);
}

static bool upgrade_is_fine(const HttpConn *conn, const char *protocol)
{
    char *path = NULL;
    int size = 0;
    if (lws_http_get_uri_and_method(conn->wsi, &path, &size) != LWSHUMETH_GET || !path)
        return false;
    return strcmp(protocol, "websocket") == 0 && size == (int)strlen(WS_PATH) &&
           memcmp(path, WS_PATH, strlen(WS_PATH)) == 0 && conn->server->options.ws &&
           !conn->server->is_stopping;
}

int http_conn_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t size)
{
    if (reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS) {
        HttpServer *server = lws_context_user(lws_get_context(wsi));
        server->ssl_ctx = user;
        return http_tls_set_up(user) ? 0 : 1;
    }
    HttpConn *conn = wsi ? lws_get_opaque_user_data(wsi) : NULL;
    if (!conn)
        return 0;
    conn->wsi = wsi;
    switch ((int)reason) {
    case LWS_CALLBACK_HTTP:
        return on_head(conn);
    case LWS_CALLBACK_HTTP_BODY:
        return on_body(conn, in, size);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return on_body_end(conn);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return on_writable(conn);
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return upgrade_is_fine(conn, in) ? 0 : -1;
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return -1; /* no subprotocol, or not ours */
    case LWS_CALLBACK_CLOSED_HTTP:
        request_detach(conn);
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        request_detach(conn);
        output_clear(conn);
        http_server_forget(conn->server, conn);
        return 0;
    default:
        return 0;
    }
}
