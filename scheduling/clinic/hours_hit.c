// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/hours_hit.h"

#include <limits.h>
#include <string.h>

#include "scheduling/booking/visit_state.h"
#include "scheduling/clinic/hours_kept.h"
#include "scheduling/clinic/hours_store.h"

/* Somebody who holds a place, and may be hit when it is to come; or who waits today, by then. */
typedef struct {
    HoursHit hit;
    char *clinic_id;
    char date[SCHEDULING_DATE_BYTES];
    int64_t number; /* of its clinic's day */
    bool is_coming; /* else it has begun or is over, and has used its place */
    bool waits;     /* its time is there, and nobody has seen the patient: is hit, too */
    bool in_pool;   /* waits for whichever doctor of the clinic is free */
    bool has_slot;  /* else it was taken down as a walk-in, and uses no place of the hours */
    bool in_group;  /* shares a time that is kept on purpose, in the hours or not */
    bool is_open;   /* lies in open hours: as was judged last, like the next */
    bool has_place;
    bool is_left;   /* of who waits: the doctor is not there, not one either who may see nobody */
    bool had_place; /* when the watch was made, like the next */
    bool was_left;
} Watched;

struct HoursWatch {
    GPtrArray *visits; /* Watched, by time */
    GPtrArray *days;   /* GPtrArray of Watched: those of one doctor, clinic and date */
    char first_date[SCHEDULING_DATE_BYTES], last_date[SCHEDULING_DATE_BYTES];
    int64_t now_ms;
};

static void hit_clear(HoursHit *hit)
{
    g_free(hit->visit_id);
    g_free(hit->code);
    g_free(hit->number);
    g_free(hit->clinic);
    g_free(hit->facility);
    g_free(hit->doctor);
    g_free(hit->practitioner_id);
    g_free(hit->facility_id);
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

unsigned hours_hits_told(const GPtrArray *hits)
{
    unsigned n_told = 0;
    for (unsigned i = 0; i < hits->len; i++)
        n_told += ((const HoursHit *)hits->pdata[i])->is_told;
    return n_told;
}

unsigned hours_hits_not_reachable(const GPtrArray *hits)
{
    unsigned n_not = 0;
    for (unsigned i = 0; i < hits->len; i++)
        n_not += ((const HoursHit *)hits->pdata[i])->no_mobile;
    return n_not;
}

unsigned hours_hits_no_phone(const GPtrArray *hits)
{
    unsigned n_without = 0;
    for (unsigned i = 0; i < hits->len; i++)
        n_without += ((const HoursHit *)hits->pdata[i])->no_phone;
    return n_without;
}

static void watched_free(gpointer data)
{
    Watched *visit = data;
    hit_clear(&visit->hit);
    g_free(visit->clinic_id);
    g_free(visit);
}

void hours_watch_free(HoursWatch *watch)
{
    if (!watch)
        return;
    g_ptr_array_unref(watch->days);
    g_ptr_array_unref(watch->visits);
    g_free(watch);
}

static bool may_be_hit(VisitState state)
{
    return state == VISIT_STATE_REQUESTED || state == VISIT_STATE_BOOKED ||
           state == VISIT_STATE_CHECKED_IN || state == VISIT_STATE_CALLED;
}

static Watched *read_visit(DbQuery *row, const char *today, int64_t now_ms)
{
    Watched *visit = g_new0(Watched, 1);
    VisitState state = VISIT_STATE_DONE;
    (void)visit_state_parse(db_column_text(row, 12), &state);
    visit->hit = (HoursHit){
        .visit_id = db_column_dup(row, 0),
        .code = db_column_dup(row, 1),
        .number = db_column_dup(row, 2),
        .starts_at_ms = db_column_int(row, 3),
        .ends_at_ms = db_column_int(row, 4),
        .clinic = db_column_dup(row, 8),
        .facility = db_column_dup(row, 17),
        .doctor = db_column_dup(row, 9),
        .practitioner_id = db_column_dup(row, 7),
        .facility_id = db_column_dup(row, 14),
        .is_extra = db_column_int(row, 10) != 0,
        .may_choose = hours_kept_may_choose(state),
        .is_there = state == VISIT_STATE_CHECKED_IN || state == VISIT_STATE_CALLED,
    };
    scheduling_copy_column(row, 5, visit->date, sizeof visit->date);
    visit->clinic_id = db_column_dup(row, 6);
    visit->number = db_column_int(row, 11);
    visit->in_group = db_column_int(row, 13) != 0;
    visit->has_slot = db_column_int(row, 15) != 0;
    bool is_today = strcmp(visit->date, today) == 0;
    visit->is_coming = visit->has_slot && visit->hit.starts_at_ms >= now_ms && may_be_hit(state);
    visit->waits = !visit->is_coming && is_today && may_be_hit(state);
    /* Who is called is that doctor's. */
    visit->in_pool = visit->waits && db_column_int(row, 16) != 0 && state != VISIT_STATE_CALLED;
    return visit;
}

static DbQuery *ask_visits(DbTx *tx, const HoursHitScope *scope, const char *today)
{
    if (scope->practitioner_id) {
        DbQuery *rows = db_query(tx, "hours_visits_of_practitioner");
        db_bind_text(rows, 1, scope->practitioner_id);
        db_bind_text(rows, 2, scope->date ? scope->date : today);
        db_bind_text(rows, 3, scope->date ? scope->date : "9999-12-31");
        return rows;
    }
    if (!scope->date) {
        DbQuery *rows = db_query(tx, "hours_visits_of_place");
        db_bind_text(rows, 1, scope->facility_id);
        db_bind_text(rows, 2, scope->clinic_id);
        db_bind_text(rows, 3, today);
        return rows;
    }
    DbQuery *rows = db_query(tx, "hours_visits_of_date");
    db_bind_text(rows, 1, scope->date);
    db_bind_text(rows, 2, scope->facility_id);
    return rows;
}

static bool read_visits(HoursWatch *watch, DbQuery *rows, const char *today, GError **error)
{
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW)
        g_ptr_array_add(watch->visits, read_visit(rows, today, watch->now_ms));
    return step == DB_DONE;
}

