// SPDX-License-Identifier: Apache-2.0
/* Accounts as administrators and coordinators keep them: whose are whose, the last administrator,
 * and a database of before the role of coordinators. */
#include "server/auth/account.h"
#include "server/base/audit.h"
#include "tests/unit/auth/fixture.h"

typedef struct {
    AccountKeeper keeper;
    UserNew user;
    AccountChange change;
    char *id, *faults;
    unsigned n_accounts;
} Call;

static const AccountKeeper admin = {.user_id = "boss", .role = USER_ROLE_ADMIN, .now_ms = 7};
static const AccountKeeper coordinator = {
    .user_id = "c", .role = USER_ROLE_COORDINATOR, .facility_id = "facility-1", .now_ms = 7};

static void keep_faults(Call *call, const FaultList *faults)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (unsigned i = 0; i < fault_list_length(faults); i++) {
        const Fault *fault = fault_list_get(faults, i);
        g_string_append_printf(text, "%s:%s ", fault->field, fault->code);
    }
    g_free(call->faults);
    call->faults = g_strdup(text->str);
}

static bool add_job(DbTx *tx, gpointer data, GError **error)
{
    Call *call = data;
    g_autoptr(FaultList) faults = fault_list_new();
    g_clear_pointer(&call->id, g_free);
    bool ok = account_add(tx, &call->keeper, &call->user, faults, &call->id, error);
    keep_faults(call, faults);
    return ok;
}

static bool change_job(DbTx *tx, gpointer data, GError **error)
{
    Call *call = data;
    g_autoptr(FaultList) faults = fault_list_new();
    bool ok = account_change(tx, &call->keeper, &call->change, faults, error);
    keep_faults(call, faults);
    return ok;
}

static bool password_job(DbTx *tx, gpointer data, GError **error)
{
    Call *call = data;
    return account_set_password(tx, &call->keeper, call->change.id, "nothing", error);
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    Call *call = data;
    g_autoptr(GPtrArray) accounts = g_ptr_array_new_with_free_func(account_free);
    bool ok = account_list(tx, &call->keeper, accounts, error);
    call->n_accounts = accounts->len;
    return ok;
}

static void clear(Call *call)
{
    g_free(call->id);
    g_free(call->faults);
}

/* Adds one as KEEPER; the id is the caller's. */
static char *add(Fixture *fixture, const AccountKeeper *keeper, const char *login, UserRole role,
                 const char *facility_id)
{
    Call call = {.keeper = *keeper,
                 .user = {login, "Nama", role, facility_id, .password_hash = "nothing"}};
    assert_true(fixture_run(fixture, add_job, &call));
    g_free(call.faults);
    return call.id;
}

static void who_may_add_whom(void **state)
{
    Fixture *fixture = *state;
    const struct {
        AccountKeeper keeper;
        UserNew user;
        const char *faults;
    } rows[] = {
        {admin, {"aa1", "N", USER_ROLE_ADMIN, NULL, "x", NULL}, ""},
        {admin, {"aa2", "N", USER_ROLE_DESK, "facility-2", "x", NULL}, ""},
        {admin, {"aa2", "N", USER_ROLE_OFFICE, NULL, "x", NULL}, "login:taken "},
        {admin, {"aa3", "N", USER_ROLE_DESK, NULL, "x", NULL}, "facility:required "},
        {admin, {"aa3", "N", USER_ROLE_COORDINATOR, NULL, "x", NULL}, "facility:required "},
        {admin, {"A b", "", USER_ROLE_OFFICE, NULL, "x", NULL}, "login:not_a_login name:too_long "},
        {admin, {"oo1", "N", USER_ROLE_OFFICER, NULL, "x", "75.01.01"}, ""},
        {admin, {"oo2", "N", USER_ROLE_OFFICER, NULL, "x", NULL}, "area:required "},
        {admin, {"oo3", "N", USER_ROLE_DESK, "facility-1", "x", "75.01"}, "area:not_allowed "},
        {coordinator,
         {"oo4", "N", USER_ROLE_OFFICER, "facility-1", "x", "75.01"},
         "role:not_allowed "},
        {coordinator, {"cc1", "N", USER_ROLE_DESK, "facility-1", "x", NULL}, ""},
        {coordinator, {"cc2", "N", USER_ROLE_DOCTOR, "facility-1", "x", NULL}, ""},
        {coordinator, {"cc3", "N", USER_ROLE_DESK, "facility-2", "x", NULL}, "role:not_allowed "},
        {coordinator, {"cc3", "N", USER_ROLE_DOCTOR, NULL, "x", NULL}, "role:not_allowed "},
        {coordinator, {"cc3", "N", USER_ROLE_ADMIN, "facility-1", "x", NULL}, "role:not_allowed "},
        {coordinator, {"cc3", "N", USER_ROLE_OFFICE, "facility-1", "x", NULL}, "role:not_allowed "},
        {coordinator,
         {"cc3", "N", USER_ROLE_COORDINATOR, "facility-1", "x", NULL},
         "role:not_allowed "},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        Call call = {.keeper = rows[i].keeper, .user = rows[i].user};
        assert_int_equal(fixture_run(fixture, add_job, &call), !*rows[i].faults);
        assert_string_equal(call.faults, rows[i].faults);
        clear(&call);
    }
    Call mine = {.keeper = coordinator}, all = {.keeper = admin};
    assert_true(fixture_run(fixture, list_job, &mine) && fixture_run(fixture, list_job, &all));
    assert_int_equal(mine.n_accounts, 2);
    assert_int_equal(all.n_accounts, 5);
}

