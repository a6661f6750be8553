// SPDX-License-Identifier: Apache-2.0
/* Under what a doctor signs at the facility of a letter: the registration (STR), which is the
 * person's, and the permit to practise there (SIP). Both are kept with the practitioner
 * (clinic/directory_practitioner), and only read here. Threads: see scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"

typedef enum {
    LETTER_PERMIT_GOOD,
    LETTER_PERMIT_MISSING, /**< none on record for that facility */
    LETTER_PERMIT_OVER,    /**< past its last day */
} LetterPermitState;
/** "good" ... */
const char *letter_permit_state_name(LetterPermitState state);

typedef struct {
    char *str;               /**< NULL: none on record, or past its last day */
    char *str_until;         /**< its last day, also when it is over; NULL: none, or for life */
    char *sip, *valid_until; /**< NULL: none on record; both are there when it is over */
    LetterPermitState state;
} LetterPermit;
void letter_permit_clear(LetterPermit *permit);

typedef struct {
    const char *practitioner_id, *facility_id;
    const char *today; /**< the local date; a last day counts */
} LetterSigner;
/** Inside a job. NOT_FOUND without such a practitioner. */
bool letter_permit_load(DbTx *tx, const LetterSigner *signer, LetterPermit *ret_permit,
                        GError **error);
