// SPDX-License-Identifier: Apache-2.0
#include "scheduling/wait/wait_offer.h"

#include <string.h>

#include "scheduling/policy/policy.h"
#include "scheduling/booking/hold.h"
#include "scheduling/booking/slot_wish.h"
#include "scheduling/people/pair_private.h"
#include "scheduling/clinic/slot_book.h"
#include "server/base/ids.h"

static const int64_t day_ms = (int64_t)24 * 60 * 60 * 1000;

/* What can be booked of a clinic, by service; read again after each place that is kept. */
typedef struct {
    const char *clinic_id;
    GHashTable *by_service; /* service id or "" -> GArray of SlotOffer, by day, start, doctor */
} FreePlaces;

static void free_places_clear(FreePlaces *places)
{
    g_hash_table_unref(places->by_service);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FreePlaces, free_places_clear)

/* NULL: failed. */
static const GArray *find_free(const WaitWork *work, FreePlaces *places, const char *service_id,
                               GError **error)
{
    const char *key = service_id ? service_id : "";
    GArray *offers = g_hash_table_lookup(places->by_service, key);
    if (offers)
        return offers;
    Scheduling *scheduling = work->scheduling;
    char date[SCHEDULING_DATE_BYTES];
    Policy policy;
    if (!policy_load_clinic(scheduling, work->tx, places->clinic_id, &policy, error))
        return NULL;
    unsigned n_days = (unsigned)(policy_ms(&policy, POLICY_BOOKING_HORIZON) / day_ms) + 1;
    clock_local_date(clock_wall_ms(scheduling->clock), scheduling->zone, date);
    const SlotsQuery query = {places->clinic_id, NULL, date, n_days, service_id, false};
    g_autoptr(SlotBook) book = slot_book_load(scheduling, work->tx, &query, error);
    if (!book)
        return NULL;
    offers = g_array_new(FALSE, FALSE, sizeof(SlotOffer));
    g_hash_table_insert(places->by_service, g_strdup(key), offers);
    char next[SCHEDULING_DATE_BYTES];
    for (unsigned i = 0; i < n_days; i++) {
        slot_book_offers(book, date, offers);
        if (!clock_date_add(date, 1, next))
            break;
        memcpy(date, next, sizeof date);
    }
    return offers;
}

static char *place_key(const char *practitioner_id, int64_t starts_at_ms)
{
    return g_strdup_printf("%s %" G_GINT64_FORMAT, practitioner_id, starts_at_ms);
}

/* What was offered to the entry before and let pass. */
static GHashTable *load_made(DbTx *tx, const char *entry_id, GError **error)
{
    g_autoptr(GHashTable) made = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    DbQuery *rows = db_query(tx, "wait_offers_made");
    db_bind_text(rows, 1, entry_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW)
        g_hash_table_add(made, place_key(db_column_text(rows, 0), db_column_int(rows, 1)));
    return step == DB_DONE ? g_steal_pointer(&made) : NULL;
}

bool wait_offer_conflicts(Scheduling *scheduling, DbTx *tx, const WaitRow *row,
                          int64_t starts_at_ms, int64_t ends_at_ms, bool *ret_has, GError **error)
{
    g_autofree char *person_index = person_match_index(scheduling, row->name, row->birth_date);
    DbQuery *rows = db_query(tx, "wait_own_visits");
    db_bind_text(rows, 1, row->phone_index);
    db_bind_text(rows, 2, person_index);
    db_bind_int(rows, 3, clock_wall_ms(scheduling->clock));
    db_bind_text(rows, 4, row->nik_index);
    DbStep step;
    *ret_has = false;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (db_column_int(rows, 0) < ends_at_ms && starts_at_ms < db_column_int(rows, 1))
            *ret_has = true;
    }
    return step == DB_DONE;
}

/* The place as it would be booked; *RET_FREE: whether it can be. A clinic, doctor or service that
 * is no more offers nothing. */
static bool find_slot(const WaitWork *work, const SlotWish *wish, SlotWishView view, Slot *ret_slot,
                      bool *ret_free, GError **error)
{
    SlotBookAnswer answer = SLOT_BOOK_NOT_OFFERED;
    GError *refused = NULL;
    bool is_known =
        slot_wish_look(work->scheduling, work->tx, wish, view, &answer, ret_slot, &refused);
    *ret_free = is_known && answer == SLOT_BOOK_FREE;
    if (is_known)
        return true;
    if (!g_error_matches(refused, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND)) {
        g_propagate_error(error, refused);
        return false;
    }
    g_error_free(refused);
    return true;
}

