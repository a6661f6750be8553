// SPDX-License-Identifier: Apache-2.0
/* What comes about by time or by other people's turns: who is next is told so, and what doctors
 * said of being late lapses. Threads: see scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"

/** One transaction, to be repeated every few seconds; what was done once is not done again. */
void notification_sweep(Scheduling *scheduling, SchedulingDone done, gpointer user_data);
