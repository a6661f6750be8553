// SPDX-License-Identifier: Apache-2.0
/* Plans, books, moves and cancels visits that come again, and hears what patients are told: for the
 * tests of series. */
#pragma once
#include "tests/unit/scheduling/fixture.h"

#include "scheduling/booking/series.h"

enum { N_DATES = 4 };
/** Four Tuesdays from the next one on, at about 10.05; the fixture's today is one. */
extern const SeriesWish planner_wish;
extern const Actor planner_doctor;

/** Of the last call. */
typedef struct {
    Fixture *fixture;
    int error; /* of booking, moving, cancelling */
    char *faults, *id, *fits;
    unsigned n_dates;
    SeriesDate dates[SERIES_MAX];
    unsigned n_visits, n_cancelled, n_moved;
    char visits[SERIES_MAX][SCHEDULING_ID_BYTES];
    int64_t starts[SERIES_MAX], taken_at_ms;
    char moved_to[SCHEDULING_ID_BYTES];
    char *texts;
    unsigned n_texts;
} Answer;
void answer_clear(Answer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

/** The visit from which a series is booked; to be freed. */
char *planner_visit(Fixture *fixture);
/** As the plan proposes it. */
SeriesDraft planner_draft(const Answer *planned, const char *key);

/** Each returns error_code. */
int planner_plan(Fixture *fixture, const char *visit_id, const SeriesWish *wish, const Actor *actor,
                 Answer *answer);
int planner_plan_move(Fixture *fixture, const char *visit_id, const SeriesWish *wish,
                      const Actor *actor, Answer *answer);
int planner_book(Fixture *fixture, const char *visit_id, const SeriesDraft *draft,
                 const Actor *actor, Answer *answer);
int planner_cancel(Fixture *fixture, const char *visit_id, const Actor *actor, Answer *answer);
/** To what PLANNED proposes first. */
int planner_move(Fixture *fixture, const char *visit_id, const Answer *planned, const Actor *actor,
                 Answer *answer);
/** Only asked: fixture_wait() waits for the answer. */
void planner_ask_move(Fixture *fixture, const char *visit_id, const Answer *planned,
                      const Actor *actor, Answer *answer);
void planner_ask_cancel(Fixture *fixture, const char *visit_id, const Actor *actor, Answer *answer);
void planner_look(Fixture *fixture, const char *visit_id, Answer *answer);
/** What is said to patients now; it stays claimed. */
void planner_hear(Fixture *fixture, Answer *answer);

/** With the database library itself, beside the engine. */
void planner_sql(Fixture *fixture, const char *sql);
int planner_count(Fixture *fixture, const char *sql);
