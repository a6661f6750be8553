// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: which bookings, and which returns after a missed visit, are asked
 * for, not made. The facility answers, or time does (no_show.c: after two hours, at the latest when
 * check-in opens): never a refusal. Within one database job. */
#pragma once
#include "scheduling/incident/incident_row.h"

enum { REQUEST_MISSED_WITHIN_DAYS = 90 };

typedef enum {
    REQUEST_NOT_NEEDED,
    REQUEST_BLOCKED, /**< after an incident, telephone or NIK are asked about */
    /** Visits of the facility that the telephone had booked were missed on so many days of the last
     * 90 as its rule missed_confirm_days says. Not by NIK: others may know that, and would learn by
     * it where somebody is a patient. */
    REQUEST_MISSED,
} RequestReason;
/** The `detail` of the event `requested`: NULL but of MISSED, "missed". */
const char *request_reason_detail(RequestReason reason);

bool request_find_reason(Scheduling *scheduling, DbTx *tx, const BlockQuery *query,
                         RequestReason *ret_reason, GError **error);
