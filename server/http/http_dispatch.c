// SPDX-License-Identifier: Apache-2.0
#include "server/http/http_internal.h"

#include <string.h>
#include "server/base/secret.h"

enum { EMPTY_OBJECT_BYTES = 16 };

/* The stations of a request: head (route, rate) -> body -> credentials, maybe later -> role -> CSRF
 * -> schema -> handler. Each either answers or passes on. */

static bool is_unsafe(const HttpRequest *request)
{
    return strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0;
}

static bool has_flag(const HttpRequest *request, unsigned flag)
{
    return request->match.route && (request->match.route->flags & flag);
}

static void set_language(HttpRequest *request)
{
    const char *choice = http_request_query(request, "lang");
    if (!choice)
        choice = http_request_cookie(request, "lang");
    const char *accepted = request->headers[HTTP_HEADER_ACCEPT_LANGUAGE];
    request->language = HTTP_LANGUAGE_ID;
    if (choice && strcmp(choice, "en") == 0)
        request->language = HTTP_LANGUAGE_EN;
    else if (!choice || strcmp(choice, "id") != 0)
        http_language_parse(accepted, &request->language);
}

static void set_bearer(HttpRequest *request)
{
    const char *text = request->headers[HTTP_HEADER_AUTHORIZATION];
    if (text && g_ascii_strncasecmp(text, "Bearer ", 7) == 0)
        request->bearer = g_strstrip(g_strdup(text + 7));
}

static bool rate_is_fine(HttpRequest *request)
{
    HttpRateClass rate = request->match.route ? request->match.route->rate : HTTP_RATE_NORMAL;
    if (rate == HTTP_RATE_NONE)
        return true;
    unsigned retry_after_s = 1;
    HttpServer *server = request->server;
    if (limit_table_take(server->rates[rate], request->conn->limit_key, http_server_now_us(server),
                         &retry_after_s))
        return true;
    http_reply_too_many(request, retry_after_s);
    return false;
}

static const HttpPage *page_find(HttpRequest *request)
{
    const HttpPage *page = request->server->options.pages;
    for (; page && page->path; page++)
        if (http_route_match(page->path, request->path, &request->match.parameters))
            return page;
    return NULL;
}

/* CORS for machines' routes: bearer tokens only, so every origin may ask. */
static void reply_preflight(HttpRequest *request)
{
    http_reply_header(request, "Access-Control-Allow-Methods", request->match.allow);
    http_reply_header(request, "Access-Control-Allow-Headers", "authorization, content-type");
    http_reply_header(request, "Access-Control-Max-Age", "600");
    http_reply_empty(request, 204);
}

/* An OPTIONS request for a path whose rows are open to every origin. */
static bool is_preflight(HttpRequest *request)
{
    if (strcmp(request->method, "OPTIONS") != 0)
        return false;
    const HttpServerOptions *options = &request->server->options;
    HttpRouteMatch match;
    const char *const methods[] = {"POST", "DELETE", "PATCH", "GET"};
    for (unsigned i = 0; i < G_N_ELEMENTS(methods); i++)
        if (http_route_find(options->tables, options->n_tables, methods[i], request->path,
                            &match) == HTTP_MATCH_OK &&
            (match.route->flags & HTTP_ROUTE_ANY_ORIGIN))
            return true;
    return false;
}

/* A person's browser gets a page; everything else the problem. */
static void reply_not_found(HttpRequest *request)
{
    const HttpServerOptions *options = &request->server->options;
    const char *accept = request->headers[HTTP_HEADER_ACCEPT];
    StaticFile file;
    bool wants_page = options->error_page && options->static_files && accept &&
                      strstr(accept, "text/html") && !is_unsafe(request) &&
                      static_files_find_page(options->static_files, options->error_page,
                                             request->headers[HTTP_HEADER_ACCEPT_ENCODING], &file);
    if (!wants_page) {
        http_reply_problem(request, HTTP_PROBLEM_NOT_FOUND, NULL);
        return;
    }
    http_reply_header(request, "Vary", "Accept, Accept-Encoding");
    HttpHead head = {
        .status = 404, .type = file.type, .encoding = file.encoding, .cache_control = "no-store"};
    http_request_finish(request, &head, file.bytes);
}