static bool fits(const WaitWork *work, const WaitRow *row, const SlotOffer *offer, GHashTable *made)
{
    char date[SCHEDULING_DATE_BYTES];
    clock_local_date(offer->starts_at_ms, work->scheduling->zone, date);
    if ((row->practitioner_id && strcmp(row->practitioner_id, offer->practitioner_id) != 0) ||
        strcmp(date, row->from_date) < 0 || strcmp(date, row->until_date) > 0)
        return false;
    g_autofree char *key = place_key(offer->practitioner_id, offer->starts_at_ms);
    return !g_hash_table_contains(made, key);
}

static bool keep(const WaitWork *work, const WaitRow *row, const Slot *slot, int64_t until_ms,
                 char **ret_hash, GError **error)
{
    const HoldKeep wish = {slot, row->service_id != NULL, row->id, until_ms};
    return hold_keep(work->scheduling, work->tx, &wish, ret_hash, error);
}

static bool write_offer(WaitWork *work, const WaitRow *row, const SlotOffer *offer,
                        const Slot *slot, int64_t until_ms, GError **error)
{
    static const Actor system = {.role = ACTOR_SYSTEM};
    int64_t now_ms = clock_wall_ms(work->scheduling->clock);
    bool is_kept = row->mode == WAIT_MODE_ONE_BY_ONE;
    g_autofree char *id = id_new(now_ms);
    g_autofree char *hash = NULL;
    if (is_kept && !keep(work, row, slot, until_ms, &hash, error))
        return false;
    DbQuery *query = db_query(work->tx, "wait_offer_insert");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, row->id);
    db_bind_text(query, 3, offer->practitioner_id);
    db_bind_int(query, 4, offer->starts_at_ms);
    db_bind_int(query, 5, slot->starts_at_ms);
    db_bind_text(query, 6, hash);
    db_bind_int(query, 7, now_ms);
    db_bind_int(query, 8, until_ms);
    wait_news_add(work->news, row->id);
    return db_exec(query, error) &&
           wait_row_tell(work->scheduling, work->tx, row->id, id,
                         is_kept ? NOTIFICATION_WAIT_OFFER : NOTIFICATION_WAIT_OPEN, error) &&
           wait_row_audit(work->scheduling, work->tx, &system, "wait.offer", row->id, NULL, error);
}

/* The first of OFFERS that the entry can have. *RET_MADE: there was one. */
static bool offer_first(WaitWork *work, const WaitRow *row, const GArray *offers, int64_t until_ms,
                        bool *ret_made, GError **error)
{
    *ret_made = false;
    int64_t first_ms = wait_first_start(until_ms, work->scheduling->policy.booking_lead_ms);
    g_autoptr(GHashTable) made = load_made(work->tx, row->id, error);
    if (!made)
        return false;
    for (unsigned i = 0; i < offers->len; i++) {
        const SlotOffer *offer = &g_array_index(offers, SlotOffer, i);
        Slot slot;
        bool is_free = false, has_other = false;
        if (offer->turn_at_ms < first_ms || !fits(work, row, offer, made))
            continue;
        const SlotWish wish = {
            row->clinic_id, offer->practitioner_id, offer->starts_at_ms, row->service_id,
            false,          SLOT_BOOK_NO_HOLD};
        if (!find_slot(work, &wish, SLOT_WISH_AS_IT_IS, &slot, &is_free, error))
            return false;
        if (!is_free || slot.starts_at_ms < first_ms)
            continue;
        if (!wait_offer_conflicts(work->scheduling, work->tx, row, slot.starts_at_ms,
                                  slot.ends_at_ms, &has_other, error))
            return false;
        if (has_other)
            continue;
        *ret_made = true;
        work->n_offered++;
        return work->dry || write_offer(work, row, offer, &slot, until_ms, error);
    }
    return true;
}

static GPtrArray *load_ids(DbQuery *rows, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    return db_collect(rows, db_row_text, ids, error) ? g_steal_pointer(&ids) : NULL;
}

/* Each offer is a message to a number that nobody has proved to be theirs. */
static bool had_enough(const WaitWork *work, const char *entry_id, bool *ret_enough, GError **error)
{
    DbQuery *query = db_query(work->tx, "wait_offers_since");
    db_bind_text(query, 1, entry_id);
    db_bind_int(query, 2, clock_wall_ms(work->scheduling->clock) - day_ms);
    if (!scheduling_need_row(query, "count", error))
        return false;
    *ret_enough = db_column_int(query, 0) >= WAIT_MAX_OFFERS_PER_DAY;
    db_reset(query);
    return true;
}