static void a_coordinator_reaches_nobody_else(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *boss = add(fixture, &admin, "boss", USER_ROLE_ADMIN, NULL);
    g_autofree char *peer = add(fixture, &admin, "peer", USER_ROLE_COORDINATOR, "facility-1");
    g_autofree char *other = add(fixture, &admin, "other", USER_ROLE_DESK, "facility-2");
    g_autofree char *own = add(fixture, &admin, "own", USER_ROLE_DESK, "facility-1");
    const char *others[] = {boss, peer, other, "nobody"};
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++) {
        Call call = {.keeper = coordinator,
                     .change = {others[i], "N", USER_ROLE_DESK, "facility-1", true, NULL}};
        assert_false(fixture_run(fixture, change_job, &call));
        fixture_expect_refusal(fixture, AUTH_ERROR_NOT_FOUND);
        assert_false(fixture_run(fixture, password_job, &call));
        fixture_expect_refusal(fixture, AUTH_ERROR_NOT_FOUND);
        clear(&call);
    }
    const AccountChange raises[] = {
        {own, "N", USER_ROLE_ADMIN, NULL, false, NULL, NULL},
        {own, "N", USER_ROLE_COORDINATOR, "facility-1", false, NULL, NULL},
        {own, "N", USER_ROLE_DESK, "facility-2", false, NULL, NULL},
        {own, "N", USER_ROLE_DOCTOR, "facility-1", false, NULL, NULL}};
    for (unsigned i = 0; i < G_N_ELEMENTS(raises); i++) {
        Call call = {.keeper = coordinator, .change = raises[i]};
        assert_false(fixture_run(fixture, change_job, &call));
        fixture_expect_refusal(fixture, AUTH_ERROR_INVALID);
        assert_string_equal(call.faults, "role:not_allowed ");
        clear(&call);
    }
    Call call = {.keeper = coordinator,
                 .change = {own, "M", USER_ROLE_DESK, "facility-1", true, NULL, NULL}};
    assert_true(fixture_run(fixture, change_job, &call));
    clear(&call);
}

static void the_last_administrator_stays(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *first = add(fixture, &admin, "first", USER_ROLE_ADMIN, NULL);
    g_autofree char *second = add(fixture, &admin, "second", USER_ROLE_ADMIN, NULL);
    const AccountChange off = {second, "N", USER_ROLE_ADMIN, NULL, true, NULL, NULL};
    const AccountChange ways[] = {{first, "N", USER_ROLE_ADMIN, NULL, true, NULL, NULL},
                                  {first, "N", USER_ROLE_OFFICE, NULL, false, NULL, NULL}};
    Call call = {.keeper = admin, .change = off};
    assert_true(fixture_run(fixture, change_job, &call));
    for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++) {
        call.change = ways[i];
        assert_false(fixture_run(fixture, change_job, &call));
        fixture_expect_refusal(fixture, AUTH_ERROR_LAST_ADMIN);
    }
    /* One who is closed already is no loss, and a name is no role. */
    call.change = (AccountChange){first, "Nama Baru", USER_ROLE_ADMIN, NULL, false, NULL, NULL};
    assert_true(fixture_run(fixture, change_job, &call));
    call.change = (AccountChange){second, "N", USER_ROLE_OFFICE, NULL, true, NULL, NULL};
    assert_true(fixture_run(fixture, change_job, &call));
    clear(&call);
}

