// SPDX-License-Identifier: Apache-2.0
/* The table of the client's messages: name, parser, who may say it, what it does. Main thread. */
#pragma once
#include "signaling/wire.h"

enum {
    DISPATCH_PATIENT = 1 << SIGNALING_ROLE_PATIENT,
    DISPATCH_DOCTOR = 1 << SIGNALING_ROLE_DOCTOR,
    DISPATCH_GUEST = 1 << SIGNALING_ROLE_GUEST,
    DISPATCH_VISIT = DISPATCH_PATIENT | DISPATCH_DOCTOR | DISPATCH_GUEST,
    DISPATCH_DAY = 1 << SIGNALING_N_ROLES,
    DISPATCH_ALL = DISPATCH_VISIT | DISPATCH_DAY,
};

typedef struct {
    const char *type;
    bool (*parse)(const Message *message, ClientMessage *ret);
    /** May end the wire; the caller does not touch it afterwards. */
    void (*handle)(Wire *wire, const ClientMessage *message);
    unsigned who; /* DISPATCH_x */
} DispatchRow;

/** The row of TYPE, or NULL. */
const DispatchRow *dispatch_find(const char *type);
/** All rows, in the order of protocol.md. */
const DispatchRow *dispatch_rows(unsigned *ret_n);

/** Takes one text of the WebSocket. */
void dispatch_text(Wire *wire, const char *text, size_t size);
