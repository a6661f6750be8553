// SPDX-License-Identifier: Apache-2.0
/* Rooms of more than two: who is heard of several. */
#include "media/rtp/rtcp_fb.h"
#include "tests/support/relay_fixture.h"

#include <string.h>

enum {
    QUIET = 60,
    TALKS = 30,
    LOUD = 10,
    PACKET_US = 20 * 1000,
    N_SPEAKERS = 3,
    PICTURE_EVERY = 4, /* packets of sound */
    THIN_BPS = 150 * 1000,
};

typedef struct {
    RelayFixture *fixture;
    MediaPeer *listener;
    MediaPeer *speakers[N_SPEAKERS];
    uint16_t sequence;
} Room;

static const char *const names[N_SPEAKERS] = {"budi", "citra", "dedi"};

static Room room_new(bool levels)
{
    MediaPeerOptions options = RELAY_FIXTURE_BOTH;
    options.n_extra = N_SPEAKERS - 1;
    options.levels = levels;
    Room room = {.fixture = relay_fixture_new_running()};
    room.listener = relay_fixture_join(room.fixture, "ani", &options);
    for (unsigned i = 0; i < N_SPEAKERS; i++)
        room.speakers[i] = relay_fixture_join(room.fixture, names[i], &options);
    relay_fixture_connect(room.fixture, room.listener);
    for (unsigned i = 0; i < N_SPEAKERS; i++)
        relay_fixture_connect(room.fixture, room.speakers[i]);
    return room;
}

/* The SSRC under which the listener hears or sees speaker N. */
static uint32_t ssrc_of(const Room *room, unsigned n, MediaKind kind)
{
    const MediaDescription *answer = media_peer_answer(room->listener);
    for (unsigned i = 0; i < answer->n_sections; i++) {
        const MediaSection *section = &answer->sections[i];
        if (section->kind == kind &&
            strcmp(relay_fixture_slot(room->fixture, "ani", section->mid), names[n]) == 0)
            return section->ssrc;
    }
    fail_msg("nobody has %s", names[n]);
    return 0;
}

/* All speak for N packets, each at its level. */
static void speak(Room *room, unsigned n, const uint8_t *levels)
{
    for (unsigned k = 0; k < n; k++, room->sequence++) {
        for (unsigned i = 0; i < N_SPEAKERS; i++) {
            uint8_t payload[40] = {0x78};
            const MediaPeerSend send = {
                .section = MEDIA_PEER_AUDIO,
                .sequence = room->sequence,
                .timestamp = room->sequence * 960U,
                .level = levels[i],
                .payload = payload,
                .n_payload = sizeof payload,
            };
            media_peer_send(room->speakers[i], &send);
        }
        int64_t next_us = clock_mono_us(room->fixture->clock) + PACKET_US;
        relay_fixture_until(room->fixture, clock_mono_us(room->fixture->clock) >= next_us);
    }
}

/* How many of the next N packets' worth of each are heard. */
static void hear(Room *room, unsigned n, const uint8_t *levels, unsigned *ret_heard)
{
    media_peer_log(room->listener)->n_packets = 0;
    speak(room, n, levels);
    for (unsigned i = 0; i < N_SPEAKERS; i++)
        ret_heard[i] = relay_fixture_count(room->listener, ssrc_of(room, i, MEDIA_KIND_AUDIO));
}

/* Packets of SSRC follow on each other without a hole. */
static void assert_no_hole(const Room *room, uint32_t ssrc, uint16_t *last, bool *has_last)
{
    const MediaPeerLog *log = media_peer_log(room->listener);
    for (unsigned i = 0; i < log->n_packets; i++) {
        const RtpHeader *header = &log->packets[i].header;
        if (header->ssrc != ssrc)
            continue;
        if (*has_last)
            assert_int_equal(header->sequence, (uint16_t)(*last + 1));
        *last = header->sequence;
        *has_last = true;
    }
}

