// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/hours_hit.h"

#include <string.h>

#include "scheduling/clinic/hours_store.h"

/* A booking that may be hit. */
typedef struct {
    HoursHit hit;
    char *clinic_id, *practitioner_id;
    char date[SCHEDULING_DATE_BYTES];
    int64_t number;            /* of its clinic's day */
    bool had_place, has_place; /* before the change, after it */
} Watched;

struct HoursWatch {
    GPtrArray *visits; /* Watched */
    char first_date[SCHEDULING_DATE_BYTES], last_date[SCHEDULING_DATE_BYTES];
};

static void hit_clear(HoursHit *hit)
{
    g_free(hit->visit_id);
    g_free(hit->code);
    g_free(hit->number);
    g_free(hit->clinic);
    g_free(hit->doctor);
}

static void hit_free(gpointer data)
{
    hit_clear(data);
    g_free(data);
}

GPtrArray *hours_hits_new(void)
{
    return g_ptr_array_new_with_free_func(hit_free);
}

static void watched_free(gpointer data)
{
    Watched *visit = data;
    hit_clear(&visit->hit);
    g_free(visit->clinic_id);
    g_free(visit->practitioner_id);
    g_free(visit);
}

void hours_watch_free(HoursWatch *watch)
{
    if (!watch)
        return;
    g_ptr_array_unref(watch->visits);
    g_free(watch);
}

static Watched *read_visit(DbQuery *row)
{
    Watched *visit = g_new0(Watched, 1);
    visit->hit = (HoursHit){
        .visit_id = db_column_dup(row, 0),
        .code = db_column_dup(row, 1),
        .number = db_column_dup(row, 2),
        .starts_at_ms = db_column_int(row, 3),
        .ends_at_ms = db_column_int(row, 4),
        .clinic = db_column_dup(row, 8),
        .doctor = db_column_dup(row, 9),
        .is_extra = db_column_int(row, 10) != 0,
    };
    visit->number = db_column_int(row, 11);
    scheduling_copy_column(row, 5, visit->date, sizeof visit->date);
    visit->clinic_id = db_column_dup(row, 6);
    visit->practitioner_id = db_column_dup(row, 7);
    return visit;
}

static DbQuery *ask_visits(const Scheduling *scheduling, DbTx *tx, const HoursHitScope *scope)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(now_ms, scheduling->zone, today);
    if (scope->practitioner_id) {
        DbQuery *rows = db_query(tx, "hours_visits_of_practitioner");
        db_bind_text(rows, 1, scope->practitioner_id);
        db_bind_int(rows, 2, now_ms);
        db_bind_text(rows, 3, today);
        return rows;
    }
    if (!scope->date) {
        DbQuery *rows = db_query(tx, "hours_visits_of_place");
        db_bind_text(rows, 1, scope->facility_id);
        db_bind_text(rows, 2, scope->clinic_id);
        db_bind_text(rows, 3, today);
        db_bind_int(rows, 4, now_ms);
        return rows;
    }
    DbQuery *rows = db_query(tx, "hours_visits_of_date");
    db_bind_text(rows, 1, scope->date);
    db_bind_text(rows, 2, scope->facility_id);
    db_bind_int(rows, 3, now_ms);
    return rows;
}

/* The plan of the visit's doctor in its clinic, read once in a job. */
static const HoursPlan *plan_of(const HoursWatch *watch, const Watched *visit,
                                Scheduling *scheduling, DbTx *tx, GHashTable *plans, GError **error)
{
    g_autofree char *key = g_strjoin(" ", visit->clinic_id, visit->practitioner_id, NULL);
    HoursPlan *plan = g_hash_table_lookup(plans, key);
    if (plan)
        return plan;
    const HoursQuery query = {visit->clinic_id, visit->practitioner_id, watch->first_date,
                              watch->last_date};
    plan = hours_plan_load(scheduling, tx, &query, error);
    if (plan)
        g_hash_table_insert(plans, g_steal_pointer(&key), plan);
    return plan;
}

static bool is_open(const HoursPlan *plan, const Watched *visit)
{
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    hours_open(plan, visit->practitioner_id, visit->date, spans);
    return time_spans_hold(spans, visit->hit.starts_at_ms, visit->hit.ends_at_ms);
}

