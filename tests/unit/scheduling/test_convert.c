// SPDX-License-Identifier: Apache-2.0
/* Visits that are to be held by telephone or at the facility: who may say so and when, what the
 * patient is told, that they are moved and cancelled as others, and at which times. */
#include "tests/unit/scheduling/converter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "scheduling/booking/move.h"
#include "tests/unit/scheduling/caller.h"
#include "tests/unit/scheduling/mail.h"

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

static void assert_way(Fixture *fixture, const char *visit_id, const char *way)
{
    mail_assert_query(fixture, way, "SELECT COALESCE(way, 'video') FROM visit WHERE id = '%s'",
                      visit_id);
}

/* Days before: each message says where to come and leads to where it is moved or cancelled; it is
 * cancelled as another. */
static void test_asked_to_come(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = mail_booked(fixture, 2, 10, 15);
    assert_int_equal(mail_deliver(fixture), 1);
    assert_int_equal(converter_convert(fixture, visit, &loket, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    assert_way(fixture, visit, "in_person");
    g_autofree char *text = mail_texts(fixture);
    const char *begins = "Janji Kam 26/11 10.15 WITA: datang langsung ke Puskesmas";
    assert_true(g_str_has_prefix(text, begins));
    mail_assert_query(fixture, "1",
                      "SELECT instr('%s', ', ' || f.address || '. Rincian: http') > 0 FROM "
                      "visit v JOIN facility f ON f.id = v.facility_id WHERE v.id = '%s'",
                      text, visit);
    /* Said again: once is enough. */
    assert_int_equal(converter_convert(fixture, visit, &doctor, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(mail_deliver(fixture), 0);
    mail_assert_query(fixture, "desk: sinyal pasien lemah",
                      "SELECT group_concat(actor || ': ' || detail) FROM visit_event WHERE "
                      "visit_id = '%s' AND kind = 'converted_in_person'",
                      visit);
    g_autofree char *reasons = fixture_audit_reasons(fixture, "visit.convert");
    assert_string_equal(reasons, "visit.convert: sinyal pasien lemah; ");
    const int64_t reminders[] = {fixture_time(1, 10, 16), fixture_time(2, 9, 16)};
    for (unsigned i = 0; i < G_N_ELEMENTS(reminders); i++) {
        fixture_turn_to(fixture, reminders[i]);
        g_autofree char *reminder = mail_texts(fixture);
        assert_true(g_str_has_prefix(reminder, begins));
        assert_non_null(strstr(reminder, ". Rincian: http"));
    }
    assert_int_equal(fixture_book(fixture, fixture_time(2, 10, 15)), SCHEDULING_ERROR_SLOT_TAKEN);
    fixture_turn_to(fixture, fixture_time(2, 10, 6)); /* too late to set out: no reminder */
    assert_int_equal(mail_deliver(fixture), 0);
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_PATIENT), -1);
    assert_int_equal(converter_convert(fixture, visit, &loket, VISIT_WAY_VIDEO),
                     SCHEDULING_ERROR_VISIT_CANCELLED);
}

static void test_to_and_fro(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = mail_booked(fixture, 1, 10, 15);
    assert_int_equal(mail_deliver(fixture), 1);
    assert_int_equal(converter_convert(fixture, visit, &doctor, VISIT_WAY_PHONE), -1);
    /* What was taken back before it was sent is not sent. */
    assert_int_equal(converter_convert(fixture, visit, &doctor, VISIT_WAY_VIDEO), -1);
    g_autofree char *back = mail_texts(fixture);
    assert_true(g_str_has_prefix(back, "Janji temu Rab 25/11 10.15 WITA di Puskesmas "));
    assert_non_null(strstr(back, " kembali lewat video. Masuk atau pindah: http"));
    assert_null(strchr(back, '\n'));
    clock_advance(fixture->clock, 1000);
    assert_int_equal(converter_convert(fixture, visit, &doctor, VISIT_WAY_PHONE), -1);
    g_autofree char *again = mail_texts(fixture);
    assert_non_null(strstr(again, "dokter menelepon Anda"));
    mail_assert_query(fixture, "3",
                      "SELECT COUNT(*) FROM outbox WHERE kind = 'visit.converted' AND subject_id = "
                      "'%s'",
                      visit);
}

static void on_moved(const Booking *booking, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    g_free(fixture->visit_id);
    fixture->visit_id = g_strdup(error ? NULL : booking->visit_id);
    fixture_keep_error(fixture, error);
}

static int move(Fixture *fixture, const char *visit_id, const Actor *actor, int64_t starts_at_ms)
{
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = starts_at_ms};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit_id, &wish, actor, on_moved, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void test_moved_as_it_is(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = mail_booked(fixture, 1, 10, 15);
    assert_int_equal(converter_convert(fixture, visit, &loket, VISIT_WAY_PHONE), -1);
    mail_deliver(fixture);
    g_autofree char *id = fixture_participant(fixture, visit, VISIT_ROLE_PATIENT);
    const Actor patient = {.role = ACTOR_PATIENT, .participant_id = id};
    assert_int_equal(move(fixture, visit, &patient, fixture_time(1, 14, 0)), -1);
    g_autofree char *moved = g_strdup(fixture->visit_id);
    assert_way(fixture, moved, "phone");
    g_autofree char *text = mail_texts(fixture);
    assert_true(g_str_has_prefix(text, "Janji Rab 25/11 14.00 WITA: dokter menelepon Anda"));
    /* Whoever was quicker: the one that was is over. */
    assert_int_equal(converter_convert(fixture, visit, &loket, VISIT_WAY_VIDEO),
                     SCHEDULING_ERROR_VISIT_CANCELLED);
    assert_int_equal(move(fixture, moved, &loket, fixture_time(2, 9, 0)), -1);
    assert_way(fixture, fixture->visit_id, "phone");
}

/* A post takes down who has no telephone: nobody can phone them, and nobody has. */
static void test_without_a_number(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    g_autofree char *none = secret_box_seal(fixture->box, "visit.phone", "");
    mail_assert_query(
        fixture, visit,
        "UPDATE visit SET phone_sealed = '%s', has_phone = 0 WHERE id = '%s' RETURNING id", none,
        visit);
    assert_int_equal(converter_convert(fixture, visit, &doctor, VISIT_WAY_PHONE),
                     SCHEDULING_ERROR_NO_PHONE);
    assert_way(fixture, visit, "video");
    assert_int_equal(converter_show_phone(fixture, visit, &doctor), SCHEDULING_ERROR_NO_PHONE);
    mail_assert_query(
        fixture, "0",
        "SELECT COUNT(*) FROM visit_event WHERE kind = 'phone_shown' AND visit_id = '%s'", visit);
    assert_int_equal(converter_convert(fixture, visit, &doctor, VISIT_WAY_IN_PERSON), -1);
}

static void test_who_and_when(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0),
                elsewhere = fixture_staff(fixture, ACTOR_DESK, 1);
    const Actor none[] = {{.role = ACTOR_PATIENT}, {.role = ACTOR_ADMIN},  {.role = ACTOR_OFFICE},
                          {.role = ACTOR_OFFICER}, {.role = ACTOR_SYSTEM}, elsewhere};
    const VisitState by_phone = VISIT_STATE_CONVERTED_PHONE;
    Actor coordinator = loket;
    coordinator.role = ACTOR_COORDINATOR;
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    for (unsigned i = 0; i < G_N_ELEMENTS(none); i++)
        assert_int_equal(converter_convert(fixture, visit, &none[i], VISIT_WAY_PHONE),
                         SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(converter_convert(fixture, visit, &coordinator, VISIT_WAY_PHONE), -1);
    assert_int_equal(converter_convert(fixture, visit, &coordinator, VISIT_WAY_VIDEO), -1);
    /* Ending it so would not look at the calendar. */
    assert_int_equal(fixture_end(fixture, visit, by_phone), SCHEDULING_ERROR_BAD_STATE);
    /* Who is called or talks is in the doctor's hands. */
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(converter_convert(fixture, visit, &loket, VISIT_WAY_PHONE),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(converter_convert(fixture, visit, &doctor, VISIT_WAY_PHONE),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_end(fixture, visit, by_phone), -1);
    assert_int_equal(converter_convert(fixture, visit, &doctor, VISIT_WAY_PHONE),
                     SCHEDULING_ERROR_VISIT_ENDED);
    converter_assert_told(fixture, visit, "visit.ended", 1);
    assert_int_equal(converter_show_phone(fixture, visit, &doctor), -1);
    converter_assert_told(fixture, visit, "visit.ended", 1);
    /* Ended so in the call the patient is told, too. */
    mail_assert_query(fixture, "1",
                      "SELECT COUNT(*) FROM notification n JOIN visit v ON v.id = n.visit_id WHERE "
                      "v.id = '%s' AND n.kind = 'converted_phone' AND n.occurrence = "
                      "v.starts_at_ms",
                      visit);
}

/* The visit that was booked last becomes the second doctor's, and so does its place. */
static bool give_to_second_job(DbTx *tx, gpointer data, GError **error)
{
    const Fixture *fixture = data;
    const char *const statements[] = {"queue_claim", "queue_take_slot"};
    for (unsigned i = 0; i < G_N_ELEMENTS(statements); i++) {
        DbQuery *query = db_query(tx, statements[i]);
        db_bind_text(query, 1, fixture->visit_id);
        db_bind_text(query, 2, CALLER_SECOND_ID);
        if (!db_exec(query, error))
            return false;
    }
    return true;
}

/* Who says that another doctor's booked patient is phoned has time then: the place goes along. */
static void test_at_a_time_that_is_free(void **state)
{
    Fixture *fixture = *state;
    const VisitWay by_phone = VISIT_WAY_PHONE;
    g_autofree char *other = mail_booked(fixture, 0, 10, 30);
    fixture_run(fixture, give_to_second_job, fixture);
    g_autofree char *visit = caller_booked_for_any(fixture);
    assert_int_equal(converter_convert(fixture, visit, &caller_second, by_phone),
                     SCHEDULING_ERROR_DOCTOR_TAKEN);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_cancel(fixture, other, ACTOR_DESK), -1);
    assert_int_equal(converter_convert(fixture, visit, &caller_second, by_phone), -1);
    mail_assert_query(fixture, "1",
                      "SELECT practitioner_id = '%s' AND slot_of = practitioner_id FROM visit "
                      "WHERE id = '%s'",
                      CALLER_SECOND_ID, visit);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 30)), -1);
}

