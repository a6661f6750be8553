// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/phone_tied.h"

#include "scheduling/booking/visit_phone.h"
#include "scheduling/clinic/hours_kept.h"
#include "scheduling/outbox/notification.h"
#include "scheduling/outbox/sms.h"

void phone_tied_free(PhoneTied *tied)
{
    issued_token_clear(&tied->link);
    g_free(tied);
}

/* What was booked in its place is where the patient goes on. */
static bool has_next(DbTx *tx, const VisitRow *row, bool *ret_has, GError **error)
{
    DbQuery *query = db_query(tx, "phone_next");
    db_bind_text(query, 1, row->id);
    DbStep step = db_step(query, error);
    db_reset(query);
    *ret_has = step == DB_ROW;
    return step != DB_FAILED;
}

bool phone_tied_is_missed(const Scheduling *scheduling, DbTx *tx, const VisitRow *row, bool *ret_is,
                          GError **error)
{
    bool has = false;
    bool is_missed =
        row->state == VISIT_STATE_NO_SHOW_PATIENT || row->state == VISIT_STATE_NO_SHOW_DOCTOR ||
        row->state == VISIT_STATE_LEFT_WITHOUT_BEING_SEEN || row->state == VISIT_STATE_TECH_FAILED;
    /* The message that it was missed waits for the morning, and its link lives as long again. */
    int64_t end_ms = MAX(row->ends_at_ms, row->ended_at_ms) + 2 * scheduling->policy.link_after_ms;
    *ret_is = false;
    if (!is_missed || clock_wall_ms(scheduling->clock) >= end_ms)
        return true;
    if (!has_next(tx, row, &has, error))
        return false;
    *ret_is = !has;
    return true;
}

/* What becomes of ROW by its state and age. */
static bool find_fit(const Scheduling *scheduling, DbTx *tx, const VisitRow *row,
                     PhoneTiedFit *ret_fit, GError **error)
{
    bool is_missed = false;
    *ret_fit = PHONE_TIED_BUSY;
    if (row->state == VISIT_STATE_CALLED || row->state == VISIT_STATE_IN_CALL)
        return true;
    if (!phone_tied_is_missed(scheduling, tx, row, &is_missed, error))
        return false;
    bool is_changed = is_missed || token_check_renewal(scheduling, row, NULL);
    *ret_fit = is_changed ? PHONE_TIED_CHANGED : PHONE_TIED_SILENCED;
    return true;
}

bool phone_tied_set(const PhoneNow *now, VisitRow *row, bool needs_one, GError **error)
{
    row->has_phone = *now->e164 != '\0';
    row->fixed_line = sms_is_fixed_line(now->e164) ? FIXED_LINE_YES : FIXED_LINE_NO;
    return !needs_one || visit_row_need_phone(row, error);
}

static bool load_series(DbTx *tx, PhoneTied *tied, GError **error)
{
    DbQuery *query = db_query(tx, "series_of_entry");
    db_bind_text(query, 1, tied->row.id);
    DbStep step = db_step(query, error);
    if (step == DB_ROW)
        scheduling_copy_column(query, 0, tied->series_id, sizeof tied->series_id);
    db_reset(query);
    return step != DB_FAILED;
}

GPtrArray *phone_tied_load(const Scheduling *scheduling, DbTx *tx, const char *visit_id, bool had,
                           const char *before, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)phone_tied_free);
    DbQuery *rows = db_query(tx, "phone_tied");
    db_bind_text(rows, 1, visit_id);
    db_bind_text(rows, 2, before);
    db_bind_int(rows, 3, had);
    if (!db_collect(rows, db_row_text, ids, error))
        return NULL;
    for (unsigned i = 0; i < ids->len; i++) {
        PhoneTied *tied = g_new0(PhoneTied, 1);
        g_ptr_array_add(all, tied);
        if (!visit_row_load(tx, ids->pdata[i], &tied->row, error) ||
            !load_series(tx, tied, error) ||
            !find_fit(scheduling, tx, &tied->row, &tied->fit, error))
            return NULL;
    }
    return g_steal_pointer(&all);
}

static const int64_t soon_ms = (int64_t)60 * 60 * 1000;

/* Its time alone says all that there is to say of it. */
static bool is_plain(const PhoneNow *now, DbTx *tx, const VisitRow *row, bool *ret_is,
                     GError **error)
{
    int64_t now_ms = clock_wall_ms(now->scheduling->clock), hit_at_ms = 0;
    bool is_moved = false;
    /* Soon it may be called, and its message is none then. */
    bool is_ahead = row->state == VISIT_STATE_BOOKED && row->starts_at_ms > now_ms + soon_ms;
    *ret_is = false;
    if (!is_ahead || row->way != VISIT_WAY_VIDEO)
        return true;
    if (!hours_kept_at_start(now->scheduling, tx, row->id, &hit_at_ms, error) ||
        !notification_waits(tx, row->id, NOTIFICATION_MOVED, now_ms, &is_moved, error))
        return false;
    *ret_is = hit_at_ms == 0 && !is_moved;
    return true;
}

