// SPDX-License-Identifier: Apache-2.0
/* Requests and their replies. A client's failed expectation stops the program (g_assert works on
 * any thread, cmocka's do not). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <string.h>
#include "tests/unit/http/http_fixture.h"
#include "tests/unit/http/tls_client.h"

#define ASSET "/assets/app.0a1b2c3d.js"

static void run(void (*client)(uint16_t port, gpointer data))
{
    HttpServerLimits limits = {.tick_ms = 20, .rate_factor = 100};
    HttpFixture *fixture = http_fixture_new(&limits);
    http_fixture_run(fixture, client, fixture);
    http_fixture_free(fixture);
}

/* LINE is "METHOD /path"; FRAGMENT must be in the body, NULL: anything. */
static void expect(uint16_t port, const char *line, const char *headers, const char *body,
                   unsigned status, const char *fragment)
{
    g_auto(TlsReply) reply = {0};
    g_auto(GStrv) parts = g_strsplit(line, " ", 2);
    g_assert_true(tls_request(port, parts[0], parts[1], headers, body, &reply));
    if (reply.status != status || (fragment && !strstr(reply.body->str, fragment)))
        g_error("%s: expected %u %s, got %u %s", line, status, fragment ? fragment : "",
                reply.status, reply.body->str);
}

static void client_routes(uint16_t port, gpointer data)
{
    (void)data;
    expect(port, "GET /hello/siti", "", NULL, 200, "\"name\":\"siti\"");
    expect(port, "GET /hello/siti?city=Kota%20Gorontalo&n=3", "", NULL, 200, "Kota Gorontalo");
    expect(port, "GET /hello/siti?n=3", "", NULL, 200, "\"n\":3");
    expect(port, "GET /hello/siti?n=99", "", NULL, 422, "\"code\":\"too_large\"");
    expect(port, "GET /hello/siti?n=x", "", NULL, 422, "not_a_number");
    expect(port, "GET /hello/siti?stranger=1", "", NULL, 422, "\"code\":\"unknown\"");
    expect(port, "GET /nowhere", "", NULL, 404, "/masalah/not-found");
    expect(port, "GET /late", "", NULL, 200, "late");
    expect(port, "GET /drop", "", NULL, 500, "/masalah/internal");
    expect(port, "DELETE /big", "", NULL, 405, "method-not-allowed");
    expect(port, "GET /local", "", NULL, 200, NULL);
}

static void test_routes(void **state)
{
    (void)state;
    run(client_routes);
}

static void client_languages(uint16_t port, gpointer data)
{
    (void)data;
    expect(port, "GET /x", "", NULL, 404, "Tidak ditemukan");
    expect(port, "GET /x?lang=en", "", NULL, 404, "Not found");
    expect(port, "GET /x", "Cookie: a=b; lang=en\r\n", NULL, 404, "Not found");
    expect(port, "GET /x", "Accept-Language: fr, en-GB;q=0.8, id;q=0.3\r\n", NULL, 404,
           "Not found");
    expect(port, "GET /x?lang=id", "Accept-Language: en\r\n", NULL, 404, "Tidak ditemukan");
    expect(port, "POST /echo?lang=en", "Content-Type: application/json\r\n", "{}", 422,
           "This must be filled in.");
}

static void test_languages(void **state)
{
    (void)state;
    run(client_languages);
}

