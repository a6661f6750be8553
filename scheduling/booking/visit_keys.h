// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: what the database has of a telephone, a NIK and a person. It follows
 * from the request alone, so bookings make it before they come to the one thread that writes. Any
 * thread. */
#pragma once
#include "scheduling/scheduling_private.h"

typedef struct {
    const char *name, *birth_date;
    const char *phone;            /**< normalised; "" or NULL: none */
    const char *nik, *mother_nik; /**< digits; NULL: none */
} VisitKeysOf;

typedef struct {
    char *phone_sealed; /**< of "" without a telephone */
    char *phone_index;  /**< NULL without a telephone: nobody has the same */
    bool is_fixed_line; /**< no message reaches it */
    char *nik_sealed, *nik_index;
    char *mother_nik_sealed, *mother_nik_index;
    char *person_index;
} VisitKeys;

void visit_keys_init(VisitKeys *keys, const Scheduling *scheduling, const VisitKeysOf *of);
/** What is all NULL may be cleared, too. */
void visit_keys_clear(VisitKeys *keys);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VisitKeys, visit_keys_clear)
