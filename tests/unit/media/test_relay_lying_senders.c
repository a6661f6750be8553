// SPDX-License-Identifier: Apache-2.0
/* Senders whose packets are not what they say, or who ignore what they are asked for: the relay
 * lives, and the honest people of the room hear and see each other as before, one of them behind a
 * thin link for which sound is merged. The clock is a fake one that runs by itself. */
#include "media/rtp/bytes.h"
#include "media/rtp/rtcp_fb.h"
#include "tests/support/relay_fixture.h"

#include <string.h>

enum {
    FRAME_US = 20 * 1000,
    PICTURE_US = 80 * 1000,
    REMB_US = 500 * 1000,
    WARM_UP_MS = 2500,
    MEASURED_MS = 3000,
    WINDOWS = 4,
    GAP_US = 300 * 1000,
    WIRE_OVERHEAD = 28 + 16, /* IPv4, UDP, tag */
    K = 1000,
    THIN_BPS = 45 * K,
    USUAL_BPS = 800 * K,
    MANY = 14, /* packets of 1100 bytes each 20 ms: 6 Mbit/s */
};

typedef struct Call Call;

typedef struct {
    const char *name;
    void (*send)(Call *call); /* each 20 ms */
    bool has_levels;          /* all say how loud they are */
    unsigned before_ms;       /* it lies for so long before it must not matter any more */
} Lie;

struct Call {
    RelayFixture *fixture;
    MediaPeer *ani; /* honest, with a good link; citra's is usual, dewi's thin */
    MediaPeer *citra;
    MediaPeer *dewi;
    MediaPeer *budi; /* the liar */
    unsigned n_lies;
    uint16_t of_budi; /* sequence of its lies */
    uint16_t audio_sequence, video_sequence;
    int64_t next_audio_us, next_video_us, next_remb_us;
    unsigned answered_plis;
};

typedef struct {
    size_t size;
    uint8_t data[24];
} Bytes;

/* RFC 2198: chains whose lengths are not there, without an end, with nothing in them. */
static const Bytes reds[] = {
    {4, {0x80 | 111, 0, 0x40, 40}},                 /* no primary */
    {5, {0x80 | 111, 0x0f, 0x03, 0xff, 111}},       /* 1023 bytes, none there */
    {9, {0x80 | 111, 0, 0, 4, 111, 0x78, 1, 2, 3}}, /* leaves no primary */
    {6, {0x80 | 111, 0xff, 0xfc, 0, 111, 0x78}},    /* the longest offset, empty */
    {24, {0x80 | 111, 0,          0,          1,          0x80 | 111, 0,
          0,          1,          0x80 | 111, 0,          0, /* no end to its headers */
          1,          0x80 | 111, 0,          0,          1,          0x80 | 111,
          0,          0,          1,          0x80 | 111, 0}},
    {7, {0x80 | 63, 0, 0, 1, 63, 0x78, 0x78}}, /* RED in RED */
    {1, {111}},
    {3, {0x80 | 111, 0, 0}},
    {10, {0x80 | 111, 0x03, 0xc0, 2, 0x80 | 96, 111, 0x78, 1, 2, 3}}, /* cut within a header */
};

static void send_payload(Call *call, const uint8_t *payload, size_t size, bool is_red)
{
    MediaPeerSend send = {
        .section = MEDIA_PEER_AUDIO,
        .sequence = call->of_budi,
        .timestamp = call->of_budi * 960U,
        .is_red = is_red,
        .payload = payload,
        .n_payload = size,
    };
    call->of_budi++;
    media_peer_send(call->budi, &send);
}

static void send_red(Call *call)
{
    const Bytes *red = &reds[call->n_lies % G_N_ELEMENTS(reds)];
    send_payload(call, red->data, red->size, true);
}