static bool set_told_with(DbTx *tx, const PhoneTied *tied, GError **error)
{
    DbQuery *query = db_query(tx, "series_set_told");
    db_bind_text(query, 1, tied->row.id);
    db_bind_text(query, 2, tied->told_with);
    return db_exec(query, error);
}

static int by_start(const void *a, const void *b)
{
    const PhoneTied *const *one = a, *const *other = b;
    if ((*one)->row.starts_at_ms != (*other)->row.starts_at_ms)
        return (*one)->row.starts_at_ms < (*other)->row.starts_at_ms ? -1 : 1;
    return strcmp((*one)->row.id, (*other)->row.id);
}

/* Of those in the series of ALL's I-th, from there on. */
static bool plan_one(const PhoneNow *now, DbTx *tx, GPtrArray *all, unsigned i, GError **error)
{
    const PhoneTied *first = g_ptr_array_index(all, i);
    for (unsigned k = i; k < all->len; k++) {
        PhoneTied *one = g_ptr_array_index(all, k);
        bool is = false;
        if (*one->told_with || !g_str_equal(one->series_id, first->series_id))
            continue;
        if (!is_plain(now, tx, &one->row, &is, error))
            return false;
        if (k == i && !is)
            break; /* by itself; the next one speaks */
        if (is)
            g_strlcpy(one->told_with, first->row.id, sizeof one->told_with);
    }
    PhoneTied *spoken = g_ptr_array_index(all, i);
    g_strlcpy(spoken->told_with, *spoken->told_with ? spoken->told_with : spoken->row.id,
              sizeof spoken->told_with);
    return true;
}

bool phone_tied_plan(const PhoneNow *now, DbTx *tx, PhoneTied *own, GPtrArray *tied, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    if (!load_series(tx, own, error))
        return false;
    g_ptr_array_add(all, own);
    for (unsigned i = 0; i < tied->len; i++) {
        PhoneTied *one = g_ptr_array_index(tied, i);
        if (one->fit == PHONE_TIED_CHANGED)
            g_ptr_array_add(all, one);
    }
    qsort(all->pdata, all->len, sizeof(gpointer), by_start);
    for (unsigned i = 0; i < all->len; i++) {
        const PhoneTied *one = g_ptr_array_index(all, i);
        if (!*one->series_id)
            continue;
        if (!*one->told_with && !plan_one(now, tx, all, i, error))
            return false;
        if (!set_told_with(tx, one, error))
            return false;
    }
    return true;
}

/* Its doctor is to phone, and that is not long ago. */
static bool is_to_be_phoned(const PhoneNow *now, const VisitRow *row)
{
    if (!visit_state_row(row->state)->is_final)
        return row->way == VISIT_WAY_PHONE;
    int64_t now_ms = clock_wall_ms(now->scheduling->clock);
    return row->state == VISIT_STATE_CONVERTED_PHONE &&
           !notification_is_stale(NOTIFICATION_CONVERTED_PHONE, row->ended_at_ms, now_ms);
}

bool phone_tied_change(const PhoneNow *now, DbTx *tx, PhoneTied *tied, GError **error)
{
    VisitRow *row = &tied->row;
    Scheduling *scheduling = now->scheduling;
    bool is_said_with = *tied->told_with && !g_str_equal(tied->told_with, row->id);
    if (tied->fit == PHONE_TIED_BUSY)
        return true;
    if (!phone_tied_set(now, row, is_to_be_phoned(now, row), error) ||
        !visit_phone_write(scheduling, tx, row->id, now->e164, now->actor, error))
        return false;
    bool linked = tied->fit == PHONE_TIED_CHANGED
                      ? token_replace_link(scheduling, tx, row, &tied->link, error)
                      : token_revoke_links(scheduling, tx, row, error);
    /* What waits of one that is closed goes to the number that is there then, if one is. */
    bool is_said = tied->fit == PHONE_TIED_CHANGED || !row->has_phone;
    if (!linked ||
        (is_said &&
         !notification_on_phone(scheduling, tx, row, is_said_with, &tied->is_told, error)) ||
        !visit_row_describe(scheduling, tx, row, now->actor->role, &tied->box, error))
        return false;
    tied->is_told = tied->is_told && row->fixed_line != FIXED_LINE_YES;
    tied->box.has_changed = true;
    return true;
}
