// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: within a job, that somebody waits unanswered is over. */
#pragma once
#include "scheduling/scheduling_private.h"

/** The patient was called, or waits no more; nothing when nobody was told. *RET_ENDED: somebody
 * was.
 */
bool unanswered_end(DbTx *tx, const char *visit_id, int64_t now_ms, bool *ret_ended,
                    GError **error);
