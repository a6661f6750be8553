// SPDX-License-Identifier: Apache-2.0
/* Staff accounts as a table: no password goes out or comes in, who is added can log in with the one
 * that is told once, and a table is taken in whole or not at all. */
#include "server/staff_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>

#include "scheduling/clinic/demo.h"
#include "scheduling/clinic/directory.h"
#include "server/auth/auth.h"
#include "tests/unit/base/migrated_db.h"

#define HEADER                                                                                     \
    "\xef\xbb\xbf\"login\",\"name\",\"role\",\"facility\",\"practitioner\",\"active\","            \
    "\"area\"\r\n"

static const int64_t now_ms = INT64_C(1795485600000);

typedef struct {
    char *dir;
    Db *db;
    Clock *clock;
    SecretBox *box;
    JobPool *jobs;
    Scheduling *scheduling;
    Auth *auth;
    DemoSeed seed;
    unsigned n_waiting;
    GError *error;
    char *csv;         /* of the last table that went out */
    char *result;      /* "saved +added ~changed; line column code; ..." */
    GPtrArray *starts; /* "login password" of those that were added last */
} Fixture;

static const Actor admin = {.role = ACTOR_ADMIN, .user_id = "boss"};

static void keep_error(Fixture *fixture, const GError *error)
{
    g_clear_error(&fixture->error);
    fixture->error = error ? g_error_copy(error) : NULL;
    fixture->n_waiting--;
}

static void wait_for_it(Fixture *fixture)
{
    while (fixture->n_waiting > 0)
        g_main_context_iteration(NULL, TRUE);
}

static StaffAccounts with(const Fixture *fixture)
{
    return (StaffAccounts){.db = fixture->db,
                           .jobs = fixture->jobs,
                           .clock = fixture->clock,
                           .scheduling = fixture->scheduling};
}

static void on_csv(const char *csv, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    keep_error(fixture, error);
    g_free(fixture->csv);
    fixture->csv = g_strdup(csv);
}

static const char *take_out(Fixture *fixture, const Actor *actor)
{
    const StaffAccounts accounts = with(fixture);
    fixture->n_waiting++;
    staff_table_get(&accounts, actor, on_csv, fixture);
    wait_for_it(fixture);
    return fixture->csv;
}

static void on_imported(const TableImported *imported, const GPtrArray *starts, const GError *error,
                        gpointer user_data)
{
    Fixture *fixture = user_data;
    keep_error(fixture, error);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s +%u ~%u", imported->is_saved ? "saved" : "kept out",
                           imported->n_added, imported->n_changed);
    for (unsigned i = 0; i < imported->faults->len; i++) {
        const TableFault *one = g_ptr_array_index(imported->faults, i);
        g_string_append_printf(text, "; %u %s %s", one->line, one->fault.field, one->fault.code);
    }
    g_free(fixture->result);
    fixture->result = g_string_free(text, FALSE);
    g_ptr_array_set_size(fixture->starts, 0);
    for (unsigned i = 0; i < starts->len; i++) {
        const StaffStart *one = g_ptr_array_index(starts, i);
        g_ptr_array_add(fixture->starts, g_strdup_printf("%s %s", one->login, one->password));
    }
}

static const char *take_in(Fixture *fixture, const Actor *actor, const char *csv, bool is_trial)
{
    const StaffAccounts accounts = with(fixture);
    fixture->n_waiting++;
    staff_table_import(&accounts, actor, csv, is_trial, on_imported, fixture);
    wait_for_it(fixture);
    return fixture->result;
}

static void on_login(const AuthSession *session, const char *token, const GError *error,
                     gpointer user_data)
{
    (void)session;
    (void)token;
    keep_error(user_data, error);
}

static bool log_in(Fixture *fixture, const char *login, const char *password)
{
    fixture->n_waiting++;
    auth_login(fixture->auth, login, password, "192.0.2.1", on_login, fixture);
    wait_for_it(fixture);
    return fixture->error == NULL;
}

