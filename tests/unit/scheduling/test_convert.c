// SPDX-License-Identifier: Apache-2.0
/* Visits that go on by telephone or at the facility before they were called: who may say so, what
 * the patient is told, what stays taken, and that a doctor hears whom to phone. */
#include "tests/unit/scheduling/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/convert.h"
#include "scheduling/booking/follow_up.h"

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
static const Actor second = {.role = ACTOR_DOCTOR, .user_id = "user-1"};

static Actor desk(const Fixture *fixture, unsigned facility)
{
    return (Actor){.role = ACTOR_DESK,
                   .user_id = "user-9",
                   .facility_id = fixture->seed.facility_ids[facility]};
}

static void on_step(const VisitChange *change, const GError *error, gpointer user_data)
{
    (void)change;
    fixture_keep_error(user_data, error);
}

static int convert(Fixture *fixture, const char *visit_id, const Actor *actor, VisitState to)
{
    fixture->n_waiting++;
    visit_convert(fixture->scheduling, visit_id, actor, to, "sinyal pasien lemah", on_step,
                  fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* The texts of what is due now, in one. */
static char *said(Fixture *fixture)
{
    GPtrArray *deliveries = mail_claim(fixture);
    GString *texts = g_string_new(NULL);
    for (unsigned i = 0; i < deliveries->len; i++) {
        const Delivery *delivery = deliveries->pdata[i];
        g_string_append_printf(texts, "%s%s", i ? "\n" : "", delivery->text);
    }
    mail_report(fixture, deliveries, NULL);
    return g_string_free(texts, FALSE);
}

static void test_asked_to_come(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = desk(fixture, 0);
    g_autofree char *visit = mail_booked(fixture, 1, 10, 15);
    assert_int_equal(mail_deliver(fixture), 1);
    /* Until its day it is moved or cancelled. */
    assert_int_equal(convert(fixture, visit, &loket, VISIT_STATE_CONVERTED_IN_PERSON),
                     SCHEDULING_ERROR_NOT_TODAY);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    clock_advance(fixture->clock, fixture_time(1, 8, 0) - clock_wall_ms(fixture->clock));
    g_autofree char *reminder = said(fixture);
    assert_null(strstr(reminder, "bukan lewat video"));
    assert_int_equal(convert(fixture, visit, &loket, VISIT_STATE_CONVERTED_IN_PERSON), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_CONVERTED_IN_PERSON);
    g_autofree char *text = said(fixture);
    assert_non_null(strstr(text, "Janji temu Rab 25/11 10.15 WITA bukan lewat video: datang "
                                 "langsung ke Puskesmas"));
    mail_assert_query(fixture, "1",
                      "SELECT instr('%s', ', ' || f.address || '. Tanya: ' || f.phone) > 0 FROM "
                      "visit v JOIN facility f ON f.id = v.facility_id WHERE v.id = '%s'",
                      text, visit);
    mail_assert_query(fixture, "desk: sinyal pasien lemah",
                      "SELECT actor || ': ' || detail FROM visit_event WHERE visit_id = '%s' AND "
                      "kind = 'converted_in_person'",
                      visit);
    g_autofree char *reasons = fixture_audit_reasons(fixture, "visit.convert");
    assert_non_null(strstr(reasons, "visit.convert: sinyal pasien lemah; "));
    /* Reminders are moot, and the patient comes at that time: it is nobody else's. */
    assert_int_equal(fixture_book(fixture, fixture_time(1, 10, 15)), SCHEDULING_ERROR_SLOT_TAKEN);
    clock_advance(fixture->clock, fixture_time(1, 9, 20) - clock_wall_ms(fixture->clock));
    assert_int_equal(mail_deliver(fixture), 0);
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_PATIENT), SCHEDULING_ERROR_VISIT_ENDED);
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_DESK), SCHEDULING_ERROR_VISIT_ENDED);
}

