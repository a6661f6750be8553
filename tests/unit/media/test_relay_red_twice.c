// SPDX-License-Identifier: Apache-2.0
/* Sound of which a fifth is lost before the relay, with two copies of each packet, and how long the
 * picture beside it is held back. */
#include "tests/unit/media/red_call.h"

/* A picture waits for a minute after the last loss that it is worth for: each change is seen. */
static void test_pictures_stop_waiting_a_minute_later(void **state)
{
    (void)state;
    RedCall call = red_call_new(200);
    call.run = 4;
    for (unsigned ms = 0;
         ms < 2 * RED_CALL_SETTLED_MS && red_call_hint(&call, "budi")->jitter_video_ms == 0;
         ms += 100)
        red_call_live(&call, 100);
    assert_int_equal(red_call_hint(&call, "budi")->jitter_video_ms, 280);
    call.run = 0;
    for (unsigned s = 0; s < 60; s++) {
        red_call_live(&call, 1000);
        assert_int_equal(red_call_hint(&call, "budi")->jitter_video_ms, 280);
    }
    /* A quarter of a minute in which a tenth is forgotten, twice. */
    for (unsigned s = 0; s < 60 && red_call_hint(&call, "budi")->jitter_video_ms > 0; s++)
        red_call_live(&call, 1000);
    assert_int_equal(red_call_hint(&call, "budi")->jitter_video_ms, 0);
    relay_fixture_free(call.fixture);
}

/* One packet of five is lost until the two behind it are asked to have it too, at 20 ms apart. */
static void be_asked_for_two(RedCall *call)
{
    call->run = 1;
    call->cycle = 5;
    for (unsigned i = 0; i < 400 && red_call_hint(call, "ani")->audio_reach != 2; i++)
        red_call_live(call, 100);
    assert_true(red_call_hint(call, "ani")->audio_red);
    assert_int_equal(red_call_hint(call, "ani")->audio_reach, 2);
    red_call_set_copies(call, 2, 2, 1);
}

/* Nobody who loses nothing gets copies, though there are two in all that comes and he offers RED;
 * what is lost before comes out of them, once and in its place. */
static void test_two_copies_are_taken_out(void **state)
{
    (void)state;
    for (unsigned red = 0; red < 2; red++) {
        MediaPeerOptions budi = RELAY_FIXTURE_BOTH;
        budi.red = red;
        RedCall call = red_call_new_with(20, &budi);
        be_asked_for_two(&call);
        red_call_live(&call,
                      RED_CALL_SETTLED_MS); /* until budi's packets are not merged, nor doubled */
        call.run = 0;
        red_call_live(&call, 1000);
        red_call_drain(&call);
        uint16_t first = call.sequence;
        for (unsigned i = 0; i < 40; i++) {
            if (i % 5 == 2 || i == 23) /* one, and two in a row */
                call.sequence++;
            else
                red_call_speak(&call);
        }
        red_call_assert_whole(&call, first, 40);
        relay_fixture_free(call.fixture);
    }
}

/* The number of the frame in BLOCK (fill()). */
static uint16_t number_of(const RedBlock *block)
{
    assert_int_equal(block->payload_type, MEDIA_PEER_AUDIO_PT);
    assert_int_equal(block->size, RED_CALL_OPUS_BYTES);
    return (uint16_t)(block->data[1] << 8 | block->data[2]);
}

/* Who loses some gets as many copies as the own link is worth, each of the frame that its offset
 * names, and ani's not again in them: RFC 2198. */
static void test_two_copies_are_made_anew(void **state)
{
    (void)state;
    MediaPeerOptions budi = RELAY_FIXTURE_BOTH;
    budi.red = true;
    budi.loses_one_in = 10;
    RedCall call = red_call_new_with(20, &budi);
    be_asked_for_two(&call);
    red_call_live(&call, RED_CALL_SETTLED_MS);
    red_call_drain(&call);
    red_call_live(&call, 1000);
    const MediaPeerLog *log = media_peer_log(call.budi);
    unsigned n_red = 0, n_packets = 0;
    uint16_t first = 0;
    for (unsigned i = 0; i < log->n_packets; i++) {
        const MediaPeerPacket *packet = &log->packets[i];
        RedPacket red;
        if (packet->header.ssrc != call.audio || packet->n_payload == 0)
            continue;
        if (packet->header.payload_type == MEDIA_PEER_AUDIO_PT) {
            n_packets++;
            continue;
        }
        assert_int_equal(red_parse(packet->payload, packet->n_payload, &red), RED_OK);
        uint16_t number = number_of(&red.blocks[red.n_blocks - 1]);
        uint16_t place = (uint16_t)(packet->header.sequence - number);
        assert_true(n_red == 0 || place == first);
        first = place;
        assert_in_range(red.n_blocks, 2, 3);
        for (unsigned k = 0; k + 1 < red.n_blocks; k++) {
            unsigned back = (uint16_t)(number - number_of(&red.blocks[k]));
            assert_true(back > 0);
            assert_int_equal(red.blocks[k].timestamp_offset, back * RED_CALL_FRAME);
        }
        n_packets++;
        n_red++;
    }
    assert_true(n_packets >= 40);
    assert_true(n_red >= n_packets - 2);
    relay_fixture_free(call.fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures_stop_waiting_a_minute_later),
        cmocka_unit_test(test_two_copies_are_taken_out),
        cmocka_unit_test(test_two_copies_are_made_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
