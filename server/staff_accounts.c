// SPDX-License-Identifier: Apache-2.0
#include "server/staff_accounts.h"

#include "scheduling/clinic/directory.h"
#include "scheduling/clinic/directory_access.h"
#include "scheduling/clinic/directory_login.h"
#include "server/auth/password.h"
#include "server/base/secret.h"

#include <string.h>

typedef enum { STEP_ADD, STEP_CHANGE, STEP_PASSWORD } Step;

/* One change from the request to its answer; owns its texts. */
typedef struct {
    StaffAccounts with;
    Step step;
    Actor actor;
    char *user_id, *actor_facility, *address;
    char *id, *login, *name, *facility_id, *area_code, *practitioner_id, *password, *hash;
    char *revision;
    UserRole role;
    bool is_disabled;
    GError *failed; /* of the hashing */
    FaultList *faults;
    HoursKeep keep; /* of a change, like the next */
    GPtrArray *hits;
    StaffAccountDone done;
    StaffChangeDone changed;
    gpointer user_data;
} Op;

static void op_free(gpointer data)
{
    Op *op = data;
    char *texts[] = {op->user_id,   op->actor_facility, op->address,     op->id,
                     op->login,     op->name,           op->facility_id, op->practitioner_id,
                     op->area_code, op->revision};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    secret_text_free(op->password);
    secret_text_free(op->hash);
    g_clear_error(&op->failed);
    fault_list_free(op->faults);
    g_ptr_array_unref(op->hits);
    g_free(op);
}

static Op *op_new(const StaffAccounts *with, Step step, const Actor *actor, StaffAccountDone done,
                  gpointer user_data)
{
    Op *op = g_new0(Op, 1);
    op->with = *with;
    op->step = step;
    op->user_id = g_strdup(actor->user_id);
    op->actor_facility = g_strdup(actor->facility_id);
    op->address = g_strdup(actor->address);
    op->actor = (Actor){.role = actor->role,
                        .user_id = op->user_id,
                        .facility_id = op->actor_facility,
                        .address = op->address};
    op->faults = fault_list_new();
    op->hits = hours_hits_new();
    op->done = done;
    op->user_data = user_data;
    return op;
}

static bool refuse_fields(GError **error)
{
    g_set_error_literal(error, AUTH_ERROR, AUTH_ERROR_INVALID, "the account is not possible");
    return false;
}

static AccountKeeper keeper_of(const Actor *actor, const Clock *clock)
{
    return (AccountKeeper){
        .user_id = actor->user_id,
        .role = actor->role == ACTOR_ADMIN ? USER_ROLE_ADMIN : USER_ROLE_COORDINATOR,
        .facility_id = actor->facility_id,
        .address = actor->address,
        .now_ms = clock_wall_ms(clock),
    };
}

