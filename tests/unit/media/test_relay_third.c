// SPDX-License-Identifier: Apache-2.0
/* A third comes into a visit of two, a screen is shown and taken back, the third goes: the patient
 * says all the while that its link takes 300 kbit/s, and no picture of its stands for a second.
 * What tests/browser/third has with browsers, on a clock that no busy machine stretches. */
#include "tests/unit/media/relay_call.h"

enum {
    S_US = 1000 * 1000,
    STILL_US = 1 * S_US, /* the issue's */
    LINK_BPS = 300 * 1000,
    PACKET_BPS = 104 * 1000, /* one of 1000 bytes in each picture of 80 ms */
    LARGE = 1,               /* bits of what came */
    SMALL = 2,
    LAYER_AT = 30, /* send_layer() writes it there */
};

typedef struct {
    Call call; /* ani is the doctor, budi the patient */
    MediaPeer *guest;
    unsigned guest_picture;
    uint16_t guest_sequence;
    unsigned guest_answered;
    int64_t next_guest_us;
} Visit;

/* As a page does: what the hint leaves for the large layer, and the small one where it is wanted.
 */
static void follow_hint(Call *call)
{
    const MediaHint *hint = relay_fixture_hint(call->fixture, "ani");
    if (!hint || hint->video_bps == 0)
        return;
    call->has_small_layer = hint->video_layers;
    uint32_t large_bps = hint->video_bps - MIN(hint->video_bps, hint->video_small_bps);
    call->packets_per_picture = CLAMP((large_bps + PACKET_BPS / 2) / PACKET_BPS, 1U, 4U);
}

static void send_guest(Visit *visit)
{
    int64_t now_us = clock_mono_us(visit->call.fixture->clock);
    const MediaHint *hint = relay_fixture_hint(visit->call.fixture, "guest");
    if (!visit->guest || now_us < visit->next_guest_us)
        return;
    visit->next_guest_us = now_us + 160 * 1000;
    relay_fixture_send_audio(visit->guest, (uint16_t)(visit->guest_sequence + 7));
    unsigned n_plis = media_peer_log(visit->guest)->control.n_plis;
    bool is_key = n_plis != visit->guest_answered || visit->guest_picture == 0;
    visit->guest_answered = n_plis;
    visit->guest_picture++;
    if (hint && hint->video_bps > 0)
        relay_fixture_send_video(visit->guest, visit->guest_sequence, is_key);
    visit->guest_sequence++;
}

static void live_visit(Visit *visit, int64_t ms)
{
    int64_t end_us = clock_mono_us(visit->call.fixture->clock) + ms * 1000;
    while (clock_mono_us(visit->call.fixture->clock) < end_us) {
        follow_hint(&visit->call);
        send_guest(visit);
        turn(&visit->call);
    }
}

/* Of the packets of SSRC that came to PEER: numbers without a hole, a key frame wherever the layer
 * changes, and no pause of a second; which layers there were. */
static unsigned assert_fluent(MediaPeer *peer, uint32_t ssrc, int64_t now_us)
{
    const MediaPeerLog *log = media_peer_log(peer);
    const MediaPeerPacket *before = NULL;
    unsigned layers = 0;
    for (unsigned i = 0; i < log->n_packets; i++) {
        const MediaPeerPacket *packet = &log->packets[i];
        if (packet->header.ssrc != ssrc || packet->n_payload == 0)
            continue;
        layers |= 1U << packet->payload[LAYER_AT];
        if (before) {
            assert_int_equal(packet->header.sequence, (uint16_t)(before->header.sequence + 1));
            if (packet->payload[LAYER_AT] != before->payload[LAYER_AT])
                assert_true(packet->payload[0] & 0x10 && !(packet->payload[4] & 1));
            assert_in_range(packet->at_us - before->at_us, 0, STILL_US);
        }
        before = packet;
    }
    assert_non_null(before);
    assert_in_range(now_us - before->at_us, 0, STILL_US);
    return layers;
}

static unsigned assert_patient_fluent(const Visit *visit)
{
    int64_t now_us = clock_mono_us(visit->call.fixture->clock);
    return assert_fluent(visit->call.budi, visit->call.video, now_us);
}

static void test_a_third_comes_and_goes(void **state)
{
    (void)state;
    MediaPeerOptions two_layers = RELAY_FIXTURE_BOTH;
    two_layers.n_rids = 2;
    Visit visit = {.call = call_new(&two_layers, &RELAY_FIXTURE_BOTH)};
    Call *call = &visit.call;
    call->obeys = true;
    call->packets_per_picture = 1;
    call->remb_bps = LINK_BPS;
    live_until(call, 6000, shown(call) == MEDIA_PICTURE_MOVING);
    live_visit(&visit, 5000);
    assert_false(relay_fixture_hint(call->fixture, "ani")->video_layers);
    forget_packets(call);

    visit.guest = relay_fixture_join(call->fixture, "guest", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(call->fixture, visit.guest);
    uint32_t guest_video = media_peer_answer(visit.guest)->sections[1].ssrc;
    live_visit(&visit, 12 * 1000);
    assert_true(relay_fixture_hint(call->fixture, "ani")->video_layers);
    assert_int_equal(assert_patient_fluent(&visit), LARGE | SMALL);
    media_peer_log(visit.guest)->n_packets = 0;
    forget_packets(call);
    live_visit(&visit, 3000);
    assert_int_equal(assert_patient_fluent(&visit), SMALL);
    assert_int_equal(assert_fluent(visit.guest, guest_video, clock_mono_us(call->fixture->clock)),
                     LARGE);

    for (unsigned screen = 1; screen < 3; screen++) {
        media_endpoint_set_screen(call->fixture->media, "ani", screen == 1);
        live_visit(&visit, 3000);
        assert_patient_fluent(&visit);
    }

    media_endpoint_close(call->fixture->media, "guest");
    visit.guest = NULL;
    live_visit(&visit, 12 * 1000);
    assert_false(relay_fixture_hint(call->fixture, "ani")->video_layers);
    assert_patient_fluent(&visit);
    forget_packets(call);
    live_visit(&visit, 2000);
    assert_int_equal(assert_patient_fluent(&visit), LARGE);
    relay_fixture_free(call->fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_third_comes_and_goes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
