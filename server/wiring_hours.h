// SPDX-License-Identifier: Apache-2.0
/* When hours have changed, or who may see patients (scheduling/clinic/hours_news.h), visits lose
 * their place or have it again without a change of their own. Here is who is told: pages of the
 * visits that somebody is in, by what they show now, and whoever watches a list or a booking of the
 * clinics that it touches, who read again. One change is looked at after the other, so that the
 * last word is of what is so. Main thread. */
#pragma once
#include "scheduling/booking/visit.h"
#include "server/wiring_own.h"

/** DONE is called with the visits that somebody is in. Listens from now on. */
WiringHours *wiring_hours_new(Wiring *wiring, VisitViewsDone done);
/** Only after db_stop(): answers point into it. NULL is fine. */
void wiring_hours_free(WiringHours *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WiringHours, wiring_hours_free)
