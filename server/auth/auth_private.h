// SPDX-License-Identifier: Apache-2.0
/* Inside of server/auth/ only. */
#pragma once
#include "server/auth/auth.h"
#include "server/base/limit.h"

struct Auth {
    Db *db;
    const Clock *clock;
    const SecretBox *box;
    JobPool *jobs;
    LimitTable *by_place; /* "LOGIN ADDRESS" */
    LimitTable *by_address;
    LimitTable *by_account;
    LimitTable *by_client; /* requests, by a client's name */
};

/** Takes one try of LOGIN's password from ADDRESS: seconds to wait, 0: go on. Main thread. */
unsigned auth_take_try(Auth *auth, const char *login, const char *address);
/** The password was right: the account's tries are as if there had been none. */
void auth_give_tries_back(Auth *auth, const char *login, const char *address);
/** Frees what SESSION holds. */
void auth_session_clear(AuthSession *session);
/** An account's role; BASE_ERROR_FAILED for a text that is none. */
bool auth_read_role(DbQuery *query, int column, UserRole *ret_role, GError **error);
/** Inside a job: AUTH_ERROR_LAST_ADMIN unless another administrator than ID can log in. */
bool account_need_other_admin(DbTx *tx, const char *id, GError **error);