static bool boss_job(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    const UserNew boss = {
        .login = "boss", .name = "Kepala", .role = USER_ROLE_ADMIN, .password_hash = "none"};
    g_autofree char *id = NULL;
    return user_add(tx, &boss, "test", now_ms, &id, error);
}

static void on_run(gpointer data, const GError *error)
{
    if (error)
        print_message("%s\n", error->message);
    keep_error(*(Fixture **)data, error);
}

typedef struct {
    Fixture *fixture; /* first, for on_run() */
    DbJobFunc job;
    gpointer data;
} Run;

static bool run_job(DbTx *tx, gpointer data, GError **error)
{
    Run *run = data;
    return run->job(tx, run->data, error);
}

static void run(Fixture *fixture, DbJobFunc job, gpointer data)
{
    Run one = {fixture, job, data};
    fixture->n_waiting++;
    db_write(fixture->db, run_job, on_run, &one, NULL);
    wait_for_it(fixture);
    assert_null(fixture->error);
}

static bool open_all(Fixture *fixture, GError **error)
{
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    static DbOwner auth_owner;
    auth_db_owner(&auth_owner);
    const DbOwner *owners[] = {scheduling_db_owner(), &auth_owner, NULL};
    DbOptions options = {.path = path, .owners = owners, .n_readers = 1};
    fixture->db = migrated_db_write(path, owners, error) ? db_open(&options, error) : NULL;
    if (!fixture->db || !db_start(fixture->db, error))
        return false;
    SchedulingPolicy policy;
    scheduling_policy_init(&policy);
    fixture->scheduling = scheduling_new(fixture->db, fixture->clock, fixture->box, &policy, error);
    fixture->auth = auth_new(fixture->db, fixture->clock, fixture->box, fixture->jobs);
    return fixture->scheduling != NULL;
}

static int set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    g_autoptr(GError) error = NULL;
    fixture->dir = g_dir_make_tmp("huyula-staff-XXXXXX", NULL);
    fixture->clock = clock_new_fake(now_ms);
    fixture->box = secret_box_new_random();
    fixture->jobs = job_pool_new(2, 8);
    fixture->starts = g_ptr_array_new_with_free_func(g_free);
    if (!open_all(fixture, &error)) {
        print_message("%s\n", error->message);
        return -1;
    }
    fixture->seed.scheduling = fixture->scheduling;
    run(fixture, demo_seed_job, &fixture->seed);
    run(fixture, boss_job, NULL);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    db_stop(fixture->db);
    job_pool_free(fixture->jobs);
    db_free(fixture->db);
    auth_free(fixture->auth);
    scheduling_free(fixture->scheduling);
    secret_box_free(fixture->box);
    clock_free(fixture->clock);
    static const char *const files[] = {"test.db", "test.db-wal", "test.db-shm"};
    for (unsigned i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(fixture->dir, files[i], NULL);
        g_unlink(path);
    }
    g_rmdir(fixture->dir);
    g_free(fixture->dir);
    g_clear_error(&fixture->error);
    g_free(fixture->csv);
    g_free(fixture->result);
    g_ptr_array_unref(fixture->starts);
    g_free(fixture);
    return 0;
}

static const char people[] = "login,name,role,facility,practitioner\n"
                             "Loket.Satu,Nurhayati,desk,Puskesmas Limboto,\n"
                             "rahmat,dr. Rahmat Hasan,Doctor,Puskesmas Limboto,dr. Rahmat Hasan\n"
                             "dinkes,Ismail,office,,\n";

