// SPDX-License-Identifier: Apache-2.0
/* What the files of server/http share with each other and with nobody else. Main thread.
 *
 * Ownership: the server owns its connections. A request is owned by its references: while head and
 * body arrive its connection holds one, then the dispatcher, then whoever answers later. Connection
 * and request point at each other weakly; whichever goes first clears the other's pointer. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <libwebsockets.h>
#include <netinet/in.h>
#include "server/base/limit.h"
#include "server/http/http_server.h"

typedef struct HttpConn HttpConn;

/* ---- http_parse.c: pure parsers ---- */

enum { HTTP_QUERY_MAX = 24, HTTP_COOKIES_MAX = 24 };

/** True when SIZE bytes at PATH can be a path of ours: starts with '/', UTF-8, no control
 * character, backslash, empty, "." or ".." segment. */
bool http_path_is_sane(const char *path, size_t size);
/** Splits one already percent-decoded "name=value" fragment; false when it is not UTF-8, holds
 * control characters or has no name. */
bool http_query_split(const char *fragment, size_t size, char **ret_name, char **ret_value);
/** Value of cookie NAME in the header text; NULL when absent. The caller owns it. */
char *http_cookie_find(const char *header, const char *name);
/** The best of our languages in an Accept-Language text; false when it names none. */
bool http_language_parse(const char *accept_language, HttpLanguage *ret_language);
/** True when Accept-Encoding names ENCODING without q=0. */
bool http_accepts_encoding(const char *accept_encoding, const char *encoding);
/** True when the Origin's host and port are HOST (the Host header): same site as this server. */
bool http_origin_is_same(const char *origin, const char *host);
/** True when HOST may be echoed in a header: host name or literal, with optional port. */
bool http_host_is_sane(const char *host);
/** A decimal Content-Length. */
bool http_content_length_parse(const char *text, uint64_t *ret_length);

/* ---- http_json.c ---- */

/** Parses SIZE bytes as one JSON object of at most LIMIT_JSON_DEPTH levels without repeated names.
 * NULL with a fault ("", "not_json" or "too_deep") added. */
json_t *http_json_parse(const char *text, size_t size, FaultList *faults);
/** Holds OBJECT against FIELDS; every fault is added to FAULTS with its path ("address.street"). */
bool http_json_check(const json_t *object, const HttpField *fields, FaultList *faults);
/** Holds the query (name -> value) against FIELDS; NULL: nothing but `lang` is allowed. */
bool http_query_check(GHashTable *query, const HttpField *fields, FaultList *faults);

/* ---- http_headers.c ---- */

/** Headers that the dispatcher looks at; all others are dropped when the head is read. */
typedef enum {
    HTTP_HEADER_AUTHORIZATION,
    HTTP_HEADER_CONTENT_TYPE,
    HTTP_HEADER_CONTENT_LENGTH,
    HTTP_HEADER_COOKIE,
    HTTP_HEADER_ACCEPT,
    HTTP_HEADER_ACCEPT_LANGUAGE,
    HTTP_HEADER_ACCEPT_ENCODING,
    HTTP_HEADER_IF_NONE_MATCH,
    HTTP_HEADER_IF_MATCH,
    HTTP_HEADER_USER_AGENT,
    HTTP_HEADER_HOST,
    HTTP_HEADER_ORIGIN,
    HTTP_HEADER_TRANSFER_ENCODING,
    HTTP_HEADER_CSRF,
    HTTP_HEADER_IDEMPOTENCY_KEY,
    HTTP_HEADER_RESUME,
    HTTP_HEADER_COUNT,
} HttpHeader;
/** Reads all of them; absent ones are NULL. False when one is longer than the limit. */
bool http_headers_read(struct lws *wsi, char *ret_headers[HTTP_HEADER_COUNT]);
/** Index of NAME (lower case); asserts that it is one of ours. */
HttpHeader http_header_index(const char *name);

/** What http_head_write() needs besides the request. */
typedef struct {
    unsigned status;
    const char *type;     /**< Content-Type, NULL without a body */
    const char *encoding; /**< Content-Encoding, or NULL */
    const char *cache_control;
    bool secret_path;
    bool close;
    uint64_t n_bytes;
    HttpLanguage language;
    const char *host;    /**< as sent by the client, or NULL */
    const GString *more; /**< whole lines added by the handler, or NULL */
} HttpHead;
/** The status line and all headers with the empty line. */
GString *http_head_write(const HttpHead *head);

/* ---- http_request.c ---- */

struct HttpRequest {
    unsigned n_refs;
    HttpServer *server; /**< NULL once the server has gone */
    HttpConn *conn;     /**< NULL once the connection has gone */
    char *method;
    char *path;
    char *address;
    char *headers[HTTP_HEADER_COUNT];
    GHashTable *query; /**< name -> value */
    HttpRouteMatch match;
    const HttpPage *page; /**< instead of a route */
    GByteArray *body;
    json_t *json;
    GHashTable *cookies; /**< those asked for so far: name -> value */
    char *bearer;
    char *origin;
    HttpLanguage language;
    HttpIdentity identity;
    GString *more_headers;
    int64_t started_us;
    bool is_authenticating;
    bool is_replied;
    bool has_cache_control;
};

