// SPDX-License-Identifier: Apache-2.0
/* A number that was written down wrongly once is wrong wherever the visit led to, and where it came
 * from: follow-ups and series. Whoever had it opens none of them any more. */
#include "tests/unit/scheduling/changer.h"
#include "tests/unit/scheduling/converter.h"
#include "tests/unit/scheduling/mail.h"
#include "tests/unit/scheduling/planner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/follow_up.h"
#include "scheduling/booking/move.h"
#include "scheduling/clinic/hours_edit.h"
#include "scheduling/booking/queue_step.h"

static void on_followed(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    if (!error)
        g_strlcpy(answer->visits[0], booking->visit_id, sizeof answer->visits[0]);
}

/* Seen by the doctor, who books a follow-up in DAYS; both to be freed. */
static char *followed(Fixture *fixture, int hour, int days, char **ret_next)
{
    g_auto(Answer) answer = {.fixture = fixture};
    char *visit = mail_booked(fixture, 0, hour, 15);
    const FollowUpWish wish = {.starts_at_ms = fixture_time(days, hour, 0)};
    fixture_turn_to(fixture, fixture_time(0, hour, 15));
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(fixture_accept(fixture, visit), -1);
    assert_int_equal(fixture_connect(fixture, visit), -1);
    fixture->n_waiting++;
    follow_up_book(fixture->scheduling, visit, &wish, &planner_doctor, on_followed, &answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    *ret_next = g_strdup(answer.visits[0]);
    return visit;
}

/* All that is due is sent; to be freed: the token in the message of KIND. */
static char *sent_token(Fixture *fixture, NotificationKind kind)
{
    GPtrArray *deliveries = mail_claim(fixture);
    char *token = NULL;
    for (unsigned i = 0; i < deliveries->len; i++) {
        const Delivery *one = deliveries->pdata[i];
        const char *link = strstr(one->text, "/v/");
        if (one->kind != kind || !link)
            continue;
        g_free(token);
        token = g_strndup(link + 3, strcspn(link + 3, " \n"));
    }
    mail_report(fixture, deliveries, NULL);
    assert_non_null(token);
    return token;
}

static void end_done(Fixture *fixture, const char *visit)
{
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), -1);
}

/* The doctor books, ends, and then hears that the number is a stranger's. */
static void test_a_follow_up_goes_with_its_visit(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *other = mail_booked(fixture, 1, 9, 0); /* somebody else by that number */
    g_autofree char *next = NULL;
    g_autofree char *visit = followed(fixture, 10, 7, &next);
    end_done(fixture, visit);
    g_autofree char *before = sent_token(fixture, NOTIFICATION_BOOKED);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &desk), -1);
    assert_int_equal(g_strv_length(changer.also), 1);
    assert_int_equal(changer_opens(fixture, before), SCHEDULING_ERROR_LINK_INVALID);
    assert_int_equal(changer_opens(fixture, changer.also[0]), -1);
    changer_assert_trail(fixture, next, "1 1");
    changer_assert_trail(fixture, other, "0 0");
    changer_assert_sent(fixture, "booked", CHANGER_RIGHT_E164);
    fixture_turn_to(fixture, fixture_time(6, 10, 1));
    changer_assert_sent(fixture, "day_before", CHANGER_RIGHT_E164);
    /* What has another number by now is left as it is. */
    assert_int_equal(changer_change(&changer, visit, "0812 9999 0000", &desk), -1);
    assert_int_equal(g_strv_length(changer.also), 1);
    assert_int_equal(changer_change(&changer, next, CHANGER_RIGHT, &desk), -1);
    assert_int_equal(changer_change(&changer, next, "0812 8888 0000", &desk), -1);
    assert_int_equal(g_strv_length(changer.also), 1);
}

