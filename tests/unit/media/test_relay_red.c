// SPDX-License-Identifier: Apache-2.0
/* A publisher's sound with copies of what it sent before (RFC 2198), near and far: what they fill,
 * and for how long its receivers are asked to hold sound back (relay/lateness.h). */
#include "tests/unit/media/red_call.h"

enum {
    TOC_10_MS = 0x70,
    TOC_2_5_MS = 0x80,
    TOC_NONE = 0xff, /* no frames */
    REACH_MS = 8 * 20,
};

/* Losses in runs until the sender is asked for copies further apart, then none. */
static void be_asked(RedCall *call)
{
    call->run = 4;
    for (unsigned i = 0; i < 200 && red_call_hint(call, "ani")->audio_reach < 8; i++)
        red_call_live(call, 100);
    assert_true(red_call_hint(call, "ani")->audio_red);
    assert_int_equal(red_call_hint(call, "ani")->audio_reach, 8);
    assert_int_equal(red_call_hint(call, "ani")->ptime_ms, 20);
    call->run = 0;
    red_call_live(call, 1000);
}

static void test_distant_copies_fill_a_run(void **state)
{
    (void)state;
    RedCall call = red_call_new(20);
    be_asked(&call);
    red_call_set_copies(&call, 2, 8, 3);
    red_call_live(&call, 1000);
    red_call_drain(&call);
    uint16_t first = call.sequence;
    red_call_speak(&call);
    call.sequence += 7; /* lost */
    for (unsigned i = 0; i < 12; i++)
        red_call_speak(&call);
    red_call_assert_whole(&call, first, 20);
    relay_fixture_free(call.fixture);
}

/* What a block's number is cannot be told from a time that is no multiple of its packets'. */
static void test_blocks_that_cannot_be_placed_are_left_out(void **state)
{
    (void)state;
    RedCall call = red_call_new(20);
    be_asked(&call);
    red_call_drain(&call);
    uint16_t first = call.sequence;
    red_call_speak(&call);
    call.sequence++; /* lost */
    static const struct {
        uint8_t toc;
        uint16_t more; /* samples */
    } bad[] = {{TOC_10_MS, 0},
               {RED_CALL_TOC_20_MS, 1},
               {RED_CALL_TOC_20_MS, RED_CALL_FRAME / 2},
               {TOC_2_5_MS, 0},
               {TOC_NONE, 0}};
    unsigned back = 1;
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++, back++) {
        uint16_t offset = (uint16_t)(back * RED_CALL_FRAME + bad[i].more);
        red_call_send(&call, call.sequence++, &back, 1, bad[i].toc, &offset);
    }
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.audio) == 6);
    uint16_t offset = (uint16_t)(back * RED_CALL_FRAME);
    red_call_send(&call, call.sequence++, &back, 1, RED_CALL_TOC_20_MS,
                  &offset); /* its number is free */
    red_call_assert_whole(&call, first, 8);
    /* So many of 2.5 ms are from before all that came. */
    static const unsigned far[] = {136};
    uint16_t most = 136 * 120;
    red_call_send(&call, call.sequence++, far, 1, TOC_2_5_MS, &most);
    red_call_assert_whole(&call, first, 9);
    relay_fixture_free(call.fixture);
}

/* Chromium's own copy is of the packet before, however long ago that was (DTX). */
static void test_a_sender_that_was_not_asked_counts_by_order(void **state)
{
    (void)state;
    RedCall call = red_call_new(20);
    red_call_live(&call, RED_CALL_SETTLED_MS); /* until budi's packets are not merged */
    red_call_drain(&call);
    uint16_t first = call.sequence;
    red_call_speak(&call);
    uint32_t before = call.sequence * (uint32_t)RED_CALL_FRAME;
    call.sequence++; /* lost, and a pause of 200 ms after it */
    call.paused = 10 * RED_CALL_FRAME;
    static const unsigned back[] = {1};
    uint16_t offset = 11 * RED_CALL_FRAME;
    red_call_send(&call, call.sequence, back, 1, RED_CALL_TOC_20_MS, &offset);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.audio) == 3);
    const MediaPeerLog *log = media_peer_log(call.budi);
    const RtpHeader *start = NULL;
    for (unsigned i = 0, n = 0; i < log->n_packets; i++) {
        const MediaPeerPacket *packet = &log->packets[i];
        if (packet->header.ssrc != call.audio || packet->n_payload == 0)
            continue;
        start = start ? start : &packet->header;
        assert_int_equal(packet->payload[2], (uint8_t)(first + n));
        assert_int_equal((uint16_t)(packet->header.sequence - start->sequence), n);
        uint32_t sent = n < 2 ? before - RED_CALL_FRAME + n * RED_CALL_FRAME
                              : call.sequence * RED_CALL_FRAME + call.paused;
        assert_int_equal(packet->header.timestamp - start->timestamp,
                         sent - (before - RED_CALL_FRAME));
        n++;
    }
    relay_fixture_free(call.fixture);
}

