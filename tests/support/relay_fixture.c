// SPDX-License-Identifier: Apache-2.0
#include "tests/support/relay_fixture.h"

#include <poll.h>
#include <string.h>

enum {
    POLL_MS = 2,
    RUN_MS = 5,
    /* Time goes no further ahead of the worker, which may be short of a core. An idle one looks at
     * the clock every 20 ms, ten pumps. */
    LEAD_MAX_US = 60 * 1000,
    WARM_UP_MS = 1500,
    WARM_UP_SEQUENCE = 40000,
    WALL_START_MS = 1795000000,
    STATS_WAIT_US = 550 * 1000
};

const MediaPeerOptions RELAY_FIXTURE_BOTH = {
    .setup = MEDIA_SETUP_ACTPASS,
    .audio = MEDIA_DIRECTION_SENDRECV,
    .video = MEDIA_DIRECTION_SENDRECV,
};

static void on_state(const char *id, MediaEndpointState state, int64_t at_ms, gpointer data)
{
    RelayFixture *fixture = data;
    assert_true(fixture->n_states < FIXTURE_MAX_EVENTS);
    FixtureState *entry = &fixture->states[fixture->n_states++];
    g_strlcpy(entry->endpoint_id, id, sizeof entry->endpoint_id);
    entry->state = state;
    entry->at_ms = at_ms;
}

static void on_media(const char *id, MediaKind kind, bool flowing, int64_t at_ms, gpointer data)
{
    RelayFixture *fixture = data;
    assert_true(fixture->n_flows < FIXTURE_MAX_EVENTS);
    FixtureFlow *entry = &fixture->flows[fixture->n_flows++];
    g_strlcpy(entry->endpoint_id, id, sizeof entry->endpoint_id);
    entry->kind = kind;
    entry->flowing = flowing;
    entry->at_ms = at_ms;
}

static void on_slot(const char *id, const char *mid, const char *participant, gpointer data)
{
    RelayFixture *fixture = data;
    assert_true(fixture->n_slots < FIXTURE_MAX_EVENTS);
    FixtureSlot *entry = &fixture->slots[fixture->n_slots++];
    g_strlcpy(entry->endpoint_id, id, sizeof entry->endpoint_id);
    g_strlcpy(entry->mid, mid, sizeof entry->mid);
    g_strlcpy(entry->participant_id, participant ? participant : "", sizeof entry->participant_id);
}

static void on_sample(const char *id, const MediaSample *sample, gpointer data)
{
    RelayFixture *fixture = data;
    assert_true(fixture->n_samples < FIXTURE_MAX_EVENTS);
    FixtureSample *entry = &fixture->samples[fixture->n_samples++];
    g_strlcpy(entry->endpoint_id, id, sizeof entry->endpoint_id);
    entry->sample = *sample;
}

static void on_hint(const char *id, const MediaHint *hint, gpointer data)
{
    RelayFixture *fixture = data;
    assert_true(fixture->n_hints < FIXTURE_MAX_EVENTS);
    FixtureHint *entry = &fixture->hints[fixture->n_hints++];
    g_strlcpy(entry->endpoint_id, id, sizeof entry->endpoint_id);
    entry->hint = *hint;
    entry->n_states = fixture->n_states;
}

static void on_picture(const char *id, const char *mid, MediaPicture picture, gpointer data)
{
    RelayFixture *fixture = data;
    assert_true(fixture->n_pictures < FIXTURE_MAX_EVENTS);
    FixturePicture *entry = &fixture->pictures[fixture->n_pictures++];
    g_strlcpy(entry->endpoint_id, id, sizeof entry->endpoint_id);
    g_strlcpy(entry->mid, mid, sizeof entry->mid);
    entry->picture = picture;
}

static const MediaObserver OBSERVER = {
    .on_endpoint_hint = on_hint,
    .on_endpoint_picture = on_picture,
    .on_endpoint_state = on_state,
    .on_endpoint_media = on_media,
    .on_endpoint_slot = on_slot,
    .on_endpoint_sample = on_sample,
};

