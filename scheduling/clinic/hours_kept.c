// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/hours_kept.h"

#include <string.h>

#include "scheduling/booking/visit_row.h"
#include "scheduling/outbox/notification.h"
#include "scheduling/outbox/sms.h"

/* Making and finding them. */

static bool add_message(DbTx *tx, const char *visit_id, int64_t change_ms, int64_t now_ms,
                        GError **error)
{
    const NewNotification entry = {visit_id, NOTIFICATION_HOURS_CHANGED, change_ms, now_ms};
    return notification_add(tx, &entry, now_ms, error);
}

/* Who has no number that a message reaches is not counted as told. The message is written down all
 * the same: it ends as not sent, which the list of those without a place says. None is of who has
 * no telephone at all: *RET_HAS_PHONE. */
static bool find_mobile(Scheduling *scheduling, DbTx *tx, HoursHit *hit, bool *ret_has_phone,
                        GError **error)
{
    VisitRow row = {0};
    GError *refused = NULL;
    g_strlcpy(row.id, hit->visit_id, sizeof row.id);
    char *phone = visit_row_phone(scheduling, tx, &row, &refused);
    if (refused && !g_error_matches(refused, SCHEDULING_ERROR, SCHEDULING_ERROR_NO_PHONE)) {
        g_propagate_error(error, refused);
        return false;
    }
    g_clear_error(&refused);
    hit->no_phone = !phone;
    hit->no_mobile = phone && sms_is_fixed_line(phone);
    hit->is_told = phone && !hit->no_mobile;
    *ret_has_phone = phone != NULL;
    if (phone)
        secret_text_free(phone);
    return true;
}

static bool keep_one(Scheduling *scheduling, DbTx *tx, const Actor *actor, HoursHit *hit,
                     HoursKeep keep, int64_t now_ms, GError **error)
{
    bool has_message = keep == HOURS_KEEP_MESSAGE && hit->may_choose;
    if (has_message && !find_mobile(scheduling, tx, hit, &has_message, error))
        return false;
    DbQuery *put = db_query(tx, "hours_hit_put");
    db_bind_text(put, 1, hit->visit_id);
    db_bind_text(put, 2, hit->facility_id);
    db_bind_text(put, 3, hit->practitioner_id);
    db_bind_int(put, 4, hit->starts_at_ms);
    db_bind_int(put, 5, now_ms);
    const char *action = has_message ? "hours.booking_told" : "hours.booking_kept";
    return db_exec(put, error) &&
           (!has_message || add_message(tx, hit->visit_id, now_ms, now_ms, error)) &&
           scheduling_audit(scheduling, tx, actor, action, "visit", hit->visit_id, error);
}

bool hours_kept_told(DbTx *tx, const char *visit_id, int64_t *ret_at_ms, GError **error)
{
    DbQuery *query = db_query(tx, "hours_hit_told");
    db_bind_text(query, 1, visit_id);
    DbStep step = db_step(query, error);
    if (step == DB_FAILED)
        return false;
    *ret_at_ms = step == DB_ROW ? scheduling_column_int0(query, 0) : 0;
    db_reset(query);
    return true;
}

bool hours_kept_message_waits(DbTx *tx, const char *visit_id, bool *ret_is, GError **error)
{
    DbQuery *query = db_query(tx, "hours_hit_message_waits");
    db_bind_text(query, 1, visit_id);
    DbStep step = db_step(query, error);
    db_reset(query);
    *ret_is = step == DB_ROW;
    return step != DB_FAILED;
}

/* Who was told to choose another time, and has done nothing yet, can come as booked after all. */
static bool tell_regained(DbTx *tx, const HoursWatch *watch, int64_t now_ms, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    hours_watch_regained(watch, ids);
    for (unsigned i = 0; i < ids->len; i++) {
        const NewNotification entry = {ids->pdata[i], NOTIFICATION_STANDS, now_ms, now_ms};
        int64_t told_at_ms = 0;
        if (!hours_kept_told(tx, entry.visit_id, &told_at_ms, error) ||
            (told_at_ms && !notification_add(tx, &entry, now_ms, error)))
            return false;
    }
    return true;
}

bool hours_kept_settle(Scheduling *scheduling, DbTx *tx, const Actor *actor,
                       const HoursWatch *watch, GPtrArray *hits, HoursKeep keep, GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    if (hits->len > 0 && keep == HOURS_KEEP_NO) {
        g_set_error(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BOOKINGS_HIT,
                    "%u bookings would be left without a place", hits->len);
        return false;
    }
    for (unsigned i = 0; i < hits->len; i++) {
        HoursHit *hit = g_ptr_array_index(hits, i);
        if (!keep_one(scheduling, tx, actor, hit, keep, now_ms, error))
            return false;
    }
    return !watch || tell_regained(tx, watch, now_ms, error);
}

