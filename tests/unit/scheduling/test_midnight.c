// SPDX-License-Identifier: Apache-2.0
/* A clinic that works over midnight, with hours of two days: who waits since before it is still
 * there, comes first, and is seen on every list until the end of the day closes it. */
#include "tests/unit/scheduling/reporter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/booking/board.h"
#include "scheduling/booking/queue_day.h"
#include "scheduling/booking/queue_step.h"
#include "scheduling/booking/unanswered.h"
#include "tests/unit/scheduling/fixture_sql.h"

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

/* Hours of every day from 22 to 24 and from 0 to 2, in place of the clinic's own. */
static void set_night_hours(Fixture *fixture)
{
    fixture_clear_rules(fixture);
    for (int weekday = 1; weekday <= 7; weekday++) {
        for (int night = 0; night < 2; night++) {
            g_autofree char *sql = g_strdup_printf(
                "INSERT INTO hours_rule (id, clinic_id, practitioner_id, weekday, from_minute, "
                "to_minute, mode, slot_minutes, valid_from) "
                "VALUES ('%d-%d', '%s', '%s', %d, %d, %d, 'slots', 15, '" FIXTURE_TODAY "')",
                weekday, night, fixture->clinic_id, fixture->seed.doctors[0].id, weekday,
                night ? 22 * 60 : 0, night ? 24 * 60 : 2 * 60);
            assert_true(fixture_sql_run(fixture, sql));
        }
    }
}

static void turn_to(Fixture *fixture, int days, int hour, int minute)
{
    clock_advance(fixture->clock, fixture_time(days, hour, minute) - clock_wall_ms(fixture->clock));
}

/* The number is the same on both days. */
static char *booked(Fixture *fixture, int days, int hour, int minute, const char *number)
{
    assert_int_equal(fixture_book(fixture, fixture_time(days, hour, minute)), -1);
    assert_string_equal(fixture->number, number);
    return g_strdup(fixture->visit_id);
}

typedef struct {
    Fixture *fixture;
    GString *text;
} Answer;

static void on_next(const QueueCall *call, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    g_string_assign(answer->text, call->visit_id);
    fixture_keep_error(answer->fixture, error);
}

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    for (unsigned i = 0; day && i < day->visits->len; i++) {
        const DayVisit *visit = day->visits->pdata[i];
        g_string_append_printf(answer->text, "%s%s %s %u; ", visit->number,
                               visit->is_of_day_before ? " of yesterday" : "",
                               visit_state_name(visit->state), visit->place);
    }
    fixture_keep_error(answer->fixture, error);
}

static void on_board(const Board *board, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    for (unsigned i = 0; board && i < board->n_called; i++)
        g_string_append_printf(answer->text, "%s%s called; ", board->called[i].number,
                               board->called[i].is_of_day_before ? " of yesterday" : "");
    for (unsigned i = 0; board && i < board->n_shown; i++)
        g_string_append_printf(answer->text, "%s%s; ", board->waiting[i],
                               board->waiting_of_day_before[i] ? " of yesterday" : "");
    fixture_keep_error(answer->fixture, error);
}

static void on_view(const VisitView *view, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    if (view)
        g_string_printf(answer->text, "%u", view->ahead);
    fixture_keep_error(answer->fixture, error);
}

static void on_list(const GPtrArray *unanswered, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    for (unsigned i = 0; unanswered && i < unanswered->len; i++)
        g_string_append_printf(answer->text, "%s; ",
                               ((const Unanswered *)unanswered->pdata[i])->visit_id);
    fixture_keep_error(answer->fixture, error);
}

static void on_swept(unsigned n, const GError *error, gpointer user_data)
{
    (void)n;
    fixture_keep_error(user_data, error);
}

static void on_views(GPtrArray *views, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    for (unsigned i = 0; views && i < views->len; i++) {
        const VisitView *view = views->pdata[i];
        g_string_append_printf(answer->text, "%s %u; ", view->number, view->ahead);
    }
    fixture_keep_error(answer->fixture, error);
}

typedef enum { NEXT, DAY, DESKS_DAY, BOARD, AHEAD, UNANSWERED, PUSHED } Question;

static void assert_answer(Fixture *fixture, Question question, const char *what, const char *text)
{
    Answer answer = {fixture, g_string_new(NULL)};
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "user-9", .facility_id = fixture->seed.facility_ids[0]};
    const Actor admin = {.role = ACTOR_ADMIN, .user_id = "user-8"};
    const VisitChange change = {.practitioner_id = fixture->seed.doctors[0].id,
                                .clinic_id = fixture->clinic_id,
                                .local_date = what};
    fixture->n_waiting++;
    switch (question) {
    case NEXT:
        queue_call_next(fixture->scheduling, &doctor, on_next, &answer);
        break;
    case DAY:
        day_list(fixture->scheduling, &doctor, what, on_day, &answer);
        break;
    case DESKS_DAY:
        day_list(fixture->scheduling, &desk, what, on_day, &answer);
        break;
    case BOARD:
        board_get(fixture->scheduling, fixture->clinic_id, on_board, &answer);
        break;
    case AHEAD:
        visit_get_view(fixture->scheduling, what, on_view, &answer);
        break;
    case UNANSWERED:
        unanswered_list(fixture->scheduling, &admin, on_list, &answer);
        break;
    case PUSHED:
        visit_list_waiting(fixture->scheduling, &change, on_views, &answer);
        break;
    }
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_string_equal(answer.text->str, text);
    g_string_free(answer.text, TRUE);
}