/* How many additional places the hours around a time have; *RET_HOURS: those hours. */
static int extra_places_at(const HoursPlan *plan, const Watched *visit, TimeSpan *ret_hours)
{
    int n_extra = 0;
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    hours_slots(plan, visit->practitioner_id, visit->date, slots);
    for (unsigned i = 0; i < slots->len; i++) {
        const Slot *slot = &g_array_index(slots, Slot, i);
        bool is_around = slot->session.from_ms <= visit->hit.starts_at_ms &&
                         visit->hit.starts_at_ms < slot->session.to_ms;
        if (is_around && slot->n_extra > n_extra) {
            n_extra = slot->n_extra;
            *ret_hours = slot->session;
        }
    }
    return n_extra;
}

/* Is ONE an additional visit in HOURS of the same doctor and clinic, booked before VISIT? Numbers
 * of a clinic's day rise with each booking. */
static bool is_earlier_extra(const Watched *one, const Watched *visit, const TimeSpan *hours)
{
    return one->hit.is_extra && one->number < visit->number &&
           strcmp(one->practitioner_id, visit->practitioner_id) == 0 &&
           strcmp(one->clinic_id, visit->clinic_id) == 0 &&
           hours->from_ms <= one->hit.starts_at_ms && one->hit.starts_at_ms < hours->to_ms;
}

static bool has_place(const HoursWatch *watch, const HoursPlan *plan, const Watched *visit)
{
    TimeSpan hours = {0};
    if (!is_open(plan, visit))
        return false;
    if (!visit->hit.is_extra)
        return true;
    int left = extra_places_at(plan, visit, &hours);
    for (unsigned i = 0; left > 0 && i < watch->visits->len; i++)
        left -= is_earlier_extra(g_ptr_array_index(watch->visits, i), visit, &hours);
    return left > 0;
}

static GHashTable *plans_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)hours_plan_free);
}

HoursWatch *hours_watch_new(Scheduling *scheduling, DbTx *tx, const HoursHitScope *scope,
                            GError **error)
{
    g_autoptr(HoursWatch) watch = g_new0(HoursWatch, 1);
    watch->visits = g_ptr_array_new_with_free_func(watched_free);
    DbQuery *rows = ask_visits(scheduling, tx, scope);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW)
        g_ptr_array_add(watch->visits, read_visit(rows));
    if (step == DB_FAILED)
        return NULL;
    if (watch->visits->len > 0) {
        const Watched *first = g_ptr_array_index(watch->visits, 0);
        const Watched *last = g_ptr_array_index(watch->visits, watch->visits->len - 1);
        memcpy(watch->first_date, first->date, sizeof watch->first_date);
        memcpy(watch->last_date, last->date, sizeof watch->last_date);
    }
    g_autoptr(GHashTable) plans = plans_new();
    for (unsigned i = 0; i < watch->visits->len; i++) {
        Watched *visit = g_ptr_array_index(watch->visits, i);
        const HoursPlan *plan = plan_of(watch, visit, scheduling, tx, plans, error);
        if (!plan)
            return NULL;
        visit->had_place = has_place(watch, plan, visit);
    }
    return g_steal_pointer(&watch);
}

static HoursHit *steal_hit(Watched *visit)
{
    HoursHit *hit = g_memdup2(&visit->hit, sizeof visit->hit);
    visit->hit = (HoursHit){0};
    return hit;
}

bool hours_watch_compare(HoursWatch *watch, Scheduling *scheduling, DbTx *tx, GPtrArray *hits,
                         GError **error)
{
    g_autoptr(GHashTable) plans = plans_new();
    for (unsigned i = 0; i < watch->visits->len; i++) {
        Watched *visit = g_ptr_array_index(watch->visits, i);
        const HoursPlan *plan =
            visit->had_place ? plan_of(watch, visit, scheduling, tx, plans, error) : NULL;
        if (visit->had_place && !plan)
            return false;
        visit->has_place = plan && has_place(watch, plan, visit);
    }
    /* Only now: the additional ones are counted among each other. */
    for (unsigned i = 0; i < watch->visits->len; i++) {
        Watched *visit = g_ptr_array_index(watch->visits, i);
        if (visit->had_place && !visit->has_place)
            g_ptr_array_add(hits, steal_hit(visit));
    }
    return true;
}

bool hours_hits_settle(Scheduling *scheduling, DbTx *tx, const Actor *actor, GPtrArray *hits,
                       bool keep, GError **error)
{
    if (hits->len > 0 && !keep) {
        g_set_error(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BOOKINGS_HIT,
                    "%u bookings would be left without hours", hits->len);
        return false;
    }
    for (unsigned i = 0; i < hits->len; i++) {
        const HoursHit *hit = g_ptr_array_index(hits, i);
        if (!scheduling_audit(scheduling, tx, actor, "hours.booking_kept", "visit", hit->visit_id,
                              error))
            return false;
    }
    return true;
}
