// SPDX-License-Identifier: Apache-2.0
/* Inside of hours_edit alone: what a change of hours changes from and to, in words of its audit
 * row: "MON 08:00-12:00, slots 15, from 2026-11-24, clinic ID > -". Notes are left out: they may
 * say why somebody is away. */
#pragma once
#include "scheduling/clinic/hours_edit.h"
#include "scheduling/scheduling_private.h"

/** Inside a job, before the change: what there is of the row that EDIT changes or removes; "-" when
 * it adds one. To be freed; NULL with NOT_FOUND or the engine's error. */
char *hours_audit_before(DbTx *tx, const HoursEdit *edit, GError **error);
/** What EDIT makes of it; "-" when it removes it. EARLIER_UNTIL: of HoursEdited. To be freed. */
char *hours_audit_after(const HoursEdit *edit, const char *earlier_until);