/* A row as it was written, and its visit. */
typedef struct {
    int64_t at_ms; /* 0: there is none */
    char facility_id[SCHEDULING_ID_BYTES];
    char practitioner_id[SCHEDULING_ID_BYTES]; /* whose hours were changed */
    VisitState state;
    char doctor_id[SCHEDULING_ID_BYTES]; /* whose visit it is */
    char date[SCHEDULING_DATE_BYTES];
    bool has_phone;
} HitRow;

static bool load_row(DbTx *tx, const char *visit_id, HitRow *ret_row, GError **error)
{
    DbQuery *query = db_query(tx, "hours_hit_get");
    db_bind_text(query, 1, visit_id);
    *ret_row = (HitRow){.state = VISIT_STATE_DONE};
    DbStep step = db_step(query, error);
    if (step == DB_ROW) {
        ret_row->at_ms = db_column_int(query, 0);
        scheduling_copy_column(query, 1, ret_row->facility_id, sizeof ret_row->facility_id);
        scheduling_copy_column(query, 2, ret_row->practitioner_id, sizeof ret_row->practitioner_id);
        (void)visit_state_parse(db_column_text(query, 3), &ret_row->state);
        scheduling_copy_column(query, 4, ret_row->doctor_id, sizeof ret_row->doctor_id);
        scheduling_copy_column(query, 5, ret_row->date, sizeof ret_row->date);
        ret_row->has_phone = db_column_int(query, 6) != 0;
        db_reset(query);
    }
    return step != DB_FAILED;
}

static HoursWatch *watch_day(Scheduling *scheduling, DbTx *tx, const char *practitioner_id,
                             const char *date, GError **error)
{
    const HoursHitScope scope = {.practitioner_id = practitioner_id, .date = date};
    return hours_watch_new(scheduling, tx, &scope, error);
}

GHashTable *hours_kept_days_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)hours_watch_free);
}

/* The row's at_ms becomes 0 when the visit has a place by the hours as at AS_OF_MS (0: now). */
static bool judge_row(Scheduling *scheduling, DbTx *tx, GHashTable *days, const char *visit_id,
                      int64_t as_of_ms, HitRow *row, GError **error)
{
    const HoursHitScope scope = {
        .practitioner_id = row->doctor_id, .date = row->date, .as_of_ms = as_of_ms};
    g_autofree char *key =
        g_strdup_printf("%s %s %" G_GINT64_FORMAT, row->doctor_id, row->date, as_of_ms);
    HoursWatch *watch = g_hash_table_lookup(days, key);
    if (!watch) {
        watch = hours_watch_new(scheduling, tx, &scope, error);
        if (!watch)
            return false;
        g_hash_table_insert(days, g_steal_pointer(&key), watch);
    }
    if (hours_watch_had_place(watch, visit_id))
        row->at_ms = 0;
    return true;
}

/* Loads the row; its at_ms is 0 when the visit has a place again. */
static bool load_standing(Scheduling *scheduling, DbTx *tx, const char *visit_id, HitRow *ret_row,
                          GError **error)
{
    if (!load_row(tx, visit_id, ret_row, error))
        return false;
    g_autoptr(GHashTable) days = hours_kept_days_new();
    return ret_row->at_ms == 0 || judge_row(scheduling, tx, days, visit_id, 0, ret_row, error);
}

bool hours_kept_may_choose(VisitState state)
{
    return state == VISIT_STATE_BOOKED || state == VISIT_STATE_CHECKED_IN ||
           state == VISIT_STATE_CALLED;
}

bool hours_kept_since(Scheduling *scheduling, DbTx *tx, const char *visit_id, int64_t *ret_at_ms,
                      GError **error)
{
    HitRow row;
    if (!load_standing(scheduling, tx, visit_id, &row, error))
        return false;
    *ret_at_ms = row.at_ms;
    return true;
}

/* As at the beginning of the visit's day everything of the day is to come. */
static bool judge_start(Scheduling *scheduling, DbTx *tx, GHashTable *days, const char *visit_id,
                        HitRow *row, GError **error)
{
    int64_t day_ms;
    if (!clock_date_start(row->date, scheduling->zone, &day_ms)) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "a visit's day is no date: %s",
                    row->date);
        return false;
    }
    return judge_row(scheduling, tx, days, visit_id, day_ms, row, error);
}

bool hours_kept_at_start(Scheduling *scheduling, DbTx *tx, const char *visit_id, int64_t *ret_at_ms,
                         GError **error)
{
    HitRow row;
    g_autoptr(GHashTable) days = hours_kept_days_new();
    if (!load_row(tx, visit_id, &row, error) ||
        (row.at_ms && !judge_start(scheduling, tx, days, visit_id, &row, error)))
        return false;
    *ret_at_ms = row.at_ms;
    return true;
}

