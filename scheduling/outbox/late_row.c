// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outbox/late_row.h"

#include "scheduling/outbox/notification.h"
#include "scheduling/record/event.h"

/* Booked patients whose time is further away are not told: it may be made up for by then. */
static const int64_t soon_ms = (int64_t)2 * 60 * 60 * 1000;
static const int64_t minute_ms = (int64_t)60 * 1000;
/* Of a doctor who says something else again and again. */
enum { MAX_TOLD = 4, LAPSE_MINUTES = 60, MAX_REST_AT_ONCE = 50 };

bool late_row_load(DbTx *tx, const char *practitioner_id, const char *local_date, LateRow *ret_row,
                   GError **error)
{
    DbQuery *row = db_query(tx, "late_get");
    db_bind_text(row, 1, practitioner_id);
    db_bind_text(row, 2, local_date);
    *ret_row = (LateRow){0};
    DbStep step = db_step(row, error);
    if (step != DB_ROW)
        return step == DB_DONE;
    *ret_row =
        (LateRow){(unsigned)db_column_int(row, 0), db_column_int(row, 1), db_column_int(row, 2)};
    db_reset(row);
    return true;
}

bool late_has_other_doctor(DbTx *tx, const VisitRow *row, bool *ret_has, GError **error)
{
    *ret_has = false;
    if (!row->pool)
        return true;
    DbQuery *query = db_query(tx, "late_other_doctor");
    db_bind_text(query, 1, row->clinic_id);
    db_bind_text(query, 2, row->practitioner_id);
    DbStep step = db_step(query, error);
    db_reset(query);
    *ret_has = step == DB_ROW;
    return step != DB_FAILED;
}

bool late_of_visit(DbTx *tx, const VisitRow *row, LateRow *ret_late, GError **error)
{
    *ret_late = (LateRow){0};
    bool is_anybodys;
    if (!late_has_other_doctor(tx, row, &is_anybodys, error))
        return false;
    if (is_anybodys || (row->state != VISIT_STATE_BOOKED && row->state != VISIT_STATE_CHECKED_IN))
        return true;
    return late_row_load(tx, row->practitioner_id, row->local_date, ret_late, error);
}

bool late_minutes_of_visit(DbTx *tx, const VisitRow *row, unsigned *ret_minutes, GError **error)
{
    LateRow late;
    bool ok = late_of_visit(tx, row, &late, error);
    *ret_minutes = late.minutes;
    return ok;
}

bool late_is_told(DbTx *tx, const char *visit_id, bool *ret_is, GError **error)
{
    DbQuery *query = db_query(tx, "late_message");
    db_bind_text(query, 1, visit_id);
    DbStep step = db_step(query, error);
    db_reset(query);
    *ret_is = step == DB_ROW;
    return step != DB_FAILED;
}

bool late_list(DbTx *tx, bool is_practitioner, const char *owner_id, const char *local_date,
               GArray *doctors, GError **error)
{
    DbQuery *rows = db_query(tx, is_practitioner ? "late_of_doctor" : "late_of_facility");
    db_bind_text(rows, 1, owner_id);
    db_bind_text(rows, 2, local_date);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        LateDoctor doctor = {.minutes = (unsigned)db_column_int(rows, 1)};
        scheduling_copy_column(rows, 0, doctor.practitioner_id, sizeof doctor.practitioner_id);
        g_array_append_val(doctors, doctor);
    }
    return step == DB_DONE;
}

void late_news_clear(LateNews *news)
{
    g_clear_pointer(&news->facility_ids, g_ptr_array_unref);
    g_clear_pointer(&news->visit_ids, g_ptr_array_unref);
}

static bool set_row(Scheduling *scheduling, DbTx *tx, const LateWish *wish, int64_t said_at_ms,
                    GError **error)
{
    int64_t until_ms =
        clock_wall_ms(scheduling->clock) + (wish->minutes + LAPSE_MINUTES) * minute_ms;
    DbQuery *set = db_query(tx, "late_set");
    db_bind_text(set, 1, wish->practitioner_id);
    db_bind_text(set, 2, wish->local_date);
    db_bind_int(set, 3, wish->minutes);
    db_bind_int(set, 4, said_at_ms);
    db_bind_int(set, 5, until_ms);
    return db_exec(set, error);
}