static void client_bodies(uint16_t port, gpointer data)
{
    (void)data;
    const char *json = "Content-Type: application/json; charset=utf-8\r\n";
    expect(port, "POST /echo", json, "{\"name\":\"Siti\"}", 201, "{\"name\":\"Siti\"}");
    expect(port, "POST /echo", json, "{\"name\":\"S\"}", 422, "\"allowed\":\"2..10\"");
    expect(port, "POST /echo", json, "{\"name\":\"Siti\",\"birth_date\":\"1954-02-30\"}", 422,
           "not_a_date");
    expect(port, "POST /echo", json, "{\"name\":\"Siti\",\"role\":\"admin\"}", 422, "unknown");
    expect(port, "POST /echo", json, "{\"name\":\"a\",\"name\":\"b\"}", 400, "not_json");
    expect(port, "POST /echo", json, "[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]", 400, "too_deep");
    expect(port, "POST /echo", json, "", 400, "not_json");
    expect(port, "POST /echo", "Content-Type: text/plain\r\n", "x", 415, NULL);
    expect(port, "POST /echo", "", "{}", 415, NULL);
    expect(port, "POST /sdp", "Content-Type: application/sdp\r\n", "v=0\r\n", 201, "v=0\r\n");
    g_autofree char *large = g_strnfill(1001, 'x');
    expect(port, "POST /sdp", "Content-Type: application/sdp\r\n", large, 413, "body-too-large");
    large[1000] = '\0';
    expect(port, "POST /sdp", "Content-Type: application/sdp\r\n", large, 201, NULL);
    expect(port, "POST /nowhere", json, large, 404, NULL);
    expect(port, "DELETE /echo", json, large, 405, NULL);
    expect(port, "POST /staff", "", "body", 413, NULL);
    /* Where nothing is to be sent an empty object is nothing. */
    expect(port, "POST /staff", json, "{}", 401, NULL);
    expect(port, "POST /staff", json, " {\n} ", 401, NULL);
    expect(port, "POST /staff", json, "{\"a\":1}", 413, NULL);
    expect(port, "POST /staff", json, "{}{}", 413, NULL);
    expect(port, "GET /hello/siti", json, "{}", 413, NULL);
    g_autofree char *huge = g_strnfill((gsize)400 * 1024, 'x');
    expect(port, "POST /echo", json, huge, 413, NULL);
    expect(port, "POST /echo", "Transfer-Encoding: chunked\r\n", NULL, 400, NULL);
    expect(port, "POST /echo", "Content-Length: -5\r\n", NULL, 400, NULL);
    expect(port, "POST /echo", "Content-Type: application/json\r\n", NULL, 400, "not_json");
}

static void test_bodies(void **state)
{
    (void)state;
    run(client_bodies);
}

static void client_who(uint16_t port, gpointer data)
{
    (void)data;
    const char *doctor = "Cookie: x=y; __Host-session=doctor\r\n";
    expect(port, "GET /staff", "", NULL, 401, "unauthenticated");
    expect(port, "GET /staff", doctor, NULL, 200, "\"role\":\"doctor\"");
    expect(port, "GET /staff", "Cookie: __Host-session=slow\r\n", NULL, 200, "\"user\":\"slow\"");
    expect(port, "GET /staff", "Cookie: __Host-session=desk\r\n", NULL, 403, "forbidden");
    expect(port, "GET /open", doctor, NULL, 200, "doctor");
    expect(port, "GET /token", "Authorization: Bearer good\r\n", NULL, 200, "patient");
    expect(port, "GET /token", "Authorization: Bearer expired\r\n", NULL, 410, "link-expired");
    expect(port, "GET /open", "Authorization: Bearer expired\r\n", NULL, 200, "anyone");
    expect(port, "GET /token", "Authorization: Bearer bad\r\n", NULL, 401, NULL);
    expect(port, "GET /token", doctor, NULL, 403, NULL);
    /* Changes by cookie need the token of the session, and our own pages as origin. */
    expect(port, "POST /staff", doctor, NULL, 403, "csrf");
    expect(port, "POST /staff", "Cookie: __Host-session=doctor\r\nX-CSRF-Token: wrong\r\n", NULL,
           403, "csrf");
    expect(port, "POST /staff", "Cookie: __Host-session=doctor\r\nX-CSRF-Token: secret\r\n", NULL,
           200, "doctor");
    expect(port, "POST /staff",
           "Cookie: __Host-session=doctor\r\nX-CSRF-Token: secret\r\nOrigin: https://evil\r\n",
           NULL, 403, "csrf");
    expect(port, "POST /echo", "Content-Type: application/json\r\nOrigin: https://localhost:1\r\n",
           "{\"name\":\"Siti\"}", 201, NULL);
    expect(port, "POST /echo", "Content-Type: application/json\r\nOrigin: null\r\n",
           "{\"name\":\"Siti\"}", 403, "csrf");
    /* Machines' routes: any origin, bearer only. */
    expect(port, "POST /whip/v",
           "Authorization: Bearer good\r\nContent-Type: application/sdp\r\nOrigin: https://x\r\n",
           "v=0", 201, "v=0");
    expect(port, "POST /whip/v", "Cookie: __Host-session=doctor\r\n", "v=0", 401, NULL);
    expect(port, "OPTIONS /whip/v", "Origin: https://x\r\n", NULL, 204, NULL);
    expect(port, "OPTIONS /echo", "Origin: https://x\r\n", NULL, 405, NULL);
}

