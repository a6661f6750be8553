// SPDX-License-Identifier: Apache-2.0
/* From hello to welcome: asks wiring about the token, then resumes, takes over, or starts a
 * session. Main thread. */
#pragma once
#include "signaling/wire.h"

/** Handler of `hello`. */
void admit_hello(Wire *wire, const ClientMessage *message);
/** Wiring said yes. */
void admit_accept(Wire *wire, const SignalingAdmission *admission);
