// SPDX-License-Identifier: Apache-2.0
#include "signaling/dispatch.h"

#include "signaling/admit.h"
#include "signaling/group.h"
#include "signaling/leg.h"
#include "signaling/lobby.h"
#include "signaling/session.h"

#include <string.h>

static void on_ping(Wire *wire, const ClientMessage *message)
{
    g_autofree char *text =
        message_write_pong(message->ping.id, clock_wall_ms(wire->signaling->clock));
    if (wire->session)
        session_note_rtt(wire->session, message->ping.rtt_ms);
    wire_send(wire, text);
}

/* Whatever a page wants after `leave` means that it is back. */
static void come_back(Session *session)
{
    if (!session->has_left)
        return;
    session->has_left = false;
    lobby_update(session->lobby);
}

static void offer_failed(Wire *wire, int64_t id, GError *failure)
{
    Signaling *signaling = wire->signaling;
    MessageError error = {.of = "offer", .has_id = true, .id = id};
    unsigned n_suppressed;
    error.code = signaling_error_code(failure);
    if (error.code == SIGNALING_CODE_BAD_OFFER)
        error.detail = failure->message;
    if (error.code == SIGNALING_CODE_INTERNAL &&
        log_allowed(&signaling->log_limit, signaling_now_us(signaling), 6, &n_suppressed))
        log_warn("offer not answered", "reason", failure->message, "suppressed",
                 LOG_INT(n_suppressed));
    wire_error(wire, &error);
}

static void on_offer(Wire *wire, const ClientMessage *message)
{
    Session *session = wire->session;
    const MessageOffer *offer = &message->offer;
    SignalingPhase phase = group_visit(session->lobby, session->member)->phase;
    if (phase != SIGNALING_PHASE_CALLED && phase != SIGNALING_PHASE_IN_CALL) {
        MessageError error = {
            .of = "offer", .has_id = true, .id = offer->id, .code = SIGNALING_CODE_BAD_STATE};
        wire_error(wire, &error);
        return;
    }
    come_back(session);

    LegPlan plan = {
        .kind = LEG_PAGE,
        .lobby = session->lobby,
        .member = session->member,
        .session = session,
        .passive = offer->passive,
        .hold = offer->hold,
        .sdp = offer->sdp,
        .size = offer->sdp_size,
    };
    g_autoptr(GError) failure = NULL;
    g_autofree char *answer = NULL;
    Leg *leg = NULL;
    if (!leg_answer(wire->signaling, &plan, &leg, &answer, &failure)) {
        offer_failed(wire, offer->id, failure);
        return;
    }
    session_send(session, message_write_answer(session_next_seq(session), offer->id, answer));
    lobby_update(session->lobby);
}

static void on_devices(Wire *wire, const ClientMessage *message)
{
    Member *member = wire->session->member;
    const MessageDevices *devices = &message->devices;
    if (member->audio == devices->audio && member->video == devices->video)
        return;
    member->audio = devices->audio;
    member->video = devices->video;
    if (wire->session->leg)
        leg_tell_wishes(wire->session->leg);
    lobby_tell_others(wire->session->lobby, member, "devices");
}

/* Who is not here (any more) is nobody: the page may not have heard yet that they went. */
static void on_pin(Wire *wire, const ClientMessage *message)
{
    Session *session = wire->session;
    const char *wanted = message->pin.participant;
    const Member *pinned = wanted ? lobby_member(session->lobby, wanted) : NULL;
    g_free(session->member->pinned_id);
    session->member->pinned_id = pinned ? g_strdup(pinned->id) : NULL;
    if (session->leg)
        leg_tell_wishes(session->leg);
}

static void ask_intent(Session *session, SignalingIntent intent, SignalingOutcome outcome)
{
    Signaling *signaling = session->signaling;
    const Request request = {.serial = session->serial, .intent = intent};
    const SignalingIntentCall call = {
        .visit_id = group_visit(session->lobby, session->member)->id,
        .participant_id = session->member->id,
        .role = session->member->role,
        .intent = intent,
        .outcome = outcome,
    };
    notify_intent(signaling->notify, request_add(signaling, &request), &call);
}

