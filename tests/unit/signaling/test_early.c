// SPDX-License-Identifier: Apache-2.0
/* Connections that are made before the call is taken: on hold while the phone rings, and by HTTP
 * before the page has a socket. */
#include "fixture.h"

#include <string.h>

#define KEY "0123456789abcdef"

static const MediaObserver *observer;

static void connect_endpoint(Fixture *fixture, unsigned n)
{
    observer->on_endpoint_state(fake_media_endpoint(fixture->media, n), MEDIA_ENDPOINT_CONNECTED,
                                clock_wall_ms(fixture->clock), fixture->signaling);
}

static void call(Fixture *fixture)
{
    fixture->visit.phase = SIGNALING_PHASE_CALLED;
    fixture->visit.state = "called";
}

static void offer_on_hold(Fixture *fixture, FakeConn *conn, int id)
{
    g_autofree char *sdp = fixture_sdp(1);
    g_autofree char *escaped = g_strescape(sdp, NULL);
    fixture_say(fixture, conn, "{'type': 'offer', 'id': %d, 'sdp': '%s', 'hold': true}", id,
                escaped);
}

static bool offer_early(Fixture *fixture, const char *token, const char *key, bool hold,
                        GError **error)
{
    g_autofree char *sdp = fixture_sdp(1);
    g_autofree char *answer = NULL;
    SignalingAdmission admission;
    fixture_admission(fixture, token, &admission);
    const SignalingEarlyOffer offer = {.key = key, .sdp = sdp, .size = strlen(sdp), .hold = hold};
    bool done = signaling_early_offer(fixture->signaling, &admission, &offer, &answer, error);
    assert_true(done == (answer != NULL));
    return done;
}

/* Opens, says hello with the early key, reads `welcome`; whether the endpoint was taken. */
static FakeConn *join_with(Fixture *fixture, const char *token, const char *key, bool *ret_taken)
{
    FakeConn *conn = fixture_open(fixture);
    fixture_say(fixture, conn, "{'type': 'hello', 'token': '%s', 'early': '%s'}", token, key);
    *ret_taken = fixture_flag(fixture_expect(conn, "welcome"), "early");
    return conn;
}

static void a_held_connection_is_nobody_in_the_call_before_accept(void **state)
{
    Fixture *fixture = *state;
    call(fixture);
    FakeConn *patient = fixture_join(fixture, "patient");
    FakeConn *doctor = fixture_join(fixture, "doctor");
    g_string_truncate(fixture->events, 0);
    offer_on_hold(fixture, patient, 1);
    fixture_skip(doctor);
    connect_endpoint(fixture, 0);
    assert_false(fake_media_is_carried(fixture->media, 0));
    fixture_expect_nothing(doctor);
    fixture_expect_events(fixture, "");
    offer_on_hold(fixture, patient, 2);
    assert_false(fake_media_is_carried(fixture->media, 0));

    fixture_say(fixture, patient, "{'type': 'accept'}");
    assert_true(fake_media_is_carried(fixture->media, 0));
    json_t *told = fixture_expect(doctor, "participant");
    assert_string_equal(fixture_text(told, "event"), "media");
    assert_true(fixture_flag(json_object_get(told, "participant"), "in_call"));
    fixture_expect_events(fixture, "endpoint p-patient connected\nintent p-patient accept\n");
    /* Nothing puts it on hold again. */
    offer_on_hold(fixture, patient, 3);
    assert_true(fake_media_is_carried(fixture->media, 0));
    fixture_say(fixture, patient, "{'type': 'accept'}");
    fixture_expect_events(fixture, "intent p-patient accept\n");
}

static void an_offer_without_hold_ends_it(void **state)
{
    Fixture *fixture = *state;
    call(fixture);
    FakeConn *patient = fixture_join(fixture, "patient");
    offer_on_hold(fixture, patient, 1);
    assert_false(fake_media_is_carried(fixture->media, 0));
    fixture_offer(fixture, patient, 2, 1);
    assert_int_equal(fake_media_n_open(fixture->media), 1);
    assert_true(fake_media_is_carried(fixture->media, 0));
}

