// SPDX-License-Identifier: Apache-2.0
#include "server/http/http_internal.h"

#include <string.h>

enum {
    CLOSE_GRACE_US = 5 * G_USEC_PER_SEC,
    /* The handler has the limit itself and says so to the client (protocol.md); this one is for a
     * handler that has none, and leaves the other the time to speak. */
    RATE_SLACK = 2,
};

/* A message waiting to be sent: the library wants LWS_PRE writable bytes before it. */
typedef struct {
    size_t size;
    unsigned char bytes[];
} WsMessage;

struct WsConn {
    HttpConn *conn;
    gpointer user_data;
    GQueue out; /* WsMessage */
    size_t n_out_bytes;
    GByteArray *in; /* the message that is arriving */
    RateLimit rate;
    int64_t heard_us;
    int64_t pinged_us;
    bool ping_is_due;
    unsigned close_code; /* 0: open */
    bool close_is_sent;  /* then the library waits for the answer to it */
    char close_reason[121];
};

static const WsHandlers *handlers(const WsConn *ws, gpointer *ret_context)
{
    *ret_context = ws->conn->server->options.ws_context;
    return ws->conn->server->options.ws;
}

static void queue_clear(WsConn *ws)
{
    g_queue_clear_full(&ws->out, g_free);
    ws->n_out_bytes = 0;
}

static void close_begin(WsConn *ws, unsigned code, const char *reason)
{
    if (ws->close_code)
        return;
    ws->close_code = code;
    g_strlcpy(ws->close_reason, reason ? reason : "", sizeof ws->close_reason);
    ws->conn->deadline_us = http_server_now_us(ws->conn->server) + CLOSE_GRACE_US;
    lws_callback_on_writable(ws->conn->wsi);
}

bool ws_conn_send(WsConn *ws, const char *text)
{
    if (ws->close_code || ws->conn->phase == HTTP_PHASE_DEAD)
        return false;
    size_t size = strlen(text);
    if (ws->n_out_bytes + size > LIMIT_WS_SEND_QUEUE_BYTES) {
        ws->conn->server->stats.n_ws_closed_slow++;
        queue_clear(ws);
        close_begin(ws, WS_CLOSE_TRY_LATER, "too slow");
        return false;
    }
    WsMessage *message = g_malloc(sizeof *message + LWS_PRE + size);
    message->size = size;
    memcpy(message->bytes + LWS_PRE, text, size);
    g_queue_push_tail(&ws->out, message);
    ws->n_out_bytes += size;
    lws_callback_on_writable(ws->conn->wsi);
    return true;
}

void ws_conn_close(WsConn *ws, unsigned code, const char *reason)
{
    close_begin(ws, code, reason);
}

void ws_conn_set_user_data(WsConn *ws, gpointer user_data)
{
    ws->user_data = user_data;
}

gpointer ws_conn_user_data(const WsConn *ws)
{
    return ws->user_data;
}

const char *ws_conn_address(const WsConn *ws)
{
    return ws->conn->address;
}

int64_t ws_conn_silent_ms(const WsConn *ws)
{
    return (http_server_now_us(ws->conn->server) - ws->heard_us) / 1000;
}

void ws_conn_tick(WsConn *ws, int64_t now_us)
{
    const HttpServerLimits *limits = &ws->conn->server->limits;
    if (ws->close_code || ws->conn->phase == HTTP_PHASE_DEAD)
        return;
    if (now_us - ws->heard_us > (int64_t)limits->ws_silence_timeout_ms * 1000) {
        ws->conn->server->stats.n_timed_out++;
        http_conn_kill(ws->conn);
        return;
    }
    int64_t since_us = now_us - MAX(ws->heard_us, ws->pinged_us);
    if (since_us >= (int64_t)limits->ws_ping_interval_ms * 1000) {
        ws->pinged_us = now_us;
        ws->ping_is_due = true;
        lws_callback_on_writable(ws->conn->wsi);
    }
}

static int on_filter(HttpConn *conn)
{
    char *headers[HTTP_HEADER_COUNT] = {0};
    bool is_fine = http_headers_read(conn->wsi, headers);
    const char *origin = headers[HTTP_HEADER_ORIGIN];
    /* RFC 6455, 10.2: only programs that are no browsers come without Origin. */
    if (origin && !http_origin_is_same(origin, headers[HTTP_HEADER_HOST]))
        is_fine = false;
    g_autofree char *choice = http_cookie_find(headers[HTTP_HEADER_COOKIE], "lang");
    conn->language = HTTP_LANGUAGE_ID;
    if (choice)
        conn->language = strcmp(choice, "en") == 0 ? HTTP_LANGUAGE_EN : HTTP_LANGUAGE_ID;
    else
        http_language_parse(headers[HTTP_HEADER_ACCEPT_LANGUAGE], &conn->language);
    for (unsigned i = 0; i < HTTP_HEADER_COUNT; i++)
        g_free(headers[i]);
    return is_fine && !conn->server->is_stopping && conn->server->options.ws ? 0 : -1;
}