static gint by_time(gconstpointer a, gconstpointer b)
{
    const Watched *left = *(const Watched *const *)a;
    const Watched *right = *(const Watched *const *)b;
    if (left->hit.starts_at_ms != right->hit.starts_at_ms)
        return left->hit.starts_at_ms < right->hit.starts_at_ms ? -1 : 1;
    if (left->number != right->number)
        return left->number < right->number ? -1 : 1;
    return strcmp(left->hit.visit_id, right->hit.visit_id);
}

/* Of a doctor's also those who wait today for whoever is free in the doctor's clinics: they hang on
 * this doctor, too. */
static bool load_visits(Scheduling *scheduling, HoursWatch *watch, DbTx *tx,
                        const HoursHitScope *scope, GError **error)
{
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(watch->now_ms, scheduling->zone, today);
    if (!read_visits(watch, ask_visits(tx, scope, today), today, error))
        return false;
    bool has_today = !scope->date || strcmp(scope->date, today) == 0;
    if (scope->practitioner_id && has_today) {
        DbQuery *pool = db_query(tx, "hours_visits_of_pools");
        db_bind_text(pool, 1, scope->practitioner_id);
        db_bind_text(pool, 2, today);
        if (!read_visits(watch, pool, today, error))
            return false;
    }
    g_ptr_array_sort(watch->visits, by_time);
    for (unsigned i = 0; i < watch->visits->len; i++) {
        const Watched *visit = g_ptr_array_index(watch->visits, i);
        if (i == 0 || strcmp(visit->date, watch->first_date) < 0)
            memcpy(watch->first_date, visit->date, sizeof watch->first_date);
        if (i == 0 || strcmp(visit->date, watch->last_date) > 0)
            memcpy(watch->last_date, visit->date, sizeof watch->last_date);
    }
    return true;
}

/* What is asked of a clinic's hours in a job, read once. */
typedef struct {
    const HoursWatch *watch;
    Scheduling *scheduling;
    DbTx *tx;
    GHashTable *plans; /* "clinic doctor" or "clinic" -> HoursPlan */
} Judge;

