// SPDX-License-Identifier: Apache-2.0
/* RTCP that the relay sends: reports, transport-wide feedback, NACK, PLI, BYE. Inside media/relay
 * only; the worker's thread. */
#pragma once
#include "media/relay/endpoint.h"

enum {
    /* Sound is asked for again below this round trip; later it comes too late. */
    FEEDBACK_SOUND_RTT_US = 250 * 1000,
};

/** A receiver of LAYER wants a key frame; requests are merged (repair/keyframe.h). */
void feedback_request_key_frame(Layer *layer);
/** Tells the client's browser to send BPS at most (REMB), now and with each report. False: it was
 * not negotiated, or there is no stream yet to name. */
bool feedback_cap(Endpoint *endpoint, uint32_t bps);
/** A packet of SLOT leaves now. */
void feedback_before_packet(Slot *slot);
/** Sends what is due to the endpoint's client. */
void feedback_tick(Endpoint *endpoint);
/** The server leaves (RFC 3550, 6.6). */
void feedback_bye(Endpoint *endpoint);
