// SPDX-License-Identifier: Apache-2.0
/* Migrations and statements as they are in the program: applied, prepared, and planned. The plan is
 * asked of the database library itself, which otherwise only server/base/db does. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "server/base/outbox.h"

/* Statements that read a whole small table, or a whole partial index, on purpose. */
static const char *const may_scan[] = {
    "directory_facilities", "directory_clinics",   "directory_doctors", "demo_doctors",
    "recover_visits",       "hours_doctors",       "setup_areas",       "setup_facilities",
    "setup_clinics",        "setup_practitioners", "setup_members",     "setup_permits",
    "setup_services",       "directory_services",  "letters_unmade",    "person_unindexed",
    "person_split",         "policy_overrides",    "message_overrides", NULL};

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
        /* "M": the full-text index is asked for words, which its plan calls a scan, too. */
        bool scans = g_str_has_prefix(detail, "SCAN") && !strstr(detail, "CONSTANT ROW") &&
                     !strstr(detail, "(subquery") && !strstr(detail, "VIRTUAL TABLE INDEX 0:M");
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

static void test_migrations_once(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *path = g_build_filename(fixture->dir, "other.db", NULL);
    const DbOwner *owners[] = {scheduling_db_owner(), NULL};
    DbOptions options = {.path = path, .owners = owners};
    g_autoptr(GError) error = NULL;
    g_autoptr(Db) db = db_open(&options, &error);
    unsigned n_first = 0, n_second = 7;
    assert_true(db_migrate(db, &n_first, &error));
    assert_true(db_migrate(db, &n_second, &error));
    assert_true(n_first >= 4);
    assert_int_equal(n_second, 0);
    assert_true(db_start(db, &error));
    db_stop(db);
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    char *message = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
    sqlite3_close(db);
}

