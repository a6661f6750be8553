// SPDX-License-Identifier: Apache-2.0
/* Visits that are held by telephone or at the facility, on their day: whom a doctor is to phone,
 * who comes and who does not, and what becomes of them by time. */
#include "tests/unit/scheduling/changer.h"
#include "tests/unit/scheduling/converter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/queue_step.h"
#include "tests/unit/scheduling/mail.h"
#include "tests/unit/scheduling/sweeper.h"

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

static bool is_to_phone(Fixture *fixture, const char *visit_id)
{
    return fixture_listed(fixture, &doctor, visit_id).is_to_phone;
}

static void test_doctor_is_to_phone(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(mail_deliver(fixture), 1);
    assert_int_equal(converter_show_phone(fixture, visit, &doctor),
                     -1); /* to ask whether that suits */
    assert_int_equal(converter_convert(fixture, visit, &loket, VISIT_WAY_PHONE), -1);
    g_autofree char *text = mail_texts(fixture);
    assert_non_null(strstr(text, "Janji Sel 24/11 10.15 WITA: dokter menelepon Anda"));
    /* Nobody waits any more, and nobody can. */
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    mail_assert_query(fixture, "1",
                      "SELECT checked_in_at_ms IS NULL FROM visit_course WHERE visit_id = '%s'",
                      visit);
    assert_int_equal(fixture_check_in(fixture, visit), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_step(fixture, visit_check_in, visit, &loket),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_call(fixture, visit), SCHEDULING_ERROR_BAD_STATE);
    assert_true(is_to_phone(fixture, visit));
    assert_int_equal(converter_show_phone(fixture, visit, &loket),
                     -1); /* it is the doctor who phones */
    assert_true(is_to_phone(fixture, visit));
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), SCHEDULING_ERROR_NOT_MET);
    converter_assert_told(fixture, visit, "visit.converted", 1);
    assert_int_equal(converter_show_phone(fixture, visit, &doctor), -1);
    assert_false(is_to_phone(fixture, visit));
    converter_assert_told(fixture, visit, "visit.ended", 0);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), -1);
    converter_assert_told(fixture, visit, "visit.ended", 1);
    assert_int_equal(mail_deliver(fixture), 0);
}

/* A stranger answered: with the right number the patient is still to be phoned. */
static void test_another_number_is_to_be_phoned(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_auto(Changer) changer = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    assert_int_equal(converter_convert(fixture, visit, &loket, VISIT_WAY_PHONE), -1);
    assert_int_equal(converter_show_phone(fixture, visit, &doctor), -1);
    assert_false(is_to_phone(fixture, visit));
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &loket), -1);
    assert_true(is_to_phone(fixture, visit));
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), SCHEDULING_ERROR_NOT_MET);
    assert_int_equal(converter_show_phone(fixture, visit, &doctor), -1);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), -1);
}