static void test_nobody_waits_without_loss(void **state)
{
    (void)state;
    RedCall call = red_call_new(200);
    red_call_set_copies(&call, 2, 8, 3);
    red_call_live(&call, 3000);
    assert_int_equal(red_call_hint(&call, "budi")->jitter_ms, 0);
    assert_int_equal(red_call_hint(&call, "budi")->jitter_video_ms, 0);
    assert_int_equal(red_call_hint(&call, "ani")->audio_reach, 0);
    relay_fixture_free(call.fixture);
}

/* Lives until budi is asked to hold sound back for so long. */
static void live_until_held(RedCall *call, unsigned least_ms, unsigned most_ms, unsigned limit_ms)
{
    for (unsigned ms = 0; ms < limit_ms; ms += 100) {
        unsigned held_ms = red_call_hint(call, "budi")->jitter_ms;
        if (held_ms >= least_ms && held_ms <= most_ms)
            return;
        red_call_live(call, 100);
    }
    fail_msg("%u ms and not %u to %u", red_call_hint(call, "budi")->jitter_ms, least_ms, most_ms);
}

/* Long runs and nothing but requests: a round trip, and what a request takes besides. Pictures wait
 * for theirs too, as their receiver's browser does not know of it, and for longer. */
static void test_repairs_take_a_round_trip(void **state)
{
    (void)state;
    RedCall call = red_call_new(200);
    call.run = 4;
    live_until_held(&call, 260, 280, RED_CALL_SETTLED_MS);
    for (unsigned ms = 0;
         ms < RED_CALL_SETTLED_MS && red_call_hint(&call, "budi")->jitter_video_ms == 0; ms += 100)
        red_call_live(&call, 100);
    assert_int_equal(red_call_hint(&call, "budi")->jitter_video_ms, 280);
    assert_int_equal(red_call_hint(&call, "ani")->jitter_ms, 0); /* budi says nothing */
    assert_int_equal(red_call_hint(&call, "ani")->jitter_video_ms, 0);
    call.run = 0;
    live_until_held(&call, 0, 0, 2 * RED_CALL_SETTLED_MS);
    assert_int_equal(red_call_hint(&call, "budi")->jitter_video_ms, 280);
    relay_fixture_free(call.fixture);
}