/* RFC 6716, 3.2: TOCs that promise other frames than there are. */
static const Bytes opus_packets[] = {
    {2, {0x79, 1}},                          /* two equal frames in an odd length */
    {4, {0x7a, 252, 255, 1}},                /* the first of two: 1272 bytes */
    {2, {0x7a, 255}},                        /* a length cut in two */
    {1, {0x7b}},                             /* no count of frames */
    {3, {0x7b, 0, 0}},                       /* no frame */
    {4, {0x7b, 63, 1, 2}},                   /* 63 frames of 20 ms */
    {8, {0x1b, 3, 1, 2, 3, 4, 5, 6}},        /* three of 60 ms */
    {5, {0x7b, 0x80 | 3, 200, 200, 1}},      /* lengths beyond the packet */
    {6, {0x7b, 0x40 | 1, 255, 255, 255, 9}}, /* padding without end */
    {4, {0x7b, 0xc0 | 48, 254, 1}},
    {3, {0xff, 0x30, 1}},
    {1, {0x78}},
    {1, {0x00}},
    {12, {0x7c, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}, /* stereo among mono */
    {12, {0x08, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}, /* SILK narrowband among wideband */
};

static void send_opus(Call *call)
{
    const Bytes *opus = &opus_packets[call->n_lies % G_N_ELEMENTS(opus_packets)];
    send_payload(call, opus->data, opus->size, false);
    /* A code-3 packet as large as a datagram, of 120 ms and of more. */
    uint8_t large[1180] = {0x7b, (uint8_t)(call->n_lies % 2 == 0 ? 6 : 48)};
    send_payload(call, large, 2 + 48 * 24, false);
}

static void send_jumps(Call *call)
{
    static const uint16_t jumps[] = {1, 32767, 2999, 3001, 3000, 100, 20000};
    uint8_t payload[40] = {0x78};
    uint16_t jump = jumps[call->n_lies % G_N_ELEMENTS(jumps)];
    MediaPeerSend send = {
        .section = MEDIA_PEER_AUDIO,
        .sequence = call->of_budi,
        .timestamp = call->n_lies * 0x3fffffffU,
        .payload = payload,
        .n_payload = sizeof payload,
    };
    media_peer_send(call->budi, &send);
    send.section = MEDIA_PEER_VIDEO;
    send.n_payload = relay_fixture_vp8(payload, sizeof payload, jump & 0x7fff, call->n_lies % 9);
    media_peer_send(call->budi, &send);
    call->of_budi = (uint16_t)(call->of_budi + jump);
}

/* Descriptors of VP8 that end too soon, of frames that never end, and repairs of anything. */
static void send_pictures(Call *call)
{
    static const Bytes pictures[] = {
        {1, {0x90}},
        {2, {0x90, 0x80}},
        {3, {0x90, 0x80, 0x80}},
        {2, {0x80, 0xff}},
        {6, {0x90, 0xf0, 0xff, 0xff, 0xff, 0xff}},
        {7, {0x90, 0x80, 0xff, 0xff, 0x10, 0, 0}},
        {4, {0xff, 0xff, 0xff, 0xff}},
    };
    const Bytes *picture = &pictures[call->n_lies % G_N_ELEMENTS(pictures)];
    MediaPeerSend send = {
        .section = MEDIA_PEER_VIDEO,
        .sequence = call->of_budi++,
        .timestamp = 1,
        .payload = picture->data,
        .n_payload = picture->size,
        .is_rtx = call->n_lies % 2,
    };
    media_peer_send(call->budi, &send);
}

/* 6 Mbit/s, whatever it is asked for, each third picture a key frame. */
static void send_deaf(Call *call)
{
    uint8_t payload[1100];
    for (unsigned i = 0; i < MANY; i++) {
        MediaPeerSend send = {
            .section = MEDIA_PEER_VIDEO,
            .sequence = call->of_budi++,
            .timestamp = call->n_lies * 1800,
            .marker = i + 1 == MANY,
            .payload = payload,
            .n_payload = relay_fixture_vp8(payload, sizeof payload, call->n_lies & 0x7fff,
                                           call->n_lies % 3 == 0),
        };
        if (i > 0)
            payload[0] = 0x80; /* not the start of a partition */
        media_peer_send(call->budi, &send);
    }
}

/* Reports of its clock that go anywhere, and farewells in the others' names. */
static void send_reports(Call *call)
{
    uint8_t data[400];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    uint32_t others[] = {media_peer_ssrc(call->ani, 0), media_peer_ssrc(call->ani, 1),
                         media_peer_ssrc(call->budi, 0)};
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++) {
        RtcpSenderInfo info = {.ssrc = others[i],
                               .ntp = call->n_lies % 2 == 0 ? UINT64_MAX - call->n_lies : 1,
                               .rtp_timestamp = call->n_lies * 0x70000000U};
        assert_int_equal(rtcp_write_sr(&writer, &info, NULL, 0), RTCP_OK);
    }
    assert_int_equal(rtcp_write_bye(&writer, others, G_N_ELEMENTS(others)), RTCP_OK);
    media_peer_send_rtcp(call->budi, data, writer.size);
}

/* The loudest of all, whatever is said. */
static void send_loudest(Call *call)
{
    static const uint8_t opus[40] = {0x78};
    send_payload(call, opus, sizeof opus, false);
}

static const Lie lies[] = {
    {.name = "RED that lies about its lengths", .send = send_red},
    {.name = "Opus with wrong TOCs and too many frames", .send = send_opus},
    {.name = "numbers and times that jump", .send = send_jumps},
    {.name = "pictures that end too soon", .send = send_pictures},
    {.name = "a sender that ignores every hint", .send = send_deaf},
    {.name = "reports and farewells of anything", .send = send_reports},
    {.name = "levels of the loudest",
     .send = send_loudest,
     .has_levels = true,
     .before_ms = 11 * 1000},
};

static Call call_new(bool has_levels)
{
    Call call = {.fixture = relay_fixture_new_running()};
    MediaPeerOptions honest = RELAY_FIXTURE_BOTH;
    honest.n_extra = 2;
    honest.levels = has_levels;
    MediaPeerOptions liar = RELAY_FIXTURE_BOTH;
    liar.red = true;
    liar.levels = has_levels;
    call.ani = relay_fixture_join(call.fixture, "ani", &honest);
    call.citra = relay_fixture_join(call.fixture, "citra", &honest);
    call.dewi = relay_fixture_join(call.fixture, "dewi", &honest);
    call.budi = relay_fixture_join(call.fixture, "budi", &liar);
    relay_fixture_connect(call.fixture, call.ani);
    relay_fixture_connect(call.fixture, call.citra);
    relay_fixture_connect(call.fixture, call.dewi);
    relay_fixture_connect(call.fixture, call.budi);
    if (has_levels) { /* which are asked for from three on */
        relay_fixture_renegotiate(call.fixture, call.ani);
        relay_fixture_renegotiate(call.fixture, call.citra);
    }
    return call;
}

static void send_picture(Call *call)
{
    unsigned n_plis = media_peer_log(call->ani)->control.n_plis;
    bool is_key = n_plis != call->answered_plis || call->video_sequence == 0;
    call->answered_plis = n_plis;
    relay_fixture_send_picture(call->ani, call->video_sequence++, is_key);
}

static void send_remb(MediaPeer *peer, uint32_t bps)
{
    uint8_t data[64];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    uint32_t ssrc = media_peer_answer(peer)->sections[MEDIA_PEER_VIDEO].ssrc;
    assert_int_equal(rtcp_write_remb(&writer, 77, bps, &ssrc, 1), RTCP_OK);
    media_peer_send_rtcp(peer, data, writer.size);
}

/* As people do: louder and quieter. */
static void speak(const Call *call, MediaPeer *peer)
{
    static const uint8_t opus[40] = {0x78};
    MediaPeerSend send = {
        .section = MEDIA_PEER_AUDIO,
        .sequence = call->audio_sequence,
        .timestamp = call->audio_sequence * 960U,
        .level = call->audio_sequence % 25 < 20 ? 30 : 45,
        .payload = opus,
        .n_payload = sizeof opus,
    };
    media_peer_send(peer, &send);
}

static void turn(Call *call, const Lie *lie)
{
    int64_t now_us = clock_mono_us(call->fixture->clock);
    if (now_us >= call->next_audio_us) {
        speak(call, call->ani);
        speak(call, call->citra);
        call->audio_sequence++;
        if (lie)
            lie->send(call);
        else
            relay_fixture_send_audio(call->budi, call->of_budi++);
        call->n_lies += lie != NULL;
        call->next_audio_us = MAX(call->next_audio_us, now_us - FRAME_US) + FRAME_US;
    }
    if (now_us >= call->next_video_us) {
        send_picture(call);
        call->next_video_us = MAX(call->next_video_us, now_us - PICTURE_US) + PICTURE_US;
    }
    if (now_us >= call->next_remb_us) {
        send_remb(call->citra, USUAL_BPS);
        send_remb(call->dewi, THIN_BPS);
        call->next_remb_us = now_us + REMB_US;
    }
    relay_fixture_pump(call->fixture);
}

static void live(Call *call, const Lie *lie, int64_t ms)
{
    int64_t end_us = clock_mono_us(call->fixture->clock) + ms * 1000;
    while (clock_mono_us(call->fixture->clock) < end_us)
        turn(call, lie);
}

/* The m-line in which PEER gets what PARTICIPANT sends of KIND. */
static uint32_t ssrc_of(const Call *call, const MediaPeer *peer, const char *id,
                        const char *participant, MediaKind kind)
{
    const MediaDescription *answer = media_peer_answer(peer);
    for (unsigned i = 0; i < answer->n_sections; i++) {
        const MediaSection *section = &answer->sections[i];
        if (section->kind == kind &&
            g_str_equal(relay_fixture_slot(call->fixture, id, section->mid), participant))
            return section->ssrc;
    }
    fail_msg("%s gets nothing of %s", id, participant);
    return 0;
}

/* Sound without a gap. */
static void assert_hears(const Call *call, MediaPeer *peer, const char *id, const char *whom,
                         unsigned n_spoken)
{
    uint32_t ssrc = ssrc_of(call, peer, id, whom, MEDIA_KIND_AUDIO);
    const MediaPeerLog *log = media_peer_log(peer);
    assert_in_range(relay_fixture_count(peer, ssrc), n_spoken / 6 - 2, n_spoken + 10);
    int64_t last_us = 0;
    for (unsigned i = 0; i < log->n_packets; i++) {
        if (log->packets[i].header.ssrc != ssrc)
            continue;
        assert_true(last_us == 0 || log->packets[i].at_us - last_us < GAP_US);
        last_us = log->packets[i].at_us;
    }
}

static unsigned bps_to(MediaPeer *peer)
{
    const MediaPeerLog *log = media_peer_log(peer);
    size_t n_bytes = 0;
    for (unsigned i = 0; i < log->n_packets; i++)
        n_bytes += log->packets[i].size + WIRE_OVERHEAD;
    return (unsigned)(n_bytes * 8 * 1000 / MEASURED_MS);
}

/* What was said and shown while the liar lied. */
typedef struct {
    unsigned n_spoken, n_shown, n_seen;
} Window;

static Window measure(Call *call, const Lie *lie)
{
    MediaPeer *honest[] = {call->ani, call->citra, call->dewi};
    for (unsigned i = 0; i < G_N_ELEMENTS(honest); i++)
        media_peer_log(honest[i])->n_packets = 0;
    uint16_t spoken_from = call->audio_sequence;
    uint16_t shown_from = call->video_sequence;
    live(call, lie, MEASURED_MS);
    uint32_t video = ssrc_of(call, call->citra, "citra", "ani", MEDIA_KIND_VIDEO);
    print_message("%s: ani %u, citra %u, dewi %u bit/s\n", lie->name, bps_to(call->ani),
                  bps_to(call->citra), bps_to(call->dewi));
    return (Window){
        .n_spoken = (uint16_t)(call->audio_sequence - spoken_from),
        .n_shown = (uint16_t)(call->video_sequence - shown_from),
        .n_seen = relay_fixture_count(call->citra, video),
    };
}

static void test_lie(void **state)
{
    const Lie *lie = *state;
    Call call = call_new(lie->has_levels);
    static const char *const ids[] = {"ani", "citra", "dewi"};
    live(&call, NULL, WARM_UP_MS);
    live(&call, lie, MAX(WARM_UP_MS, lie->before_ms));
    /* On a busy machine the peers' feedback is late, and pictures wait for it: a lie that holds
     * them up does so in each window. */
    Window window = measure(&call, lie);
    for (unsigned n = 1; n < WINDOWS && window.n_seen < window.n_shown / 3; n++)
        window = measure(&call, lie);
    unsigned n_spoken = window.n_spoken;
    assert_hears(&call, call.ani, "ani", "citra", n_spoken);
    assert_hears(&call, call.citra, "citra", "ani", n_spoken);
    assert_hears(&call, call.dewi, "dewi", "ani", n_spoken);
    assert_hears(&call, call.dewi, "dewi", "citra", n_spoken);
    assert_in_range(window.n_seen, window.n_shown / 3, window.n_shown * 5 / 4);
    /* The liar's sound may take its share, or 32 kbit/s. */
    assert_in_range(bps_to(call.dewi), 5 * K, THIN_BPS + 40 * K);
    assert_in_range(bps_to(call.citra), 100 * K, USUAL_BPS * 5 / 4);
    for (unsigned i = 0; i < G_N_ELEMENTS(ids); i++)
        assert_int_equal(relay_fixture_state(call.fixture, ids[i]), MEDIA_ENDPOINT_CONNECTED);
    relay_fixture_free(call.fixture);
}

int main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(lies)];
    for (unsigned i = 0; i < G_N_ELEMENTS(lies); i++)
        tests[i] = (struct CMUnitTest){lies[i].name, test_lie, NULL, NULL, (void *)&lies[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