static bool find_route(HttpRequest *request)
{
    const HttpServerOptions *options = &request->server->options;
    bool is_sane = http_path_is_sane(request->path, strlen(request->path));
    HttpMatch match = HTTP_MATCH_NONE;
    if (is_sane)
        match = http_route_find(options->tables, options->n_tables, request->method, request->path,
                                &request->match);
    bool is_hidden = has_flag(request, HTTP_ROUTE_LOOPBACK) && !options->loopback_routes_open &&
                     !http_request_is_loopback(request);
    if (is_hidden)
        request->match = (HttpRouteMatch){0};
    else if (match == HTTP_MATCH_OK)
        return true;
    if (is_sane && !is_hidden && match == HTTP_MATCH_NONE && !is_unsafe(request)) {
        request->page = page_find(request);
        StaticFile file;
        if (request->page || (options->static_files &&
                              static_files_find(options->static_files, request->path, NULL, &file)))
            return true;
    }
    if (match != HTTP_MATCH_METHOD || is_hidden) {
        reply_not_found(request);
    } else if (is_preflight(request)) {
        http_reply_header(request, "Access-Control-Allow-Origin", "*");
        reply_preflight(request);
    } else {
        http_reply_header(request, "Allow", request->match.allow);
        http_reply_problem(request, HTTP_PROBLEM_METHOD_NOT_ALLOWED, NULL);
    }
    return false;
}

static bool takes_body(const HttpRoute *route)
{
    return route && (route->body || route->body_type);
}

bool http_dispatch_head(HttpRequest *request, size_t *ret_max_body)
{
    set_language(request);
    set_bearer(request);
    if (!find_route(request))
        return false;
    if (has_flag(request, HTTP_ROUTE_ANY_ORIGIN)) {
        http_reply_header(request, "Access-Control-Allow-Origin", "*");
        http_reply_header(request, "Access-Control-Expose-Headers", "Location, ETag, Link");
    }
    if (request->server->is_stopping && !has_flag(request, HTTP_ROUTE_WHILE_STOPPING)) {
        http_reply_problem(request, HTTP_PROBLEM_STOPPING, NULL);
        return false;
    }
    if (!rate_is_fine(request))
        return false;
    const HttpRoute *route = request->match.route;
    size_t max_body = route && route->max_body ? route->max_body : LIMIT_HTTP_BODY_BYTES;
    size_t max_nothing = route && is_unsafe(request) ? EMPTY_OBJECT_BYTES : 0;
    *ret_max_body = takes_body(route) ? max_body : max_nothing;
    return true;
}

static bool content_type_is(const HttpRequest *request, const char *type)
{
    const char *text = request->headers[HTTP_HEADER_CONTENT_TYPE];
    size_t size = text ? strcspn(text, "; ") : 0;
    return size == strlen(type) && g_ascii_strncasecmp(text, type, size) == 0;
}

static bool check_body(HttpRequest *request, FaultList *faults)
{
    const HttpRoute *route = request->match.route;
    const char *type = route->body_type ? route->body_type
                       : route->body    ? "application/json"
                                        : NULL;
    if (!type)
        return true;
    if (!content_type_is(request, type)) {
        http_reply_header(request, "Accept-Post", type);
        http_reply_problem(request, HTTP_PROBLEM_UNSUPPORTED_MEDIA_TYPE, NULL);
        return false;
    }
    if (!route->body)
        return true;
    request->json = http_json_parse((const char *)request->body->data, request->body->len, faults);
    if (request->json)
        return http_json_check(request->json, route->body, faults);
    http_reply_problem(request, HTTP_PROBLEM_BAD_REQUEST, faults);
    return false;
}

static void run_schema_and_handler(HttpRequest *request)
{
    const HttpRoute *route = request->match.route;
    g_autoptr(FaultList) faults = fault_list_new();
    bool is_fine = http_query_check(request->query, route->query, faults);
    is_fine = check_body(request, faults) && is_fine;
    if (request->is_replied)
        return;
    if (!is_fine) {
        http_reply_problem(request, HTTP_PROBLEM_INVALID_FIELDS, faults);
        return;
    }
    route->handler(request, request->match.context);
}

static bool csrf_is_fine(const HttpRequest *request)
{
    if (!is_unsafe(request) || has_flag(request, HTTP_ROUTE_ANY_ORIGIN))
        return true;
    const char *origin = request->headers[HTTP_HEADER_ORIGIN];
    if (origin && !http_origin_is_same(origin, request->headers[HTTP_HEADER_HOST]))
        return false;
    if (request->identity.kind != HTTP_IDENTITY_SESSION || has_flag(request, HTTP_ROUTE_NO_CSRF))
        return true;
    return secret_equal_text(request->headers[HTTP_HEADER_CSRF], request->identity.csrf);
}

