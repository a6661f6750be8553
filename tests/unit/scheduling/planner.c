// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/planner.h"
#include "tests/unit/scheduling/fixture_sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "scheduling/outbox/delivery.h"
#include "tests/unit/scheduling/words.h"

const SeriesWish planner_wish = {
    .first_date = "2026-12-01", .minute = 10 * 60 + 5, .every_weeks = 1, .times = N_DATES};
const Actor planner_doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

void answer_clear(Answer *answer)
{
    g_free(answer->faults);
    g_free(answer->id);
    g_free(answer->fits);
    g_free(answer->texts);
    *answer = (Answer){.fixture = answer->fixture};
}

static void on_plan(const SeriesPlan *plan, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    g_autoptr(GString) fits = g_string_new(NULL);
    fixture_keep_error(answer->fixture, error);
    answer->faults = words_faults(plan->faults);
    answer->n_dates = plan->dates->len;
    for (unsigned i = 0; i < plan->dates->len; i++) {
        answer->dates[i] = g_array_index(plan->dates, SeriesDate, i);
        g_string_append_printf(fits, "%s ", series_fit_name(answer->dates[i].fit));
    }
    answer->fits = g_strdup(fits->str);
}

int planner_plan(Fixture *fixture, const char *visit_id, const SeriesWish *wish, const Actor *actor,
                 Answer *answer)
{
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    series_plan(fixture->scheduling, visit_id, wish, actor, on_plan, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_series(const Series *series, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->error = answer->fixture->error_code;
    answer->faults = words_faults(series->faults);
    answer->taken_at_ms = series->taken_at_ms;
    answer->n_cancelled = series->n_cancelled;
    answer->n_moved = series->n_moved;
    answer->id = g_strdup(series->id);
    answer->n_visits = series->visits->len;
    for (unsigned i = 0; i < series->visits->len; i++) {
        const SeriesVisit *visit = series->visits->pdata[i];
        g_strlcpy(answer->visits[i], visit->id, sizeof answer->visits[i]);
        answer->starts[i] = visit->starts_at_ms;
    }
}

int planner_book(Fixture *fixture, const char *visit_id, const SeriesDraft *draft,
                 const Actor *actor, Answer *answer)
{
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    series_book(fixture->scheduling, visit_id, draft, actor, on_series, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

void planner_look(Fixture *fixture, const char *visit_id, Answer *answer)
{
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    series_get(fixture->scheduling, visit_id, &planner_doctor, on_series, answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

void planner_sql(Fixture *fixture, const char *sql)
{
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

int planner_count(Fixture *fixture, const char *sql)
{
    return (int)fixture_sql_int(fixture, sql);
}

static void on_claimed(GPtrArray *deliveries, bool more, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    GString *texts = g_string_new(NULL);
    (void)more;
    fixture_keep_error(answer->fixture, error);
    for (unsigned i = 0; deliveries && i < deliveries->len; i++) {
        const Delivery *delivery = deliveries->pdata[i];
        g_string_append_printf(texts, "%s\n", delivery->text);
        answer->n_texts++;
    }
    if (deliveries)
        g_ptr_array_unref(deliveries);
    answer->texts = g_string_free(texts, FALSE);
}

void planner_hear(Fixture *fixture, Answer *answer)
{
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    delivery_claim(fixture->scheduling, "https://localhost", on_claimed, answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

char *planner_visit(Fixture *fixture)
{
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 0)), -1);
    return g_strdup(fixture->visit_id);
}

SeriesDraft planner_draft(const Answer *planned, const char *key)
{
    SeriesDraft draft = {.every_weeks = 1, .key = key};
    for (unsigned i = 0; i < planned->n_dates; i++)
        draft.starts[draft.n_starts++] = planned->dates[i].choices[0].starts_at_ms;
    return draft;
}

int planner_plan_move(Fixture *fixture, const char *visit_id, const SeriesWish *wish,
                      const Actor *actor, Answer *answer)
{
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    series_plan_move(fixture->scheduling, visit_id, wish, actor, on_plan, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

void planner_ask_move(Fixture *fixture, const char *visit_id, const Answer *planned,
                      const Actor *actor, Answer *answer)
{
    SeriesMove moves[SERIES_MAX] = {0};
    for (unsigned i = 0; i < planned->n_dates; i++)
        moves[i] =
            (SeriesMove){planned->dates[i].visit_id, planned->dates[i].choices[0].starts_at_ms};
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    series_move(fixture->scheduling, visit_id, moves, planned->n_dates, actor, on_series, answer);
}

int planner_move(Fixture *fixture, const char *visit_id, const Answer *planned, const Actor *actor,
                 Answer *answer)
{
    planner_ask_move(fixture, visit_id, planned, actor, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_cancelled(const Series *series, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->error = answer->fixture->error_code;
    answer->n_cancelled = series->n_cancelled;
}

void planner_ask_cancel(Fixture *fixture, const char *visit_id, const Actor *actor, Answer *answer)
{
    answer->fixture = fixture;
    fixture->n_waiting++;
    series_cancel(fixture->scheduling, visit_id, "patient_request", actor, on_cancelled, answer);
}

int planner_cancel(Fixture *fixture, const char *visit_id, const Actor *actor, Answer *answer)
{
    planner_ask_cancel(fixture, visit_id, actor, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}
