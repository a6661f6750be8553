// SPDX-License-Identifier: Apache-2.0
/* Statements as they are in the program, prepared and planned, and the demo clinic that they write.
 * The plan is asked of the database library itself, which otherwise only server/base/db does. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "server/base/outbox.h"

/* Statements that read a whole small table, or a whole partial index, on purpose. */
static const char *const may_scan[] = {"directory_facilities", "directory_clinics",
                                       "directory_doctors",    "demo_doctors",
                                       "recover_visits",       "hours_doctors",
                                       "setup_areas",          "setup_facilities",
                                       "setup_clinics",        "setup_practitioners",
                                       "setup_members",        "setup_permits",
                                       "setup_services",       "directory_services",
                                       "letters_unmade",       "person_unindexed",
                                       "person_split",         "policy_overrides",
                                       "message_overrides",    "hours_news_of_clinics",
                                       "hours_news_disabled",  NULL};

/* Statements that are about a whole day, in all facilities, on purpose. */
static const char *const may_read_a_day[] = {"hours_visits_of_date", "report_visits", NULL};

/* Where other indexes would do, but read more, or where the statement must have the words of a
 * partial index for it to be used at all. */
static const struct {
    const char *statement, *index;
} must_use[] = {
    {"visit_waiting", "visit_clinic_day"},
    {"queue_of_clinic", "visit_clinic_day"},
    {"queue_served_in_clinic", "visit_clinic_day"},
    {"queue_took_of_clinic", "visit_clinic_day"},
    {"queue_took_of_doctor", "visit_practitioner_day"},
    {"board_called", "visit_clinic_day"},
    {"day_of_practitioner", "visit_practitioner_day"},
    {"day_of_practitioner", "visit_pool_day"},
    {"day_of_facility", "visit_number"},
    {"hours_visits_of_place", "visit_number"},
    {"hours_visits_of_practitioner", "visit_practitioner_day"},
    {"fixed_line_unknown", "visit_line_unknown"},
    {"no_show_never_came", "visit_booked_end"},
    {"no_show_did_not_answer", "visit_called"},
    {"next_doctors", "visit_called"},
    {"wait_own_visits", "visit_patient"},
    {"own_visit_at", "patient_person_index"},
    {"own_visit_at", "visit_patient"},
    {"pair_list", "visit_patient"},
    {"pair_get", "visit_patient"},
    {"late_untold", "doctor_late_until"},
    {"late_untold", "visit_practitioner_day"},
    {"late_untold", "sqlite_autoindex_outreach_entry_2"},
    {"unanswered_waiting", "visit_checked_in"},
    {"unanswered_waiting", "visit_to_phone"},
    {"unanswered_work_of_clinic", "visit_clinic_day"},
    {"unanswered_work_of_doctor", "visit_practitioner_day"},
    {"hours_held_in_facility", "visit_number"},
    {"hours_held_by_practitioner", "visit_slot"},
    {"request_list", "visit_requested"},
    {"request_unanswered", "visit_requested"},
    {"report_visits", "visit_day"},
    {"demo_next_start", "visit_demo_start"},
    {"slot_claims", "visit_slot"},
};

static void check_indexes(const char *name, const char *plan)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(must_use); i++) {
        g_autofree char *wanted = g_strconcat("INDEX ", must_use[i].index, " (", NULL);
        if (g_str_equal(must_use[i].statement, name) && !strstr(plan, wanted))
            fail_msg("%s does not use %s:\n%s", name, must_use[i].index, plan);
    }
}

static void check_plan(sqlite3 *db, const char *name, const char *sql)
{
    g_autoptr(GString) plan = g_string_new(NULL);
    g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", sql, NULL);
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, explain, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", name, sqlite3_errmsg(db));
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(statement, 3);
        g_string_append_printf(plan, "%s\n", detail);
        /* Each row of a recursion that has led to a few, by the name "tied t". */
        bool is_recursion = g_str_equal(detail, "SCAN t") && strstr(sql, "FROM tied t\n");
        /* "M": the full-text index is asked for words, which its plan calls a scan, too. */
        bool scans = g_str_has_prefix(detail, "SCAN") && !is_recursion &&
                     !strstr(detail, "CONSTANT ROW") && !strstr(detail, "(subquery") &&
                     !strstr(detail, "VIRTUAL TABLE INDEX 0:M");
        if (scans && !g_strv_contains(may_scan, name))
            fail_msg("%s: %s", name, detail);
        if (strstr(detail, "visit_day (local_date") && !g_strv_contains(may_read_a_day, name))
            fail_msg("%s reads the day of all facilities: %s", name, detail);
    }
    sqlite3_finalize(statement);
    check_indexes(name, plan->str);
}

static unsigned check_file(sqlite3 *db, const DbOwner *owner, const char *path)
{
    g_autoptr(GBytes) bytes = g_resource_lookup_data(owner->resource, path, 0, NULL);
    assert_non_null(bytes);
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    g_autofree char *text = g_strndup(data, size);
    g_auto(GStrv) blocks = g_strsplit(text, "-- name: ", -1);
    unsigned n = 0;
    for (unsigned i = 1; blocks[i]; i++) {
        char *end = strchr(blocks[i], '\n');
        assert_non_null(end);
        *end = '\0';
        check_plan(db, blocks[i], end + 1);
        n++;
    }
    return n;
}

static void test_no_statement_scans(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    const DbOwner *owner = scheduling_db_owner();
    unsigned n = 0;
    for (unsigned i = 0; owner->statements[i]; i++)
        n += check_file(db, owner, owner->statements[i]);
    assert_true(n > 50);
    sqlite3_close(db);
}

