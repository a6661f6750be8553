// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/slot_wish.h"

#include "scheduling/booking/visit.h"
#include "scheduling/clinic/slot_book.h"
#include "scheduling/policy/policy_rule.h"

enum { NEAREST_DAYS = 4 };
static const int64_t longest_session_ms = (int64_t)24 * 60 * 60 * 1000;

/* Distance from the wish; another doctor counts as an hour. */
static int64_t offer_distance(const SlotWish *wish, const SlotOffer *offer)
{
    int64_t distance = ABS(offer->starts_at_ms - wish->starts_at_ms);
    bool same = g_str_equal(offer->practitioner_id, wish->practitioner_id);
    return distance + (same ? 0 : (int64_t)60 * 60 * 1000);
}

static gint compare_distance(gconstpointer a, gconstpointer b, gpointer user_data)
{
    int64_t left = offer_distance(user_data, a);
    int64_t right = offer_distance(user_data, b);
    return left < right ? -1 : left > right;
}

static bool find_nearest(Scheduling *scheduling, DbTx *tx, const SlotWish *wish,
                         const char *local_date, Booking *booking, GError **error)
{
    SlotsQuery query = {wish->clinic_id, NULL, local_date, NEAREST_DAYS, wish->service_id};
    g_autoptr(SlotBook) book = slot_book_load(scheduling, tx, &query, error);
    if (!book)
        return false;
    g_autoptr(GArray) offers = g_array_new(FALSE, FALSE, sizeof(SlotOffer));
    for (int i = 0; i < NEAREST_DAYS; i++) {
        char date[SCHEDULING_DATE_BYTES];
        if (clock_date_add(local_date, i, date))
            slot_book_offers(book, date, offers);
    }
    g_array_sort_with_data(offers, compare_distance, (gpointer)wish);
    booking->n_nearest = MIN(offers->len, BOOKING_MAX_NEAREST);
    for (unsigned i = 0; i < booking->n_nearest; i++)
        booking->nearest[i] = g_array_index(offers, SlotOffer, i);
    return true;
}

static void refuse_slot(GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_SLOT_NOT_OFFERED,
                        "no such slot can be booked");
}

/* Near the longest booking window that there can be: the time is a stranger's number and need not
 * have a date at all. A session may have begun and have places left. */
static bool is_near(const Scheduling *scheduling, int64_t starts_at_ms)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    const PolicyRow *horizon = policy_row(POLICY_BOOKING_HORIZON);
    return starts_at_ms >= now_ms - longest_session_ms &&
           starts_at_ms <= now_ms + horizon->max * horizon->unit_ms;
}

bool slot_wish_find(Scheduling *scheduling, DbTx *tx, const SlotWish *wish, Booking *booking,
                    Slot *ret_slot, GError **error)
{
    char local_date[SCHEDULING_DATE_BYTES];
    if (!is_near(scheduling, wish->starts_at_ms)) {
        refuse_slot(error);
        return false;
    }
    clock_local_date(wish->starts_at_ms, scheduling->zone, local_date);
    SlotsQuery query = {wish->clinic_id, wish->practitioner_id, local_date, 1, wish->service_id};
    g_autoptr(SlotBook) book =
        slot_book_load_wish(scheduling, tx, &query, wish->starts_at_ms, error);
    if (!book)
        return false;
    switch (slot_book_find(book, ret_slot)) {
    case SLOT_BOOK_FREE:
        return true;
    case SLOT_BOOK_NOT_OFFERED:
        refuse_slot(error);
        return false;
    case SLOT_BOOK_TAKEN:
        break;
    }
    if (find_nearest(scheduling, tx, wish, local_date, booking, error))
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_SLOT_TAKEN,
                            "the slot is taken");
    return false;
}

bool slot_wish_service(DbTx *tx, const char *clinic_id, const char *service_id,
                       ServiceTerms *ret_terms, FaultList *faults, GError **error)
{
    GError *refused = NULL;
    if (service_terms_load(tx, clinic_id, service_id, true, ret_terms, &refused))
        return true;
    if (!g_error_matches(refused, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND)) {
        g_propagate_error(error, refused);
        return false;
    }
    g_error_free(refused);
    fault_list_add(faults, "service", "not_found", NULL);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "the clinic does not offer this service");
    return false;
}

bool booking_fill(Scheduling *scheduling, DbTx *tx, const char *visit_id, Booking *booking,
                  GError **error)
{
    g_autoptr(VisitView) view = visit_view_load_ticket(scheduling, tx, visit_id, error);
    if (!view)
        return false;
    booking->visit_id = g_steal_pointer(&view->id);
    booking->code = g_steal_pointer(&view->code);
    booking->number = g_steal_pointer(&view->number);
    booking->facility = g_steal_pointer(&view->facility);
    booking->clinic = g_steal_pointer(&view->clinic);
    booking->doctor = g_steal_pointer(&view->doctor);
    booking->phone = g_steal_pointer(&view->phone);
    booking->service = g_steal_pointer(&view->service);
    booking->starts_at_ms = view->starts_at_ms;
    booking->ends_at_ms = view->ends_at_ms;
    booking->opens_at_ms = view->opens_at_ms;
    booking->place = view->place;
    booking->needs_confirmation = view->state == VISIT_STATE_REQUESTED;
    booking->session_starts_at_ms = view->session_starts_at_ms;
    booking->session_ends_at_ms = view->session_ends_at_ms;
    return true;
}

void booking_clear(Booking *booking)
{
    char *texts[] = {booking->visit_id, booking->code,   booking->number, booking->facility,
                     booking->clinic,   booking->doctor, booking->phone,  booking->service};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    secret_text_free(booking->token);
    fault_list_free(booking->warnings);
    fault_list_free(booking->faults);
}
