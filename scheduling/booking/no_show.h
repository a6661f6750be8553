// SPDX-License-Identifier: Apache-2.0
/* Gives up patients who did not come. Threads: see scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"

enum { NO_SHOW_MAX_AT_ONCE = 100 };

/** N_GIVEN_UP: how many; NO_SHOW_MAX_AT_ONCE: there may be more. 0 with ERROR. */
typedef void (*NoShowDone)(unsigned n_given_up, const GError *error, gpointer user_data);
/** Visits that are booked and can be checked in no more, and those whose patient was called twice
 * or more, the last time some minutes ago, and has not answered by no_show_after_ms after the
 * start, become no_show_patient. One transaction: what a kill interrupts is found again by the next
 * call, and what was given up is found by none. */
void no_show_sweep(Scheduling *scheduling, NoShowDone done, gpointer user_data);