/* What has begun is done at once, as a call is, whatever the calendar says. */
static void test_of_who_waits_for_any(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *other = mail_booked(fixture, 0, 10, 30);
    fixture_run(fixture, give_to_second_job, fixture);
    g_autofree char *visit = caller_booked_for_any(fixture);
    fixture_turn_to(fixture, fixture_time(0, 10, 31));
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(converter_convert(fixture, visit, &caller_second, VISIT_WAY_PHONE), -1);
    mail_assert_query(fixture, "1",
                      "SELECT practitioner_id = '%s' AND slot_of <> practitioner_id FROM visit "
                      "WHERE id = '%s'",
                      CALLER_SECOND_ID, visit);
}

/* What a table of before the migration has become: "state way pool" of visit ID, and whether its
 * course is open again. */
static void assert_became(sqlite3 *db, const char *id, const char *expected)
{
    sqlite3_stmt *row;
    g_autofree char *sql = g_strdup_printf(
        "SELECT state || ' ' || COALESCE(way, 'video') || ' ' || pool || ' ' || "
        "(o.ended_at_ms IS NULL) || (o.checked_in_at_ms IS NULL) FROM visit v JOIN visit_course o "
        "ON o.visit_id = v.id WHERE v.id = '%s'",
        id);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(row, 0), expected);
    sqlite3_finalize(row);
}