/* The plan of one doctor in a clinic, or with NULL of all its doctors. */
static const HoursPlan *plan_of(const Judge *judge, const char *clinic_id,
                                const char *practitioner_id, GError **error)
{
    g_autofree char *key = g_strjoin(" ", clinic_id, practitioner_id, NULL);
    HoursPlan *plan = g_hash_table_lookup(judge->plans, key);
    if (plan)
        return plan;
    const HoursQuery query = {clinic_id, practitioner_id, judge->watch->first_date,
                              judge->watch->last_date};
    plan = hours_plan_load(judge->scheduling, judge->tx, &query, error);
    if (plan)
        g_hash_table_insert(judge->plans, g_steal_pointer(&key), plan);
    return plan;
}

/* How many places of the visit's kind the hours around its time have, INT_MAX: as many as there is
 * time for; *RET_HOURS: those hours. */
static int places_at(const GArray *slots, const Watched *visit, TimeSpan *ret_hours)
{
    int n_most = -1;
    for (unsigned i = 0; i < slots->len; i++) {
        const Slot *slot = &g_array_index(slots, Slot, i);
        bool is_around = slot->session.from_ms <= visit->hit.starts_at_ms &&
                         visit->hit.starts_at_ms < slot->session.to_ms;
        int n_regular = slot->place > 0 ? slot->quota : INT_MAX;
        int n_places = visit->hit.is_extra ? slot->n_extra : n_regular;
        if (is_around && n_places > n_most) {
            n_most = n_places;
            *ret_hours = slot->session;
        }
    }
    if (n_most < 0)
        n_most = visit->hit.is_extra ? 0 : INT_MAX;
    return n_most;
}

/* Does ONE have a place of VISIT's kind in HOURS before it? Numbers of a clinic's day rise with
 * each booking. */
static bool is_before(const Watched *one, const Watched *visit, const TimeSpan *hours)
{
    bool is_like = one != visit && one->has_slot && !one->in_group &&
                   one->hit.is_extra == visit->hit.is_extra &&
                   hours->from_ms <= one->hit.starts_at_ms && one->hit.starts_at_ms < hours->to_ms;
    return is_like && (!one->is_coming || (one->is_open && one->number < visit->number));
}

/* Is there a place for the visit beside those of its DAY that come before it? */
static bool is_within(const GPtrArray *day, const GArray *slots, const Watched *visit)
{
    TimeSpan hours = {0};
    int left = places_at(slots, visit, &hours);
    for (unsigned i = 0; left > 0 && left < INT_MAX && i < day->len; i++)
        left -= is_before(g_ptr_array_index(day, i), visit, &hours);
    return left > 0;
}

/* A group's time needs no hours, only that nothing stands against it. */
static bool stands(const HoursPlan *plan, const Watched *visit)
{
    const TimeSpan span = {visit->hit.starts_at_ms, visit->hit.ends_at_ms};
    return hours_obstacle(plan, visit->hit.practitioner_id, visit->date, span) ==
           HOURS_OBSTACLE_NONE;
}

/* Does a doctor of the clinic who has hours on the visit's day, which is today, still see patients?
 */
static bool somebody_serves(const HoursPlan *plan, const Watched *visit, int64_t now_ms)
{
    for (unsigned i = 0; i < plan->rules->len + plan->overrides->len; i++) {
        const char *id = i < plan->rules->len
                             ? g_array_index(plan->rules, HoursRule, i).practitioner_id
                             : g_array_index(plan->overrides, HoursOverride, i - plan->rules->len)
                                   .practitioner_id;
        if (hours_has_any(plan, id, visit->date) && hours_may_serve(plan, id, visit->date, now_ms))
            return true;
    }
    return false;
}

/* Will somebody see the patient, who waits? Writes has_place, and is_left: not even who may not is
 * there. */
static bool judge_waiting(const Judge *judge, const HoursPlan *own, bool practises, Watched *visit,
                          GError **error)
{
    int64_t now_ms = judge->watch->now_ms;
    const char *doctor_id = visit->hit.practitioner_id;
    const HoursPlan *plan = visit->in_pool ? plan_of(judge, visit->clinic_id, NULL, error) : own;
    if (!plan)
        return false;
    bool is_there = practises && hours_is_there(own, doctor_id, visit->date, now_ms);
    if (visit->in_pool)
        visit->has_place = somebody_serves(plan, visit, now_ms);
    else if (visit->in_group)
        visit->has_place = practises && stands(plan, visit);
    else
        visit->has_place = is_there && hours_may_serve(own, doctor_id, visit->date, now_ms);
    visit->is_left = !visit->has_place && !is_there;
    return true;
}

