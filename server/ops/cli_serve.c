// SPDX-License-Identifier: Apache-2.0
/* huyula serve, check-config, migrate. */
#include "server/app.h"
#include "server/base/log.h"
#include "server/demo_clinic.h"
#include "server/ops/cli.h"
#include "server/settings.h"

#include <stdio.h>

enum { DEFAULT_DEMO_PORT = 8443, DEFAULT_MEDIA_PORT = 8500 };

static void set_up_log(const Config *config)
{
    LogLevel level = LOG_LEVEL_INFO;
    g_assert(log_level_parse(config_string(config, "log", "level"), &level));
    bool json = g_str_equal(config_string(config, "log", "format"), "json");
    log_set_up(level, json ? LOG_FORMAT_JSON : LOG_FORMAT_TEXT);
}

/* To the terminal alone: the code is a secret, and a log may be read by others. */
static void on_setup_open(const char *code, const GError *error, gpointer user_data)
{
    const App *app = user_data;
    if (error)
        log_error("the accounts cannot be counted", "error", error->message);
    if (!code)
        return;
    (void)printf("\nHuyula %s is ready and has no account yet.\n\n"
                 "  Open        %s/mulai\n"
                 "  Setup code  %s\n\n"
                 "  The code makes the first administrator. It is shown here only; a restart makes "
                 "another.\n\n",
                 HUYULA_VERSION, app_public_url(app), code);
    (void)fflush(stdout);
}

static void on_ready(App *app, gpointer user_data)
{
    const char *demo_dir = user_data;
    g_autoptr(GError) error = NULL;
    if (demo_dir && !demo_clinic_print(demo_dir, app_http_port(app), &error))
        log_error("the demo clinic cannot be shown", "error", error->message);
    if (!demo_dir)
        setup_open(app_setup(app), on_setup_open, app);
}

/* DEMO_DIR: of a demo clinic that is to be shown; NULL: none. */
static int serve(const Config *config, const char *demo_dir, const char *test_clock)
{
    set_up_log(config);
    AppOptions options = {.config = config, .test_clock_path = test_clock};
    g_autoptr(GError) error = NULL;
    g_autoptr(App) app = app_new(&options, &error);
    if (!app || !app_run(app, on_ready, (gpointer)demo_dir, &error))
        return cli_fail(error);
    return 0;
}

int cli_serve(int argc, char **argv)
{
    g_autofree char *file = NULL, *demo_dir = NULL, *test_clock = NULL;
    int port = DEFAULT_DEMO_PORT, media_port = DEFAULT_MEDIA_PORT;
    gboolean lan = FALSE, empty = FALSE;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "Configuration file", "FILE"},
        {"demo", 0, 0, G_OPTION_ARG_FILENAME, &demo_dir, "A throw-away clinic in DIR", "DIR"},
        {"lan", 0, 0, G_OPTION_ARG_NONE, &lan, "With --demo: serve the local network too", NULL},
        {"empty", 0, 0, G_OPTION_ARG_NONE, &empty,
         "With --demo: no clinic and no accounts, as a new installation", NULL},
        {"port", 0, 0, G_OPTION_ARG_INT, &port, "With --demo: HTTPS port (8443; 0: any)", "N"},
        {"media-port", 0, 0, G_OPTION_ARG_INT, &media_port,
         "With --demo: first media port (8500; 0: any)", "N"},
        {"test-clock", 0, 0, G_OPTION_ARG_FILENAME, &test_clock,
         "With --demo: FILE holds milliseconds that the clock is turned by", "FILE"},
        {0},
    };
    int status;
    if (!cli_parse(&argc, &argv, "serve: serves until SIGTERM", entries, 0, 0, &status))
        return status;
    if (port < 0 || port > 65535 || media_port < 0 || media_port > 65535) {
        (void)fprintf(stderr, "huyula: a port is 0 to 65535\n");
        return 2;
    }
    if (!demo_dir && (lan || empty || test_clock)) {
        (void)fprintf(stderr, "huyula: --lan, --empty and --test-clock go with --demo\n");
        return 2;
    }
    if (demo_dir) {
        DemoClinicOptions options = {
            .dir = demo_dir,
            .lan = lan,
            .is_empty = empty,
            .http_port = (uint16_t)port,
            .media_port = (uint16_t)media_port,
        };
        g_autoptr(GError) error = NULL;
        if (!demo_clinic_prepare(&options, &error))
            return cli_fail(error);
    }
    g_autoptr(Config) config = cli_load_config(file, demo_dir);
    return config ? serve(config, empty ? NULL : demo_dir, test_clock) : 1;
}

int cli_check_config(int argc, char **argv)
{
    g_autofree char *file = NULL;
    gboolean sample = FALSE;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "Configuration file", "FILE"},
        {"sample", 0, 0, G_OPTION_ARG_NONE, &sample, "Write a commented sample file", NULL},
        {0},
    };
    int status;
    if (!cli_parse(&argc, &argv, "check-config: names every fault with its line", entries, 0, 1,
                   &status))
        return status;
    if (sample) {
        config_write_sample(settings_keys, stdout);
        return 0;
    }
    const char *path = argc == 2 ? argv[1] : file;
    g_autoptr(Config) config = cli_load_config(path, NULL);
    if (config)
        (void)printf("%s: no faults\n", path ? path : CLI_DEFAULT_CONFIG);
    return config ? 0 : 1;
}

int cli_migrate(int argc, char **argv)
{
    g_autofree char *file = NULL, *demo_dir = NULL;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file, "Configuration file", "FILE"},
        {"demo", 0, 0, G_OPTION_ARG_FILENAME, &demo_dir, "The demo clinic in DIR", "DIR"},
        {0},
    };
    int status;
    if (!cli_parse(&argc, &argv, "migrate: brings the database to this program's version", entries,
                   0, 0, &status))
        return status;
    Config *config = cli_load_config(file, demo_dir);
    if (!config)
        return 1;
    CliData data;
    g_autoptr(GError) error = NULL;
    unsigned n_applied = 0;
    bool ok =
        cli_data_open(&data, config, false, &error) && db_migrate(data.db, &n_applied, &error);
    cli_data_clear(&data);
    if (!ok)
        return cli_fail(error);
    (void)printf("%u migrations applied\n", n_applied);
    return 0;
}