static void test_who_is_added_can_log_in(void **state)
{
    Fixture *fixture = *state;
    assert_string_equal(take_in(fixture, &admin, people, true), "kept out +3 ~0");
    assert_int_equal(fixture->starts->len, 0);
    assert_null(strstr(take_out(fixture, &admin), "rahmat"));
    assert_string_equal(take_in(fixture, &admin, people, false), "saved +3 ~0");
    assert_int_equal(fixture->starts->len, 3);
    for (unsigned i = 0; i < 3; i++) {
        g_auto(GStrv) parts = g_strsplit(g_ptr_array_index(fixture->starts, i), " ", 2);
        assert_int_equal(strlen(parts[1]), 12);
        assert_true(log_in(fixture, parts[0], parts[1]));
        assert_false(log_in(fixture, parts[0], "none"));
    }
    assert_string_equal(take_out(fixture, &admin), HEADER
                        "\"dinkes\",\"Ismail\",\"office\",,,\"yes\",\r\n"
                        "\"boss\",\"Kepala\",\"admin\",,,\"yes\",\r\n"
                        "\"loket.satu\",\"Nurhayati\",\"desk\",\"Puskesmas Limboto\",,\"yes\",\r\n"
                        "\"rahmat\",\"dr. Rahmat Hasan\",\"doctor\",\"Puskesmas Limboto\","
                        "\"dr. Rahmat Hasan\",\"yes\",\r\n");
    g_autofree char *again = g_strdup(fixture->csv);
    assert_string_equal(take_in(fixture, &admin, again, false), "saved +0 ~0");
    assert_int_equal(fixture->starts->len, 0);
}

static void test_a_known_login_is_changed(void **state)
{
    Fixture *fixture = *state;
    assert_string_equal(take_in(fixture, &admin, people, false), "saved +3 ~0");
    g_auto(GStrv) first = g_strsplit(g_ptr_array_index(fixture->starts, 0), " ", 2);
    assert_string_equal(take_in(fixture, &admin,
                                "login,name,role,facility,active\n"
                                "loket.satu,Nurhayati D.,desk,Klinik Kota Selatan,no\n",
                                false),
                        "saved +0 ~1");
    assert_false(log_in(fixture, first[0], first[1]));
    assert_int_equal(fixture->error->code, AUTH_ERROR_DISABLED);
    assert_non_null(strstr(take_out(fixture, &admin), "\"Nurhayati D.\",\"desk\",\"Klinik Kota "
                                                      "Selatan\",,\"no\""));
    /* A column that is not there leaves what is. */
    assert_string_equal(take_in(fixture, &admin, "login,name,role\nloket.satu,N,desk\n", false),
                        "saved +0 ~1");
    assert_non_null(
        strstr(take_out(fixture, &admin), "\"N\",\"desk\",\"Klinik Kota Selatan\",,\"no\""));
}

static void test_an_officer_has_an_area(void **state)
{
    Fixture *fixture = *state;
    assert_string_equal(
        take_in(fixture, &admin, "login,name,role,area\ncamat,Camat,officer,75.99\n", false),
        "kept out +0 ~0; 2 area not_found");
    assert_string_equal(
        take_in(fixture, &admin, "login,name,role,area\ncamat,Camat,officer,75.01.01\n", false),
        "saved +1 ~0");
    assert_non_null(strstr(take_out(fixture, &admin), "\"officer\",,,\"yes\",\"75.01.01\""));
    /* A table without the column leaves it, another role has none. */
    assert_string_equal(
        take_in(fixture, &admin, "login,name,role\ncamat,Bu Camat,officer\n", false),
        "saved +0 ~1");
    assert_string_equal(take_in(fixture, &admin, "login,name,role\ncamat,Bu Camat,office\n", false),
                        "saved +0 ~1");
    assert_null(strstr(take_out(fixture, &admin), "75.01.01"));
}