/* Is the patient to get a message? That it is not so any more is said to those who were told. */
static bool is_to_be_told(DbTx *tx, const LateWish *wish, const char *visit_id, bool *ret_is,
                          GError **error)
{
    DbQuery *told = db_query(tx, "late_told");
    db_bind_text(told, 1, visit_id);
    if (!scheduling_need_row(told, "count", error))
        return false;
    int64_t n_made = db_column_int(told, 0);
    int64_t n_sent = db_column_int(told, 1);
    db_reset(told);
    *ret_is = wish->minutes > 0 ? n_made < MAX_TOLD : n_sent > 0 && n_made <= MAX_TOLD;
    return true;
}

/* What was said, on its way to the visits. */
typedef struct {
    const LateWish *wish;
    int64_t now_ms, said_at_ms;
    unsigned n_told;
} Telling;

static bool tell(DbTx *tx, Telling *telling, const char *visit_id, bool has_fixed_line,
                 GError **error)
{
    bool is_wanted = false;
    const NewNotification entry = {visit_id, NOTIFICATION_LATE, telling->said_at_ms,
                                   telling->now_ms};
    if (!is_to_be_told(tx, telling->wish, visit_id, &is_wanted, error))
        return false;
    if (!is_wanted)
        return true;
    if (!notification_add(tx, &entry, telling->now_ms, error))
        return false;
    /* Whom a post took down has no messages, and none reaches a fixed line. */
    if (!has_fixed_line)
        telling->n_told += (unsigned)db_changes(tx);
    return true;
}

/* The record says why somebody waited; a view that is read from now on is newer, too. */
static bool note(DbTx *tx, const LateWish *wish, const char *visit_id, int64_t now_ms,
                 GError **error)
{
    g_autofree char *minutes = g_strdup_printf("%u", wish->minutes);
    const EventRow event = {
        .visit_id = visit_id,
        .at_ms = now_ms,
        .kind = wish->minutes > 0 ? "late" : "late_ended",
        .actor = actor_role_name(wish->actor->role),
        .detail = wish->minutes > 0 ? minutes : NULL,
    };
    return event_append(tx, &event, error);
}

static bool collect(DbQuery *rows, GPtrArray *ids, GError **error)
{
    bool ok = db_collect(rows, db_row_text, ids, error);
    g_ptr_array_add(ids, NULL);
    return ok;
}

/* What waited for the late doctor has its own time again, until its next claim. What lapses is no
 * such word: the patient was told of it, and comes by that. */
static bool let_go(DbTx *tx, const LateWish *wish, GError **error)
{
    if (wish->actor->role == ACTOR_SYSTEM)
        return true;
    DbQuery *query = db_query(tx, "late_let_go");
    db_bind_text(query, 1, wish->practitioner_id);
    db_bind_text(query, 2, wish->local_date);
    db_bind_int(query, 3, notification_lead(NOTIFICATION_SOON));
    return db_exec(query, error);
}

static bool tell_visits(DbTx *tx, Telling *telling, LateNews *news, GError **error)
{
    const LateWish *wish = telling->wish;
    bool by_system = wish->actor->role == ACTOR_SYSTEM;
    DbQuery *rows = db_query(tx, "late_visits");
    db_bind_text(rows, 1, wish->practitioner_id);
    db_bind_text(rows, 2, wish->local_date);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        g_autofree char *id = db_column_dup(rows, 0);
        bool is_near = g_strcmp0(db_column_text(rows, 1), "checked_in") == 0 ||
                       db_column_int(rows, 2) <= telling->now_ms + soon_ms;
        bool has_fixed_line = scheduling_column_int0(rows, 3) != 0;
        g_ptr_array_add(news->visit_ids, g_strdup(id));
        if (is_near && (!note(tx, wish, id, telling->now_ms, error) ||
                        (!by_system && !tell(tx, telling, id, has_fixed_line, error))))
            return false;
    }
    g_ptr_array_add(news->visit_ids, NULL);
    return step == DB_DONE;
}