static bool offer_one(WaitWork *work, FreePlaces *places, const char *entry_id, bool may_keep,
                      GError **error)
{
    Policy policy;
    g_auto(WaitRow) row = {0};
    g_auto(WaitOffer) open = {0};
    bool has_offer = false, made = false;
    if (!wait_row_load(work->tx, entry_id, &row, error) ||
        !wait_offer_load(work->tx, entry_id, &open, &has_offer, error) ||
        !policy_load(work->scheduling, work->tx, row.facility_id, &policy, error))
        return false;
    const NotificationQuiet quiet = {work->scheduling->zone, (int)policy.values[POLICY_QUIET_FROM],
                                     (int)policy.values[POLICY_QUIET_UNTIL]};
    int64_t until_ms = wait_offer_end(row.mode, &quiet, clock_wall_ms(work->scheduling->clock));
    if (has_offer || until_ms == 0 || (row.mode == WAIT_MODE_ONE_BY_ONE && !may_keep))
        return true;
    bool is_enough = false;
    if (!had_enough(work, row.id, &is_enough, error))
        return false;
    if (is_enough)
        return true;
    const GArray *offers = find_free(work, places, row.service_id, error);
    if (!offers || !offer_first(work, &row, offers, until_ms, &made, error))
        return false;
    if (made && row.mode == WAIT_MODE_ONE_BY_ONE)
        g_hash_table_remove_all(places->by_service);
    return true;
}

static bool count_kept(const WaitWork *work, const char *clinic_id, unsigned *ret_n, GError **error)
{
    DbQuery *query = db_query(work->tx, "wait_kept_of_clinic");
    db_bind_text(query, 1, clinic_id);
    if (!scheduling_need_row(query, "count", error))
        return false;
    *ret_n = (unsigned)db_column_int(query, 0);
    db_reset(query);
    return true;
}

bool wait_offer_clinic(WaitWork *work, const char *clinic_id, GError **error)
{
    unsigned n_kept = 0, n_before = work->n_offered;
    if (!count_kept(work, clinic_id, &n_kept, error))
        return false;
    DbQuery *rows = db_query(work->tx, "wait_of_clinic");
    db_bind_text(rows, 1, clinic_id);
    db_bind_int(rows, 2, WAIT_MAX_PER_CLINIC);
    g_autoptr(GPtrArray) ids = load_ids(rows, error);
    g_auto(FreePlaces) places = {clinic_id, g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                                                  (GDestroyNotify)g_array_unref)};
    for (unsigned i = 0; ids && i < ids->len && work->n_offered < WAIT_MAX_AT_ONCE; i++) {
        g_autoptr(GError) refused = NULL;
        bool may_keep = n_kept + work->n_offered - n_before < WAIT_MAX_KEPT;
        if (offer_one(work, &places, ids->pdata[i], may_keep, &refused))
            continue;
        /* A clinic that was archived (its entries end by wait_sweep()), a service that is no more
         * of it: nothing is free. */
        if (g_error_matches(refused, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND))
            continue;
        g_propagate_error(error, g_steal_pointer(&refused));
        return false;
    }
    return ids != NULL;
}

/* Only a visit ends it, or hours that were closed. A form that is filled in may be left again,
 * whatever part of the place it keeps; and what is kept for this very one is no end of it. */
static bool check_one(WaitWork *work, const char *entry_id, GError **error)
{
    g_auto(WaitOffer) offer = {0};
    bool found = false, is_free = false;
    Slot slot;
    if (!wait_offer_load(work->tx, entry_id, &offer, &found, error))
        return false;
    if (!found || offer.expires_at_ms <= clock_wall_ms(work->scheduling->clock))
        return true;
    const SlotWish wish = {
        offer.clinic_id, offer.practitioner_id, offer.starts_at_ms, offer.service_id,
        false,           SLOT_BOOK_NO_HOLD};
    if (!find_slot(work, &wish, SLOT_WISH_VISITS_ONLY, &slot, &is_free, error))
        return false;
    if (is_free)
        return true;
    work->n_ended++;
    wait_news_add(work->news, entry_id);
    return work->dry || (wait_offer_close(work->scheduling, work->tx, &offer, "lost", error) &&
                         wait_row_tell(work->scheduling, work->tx, entry_id, offer.id,
                                       NOTIFICATION_WAIT_GONE, error));
}

static bool check_all(WaitWork *work, DbQuery *rows, GError **error)
{
    g_autoptr(GPtrArray) ids = load_ids(rows, error);
    for (unsigned i = 0; ids && i < ids->len; i++) {
        if (!check_one(work, ids->pdata[i], error))
            return false;
    }
    return ids != NULL;
}

bool wait_offer_check_clinic(WaitWork *work, const char *clinic_id, GError **error)
{
    DbQuery *rows = db_query(work->tx, "wait_offers_of_clinic");
    db_bind_text(rows, 1, clinic_id);
    return check_all(work, rows, error);
}

bool wait_offer_check_place(WaitWork *work, const char *practitioner_id, int64_t starts_at_ms,
                            GError **error)
{
    DbQuery *rows = db_query(work->tx, "wait_offers_of_place");
    db_bind_text(rows, 1, practitioner_id);
    db_bind_int(rows, 2, starts_at_ms);
    return check_all(work, rows, error);
}
