// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/slot_wish.h"

#include "scheduling/booking/visit.h"
#include "scheduling/policy/policy.h"
#include "scheduling/policy/policy_rule.h"

enum { NEAREST_DAYS = 4 };
static const int64_t longest_session_ms = (int64_t)24 * 60 * 60 * 1000;

/* What is near a wish; how much farther another doctor's time counts. */
typedef struct {
    const SlotWish *wish;
    int64_t other_doctor_ms;
} Nearness;

static const int64_t an_hour_ms = (int64_t)60 * 60 * 1000;
/* More than all days that are looked at. */
static const int64_t beyond_all_ms = (int64_t)(NEAREST_DAYS + 1) * 24 * 60 * 60 * 1000;

static int64_t offer_distance(const Nearness *near, const SlotOffer *offer)
{
    int64_t distance = ABS(offer->starts_at_ms - near->wish->starts_at_ms);
    bool same = g_str_equal(offer->practitioner_id, near->wish->practitioner_id);
    return distance + (same ? 0 : near->other_doctor_ms);
}

static gint compare_distance(gconstpointer a, gconstpointer b, gpointer user_data)
{
    int64_t left = offer_distance(user_data, a);
    int64_t right = offer_distance(user_data, b);
    return left < right ? -1 : left > right;
}

static bool find_nearest(Scheduling *scheduling, DbTx *tx, const Nearness *near,
                         const char *local_date, Booking *booking, GError **error)
{
    const SlotWish *wish = near->wish;
    SlotsQuery query = {wish->clinic_id,  NULL,           local_date, NEAREST_DAYS,
                        wish->service_id, wish->for_staff};
    g_autoptr(SlotBook) book = slot_book_load(scheduling, tx, &query, error);
    if (!book)
        return false;
    g_autoptr(GArray) offers = g_array_new(FALSE, FALSE, sizeof(SlotOffer));
    for (int i = 0; i < NEAREST_DAYS; i++) {
        char date[SCHEDULING_DATE_BYTES];
        if (clock_date_add(local_date, i, date))
            slot_book_offers(book, date, offers);
    }
    g_array_sort_with_data(offers, compare_distance, (gpointer)near);
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

/* From when on something can be booked there by now: its minute, if need be the next one. */
static bool refuse_soon(Scheduling *scheduling, DbTx *tx, const SlotWish *wish, Booking *booking,
                        GError **error)
{
    static const int64_t minute_ms = (int64_t)60 * 1000;
    Policy policy;
    if (!policy_load_clinic(scheduling, tx, wish->clinic_id, &policy, error))
        return false;
    int64_t from_ms = clock_wall_ms(scheduling->clock) + policy_ms(&policy, POLICY_BOOKING_LEAD);
    booking->earliest_at_ms = (from_ms + minute_ms - 1) / minute_ms * minute_ms;
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(booking->earliest_at_ms / 1000);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, scheduling->zone);
    g_autofree char *text = g_date_time_format(local, "%H.%M %Z");
    g_strlcpy(booking->earliest, text, sizeof booking->earliest);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_TOO_SOON,
                        "the slot is nearer than what can be booked");
    return false;
}

/* Near the longest booking window that there can be: the time is a stranger's number and need not
 * have a date at all. A session may have begun and have places left. */
static bool is_near(const Scheduling *scheduling, int64_t starts_at_ms)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    const PolicyRow *horizon = policy_row(POLICY_STAFF_HORIZON);
    return starts_at_ms >= now_ms - longest_session_ms &&
           starts_at_ms <= now_ms + horizon->max * horizon->unit_ms;
}

typedef struct {
    char date[SCHEDULING_DATE_BYTES];
    SlotsQuery query; /* borrows from the wish and from DATE */
} WishedDay;

/* False: nobody can book then. */
static bool find_day(const Scheduling *scheduling, const SlotWish *wish, WishedDay *ret_day)
{
    if (!is_near(scheduling, wish->starts_at_ms))
        return false;
    clock_local_date(wish->starts_at_ms, scheduling->zone, ret_day->date);
    ret_day->query = (SlotsQuery){wish->clinic_id,  wish->practitioner_id, ret_day->date, 1,
                                  wish->service_id, wish->for_staff};
    return true;
}