static void test_who(void **state)
{
    (void)state;
    run(client_who);
}

static void client_headers(uint16_t port, gpointer data)
{
    (void)data;
    static const char *const wanted[][2] = {
        {"Strict-Transport-Security", "max-age="},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(self), microphone=(self)"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Content-Security-Policy", "default-src 'self'"},
        {"Content-Security-Policy", "connect-src 'self' wss://localhost:1"},
        {"Cache-Control", "no-store"},
        {"Content-Language", "id"},
    };
    static const char *const paths[] = {"/hello/a", "/nowhere", "/staff", "/"};
    for (unsigned p = 0; p < G_N_ELEMENTS(paths); p++) {
        g_auto(TlsReply) reply = {0};
        g_assert_true(tls_request(port, "GET", paths[p], "", NULL, &reply));
        for (unsigned i = 0; i < G_N_ELEMENTS(wanted); i++) {
            g_autofree char *value = tls_reply_header(&reply, wanted[i][0]);
            if (!value || !strstr(value, wanted[i][1]))
                g_error("%s: %s is %s", paths[p], wanted[i][0], value ? value : "absent");
        }
        g_assert_null(strstr(reply.head, "unsafe"));
    }
    g_auto(TlsReply) reply = {0};
    g_assert_true(tls_request(port, "GET", "/token", "", NULL, &reply));
    g_autofree char *referrer = tls_reply_header(&reply, "Referrer-Policy");
    g_assert_cmpstr(referrer, ==, "no-referrer");
    g_assert_true(tls_request(port, "POST", "/echo", "Content-Type: application/json\r\n",
                              "{\"name\":\"Siti\"}", &reply));
    g_autofree char *cookie = tls_reply_header(&reply, "Set-Cookie");
    g_assert_cmpstr(cookie, ==, "c=1; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60");
}

static void test_headers(void **state)
{
    (void)state;
    run(client_headers);
}

static void client_static(uint16_t port, gpointer data)
{
    (void)data;
    expect(port, "GET /", "", NULL, 200, "Booking");
    expect(port, "GET /v/abc", "", NULL, 200, "Join");
    expect(port, "GET " ASSET, "", NULL, 200, "plain");
    expect(port, "GET " ASSET, "Accept-Encoding: gzip, br\r\n", NULL, 200, "br-variant");
    expect(port, "GET " ASSET, "Accept-Encoding: gzip, br;q=0\r\n", NULL, 200, "gzip-variant");
    expect(port, "GET /favicon.svg", "", NULL, 200, "svg");
    static const char *const bad[] = {"/assets/..%2fpages/booking.html",
                                      "/assets/../pages/booking.html",
                                      "/assets/%2e%2e/pages/booking.html",
                                      "/..%2f..%2fetc/passwd",
                                      "/assets/app%00.js",
                                      "//etc/passwd",
                                      "/assets/",
                                      "/assets",
                                      "/assets/app.0a1b2c3d.js.br",
                                      "/pages/join.html",
                                      "/v/",
                                      "/v/a%2fb",
                                      "/%00x",
                                      "/v/abc%00d",
                                      "/hello/a%00b",
                                      "/%ff"};
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_auto(TlsReply) reply = {0};
        bool answered = tls_request(port, "GET", bad[i], "", NULL, &reply);
        if (answered && reply.status != 404 && reply.status != 403 && reply.status != 400)
            g_error("%s: %u %s", bad[i], reply.status, reply.body->str);
    }
    g_autoptr(TlsClient) client = tls_client_new(port);
    g_auto(TlsReply) reply = {0};
    g_assert_true(tls_client_request(client, "GET", ASSET, "", NULL, &reply));
    g_autofree char *etag = tls_reply_header(&reply, "ETag");
    g_autofree char *cache = tls_reply_header(&reply, "Cache-Control");
    g_assert_cmpstr(cache, ==, "public, max-age=31536000, immutable");
    g_autofree char *condition = g_strdup_printf("If-None-Match: %s\r\n", etag);
    g_assert_true(tls_client_request(client, "GET", ASSET, condition, NULL, &reply));
    g_assert_cmpuint(reply.status, ==, 304);
    g_assert_true(tls_client_request(client, "HEAD", ASSET, "", NULL, &reply));
    g_assert_cmpuint(reply.status, ==, 200);
    g_assert_cmpuint(reply.body->len, ==, 0);
    g_assert_true(tls_client_request(client, "HEAD", "/hello/a", "", NULL, &reply));
    g_assert_cmpuint(reply.status, ==, 200);
    g_assert_true(tls_client_request(client, "GET", "/v/abc", "", NULL, &reply));
    g_autofree char *referrer = tls_reply_header(&reply, "Referrer-Policy");
    g_assert_cmpstr(referrer, ==, "no-referrer");
}

