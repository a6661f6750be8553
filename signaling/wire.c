// SPDX-License-Identifier: Apache-2.0
#include "signaling/wire.h"

#include "server/base/secret.h"
#include "signaling/session.h"

Wire *wire_new(Signaling *signaling, gpointer conn)
{
    Wire *wire = g_new0(Wire, 1);
    wire->signaling = signaling;
    wire->conn = conn;
    wire->serial = ++signaling->last_number;
    wire->lang = "id";
    wire->heard_us = signaling_now_us(signaling);
    wire_wait(wire, WIRE_NEW, HELLO_TIMEOUT_MS);
    return wire;
}

void wire_free(Wire *wire)
{
    if (!wire)
        return;
    if (wire->request != 0)
        request_take(wire->signaling, wire->request, NULL);
    session_detach(wire->session);
    secret_text_free(wire->hello.resume);
    secret_text_free(wire->hello.early);
    g_free(wire);
}

void wire_wait(Wire *wire, WireState state, int64_t timeout_ms)
{
    wire->state = state;
    wire->deadline_us = signaling_now_us(wire->signaling) + timeout_ms * 1000;
}

void wire_send(Wire *wire, const char *text)
{
    const SignalingTransport *transport = &wire->signaling->transport;
    if (wire->state == WIRE_CLOSED)
        return;
    wire->signaling->counters.messages_out++;
    transport->send(wire->conn, text, transport->user_data);
}

void wire_close(Wire *wire, unsigned code, const char *reason)
{
    const SignalingTransport *transport = &wire->signaling->transport;
    if (wire->state == WIRE_CLOSED)
        return;
    session_detach(wire->session);
    wire->state = WIRE_CLOSED;
    transport->close(wire->conn, code, reason, transport->user_data);
}

static unsigned close_code(SignalingCode code)
{
    return code == SIGNALING_CODE_TOO_MANY_MESSAGES ? CLOSE_TOO_MANY : CLOSE_FATAL;
}

void wire_error(Wire *wire, MessageError *error)
{
    error->lang = wire->lang;
    error->is_fatal = error->is_fatal || signaling_code_is_fatal(error->code);
    wire->signaling->counters.errors_out++;
    if (wire->session) {
        error->seq = session_next_seq(wire->session);
        session_send(wire->session, message_write_error(error));
    } else {
        g_autofree char *text = message_write_error(error);
        wire_send(wire, text);
    }
    if (error->is_fatal)
        wire_close(wire, close_code(error->code), signaling_code_name(error->code));
}

void wire_refuse(Wire *wire, const char *of, SignalingCode code)
{
    MessageError error = {.of = of, .code = code};
    wire_error(wire, &error);
}

static void give_up_waiting(Wire *wire)
{
    MessageError error = {.of = "hello", .code = SIGNALING_CODE_BAD_ORDER};
    if (wire->state == WIRE_AUTHORIZING) {
        error.code = SIGNALING_CODE_INTERNAL;
        error.is_fatal = true;
    }
    wire_error(wire, &error);
}

void wire_tick(Wire *wire)
{
    switch (wire->state) {
    case WIRE_NEW:
    case WIRE_AUTHORIZING:
    case WIRE_OCCUPIED:
        if (signaling_now_us(wire->signaling) >= wire->deadline_us)
            give_up_waiting(wire);
        break;
    case WIRE_OPEN:
        if (signaling_is_past(wire->signaling, wire->heard_us, SOCKET_DEAD_MS))
            wire_close(wire, CLOSE_SILENT, "silent");
        break;
    case WIRE_CLOSED:
        break;
    }
}
