// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/slot_book.h"

#include <string.h>

#include "scheduling/scheduling_private.h"

/* No slot is longer (hour_rule's CHECK), so a claim that reaches into the span starts at most so
 * long before it. */
static const int64_t longest_slot_ms = (int64_t)240 * 60 * 1000;

typedef struct {
    int64_t starts_at_ms, ends_at_ms;
} Claim;

struct SlotBook {
    GTimeZone *zone;    /* the Scheduling's */
    GArray *rules;      /* HourRule */
    GHashTable *claims; /* practitioner id -> GArray of Claim, by start */
    int64_t bookable_from_ms, bookable_to_ms;
};

void slot_book_free(SlotBook *book)
{
    if (!book)
        return;
    g_array_unref(book->rules);
    g_hash_table_unref(book->claims);
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

static bool load_rules(DbTx *tx, const SlotsQuery *query, GArray *rules, GError **error)
{
    bool one = query->practitioner_id != NULL;
    DbQuery *rows = db_query(tx, one ? "hour_rules_of_doctor" : "hour_rules_of_clinic");
    db_bind_text(rows, 1, query->clinic_id);
    if (one)
        db_bind_text(rows, 2, query->practitioner_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        HourRule rule = {
            .weekday = (int)db_column_int(rows, 1),
            .from_minute = (int)db_column_int(rows, 2),
            .to_minute = (int)db_column_int(rows, 3),
            .slot_minutes = (int)db_column_int(rows, 4),
        };
        scheduling_copy_column(rows, 0, rule.practitioner_id, sizeof rule.practitioner_id);
        scheduling_copy_column(rows, 5, rule.effective_from, sizeof rule.effective_from);
        scheduling_copy_column(rows, 6, rule.effective_to, sizeof rule.effective_to);
        g_array_append_val(rules, rule);
    }
    return step == DB_DONE;
}

static bool load_claims(DbTx *tx, const char *practitioner_id, int64_t from_ms, int64_t to_ms,
                        GArray *claims, GError **error)
{
    DbQuery *rows = db_query(tx, "slot_claims");
    db_bind_text(rows, 1, practitioner_id);
    db_bind_int(rows, 2, from_ms - longest_slot_ms);
    db_bind_int(rows, 3, to_ms);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        Claim claim = {db_column_int(rows, 0), db_column_int(rows, 1)};
        g_array_append_val(claims, claim);
    }
    return step == DB_DONE;
}

static bool load_all_claims(SlotBook *book, DbTx *tx, int64_t from_ms, int64_t to_ms,
                            GError **error)
{
    for (unsigned i = 0; i < book->rules->len; i++) {
        const char *id = g_array_index(book->rules, HourRule, i).practitioner_id;
        if (g_hash_table_contains(book->claims, id))
            continue;
        GArray *claims = g_array_new(FALSE, FALSE, sizeof(Claim));
        g_hash_table_insert(book->claims, g_strdup(id), claims);
        if (!load_claims(tx, id, from_ms, to_ms, claims, error))
            return false;
    }
    return true;
}

SlotBook *slot_book_load(Scheduling *scheduling, DbTx *tx, const SlotsQuery *query, GError **error)
{
    if (!check_clinic(tx, query, error))
        return NULL;
    g_autoptr(SlotBook) book = g_new0(SlotBook, 1);
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    book->zone = scheduling->zone;
    book->rules = g_array_new(FALSE, FALSE, sizeof(HourRule));
    book->claims =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    book->bookable_from_ms = now_ms + scheduling->policy.booking_lead_ms;
    book->bookable_to_ms = now_ms + scheduling->policy.booking_horizon_ms;
    char end_date[SCHEDULING_DATE_BYTES];
    int64_t from_ms, to_ms;
    if (!clock_date_add(query->from_date, (int)query->n_days, end_date) ||
        !clock_date_start(query->from_date, scheduling->zone, &from_ms) ||
        !clock_date_start(end_date, scheduling->zone, &to_ms)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS, "not a date");
        return NULL;
    }
    if (!load_rules(tx, query, book->rules, error) ||
        !load_all_claims(book, tx, from_ms, to_ms, error))
        return NULL;
    return g_steal_pointer(&book);
}

bool slot_book_is_taken(const SlotBook *book, const Slot *slot)
{
    const GArray *claims = g_hash_table_lookup(book->claims, slot->practitioner_id);
    for (unsigned i = 0; claims && i < claims->len; i++) {
        const Claim *claim = &g_array_index(claims, Claim, i);
        if (claim->starts_at_ms >= slot->ends_at_ms)
            break;
        if (claim->ends_at_ms > slot->starts_at_ms)
            return true;
    }
    return false;
}

static bool is_bookable(const SlotBook *book, const Slot *slot)
{
    return slot->starts_at_ms >= book->bookable_from_ms &&
           slot->starts_at_ms <= book->bookable_to_ms;
}

static GArray *offered_slots(const SlotBook *book, const char *date)
{
    GArray *slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    slots_compute((const HourRule *)(const void *)book->rules->data, book->rules->len, book->zone,
                  date, slots);
    return slots;
}

void slot_book_free_slots(const SlotBook *book, const char *date, GArray *slots)
{
    g_autoptr(GArray) offered = offered_slots(book, date);
    for (unsigned i = 0; i < offered->len; i++) {
        const Slot *slot = &g_array_index(offered, Slot, i);
        if (is_bookable(book, slot) && !slot_book_is_taken(book, slot))
            g_array_append_vals(slots, slot, 1);
    }
}

bool slot_book_find(const SlotBook *book, const char *practitioner_id, const char *date,
                    int64_t starts_at_ms, Slot *ret_slot)
{
    g_autoptr(GArray) offered = offered_slots(book, date);
    for (unsigned i = 0; i < offered->len; i++) {
        const Slot *slot = &g_array_index(offered, Slot, i);
        if (slot->starts_at_ms == starts_at_ms && is_bookable(book, slot) &&
            strcmp(slot->practitioner_id, practitioner_id) == 0) {
            *ret_slot = *slot;
            return true;
        }
    }
    return false;
}