static void test_static(void **state)
{
    (void)state;
    run(client_static);
}

static void client_keep_alive(uint16_t port, gpointer data)
{
    (void)data;
    g_autoptr(TlsClient) client = tls_client_new(port);
    g_auto(TlsReply) reply = {0};
    for (unsigned i = 0; i < 20; i++) {
        g_assert_true(tls_client_request(client, "GET", "/hello/a", "", NULL, &reply));
        g_assert_cmpuint(reply.status, ==, 200);
        g_assert_true(tls_client_request(
            client, "POST", "/echo", "Content-Type: application/json\r\n", "{\"x\":1}", &reply));
        g_assert_cmpuint(reply.status, ==, 422);
    }
    /* Pipelined: the answers come in order. */
    g_assert_true(tls_client_send_text(client, "GET /late HTTP/1.1\r\nHost: a\r\n\r\n"
                                               "GET /hello/two HTTP/1.1\r\nHost: a\r\n\r\n"
                                               "GET /hello/three HTTP/1.1\r\nHost: a\r\n\r\n"));
    const char *const bodies[] = {"late", "two", "three"};
    for (unsigned i = 0; i < 3; i++) {
        g_assert_true(tls_client_read_reply(client, false, &reply));
        if (!strstr(reply.body->str, bodies[i]))
            g_error("pipelined answer %u is %s", i, reply.body->str);
    }
    g_assert_true(
        tls_client_request(client, "GET", "/hello/a", "Connection: close\r\n", NULL, &reply));
    g_assert_true(tls_client_is_closed(client));
}

static void test_keep_alive(void **state)
{
    (void)state;
    run(client_keep_alive);
}

static void client_big(uint16_t port, gpointer data)
{
    (void)data;
    g_autoptr(TlsClient) client = tls_client_new(port);
    g_auto(TlsReply) reply = {0};
    for (unsigned i = 0; i < 3; i++) {
        g_assert_true(tls_client_request(client, "GET", "/big", "", NULL, &reply));
        g_assert_cmpuint(reply.body->len, ==, BIG_BYTES);
        g_assert_cmpint(reply.body->str[27], ==, 'b');
    }
    g_autofree char *head = g_strnfill(20000, 'h');
    g_autofree char *line = g_strdup_printf("X-Long: %s\r\n", head);
    g_autoptr(TlsClient) rude = tls_client_new(port);
    tls_client_request(rude, "GET", "/hello/a", line, NULL, &reply);
    g_assert_cmpuint(reply.status, !=, 200);
    g_assert_true(tls_client_is_closed(rude));
}

static void test_big(void **state)
{
    (void)state;
    run(client_big);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_routes),     cmocka_unit_test(test_languages),
        cmocka_unit_test(test_bodies),     cmocka_unit_test(test_who),
        cmocka_unit_test(test_headers),    cmocka_unit_test(test_static),
        cmocka_unit_test(test_keep_alive), cmocka_unit_test(test_big),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
