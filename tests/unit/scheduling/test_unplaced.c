// SPDX-License-Identifier: Apache-2.0
/* Who is booked for a time at which nobody sees patients any more, or at which the program did not
 * run: is not invited in, has not missed anything, and is told what became of it. */
#include "tests/unit/scheduling/editor.h"
#include "tests/unit/scheduling/mail.h"
#include "tests/unit/scheduling/sweeper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/queue_step.h"
#include "scheduling/clinic/holiday.h"

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
static const Actor admin = {.role = ACTOR_ADMIN, .user_id = "user-8"};

static int edit(Editor *editor, const HoursEdit *wanted, HoursKeep keep)
{
    Fixture *fixture = editor->fixture;
    HoursEdit kept = *wanted;
    kept.keeps_bookings = keep;
    fixture->n_waiting++;
    hours_edit(fixture->scheduling, &doctor, fixture->seed.doctors[0].id, &kept, editor_on_edited,
               editor);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void take_leave(Editor *editor, const char *date, HoursKeep keep)
{
    HoursEdit leave = {.kind = HOURS_EDIT_LEAVE_ADD};
    g_strlcpy(leave.leave.from_date, date, sizeof leave.leave.from_date);
    g_strlcpy(leave.leave.until_date, date, sizeof leave.leave.until_date);
    assert_int_equal(edit(editor, &leave, keep), -1);
}

static void take_leave_back(Editor *editor)
{
    HoursEdit removal = {.kind = HOURS_EDIT_LEAVE_REMOVE};
    g_strlcpy(removal.id, editor->id, sizeof removal.id);
    assert_int_equal(edit(editor, &removal, HOURS_KEEP_NO), -1);
}

static void assert_says(Fixture *fixture, const char *words)
{
    g_autofree char *texts = mail_texts(fixture);
    if (!strstr(texts, words))
        fail_msg("not \"%s\" in \"%s\"", words, texts);
}

static void assert_unplaced(Fixture *fixture, const char *visit_id, bool is)
{
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    assert_int_equal(fixture_listed(fixture, &desk, visit_id).is_unplaced, is);
    assert_int_equal(fixture_listed(fixture, &doctor, visit_id).is_unplaced, is);
}

/* Nobody moved it: no invitation, and at the end it is the clinic's absence. */
static void test_on_leave_nobody_is_invited_or_missed(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 1, 14, 0);
    mail_deliver(fixture);
    take_leave(&editor, FIXTURE_TOMORROW, HOURS_KEEP_YES);
    fixture_turn_to(fixture, fixture_time(0, 14, 0));
    assert_says(fixture, "Pilih waktu lain untuk janji");
    fixture_turn_to(fixture, fixture_time(1, 13, 0));
    assert_int_equal(mail_deliver(fixture), 0);
    assert_unplaced(fixture, visit, true);
    fixture_turn_to(fixture, fixture_time(1, 13, 50));
    assert_int_equal(mail_deliver(fixture), 0);
    mail_assert_messages(fixture, visit,
                         "booked:sent day_before:sent:asked hour_before:dropped:no_place "
                         "soon:dropped:no_place");
    fixture_turn_to(fixture, fixture_time(1, 15, 16));
    assert_int_equal(sweeper_no_show(fixture), 1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_NO_SHOW_DOCTOR);
    assert_unplaced(fixture, visit, false);
    assert_says(fixture, "belum sempat dilayani");
    mail_assert_query(fixture, "0", "SELECT COUNT(*) FROM visit WHERE state = 'no_show_patient'");
}

/* Nor when staff mark it by hand. */
static void test_marked_absent_it_is_the_clinics(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    g_autofree char *other = mail_booked(fixture, 0, 10, 30);
    const HoursEdit closed =
        editor_override(fixture, FIXTURE_TODAY, false, 10 * 60 + 15, 10 * 60 + 30);
    assert_int_equal(edit(&editor, &closed, HOURS_KEEP_YES), -1);
    fixture_turn_to(fixture, fixture_time(0, 10, 40));
    assert_int_equal(fixture_step(fixture, queue_absent, visit, &desk), -1);
    assert_int_equal(fixture_step(fixture, queue_absent, other, &desk), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_NO_SHOW_DOCTOR);
    assert_int_equal(fixture_state(fixture, other), VISIT_STATE_NO_SHOW_PATIENT);
}

/* Who was told so this morning is not told again by the reminder of the day before. */
static void test_who_was_told_is_not_told_twice(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 1, 14, 0);
    mail_deliver(fixture);
    take_leave(&editor, FIXTURE_TOMORROW, HOURS_KEEP_MESSAGE);
    assert_says(fixture, "Pilih waktu lain untuk janji");
    fixture_turn_to(fixture, fixture_time(0, 14, 0));
    assert_int_equal(mail_deliver(fixture), 0);
    mail_assert_query(fixture, "no_place",
                      "SELECT reason FROM notification WHERE kind = 'day_before'");
}

/* The doctor is back in the afternoon: what counts is the visit's own time. */
static void test_closed_for_an_hour_is_judged_by_that_hour(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    g_autofree char *other = mail_booked(fixture, 0, 10, 30);
    const HoursEdit closed =
        editor_override(fixture, FIXTURE_TODAY, false, 10 * 60 + 15, 10 * 60 + 30);
    assert_int_equal(edit(&editor, &closed, HOURS_KEEP_YES), -1);
    assert_unplaced(fixture, visit, true);
    assert_unplaced(fixture, other, false);
    fixture_turn_to(fixture, fixture_time(0, 11, 0));
    assert_unplaced(fixture, visit, true);
    fixture_turn_to(fixture, fixture_time(0, 11, 46));
    assert_int_equal(sweeper_no_show(fixture), 2);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_NO_SHOW_DOCTOR);
    assert_int_equal(fixture_state(fixture, other), VISIT_STATE_NO_SHOW_PATIENT);
}

