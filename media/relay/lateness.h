// SPDX-License-Identifier: Apache-2.0
/* How long a client should hold received sound and pictures back, so that what was repaired on the
 * way still comes in time: its jitter buffer would learn it by losing some. Plain value in its
 * endpoint; inside media/relay only; the worker's thread. */
#pragma once
#include "media/media.h"
#include <stdbool.h>
#include <stdint.h>

typedef struct Endpoint Endpoint;

/** What one direction of a client's link loses, from its first moment on; over a quarter of a
 * minute later. */
typedef struct {
    double share;     /**< 0-1 */
    int64_t heard_us; /**< so long, at most a quarter of a minute */
} LossMean;

typedef struct {
    unsigned ms;      /**< 0: as the client likes */
    int64_t until_us; /**< not less before */
} Lateness;

/** Of pictures. */
typedef struct {
    Lateness held;
    LossMean sent;      /**< by the client */
    LossMean received;  /**< by the client */
    int64_t updated_us; /**< 0: not yet */
} VideoLateness;

/** For the sound that the endpoint's client receives, with each tick: HINT's jitter_ms is for the
 * worst of the senders, holds for those who need less, so that one's bad link makes nobody else be
 * heard later. */
void lateness_update(Endpoint *endpoint, MediaHint *hint);
/** The same for pictures: what its partner's link and its own lose is asked for again. A browser's
 * jitter buffer sees the latter by itself, and adds a round trip (libwebrtc's JitterEstimator), but
 * after three requests within a minute only, each of which was a freeze. Of two parties: with more
 * the others' pictures would wait as well. */
unsigned lateness_update_video(Endpoint *endpoint);
/** Lost sound of SENDER is asked for again and comes in time. */
bool lateness_is_asked_in_time(const Endpoint *sender);
/** A repair of lost sound would come before its copies have shown that they are lost too. What
 * comes later than sound is held back for is not played, and makes the jitter buffer of a browser
 * wait longer for all. */
bool lateness_is_worth_asking(const Endpoint *sender);
bool lateness_is_worth_repairing(const Endpoint *receiver);