/* Whether the day's list of ACTOR says that VISIT_ID is to be phoned. */
typedef struct {
    Fixture *fixture;
    const char *visit_id;
    bool is_to_phone;
} Look;

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    Look *look = user_data;
    fixture_keep_error(look->fixture, error);
    for (unsigned i = 0; day && i < day->visits->len; i++) {
        const DayVisit *visit = day->visits->pdata[i];
        if (strcmp(visit->id, look->visit_id) == 0)
            look->is_to_phone = visit->is_to_phone;
    }
}

static bool is_to_phone(Fixture *fixture, const char *visit_id)
{
    Look look = {fixture, visit_id, false};
    fixture->n_waiting++;
    day_list(fixture->scheduling, &doctor, NULL, on_day, &look);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return look.is_to_phone;
}

static void on_phone(const char *phone, const GError *error, gpointer user_data)
{
    (void)phone;
    fixture_keep_error(user_data, error);
}

static void show_phone(Fixture *fixture, const char *visit_id, const Actor *actor)
{
    fixture->n_waiting++;
    follow_up_show_phone(fixture->scheduling, visit_id, actor, on_phone, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

/* How often the outside was told KIND of the visit. */
static void assert_told(Fixture *fixture, const char *visit, const char *kind, const char *times)
{
    mail_assert_query(fixture, times,
                      "SELECT COUNT(*) FROM outbox WHERE kind = '%s' AND subject_id = '%s'", kind,
                      visit);
}

static void test_doctor_is_to_phone(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = desk(fixture, 0);
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(mail_deliver(fixture), 1);
    assert_false(is_to_phone(fixture, visit));
    assert_int_equal(convert(fixture, visit, &loket, VISIT_STATE_CONVERTED_PHONE), -1);
    g_autofree char *text = said(fixture);
    assert_non_null(strstr(text, "Janji temu Sel 24/11 10.15 WITA: dokter menelepon Anda"));
    assert_true(is_to_phone(fixture, visit));
    show_phone(fixture, visit, &loket); /* it is the doctor who phones */
    assert_true(is_to_phone(fixture, visit));
    assert_told(fixture, visit, "visit.converted", "1");
    assert_told(fixture, visit, "visit.ended", "0");
    show_phone(fixture, visit, &doctor);
    assert_false(is_to_phone(fixture, visit));
    show_phone(fixture, visit, &doctor);
    assert_told(fixture, visit, "visit.ended", "1");
}

static void test_who_and_when(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = desk(fixture, 0), elsewhere = desk(fixture, 1);
    const Actor none[] = {{.role = ACTOR_PATIENT}, {.role = ACTOR_ADMIN},  {.role = ACTOR_OFFICE},
                          {.role = ACTOR_OFFICER}, {.role = ACTOR_SYSTEM}, elsewhere};
    const VisitState by_phone = VISIT_STATE_CONVERTED_PHONE;
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    for (unsigned i = 0; i < G_N_ELEMENTS(none); i++)
        assert_int_equal(convert(fixture, visit, &none[i], by_phone), SCHEDULING_ERROR_FORBIDDEN);
    /* Nothing but the two. */
    assert_int_equal(convert(fixture, visit, &loket, VISIT_STATE_DONE), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(convert(fixture, visit, &loket, VISIT_STATE_CANCELLED_PROVIDER),
                     SCHEDULING_ERROR_BAD_STATE);
    /* Ending it so would neither look at the day nor at the calendar. */
    assert_int_equal(fixture_end(fixture, visit, by_phone), SCHEDULING_ERROR_BAD_STATE);
    /* Who is called or talks is in the doctor's hands. */
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(convert(fixture, visit, &loket, by_phone), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(convert(fixture, visit, &doctor, by_phone), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_end(fixture, visit, by_phone), -1);
    assert_int_equal(convert(fixture, visit, &doctor, by_phone), SCHEDULING_ERROR_VISIT_ENDED);
    assert_told(fixture, visit, "visit.converted", "0");
    assert_told(fixture, visit, "visit.ended", "1");
    show_phone(fixture, visit, &doctor);
    assert_told(fixture, visit, "visit.ended", "1");
    /* Ended so in the call the patient is told, too, and once. */
    mail_assert_query(fixture, "1",
                      "SELECT COUNT(*) FROM notification WHERE visit_id = '%s' AND kind = "
                      "'converted_phone'",
                      visit);
}

/* The second doctor of the seed works in the first one's clinic, too, without hours there. */
static bool second_doctor_job(DbTx *tx, gpointer data, GError **error)
{
    const Fixture *fixture = data;
    DbQuery *member = db_query(tx, "demo_member_insert");
    db_bind_text(member, 1, fixture->clinic_id);
    db_bind_text(member, 2, fixture->seed.doctors[1].id);
    return db_exec(member, error) &&
           directory_link_user(tx, fixture->seed.doctors[1].id, "user-1", error);
}

/* The visit that was booked last becomes the second doctor's, and so does its place. */
static bool give_to_second_job(DbTx *tx, gpointer data, GError **error)
{
    const Fixture *fixture = data;
    const char *const statements[] = {"queue_claim", "queue_take_slot"};
    for (unsigned i = 0; i < G_N_ELEMENTS(statements); i++) {
        DbQuery *query = db_query(tx, statements[i]);
        db_bind_text(query, 1, fixture->visit_id);
        db_bind_text(query, 2, fixture->seed.doctors[1].id);
        if (!db_exec(query, error))
            return false;
    }
    return true;
}

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    char **visit_id = user_data;
    assert_null(error);
    *visit_id = g_strdup(booking->visit_id);
}

/* Somebody else's at 10.30, with any doctor of the clinic: in the first one's place. */
static char *booked_for_any(Fixture *fixture)
{
    BookingRequest *request = fixture_request(fixture, fixture_time(0, 10, 30));
    char *visit_id = NULL;
    request->any_doctor = true;
    g_free(request->name);
    request->name = g_strdup("Hasan Mohamad");
    g_clear_pointer(&request->nik, secret_text_free);
    booking_create(fixture->scheduling, request, on_booked, &visit_id);
    while (!visit_id)
        g_main_context_iteration(NULL, TRUE);
    return visit_id;
}

/* Who says that another doctor's booked patient is phoned has time then: the place goes along. */
static void test_at_a_time_that_is_free(void **state)
{
    Fixture *fixture = *state;
    const VisitState by_phone = VISIT_STATE_CONVERTED_PHONE;
    fixture_run(fixture, second_doctor_job, fixture);
    g_autofree char *other = mail_booked(fixture, 0, 10, 30);
    fixture_run(fixture, give_to_second_job, fixture);
    g_autofree char *visit = booked_for_any(fixture);
    assert_int_equal(convert(fixture, visit, &second, by_phone), SCHEDULING_ERROR_DOCTOR_TAKEN);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_cancel(fixture, other, ACTOR_DESK), -1);
    assert_int_equal(convert(fixture, visit, &second, by_phone), -1);
    mail_assert_query(fixture, "1",
                      "SELECT practitioner_id = '%s' AND slot_of = practitioner_id FROM visit "
                      "WHERE id = '%s'",
                      fixture->seed.doctors[1].id, visit);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 30)), -1);
}

/* What has begun is done at once, as a call is, whatever the calendar says. */
static void test_of_who_waits_for_any(void **state)
{
    Fixture *fixture = *state;
    fixture_run(fixture, second_doctor_job, fixture);
    g_autofree char *other = mail_booked(fixture, 0, 10, 30);
    fixture_run(fixture, give_to_second_job, fixture);
    g_autofree char *visit = booked_for_any(fixture);
    clock_advance(fixture->clock, fixture_time(0, 10, 31) - clock_wall_ms(fixture->clock));
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(convert(fixture, visit, &second, VISIT_STATE_CONVERTED_PHONE), -1);
    mail_assert_query(fixture, "1",
                      "SELECT practitioner_id = '%s' AND slot_of <> practitioner_id FROM visit "
                      "WHERE id = '%s'",
                      fixture->seed.doctors[1].id, visit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_asked_to_come, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_doctor_is_to_phone, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_who_and_when, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_at_a_time_that_is_free, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_of_who_waits_for_any, fixture_set_up,
                                        fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
