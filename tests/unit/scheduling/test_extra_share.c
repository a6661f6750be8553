// SPDX-License-Identifier: Apache-2.0
/* Additional places: never more than the share of their hours, whoever asks at once and in whatever
 * order; and what a smaller share does to those that are booked. */
#include "tests/unit/scheduling/giver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

enum { N_RACERS = 100, N_STEPS = 600 };

static void race(Fixture *fixture, int64_t starts_at_ms)
{
    static Given given[N_RACERS];
    const Actor actor = fixture_staff(fixture, ACTOR_DESK, 0);
    unsigned n_won = 0;
    memset(given, 0, sizeof given);
    for (unsigned i = 0; i < N_RACERS; i++)
        giver_send(fixture, &actor, starts_at_ms, &given[i]);
    fixture_wait(fixture);
    for (unsigned i = 0; i < N_RACERS; i++) {
        if (given[i].code == -1) {
            n_won++;
            assert_true(given[i].is_extra);
        } else {
            assert_int_equal(given[i].code, SCHEDULING_ERROR_SLOT_TAKEN);
        }
        given_clear(&given[i]);
    }
    assert_int_equal(n_won, 1);
}

static void test_last_additional_place_has_one_winner(void **state)
{
    Fixture *fixture = *state;
    giver_fill_slots(fixture);
    giver_give_one(fixture, giver_slot_time(0));
    race(fixture, giver_slot_time(5));
    giver_fill_session(fixture);
    giver_give_one(fixture, fixture_time(0, 14, 0));
    race(fixture, fixture_time(0, 14, 0));
    giver_assert_offers(fixture, "");
}

/* What is held today, read as it stands. */
typedef struct {
    unsigned n_regular[2], n_extra[2]; /* in slots, in the session */
} Held;

static bool held_job(DbTx *tx, gpointer data, GError **error)
{
    struct {
        Fixture *fixture;
        Held held;
    } *ask = data;
    int64_t taken[2][64];
    unsigned n_taken[2] = {0};
    DbQuery *rows = db_query(tx, "slot_claims");
    db_bind_text(rows, 1, ask->fixture->seed.doctors[0].id);
    db_bind_int(rows, 2, fixture_time(0, 0, 0));
    db_bind_int(rows, 3, fixture_time(1, 0, 0));
    db_bind_int(rows, 4, clock_wall_ms(ask->fixture->clock));
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        int64_t starts_at_ms = db_column_int(rows, 0);
        bool is_session = starts_at_ms >= fixture_time(0, 14, 0);
        bool is_extra = db_column_int(rows, 4) != 0;
        (*(is_extra ? &ask->held.n_extra : &ask->held.n_regular))[is_session]++;
        /* No two of a kind overlap. */
        unsigned n = n_taken[is_extra];
        assert_true(n == 0 || starts_at_ms >= taken[is_extra][n - 1]);
        taken[is_extra][n_taken[is_extra]++] = db_column_int(rows, 1);
    }
    return step == DB_DONE;
}

static void check_held(Fixture *fixture, Held *ret_held)
{
    struct {
        Fixture *fixture;
        Held held;
    } ask = {.fixture = fixture};
    fixture_run(fixture, held_job, &ask);
    assert_in_range(ask.held.n_regular[0], 0, N_SLOTS);
    assert_in_range(ask.held.n_extra[0], 0, 2);
    assert_in_range(ask.held.n_regular[1], 0, QUOTA);
    assert_in_range(ask.held.n_extra[1], 0, 2);
    *ret_held = ask.held;
}

/* Whatever is booked, given and cancelled in whatever order: regular ones never overlap, additional
 * ones never overlap each other, and there are never more of them than the share. */
