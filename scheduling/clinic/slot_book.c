// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/slot_book.h"

#include <string.h>

#include "scheduling/clinic/hours_store.h"
#include "scheduling/clinic/service_terms.h"
#include "scheduling/policy/policy.h"

/* No visit is longer and no buffer wider, so a claim that matters to the span lies at most so far
 * outside it. */
static const int64_t longest_visit_ms = (int64_t)24 * 60 * 60 * 1000;
static const int64_t longest_buffer_ms = (int64_t)2 * 60 * 60 * 1000;

typedef struct {
    int64_t starts_at_ms, ends_at_ms;
    int64_t before_ms, after_ms; /* what must be free around it */
} Claim;

struct SlotBook {
    HoursPlan *plan;
    GHashTable *claims; /* practitioner id -> GArray of Claim, by start */
    GArray *wished;     /* Slot, of slot_book_load_wish(): those that the wish may come to */
    int64_t now_ms, bookable_from_ms, bookable_to_ms;
    bool has_service;
    ServiceTerms service;
};

void slot_book_free(SlotBook *book)
{
    if (!book)
        return;
    hours_plan_free(book->plan);
    g_hash_table_unref(book->claims);
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

/* The claims that start in SPAN. */
static bool load_claims(const SlotBook *book, DbTx *tx, const char *practitioner_id,
                        const TimeSpan *span, GArray *claims, GError **error)
{
    DbQuery *rows = db_query(tx, "slot_claims");
    db_bind_text(rows, 1, practitioner_id);
    db_bind_int(rows, 2, span->from_ms);
    db_bind_int(rows, 3, span->to_ms);
    db_bind_int(rows, 4, book->now_ms);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        Claim claim = {db_column_int(rows, 0), db_column_int(rows, 1), db_column_int(rows, 2),
                       db_column_int(rows, 3)};
        g_array_append_val(claims, claim);
    }
    return step == DB_DONE;
}

static bool ensure_claims(SlotBook *book, DbTx *tx, const char *practitioner_id,
                          const TimeSpan *span, GError **error)
{
    if (g_hash_table_contains(book->claims, practitioner_id))
        return true;
    GArray *claims = g_array_new(FALSE, FALSE, sizeof(Claim));
    g_hash_table_insert(book->claims, g_strdup(practitioner_id), claims);
    return load_claims(book, tx, practitioner_id, span, claims, error);
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

/* The book without claims; *RET_SPAN is that of its days. */
static SlotBook *load_hours(Scheduling *scheduling, DbTx *tx, const SlotsQuery *query,
                            TimeSpan *ret_span, GError **error)
{
    if (!check_clinic(tx, query, error))
        return NULL;
    char end_date[SCHEDULING_DATE_BYTES];
    if (!clock_date_add(query->from_date, (int)query->n_days, end_date) ||
        !clock_date_start(query->from_date, scheduling->zone, &ret_span->from_ms) ||
        !clock_date_start(end_date, scheduling->zone, &ret_span->to_ms)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS, "not a date");
        return NULL;
    }
    Policy policy;
    if (!policy_load_clinic(scheduling, tx, query->clinic_id, &policy, error))
        return NULL;
    g_autoptr(SlotBook) book = g_new0(SlotBook, 1);
    book->has_service = query->service_id != NULL;
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    book->claims =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    book->wished = g_array_new(FALSE, FALSE, sizeof(Slot));
    book->now_ms = now_ms;
    book->bookable_from_ms = now_ms + policy_ms(&policy, POLICY_BOOKING_LEAD);
    book->bookable_to_ms = now_ms + policy_ms(&policy, POLICY_BOOKING_HORIZON);
    const HoursQuery hours = {query->clinic_id, query->practitioner_id, query->from_date, end_date};
    book->plan = hours_plan_load(scheduling, tx, &hours, error);
    if (!book->plan)
        return NULL;
    if (book->has_service &&
        !service_terms_load(tx, query->clinic_id, query->service_id, false, &book->service, error))
        return NULL;
    return g_steal_pointer(&book);
}

