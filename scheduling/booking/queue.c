// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/queue.h"

enum { STEP_MINUTES = 5 };

void queue_wait_range(unsigned ahead, bool in_call, int64_t median_ms, int64_t until_start_ms,
                      QueuePlace *ret_place)
{
    int64_t step_ms = STEP_MINUTES * 60 * 1000;
    int64_t expected_ms = (2 * (int64_t)ahead + (in_call ? 1 : 0)) * median_ms / 2;
    int64_t latest_ms = MAX(expected_ms * 3 / 2, until_start_ms);
    ret_place->ahead = ahead;
    ret_place->wait_min_minutes = (unsigned)(expected_ms / 2 / step_ms) * STEP_MINUTES;
    ret_place->wait_max_minutes =
        (unsigned)((MAX(latest_ms, 1) + step_ms - 1) / step_ms) * STEP_MINUTES;
}

static bool count_one(DbQuery *query, unsigned *ret_count, GError **error)
{
    if (!scheduling_need_row(query, "count", error))
        return false;
    *ret_count = (unsigned)db_column_int(query, 0);
    db_reset(query);
    return true;
}

/* Median of today's finished consultations of this doctor; FALLBACK_MS before the first one. */
static bool median_duration(DbTx *tx, const QueueKey *key, int64_t fallback_ms, int64_t *ret_ms,
                            GError **error)
{
    g_autoptr(GArray) durations = g_array_new(FALSE, FALSE, sizeof(int64_t));
    DbQuery *rows = db_query(tx, "queue_durations");
    db_bind_text(rows, 1, key->practitioner_id);
    db_bind_text(rows, 2, key->local_date);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        int64_t duration_ms = db_column_int(rows, 0);
        g_array_append_val(durations, duration_ms);
    }
    if (step == DB_FAILED)
        return false;
    *ret_ms = durations->len > 0 ? g_array_index(durations, int64_t, (durations->len - 1) / 2)
                                 : fallback_ms;
    return true;
}

bool queue_place(Scheduling *scheduling, DbTx *tx, const QueueKey *key, QueuePlace *ret_place,
                 GError **error)
{
    DbQuery *before = db_query(tx, "queue_ahead");
    db_bind_text(before, 1, key->practitioner_id);
    db_bind_text(before, 2, key->local_date);
    db_bind_text(before, 3, key->visit_id);
    db_bind_int(before, 4, key->starts_at_ms);
    db_bind_int(before, 5, key->checked_in_at_ms);
    unsigned ahead, n_in_call;
    if (!count_one(before, &ahead, error))
        return false;
    DbQuery *talking = db_query(tx, "queue_in_call");
    db_bind_text(talking, 1, key->practitioner_id);
    db_bind_text(talking, 2, key->local_date);
    int64_t median_ms;
    if (!count_one(talking, &n_in_call, error) ||
        !median_duration(tx, key, key->ends_at_ms - key->starts_at_ms, &median_ms, error))
        return false;
    queue_wait_range(ahead, n_in_call > 0, median_ms,
                     key->starts_at_ms - clock_wall_ms(scheduling->clock), ret_place);
    return true;
}