/* Says of each visit of a day whether it has a place. */
static bool judge_day(const Judge *judge, const GPtrArray *day, GError **error)
{
    const Watched *first = g_ptr_array_index(day, 0);
    const char *doctor_id = first->hit.practitioner_id;
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    const HoursPlan *plan = plan_of(judge, first->clinic_id, doctor_id, error);
    bool practises = false;
    if (!plan || !hours_practises(judge->tx, first->clinic_id, doctor_id, &practises, error))
        return false;
    hours_open(plan, doctor_id, first->date, spans);
    hours_slots(plan, doctor_id, first->date, slots);
    for (unsigned i = 0; i < day->len; i++) {
        Watched *visit = g_ptr_array_index(day, i);
        visit->is_open = time_spans_hold(spans, visit->hit.starts_at_ms, visit->hit.ends_at_ms);
    }
    for (unsigned i = 0; i < day->len; i++) {
        Watched *visit = g_ptr_array_index(day, i);
        visit->has_place = false;
        if (visit->is_coming)
            visit->has_place = visit->in_group ? practises && stands(plan, visit)
                                               : visit->is_open && is_within(day, slots, visit);
        else if (visit->waits && !judge_waiting(judge, plan, practises, visit, error))
            return false;
    }
    return true;
}

static bool judge(const HoursWatch *watch, Scheduling *scheduling, DbTx *tx, GError **error)
{
    g_autoptr(GHashTable) plans =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)hours_plan_free);
    const Judge with = {watch, scheduling, tx, plans};
    for (unsigned i = 0; i < watch->days->len; i++) {
        if (!judge_day(&with, g_ptr_array_index(watch->days, i), error))
            return false;
    }
    return true;
}

static void sort_into_days(HoursWatch *watch)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned i = 0; i < watch->visits->len; i++) {
        Watched *visit = g_ptr_array_index(watch->visits, i);
        g_autofree char *key =
            g_strjoin(" ", visit->clinic_id, visit->hit.practitioner_id, visit->date, NULL);
        GPtrArray *day = g_hash_table_lookup(known, key);
        if (!day) {
            day = g_ptr_array_new();
            g_ptr_array_add(watch->days, day);
            g_hash_table_insert(known, g_steal_pointer(&key), day);
        }
        g_ptr_array_add(day, visit);
    }
}

HoursWatch *hours_watch_new(Scheduling *scheduling, DbTx *tx, const HoursHitScope *scope,
                            GError **error)
{
    g_autoptr(HoursWatch) watch = g_new0(HoursWatch, 1);
    watch->now_ms = scope->as_of_ms ? scope->as_of_ms : clock_wall_ms(scheduling->clock);
    watch->visits = g_ptr_array_new_with_free_func(watched_free);
    watch->days = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    if (!load_visits(scheduling, watch, tx, scope, error))
        return NULL;
    sort_into_days(watch);
    if (!judge(watch, scheduling, tx, error))
        return NULL;
    for (unsigned i = 0; i < watch->visits->len; i++) {
        Watched *visit = g_ptr_array_index(watch->visits, i);
        visit->had_place = visit->has_place;
        visit->was_left = visit->is_left;
    }
    return g_steal_pointer(&watch);
}

bool hours_watch_had_place(const HoursWatch *watch, const char *visit_id)
{
    for (unsigned i = 0; i < watch->visits->len; i++) {
        const Watched *visit = g_ptr_array_index(watch->visits, i);
        if (strcmp(visit->hit.visit_id, visit_id) == 0)
            return visit->had_place;
    }
    return false;
}

void hours_watch_regained(const HoursWatch *watch, GPtrArray *ids)
{
    for (unsigned i = 0; i < watch->visits->len; i++) {
        const Watched *visit = g_ptr_array_index(watch->visits, i);
        if (!visit->had_place && visit->has_place)
            g_ptr_array_add(ids, visit->hit.visit_id);
    }
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
    if (!judge(watch, scheduling, tx, error))
        return false;
    for (unsigned i = 0; i < watch->visits->len; i++) {
        Watched *visit = g_ptr_array_index(watch->visits, i);
        bool is_left = visit->waits && visit->is_left && !visit->was_left;
        if ((visit->had_place && !visit->has_place) || is_left)
            g_ptr_array_add(hits, steal_hit(visit));
    }
    return true;
}