static void hold_that_is_no_boolean_is_refused(void **state)
{
    Fixture *fixture = *state;
    call(fixture);
    FakeConn *patient = fixture_join(fixture, "patient");
    fixture_say(fixture, patient, "{'type': 'offer', 'id': 1, 'sdp': 'v=0', 'hold': 'yes'}");
    json_t *error = fixture_expect(patient, "error");
    assert_string_equal(fixture_text(error, "code"), "bad-message");
    FakeConn *other = fixture_open(fixture);
    fixture_say(fixture, other, "{'type': 'hello', 'token': 'patient', 'early': 7}");
    assert_string_equal(fixture_text(fixture_expect(other, "error"), "code"), "bad-message");
}

static void hello_takes_what_the_page_opened_early(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    bool taken = false;
    call(fixture);
    FakeConn *doctor = fixture_join(fixture, "doctor");
    assert_true(offer_early(fixture, "patient", KEY, false, &error));
    connect_endpoint(fixture, 0);
    fixture_skip(doctor);
    g_string_truncate(fixture->events, 0);
    assert_false(fake_media_is_carried(fixture->media, 0));
    fixture_pass_pinging(fixture, 5000, doctor, NULL);
    fixture_expect_events(fixture, "");

    FakeConn *patient = join_with(fixture, "patient", KEY, &taken);
    assert_true(taken);
    assert_true(fake_media_is_carried(fixture->media, 0));
    fixture_expect_events(fixture, "endpoint p-patient connected\npresence p-patient joined\n");
    /* It is the page's as any other: streams come, offers change it, no clock closes it. */
    fixture_expect(patient, "streams");
    fixture_offer(fixture, patient, 2, 1);
    assert_int_equal(fake_media_n_negotiated(fixture->media, 0), 2);
    fixture_pass_pinging(fixture, ENDPOINT_CHECK_MS + 1000, patient, doctor, NULL);
    assert_true(fake_media_is_open(fixture->media, 0));
}

/* A page that comes back over another network was told again that its early offer was taken, and
 * waited three seconds of silence before it looked for another path. */
static void a_resumed_page_is_not_told_of_its_early_offer_again(void **state)
{
    Fixture *fixture = *state;
    call(fixture);
    assert_true(offer_early(fixture, "patient", KEY, false, NULL));
    FakeConn *patient = fixture_open(fixture);
    fixture_say(fixture, patient, "{'type': 'hello', 'token': 'patient', 'early': '" KEY "'}");
    json_t *welcome = fixture_expect(patient, "welcome");
    assert_true(fixture_flag(welcome, "early"));
    g_autofree char *resume = g_strdup(fixture_text(welcome, "resume"));
    fixture_close(fixture, patient);
    FakeConn *again = fixture_open(fixture);
    fixture_say(fixture, again,
                "{'type': 'hello', 'token': 'patient', 'resume': '%s', 'last_seq': 1}", resume);
    welcome = fixture_expect(again, "welcome");
    assert_true(fixture_flag(welcome, "resumed"));
    assert_false(fixture_flag(welcome, "early"));
    assert_true(fake_media_is_open(fixture->media, 0));
}

static void what_is_taken_on_hold_stays_so_until_accept(void **state)
{
    Fixture *fixture = *state;
    bool taken = false;
    call(fixture);
    assert_true(offer_early(fixture, "patient", KEY, true, NULL));
    FakeConn *patient = join_with(fixture, "patient", KEY, &taken);
    assert_true(taken);
    assert_false(fake_media_is_carried(fixture->media, 0));
    fixture_say(fixture, patient, "{'type': 'accept'}");
    assert_true(fake_media_is_carried(fixture->media, 0));
}

