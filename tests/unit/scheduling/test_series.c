// SPDX-License-Identifier: Apache-2.0
/* Visits that come again: what is proposed, booked at once or not at all, told once, cancelled from
 * one on. */
#include "tests/unit/scheduling/planner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/move.h"

static void test_nearest_to_the_wish(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    g_autofree char *visit = planner_visit(fixture);
    assert_int_equal(planner_plan(fixture, visit, &planner_wish, &planner_doctor, &answer), -1);
    assert_string_equal(answer.fits, "fits fits fits fits ");
    for (int i = 0; i < N_DATES; i++) {
        const SeriesDate *date = &answer.dates[i];
        assert_int_equal(date->wanted_at_ms, fixture_time(7 * (i + 1), 10, 5));
        assert_int_equal(date->choices[0].starts_at_ms, fixture_time(7 * (i + 1), 10, 0));
        assert_int_equal(date->choices[1].starts_at_ms, fixture_time(7 * (i + 1), 10, 15));
    }
    SeriesWish until = planner_wish;
    until.until_date = "2026-12-14";
    assert_int_equal(planner_plan(fixture, visit, &until, &planner_doctor, &answer), -1);
    assert_int_equal(answer.n_dates, 2);
    const SeriesWish wrong = {
        .first_date = FIXTURE_TODAY, .minute = 1440, .every_weeks = 3, .times = 13};
    assert_int_equal(planner_plan(fixture, visit, &wrong, &planner_doctor, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults,
                        "first:in_past time:not_a_time every:not_allowed times:too_large ");
    const Actor foreign = fixture_staff(fixture, ACTOR_DESK, 1);
    assert_int_equal(planner_plan(fixture, visit, &planner_wish, &foreign, &answer),
                     SCHEDULING_ERROR_FORBIDDEN);
}

/* One date each: a holiday, leave, nothing free; and after the permit and the rule's last day. */
static void test_why_a_date_does_not_fit(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    g_autofree char *visit = planner_visit(fixture);
    const char *doctor_id = fixture->seed.doctors[0].id;
    planner_sql(fixture, "INSERT INTO holiday VALUES ('h1', '2026-12-01', 'Libur', 1, NULL)");
    g_autofree char *leave = g_strdup_printf(
        "INSERT INTO hours_leave VALUES ('l1', '%s', '2026-12-08', '2026-12-08', '')", doctor_id);
    planner_sql(fixture, leave);
    g_autofree char *closed = g_strdup_printf(
        "INSERT INTO slot_hold (hash, practitioner_id, starts_at_ms, ends_at_ms, address_index, "
        "expires_at_ms) VALUES ('x', '%s', %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT
        ", 'x', 9999999999999)",
        doctor_id, fixture_time(21, 0, 0), fixture_time(22, 0, 0));
    planner_sql(fixture, closed);
    assert_int_equal(planner_plan(fixture, visit, &planner_wish, &planner_doctor, &answer), -1);
    assert_string_equal(answer.fits, "holiday leave full fits ");
    /* Instead of them the nearest of the days around. */
    for (int i = 0; i < N_DATES; i++)
        assert_true(answer.dates[i].n_choices > 0);
    int64_t off_ms = answer.dates[0].choices[0].starts_at_ms - answer.dates[0].wanted_at_ms;
    assert_true(ABS(off_ms) > 12 * HOUR_MS && ABS(off_ms) <= 3 * 24 * HOUR_MS);
    g_autofree char *permit = g_strdup_printf(
        "INSERT OR REPLACE INTO practice_permit VALUES ('%s', '%s', 'SIP', '2026-12-20')",
        fixture->seed.facility_ids[0], doctor_id);
    planner_sql(fixture, permit);
    assert_int_equal(planner_plan(fixture, visit, &planner_wish, &planner_doctor, &answer), -1);
    assert_string_equal(answer.fits, "holiday leave full permit_over ");
    planner_sql(fixture, "DELETE FROM practice_permit; INSERT INTO policy VALUES ('province', "
                         "'staff_horizon_days', 20, NULL, 0)");
    /* Never nearer than patients may: 30 days. */
    assert_int_equal(planner_plan(fixture, visit, &planner_wish, &planner_doctor, &answer), -1);
    assert_string_equal(answer.fits, "holiday leave full fits ");
    planner_sql(fixture,
                "INSERT INTO policy VALUES ('province', 'booking_horizon_days', 10, NULL, 0)");
    assert_int_equal(planner_plan(fixture, visit, &planner_wish, &planner_doctor, &answer), -1);
    assert_string_equal(answer.fits, "holiday leave too_far too_far ");
}

static void test_all_at_once_and_told_once(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) planned = {0};
    g_auto(Answer) answer = {0};
    g_auto(Answer) heard = {.fixture = fixture};
    g_autofree char *visit = planner_visit(fixture);
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    planner_hear(fixture, &heard); /* of the first booking */
    assert_int_equal(planner_plan(fixture, visit, &planner_wish, &planner_doctor, &planned), -1);
    SeriesDraft draft = planner_draft(&planned, "series-key-1");
    assert_int_equal(planner_book(fixture, visit, &draft, &desk, &answer), -1);
    assert_int_equal(answer.n_visits, N_DATES);
    for (int i = 0; i < N_DATES; i++) {
        assert_int_equal(answer.starts[i], draft.starts[i]);
        assert_int_equal(fixture_state(fixture, answer.visits[i]), VISIT_STATE_BOOKED);
    }
    assert_int_equal(planner_count(fixture, "SELECT COUNT(DISTINCT patient_id) FROM visit"), 1);
    planner_hear(fixture, &heard);
    assert_int_equal(heard.n_texts, 1);
    assert_non_null(strstr(heard.texts,
                           "4 kunjungan Anda terdaftar: Sel 1/12 10.00, Sel 8/12 10.00, "
                           "Sel 15/12 10.00, Sel 22/12 10.00 WITA."));
    /* Each has reminders of its own. */
    assert_int_equal(
        planner_count(fixture, "SELECT COUNT(*) FROM notification n JOIN visit_series_entry e ON "
                               "e.visit_id = n.visit_id WHERE n.kind = 'day_before'"),
        N_DATES);
    /* A retry is answered, another request with the key is not. */
    g_autofree char *id = g_strdup(answer.id);
    assert_int_equal(planner_book(fixture, visit, &draft, &desk, &answer), -1);
    assert_string_equal(answer.id, id);
    assert_int_equal(planner_count(fixture, "SELECT COUNT(*) FROM visit"), 1 + N_DATES);
    draft.n_starts--;
    assert_int_equal(planner_book(fixture, visit, &draft, &desk, &answer),
                     SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
}

static void test_of_one_that_is_taken_none_is_booked(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) planned = {0};
    g_auto(Answer) answer = {0};
    g_autofree char *visit = planner_visit(fixture);
    assert_int_equal(planner_plan(fixture, visit, &planner_wish, &planner_doctor, &planned), -1);
    SeriesDraft draft = planner_draft(&planned, "series-key-2");
    assert_int_equal(fixture_book(fixture, draft.starts[2]), -1);
    assert_int_equal(planner_book(fixture, visit, &draft, &planner_doctor, &answer),
                     SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(answer.taken_at_ms, draft.starts[2]);
    assert_int_equal(planner_count(fixture, "SELECT COUNT(*) FROM visit"), 2);
    assert_int_equal(planner_count(fixture, "SELECT COUNT(*) FROM visit_series"), 0);
    /* The same key is free for what is settled on then. */
    draft.starts[2] += 15 * MINUTE_MS;
    assert_int_equal(planner_book(fixture, visit, &draft, &planner_doctor, &answer), -1);
}

static void test_faults(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    g_autofree char *visit = planner_visit(fixture);
    SeriesDraft draft = {.every_weeks = 1, .n_starts = 2, .key = "short"};
    draft.starts[0] = draft.starts[1] = fixture_time(7, 10, 0);
    assert_int_equal(planner_book(fixture, visit, &draft, &planner_doctor, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults, "Idempotency-Key:too_short starts:not_allowed ");
    draft = (SeriesDraft){.every_weeks = 5, .n_starts = 1};
    assert_int_equal(planner_book(fixture, visit, &draft, &planner_doctor, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults,
                        "Idempotency-Key:required every:not_allowed starts:too_few ");
}

/* Staff book further ahead than patients, up to the rule's last day. */
static void test_further_ahead_than_patients(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    g_autofree char *visit = planner_visit(fixture);
    int64_t far_ms = fixture_time(7 * 20, 10, 0);
    assert_int_equal(fixture_book(fixture, far_ms), SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    SeriesDraft draft = {.every_weeks = 4, .n_starts = 2, .key = "series-key-3"};
    draft.starts[0] = fixture_time(7 * 16, 10, 0);
    draft.starts[1] = far_ms;
    assert_int_equal(planner_book(fixture, visit, &draft, &planner_doctor, &answer), -1);
    draft = (SeriesDraft){.every_weeks = 4, .n_starts = 2, .key = "series-key-4"};
    draft.starts[0] = fixture_time(7 * 24, 10, 0);
    draft.starts[1] = fixture_time(7 * 28, 10, 0); /* after the 180th day */
    assert_int_equal(planner_book(fixture, visit, &draft, &planner_doctor, &answer),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(answer.taken_at_ms, draft.starts[1]);
}

static void on_moved(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    if (!error)
        g_strlcpy(answer->moved_to, booking->visit_id, sizeof answer->moved_to);
}

/* One is moved within the series; from the moved one on all are cancelled. */
static void test_one_moved_and_the_rest_cancelled(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) planned = {0};
    g_auto(Answer) answer = {0};
    g_auto(Answer) seen = {0};
    g_auto(Answer) heard = {.fixture = fixture};
    g_autofree char *visit = planner_visit(fixture);
    assert_int_equal(planner_plan(fixture, visit, &planner_wish, &planner_doctor, &planned), -1);
    SeriesDraft draft = planner_draft(&planned, "series-key-5");
    assert_int_equal(planner_book(fixture, visit, &draft, &planner_doctor, &answer), -1);
    const MoveWish to = {.practitioner_id = fixture->seed.doctors[0].id,
                         .starts_at_ms = draft.starts[1] + HOUR_MS};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, answer.visits[1], &to, &planner_doctor, on_moved, &answer);
    fixture_wait(fixture);
    planner_look(fixture, answer.visits[0], &seen);
    assert_int_equal(seen.n_visits, N_DATES);
    assert_string_equal(seen.visits[1], answer.moved_to);
    planner_hear(fixture, &heard);
    const Actor foreign = fixture_staff(fixture, ACTOR_DESK, 1);
    assert_int_equal(planner_cancel(fixture, seen.visits[1], &foreign, &seen),
                     SCHEDULING_ERROR_FORBIDDEN);
    /* A visit that is of no series is cancelled as any other, not so. */
    assert_int_equal(planner_cancel(fixture, visit, &planner_doctor, &seen),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(planner_cancel(fixture, seen.visits[1], &planner_doctor, &seen), -1);
    assert_int_equal(seen.n_cancelled, N_DATES - 1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_state(fixture, seen.visits[0]), VISIT_STATE_BOOKED);
    for (int i = 1; i < N_DATES; i++)
        assert_int_equal(fixture_state(fixture, seen.visits[i]), VISIT_STATE_CANCELLED_PROVIDER);
    planner_hear(fixture, &heard);
    assert_int_equal(heard.n_texts, 1);
    assert_non_null(strstr(heard.texts,
                           "3 kunjungan Anda dibatalkan: Sel 8/12 11.00, Sel 15/12 10.00, "
                           "Sel 22/12 10.00 WITA."));
}

static void on_view(const VisitView *view, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->n_dates = view->following->len;
    answer->taken_at_ms = g_array_index(view->following, int64_t, 0);
}

static void test_the_patients_page_names_what_follows(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) planned = {0};
    g_auto(Answer) answer = {0};
    g_auto(Answer) seen = {.fixture = fixture};
    g_autofree char *visit = planner_visit(fixture);
    assert_int_equal(planner_plan(fixture, visit, &planner_wish, &planner_doctor, &planned), -1);
    SeriesDraft draft = planner_draft(&planned, "series-key-6");
    assert_int_equal(planner_book(fixture, visit, &draft, &planner_doctor, &answer), -1);
    fixture->n_waiting++;
    visit_get_view(fixture->scheduling, answer.visits[1], on_view, &seen);
    fixture_wait(fixture);
    assert_int_equal(seen.n_dates, 2);
    assert_int_equal(seen.taken_at_ms, draft.starts[2]);
}

#define SERIES_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERIES_TEST(test_nearest_to_the_wish),
        SERIES_TEST(test_why_a_date_does_not_fit),
        SERIES_TEST(test_all_at_once_and_told_once),
        SERIES_TEST(test_of_one_that_is_taken_none_is_booked),
        SERIES_TEST(test_faults),
        SERIES_TEST(test_further_ahead_than_patients),
        SERIES_TEST(test_one_moved_and_the_rest_cancelled),
        SERIES_TEST(test_the_patients_page_names_what_follows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
