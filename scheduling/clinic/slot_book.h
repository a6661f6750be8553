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
 * claims only those that can matter to what starts at STARTS_AT_MS. */
SlotBook *slot_book_load_wish(Scheduling *scheduling, DbTx *tx, const SlotsQuery *query,
                              int64_t starts_at_ms, GError **error);
void slot_book_free(SlotBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlotBook, slot_book_free)

/** Until when something can be booked by now. */
int64_t slot_book_until_ms(const SlotBook *book);
/** Appends the day's offers (SlotOffer) that lie in the booking window, by start and doctor. */
void slot_book_offers(const SlotBook *book, const char *date, GArray *offers);

typedef enum {
    SLOT_BOOK_FREE,
    SLOT_BOOK_TAKEN,       /**< offered, but held by others; a session: full */
    SLOT_BOOK_NOT_OFFERED, /**< no hours then, or outside the booking window */
} SlotBookAnswer;
/** What the wish of slot_book_load_wish() comes to: the free slot, or the first free place of the
 * session; *ret_slot is set when it is free. */
SlotBookAnswer slot_book_find(const SlotBook *book, Slot *ret_slot);
