// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/slot_book_private.h"

#include "scheduling/clinic/hours_store.h"
#include "scheduling/policy/policy.h"

void slot_book_free(SlotBook *book)
{
    if (!book)
        return;
    hours_plan_free(book->plan);
    g_hash_table_unref(book->claims);
    g_hash_table_unref(book->extras);
    g_array_unref(book->wished);
    g_free(book);
}

static bool exists(DbQuery *query, const char *what, GError **error)
{
    bool found = scheduling_need_row(query, what, error);
    db_reset(query);
    return found;
}

static bool check_clinic(DbTx *tx, const SlotsQuery *query, GError **error)
{
    DbQuery *clinic = db_query(tx, "clinic_exists");
    db_bind_text(clinic, 1, query->clinic_id);
    if (!exists(clinic, "clinic", error))
        return false;
    if (!query->practitioner_id)
        return true;
    DbQuery *member = db_query(tx, "clinic_member_exists");
    db_bind_text(member, 1, query->clinic_id);
    db_bind_text(member, 2, query->practitioner_id);
    return exists(member, "doctor in this clinic", error);
}

static GArray *claims_add(GHashTable *claims, const char *practitioner_id)
{
    GArray *own = g_array_new(FALSE, FALSE, sizeof(Claim));
    g_hash_table_insert(claims, g_strdup(practitioner_id), own);
    return own;
}

/* What starts in SPAN. */
static bool ensure_claims(SlotBook *book, DbTx *tx, const char *practitioner_id,
                          const TimeSpan *span, GError **error)
{
    if (g_hash_table_contains(book->claims, practitioner_id))
        return true;
    GArray *claims = claims_add(book->claims, practitioner_id);
    GArray *extras = claims_add(book->extras, practitioner_id);
    DbQuery *rows = db_query(tx, "slot_claims");
    db_bind_text(rows, 1, practitioner_id);
    db_bind_int(rows, 2, span->from_ms);
    db_bind_int(rows, 3, span->to_ms);
    db_bind_int(rows, 4, book->held_after_ms);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        Claim claim = {db_column_int(rows, 0), db_column_int(rows, 1), db_column_int(rows, 2),
                       db_column_int(rows, 3)};
        g_array_append_val(db_column_int(rows, 4) != 0 ? extras : claims, claim);
    }
    return step == DB_DONE;
}

static bool load_all_claims(SlotBook *book, DbTx *tx, const TimeSpan *span, GError **error)
{
    const HoursPlan *plan = book->plan;
    for (unsigned i = 0; i < plan->rules->len; i++) {
        const char *id = g_array_index(plan->rules, HoursRule, i).practitioner_id;
        if (!ensure_claims(book, tx, id, span, error))
            return false;
    }
    for (unsigned i = 0; i < plan->overrides->len; i++) {
        const char *id = g_array_index(plan->overrides, HoursOverride, i).practitioner_id;
        if (!ensure_claims(book, tx, id, span, error))
            return false;
    }
    return true;
}

static GHashTable *claims_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
}

static SlotBook *book_new(int64_t held_after_ms)
{
    SlotBook *book = g_new0(SlotBook, 1);
    book->claims = claims_new();
    book->extras = claims_new();
    book->wished = g_array_new(FALSE, FALSE, sizeof(Slot));
    book->held_after_ms = held_after_ms;
    return book;
}

/* When something can be booked by now. */
static bool load_window(Scheduling *scheduling, DbTx *tx, const SlotsQuery *query, SlotBook *book,
                        GError **error)
{
    Policy policy;
    if (!policy_load_clinic(scheduling, tx, query->clinic_id, &policy, error))
        return false;
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    int64_t horizon_ms = policy_ms(&policy, POLICY_BOOKING_HORIZON);
    if (query->for_staff)
        horizon_ms = MAX(horizon_ms, policy_ms(&policy, POLICY_STAFF_HORIZON));
    book->now_ms = now_ms;
    book->bookable_from_ms = now_ms + policy_ms(&policy, POLICY_BOOKING_LEAD);
    book->bookable_to_ms = now_ms + horizon_ms;
    return true;
}

/* All but the claims; *RET_SPAN is that of the days. */
static bool load_hours(Scheduling *scheduling, DbTx *tx, const SlotsQuery *query, SlotBook *book,
                       TimeSpan *ret_span, GError **error)
{
    if (!check_clinic(tx, query, error))
        return false;
    char end_date[SCHEDULING_DATE_BYTES];
    if (!clock_date_add(query->from_date, (int)query->n_days, end_date) ||
        !clock_date_start(query->from_date, scheduling->zone, &ret_span->from_ms) ||
        !clock_date_start(end_date, scheduling->zone, &ret_span->to_ms)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS, "not a date");
        return false;
    }
    if (!load_window(scheduling, tx, query, book, error))
        return false;
    const HoursQuery hours = {query->clinic_id, query->practitioner_id, query->from_date, end_date};
    book->plan = hours_plan_load(scheduling, tx, &hours, error);
    book->has_service = query->service_id != NULL;
    return book->plan &&
           (!book->has_service || service_terms_load(tx, query->clinic_id, query->service_id, false,
                                                     &book->service, error));
}

SlotBook *slot_book_load(Scheduling *scheduling, DbTx *tx, const SlotsQuery *query, GError **error)
{
    TimeSpan span;
    g_autoptr(SlotBook) book = book_new(clock_wall_ms(scheduling->clock));
    if (!load_hours(scheduling, tx, query, book, &span, error))
        return NULL;
    span.from_ms -= LONGEST_VISIT_MS;
    span.to_ms += LONGEST_VISIT_MS;
    return load_all_claims(book, tx, &span, error) ? g_steal_pointer(&book) : NULL;
}

/* Where a claim must start to matter to what is wished. */
static TimeSpan span_of_wished(const SlotBook *book)
{
    TimeSpan span = {INT64_MAX, INT64_MIN};
    for (unsigned i = 0; i < book->wished->len; i++) {
        const Slot *slot = &g_array_index(book->wished, Slot, i);
        bool is_place = slot->place > 0;
        span.from_ms = MIN(span.from_ms, is_place ? slot->session.from_ms : slot->starts_at_ms);
        span.to_ms = MAX(span.to_ms, slot->ends_at_ms);
        if (is_place)
            span.to_ms = MAX(span.to_ms, slot->session.to_ms);
    }
    return (TimeSpan){span.from_ms - LONGEST_BUFFER_MS - LONGEST_VISIT_MS,
                      span.to_ms + LONGEST_BUFFER_MS};
}

SlotBook *slot_book_load_wish(Scheduling *scheduling, DbTx *tx, const SlotsQuery *query,
                              int64_t starts_at_ms, int64_t held_at_ms, bool visits_only,
                              GError **error)
{
    TimeSpan day;
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    g_autoptr(SlotBook) book = book_new(visits_only ? INT64_MAX : now_ms);
    book->held_at_ms = held_at_ms;
    if (!load_hours(scheduling, tx, query, book, &day, error))
        return NULL;
    slot_book_find_wished(book, query->practitioner_id, query->from_date, starts_at_ms,
                          book->wished);
    if (book->wished->len == 0)
        return g_steal_pointer(&book);
    const TimeSpan span = span_of_wished(book);
    return ensure_claims(book, tx, query->practitioner_id, &span, error) ? g_steal_pointer(&book)
                                                                         : NULL;
}