static void test_the_loudest_two_are_heard(void **state)
{
    (void)state;
    Room room = room_new(true);
    const uint8_t dedi_quiet[N_SPEAKERS] = {LOUD, TALKS, QUIET};
    const uint8_t dedi_loud[N_SPEAKERS] = {LOUD, QUIET, LOUD};
    unsigned heard[N_SPEAKERS];
    uint16_t last = 0;
    bool has_last = false;
    /* Ani and Budi were there before there were three. */
    relay_fixture_renegotiate(room.fixture, room.listener);
    relay_fixture_renegotiate(room.fixture, room.speakers[0]);
    hear(&room, 50, dedi_quiet, heard); /* who is louder is known by then */
    uint32_t dedi = ssrc_of(&room, 2, MEDIA_KIND_AUDIO);
    assert_no_hole(&room, dedi, &last, &has_last);
    hear(&room, 50, dedi_quiet, heard);
    assert_true(heard[0] > 0 && heard[1] > 0);
    assert_int_equal(heard[2], 0);
    hear(&room, 50, dedi_loud, heard);
    assert_no_hole(&room, dedi, &last, &has_last);
    hear(&room, 50, dedi_loud, heard);
    assert_true(heard[0] > 0 && heard[2] > 0);
    assert_int_equal(heard[1], 0);
    relay_fixture_free(room.fixture);
}

static void test_who_sends_no_levels_is_always_heard(void **state)
{
    (void)state;
    Room room = room_new(false);
    const uint8_t levels[N_SPEAKERS] = {LOUD, TALKS, QUIET};
    unsigned heard[N_SPEAKERS];
    hear(&room, 50, levels, heard);
    hear(&room, 50, levels, heard);
    assert_true(heard[0] > 0 && heard[1] > 0 && heard[2] > 0);
    relay_fixture_free(room.fixture);
}

/* Two bytes in each packet: only where somebody asks who is loudest. */
static void test_levels_are_asked_for_from_three_on(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new_running();
    MediaPeerOptions options = RELAY_FIXTURE_BOTH;
    options.levels = true;
    MediaPeer *peers[3];
    for (unsigned i = 0; i < 3; i++) {
        peers[i] = relay_fixture_join(fixture, names[i], &options);
        const MediaSection *answer = &media_peer_answer(peers[i])->sections[MEDIA_PEER_AUDIO];
        assert_int_equal(answer->extensions.audio_level, i == 2 ? MEDIA_PEER_LEVEL_ID : 0);
    }
    relay_fixture_renegotiate(fixture, peers[0]);
    assert_int_equal(media_peer_answer(peers[0])->sections[MEDIA_PEER_AUDIO].extensions.audio_level,
                     MEDIA_PEER_LEVEL_ID);
    relay_fixture_free(fixture);
}

/* The listener's link is thin, and says so. */
static void say_thin(const Room *room)
{
    uint32_t ssrc = ssrc_of(room, 0, MEDIA_KIND_VIDEO);
    uint8_t data[64];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    assert_int_equal(rtcp_write_remb(&writer, 77, THIN_BPS, &ssrc, 1), RTCP_OK);
    media_peer_send_rtcp(room->listener, data, writer.size);
}

static void show(Room *room, unsigned n)
{
    uint8_t payload[1000];
    MediaPeerSend send = {
        .section = MEDIA_PEER_VIDEO,
        .sequence = room->sequence / PICTURE_EVERY,
        .timestamp = room->sequence * 1800U,
        .marker = true,
        .payload = payload,
    };
    send.n_payload = relay_fixture_vp8(payload, sizeof payload, send.sequence & 0x7fff, true);
    media_peer_send(room->speakers[n], &send);
}

/* Of a picture: padding has no frames. */
static unsigned count_frames(const Room *room, uint32_t ssrc)
{
    const MediaPeerLog *log = media_peer_log(room->listener);
    unsigned n = 0;
    for (unsigned i = 0; i < log->n_packets; i++)
        n += log->packets[i].header.ssrc == ssrc && log->packets[i].header.marker;
    return n;
}

/* All speak and show themselves for N packets of sound; how many packets of each picture came. */
static void see(Room *room, unsigned n, unsigned *ret_seen)
{
    const uint8_t levels[N_SPEAKERS] = {TALKS, TALKS, TALKS};
    media_peer_log(room->listener)->n_packets = 0;
    for (unsigned k = 0; k < n; k++) {
        if (room->sequence % (1000 * 1000 / PACKET_US) == 0)
            say_thin(room);
        for (unsigned i = 0; i < N_SPEAKERS && room->sequence % PICTURE_EVERY == 0; i++)
            show(room, i);
        speak(room, 1, levels);
    }
    for (unsigned i = 0; i < N_SPEAKERS; i++)
        ret_seen[i] = count_frames(room, ssrc_of(room, i, MEDIA_KIND_VIDEO));
}

