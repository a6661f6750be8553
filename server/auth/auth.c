// SPDX-License-Identifier: Apache-2.0
#include "server/auth/auth.h"

#include "auth_resource.h"
#include "server/auth/auth_private.h"
#include "server/auth/password.h"
#include "server/base/audit.h"
#include "server/base/ids.h"
#include "server/base/limit.h"

#include <string.h>

enum {
    SESSION_MS = 12 * 3600 * 1000,
    TRIES_PER_PLACE = 8, /* a place: one account from one address */
    TRIES_PER_ADDRESS = 40,
    TRIES_PER_ACCOUNT = 100,
    CLIENT_BURST = 100,
    MAX_LIMIT_KEYS = 10000,
};
/* After the burst: one more try so often. */
static const double PLACE_RATE = 1.0 / 30;
static const double ADDRESS_RATE = 1.0 / 6;
static const double ACCOUNT_RATE = 1.0 / 10;
static const double CLIENT_RATE = 10;

void auth_db_owner(DbOwner *ret_owner)
{
    static const char *const migrations[] = {
        "/huyula/auth/sql/0200_account.sql",        "/huyula/auth/sql/0202_coordinator.sql",
        "/huyula/auth/sql/0203_officer.sql",        "/huyula/auth/sql/0315_client.sql",
        "/huyula/auth/sql/0395_login_disabled.sql", NULL};
    static const char *const statements[] = {"/huyula/auth/sql/auth.sql",
                                             "/huyula/auth/sql/account.sql",
                                             "/huyula/auth/sql/client.sql", NULL};
    if (!auth_get_resource())
        auth_register_resource();
    *ret_owner = (DbOwner){
        .owner = "auth",
        .resource = auth_get_resource(),
        .migrations = migrations,
        .statements = statements,
    };
}

Auth *auth_new(Db *db, const Clock *clock, const SecretBox *box, JobPool *jobs)
{
    Auth *auth = g_new0(Auth, 1);
    auth->db = db;
    auth->clock = clock;
    auth->box = box;
    auth->jobs = jobs;
    auth->by_place = limit_table_new(MAX_LIMIT_KEYS, PLACE_RATE, TRIES_PER_PLACE);
    auth->by_address = limit_table_new(MAX_LIMIT_KEYS, ADDRESS_RATE, TRIES_PER_ADDRESS);
    auth->by_account = limit_table_new(MAX_LIMIT_KEYS, ACCOUNT_RATE, TRIES_PER_ACCOUNT);
    auth->by_client = limit_table_new(MAX_LIMIT_KEYS, CLIENT_RATE, CLIENT_BURST);
    return auth;
}

void auth_free(Auth *auth)
{
    if (!auth)
        return;
    limit_table_free(auth->by_place);
    limit_table_free(auth->by_address);
    limit_table_free(auth->by_account);
    limit_table_free(auth->by_client);
    g_free(auth);
}

void auth_session_clear(AuthSession *session)
{
    g_free(session->session_id);
    secret_text_free(session->csrf);
    g_free(session->user_id);
    g_free(session->name);
    g_free(session->facility_id);
    g_free(session->area_code);
}

bool auth_read_role(DbQuery *query, int column, UserRole *ret_role, GError **error)
{
    if (user_role_parse(db_column_text(query, column), ret_role))
        return true;
    g_set_error_literal(error, BASE_ERROR, BASE_ERROR_FAILED, "an account has an unknown role");
    return false;
}

/* One account from one address. */
static char *place_of(const char *login, const char *address)
{
    return g_strdup_printf("%s %s", login, address);
}

/* The narrow limits are asked first, so that whoever they hold back does not use up the account's
 * tries, which its owner needs from elsewhere. */
unsigned auth_take_try(Auth *auth, const char *login, const char *address)
{
    int64_t now_us = clock_mono_us(auth->clock);
    unsigned wait_s = 0;
    g_autofree char *place = place_of(login, address);
    if (limit_table_take(auth->by_address, address, now_us, &wait_s) &&
        limit_table_take(auth->by_place, place, now_us, &wait_s) &&
        limit_table_take(auth->by_account, login, now_us, &wait_s))
        return 0;
    return MAX(wait_s, 1);
}

void auth_give_tries_back(Auth *auth, const char *login, const char *address)
{
    g_autofree char *place = place_of(login, address);
    limit_table_reset(auth->by_place, place);
    limit_table_reset(auth->by_account, login);
}

/* Log-in: read the account, verify on a job thread, write the session. */

typedef struct {
    Auth *auth;
    char *login;
    char *password;
    char *address;
    int64_t now_ms;
    char *hash; /* NULL: no such account */
    bool disabled;
    bool verified;
    AuthSession session;
    char *token;
    AuthLoginDone done;
    gpointer user_data;
} Login;

static void login_free(gpointer data)
{
    Login *login = data;
    g_free(login->login);
    secret_text_free(login->password);
    g_free(login->address);
    secret_text_free(login->hash);
    auth_session_clear(&login->session);
    secret_text_free(login->token);
    g_free(login);
}

static void login_fail(Login *login, const GError *error)
{
    login->done(NULL, NULL, error, login->user_data);
}

