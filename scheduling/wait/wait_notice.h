// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: sending what who waits is told, as scheduling/outbox/delivery does it
 * with what patients of a visit are told. Within one database job. */
#pragma once
#include "scheduling/outbox/delivery.h"
#include "scheduling/scheduling_private.h"

/** Appends to DELIVERIES what is due, until there are DELIVERY_MAX_AT_ONCE; each has a link of its
 * own below LINK_BASE ("https://HOST/tunggu/"). *RET_MORE: there may be others. */
bool wait_notice_claim(Scheduling *scheduling, DbTx *tx, const char *link_base,
                       GPtrArray *deliveries, bool *ret_more, GError **error);
/** STATE NULL: tried again at AT_MS; else it ended so, then. */
bool wait_notice_settle(DbTx *tx, const char *id, const char *state, const char *reason,
                        int64_t at_ms, GError **error);
