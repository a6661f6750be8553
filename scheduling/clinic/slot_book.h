// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: the hour rules of a clinic and what already holds the doctors' time,
 * read once for a span of days. Lives within one database job. */
#pragma once
#include "scheduling/clinic/slots.h"

typedef struct SlotBook SlotBook;

/** Reads rules and claims of N_DAYS local days from FROM_DATE (a valid date); PRACTITIONER_ID NULL:
 * all doctors of the clinic. NOT_FOUND as slots_list(). */
SlotBook *slot_book_load(Scheduling *scheduling, DbTx *tx, const SlotsQuery *query, GError **error);
void slot_book_free(SlotBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlotBook, slot_book_free)

/** Appends the day's slots that lie in the booking window and are free, by start and doctor. */
void slot_book_free_slots(const SlotBook *book, const char *date, GArray *slots);
/** The offered slot of this doctor that starts at STARTS_AT_MS on DATE, free or not, inside the
 * booking window. */
bool slot_book_find(const SlotBook *book, const char *practitioner_id, const char *date,
                    int64_t starts_at_ms, Slot *ret_slot);
/** Does another visit hold some of SLOT? */
bool slot_book_is_taken(const SlotBook *book, const Slot *slot);
