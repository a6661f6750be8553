// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: what is wrong with a change of hours, field by field. Pure. */
#pragma once
#include "scheduling/clinic/hours_edit.h"

/** Shorter turns than this are refused. */
enum { HOURS_MIN_TURN_MINUTES = 5 };

/** Adds what is wrong with EDIT to FAULTS, as the fields of the API's bodies. TODAY is a local
 * date. */
void hours_check(const HoursEdit *edit, const char *today, FaultList *faults);
