// SPDX-License-Identifier: Apache-2.0
/* Joins signaling and scheduling, which do not know each other: questions of the one become jobs of
 * the other, changes of a visit become messages, what the relay saw becomes rows. Main thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include "scheduling/booking/token.h"
#include "scheduling/scheduling.h"
#include "signaling/signaling.h"

typedef struct Wiring Wiring;

/** All must outlive it. Becomes the listener of SCHEDULING. To be freed after db_stop(). */
Wiring *wiring_new(Scheduling *scheduling, Db *db, const Clock *clock);
void wiring_free(Wiring *wiring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Wiring, wiring_free)

/** Fills the hooks for signaling_new(); then wiring_set_signaling(). */
void wiring_hooks(Wiring *wiring, SignalingHooks *ret_hooks);
void wiring_set_signaling(Wiring *wiring, Signaling *signaling);

/** A group visit is over: its host goes out; each patient goes with the own visit. */
void wiring_group_over(Wiring *wiring, const char *group_id);

/** A session has ended: whoever came in by its tokens goes out. */
void wiring_session_ended(Wiring *wiring);

/** An admission made of a token's grant, for WHIP and WHEP: calls USE with it before it returns. */
typedef void (*WiringAdmissionFunc)(const SignalingAdmission *admission, gpointer user_data);
void wiring_with_admission(Wiring *wiring, const TokenGrant *grant, WiringAdmissionFunc use,
                           gpointer user_data);