SlotBook *slot_book_load(Scheduling *scheduling, DbTx *tx, const SlotsQuery *query, GError **error)
{
    TimeSpan days;
    g_autoptr(SlotBook) book = load_hours(scheduling, tx, query, &days, error);
    const TimeSpan span = {days.from_ms - longest_visit_ms, days.to_ms + longest_visit_ms};
    return book && load_all_claims(book, tx, &span, error) ? g_steal_pointer(&book) : NULL;
}

int64_t slot_book_until_ms(const SlotBook *book)
{
    return book->bookable_to_ms;
}

/* The first claim that starts at FROM_MS or later. */
static unsigned first_claim(const GArray *claims, int64_t from_ms)
{
    unsigned low = 0;
    unsigned high = claims ? claims->len : 0;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (g_array_index(claims, Claim, middle).starts_at_ms < from_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Each of the two wants to be apart from the other by its own buffers. */
static bool collide(const Slot *slot, const Claim *claim)
{
    int64_t after_slot_ms = MAX(slot->after_ms, claim->before_ms);
    int64_t after_claim_ms = MAX(claim->after_ms, slot->before_ms);
    return claim->starts_at_ms < slot->ends_at_ms + after_slot_ms &&
           slot->starts_at_ms < claim->ends_at_ms + after_claim_ms;
}

/* Does another visit hold some of the slot, or of what must be free around it? */
static bool is_taken(const SlotBook *book, const Slot *slot)
{
    const GArray *claims = g_hash_table_lookup(book->claims, slot->practitioner_id);
    int64_t from_ms = slot->starts_at_ms - longest_buffer_ms - longest_visit_ms;
    int64_t to_ms = slot->ends_at_ms + longest_buffer_ms;
    for (unsigned i = first_claim(claims, from_ms); claims && i < claims->len; i++) {
        const Claim *claim = &g_array_index(claims, Claim, i);
        if (claim->starts_at_ms >= to_ms)
            break;
        if (collide(slot, claim))
            return true;
    }
    return false;
}

/* In open hours from begin to end, and not in a session's, whose places it would take. */
static bool is_open(const SlotBook *book, const char *date, const Slot *slot)
{
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Slot));
    hours_slots(book->plan, slot->practitioner_id, date, places);
    for (unsigned i = 0; i < places->len; i++) {
        const Slot *place = &g_array_index(places, Slot, i);
        if (place->place > 0 && place->session.from_ms < slot->ends_at_ms &&
            place->session.to_ms > slot->starts_at_ms)
            return false;
    }
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    hours_open(book->plan, slot->practitioner_id, date, spans);
    for (unsigned i = 0; i < spans->len; i++) {
        const TimeSpan *span = &g_array_index(spans, TimeSpan, i);
        if (span->from_ms <= slot->starts_at_ms && span->to_ms >= slot->ends_at_ms)
            return true;
    }
    return false;
}

/* Makes the slot what the service needs; false: the hours do not have it. */
static bool fit_service(const SlotBook *book, const char *date, Slot *slot)
{
    int64_t slot_end_ms = slot->ends_at_ms;
    if (!book->has_service)
        return true;
    service_terms_stretch(&book->service, slot);
    return slot->ends_at_ms <= slot_end_ms || is_open(book, date, slot);
}

/* How many patients a session still takes, whatever places are free: a quota that was lowered, or
 * places that were longer once. */
static int quota_left(const SlotBook *book, const Slot *place)
{
    const GArray *claims = g_hash_table_lookup(book->claims, place->practitioner_id);
    unsigned first = first_claim(claims, place->session.from_ms);
    unsigned next = first_claim(claims, place->session.to_ms);
    return MAX(place->quota - (int)(next - first), 0);
}

static bool is_bookable(const SlotBook *book, const Slot *slot)
{
    return slot->starts_at_ms >= book->bookable_from_ms &&
           slot->starts_at_ms <= book->bookable_to_ms;
}

static int64_t offered_at(const Slot *slot)
{
    return slot->place > 0 ? slot->session.from_ms : slot->starts_at_ms;
}

