// SPDX-License-Identifier: Apache-2.0
/* Reads a client's offer (RFC 8866, 8829, 8843) into the relay's MediaDescription: transport,
 * directions, the one audio codec (Opus) and the one video codec (VP8) that the relay carries.
 * GstSDP splits the text; what the lines mean is decided here. Pure; any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "media/media.h"

/** Reads SIZE bytes of TEXT (no NUL needed). An m-line that cannot be carried (application, no
 * common codec, outside the BUNDLE group, port 0) becomes `rejected`; an offer with nothing else,
 * or with a fault, is refused with SIGNALING_ERROR_BAD_OFFER, whose message names line or attribute
 * and holds nothing of the text itself. */
bool sdp_offer_parse(const char *text, size_t size, MediaDescription *ret_offer, GError **error);
