// SPDX-License-Identifier: Apache-2.0
/* Offers and answers, media events, WHIP and WHEP, on the fake relay. */
#include "fixture.h"

#include <string.h>

static const MediaObserver *observer;

static void endpoint_state(Fixture *fixture, unsigned n, MediaEndpointState now)
{
    observer->on_endpoint_state(fake_media_endpoint(fixture->media, n), now,
                                clock_wall_ms(fixture->clock), fixture->signaling);
}

static void final_sample(Fixture *fixture, unsigned n)
{
    const MediaSample sample = {.is_final = true};
    observer->on_endpoint_sample(fake_media_endpoint(fixture->media, n), &sample,
                                 fixture->signaling);
}

/* Doctor and patient in a visit that was called; what they were sent so far is read. */
static void called(Fixture *fixture, FakeConn **ret_patient, FakeConn **ret_doctor)
{
    fixture->visit.phase = SIGNALING_PHASE_CALLED;
    fixture->visit.state = "called";
    *ret_patient = fixture_join(fixture, "patient");
    *ret_doctor = fixture_join(fixture, "doctor");
    fixture_skip(*ret_patient);
    g_string_truncate(fixture->events, 0);
}

static void offers_wait_for_the_call(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient = fixture_join(fixture, "patient");
    fixture_offer(fixture, patient, 4, 1);
    json_t *error = fixture_expect(patient, "error");
    assert_string_equal(fixture_text(error, "code"), "bad-state");
    assert_int_equal(json_integer_value(json_object_get(error, "id")), 4);
    assert_int_equal(fake_media_n_open(fixture->media), 0);
    fixture_set_phase(fixture, SIGNALING_PHASE_CALLED, "called");
    fixture_expect(patient, "visit");
    fixture_offer(fixture, patient, 5, 1);
    json_t *answer = fixture_expect(patient, "answer");
    assert_int_equal(json_integer_value(json_object_get(answer, "id")), 5);
    assert_non_null(strstr(fixture_text(answer, "sdp"), "a=setup:active\r\n"));
    assert_string_equal(fake_media_options(fixture->media, 0)->room_id, "v1");
    assert_true(fake_media_options(fixture->media, 0)->may_publish);
}

static void a_second_offer_changes_the_same_endpoint(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1);
    fixture_offer(fixture, patient, 2, 1);
    assert_int_equal(fake_media_n_open(fixture->media), 1);
    assert_int_equal(fake_media_n_negotiated(fixture->media, 0), 2);
}

static void a_page_that_sends_its_screen_says_so(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, doctor, 1, 1);
    assert_false(fake_media_sends_screen(fixture->media, 0));
    fixture_skip(patient);
    fixture_say(fixture, doctor, "{'type': 'devices', 'audio': 'on', 'video': 'screen'}");
    assert_true(fake_media_sends_screen(fixture->media, 0));
    json_t *who = json_object_get(fixture_expect(patient, "participant"), "participant");
    assert_string_equal(fixture_text(who, "video"), "screen");
    fixture_offer(fixture, doctor, 2, 9); /* a new connection sends it, too */
    assert_true(fake_media_sends_screen(fixture->media, 1));
    fixture_say(fixture, doctor, "{'type': 'devices', 'audio': 'on', 'video': 'on'}");
    assert_false(fake_media_sends_screen(fixture->media, 1));
    fixture_skip(doctor);
    fixture_say(fixture, doctor, "{'type': 'devices', 'audio': 'screen', 'video': 'on'}");
    assert_string_equal(fixture_text(fixture_expect(doctor, "error"), "code"), "bad-message");
}

static void whose_picture_comes_first_is_told(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_say(fixture, doctor,
                "{'type': 'pin', 'participant': 'p-patient'}"); /* before the offer */
    fixture_offer(fixture, doctor, 1, 1);
    assert_string_equal(fake_media_pinned(fixture->media, 0), "p-patient");
    fixture_say(fixture, doctor, "{'type': 'pin', 'participant': 'p-nobody'}");
    assert_null(fake_media_pinned(fixture->media, 0));
    fixture_say(fixture, doctor, "{'type': 'pin', 'participant': 'p-patient'}");
    fixture_offer(fixture, doctor, 2, 9); /* a new connection, the same wish */
    assert_string_equal(fake_media_pinned(fixture->media, 1), "p-patient");
    fixture_say(fixture, doctor, "{'type': 'pin', 'participant': null}");
    assert_null(fake_media_pinned(fixture->media, 1));
    fixture_skip(doctor);
    fixture_say(fixture, doctor, "{'type': 'pin', 'participant': 7}");
    assert_string_equal(fixture_text(fixture_expect(doctor, "error"), "code"), "bad-message");
}

