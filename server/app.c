// SPDX-License-Identifier: Apache-2.0
#include "server/app.h"

#include "media/media.h"
#include "scheduling/scheduling.h"
#include "server/auth/auth.h"
#include "server/auth/setup.h"
#include "server/auth/user.h"
#include "server/base/db/db.h"
#include "server/base/error.h"
#include "server/base/jobs.h"
#include "server/base/log.h"
#include "server/base/secret.h"
#include "server/http/api.h"
#include "server/http/http_server.h"
#include "server/letter/letters.h"
#include "server/ops/health.h"
#include "server/portal/notifier.h"
#include "server/retention_sweep.h"
#include "server/settings.h"
#include "server/staff_accounts.h"
#include "server/test_clock.h"
#include "server/turn.h"
#include "server/visit_sweep.h"
#include "server/wiring.h"
#include "signaling/signaling.h"
#include "web_resource.h"

#include <glib-unix.h>
#include <string.h>

enum { N_READERS = 2, N_JOB_THREADS = 2, JOB_QUEUE = 64, RESTART_IN_MS = 10000 };
static const int64_t minute_ms = 60 * 1000;

struct App {
    const Config *config;
    Clock *clock;
    TestClock *test_clock;
    SecretBox *box;
    DbOwner auth_owner;
    const DbOwner *owners[3];
    Db *db;
    Health *health;
    JobPool *jobs;
    Auth *auth;
    Setup *setup;
    Scheduling *scheduling;
    Wiring *wiring;
    VisitSweep *sweep;
    RetentionSweep *retention;
    Notifier *notifier;
    Turn *turn; /* NULL: no TURN server */
    Signaling *signaling;
    Media *media;
    StaticFiles *files;
    Api api;
    char *public_url;
    HttpRouteTable *tables;
    HttpServer *http;
    Letters *letters;
    GMainLoop *loop;
    guint sources[3]; /* SIGTERM, SIGINT, SIGHUP */
    bool is_stopping;
    bool http_is_out;
};

/* The WebSocket's side of signaling. */

static void on_ws_open(WsConn *conn, const char *address, HttpLanguage language, gpointer context)
{
    (void)address;
    (void)language;
    App *app = context;
    signaling_on_open(app->signaling, conn);
}

static void on_ws_text(WsConn *conn, const char *text, size_t size, gpointer context)
{
    App *app = context;
    signaling_on_text(app->signaling, conn, text, size);
}

static void on_ws_close(WsConn *conn, gpointer context)
{
    App *app = context;
    signaling_on_close(app->signaling, conn);
}

static const WsHandlers ws_handlers = {
    .on_open = on_ws_open,
    .on_text = on_ws_text,
    .on_close = on_ws_close,
};

static void ws_send(gpointer conn, const char *text, gpointer user_data)
{
    (void)user_data;
    /* False: the connection is closing, and on_close follows. */
    (void)ws_conn_send(conn, text);
}

static void ws_close(gpointer conn, unsigned code, const char *reason, gpointer user_data)
{
    (void)user_data;
    ws_conn_close(conn, code, reason);
}

/* Creation, in the order of the dependencies. */

static bool open_data(App *app, GError **error)
{
    app->box = secret_box_load(config_string(app->config, "data", "keys"), error);
    if (!app->box)
        return false;
    auth_db_owner(&app->auth_owner);
    app->owners[0] = scheduling_db_owner();
    app->owners[1] = &app->auth_owner;
    DbOptions options = {
        .path = config_string(app->config, "data", "database"),
        .owners = app->owners,
        .n_readers = N_READERS,
    };
    unsigned n_applied = 0;
    app->db = db_open(&options, error);
    if (!app->db || !db_migrate(app->db, &n_applied, error))
        return false;
    if (n_applied)
        log_info("database migrated", "steps", LOG_INT(n_applied));
    return db_start(app->db, error);
}

/* Their files lie beside the database, in a folder of their own. */
static void make_letters(App *app)
{
    g_autofree char *beside = g_path_get_dirname(config_string(app->config, "data", "database"));
    g_autofree char *folder = g_build_filename(beside, "letters", NULL);
    const LettersOptions options = {
        .scheduling = app->scheduling,
        .jobs = app->jobs,
        .box = app->box,
        .folder = folder,
    };
    app->letters = letters_new(&options);
}

static void make_notifier(App *app)
{
    g_autofree char *beside = g_path_get_dirname(config_string(app->config, "data", "database"));
    g_autofree char *log_path = g_build_filename(beside, "outbox.log", NULL);
    bool is_sent = g_str_equal(config_string(app->config, "messages", "driver"), "log");
    const NotifierOptions options = {
        .scheduling = app->scheduling,
        .jobs = app->jobs,
        .clock = app->clock,
        .log_path = log_path,
        .is_sent = is_sent,
        .keep_days = (int)config_int(app->config, "messages", "log_days"),
        .public_url = app->public_url,
    };
    app->notifier = notifier_new(&options);
}

