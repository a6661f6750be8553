// SPDX-License-Identifier: Apache-2.0
/* What the relay asks of a page's encoders, what its pictures show, and what its link carried
 * before: told, kept for a resume, remembered. On the fake relay. */
#include "fixture.h"

#include "signaling/session.h"

#include <string.h>

static const MediaObserver *observer;

static void endpoint_state(Fixture *fixture, unsigned n, MediaEndpointState now)
{
    observer->on_endpoint_state(fake_media_endpoint(fixture->media, n), now,
                                clock_wall_ms(fixture->clock), fixture->signaling);
}

/* Doctor and patient in a visit that was called; what they were sent so far is read. */
static void called(Fixture *fixture, FakeConn **ret_patient, FakeConn **ret_doctor)
{
    fixture->visit.phase = SIGNALING_PHASE_CALLED;
    fixture->visit.state = "called";
    *ret_patient = fixture_join(fixture, "patient");
    *ret_doctor = fixture_join(fixture, "doctor");
    fixture_skip(*ret_patient);
}

static void send_hint(Fixture *fixture, unsigned n, uint32_t video_bps)
{
    const MediaHint hint = {.audio_bps = 16000, .ptime_ms = 60, .video_bps = video_bps};
    observer->on_endpoint_hint(fake_media_endpoint(fixture->media, n), &hint, fixture->signaling);
}

static void send_picture(Fixture *fixture, unsigned n, const char *mid, MediaPicture picture)
{
    observer->on_endpoint_picture(fake_media_endpoint(fixture->media, n), mid, picture,
                                  fixture->signaling);
}

static int64_t hinted_bps(json_t *hint)
{
    return json_integer_value(json_object_get(json_object_get(hint, "video"), "bitrate"));
}

static void hints_and_pictures_reach_the_page_of_the_endpoint(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1);
    fixture_skip(patient);
    fixture_skip(doctor);
    send_hint(fixture, 0, 90000);
    assert_int_equal(hinted_bps(fixture_expect(patient, "hint")), 90000);
    send_picture(fixture, 0, "1", MEDIA_PICTURE_RECEIVER_LINK);
    json_t *picture = fixture_expect(patient, "picture");
    assert_string_equal(fixture_text(picture, "mid"), "1");
    assert_string_equal(fixture_text(picture, "state"), "receiver-link");
    send_picture(fixture, 0, "1", MEDIA_PICTURE_RECEIVER_LINK);
    send_picture(fixture, 0, "77", MEDIA_PICTURE_MOVING);
    fixture_expect_nothing(patient);
    /* A further offer changes nothing of what is shown. */
    fixture_offer(fixture, patient, 2, 1);
    fixture_skip(patient);
    send_picture(fixture, 0, "1", MEDIA_PICTURE_RECEIVER_LINK);
    fixture_expect_nothing(patient);
    fixture_expect_nothing(doctor);
    /* An endpoint that was replaced says nothing any more. */
    fixture_offer(fixture, patient, 3, 9);
    fixture_skip(patient);
    send_hint(fixture, 0, 1);
    send_picture(fixture, 0, "1", MEDIA_PICTURE_MOVING);
    fixture_expect_nothing(patient);
}

static FakeConn *resumed(Fixture *fixture, const char *resume, int64_t last_seq)
{
    FakeConn *again = fixture_open(fixture);
    fixture_say(fixture, again,
                "{'type': 'hello', 'token': 'patient', 'resume': '%s', 'last_seq': %d}", resume,
                (int)last_seq);
    return again;
}

static void of_hints_and_pictures_the_newest_is_resumed(void **state)
{
    enum { N_HINTS = 2 * SESSION_BUFFER_MESSAGES };
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    g_autofree char *resume = g_strdup(fixture_text(patient->last, "resume"));
    fixture_offer(fixture, patient, 1, 1);
    fixture_skip(patient);
    send_hint(fixture, 0, 1);
    int64_t seen = json_integer_value(json_object_get(fixture_expect(patient, "hint"), "seq"));
    fixture_close(fixture, patient);
    for (uint32_t n = 2; n <= N_HINTS; n++) {
        send_hint(fixture, 0, n);
        send_picture(fixture, 0, "0", n % 2 ? MEDIA_PICTURE_NONE : MEDIA_PICTURE_STILLS);
        send_picture(fixture, 0, "1", n % 2 ? MEDIA_PICTURE_STILLS : MEDIA_PICTURE_MOVING);
    }
    FakeConn *again = resumed(fixture, resume, seen);
    assert_true(fixture_flag(fixture_expect(again, "welcome"), "resumed"));
    assert_int_equal(hinted_bps(fixture_expect(again, "hint")), N_HINTS);
    assert_string_equal(fixture_text(fixture_expect(again, "picture"), "state"), "stills");
    assert_string_equal(fixture_text(fixture_expect(again, "picture"), "state"), "moving");
    fixture_expect_nothing(again);
}