static void a_new_certificate_is_a_new_endpoint(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1);
    fixture_offer(fixture, patient, 2, 9);
    assert_false(fake_media_is_open(fixture->media, 0));
    assert_true(fake_media_is_open(fixture->media, 1));
    fixture_expect_events(fixture, "endpoint p-patient closed\n");
    final_sample(fixture, 0);
    fixture_expect_events(fixture, "sample p-patient final\n");
    final_sample(fixture, 0);
    fixture_expect_events(fixture, "");
}

static void passive_opens_again_with_the_option(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1);
    g_autofree char *sdp = fixture_sdp(1);
    g_autofree char *escaped = g_strescape(sdp, NULL);
    fixture_say(fixture, patient, "{'type': 'offer', 'id': 2, 'sdp': '%s', 'passive': true}",
                escaped);
    assert_false(fake_media_is_open(fixture->media, 0));
    assert_true(fake_media_options(fixture->media, 1)->dtls_passive);
    fixture_offer(fixture, patient, 3, 1);
    assert_true(fake_media_is_open(fixture->media, 1));
    assert_int_equal(fake_media_n_negotiated(fixture->media, 1), 2);
}

static void failures_name_the_cause_and_change_nothing(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1);
    fixture_expect(patient, "answer");
    fixture_skip(patient);
    fixture_say(fixture, patient, "{'type': 'offer', 'id': 2, 'sdp': 'v=0\\n'}");
    json_t *error = fixture_expect(patient, "error");
    assert_string_equal(fixture_text(error, "code"), "bad-offer");
    assert_string_equal(fixture_text(error, "detail"), "number of m= lines");

    fake_media_fail_next(fixture->media, MEDIA_ERROR_BAD_OFFER, false);
    fixture_offer(fixture, patient, 3, 7);
    error = fixture_expect(patient, "error");
    assert_string_equal(fixture_text(error, "code"), "bad-offer");
    assert_string_equal(fixture_text(error, "detail"), "a=wrong");
    assert_true(fake_media_is_open(fixture->media, 0));
    assert_false(fake_media_is_open(fixture->media, 1));

    fake_media_fail_next(fixture->media, MEDIA_ERROR_FULL, true);
    fixture_offer(fixture, patient, 4, 7);
    assert_string_equal(fixture_text(fixture_expect(patient, "error"), "code"), "room-full");

    fake_media_fail_next(fixture->media, MEDIA_ERROR_FAILED, true);
    fixture_offer(fixture, patient, 5, 7);
    assert_string_equal(fixture_text(fixture_expect(patient, "error"), "code"), "internal");
    assert_true(fake_media_is_open(fixture->media, 0));

    /* The relay has forgotten the endpoint: another is opened. */
    fake_media_fail_next(fixture->media, MEDIA_ERROR_NOT_FOUND, false);
    fixture_offer(fixture, patient, 6, 1);
    fixture_expect(patient, "answer");
    assert_false(fake_media_is_open(fixture->media, 0));
    assert_int_equal(fake_media_n_open(fixture->media), 1);
}

/* The browser shook hands with an endpoint that is gone, and would not do so again. */
static void a_connection_that_has_ended_is_not_taken_up(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1);
    fixture_expect(patient, "answer");
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_CONNECTED);
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_FAILED);
    fixture_offer(fixture, patient, 2, 1);
    json_t *error = fixture_expect(patient, "error");
    assert_string_equal(fixture_text(error, "code"), "bad-offer");
    assert_non_null(strstr(fixture_text(error, "detail"), "a=fingerprint"));
    assert_int_equal(fake_media_n_open(fixture->media), 0);
    fixture_offer(fixture, patient, 3, 2);
    fixture_expect(patient, "answer");
    endpoint_state(fixture, 1, MEDIA_ENDPOINT_CONNECTED);
    fake_media_fail_next(fixture->media, MEDIA_ERROR_NOT_FOUND, false);
    fixture_offer(fixture, patient, 4, 2);
    assert_string_equal(fixture_text(fixture_expect(patient, "error"), "code"), "bad-offer");
    assert_int_equal(fake_media_n_open(fixture->media), 0);
}