static bool make_clinic(App *app, GError **error)
{
    SchedulingPolicy policy;
    scheduling_policy_init(&policy);
    policy.zone = config_string(app->config, "clinic", "zone");
    policy.sick_letters = config_bool(app->config, "letters", "sick");
    policy.late_after_ms = config_int(app->config, "clinic", "late_minutes") * minute_ms;
    policy.move_until_ms = config_int(app->config, "clinic", "move_until_minutes") * minute_ms;
    policy.cancel_until_ms = config_int(app->config, "clinic", "cancel_until_minutes") * minute_ms;
    policy.no_show_after_ms = config_int(app->config, "clinic", "no_show_minutes") * minute_ms;
    policy.unanswered_after_ms =
        config_int(app->config, "clinic", "unanswered_minutes") * minute_ms;
    policy.unanswered_alone_ms =
        config_int(app->config, "clinic", "unanswered_alone_minutes") * minute_ms;
    app->scheduling = scheduling_new(app->db, app->clock, app->box, &policy, error);
    if (!app->scheduling)
        return false;
    scheduling_set_binding_check(app->scheduling, auth_session_is_alive);
    app->health = health_new(app->db, app->clock);
    app->jobs = job_pool_new(N_JOB_THREADS, JOB_QUEUE);
    app->auth = auth_new(app->db, app->clock, app->box, app->jobs);
    app->setup = setup_new(app->auth);
    app->wiring = wiring_new(app->scheduling, app->db, app->clock);
    make_letters(app);
    return true;
}

static bool make_turn(App *app, GError **error)
{
    TurnOptions options = {
        .urls = config_string(app->config, "turn", "urls"),
        .secret_path = config_string(app->config, "turn", "secret"),
        .ttl_s = config_int(app->config, "turn", "ttl_s"),
        .box = app->box,
        .clock = app->clock,
    };
    if (!*options.urls)
        return true;
    app->turn = turn_new(&options, error);
    return app->turn != NULL;
}

static bool make_calls(App *app, GError **error)
{
    if (!make_turn(app, error))
        return false;
    SignalingOptions options = {
        .clock = app->clock,
        .transport = {.send = ws_send, .close = ws_close, .user_data = app},
    };
    wiring_hooks(app->wiring, &options.hooks);
    if (app->turn)
        options.turn = (SignalingTurnSource){.issue = turn_issue, .user_data = app->turn};
    app->signaling = signaling_new(&options);
    wiring_set_signaling(app->wiring, app->signaling);
    MediaConfig media = {
        .bind_addresses = config_addresses(app->config, "media", "bind"),
        .public_addresses = config_addresses(app->config, "media", "public_address"),
        .first_port = (uint16_t)config_int(app->config, "media", "port"),
        .tcp = config_bool(app->config, "media", "tcp"),
        .n_workers = (unsigned)config_int(app->config, "media", "workers"),
        .clock = app->clock,
    };
    app->media = media_new(&media, signaling_media_observer(), app->signaling, error);
    if (!app->media || !media_start(app->media, error))
        return false;
    signaling_set_media(app->signaling, app->media);
    return true;
}

/* A server that took any free port writes the real one into its links. */
static char *make_public_url(const App *app)
{
    const char *url = config_string(app->config, "http", "public_url");
    if (!g_str_has_suffix(url, ":0"))
        return g_strdup(url);
    return g_strdup_printf("%.*s%u", (int)strlen(url) - 1, url, app_http_port(app));
}

static bool make_http(App *app, GError **error)
{
    if (!web_get_resource())
        web_register_resource();
    app->files = static_files_new(web_get_resource(), "/huyula/web", error);
    if (!app->files)
        return false;
    app->api = (Api){
        .clock = app->clock,
        .db = app->db,
        .health = app->health,
        .letters = app->letters,
        .auth = app->auth,
        .setup = app->setup,
        .jobs = app->jobs,
        .scheduling = app->scheduling,
        .signaling = app->signaling,
        .wiring = app->wiring,
        .media = app->media,
        .zone = config_string(app->config, "clinic", "zone"),
        .is_stopping = &app->is_stopping,
    };
    unsigned n_tables = 0;
    app->tables = api_tables(&app->api, &n_tables);
    HttpServerOptions options = {
        .addresses = config_addresses(app->config, "http", "bind"),
        .port = (uint16_t)config_int(app->config, "http", "port"),
        .cert_path = config_string(app->config, "http", "certificate"),
        .key_path = config_string(app->config, "http", "private_key"),
        .tables = app->tables,
        .n_tables = n_tables,
        .pages = api_pages,
        .static_files = app->files,
        .error_page = "error.html",
        .authenticate = api_authenticate,
        .authenticate_context = &app->api,
        .session_cookie = API_SESSION_COOKIE,
        .ws = &ws_handlers,
        .ws_context = app,
        .clock = app->clock,
        .loopback_routes_open = config_bool(app->config, "http", "metrics_open"),
    };
    app->http = http_server_new(&options, error);
    if (!app->http)
        return false;
    app->api.server = app->http;
    app->public_url = make_public_url(app);
    app->api.public_url = app->public_url;
    letters_set_public_url(app->letters, app->public_url);
    return true;
}

