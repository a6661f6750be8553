// SPDX-License-Identifier: Apache-2.0
/* A real server on a free port with a few routes, and a way to run a client against it: the client
 * has its own thread, the server the test's main loop. */
#pragma once
#include "server/http/http_server.h"

enum { BIG_BYTES = 12 * 1024 * 1024 }; /**< of GET /big */

typedef struct {
    char *folder;
    char *cert_path;
    char *key_path;
    Clock *clock;
    GResource *resource;
    GBytes *big;
    StaticFiles *files;
    HttpServer *server;
    unsigned n_ws_open;  /**< on_open less on_close */
    unsigned n_ws_total; /**< on_open */
    HttpRequest *parked; /**< by POST /park; the last one */
    gpointer tables;
    gpointer clients[10]; /**< left open by a test */
} HttpFixture;

/** Starts it; LIMITS may be NULL. */
HttpFixture *http_fixture_new(const HttpServerLimits *limits);
void http_fixture_free(HttpFixture *fixture);

/** Runs CLIENT on a thread and the main loop here until it returns. */
void http_fixture_run(HttpFixture *fixture, void (*client)(uint16_t port, gpointer data),
                      gpointer data);
/** Runs the main loop until *FLAG, at most 20 s; whether it came. */
bool http_fixture_await(const bool *flag);

/* Routes: GET /hello/{name}, GET /big, POST /echo (JSON), POST /park, GET /staff, POST /staff,
 * GET /token, POST /sdp, GET /drop, GET /late, GET /limited, POST /whip/{visit}.
 * Session cookie "__Host-session": doctor, desk, slow. Bearer: good, expired, else unknown.
 * WebSocket: echoes; "flood" sends until the queue is full; "bye" closes with 1000. */
