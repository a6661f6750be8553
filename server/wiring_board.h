// SPDX-License-Identifier: Apache-2.0
/* The screen in a clinic's lobby on the socket: it hears that something changed, and nothing of
 * whom. Anybody may look, so there is no token to be kept. Main thread. */
#pragma once
#include <stdbool.h>
#include "scheduling/scheduling.h"
#include "signaling/signaling.h"

/** True when TOKEN is a board's ("papan:" and a clinic's id): REQUEST is answered then, now or
 * later; ROOM_FULL beyond 32 boards of a clinic. Both must outlive the database. */
bool wiring_board_authorize(Scheduling *scheduling, Signaling *signaling, SignalingRequest request,
                            const char *token);
/** A visit of the clinic has changed. */
void wiring_board_tell(Signaling *signaling, const char *clinic_id);