static void another_key_or_person_takes_nothing(void **state)
{
    Fixture *fixture = *state;
    bool taken = true;
    call(fixture);
    assert_true(offer_early(fixture, "patient", KEY, false, NULL));
    (void)join_with(fixture, "doctor", KEY, &taken);
    assert_false(taken);
    assert_true(fake_media_is_open(fixture->media, 0));
    assert_false(fake_media_is_carried(fixture->media, 0));
    /* The page that comes without the key will offer again, so it is closed. */
    (void)join_with(fixture, "patient", "fedcba9876543210", &taken);
    assert_false(taken);
    assert_false(fake_media_is_open(fixture->media, 0));
}

static void nobody_takes_it_in_time(void **state)
{
    Fixture *fixture = *state;
    bool taken = true;
    call(fixture);
    FakeConn *doctor = fixture_join(fixture, "doctor");
    assert_true(offer_early(fixture, "patient", KEY, false, NULL));
    connect_endpoint(fixture, 0);
    fixture_pass_pinging(fixture, ENDPOINT_CHECK_MS + 1000, doctor, NULL);
    assert_false(fake_media_is_open(fixture->media, 0));
    (void)join_with(fixture, "patient", KEY, &taken);
    assert_false(taken);
    assert_int_equal(fake_media_n_open(fixture->media), 0);
}

static void a_participant_has_one_early_endpoint(void **state)
{
    Fixture *fixture = *state;
    call(fixture);
    for (unsigned i = 0; i < 40; i++) {
        g_autofree char *key = g_strdup_printf("%016u", i);
        assert_true(offer_early(fixture, "patient", key, false, NULL));
        assert_int_equal(fake_media_n_open(fixture->media), 1);
    }
}

/* On a quick link the socket may be open before the offer is there. */
static void hello_may_be_faster_than_the_offer(void **state)
{
    Fixture *fixture = *state;
    bool taken = true;
    call(fixture);
    FakeConn *patient = join_with(fixture, "patient", KEY, &taken);
    assert_false(taken);
    assert_true(offer_early(fixture, "patient", KEY, false, NULL));
    assert_true(fake_media_is_carried(fixture->media, 0));
    fixture_offer(fixture, patient, 2, 1);
    assert_int_equal(fake_media_n_negotiated(fixture->media, 0), 2);
    /* Once only, and not beside an endpoint that the page has. */
    assert_true(offer_early(fixture, "patient", KEY, false, NULL));
    assert_false(fake_media_is_carried(fixture->media, 1));
    assert_true(fake_media_is_open(fixture->media, 0));
}

/* The call goes on in the other tab until somebody decides. */
static void an_early_offer_of_another_tab_disturbs_no_call(void **state)
{
    Fixture *fixture = *state;
    bool taken = false;
    call(fixture);
    FakeConn *doctor = fixture_join(fixture, "doctor");
    FakeConn *patient = fixture_join(fixture, "patient");
    fixture_offer(fixture, patient, 1, 7);
    connect_endpoint(fixture, 0);
    assert_true(offer_early(fixture, "patient", KEY, false, NULL));
    FakeConn *tab = fixture_open(fixture);
    fixture_say(fixture, tab, "{'type': 'hello', 'token': 'patient', 'early': '" KEY "'}");
    fixture_expect(tab, "occupied");
    assert_true(fake_media_is_open(fixture->media, 0));
    assert_false(fake_media_is_carried(fixture->media, 1));
    fixture_skip(doctor);
    fixture_say(fixture, tab,
                "{'type': 'hello', 'token': 'patient', 'take_over': true, 'early': '" KEY "'}");
    taken = fixture_flag(fixture_expect(tab, "welcome"), "early");
    assert_true(taken);
    assert_false(fake_media_is_open(fixture->media, 0));
    assert_true(fake_media_is_carried(fixture->media, 1));
}

