// SPDX-License-Identifier: Apache-2.0
/* A telephone number that was written down wrongly: whoever has it hears no more of the visit, and
 * opens it no more; the patient does. */
#include "tests/unit/scheduling/changer.h"
#include "tests/unit/scheduling/converter.h"
#include "tests/unit/scheduling/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/came.h"
#include "scheduling/booking/move.h"
#include "scheduling/clinic/hours_edit.h"
#include "scheduling/outbox/late.h"

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

/* The reminder made the stranger a link that worked, also after a new one had been asked for. */
static void test_the_stranger_hears_no_more_and_opens_nothing(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = mail_booked(fixture, 2, 9, 0);
    g_autofree char *before = g_strdup(fixture->token);
    changer_assert_sent(fixture, "booked", "+6281234567890");
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &desk), -1);
    assert_true(changer.has_changed && changer.is_told);
    assert_string_equal(changer.warnings, "");
    assert_int_equal(changer_opens(fixture, before), SCHEDULING_ERROR_LINK_INVALID);
    assert_int_equal(changer_opens(fixture, changer.token), -1);
    mail_assert_query(fixture, "0",
                      "SELECT COUNT(*) FROM join_token WHERE visit_id = '%s' AND created_at_ms < "
                      "(SELECT MAX(created_at_ms) FROM join_token) AND revoked_at_ms IS NULL",
                      visit);
    changer_assert_sent(fixture, "booked", CHANGER_RIGHT_E164);
    changer_assert_trail(fixture, visit, "1 1");
    fixture_turn_to(fixture, fixture_time(1, 9, 1));
    changer_assert_sent(fixture, "day_before", CHANGER_RIGHT_E164);
    mail_assert_messages(fixture, visit,
                         "booked:sent booked:sent day_before:sent hour_before:waiting "
                         "soon:waiting");
}

/* What was not said yet is said once, and the same number is no change. */
static void test_before_anything_was_sent_it_is_said_once(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 2, 9, 0);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &doctor), -1);
    changer_assert_sent(fixture, "booked", CHANGER_RIGHT_E164);
    assert_int_equal(changer_change(&changer, visit, "+62 813-1111-2222", &doctor), -1);
    assert_false(changer.has_changed || changer.is_told);
    assert_null(changer.token);
    changer_assert_sent(fixture, "", "");
    changer_assert_trail(fixture, visit, "1 1");
}

/* What is on its way to the old number as it is changed is said to the new one as well, and its
 * link opens nothing. */
static void test_what_is_on_its_way_is_said_again(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 2, 9, 0);
    GPtrArray *deliveries = mail_claim(fixture);
    assert_int_equal(deliveries->len, 1);
    clock_advance(fixture->clock, 1000);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &doctor), -1);
    g_autofree char *text = g_strdup(((const Delivery *)deliveries->pdata[0])->text);
    mail_report(fixture, deliveries, NULL);
    const char *link = strstr(text, "/v/");
    assert_non_null(link);
    g_autofree char *token = g_strndup(link + 3, strcspn(link + 3, " \n"));
    assert_int_equal(changer_opens(fixture, token), SCHEDULING_ERROR_LINK_INVALID);
    changer_assert_sent(fixture, "booked", CHANGER_RIGHT_E164);
}

/* The old number could not be reached: what was tried is not tried again at the new one. */
static void test_what_failed_on_its_way_is_not_said_twice(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 2, 9, 0);
    GPtrArray *deliveries = mail_claim(fixture);
    assert_int_equal(deliveries->len, 1);
    clock_advance(fixture->clock, 1000);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &doctor), -1);
    mail_report(fixture, deliveries, "gateway");
    changer_assert_sent(fixture, "booked", CHANGER_RIGHT_E164);
    fixture_turn_to(fixture, clock_wall_ms(fixture->clock) + HOUR_MS);
    changer_assert_sent(fixture, "", "");
    mail_assert_messages(
        fixture, visit,
        "booked:sent booked:dropped:said_anew day_before:waiting hour_before:waiting "
        "soon:waiting");
}