RelayFixture *relay_fixture_new(bool is_fake, unsigned n_workers)
{
    RelayFixture *fixture = g_new0(RelayFixture, 1);
    static const char *const addresses[] = {"127.0.0.1", NULL};
    g_autoptr(GError) error = NULL;
    fixture->is_fake = is_fake;
    fixture->clock = is_fake ? clock_new_fake((int64_t)WALL_START_MS * 1000) : clock_new();
    MediaConfig config = {
        .bind_addresses = addresses,
        .tcp = true,
        .n_workers = n_workers ? n_workers : 1,
        .clock = fixture->clock,
    };
    fixture->media = media_new(&config, &OBSERVER, fixture, &error);
    assert_non_null(fixture->media);
    assert_true(media_start(fixture->media, &error));
    return fixture;
}

RelayFixture *relay_fixture_new_running(void)
{
    RelayFixture *fixture = relay_fixture_new(true, 1);
    fixture->is_running = true;
    return fixture;
}

void relay_fixture_free(RelayFixture *fixture)
{
    media_free(fixture->media);
    for (unsigned i = 0; i < fixture->n_peers; i++) {
        media_peer_free(fixture->peers[i]);
        g_free(fixture->endpoint_ids[i]);
    }
    clock_free(fixture->clock);
    g_free(fixture);
}

static void negotiate(RelayFixture *fixture, const char *endpoint_id, MediaPeer *peer)
{
    static MediaDescription offer;
    static MediaDescription answer;
    g_autoptr(GError) error = NULL;
    media_peer_offer(peer, &offer);
    if (!media_endpoint_negotiate(fixture->media, endpoint_id, &offer, &answer, &error))
        fail_msg("not answered: %s", error->message);
    media_peer_take_answer(peer, &answer);
}

MediaPeer *relay_fixture_join_options(RelayFixture *fixture,
                                      const MediaEndpointOptions *endpoint_options,
                                      const MediaPeerOptions *options)
{
    assert_true(fixture->n_peers < FIXTURE_MAX_PEERS);
    assert_true(media_endpoint_open(fixture->media, endpoint_options, NULL));
    MediaPeer *peer = media_peer_new(options);
    media_peer_set_clock(peer, fixture->clock);
    fixture->endpoint_ids[fixture->n_peers] = g_strdup(endpoint_options->endpoint_id);
    fixture->peers[fixture->n_peers++] = peer;
    negotiate(fixture, endpoint_options->endpoint_id, peer);
    return peer;
}

MediaPeer *relay_fixture_join(RelayFixture *fixture, const char *participant,
                              const MediaPeerOptions *options)
{
    MediaEndpointOptions endpoint_options = {
        .room_id = "room",
        .endpoint_id = participant,
        .participant_id = participant,
        .rtt_hint_ms = 20,
        .start_down_bps = FIXTURE_GOOD_LINK_BPS,
        .start_up_bps = FIXTURE_GOOD_LINK_BPS,
        .may_publish = true,
        .may_receive = true,
    };
    return relay_fixture_join_options(fixture, &endpoint_options, options);
}

static const char *id_of(const RelayFixture *fixture, const MediaPeer *peer)
{
    for (unsigned i = 0; i < fixture->n_peers; i++) {
        if (fixture->peers[i] == peer)
            return fixture->endpoint_ids[i];
    }
    fail_msg("not a peer of this fixture");
    return NULL;
}

void relay_fixture_renegotiate(RelayFixture *fixture, MediaPeer *peer)
{
    negotiate(fixture, id_of(fixture, peer), peer);
}

void relay_fixture_connect(RelayFixture *fixture, MediaPeer *peer)
{
    const char *id = id_of(fixture, peer);
    media_peer_check(peer, true);
    relay_fixture_until(fixture, media_peer_is_connected(peer) &&
                                     relay_fixture_state(fixture, id) == MEDIA_ENDPOINT_CONNECTED);
}

