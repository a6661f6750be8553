// SPDX-License-Identifier: Apache-2.0
/* The first administrator of an empty installation. Whoever can read the server's terminal may make
 * it, by a code that is shown there once; a stranger who finds the server empty cannot. Main
 * thread; every call ends in one callback on the main context. */
#pragma once
#include "server/auth/auth.h"
#include "server/base/fault.h"

typedef struct Setup Setup;

/** AUTH must outlive it. */
Setup *setup_new(Auth *auth);
/** Only after db_stop() and job_pool_free(): jobs point into it. */
void setup_free(Setup *setup);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Setup, setup_free)

/** CODE ("K7QM-2XHD-9TRW", never to be logged) is borrowed; NULL when there are accounts, or with
 * ERROR. */
typedef void (*SetupOpened)(const char *code, const GError *error, gpointer user_data);
/** Once, when everything is served: makes a fresh code when there is no account. It lives in memory
 * and ends with the first account or with the program. */
void setup_open(Setup *setup, SetupOpened done, gpointer user_data);

/** True while the first account can be made. */
bool setup_is_open(const Setup *setup);

typedef struct {
    const char *code;
    const char *login;
    const char *name;
    const char *password;
    const char *address; /**< remote address */
} SetupClaim;

/** FAULTS name what is wrong ("code" "login" "name" "password") with AUTH_ERROR_INVALID. */
typedef void (*SetupDone)(const FaultList *faults, const GError *error, gpointer user_data);
/** CLAIM is copied. On success the account is there and the code is void; the person logs in as
 * usual. AUTH_ERROR_ALREADY_SET_UP when there are accounts, AUTH_ERROR_TOO_MANY as auth_login(). */
void setup_claim(Setup *setup, const SetupClaim *claim, SetupDone done, gpointer user_data);
