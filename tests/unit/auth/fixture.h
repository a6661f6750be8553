// SPDX-License-Identifier: Apache-2.0
/* An Auth on a database in a temporary folder, with a clock that stands still. */
#pragma once
#include "server/auth/auth.h"
#include "tests/unit/base/cmocka_all.h"

#define FIXTURE_PASSWORD "kata sandi yang panjang"
#define FIXTURE_ADDRESS "192.0.2.1"

typedef struct {
    char *dir;
    Db *db;
    Clock *clock;
    SecretBox *box;
    JobPool *jobs;
    Auth *auth;
    unsigned n_waiting;
    GError *error; /* of the last answer; NULL: success */
    /* of the last log-in or lookup that went well */
    char *token, *session_id, *user_id, *name, *facility_id;
    UserRole role;
    int64_t expires_at_ms;
} Fixture;

/** cmocka set-up and tear-down; *state is a Fixture. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/** Runs a job on the database thread and waits; true when it went well, else fixture->error. */
bool fixture_run(Fixture *fixture, DbJobFunc job, gpointer data);
/** Like it, with an account's login as the data. */
bool fixture_run_on(Fixture *fixture, DbJobFunc job, const char *login);
/** Adds an account of FIXTURE_PASSWORD, or with a hash that nothing fits and that costs no time. */
void fixture_add(Fixture *fixture, const char *login, UserRole role, bool has_password);
/** Runs SQL on the file PATH. */
void fixture_sql(const char *path, const char *sql);
/** Changes the file behind the engine's back, constraints or not. */
void fixture_break(Fixture *fixture, const char *sql);

/** Logs in and waits; true when it went well. */
bool fixture_log_in(Fixture *fixture, const char *login, const char *password, const char *address);
/** Is TOKEN that of a living session? */
bool fixture_find(Fixture *fixture, const char *token);
/** Ends the session that was logged in or found last. */
void fixture_log_out(Fixture *fixture);
/** The last answer was refused with this code of AUTH_ERROR. */
void fixture_expect_refusal(const Fixture *fixture, AuthError code);
