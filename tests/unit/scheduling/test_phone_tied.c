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
}

/* One message says the times again from that visit on, one those before it. */
static void test_a_series_goes_together(void **state)
{
    Fixture *fixture = *state;
    g_auto(Changer) changer = {.fixture = fixture};
    g_auto(Answer) planned = {0};
    g_auto(Answer) series = {0};
    g_auto(Answer) heard = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = planner_visit(fixture);
    assert_int_equal(planner_plan(fixture, visit, &planner_wish, &planner_doctor, &planned), -1);
    const SeriesDraft draft = planner_draft(&planned, "series-key-1");
    assert_int_equal(planner_book(fixture, visit, &draft, &desk, &series), -1);
    g_autofree char *before = sent_token(fixture, NOTIFICATION_BOOKED);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(changer_change(&changer, series.visits[1], CHANGER_RIGHT, &desk), -1);
    assert_int_equal(g_strv_length(changer.also), N_DATES);
    assert_int_equal(changer_opens(fixture, before), SCHEDULING_ERROR_LINK_INVALID);
    for (unsigned i = 0; i < N_DATES; i++)
        changer_assert_trail(fixture, series.visits[i], "1 1");
    changer_assert_trail(fixture, visit, "1 1");
    planner_hear(fixture, &heard);
    assert_int_equal(heard.n_texts, 3); /* of it, of the first one, of where the series came from */
    assert_non_null(strstr(heard.texts, "3 kunjungan Anda terdaftar: Sel 8/12 10.00, "
                                        "Sel 15/12 10.00, Sel 22/12 10.00 WITA."));
    assert_non_null(strstr(heard.texts, "4 kunjungan Anda terdaftar: Sel 1/12 10.00, "));
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_follow_up_goes_with_its_visit),
        TEST(test_the_visit_before_goes_with_its_follow_up),
        TEST(test_a_series_goes_together),
        TEST(test_none_is_refused_where_one_is_to_be_phoned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
