// SPDX-License-Identifier: Apache-2.0
/* Receivers that lie in their feedback, send too much of it or none, or never read: the relay
 * lives, the two honest people of the room hear and see each other as before, and what goes to the
 * liar stays within bounds. The clock is a fake one that runs by itself. */
#include "tests/unit/media/liar.h"

enum {
    FRAME_US = 20 * 1000,
    PICTURE_US = 80 * 1000,
    WARM_UP_MS = 2500,
    MEASURED_MS = 3000,
    GAP_US = 300 * 1000,
    LIARS_AT_ONCE = 4,
    WIRE_OVERHEAD = 28 + 16, /* IPv4, UDP, tag */
    MOST_TOLD_LOSS = 256 / 5,
};

/* Ani and citra are honest and see each other. */
typedef struct {
    RelayFixture *fixture;
    MediaPeer *ani;
    MediaPeer *citra;
    Liar liars[LIARS_AT_ONCE];
    unsigned n_liars;
    uint16_t audio_sequence, video_sequence;
    int64_t next_audio_us, next_video_us;
    unsigned answered_plis;
} Call;

static void join_liar(Call *call, const Lie *lie)
{
    Liar *liar = &call->liars[call->n_liars];
    MediaPeerOptions options = RELAY_FIXTURE_BOTH;
    options.no_feedback = !lie->has_honest_feedback;
    options.no_transport_cc = lie->has_no_transport_cc;
    *liar = (Liar){.lie = lie, .twcc = twcc_receiver_new()};
    g_snprintf(liar->id, sizeof liar->id, "liar%u", call->n_liars++);
    liar->peer = relay_fixture_join(call->fixture, liar->id, &options);
    relay_fixture_connect(call->fixture, liar->peer);
    liar->audio = media_peer_answer(liar->peer)->sections[0].ssrc;
    liar->video = media_peer_answer(liar->peer)->sections[1].ssrc;
}

