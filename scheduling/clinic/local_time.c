// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/local_time.h"

#include "server/base/clock.h"

static const int64_t second_ms = 1000;
static const int64_t day_s = (int64_t)24 * 60 * 60;

static int64_t offset_at(GTimeZone *zone, int64_t utc_s)
{
    int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, utc_s);
    return interval < 0 ? 0 : g_time_zone_get_offset(zone, interval);
}

/* The second at which the zone's offset changes, between LOW (before) and HIGH (after). */
static int64_t find_change(GTimeZone *zone, int64_t low, int64_t high)
{
    int64_t before = offset_at(zone, low);
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (offset_at(zone, middle) == before)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* When the clock shows LOCAL_S (seconds since 1970 as if the zone were UTC): first and last time.
 * Zones change their offset at most once in two days. */
static void find_moments(GTimeZone *zone, int64_t local_s, int64_t *ret_first, int64_t *ret_last)
{
    int64_t earlier = local_s - offset_at(zone, local_s - day_s);
    int64_t later = local_s - offset_at(zone, local_s + day_s);
    bool earlier_holds = earlier + offset_at(zone, earlier) == local_s;
    bool later_holds = later + offset_at(zone, later) == local_s;
    if (!earlier_holds && !later_holds) {
        *ret_first = *ret_last = find_change(zone, MIN(earlier, later), MAX(earlier, later));
        return;
    }
    *ret_first = earlier_holds ? earlier : later;
    *ret_last = later_holds ? later : earlier;
}

static int64_t date_seconds(const char *date)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    int64_t start_ms = 0;
    clock_date_start(date, utc, &start_ms);
    return start_ms / second_ms;
}

bool local_time_span(GTimeZone *zone, const char *date, const int minutes[2],
                     LocalTimeReading reading, TimeSpan *ret_span)
{
    char valid[11];
    if (!clock_date_add(date, 0, valid))
        return false;
    int64_t day = date_seconds(date);
    int64_t first[2], last[2];
    for (int i = 0; i < 2; i++)
        find_moments(zone, day + (int64_t)minutes[i] * 60, &first[i], &last[i]);
    int64_t from = reading == LOCAL_TIME_INNER ? last[0] : first[0];
    int64_t to = reading == LOCAL_TIME_INNER ? first[1] : last[1];
    /* Both ends lie in the repeated hour: the first time round. */
    if (from >= to && reading == LOCAL_TIME_INNER)
        from = first[0];
    if (from >= to)
        return false;
    *ret_span = (TimeSpan){from * second_ms, to * second_ms};
    return true;
}

int local_time_minute(GTimeZone *zone, int64_t wall_ms)
{
    int64_t utc_s = wall_ms / second_ms;
    int64_t in_day = (utc_s + offset_at(zone, utc_s)) % day_s;
    return (int)((in_day < 0 ? in_day + day_s : in_day) / 60);
}

static gint span_compare(gconstpointer a, gconstpointer b)
{
    const TimeSpan *left = a;
    const TimeSpan *right = b;
    return left->from_ms < right->from_ms ? -1 : left->from_ms > right->from_ms;
}

/* SPANS in order, those that touch made one. */
static GArray *united(GArray *spans)
{
    GArray *whole = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    g_array_sort(spans, span_compare);
    for (unsigned i = 0; i < spans->len; i++) {
        const TimeSpan *span = &g_array_index(spans, TimeSpan, i);
        TimeSpan *last = whole->len > 0 ? &g_array_index(whole, TimeSpan, whole->len - 1) : NULL;
        if (last && span->from_ms <= last->to_ms)
            last->to_ms = MAX(last->to_ms, span->to_ms);
        else
            g_array_append_val(whole, *span);
    }
    return whole;
}

void time_spans_subtract(GArray *open, GArray *closed, GArray *left)
{
    g_autoptr(GArray) whole = united(open);
    g_autoptr(GArray) holes = united(closed);
    for (unsigned i = 0; i < whole->len; i++) {
        TimeSpan span = g_array_index(whole, TimeSpan, i);
        for (unsigned j = 0; j < holes->len && span.from_ms < span.to_ms; j++) {
            const TimeSpan *hole = &g_array_index(holes, TimeSpan, j);
            if (hole->to_ms <= span.from_ms || hole->from_ms >= span.to_ms)
                continue;
            const TimeSpan before = {span.from_ms, hole->from_ms};
            if (before.from_ms < before.to_ms)
                g_array_append_val(left, before);
            span.from_ms = hole->to_ms;
        }
        if (span.from_ms < span.to_ms)
            g_array_append_val(left, span);
    }
}

bool time_spans_hold(const GArray *spans, int64_t from_ms, int64_t to_ms)
{
    for (unsigned i = 0; i < spans->len; i++) {
        const TimeSpan *span = &g_array_index(spans, TimeSpan, i);
        if (span->from_ms <= from_ms && to_ms <= span->to_ms)
            return true;
    }
    return false;
}
