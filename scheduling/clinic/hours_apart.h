// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: extra hours and what the same doctor does elsewhere at that time. One
 * doctor is in one clinic: weekly hours of two clinics are held apart by hours_edit, extra hours of
 * a date against all others here. Within one clinic extra hours may lie over weekly ones. */
#pragma once
#include "scheduling/clinic/hours_edit.h"

/** Inside the job of EDIT, which is made already: INVALID_FIELDS with a fault of `from`
 * (`elsewhere`, which says what is there) when new extra hours meet open hours of another clinic,
 * or new weekly hours meet extra hours of one. */
bool hours_apart_check(Scheduling *scheduling, DbTx *tx, const char *practitioner_id,
                       const HoursEdit *edit, FaultList *faults, GError **error);
