// SPDX-License-Identifier: Apache-2.0
#include "server/staff_table.h"

#include "scheduling/clinic/directory.h"
#include "scheduling/clinic/directory_login.h"
#include "server/auth/password.h"
#include "server/base/ids.h"
#include "server/base/secret.h"
#include "server/staff_table_row.h"

#include <string.h>

enum { PASSWORD_CHARS = 12 };

/* One account that is new: its password goes to who asked, its hash into the row. */
typedef struct {
    StaffStart start;
    char *hash;
} NewStaff;

/* One table from the request to its answer; owns its texts. */
typedef struct {
    StaffAccounts with;
    Actor actor;
    char *user_id, *facility_id, *address;
    char *csv; /* read, or written */
    bool is_trial;
    bool was_tried; /* what is new has been found, and has its passwords */
    TableImported imported;
    GPtrArray *news; /* NewStaff, in the order of the rows */
    unsigned n_hashed;
    GError *failed; /* of the hashing */
    StaffTableDone got;
    StaffImportDone done;
    gpointer user_data;
} Op;

static void new_staff_free(gpointer data)
{
    NewStaff *one = data;
    g_free(one->start.login);
    g_free(one->start.name);
    secret_text_free(one->start.password);
    secret_text_free(one->hash);
    g_free(one);
}

static void op_free(gpointer data)
{
    Op *op = data;
    g_free(op->user_id);
    g_free(op->facility_id);
    g_free(op->address);
    g_free(op->csv);
    table_imported_clear(&op->imported);
    g_ptr_array_unref(op->news);
    g_clear_error(&op->failed);
    g_free(op);
}

static Op *op_new(const StaffAccounts *with, const Actor *actor, gpointer user_data)
{
    Op *op = g_new0(Op, 1);
    op->with = *with;
    op->user_id = g_strdup(actor->user_id);
    op->facility_id = g_strdup(actor->facility_id);
    op->address = g_strdup(actor->address);
    op->actor = (Actor){.role = actor->role,
                        .user_id = op->user_id,
                        .facility_id = op->facility_id,
                        .address = op->address};
    table_imported_init(&op->imported);
    op->news = g_ptr_array_new_with_free_func(new_staff_free);
    op->user_data = user_data;
    return op;
}

static AccountKeeper keeper_of(const Op *op)
{
    return (AccountKeeper){
        .user_id = op->user_id,
        .role = op->actor.role == ACTOR_ADMIN ? USER_ROLE_ADMIN : USER_ROLE_COORDINATOR,
        .facility_id = op->facility_id,
        .address = op->address,
        .now_ms = clock_wall_ms(op->with.clock),
    };
}

/* KEPT is to be cleared in any case. */
static bool load_kept(const Op *op, DbTx *tx, StaffKept *kept, GError **error)
{
    const AccountKeeper keeper = keeper_of(op);
    *kept = (StaffKept){.accounts = g_ptr_array_new_with_free_func(account_free)};
    if (op->actor.role != ACTOR_ADMIN)
        kept->own_facility_id = op->facility_id;
    return directory_view_load(tx, &op->actor, &kept->view, error) &&
           account_list(tx, &keeper, kept->accounts, error);
}

static void clear_kept(StaffKept *kept)
{
    directory_view_clear(&kept->view);
    g_ptr_array_unref(kept->accounts);
}

/* Out. */

static bool get_job(DbTx *tx, gpointer data, GError **error)
{
    Op *op = data;
    StaffKept kept;
    bool ok = load_kept(op, tx, &kept, error);
    if (ok)
        op->csv = staff_table_write(&kept);
    clear_kept(&kept);
    return ok;
}

static void on_got(gpointer data, const GError *error)
{
    Op *op = data;
    op->got(error ? NULL : op->csv, error, op->user_data);
}

void staff_table_get(const StaffAccounts *accounts, const Actor *actor, StaffTableDone done,
                     gpointer user_data)
{
    Op *op = op_new(accounts, actor, user_data);
    op->got = done;
    db_read(op->with.db, get_job, on_got, op, op_free);
}

/* In: first everything is tried and taken back, which says what is new; then each new account gets
 * a password, hashed one after the other so that log-ins are not kept waiting; then it is done. */

/* The hash for LOGIN; while it is only tried, a word that no password fits. */
static const char *hash_for(const Op *op, const char *login)
{
    for (unsigned i = 0; op->was_tried && i < op->news->len; i++) {
        const NewStaff *one = g_ptr_array_index(op->news, i);
        if (strcmp(one->start.login, login) == 0)
            return one->hash;
    }
    return op->was_tried ? NULL : "none";
}

