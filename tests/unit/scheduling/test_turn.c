// SPDX-License-Identifier: Apache-2.0
/* The order of the queue: the rules one by one, and what must hold of any queue: a thousand made at
 * random, called down to the last patient. */
#include "scheduling/booking/turn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE = 60 * 1000, N_QUEUES = 1000, MAX_TURNS = 30 };
static const int64_t now_ms = INT64_C(1795485600000);

/* A patient named NAME whose appointment is START minutes from now. */
static Turn booked(const char *name, int start, int checked_in)
{
    Turn turn = {
        .starts_at_ms = now_ms + (int64_t)start * MINUTE,
        .due_from_ms = now_ms + (int64_t)start * MINUTE,
        .checked_in_at_ms = now_ms + (int64_t)checked_in * MINUTE,
        .is_present = true,
    };
    g_strlcpy(turn.id, name, sizeof turn.id);
    return turn;
}

static Turn walk_in(const char *name, int checked_in)
{
    Turn turn = booked(name, checked_in, checked_in);
    turn.is_walk_in = true;
    return turn;
}

/* "a b c": the order in which they stand. */
static void assert_order(Turn *turns, unsigned n, const char *expected)
{
    g_autoptr(GArray) array = g_array_new(FALSE, FALSE, sizeof(Turn));
    g_autoptr(GString) order = g_string_new(NULL);
    g_array_append_vals(array, turns, n);
    turn_sort(array, now_ms);
    for (unsigned i = 0; i < array->len; i++)
        g_string_append_printf(order, "%s%s", i ? " " : "", g_array_index(array, Turn, i).id);
    assert_string_equal(order->str, expected);
}

static const char *next_of(const Turn *turns, unsigned n)
{
    g_autoptr(GArray) array = g_array_new(FALSE, FALSE, sizeof(Turn));
    g_array_append_vals(array, turns, n);
    turn_sort(array, now_ms);
    const char *id = g_array_index(array, Turn, turn_next(array)).id;
    for (unsigned i = 0; i < n; i++) {
        if (strcmp(turns[i].id, id) == 0)
            return turns[i].id;
    }
    return NULL;
}

static void test_booked_by_start(void **state)
{
    (void)state;
    Turn turns[] = {booked("b", -5, -30), booked("a", -20, -2), booked("c", 10, -28)};
    assert_order(turns, 3, "a b c");
}

static void test_walk_in_after_who_is_due(void **state)
{
    (void)state;
    Turn turns[] = {walk_in("w", -40), booked("due", 0, -1), booked("early", 1, -25)};
    assert_order(turns, 3, "due w early");
}

/* A place of a session that began BEGIN minutes from now. */
static Turn order_number(const char *name, int begin, int start, int checked_in)
{
    Turn turn = booked(name, start, checked_in);
    turn.due_from_ms = now_ms + (int64_t)begin * MINUTE;
    return turn;
}

static void test_order_numbers_are_due_from_the_sessions_begin(void **state)
{
    (void)state;
    Turn turns[] = {walk_in("w", -1), order_number("b4", -5, 15, -30),
                    order_number("b2", -5, 5, -2), order_number("b3", -5, 10, -10),
                    booked("slot", -2, -5)};
    assert_order(turns, 5, "slot b2 b3 b4 w");
    Turn before[] = {walk_in("w", -1), order_number("b1", 1, 1, -30)};
    assert_order(before, 2, "w b1");
}

static void test_additional_after_who_has_the_time(void **state)
{
    (void)state;
    Turn turns[] = {booked("x", -15, -40), booked("a", -15, -16), booked("y", 10, -40),
                    booked("b", 0, -1), booked("c", 10, -5)};
    turns[0].is_extra = turns[2].is_extra = true;
    assert_order(turns, 5, "a x b c y");
}

static void test_urgent_goes_first(void **state)
{
    (void)state;
    Turn turns[] = {booked("a", -30, -40), walk_in("u", -1), walk_in("v", -10)};
    turns[1].urgent_at_ms = now_ms - 1;
    turns[2].urgent_at_ms = now_ms - 2;
    assert_order(turns, 3, "v u a");
}

static void test_delayed_lets_one_go_first(void **state)
{
    (void)state;
    Turn turns[] = {booked("late", -30, -2), booked("a", -15, -16), booked("b", 0, -5)};
    turns[0].is_delayed = true;
    assert_order(turns, 3, "a late b");
    Turn alone[] = {turns[0]};
    assert_order(alone, 1, "late");
    assert_string_equal(next_of(alone, 1), "late");
}

static void test_who_is_away_keeps_the_place(void **state)
{
    (void)state;
    Turn turns[] = {booked("away", -10, -20), booked("late", -30, -2), booked("there", 0, -5)};
    turns[0].is_present = false;
    turns[1].is_delayed = true;
    assert_order(turns, 3, "away late there");
    assert_string_equal(next_of(turns, 3), "there");
    turns[2].is_present = false;
    assert_string_equal(next_of(turns, 3), "late");
    turns[1].is_present = false;
    assert_string_equal(next_of(turns, 3), "away");
}

static void test_late_from_when(void **state)
{
    (void)state;
    assert_false(turn_is_late(now_ms, now_ms + 10 * MINUTE, 10 * MINUTE));
    assert_true(turn_is_late(now_ms, now_ms + 10 * MINUTE + 1, 10 * MINUTE));
    assert_false(turn_is_late(now_ms, now_ms - MINUTE, 10 * MINUTE));
}

