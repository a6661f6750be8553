// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: what ties a visit to the one that was moved. Within one database job.
 */
#pragma once
#include "scheduling/booking/visit_row.h"
#include "scheduling/booking/visit_source.h"

typedef struct {
    const VisitRow *from;
    const VisitSource *source; /**< of FROM, as it was before it was ended */
    const CreatedVisit *to;
    const Actor *actor;
    const char *told_with; /**< the visit whose message speaks of this one, too; NULL: its own */
} MoveTie;
/** Links, those of invited guests too, consent, the reason, who comes along, the other system that
 * booked it, and its place among follow-ups and repeated visits go over; both visits' events name
 * the other. What was moved by somebody else meanwhile is refused as visit_row_refuse() does. */
bool move_tie(Scheduling *scheduling, DbTx *tx, const MoveTie *tie, GError **error);
