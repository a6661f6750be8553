// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: the hours of a clinic and what already holds the doctors' time, read
 * once for a span of days. Lives within one database job. */
#pragma once
#include "scheduling/clinic/slots.h"

typedef struct SlotBook SlotBook;

/** Reads hours and claims of N_DAYS local days from FROM_DATE (a valid date); PRACTITIONER_ID NULL:
 * all doctors of the clinic. NOT_FOUND as slots_list(). */
SlotBook *slot_book_load(Scheduling *scheduling, DbTx *tx, const SlotsQuery *query, GError **error);
/** For slot_book_find() alone: as slot_book_load() of the one day and doctor of QUERY, but of the
 * claims only those that can matter to what starts at STARTS_AT_MS. VISITS_ONLY: only visits hold
 * time, and what is kept for forms and offers counts as free. HELD_AT_MS: when the slot or place
 * starts that was kept for who asks, at whatever notice; NO_HOLD: none was. */
enum { SLOT_BOOK_NO_HOLD = 0 };
SlotBook *slot_book_load_wish(Scheduling *scheduling, DbTx *tx, const SlotsQuery *query,
                              int64_t starts_at_ms, int64_t held_at_ms, bool visits_only,
                              GError **error);
void slot_book_free(SlotBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlotBook, slot_book_free)

/** The hours that it was made of; borrowed. */
const HoursPlan *slot_book_plan(const SlotBook *book);
/** Until when something can be booked by now. */
int64_t slot_book_until_ms(const SlotBook *book);
/** The visit that begins then holds its regular place no more: it is about to be moved. */
void slot_book_let_go(SlotBook *book, const char *practitioner_id, int64_t starts_at_ms);
/** Appends the day's offers (SlotOffer) that lie in the booking window, by start and doctor. */
void slot_book_offers(const SlotBook *book, const char *date, GArray *offers);

typedef enum {
    SLOT_BOOK_FREE,
    SLOT_BOOK_TAKEN,       /**< offered, but held by others; a session: full */
    SLOT_BOOK_NOT_OFFERED, /**< no hours then, or outside the booking window */
    SLOT_BOOK_TOO_SOON,    /**< still to come, but at shorter notice than the policy wants */
} SlotBookAnswer;
/** What the wish of slot_book_load_wish() comes to: the free slot, or the first free place of the
 * session; *ret_slot is set when it is free. */
SlotBookAnswer slot_book_find(const SlotBook *book, Slot *ret_slot);

/** Appends the day's additional places (SlotOffer) that can be given now: each slot whose regular
 * place is taken, each session that is full, while the share of its hours is not used up. */
void slot_book_extra_offers(const SlotBook *book, const char *practitioner_id, const char *date,
                            GArray *offers);
/** What this doctor has at STARTS_AT_MS on DATE, one of the days of slot_book_load(): as
 * slot_book_find(), and where the regular place is taken the additional one, if it can be given:
 * then ret_slot->is_extra. */
SlotBookAnswer slot_book_find_extra(SlotBook *book, const char *practitioner_id, const char *date,
                                    int64_t starts_at_ms, Slot *ret_slot);