static void test_none_after_all_and_one_after_all(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = mail_booked(fixture, 0, 15, 0);
    assert_int_equal(changer_change(&changer, visit, NULL, &desk), -1);
    assert_true(changer.has_changed);
    assert_false(changer.is_told);
    assert_string_equal(changer.warnings, "phone:no_phone ");
    assert_int_equal(changer_opens(fixture, changer.token), -1);
    assert_true(fixture_listed(fixture, &desk, visit).has_no_phone);
    changer_assert_sent(fixture, "", "");
    mail_assert_messages(fixture, visit, "");
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(changer_change(&changer, visit, NULL, &desk), -1);
    assert_false(changer.has_changed);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &desk), -1);
    assert_false(fixture_listed(fixture, &desk, visit).has_no_phone);
    changer_assert_sent(fixture, "booked", CHANGER_RIGHT_E164);
    /* A fixed line: whoever changed it is told that no message comes there. */
    assert_int_equal(changer_change(&changer, visit, "0435 821123", &desk), -1);
    assert_string_equal(changer.warnings, "phone:no_messages ");
    assert_false(changer.is_told);
}

/* Who was booked without one is reminded like others, once there is a number. */
static void test_its_reminders_are_there_then(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 2, 9, 0);
    assert_int_equal(changer_change(&changer, visit, NULL, &doctor), -1);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &doctor), -1);
    changer_assert_sent(fixture, "booked", CHANGER_RIGHT_E164);
    fixture_turn_to(fixture, fixture_time(1, 9, 1));
    changer_assert_sent(fixture, "day_before", CHANGER_RIGHT_E164);
}

static void on_edited(const HoursEdited *edited, const GError *error, gpointer user_data)
{
    (void)edited;
    fixture_keep_error(user_data, error);
}

/* The stranger was told that the place is lost; to the patient it is said, too. */
static void test_a_lost_place_is_said_to_the_new_number(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 1, 9, 0);
    assert_int_equal(mail_deliver(fixture), 1);
    HoursEdit leave = {.kind = HOURS_EDIT_LEAVE_ADD, .keeps_bookings = HOURS_KEEP_MESSAGE};
    g_strlcpy(leave.leave.from_date, FIXTURE_TOMORROW, sizeof leave.leave.from_date);
    g_strlcpy(leave.leave.until_date, FIXTURE_TOMORROW, sizeof leave.leave.until_date);
    fixture->n_waiting++;
    hours_edit(fixture->scheduling, &doctor, fixture->seed.doctors[0].id, &leave, on_edited,
               fixture);
    fixture_wait(fixture);
    assert_int_equal(mail_deliver(fixture), 1);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &doctor), -1);
    changer_assert_sent(fixture, "booked", CHANGER_RIGHT_E164);
    mail_assert_query(fixture, "asked",
                      "SELECT reason FROM notification WHERE visit_id = '%s' AND kind = 'booked' "
                      "ORDER BY created_at_ms DESC",
                      visit);
}

/* The page asks again, as its answer was lost. */
static int book_by_key(Fixture *fixture)
{
    BookingRequest *request = fixture_request(fixture, fixture_time(2, 9, 0));
    request->idempotency_key = g_strdup("key-1");
    return fixture_book_request(fixture, request);
}

static void test_the_same_request_again_has_no_dead_link(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    assert_int_equal(book_by_key(fixture), -1);
    g_autofree char *visit = g_strdup(fixture->visit_id);
    g_autofree char *before = g_strdup(fixture->token);
    assert_int_equal(book_by_key(fixture), -1);
    assert_string_equal(fixture->token, before);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &doctor), -1);
    assert_int_equal(book_by_key(fixture), -1);
    assert_string_equal(fixture->visit_id, visit);
    assert_null(fixture->token);
}

static void test_who_may_and_what_is_wrong(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 0, 15, 0);
    g_autofree char *patient = fixture_participant(fixture, visit, VISIT_ROLE_PATIENT);
    const Actor own = {.role = ACTOR_PATIENT, .participant_id = patient};
    const Actor other = {.role = ACTOR_DOCTOR, .user_id = "user-1"};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    const Actor far = fixture_staff(fixture, ACTOR_DESK, 1);
    const Actor coordinator = fixture_staff(fixture, ACTOR_COORDINATOR, 0);
    const Actor *not_theirs[] = {&own, &other, &far, &coordinator};
    for (unsigned i = 0; i < G_N_ELEMENTS(not_theirs); i++)
        assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, not_theirs[i]),
                         SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(changer_change(&changer, visit, "", &desk), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(changer.faults, "phone:required ");
    assert_int_equal(changer_change(&changer, visit, "0812", &desk),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(changer.faults, "phone:not_a_phone ");
    /* Whom the doctor is to phone has a number. */
    assert_int_equal(converter_convert(fixture, visit, &desk, VISIT_WAY_PHONE), -1);
    assert_int_equal(changer_change(&changer, visit, NULL, &desk), SCHEDULING_ERROR_NO_PHONE);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &desk), -1);
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_DESK), -1);
    assert_int_equal(changer_change(&changer, visit, "0812 3456 7890", &desk),
                     SCHEDULING_ERROR_VISIT_CANCELLED);
    changer_assert_trail(fixture, visit, "1 1");
}

