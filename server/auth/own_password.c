// SPDX-License-Identifier: Apache-2.0
#include "server/auth/own_password.h"

#include "server/auth/auth_private.h"
#include "server/auth/password.h"
#include "server/base/audit.h"

#include <string.h>

/* One change from the request to its answer; owns its texts. */
typedef struct {
    Auth *auth;
    char *user_id, *session_id, *present, *password, *address;
    char *login, *present_hash, *hash;
    UserRole role;
    bool fits;      /* the present password is right */
    GError *failed; /* of the hashing */
    FaultList *faults;
    OwnPasswordDone done;
    gpointer user_data;
} Op;

static void op_free(gpointer data)
{
    Op *op = data;
    g_free(op->user_id);
    g_free(op->session_id);
    g_free(op->address);
    g_free(op->login);
    secret_text_free(op->present);
    secret_text_free(op->password);
    secret_text_free(op->present_hash);
    secret_text_free(op->hash);
    g_clear_error(&op->failed);
    fault_list_free(op->faults);
    g_free(op);
}

static void fail(Op *op, const GError *error)
{
    op->done(op->faults, error, op->user_data);
    op_free(op);
}

static void refuse(Op *op, AuthError code, const char *text)
{
    g_autoptr(GError) error = g_error_new_literal(AUTH_ERROR, code, text);
    fail(op, error);
}

static bool read_job(DbTx *tx, gpointer data, GError **error)
{
    Op *op = *(Op **)data;
    DbQuery *row = db_query(tx, "account_own");
    db_bind_text(row, 1, op->user_id);
    DbStep step = db_step(row, error);
    if (step != DB_ROW) {
        if (step == DB_DONE)
            g_set_error_literal(error, AUTH_ERROR, AUTH_ERROR_NOT_FOUND, "the account is closed");
        return false;
    }
    op->login = db_column_dup(row, 0);
    op->present_hash = db_column_dup(row, 1);
    bool ok = auth_read_role(row, 2, &op->role, error);
    db_reset(row);
    return ok;
}

static bool audit(const Op *op, DbTx *tx, const char *result, GError **error)
{
    AuditEntry entry = {
        .at_ms = clock_wall_ms(op->auth->clock),
        .actor_kind = "user",
        .actor_id = op->user_id,
        .actor_role = user_role_name(op->role),
        .action = "user.own_passwd",
        .object_kind = "user",
        .object_id = op->user_id,
        .address = op->address,
        .result = result,
    };
    return audit_append(tx, &entry, error);
}

static bool refusal_job(DbTx *tx, gpointer data, GError **error)
{
    return audit(data, tx, "refused", error);
}

static void on_refusal_written(gpointer data, const GError *error)
{
    Op *op = data;
    g_autoptr(GError) refused =
        g_error_new_literal(AUTH_ERROR, AUTH_ERROR_INVALID, "the present password is wrong");
    if (!error)
        fault_list_add(op->faults, "current", "wrong_password", NULL);
    op->done(op->faults, error ? error : refused, op->user_data);
}

/* Only over the hash that the present password was held against: a keeper may have set another. */
static bool write_job(DbTx *tx, gpointer data, GError **error)
{
    Op *op = data;
    DbQuery *query = db_query(tx, "account_set_own_password");
    db_bind_text(query, 1, op->user_id);
    db_bind_text(query, 2, op->hash);
    db_bind_int(query, 3, clock_wall_ms(op->auth->clock));
    db_bind_text(query, 4, op->present_hash);
    DbStep step = db_step(query, error);
    db_reset(query);
    if (step != DB_ROW) {
        if (step == DB_DONE)
            g_set_error_literal(error, BASE_ERROR, BASE_ERROR_CONFLICT,
                                "the account changed meanwhile");
        return false;
    }
    DbQuery *others = db_query(tx, "session_delete_others");
    db_bind_text(others, 1, op->user_id);
    db_bind_text(others, 2, op->session_id);
    return db_exec(others, error) && audit(op, tx, "ok", error);
}

static void on_written(gpointer data, const GError *error)
{
    Op *op = data;
    if (!error)
        auth_give_tries_back(op->auth, op->login, op->address);
    op->done(op->faults, error, op->user_data);
}

/* As in auth.c: the pool frees what it is handed, the change goes on to the database. */
static void hash_step(gpointer data)
{
    Op *op = *(Op **)data;
    op->fits = password_verify(op->present_hash, op->present);
    if (op->fits)
        op->hash = password_hash(op->password, &op->failed);
}

static void on_hashed(gpointer data)
{
    Op *op = *(Op **)data;
    if (!op->fits)
        db_write(op->auth->db, refusal_job, on_refusal_written, op, op_free);
    else if (op->hash)
        db_write(op->auth->db, write_job, on_written, op, op_free);
    else
        fail(op, op->failed);
}

static void check_new(Op *op)
{
    const char *fault = password_fault(op->password, op->login);
    if (!fault && strcmp(op->password, op->present) == 0)
        fault = "unchanged";
    if (fault)
        fault_list_add(op->faults, "password", fault, "10..256");
}

static void on_read(gpointer data, const GError *error)
{
    Op *op = *(Op **)data;
    if (error) {
        fail(op, error);
        return;
    }
    check_new(op);
    if (fault_list_length(op->faults) > 0) {
        refuse(op, AUTH_ERROR_INVALID, "the new password is not possible");
        return;
    }
    unsigned wait_s = auth_take_try(op->auth, op->login, op->address);
    if (wait_s > 0) {
        g_autofree char *seconds = g_strdup_printf("%u", wait_s);
        refuse(op, AUTH_ERROR_TOO_MANY, seconds);
        return;
    }
    Op **holder = g_new(Op *, 1);
    g_autoptr(GError) full = NULL;
    *holder = op;
    if (!job_pool_run(op->auth->jobs, hash_step, on_hashed, holder, g_free, &full)) {
        g_free(holder);
        fail(op, full);
    }
}

void own_password_change(Auth *auth, const OwnPassword *change, OwnPasswordDone done,
                         gpointer user_data)
{
    Op *op = g_new0(Op, 1);
    op->auth = auth;
    op->user_id = g_strdup(change->user_id);
    op->session_id = g_strdup(change->session_id);
    op->present = g_strdup(change->present);
    op->password = g_strdup(change->password);
    op->address = g_strdup(change->address);
    op->faults = fault_list_new();
    op->done = done;
    op->user_data = user_data;
    Op **holder = g_new(Op *, 1);
    *holder = op;
    db_read(auth->db, read_job, on_read, holder, g_free);
}
