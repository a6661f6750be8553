// SPDX-License-Identifier: Apache-2.0
/* The same as test_relay_late_start in the middle of a call: single pictures, a picture that moves
 * again, one that a thin link had cut off. */
#include "tests/unit/media/relay_call.h"

#include "media/rtp/bytes.h"

#include <string.h>

enum {
    PARTS = 3, /* packets of a key frame */
    SIZE = 1000,
    FRAME_US = 66 * 1000,
    REPAIR_US = 120 * 1000,
    GOOD_BPS = 600 * 1000,
    THIN_BPS = 12 * 1000,
    STILLS_BPS = 54 * 1000, /* sound, and no room for a picture that moves */
    LARGE = 4,              /* packets of a frame of the large layer */
    LAYER_AT = 30,
    BURST = 60, /* packets of a frame: 0.8 s of GOOD_BPS */
};

typedef struct {
    Call call; /* ani shows a picture, budi sees it */
    uint16_t sequence;
    uint16_t rtx_sequence;
    uint16_t picture;
    unsigned answered;
    unsigned n_packets; /* of the next frame, if it is no key frame; 0: one */
    bool loses;         /* the first packet of the next key frame */
    int64_t next_us;
    int64_t repair_us; /* 0: none is on its way */
    uint32_t lost_timestamp;
    uint8_t lost[2 + SIZE];
} Visit;

static Visit visit_new(void)
{
    MediaPeerOptions budi = RELAY_FIXTURE_BOTH;
    budi.remb = true;
    Visit visit = {.call = call_new(&RELAY_FIXTURE_BOTH, &budi), .sequence = 65500, .picture = 1};
    visit.call.remb_bps = GOOD_BPS;
    return visit;
}

static void send_part(Visit *visit, unsigned part, unsigned n_parts, bool is_key)
{
    int64_t now_us = clock_mono_us(visit->call.fixture->clock);
    uint8_t payload[SIZE];
    MediaPeerSend send = {
        .section = MEDIA_PEER_VIDEO,
        .sequence = visit->sequence++,
        .timestamp = (uint32_t)(now_us * 9 / 100),
        .marker = part + 1 == n_parts,
        .payload = payload,
        .n_payload = relay_fixture_vp8(payload, SIZE, visit->picture & 0x7fff, is_key),
    };
    if (part > 0)
        payload[0] = 0x80;
    payload[20] = is_key;
    payload[21] = (uint8_t)part;
    if (part > 0 || !is_key || !visit->loses) {
        media_peer_send(visit->call.ani, &send);
        return;
    }
    visit->loses = false;
    visit->repair_us = now_us + REPAIR_US;
    visit->lost_timestamp = send.timestamp;
    bytes_write_u16(visit->lost, send.sequence);
    memcpy(visit->lost + 2, payload, SIZE);
}

static void send_repair(Visit *visit)
{
    MediaPeerSend send = {
        .section = MEDIA_PEER_VIDEO,
        .sequence = visit->rtx_sequence++,
        .timestamp = visit->lost_timestamp,
        .is_rtx = true,
        .payload = visit->lost,
        .n_payload = sizeof visit->lost,
    };
    visit->repair_us = 0;
    media_peer_send(visit->call.ani, &send);
}

/* A key frame for each request. */
static void turn_visit(Visit *visit)
{
    int64_t now_us = clock_mono_us(visit->call.fixture->clock);
    unsigned n_plis = media_peer_log(visit->call.ani)->control.n_plis;
    if (now_us >= visit->next_us) {
        bool is_key = n_plis != visit->answered || visit->picture == 1;
        unsigned n = is_key ? PARTS : MAX(visit->n_packets, 1);
        visit->answered = n_plis;
        for (unsigned i = 0; i < n; i++)
            send_part(visit, i, n, is_key);
        if (!is_key)
            visit->n_packets = 0;
        visit->picture++;
        visit->next_us = now_us + FRAME_US;
    }
    if (visit->repair_us != 0 && now_us >= visit->repair_us)
        send_repair(visit);
    turn(&visit->call);
}