static void run_roles(HttpRequest *request)
{
    unsigned roles = request->match.route->roles;
    bool may = (roles & HTTP_ROLE_ANYONE) || (roles & request->identity.role);
    if (may && csrf_is_fine(request))
        run_schema_and_handler(request);
    else if (may)
        http_reply_problem(request, HTTP_PROBLEM_CSRF, NULL);
    else if (request->identity.kind == HTTP_IDENTITY_NOBODY)
        http_reply_problem(request, HTTP_PROBLEM_UNAUTHENTICATED, NULL);
    else
        http_reply_problem(request, HTTP_PROBLEM_FORBIDDEN, NULL);
}

/* The end of authentication, at once or later; drops the reference that waited for it. */
static void resume(HttpRequest *request)
{
    g_assert(request->is_authenticating);
    request->is_authenticating = false;
    if (request->conn)
        run_roles(request);
    http_request_unref(request);
}

void http_authenticated(HttpRequest *request, const HttpIdentity *identity)
{
    if (identity) {
        request->identity = (HttpIdentity){
            .kind = identity->kind,
            .role = identity->role,
            .user_id = g_strdup(identity->user_id),
            .name = g_strdup(identity->name),
            .facility_id = g_strdup(identity->facility_id),
            .token_id = g_strdup(identity->token_id),
            .visit_id = g_strdup(identity->visit_id),
            .session_id = g_strdup(identity->session_id),
            .csrf = g_strdup(identity->csrf),
        };
    }
    resume(request);
}

void http_authentication_failed(HttpRequest *request, const GError *error)
{
    if (request->conn && !(request->match.route->roles & HTTP_ROLE_ANYONE))
        http_reply_error(request, error);
    if (!request->is_replied) {
        resume(request);
        return;
    }
    request->is_authenticating = false;
    http_request_unref(request);
}

static bool has_credentials(HttpRequest *request)
{
    const HttpServerOptions *options = &request->server->options;
    if (!options->authenticate)
        return false;
    if (request->bearer)
        return true;
    return options->session_cookie && !has_flag(request, HTTP_ROUTE_ANY_ORIGIN) &&
           http_request_cookie(request, options->session_cookie);
}

static void reply_file(HttpRequest *request, const StaticFile *file, const char *cache_control)
{
    const char *known = request->headers[HTTP_HEADER_IF_NONE_MATCH];
    bool is_page = request->page != NULL;
    if (!is_page)
        http_reply_header(request, "ETag", file->etag);
    http_reply_header(request, "Vary", "Accept-Encoding");
    if (!is_page && known && strstr(known, file->etag)) {
        HttpHead head = {.status = 304, .cache_control = cache_control};
        http_request_finish(request, &head, NULL);
        return;
    }
    HttpHead head = {.status = 200,
                     .type = file->type,
                     .encoding = file->encoding,
                     .cache_control = cache_control,
                     .secret_path = is_page && request->page->secret_path};
    http_request_finish(request, &head, file->bytes);
}

static void run_static(HttpRequest *request)
{
    const StaticFiles *files = request->server->options.static_files;
    const char *accept_encoding = request->headers[HTTP_HEADER_ACCEPT_ENCODING];
    StaticFile file;
    if (request->page && static_files_find_page(files, request->page->file, accept_encoding, &file))
        reply_file(request, &file, "no-store");
    else if (!request->page && static_files_find(files, request->path, accept_encoding, &file))
        reply_file(request, &file,
                   file.immutable ? "public, max-age=31536000, immutable" : "public, no-cache");
    else
        http_reply_problem(request, HTTP_PROBLEM_NOT_FOUND, NULL);
}

/* Many clients send an empty object where nothing is to be sent. */
static bool body_is_nothing(const HttpRequest *request)
{
    const char *rest = (const char *)request->body->data; /* ends with a NUL */
    if (request->body->len == 0)
        return true;
    rest += strspn(rest, " \t\r\n");
    if (*rest++ != '{')
        return false;
    rest += strspn(rest, " \t\r\n");
    if (*rest++ != '}')
        return false;
    return rest[strspn(rest, " \t\r\n")] == '\0';
}

void http_dispatch(HttpRequest *request)
{
    if (!takes_body(request->match.route) && !body_is_nothing(request)) {
        http_reply_problem(request, HTTP_PROBLEM_BODY_TOO_LARGE, NULL);
        http_request_unref(request);
        return;
    }
    if (!request->match.route) {
        run_static(request);
        http_request_unref(request);
        return;
    }
    request->is_authenticating = true;
    if (has_credentials(request))
        request->server->options.authenticate(request,
                                              request->server->options.authenticate_context);
    else
        resume(request);
}
