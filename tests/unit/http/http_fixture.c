// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/http/http_fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include "server/base/error.h"
#include "server/base/log.h"
#include "test_web_resource.h"
#include "tests/unit/http/tls_client.h"

enum { EXPIRED = 77 };

static void get_hello(HttpRequest *request, gpointer context)
{
    (void)context;
    json_t *body = json_pack("{s:s, s:s}", "name", http_request_path_parameter(request, "name"),
                             "language", http_language_name(http_request_language(request)));
    const char *city = http_request_query(request, "city");
    if (city)
        json_object_set_new(body, "city", json_string(city));
    json_object_set_new(body, "n", json_integer(http_request_query_int(request, "n", -1)));
    http_reply_json(request, 200, body);
}

static void get_big(HttpRequest *request, gpointer context)
{
    HttpFixture *fixture = context;
    if (!fixture->big) {
        char *bytes = g_malloc(BIG_BYTES);
        for (unsigned i = 0; i < BIG_BYTES; i++)
            bytes[i] = (char)('a' + i % 26);
        fixture->big = g_bytes_new_take(bytes, BIG_BYTES);
    }
    http_reply_bytes(request, 200, "text/plain", fixture->big);
}

static void post_echo(HttpRequest *request, gpointer context)
{
    (void)context;
    http_reply_cookie(request, "c", "1", 60);
    http_reply_json(request, 201, json_incref(http_request_json(request)));
}

static void post_park(HttpRequest *request, gpointer context)
{
    HttpFixture *fixture = context;
    http_request_unref(fixture->parked);
    fixture->parked = http_request_ref(request);
}

static void get_who(HttpRequest *request, gpointer context)
{
    (void)context;
    const HttpIdentity *identity = http_request_identity(request);
    http_reply_json(request, 200,
                    json_pack("{s:s, s:s?}", "role", http_role_name(identity->role), "user",
                              identity->user_id));
}

static void post_sdp(HttpRequest *request, gpointer context)
{
    (void)context;
    size_t size;
    const char *body = http_request_body(request, &size);
    g_autoptr(GBytes) bytes = g_bytes_new(body, size);
    http_reply_bytes(request, 201, "application/sdp", bytes);
}

static void get_drop(HttpRequest *request, gpointer context)
{
    (void)request;
    (void)context;
}

static gboolean reply_late(gpointer data)
{
    HttpRequest *request = data;
    http_reply_text(request, 200, "late");
    http_request_unref(request);
    return G_SOURCE_REMOVE;
}

static void get_late(HttpRequest *request, gpointer context)
{
    (void)context;
    g_timeout_add(30, reply_late, http_request_ref(request));
}

static const HttpField city_query[] = {
    {.name = "city", .type = HTTP_FIELD_STRING, .min = 1, .max = 20},
    {.name = "n", .type = HTTP_FIELD_INTEGER, .min = 1, .max = 31},
    {0},
};
static const HttpField echo_body[] = {
    {.name = "name", .type = HTTP_FIELD_STRING, .required = true, .min = 2, .max = 10},
    {.name = "birth_date", .type = HTTP_FIELD_DATE},
    {0},
};

#define ROW(m, p, id, r, ...)                                                                      \
    {                                                                                              \
        .method = (m), .path = (p), .operation_id = (id), .summary = "test", .roles = (r),         \
        .success_status = 200, .response = "test", __VA_ARGS__                                     \
    }
