// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: why the patient comes, in the words of whoever booked. Doctors read
 * it on the day's list. Within one database job but for the check, which is pure. */
#pragma once
#include "scheduling/scheduling_private.h"

enum { VISIT_REASON_MAX_CHARS = 200 };

/** TEXT on one line, each run of blanks one space; *RET_REASON (to be freed) is NULL for an empty
 * text or NULL. "too_long" for one that is longer. */
const char *visit_reason_normalise(const char *text, char **ret_reason);
/** REASON NULL: there is none to write. */
bool visit_reason_write(DbTx *tx, const char *visit_id, const char *reason, GError **error);
/** *RET_REASON NULL: nobody wrote one. To be freed. */
bool visit_reason_load(DbTx *tx, const char *visit_id, char **ret_reason, GError **error);
bool visit_reason_carry(DbTx *tx, const char *from_visit_id, const char *to_visit_id,
                        GError **error);