static void connected_media_shows_as_in_call(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1);
    json_t *room = fixture_expect(doctor, "room");
    assert_int_equal(json_integer_value(json_object_get(room, "others")), 1);
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_CHECKED);
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_CONNECTED);
    json_t *told = fixture_expect(doctor, "participant");
    assert_string_equal(fixture_text(told, "event"), "media");
    assert_true(fixture_flag(json_object_get(told, "participant"), "in_call"));
    fixture_say(fixture, patient, "{'type': 'leave'}");
    assert_string_equal(fixture_text(fixture_expect(doctor, "participant"), "event"), "left");
    assert_string_equal(fixture_text(fixture_expect(doctor, "participant"), "event"), "media");
    assert_int_equal(json_integer_value(json_object_get(fixture_expect(doctor, "room"), "others")),
                     0);
    fixture_expect_events(fixture, "endpoint p-patient connected\nendpoint p-patient closed\n"
                                   "presence p-patient left\nintent p-patient leave\n");
}

/* The phone is locked and pings once a minute; what was prepared for the call that it did not take
 * is silent. */
static void who_waits_again_is_there_without_media(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1);
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_CONNECTED);
    fixture_set_phase(fixture, SIGNALING_PHASE_WAITING, NULL);
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_SILENT);
    fixture_skip(doctor);
    fixture_pass_pinging(fixture, 20 * 1000, doctor, NULL);
    fixture_expect_nothing(doctor);
}

static void silent_media_is_lost_when_a_ping_is_overdue(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1);
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_CONNECTED);
    fixture_skip(doctor);
    fixture_pass(fixture, 4000);
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_SILENT);
    fixture_expect_nothing(doctor);
    fixture_pass(fixture, 750);
    assert_string_equal(fixture_text(fixture_expect(doctor, "participant"), "event"), "lost");
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_CONNECTED);
    assert_string_equal(fixture_text(fixture_expect(doctor, "participant"), "event"), "back");
    fixture_expect_events(fixture, "endpoint p-patient connected\nendpoint p-patient silent\n"
                                   "presence p-patient lost\nendpoint p-patient connected\n"
                                   "presence p-patient back\n");
}

/* A page without camera and microphone beside another such: nothing but consent checks. */
static void silent_media_with_a_living_socket_is_not_lost(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1);
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_CONNECTED);
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_SILENT);
    fixture_skip(doctor);
    fixture_pass_pinging(fixture, 20000, patient, doctor, NULL);
    fixture_expect_nothing(doctor);
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_FAILED);
    assert_false(fake_media_is_open(fixture->media, 0));
    assert_string_equal(fixture_text(fixture_expect(doctor, "participant"), "event"), "media");
    fixture_expect_events(fixture, "endpoint p-patient connected\nendpoint p-patient silent\n"
                                   "endpoint p-patient failed\nendpoint p-patient closed\n");
}

static void media_flow_is_passed_on_until_the_final_sample(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1);
    const char *id = fake_media_endpoint(fixture->media, 0);
    observer->on_endpoint_media(id, MEDIA_KIND_AUDIO, true, 5, fixture->signaling);
    fixture_say(fixture, patient, "{'type': 'leave'}");
    observer->on_endpoint_media(id, MEDIA_KIND_AUDIO, false, 6, fixture->signaling);
    final_sample(fixture, 0);
    observer->on_endpoint_media(id, MEDIA_KIND_VIDEO, true, 7, fixture->signaling);
    fixture_expect_events(fixture, "media p-patient audio on\nendpoint p-patient closed\n"
                                   "presence p-patient left\nintent p-patient leave\n"
                                   "media p-patient audio off\nsample p-patient final\n");
}

