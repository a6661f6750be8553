// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/slot_book_private.h"

#include <string.h>

const HoursPlan *slot_book_plan(const SlotBook *book)
{
    return book->plan;
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

void slot_book_let_go(SlotBook *book, const char *practitioner_id, int64_t starts_at_ms)
{
    GArray *claims = g_hash_table_lookup(book->claims, practitioner_id);
    unsigned i = first_claim(claims, starts_at_ms);
    if (claims && i < claims->len && g_array_index(claims, Claim, i).starts_at_ms == starts_at_ms)
        g_array_remove_index(claims, i);
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
    int64_t from_ms = slot->starts_at_ms - LONGEST_BUFFER_MS - LONGEST_VISIT_MS;
    int64_t to_ms = slot->ends_at_ms + LONGEST_BUFFER_MS;
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

/* How many of CLAIMS start within the hours that the slot belongs to. */
static int count_within(const GArray *claims, const Slot *slot)
{
    unsigned first = first_claim(claims, slot->session.from_ms);
    unsigned next = first_claim(claims, slot->session.to_ms);
    return (int)(next - first);
}

/* How many patients a session still takes, whatever places are free: a quota that was lowered, or
 * places that were longer once. */
static int quota_left(const SlotBook *book, const Slot *place)
{
    const GArray *claims = g_hash_table_lookup(book->claims, place->practitioner_id);
    return MAX(place->quota - count_within(claims, place), 0);
}

/* How many additional places the slot's hours still have; a session's regular and additional ones
 * together stay below its quota and the share, also when the quota was lowered. */
static int extra_left(const SlotBook *book, const Slot *slot)
{
    const GArray *claims = g_hash_table_lookup(book->claims, slot->practitioner_id);
    const GArray *extras = g_hash_table_lookup(book->extras, slot->practitioner_id);
    int n_given = count_within(extras, slot);
    int left = slot->n_extra - n_given;
    if (slot->place > 0)
        left = MIN(left, slot->quota + slot->n_extra - n_given - count_within(claims, slot));
    return MAX(left, 0);
}

/* Does another additional visit lie at the slot's time? They share the regular ones' time, and not
 * each other's. */
static bool is_extra_taken(const SlotBook *book, const Slot *slot)
{
    const GArray *extras = g_hash_table_lookup(book->extras, slot->practitioner_id);
    unsigned i = first_claim(extras, slot->starts_at_ms - LONGEST_VISIT_MS);
    for (; extras && i < extras->len; i++) {
        const Claim *extra = &g_array_index(extras, Claim, i);
        if (extra->starts_at_ms >= slot->ends_at_ms)
            break;
        if (extra->ends_at_ms > slot->starts_at_ms)
            return true;
    }
    return false;
}

/* What was kept while a form was filled in was offered in time. */
static bool is_in_time(const SlotBook *book, const Slot *slot)
{
    return slot->starts_at_ms >= book->bookable_from_ms ||
           (book->held_at_ms != SLOT_BOOK_NO_HOLD && slot->starts_at_ms == book->held_at_ms);
}

static bool is_bookable(const SlotBook *book, const Slot *slot)
{
    return is_in_time(book, slot) && slot->starts_at_ms <= book->bookable_to_ms;
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

void slot_book_find_wished(SlotBook *book, const char *practitioner_id, const char *date,
                           int64_t starts_at_ms, GArray *wished)
{
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    hours_slots(book->plan, practitioner_id, date, slots);
    for (unsigned i = 0; i < slots->len; i++) {
        Slot slot = g_array_index(slots, Slot, i);
        if (offered_at(&slot) != starts_at_ms || !fit_service(book, date, &slot))
            continue;
        if (is_bookable(book, &slot))
            g_array_append_val(wished, slot);
        else if (slot.starts_at_ms >= book->now_ms && !is_in_time(book, &slot))
            book->is_too_soon = true;
    }
}

static SlotBookAnswer choose(const SlotBook *book, const GArray *wished, Slot *ret_slot)
{
    for (unsigned i = 0; i < wished->len; i++) {
        const Slot *slot = &g_array_index(wished, Slot, i);
        if (is_taken(book, slot) || (slot->place > 0 && quota_left(book, slot) == 0))
            continue;
        *ret_slot = *slot;
        return SLOT_BOOK_FREE;
    }
    if (wished->len > 0)
        return SLOT_BOOK_TAKEN;
    return book->is_too_soon ? SLOT_BOOK_TOO_SOON : SLOT_BOOK_NOT_OFFERED;
}

SlotBookAnswer slot_book_find(const SlotBook *book, Slot *ret_slot)
{
    return choose(book, book->wished, ret_slot);
}

/* When the offers of SLOTS (Slot) start that have a regular place free. */
static GArray *free_starts(const SlotBook *book, const char *date, const GArray *slots)
{
    GArray *starts = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (unsigned i = 0; i < slots->len; i++) {
        Slot slot = g_array_index(slots, Slot, i);
        int64_t starts_at_ms = offered_at(&slot);
        if (is_bookable(book, &slot) && fit_service(book, date, &slot) && !is_taken(book, &slot) &&
            (slot.place == 0 || quota_left(book, &slot) > 0))
            g_array_append_val(starts, starts_at_ms);
    }
    return starts;
}

static bool holds(const GArray *starts, int64_t starts_at_ms)
{
    for (unsigned i = 0; i < starts->len; i++) {
        if (g_array_index(starts, int64_t, i) == starts_at_ms)
            return true;
    }
    return false;
}

/* What of SLOTS (Slot) can be given additionally: as its additional places, in EXTRAS (Slot). Of a
 * session only when no regular place of it is to be had. */
static void find_extras(const SlotBook *book, const char *date, const GArray *slots, GArray *extras)
{
    g_autoptr(GArray) starts = free_starts(book, date, slots);
    for (unsigned i = 0; i < slots->len; i++) {
        Slot slot = g_array_index(slots, Slot, i);
        if (!slot.takes_extra || !is_bookable(book, &slot) || !fit_service(book, date, &slot) ||
            extra_left(book, &slot) == 0 || is_extra_taken(book, &slot) ||
            holds(starts, offered_at(&slot)))
            continue;
        Slot extra = hours_extra_place(&slot);
        g_array_append_val(extras, extra);
    }
}

void slot_book_extra_offers(const SlotBook *book, const char *practitioner_id, const char *date,
                            GArray *offers)
{
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    g_autoptr(GArray) extras = g_array_new(FALSE, FALSE, sizeof(Slot));
    hours_slots(book->plan, practitioner_id, date, slots);
    find_extras(book, date, slots, extras);
    for (unsigned i = 0; i < extras->len; i++) {
        const Slot *extra = &g_array_index(extras, Slot, i);
        bool is_place = extra->place > 0;
        if (is_place && find_offer(offers, extra))
            continue;
        SlotOffer offer = {
            .starts_at_ms = offered_at(extra),
            .ends_at_ms = is_place ? extra->session.to_ms : extra->ends_at_ms,
            .quota = is_place ? extra->quota : 0,
            .n_extra_left = extra_left(book, extra),
            .turn_at_ms = extra->starts_at_ms,
        };
        g_strlcpy(offer.practitioner_id, practitioner_id, sizeof offer.practitioner_id);
        g_array_append_val(offers, offer);
    }
}

SlotBookAnswer slot_book_find_extra(SlotBook *book, const char *practitioner_id, const char *date,
                                    int64_t starts_at_ms, Slot *ret_slot)
{
    g_autoptr(GArray) wished = g_array_new(FALSE, FALSE, sizeof(Slot));
    slot_book_find_wished(book, practitioner_id, date, starts_at_ms, wished);
    SlotBookAnswer answer = choose(book, wished, ret_slot);
    if (answer == SLOT_BOOK_FREE)
        return answer;
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    g_autoptr(GArray) extras = g_array_new(FALSE, FALSE, sizeof(Slot));
    hours_slots(book->plan, practitioner_id, date, slots);
    find_extras(book, date, slots, extras);
    for (unsigned i = 0; i < extras->len; i++) {
        const Slot *extra = &g_array_index(extras, Slot, i);
        if (offered_at(extra) != starts_at_ms)
            continue;
        *ret_slot = *extra;
        return SLOT_BOOK_FREE;
    }
    return answer;
}
