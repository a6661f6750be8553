// SPDX-License-Identifier: Apache-2.0
/* Writes the relay's answer as SDP for browsers and GStreamer: ICE-lite, one BUNDLE group of all
 * accepted m-lines, rejected ones with port 0 in their place. Pure; any thread. */
#pragma once
#include <glib.h>

#include "media/media.h"

/** The answer's text with CRLF; free with g_free(). SESSION_ID and VERSION fill the o= line. */
char *sdp_answer_write(const MediaDescription *answer, uint64_t session_id, unsigned version);