static void test_demo_seed_is_idempotent(void **state)
{
    Fixture *fixture = *state;
    assert_true(fixture->seed.created);
    DemoSeed again = {.scheduling = fixture->scheduling};
    fixture_run(fixture, demo_seed_job, &again);
    assert_false(again.created);
    for (int i = 0; i < DEMO_N_DOCTORS; i++) {
        assert_string_equal(again.doctors[i].id, fixture->seed.doctors[i].id);
        assert_string_equal(again.doctors[i].facility_id, fixture->seed.doctors[i].facility_id);
    }
    assert_string_equal(again.facility_ids[1], fixture->seed.facility_ids[1]);
}

static void on_directory(GPtrArray *facilities, const GError *error, gpointer user_data)
{
    fixture_keep_error(user_data, error);
    assert_int_equal(facilities->len, 2);
    const DirectoryFacility *limboto = g_ptr_array_index(facilities, 1);
    assert_string_equal(limboto->name, "Puskesmas Limboto");
    assert_string_equal(limboto->area, "Limboto, Kabupaten Gorontalo");
    assert_int_equal(limboto->clinics->len, 2);
    const DirectoryClinic *general = g_ptr_array_index(limboto->clinics, 0);
    assert_string_equal(general->name, "Poli Umum");
    assert_int_equal(general->doctors->len, 1);
    const DirectoryDoctor *doctor = g_ptr_array_index(general->doctors, 0);
    assert_string_equal(doctor->name, "dr. Rahmat Hasan");
}

static void on_user(const DirectoryUser *user, const GError *error, gpointer user_data)
{
    fixture_keep_error(user_data, error);
    if (user->practitioner_id)
        assert_string_equal(user->practitioner_name, "dr. Rahmat Hasan");
    else
        ((Fixture *)user_data)->error_code = 77;
}

static void test_directory(void **state)
{
    Fixture *fixture = *state;
    fixture->n_waiting++;
    directory_list(fixture->scheduling, on_directory, fixture);
    fixture_wait(fixture);
    fixture->n_waiting++;
    directory_get_user(fixture->scheduling, "user-0", on_user, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    fixture->n_waiting++;
    directory_get_user(fixture->scheduling, "user-9", on_user, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, 77);
}

static void on_checked_in(const VisitChange *change, const GError *error, gpointer user_data)
{
    (void)change;
    fixture_keep_error(user_data, error);
    if (error)
        print_message("%s\n", error->message);
}

static void on_grant(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    assert_non_null(grant);
    assert_true(token_check_admission(fixture->scheduling, grant, NULL));
    if (grant->role != VISIT_ROLE_PATIENT)
        return;
    Actor actor = {.role = ACTOR_PATIENT, .participant_id = grant->participant_id};
    fixture->n_waiting++;
    visit_check_in(fixture->scheduling, grant->view->id, &actor, on_checked_in, fixture);
}

static void test_demo_visits_can_be_joined(void **state)
{
    Fixture *fixture = *state;
    DemoVisits first = {.scheduling = fixture->scheduling, .n = 200};
    DemoVisits second = {.scheduling = fixture->scheduling, .n = 100};
    fixture_run(fixture, demo_visits_job, &first);
    fixture_run(fixture, demo_visits_job, &second);
    assert_int_equal(first.visits->len, 200);
    assert_int_equal(second.visits->len, 100);
    for (unsigned i = 0; i < 200; i += 19) {
        const DemoVisit *visit = g_ptr_array_index(first.visits, i);
        fixture->n_waiting += 2;
        token_authorize(fixture->scheduling, visit->patient_token, on_grant, fixture);
        token_authorize(fixture->scheduling, visit->doctor_token, on_grant, fixture);
        fixture_wait(fixture);
        assert_int_equal(fixture_state(fixture, visit->visit_id), VISIT_STATE_CHECKED_IN);
    }
    /* No real slot is used up. */
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    demo_visits_clear(&first);
    demo_visits_clear(&second);
}

static bool verify_job(DbTx *tx, gpointer data, GError **error)
{
    return audit_verify(tx, data, error);
}

static void test_trail(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    g_autofree char *visit = g_strdup(fixture->visit_id);
    fixture_check_in(fixture, visit);
    fixture_call(fixture, visit);
    fixture_call(fixture, visit);
    int64_t n_rows = 0;
    fixture_run(fixture, verify_job, &n_rows);
    assert_int_equal(n_rows, 4);
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    sqlite3_prepare_v2(
        db, "SELECT group_concat(kind, ' ') FROM (SELECT kind FROM outbox ORDER BY rowid)", -1,
        &statement, NULL);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal(sqlite3_column_text(statement, 0),
                        "appointment.booked visit.checked_in visit.called visit.called");
    sqlite3_finalize(statement);
    /* No NIK, phone or token in the clear anywhere. */
    g_autofree char *wal = g_strconcat(path, "-wal", NULL);
    const char *files[] = {path, wal};
    for (unsigned i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *bytes = NULL;
        gsize size = 0;
        if (!g_file_get_contents(files[i], &bytes, &size, NULL))
            continue;
        assert_null(memmem(bytes, size, "7571025708900001", 16));
        assert_null(memmem(bytes, size, "81234567890", 11));
        assert_null(memmem(bytes, size, fixture->token, 22));
    }
    sqlite3_close(db);
}

int main(void)
{
#define SQL_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        SQL_TEST(test_no_statement_scans),
        SQL_TEST(test_demo_seed_is_idempotent),
        SQL_TEST(test_directory),
        SQL_TEST(test_demo_visits_can_be_joined),
        SQL_TEST(test_trail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