static int on_established(HttpConn *conn)
{
    WsConn *ws = g_new0(WsConn, 1);
    ws->conn = conn;
    ws->in = g_byte_array_new();
    ws->heard_us = http_server_now_us(conn->server);
    g_queue_init(&ws->out);
    conn->ws = ws;
    conn->phase = HTTP_PHASE_WS;
    conn->deadline_us = 0;
    conn->server->stats.n_ws_opened++;
    gpointer context;
    const WsHandlers *h = handlers(ws, &context);
    h->on_open(ws, conn->address, conn->language, context);
    return 0;
}

static void refuse(WsConn *ws, unsigned code, const char *reason)
{
    ws->conn->server->stats.n_ws_closed_rate++;
    g_byte_array_set_size(ws->in, 0);
    close_begin(ws, code, reason);
}

static int on_receive(WsConn *ws, const void *bytes, size_t size)
{
    struct lws *wsi = ws->conn->wsi;
    int64_t now_us = http_server_now_us(ws->conn->server);
    ws->heard_us = now_us;
    if (ws->close_code)
        return 0;
    if (lws_frame_is_binary(wsi)) {
        refuse(ws, WS_CLOSE_UNACCEPTABLE, "text only");
        return 0;
    }
    if (ws->in->len + size > LIMIT_WS_MESSAGE_BYTES) {
        refuse(ws, WS_CLOSE_TOO_LARGE, "message too large");
        return 0;
    }
    if (size > 0)
        g_byte_array_append(ws->in, bytes, (guint)size);
    if (!lws_is_final_fragment(wsi))
        return 0;
    if (!rate_limit_take(&ws->rate, now_us, RATE_SLACK * LIMIT_WS_MESSAGES_PER_SECOND,
                         RATE_SLACK * LIMIT_WS_MESSAGES_BURST)) {
        refuse(ws, WS_CLOSE_POLICY, "too many messages");
        return 0;
    }
    size_t length = ws->in->len;
    g_byte_array_append(ws->in, (const guint8 *)"", 1);
    const char *text = (const char *)ws->in->data;
    if (!g_utf8_validate_len(text, length, NULL)) {
        refuse(ws, WS_CLOSE_BAD_TEXT, "not UTF-8");
        return 0;
    }
    gpointer context;
    const WsHandlers *h = handlers(ws, &context);
    h->on_text(ws, text, length, context);
    g_byte_array_set_size(ws->in, 0);
    return 0;
}

/* The pong repeats the ping's payload (RFC 6455, 5.5.3), and the library is silent about a pong
 * that has none. */
static int send_ping(WsConn *ws)
{
    unsigned char buffer[LWS_PRE + 1] = {0};
    ws->ping_is_due = false;
    return lws_write(ws->conn->wsi, buffer + LWS_PRE, 1, LWS_WRITE_PING) < 1 ? -1 : 0;
}

static int send_message(WsConn *ws)
{
    g_autofree WsMessage *message = g_queue_pop_head(&ws->out);
    ws->n_out_bytes -= message->size;
    ws->conn->server->stats.bytes_out += message->size;
    int n = lws_write(ws->conn->wsi, message->bytes + LWS_PRE, message->size, LWS_WRITE_TEXT);
    return n < (int)message->size ? -1 : 0;
}

/* One write per call: the library asks again when the socket takes more. */
static int on_writable(WsConn *ws)
{
    if (ws->conn->phase == HTTP_PHASE_DEAD)
        return -1;
    if (ws->close_is_sent)
        return 0;
    int result = 0;
    if (ws->ping_is_due && !ws->close_code) {
        result = send_ping(ws);
    } else if (!g_queue_is_empty(&ws->out)) {
        result = send_message(ws);
    } else if (ws->close_code) {
        ws->close_is_sent = true;
        lws_close_reason(ws->conn->wsi, (enum lws_close_status)ws->close_code,
                         (unsigned char *)ws->close_reason, strlen(ws->close_reason));
        return -1;
    }
    if (result == 0 && (ws->ping_is_due || ws->close_code || !g_queue_is_empty(&ws->out)))
        lws_callback_on_writable(ws->conn->wsi);
    return result;
}

static void on_closed(HttpConn *conn)
{
    WsConn *ws = conn->ws;
    gpointer context;
    const WsHandlers *h = handlers(ws, &context);
    if (!ws->close_code)
        ws->close_code = WS_CLOSE_GOING_AWAY;
    h->on_close(ws, context);
    queue_clear(ws);
    g_byte_array_unref(ws->in);
    conn->ws = NULL;
    g_free(ws);
}

int ws_bridge_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t size)
{
    HttpConn *conn = wsi ? lws_get_opaque_user_data(wsi) : NULL;
    if (!conn)
        return 0;
    conn->wsi = wsi;
    if (reason == LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION)
        return on_filter(conn);
    if (reason == LWS_CALLBACK_ESTABLISHED)
        return on_established(conn);
    if (!conn->ws)
        return http_conn_callback(wsi, reason, user, in, size);
    switch ((int)reason) {
    case LWS_CALLBACK_RECEIVE:
        return on_receive(conn->ws, in, size);
    case LWS_CALLBACK_RECEIVE_PONG:
        conn->ws->heard_us = http_server_now_us(conn->server);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return on_writable(conn->ws);
    case LWS_CALLBACK_CLOSED:
        on_closed(conn);
        return 0;
    default:
        return 0;
    }
}
