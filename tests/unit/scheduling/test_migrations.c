// SPDX-License-Identifier: Apache-2.0
/* Migrations as they are in the program: applied once, to databases of versions before as well. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

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
    const char *older[128] = {0};
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

static void test_older_bookings_are_reminded(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *path = g_build_filename(fixture->dir, "old.db", NULL);
    migrate_before(path, "/0170_");
    run_sql(
        path,
        "INSERT INTO facility (id, name, kind, area_code, address, phone, created_at_ms) VALUES "
        "('f', 'F', 'clinic', '75.01.01', 'a', 'p', 0);"
        "INSERT INTO clinic (id, facility_id, name, letter, created_at_ms) VALUES "
        "('c', 'f', 'C', 'A', 0);"
        "INSERT INTO practitioner (id, name, created_at_ms) VALUES ('d', 'D', 0);"
        "INSERT INTO patient (id, name, birth_date, created_at_ms) VALUES "
        "('p', 'P', '1990-01-01', 0);"
        "INSERT INTO visit (id, code, mode, state, patient_id, practitioner_id, clinic_id, "
        "facility_id, starts_at_ms, ends_at_ms, local_date, number, number_text, lang, "
        "phone_sealed, phone_index, created_at_ms, pool, slot_of) VALUES "
        "('v1', 'c1', 'slot', 'booked', 'p', 'd', 'c', 'f', 200000000, 200900000, 'x', 1, 'A-1', "
        "'id', '', '', 0, 0, 'd'),"
        "('v2', 'c2', 'slot', 'booked', 'p', 'd', 'c', 'f', 201000000, 201900000, 'x', 2, 'A-2', "
        "'id', '', '', 190000000, 0, 'd'),"
        "('v3', 'c3', 'slot', 'done', 'p', 'd', 'c', 'f', 202000000, 202900000, 'x', 3, 'A-3', "
        "'id', '', '', 0, 0, 'd');");
    migrate_to(path, scheduling_db_owner());
    g_autofree char *made = one_text(
        path,
        "SELECT group_concat(visit_id || ' ' || kind || ' ' || (occurrence - due_at_ms), ', ') "
        "FROM (SELECT * FROM notification ORDER BY visit_id, due_at_ms)");
    assert_string_equal(made, "v1 day_before 86400000, v1 hour_before 3600000, v1 soon 600000, "
                              "v2 hour_before 3600000, v2 soon 600000");
}

/* What was written beside the account is gone, whatever it said: the account says it. */
static void test_who_is_disabled_is_asked_of_the_account(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *path = g_build_filename(fixture->dir, "old.db", NULL);
    migrate_before(path, "/0394_");
    run_sql(path, "INSERT INTO practitioner (id, name, user_id, has_login, created_at_ms) VALUES"
                  "('left behind', 'P', 'u1', 0, 0), ('other', 'P', 'u2', 1, 0);");
    migrate_to(path, scheduling_db_owner());
    g_autofree char *without =
        one_text(path, "SELECT group_concat(p.id || ' ' || (x.user_id IS NOT NULL), ', ') FROM"
                       " practitioner p LEFT JOIN login_disabled x ON x.user_id = p.user_id");
    assert_string_equal(without, "left behind 0, other 0");
    g_autofree char *left = one_text(
        path, "SELECT count(*) FROM pragma_table_info('practitioner') WHERE name = 'has_login'");
    assert_string_equal(left, "0");
}