static void slots_are_told_as_streams(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1);
    fixture_skip(patient);
    const char *id = fake_media_endpoint(fixture->media, 0);
    observer->on_endpoint_slot(id, "1", "p-doctor", fixture->signaling);
    json_t *streams = json_object_get(fixture_expect(patient, "streams"), "streams");
    assert_int_equal(json_array_size(streams), 2);
    assert_true(json_is_null(json_object_get(json_array_get(streams, 0), "participant")));
    assert_string_equal(fixture_text(json_array_get(streams, 1), "participant"), "p-doctor");
    observer->on_endpoint_slot(id, "1", "p-doctor", fixture->signaling);
    observer->on_endpoint_slot(id, "77", "p-doctor", fixture->signaling);
    fixture_expect_nothing(patient);
    /* A further offer keeps what the slots carry. */
    fixture_offer(fixture, patient, 2, 1);
    fixture_skip(patient);
    observer->on_endpoint_slot(id, "0", "p-doctor", fixture->signaling);
    streams = json_object_get(fixture_expect(patient, "streams"), "streams");
    assert_string_equal(fixture_text(json_array_get(streams, 1), "participant"), "p-doctor");
}

static void media_flows_on_while_a_socket_reconnects(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    g_autofree char *resume = g_strdup(fixture_text(doctor->last, "resume"));
    fixture_offer(fixture, doctor, 1, 2);
    json_t *answer = fixture_expect(doctor, "answer");
    int64_t seq = json_integer_value(json_object_get(answer, "seq"));
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_CONNECTED);
    fixture_close(fixture, doctor);
    fixture_pass(fixture, 20000);
    assert_true(fake_media_is_open(fixture->media, 0));
    FakeConn *again = fixture_open(fixture);
    fixture_say(fixture, again,
                "{'type': 'hello', 'token': 'doctor', 'resume': '%s', "
                "'last_seq': %d}",
                resume, (int)seq);
    assert_true(fixture_flag(fixture_expect(again, "welcome"), "resumed"));
    assert_true(fake_media_is_open(fixture->media, 0));
    fixture_offer(fixture, again, 2, 2);
    assert_int_equal(fake_media_n_negotiated(fixture->media, 0), 2);

    /* A reloaded page has no peer connection any more. */
    fixture_close(fixture, again);
    FakeConn *reloaded = fixture_open(fixture);
    fixture_say(fixture, reloaded, "{'type': 'hello', 'token': 'doctor', 'resume': '%s'}", resume);
    fixture_expect(reloaded, "welcome");
    assert_false(fake_media_is_open(fixture->media, 0));
}

static void a_lost_page_loses_its_media_after_a_minute(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1);
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_CONNECTED);
    fixture_close(fixture, patient);
    fixture_pass_pinging(fixture, SESSION_KEEP_MS - 4000, doctor, NULL);
    assert_true(fake_media_is_open(fixture->media, 0));
    fixture_pass_pinging(fixture, 8000, doctor, NULL);
    assert_false(fake_media_is_open(fixture->media, 0));
}

static void an_endpoint_that_nobody_reaches_is_closed(void **state)
{
    Fixture *fixture = *state;
    SignalingStats stats;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1);
    fixture_pass_pinging(fixture, ENDPOINT_CHECK_MS, patient, doctor, NULL);
    assert_false(fake_media_is_open(fixture->media, 0));
    fixture_pass_pinging(fixture, CLOSED_LEG_KEEP_MS + 1000, patient, doctor, NULL);
    signaling_stats(fixture->signaling, &stats);
    assert_int_equal(stats.n_endpoints, 0);
}

static void the_end_of_a_visit_ends_its_media(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1);
    fixture_offer(fixture, doctor, 1, 2);
    fixture_set_phase(fixture, SIGNALING_PHASE_OVER, "done");
    assert_int_equal(fake_media_n_open(fixture->media), 0);
    fixture_expect_events(fixture, "endpoint p-patient closed\nendpoint p-doctor closed\n");
}

static bool open_device(Fixture *fixture, const char *token, SignalingWhipKind kind,
                        char **ret_resource, GError **error)
{
    g_autofree char *sdp = fixture_sdp(5);
    g_autofree char *answer = NULL;
    SignalingAdmission admission;
    fixture_admission(fixture, token, &admission);
    bool done = signaling_whip_open(fixture->signaling, &admission, kind, sdp, strlen(sdp),
                                    ret_resource, &answer, error);
    assert_true(done == (answer != NULL));
    return done;
}

