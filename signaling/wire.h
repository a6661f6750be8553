// SPDX-License-Identifier: Apache-2.0
/* One WebSocket, from open to close: the first message's order, limits, errors before there is a
 * session. Main thread. */
#pragma once
#include "server/base/limit.h"
#include "signaling/message.h"
#include "signaling/signaling_private.h"

typedef enum {
    WIRE_NEW,         /* waits for hello */
    WIRE_AUTHORIZING, /* waits for wiring */
    WIRE_OCCUPIED,    /* was told `occupied`, may say hello again */
    WIRE_OPEN,        /* has a session */
    WIRE_CLOSED,      /* we asked to close; nothing is sent or heard any more */
} WireState;

/** What the last hello said, kept while wiring looks at the token. */
typedef struct {
    char *resume;
    bool has_last_seq;
    int64_t last_seq;
    bool take_over;
    char *early;
    uint32_t rtt_ms;
} WireHello;

struct Wire {
    Signaling *signaling;
    gpointer conn;
    uint64_t serial;
    WireState state;
    Session *session;         /* in WIRE_OPEN */
    SignalingRequest request; /* in WIRE_AUTHORIZING */
    const char *lang;         /* a constant */
    WireHello hello;
    RateLimit limit;
    unsigned n_bad; /* in a row */
    int64_t heard_us;
    int64_t deadline_us; /* of the states before WIRE_OPEN */
};

Wire *wire_new(Signaling *signaling, gpointer conn);
void wire_free(Wire *wire);
/** Enters a state before WIRE_OPEN with a deadline from now. */
void wire_wait(Wire *wire, WireState state, int64_t timeout_ms);
void wire_send(Wire *wire, const char *text);
/** Leaves its session and asks the transport to close. */
void wire_close(Wire *wire, unsigned code, const char *reason);
/** Sends `error` (through the session when there is one, without a number otherwise) and, when it
 * is fatal, closes. seq and lang are filled in here. */
void wire_error(Wire *wire, MessageError *error);
/** wire_error() for a code alone. */
void wire_refuse(Wire *wire, const char *of, SignalingCode code);
/** Gives up when its time is over. */
void wire_tick(Wire *wire);
