// SPDX-License-Identifier: Apache-2.0
#include "server/auth/user.h"

#include "server/auth/auth_private.h"
#include "server/base/audit.h"
#include "server/base/ids.h"
#include "server/base/limit.h"

#include <string.h>

G_DEFINE_QUARK(auth - error - quark, auth_error)

static const char *const role_names[] = {
    [USER_ROLE_DOCTOR] = "doctor",           [USER_ROLE_DESK] = "desk",
    [USER_ROLE_OFFICE] = "office",           [USER_ROLE_ADMIN] = "admin",
    [USER_ROLE_COORDINATOR] = "coordinator", [USER_ROLE_OFFICER] = "officer",
};

const char *user_role_name(UserRole role)
{
    return role_names[role];
}

bool user_role_parse(const char *text, UserRole *ret_role)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(role_names); i++) {
        if (strcmp(role_names[i], text) == 0) {
            *ret_role = (UserRole)i;
            return true;
        }
    }
    return false;
}

bool user_login_is_valid(const char *login)
{
    size_t length = strlen(login);
    return length >= 3 && length <= 40 &&
           strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._-") == length;
}

bool user_name_is_valid(const char *name)
{
    return g_utf8_validate(name, -1, NULL) && *name && g_utf8_strlen(name, -1) <= LIMIT_NAME_CHARS;
}

static bool check_new(const UserNew *user, GError **error)
{
    if (!user_login_is_valid(user->login)) {
        g_set_error_literal(error, AUTH_ERROR, AUTH_ERROR_INVALID,
                            "login: 3 to 40 characters of a-z 0-9 . _ -");
        return false;
    }
    if (!user_name_is_valid(user->name)) {
        g_set_error(error, AUTH_ERROR, AUTH_ERROR_INVALID, "name: 1 to %d characters",
                    LIMIT_NAME_CHARS);
        return false;
    }
    bool needs_facility = user->role == USER_ROLE_DESK || user->role == USER_ROLE_COORDINATOR;
    if (needs_facility && !user->facility_id) {
        g_set_error_literal(error, AUTH_ERROR, AUTH_ERROR_INVALID,
                            "facility: desk officers and coordinators belong to one");
        return false;
    }
    if ((user->role == USER_ROLE_OFFICER) != (user->area_code != NULL)) {
        g_set_error_literal(error, AUTH_ERROR, AUTH_ERROR_INVALID,
                            "area: officers have one, and nobody else");
        return false;
    }
    return true;
}

static bool audit_user(DbTx *tx, const char *action, const char *id, const char *by, int64_t now_ms,
                       GError **error)
{
    AuditEntry entry = {
        .at_ms = now_ms,
        .actor_kind = by,
        .action = action,
        .object_kind = "user",
        .object_id = id,
        .result = "ok",
    };
    return audit_append(tx, &entry, error);
}

bool user_insert(DbTx *tx, const UserNew *user, int64_t now_ms, char **ret_id, GError **error)
{
    g_autofree char *id = id_new(now_ms);
    DbQuery *query = db_query(tx, "account_insert");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, user->login);
    db_bind_text(query, 3, user->name);
    db_bind_text(query, 4, user_role_name(user->role));
    db_bind_text(query, 5, user->facility_id);
    db_bind_text(query, 6, user->password_hash);
    db_bind_int(query, 7, now_ms);
    db_bind_text(query, 8, user->area_code);
    g_autoptr(GError) refused = NULL;
    if (!db_exec(query, &refused)) {
        if (g_error_matches(refused, BASE_ERROR, BASE_ERROR_CONFLICT))
            g_set_error(error, AUTH_ERROR, AUTH_ERROR_EXISTS, "login: '%s' is taken", user->login);
        else
            g_propagate_error(error, g_steal_pointer(&refused));
        return false;
    }
    *ret_id = g_steal_pointer(&id);
    return true;
}

bool user_add(DbTx *tx, const UserNew *user, const char *by, int64_t now_ms, char **ret_id,
              GError **error)
{
    g_autofree char *id = NULL;
    if (!check_new(user, error) || !user_insert(tx, user, now_ms, &id, error) ||
        !audit_user(tx, "user.add", id, by, now_ms, error))
        return false;
    *ret_id = g_steal_pointer(&id);
    return true;
}

char *user_find(DbTx *tx, const char *login, GError **error)
{
    DbQuery *query = db_query(tx, "account_by_login");
    db_bind_text(query, 1, login);
    switch (db_step(query, error)) {
    case DB_ROW: {
        char *id = db_column_dup(query, 0);
        db_reset(query);
        return id;
    }
    case DB_DONE:
        g_set_error(error, AUTH_ERROR, AUTH_ERROR_NOT_FOUND, "there is no account '%s'", login);
        return NULL;
    case DB_FAILED:
        break;
    }
    return NULL;
}

static bool end_sessions(DbTx *tx, const char *id, GError **error)
{
    DbQuery *query = db_query(tx, "session_delete_of_account");
    db_bind_text(query, 1, id);
    return db_exec(query, error);
}

bool user_set_password(DbTx *tx, const char *login, const char *password_hash, int64_t now_ms,
                       GError **error)
{
    g_autofree char *id = user_find(tx, login, error);
    if (!id)
        return false;
    DbQuery *query = db_query(tx, "account_set_password");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, password_hash);
    db_bind_int(query, 3, now_ms);
    return db_exec(query, error) && end_sessions(tx, id, error) &&
           audit_user(tx, "user.passwd", id, "cli", now_ms, error);
}

/* Somebody else can keep accounts, or this one does not. */
static bool may_go(DbTx *tx, const char *id, GError **error)
{
    DbQuery *row = db_query(tx, "account_get");
    UserRole role = USER_ROLE_OFFICE;
    db_bind_text(row, 1, id);
    bool ok = db_step(row, error) == DB_ROW && auth_read_role(row, 3, &role, error);
    bool is_admin = ok && role == USER_ROLE_ADMIN && db_column_int(row, 5) == 0;
    db_reset(row);
    return ok && (!is_admin || account_need_other_admin(tx, id, error));
}

bool user_set_disabled(DbTx *tx, const char *login, bool disabled, int64_t now_ms, GError **error)
{
    g_autofree char *id = user_find(tx, login, error);
    if (!id)
        return false;
    if (disabled && !may_go(tx, id, error))
        return false;
    DbQuery *query = db_query(tx, "account_set_disabled");
    db_bind_text(query, 1, id);
    db_bind_int(query, 2, disabled);
    db_bind_int(query, 3, now_ms);
    return db_exec(query, error) && end_sessions(tx, id, error) &&
           audit_user(tx, disabled ? "user.disable" : "user.enable", id, "cli", now_ms, error);
}
