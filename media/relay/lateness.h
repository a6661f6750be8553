// SPDX-License-Identifier: Apache-2.0
/* How long a client should hold received sound and pictures back, so that what was repaired on the
 * way still comes in time: its jitter buffer would learn it by losing some. Plain value in its
 * endpoint; inside media/relay only; the worker's thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct Endpoint Endpoint;

typedef struct {
    unsigned ms;      /**< 0: as the client likes */
    int64_t until_us; /**< not less before */
    /* Of pictures alone. */
    double loss;        /**< 0-1, of what the client itself sends, over a quarter of a minute */
    int64_t updated_us; /**< 0: not yet */
} Lateness;

/** For the sound that the endpoint's client receives, with each tick. */
unsigned lateness_update(Endpoint *endpoint);
/** The same for pictures: what its partners' links lose is asked for again. Of its own link a
 * browser's jitter buffer sees that by itself, and adds a round trip (libwebrtc's JitterEstimator,
 * after three requests within a minute); of theirs it cannot. Of two parties: with more the others'
 * pictures would wait as well. */
unsigned lateness_update_video(Endpoint *endpoint);
/** Lost sound of SENDER is asked for again and comes in time. */
bool lateness_is_asked_in_time(const Endpoint *sender);
/** A repair of lost sound would come before its copies have shown that they are lost too. What
 * comes later than sound is held back for is not played, and makes the jitter buffer of a browser
 * wait longer for all. */
bool lateness_is_worth_asking(const Endpoint *sender);
bool lateness_is_worth_repairing(const Endpoint *receiver);