static void early_offers_are_refused_by_name(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) state_error = NULL;
    g_autoptr(GError) media_error = NULL;
    assert_false(offer_early(fixture, "patient", KEY, true, &state_error)); /* nobody called */
    assert_true(g_error_matches(state_error, SIGNALING_ERROR, SIGNALING_ERROR_BAD_STATE));
    fixture->visit.phase = SIGNALING_PHASE_IN_CALL;
    g_autoptr(GError) late_error = NULL;
    assert_false(offer_early(fixture, "patient", KEY, true, &late_error));
    assert_true(g_error_matches(late_error, SIGNALING_ERROR, SIGNALING_ERROR_BAD_STATE));
    assert_int_equal(fake_media_n_open(fixture->media), 0);
    call(fixture);
    fake_media_fail_next(fixture->media, MEDIA_ERROR_BAD_OFFER, false);
    assert_false(offer_early(fixture, "patient", KEY, true, &media_error));
    assert_true(g_error_matches(media_error, SIGNALING_ERROR, SIGNALING_ERROR_BAD_OFFER));
    assert_int_equal(fake_media_n_open(fixture->media), 0);
}

static bool accept_early(Fixture *fixture, const char *token, const char *key, const char *resume,
                         GError **error)
{
    SignalingAdmission admission;
    fixture_admission(fixture, token, &admission);
    return signaling_early_accept(fixture->signaling, &admission, key, resume, error);
}

/* On a weak link the socket comes seconds after the media could flow. */
static void taken_by_http_the_call_does_not_wait_for_the_socket(void **state)
{
    Fixture *fixture = *state;
    bool taken = false;
    call(fixture);
    FakeConn *doctor = fixture_join(fixture, "doctor");
    assert_true(offer_early(fixture, "patient", KEY, true, NULL));
    fixture_skip(doctor);
    g_string_truncate(fixture->events, 0);
    assert_true(accept_early(fixture, "patient", KEY, NULL, NULL));
    assert_true(fake_media_is_carried(fixture->media, 0));
    fixture_expect_nothing(doctor);
    connect_endpoint(fixture, 0);
    fixture_expect_events(fixture, "endpoint p-patient connected\npresence p-patient joined\n");
    assert_string_equal(fixture_text(fixture_expect(doctor, "participant"), "event"), "joined");
    json_t *told = fixture_expect(doctor, "participant");
    assert_string_equal(fixture_text(told, "event"), "media");
    assert_true(fixture_flag(json_object_get(told, "participant"), "in_call"));

    FakeConn *patient = join_with(fixture, "patient", KEY, &taken);
    assert_true(taken);
    fixture_expect_events(fixture, "");
    fixture_expect(patient, "streams");
    fixture_pass_pinging(fixture, ENDPOINT_CHECK_MS + 1000, patient, doctor, NULL);
    assert_true(fake_media_is_open(fixture->media, 0));
}

/* Who talks is not cut off because the socket takes long; who is gone is. */
static void taken_by_http_and_never_fetched_it_ends_with_the_media(void **state)
{
    Fixture *fixture = *state;
    call(fixture);
    FakeConn *doctor = fixture_join(fixture, "doctor");
    assert_true(offer_early(fixture, "patient", KEY, true, NULL));
    assert_true(accept_early(fixture, "patient", KEY, NULL, NULL));
    connect_endpoint(fixture, 0);
    fixture_pass_pinging(fixture, 3 * ENDPOINT_CHECK_MS, doctor, NULL);
    assert_true(fake_media_is_open(fixture->media, 0));
    g_string_truncate(fixture->events, 0);
    observer->on_endpoint_state(fake_media_endpoint(fixture->media, 0), MEDIA_ENDPOINT_SILENT,
                                clock_wall_ms(fixture->clock), fixture->signaling);
    fixture_pass_pinging(fixture, 1000, doctor, NULL);
    assert_false(fake_media_is_open(fixture->media, 0));
    fixture_expect_events(fixture, "endpoint p-patient silent\npresence p-patient lost\n"
                                   "endpoint p-patient closed\n");
}