/* The facility is there; a coordinator's accounts are of its own. */
static bool check_facility(Op *op, DbTx *tx, GError **error)
{
    if (!op->facility_id && op->actor.role == ACTOR_COORDINATOR)
        op->facility_id = g_strdup(op->actor_facility);
    if (!op->facility_id)
        return true;
    g_autoptr(GError) missing = NULL;
    g_autofree char *name = directory_facility_name(tx, op->facility_id, &missing);
    if (name)
        return true;
    if (!g_error_matches(missing, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
    }
    fault_list_add(op->faults, "facility", "not_found", NULL);
    return refuse_fields(error);
}

static bool check_area(Op *op, DbTx *tx, GError **error)
{
    if (!op->area_code)
        return true;
    g_autoptr(GError) missing = NULL;
    g_autofree char *name = directory_area_name(tx, op->area_code, &missing);
    if (name)
        return true;
    if (!g_error_matches(missing, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
    }
    fault_list_add(op->faults, "area", "not_found", NULL);
    return refuse_fields(error);
}

/* A doctor's account stands for somebody whom the actor keeps and who has none. */
static bool check_practitioner(Op *op, DbTx *tx, GError **error)
{
    bool is_doctor = op->role == USER_ROLE_DOCTOR;
    if (!is_doctor && !op->practitioner_id)
        return true;
    if (is_doctor != (op->practitioner_id != NULL)) {
        fault_list_add(op->faults, "practitioner", is_doctor ? "required" : "not_allowed", NULL);
        return refuse_fields(error);
    }
    g_autofree char *user_id = NULL;
    g_autoptr(GError) missing = NULL;
    bool found =
        directory_access_practitioner(tx, &op->actor, op->practitioner_id, &user_id, &missing);
    if (!found && !g_error_matches(missing, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
    }
    if (found && !user_id)
        return true;
    fault_list_add(op->faults, "practitioner", found ? "taken" : "not_found", NULL);
    return refuse_fields(error);
}

static bool add(Op *op, DbTx *tx, const AccountKeeper *keeper, GError **error)
{
    const UserNew user = {.login = op->login,
                          .name = op->name,
                          .role = op->role,
                          .facility_id = op->facility_id,
                          .area_code = op->area_code,
                          .password_hash = op->hash};
    return check_practitioner(op, tx, error) &&
           account_add(tx, keeper, &user, op->faults, &op->id, error) &&
           (!op->practitioner_id || directory_link_user(tx, op->practitioner_id, op->id, error));
}

static bool change_account(Op *op, DbTx *tx, const AccountKeeper *keeper,
                           const AccountChange *change, GError **error)
{
    Scheduling *scheduling = op->with.scheduling;
    g_autoptr(HoursWatch) watch = NULL;
    return directory_login_watch(scheduling, tx, op->id, op->is_disabled, &watch, error) &&
           account_change(tx, keeper, change, op->faults, error) &&
           directory_login_settle(watch, scheduling, tx, &op->actor, op->keep, op->hits, error);
}

static bool write_job(DbTx *tx, gpointer data, GError **error)
{
    Op *op = data;
    const AccountKeeper keeper = keeper_of(&op->actor, op->with.clock);
    if (op->step != STEP_PASSWORD && (!check_facility(op, tx, error) || !check_area(op, tx, error)))
        return false;
    const AccountChange change = {.id = op->id,
                                  .name = op->name,
                                  .role = op->role,
                                  .facility_id = op->facility_id,
                                  .is_disabled = op->is_disabled,
                                  .area_code = op->area_code,
                                  .revision = op->revision};
    switch (op->step) {
    case STEP_ADD:
        return add(op, tx, &keeper, error);
    case STEP_CHANGE:
        return change_account(op, tx, &keeper, &change, error);
    case STEP_PASSWORD:
        return account_set_password(tx, &keeper, op->id, op->hash, error);
    }
    g_assert_not_reached();
}

static void on_written(gpointer data, const GError *error)
{
    Op *op = data;
    if (!error && op->changed)
        directory_login_tell(op->with.scheduling, op->id);
    if (op->changed)
        op->changed(error ? NULL : op->id, op->faults, op->hits, error, op->user_data);
    else
        op->done(error ? NULL : op->id, op->faults, error, op->user_data);
}

static void fail(Op *op, const GError *error)
{
    op->done(NULL, op->faults, error, op->user_data);
    op_free(op);
}

/* The pool frees what it is handed, but the change goes on to the database. */
static void hash_step(gpointer data)
{
    Op *op = *(Op **)data;
    op->hash = password_hash(op->password, &op->failed);
}

static void on_hashed(gpointer data)
{
    Op *op = *(Op **)data;
    if (op->hash)
        db_write(op->with.db, write_job, on_written, op, op_free);
    else
        fail(op, op->failed);
}

static void hash_then_write(Op *op)
{
    g_autoptr(GError) error = NULL;
    const char *fault = password_fault(op->password, op->login);
    if (fault) {
        fault_list_add(op->faults, "password", fault, "10..256");
        (void)refuse_fields(&error);
        fail(op, error);
        return;
    }
    Op **holder = g_new(Op *, 1);
    *holder = op;
    if (!job_pool_run(op->with.jobs, hash_step, on_hashed, holder, g_free, &error)) {
        g_free(holder);
        fail(op, error);
    }
}

void staff_accounts_add(const StaffAccounts *accounts, const Actor *actor,
                        const StaffAccountNew *account, StaffAccountDone done, gpointer user_data)
{
    Op *op = op_new(accounts, STEP_ADD, actor, done, user_data);
    op->login = g_ascii_strdown(account->login, -1);
    op->name = g_strdup(account->name);
    op->role = account->role;
    op->facility_id = g_strdup(account->facility_id);
    op->area_code = g_strdup(account->area_code);
    op->practitioner_id = g_strdup(account->practitioner_id);
    op->password = g_strdup(account->password);
    hash_then_write(op);
}

void staff_accounts_change(const StaffAccounts *accounts, const Actor *actor,
                           const AccountChange *change, HoursKeep keep, StaffChangeDone done,
                           gpointer user_data)
{
    Op *op = op_new(accounts, STEP_CHANGE, actor, NULL, user_data);
    op->keep = keep;
    op->changed = done;
    op->id = g_strdup(change->id);
    op->name = g_strdup(change->name);
    op->role = change->role;
    op->facility_id = g_strdup(change->facility_id);
    op->area_code = g_strdup(change->area_code);
    op->is_disabled = change->is_disabled;
    op->revision = g_strdup(change->revision);
    db_write(op->with.db, write_job, on_written, op, op_free);
}

void staff_accounts_set_password(const StaffAccounts *accounts, const Actor *actor, const char *id,
                                 const char *password, StaffAccountDone done, gpointer user_data)
{
    Op *op = op_new(accounts, STEP_PASSWORD, actor, done, user_data);
    op->id = g_strdup(id);
    op->login = g_strdup(""); /* unknown here */
    op->password = g_strdup(password);
    hash_then_write(op);
}

/* Listing. */

typedef struct {
    AccountKeeper keeper;
    char *facility_id;
    GPtrArray *accounts;
    StaffAccountsDone done;
    gpointer user_data;
} List;

static void list_free(gpointer data)
{
    List *list = data;
    g_free(list->facility_id);
    g_ptr_array_unref(list->accounts);
    g_free(list);
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    List *list = data;
    return account_list(tx, &list->keeper, list->accounts, error);
}

static void on_list_done(gpointer data, const GError *error)
{
    List *list = data;
    list->done(error ? NULL : list->accounts, error, list->user_data);
}

void staff_accounts_list(const StaffAccounts *accounts, const Actor *actor, StaffAccountsDone done,
                         gpointer user_data)
{
    List *list = g_new0(List, 1);
    list->facility_id = g_strdup(actor->facility_id);
    list->keeper = keeper_of(actor, accounts->clock);
    list->keeper.user_id = NULL;
    list->keeper.address = NULL;
    list->keeper.facility_id = list->facility_id;
    list->accounts = g_ptr_array_new_with_free_func(account_free);
    list->done = done;
    list->user_data = user_data;
    db_read(accounts->db, list_job, on_list_done, list, list_free);
}
