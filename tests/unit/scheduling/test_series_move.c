// SPDX-License-Identifier: Apache-2.0
/* Several visits of a series come to another day and time at once: what is proposed for each, all
 * or none, told once; and that nobody is in two visits at a time. */
#include "tests/unit/scheduling/planner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/move.h"

/* Wednesdays at about eleven, from the second week on. */
static const SeriesWish wednesdays = {.first_date = "2026-12-09", .minute = 11 * 60};

/* The series of planner_wish, booked: four Tuesdays at 10.00. */
static void book_series(Fixture *fixture, Answer *answer)
{
    g_auto(Answer) planned = {0};
    g_autofree char *visit = planner_visit(fixture);
    assert_int_equal(planner_plan(fixture, visit, &planner_wish, &planner_doctor, &planned), -1);
    SeriesDraft draft = planner_draft(&planned, "series-key");
    assert_int_equal(planner_book(fixture, visit, &draft, &planner_doctor, answer), -1);
    assert_int_equal(answer->n_visits, N_DATES);
}

static void on_other(const Booking *booking, const GError *error, gpointer user_data)
{
    (void)booking;
    fixture_keep_error(user_data, error);
}

/* Somebody else takes the time. */
static void book_other(Fixture *fixture, int64_t starts_at_ms)
{
    BookingRequest *request = fixture_request(fixture, starts_at_ms);
    char **texts[] = {&request->name, &request->phone, &request->nik};
    const char *const others[] = {"Yusuf Hasan", "0813 9876 5432", "7571011708900002"};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_free(*texts[i]);
        *texts[i] = g_strdup(others[i]);
    }
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_other, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

/* The patient has a visit with another doctor; its id is the fixture's. */
static void book_elsewhere(Fixture *fixture, int64_t starts_at_ms, int64_t length_ms)
{
    assert_int_equal(fixture_book(fixture, starts_at_ms), -1);
    g_autofree char *sql = g_strdup_printf(
        "UPDATE visit SET practitioner_id = '%s', slot_of = '%s', ends_at_ms = %" G_GINT64_FORMAT
        " WHERE id = '%s'",
        fixture->seed.doctors[1].id, fixture->seed.doctors[1].id, starts_at_ms + length_ms,
        fixture->visit_id);
    planner_sql(fixture, sql);
}

/* Rows of TABLE with the visit. */
static int count_of(Fixture *fixture, const char *table, const char *visit_id)
{
    g_autofree char *sql =
        g_strdup_printf("SELECT COUNT(*) FROM %s WHERE visit_id = '%s'", table, visit_id);
    return planner_count(fixture, sql);
}

static void expect_states(Fixture *fixture, const Answer *series, VisitState state)
{
    for (int i = 0; i < N_DATES; i++)
        assert_int_equal(fixture_state(fixture, series->visits[i]), state);
}

/* What goes over to the visit that comes after: links, consent, who comes along, whose system
 * booked it. */