static void test_never_above_the_share(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(20261129);
    g_autoptr(GPtrArray) visits = g_ptr_array_new_with_free_func(g_free);
    unsigned n_full = 0;
    for (int step = 0; step < N_STEPS; step++) {
        int64_t at_ms = g_rand_boolean(rand) ? giver_slot_time(g_rand_int_range(rand, 0, N_SLOTS))
                                             : fixture_time(0, 14, 0);
        int kind = g_rand_int_range(rand, 0, 5);
        if (kind == 0 && visits->len > 0) {
            unsigned i = (unsigned)g_rand_int_range(rand, 0, (gint32)visits->len);
            assert_int_equal(fixture_cancel(fixture, visits->pdata[i], ACTOR_PATIENT), -1);
            g_ptr_array_remove_index_fast(visits, i);
        } else if (kind < 3) {
            if (fixture_book(fixture, at_ms) == -1)
                g_ptr_array_add(visits, g_strdup(fixture->visit_id));
        } else {
            Given given = giver_give(fixture, at_ms);
            if (given.code == -1)
                g_ptr_array_add(visits, given.visit_id);
        }
        Held held;
        check_held(fixture, &held);
        n_full += held.n_extra[0] == 2 && held.n_extra[1] == 2;
    }
    assert_true(n_full > 10);
}

/* Those that were booked last are above a smaller share. */
static void test_smaller_share_lists_bookings(void **state)
{
    Fixture *fixture = *state;
    giver_fill_slots(fixture); /* */
    g_auto(Given) first = giver_give(fixture, giver_slot_time(7));
    g_auto(Given) second = giver_give(fixture, giver_slot_time(2));
    assert_true(first.is_extra && second.is_extra);
    HoursEdit rule = giver_rule(fixture, false, 13); /* one */
    assert_int_equal(giver_change(fixture, &rule, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(giver_hits, "A-10 ");
    rule = giver_rule(fixture, false, 0);
    assert_int_equal(giver_change(fixture, &rule, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(giver_hits, "A-10 A-9 ");
    assert_int_equal(giver_change(fixture, &rule, true), -1);
    assert_int_equal(fixture_state(fixture, second.visit_id), VISIT_STATE_BOOKED);
    giver_assert_offers(fixture, "");
    /* They were above the share before: a change that leaves it so hits nobody. */
    rule.rule.minutes.to = 13 * 60 + 30;
    assert_int_equal(giver_change(fixture, &rule, false), -1);
    rule.rule.pattern.extra_percent = HOURS_MAX_EXTRA_PERCENT;
    assert_int_equal(giver_change(fixture, &rule, false), -1);
    assert_int_equal(fixture_cancel(fixture, first.visit_id, ACTOR_PATIENT), -1);
    rule.rule.pattern.extra_percent++;
    assert_int_equal(giver_change(fixture, &rule, false), SCHEDULING_ERROR_INVALID_FIELDS);
}

static void test_smaller_quota_lists_bookings(void **state)
{
    Fixture *fixture = *state;
    giver_fill_session(fixture);
    g_auto(Given) first = giver_give(fixture, fixture_time(0, 14, 0));
    g_auto(Given) second = giver_give(fixture, fixture_time(0, 14, 0));
    assert_true(first.is_extra && second.is_extra);
    HoursEdit rule = giver_rule(fixture, true, 20);
    rule.rule.pattern.quota = 8; /* one more */
    assert_int_equal(giver_change(fixture, &rule, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(giver_hits, "A-9 A-10 A-11 A-12 A-14 ");
    assert_int_equal(giver_change(fixture, &rule, true), -1);
    /* Twelve are booked for eight: no more, not even additionally. */
    assert_int_equal(fixture_cancel(fixture, second.visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(fixture_cancel(fixture, first.visit_id, ACTOR_PATIENT), -1);
    giver_assert_offers(fixture, "");
}

#define EXTRA_TEST(name) cmocka_unit_test_setup_teardown(name, giver_set_up, giver_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EXTRA_TEST(test_last_additional_place_has_one_winner),
        EXTRA_TEST(test_never_above_the_share),
        EXTRA_TEST(test_smaller_share_lists_bookings),
        EXTRA_TEST(test_smaller_quota_lists_bookings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
