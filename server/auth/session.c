// SPDX-License-Identifier: Apache-2.0
#include "server/auth/auth_private.h"

#include "server/base/audit.h"
#include "server/base/ids.h"

char *auth_own_key(const Auth *auth, const char *user_id)
{
    return secret_box_index(auth->box, "staff.own_key", user_id);
}

/* Finding a session. */

typedef struct {
    char *token_hash;
    int64_t now_ms;
    bool found;
    AuthSession session;
    AuthSessionDone done;
    gpointer user_data;
} Find;

static void find_free(gpointer data)
{
    Find *find = data;
    g_free(find->token_hash);
    auth_session_clear(&find->session);
    g_free(find);
}

static bool read_session(DbTx *tx, gpointer data, GError **error)
{
    Find *find = data;
    DbQuery *query = db_query(tx, "session_find");
    db_bind_text(query, 1, find->token_hash);
    db_bind_int(query, 2, find->now_ms);
    DbStep step = db_step(query, error);
    if (step != DB_ROW)
        return step == DB_DONE;
    find->session.session_id = db_column_dup(query, 0);
    find->session.csrf = db_column_dup(query, 1);
    find->session.user_id = db_column_dup(query, 2);
    find->session.name = db_column_dup(query, 3);
    find->session.facility_id = db_column_dup(query, 5);
    find->session.area_code = db_column_dup(query, 7);
    find->session.expires_at_ms = db_column_int(query, 6);
    find->found = auth_read_role(query, 4, &find->session.role, error);
    db_reset(query);
    return find->found;
}

static void on_session_read(gpointer data, const GError *error)
{
    Find *find = data;
    find->done(find->found && !error ? &find->session : NULL, error, find->user_data);
}

void auth_find_session(Auth *auth, const char *token, AuthSessionDone done, gpointer user_data)
{
    if (!id_token_is_valid(token)) {
        done(NULL, NULL, user_data);
        return;
    }
    Find *find = g_new0(Find, 1);
    find->token_hash = secret_box_index(auth->box, "session", token);
    find->now_ms = clock_wall_ms(auth->clock);
    find->done = done;
    find->user_data = user_data;
    db_read(auth->db, read_session, on_session_read, find, find_free);
}

bool auth_session_is_alive(DbTx *tx, const char *session_id, int64_t now_ms, bool *ret_is_alive,
                           GError **error)
{
    DbQuery *query = db_query(tx, "session_is_alive");
    db_bind_text(query, 1, session_id);
    db_bind_int(query, 2, now_ms);
    DbStep step = db_step(query, error);
    *ret_is_alive = step == DB_ROW;
    if (step == DB_ROW)
        db_reset(query);
    return step != DB_FAILED;
}

bool auth_session_forget(DbTx *tx, int64_t until_ms, int limit, bool is_dry, int64_t *ret_n,
                         GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    DbQuery *expired = db_query(tx, "session_expired");
    db_bind_int(expired, 1, until_ms);
    db_bind_int(expired, 2, limit);
    DbStep step;
    while ((step = db_step(expired, error)) == DB_ROW)
        g_ptr_array_add(ids, db_column_dup(expired, 0));
    for (unsigned i = 0; step == DB_DONE && !is_dry && i < ids->len; i++) {
        DbQuery *query = db_query(tx, "session_delete");
        db_bind_text(query, 1, ids->pdata[i]);
        if (!db_exec(query, error))
            return false;
    }
    *ret_n = ids->len;
    return step == DB_DONE;
}

/* Log-out. */

typedef struct {
    char *session_id;
    char *user_id;
    UserRole role;
    char *address;
    int64_t now_ms;
    AuthDone done;
    gpointer user_data;
} Logout;

static void logout_free(gpointer data)
{
    Logout *logout = data;
    g_free(logout->session_id);
    g_free(logout->user_id);
    g_free(logout->address);
    g_free(logout);
}

static bool delete_session(DbTx *tx, gpointer data, GError **error)
{
    Logout *logout = data;
    DbQuery *query = db_query(tx, "session_delete");
    db_bind_text(query, 1, logout->session_id);
    AuditEntry entry = {
        .at_ms = logout->now_ms,
        .actor_kind = "user",
        .actor_id = logout->user_id,
        .actor_role = user_role_name(logout->role),
        .action = "session.logout",
        .object_kind = "user",
        .object_id = logout->user_id,
        .address = logout->address,
        .result = "ok",
    };
    return db_exec(query, error) && audit_append(tx, &entry, error);
}

static void on_session_deleted(gpointer data, const GError *error)
{
    Logout *logout = data;
    logout->done(error, logout->user_data);
}

void auth_logout(Auth *auth, const AuthSession *session, const char *address, AuthDone done,
                 gpointer user_data)
{
    Logout *logout = g_new0(Logout, 1);
    logout->session_id = g_strdup(session->session_id);
    logout->user_id = g_strdup(session->user_id);
    logout->role = session->role;
    logout->address = g_strdup(address);
    logout->now_ms = clock_wall_ms(auth->clock);
    logout->done = done;
    logout->user_data = user_data;
    db_write(auth->db, delete_session, on_session_deleted, logout, logout_free);
}
