// SPDX-License-Identifier: Apache-2.0
/* Whose an SSRC is that the client's offer did not announce: by MID and RID (RFC 9143, 9.2; RFC
 * 8852), else by payload type. Inside media/relay only; the worker's thread. */
#pragma once
#include "media/relay/endpoint.h"
#include "media/rtp/rtp.h"

/** Fills STREAM in if PACKET tells; a media SSRC new to its layer starts the layer's stream anew.
 */
void resolve_stream(Endpoint *endpoint, Stream *stream, const uint8_t *packet,
                    const RtpHeader *header);