static char *one_text(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    char *text = g_strdup((const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return text;
}

static void assert_refused(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_CONSTRAINT);
    sqlite3_close(db);
}

static void migrate_to(const char *path, const DbOwner *owner)
{
    const DbOwner *owners[] = {owner, NULL};
    DbOptions options = {.path = path, .owners = owners};
    g_autoptr(GError) error = NULL;
    g_autoptr(Db) db = db_open(&options, &error);
    if (!db_migrate(db, NULL, &error))
        fail_msg("%s", error->message);
}

/* A database as it was just before migration NAME. */
static void migrate_before(const char *path, const char *name)
{
    const DbOwner *now = scheduling_db_owner();
    const char *older[64] = {0};
    unsigned n = 0;
    for (; now->migrations[n] && !strstr(now->migrations[n], name); n++)
        older[n] = now->migrations[n];
    assert_non_null(now->migrations[n]);
    DbOwner before = *now;
    before.migrations = older;
    migrate_to(path, &before);
}

/* What doctors typed for their letters is the permit of each facility where they work and none is
 * on record; what is over, and of whom works nowhere, closes no hours. */
static void test_old_licences_become_permits(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *path = g_build_filename(fixture->dir, "old.db", NULL);
    migrate_before(path, "0180_licence");
    run_sql(
        path,
        "INSERT INTO facility VALUES ('f1', 'F1', 'clinic', '75.01.01', 'a', 'p', 1, 0),"
        "('f2', 'F2', 'clinic', '75.01.01', 'a', 'p', 1, 0);"
        "INSERT INTO clinic VALUES ('c1', 'f1', 'C1', 'A', 1, 0), ('c2', 'f1', 'C2', 'B', 1, 0),"
        "('c3', 'f2', 'C3', 'A', 1, 0);"
        "INSERT INTO practitioner (id, name, created_at_ms) VALUES ('one', 'P', 0),"
        "('two', 'P', 0), ('over', 'P', 0), ('left', 'P', 0);"
        "INSERT INTO clinic_member (clinic_id, practitioner_id, is_active) VALUES"
        "('c1', 'one', 1), ('c2', 'one', 1), ('c1', 'two', 1), ('c3', 'two', 1),"
        "('c1', 'over', 1), ('c1', 'left', 0);"
        "INSERT INTO practice_permit VALUES ('f1', 'two', 'KEPT', '2099-01-01');"
        "INSERT INTO licence VALUES ('one', 'SIP-1', '2098-01-01', 0),"
        "('two', 'SIP-2', '2098-01-01', 0), ('over', 'SIP-3', '2020-01-01', 0),"
        "('left', 'SIP-4', '2098-01-01', 0);");
    migrate_to(path, scheduling_db_owner());
    g_autofree char *permits = one_text(
        path, "SELECT group_concat(facility_id || ' ' || practitioner_id || ' ' || number || ' ' ||"
              " valid_until, '; ') FROM (SELECT * FROM practice_permit"
              " ORDER BY facility_id, practitioner_id)");
    assert_string_equal(permits, "f1 one SIP-1 2098-01-01; f1 two KEPT 2099-01-01; "
                                 "f2 two SIP-2 2098-01-01");
    g_autofree char *left =
        one_text(path, "SELECT count(*) FROM sqlite_master WHERE name = 'licence'");
    assert_string_equal(left, "0");
}

/* The weekly hours of a clinic of the version before are its rules now. */
static void test_old_hours_become_rules(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *path = g_build_filename(fixture->dir, "old.db", NULL);
    const DbOwner *now = scheduling_db_owner();
    const char *older[8] = {0};
    for (unsigned i = 0; i < 6; i++)
        older[i] = now->migrations[i];
    DbOwner before = *now;
    before.migrations = older;
    migrate_to(path, &before);
    run_sql(path,
            "INSERT INTO facility VALUES ('f', 'F', 'clinic', '75.01.01', 'a', 'p', 1, 0);"
            "INSERT INTO clinic VALUES ('c', 'f', 'C', 'A', 1, 0);"
            "INSERT INTO practitioner VALUES ('p', 'P', NULL, NULL, 1, 0);"
            "INSERT INTO clinic_member VALUES ('c', 'p');"
            "INSERT INTO hour_rule VALUES ('r1', 'c', 'p', 2, 480, 720, 15, '2026-01-01', NULL),"
            "('r2', 'c', 'p', 3, 480, 720, 20, '2026-01-01', '2026-06-30'),"
            "('r3', 'c', 'p', 4, 480, 720, 20, '2026-01-02', '2026-01-01');");
    migrate_to(path, now);
    g_autofree char *rules = one_text(
        path,
        "SELECT group_concat(id || ' ' || weekday || ' ' || from_minute || '-' || to_minute ||"
        " ' ' || mode || ' ' || slot_minutes || ' ' || valid_from || ' ' ||"
        " COALESCE(valid_until, '-'), '; ') FROM (SELECT * FROM hours_rule ORDER BY id)");
    assert_string_equal(rules, "r1 2 480-720 slots 15 2026-01-01 -; "
                               "r2 3 480-720 slots 20 2026-01-01 2026-06-30");
}

/* Visits of a database of before 0300 are found by what stands in place of its indexes. */
static void test_old_visits_are_found(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *path = g_build_filename(fixture->dir, "old.db", NULL);
    migrate_before(path, "0300_booking_indexes");
    run_sql(
        path,
        "INSERT INTO facility VALUES ('f', 'F', 'clinic', '75.01.01', 'a', 'p', 1, 0);"
        "INSERT INTO clinic (id, facility_id, name, letter, created_at_ms)"
        " VALUES ('c', 'f', 'C', 'A', 0);"
        "INSERT INTO practitioner (id, name, created_at_ms) VALUES ('p', 'P', 0);"
        "INSERT INTO patient (id, name, birth_date, created_at_ms) VALUES ('who', 'W', '1990', 0);"
        "WITH RECURSIVE number (value) AS"
        " (SELECT 1 UNION ALL SELECT value + 1 FROM number WHERE value < 9)"
        " INSERT INTO visit (id, code, mode, state, patient_id, practitioner_id, clinic_id,"
        " facility_id, starts_at_ms, ends_at_ms, local_date, number, number_text, lang,"
        " phone_sealed, phone_index, created_at_ms, pool)"
        " SELECT 'v' || value, value, CASE value WHEN 9 THEN 'demo' ELSE 'slot' END,"
        " CASE value % 3 WHEN 0 THEN 'booked' WHEN 1 THEN 'called' ELSE 'done' END, 'who', 'p',"
        " 'c', 'f', value, value + 1, '2026-11-30', value, value, 'id', '',"
        " printf('%064d', value), 0, value = 3 FROM number;"
        "INSERT INTO participant (id, visit_id, role, created_at_ms, is_present, label) VALUES"
        " ('a1', 'v1', 'patient', 7, 1, NULL), ('a2', 'v1', 'guest', 8, 0, 'family');"
        "INSERT INTO visit_course VALUES ('v2', 1, 2, 3, 4, 5, 6, 'doctor', 7, 8, 9, 10, 11);"
        "INSERT INTO join_token (id, hash, kind, visit_id, participant_id, created_at_ms,"
        " expires_at_ms) VALUES ('k', 'h', 'visit', 'v1', 'a1', 0, 1);"
        "INSERT INTO notification (id, visit_id, kind, occurrence, state, due_at_ms, n_attempts,"
        " reason, created_at_ms, ended_at_ms) VALUES"
        " ('n1', 'v1', 'late', 3, 'failed', 4, 5, 'no_answer', 6, 7);");
    migrate_to(path, scheduling_db_owner());
    g_autofree char *counts = one_text(
        path, "SELECT printf('%d %d %d %d %d %d',"
              " (SELECT COUNT(*) FROM visit INDEXED BY visit_demo_start WHERE mode = 'demo'),"
              " (SELECT COUNT(*) FROM visit INDEXED BY visit_day WHERE local_date = '2026-11-30'),"
              " (SELECT COUNT(*) FROM visit INDEXED BY visit_clinic_day WHERE clinic_id = 'c'"
              "  AND state <> 'booked'),"
              " (SELECT COUNT(*) FROM visit INDEXED BY visit_pool_day WHERE clinic_id = 'c'"
              "  AND pool = 1),"
              " (SELECT COUNT(*) FROM visit INDEXED BY visit_booked_end WHERE state = 'booked'),"
              " (SELECT COUNT(*) FROM visit INDEXED BY visit_called"
              "  WHERE state IN ('called', 'in_call')))");
    assert_string_equal(counts, "1 9 6 1 3 3");
    g_autofree char *kept = one_text(
        path,
        "SELECT (SELECT group_concat(id || visit_id || role || created_at_ms || is_present ||"
        " COALESCE(label, '-'), ' ') FROM (SELECT * FROM participant ORDER BY id)) || ' ' ||"
        " (SELECT id || visit_id || kind || occurrence || state || due_at_ms || n_attempts ||"
        " reason || created_at_ms || ended_at_ms FROM notification) || ' ' ||"
        " (SELECT visit_id || checked_in_at_ms || called_at_ms || n_calls || accepted_at_ms ||"
        " in_call_at_ms || ended_at_ms || ended_by || both_start_ms || both_end_ms || both_ms ||"
        " both_open_since_ms || media_open FROM visit_course)");
    assert_string_equal(kept, "a1v1patient71- a2v1guest80family n1v1late3failed45no_answer67 "
                              "v2123456doctor7891011");
    assert_refused(path, "UPDATE participant SET role = 'nurse'");
    assert_refused(path, "UPDATE participant SET label = 'x' WHERE id = 'a2'");
    assert_refused(path, "UPDATE notification SET kind = 'x'");
    assert_refused(path, "UPDATE notification SET state = 'x'");
    g_autofree char *sound = one_text(path, "PRAGMA integrity_check");
    assert_string_equal(sound, "ok");
}

static const char place_and_person[] =
    "INSERT INTO facility VALUES ('f', 'F', 'clinic', '75.01.01', 'a', 'p', 1, 0);"
    "INSERT INTO clinic (id, facility_id, name, letter, created_at_ms)"
    " VALUES ('c', 'f', 'C', 'A', 0);"
    "INSERT INTO practitioner (id, name, created_at_ms) VALUES ('p', 'P', 0);"
    "INSERT INTO patient (id, name, birth_date, created_at_ms) VALUES ('one', 'W', '1990', 0),"
    " ('two', 'W', '1990', 0);"
    "INSERT INTO patient_pair (id, first_id, second_id, state, found_at_ms)"
    " VALUES ('q', 'one', 'two', 'open', 0);";
#define VISIT_INTO(columns, id, patient, values)                                                   \
    "INSERT INTO visit (id, code, mode, state, patient_id, practitioner_id, clinic_id,"            \
    " facility_id, starts_at_ms, ends_at_ms, local_date, number, number_text, lang,"               \
    " phone_sealed, phone_index, created_at_ms, slot_of" columns ") SELECT '" id "', '" id         \
    "', 'slot', 'booked', '" patient "', 'p', 'c', 'f', 5, 6, '2026-11-30', COUNT(*), 'n', 'id',"  \
    " '', '', 0, 'p'" values " FROM visit;"

/* What 0300 makes anew does what it did before. */
static void test_slots_and_pairs_are_kept(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *path = g_build_filename(fixture->dir, "new.db", NULL);
    migrate_to(path, scheduling_db_owner());
    run_sql(path, place_and_person);
    const char in_pairs[] = "SELECT COUNT(*) FROM patient_pair_facility WHERE pair_id = 'q'"
                            " AND facility_id = 'f' AND state = 'open'";
    g_autofree char *nowhere = one_text(path, in_pairs);
    assert_string_equal(nowhere, "0");
    run_sql(path, VISIT_INTO("", "a", "one", ""));
    g_autofree char *by_first = one_text(path, in_pairs);
    assert_string_equal(by_first, "1");
    run_sql(path, "DELETE FROM patient_pair_facility");
    run_sql(path, VISIT_INTO(", is_extra", "b", "two", ", 1"));
    g_autofree char *by_second = one_text(path, in_pairs);
    assert_string_equal(by_second, "1");
    /* Each place of a slot has one holder until it is let go. */
    assert_refused(path, VISIT_INTO("", "x", "one", ""));
    assert_refused(path, VISIT_INTO(", is_extra", "x", "one", ", 1"));
    run_sql(path, VISIT_INTO(", group_place", "d", "one", ", 1"));
    run_sql(path, VISIT_INTO(", group_place", "e", "two", ", 2"));
    assert_refused(path, VISIT_INTO(", group_place", "x", "one", ", 2"));
    const char *const over[] = {"cancelled_patient", "cancelled_provider", "cancelled_system",
                                "rescheduled"};
    for (unsigned i = 0; i < G_N_ELEMENTS(over); i++) {
        g_autofree char *end =
            g_strdup_printf("UPDATE visit SET state = '%s' WHERE id = 'a'", over[i]);
        run_sql(path, end);
        run_sql(path, VISIT_INTO("", "x", "one", ""));
        assert_refused(path, "UPDATE visit SET state = 'booked' WHERE id = 'a'");
        run_sql(path, "DELETE FROM visit WHERE id = 'x'");
    }
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
        SQL_TEST(test_no_statement_scans),        SQL_TEST(test_migrations_once),
        SQL_TEST(test_old_hours_become_rules),    SQL_TEST(test_old_licences_become_permits),
        SQL_TEST(test_old_visits_are_found),      SQL_TEST(test_slots_and_pairs_are_kept),
        SQL_TEST(test_demo_seed_is_idempotent),   SQL_TEST(test_directory),
        SQL_TEST(test_demo_visits_can_be_joined), SQL_TEST(test_trail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
