// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "server/http/http_route.h"

static void handler(HttpRequest *request, gpointer context)
{
    (void)request;
    (void)context;
}

#define ROW(m, p, id)                                                                              \
    {                                                                                              \
        .method = (m), .path = (p), .operation_id = (id), .summary = "s",                          \
        .roles = HTTP_ROLE_ANYONE, .success_status = 200, .response = "r", .handler = handler      \
    }

static const HttpRoute rows[] = {
    ROW("GET", "/", "root"),
    ROW("GET", "/visits/{visit}", "visit"),
    ROW("GET", "/visits/today", "today"),
    ROW("POST", "/visits/{visit}", "visitPost"),
    ROW("DELETE", "/whip/{visit}/{resource}", "whipDelete"),
};
static const HttpRouteTable table = {rows, G_N_ELEMENTS(rows), NULL};

static void test_match(void **state)
{
    (void)state;
    HttpPathParameters parameters;
    assert_true(http_route_match("/a/{b}/c", "/a/x-1~.y/c", &parameters));
    assert_int_equal(parameters.n, 1);
    assert_string_equal(parameters.items[0].name, "b");
    assert_string_equal(parameters.items[0].value, "x-1~.y");
    static const char *const misses[] = {"/a//c",   "/a/x/c/",  "/a/x",     "/a/x y/c", "/a/../c",
                                         "/a/.x/c", "/a/x/c/d", "/a/%41/c", "",         "a/x/c"};
    for (unsigned i = 0; i < G_N_ELEMENTS(misses); i++)
        assert_false(http_route_match("/a/{b}/c", misses[i], &parameters));
    g_autofree char *name = g_strnfill(HTTP_PATH_PARAMETER_BYTES - 1, 'a');
    g_autofree char *longest = g_strconcat("/a/", name, "/c", NULL);
    assert_true(http_route_match("/a/{b}/c", longest, &parameters));
    g_autofree char *longer = g_strconcat("/a/", name, "a/c", NULL);
    assert_false(http_route_match("/a/{b}/c", longer, &parameters));
    assert_true(http_route_match("/", "/", &parameters));
    assert_false(http_route_match("/", "/x", &parameters));
}

static void test_find(void **state)
{
    (void)state;
    HttpRouteMatch match;
    assert_int_equal(http_route_find(&table, 1, "GET", "/visits/today", &match), HTTP_MATCH_OK);
    assert_string_equal(match.route->operation_id, "today");
    assert_int_equal(http_route_find(&table, 1, "HEAD", "/visits/abc", &match), HTTP_MATCH_OK);
    assert_string_equal(match.route->operation_id, "visit");
    assert_int_equal(http_route_find(&table, 1, "PUT", "/visits/abc", &match), HTTP_MATCH_METHOD);
    assert_string_equal(match.allow, "GET, HEAD, POST");
    assert_int_equal(http_route_find(&table, 1, "GET", "/nothing", &match), HTTP_MATCH_NONE);
    assert_int_equal(http_route_find(&table, 1, "DELETE", "/whip/v/r", &match), HTTP_MATCH_OK);
    assert_string_equal(match.parameters.items[1].value, "r");
}

static void expect_fault(const HttpRoute *routes, unsigned n, const char *fragment)
{
    HttpRouteTable bad = {routes, n, NULL};
    g_autofree char *fault = http_route_check(&bad, 1);
    assert_non_null(fault);
    assert_non_null(strstr(fault, fragment));
}

static void test_check(void **state)
{
    (void)state;
    assert_null(http_route_check(&table, 1));
    expect_fault((HttpRoute[]){ROW("GET", "/a", "x"), ROW("GET", "/b", "x")}, 2, "used twice");
    expect_fault((HttpRoute[]){ROW("GET", "/a", "x"), ROW("GET", "/a", "y")}, 2, "there twice");
    expect_fault((HttpRoute[]){ROW("GET", "a", "x")}, 1, "start with /");
    expect_fault((HttpRoute[]){ROW("GET", "/a//b", "x")}, 1, "empty segment");
    expect_fault((HttpRoute[]){ROW("GET", "/a/{}", "x")}, 1, "malformed");
    expect_fault((HttpRoute[]){ROW("GET", "/a/x{b}", "x")}, 1, "malformed");
    expect_fault((HttpRoute[]){ROW("BREW", "/a", "x")}, 1, "method");
    HttpRoute nobody = ROW("GET", "/a", "x");
    nobody.roles = 0;
    expect_fault(&nobody, 1, "nobody");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_match), cmocka_unit_test(test_find),
                                       cmocka_unit_test(test_check)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