static void devices_publish_and_watch_beside_the_page(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *whip = NULL, *whep = NULL;
    g_autoptr(GError) error = NULL;
    FakeConn *doctor = fixture_join(fixture, "doctor");
    assert_true(open_device(fixture, "patient", SIGNALING_WHIP, &whip, &error));
    fixture_expect(doctor, "room");
    assert_true(fake_media_options(fixture->media, 0)->may_publish);
    assert_false(fake_media_options(fixture->media, 0)->may_receive);
    assert_true(fake_media_options(fixture->media, 0)->dtls_passive);
    endpoint_state(fixture, 0, MEDIA_ENDPOINT_CONNECTED);
    json_t *told = fixture_expect(doctor, "participant");
    assert_string_equal(fixture_text(told, "event"), "media");
    assert_true(open_device(fixture, "doctor", SIGNALING_WHEP, &whep, &error));
    assert_false(fake_media_options(fixture->media, 1)->may_publish);
    assert_true(fake_media_options(fixture->media, 1)->may_receive);

    assert_false(signaling_whip_close(fixture->signaling, "v1", "p-doctor", whip, &error));
    assert_true(g_error_matches(error, SIGNALING_ERROR, SIGNALING_ERROR_NOT_FOUND));
    g_clear_error(&error);
    assert_true(signaling_whip_close(fixture->signaling, "v1", "p-patient", whip, &error));
    assert_false(signaling_whip_close(fixture->signaling, "v1", "p-patient", whip, NULL));
    fixture_set_phase(fixture, SIGNALING_PHASE_OVER, "done");
    assert_int_equal(fake_media_n_open(fixture->media), 0);
    assert_false(open_device(fixture, "patient", SIGNALING_WHIP, &whip, &error));
    assert_true(g_error_matches(error, SIGNALING_ERROR, SIGNALING_ERROR_BAD_STATE));
}

static void the_end_of_a_log_in_throws_its_pages_and_devices_out(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *first = NULL, *second = NULL, *patients = NULL;
    FakeConn *patient = fixture_join(fixture, "patient");
    FakeConn *doctor = fixture_join(fixture, "doctor");
    FakeConn *day = fixture_join(fixture, "day");
    fixture_set_phase(fixture, SIGNALING_PHASE_CALLED, "called");
    fixture_offer(fixture, doctor, 1, 2);
    assert_true(open_device(fixture, "doctor", SIGNALING_WHEP, &first, NULL));
    assert_true(open_device(fixture, "doctor-elsewhere", SIGNALING_WHEP, &second, NULL));
    assert_true(open_device(fixture, "patient", SIGNALING_WHIP, &patients, NULL));
    fixture_skip(patient);
    fixture_skip(doctor);

    signaling_dismiss_bound(fixture->signaling, "doctor", SIGNALING_CODE_LINK_INVALID);
    assert_int_equal(doctor->close_code, 4003);
    assert_int_equal(day->close_code, 4003);
    assert_int_equal(patient->close_code, 0);
    assert_string_equal(fixture_text(fixture_expect(doctor, "error"), "code"), "link-invalid");
    assert_string_equal(fixture_text(fixture_expect(day, "error"), "code"), "link-invalid");
    assert_string_equal(fixture_text(fixture_expect(patient, "participant"), "event"), "left");
    assert_false(fake_media_is_open(fixture->media, 0));
    assert_false(fake_media_is_open(fixture->media, 1));
    assert_true(fake_media_is_open(fixture->media, 2));
    assert_true(fake_media_is_open(fixture->media, 3));
    signaling_dismiss_bound(fixture->signaling, "nobody", SIGNALING_CODE_LINK_INVALID);
    signaling_day_changed(fixture->signaling, "doctor:d1:2026-11-24", "v1");
}

static void a_page_that_comes_back_is_bound_to_its_newest_log_in(void **state)
{
    Fixture *fixture = *state;
    fixture_join(fixture, "doctor");
    FakeConn *page = fixture_open(fixture);
    fixture_say(fixture, page, "{'type': 'hello', 'token': 'doctor-again', 'take_over': true}");
    fixture_expect(page, "welcome");
    signaling_dismiss_bound(fixture->signaling, "doctor", SIGNALING_CODE_LINK_INVALID);
    assert_int_equal(page->close_code, 0);
    signaling_dismiss_bound(fixture->signaling, "doctor-again", SIGNALING_CODE_LINK_INVALID);
    assert_int_equal(page->close_code, 4003);
}