static void note_new(Op *op, unsigned line, const StaffRow *row)
{
    op->imported.n_added++;
    if (op->was_tried)
        return;
    if (op->news->len >= STAFF_TABLE_MAX_NEW) {
        table_imported_row_fault(&op->imported, line, "too_many_accounts");
        return;
    }
    NewStaff *one = g_new0(NewStaff, 1);
    one->start = (StaffStart){.login = g_strdup(row->login), .name = g_strdup(row->name)};
    g_ptr_array_add(op->news, one);
}

static bool add_row(Op *op, DbTx *tx, unsigned line, const StaffRow *row, FaultList *faults,
                    GError **error)
{
    const AccountKeeper keeper = keeper_of(op);
    const UserNew user = {.login = row->login,
                          .name = row->name,
                          .role = row->role,
                          .facility_id = row->facility_id,
                          .area_code = row->area_code,
                          .password_hash = hash_for(op, row->login)};
    if (!user.password_hash) {
        g_set_error_literal(error, BASE_ERROR, BASE_ERROR_CONFLICT,
                            "the accounts changed while passwords were made");
        return false;
    }
    g_autofree char *id = NULL;
    if (!account_add(tx, &keeper, &user, faults, &id, error) ||
        (row->practitioner_id && !directory_link_user(tx, row->practitioner_id, id, error)))
        return false;
    note_new(op, line, row);
    return true;
}

static bool change_row(Op *op, DbTx *tx, const StaffRow *row, FaultList *faults, GError **error)
{
    const AccountKeeper keeper = keeper_of(op);
    const AccountChange change = {.id = row->known->id,
                                  .name = row->name,
                                  .role = row->role,
                                  .facility_id = row->facility_id,
                                  .is_disabled = !row->is_active,
                                  .area_code = row->area_code};
    Scheduling *scheduling = op->with.scheduling;
    g_autoptr(GPtrArray) hits = hours_hits_new();
    g_autoptr(HoursWatch) watch = NULL;
    if (!directory_login_watch(scheduling, tx, change.id, change.is_disabled, &watch, error) ||
        !account_change(tx, &keeper, &change, faults, error) ||
        !directory_login_settle(watch, scheduling, tx, &op->actor, HOURS_KEEP_NO, hits, error))
        return false;
    op->imported.n_changed++;
    return true;
}

