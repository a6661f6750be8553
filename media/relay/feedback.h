// SPDX-License-Identifier: Apache-2.0
/* RTCP that the relay sends: reports, transport-wide feedback, NACK, PLI, BYE. Inside media/relay
 * only; the worker's thread. */
#pragma once
#include "media/relay/endpoint.h"

/** A receiver of SOURCE wants a key frame; requests are merged (repair/keyframe.h). */
void feedback_request_key_frame(Source *source);
/** Sends what is due to the endpoint's client. */
void feedback_tick(Endpoint *endpoint);
/** The server leaves (RFC 3550, 6.6). */
void feedback_bye(Endpoint *endpoint);