static void call_init(Call *call, const Lie *first, unsigned n)
{
    *call = (Call){.fixture = relay_fixture_new_running()};
    call->ani = relay_fixture_join(call->fixture, "ani", &RELAY_FIXTURE_BOTH);
    call->citra = relay_fixture_join(call->fixture, "citra", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(call->fixture, call->ani);
    relay_fixture_connect(call->fixture, call->citra);
    for (unsigned i = 0; i < n; i++)
        join_liar(call, &first[i]);
}

static void call_clear(Call *call)
{
    for (unsigned i = 0; i < call->n_liars; i++)
        twcc_receiver_free(call->liars[i].twcc);
    relay_fixture_free(call->fixture);
}

static void send_picture(Call *call)
{
    unsigned n_plis = media_peer_log(call->ani)->control.n_plis;
    bool is_key = n_plis != call->answered_plis || call->video_sequence == 0;
    call->answered_plis = n_plis;
    relay_fixture_send_picture(call->ani, call->video_sequence++, is_key);
}

static void turn(Call *call, bool is_lying)
{
    int64_t now_us = clock_mono_us(call->fixture->clock);
    if (now_us >= call->next_audio_us) {
        relay_fixture_send_audio(call->ani, call->audio_sequence);
        relay_fixture_send_audio(call->citra, call->audio_sequence++);
        call->next_audio_us = MAX(call->next_audio_us, now_us - FRAME_US) + FRAME_US;
    }
    if (now_us >= call->next_video_us) {
        send_picture(call);
        call->next_video_us = MAX(call->next_video_us, now_us - PICTURE_US) + PICTURE_US;
    }
    for (unsigned i = 0; i < call->n_liars; i++)
        liar_tell(&call->liars[i], is_lying, now_us);
    relay_fixture_pump(call->fixture);
}

static void live(Call *call, int64_t ms, bool is_lying)
{
    int64_t end_us = clock_mono_us(call->fixture->clock) + ms * 1000;
    while (clock_mono_us(call->fixture->clock) < end_us)
        turn(call, is_lying);
}

static void forget_packets(Call *call)
{
    media_peer_log(call->ani)->n_packets = media_peer_log(call->citra)->n_packets = 0;
    for (unsigned i = 0; i < call->n_liars; i++) {
        media_peer_log(call->liars[i].peer)->n_packets = 0;
        call->liars[i].n_seen = 0;
    }
}

/* Sound without a gap, from a peer with a good link. */
static void assert_hears(MediaPeer *peer, unsigned n_spoken)
{
    uint32_t ssrc = media_peer_answer(peer)->sections[MEDIA_PEER_AUDIO].ssrc;
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

/* As the relay counts it, since the beginning, with the honest part of it. */
static unsigned bps_to_deaf(Call *call, const char *id)
{
    const RelayFixture *fixture = call->fixture;
    unsigned before = fixture->n_samples;
    media_endpoint_close(fixture->media, id);
    relay_fixture_until(call->fixture, fixture->n_samples > before);
    const FixtureSample *last = &fixture->samples[fixture->n_samples - 1];
    assert_true(last->sample.is_final && g_str_equal(last->endpoint_id, id));
    return last->sample.out[MEDIA_KIND_AUDIO].bitrate_bps +
           last->sample.out[MEDIA_KIND_VIDEO].bitrate_bps;
}

static unsigned bps_to(MediaPeer *peer)
{
    const MediaPeerLog *log = media_peer_log(peer);
    size_t n_bytes = 0;
    for (unsigned i = 0; i < log->n_packets; i++)
        n_bytes += log->packets[i].size + WIRE_OVERHEAD;
    return (unsigned)(n_bytes * 8 * 1000 / MEASURED_MS);
}

static void assert_bounded(Call *call, const Liar *liar, unsigned n_spoken)
{
    const Lie *what = liar->lie;
    unsigned bps = what->is_deaf ? bps_to_deaf(call, liar->id) : bps_to(liar->peer);
    unsigned n_heard = relay_fixture_count(liar->peer, liar->audio);
    unsigned n_seen = relay_fixture_count(liar->peer, liar->video);
    print_message("%s: %u bit/s, sound %u, picture %u\n", what->name, bps, n_heard, n_seen);
    if (bps < what->least_bps || bps > what->most_bps)
        fail_msg("%s: %u bit/s", what->name, bps);
    if (!what->is_deaf && n_heard < n_spoken / 6 - 2)
        fail_msg("%s: %u packets of sound", what->name, n_heard);
    if (what->has_no_picture && n_seen > 0)
        fail_msg("%s: %u packets of the picture", what->name, n_seen);
}

static void run(const Lie *first, unsigned n)
{
    Call call;
    call_init(&call, first, n);
    live(&call, WARM_UP_MS, false);
    for (unsigned i = 0; i < n; i++)
        media_peer_set_deaf(call.liars[i].peer, first[i].is_deaf);
    live(&call, WARM_UP_MS, true);
    forget_packets(&call);
    unsigned n_plis = media_peer_log(call.ani)->control.n_plis;
    uint16_t spoken_from = call.audio_sequence;
    uint16_t shown_from = call.video_sequence;
    live(&call, MEASURED_MS, true);
    unsigned n_spoken = (uint16_t)(call.audio_sequence - spoken_from);
    unsigned n_shown = (uint16_t)(call.video_sequence - shown_from);
    assert_hears(call.ani, n_spoken);
    assert_hears(call.citra, n_spoken);
    /* What ani's Opus adds for the liars' sake is what it would for somebody who loses a fifth. */
    assert_in_range(media_peer_log(call.ani)->control.fraction_lost[0], 0, MOST_TOLD_LOSS);
    uint32_t video = media_peer_answer(call.citra)->sections[MEDIA_PEER_VIDEO].ssrc;
    assert_in_range(relay_fixture_count(call.citra, video), n_shown * 3 / 4, n_shown + 2);
    /* Two a second at most, and what ani is asked for is still what citra can take. */
    assert_in_range(media_peer_log(call.ani)->control.n_plis - n_plis, 0, 2 * 3 + 1);
    assert_true(relay_fixture_hint(call.fixture, "ani")->video_bps > 100 * 1000);
    assert_int_equal(relay_fixture_state(call.fixture, "ani"), MEDIA_ENDPOINT_CONNECTED);
    assert_int_equal(relay_fixture_state(call.fixture, "citra"), MEDIA_ENDPOINT_CONNECTED);
    for (unsigned i = 0; i < n; i++)
        assert_bounded(&call, &call.liars[i], n_spoken);
    call_clear(&call);
}

static void test_some(void **state)
{
    const Lie *first = *state;
    run(first, (unsigned)MIN(LIARS_AT_ONCE, (size_t)(liar_lies + LIAR_N_LIES - first)));
}

int main(void)
{
    G_STATIC_ASSERT(LIAR_N_LIES == 4 * LIARS_AT_ONCE);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_some, (void *)&liar_lies[0]),
        cmocka_unit_test_prestate(test_some, (void *)&liar_lies[LIARS_AT_ONCE]),
        cmocka_unit_test_prestate(test_some, (void *)&liar_lies[2 * LIARS_AT_ONCE]),
        cmocka_unit_test_prestate(test_some, (void *)&liar_lies[3 * LIARS_AT_ONCE]),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
