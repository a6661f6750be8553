// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/waiter.h"

#include <string.h>

enum { PING_EVERY_S = 30, OPCODE_TEXT = 1, OPCODE_CLOSE = 8, OPCODE_PING = 9, OPCODE_PONG = 10 };

static void send_frame(Waiter *waiter, unsigned opcode, const char *bytes, size_t size)
{
    /* A mask of zeros leaves the bytes as they are. */
    uint8_t head[8] = {(uint8_t)(0x80 | opcode)};
    size_t n_head = 2;
    g_assert(size <= G_MAXUINT16);
    if (size < 126) {
        head[1] = (uint8_t)(0x80 | size);
    } else {
        head[1] = 0x80 | 126;
        head[2] = (uint8_t)(size >> 8);
        head[3] = (uint8_t)size;
        n_head = 4;
    }
    g_autoptr(GByteArray) frame = g_byte_array_new();
    g_byte_array_append(frame, head, (guint)(n_head + 4));
    g_byte_array_append(frame, (const guint8 *)bytes, (guint)size);
    tls_conn_send(waiter->conn, frame->data, frame->len);
}

static void send_text(Waiter *waiter, const char *text)
{
    send_frame(waiter, OPCODE_TEXT, text, strlen(text));
}

static void on_visit(Waiter *waiter, const char *text, int64_t now_us)
{
    static const char ahead_name[] = "\"ahead\":";
    const char *ahead = strstr(text, ahead_name);
    if (strstr(text, "\"state\":\"checked_in\"") && ahead) {
        unsigned n = (unsigned)g_ascii_strtoull(ahead + strlen(ahead_name), NULL, 10);
        if (!waiter->is_waiting || n != waiter->ahead)
            waiter->moved_us = now_us;
        waiter->is_waiting = true;
        waiter->ahead = n;
    } else if (!strstr(text, "\"state\":\"booked\"")) {
        waiter->is_over = true;
    }
}

static void on_text(Waiter *waiter, const char *text)
{
    waiter->told_us = tls_loop_now_us();
    if (g_str_has_prefix(text, "{\"type\":\"visit\"")) {
        on_visit(waiter, text, waiter->told_us);
    } else if (g_str_has_prefix(text, "{\"type\":\"welcome\"")) {
        send_text(waiter, "{\"type\":\"ready\"}");
    } else if (g_str_has_prefix(text, "{\"type\":\"error\"") && !waiter->is_waiting) {
        waiter->refusal = g_strdup(text);
        waiter->is_over = true;
    }
}

static void end(Waiter *waiter)
{
    if (!waiter->is_over && waiter->is_waiting)
        waiter->is_cut = true;
    waiter->is_over = true;
}

/* RFC 6455, 5.5.1: a close frame is answered by one, and the server then ends the connection. */
static void on_goodbye(Waiter *waiter, const char *payload, size_t size)
{
    end(waiter);
    send_frame(waiter, OPCODE_CLOSE, payload, size);
}

/* Takes one whole frame; false when there is none. */
static bool take_frame(Waiter *waiter, GByteArray *in)
{
    if (in->len < 2)
        return false;
    size_t size = in->data[1] & 0x7f;
    size_t from = 2;
    if (size == 126) {
        if (in->len < 4)
            return false;
        size = (size_t)in->data[2] << 8 | in->data[3];
        from = 4;
    }
    g_assert(size < 127 || from == 4); /* no message of the server's reaches 64 KiB here */
    if (in->len < from + size)
        return false;
    unsigned opcode = in->data[0] & 0x0f;
    g_autofree char *payload = g_strndup((const char *)in->data + from, size);
    g_byte_array_remove_range(in, 0, (guint)(from + size));
    if (opcode == OPCODE_TEXT)
        on_text(waiter, payload);
    else if (opcode == OPCODE_PING)
        send_frame(waiter, OPCODE_PONG, payload, size);
    else if (opcode == OPCODE_CLOSE)
        on_goodbye(waiter, payload, size);
    return true;
}

static void say_hello(Waiter *waiter)
{
    g_autofree char *hello =
        g_strdup_printf("{\"type\":\"hello\",\"token\":\"%s\",\"lang\":\"id\"}", waiter->token);
    waiter->is_upgraded = true;
    waiter->pinged_us = tls_loop_now_us();
    send_text(waiter, hello);
}

static void on_open(TlsConn *conn, gpointer user_data)
{
    (void)user_data;
    static const char request[] = "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                                  "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                  "Sec-WebSocket-Protocol: huyula.v1\r\n\r\n";
    tls_conn_send(conn, request, strlen(request));
}

static void on_data(TlsConn *conn, gpointer user_data)
{
    Waiter *waiter = user_data;
    GByteArray *in = tls_conn_input(conn);
    if (!waiter->is_upgraded) {
        const char *end = memmem(in->data, in->len, "\r\n\r\n", 4);
        if (!end)
            return;
        if (!memmem(in->data, in->len, " 101 ", 5)) {
            waiter->refusal = g_strndup((const char *)in->data, in->len);
            waiter->is_over = true;
            return;
        }
        g_byte_array_remove_range(in, 0, (guint)(end - (const char *)in->data) + 4);
        say_hello(waiter);
    }
    while (take_frame(waiter, in))
        ;
}

static void on_close(TlsConn *conn, gpointer user_data)
{
    (void)conn;
    Waiter *waiter = user_data;
    end(waiter);
    tls_conn_free(g_steal_pointer(&waiter->conn));
}

static const TlsConnHandlers handlers = {on_open, on_data, on_close};

void waiter_start(Waiter *waiter, TlsLoop *loop, unsigned nth_address, const char *token)
{
    waiter->token = token;
    waiter->conn = tls_conn_new(loop, nth_address, &handlers, waiter);
}

void waiter_tick(Waiter *waiter, int64_t now_us)
{
    if (!waiter->conn || !waiter->is_upgraded || waiter->is_over ||
        now_us - waiter->pinged_us < (int64_t)PING_EVERY_S * G_USEC_PER_SEC)
        return;
    waiter->pinged_us = now_us;
    send_text(waiter, "{\"type\":\"ping\",\"id\":1}");
}

void waiter_clear(Waiter *waiter)
{
    tls_conn_free(g_steal_pointer(&waiter->conn));
    g_clear_pointer(&waiter->refusal, g_free);
}
