// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outbox/notification.h"

#include "scheduling/outbox/late_row.h"
#include "server/base/ids.h"

bool notification_add(DbTx *tx, const NewNotification *entry, int64_t now_ms, GError **error)
{
    g_autofree char *id = id_new(now_ms);
    DbQuery *add = db_query(tx, "notification_add");
    db_bind_text(add, 1, id);
    db_bind_text(add, 2, entry->visit_id);
    db_bind_text(add, 3, notification_kind_name(entry->kind));
    db_bind_int(add, 4, entry->occurrence);
    db_bind_int(add, 5, entry->due_at_ms);
    db_bind_int(add, 6, now_ms);
    return db_exec(add, error);
}

static bool has_row(DbQuery *query, bool *ret_has, GError **error)
{
    DbStep step = db_step(query, error);
    db_reset(query);
    *ret_has = step == DB_ROW;
    return step != DB_FAILED;
}

bool notification_waits(DbTx *tx, const char *visit_id, NotificationKind kind, int64_t now_ms,
                        bool *ret_waits, GError **error)
{
    DbQuery *query = db_query(tx, "notification_waits");
    db_bind_text(query, 1, visit_id);
    db_bind_text(query, 2, notification_kind_name(kind));
    db_bind_int(query, 3, now_ms);
    return has_row(query, ret_waits, error);
}

static bool add_for(DbTx *tx, const VisitRow *row, NotificationKind kind, int64_t due_at_ms,
                    int64_t now_ms, GError **error)
{
    const NewNotification entry = {row->id, kind, row->starts_at_ms, due_at_ms};
    return notification_add(tx, &entry, now_ms, error);
}

bool notification_remind(Scheduling *scheduling, DbTx *tx, const VisitRow *row, GError **error)
{
    static const NotificationKind reminders[] = {NOTIFICATION_DAY_BEFORE, NOTIFICATION_HOUR_BEFORE,
                                                 NOTIFICATION_SOON};
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    for (unsigned i = 0; i < G_N_ELEMENTS(reminders); i++) {
        int64_t due_at_ms = notification_due(reminders[i], row->starts_at_ms, now_ms);
        if (due_at_ms && !add_for(tx, row, reminders[i], due_at_ms, now_ms, error))
            return false;
    }
    return true;
}

bool notification_on_booked(Scheduling *scheduling, DbTx *tx, const VisitRow *row, bool is_moved,
                            GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    NotificationKind first = is_moved ? NOTIFICATION_MOVED : NOTIFICATION_BOOKED;
    return add_for(tx, row, first, now_ms, now_ms, error) &&
           notification_remind(scheduling, tx, row, error);
}

bool notification_on_way(Scheduling *scheduling, DbTx *tx, const VisitRow *row, GError **error)
{
    static const NotificationKind kinds[VISIT_N_WAYS] = {
        [VISIT_WAY_VIDEO] = NOTIFICATION_CONVERTED_VIDEO,
        [VISIT_WAY_PHONE] = NOTIFICATION_CONVERTED_PHONE,
        [VISIT_WAY_IN_PERSON] = NOTIFICATION_CONVERTED_IN_PERSON,
    };
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    const NewNotification entry = {row->id, kinds[row->way], now_ms, now_ms};
    return notification_add(tx, &entry, now_ms, error);
}

/* One letter is seldom alone, and its file is made by then. */
static const int64_t letter_delay_ms = (int64_t)2 * 60 * 1000;

/* In a call by video the page does not lead to its letters. */
static bool has_no_letters_yet(const VisitRow *row)
{
    return row->way == VISIT_WAY_VIDEO && !visit_state_row(row->state)->is_final;
}

bool notification_on_letter_revoked(Scheduling *scheduling, DbTx *tx, const VisitRow *row,
                                    GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    const NewNotification entry = {row->id, NOTIFICATION_LETTER_REVOKED, now_ms, now_ms};
    return has_no_letters_yet(row) || notification_add(tx, &entry, now_ms, error);
}

bool notification_on_letter(Scheduling *scheduling, DbTx *tx, const VisitRow *row, GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    if (has_no_letters_yet(row))
        return true;
    DbQuery *query = db_query(tx, "notification_letter_waits");
    db_bind_text(query, 1, row->id);
    DbStep step = db_step(query, error);
    db_reset(query);
    if (step != DB_DONE)
        return step == DB_ROW;
    const NewNotification entry = {row->id, NOTIFICATION_LETTER, now_ms, now_ms + letter_delay_ms};
    return notification_add(tx, &entry, now_ms, error);
}

static bool take_back(DbTx *tx, const char *visit_id, GError **error)
{
    DbQuery *query = db_query(tx, "notification_take_back");
    db_bind_text(query, 1, visit_id);
    return db_exec(query, error);
}

/* Where one of KIND waits it goes to the number that is there then; what is under way does not. */
static bool say_anew(DbTx *tx, const VisitRow *row, NotificationKind kind, int64_t now_ms,
                     bool *ret_told, GError **error)
{
    bool waits = false;
    const NewNotification entry = {row->id, kind, now_ms, now_ms};
    if (!notification_waits(tx, row->id, kind, now_ms, &waits, error))
        return false;
    *ret_told = true;
    return waits || notification_add(tx, &entry, now_ms, error);
}

