// SPDX-License-Identifier: Apache-2.0
#include "server/auth/account.h"

#include "server/auth/auth_private.h"
#include "server/base/audit.h"
#include "server/base/revision.h"

#include <string.h>

void account_free(gpointer data)
{
    Account *account = data;
    if (!account)
        return;
    g_free(account->id);
    g_free(account->login);
    g_free(account->name);
    g_free(account->facility_id);
    g_free(account->area_code);
    g_free(account);
}

char *account_revision(const Account *account)
{
    Revision *revision = revision_new();
    revision_add(revision, account->id);
    revision_add(revision, account->name);
    revision_add(revision, user_role_name(account->role));
    revision_add(revision, account->facility_id);
    revision_add(revision, account->area_code);
    revision_add_int(revision, account->is_disabled);
    return revision_end(revision);
}

static bool read_account(DbQuery *row, GPtrArray *accounts, GError **error)
{
    Account *account = g_new0(Account, 1);
    g_ptr_array_add(accounts, account);
    account->id = db_column_dup(row, 0);
    account->login = db_column_dup(row, 1);
    account->name = db_column_dup(row, 2);
    account->facility_id = db_column_dup(row, 4);
    account->is_disabled = db_column_int(row, 5) != 0;
    account->created_at_ms = db_column_int(row, 6);
    account->area_code = db_column_dup(row, 7);
    return auth_read_role(row, 3, &account->role, error);
}

bool account_list(DbTx *tx, const AccountKeeper *keeper, GPtrArray *accounts, GError **error)
{
    bool is_admin = keeper->role == USER_ROLE_ADMIN;
    DbQuery *rows = db_query(tx, is_admin ? "account_list" : "account_list_of_facility");
    if (!is_admin)
        db_bind_text(rows, 1, keeper->facility_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (!read_account(rows, accounts, error))
            return false;
    }
    return step == DB_DONE;
}

/* A coordinator keeps desk and doctors of the own facility. */
static bool keeps(const AccountKeeper *keeper, UserRole role, const char *facility_id)
{
    if (keeper->role == USER_ROLE_ADMIN)
        return true;
    bool is_own = keeper->facility_id && g_strcmp0(keeper->facility_id, facility_id) == 0;
    return keeper->role == USER_ROLE_COORDINATOR && is_own &&
           (role == USER_ROLE_DESK || role == USER_ROLE_DOCTOR);
}

static void check_place(const AccountKeeper *keeper, UserRole role, const char *facility_id,
                        const char *area_code, FaultList *faults)
{
    if (role == USER_ROLE_OFFICER && !area_code)
        fault_list_add(faults, "area", "required", NULL);
    if (role != USER_ROLE_OFFICER && area_code)
        fault_list_add(faults, "area", "not_allowed", NULL);
    bool needs_facility = role == USER_ROLE_DESK || role == USER_ROLE_COORDINATOR;
    if (needs_facility && !facility_id)
        fault_list_add(faults, "facility", "required", NULL);
    else if (!keeps(keeper, role, facility_id))
        fault_list_add(faults, "role", "not_allowed", "doctor, desk");
}

void account_check(const AccountKeeper *keeper, const UserNew *user, FaultList *faults)
{
    if (!user_login_is_valid(user->login))
        fault_list_add(faults, "login", "not_a_login", "3..40 a-z 0-9 . _ -");
    if (!user_name_is_valid(user->name))
        fault_list_add(faults, "name", "too_long", "1..80");
    check_place(keeper, user->role, user->facility_id, user->area_code, faults);
}

static bool refuse_fields(GError **error)
{
    g_set_error_literal(error, AUTH_ERROR, AUTH_ERROR_INVALID, "the account is not possible");
    return false;
}

static bool audit(DbTx *tx, const AccountKeeper *keeper, const char *action, const char *id,
                  GError **error)
{
    AuditEntry entry = {
        .at_ms = keeper->now_ms,
        .actor_kind = "user",
        .actor_id = keeper->user_id,
        .actor_role = user_role_name(keeper->role),
        .action = action,
        .object_kind = "user",
        .object_id = id,
        .address = keeper->address,
        .result = "ok",
    };
    return audit_append(tx, &entry, error);
}

bool account_add(DbTx *tx, const AccountKeeper *keeper, const UserNew *user, FaultList *faults,
                 char **ret_id, GError **error)
{
    account_check(keeper, user, faults);
    if (fault_list_length(faults) > 0)
        return refuse_fields(error);
    g_autofree char *id = NULL;
    g_autoptr(GError) refused = NULL;
    if (!user_insert(tx, user, keeper->now_ms, &id, &refused)) {
        if (!g_error_matches(refused, AUTH_ERROR, AUTH_ERROR_EXISTS)) {
            g_propagate_error(error, g_steal_pointer(&refused));
            return false;
        }
        fault_list_add(faults, "login", "taken", NULL);
        return refuse_fields(error);
    }
    if (!audit(tx, keeper, "user.add", id, error))
        return false;
    *ret_id = g_steal_pointer(&id);
    return true;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Account, account_free)