#define visit_until(visit, ms, condition)                                                          \
    do {                                                                                           \
        int64_t end_us_ = clock_mono_us((visit)->call.fixture->clock) + (int64_t)(ms)*1000;        \
        while (!(condition)) {                                                                     \
            if (clock_mono_us((visit)->call.fixture->clock) > end_us_)                             \
                fail_msg("never: %s", #condition);                                                 \
            turn_visit(visit);                                                                     \
        }                                                                                          \
    } while (false)

static void live_visit(Visit *visit, int64_t ms)
{
    int64_t end_us = clock_mono_us(visit->call.fixture->clock) + ms * 1000;
    while (clock_mono_us(visit->call.fixture->clock) < end_us)
        turn_visit(visit);
}

/* How many packets behind the one that shows the first of a key frame budi has without a hole, that
 * one included; 0: it has not come. */
static unsigned n_on_end(const Visit *visit)
{
    const MediaPeerLog *log = media_peer_log(visit->call.budi);
    unsigned n = 0;
    uint16_t next = 0;
    for (unsigned i = 0; i < log->n_packets; i++) {
        const MediaPeerPacket *packet = &log->packets[i];
        bool is_first = packet->payload[20] == 1 && packet->payload[21] == 0;
        if (packet->header.ssrc != visit->call.video || packet->n_payload == 0 ||
            (n == 0 && !is_first))
            continue;
        if (n > 0 && packet->header.sequence != next)
            fail_msg("a hole of %u behind %u packets", (uint16_t)(packet->header.sequence - next),
                     n);
        if (n < PARTS && (packet->payload[20] != 1 || packet->payload[21] != n))
            fail_msg("in place of part %u came %u of %s", n, packet->payload[21],
                     packet->payload[20] ? "a key frame" : "another");
        next = (uint16_t)(packet->header.sequence + 1);
        n++;
    }
    return n;
}

/* They stay until more than STILLS_BPS is said. */
static Visit visit_with_stills(void)
{
    Visit visit = visit_new();
    visit_until(&visit, 20000, shown(&visit.call) == MEDIA_PICTURE_MOVING);
    visit.call.remb_bps = THIN_BPS;
    visit_until(&visit, 20000, shown(&visit.call) != MEDIA_PICTURE_MOVING);
    live_visit(&visit, 3000);
    visit.call.remb_bps = STILLS_BPS;
    visit_until(&visit, 30000, shown(&visit.call) == MEDIA_PICTURE_STILLS);
    return visit;
}

static void test_a_single_picture_is_whole(void **state)
{
    (void)state;
    Visit visit = visit_with_stills();
    forget_packets(&visit.call);
    visit.loses = true;
    visit_until(&visit, 10000, visit.repair_us != 0);
    unsigned before = media_peer_log(visit.call.ani)->control.n_plis;
    forget_packets(&visit.call);
    visit_until(&visit, 10000, n_on_end(&visit) >= PARTS);
    assert_int_equal(shown(&visit.call), MEDIA_PICTURE_STILLS);
    assert_in_range(media_peer_log(visit.call.ani)->control.n_plis - before, 0, 1);
    relay_fixture_free(visit.call.fixture);
}

static void test_a_picture_moves_again(void **state)
{
    (void)state;
    Visit visit = visit_with_stills();
    visit.call.remb_bps = GOOD_BPS;
    visit_until(&visit, 60000, shown(&visit.call) == MEDIA_PICTURE_MOVING);
    visit.loses = true; /* of what was asked for when the picture was to move */
    forget_packets(&visit.call);
    visit_until(&visit, 5000, n_on_end(&visit) >= PARTS + 10);
    relay_fixture_free(visit.call.fixture);
}

/* The pacer refuses all but a key frame, and so the rest of one. */
static void test_a_picture_that_was_cut_off(void **state)
{
    (void)state;
    Visit visit = visit_new();
    visit_until(&visit, 20000, shown(&visit.call) == MEDIA_PICTURE_MOVING);
    live_visit(&visit, 1000);
    visit.n_packets = BURST;
    visit.loses = true;
    visit_until(&visit, 10000, visit.repair_us != 0);
    forget_packets(&visit.call);
    visit_until(&visit, 5000, n_on_end(&visit) >= PARTS + 10);
    relay_fixture_free(visit.call.fixture);
}

/* The second packet overtakes the first one. */
static void send_large(Call *call, uint32_t timestamp, bool is_key)
{
    static const uint8_t order[LARGE] = {1, 0, 2, 3};
    for (unsigned i = 0; i < LARGE; i++) {
        uint8_t payload[SIZE];
        MediaPeerSend send = {
            .section = MEDIA_PEER_VIDEO,
            .sequence = (uint16_t)(call->video_sequence + order[i]),
            .timestamp = timestamp,
            .marker = order[i] + 1 == LARGE,
            .payload = payload,
            .n_payload = relay_fixture_vp8(payload, SIZE, timestamp / 7200 & 0x7fff, is_key),
        };
        if (order[i] > 0)
            payload[0] = 0x80;
        payload[LAYER_AT] = 0;
        media_peer_send(call->ani, &send);
    }
    call->video_sequence += LARGE;
}

/* Budi has N packets of the large layer behind those of the small one, and no hole. */
static bool has_large(const Call *call, unsigned n)
{
    const MediaPeerLog *log = media_peer_log(call->budi);
    const MediaPeerPacket *before = NULL;
    unsigned n_large = 0;
    for (unsigned i = 0; i < log->n_packets; i++) {
        const MediaPeerPacket *packet = &log->packets[i];
        if (packet->header.ssrc != call->video || packet->n_payload == 0)
            continue;
        n_large += packet->payload[LAYER_AT] == 0;
        bool is_start = n_large == 1 && packet->payload[LAYER_AT] == 0;
        if (is_start) {
            assert_non_null(before);                           /* of the small layer */
            assert_int_equal(packet->payload[0] & 0x10, 0x10); /* RFC 7741, 4.2: S */
        }
        /* Later frames leave as they came. */
        if (before && n_large <= LARGE)
            assert_int_equal(packet->header.sequence, (uint16_t)(before->header.sequence + 1));
        before = packet;
    }
    return n_large >= n;
}

/* The small layer goes on until the large one's key frame is there. */
static void test_another_layer_begins(void **state)
{
    (void)state;
    MediaPeerOptions two = RELAY_FIXTURE_BOTH;
    two.n_rids = 2;
    MediaPeerOptions budi = RELAY_FIXTURE_BOTH;
    budi.remb = true;
    Call call = call_new(&two, &budi);
    call.remb_bps = 200 * 1000;
    int64_t next_us = 0;
    int64_t good_us = clock_mono_us(call.fixture->clock) + INT64_C(8) * 1000 * 1000;
    int64_t end_us = good_us + INT64_C(60) * 1000 * 1000;
    while (call.remb_bps < GOOD_BPS || !has_large(&call, LARGE)) {
        int64_t now_us = clock_mono_us(call.fixture->clock);
        if (now_us > end_us)
            fail_msg("the large layer never came");
        if (now_us > good_us && call.remb_bps < GOOD_BPS) {
            call.remb_bps = 4 * 1000 * 1000;
            forget_packets(&call);
        }
        if (now_us >= next_us) {
            next_us = now_us + FRAME_US;
            unsigned n_plis = media_peer_log(call.ani)->control.n_plis;
            bool is_key = n_plis != call.answered_plis || !call.has_begun;
            call.answered_plis = n_plis;
            call.has_begun = true;
            send_large(&call, (uint32_t)(now_us * 9 / 100), is_key);
            send_layer(&call, 1, 1, (uint32_t)(now_us * 9 / 100), is_key);
        }
        turn(&call);
    }
    relay_fixture_free(call.fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_picture_moves_again),
        cmocka_unit_test(test_a_single_picture_is_whole),
        cmocka_unit_test(test_a_picture_that_was_cut_off),
        cmocka_unit_test(test_another_layer_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