static void changes_end_sessions_only_where_they_matter(void **state)
{
    Fixture *fixture = *state;
    fixture_add(fixture, "loket", USER_ROLE_DESK, true);
    g_autofree char *boss = add(fixture, &admin, "boss", USER_ROLE_ADMIN, NULL);
    assert_true(fixture_log_in(fixture, "loket", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
    g_autofree char *id = g_strdup(fixture->user_id);
    g_autofree char *token = g_strdup(fixture->token);
    Call call = {.keeper = admin,
                 .change = {id, "Lain", USER_ROLE_DESK, "facility-1", false, NULL}};
    assert_true(fixture_run(fixture, change_job, &call));
    assert_true(fixture_find(fixture, token));
    call.change.facility_id = "facility-2";
    assert_true(fixture_run(fixture, change_job, &call));
    assert_false(fixture_find(fixture, token));
    clear(&call);
}

static char *migrate(const char *path, DbOwner owner, unsigned n_migrations)
{
    const char *some[8] = {NULL};
    const DbOwner *owners[] = {&owner, NULL};
    DbOptions options = {.path = path, .owners = owners};
    g_autoptr(GError) error = NULL;
    for (unsigned i = 0; i < n_migrations; i++)
        some[i] = owner.migrations[i];
    if (n_migrations > 0)
        owner.migrations = some;
    g_autoptr(Db) db = db_open(&options, &error);
    return db_migrate(db, NULL, &error) ? NULL : g_strdup(error->message);
}

/* Accounts and sessions of before stay what they were. */
static void the_role_comes_to_an_old_database(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *path = g_build_filename(fixture->dir, "old.db", NULL);
    DbOwner owner;
    auth_db_owner(&owner);
    assert_null(migrate(path, owner, 1));
    fixture_sql(path, "INSERT INTO account VALUES "
                      "('a', 'siti', 'Siti', 'desk', 'f', 'h', 1, 2, 3);"
                      "INSERT INTO session VALUES ('s', 't', 'a', 'c', NULL, 1, 2);");
    assert_null(migrate(path, owner, 0));
    fixture_sql(path,
                "PRAGMA foreign_keys = ON;"
                "INSERT INTO account SELECT 'b', 'budi', name, 'coordinator', facility_id, NULL,"
                " password_hash, 0, 1, 1 FROM account WHERE id = 'a' AND login = 'siti' AND"
                " role = 'desk' AND disabled = 1 AND changed_at_ms = 3;"
                "UPDATE session SET account_id = 'b' WHERE id = 's' AND csrf = 'c';"
                "CREATE TABLE proof (n INTEGER CHECK (n = 1));"
                "INSERT INTO proof SELECT count(*) FROM session JOIN account ON"
                " account.id = account_id WHERE login = 'budi';");
}

static bool verify_job(DbTx *tx, gpointer data, GError **error)
{
    return audit_verify(tx, data, error);
}

static void every_change_leaves_an_audit_row(void **state)
{
    Fixture *fixture = *state;
    int64_t n_rows = 0;
    g_autofree char *id = add(fixture, &admin, "own", USER_ROLE_DESK, "facility-1");
    Call call = {.keeper = coordinator,
                 .change = {id, "M", USER_ROLE_DESK, "facility-1", true, NULL}};
    assert_true(fixture_run(fixture, change_job, &call));
    assert_true(fixture_run(fixture, password_job, &call));
    assert_true(fixture_run(fixture, verify_job, &n_rows));
    assert_int_equal(n_rows, 3);
    clear(&call);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_may_add_whom),
        TEST(a_coordinator_reaches_nobody_else),
        TEST(the_last_administrator_stays),
        TEST(changes_end_sessions_only_where_they_matter),
        TEST(the_role_comes_to_an_old_database),
        TEST(every_change_leaves_an_audit_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
