// SPDX-License-Identifier: Apache-2.0
/* Other systems that book for people: a portal, a hospital's own program. Each has a name, one
 * facility or all of the province, and a secret that it sends as Bearer. A secret is shown once and
 * kept as a keyed hash. */
#pragma once
#include "server/auth/auth.h"

typedef struct {
    const char *name;        /**< form of a login; never used again, also when it is revoked */
    const char *facility_id; /**< whose clinics alone it books in; NULL: of any facility */
} ClientNew;

/** Inside a job. *RET_SECRET is the caller's, to be shown once: secret_text_free().
 * AUTH_ERROR_INVALID, AUTH_ERROR_EXISTS. */
bool client_add(DbTx *tx, const SecretBox *box, const ClientNew *client, int64_t now_ms,
                char **ret_secret, GError **error);
/** Inside a job: its secret opens nothing from then on. AUTH_ERROR_NOT_FOUND, also for one that was
 * revoked. */
bool client_revoke(DbTx *tx, const char *name, int64_t now_ms, GError **error);

typedef struct {
    char *name;
    char *facility_id; /**< NULL: any */
    bool is_revoked;
} Client;
/** Inside a job: all there ever were (Client), by name; to be unreferenced. */
GPtrArray *client_list(DbTx *tx, GError **error);

/** Has TEXT the form of a client's secret? No join token has. */
bool client_secret_is_valid(const char *text);
/** CLIENT is NULL without ERROR when none that is not revoked has the secret; AUTH_ERROR_TOO_MANY
 * with the seconds to wait when it asks too often. */
typedef void (*AuthClientDone)(const Client *client, const GError *error, gpointer user_data);
void auth_find_client(Auth *auth, const char *secret, AuthClientDone done, gpointer user_data);
