// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/queue_pace.h"

#include <string.h>

#include "scheduling/booking/queue_day.h"
#include "scheduling/clinic/hours_store.h"

void queue_pace_clear(QueuePace *pace)
{
    g_clear_pointer(&pace->month, g_array_unref);
}

static int compare_durations(gconstpointer a, gconstpointer b)
{
    int64_t left = ((const QueueTook *)a)->duration_ms;
    int64_t right = ((const QueueTook *)b)->duration_ms;
    return left < right ? -1 : left > right;
}

/* By duration. */
static bool load_took(DbQuery *rows, GArray *took, GError **error)
{
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        QueueTook one = {.duration_ms = db_column_int(rows, 0)};
        scheduling_copy_column(rows, 1, one.service_id, sizeof one.service_id);
        g_array_append_val(took, one);
    }
    g_array_sort(took, compare_durations);
    return step == DB_DONE;
}

/* Of those for the service (NULL: of all); -1: fewer than N_MIN. TOOK is sorted. */
static int64_t median(const GArray *took, const char *service_id, unsigned n_min)
{
    unsigned n = 0;
    int64_t at_half_ms = -1;
    for (unsigned pass = 0; pass < 2; pass++) {
        unsigned n_seen = 0;
        for (unsigned i = 0; i < took->len; i++) {
            const QueueTook *one = &g_array_index(took, QueueTook, i);
            if (service_id && strcmp(one->service_id, service_id) != 0)
                continue;
            if (pass == 1 && n_seen == (n - 1) / 2)
                at_half_ms = one->duration_ms;
            n_seen++;
        }
        n = n_seen;
        if (n < n_min)
            return -1;
    }
    return at_half_ms;
}

static DbQuery *query_by_key(DbTx *tx, const QueueKey *key, const char *of_doctor,
                             const char *of_clinic)
{
    DbQuery *query = db_query(tx, key->practitioner_id ? of_doctor : of_clinic);
    db_bind_text(query, 1, key->practitioner_id ? key->practitioner_id : key->clinic_id);
    return query;
}

static bool load_since(DbTx *tx, const QueueKey *key, const char *since, unsigned n_most,
                       GArray *took, GError **error)
{
    DbQuery *rows = query_by_key(tx, key, "queue_took_of_doctor", "queue_took_of_clinic");
    db_bind_text(rows, 2, since);
    db_bind_text(rows, 3, key->local_date);
    db_bind_int(rows, 4, n_most);
    return load_took(rows, took, error);
}

enum { MAX_OF_A_DAY = 1000 };

bool queue_pace_load(DbTx *tx, const QueueKey *key, QueuePace *ret_pace, GError **error)
{
    char since[SCHEDULING_DATE_BYTES];
    *ret_pace = (QueuePace){.today_ms = -1};
    g_autoptr(GArray) today = g_array_new(FALSE, FALSE, sizeof(QueueTook));
    if (!load_since(tx, key, key->local_date, MAX_OF_A_DAY, today, error))
        return false;
    ret_pace->today_ms = median(today, NULL, QUEUE_PACE_MIN_TODAY);
    if (ret_pace->today_ms >= 0 || !clock_date_add(key->local_date, -QUEUE_PACE_MONTH_DAYS, since))
        return true;
    g_autoptr(GArray) month = g_array_new(FALSE, FALSE, sizeof(QueueTook));
    if (!load_since(tx, key, since, QUEUE_PACE_MAX_MONTH, month, error))
        return false;
    ret_pace->month = g_steal_pointer(&month);
    return true;
}

int64_t queue_pace_ms(const QueuePace *pace, const char *service_id, int64_t slot_ms)
{
    if (pace->today_ms >= 0)
        return pace->today_ms;
    if (!pace->month)
        return slot_ms;
    int64_t of_service_ms = median(pace->month, service_id ? service_id : "", QUEUE_PACE_MIN_MONTH);
    int64_t of_all_ms =
        of_service_ms >= 0 ? of_service_ms : median(pace->month, NULL, QUEUE_PACE_MIN_MONTH);
    return of_all_ms >= 0 ? of_all_ms : slot_ms;
}

/* Do the doctor's hours in the clinic go on, or are some still to come today? */
static bool has_hours_left(const HoursPlan *plan, const char *practitioner_id, const char *date,
                           int64_t now_ms)
{
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    hours_open(plan, practitioner_id, date, spans);
    for (unsigned i = 0; i < spans->len; i++) {
        if (g_array_index(spans, TimeSpan, i).to_ms > now_ms)
            return true;
    }
    return false;
}

/* Those whose last patient is a while ago; who still has hours serves the queue. */
static bool add_idle(Scheduling *scheduling, DbTx *tx, const QueueKey *key, const GPtrArray *idle,
                     unsigned *n_doctors, GError **error)
{
    if (idle->len == 0)
        return true;
    const HoursQuery query = {key->clinic_id, NULL, key->local_date, key->local_date};
    g_autoptr(HoursPlan) plan = hours_plan_load(scheduling, tx, &query, error);
    if (!plan)
        return false;
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    for (unsigned i = 0; i < idle->len; i++)
        *n_doctors += has_hours_left(plan, idle->pdata[i], key->local_date, now_ms);
    return true;
}

bool queue_served_load(Scheduling *scheduling, DbTx *tx, const QueueKey *key,
                       QueueServed *ret_served, GError **error)
{
    QueueServed served = {0};
    QueueDays days;
    int64_t gone_ms = clock_wall_ms(scheduling->clock) - QUEUE_PACE_GONE_MINUTES * (int64_t)60000;
    g_autoptr(GPtrArray) idle = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = query_by_key(tx, key, "queue_served_by_doctor", "queue_served_in_clinic");
    queue_days(scheduling, key->local_date, &days);
    db_bind_text(rows, 2, days.date);
    db_bind_text(rows, 3, days.before);
    if (!key->practitioner_id)
        db_bind_int(rows, 4, gone_ms);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        unsigned n_called = (unsigned)db_column_int(rows, 1);
        unsigned n_talking = (unsigned)db_column_int(rows, 2);
        served.n_called += n_called;
        served.n_talking += n_talking;
        served.called_slot_ms += scheduling_column_int0(rows, 3);
        served.talking_slot_ms += scheduling_column_int0(rows, 4);
        if (n_called + n_talking > 0 || scheduling_column_int0(rows, 5) > gone_ms)
            served.n_doctors++;
        else
            g_ptr_array_add(idle, db_column_dup(rows, 0));
    }
    /* A doctor's own queue has one, gone or not. */
    if (step == DB_FAILED ||
        (!key->practitioner_id && !add_idle(scheduling, tx, key, idle, &served.n_doctors, error)))
        return false;
    *ret_served = served;
    return true;
}
