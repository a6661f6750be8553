// SPDX-License-Identifier: Apache-2.0
/* HTTPS and WebSocket server. Everything public here is called on the main thread and calls back on
 * it. HTTP/1.1 over TLS 1.2 and later; the library underneath shows nowhere. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "server/base/clock.h"
#include "server/http/http_request.h"
#include "server/http/http_route.h"
#include "server/http/static_files.h"
#include "server/http/ws_bridge.h"

typedef struct HttpServer HttpServer;

/** All limits have their defaults at 0. */
typedef struct {
    unsigned max_connections;
    unsigned max_connections_per_address;
    unsigned request_timeout_ms;  /**< TLS, head and body must be here (10,000) */
    unsigned reply_stall_ms;      /**< a reader that takes nothing for so long is closed (20,000) */
    unsigned keep_alive_ms;       /**< idle connection (30,000) */
    unsigned ws_ping_interval_ms; /**< 15,000 */
    unsigned ws_silence_timeout_ms; /**< nothing heard, no pong (40,000) */
    unsigned stop_timeout_ms;       /**< running requests get so long (8,000) */
    unsigned tick_ms;               /**< how often deadlines are looked at (1,000) */
    double rate_factor; /**< scales the rate classes; tests and load runs raise it (1) */
} HttpServerLimits;

typedef struct {
    const char *const *addresses; /**< numeric, NULL-ended; e.g. {"127.0.0.1", "::1", NULL} */
    uint16_t port;                /**< 0: any; all addresses get the same one */
    const char *cert_path;        /**< PEM chain */
    const char *key_path;
    const HttpRouteTable *tables; /**< must outlive the server, as everything below */
    unsigned n_tables;
    const HttpPage *pages;           /**< ends with a row whose path is NULL; may be NULL */
    const StaticFiles *static_files; /**< may be NULL when there are no pages */
    const char *error_page; /**< shown by a browser where nothing is ("error.html"); may be NULL */
    HttpAuthenticateFunc authenticate; /**< may be NULL: everybody is nobody */
    gpointer authenticate_context;
    const char *session_cookie; /**< "__Host-huyula" */
    const WsHandlers *ws;       /**< may be NULL: no WebSocket */
    gpointer ws_context;
    const Clock *clock;
    bool loopback_routes_open; /**< HTTP_ROUTE_LOOPBACK routes answer everybody */
    HttpServerLimits limits;
} HttpServerOptions;

/** Binds, loads the keys, checks the route tables, and serves on the default GMainContext from now
 * on. NULL with BASE_ERROR_INVALID (addresses, keys, tables) or BASE_ERROR_FAILED. */
HttpServer *http_server_new(const HttpServerOptions *options, GError **error);
/** Closes what is left at once. NULL is fine. */
void http_server_free(HttpServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpServer, http_server_free)

uint16_t http_server_port(const HttpServer *server);

/** Stops gracefully: accepts no more, answers new requests with `stopping`, lets running ones
 * finish, closes WebSockets with 1001; DONE is called once when all is out or stop_timeout_ms has
 * passed. Then http_server_free(). */
void http_server_stop(HttpServer *server, void (*done)(gpointer context), gpointer context);

/** Reads certificate and key again (SIGHUP); new connections get them. On error the old ones stay.
 */
bool http_server_reload_keys(HttpServer *server, GError **error);

/** Counters since start, and what is open now. */
typedef struct {
    uint64_t n_requests[6]; /**< by status / 100; [0] is never used */
    uint64_t n_limited;     /**< answered 429 */
    uint64_t n_dropped;     /**< replies whose caller had gone */
    uint64_t request_us_sum;
    uint64_t bytes_in;
    uint64_t bytes_out;
    uint64_t n_accepted;
    uint64_t n_refused;   /**< connections over a limit */
    uint64_t n_timed_out; /**< connections closed for slowness or silence */
    uint64_t n_ws_opened;
    uint64_t n_ws_closed_slow; /**< send queue over its limit */
    uint64_t n_ws_closed_rate; /**< too many or too large messages */
    unsigned n_open;
    unsigned n_ws_open;
    unsigned n_running; /**< requests not yet answered */
} HttpServerStats;
void http_server_stats(const HttpServer *server, HttpServerStats *ret_stats);
