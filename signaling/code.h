// SPDX-License-Identifier: Apache-2.0
/* The error codes of protocol.md: name, fatality and sentence in both languages, in one table.
 * Pure; any thread. */
#pragma once
#include <stdbool.h>

typedef enum {
    SIGNALING_CODE_NONE,
    SIGNALING_CODE_BAD_MESSAGE,
    SIGNALING_CODE_UNKNOWN_MESSAGE,
    SIGNALING_CODE_BAD_ORDER,
    SIGNALING_CODE_LINK_INVALID,
    SIGNALING_CODE_LINK_EXPIRED,
    SIGNALING_CODE_TOO_EARLY,
    SIGNALING_CODE_VISIT_CANCELLED,
    SIGNALING_CODE_VISIT_ENDED,
    SIGNALING_CODE_NOT_ALLOWED,
    SIGNALING_CODE_BAD_STATE,
    SIGNALING_CODE_BAD_OFFER,
    SIGNALING_CODE_ROOM_FULL,
    SIGNALING_CODE_TOO_MANY_MESSAGES,
    SIGNALING_CODE_STOPPING,
    SIGNALING_CODE_INTERNAL,
} SignalingCode;
enum { SIGNALING_N_CODES = SIGNALING_CODE_INTERNAL + 1 };

/** "bad-offer"; NULL for SIGNALING_CODE_NONE. */
const char *signaling_code_name(SignalingCode code);
/** True when the connection is closed with 4003 after it. */
bool signaling_code_is_fatal(SignalingCode code);
/** A sentence for people. LANG is "en" or anything else for Indonesian. */
const char *signaling_code_text(SignalingCode code, const char *lang);