static bool read_account(DbTx *tx, gpointer data, GError **error)
{
    Login *login = data;
    DbQuery *query = db_query(tx, "account_by_login");
    db_bind_text(query, 1, login->login);
    DbStep step = db_step(query, error);
    if (step != DB_ROW)
        return step == DB_DONE;
    login->session.user_id = db_column_dup(query, 0);
    login->hash = db_column_dup(query, 1);
    login->disabled = db_column_int(query, 2) != 0;
    login->session.name = db_column_dup(query, 3);
    login->session.facility_id = db_column_dup(query, 5);
    login->session.area_code = db_column_dup(query, 6);
    bool ok = auth_read_role(query, 4, &login->session.role, error);
    db_reset(query);
    return ok;
}

static void verify_password(gpointer data)
{
    Login *login = data;
    login->verified = password_verify(login->hash, login->password);
}

static bool audit_session(DbTx *tx, const Login *login, const char *result, GError **error)
{
    AuditEntry entry = {
        .at_ms = login->now_ms,
        .actor_kind = "user",
        .actor_id = login->session.user_id,
        .actor_role = login->hash ? user_role_name(login->session.role) : NULL,
        .action = "session.login",
        .object_kind = "user",
        .object_id = login->session.user_id,
        .address = login->address,
        .result = result,
    };
    return audit_append(tx, &entry, error);
}

static bool write_refusal(DbTx *tx, gpointer data, GError **error)
{
    return audit_session(tx, data, "refused", error);
}

static bool write_session(DbTx *tx, gpointer data, GError **error)
{
    Login *login = data;
    AuthSession *session = &login->session;
    g_autofree char *token_hash = secret_box_index(login->auth->box, "session", login->token);
    DbQuery *expired = db_query(tx, "session_delete_expired");
    db_bind_int(expired, 1, login->now_ms);
    if (!db_exec(expired, error))
        return false;
    DbQuery *query = db_query(tx, "session_insert");
    db_bind_text(query, 1, session->session_id);
    db_bind_text(query, 2, token_hash);
    db_bind_text(query, 3, session->user_id);
    db_bind_text(query, 4, session->csrf);
    db_bind_text(query, 5, login->address);
    db_bind_int(query, 6, login->now_ms);
    db_bind_int(query, 7, session->expires_at_ms);
    return db_exec(query, error) && audit_session(tx, login, "ok", error);
}

static void on_refusal_written(gpointer data, const GError *error)
{
    Login *login = data;
    if (error) {
        login_fail(login, error);
        return;
    }
    g_autoptr(GError) refused =
        login->verified
            ? g_error_new_literal(AUTH_ERROR, AUTH_ERROR_DISABLED, "the account is disabled")
            : g_error_new_literal(AUTH_ERROR, AUTH_ERROR_WRONG_PASSWORD,
                                  "login or password is wrong");
    login_fail(login, refused);
}

static void on_session_written(gpointer data, const GError *error)
{
    Login *login = data;
    if (error) {
        login_fail(login, error);
        return;
    }
    auth_give_tries_back(login->auth, login->login, login->address);
    login->done(&login->session, login->token, NULL, login->user_data);
}

/* The job pool frees what it is handed, but the login goes on to the database: it is handed a
 * pointer to the login. */
static void verify_step(gpointer data)
{
    verify_password(*(Login **)data);
}

static void on_verified(gpointer data)
{
    Login *login = *(Login **)data;
    Auth *auth = login->auth;
    if (!login->verified || login->disabled) {
        db_write(auth->db, write_refusal, on_refusal_written, login, login_free);
        return;
    }
    login->session.session_id = id_new(login->now_ms);
    login->session.csrf = id_token_new();
    login->session.expires_at_ms = login->now_ms + SESSION_MS;
    login->token = id_token_new();
    db_write(auth->db, write_session, on_session_written, login, login_free);
}

static void on_account_read(gpointer data, const GError *error)
{
    Login **holder = data;
    Login *login = *holder;
    g_autoptr(GError) full = NULL;
    if (error) {
        login_fail(login, error);
        login_free(login);
        return;
    }
    Login **next = g_new(Login *, 1);
    *next = login;
    if (!job_pool_run(login->auth->jobs, verify_step, on_verified, next, g_free, &full)) {
        login_fail(login, full);
        login_free(login);
        g_free(next);
    }
}

static bool read_account_step(DbTx *tx, gpointer data, GError **error)
{
    return read_account(tx, *(Login **)data, error);
}

void auth_login(Auth *auth, const char *login_name, const char *password, const char *address,
                AuthLoginDone done, gpointer user_data)
{
    Login *login = g_new0(Login, 1);
    login->auth = auth;
    login->login = g_ascii_strdown(login_name, -1);
    login->password = g_strdup(password);
    login->address = g_strdup(address);
    login->now_ms = clock_wall_ms(auth->clock);
    login->done = done;
    login->user_data = user_data;
    unsigned wait_s = auth_take_try(auth, login->login, address);
    if (wait_s > 0) {
        g_autoptr(GError) error = g_error_new(AUTH_ERROR, AUTH_ERROR_TOO_MANY, "%u", wait_s);
        login_fail(login, error);
        login_free(login);
        return;
    }
    Login **holder = g_new(Login *, 1);
    *holder = login;
    db_read(auth->db, read_account_step, on_account_read, holder, g_free);
}