HttpRequest *http_request_new(HttpConn *conn, const char *method, const char *path);
/** Sends HEAD's body BYTES (may be NULL) as the request's one answer. */
void http_request_finish(HttpRequest *request, HttpHead *head, GBytes *bytes);

/* ---- http_dispatch.c ---- */

/** Looks at a request whose head is complete: finds the route, applies rate limits. Returns false
 * when it has been answered already; else *ret_max_body is how much body it may have. */
bool http_dispatch_head(HttpRequest *request, size_t *ret_max_body);
/** Runs a request whose body is complete. Takes the connection's reference. */
void http_dispatch(HttpRequest *request);

/* ---- http_conn.c ---- */

typedef enum {
    HTTP_PHASE_HEAD,    /**< TLS handshake or first head */
    HTTP_PHASE_BODY,    /**< head is here, body arrives */
    HTTP_PHASE_RUNNING, /**< a handler has it */
    HTTP_PHASE_REPLY,   /**< the answer goes out */
    HTTP_PHASE_IDLE,    /**< kept alive */
    HTTP_PHASE_WS,
    HTTP_PHASE_DEAD, /**< shut down, waiting for the library to let go */
} HttpPhase;

struct HttpConn {
    HttpServer *server;
    struct lws *wsi;
    GList link; /**< in server->conns */
    char address[INET6_ADDRSTRLEN];
    char limit_key[INET6_ADDRSTRLEN]; /**< the address, of IPv6 its /64 */
    HttpPhase phase;
    int64_t deadline_us;  /**< closed when passed; 0: none */
    HttpRequest *request; /**< owned in HTTP_PHASE_BODY, else weak */
    size_t max_body;
    uint64_t body_left;
    bool body_too_large;
    GString *out_head;
    GBytes *out_body;
    size_t out_sent;
    int64_t reply_deadline_us;
    bool close_after;
    bool reading_is_off;
    guint room_watch_id;
    bool *ret_forgotten;   /**< set while the library adopts it: told when it has gone meanwhile */
    HttpLanguage language; /**< of the upgrade to a WebSocket */
    WsConn *ws;
};

/** Hands the socket FD over to the library as a new connection from PEER. */
void http_conn_adopt(HttpServer *server, int fd, const struct sockaddr_storage *peer);
/** Queues the answer; takes HEAD and BODY (may be NULL). */
void http_conn_reply(HttpConn *conn, GString *head, GBytes *body, bool close_after);
/** Cuts the connection; the library notices and lets go of it. */
void http_conn_kill(HttpConn *conn);
/** Once a second: cuts it when its deadline has passed. */
void http_conn_tick(HttpConn *conn, int64_t now_us);
/** Callback of the library for plain HTTP. */
int http_conn_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t size);

/* ---- ws_bridge.c ---- */

/** Callback of the library for WS_SUBPROTOCOL. */
int ws_bridge_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t size);
/** Once a second: pings, silence, closing time-outs. */
void ws_conn_tick(WsConn *conn, int64_t now_us);

/* ---- http_tls.c ---- */

/** Hardens the library's server context. */
bool http_tls_set_up(void *ssl_ctx);
/** Checks that certificate and key can be read and belong together. */
bool http_tls_check(const char *cert_path, const char *key_path, GError **error);
/** Puts them into a running context; new connections get them. */
bool http_tls_load(void *ssl_ctx, const char *cert_path, const char *key_path, GError **error);

/* ---- http_server.c ---- */

enum { HTTP_LISTENERS_MAX = 8 };

struct HttpServer {
    HttpServerOptions options;
    HttpServerLimits limits; /**< with defaults filled in */
    char *cert_path;
    char *key_path;
    GMainLoop *loop; /**< only a handle to the context for the library's event plug-in */
    struct lws_context *context;
    struct lws_vhost *vhost;
    void *ssl_ctx; /**< the library's, for reloading keys */
    struct {
        int fd;
        guint source_id;
    } listeners[HTTP_LISTENERS_MAX];
    unsigned n_listeners;
    uint16_t port;
    guint tick_id;
    GQueue conns;
    GHashTable *n_by_address; /**< limit key -> number of connections */
    LimitTable *rates[HTTP_RATE_COUNT];
    GHashTable *requests; /**< set of live requests, so that they outlive the server safely */
    HttpServerStats stats;
    bool is_stopping;
    bool is_paused; /**< accepting waits for free descriptors */
    int64_t stop_deadline_us;
    void (*on_stopped)(gpointer context);
    gpointer on_stopped_context;
};

int64_t http_server_now_us(const HttpServer *server);
/** Unlinks CONN and frees it: the library has let go. */
void http_server_forget(HttpServer *server, HttpConn *conn);