static void test_the_chosen_picture_has_its_share_first(void **state)
{
    (void)state;
    Room room = room_new(true);
    unsigned seen[N_SPEAKERS];
    see(&room, 1500, seen); /* the link is known by then */
    see(&room, 500, seen);
    assert_true(seen[2] < MAX(seen[0], seen[1]));
    media_endpoint_set_pinned(room.fixture->media, "ani", names[2]);
    see(&room, 500, seen);
    see(&room, 500, seen);
    assert_true(seen[2] > seen[0] && seen[2] > seen[1]);
    media_endpoint_set_pinned(room.fixture->media, "ani", NULL);
    see(&room, 500, seen);
    see(&room, 500, seen);
    assert_true(seen[2] < MAX(seen[0], seen[1]));
    relay_fixture_free(room.fixture);
}

static const char *carried(const Room *room, const char *who, unsigned section)
{
    const MediaDescription *answer = media_peer_answer(room->listener);
    return relay_fixture_slot(room->fixture, who, answer->sections[section].mid);
}

/* Two of them are enough: the listener, and the first who speaks. */
static void test_nobody_gets_the_sound_of_who_is_muted(void **state)
{
    (void)state;
    Room room = {.fixture = relay_fixture_new_running()};
    RelayFixture *fixture = room.fixture;
    room.listener = relay_fixture_join(fixture, "ani", &RELAY_FIXTURE_BOTH);
    MediaPeer *budi = relay_fixture_join(fixture, "budi", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(fixture, room.listener);
    relay_fixture_connect(fixture, budi);
    uint32_t ssrc = media_peer_answer(room.listener)->sections[MEDIA_PEER_AUDIO].ssrc;
    uint16_t sequence = 1;
    relay_fixture_send_audio(budi, sequence++);
    relay_fixture_until(fixture, relay_fixture_count(room.listener, ssrc) > 0);
    media_endpoint_set_audience(fixture->media, "budi", true, 0);
    relay_fixture_until(fixture, *carried(&room, "ani", MEDIA_PEER_AUDIO) == '\0');
    assert_string_equal(carried(&room, "ani", MEDIA_PEER_VIDEO), "budi"); /* the picture stays */
    media_peer_log(room.listener)->n_packets = 0;
    for (unsigned i = 0; i < 20; i++)
        relay_fixture_send_audio(budi, sequence++);
    /* Behind what was sent: once this is answered, that has been dealt with. */
    MediaStats stats;
    relay_fixture_stats(fixture, &stats);
    assert_int_equal(relay_fixture_count(room.listener, ssrc), 0);
    media_endpoint_set_audience(fixture->media, "budi", false, 0);
    relay_fixture_until(fixture, *carried(&room, "ani", MEDIA_PEER_AUDIO) != '\0');
    relay_fixture_send_audio(budi, sequence++);
    relay_fixture_until(fixture, relay_fixture_count(room.listener, ssrc) > 0);
    relay_fixture_free(fixture);
}

static void test_another_circle_gets_nothing(void **state)
{
    (void)state;
    Room room = {.fixture = relay_fixture_new_running()};
    RelayFixture *fixture = room.fixture;
    room.listener = relay_fixture_join(fixture, "ani", &RELAY_FIXTURE_BOTH);
    MediaPeer *budi = relay_fixture_join(fixture, "budi", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(fixture, room.listener);
    relay_fixture_connect(fixture, budi);
    relay_fixture_until(fixture, strcmp(carried(&room, "ani", MEDIA_PEER_VIDEO), "budi") == 0);
    media_endpoint_set_audience(fixture->media, "budi", false, 1);
    for (unsigned i = MEDIA_PEER_AUDIO; i <= MEDIA_PEER_VIDEO; i++) {
        relay_fixture_until(fixture, *carried(&room, "ani", i) == '\0');
        relay_fixture_until(fixture, *carried(&room, "budi", i) == '\0');
    }
    media_endpoint_set_audience(fixture->media, "ani", false, 1);
    relay_fixture_until(fixture, strcmp(carried(&room, "ani", MEDIA_PEER_AUDIO), "budi") == 0);
    relay_fixture_until(fixture, strcmp(carried(&room, "budi", MEDIA_PEER_VIDEO), "ani") == 0);
    relay_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_loudest_two_are_heard),
        cmocka_unit_test(test_who_sends_no_levels_is_always_heard),
        cmocka_unit_test(test_levels_are_asked_for_from_three_on),
        cmocka_unit_test(test_the_chosen_picture_has_its_share_first),
        cmocka_unit_test(test_nobody_gets_the_sound_of_who_is_muted),
        cmocka_unit_test(test_another_circle_gets_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