/* Found at the next visit: the letters of the one before were a stranger's to read. */
static void test_the_visit_before_goes_with_its_follow_up(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_autofree char *next = NULL;
    g_autofree char *visit = followed(fixture, 10, 7, &next);
    g_autofree char *letters = g_strdup(fixture->token);
    /* In the call that visit is left alone: its page is all that reaches the patient. */
    assert_int_equal(changer_change(&changer, next, CHANGER_RIGHT, &planner_doctor), -1);
    assert_int_equal(g_strv_length(changer.also), 0);
    assert_int_equal(changer.n_left, 1); /* said, so that it is done later */
    assert_int_equal(changer_opens(fixture, letters), -1);
    assert_int_equal(changer_change(&changer, next, "0812-3456-7890", &planner_doctor), -1);
    end_done(fixture, visit);
    assert_int_equal(changer_change(&changer, next, CHANGER_RIGHT, &planner_doctor), -1);
    assert_int_equal(g_strv_length(changer.also), 1);
    assert_int_equal(changer_opens(fixture, letters), SCHEDULING_ERROR_LINK_INVALID);
    changer_assert_trail(fixture, visit, "1 1");
    /* Nobody looks for letters there when that is long ago. */
    clock_advance(fixture->clock, TOKEN_LETTERS_MS);
    assert_int_equal(changer_change(&changer, next, "0812 9999 0000", &planner_doctor), -1);
    assert_int_equal(g_strv_length(changer.also), 0);
    changer_assert_trail(fixture, visit, "2 2"); /* but what is booked from it has the number */
}

/* A series of four booked from VISIT, one a week at 10.00 from 1 December on. */
static void book_series(Fixture *fixture, const char *visit, Answer *series)
{
    g_auto(Answer) planned = {0};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    assert_int_equal(planner_plan(fixture, visit, &planner_wish, &planner_doctor, &planned), -1);
    const SeriesDraft draft = planner_draft(&planned, "series-key-1");
    assert_int_equal(planner_book(fixture, visit, &draft, &desk, series), -1);
}

static const char all_four[] = "4 kunjungan Anda terdaftar: Sel 1/12 10.00, Sel 8/12 10.00, "
                               "Sel 15/12 10.00, Sel 22/12 10.00 WITA.";

/* One message says the times of the series, once; what was changed is said with its own link. */
static void test_a_series_goes_together(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_auto(Answer) series = {0};
    g_auto(Answer) heard = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = planner_visit(fixture);
    book_series(fixture, visit, &series);
    g_autofree char *before = sent_token(fixture, NOTIFICATION_BOOKED);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(changer_change(&changer, series.visits[1], CHANGER_RIGHT, &desk), -1);
    assert_int_equal(g_strv_length(changer.also), N_DATES);
    assert_int_equal(changer.n_also_told, N_DATES);
    assert_int_equal(changer_opens(fixture, before), SCHEDULING_ERROR_LINK_INVALID);
    for (unsigned i = 0; i < N_DATES; i++)
        changer_assert_trail(fixture, series.visits[i], "1 1");
    changer_assert_trail(fixture, visit, "1 1");
    planner_hear(fixture, &heard);
    assert_int_equal(heard.n_texts, 3); /* of it, of the first one, of where the series came from */
    assert_non_null(strstr(heard.texts, all_four));
    assert_null(strstr(heard.texts, "3 kunjungan"));
    assert_non_null(strstr(heard.texts, "Sel 8/12 10.00 WITA, nomor"));
}

static void on_edited(const HoursEdited *edited, const GError *error, gpointer user_data)
{
    (void)edited;
    fixture_keep_error(user_data, error);
}