/* The page that calls the patient went, no message came in its place, and who sat at home ended as
 * absent. */
static void test_not_while_the_patient_is_called_or_talks(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 0, 10, 30);
    g_autofree char *link = g_strdup(fixture->token);
    fixture_turn_to(fixture, fixture_time(0, 10, 30));
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &doctor),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_accept(fixture, visit), -1);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &doctor),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(changer_opens(fixture, link), -1);
    changer_assert_trail(fixture, visit, "0 0");
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_CONVERTED_PHONE), -1);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &doctor), -1);
}

/* In a call since HOUR.15, and ended so; the visit's id. */
static char *ended(Fixture *fixture, int hour, VisitState outcome)
{
    char *visit = mail_booked(fixture, 0, hour, 15);
    fixture_turn_to(fixture, fixture_time(0, hour, 15));
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(fixture_accept(fixture, visit), -1);
    assert_int_equal(fixture_end(fixture, visit, outcome), -1);
    mail_deliver(fixture);
    clock_advance(fixture->clock, MINUTE_MS);
    return visit;
}

/* The doctor dials only then. What was said as the visit ended is said once more while it holds. */
static void test_a_number_that_proves_wrong_at_the_end(void **state)
{
    static const struct {
        VisitState outcome;
        const char *kind;
    } rows[] = {{VISIT_STATE_CONVERTED_PHONE, "converted_phone"},
                {VISIT_STATE_CONVERTED_IN_PERSON, "converted_in_person"},
                {VISIT_STATE_DONE, ""}};
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *visit = ended(fixture, 10 + (int)i, rows[i].outcome);
        g_autofree char *before = g_strdup(fixture->token);
        assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &desk), -1);
        assert_true(changer.has_changed);
        assert_int_equal(changer.is_told, *rows[i].kind != '\0');
        assert_int_equal(changer_opens(fixture, before), SCHEDULING_ERROR_LINK_INVALID);
        assert_int_equal(changer_opens(fixture, changer.token), -1);
        changer_assert_sent(fixture, rows[i].kind, CHANGER_RIGHT_E164);
        changer_assert_trail(fixture, visit, "1 1");
        /* Whom its doctor is to phone has a number. */
        assert_int_equal(changer_change(&changer, visit, NULL, &desk),
                         i == 0 ? SCHEDULING_ERROR_NO_PHONE : -1);
        clock_advance(fixture->clock, MINUTE_MS);
    }
}

/* Neither after a day, of who is to be phoned or to come, nor who was noted to have come. */
static void test_after_the_end_nothing_is_said_that_is_over(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *came = ended(fixture, 10, VISIT_STATE_CONVERTED_IN_PERSON);
    g_autofree char *phoned = ended(fixture, 11, VISIT_STATE_CONVERTED_PHONE);
    fixture->n_waiting++;
    visit_say_came(fixture->scheduling, came, &desk, true, fixture_on_step, fixture);
    fixture_wait(fixture);
    assert_int_equal(changer_change(&changer, came, CHANGER_RIGHT, &desk), -1);
    assert_false(changer.is_told);
    clock_advance(fixture->clock, 24 * HOUR_MS);
    assert_int_equal(changer_change(&changer, phoned, CHANGER_RIGHT, &desk), -1);
    assert_false(changer.is_told);
    changer_assert_sent(fixture, "", "");
    clock_advance(fixture->clock, 30 * 24 * HOUR_MS);
    assert_int_equal(changer_change(&changer, phoned, "0812 3456 7890", &desk),
                     SCHEDULING_ERROR_LINK_OVER);
}

static void on_late(const LateSaid *said, const GError *error, gpointer user_data)
{
    (void)said;
    fixture_keep_error(user_data, error);
}

