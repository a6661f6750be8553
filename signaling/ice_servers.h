// SPDX-License-Identifier: Apache-2.0
/* TURN credentials of a session: fresh ones with each `welcome`, and again when half their time is
 * over, so that a page has good ones whenever its call must find another path. Main thread. */
#pragma once
#include "signaling/session.h"

/** Fills *RET_TURN for the page of SESSION's member (all zero where there is no TURN server) and
 * notes when it needs the next. Clear it with ice_servers_clear(). */
void ice_servers_issue(Session *session, SignalingTurn *ret_turn);
void ice_servers_clear(SignalingTurn *turn);
/** Sends `ice-servers` when it is time. */
void ice_servers_tick(Session *session);