static void test_leave_taken_back_is_told(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 1, 14, 0);
    mail_deliver(fixture);
    /* Before it went out: nobody hears of either. */
    take_leave(&editor, FIXTURE_TOMORROW, HOURS_KEEP_MESSAGE);
    take_leave_back(&editor);
    assert_int_equal(mail_deliver(fixture), 0);
    clock_advance(fixture->clock, MINUTE_MS);
    take_leave(&editor, FIXTURE_TOMORROW, HOURS_KEEP_MESSAGE);
    assert_int_equal(mail_deliver(fixture), 1);
    clock_advance(fixture->clock, MINUTE_MS);
    take_leave_back(&editor);
    assert_says(fixture, "tetap berlaku");
    fixture_turn_to(fixture, fixture_time(1, 13, 0));
    assert_says(fixture, "Hari ini 14.00");
    assert_int_equal(fixture_listed(fixture, &doctor, visit).state, VISIT_STATE_BOOKED);
    assert_unplaced(fixture, visit, false);
}

typedef struct {
    Fixture *fixture;
    char *id;
} Holidays;

static void on_holiday(const HolidayEdited *edited, const GError *error, gpointer user_data)
{
    Holidays *holidays = user_data;
    fixture_keep_error(holidays->fixture, error);
    if (!error && edited->id && !holidays->id)
        holidays->id = g_strdup(edited->id);
}

static void test_holiday_taken_back_is_told(void **state)
{
    Fixture *fixture = *state;
    Holidays holidays = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 1, 14, 0);
    const HolidayNew holiday = {.date = FIXTURE_TOMORROW, .name = "Hari raya", .is_certain = true};
    mail_deliver(fixture);
    fixture->n_waiting++;
    holiday_add(fixture->scheduling, &admin, &holiday, HOURS_KEEP_MESSAGE, on_holiday, &holidays);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(mail_deliver(fixture), 1);
    clock_advance(fixture->clock, MINUTE_MS);
    fixture->n_waiting++;
    holiday_remove(fixture->scheduling, &admin, holidays.id, NULL, on_holiday, &holidays);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_says(fixture, "tetap berlaku");
    mail_assert_query(fixture, "sent",
                      "SELECT state FROM notification WHERE kind = 'stands' AND "
                      "visit_id = '%s'",
                      visit);
    g_free(holidays.id);
}

static void test_without_a_place_it_is_cancelled_in_the_last_hour(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    fixture->scheduling->policy.cancel_until_ms = HOUR_MS;
    g_autofree char *visit = mail_booked(fixture, 0, 10, 30);
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_PATIENT), SCHEDULING_ERROR_TOO_LATE);
    take_leave(&editor, FIXTURE_TODAY, HOURS_KEEP_YES);
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_PATIENT), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_CANCELLED_PATIENT);
}

static void recover(Fixture *fixture)
{
    fixture->n_waiting++;
    scheduling_recover(fixture->scheduling, fixture_on_done, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

/* A power cut over the visit's time. */
static void test_who_found_no_program_missed_nothing(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *before = mail_booked(fixture, 0, 10, 15);
    g_autofree char *amid = mail_booked(fixture, 0, 14, 0);
    assert_int_equal(sweeper_no_show(fixture), 0);
    fixture_turn_to(fixture, fixture_time(0, 10, 46));
    assert_int_equal(sweeper_no_show(fixture), 0);
    clock_advance(fixture->clock, MINUTE_MS);
    recover(fixture); /* a restart is none */
    mail_assert_query(fixture, "0", "SELECT COUNT(*) FROM program_off");
    fixture_turn_to(fixture, fixture_time(0, 18, 0));
    recover(fixture);
    assert_int_equal(sweeper_no_show(fixture), 2);
    assert_int_equal(fixture_state(fixture, before), VISIT_STATE_NO_SHOW_PATIENT);
    assert_int_equal(fixture_state(fixture, amid), VISIT_STATE_TECH_FAILED);
    assert_says(fixture, "belum sempat dilayani");
    mail_assert_query(fixture, "sent",
                      "SELECT state FROM notification WHERE kind = 'missed' AND "
                      "visit_id = '%s'",
                      amid);
}

/* "Join now" is said when the page opens. */
static void test_soon_waits_for_the_opening(void **state)
{
    Fixture *fixture = *state;
    fixture->scheduling->policy.open_before_ms = 5 * MINUTE_MS;
    g_autofree char *visit = mail_booked(fixture, 0, 10, 30);
    mail_deliver(fixture);
    fixture_turn_to(fixture, fixture_time(0, 10, 20));
    assert_int_equal(mail_deliver(fixture), 0);
    fixture_turn_to(fixture, fixture_time(0, 10, 25) - 1);
    assert_int_equal(mail_deliver(fixture), 0);
    clock_advance(fixture->clock, 1);
    assert_says(fixture, "Masuk sekarang");
    mail_assert_messages(fixture, visit, "booked:sent soon:sent");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_on_leave_nobody_is_invited_or_missed),
        TEST(test_marked_absent_it_is_the_clinics),
        TEST(test_who_was_told_is_not_told_twice),
        TEST(test_closed_for_an_hour_is_judged_by_that_hour),
        TEST(test_leave_taken_back_is_told),
        TEST(test_holiday_taken_back_is_told),
        TEST(test_without_a_place_it_is_cancelled_in_the_last_hour),
        TEST(test_who_found_no_program_missed_nothing),
        TEST(test_soon_waits_for_the_opening),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
