// SPDX-License-Identifier: Apache-2.0
#include "signaling/ice_servers.h"

#include "server/base/secret.h"
#include "signaling/lobby.h"

void ice_servers_issue(Session *session, SignalingTurn *ret_turn)
{
    const Signaling *signaling = session->signaling;
    *ret_turn = (SignalingTurn){0};
    if (!signaling->turn.issue)
        return;
    signaling->turn.issue(session->member->id, ret_turn, signaling->turn.user_data);
    if (ret_turn->urls)
        session->turn_due_ms = clock_wall_ms(signaling->clock) + ret_turn->ttl_ms / 2;
}

void ice_servers_clear(SignalingTurn *turn)
{
    g_free(turn->username);
    secret_text_free(turn->credential);
    *turn = (SignalingTurn){0};
}

/* By the wall clock, which the TURN server judges by: a machine that slept is late by as much. */
void ice_servers_tick(Session *session)
{
    if (!session->wire || session->turn_due_ms == 0 ||
        clock_wall_ms(session->signaling->clock) < session->turn_due_ms)
        return;
    SignalingTurn turn;
    ice_servers_issue(session, &turn);
    /* Without a number and not kept: whoever comes back gets fresh ones in `welcome`. */
    g_autofree char *text = message_write_ice_servers(&turn);
    wire_send(session->wire, text);
    ice_servers_clear(&turn);
}