/* With a third the sound of each is held back for its own sender's link, not for the worst. */
static void test_one_lossy_sender_delays_nobody_else(void **state)
{
    (void)state;
    MediaPeerOptions budi = RELAY_FIXTURE_BOTH;
    budi.n_extra = 1;
    RedCall call = red_call_new_with(200, &budi);
    MediaPeer *citra = relay_fixture_join(call.fixture, "citra", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(call.fixture, citra);
    const char *const mids[] = {media_peer_answer(call.budi)->sections[0].mid,
                                media_peer_answer(call.budi)->sections[2].mid};
    relay_fixture_until(call.fixture,
                        g_str_equal(relay_fixture_slot(call.fixture, "budi", mids[1]), "citra"));
    assert_string_equal(relay_fixture_slot(call.fixture, "budi", mids[0]), "ani");
    call.run = 4;
    live_until_held(&call, 260, 280, RED_CALL_SETTLED_MS);
    const MediaHint *held = red_call_hint(&call, "budi");
    assert_int_equal(held->n_holds, 1);
    assert_string_equal(held->holds[0].mid, mids[1]);
    assert_int_equal(held->holds[0].ms, 0);
    /* Citra has one m-line for sound: ani's. */
    for (unsigned ms = 0; ms < 2000 && red_call_hint(&call, "citra")->jitter_ms == 0; ms += 100)
        red_call_live(&call, 100);
    assert_in_range(red_call_hint(&call, "citra")->jitter_ms, 260, 280);
    /* The third goes: of one sender nothing is said by m-line. */
    media_endpoint_close(call.fixture->media, "citra");
    for (unsigned ms = 0; ms < RED_CALL_SETTLED_MS && red_call_hint(&call, "budi")->n_holds > 0;
         ms += 100)
        red_call_live(&call, 100);
    assert_int_equal(red_call_hint(&call, "budi")->n_holds, 0);
    assert_in_range(red_call_hint(&call, "budi")->jitter_ms, 260, 280);
    relay_fixture_free(call.fixture);
}

/* Until budi is asked to hold pictures back; how long that took. */
static unsigned held_after_ms(RedCall *call, unsigned limit_ms)
{
    unsigned ms = 0;
    for (; ms < limit_ms && red_call_hint(call, "budi")->jitter_video_ms == 0; ms += 100)
        red_call_live(call, 100);
    return ms;
}

/* Each loss until then stops the picture, so the first ones count for more than later ones. */
static void test_pictures_wait_soon(void **state)
{
    (void)state;
    RedCall call = red_call_new(200);
    call.run = 1;
    call.cycle = 20;
    assert_in_range(held_after_ms(&call, RED_CALL_SETTLED_MS), 3500, 7000);
    relay_fixture_free(call.fixture);
}

/* A browser adds a round trip of its own only after three freezes. */
static void test_pictures_wait_for_the_own_link(void **state)
{
    (void)state;
    static const struct {
        unsigned loses_one_in, held_ms;
    } rows[] = {{20, 280}, {150, 0}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        MediaPeerOptions budi = RELAY_FIXTURE_BOTH;
        budi.loses_one_in = rows[i].loses_one_in;
        RedCall call = red_call_new_with(200, &budi);
        held_after_ms(&call, RED_CALL_SETTLED_MS);
        assert_int_equal(red_call_hint(&call, "budi")->jitter_video_ms, rows[i].held_ms);
        assert_int_equal(red_call_hint(&call, "ani")->jitter_video_ms, 0);
        relay_fixture_free(call.fixture);
    }
}

/* On a short path the repair of a picture is there before the next one. */
static void test_pictures_of_a_short_path_do_not_wait(void **state)
{
    (void)state;
    RedCall call = red_call_new(60);
    call.run = 4;
    live_until_held(&call, 120, 140, RED_CALL_SETTLED_MS);
    red_call_live(&call, RED_CALL_SETTLED_MS);
    assert_int_equal(red_call_hint(&call, "budi")->jitter_video_ms, 0);
    relay_fixture_free(call.fixture);
}

/* A copy in the next packet is lost with it. Those that are far enough apart are all that is waited
 * for. */
static void test_where_copies_are_enough_nothing_else_is_waited_for(void **state)
{
    (void)state;
    RedCall call = red_call_new(200);
    call.run = 4;
    red_call_set_copies(&call, 1, 1, 0);
    live_until_held(&call, 260, 280, RED_CALL_SETTLED_MS);
    red_call_set_copies(&call, 2, 8, 3);
    live_until_held(&call, REACH_MS + 20, REACH_MS + 40, 2 * RED_CALL_SETTLED_MS);
    relay_fixture_free(call.fixture);
}

static void test_a_copy_in_the_next_packet_is_enough_for_single_losses(void **state)
{
    (void)state;
    RedCall call = red_call_new(200);
    call.run = 1;
    call.cycle = 20;
    call.pauses = true; /* a copy across one is no later for it */
    red_call_set_copies(&call, 1, 1, 0);
    live_until_held(&call, 20, 20 + 60 + 20,
                    RED_CALL_SETTLED_MS); /* packets of 60 ms are asked for at first */
    red_call_live(&call, 3000);
    assert_in_range(red_call_hint(&call, "budi")->jitter_ms, 20, 20 + 60 + 20);
    assert_int_equal(red_call_hint(&call, "ani")->audio_reach, 0);
    relay_fixture_free(call.fixture);
}

/* What is lost on the receiver's own way: asked for again, or in the next packet if it takes RED.
 */
static void test_the_receivers_own_losses(void **state)
{
    (void)state;
    for (unsigned red = 0; red < 2; red++) {
        MediaPeerOptions budi = RELAY_FIXTURE_BOTH;
        budi.red = red;
        budi.loses_one_in = 10;
        RedCall call = red_call_new_with(200, &budi);
        if (red)
            live_until_held(&call, 40, 3 * 20 + 20, 3 * RED_CALL_SETTLED_MS);
        else
            live_until_held(&call, 260, 260, RED_CALL_SETTLED_MS);
        relay_fixture_free(call.fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distant_copies_fill_a_run),
        cmocka_unit_test(test_blocks_that_cannot_be_placed_are_left_out),
        cmocka_unit_test(test_a_sender_that_was_not_asked_counts_by_order),
        cmocka_unit_test(test_nobody_waits_without_loss),
        cmocka_unit_test(test_one_lossy_sender_delays_nobody_else),
        cmocka_unit_test(test_repairs_take_a_round_trip),
        cmocka_unit_test(test_pictures_wait_soon),
        cmocka_unit_test(test_pictures_wait_for_the_own_link),
        cmocka_unit_test(test_pictures_of_a_short_path_do_not_wait),
        cmocka_unit_test(test_where_copies_are_enough_nothing_else_is_waited_for),
        cmocka_unit_test(test_a_copy_in_the_next_packet_is_enough_for_single_losses),
        cmocka_unit_test(test_the_receivers_own_losses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
