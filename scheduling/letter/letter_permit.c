// SPDX-License-Identifier: Apache-2.0
#include "scheduling/letter/letter_permit.h"

#include <string.h>

#include "scheduling/scheduling_private.h"

const char *letter_permit_state_name(LetterPermitState state)
{
    switch (state) {
    case LETTER_PERMIT_GOOD:
        return "good";
    case LETTER_PERMIT_MISSING:
        return "missing";
    case LETTER_PERMIT_OVER:
        return "over";
    }
    g_assert_not_reached();
}

void letter_permit_clear(LetterPermit *permit)
{
    g_clear_pointer(&permit->str, g_free);
    g_clear_pointer(&permit->str_until, g_free);
    g_clear_pointer(&permit->sip, g_free);
    g_clear_pointer(&permit->valid_until, g_free);
}

bool letter_permit_load(DbTx *tx, const LetterSigner *signer, LetterPermit *ret_permit,
                        GError **error)
{
    DbQuery *row = db_query(tx, "letter_permit");
    db_bind_text(row, 1, signer->practitioner_id);
    db_bind_text(row, 2, signer->facility_id);
    db_bind_text(row, 3, signer->today);
    if (!scheduling_need_row(row, "practitioner", error))
        return false;
    ret_permit->str = db_column_dup(row, 0);
    ret_permit->sip = db_column_dup(row, 1);
    ret_permit->valid_until = db_column_dup(row, 2);
    ret_permit->str_until = db_column_dup(row, 3);
    db_reset(row);
    bool is_over = ret_permit->sip && strcmp(ret_permit->valid_until, signer->today) < 0;
    ret_permit->state = !ret_permit->sip ? LETTER_PERMIT_MISSING
                        : is_over        ? LETTER_PERMIT_OVER
                                         : LETTER_PERMIT_GOOD;
    return true;
}