/* What the account is now; NOT_FOUND also when the keeper does not keep it. */
static Account *read_present(DbTx *tx, const AccountKeeper *keeper, const char *id, GError **error)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(account_free);
    DbQuery *row = db_query(tx, "account_get");
    db_bind_text(row, 1, id);
    DbStep step = db_step(row, error);
    if (step == DB_FAILED || (step == DB_ROW && !read_account(row, found, error)))
        return NULL;
    db_reset(row);
    const Account *account = found->len ? g_ptr_array_index(found, 0) : NULL;
    if (account && keeps(keeper, account->role, account->facility_id))
        return g_ptr_array_steal_index(found, 0);
    g_set_error_literal(error, AUTH_ERROR, AUTH_ERROR_NOT_FOUND, "there is no such account");
    return NULL;
}

bool account_need_other_admin(DbTx *tx, const char *id, GError **error)
{
    DbQuery *row = db_query(tx, "account_other_admin");
    db_bind_text(row, 1, id);
    DbStep step = db_step(row, error);
    db_reset(row);
    if (step == DB_DONE)
        g_set_error_literal(error, AUTH_ERROR, AUTH_ERROR_LAST_ADMIN,
                            "this is the last administrator who can log in");
    return step == DB_ROW;
}

static bool end_sessions(DbTx *tx, const char *id, GError **error)
{
    DbQuery *query = db_query(tx, "session_delete_of_account");
    db_bind_text(query, 1, id);
    return db_exec(query, error);
}

static bool update(DbTx *tx, const AccountKeeper *keeper, const AccountChange *change,
                   GError **error)
{
    DbQuery *query = db_query(tx, "account_update");
    db_bind_text(query, 1, change->id);
    db_bind_text(query, 2, change->name);
    db_bind_text(query, 3, user_role_name(change->role));
    db_bind_text(query, 4, change->facility_id);
    db_bind_int(query, 5, change->is_disabled);
    db_bind_int(query, 6, keeper->now_ms);
    db_bind_text(query, 7, change->area_code);
    return db_exec(query, error);
}

static const char *action_of(const Account *present, const AccountChange *change)
{
    if (present->is_disabled != change->is_disabled)
        return change->is_disabled ? "user.disable" : "user.enable";
    return present->role != change->role ? "user.role" : "user.change";
}

bool account_change(DbTx *tx, const AccountKeeper *keeper, const AccountChange *change,
                    FaultList *faults, GError **error)
{
    g_autoptr(Account) present = read_present(tx, keeper, change->id, error);
    if (!present)
        return false;
    if (!revision_holds(change->revision, account_revision(present))) {
        g_set_error_literal(error, AUTH_ERROR, AUTH_ERROR_CHANGED,
                            "the account was changed meanwhile");
        return false;
    }
    /* A doctor's account stands for somebody of the directory, others for nobody. */
    if ((present->role == USER_ROLE_DOCTOR) != (change->role == USER_ROLE_DOCTOR))
        fault_list_add(faults, "role", "not_allowed", user_role_name(present->role));
    if (!user_name_is_valid(change->name))
        fault_list_add(faults, "name", "too_long", "1..80");
    check_place(keeper, change->role, change->facility_id, change->area_code, faults);
    if (fault_list_length(faults) > 0)
        return refuse_fields(error);
    bool was_admin = present->role == USER_ROLE_ADMIN && !present->is_disabled;
    bool stays_admin = change->role == USER_ROLE_ADMIN && !change->is_disabled;
    if (was_admin && !stays_admin && !account_need_other_admin(tx, change->id, error))
        return false;
    bool is_other = present->role != change->role || present->is_disabled != change->is_disabled ||
                    g_strcmp0(present->facility_id, change->facility_id) != 0 ||
                    g_strcmp0(present->area_code, change->area_code) != 0;
    return update(tx, keeper, change, error) &&
           (!is_other || end_sessions(tx, change->id, error)) &&
           audit(tx, keeper, action_of(present, change), change->id, error);
}

bool account_set_password(DbTx *tx, const AccountKeeper *keeper, const char *id,
                          const char *password_hash, GError **error)
{
    g_autoptr(Account) present = read_present(tx, keeper, id, error);
    if (!present)
        return false;
    DbQuery *query = db_query(tx, "account_set_password");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, password_hash);
    db_bind_int(query, 3, keeper->now_ms);
    return db_exec(query, error) && end_sessions(tx, id, error) &&
           audit(tx, keeper, "user.passwd", id, error);
}