/* The page lives, its buffer has run over: its endpoint is kept, and so is how that stands. */
static void the_full_state_has_the_media_of_a_living_page(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    g_autofree char *resume = g_strdup(fixture_text(patient->last, "resume"));
    fixture_offer(fixture, patient, 1, 1);
    observer->on_endpoint_slot(fake_media_endpoint(fixture->media, 0), "1", "p-doctor",
                               fixture->signaling);
    send_hint(fixture, 0, 50000);
    send_picture(fixture, 0, "1", MEDIA_PICTURE_SENDER_LINK);
    for (unsigned i = 0; i <= SESSION_BUFFER_MESSAGES; i++) {
        fixture->visit.queue_ahead = i + 1;
        signaling_visit_changed(fixture->signaling, &fixture->visit);
    }
    FakeConn *again = resumed(fixture, resume, 2);
    assert_false(fixture_flag(fixture_expect(again, "welcome"), "resumed"));
    fixture_expect(again, "streams");
    assert_int_equal(hinted_bps(fixture_expect(again, "hint")), 50000);
    assert_string_equal(fixture_text(fixture_expect(again, "picture"), "state"), "sender-link");
}

static void send_sample(Fixture *fixture, unsigned n, uint32_t down_bps, uint32_t up_bps)
{
    const MediaSample sample = {.down_bps = down_bps, .up_bps = up_bps, .is_final = true};
    observer->on_endpoint_sample(fake_media_endpoint(fixture->media, n), &sample,
                                 fixture->signaling);
}

static void open_camera(Fixture *fixture, const char *token)
{
    g_autofree char *sdp = fixture_sdp(5);
    g_autofree char *resource = NULL, *answer = NULL;
    SignalingAdmission admission;
    fixture_admission(fixture, token, &admission);
    assert_true(signaling_whip_open(fixture->signaling, &admission, SIGNALING_WHIP, sdp,
                                    strlen(sdp), &resource, &answer, NULL));
}

static void the_next_endpoint_starts_from_the_last_good_estimate(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1);
    assert_int_equal(fake_media_options(fixture->media, 0)->start_down_bps, 0);
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_CONNECTED);
    send_sample(fixture, 0, 150000, 64000);
    send_sample(fixture, 0, 140000, 0);
    /* What is measured on a link that has gone says nothing. */
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_SILENT);
    send_sample(fixture, 0, 10000, 10000);
    /* The page is loaded again. */
    fixture_close(fixture, patient);
    patient = fixture_join(fixture, "patient");
    fixture_offer(fixture, patient, 1, 2);
    assert_int_equal(fake_media_options(fixture->media, 1)->start_down_bps, 140000);
    assert_int_equal(fake_media_options(fixture->media, 1)->start_up_bps, 64000);
    /* Another participant, and a device with a link of its own, are not meant. */
    fixture_offer(fixture, doctor, 1, 3);
    assert_int_equal(fake_media_options(fixture->media, 2)->start_down_bps, 0);
    open_camera(fixture, "patient");
    assert_int_equal(fake_media_options(fixture->media, 3)->start_up_bps, 0);
    /* The final sample of an endpoint that is out of the call counts. */
    fixture_say(fixture, patient, "{'type': 'leave'}");
    send_sample(fixture, 1, 90000, 30000);
    fixture_offer(fixture, patient, 2, 4);
    assert_int_equal(fake_media_options(fixture->media, 4)->start_down_bps, 90000);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(hints_and_pictures_reach_the_page_of_the_endpoint),
        TEST(of_hints_and_pictures_the_newest_is_resumed),
        TEST(the_full_state_has_the_media_of_a_living_page),
        TEST(the_next_endpoint_starts_from_the_last_good_estimate),
    };
    observer = signaling_media_observer();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
