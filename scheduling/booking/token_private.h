// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: how a token becomes what is stored of it. */
#pragma once
#include "scheduling/booking/token.h"
#include "scheduling/scheduling_private.h"

/** Keyed hash of a token; to be freed. */
char *token_hash(const Scheduling *scheduling, const char *token);

typedef struct {
    TokenKind kind;
    const char *visit_id, *participant_id;     /**< kind visit */
    const char *practitioner_id, *facility_id; /**< kind day: one of them */
    int64_t expires_at_ms;
    const char *bound_to; /**< may be NULL */
} TokenRow;
/** Makes a token and stores its row; to be freed with secret_text_free(). */
char *token_store(Scheduling *scheduling, DbTx *tx, const TokenRow *row, GError **error);