static const HttpRoute routes[] = {
    ROW("GET", "/hello/{name}", "hello", HTTP_ROLE_ANYONE, .query = city_query,
        .handler = get_hello),
    ROW("GET", "/big", "big", HTTP_ROLE_ANYONE, .handler = get_big),
    ROW("POST", "/echo", "echo", HTTP_ROLE_ANYONE, .body = echo_body, .handler = post_echo),
    ROW("POST", "/park", "park", HTTP_ROLE_ANYONE, .handler = post_park),
    ROW("GET", "/staff", "staff", HTTP_ROLE_DOCTOR, .handler = get_who),
    ROW("POST", "/staff", "staffPost", HTTP_ROLE_DOCTOR, .handler = get_who),
    ROW("GET", "/token", "token", HTTP_ROLE_PATIENT_TOKEN, .handler = get_who,
        .flags = HTTP_ROUTE_SECRET_PATH),
    ROW("GET", "/open", "open", HTTP_ROLE_ANYONE, .handler = get_who),
    ROW("POST", "/sdp", "sdp", HTTP_ROLE_ANYONE, .body_type = "application/sdp", .max_body = 1000,
        .handler = post_sdp),
    ROW("GET", "/drop", "drop", HTTP_ROLE_ANYONE, .handler = get_drop),
    ROW("GET", "/late", "late", HTTP_ROLE_ANYONE, .handler = get_late),
    ROW("GET", "/limited", "limited", HTTP_ROLE_ANYONE, .rate = HTTP_RATE_SECRET,
        .handler = get_who),
    ROW("POST", "/whip/{visit}", "whip", HTTP_ROLE_PATIENT_TOKEN, .flags = HTTP_ROUTE_ANY_ORIGIN,
        .body_type = "application/sdp", .handler = post_sdp),
    ROW("GET", "/local", "local", HTTP_ROLE_ANYONE, .flags = HTTP_ROUTE_LOOPBACK,
        .handler = get_who),
};

static const HttpPage pages[] = {
    {.path = "/", .file = "booking.html"},
    {.path = "/v/{token}", .file = "join.html", .secret_path = true},
    {0},
};

static gboolean authenticate_late(gpointer data)
{
    HttpIdentity identity = {.kind = HTTP_IDENTITY_SESSION,
                             .role = HTTP_ROLE_DOCTOR,
                             .user_id = "slow",
                             .csrf = "secret"};
    http_authenticated(data, &identity);
    return G_SOURCE_REMOVE;
}

static void authenticate(HttpRequest *request, gpointer context)
{
    (void)context;
    const char *bearer = http_request_bearer(request);
    const char *session = http_request_cookie(request, "__Host-session");
    HttpIdentity identity = {.kind = HTTP_IDENTITY_SESSION, .user_id = session, .csrf = "secret"};
    if (bearer && strcmp(bearer, "expired") == 0) {
        g_autoptr(GError) error = g_error_new(BASE_ERROR, EXPIRED, "expired");
        http_authentication_failed(request, error);
    } else if (bearer && strcmp(bearer, "good") == 0) {
        identity = (HttpIdentity){
            .kind = HTTP_IDENTITY_TOKEN, .role = HTTP_ROLE_PATIENT_TOKEN, .visit_id = "v"};
        http_authenticated(request, &identity);
    } else if (bearer || !session) {
        http_authenticated(request, NULL);
    } else if (strcmp(session, "slow") == 0) {
        g_timeout_add(20, authenticate_late, request);
    } else {
        identity.role = strcmp(session, "doctor") == 0 ? HTTP_ROLE_DOCTOR : HTTP_ROLE_DESK;
        http_authenticated(request, &identity);
    }
}

static void on_open(WsConn *conn, const char *address, HttpLanguage language, gpointer context)
{
    HttpFixture *fixture = context;
    fixture->n_ws_open++;
    fixture->n_ws_total++;
    ws_conn_set_user_data(conn, fixture);
    g_autofree char *text = g_strdup_printf("hello %s %s", address, http_language_name(language));
    ws_conn_send(conn, text);
}

static void on_text(WsConn *conn, const char *text, size_t size, gpointer context)
{
    g_assert(ws_conn_user_data(conn) == context && strlen(text) == size);
    if (strcmp(text, "bye") == 0) {
        ws_conn_send(conn, "last");
        ws_conn_close(conn, WS_CLOSE_NORMAL, "bye");
    } else if (strcmp(text, "flood") == 0) {
        g_autofree char *load = g_strnfill(60000, 'x');
        while (ws_conn_send(conn, load))
            ;
    } else {
        ws_conn_send(conn, text);
    }
}