static void take_leave(Fixture *fixture, const char *date)
{
    HoursEdit leave = {.kind = HOURS_EDIT_LEAVE_ADD, .keeps_bookings = HOURS_KEEP_MESSAGE};
    g_strlcpy(leave.leave.from_date, date, sizeof leave.leave.from_date);
    g_strlcpy(leave.leave.until_date, date, sizeof leave.leave.until_date);
    fixture->n_waiting++;
    hours_edit(fixture->scheduling, &planner_doctor, fixture->seed.doctors[0].id, &leave, on_edited,
               fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

/* The old number was told to come to the facility, and that a place is lost; the new one is, too.
 */
static void test_what_a_time_alone_does_not_say_is_said_by_itself(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_auto(Answer) series = {0};
    g_auto(Answer) heard = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = planner_visit(fixture);
    book_series(fixture, visit, &series);
    assert_int_equal(
        converter_convert(fixture, series.visits[0], &planner_doctor, VISIT_WAY_IN_PERSON), -1);
    take_leave(fixture, "2026-12-08");
    mail_deliver(fixture);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &desk), -1);
    planner_hear(fixture, &heard);
    assert_int_equal(heard.n_texts,
                     4); /* where it came from, in person, without a place, the rest */
    assert_non_null(strstr(heard.texts, "2 kunjungan Anda terdaftar: Sel 15/12 10.00, "
                                        "Sel 22/12 10.00 WITA."));
    assert_non_null(strstr(heard.texts, "datang langsung"));
    mail_assert_query(fixture, "asked",
                      "SELECT reason FROM notification WHERE visit_id = '%s' AND kind = 'booked' "
                      "ORDER BY created_at_ms DESC",
                      series.visits[1]);
    /* And of one of these itself. */
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(changer_change(&changer, series.visits[1], "0812 9999 0000", &desk), -1);
    planner_hear(fixture, &heard);
    assert_int_equal(heard.n_texts, 4);
    assert_non_null(strstr(heard.texts, "2 kunjungan Anda terdaftar: Sel 15/12 10.00, "));
}

/* What was changed speaks of no other when its own time is over, or it is moved. */
static void test_one_that_is_silent_speaks_for_nobody(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_auto(Answer) series = {0};
    g_auto(Answer) heard = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = planner_visit(fixture);
    book_series(fixture, visit, &series);
    mail_deliver(fixture);
    fixture_turn_to(fixture, fixture_time(7, 10, 40)); /* the first one is over, and still booked */
    mail_deliver(fixture);
    assert_int_equal(changer_change(&changer, series.visits[0], CHANGER_RIGHT, &desk), -1);
    assert_false(changer.is_told);
    planner_hear(fixture, &heard);
    assert_non_null(strstr(heard.texts, "3 kunjungan Anda terdaftar: Sel 8/12 10.00, "
                                        "Sel 15/12 10.00, Sel 22/12 10.00 WITA."));
}

static void on_moved(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    if (!error)
        g_strlcpy(answer->moved_to, booking->visit_id, sizeof answer->moved_to);
}

/* A move made another visit of it, to which no series and no follow-up led. */
static void test_where_it_was_moved_to(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_auto(Answer) series = {0};
    g_auto(Answer) moved = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = planner_visit(fixture);
    g_autofree char *first = g_strdup(fixture->token);
    book_series(fixture, visit, &series);
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = fixture_time(1, 10, 0)};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit, &wish, &desk, on_moved, &moved);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    mail_deliver(fixture);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(changer_change(&changer, series.visits[2], CHANGER_RIGHT, &desk), -1);
    assert_int_equal(g_strv_length(changer.also), N_DATES);
    assert_int_equal(changer_opens(fixture, first), SCHEDULING_ERROR_LINK_INVALID);
    changer_assert_trail(fixture, moved.moved_to, "1 1");
    assert_int_equal(changer_change(&changer, moved.moved_to, "0812 9999 0000", &desk), -1);
    assert_int_equal(g_strv_length(changer.also), N_DATES);
    for (unsigned i = 0; i < N_DATES; i++)
        changer_assert_trail(fixture, series.visits[i], "2 2");
}

/* The link never came, so they did not: the stranger could have booked again for them. */
static void test_a_missed_one_is_offered_to_the_new_number(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    g_autofree char *before = g_strdup(fixture->token);
    fixture_turn_to(fixture, fixture_time(0, 10, 30));
    assert_int_equal(fixture_step(fixture, queue_absent, visit, &desk), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_NO_SHOW_PATIENT);
    mail_deliver(fixture);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &desk), -1);
    assert_true(changer.is_told);
    assert_int_equal(changer_opens(fixture, before), SCHEDULING_ERROR_LINK_INVALID);
    assert_int_equal(changer_opens(fixture, changer.token), -1);
    changer_assert_sent(fixture, "missed", CHANGER_RIGHT_E164);
    clock_advance(fixture->clock, 50 * HOUR_MS);
    assert_int_equal(changer_change(&changer, visit, "0812 9999 0000", &desk),
                     SCHEDULING_ERROR_VISIT_ENDED);
}