static GArray *random_queue(GRand *random)
{
    GArray *turns = g_array_new(FALSE, FALSE, sizeof(Turn));
    int n = g_rand_int_range(random, 1, MAX_TURNS + 1);
    for (int i = 0; i < n; i++) {
        g_autofree char *name = g_strdup_printf("%d", i);
        int checked_in = g_rand_int_range(random, -60, 1);
        Turn turn = g_rand_boolean(random)
                        ? walk_in(name, checked_in)
                        : booked(name, g_rand_int_range(random, -60, 30), checked_in);
        turn.urgent_at_ms =
            g_rand_int_range(random, 0, 8) ? 0 : now_ms - g_rand_int_range(random, 0, 999);
        turn.is_delayed = !turn.urgent_at_ms && g_rand_int_range(random, 0, 4) == 0;
        turn.is_present = g_rand_int_range(random, 0, 5) != 0;
        g_array_append_val(turns, turn);
    }
    return turns;
}

static int rank(const Turn *turn)
{
    if (turn->urgent_at_ms)
        return 0;
    if (turn->is_walk_in)
        return 2;
    return turn->starts_at_ms <= now_ms ? 1 : 3;
}

/* BEFORE stands before AFTER: may it? */
static void check_pair(const Turn *before, const Turn *after, bool at_front)
{
    if (at_front && after->is_delayed)
        return; /* let the other go first */
    assert_true(rank(before) <= rank(after));
    if (rank(before) != rank(after))
        return;
    if (rank(before) == 0)
        assert_true(before->urgent_at_ms <= after->urgent_at_ms);
    else if (rank(before) == 2)
        assert_true(before->checked_in_at_ms <= after->checked_in_at_ms);
    else
        assert_true(before->starts_at_ms <= after->starts_at_ms);
}

static void check_order(const GArray *turns)
{
    bool all_delayed = true;
    for (unsigned i = 0; i < turns->len; i++) {
        const Turn *turn = &g_array_index(turns, Turn, i);
        all_delayed = all_delayed && turn->is_delayed;
        for (unsigned j = i + 1; j < turns->len; j++)
            check_pair(turn, &g_array_index(turns, Turn, j), i == 0);
    }
    assert_true(all_delayed || !g_array_index(turns, Turn, 0).is_delayed);
}

static void shuffle(GRand *random, GArray *turns)
{
    for (unsigned i = turns->len; i > 1; i--) {
        unsigned j = (unsigned)g_rand_int_range(random, 0, (int)i);
        Turn kept = g_array_index(turns, Turn, i - 1);
        g_array_index(turns, Turn, i - 1) = g_array_index(turns, Turn, j);
        g_array_index(turns, Turn, j) = kept;
    }
}

static void check_same(const GArray *left, const GArray *right)
{
    assert_int_equal(left->len, right->len);
    for (unsigned i = 0; i < left->len; i++)
        assert_string_equal(g_array_index(left, Turn, i).id, g_array_index(right, Turn, i).id);
}

/* Everybody is called, once; nobody who lets another go first waits for more than that one. */
static void call_all(GArray *turns)
{
    while (turns->len > 0) {
        turn_sort(turns, now_ms);
        check_order(turns);
        unsigned next = turn_next(turns);
        bool was_delayed = g_array_index(turns, Turn, next).is_delayed;
        bool was_present = g_array_index(turns, Turn, next).is_present;
        for (unsigned i = 0; i < turns->len; i++) {
            Turn *turn = &g_array_index(turns, Turn, i);
            assert_true(was_present || !turn->is_present);
            assert_true(!was_delayed || turn->is_delayed || !turn->is_present);
            turn->is_delayed = false;
        }
        g_array_remove_index(turns, next);
    }
}

static void test_any_queue(void **state)
{
    (void)state;
    GRand *random = g_rand_new_with_seed(20261124);
    for (int i = 0; i < N_QUEUES; i++) {
        g_autoptr(GArray) turns = random_queue(random);
        g_autoptr(GArray) other = g_array_copy(turns);
        shuffle(random, other);
        turn_sort(turns, now_ms);
        turn_sort(other, now_ms);
        check_same(turns, other);
        call_all(turns);
    }
    g_rand_free(random);
}

/* Who waits since before midnight is before all of today but emergencies. */
static void test_the_day_before_goes_first(void **state)
{
    (void)state;
    Turn turns[] = {booked("due", -30, -40), walk_in("old walk-in", -20), booked("old", -10, -30),
                    walk_in("urgent", -1), booked("old early", 10, -30)};
    turns[1].is_of_day_before = turns[2].is_of_day_before = turns[4].is_of_day_before = true;
    turns[3].urgent_at_ms = now_ms - MINUTE;
    assert_order(turns, 5, "urgent old old walk-in old early due");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_booked_by_start),
        cmocka_unit_test(test_order_numbers_are_due_from_the_sessions_begin),
        cmocka_unit_test(test_walk_in_after_who_is_due),
        cmocka_unit_test(test_additional_after_who_has_the_time),
        cmocka_unit_test(test_urgent_goes_first),
        cmocka_unit_test(test_delayed_lets_one_go_first),
        cmocka_unit_test(test_who_is_away_keeps_the_place),
        cmocka_unit_test(test_late_from_when),
        cmocka_unit_test(test_the_day_before_goes_first),
        cmocka_unit_test(test_any_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