static void test_from_one_on_all_move(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) series = {0};
    g_auto(Answer) planned = {0};
    g_auto(Answer) moved = {0};
    g_auto(Answer) seen = {0};
    g_auto(Answer) heard = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    book_series(fixture, &series);
    planner_hear(fixture, &heard);
    const char *second = series.visits[1];
    g_autofree char *more = g_strdup_printf(
        "INSERT INTO visit_contact VALUES ('%s', 'Rina', 'child'); INSERT INTO consent (visit_id, "
        "version, lang, text_hash, how, by_role, at_ms) VALUES ('%s', 1, 'id', 'x', 'accepted', "
        "'patient', 0); INSERT INTO client_booking VALUES ('%s', 'system:simrs', 0); UPDATE "
        "join_token SET visit_id = '%s', participant_id = (SELECT id FROM "
        "participant WHERE visit_id = '%s' AND role = 'patient') WHERE visit_id = '%s'",
        second, second, second, second, second, series.visits[0]);
    planner_sql(fixture, more);
    assert_int_equal(planner_plan_move(fixture, second, &wednesdays, &desk, &planned), -1);
    assert_string_equal(planned.fits, "fits fits fits ");
    for (int i = 0; i < 3; i++) {
        assert_string_equal(planned.dates[i].visit_id, series.visits[i + 1]);
        assert_int_equal(planned.dates[i].from_ms, series.starts[i + 1]);
        assert_int_equal(planned.dates[i].choices[0].starts_at_ms, fixture_time(15 + 7 * i, 11, 0));
    }
    assert_int_equal(planner_move(fixture, second, &planned, &desk, &moved), -1);
    assert_int_equal(moved.n_moved, 3);
    planner_look(fixture, series.visits[0], &seen);
    assert_int_equal(seen.n_visits, N_DATES);
    assert_string_equal(seen.visits[0], series.visits[0]);
    for (int i = 1; i < N_DATES; i++) {
        assert_int_equal(seen.starts[i], fixture_time(15 + 7 * (i - 1), 11, 0));
        assert_int_equal(fixture_state(fixture, seen.visits[i]), VISIT_STATE_BOOKED);
        assert_int_equal(fixture_state(fixture, series.visits[i]), VISIT_STATE_RESCHEDULED);
    }
    const char *const carried[] = {"visit_contact", "consent", "client_booking", "join_token"};
    for (unsigned i = 0; i < G_N_ELEMENTS(carried); i++)
        assert_int_equal(count_of(fixture, carried[i], seen.visits[1]), 1);
    planner_hear(fixture, &heard);
    assert_int_equal(heard.n_texts, 1);
    assert_non_null(strstr(heard.texts, "3 kunjungan Anda dipindah ke: Rab 9/12 11.00, Rab 16/12 "
                                        "11.00, Rab 23/12 11.00 WITA. Yang pertama: https://"));
    assert_int_equal(planner_count(fixture,
                                   "SELECT COUNT(*) FROM notification n JOIN visit_move m ON "
                                   "m.to_visit_id = n.visit_id WHERE n.kind = 'day_before'"),
                     3);
    /* A retry finds them there. */
    assert_int_equal(planner_move(fixture, second, &planned, &desk, &moved), -1);
    assert_int_equal(moved.n_moved, 0);
    assert_string_equal(moved.id, series.id);
    assert_int_equal(planner_count(fixture, "SELECT COUNT(*) FROM visit_move"), 3);
}

/* Their own times are free for each other; of one alone it is said as of any visit. */
static void test_into_each_others_places(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) series = {0};
    g_auto(Answer) planned = {0};
    g_auto(Answer) moved = {0};
    g_auto(Answer) alone = {0};
    g_auto(Answer) heard = {.fixture = fixture};
    SeriesWish later = {.first_date = "2026-12-08", .minute = 10 * 60 + 5};
    book_series(fixture, &series);
    planner_hear(fixture, &heard);
    assert_int_equal(
        planner_plan_move(fixture, series.visits[0], &later, &planner_doctor, &planned), -1);
    assert_string_equal(planned.fits, "fits fits fits fits ");
    for (int i = 0; i < N_DATES; i++)
        assert_int_equal(planned.dates[i].choices[0].starts_at_ms, fixture_time(14 + 7 * i, 10, 0));
    assert_int_equal(planner_move(fixture, series.visits[0], &planned, &planner_doctor, &moved),
                     -1);
    assert_int_equal(moved.n_moved, N_DATES);
    planner_hear(fixture, &heard);
    assert_int_equal(heard.n_texts, 1);
    later.first_date = "2026-12-30";
    const char *last = moved.visits[3];
    assert_int_equal(planner_plan_move(fixture, last, &later, &planner_doctor, &planned), -1);
    assert_int_equal(planned.n_dates, 1);
    assert_int_equal(planner_move(fixture, last, &planned, &planner_doctor, &alone), -1);
    assert_int_equal(alone.n_moved, 1);
    planner_hear(fixture, &heard);
    assert_int_equal(heard.n_texts, 1);
    assert_true(g_str_has_prefix(heard.texts, "Jadwal baru: "));
    /* What is where it is wanted stays there. */
    last = alone.visits[3];
    assert_int_equal(planner_plan_move(fixture, last, &later, &planner_doctor, &planned), -1);
    assert_int_equal(planner_move(fixture, last, &planned, &planner_doctor, &moved), -1);
    assert_int_equal(moved.n_moved, 0);
}