static void taking_by_http_is_refused_by_name(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) unknown = NULL;
    g_autoptr(GError) foreign = NULL;
    g_autoptr(GError) state_error = NULL;
    call(fixture);
    assert_false(accept_early(fixture, "patient", KEY, NULL, &unknown)); /* nobody offered */
    assert_true(g_error_matches(unknown, SIGNALING_ERROR, SIGNALING_ERROR_NOT_FOUND));
    assert_true(offer_early(fixture, "patient", KEY, true, NULL));
    assert_false(accept_early(fixture, "doctor", KEY, NULL, &foreign));
    assert_true(g_error_matches(foreign, SIGNALING_ERROR, SIGNALING_ERROR_NOT_FOUND));
    assert_false(accept_early(fixture, "patient", "fedcba9876543210", NULL, NULL));
    fixture->visit.phase = SIGNALING_PHASE_WAITING;
    assert_false(accept_early(fixture, "patient", KEY, NULL, &state_error));
    assert_true(g_error_matches(state_error, SIGNALING_ERROR, SIGNALING_ERROR_BAD_STATE));
    assert_false(fake_media_is_carried(fixture->media, 0));
}

/* Two tabs, and one that was loaded again whose old socket the server still holds for open. */
static void another_tab_keeps_the_call_and_the_same_takes_it(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    call(fixture);
    FakeConn *patient = fixture_open(fixture);
    fixture_say(fixture, patient, "{'type': 'hello', 'token': 'patient'}");
    g_autofree char *resume = g_strdup(fixture_text(fixture_expect(patient, "welcome"), "resume"));
    assert_true(offer_early(fixture, "patient", KEY, true, NULL));
    assert_false(accept_early(fixture, "patient", KEY, "another", &error));
    assert_true(g_error_matches(error, SIGNALING_ERROR, SIGNALING_ERROR_BAD_STATE));
    assert_false(accept_early(fixture, "patient", KEY, NULL, NULL));
    assert_false(fake_media_is_carried(fixture->media, 0));
    assert_true(accept_early(fixture, "patient", KEY, resume, NULL));
    assert_true(fake_media_is_carried(fixture->media, 0));
}

static void a_silent_tab_keeps_nothing(void **state)
{
    Fixture *fixture = *state;
    call(fixture);
    (void)fixture_join(fixture, "patient");
    assert_true(offer_early(fixture, "patient", KEY, true, NULL));
    fixture_pass_pinging(fixture, TAKE_OVER_SILENT_MS + 1000, NULL);
    assert_true(accept_early(fixture, "patient", KEY, NULL, NULL));
    assert_true(fake_media_is_carried(fixture->media, 0));
}

/* The patient talks by an early endpoint; a hello has taken it, and nobody has read `welcome`. */
static FakeConn *talk_unwelcomed(Fixture *fixture)
{
    static const MediaHint hint = {.audio_bps = 16000};
    call(fixture);
    assert_true(offer_early(fixture, "patient", KEY, true, NULL));
    assert_true(accept_early(fixture, "patient", KEY, NULL, NULL));
    connect_endpoint(fixture, 0);
    fixture->visit.phase = SIGNALING_PHASE_IN_CALL;
    fixture->visit.state = "in_call";
    FakeConn *lost = fixture_open(fixture);
    fixture_say(fixture, lost, "{'type': 'hello', 'token': 'patient', 'early': '" KEY "'}");
    observer->on_endpoint_hint(fake_media_endpoint(fixture->media, 0), &hint, fixture->signaling);
    g_string_truncate(fixture->events, 0);
    return lost;
}

/* The page says its hello again, and hears all that it has missed; the call has gone on. */
static void assert_talks_on(Fixture *fixture)
{
    bool taken = false;
    FakeConn *again = join_with(fixture, "patient", KEY, &taken);
    assert_true(taken);
    assert_true(fake_media_is_open(fixture->media, 0));
    assert_true(fake_media_is_carried(fixture->media, 0));
    fixture_expect_events(fixture, "");
    fixture_expect(again, "streams");
    fixture_expect(again, "hint");
    fixture_offer(fixture, again, 2, 1);
    fixture_expect(again, "answer");
    assert_int_equal(fake_media_n_negotiated(fixture->media, 0), 2);
    assert_int_equal(fake_media_n_open(fixture->media), 1);
}