static SlotOffer *find_offer(GArray *offers, const Slot *place)
{
    for (unsigned i = 0; i < offers->len; i++) {
        SlotOffer *offer = &g_array_index(offers, SlotOffer, i);
        if (offer->quota > 0 && offer->starts_at_ms == place->session.from_ms &&
            strcmp(offer->practitioner_id, place->practitioner_id) == 0)
            return offer;
    }
    return NULL;
}

static void add_offer(const SlotBook *book, const Slot *slot, GArray *offers)
{
    bool is_place = slot->place > 0;
    int left = is_place ? quota_left(book, slot) : 0;
    if (is_place && left == 0)
        return;
    SlotOffer *known = is_place ? find_offer(offers, slot) : NULL;
    if (known) {
        known->n_left = MIN(known->n_left + 1, left);
        return;
    }
    SlotOffer offer = {
        .starts_at_ms = offered_at(slot),
        .ends_at_ms = is_place ? slot->session.to_ms : slot->ends_at_ms,
        .quota = is_place ? slot->quota : 0,
        .n_left = is_place ? 1 : 0,
        .turn_at_ms = slot->starts_at_ms,
    };
    g_strlcpy(offer.practitioner_id, slot->practitioner_id, sizeof offer.practitioner_id);
    g_array_append_val(offers, offer);
}

static gint offer_compare(gconstpointer a, gconstpointer b)
{
    const SlotOffer *left = a;
    const SlotOffer *right = b;
    if (left->starts_at_ms != right->starts_at_ms)
        return left->starts_at_ms < right->starts_at_ms ? -1 : 1;
    return strcmp(left->practitioner_id, right->practitioner_id);
}

void slot_book_offers(const SlotBook *book, const char *date, GArray *offers)
{
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    g_autoptr(GArray) own = g_array_new(FALSE, FALSE, sizeof(SlotOffer));
    hours_all_slots(book->plan, date, slots);
    for (unsigned i = 0; i < slots->len; i++) {
        Slot slot = g_array_index(slots, Slot, i);
        if (is_bookable(book, &slot) && fit_service(book, date, &slot) && !is_taken(book, &slot))
            add_offer(book, &slot, own);
    }
    g_array_sort(own, offer_compare);
    if (own->len > 0)
        g_array_append_vals(offers, own->data, own->len);
}

/* The slot, or the places of the session, that start then. */
static void find_wished(SlotBook *book, const SlotsQuery *query, int64_t starts_at_ms)
{
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    hours_slots(book->plan, query->practitioner_id, query->from_date, slots);
    for (unsigned i = 0; i < slots->len; i++) {
        Slot slot = g_array_index(slots, Slot, i);
        if (offered_at(&slot) == starts_at_ms && is_bookable(book, &slot) &&
            fit_service(book, query->from_date, &slot))
            g_array_append_val(book->wished, slot);
    }
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
    return (TimeSpan){span.from_ms - longest_buffer_ms - longest_visit_ms,
                      span.to_ms + longest_buffer_ms};
}

SlotBook *slot_book_load_wish(Scheduling *scheduling, DbTx *tx, const SlotsQuery *query,
                              int64_t starts_at_ms, GError **error)
{
    TimeSpan day;
    g_autoptr(SlotBook) book = load_hours(scheduling, tx, query, &day, error);
    if (!book)
        return NULL;
    find_wished(book, query, starts_at_ms);
    if (book->wished->len == 0)
        return g_steal_pointer(&book);
    const TimeSpan span = span_of_wished(book);
    return ensure_claims(book, tx, query->practitioner_id, &span, error) ? g_steal_pointer(&book)
                                                                         : NULL;
}

SlotBookAnswer slot_book_find(const SlotBook *book, Slot *ret_slot)
{
    for (unsigned i = 0; i < book->wished->len; i++) {
        const Slot *slot = &g_array_index(book->wished, Slot, i);
        if (is_taken(book, slot) || (slot->place > 0 && quota_left(book, slot) == 0))
            continue;
        *ret_slot = *slot;
        return SLOT_BOOK_FREE;
    }
    return book->wished->len > 0 ? SLOT_BOOK_TAKEN : SLOT_BOOK_NOT_OFFERED;
}