/* What is asked for is said when it is confirmed. */
static bool say_booking(Scheduling *scheduling, DbTx *tx, const VisitRow *row, bool is_said_with,
                        bool *ret_told, GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    bool is_said = is_said_with;
    if ((row->state != VISIT_STATE_BOOKED && row->state != VISIT_STATE_CHECKED_IN) ||
        row->ends_at_ms <= now_ms)
        return true;
    *ret_told = true;
    return (is_said_with ||
            notification_waits(tx, row->id, NOTIFICATION_MOVED, now_ms, &is_said, error)) &&
           (is_said || say_anew(tx, row, NOTIFICATION_BOOKED, now_ms, ret_told, error)) &&
           notification_remind(scheduling, tx, row, error) &&
           late_row_tell_anew(scheduling, tx, row, error);
}

/* How it goes on out of a call, as long as that was to be said at all, and until it is known that
 * the patient came or did not. */
static bool say_ending(DbTx *tx, const VisitRow *row, int64_t now_ms, bool *ret_told,
                       GError **error)
{
    bool is_phone = row->state == VISIT_STATE_CONVERTED_PHONE, is_settled = false;
    NotificationKind kind =
        is_phone ? NOTIFICATION_CONVERTED_PHONE : NOTIFICATION_CONVERTED_IN_PERSON;
    if ((!is_phone && row->state != VISIT_STATE_CONVERTED_IN_PERSON) ||
        notification_is_stale(kind, row->ended_at_ms, now_ms))
        return true;
    DbQuery *query = db_query(tx, "notification_came_is_said");
    db_bind_text(query, 1, row->id);
    if (!has_row(query, &is_settled, error))
        return false;
    return is_settled || say_anew(tx, row, kind, now_ms, ret_told, error);
}

/* There is one to open; there was one, which the patient may have, and it holds no more. */
static bool say_letters(DbTx *tx, const VisitRow *row, int64_t now_ms, bool *ret_told,
                        GError **error)
{
    bool has_one = false, had_one = false;
    if (has_no_letters_yet(row))
        return true;
    DbQuery *query = db_query(tx, "notification_letter_holds");
    db_bind_text(query, 1, row->id);
    if (!has_row(query, &has_one, error))
        return false;
    int64_t since_ms = now_ms - notification_stale_ms(NOTIFICATION_LETTER_REVOKED);
    DbQuery *revoked = db_query(tx, "notification_letter_revoked");
    db_bind_text(revoked, 1, row->id);
    db_bind_int(revoked, 2,
                row->way == VISIT_WAY_VIDEO ? MAX(since_ms, row->ended_at_ms) : since_ms);
    if (!has_row(revoked, &had_one, error))
        return false;
    return (!has_one || say_anew(tx, row, NOTIFICATION_LETTER, now_ms, ret_told, error)) &&
           (!had_one || say_anew(tx, row, NOTIFICATION_LETTER_REVOKED, now_ms, ret_told, error));
}

/* The offer of another time, as long as it would be made. */
static bool say_missed(DbTx *tx, const VisitRow *row, int64_t now_ms, bool *ret_told,
                       GError **error)
{
    bool is_missed =
        row->state == VISIT_STATE_NO_SHOW_PATIENT || row->state == VISIT_STATE_NO_SHOW_DOCTOR;
    if (!is_missed || notification_is_stale(NOTIFICATION_MISSED, row->ended_at_ms, now_ms))
        return true;
    return say_anew(tx, row, NOTIFICATION_MISSED, now_ms, ret_told, error);
}

bool notification_on_phone(Scheduling *scheduling, DbTx *tx, const VisitRow *row, bool is_said_with,
                           bool *ret_told, GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    *ret_told = false;
    if (!row->has_phone)
        return take_back(tx, row->id, error);
    if (*row->post_id) /* staff are there */
        return true;
    return say_booking(scheduling, tx, row, is_said_with, ret_told, error) &&
           say_missed(tx, row, now_ms, ret_told, error) &&
           say_ending(tx, row, now_ms, ret_told, error) &&
           say_letters(tx, row, now_ms, ret_told, error);
}

bool notification_on_state(Scheduling *scheduling, DbTx *tx, const VisitRow *row, GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    switch (row->state) {
    case VISIT_STATE_NO_SHOW_PATIENT:
    case VISIT_STATE_NO_SHOW_DOCTOR:
        return add_for(tx, row, NOTIFICATION_MISSED, now_ms, now_ms, error);
    case VISIT_STATE_CANCELLED_PATIENT:
    case VISIT_STATE_CANCELLED_PROVIDER:
    case VISIT_STATE_CANCELLED_SYSTEM:
        return add_for(tx, row, NOTIFICATION_CANCELLED, now_ms, now_ms, error);
    case VISIT_STATE_CONVERTED_PHONE:
        return add_for(tx, row, NOTIFICATION_CONVERTED_PHONE, now_ms, now_ms, error);
    case VISIT_STATE_CONVERTED_IN_PERSON:
        return add_for(tx, row, NOTIFICATION_CONVERTED_IN_PERSON, now_ms, now_ms, error);
    case VISIT_STATE_BOOKED: /* what was asked for is confirmed */
        return notification_on_booked(scheduling, tx, row, false, error);
    case VISIT_STATE_REQUESTED:
    case VISIT_STATE_CHECKED_IN:
    case VISIT_STATE_CALLED:
    case VISIT_STATE_IN_CALL:
    case VISIT_STATE_DONE:
    case VISIT_STATE_LEFT_WITHOUT_BEING_SEEN:
    case VISIT_STATE_TECH_FAILED:
    case VISIT_STATE_RESCHEDULED: /* the visit that comes after says so */
        return true;
    }
    g_assert_not_reached();
}