static int64_t lead_us(const RelayFixture *fixture)
{
    return clock_mono_us(fixture->clock) - clock_read_elsewhere_us(fixture->clock);
}

void relay_fixture_pump(RelayFixture *fixture)
{
    struct pollfd fds[FIXTURE_MAX_PEERS];
    bool any = g_main_context_iteration(NULL, FALSE);
    for (unsigned i = 0; i < fixture->n_peers; i++)
        fds[i] = (struct pollfd){.fd = media_peer_fd(fixture->peers[i]), .events = POLLIN};
    (void)poll(fds, fixture->n_peers, any ? 0 : POLL_MS);
    for (unsigned i = 0; i < fixture->n_peers; i++)
        media_peer_pump(fixture->peers[i]);
    if (fixture->is_running && lead_us(fixture) < LEAD_MAX_US)
        clock_advance(fixture->clock, RUN_MS);
}

void relay_fixture_warm_up(RelayFixture *fixture, MediaPeer *from)
{
    uint16_t sequence = WARM_UP_SEQUENCE;
    int64_t start_us = clock_mono_us(fixture->clock);
    while (clock_mono_us(fixture->clock) - start_us < (int64_t)WARM_UP_MS * 1000) {
        int64_t next_us = clock_mono_us(fixture->clock) + 20 * 1000;
        relay_fixture_send_audio(from, sequence++);
        relay_fixture_until(fixture, clock_mono_us(fixture->clock) >= next_us);
    }
    /* What is on its way, and what waits for a merge. */
    int64_t end_us = clock_mono_us(fixture->clock) + 200 * 1000;
    relay_fixture_until(fixture, clock_mono_us(fixture->clock) >= end_us);
    for (unsigned i = 0; i < fixture->n_peers; i++)
        media_peer_log(fixture->peers[i])->n_packets = 0;
}

void relay_fixture_wait(RelayFixture *fixture, int64_t end_us, const char *condition)
{
    if (g_get_monotonic_time() > end_us)
        fail_msg("never: %s", condition);
    relay_fixture_pump(fixture);
}

void relay_fixture_advance(RelayFixture *fixture, int64_t ms)
{
    assert_true(fixture->is_fake);
    clock_advance(fixture->clock, ms);
}

void relay_fixture_live(RelayFixture *fixture, int64_t ms)
{
    for (int64_t at = 0; at < ms; at += 1000) {
        relay_fixture_advance(fixture, 1000);
        for (unsigned i = 0; i < fixture->n_peers; i++) {
            MediaPeer *peer = fixture->peers[i];
            unsigned before = media_peer_log(peer)->n_stun_success;
            media_peer_check(peer, true);
            relay_fixture_until(fixture, media_peer_log(peer)->n_stun_success > before);
        }
    }
}

MediaEndpointState relay_fixture_state(const RelayFixture *fixture, const char *endpoint_id)
{
    MediaEndpointState state = MEDIA_ENDPOINT_NEW;
    for (unsigned i = 0; i < fixture->n_states; i++) {
        if (strcmp(fixture->states[i].endpoint_id, endpoint_id) == 0)
            state = fixture->states[i].state;
    }
    return state;
}

const char *relay_fixture_slot(const RelayFixture *fixture, const char *endpoint_id,
                               const char *mid)
{
    const char *participant = "";
    for (unsigned i = 0; i < fixture->n_slots; i++) {
        if (strcmp(fixture->slots[i].endpoint_id, endpoint_id) == 0 &&
            strcmp(fixture->slots[i].mid, mid) == 0)
            participant = fixture->slots[i].participant_id;
    }
    return participant;
}

void relay_fixture_stats(RelayFixture *fixture, MediaStats *ret_stats)
{
    /* Workers tell twice a second; two tellings later all that was counted before is in. */
    for (unsigned i = 0; i < 2; i++) {
        int64_t end_us = g_get_monotonic_time() + STATS_WAIT_US;
        if (fixture->is_fake)
            relay_fixture_advance(fixture, 550);
        while (g_get_monotonic_time() < end_us)
            relay_fixture_pump(fixture);
    }
    media_stats(fixture->media, ret_stats);
}