/* What was said before the call and is still to come goes on as booked; the rest is history. */
static void test_migrated(void **state)
{
    (void)state;
    const char *before =
        "CREATE TABLE visit (id TEXT, state TEXT, ends_at_ms INTEGER, pool INTEGER);"
        "CREATE TABLE visit_course (visit_id TEXT, checked_in_at_ms INTEGER, called_at_ms INTEGER,"
        " ended_at_ms INTEGER, ended_by TEXT);"
        "CREATE TABLE visit_event (visit_id TEXT, kind TEXT, actor TEXT);"
        "INSERT INTO visit VALUES ('come', 'converted_in_person', 9000000000000, 1),"
        " ('phone', 'converted_phone', 9000000000000, 0),"
        " ('phoned', 'converted_phone', 9000000000000, 0),"
        " ('talked', 'converted_phone', 9000000000000, 0),"
        " ('past', 'converted_in_person', 1000, 0), ('other', 'done', 9000000000000, 1);"
        "INSERT INTO visit_course SELECT id, 1, NULL, 3, 'desk' FROM visit;"
        "UPDATE visit_course SET called_at_ms = 2 WHERE visit_id = 'talked';"
        "INSERT INTO visit_event VALUES ('phoned', 'phone_shown', 'doctor'),"
        " ('phone', 'phone_shown', 'desk');";
    sqlite3 *db;
    g_autoptr(GBytes) sql = g_resources_lookup_data(
        "/huyula/scheduling/booking/sql/0345_visit_way.sql", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    assert_non_null(sql);
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, before, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, g_bytes_get_data(sql, NULL), NULL, NULL, NULL), SQLITE_OK);
    assert_became(db, "come", "booked in_person 0 11");
    assert_became(db, "phone", "booked phone 0 11");
    assert_became(db, "phoned", "converted_phone video 0 00");
    assert_became(db, "talked", "converted_phone video 0 00");
    assert_became(db, "past", "converted_in_person video 0 00");
    assert_became(db, "other", "done video 1 00");
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

#define WITH_FIXTURE(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
#define WITH_TWO_DOCTORS(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, caller_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(test_asked_to_come),
        WITH_FIXTURE(test_to_and_fro),
        WITH_FIXTURE(test_moved_as_it_is),
        WITH_FIXTURE(test_without_a_number),
        WITH_FIXTURE(test_who_and_when),
        WITH_TWO_DOCTORS(test_at_a_time_that_is_free),
        WITH_TWO_DOCTORS(test_of_who_waits_for_any),
        cmocka_unit_test(test_migrated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