static void devices_are_refused_with_a_cause(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *resource = NULL, *answer = NULL;
    GError *error = NULL;
    SignalingAdmission admission;
    SignalingStats stats;
    fixture_admission(fixture, "patient", &admission);
    assert_false(signaling_whip_open(fixture->signaling, &admission, SIGNALING_WHIP, "v=0", 3,
                                     &resource, &answer, &error));
    assert_true(g_error_matches(error, SIGNALING_ERROR, SIGNALING_ERROR_BAD_OFFER));
    g_clear_error(&error);
    admission.may_publish = false;
    assert_false(signaling_whip_open(fixture->signaling, &admission, SIGNALING_WHIP, "v=0", 3,
                                     &resource, &answer, &error));
    assert_true(g_error_matches(error, SIGNALING_ERROR, SIGNALING_ERROR_FORBIDDEN));
    g_clear_error(&error);
    signaling_stats(fixture->signaling, &stats);
    assert_int_equal(stats.n_lobbies, 0);

    for (unsigned i = 0; i < LIMIT_ROOM_ENDPOINTS; i++) {
        g_autofree char *one = NULL;
        g_autofree char *guest = g_strdup_printf("guest-%u", i / LIMIT_PARTICIPANT_DEVICES);
        assert_true(open_device(fixture, guest, SIGNALING_WHIP, &one, NULL));
    }
    assert_false(open_device(fixture, "patient", SIGNALING_WHIP, &resource, &error));
    assert_true(g_error_matches(error, SIGNALING_ERROR, SIGNALING_ERROR_FULL));
    assert_string_equal(error->message, "endpoints");
    g_clear_error(&error);
}

static void one_participant_has_few_devices(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *first = NULL, *refused = NULL, *others = NULL;
    g_autoptr(GError) error = NULL;
    FakeConn *patient, *doctor;
    called(fixture, &patient, &doctor);
    fixture_offer(fixture, patient, 1, 1); /* the page is no device */
    assert_true(open_device(fixture, "patient", SIGNALING_WHIP, &first, NULL));
    for (unsigned i = 1; i < LIMIT_PARTICIPANT_DEVICES; i++) {
        g_autofree char *one = NULL;
        assert_true(
            open_device(fixture, "patient", i & 1 ? SIGNALING_WHEP : SIGNALING_WHIP, &one, NULL));
    }
    assert_false(open_device(fixture, "patient", SIGNALING_WHIP, &refused, &error));
    assert_true(g_error_matches(error, SIGNALING_ERROR, SIGNALING_ERROR_FULL));
    assert_string_equal(error->message, "devices");
    assert_true(open_device(fixture, "doctor", SIGNALING_WHIP, &others, NULL));
    assert_true(signaling_whip_close(fixture->signaling, "v1", "p-patient", first, NULL));
    assert_true(open_device(fixture, "patient", SIGNALING_WHEP, &refused, NULL));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(offers_wait_for_the_call),
        TEST(a_second_offer_changes_the_same_endpoint),
        TEST(a_page_that_sends_its_screen_says_so),
        TEST(whose_picture_comes_first_is_told),
        TEST(a_new_certificate_is_a_new_endpoint),
        TEST(passive_opens_again_with_the_option),
        TEST(failures_name_the_cause_and_change_nothing),
        TEST(a_connection_that_has_ended_is_not_taken_up),
        TEST(connected_media_shows_as_in_call),
        TEST(who_waits_again_is_there_without_media),
        TEST(silent_media_is_lost_when_a_ping_is_overdue),
        TEST(silent_media_with_a_living_socket_is_not_lost),
        TEST(media_flow_is_passed_on_until_the_final_sample),
        TEST(slots_are_told_as_streams),
        TEST(media_flows_on_while_a_socket_reconnects),
        TEST(a_lost_page_loses_its_media_after_a_minute),
        TEST(an_endpoint_that_nobody_reaches_is_closed),
        TEST(the_end_of_a_visit_ends_its_media),
        TEST(devices_publish_and_watch_beside_the_page),
        TEST(the_end_of_a_log_in_throws_its_pages_and_devices_out),
        TEST(a_page_that_comes_back_is_bound_to_its_newest_log_in),
        TEST(devices_are_refused_with_a_cause),
        TEST(one_participant_has_few_devices),
    };
    observer = signaling_media_observer();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
