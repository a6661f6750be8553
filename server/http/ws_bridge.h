// SPDX-License-Identifier: Apache-2.0
/* WebSocket at /ws: subprotocol "huyula.v1" required, Origin must be this host, text messages only,
 * no compression. Sizes, rates and queues are bounded (limit.h): a message over the limit closes
 * with 1009, too many with 1008, a reader too slow for its queue with 1013. Main thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "server/http/http_problem.h"

#define WS_SUBPROTOCOL "huyula.v1"
#define WS_PATH "/ws"

typedef struct WsConn WsConn;

/** CONN lives from on_open until on_close returns; on_close comes exactly once per on_open, also
 * after ws_conn_close() and when the server is freed. */
typedef struct {
    void (*on_open)(WsConn *conn, const char *address, HttpLanguage language, gpointer context);
    /** TEXT is valid UTF-8 and NUL-terminated besides its SIZE. */
    void (*on_text)(WsConn *conn, const char *text, size_t size, gpointer context);
    void (*on_close)(WsConn *conn, gpointer context);
} WsHandlers;

enum {
    WS_CLOSE_NORMAL = 1000,
    WS_CLOSE_GOING_AWAY = 1001,
    WS_CLOSE_PROTOCOL = 1002,
    WS_CLOSE_UNACCEPTABLE = 1003,
    WS_CLOSE_BAD_TEXT = 1007,
    WS_CLOSE_POLICY = 1008,
    WS_CLOSE_TOO_LARGE = 1009,
    WS_CLOSE_TRY_LATER = 1013,
};

/** Queues TEXT (copied). False when the connection is closing; a queue over
 * LIMIT_WS_SEND_QUEUE_BYTES begins the close with 1013. on_close never comes from inside. */
bool ws_conn_send(WsConn *conn, const char *text);
/** Sends what is queued, then the close frame. REASON (at most 120 bytes) may be NULL. Messages
 * that still arrive are dropped. */
void ws_conn_close(WsConn *conn, unsigned code, const char *reason);
/** A pointer for the owner of the conversation. */
void ws_conn_set_user_data(WsConn *conn, gpointer user_data);
gpointer ws_conn_user_data(const WsConn *conn);
/** Numeric remote address. */
const char *ws_conn_address(const WsConn *conn);
/** How long nothing at all (message, pong) has come from there. */
int64_t ws_conn_silent_ms(const WsConn *conn);