static void a_lost_welcome_ends_no_call(void **state)
{
    Fixture *fixture = *state;
    FakeConn *lost = talk_unwelcomed(fixture);
    FakeConn *doctor = fixture_join(fixture, "doctor");
    g_string_truncate(fixture->events, 0);
    fixture_close(fixture, lost);
    fixture_skip(doctor);
    assert_talks_on(fixture);
    fixture_expect_nothing(doctor);
}

/* A dead link says nothing, so the server still holds the socket for open. */
static void nor_is_its_page_told_to_be_another(void **state)
{
    Fixture *fixture = *state;
    FakeConn *lost = talk_unwelcomed(fixture);
    assert_talks_on(fixture);
    assert_int_equal(lost->close_code, CLOSE_RESUMED);
    fixture_expect(lost, "welcome");
    fixture_expect(lost, "streams");
    fixture_expect(lost, "hint");
    fixture_expect_nothing(lost);
}

/* The answer may be lost as often as it likes. */
static void it_may_be_lost_again(void **state)
{
    Fixture *fixture = *state;
    (void)talk_unwelcomed(fixture);
    for (unsigned i = 0; i < 5; i++) {
        FakeConn *lost = fixture_open(fixture);
        fixture_say(fixture, lost, "{'type': 'hello', 'token': 'patient', 'early': '" KEY "'}");
        if (i % 2 == 0)
            fixture_close(fixture, lost);
    }
    assert_talks_on(fixture);
}

/* So it is when the first hello was there before the offer. */
static void a_lost_welcome_before_the_offer_ends_no_call(void **state)
{
    Fixture *fixture = *state;
    bool taken = true;
    call(fixture);
    (void)join_with(fixture, "patient", KEY, &taken);
    assert_false(taken);
    FakeConn *again = join_with(fixture, "patient", KEY, &taken);
    assert_false(taken);
    assert_true(offer_early(fixture, "patient", KEY, false, NULL));
    assert_true(fake_media_is_carried(fixture->media, 0));
    connect_endpoint(fixture, 0);
    fixture_close(fixture, again);
    (void)join_with(fixture, "patient", KEY, &taken);
    assert_true(taken);
    assert_true(fake_media_is_open(fixture->media, 0));
}

/* A segment that TCP repeats after seconds brings the hello of a socket that was given up. */
static void a_hello_that_comes_late_takes_nothing_back(void **state)
{
    Fixture *fixture = *state;
    FakeConn *late = fixture_open(fixture);
    (void)talk_unwelcomed(fixture);
    FakeConn *patient = fixture_open(fixture);
    fixture_say(fixture, patient, "{'type': 'hello', 'token': 'patient', 'early': '" KEY "'}");
    g_autofree char *resume = g_strdup(fixture_text(fixture_expect(patient, "welcome"), "resume"));
    fixture_close(fixture, patient);
    fixture_say(fixture, late, "{'type': 'hello', 'token': 'patient', 'early': '" KEY "'}");
    fixture_expect(late, "occupied");
    FakeConn *again = fixture_open(fixture);
    fixture_say(fixture, again,
                "{'type': 'hello', 'token': 'patient', 'resume': '%s', 'last_seq': 1}", resume);
    assert_true(fixture_flag(fixture_expect(again, "welcome"), "resumed"));
    assert_true(fake_media_is_open(fixture->media, 0));
}

static void who_does_not_know_the_key_is_another_page(void **state)
{
    Fixture *fixture = *state;
    bool taken = true;
    FakeConn *lost = talk_unwelcomed(fixture);
    FakeConn *tab = fixture_open(fixture);
    fixture_say(fixture, tab, "{'type': 'hello', 'token': 'patient', 'early': 'fedcba9876543210'}");
    fixture_expect(tab, "occupied");
    fixture_say(fixture, tab, "{'type': 'hello', 'token': 'patient'}");
    fixture_expect(tab, "occupied");
    (void)join_with(fixture, "doctor", KEY, &taken);
    assert_false(taken);
    assert_true(fake_media_is_open(fixture->media, 0));
    fixture_close(fixture, lost);
    (void)join_with(fixture, "patient", "fedcba9876543210", &taken);
    assert_false(taken);
    assert_false(fake_media_is_open(fixture->media, 0));
}