bool late_row_write(Scheduling *scheduling, DbTx *tx, const LateWish *wish, LateNews *ret_news,
                    GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    /* What was said later is told from what was said before by its time. */
    Telling telling = {wish, now_ms, MAX(now_ms, wish->last_said_at_ms + 1), 0};
    g_strlcpy(ret_news->practitioner_id, wish->practitioner_id, sizeof ret_news->practitioner_id);
    ret_news->facility_ids = g_ptr_array_new_with_free_func(g_free);
    ret_news->visit_ids = g_ptr_array_new_with_free_func(g_free);
    DbQuery *facilities = db_query(tx, "late_facilities_of_doctor");
    db_bind_text(facilities, 1, wish->practitioner_id);
    bool ok = collect(facilities, ret_news->facility_ids, error) &&
              set_row(scheduling, tx, wish, telling.said_at_ms, error) &&
              tell_visits(tx, &telling, ret_news, error) && let_go(tx, wish, error) &&
              scheduling_audit(scheduling, tx, wish->actor, "queue.late", "practitioner",
                               wish->practitioner_id, error);
    ret_news->n_told = telling.n_told;
    return ok;
}

bool late_row_tell_anew(Scheduling *scheduling, DbTx *tx, const VisitRow *row, GError **error)
{
    LateRow late;
    bool waits = false;
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    if (!late_of_visit(tx, row, &late, error))
        return false;
    bool is_near = row->state == VISIT_STATE_CHECKED_IN || row->starts_at_ms <= now_ms + soon_ms;
    if (late.minutes == 0 || now_ms >= late.until_ms || !is_near)
        return true;
    const NewNotification entry = {row->id, NOTIFICATION_LATE, MAX(now_ms, late.said_at_ms + 1),
                                   now_ms};
    return notification_waits(tx, row->id, NOTIFICATION_LATE, now_ms, &waits, error) &&
           (waits || notification_add(tx, &entry, now_ms, error));
}

typedef struct {
    char visit_id[SCHEDULING_ID_BYTES], practitioner_id[SCHEDULING_ID_BYTES];
    char local_date[SCHEDULING_DATE_BYTES];
    unsigned minutes;
    int64_t said_at_ms;
} Untold;

static bool tell_one(DbTx *tx, const Untold *one, int64_t now_ms, GError **error)
{
    static const Actor system = {.role = ACTOR_SYSTEM};
    const LateWish wish = {one->practitioner_id, one->local_date, one->minutes, one->said_at_ms,
                           &system};
    Telling telling = {&wish, now_ms, one->said_at_ms, 0};
    return tell(tx, &telling, one->visit_id, false, error) &&
           (telling.n_told == 0 || note(tx, &wish, one->visit_id, now_ms, error));
}

bool late_row_tell_rest(Scheduling *scheduling, DbTx *tx, GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Untold));
    DbQuery *rows = db_query(tx, "late_untold");
    db_bind_int(rows, 1, now_ms);
    db_bind_int(rows, 2, soon_ms);
    db_bind_int(rows, 3, MAX_REST_AT_ONCE);
    db_bind_int(rows, 4, MAX_TOLD);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        Untold one = {.minutes = (unsigned)db_column_int(rows, 3),
                      .said_at_ms = db_column_int(rows, 4)};
        scheduling_copy_column(rows, 0, one.visit_id, sizeof one.visit_id);
        scheduling_copy_column(rows, 1, one.practitioner_id, sizeof one.practitioner_id);
        scheduling_copy_column(rows, 2, one.local_date, sizeof one.local_date);
        g_array_append_val(all, one);
    }
    for (unsigned i = 0; step == DB_DONE && i < all->len; i++) {
        if (!tell_one(tx, &g_array_index(all, Untold, i), now_ms, error))
            return false;
    }
    return step == DB_DONE;
}

void late_notify(Scheduling *scheduling, const LateNews *news)
{
    if (!news->visit_ids || !scheduling->late_listener)
        return;
    const LateChange change = {
        .practitioner_id = news->practitioner_id,
        .facility_ids = (const char *const *)news->facility_ids->pdata,
        .visit_ids = (const char *const *)news->visit_ids->pdata,
    };
    scheduling->late_listener(&change, scheduling->late_listener_data);
}
