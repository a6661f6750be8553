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
    clock_advance(fixture->clock, 24 * HOUR_MS);
    assert_int_equal(mail_deliver(fixture), 0);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 10, 15)), SCHEDULING_ERROR_SLOT_TAKEN);
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
    show_phone(fixture, visit, &doctor);
    assert_false(is_to_phone(fixture, visit));
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
    /* Who is called or talks is in the doctor's hands. */
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(convert(fixture, visit, &loket, by_phone), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(convert(fixture, visit, &doctor, by_phone), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_end(fixture, visit, by_phone), -1);
    assert_int_equal(convert(fixture, visit, &doctor, by_phone), SCHEDULING_ERROR_VISIT_ENDED);
    /* Ended so in the call the patient is told, too, and once. */
    mail_assert_query(fixture, "1",
                      "SELECT COUNT(*) FROM notification WHERE visit_id = '%s' AND kind = "
                      "'converted_phone'",
                      visit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_asked_to_come, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_doctor_is_to_phone, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_who_and_when, fixture_set_up, fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
