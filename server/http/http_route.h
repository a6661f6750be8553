// SPDX-License-Identifier: Apache-2.0
/* Routes: constant tables that say for every operation who may call it, what it takes and who
 * answers. The dispatcher, the OpenAPI document and the route-by-role test read the same rows.
 * Tables are immutable; matching may be called by any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "server/http/http_problem.h"

typedef struct HttpRequest HttpRequest;

/** Who a caller is; a route's `roles` is a set of these bits. Exactly one bit per identity. */
typedef enum {
    HTTP_ROLE_ANYONE = 1 << 0, /**< no credentials; a route with this bit is open to all roles */
    HTTP_ROLE_PATIENT_TOKEN = 1 << 1, /**< holder of a join token: the patient of one visit */
    HTTP_ROLE_DOCTOR = 1 << 2,
    HTTP_ROLE_DESK = 1 << 3,
    HTTP_ROLE_OFFICE = 1 << 4,
    HTTP_ROLE_ADMIN = 1 << 5,
    HTTP_ROLE_GUEST_TOKEN = 1 << 6, /**< holder of a join token: a guest of one visit */
    HTTP_ROLE_COORDINATOR = 1 << 7, /**< keeps one facility; sees no patient */
    HTTP_ROLE_OFFICER = 1 << 8,     /**< books for others at a counter; sees no visit */
    HTTP_ROLE_CLIENT = 1 << 9,      /**< another system; books, and cancels what it has booked */
} HttpRole;
#define HTTP_ROLES_STAFF                                                                           \
    (HTTP_ROLE_DOCTOR | HTTP_ROLE_DESK | HTTP_ROLE_OFFICE | HTTP_ROLE_ADMIN |                      \
     HTTP_ROLE_COORDINATOR | HTTP_ROLE_OFFICER)
/** "anyone" "patient" "doctor" "desk" "office" "admin" "guest" "coordinator" "officer" "client" */
const char *http_role_name(HttpRole role);

typedef enum {
    HTTP_FIELD_STRING,  /**< one line of UTF-8 without control characters; min..max characters */
    HTTP_FIELD_TEXT,    /**< as STRING, but line ends and tabs are fine */
    HTTP_FIELD_INTEGER, /**< min..max */
    HTTP_FIELD_BOOLEAN,
    HTTP_FIELD_ENUM,   /**< one of `values`, separated by '|' */
    HTTP_FIELD_DATE,   /**< "2026-11-24" */
    HTTP_FIELD_TIME,   /**< "09:30" */
    HTTP_FIELD_ID,     /**< the form of id_new() */
    HTTP_FIELD_OBJECT, /**< an object of `fields` */
    HTTP_FIELD_LIST,   /**< min..max objects of `fields`; or of plain values when `fields` is one
                            row named "" */
} HttpFieldType;

/** One input. A table of them ends with a row whose name is NULL. Unknown names are refused. */
typedef struct HttpField HttpField;
struct HttpField {
    const char *name;
    HttpFieldType type;
    bool required; /**< a field that is not required may be absent or null */
    int64_t min;   /**< of INTEGER its value, of STRING/TEXT characters, of LIST entries */
    int64_t max;   /**< as min; 0: no bound but the body's size */
    const char *values;
    const HttpField *fields;
    const char *help; /**< for the OpenAPI document */
};

/** Which token bucket a call draws from, per remote address. */
typedef enum {
    HTTP_RATE_NORMAL, /**< pages and reads: 20/s, burst 100 */
    HTTP_RATE_WRITE,  /**< bookings and changes: 2/s, burst 30 */
    HTTP_RATE_SECRET, /**< log-in, token and code look-ups that guess at secrets: 0.5/s, burst 20 */
    HTTP_RATE_NONE,   /**< health checks */
    HTTP_RATE_COUNT = HTTP_RATE_NONE,
} HttpRateClass;

/** Route flags. */
enum {
    HTTP_ROUTE_CACHEABLE = 1 << 0,      /**< the handler sets Cache-Control; otherwise no-store */
    HTTP_ROUTE_SECRET_PATH = 1 << 1,    /**< the path holds a secret: Referrer-Policy no-referrer */
    HTTP_ROUTE_LOOPBACK = 1 << 2,       /**< other addresses are told not-found unless
                                             HttpServerOptions.loopback_routes_open */
    HTTP_ROUTE_NO_CSRF = 1 << 3,        /**< a change by session cookie without X-CSRF-Token */
    HTTP_ROUTE_ANY_ORIGIN = 1 << 4,     /**< bearer-only machines' routes (WHIP, WHEP): the session
                                             cookie is ignored and CORS allows every origin */
    HTTP_ROUTE_WHILE_STOPPING = 1 << 5, /**< answered while the server stops (health) */
};

/** Answers REQUEST with one http_reply_...(), now or later (then it takes a reference). */
typedef void (*HttpHandler)(HttpRequest *request, gpointer context);

typedef struct {
    const char *method; /**< "GET" "POST" "PUT" "PATCH" "DELETE"; GET answers HEAD too */
    const char *path;   /**< "/api/v1/visits/{visit}": {x} is one segment of [A-Za-z0-9._~-] */
    const char *operation_id; /**< "getVisit", unique */
    const char *summary;      /**< one English line */
    unsigned roles;
    unsigned flags;
    HttpRateClass rate;
    uint32_t max_body;     /**< bytes; 0: LIMIT_HTTP_BODY_BYTES */
    const char *body_type; /**< NULL: application/json when `body` is given, else no body; or
                                "application/sdp": read it with http_request_body() */
    const HttpField *query;
    const HttpField *body;
    unsigned success_status;
    const char *response; /**< description of the success response */
    HttpHandler handler;
} HttpRoute;

/** Routes of one unit; `context` goes to its handlers. */
typedef struct {
    const HttpRoute *routes;
    unsigned n_routes;
    gpointer context;
} HttpRouteTable;

/** What a path pattern captured. */
enum { HTTP_PATH_PARAMETERS_MAX = 4, HTTP_PATH_PARAMETER_BYTES = 129 };
typedef struct {
    unsigned n;
    struct {
        char name[32];
        char value[HTTP_PATH_PARAMETER_BYTES];
    } items[HTTP_PATH_PARAMETERS_MAX];
} HttpPathParameters;

/** True when PATH (decoded, without query) fits PATTERN; fills *ret_parameters. */
bool http_route_match(const char *pattern, const char *path, HttpPathParameters *ret_parameters);

typedef enum { HTTP_MATCH_NONE, HTTP_MATCH_METHOD, HTTP_MATCH_OK } HttpMatch;
typedef struct {
    const HttpRoute *route;
    gpointer context;
    HttpPathParameters parameters;
    char allow[64]; /**< with HTTP_MATCH_METHOD: the methods of this path, "GET, HEAD, POST" */
} HttpRouteMatch;

/** Finds the row for METHOD and PATH. A literal segment wins over a parameter. */
HttpMatch http_route_find(const HttpRouteTable *tables, unsigned n_tables, const char *method,
                          const char *path, HttpRouteMatch *ret_match);

/** Holds the tables against their own rules: paths well-formed, operation ids unique, no two rows
 * for one method and path, a role set, a handler, a success status. NULL when all is well, else a
 * sentence naming the row; the caller owns it. */
char *http_route_check(const HttpRouteTable *tables, unsigned n_tables);