/* Who was asked to come is there when desk or doctor say so, and waits as others do. */
static void test_comes(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0),
                elsewhere = fixture_staff(fixture, ACTOR_DESK, 1);
    g_autofree char *visit = mail_booked(fixture, 0, 14, 0);
    g_autofree char *other = mail_booked(fixture, 0, 14, 15);
    g_autofree char *later = mail_booked(fixture, 1, 9, 0);
    assert_int_equal(converter_convert(fixture, visit, &loket, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(converter_convert(fixture, later, &loket, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(fixture_check_in(fixture, visit), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_step(fixture, visit_check_in, visit, &elsewhere),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(fixture_step(fixture, visit_check_in, later, &loket),
                     SCHEDULING_ERROR_TOO_EARLY);
    assert_int_equal(fixture_end(fixture, later, VISIT_STATE_DONE), SCHEDULING_ERROR_NOT_TODAY);
    /* Of a visit by video the patient's page says it. */
    assert_int_equal(fixture_step(fixture, visit_check_in, other, &doctor),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_step(fixture, visit_check_in, visit, &loket),
                     -1); /* four hours before */
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_CHECKED_IN);
    assert_int_equal(fixture_step(fixture, visit_check_in, visit, &doctor), -1); /* already */
    /* One is called, who answers by coming in: not answering a call ends nothing. */
    fixture_turn_to(fixture, fixture_time(0, 14, 0));
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    fixture_turn_to(fixture, fixture_time(0, 14, 40));
    assert_int_equal(sweeper_no_show(fixture), 0);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), -1);
    converter_assert_told(fixture, visit, "visit.ended", 1);
    assert_int_equal(fixture_state(fixture, other), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_end(fixture, other, VISIT_STATE_DONE), SCHEDULING_ERROR_BAD_STATE);
}

/* By time: who did not come is missed; who was not phoned is not, by themselves. */
static void test_by_time(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *come = mail_booked(fixture, 0, 10, 15);
    g_autofree char *phoned = mail_booked(fixture, 0, 10, 30);
    g_autofree char *forgotten = mail_booked(fixture, 0, 10, 45);
    g_autofree char *called = mail_booked(fixture, 0, 11, 0);
    g_autofree char *unseen = mail_booked(fixture, 0, 11, 15);
    assert_int_equal(converter_convert(fixture, come, &loket, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(converter_convert(fixture, phoned, &loket, VISIT_WAY_PHONE), -1);
    assert_int_equal(converter_convert(fixture, forgotten, &loket, VISIT_WAY_PHONE), -1);
    assert_int_equal(converter_convert(fixture, called, &loket, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(converter_convert(fixture, unseen, &loket, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(converter_show_phone(fixture, phoned, &doctor), -1);
    assert_int_equal(fixture_step(fixture, visit_check_in, called, &loket), -1);
    assert_int_equal(fixture_step(fixture, visit_check_in, unseen, &loket), -1);
    assert_int_equal(fixture_call(fixture, called), -1);
    fixture_turn_to(fixture, fixture_time(0, 22, 0));
    assert_int_equal(sweeper_no_show(fixture), 1);
    assert_int_equal(fixture_state(fixture, come), VISIT_STATE_NO_SHOW_PATIENT);
    (void)sweeper_day_end(fixture);
    assert_int_equal(fixture_state(fixture, phoned), VISIT_STATE_DONE);
    assert_int_equal(fixture_state(fixture, forgotten), VISIT_STATE_NO_SHOW_DOCTOR);
    assert_int_equal(fixture_state(fixture, called), VISIT_STATE_DONE);
    assert_int_equal(fixture_state(fixture, unseen), VISIT_STATE_NO_SHOW_DOCTOR);
    assert_int_equal(fixture_step(fixture, queue_absent, come, &loket),
                     SCHEDULING_ERROR_VISIT_ENDED);
}

/* Desk and doctor say that somebody did not come, once it is time. */
static void test_did_not_come(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    assert_int_equal(converter_convert(fixture, visit, &loket, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(fixture_step(fixture, queue_absent, visit, &loket),
                     SCHEDULING_ERROR_BAD_STATE);
    fixture_turn_to(fixture, fixture_time(0, 10, 16));
    assert_int_equal(fixture_step(fixture, queue_absent, visit, &loket), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_NO_SHOW_PATIENT);
}

/* A page that is open at home says nothing of who sits in the lobby. */
static void test_an_open_page_is_nobody_in_the_lobby(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    assert_int_equal(converter_convert(fixture, visit, &loket, VISIT_WAY_IN_PERSON), -1);
    assert_int_equal(fixture_step(fixture, visit_check_in, visit, &doctor), -1);
    fixture_presence(fixture, visit, VISIT_ROLE_PATIENT, RECORD_EVENT_JOINED);
    fixture_turn_to(fixture, fixture_time(0, 10, 16));
    assert_int_equal(fixture_step(fixture, queue_absent, visit, &doctor), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_NO_SHOW_PATIENT);
}

#define WITH_FIXTURE(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(test_doctor_is_to_phone),
        WITH_FIXTURE(test_another_number_is_to_be_phoned),
        WITH_FIXTURE(test_comes),
        WITH_FIXTURE(test_by_time),
        WITH_FIXTURE(test_did_not_come),
        WITH_FIXTURE(test_an_open_page_is_nobody_in_the_lobby),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
