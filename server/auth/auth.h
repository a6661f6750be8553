// SPDX-License-Identifier: Apache-2.0
/* Who staff are: log-in, sessions, log-out. Main thread; every call ends in one callback on the
 * main context. Attempts are limited by address, by account from
 * one address, and more widely by account. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "server/auth/user.h"
#include "server/base/clock.h"
#include "server/base/db/db.h"
#include "server/base/jobs.h"
#include "server/base/secret.h"

typedef struct Auth Auth;

/** Tables and statements; fills *RET_OWNER with pointers that live as long as the program. */
void auth_db_owner(DbOwner *ret_owner);

/** All arguments must outlive the Auth. */
Auth *auth_new(Db *db, const Clock *clock, const SecretBox *box, JobPool *jobs);
void auth_free(Auth *auth);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Auth, auth_free)

/** A session and whose it is; borrowed inside a callback. */
typedef struct {
    char *session_id;
    char *csrf;
    char *user_id;
    char *name;
    UserRole role;
    char *facility_id; /**< may be NULL */
    char *area_code;   /**< of an officer, else NULL */
    int64_t expires_at_ms;
} AuthSession;

/** SESSION and TOKEN (the cookie's value) on success, else ERROR of AUTH_ERROR or BASE_ERROR. */
typedef void (*AuthLoginDone)(const AuthSession *session, const char *token, const GError *error,
                              gpointer user_data);
void auth_login(Auth *auth, const char *login, const char *password, const char *address,
                AuthLoginDone done, gpointer user_data);

/** A secret of the account's own, 64 hex, the same in each of its sessions: what its pages seal
 * with what they keep in a browser. To be freed with secret_text_free(). */
char *auth_own_key(const Auth *auth, const char *user_id);

/** SESSION is NULL without ERROR when TOKEN is not that of a living session. */
typedef void (*AuthSessionDone)(const AuthSession *session, const GError *error,
                                gpointer user_data);
void auth_find_session(Auth *auth, const char *token, AuthSessionDone done, gpointer user_data);

/** Inside a job: is the session there, in its time, and its account open? */
bool auth_session_is_alive(DbTx *tx, const char *session_id, int64_t now_ms, bool *ret_is_alive,
                           GError **error);

/** A RetentionForget: sessions that expired before UNTIL_MS. */
bool auth_session_forget(DbTx *tx, int64_t until_ms, int limit, bool is_dry, int64_t *ret_n,
                         GError **error);

/** Ends one session. */
typedef void (*AuthDone)(const GError *error, gpointer user_data);
void auth_logout(Auth *auth, const AuthSession *session, const char *address, AuthDone done,
                 gpointer user_data);