bool hours_kept_is_unplaced_in(Scheduling *scheduling, DbTx *tx, GHashTable *days,
                               const char *visit_id, bool *ret_is, GError **error)
{
    HitRow row;
    if (!load_row(tx, visit_id, &row, error))
        return false;
    HitRow now = row;
    bool is_to_come = row.state == VISIT_STATE_REQUESTED || row.state == VISIT_STATE_BOOKED;
    if (row.at_ms && (!judge_row(scheduling, tx, days, visit_id, 0, &now, error) ||
                      (is_to_come && !judge_start(scheduling, tx, days, visit_id, &row, error))))
        return false;
    *ret_is = now.at_ms || (is_to_come && row.at_ms);
    return true;
}

bool hours_kept_is_unplaced(Scheduling *scheduling, DbTx *tx, const char *visit_id, bool *ret_is,
                            GError **error)
{
    g_autoptr(GHashTable) days = hours_kept_days_new();
    return hours_kept_is_unplaced_in(scheduling, tx, days, visit_id, ret_is, error);
}

/* Whose an actor sees. */

typedef struct {
    char *practitioner_id;   /* a doctor's own; owned */
    const char *facility_id; /* of desk and coordinator; both NULL: all */
} Reach;

static void reach_clear(Reach *reach)
{
    g_free(reach->practitioner_id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reach, reach_clear)

static bool find_reach(DbTx *tx, const Actor *actor, Reach *ret_reach, GError **error)
{
    switch (actor->role) {
    case ACTOR_DOCTOR:
        ret_reach->practitioner_id = scheduling_actor_practitioner(tx, actor, error);
        return ret_reach->practitioner_id != NULL;
    case ACTOR_DESK:
    case ACTOR_COORDINATOR:
        ret_reach->facility_id = actor->facility_id;
        if (actor->facility_id)
            return true;
        break;
    case ACTOR_ADMIN:
        return true;
    case ACTOR_PATIENT:
    case ACTOR_OFFICE:
    case ACTOR_OFFICER:
    case ACTOR_CLIENT:
    case ACTOR_SYSTEM:
        break;
    }
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "these are not bookings of the actor");
    return false;
}

static bool reaches(const Reach *reach, const HitRow *row)
{
    if (reach->practitioner_id)
        return strcmp(reach->practitioner_id, row->practitioner_id) == 0;
    return !reach->facility_id || strcmp(reach->facility_id, row->facility_id) == 0;
}

/* The list. */

enum { MAX_READ = 2000 }; /* as hours_kept.sql has it */

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    GPtrArray *kept;
    bool has_more;
    HoursKeptDone done;
    gpointer user_data;
} ListOp;

static void kept_free(gpointer data)
{
    HoursKept *kept = data;
    if (!kept)
        return; /* went into the answer */
    char *texts[] = {kept->visit_id,        kept->code,    kept->number,   kept->clinic_id,
                     kept->clinic,          kept->doctor,  kept->facility, kept->service_id,
                     kept->practitioner_id, kept->message, kept->reason,   kept->date};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(kept);
}

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    actor_copy_clear(&op->actor);
    g_ptr_array_unref(op->kept);
    g_free(op);
}

static gpointer read_kept(DbQuery *row)
{
    HoursKept *kept = g_new0(HoursKept, 1);
    kept->visit_id = db_column_dup(row, 0);
    kept->code = db_column_dup(row, 1);
    kept->number = db_column_dup(row, 2);
    kept->starts_at_ms = db_column_int(row, 3);
    kept->ends_at_ms = db_column_int(row, 4);
    (void)visit_state_parse(db_column_text(row, 5), &kept->state);
    kept->date = db_column_dup(row, 6);
    kept->clinic_id = db_column_dup(row, 7);
    kept->clinic = db_column_dup(row, 8);
    kept->practitioner_id = db_column_dup(row, 9);
    kept->doctor = db_column_dup(row, 10);
    kept->facility = db_column_dup(row, 11);
    kept->service_id = db_column_dup(row, 12);
    kept->any_doctor = db_column_int(row, 13) != 0;
    kept->is_extra = db_column_int(row, 14) != 0;
    kept->since_ms = db_column_int(row, 15);
    kept->message = db_column_dup(row, 16);
    kept->reason = db_column_dup(row, 17);
    kept->has_no_phone = db_column_int(row, 18) == 0;
    kept->has_fixed_line = scheduling_column_int0(row, 19) != 0;
    return kept;
}

