// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/turn.h"

#include <string.h>

/* In the order in which they are called. */
typedef enum {
    TURN_URGENT,
    TURN_DUE,     /* has an appointment, whose time has come: of an order number the session's */
    TURN_WALK_IN, /* has none */
    TURN_EARLY,   /* has an appointment that is still to come */
} TurnClass;

static TurnClass class_of(const Turn *turn, int64_t now_ms)
{
    if (turn->urgent_at_ms)
        return TURN_URGENT;
    if (turn->is_walk_in)
        return TURN_WALK_IN;
    return turn->due_from_ms <= now_ms ? TURN_DUE : TURN_EARLY;
}

/* What orders those of one class. */
static int64_t key_of(const Turn *turn, TurnClass class)
{
    switch (class) {
    case TURN_URGENT:
        return turn->urgent_at_ms;
    case TURN_WALK_IN:
        return turn->checked_in_at_ms;
    case TURN_DUE:
    case TURN_EARLY:
        return turn->starts_at_ms;
    }
    g_assert_not_reached();
}

static int compare_times(int64_t left, int64_t right)
{
    return left < right ? -1 : left > right;
}

static gint compare_turns(gconstpointer a, gconstpointer b, gpointer user_data)
{
    const Turn *left = a;
    const Turn *right = b;
    int64_t now_ms = *(const int64_t *)user_data;
    TurnClass class = class_of(left, now_ms);
    TurnClass other = class_of(right, now_ms);
    if (class != TURN_URGENT && other != TURN_URGENT &&
        left->is_of_day_before != right->is_of_day_before)
        return left->is_of_day_before ? -1 : 1;
    if (class != other)
        return class < other ? -1 : 1;
    int order = compare_times(key_of(left, class), key_of(right, class));
    if (order == 0 && class != TURN_URGENT)
        order = (int)left->is_extra - (int)right->is_extra;
    if (order == 0)
        order = compare_times(left->checked_in_at_ms, right->checked_in_at_ms);
    return order ? order : strcmp(left->id, right->id);
}

static unsigned first_undelayed(const GArray *turns, bool present_only)
{
    for (unsigned i = 0; i < turns->len; i++) {
        const Turn *turn = &g_array_index(turns, Turn, i);
        if (!turn->is_delayed && (turn->is_present || !present_only))
            return i;
    }
    return turns->len;
}

void turn_sort(GArray *turns, int64_t now_ms)
{
    g_array_sort_with_data(turns, compare_turns, &now_ms);
    unsigned first = first_undelayed(turns, false);
    if (first == 0 || first == turns->len)
        return;
    Turn turn = g_array_index(turns, Turn, first);
    g_array_remove_index(turns, first);
    g_array_prepend_val(turns, turn);
}

unsigned turn_next(const GArray *turns)
{
    g_assert(turns->len > 0);
    unsigned first = first_undelayed(turns, true);
    if (first < turns->len)
        return first;
    for (unsigned i = 0; i < turns->len; i++) {
        if (g_array_index(turns, Turn, i).is_present)
            return i;
    }
    return 0;
}

bool turn_is_late(int64_t starts_at_ms, int64_t checked_in_at_ms, int64_t late_after_ms)
{
    return checked_in_at_ms > starts_at_ms + late_after_ms;
}
