// SPDX-License-Identifier: Apache-2.0
/* The API's handlers: thin, request -> struct -> reply. Each api_*.c brings one route table; api.c
 * collects them, authenticates, and serves the OpenAPI document. Main thread. */
#pragma once
#include <glib.h>
#include "media/media.h"
#include "scheduling/scheduling.h"
#include "server/auth/auth.h"
#include "server/auth/setup.h"
#include "server/http/http_request.h"
#include "server/http/http_route.h"
#include "server/http/http_server.h"
#include "server/letter/letters.h"
#include "server/ops/health.h"
#include "server/wiring.h"
#include "signaling/signaling.h"

/** Everything that handlers need; it outlives the HTTP server. */
typedef struct {
    const Clock *clock;
    Db *db;
    Health *health;
    Letters *letters;
    Auth *auth;
    Setup *setup;
    JobPool *jobs;
    Scheduling *scheduling;
    Signaling *signaling;
    Wiring *wiring;
    Media *media;
    const HttpServer *server; /**< set after http_server_new(); for /metrics */
    const char *public_url;   /**< "https://HOST:PORT"; links are made with it */
    const char *zone;         /**< "Asia/Makassar" */
    const bool *is_stopping;  /**< readiness */
} Api;

#define API_SESSION_COOKIE "__Host-session"

/** All route tables, with API as the handlers' context; *ret_n is their number. The caller frees
 * the array with g_free() after the server is gone. */
HttpRouteTable *api_tables(Api *api, unsigned *ret_n);
/** The pages that the web build makes, for HttpServerOptions. */
extern const HttpPage api_pages[];
/** HttpAuthenticateFunc; its context is the Api. */
void api_authenticate(HttpRequest *request, gpointer context);
/** Registers every folder's error codes as problems; once at start. */
void api_map_errors(void);