static void on_ready(Wire *wire, const ClientMessage *message G_GNUC_UNUSED)
{
    come_back(wire->session);
    ask_intent(wire->session, SIGNALING_INTENT_READY, SIGNALING_OUTCOME_DONE);
}

static void on_accept(Wire *wire, const ClientMessage *message G_GNUC_UNUSED)
{
    Session *session = wire->session;
    come_back(session);
    if (session->leg) {
        leg_end_hold(session->leg);
        lobby_update(session->lobby);
    }
    ask_intent(session, SIGNALING_INTENT_ACCEPT, SIGNALING_OUTCOME_DONE);
}

static void on_not_ready(Wire *wire, const ClientMessage *message G_GNUC_UNUSED)
{
    come_back(wire->session);
    ask_intent(wire->session, SIGNALING_INTENT_NOT_READY, SIGNALING_OUTCOME_DONE);
}

static void refuse_state(Wire *wire, const char *of)
{
    MessageError error = {.of = of, .code = SIGNALING_CODE_BAD_STATE};
    wire_error(wire, &error);
}

static void on_call(Wire *wire, const ClientMessage *message G_GNUC_UNUSED)
{
    if (wire->session->lobby->is_group) {
        refuse_state(wire, "call");
        return;
    }
    come_back(wire->session);
    ask_intent(wire->session, SIGNALING_INTENT_CALL, SIGNALING_OUTCOME_DONE);
}

static void on_leave(Wire *wire, const ClientMessage *message G_GNUC_UNUSED)
{
    Session *session = wire->session;
    if (session->has_left)
        return;
    session->has_left = true;
    if (session->leg)
        leg_close(session->leg);
    lobby_update(session->lobby);
    ask_intent(session, SIGNALING_INTENT_LEAVE, SIGNALING_OUTCOME_DONE);
}

static void on_end(Wire *wire, const ClientMessage *message)
{
    if (wire->session->lobby->is_group) {
        refuse_state(wire, "end");
        return;
    }
    ask_intent(wire->session, SIGNALING_INTENT_END, message->end.outcome);
}

/* One who waits, or all of them; one who was called is called again. */
static void on_admit(Wire *wire, const ClientMessage *message)
{
    Session *session = wire->session;
    Signaling *signaling = session->signaling;
    const Lobby *lobby = session->lobby;
    const char *wanted = message->who.participant;
    if (!lobby->is_group || (wanted && !lobby_member(lobby, wanted))) {
        refuse_state(wire, "admit");
        return;
    }
    come_back(session);
    for (unsigned i = 0; i < lobby->members->len; i++) {
        const Member *member = lobby->members->pdata[i];
        if (!member->visit || (wanted ? strcmp(member->id, wanted) != 0
                                      : member->visit->phase != SIGNALING_PHASE_WAITING))
            continue;
        const Request request = {.serial = session->serial, .intent = SIGNALING_INTENT_CALL};
        const SignalingIntentCall call = {
            .visit_id = member->visit->id,
            .participant_id = session->member->id,
            .role = session->member->role,
            .intent = SIGNALING_INTENT_CALL,
        };
        notify_intent(signaling->notify, request_add(signaling, &request), &call);
    }
}

static void on_mute(Wire *wire, const ClientMessage *message)
{
    if (!group_mute(wire->session->lobby, message->mute.participant, message->mute.is_muted))
        refuse_state(wire, "mute");
}

static void on_aside(Wire *wire, const ClientMessage *message)
{
    if (!group_take_aside(wire->session->lobby, message->who.participant))
        refuse_state(wire, "aside");
}

static void on_hand(Wire *wire, const ClientMessage *message)
{
    const Session *session = wire->session;
    if (!group_raise_hand(session->lobby, session->member, message->hand.is_raised))
        refuse_state(wire, "hand");
}