static void on_close(WsConn *conn, gpointer context)
{
    HttpFixture *fixture = context;
    g_assert(ws_conn_user_data(conn) == context && fixture->n_ws_open > 0);
    g_assert(!ws_conn_send(conn, "too late"));
    fixture->n_ws_open--;
}

static const WsHandlers ws_handlers = {on_open, on_text, on_close};

static void descriptors_raise(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < 16384 ? limit.rlim_max : 16384;
    setrlimit(RLIMIT_NOFILE, &limit);
}

HttpFixture *http_fixture_new(const HttpServerLimits *limits)
{
    HttpFixture *fixture = g_new0(HttpFixture, 1);
    descriptors_raise();
    log_set_up(LOG_LEVEL_WARN, LOG_FORMAT_TEXT);
    http_problem_map(BASE_ERROR, EXPIRED, HTTP_PROBLEM_LINK_EXPIRED);
    fixture->folder = g_dir_make_tmp("huyula-http-XXXXXX", NULL);
    fixture->cert_path = g_build_filename(fixture->folder, "cert.pem", NULL);
    fixture->key_path = g_build_filename(fixture->folder, "key.pem", NULL);
    tls_test_keys_write(fixture->cert_path, fixture->key_path);
    fixture->clock = clock_new();
    test_web_register_resource();
    fixture->resource = test_web_get_resource();
    g_autoptr(GError) error = NULL;
    fixture->files = static_files_new(fixture->resource, "/huyula/web", &error);
    g_assert_no_error(error);
    static const char *const addresses[] = {"127.0.0.1", NULL};
    HttpRouteTable table = {routes, G_N_ELEMENTS(routes), fixture};
    HttpRouteTable *tables = g_memdup2(&table, sizeof table);
    HttpServerOptions options = {
        .addresses = addresses,
        .cert_path = fixture->cert_path,
        .key_path = fixture->key_path,
        .tables = tables,
        .n_tables = 1,
        .pages = pages,
        .static_files = fixture->files,
        .authenticate = authenticate,
        .session_cookie = "__Host-session",
        .ws = &ws_handlers,
        .ws_context = fixture,
        .clock = fixture->clock,
    };
    if (limits)
        options.limits = *limits;
    fixture->server = http_server_new(&options, &error);
    g_assert_no_error(error);
    fixture->tables = tables;
    return fixture;
}

void http_fixture_free(HttpFixture *fixture)
{
    http_server_free(fixture->server);
    g_assert(fixture->n_ws_open == 0);
    http_request_unref(fixture->parked);
    static_files_free(fixture->files);
    g_clear_pointer(&fixture->big, g_bytes_unref);
    clock_free(fixture->clock);
    g_unlink(fixture->cert_path);
    g_unlink(fixture->key_path);
    g_rmdir(fixture->folder);
    g_free(fixture->tables);
    g_free(fixture->cert_path);
    g_free(fixture->key_path);
    g_free(fixture->folder);
    g_free(fixture);
}

typedef struct {
    void (*client)(uint16_t port, gpointer data);
    uint16_t port;
    gpointer data;
    bool is_done; /* main thread only */
} ClientRun;

static gboolean set_flag(gpointer data)
{
    *(bool *)data = true;
    return G_SOURCE_REMOVE;
}

static gpointer client_thread(gpointer data)
{
    ClientRun *run = data;
    run->client(run->port, run->data);
    g_idle_add(set_flag, &run->is_done);
    return NULL;
}

void http_fixture_run(HttpFixture *fixture, void (*client)(uint16_t port, gpointer data),
                      gpointer data)
{
    ClientRun run = {.client = client, .port = http_server_port(fixture->server), .data = data};
    GThread *thread = g_thread_new("client", client_thread, &run);
    while (!run.is_done)
        g_main_context_iteration(NULL, TRUE);
    g_thread_join(thread);
}

bool http_fixture_await(const bool *flag)
{
    bool is_late = false;
    guint id = g_timeout_add_seconds(20, set_flag, &is_late);
    while (!*flag && !is_late)
        g_main_context_iteration(NULL, TRUE);
    if (!is_late)
        g_source_remove(id);
    return *flag;
}
