// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: which visits have a fixed line for a telephone, so that no message
 * reaches the patient (outbox/sms.h decides). Their rows say it; those of before do not, and their
 * numbers are sealed. */
#pragma once
#include "scheduling/scheduling_private.h"

enum { FIXED_LINE_AT_ONCE = 200 };

typedef enum { FIXED_LINE_UNKNOWN = -1, FIXED_LINE_NO, FIXED_LINE_YES } FixedLine;
/** As a row has it. */
FixedLine fixed_line_column(DbQuery *row, int column);

/** What is not known is looked for in the number. No of one that cannot be opened. */
bool fixed_line_is(const Scheduling *scheduling, FixedLine known, const char *phone_sealed);

/** Main thread, at the start: looks at the numbers of visits of before that are not over,
 * FIXED_LINE_AT_ONCE in a database job, so that others come in between and whoever is killed goes
 * on from there. DONE after the last. */
void fixed_line_fill(Scheduling *scheduling, SchedulingDone done, gpointer user_data);