App *app_new(const AppOptions *options, GError **error)
{
    g_autoptr(App) app = g_new0(App, 1);
    app->config = options->config;
    app->clock = clock_new();
    app->loop = g_main_loop_new(NULL, FALSE);
    if (options->test_clock_path)
        app->test_clock = test_clock_new(options->test_clock_path, app->clock);
    api_map_errors();
    if (!open_data(app, error) || !make_clinic(app, error) || !make_calls(app, error) ||
        !make_http(app, error))
        return NULL;
    return g_steal_pointer(&app);
}

void app_free(App *app)
{
    if (!app)
        return;
    for (unsigned i = 0; i < G_N_ELEMENTS(app->sources); i++) {
        if (app->sources[i])
            g_source_remove(app->sources[i]);
    }
    http_server_free(app->http);
    g_free(app->tables);
    g_free(app->public_url);
    if (app->media)
        media_stop(app->media);
    notifier_stop(app->notifier);
    job_pool_free(app->jobs);
    if (app->db)
        db_stop(app->db);
    signaling_free(app->signaling);
    media_free(app->media);
    turn_free(app->turn);
    visit_sweep_free(app->sweep);
    retention_sweep_free(app->retention);
    notifier_free(app->notifier);
    wiring_free(app->wiring);
    setup_free(app->setup);
    auth_free(app->auth);
    letters_free(app->letters);
    scheduling_free(app->scheduling);
    db_free(app->db);
    health_free(app->health);
    static_files_free(app->files);
    secret_box_free(app->box);
    test_clock_free(app->test_clock);
    clock_free(app->clock);
    g_main_loop_unref(app->loop);
    g_free(app);
}

/* Running. */

static void on_http_out(gpointer context)
{
    App *app = context;
    app->http_is_out = true;
    g_main_loop_quit(app->loop);
}

static gboolean on_stop_signal(gpointer user_data)
{
    App *app = user_data;
    if (!app->is_stopping) {
        app->is_stopping = true;
        log_info("stopping");
        signaling_stop(app->signaling, RESTART_IN_MS);
        notifier_stop(app->notifier);
        http_server_stop(app->http, on_http_out, app);
    }
    return G_SOURCE_CONTINUE;
}

static gboolean on_reload_signal(gpointer user_data)
{
    App *app = user_data;
    g_autoptr(GError) error = NULL;
    if (http_server_reload_keys(app->http, &error))
        log_info("TLS keys read again");
    else
        log_error("TLS keys not read, the old ones stay", "error", error->message);
    return G_SOURCE_CONTINUE;
}

typedef struct {
    App *app;
    GError *error;
} Recovery;

static void on_recovered(const GError *error, gpointer user_data)
{
    Recovery *recovery = user_data;
    if (error)
        recovery->error = g_error_copy(error);
    g_main_loop_quit(recovery->app->loop);
}

bool app_run(App *app, void (*ready)(App *app, gpointer user_data), gpointer user_data,
             GError **error)
{
    Recovery recovery = {.app = app};
    scheduling_recover(app->scheduling, on_recovered, &recovery);
    g_main_loop_run(app->loop);
    if (recovery.error) {
        g_propagate_prefixed_error(error, recovery.error, "after the last run: ");
        return false;
    }
    make_notifier(app);
    const VisitSweepOptions sweeps = {app->scheduling, app->signaling, app->clock, app->notifier};
    app->sweep = visit_sweep_new(&sweeps);
    RetentionTerms terms;
    settings_retention(app->config, &terms);
    app->retention = retention_sweep_new(app->scheduling, app->clock, &terms);
    app->sources[0] = g_unix_signal_add(SIGTERM, on_stop_signal, app);
    app->sources[1] = g_unix_signal_add(SIGINT, on_stop_signal, app);
    app->sources[2] = g_unix_signal_add(SIGHUP, on_reload_signal, app);
    letters_recover(app->letters);
    log_info("serving", "http_port", LOG_INT(app_http_port(app)), "media_port",
             LOG_INT(app_media_port(app)));
    if (ready)
        ready(app, user_data);
    g_main_loop_run(app->loop);
    log_info("stopped", "clean", app->http_is_out ? "yes" : "no");
    return true;
}

Setup *app_setup(const App *app)
{
    return app->setup;
}

const char *app_public_url(const App *app)
{
    return app->public_url;
}

unsigned app_http_port(const App *app)
{
    return http_server_port(app->http);
}

unsigned app_media_port(const App *app)
{
    return media_port(app->media);
}