bool slot_wish_look(Scheduling *scheduling, DbTx *tx, const SlotWish *wish, SlotWishView view,
                    SlotBookAnswer *ret_answer, Slot *ret_slot, GError **error)
{
    WishedDay day;
    *ret_answer = SLOT_BOOK_NOT_OFFERED;
    if (!find_day(scheduling, wish, &day))
        return true;
    g_autoptr(SlotBook) book =
        slot_book_load_wish(scheduling, tx, &day.query, wish->starts_at_ms, wish->held_at_ms,
                            view == SLOT_WISH_VISITS_ONLY, error);
    if (!book)
        return false;
    *ret_answer = slot_book_find(book, ret_slot);
    return true;
}

/* An additional place depends on what else the day has. */
static bool look_extra(Scheduling *scheduling, DbTx *tx, const SlotWish *wish,
                       SlotBookAnswer *ret_answer, Slot *ret_slot, GError **error)
{
    WishedDay day;
    *ret_answer = SLOT_BOOK_NOT_OFFERED;
    if (!find_day(scheduling, wish, &day))
        return true;
    g_autoptr(SlotBook) book = slot_book_load(scheduling, tx, &day.query, error);
    if (!book)
        return false;
    *ret_answer =
        slot_book_find_extra(book, wish->practitioner_id, day.date, wish->starts_at_ms, ret_slot);
    return true;
}

/* True when it is free; a taken one comes with what is near it. */
static bool take_answer(Scheduling *scheduling, DbTx *tx, const Nearness *near,
                        SlotBookAnswer answer, Booking *booking, GError **error)
{
    char local_date[SCHEDULING_DATE_BYTES];
    switch (answer) {
    case SLOT_BOOK_FREE:
        return true;
    case SLOT_BOOK_NOT_OFFERED:
        refuse_slot(error);
        return false;
    case SLOT_BOOK_TOO_SOON:
        return refuse_soon(scheduling, tx, near->wish, booking, error);
    case SLOT_BOOK_TAKEN:
        break;
    }
    clock_local_date(near->wish->starts_at_ms, scheduling->zone, local_date);
    if (find_nearest(scheduling, tx, near, local_date, booking, error))
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_SLOT_TAKEN,
                            "the slot is taken");
    return false;
}

static bool find_near(Scheduling *scheduling, DbTx *tx, const Nearness *near, Booking *booking,
                      Slot *ret_slot, GError **error)
{
    SlotBookAnswer answer;
    return slot_wish_look(scheduling, tx, near->wish, SLOT_WISH_AS_IT_IS, &answer, ret_slot,
                          error) &&
           take_answer(scheduling, tx, near, answer, booking, error);
}

bool slot_wish_find(Scheduling *scheduling, DbTx *tx, const SlotWish *wish, Booking *booking,
                    Slot *ret_slot, GError **error)
{
    const Nearness near = {wish, an_hour_ms};
    return find_near(scheduling, tx, &near, booking, ret_slot, error);
}

bool slot_wish_find_with_doctor(Scheduling *scheduling, DbTx *tx, const SlotWish *wish,
                                Booking *booking, Slot *ret_slot, GError **error)
{
    const Nearness near = {wish, beyond_all_ms};
    return find_near(scheduling, tx, &near, booking, ret_slot, error);
}

bool slot_wish_find_extra(Scheduling *scheduling, DbTx *tx, const SlotWish *wish,
                          const Actor *actor, Booking *booking, Slot *ret_slot, GError **error)
{
    SlotBookAnswer answer;
    const Nearness near = {wish, an_hour_ms};
    return slots_check_extra(tx, actor, wish->practitioner_id, wish->clinic_id, error) &&
           look_extra(scheduling, tx, wish, &answer, ret_slot, error) &&
           take_answer(scheduling, tx, &near, answer, booking, error);
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
    booking->group = g_steal_pointer(&view->group_title);
    booking->starts_at_ms = view->starts_at_ms;
    booking->ends_at_ms = view->ends_at_ms;
    booking->opens_at_ms = view->opens_at_ms;
    booking->place = view->place;
    booking->is_extra = view->is_extra;
    booking->needs_confirmation = view->state == VISIT_STATE_REQUESTED;
    booking->session_starts_at_ms = view->session_starts_at_ms;
    booking->session_ends_at_ms = view->session_ends_at_ms;
    return true;
}

void booking_clear(Booking *booking)
{
    char *texts[] = {booking->visit_id, booking->code,    booking->number,
                     booking->facility, booking->clinic,  booking->doctor,
                     booking->phone,    booking->service, booking->group};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    secret_text_free(booking->token);
    fault_list_free(booking->warnings);
    fault_list_free(booking->faults);
}