/* A week that was left out stays so, and one that was put off by a day is in its week again. */
static void test_gaps_stay(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) series = {0};
    g_auto(Answer) planned = {0};
    const SeriesWish wish = {.first_date = "2026-12-02", .minute = 11 * 60};
    book_series(fixture, &series);
    assert_int_equal(fixture_cancel(fixture, series.visits[1], ACTOR_PATIENT), -1);
    g_autofree char *off = g_strdup_printf(
        "UPDATE visit SET starts_at_ms = starts_at_ms + 86400000, ends_at_ms = ends_at_ms + "
        "86400000 WHERE id = '%s'",
        series.visits[3]);
    planner_sql(fixture, off);
    assert_int_equal(planner_plan_move(fixture, series.visits[0], &wish, &planner_doctor, &planned),
                     -1);
    const char *const dates[] = {"2026-12-02", "2026-12-16", "2026-12-23"};
    assert_int_equal(planned.n_dates, 3);
    for (int i = 0; i < 3; i++)
        assert_string_equal(planned.dates[i].date, dates[i]);
    /* All in one week: one after the other all the same. */
    g_autofree char *near =
        g_strdup_printf("UPDATE visit SET starts_at_ms = %" G_GINT64_FORMAT " WHERE id = '%s'",
                        fixture_time(8, 11, 0), series.visits[2]);
    planner_sql(fixture, near);
    assert_int_equal(planner_plan_move(fixture, series.visits[0], &wish, &planner_doctor, &planned),
                     -1);
    assert_string_equal(planned.dates[1].date, "2026-12-09");
    assert_string_equal(planned.dates[2].date, "2026-12-23");
}

static void test_all_or_none(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) series = {0};
    g_auto(Answer) planned = {0};
    g_auto(Answer) answer = {0};
    const char *first;
    book_series(fixture, &series);
    first = series.visits[0];
    assert_int_equal(planner_plan_move(fixture, first, &wednesdays, &planner_doctor, &planned), -1);
    const Actor foreign = fixture_staff(fixture, ACTOR_DESK, 1);
    assert_int_equal(planner_move(fixture, first, &planned, &foreign, &answer),
                     SCHEDULING_ERROR_FORBIDDEN);
    book_other(fixture, planned.dates[2].choices[0].starts_at_ms);
    assert_int_equal(planner_move(fixture, first, &planned, &planner_doctor, &answer),
                     SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(answer.taken_at_ms, planned.dates[2].choices[0].starts_at_ms);
    expect_states(fixture, &series, VISIT_STATE_BOOKED);
    assert_int_equal(planner_count(fixture, "SELECT COUNT(*) FROM visit_move"), 0);
    /* Somebody has cancelled one meanwhile. */
    assert_int_equal(planner_plan_move(fixture, first, &wednesdays, &planner_doctor, &planned), -1);
    assert_int_equal(fixture_cancel(fixture, series.visits[2], ACTOR_PATIENT), -1);
    assert_int_equal(planner_move(fixture, first, &planned, &planner_doctor, &answer),
                     SCHEDULING_ERROR_VISIT_CANCELLED);
    assert_int_equal(fixture_state(fixture, first), VISIT_STATE_BOOKED);
    assert_int_equal(planner_count(fixture, "SELECT COUNT(*) FROM visit_move"), 0);
}

