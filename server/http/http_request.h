// SPDX-License-Identifier: Apache-2.0
/* One request and its one answer. Main thread only. A handler borrows the request; to answer later
 * it takes a reference and drops it after the reply. The connection may be gone by then: replies to
 * it are dropped without harm. A request whose last reference goes without a reply is answered
 * with "internal". */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "server/base/fault.h"
#include "server/http/http_problem.h"
#include "server/http/http_route.h"

HttpRequest *http_request_ref(HttpRequest *request);
void http_request_unref(HttpRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpRequest, http_request_unref)

/* What came. Strings live as long as the request. */

const char *http_request_method(const HttpRequest *request);
/** The row that matched; its path is the template that logs may carry. */
const HttpRoute *http_request_route(const HttpRequest *request);
/** Value of {NAME} in the route's path; asking for another name is a bug. */
const char *http_request_path_parameter(const HttpRequest *request, const char *name);
/** A query parameter of the route's schema, validated; NULL when absent. */
const char *http_request_query(const HttpRequest *request, const char *name);
/** An INTEGER query parameter, or FALLBACK when absent. */
int64_t http_request_query_int(const HttpRequest *request, const char *name, int64_t fallback);
/** One of the headers that the server keeps, in lower case: "authorization" "content-type" "cookie"
 * "accept" "accept-language" "accept-encoding" "if-none-match" "if-match" "user-agent" "host"
 * "origin" "x-csrf-token" "idempotency-key" "x-resume"; NULL when absent. Another name is a bug. */
const char *http_request_header(const HttpRequest *request, const char *name);
/** NULL when absent. */
const char *http_request_cookie(const HttpRequest *request, const char *name);
/** The token of "Authorization: Bearer", NULL when absent. */
const char *http_request_bearer(const HttpRequest *request);
/** The body as validated JSON object, borrowed; NULL when the route takes none. */
json_t *http_request_json(const HttpRequest *request);
/* Fields of the body; NULL, FALLBACK when absent or null. The schema has already checked them. */
const char *http_request_string(const HttpRequest *request, const char *name);
int64_t http_request_int(const HttpRequest *request, const char *name, int64_t fallback);
bool http_request_bool(const HttpRequest *request, const char *name, bool fallback);
/** The body as it came, NUL-terminated besides its size. */
const char *http_request_body(const HttpRequest *request, size_t *ret_size);
/** Numeric remote address without port, "192.0.2.7" or "2001:db8::1". */
const char *http_request_address(const HttpRequest *request);
bool http_request_is_loopback(const HttpRequest *request);
/** ?lang, else cookie `lang`, else Accept-Language, else Indonesian. */
HttpLanguage http_request_language(const HttpRequest *request);
/** This server as the caller sees it, "https://host:port", for links; "https://localhost" when the
 * Host header is unusable. */
const char *http_request_origin(HttpRequest *request);
/** False when the caller has gone: long work may be left undone. */
bool http_request_is_open(const HttpRequest *request);

/* Who came. */

typedef enum {
    HTTP_IDENTITY_NOBODY,
    HTTP_IDENTITY_SESSION, /**< by session cookie: changes need the CSRF token */
    HTTP_IDENTITY_TOKEN,   /**< by Bearer token */
    HTTP_IDENTITY_CLIENT,  /**< another system, by its secret as Bearer */
} HttpIdentityKind;

/** Filled by the authenticator; http_authenticated() copies it. Texts may be NULL. */
typedef struct {
    HttpIdentityKind kind;
    HttpRole role;
    const char *user_id;
    const char *name; /**< of a session: its account's */
    const char *facility_id;
    const char *token_id; /**< of a join token */
    const char *visit_id; /**< of a join token */
    const char *session_id;
    const char *csrf; /**< of a session: what X-CSRF-Token must be */
} HttpIdentity;

const HttpIdentity *http_request_identity(const HttpRequest *request);

/** The app's look-up of credentials. Called when the request carries a Bearer token or the session
 * cookie (HttpServerOptions.session_cookie); must end, now or later, in one http_authenticated().
 */
typedef void (*HttpAuthenticateFunc)(HttpRequest *request, gpointer context);
/** Continues REQUEST as IDENTITY; NULL: the credentials are not valid, it goes on as nobody. */
void http_authenticated(HttpRequest *request, const HttpIdentity *identity);
/** The look-up itself failed or refused with a reason (an expired link): answers REQUEST with the
 * problem for ERROR, unless its route is open to anyone: then it goes on as nobody. */
void http_authentication_failed(HttpRequest *request, const GError *error);

/* The answer: exactly one http_reply_...(); headers and cookies before it. */

/** Adds a response header; NAME and VALUE must not come from a stranger unchecked (line ends in
 * them are a bug). */
void http_reply_header(HttpRequest *request, const char *name, const char *value);
/** Adds a cookie with Path=/; Secure; HttpOnly; SameSite=Lax. MAX_AGE_S 0 removes it, -1 makes it
 * last as long as the browser. */
void http_reply_cookie(HttpRequest *request, const char *name, const char *value, int max_age_s);
/** JSON with STATUS; takes BODY. */
void http_reply_json(HttpRequest *request, unsigned status, json_t *body);
void http_reply_problem(HttpRequest *request, HttpProblem problem, const FaultList *faults);
/** As http_reply_problem() with further members of the problem's object ("nearest"); takes MEMBERS.
 */
void http_reply_problem_with(HttpRequest *request, HttpProblem problem, const FaultList *faults,
                             json_t *members);
/** too-many-requests with Retry-After. */
void http_reply_too_many(HttpRequest *request, unsigned retry_after_s);
/** The problem that ERROR is mapped to; an unmapped one is logged and answered "internal". */
void http_reply_error(HttpRequest *request, const GError *error);
/** 303 to LOCATION, a path of this server or an absolute https address made by the program. */
void http_reply_redirect(HttpRequest *request, const char *location);
/** Plain text, UTF-8. */
void http_reply_text(HttpRequest *request, unsigned status, const char *text);
/** Any bytes; TYPE is the whole Content-Type. */
void http_reply_bytes(HttpRequest *request, unsigned status, const char *type, GBytes *bytes);
/** No content. */
void http_reply_empty(HttpRequest *request, unsigned status);