static void test_faults_by_line_and_column(void **state)
{
    Fixture *fixture = *state;
    assert_string_equal(take_in(fixture, &admin, people, false), "saved +3 ~0");
    static const struct {
        const char *rows, *faults;
    } rows[] = {
        {"baik,Baik,office,,,\nx y,Nama,desk,Puskesmas Limboto,,\n", "+1 ~0; 3 login not_a_login"},
        {"baru,,office,,,\n", "+0 ~0; 2 name required"},
        {"baru,\"Dua\nbaris\",office,,,\n", "+0 ~0; 2 name bad_characters"},
        {"baru,Nama,boss,,,\n", "+0 ~0; 2 role not_allowed"},
        {"baru,Nama,desk,,,\n", "+0 ~0; 2 facility required"},
        {"baru,Nama,desk,Klinik Hantu,,\n", "+0 ~0; 2 facility not_found"},
        {"baru,Nama,doctor,,,\n", "+0 ~0; 2 practitioner required"},
        {"baru,Nama,doctor,,dr. Hantu,\n", "+0 ~0; 2 practitioner not_found"},
        {"baru,Nama,doctor,,dr. Rahmat Hasan,\n", "+0 ~0; 2 practitioner taken"},
        {"baru,Nama,office,,dr. Rahmat Hasan,\n", "+0 ~0; 2 practitioner not_allowed"},
        {"baru,Nama,office,,,mungkin\n", "+0 ~0; 2 active not_allowed"},
        {"baru,Nama,office,,,no\n", "+0 ~0; 2 active not_allowed"},
        {"baru,Nama,office,,,\nBARU,Lain,office,,,\n", "+1 ~0; 3 login taken"},
        {"rahmat,dr. Rahmat Hasan,office,,,\n", "+0 ~0; 2 role not_allowed"},
        {"boss,Kepala,admin,,,no\n", "+0 ~0; 2  last_admin"},
        {"baru,Nama,officer,,,\n", "+0 ~0; 2 area required"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *csv =
            g_strconcat("login,name,role,facility,practitioner,active\n", rows[i].rows, NULL);
        g_autofree char *expected = g_strconcat("kept out ", rows[i].faults, NULL);
        assert_string_equal(take_in(fixture, &admin, csv, false), expected);
        assert_int_equal(fixture->starts->len, 0);
    }
    assert_null(strstr(take_out(fixture, &admin), "baik"));
    assert_string_equal(take_in(fixture, &admin, "login,password\nx,y\n", false),
                        "kept out +0 ~0; 1 password unknown; 1 name required; 1 role required");
}

static void test_a_coordinator_stays_in_its_facility(void **state)
{
    Fixture *fixture = *state;
    const Actor coordinator = {
        .role = ACTOR_COORDINATOR, .user_id = "c", .facility_id = fixture->seed.facility_ids[1]};
    assert_string_equal(take_in(fixture, &admin, people, false), "saved +3 ~0");
    assert_string_equal(take_out(fixture, &coordinator), HEADER);
    static const struct {
        const char *row, *result;
    } rows[] = {
        {"baru,Nama,desk,Puskesmas Limboto\n", "kept out +0 ~0; 2 facility not_found"},
        {"baru,Nama,admin,\n", "kept out +0 ~0; 2 role not_allowed"},
        {"rahmat,Nama,desk,\n", "kept out +0 ~0; 2 login taken"},
        {"baru,Nama,desk,\n", "saved +1 ~0"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *csv = g_strconcat("login,name,role,facility\n", rows[i].row, NULL);
        assert_string_equal(take_in(fixture, &coordinator, csv, false), rows[i].result);
    }
    assert_non_null(strstr(take_out(fixture, &coordinator),
                           "\"baru\",\"Nama\",\"desk\",\"Klinik Kota Selatan\""));
    const Actor desk = {.role = ACTOR_DESK, .user_id = "d"};
    (void)take_in(fixture, &desk, people, true);
    assert_true(g_error_matches(fixture->error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN));
    (void)take_out(fixture, &desk);
    assert_true(g_error_matches(fixture->error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN));
}

static void test_not_too_many_at_once(void **state)
{
    Fixture *fixture = *state;
    GString *csv = g_string_new("login,name,role\n");
    for (unsigned i = 0; i <= STAFF_TABLE_MAX_NEW; i++)
        g_string_append_printf(csv, "baru%u,Nama,office\n", i);
    assert_string_equal(take_in(fixture, &admin, csv->str, false),
                        "kept out +51 ~0; 52  too_many_accounts");
    g_string_free(csv, TRUE);
}

#define TABLE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TABLE_TEST(test_who_is_added_can_log_in),
        TABLE_TEST(test_a_known_login_is_changed),
        TABLE_TEST(test_an_officer_has_an_area),
        TABLE_TEST(test_faults_by_line_and_column),
        TABLE_TEST(test_a_coordinator_stays_in_its_facility),
        TABLE_TEST(test_not_too_many_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
