// SPDX-License-Identifier: Apache-2.0
/* Between slot_book.c, which answers, and slot_book_load.c, which reads: what a book holds. */
#pragma once
#include "scheduling/clinic/service_terms.h"
#include "scheduling/clinic/slot_book.h"

/* No visit is longer and no buffer wider, so a claim that matters to the span lies at most so far
 * outside it. */
enum { LONGEST_VISIT_MS = 24 * 60 * 60 * 1000, LONGEST_BUFFER_MS = 2 * 60 * 60 * 1000 };

typedef struct {
    int64_t starts_at_ms, ends_at_ms;
    int64_t before_ms, after_ms; /* what must be free around it */
} Claim;

struct SlotBook {
    HoursPlan *plan;
    GHashTable *claims; /* practitioner id -> GArray of Claim, by start: of regular places */
    GHashTable *extras; /* likewise: of additional ones, which keep no regular place from anybody */
    GArray *wished;     /* Slot, of slot_book_load_wish(): those that the wish may come to */
    int64_t now_ms, bookable_from_ms, bookable_to_ms;
    int64_t held_at_ms;    /* the slot or place that starts then was kept for who asks */
    bool is_too_soon;      /* what is wished is there, and the notice too short */
    int64_t held_after_ms; /* what is kept until later is held */
    bool has_service;
    ServiceTerms service;
};

/** Appends to WISHED the slot, or the places of the session, that start then; notes in the book
 * when there is one that is too near. */
void slot_book_find_wished(SlotBook *book, const char *practitioner_id, const char *date,
                           int64_t starts_at_ms, GArray *wished);