/* A post has taken down who has none since long. */
static void test_who_has_no_telephone_is_found(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *path = g_build_filename(fixture->dir, "old.db", NULL);
    migrate_before(path, "/0411_");
    run_sql(path,
            "INSERT INTO facility (id, name, kind, area_code, address, phone, created_at_ms) VALUES"
            " ('f', 'F', 'clinic', '75.01.01', 'a', 'p', 0);"
            "INSERT INTO clinic (id, facility_id, name, letter, created_at_ms) VALUES"
            " ('c', 'f', 'C', 'A', 0);"
            "INSERT INTO practitioner (id, name, created_at_ms) VALUES ('d', 'D', 0);"
            "INSERT INTO patient (id, name, birth_date, created_at_ms, person_id) VALUES"
            " ('p', 'P', '1990-01-01', 0, 'p');");
    const char *const phones[] = {"", "+62435123456", "+6281234567890"};
    for (unsigned i = 0; i < G_N_ELEMENTS(phones); i++) {
        g_autofree char *sealed = secret_box_seal(fixture->box, "visit.phone", phones[i]);
        g_autofree char *sql = g_strdup_printf(
            "INSERT INTO visit (id, code, mode, state, patient_id, practitioner_id, clinic_id,"
            " facility_id, starts_at_ms, ends_at_ms, local_date, number, number_text, lang,"
            " phone_sealed, phone_index, created_at_ms, pool) VALUES ('v%u', 'c%u', 'slot',"
            " 'done', 'p', 'd', 'c', 'f', %u, %u, 'x', %u, 'A-1', 'id', '%s', 'i%u', 0, 0);",
            i, i, i + 1, i + 2, i + 1, sealed, i);
        run_sql(path, sql);
    }
    migrate_to(path, scheduling_db_owner());
    g_autofree char *found = one_text(
        path, "SELECT group_concat(has_phone, ' ') FROM (SELECT * FROM visit ORDER BY id)");
    assert_string_equal(found, "0 1 1");
    /* SQL cannot know which is a fixed line. */
    g_autofree char *unknown =
        one_text(path, "SELECT COUNT(*) FROM visit WHERE is_fixed_line IS NULL");
    assert_string_equal(unknown, "3");
}

/* What an entry's telephone was until then is what its visit has: nothing else had changed it. */
static void test_what_an_entry_said_is_the_visits(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *path = g_build_filename(fixture->dir, "old.db", NULL);
    migrate_before(path, "/0414_");
    run_sql(path,
            "INSERT INTO facility (id, name, kind, area_code, address, phone, created_at_ms) VALUES"
            " ('f', 'F', 'clinic', '75.01.01', 'a', 'p', 0);"
            "INSERT INTO clinic (id, facility_id, name, letter, created_at_ms) VALUES"
            " ('c', 'f', 'C', 'A', 0);"
            "INSERT INTO practitioner (id, name, created_at_ms) VALUES ('d', 'D', 0);"
            "INSERT INTO patient (id, name, birth_date, created_at_ms, person_id) VALUES"
            " ('p', 'P', '1990-01-01', 0, 'p');"
            "INSERT INTO outreach_session (id, facility_id, clinic_id, area_code, village,"
            " local_date, created_by, created_at_ms) VALUES"
            " ('s', 'f', 'c', '75.01.01', 'D', 'x', 'u', 0);"
            "INSERT INTO visit (id, code, mode, state, patient_id, practitioner_id, clinic_id,"
            " facility_id, starts_at_ms, ends_at_ms, local_date, number, number_text, lang,"
            " phone_sealed, phone_index, created_at_ms, pool, has_phone) VALUES"
            " ('v1', 'c1', 'slot', 'done', 'p', 'd', 'c', 'f', 1, 2, 'x', 1, 'A-1', 'id', 's',"
            " 'i1', 0, 0, 1),"
            " ('v2', 'c2', 'slot', 'done', 'p', 'd', 'c', 'f', 2, 3, 'x', 2, 'A-2', 'id', 's',"
            " 'i2', 0, 0, 0);"
            "INSERT INTO outreach_entry (id, session_id, device_id, sequence, revision, hash,"
            " visit_id, reason, identity, taken_by, registered_at_ms, received_at_ms) VALUES"
            " ('e1', 's', 'd', 1, 1, 'h', 'v1', 'r', 'ktp', 'u', 0, 0),"
            " ('e2', 's', 'd', 2, 1, 'h', 'v2', 'r', 'ktp', 'u', 0, 0);");
    migrate_to(path, scheduling_db_owner());
    g_autofree char *found =
        one_text(path, "SELECT group_concat(COALESCE(phone_index, '-'), ' ') FROM (SELECT * FROM "
                       "outreach_entry ORDER BY id)");
    assert_string_equal(found, "i1 -");
}

int main(void)
{
#define MIGRATION_TEST(test)                                                                       \
    cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        MIGRATION_TEST(test_migrations_once),
        MIGRATION_TEST(test_old_licences_become_permits),
        MIGRATION_TEST(test_old_hours_become_rules),
        MIGRATION_TEST(test_old_visits_are_found),
        MIGRATION_TEST(test_slots_and_pairs_are_kept),
        MIGRATION_TEST(test_older_bookings_are_reminded),
        MIGRATION_TEST(test_who_is_disabled_is_asked_of_the_account),
        MIGRATION_TEST(test_who_has_no_telephone_is_found),
        MIGRATION_TEST(test_what_an_entry_said_is_the_visits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