static bool read_all(const ListOp *op, DbTx *tx, GPtrArray *all, GError **error)
{
    /* Also those of today whose time was: they may wait. */
    char today[SCHEDULING_DATE_BYTES];
    int64_t from_ms = clock_wall_ms(op->scheduling->clock);
    g_auto(Reach) reach = {0};
    clock_local_date(from_ms, op->scheduling->zone, today);
    (void)clock_date_start(today, op->scheduling->zone, &from_ms);
    if (!find_reach(tx, &op->actor.actor, &reach, error))
        return false;
    const char *whose = reach.practitioner_id ? reach.practitioner_id : reach.facility_id;
    DbQuery *rows = db_query(tx, reach.practitioner_id ? "hours_hits_of_practitioner"
                                 : reach.facility_id   ? "hours_hits_of_facility"
                                                       : "hours_hits_of_all");
    if (whose)
        db_bind_text(rows, 1, whose);
    db_bind_int(rows, whose ? 2 : 1, from_ms);
    return db_collect(rows, read_kept, all, error);
}

/* The doctor's day that the visit lies in, read once in a job. */
static const HoursWatch *watch_of(const ListOp *op, DbTx *tx, const HoursKept *kept,
                                  GHashTable *watches, GError **error)
{
    g_autofree char *key = g_strjoin(" ", kept->practitioner_id, kept->date, NULL);
    HoursWatch *watch = g_hash_table_lookup(watches, key);
    if (watch)
        return watch;
    watch = watch_day(op->scheduling, tx, kept->practitioner_id, kept->date, error);
    if (watch)
        g_hash_table_insert(watches, g_steal_pointer(&key), watch);
    return watch;
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(kept_free);
    g_autoptr(GHashTable) watches =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)hours_watch_free);
    if (!read_all(op, tx, all, error))
        return false;
    op->has_more = all->len == MAX_READ;
    for (unsigned i = 0; i < all->len; i++) {
        HoursKept *kept = g_ptr_array_index(all, i);
        const HoursWatch *watch = watch_of(op, tx, kept, watches, error);
        if (!watch)
            return false;
        if (hours_watch_had_place(watch, kept->visit_id))
            continue;
        if (op->kept->len == HOURS_KEPT_MAX_LISTED) {
            op->has_more = true;
            break;
        }
        g_ptr_array_add(op->kept, kept);
        all->pdata[i] = NULL;
    }
    return true;
}

static void on_list_done(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : op->kept, op->has_more, error, op->user_data);
}

void hours_kept_list(Scheduling *scheduling, const Actor *actor, HoursKeptDone done,
                     gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->kept = g_ptr_array_new_with_free_func(kept_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, list_job, on_list_done, op, list_op_free);
}

/* The message. */

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *visit_id;
    SchedulingDone done;
    gpointer user_data;
} MessageOp;

static void message_op_free(gpointer data)
{
    MessageOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->visit_id);
    g_free(op);
}

/* *RET_HAS: a message was wanted since the change. */
static bool has_message(DbTx *tx, const char *visit_id, int64_t change_ms, bool *ret_has,
                        GError **error)
{
    DbQuery *query = db_query(tx, "hours_hit_message");
    db_bind_text(query, 1, visit_id);
    db_bind_int(query, 2, change_ms);
    DbStep step = db_step(query, error);
    db_reset(query);
    *ret_has = step == DB_ROW;
    return step != DB_FAILED;
}

static bool message_job(DbTx *tx, gpointer data, GError **error)
{
    MessageOp *op = data;
    const Actor *actor = &op->actor.actor;
    g_auto(Reach) reach = {0};
    HitRow row;
    bool is_told = false;
    if (!find_reach(tx, actor, &reach, error) ||
        !load_standing(op->scheduling, tx, op->visit_id, &row, error))
        return false;
    if (row.at_ms == 0 || !reaches(&reach, &row)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND,
                            "no such booking without a place");
        return false;
    }
    if (!hours_kept_may_choose(row.state)) {
        visit_row_refuse(row.state, error);
        return false;
    }
    if (!row.has_phone) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NO_PHONE,
                            "the patient has no telephone");
        return false;
    }
    if (!has_message(tx, op->visit_id, row.at_ms, &is_told, error))
        return false;
    return is_told ||
           (add_message(tx, op->visit_id, row.at_ms, clock_wall_ms(op->scheduling->clock), error) &&
            scheduling_audit(op->scheduling, tx, actor, "hours.booking_told", "visit", op->visit_id,
                             error));
}

static void on_message_done(gpointer data, const GError *error)
{
    MessageOp *op = data;
    op->done(error, op->user_data);
}

void hours_kept_message(Scheduling *scheduling, const Actor *actor, const char *visit_id,
                        SchedulingDone done, gpointer user_data)
{
    MessageOp *op = g_new0(MessageOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->visit_id = g_strdup(visit_id);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, message_job, on_message_done, op, message_op_free);
}