typedef struct {
    char *old, *new; /* of 23.45 and of 00.15 */
} Pair;

static Pair two_who_wait(Fixture *fixture)
{
    set_night_hours(fixture);
    const Pair pair = {booked(fixture, 0, 23, 45, "A-1"), booked(fixture, 1, 0, 15, "A-1")};
    turn_to(fixture, 0, 23, 50);
    assert_int_equal(fixture_check_in(fixture, pair.old), -1);
    assert_int_equal(fixture_check_in(fixture, pair.new), -1);
    return pair;
}

static void pair_clear(Pair *pair)
{
    g_free(pair->old);
    g_free(pair->new);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pair, pair_clear)

#define TOMORROW "2026-11-25"

static void test_before_midnight(void **state)
{
    Fixture *fixture = *state;
    g_auto(Pair) pair = two_who_wait(fixture);
    assert_answer(fixture, DAY, NULL, "A-1 checked_in 1; ");
    assert_answer(fixture, BOARD, NULL, "A-1; ");
    /* The place does not get worse by midnight. */
    assert_answer(fixture, AHEAD, pair.new, "1");
    assert_answer(fixture, PUSHED, FIXTURE_TODAY, "A-1 0; A-1 1; ");
    assert_answer(fixture, NEXT, NULL, pair.old);
}

static void test_after_midnight(void **state)
{
    Fixture *fixture = *state;
    g_auto(Pair) pair = two_who_wait(fixture);
    turn_to(fixture, 1, 0, 2);
    assert_answer(fixture, DAY, NULL, "A-1 of yesterday checked_in 1; A-1 checked_in 2; ");
    assert_answer(fixture, DESKS_DAY, NULL, "A-1 of yesterday checked_in 1; A-1 checked_in 2; ");
    assert_answer(fixture, BOARD, NULL, "A-1 of yesterday; A-1; ");
    assert_answer(fixture, AHEAD, pair.old, "0");
    assert_answer(fixture, AHEAD, pair.new, "1");
    assert_answer(fixture, PUSHED, FIXTURE_TODAY, "A-1 0; A-1 1; ");
    assert_answer(fixture, PUSHED, TOMORROW, "A-1 0; A-1 1; ");
    assert_answer(fixture, DAY, FIXTURE_TODAY, "A-1 checked_in 1; ");
    turn_to(fixture, 1, 0, 16); /* today's time has come, too */
    assert_answer(fixture, NEXT, NULL, pair.old);
    assert_answer(fixture, BOARD, NULL, "A-1 of yesterday called; A-1; ");
    /* One at a time, by whatever way. */
    assert_int_equal(fixture_call(fixture, pair.new), SCHEDULING_ERROR_DOCTOR_BUSY);
    assert_int_equal(fixture_accept(fixture, pair.old), -1);
    assert_int_equal(fixture_connect(fixture, pair.old), -1);
    assert_answer(fixture, DAY, NULL, "A-1 of yesterday in_call 0; A-1 checked_in 1; ");
    assert_int_equal(fixture_end(fixture, pair.old, VISIT_STATE_DONE), -1);
    assert_answer(fixture, DAY, NULL, "A-1 checked_in 1; ");
    assert_answer(fixture, NEXT, NULL, pair.new);
}

/* What was ten minutes of nobody calling is told of over midnight, then to the coordinator. */
static void test_unanswered_over_midnight(void **state)
{
    Fixture *fixture = *state;
    g_auto(Pair) pair = two_who_wait(fixture);
    for (int minute = 2; minute <= 14; minute += 4) {
        turn_to(fixture, 1, 0, minute);
        fixture->n_waiting++;
        unanswered_sweep(fixture->scheduling, NULL, on_swept, fixture);
        fixture_wait(fixture);
        assert_int_equal(fixture->error_code, -1);
    }
    g_autofree char *text = g_strconcat(pair.old, "; ", NULL);
    assert_answer(fixture, UNANSWERED, NULL, text);
}

/* What the end of the day has not closed by the morning is of the day before. */
static void test_the_night_is_over(void **state)
{
    Fixture *fixture = *state;
    QueueDays days;
    g_auto(Pair) pair = two_who_wait(fixture);
    queue_days(fixture->scheduling, TOMORROW, &days);
    assert_string_equal(days.before, FIXTURE_TODAY);
    turn_to(fixture, 1, 5, 59);
    queue_days(fixture->scheduling, FIXTURE_TODAY, &days);
    assert_string_equal(days.date, TOMORROW);
    assert_string_equal(days.before, FIXTURE_TODAY);
    turn_to(fixture, 1, 6, 0);
    queue_days(fixture->scheduling, FIXTURE_TODAY, &days);
    assert_string_equal(days.date, FIXTURE_TODAY);
    assert_string_equal(days.before, "");
    queue_days_now(fixture->scheduling, &days);
    assert_string_equal(days.date, TOMORROW);
    assert_string_equal(days.before, "");
    assert_answer(fixture, NEXT, NULL, pair.new);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_before_midnight, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_after_midnight, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_unanswered_over_midnight, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_the_night_is_over, fixture_set_up, fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
