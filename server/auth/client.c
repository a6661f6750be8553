// SPDX-License-Identifier: Apache-2.0
#include "server/auth/client.h"

#include "server/auth/auth_private.h"
#include "server/base/audit.h"
#include "server/base/ids.h"

#include <string.h>

static const char prefix[] = "huyula_";

bool client_secret_is_valid(const char *text)
{
    return g_str_has_prefix(text, prefix) && id_token_is_valid(text + strlen(prefix));
}

static bool audit_client(DbTx *tx, const char *action, const char *name, int64_t now_ms,
                         GError **error)
{
    const AuditEntry entry = {
        .at_ms = now_ms,
        .actor_kind = "cli",
        .action = action,
        .object_kind = "client",
        .object_id = name,
        .result = "ok",
    };
    return audit_append(tx, &entry, error);
}

bool client_add(DbTx *tx, const SecretBox *box, const ClientNew *client, int64_t now_ms,
                char **ret_secret, GError **error)
{
    if (!user_login_is_valid(client->name)) {
        g_set_error_literal(error, AUTH_ERROR, AUTH_ERROR_INVALID,
                            "name: 3 to 40 characters of a-z 0-9 . _ -");
        return false;
    }
    g_autofree char *id = id_new(now_ms);
    char *token = id_token_new();
    char *secret = g_strconcat(prefix, token, NULL);
    secret_text_free(token);
    g_autofree char *hash = secret_box_index(box, "client", secret);
    g_autoptr(GError) refused = NULL;
    DbQuery *query = db_query(tx, "client_insert");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, client->name);
    db_bind_text(query, 3, client->facility_id);
    db_bind_text(query, 4, hash);
    db_bind_int(query, 5, now_ms);
    if (db_exec(query, &refused)) {
        if (audit_client(tx, "client.add", client->name, now_ms, error)) {
            *ret_secret = secret;
            return true;
        }
    } else if (g_error_matches(refused, BASE_ERROR, BASE_ERROR_CONFLICT)) {
        g_set_error(error, AUTH_ERROR, AUTH_ERROR_EXISTS, "name: '%s' is or was another client",
                    client->name);
    } else {
        g_propagate_error(error, g_steal_pointer(&refused));
    }
    secret_text_free(secret);
    return false;
}

bool client_revoke(DbTx *tx, const char *name, int64_t now_ms, GError **error)
{
    DbQuery *query = db_query(tx, "client_revoke");
    db_bind_text(query, 1, name);
    db_bind_int(query, 2, now_ms);
    switch (db_step(query, error)) {
    case DB_ROW:
        db_reset(query);
        return audit_client(tx, "client.revoke", name, now_ms, error);
    case DB_DONE:
        g_set_error(error, AUTH_ERROR, AUTH_ERROR_NOT_FOUND,
                    "there is no client '%s' that is not revoked", name);
        return false;
    case DB_FAILED:
        break;
    }
    return false;
}

static void client_free(gpointer data)
{
    Client *client = data;
    g_free(client->name);
    g_free(client->facility_id);
    g_free(client);
}

GPtrArray *client_list(DbTx *tx, GError **error)
{
    g_autoptr(GPtrArray) clients = g_ptr_array_new_with_free_func(client_free);
    DbQuery *rows = db_query(tx, "client_list");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        Client *client = g_new0(Client, 1);
        client->name = db_column_dup(rows, 0);
        client->facility_id = db_column_dup(rows, 1);
        client->is_revoked = !db_column_is_null(rows, 2);
        g_ptr_array_add(clients, client);
    }
    return step == DB_DONE ? g_steal_pointer(&clients) : NULL;
}

/* Who sends a secret. */

typedef struct {
    Auth *auth;
    char *hash;
    Client client;
    AuthClientDone done;
    gpointer user_data;
} Find;

static void find_free(gpointer data)
{
    Find *find = data;
    g_free(find->hash);
    g_free(find->client.name);
    g_free(find->client.facility_id);
    g_free(find);
}

static bool read_client(DbTx *tx, gpointer data, GError **error)
{
    Find *find = data;
    DbQuery *query = db_query(tx, "client_find");
    db_bind_text(query, 1, find->hash);
    DbStep step = db_step(query, error);
    if (step != DB_ROW)
        return step == DB_DONE;
    find->client.name = db_column_dup(query, 0);
    find->client.facility_id = db_column_dup(query, 1);
    db_reset(query);
    return true;
}

static void on_client_read(gpointer data, const GError *error)
{
    Find *find = data;
    unsigned wait_s = 0;
    if (error || !find->client.name) {
        find->done(NULL, error, find->user_data);
        return;
    }
    if (limit_table_take(find->auth->by_client, find->client.name, clock_mono_us(find->auth->clock),
                         &wait_s)) {
        find->done(&find->client, NULL, find->user_data);
        return;
    }
    g_autoptr(GError) refused = g_error_new(AUTH_ERROR, AUTH_ERROR_TOO_MANY, "%u", MAX(wait_s, 1));
    find->done(NULL, refused, find->user_data);
}

void auth_find_client(Auth *auth, const char *secret, AuthClientDone done, gpointer user_data)
{
    Find *find = g_new0(Find, 1);
    find->auth = auth;
    find->hash = secret_box_index(auth->box, "client", secret);
    find->done = done;
    find->user_data = user_data;
    db_read(auth->db, read_client, on_client_read, find, find_free);
}