/* Booked again already: that is where the patient goes on, and where the number is put right. */
static void test_a_missed_one_that_was_booked_again_is_closed(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_auto(Answer) moved = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    fixture_turn_to(fixture, fixture_time(0, 10, 30));
    assert_int_equal(fixture_step(fixture, queue_absent, visit, &desk), -1);
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = fixture_time(2, 10, 0)};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit, &wish, &desk, on_moved, &moved);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    mail_deliver(fixture);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &desk),
                     SCHEDULING_ERROR_VISIT_ENDED);
    assert_int_equal(changer_change(&changer, moved.moved_to, CHANGER_RIGHT, &desk), -1);
    assert_int_equal(g_strv_length(changer.also), 0);
    changer_assert_trail(fixture, visit, "1 1");
    changer_assert_sent(fixture, "booked", CHANGER_RIGHT_E164);
}

/* Nobody opens a cancelled one any more, and what was still to be said of it goes to the patient.
 */
static void test_a_cancelled_one_is_closed(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_auto(Answer) series = {0};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = planner_visit(fixture);
    g_autofree char *before = g_strdup(fixture->token);
    book_series(fixture, visit, &series);
    mail_deliver(fixture);
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_DOCTOR), -1);
    assert_int_equal(changer_change(&changer, series.visits[0], CHANGER_RIGHT, &desk), -1);
    assert_int_equal(g_strv_length(changer.also), N_DATES - 1); /* it is not to be told of it */
    assert_int_equal(changer_opens(fixture, before), SCHEDULING_ERROR_LINK_INVALID);
    changer_assert_sent(fixture, "booked cancelled", CHANGER_RIGHT_E164);
}

/* Whom a doctor is to phone in one of them has a number in all. */
static void test_none_is_refused_where_one_is_to_be_phoned(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *next = NULL;
    g_autofree char *visit = followed(fixture, 10, 7, &next);
    end_done(fixture, visit);
    assert_int_equal(converter_convert(fixture, next, &planner_doctor, VISIT_WAY_PHONE), -1);
    assert_int_equal(changer_change(&changer, visit, NULL, &desk), SCHEDULING_ERROR_NO_PHONE);
    changer_assert_trail(fixture, visit, "0 0");
    changer_assert_trail(fixture, next, "0 0");
    assert_int_equal(converter_convert(fixture, next, &planner_doctor, VISIT_WAY_VIDEO), -1);
    assert_int_equal(changer_change(&changer, visit, NULL, &desk), -1);
    assert_int_equal(g_strv_length(changer.also), 1);
    mail_assert_messages(fixture, next, "");
    /* And one after all, for both. */
    assert_int_equal(changer_change(&changer, next, CHANGER_RIGHT, &desk), -1);
    assert_int_equal(g_strv_length(changer.also), 1);
}

/* The doctor is to phone out of the visit before. */
static void test_nor_where_the_doctor_is_still_to_phone(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *next = NULL;
    g_autofree char *visit = followed(fixture, 10, 7, &next);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_CONVERTED_PHONE), -1);
    assert_int_equal(changer_change(&changer, next, NULL, &desk), SCHEDULING_ERROR_NO_PHONE);
    clock_advance(fixture->clock, 24 * HOUR_MS);
    assert_int_equal(changer_change(&changer, next, NULL, &desk), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_follow_up_goes_with_its_visit),
        TEST(test_the_visit_before_goes_with_its_follow_up),
        TEST(test_a_series_goes_together),
        TEST(test_what_a_time_alone_does_not_say_is_said_by_itself),
        TEST(test_one_that_is_silent_speaks_for_nobody),
        TEST(test_where_it_was_moved_to),
        TEST(test_a_missed_one_is_offered_to_the_new_number),
        TEST(test_a_missed_one_that_was_booked_again_is_closed),
        TEST(test_a_cancelled_one_is_closed),
        TEST(test_none_is_refused_where_one_is_to_be_phoned),
        TEST(test_nor_where_the_doctor_is_still_to_phone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