static const DispatchRow rows[] = {
    {"hello", message_parse_hello, admit_hello, DISPATCH_ALL},
    {"ping", message_parse_ping, on_ping, DISPATCH_ALL},
    {"offer", message_parse_offer, on_offer, DISPATCH_VISIT},
    {"devices", message_parse_devices, on_devices, DISPATCH_VISIT},
    {"pin", message_parse_pin, on_pin, DISPATCH_VISIT},
    {"ready", message_parse_nothing, on_ready, DISPATCH_PATIENT},
    {"accept", message_parse_nothing, on_accept, DISPATCH_PATIENT},
    {"not-ready", message_parse_nothing, on_not_ready, DISPATCH_PATIENT},
    {"call", message_parse_nothing, on_call, DISPATCH_DOCTOR},
    {"leave", message_parse_nothing, on_leave, DISPATCH_VISIT},
    {"end", message_parse_end, on_end, DISPATCH_DOCTOR},
    {"admit", message_parse_who, on_admit, DISPATCH_DOCTOR},
    {"mute", message_parse_mute, on_mute, DISPATCH_DOCTOR},
    {"aside", message_parse_who, on_aside, DISPATCH_DOCTOR},
    {"hand", message_parse_hand, on_hand, DISPATCH_PATIENT},
};

const DispatchRow *dispatch_rows(unsigned *ret_n)
{
    *ret_n = G_N_ELEMENTS(rows);
    return rows;
}

const DispatchRow *dispatch_find(const char *type)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (strcmp(rows[i].type, type) == 0)
            return &rows[i];
    return NULL;
}

static void bad_message(Wire *wire, const char *of)
{
    MessageError error = {.of = of, .code = SIGNALING_CODE_BAD_MESSAGE};
    error.is_fatal = ++wire->n_bad >= BAD_MESSAGES_IN_A_ROW;
    wire_error(wire, &error);
}

/* protocol.md, "The first message": hello and nothing else, once; a page may ping while it waits
 * for its answer. */
static bool is_in_order(const Wire *wire, const DispatchRow *row)
{
    bool is_hello = row && row->handle == admit_hello;
    bool is_ping = row && row->handle == on_ping;
    switch (wire->state) {
    case WIRE_NEW:
        return is_hello;
    case WIRE_AUTHORIZING:
        return is_ping;
    case WIRE_OCCUPIED:
        return is_hello || is_ping;
    case WIRE_OPEN:
        return !is_hello;
    case WIRE_CLOSED:
        return false;
    }
    return false;
}

static bool may_say(const Wire *wire, const DispatchRow *row)
{
    const Session *session = wire->session;
    if (!session)
        return true;
    return row->who & (session->member ? 1u << session->member->role : (unsigned)DISPATCH_DAY);
}

static void dispatch_message(Wire *wire, const Message *message)
{
    const DispatchRow *row = dispatch_find(message_type(message));
    ClientMessage fields;
    if (!is_in_order(wire, row)) {
        wire_refuse(wire, row ? row->type : NULL, SIGNALING_CODE_BAD_ORDER);
        return;
    }
    if (!row) {
        wire_refuse(wire, NULL, SIGNALING_CODE_UNKNOWN_MESSAGE);
        return;
    }
    if (!row->parse(message, &fields)) {
        bad_message(wire, row->type);
        return;
    }
    wire->n_bad = 0;
    if (!may_say(wire, row)) {
        wire_refuse(wire, row->type, SIGNALING_CODE_NOT_ALLOWED);
        return;
    }
    row->handle(wire, &fields);
}

void dispatch_text(Wire *wire, const char *text, size_t size)
{
    Signaling *signaling = wire->signaling;
    if (wire->state == WIRE_CLOSED)
        return;
    signaling->counters.messages_in++;
    wire->heard_us = signaling_now_us(signaling);
    if (!rate_limit_take(&wire->limit, wire->heard_us, LIMIT_WS_MESSAGES_PER_SECOND,
                         LIMIT_WS_MESSAGES_BURST)) {
        wire_refuse(wire, NULL, SIGNALING_CODE_TOO_MANY_MESSAGES);
        return;
    }
    g_autoptr(Message) message = message_read(text, size);
    if (!message)
        bad_message(wire, NULL);
    else
        dispatch_message(wire, message);
}