static void say_late(Fixture *fixture, unsigned minutes)
{
    fixture->n_waiting++;
    late_say(fixture->scheduling, NULL, minutes, &doctor, on_late, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

/* The old number was told that the doctor is late, the new one nothing at all: neither that nor,
 * because that had been told, an hour before. */
static void test_a_late_doctor_is_said_to_the_new_number(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 0, 11, 45);
    mail_deliver(fixture);
    say_late(fixture, 60);
    changer_assert_sent(fixture, "late", "+6281234567890");
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &doctor), -1);
    mail_sweep(fixture);
    changer_assert_sent(fixture, "booked late", CHANGER_RIGHT_E164);
    clock_advance(fixture->clock, MINUTE_MS);
    say_late(fixture, 30);
    changer_assert_sent(fixture, "late", CHANGER_RIGHT_E164);
    fixture_turn_to(fixture, fixture_time(0, 10, 45));
    changer_assert_sent(fixture, "", "");
    mail_assert_messages(fixture, visit,
                         "booked:sent late:sent booked:sent late:sent late:sent "
                         "hour_before:dropped:late_told soon:waiting");
    say_late(fixture, 0);
    changer_assert_sent(fixture, "late", CHANGER_RIGHT_E164);
}

/* Said four times to the old number, it may still be said to the new one; nobody hears that what
 * only the old one was told is not so any more. */
static void test_what_the_old_number_was_told_does_not_count(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 0, 11, 45);
    mail_deliver(fixture);
    for (unsigned i = 1; i <= 4; i++) {
        say_late(fixture, 10 * i);
        changer_assert_sent(fixture, "late", "+6281234567890");
        clock_advance(fixture->clock, 1000);
    }
    say_late(fixture, 0);
    mail_deliver(fixture);
    clock_advance(fixture->clock, 1000);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &doctor), -1);
    changer_assert_sent(fixture, "booked", CHANGER_RIGHT_E164);
    clock_advance(fixture->clock, 1000);
    say_late(fixture, 20);
    changer_assert_sent(fixture, "late", CHANGER_RIGHT_E164);
}

/* What waits goes to the new number, once. */
static void test_a_late_that_waits_is_said_once(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 0, 11, 45);
    mail_deliver(fixture);
    say_late(fixture, 60);
    clock_advance(fixture->clock, 1000);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &doctor), -1);
    clock_advance(fixture->clock, 1000);
    changer_assert_sent(fixture, "booked late", CHANGER_RIGHT_E164);
    fixture_turn_to(fixture, fixture_time(0, 10, 45));
    changer_assert_sent(fixture, "", "");
}

/* Whom nothing was said to yet is told by the change, and not by the sweep as well. */
static void test_a_late_that_was_not_said_is_said_once(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 0, 11, 45);
    assert_int_equal(changer_change(&changer, visit, NULL, &doctor), -1);
    say_late(fixture, 60);
    changer_assert_sent(fixture, "", "");
    clock_advance(fixture->clock, 1000);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &doctor), -1);
    mail_sweep(fixture);
    changer_assert_sent(fixture, "booked late", CHANGER_RIGHT_E164);
}

static void on_moved(const Booking *booking, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    g_free(fixture->visit_id);
    fixture->visit_id = g_strdup(booking->visit_id);
}

/* Its index is the one of the visit that it was moved from. */
static void test_still_none_is_no_change_after_a_move(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = mail_booked(fixture, 2, 9, 0);
    assert_int_equal(changer_change(&changer, visit, NULL, &desk), -1);
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = fixture_time(2, 10, 0)};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit, &wish, &desk, on_moved, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(changer_change(&changer, fixture->visit_id, NULL, &desk), -1);
    assert_false(changer.has_changed);
    assert_null(changer.token);
    changer_assert_trail(fixture, fixture->visit_id, "0 0");
    assert_int_equal(changer_change(&changer, fixture->visit_id, CHANGER_RIGHT, &desk), -1);
    assert_true(changer.has_changed);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_stranger_hears_no_more_and_opens_nothing),
        TEST(test_before_anything_was_sent_it_is_said_once),
        TEST(test_what_is_on_its_way_is_said_again),
        TEST(test_what_failed_on_its_way_is_not_said_twice),
        TEST(test_none_after_all_and_one_after_all),
        TEST(test_its_reminders_are_there_then),
        TEST(test_a_lost_place_is_said_to_the_new_number),
        TEST(test_the_same_request_again_has_no_dead_link),
        TEST(test_who_may_and_what_is_wrong),
        TEST(test_not_while_the_patient_is_called_or_talks),
        TEST(test_a_number_that_proves_wrong_at_the_end),
        TEST(test_after_the_end_nothing_is_said_that_is_over),
        TEST(test_a_late_doctor_is_said_to_the_new_number),
        TEST(test_what_the_old_number_was_told_does_not_count),
        TEST(test_a_late_that_waits_is_said_once),
        TEST(test_a_late_that_was_not_said_is_said_once),
        TEST(test_still_none_is_no_change_after_a_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
