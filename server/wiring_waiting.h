// SPDX-License-Identifier: Apache-2.0
/* Asks for the places of all who wait in a queue that a change has touched. Of each queue one
 * question is under way at a time; whatever changes meanwhile is asked about once more, together,
 * when the answer has come. So a morning on which a hundred come at once costs no hundred times a
 * hundred places, and the last answer is always of what is so. Main thread. */
#pragma once
#include "scheduling/booking/visit.h"

typedef struct WiringWaiting WiringWaiting;

/** DONE is called with each answer. */
WiringWaiting *wiring_waiting_new(Scheduling *scheduling, VisitViewsDone done, gpointer user_data);
/** Only after db_stop(): answers point into it. NULL is fine. */
void wiring_waiting_free(WiringWaiting *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WiringWaiting, wiring_waiting_free)

/** The queue of CHANGE's doctor and that of its clinic, on its day. */
void wiring_waiting_ask(WiringWaiting *self, const VisitChange *change);