static void the_key_is_forgotten_with_its_endpoint(void **state)
{
    Fixture *fixture = *state;
    bool taken = true;
    FakeConn *patient = talk_unwelcomed(fixture);
    fixture_offer(fixture, patient, 2, 7); /* another peer connection */
    assert_false(fake_media_is_open(fixture->media, 0));
    FakeConn *tab = fixture_open(fixture);
    fixture_say(fixture, tab, "{'type': 'hello', 'token': 'patient', 'early': '" KEY "'}");
    fixture_expect(tab, "occupied");
    assert_true(fake_media_is_open(fixture->media, 1));
    fixture_close(fixture, patient);
    (void)join_with(fixture, "patient", KEY, &taken);
    assert_false(taken);
    assert_int_equal(fake_media_n_open(fixture->media), 0);
}

static void an_endpoint_that_failed_meanwhile_is_not_promised(void **state)
{
    Fixture *fixture = *state;
    bool taken = true;
    FakeConn *lost = talk_unwelcomed(fixture);
    fixture_close(fixture, lost);
    observer->on_endpoint_state(fake_media_endpoint(fixture->media, 0), MEDIA_ENDPOINT_FAILED,
                                clock_wall_ms(fixture->clock), fixture->signaling);
    (void)join_with(fixture, "patient", KEY, &taken);
    assert_false(taken);
    assert_int_equal(fake_media_n_open(fixture->media), 0);
}

static void a_revoked_link_closes_it(void **state)
{
    Fixture *fixture = *state;
    call(fixture);
    assert_true(offer_early(fixture, "patient", KEY, false, NULL));
    signaling_dismiss(fixture->signaling, "v1", "p-patient", SIGNALING_CODE_LINK_INVALID);
    assert_int_equal(fake_media_n_open(fixture->media), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_set_up, fixture_tear_down)

int main(void)
{
    observer = signaling_media_observer();
    const struct CMUnitTest tests[] = {
        TEST(a_held_connection_is_nobody_in_the_call_before_accept),
        TEST(an_offer_without_hold_ends_it),
        TEST(hold_that_is_no_boolean_is_refused),
        TEST(hello_takes_what_the_page_opened_early),
        TEST(a_resumed_page_is_not_told_of_its_early_offer_again),
        TEST(what_is_taken_on_hold_stays_so_until_accept),
        TEST(another_key_or_person_takes_nothing),
        TEST(nobody_takes_it_in_time),
        TEST(a_participant_has_one_early_endpoint),
        TEST(hello_may_be_faster_than_the_offer),
        TEST(an_early_offer_of_another_tab_disturbs_no_call),
        TEST(early_offers_are_refused_by_name),
        TEST(taken_by_http_the_call_does_not_wait_for_the_socket),
        TEST(taken_by_http_and_never_fetched_it_ends_with_the_media),
        TEST(taking_by_http_is_refused_by_name),
        TEST(another_tab_keeps_the_call_and_the_same_takes_it),
        TEST(a_silent_tab_keeps_nothing),
        TEST(a_lost_welcome_ends_no_call),
        TEST(nor_is_its_page_told_to_be_another),
        TEST(it_may_be_lost_again),
        TEST(a_lost_welcome_before_the_offer_ends_no_call),
        TEST(a_hello_that_comes_late_takes_nothing_back),
        TEST(who_does_not_know_the_key_is_another_page),
        TEST(the_key_is_forgotten_with_its_endpoint),
        TEST(an_endpoint_that_failed_meanwhile_is_not_promised),
        TEST(a_revoked_link_closes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
