// SPDX-License-Identifier: Apache-2.0
#include "scheduling/record/interval.h"

#include <string.h>

struct Interval {
    /* "endpoint kind" -> side + 1: what flows now. */
    GHashTable *flows;
    unsigned n_flowing[INTERVAL_N_SIDES];
    IntervalResult result;
};

Interval *interval_new(void)
{
    Interval *interval = g_new0(Interval, 1);
    interval->flows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return interval;
}

void interval_free(Interval *interval)
{
    if (!interval)
        return;
    g_hash_table_unref(interval->flows);
    g_free(interval);
}

static void settle(Interval *interval, int64_t at_ms)
{
    IntervalResult *result = &interval->result;
    bool both = interval->n_flowing[INTERVAL_SIDE_PATIENT] > 0 &&
                interval->n_flowing[INTERVAL_SIDE_DOCTOR] > 0;
    if (both && result->open_since_ms == 0) {
        result->open_since_ms = at_ms;
        if (result->start_ms == 0)
            result->start_ms = at_ms;
    } else if (!both && result->open_since_ms != 0) {
        result->end_ms = MAX(at_ms, result->open_since_ms);
        result->total_ms += result->end_ms - result->open_since_ms;
        result->open_since_ms = 0;
    }
}

void interval_set(Interval *interval, IntervalSide side, const char *endpoint_id, const char *kind,
                  bool flowing, int64_t at_ms)
{
    g_autofree char *key = g_strconcat(endpoint_id, " ", kind, NULL);
    gpointer held = g_hash_table_lookup(interval->flows, key);
    if (flowing && !held) {
        g_hash_table_insert(interval->flows, g_steal_pointer(&key), GINT_TO_POINTER(side + 1));
        interval->n_flowing[side]++;
    } else if (!flowing && held) {
        interval->n_flowing[GPOINTER_TO_INT(held) - 1]--;
        g_hash_table_remove(interval->flows, key);
    }
    settle(interval, at_ms);
}

void interval_close_endpoint(Interval *interval, const char *endpoint_id, int64_t at_ms)
{
    size_t n = strlen(endpoint_id);
    GHashTableIter iter;
    gpointer key, held;
    g_hash_table_iter_init(&iter, interval->flows);
    while (g_hash_table_iter_next(&iter, &key, &held)) {
        const char *text = key;
        if (strncmp(text, endpoint_id, n) != 0 || text[n] != ' ')
            continue;
        interval->n_flowing[GPOINTER_TO_INT(held) - 1]--;
        g_hash_table_iter_remove(&iter);
    }
    settle(interval, at_ms);
}

void interval_close_all(Interval *interval, int64_t at_ms)
{
    g_hash_table_remove_all(interval->flows);
    memset(interval->n_flowing, 0, sizeof interval->n_flowing);
    settle(interval, at_ms);
}

void interval_result(const Interval *interval, IntervalResult *ret_result)
{
    *ret_result = interval->result;
    ret_result->any_flowing = g_hash_table_size(interval->flows) > 0;
}
