// SPDX-License-Identifier: Apache-2.0
#include "server/http/http_internal.h"

#include <string.h>
#include "server/base/log.h"
#include "server/base/secret.h"

HttpRequest *http_request_new(HttpConn *conn, const char *method, const char *path)
{
    HttpRequest *request = g_new0(HttpRequest, 1);
    request->n_refs = 1;
    request->server = conn->server;
    request->conn = conn;
    request->method = g_strdup(method);
    request->path = g_strdup(path);
    request->address = g_strdup(conn->address);
    request->query = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    request->cookies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    request->body = g_byte_array_new();
    request->more_headers = g_string_new(NULL);
    request->identity.role = HTTP_ROLE_ANYONE;
    request->started_us = http_server_now_us(conn->server);
    g_hash_table_add(conn->server->requests, request);
    return request;
}

HttpRequest *http_request_ref(HttpRequest *request)
{
    request->n_refs++;
    return request;
}

static void identity_clear(HttpIdentity *identity)
{
    g_free((char *)identity->user_id);
    g_free((char *)identity->name);
    g_free((char *)identity->facility_id);
    g_free((char *)identity->token_id);
    g_free((char *)identity->visit_id);
    g_free((char *)identity->session_id);
    secret_text_free((char *)identity->csrf);
    *identity = (HttpIdentity){.role = HTTP_ROLE_ANYONE};
}

static void request_free(HttpRequest *request)
{
    if (request->server)
        g_hash_table_remove(request->server->requests, request);
    if (request->conn && request->conn->request == request)
        request->conn->request = NULL;
    identity_clear(&request->identity);
    g_free(request->method);
    g_free(request->path);
    g_free(request->address);
    for (unsigned i = 0; i < HTTP_HEADER_COUNT; i++) {
        if (i == HTTP_HEADER_AUTHORIZATION || i == HTTP_HEADER_COOKIE)
            secret_text_free(request->headers[i]);
        else
            g_free(request->headers[i]);
    }
    g_hash_table_unref(request->query);
    g_hash_table_unref(request->cookies);
    secret_wipe(request->body->data, request->body->len);
    g_byte_array_unref(request->body);
    json_decref(request->json);
    secret_text_free(request->bearer);
    g_free(request->origin);
    g_string_free(request->more_headers, TRUE);
    g_free(request);
}

void http_request_unref(HttpRequest *request)
{
    if (!request)
        return;
    g_assert(request->n_refs > 0);
    if (request->n_refs == 1 && !request->is_replied && request->conn) {
        log_error("request dropped without an answer", "route",
                  request->match.route ? request->match.route->path : "-");
        http_reply_problem(request, HTTP_PROBLEM_INTERNAL, NULL);
    }
    if (--request->n_refs == 0)
        request_free(request);
}

const char *http_request_method(const HttpRequest *request)
{
    return request->method;
}

const HttpRoute *http_request_route(const HttpRequest *request)
{
    return request->match.route;
}

const char *http_request_path_parameter(const HttpRequest *request, const char *name)
{
    const HttpPathParameters *parameters = &request->match.parameters;
    for (unsigned i = 0; i < parameters->n; i++)
        if (strcmp(parameters->items[i].name, name) == 0)
            return parameters->items[i].value;
    g_assert_not_reached();
}

const char *http_request_query(const HttpRequest *request, const char *name)
{
    return g_hash_table_lookup(request->query, name);
}

int64_t http_request_query_int(const HttpRequest *request, const char *name, int64_t fallback)
{
    const char *text = http_request_query(request, name);
    return text ? g_ascii_strtoll(text, NULL, 10) : fallback;
}

const char *http_request_header(const HttpRequest *request, const char *name)
{
    return request->headers[http_header_index(name)];
}

const char *http_request_cookie(const HttpRequest *request, const char *name)
{
    const char *known = g_hash_table_lookup(request->cookies, name);
    if (known)
        return known;
    char *value = http_cookie_find(request->headers[HTTP_HEADER_COOKIE], name);
    if (value)
        g_hash_table_insert(request->cookies, g_strdup(name), value);
    return value;
}

const char *http_request_bearer(const HttpRequest *request)
{
    return request->bearer;
}

json_t *http_request_json(const HttpRequest *request)
{
    return request->json;
}

const char *http_request_string(const HttpRequest *request, const char *name)
{
    return json_string_value(json_object_get(request->json, name));
}

int64_t http_request_int(const HttpRequest *request, const char *name, int64_t fallback)
{
    const json_t *value = json_object_get(request->json, name);
    return json_is_integer(value) ? (int64_t)json_integer_value(value) : fallback;
}

bool http_request_bool(const HttpRequest *request, const char *name, bool fallback)
{
    const json_t *value = json_object_get(request->json, name);
    return json_is_boolean(value) ? json_is_true(value) : fallback;
}

const char *http_request_body(const HttpRequest *request, size_t *ret_size)
{
    *ret_size = request->body->len;
    /* A NUL stands after the last byte without counting: see http_conn.c. */
    return request->body->len ? (const char *)request->body->data : "";
}

const char *http_request_address(const HttpRequest *request)
{
    return request->address;
}

bool http_request_is_loopback(const HttpRequest *request)
{
    return g_str_has_prefix(request->address, "127.") || strcmp(request->address, "::1") == 0;
}

HttpLanguage http_request_language(const HttpRequest *request)
{
    return request->language;
}

const char *http_request_origin(HttpRequest *request)
{
    if (!request->origin) {
        const char *host = request->headers[HTTP_HEADER_HOST];
        request->origin =
            g_strconcat("https://", http_host_is_sane(host) ? host : "localhost", NULL);
    }
    return request->origin;
}

bool http_request_is_open(const HttpRequest *request)
{
    return request->conn != NULL;
}

const HttpIdentity *http_request_identity(const HttpRequest *request)
{
    return &request->identity;
}
