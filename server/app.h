// SPDX-License-Identifier: Apache-2.0
/* Owns everything that serves: creates it in the order of its dependencies, frees it in reverse.
 * Main thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include "server/auth/setup.h"
#include "server/base/clock.h"
#include "server/base/config.h"

typedef struct App App;

typedef struct {
    const Config *config;        /**< checked; must outlive the App */
    const char *test_clock_path; /**< a file that turns wall time, for tests; NULL: none */
} AppOptions;

/** Opens and migrates the database, binds the ports. Nothing is served before app_run(). */
App *app_new(const AppOptions *options, GError **error);
void app_free(App *app);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(App, app_free)

/** Serves until SIGTERM or SIGINT, then stops within 10 s. READY (may be NULL) is called once when
 * everything is served. SIGHUP reads the TLS keys again. */
bool app_run(App *app, void (*ready)(App *app, gpointer user_data), gpointer user_data,
             GError **error);

/** For the first start on an empty database. */
Setup *app_setup(const App *app);
/** How people reach this server; borrowed. */
const char *app_public_url(const App *app);
unsigned app_http_port(const App *app);
unsigned app_media_port(const App *app);
