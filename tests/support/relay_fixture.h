// SPDX-License-Identifier: Apache-2.0
/* A relay with one worker on loopback, its events as a log, and test peers in its rooms. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first */
#include "tests/support/media_peer.h"
#include <cmocka.h>

enum {
    FIXTURE_MAX_PEERS = 8,
    FIXTURE_MAX_EVENTS = 512,
    FIXTURE_PATIENCE_US = 10 * 1000 * 1000,
    FIXTURE_GOOD_LINK_BPS = 4 * 1000 * 1000, /**< remembered of everybody: pictures at once */
};

typedef struct {
    char endpoint_id[24];
    MediaEndpointState state;
    int64_t at_ms;
} FixtureState;

typedef struct {
    char endpoint_id[24];
    MediaKind kind;
    bool flowing;
    int64_t at_ms;
} FixtureFlow;

typedef struct {
    char endpoint_id[24];
    char mid[17];
    char participant_id[24]; /**< "" for nobody */
} FixtureSlot;

typedef struct {
    char endpoint_id[24];
    MediaSample sample;
} FixtureSample;

typedef struct {
    char endpoint_id[24];
    MediaHint hint;
    unsigned n_states; /**< events of state before it */
} FixtureHint;

typedef struct {
    char endpoint_id[24];
    char mid[17];
    MediaPicture picture;
} FixturePicture;

typedef struct {
    Clock *clock;
    bool is_fake;
    bool is_running; /**< the fake clock moves on with each turn of the test's loop */
    Media *media;
    unsigned n_peers;
    MediaPeer *peers[FIXTURE_MAX_PEERS]; /**< in the order of joining; owned */
    char *endpoint_ids[FIXTURE_MAX_PEERS];
    unsigned n_states, n_flows, n_slots, n_samples, n_hints, n_pictures;
    FixtureState states[FIXTURE_MAX_EVENTS];
    FixtureFlow flows[FIXTURE_MAX_EVENTS];
    FixtureSlot slots[FIXTURE_MAX_EVENTS];
    FixtureSample samples[FIXTURE_MAX_EVENTS];
    FixtureHint hints[FIXTURE_MAX_EVENTS];
    FixturePicture pictures[FIXTURE_MAX_EVENTS];
} RelayFixture;

/** N_WORKERS 0: one. With a fake clock time stands still but for relay_fixture_advance(). */
RelayFixture *relay_fixture_new(bool is_fake, unsigned n_workers);
void relay_fixture_free(RelayFixture *fixture);

/** With a fake clock that runs, faster than the system's, while the test waits. */
RelayFixture *relay_fixture_new_running(void);

/** Opens "PARTICIPANT" (also the endpoint's id) in room "room" and answers its offer. */
MediaPeer *relay_fixture_join(RelayFixture *fixture, const char *participant,
                              const MediaPeerOptions *options);
MediaPeer *relay_fixture_join_options(RelayFixture *fixture,
                                      const MediaEndpointOptions *endpoint_options,
                                      const MediaPeerOptions *options);
/** Offers again and takes the answer. */
void relay_fixture_renegotiate(RelayFixture *fixture, MediaPeer *peer);
/** Checks until both sides are connected. */
void relay_fixture_connect(RelayFixture *fixture, MediaPeer *peer);
/** FROM speaks for a while, so that its receivers' links show what they carry and pictures may
 * follow; then the peers' logs of packets are emptied. */
void relay_fixture_warm_up(RelayFixture *fixture, MediaPeer *from);
/** Delivers events and datagrams; waits a moment when there are none. */
void relay_fixture_pump(RelayFixture *fixture);
void relay_fixture_advance(RelayFixture *fixture, int64_t ms);
/** Turns the fake clock by MS in steps, peers sending checks once a second. */
void relay_fixture_live(RelayFixture *fixture, int64_t ms);

MediaEndpointState relay_fixture_state(const RelayFixture *fixture, const char *endpoint_id);
/** Whom the slot carries at last; "" for nobody. */
const char *relay_fixture_slot(const RelayFixture *fixture, const char *endpoint_id,
                               const char *mid);
/** What the slot shows at last, as told. */
MediaPicture relay_fixture_picture(const RelayFixture *fixture, const char *endpoint_id,
                                   const char *mid);
/** What the endpoint was asked for at last; NULL: nothing yet. */
const MediaHint *relay_fixture_hint(const RelayFixture *fixture, const char *endpoint_id);
/** Counters that are newer than the call. */
void relay_fixture_stats(RelayFixture *fixture, MediaStats *ret_stats);

/** Pumps once; fails the test when it has waited beyond END_US. */
void relay_fixture_wait(RelayFixture *fixture, int64_t end_us, const char *condition);
/** Waits for a condition; fails the test when it does not come. */
#define relay_fixture_until(fixture, condition)                                                    \
    for (int64_t end_us_ = g_get_monotonic_time() + FIXTURE_PATIENCE_US; !(condition);             \
         relay_fixture_wait(fixture, end_us_, #condition))                                         \
    continue

extern const MediaPeerOptions RELAY_FIXTURE_BOTH; /**< sendrecv audio and video, actpass */

/** A VP8 payload of N bytes with a 15-bit picture id. */
size_t relay_fixture_vp8(uint8_t *payload, size_t n, uint16_t picture_id, bool is_key);
/** Sends one audio packet, or one video frame of one packet. */
void relay_fixture_send_audio(MediaPeer *peer, uint16_t sequence);
void relay_fixture_send_video(MediaPeer *peer, uint16_t sequence, bool is_key);
/** One of 1000 bytes, of a picture every 80 ms. */
void relay_fixture_send_picture(MediaPeer *peer, uint16_t sequence, bool is_key);
/** Packets with SSRC that came to the peer; probes' padding is not counted. */
unsigned relay_fixture_count(MediaPeer *peer, uint32_t ssrc);
const MediaPeerPacket *relay_fixture_last(MediaPeer *peer, uint32_t ssrc);