MediaPicture relay_fixture_picture(const RelayFixture *fixture, const char *endpoint_id,
                                   const char *mid)
{
    MediaPicture picture = MEDIA_PICTURE_NONE;
    for (unsigned i = 0; i < fixture->n_pictures; i++) {
        if (strcmp(fixture->pictures[i].endpoint_id, endpoint_id) == 0 &&
            strcmp(fixture->pictures[i].mid, mid) == 0)
            picture = fixture->pictures[i].picture;
    }
    return picture;
}

const MediaHint *relay_fixture_hint(const RelayFixture *fixture, const char *endpoint_id)
{
    for (unsigned i = fixture->n_hints; i-- > 0;) {
        if (strcmp(fixture->hints[i].endpoint_id, endpoint_id) == 0)
            return &fixture->hints[i].hint;
    }
    return NULL;
}

size_t relay_fixture_vp8(uint8_t *payload, size_t n, uint16_t picture_id, bool is_key)
{
    const uint8_t start[] = {
        0x90, 0x80, (uint8_t)(0x80 | (picture_id >> 8 & 0x7f)), (uint8_t)picture_id,
        /* frame header: key frame of 320x180, or a delta frame */
        is_key ? 0x10 : 0x11, 0x00, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00};
    g_assert(n >= sizeof start);
    memset(payload, 0x5a, n);
    memcpy(payload, start, is_key ? sizeof start : 7);
    return n;
}

void relay_fixture_send_audio(MediaPeer *peer, uint16_t sequence)
{
    uint8_t payload[40] = {0x78, (uint8_t)(sequence >> 8), (uint8_t)sequence};
    MediaPeerSend send = {
        .section = MEDIA_PEER_AUDIO,
        .sequence = sequence,
        .timestamp = (uint32_t)(int16_t)sequence * 960U,
        .payload = payload,
        .n_payload = sizeof payload,
    };
    media_peer_send(peer, &send);
}

void relay_fixture_send_video(MediaPeer *peer, uint16_t sequence, bool is_key)
{
    uint8_t payload[400];
    MediaPeerSend send = {
        .section = MEDIA_PEER_VIDEO,
        .sequence = sequence,
        .timestamp = (uint32_t)(int16_t)sequence * 3000U,
        .marker = true,
        .payload = payload,
        .n_payload = relay_fixture_vp8(payload, sizeof payload, sequence & 0x7fff, is_key),
    };
    payload[20] = (uint8_t)(sequence >> 8);
    payload[21] = (uint8_t)sequence;
    media_peer_send(peer, &send);
}

void relay_fixture_send_picture(MediaPeer *peer, uint16_t sequence, bool is_key)
{
    uint8_t payload[1000];
    MediaPeerSend send = {
        .section = MEDIA_PEER_VIDEO,
        .sequence = sequence,
        .timestamp = sequence * 7200U,
        .marker = true,
        .payload = payload,
        .n_payload = relay_fixture_vp8(payload, sizeof payload, sequence & 0x7fff, is_key),
    };
    media_peer_send(peer, &send);
}

unsigned relay_fixture_count(MediaPeer *peer, uint32_t ssrc)
{
    const MediaPeerLog *log = media_peer_log(peer);
    unsigned n = 0;
    for (unsigned i = 0; i < log->n_packets; i++)
        n += log->packets[i].header.ssrc == ssrc && log->packets[i].n_payload > 0;
    return n;
}

const MediaPeerPacket *relay_fixture_last(MediaPeer *peer, uint32_t ssrc)
{
    const MediaPeerLog *log = media_peer_log(peer);
    for (unsigned i = log->n_packets; i-- > 0;) {
        if (log->packets[i].header.ssrc == ssrc && log->packets[i].n_payload > 0)
            return &log->packets[i];
    }
    return NULL;
}
