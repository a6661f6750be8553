// SPDX-License-Identifier: Apache-2.0
/* Scheduling's words turned into signaling's: pure conversions. Main thread. */
#pragma once
#include "scheduling/booking/token.h"
#include "scheduling/record/record.h"
#include "signaling/signaling.h"

/** The code that a client is told for ERROR; SIGNALING_CODE_INTERNAL for what it cannot help. */
SignalingCode wiring_view_code(const GError *error);
ActorRole wiring_view_actor_role(SignalingRole role);
VisitState wiring_view_outcome(SignalingOutcome outcome);
SignalingPhase wiring_view_phase(VisitState state);

/** *RET_VISIT borrows VIEW's strings. */
void wiring_view_visit(const VisitView *view, SignalingVisit *ret_visit);
/** Calls USE with the admission of a visit's token; nothing of it outlives the call. */
void wiring_view_admission(const TokenGrant *grant,
                           void (*use)(const SignalingAdmission *admission, gpointer user_data),
                           gpointer user_data);
/** Fills time, round trip and flows of *RET_ROW. */
void wiring_view_sample(const MediaSample *sample, RecordSample *ret_row);
