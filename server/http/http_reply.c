// SPDX-License-Identifier: Apache-2.0
#include "server/http/http_internal.h"

#include <string.h>
#include "server/base/log.h"

#define PROBLEM_TYPE "application/problem+json; charset=utf-8"

static bool header_is_clean(const char *text)
{
    return !strpbrk(text, "\r\n");
}

void http_reply_header(HttpRequest *request, const char *name, const char *value)
{
    g_assert(header_is_clean(name) && header_is_clean(value));
    if (g_ascii_strcasecmp(name, "Cache-Control") == 0)
        request->has_cache_control = true;
    g_string_append_printf(request->more_headers, "%s: %s\r\n", name, value);
}

void http_reply_cookie(HttpRequest *request, const char *name, const char *value, int max_age_s)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_printf(text, "%s=%s; Path=/; Secure; HttpOnly; SameSite=Lax", name, value);
    if (max_age_s >= 0)
        g_string_append_printf(text, "; Max-Age=%d", max_age_s);
    http_reply_header(request, "Set-Cookie", text->str);
}

/* The route's template, never the path: paths carry secrets. */
static const char *log_route(const HttpRequest *request)
{
    if (request->match.route)
        return request->match.route->path;
    return request->page ? request->page->path : "-";
}

static void account(HttpRequest *request, const HttpHead *head)
{
    HttpServer *server = request->server;
    int64_t us = http_server_now_us(server) - request->started_us;
    unsigned group = MIN(head->status / 100, G_N_ELEMENTS(server->stats.n_requests) - 1);
    server->stats.n_requests[group]++;
    server->stats.request_us_sum += (uint64_t)MAX(us, 0);
    if (!request->conn)
        server->stats.n_dropped++;
    log_info("http", "method", request->method, "route", log_route(request), "status",
             LOG_INT(head->status), "ms", LOG_INT(us / 1000), "bytes", LOG_INT(head->n_bytes));
}

void http_request_finish(HttpRequest *request, HttpHead *head, GBytes *bytes)
{
    g_assert(!request->is_replied);
    request->is_replied = true;
    if (!request->server)
        return;
    head->n_bytes = bytes ? g_bytes_get_size(bytes) : 0;
    account(request, head);
    HttpConn *conn = request->conn;
    if (!conn)
        return;
    head->language = request->language;
    head->host = request->headers[HTTP_HEADER_HOST];
    head->more = request->more_headers;
    head->close = head->close || conn->close_after || request->server->is_stopping;
    const HttpRoute *route = request->match.route;
    if (route && (route->flags & HTTP_ROUTE_SECRET_PATH))
        head->secret_path = true;
    if (request->has_cache_control)
        head->cache_control = NULL;
    else if (!head->cache_control)
        head->cache_control = "no-store";
    bool has_body = bytes && strcmp(request->method, "HEAD") != 0;
    request->conn = NULL;
    http_conn_reply(conn, http_head_write(head), has_body ? g_bytes_ref(bytes) : NULL, head->close);
}

static void reply_text(HttpRequest *request, unsigned status, const char *type, char *text)
{
    g_autoptr(GBytes) bytes = g_bytes_new_take(text, strlen(text));
    HttpHead head = {.status = status, .type = type};
    http_request_finish(request, &head, bytes);
}

static void reply_json_as(HttpRequest *request, unsigned status, const char *type, json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    if (!text) {
        log_error("answer is not valid JSON", "route", log_route(request));
        status = 500;
        type = PROBLEM_TYPE;
        json_t *problem = http_problem_json(HTTP_PROBLEM_INTERNAL, request->language, NULL);
        text = json_dumps(problem, JSON_COMPACT);
        json_decref(problem);
    }
    reply_text(request, status, type, text);
}

void http_reply_json(HttpRequest *request, unsigned status, json_t *body)
{
    reply_json_as(request, status, "application/json; charset=utf-8", body);
}

void http_reply_problem_with(HttpRequest *request, HttpProblem problem, const FaultList *faults,
                             json_t *members)
{
    json_t *body = http_problem_json(problem, request->language, faults);
    if (members) {
        json_object_update_missing(body, members);
        json_decref(members);
    }
    if (problem == HTTP_PROBLEM_UNAUTHENTICATED)
        http_reply_header(request, "WWW-Authenticate", "Bearer");
    if (problem == HTTP_PROBLEM_STOPPING || problem == HTTP_PROBLEM_BUSY)
        http_reply_header(request, "Retry-After", "10");
    reply_json_as(request, http_problem_status(problem), PROBLEM_TYPE, body);
}

void http_reply_problem(HttpRequest *request, HttpProblem problem, const FaultList *faults)
{
    http_reply_problem_with(request, problem, faults, NULL);
}

void http_reply_too_many(HttpRequest *request, unsigned retry_after_s)
{
    g_autofree char *seconds = g_strdup_printf("%u", MAX(retry_after_s, 1));
    http_reply_header(request, "Retry-After", seconds);
    if (request->server)
        request->server->stats.n_limited++;
    http_reply_problem(request, HTTP_PROBLEM_TOO_MANY_REQUESTS, NULL);
}

void http_reply_error(HttpRequest *request, const GError *error)
{
    HttpProblem problem = http_problem_for_error(error);
    if (problem == HTTP_PROBLEM_INTERNAL || problem == HTTP_PROBLEM_STORAGE)
        log_error("request failed", "route", log_route(request), "error", error->message);
    http_reply_problem(request, problem, NULL);
}

void http_reply_redirect(HttpRequest *request, const char *location)
{
    http_reply_header(request, "Location", location);
    http_reply_empty(request, 303);
}

void http_reply_text(HttpRequest *request, unsigned status, const char *text)
{
    reply_text(request, status, "text/plain; charset=utf-8", g_strdup(text));
}

void http_reply_bytes(HttpRequest *request, unsigned status, const char *type, GBytes *bytes)
{
    HttpHead head = {.status = status, .type = type};
    http_request_finish(request, &head, bytes);
}

void http_reply_empty(HttpRequest *request, unsigned status)
{
    HttpHead head = {.status = status};
    http_request_finish(request, &head, NULL);
}