static bool check_area(DbTx *tx, const StaffRow *row, FaultList *faults, GError **error)
{
    if (!row->area_code)
        return true;
    g_autoptr(GError) missing = NULL;
    g_autofree char *name = directory_area_name(tx, row->area_code, &missing);
    if (name)
        return true;
    if (!g_error_matches(missing, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
    }
    fault_list_add(faults, "area", "not_found", "75.01.01");
    g_set_error_literal(error, AUTH_ERROR, AUTH_ERROR_INVALID, "there is no such area");
    return false;
}

/* What is wrong with a row is a fault of its line; false for what is wrong with the engine. */
static bool apply_row(Op *op, DbTx *tx, unsigned line, const StaffRow *row, GError **error)
{
    g_autoptr(FaultList) faults = fault_list_new();
    g_autoptr(GError) refused = NULL;
    bool ok = check_area(tx, row, faults, &refused) &&
              (row->known ? change_row(op, tx, row, faults, &refused)
                          : add_row(op, tx, line, row, faults, &refused));
    if (ok)
        return true;
    if (g_error_matches(refused, AUTH_ERROR, AUTH_ERROR_INVALID)) {
        table_imported_faults(&op->imported, line, faults);
        return true;
    }
    if (g_error_matches(refused, AUTH_ERROR, AUTH_ERROR_LAST_ADMIN)) {
        table_imported_row_fault(&op->imported, line, "last_admin");
        return true;
    }
    /* Who is hit is asked about on the page, one doctor at a time. */
    if (g_error_matches(refused, SCHEDULING_ERROR, SCHEDULING_ERROR_BOOKINGS_HIT)) {
        table_imported_row_fault(&op->imported, line, "bookings_hit");
        return true;
    }
    g_propagate_error(error, g_steal_pointer(&refused));
    return false;
}

static bool take_row(Op *op, DbTx *tx, const StaffRow *row, const CsvRow *cells, FaultList *faults,
                     GError **error)
{
    if (fault_list_length(faults) > 0) {
        table_imported_faults(&op->imported, cells->line, faults);
        return true;
    }
    return staff_row_is_same(row) || apply_row(op, tx, cells->line, row, error);
}

/* Two rows for one login or one doctor: the second would overwrite the first. */
static void check_twice(GHashTable *seen, const StaffRow *row, FaultList *faults)
{
    if (!g_hash_table_add(seen, g_strconcat("login ", row->login, NULL)))
        fault_list_add(faults, "login", "taken", NULL);
    if (row->practitioner_id &&
        !g_hash_table_add(seen, g_strconcat("practitioner ", row->practitioner_id, NULL)))
        fault_list_add(faults, "practitioner", "taken", NULL);
}

static bool apply_rows(Op *op, DbTx *tx, const CsvTable *table, const StaffKept *kept,
                       GError **error)
{
    TableHeader header;
    g_autoptr(FaultList) names = fault_list_new();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const CsvRow *first = g_ptr_array_index(table->rows, 0);
    table_header_read(staff_table_columns, staff_table_needs, first, &header, names);
    table_imported_faults(&op->imported, first->line, names);
    bool ok = true;
    for (unsigned i = 1; ok && fault_list_length(names) == 0 && i < table->rows->len; i++) {
        const CsvRow *cells = g_ptr_array_index(table->rows, i);
        g_autoptr(FaultList) faults = fault_list_new();
        StaffRow row;
        staff_row_read(kept, &header, cells, &row, faults);
        check_twice(seen, &row, faults);
        ok = take_row(op, tx, &row, cells, faults, error);
        staff_row_clear(&row);
    }
    return ok;
}

static bool try_import(Op *op, DbTx *tx, GError **error)
{
    CsvTable table;
    csv_table_init(&table);
    bool ok = true;
    if (table_read(op->csv, &table, &op->imported)) {
        StaffKept kept;
        ok = load_kept(op, tx, &kept, error) && apply_rows(op, tx, &table, &kept, error);
        clear_kept(&kept);
    }
    csv_table_clear(&table);
    return ok;
}

/* A trial, a table with faults, and one whose new accounts have no passwords yet are rolled back
 * by failing. */
static bool import_job(DbTx *tx, gpointer data, GError **error)
{
    Op *op = *(Op **)data;
    if (!try_import(op, tx, error))
        return false;
    bool lacks_passwords = op->news->len > 0 && !op->was_tried;
    if (op->is_trial || op->imported.faults->len > 0 || lacks_passwords) {
        g_set_error_literal(error, AUTH_ERROR, AUTH_ERROR_INVALID, "tried and taken back");
        return false;
    }
    return true;
}

static void answer(Op *op, const GError *error)
{
    g_autoptr(GPtrArray) starts = g_ptr_array_new();
    for (unsigned i = 0; op->imported.is_saved && i < op->news->len; i++)
        g_ptr_array_add(starts, &((NewStaff *)g_ptr_array_index(op->news, i))->start);
    if (op->imported.is_saved)
        directory_login_tell(op->with.scheduling, NULL);
    op->done(&op->imported, starts, error, op->user_data);
    op_free(op);
}

/* A code that no rule for passwords refuses, such as one that holds the login. */
static char *new_password(const char *login)
{
    for (;;) {
        char *password = id_code_new(PASSWORD_CHARS);
        if (!password_fault(password, login))
            return password;
        secret_text_free(password);
    }
}

static void hash_next(Op *op);

/* The engine and the pool free what they are handed, but the table goes on: they are handed a
 * pointer to it. */
static Op **hand_out(Op *op)
{
    Op **holder = g_new(Op *, 1);
    *holder = op;
    return holder;
}

static void hash_step(gpointer data)
{
    Op *op = *(Op **)data;
    NewStaff *one = g_ptr_array_index(op->news, op->n_hashed);
    one->start.password = new_password(one->start.login);
    one->hash = password_hash(one->start.password, &op->failed);
}

static void on_hashed(gpointer data)
{
    Op *op = *(Op **)data;
    op->n_hashed++;
    if (op->failed)
        answer(op, op->failed);
    else
        hash_next(op);
}

static void on_imported(gpointer data, const GError *error)
{
    Op *op = *(Op **)data;
    bool was_tried = g_error_matches(error, AUTH_ERROR, AUTH_ERROR_INVALID);
    bool goes_on = was_tried && !op->is_trial && !op->was_tried && op->imported.faults->len == 0 &&
                   op->news->len > 0;
    op->imported.is_saved = !error;
    if (!goes_on) {
        answer(op, was_tried ? NULL : error);
        return;
    }
    op->was_tried = true;
    table_imported_clear(&op->imported);
    table_imported_init(&op->imported);
    hash_next(op);
}

static void hash_next(Op *op)
{
    if (op->n_hashed == op->news->len) {
        db_write(op->with.db, import_job, on_imported, hand_out(op), g_free);
        return;
    }
    g_autoptr(GError) full = NULL;
    Op **holder = hand_out(op);
    if (!job_pool_run(op->with.jobs, hash_step, on_hashed, holder, g_free, &full)) {
        g_free(holder);
        answer(op, full);
    }
}

void staff_table_import(const StaffAccounts *accounts, const Actor *actor, const char *csv,
                        bool is_trial, StaffImportDone done, gpointer user_data)
{
    Op *op = op_new(accounts, actor, user_data);
    op->csv = g_strdup(csv);
    op->is_trial = is_trial;
    op->done = done;
    db_write(op->with.db, import_job, on_imported, hand_out(op), g_free);
}
