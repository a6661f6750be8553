// SPDX-License-Identifier: Apache-2.0
#include "server/http/http_route.h"

#include <string.h>

const char *http_role_name(HttpRole role)
{
    switch (role) {
    case HTTP_ROLE_ANYONE:
        return "anyone";
    case HTTP_ROLE_PATIENT_TOKEN:
        return "patient";
    case HTTP_ROLE_DOCTOR:
        return "doctor";
    case HTTP_ROLE_DESK:
        return "desk";
    case HTTP_ROLE_OFFICE:
        return "office";
    case HTTP_ROLE_ADMIN:
        return "admin";
    case HTTP_ROLE_COORDINATOR:
        return "coordinator";
    case HTTP_ROLE_OFFICER:
        return "officer";
    case HTTP_ROLE_GUEST_TOKEN:
        return "guest";
    case HTTP_ROLE_CLIENT:
        return "client";
    }
    return "?";
}

static bool segment_is_value(const char *segment, size_t size)
{
    if (size == 0 || size >= HTTP_PATH_PARAMETER_BYTES)
        return false;
    for (size_t i = 0; i < size; i++)
        if (!g_ascii_isalnum(segment[i]) && !strchr("._~-", segment[i]))
            return false;
    return segment[0] != '.';
}

static bool segment_match(const char *pattern, size_t pattern_size, const char *segment,
                          size_t size, HttpPathParameters *ret)
{
    if (pattern[0] != '{')
        return pattern_size == size && memcmp(pattern, segment, size) == 0;
    if (ret->n == HTTP_PATH_PARAMETERS_MAX || pattern_size < 3 ||
        pattern_size - 2 >= sizeof ret->items[0].name || !segment_is_value(segment, size))
        return false;
    memcpy(ret->items[ret->n].name, pattern + 1, pattern_size - 2);
    ret->items[ret->n].name[pattern_size - 2] = '\0';
    memcpy(ret->items[ret->n].value, segment, size);
    ret->items[ret->n].value[size] = '\0';
    ret->n++;
    return true;
}

bool http_route_match(const char *pattern, const char *path, HttpPathParameters *ret_parameters)
{
    HttpPathParameters found = {0};
    while (*pattern == '/' && *path == '/') {
        pattern++;
        path++;
        size_t pattern_size = strcspn(pattern, "/");
        size_t size = strcspn(path, "/");
        if (!segment_match(pattern, pattern_size, path, size, &found))
            return false;
        pattern += pattern_size;
        path += size;
    }
    if (*pattern || *path)
        return false;
    *ret_parameters = found;
    return true;
}

static void allow_add(char *allow, size_t size, const char *method)
{
    if (strstr(allow, method))
        return;
    if (*allow)
        g_strlcat(allow, ", ", size);
    g_strlcat(allow, method, size);
    if (strcmp(method, "GET") == 0)
        g_strlcat(allow, ", HEAD", size);
}

/* A row with fewer parameters is the more literal one. */
static bool is_better(const HttpRouteMatch *match, const HttpPathParameters *parameters)
{
    return !match->route || parameters->n < match->parameters.n;
}

static void table_find(const HttpRouteTable *table, const char *method, const char *path,
                       HttpRouteMatch *match)
{
    bool is_head = strcmp(method, "HEAD") == 0;
    for (unsigned i = 0; i < table->n_routes; i++) {
        const HttpRoute *route = &table->routes[i];
        HttpPathParameters parameters;
        if (!http_route_match(route->path, path, &parameters))
            continue;
        allow_add(match->allow, sizeof match->allow, route->method);
        bool is_method =
            strcmp(route->method, method) == 0 || (is_head && strcmp(route->method, "GET") == 0);
        if (!is_method || !is_better(match, &parameters))
            continue;
        match->route = route;
        match->context = table->context;
        match->parameters = parameters;
    }
}

HttpMatch http_route_find(const HttpRouteTable *tables, unsigned n_tables, const char *method,
                          const char *path, HttpRouteMatch *ret_match)
{
    *ret_match = (HttpRouteMatch){0};
    for (unsigned i = 0; i < n_tables; i++)
        table_find(&tables[i], method, path, ret_match);
    if (ret_match->route)
        return HTTP_MATCH_OK;
    return *ret_match->allow ? HTTP_MATCH_METHOD : HTTP_MATCH_NONE;
}

static const char *path_fault(const char *path)
{
    if (path[0] != '/')
        return "path does not start with /";
    unsigned n_parameters = 0;
    for (const char *c = path; *c; c++) {
        if (*c == '/' && c[1] == '/')
            return "path has an empty segment";
        if (*c != '{')
            continue;
        const char *end = strchr(c, '}');
        if (c[-1] != '/' || !end || (end[1] && end[1] != '/') || end == c + 1 || end - c > 30)
            return "path parameter is malformed";
        if (++n_parameters > HTTP_PATH_PARAMETERS_MAX)
            return "path has too many parameters";
    }
    return NULL;
}

static const char *route_fault(const HttpRoute *route)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", NULL};
    if (!route->method || !route->path || !route->operation_id || !route->summary)
        return "method, path, operation id or summary is missing";
    if (!g_strv_contains(methods, route->method))
        return "method is unknown";
    if (!route->roles)
        return "nobody may call it";
    if (!route->handler || !route->success_status || !route->response)
        return "handler, status or response is missing";
    if (strcmp(route->method, "GET") == 0 && (route->body || route->body_type))
        return "GET with a body";
    if (route->body && route->body_type && strcmp(route->body_type, "application/json") != 0)
        return "a schema with a body that is not JSON";
    return path_fault(route->path);
}

char *http_route_check(const HttpRouteTable *tables, unsigned n_tables)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned t = 0; t < n_tables; t++) {
        for (unsigned i = 0; i < tables[t].n_routes; i++) {
            const HttpRoute *route = &tables[t].routes[i];
            const char *fault = route_fault(route);
            if (!fault && !g_hash_table_add(ids, (gpointer)route->operation_id))
                fault = "operation id is used twice";
            if (!fault &&
                !g_hash_table_add(rows, g_strconcat(route->method, " ", route->path, NULL)))
                fault = "method and path are there twice";
            if (fault)
                return g_strdup_printf("route %s %s: %s", route->method ? route->method : "?",
                                       route->path ? route->path : "?", fault);
        }
    }
    return NULL;
}
