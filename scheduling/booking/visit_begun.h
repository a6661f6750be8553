// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: has a visit begun, so that its doctor may say what it was: issue its
 * letters, sign its note? Within one database job. */
#pragma once
#include "scheduling/booking/visit_row.h"

/** False with BAD_STATE before it has begun, VISIT_CANCELLED or VISIT_ENDED when it never did,
 * NOT_MET of one that was to go on by telephone or at the facility without doctor and patient
 * having talked, or the patient having come. */
bool visit_begun_check(DbTx *tx, const VisitRow *visit, GError **error);