static void test_what_may_be_named(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) series = {0};
    g_auto(Answer) planned = {0};
    g_auto(Answer) answer = {0};
    book_series(fixture, &series);
    const char *second = series.visits[1];
    const SeriesWish wrong = {.first_date = FIXTURE_TODAY, .minute = 1440};
    assert_int_equal(planner_plan_move(fixture, second, &wrong, &planner_doctor, &planned),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(planned.faults, "first:in_past time:not_a_time ");
    assert_int_equal(planner_plan_move(fixture, second, &wednesdays, &planner_doctor, &planned),
                     -1);
    const SeriesDate good = planned.dates[1];
    /* An earlier one; the same twice; not rising; none. */
    g_strlcpy(planned.dates[1].visit_id, series.visits[0], SCHEDULING_ID_BYTES);
    assert_int_equal(planner_move(fixture, second, &planned, &planner_doctor, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults, "moves:not_allowed ");
    g_strlcpy(planned.dates[1].visit_id, second, SCHEDULING_ID_BYTES);
    assert_int_equal(planner_move(fixture, second, &planned, &planner_doctor, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    planned.dates[1] = planned.dates[0];
    g_strlcpy(planned.dates[1].visit_id, good.visit_id, SCHEDULING_ID_BYTES);
    assert_int_equal(planner_move(fixture, second, &planned, &planner_doctor, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    planned.n_dates = 0;
    assert_int_equal(planner_move(fixture, second, &planned, &planner_doctor, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults, "moves:too_few ");
    expect_states(fixture, &series, VISIT_STATE_BOOKED);
    /* Nor is another doctor's told of, where it is. */
    book_elsewhere(fixture, fixture_time(2, 10, 0), 15 * MINUTE_MS);
    planned.n_dates = 1;
    g_strlcpy(planned.dates[0].visit_id, fixture->visit_id, SCHEDULING_ID_BYTES);
    planned.dates[0].choices[0].starts_at_ms = fixture_time(2, 10, 0);
    assert_int_equal(planner_move(fixture, second, &planned, &planner_doctor, &answer),
                     SCHEDULING_ERROR_FORBIDDEN);
    /* Of what is of no series there is nothing to be moved. */
    assert_int_equal(fixture_book(fixture, fixture_time(1, 10, 0)), -1);
    g_autofree char *alone = g_strdup(fixture->visit_id);
    assert_int_equal(planner_plan_move(fixture, alone, &wednesdays, &planner_doctor, &planned), -1);
    assert_int_equal(planned.n_dates, 0);
}

/* Both at once, in either order: all are moved, or all are cancelled. */
static void race(Fixture *fixture, bool is_cancel_first, Answer *moved, Answer *cancelled,
                 Answer *series)
{
    g_auto(Answer) planned = {0};
    book_series(fixture, series);
    const char *first = series->visits[0];
    assert_int_equal(planner_plan_move(fixture, first, &wednesdays, &planner_doctor, &planned), -1);
    if (is_cancel_first)
        planner_ask_cancel(fixture, first, &planner_doctor, cancelled);
    planner_ask_move(fixture, first, &planned, &planner_doctor, moved);
    if (!is_cancel_first)
        planner_ask_cancel(fixture, first, &planner_doctor, cancelled);
    fixture_wait(fixture);
}

static void test_cancelled_at_the_same_moment(void **state)
{
    g_auto(Answer) series = {0};
    g_auto(Answer) moved = {0};
    g_auto(Answer) cancelled = {0};
    race(*state, true, &moved, &cancelled, &series);
    assert_int_equal(cancelled.error, -1);
    assert_int_equal(moved.error, SCHEDULING_ERROR_VISIT_CANCELLED);
    expect_states(*state, &series, VISIT_STATE_CANCELLED_PROVIDER);
    assert_int_equal(planner_count(*state, "SELECT COUNT(*) FROM visit_move"), 0);
}

static void test_moved_before_it_is_cancelled(void **state)
{
    g_auto(Answer) series = {0};
    g_auto(Answer) moved = {0};
    g_auto(Answer) cancelled = {0};
    race(*state, false, &moved, &cancelled, &series);
    assert_int_equal(moved.error, -1);
    assert_int_not_equal(cancelled.error, -1);
    expect_states(*state, &series, VISIT_STATE_RESCHEDULED);
    expect_states(*state, &moved, VISIT_STATE_BOOKED);
}

/* An additional visit shares its time with a regular one, whose place stays taken. */
static void test_an_additional_one_frees_no_regular_place(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) series = {0};
    g_auto(Answer) planned = {0};
    const SeriesWish wish = {.first_date = "2026-12-01", .minute = 10 * 60 + 2};
    book_series(fixture, &series);
    g_autofree char *extra =
        g_strdup_printf("UPDATE visit SET is_extra = 1 WHERE id = '%s'", series.visits[0]);
    planner_sql(fixture, extra);
    book_other(fixture, series.starts[0]);
    assert_int_equal(planner_plan_move(fixture, series.visits[0], &wish, &planner_doctor, &planned),
                     -1);
    assert_int_not_equal(planned.dates[0].choices[0].starts_at_ms, series.starts[0]);
    assert_int_equal(planned.dates[1].choices[0].starts_at_ms, series.starts[1]);
}

/* The patient is elsewhere at one of the times, then all day. */
static void test_nobody_is_in_two_visits(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) planned = {0};
    g_auto(Answer) answer = {0};
    g_autofree char *visit = planner_visit(fixture);
    int64_t busy_ms = fixture_time(14, 10, 0);
    assert_int_equal(planner_plan(fixture, visit, &planner_wish, &planner_doctor, &planned), -1);
    SeriesDraft draft = planner_draft(&planned, "series-key-own");
    book_elsewhere(fixture, busy_ms, 15 * MINUTE_MS);
    assert_int_equal(planner_book(fixture, visit, &draft, &planner_doctor, &answer),
                     SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(answer.taken_at_ms, busy_ms);
    assert_int_equal(planner_count(fixture, "SELECT COUNT(*) FROM visit"), 2);
    assert_int_equal(planner_plan(fixture, visit, &planner_wish, &planner_doctor, &planned), -1);
    assert_string_equal(planned.fits, "fits fits fits fits ");
    assert_int_equal(planned.dates[0].choices[0].starts_at_ms, fixture_time(7, 10, 0));
    assert_int_equal(planned.dates[1].choices[0].starts_at_ms, fixture_time(14, 10, 15));
    g_autofree char *all_day =
        g_strdup_printf("UPDATE visit SET starts_at_ms = %" G_GINT64_FORMAT
                        ", ends_at_ms = %" G_GINT64_FORMAT " WHERE id = '%s'",
                        fixture_time(14, 0, 0), fixture_time(15, 0, 0), fixture->visit_id);
    planner_sql(fixture, all_day);
    assert_int_equal(planner_plan(fixture, visit, &planner_wish, &planner_doctor, &planned), -1);
    assert_string_equal(planned.fits, "fits own_visit fits fits ");
    assert_true(planned.dates[1].n_choices > 0);
    for (unsigned i = 0; i < planned.dates[1].n_choices; i++) {
        int64_t near_ms = planned.dates[1].choices[i].starts_at_ms;
        assert_true(near_ms < fixture_time(14, 0, 0) || near_ms >= fixture_time(15, 0, 0));
    }
}

static void test_nor_by_a_move(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) series = {0};
    g_auto(Answer) planned = {0};
    g_auto(Answer) answer = {0};
    int64_t busy_ms = fixture_time(22, 11, 0);
    book_series(fixture, &series);
    const char *first = series.visits[0];
    assert_int_equal(planner_plan_move(fixture, first, &wednesdays, &planner_doctor, &planned), -1);
    book_elsewhere(fixture, busy_ms, 15 * MINUTE_MS);
    assert_int_equal(planner_move(fixture, first, &planned, &planner_doctor, &answer),
                     SCHEDULING_ERROR_OWN_BOOKING);
    assert_int_equal(answer.taken_at_ms, busy_ms);
    expect_states(fixture, &series, VISIT_STATE_BOOKED);
    assert_int_equal(planner_plan_move(fixture, first, &wednesdays, &planner_doctor, &planned), -1);
    assert_int_not_equal(planned.dates[1].choices[0].starts_at_ms, busy_ms);
    assert_int_equal(planner_move(fixture, first, &planned, &planner_doctor, &answer), -1);
    assert_int_equal(answer.n_moved, N_DATES);
}

#define MOVE_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MOVE_TEST(test_from_one_on_all_move),
        MOVE_TEST(test_into_each_others_places),
        MOVE_TEST(test_gaps_stay),
        MOVE_TEST(test_all_or_none),
        MOVE_TEST(test_what_may_be_named),
        MOVE_TEST(test_cancelled_at_the_same_moment),
        MOVE_TEST(test_moved_before_it_is_cancelled),
        MOVE_TEST(test_an_additional_one_frees_no_regular_place),
        MOVE_TEST(test_nobody_is_in_two_visits),
        MOVE_TEST(test_nor_by_a_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
