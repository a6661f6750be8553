// SPDX-License-Identifier: Apache-2.0
/* A group's lobby: who waits outside, who sees whom, who is heard, who is aside. */
#include "fixture.h"

#include <string.h>

typedef struct {
    Fixture *fixture;
    SignalingVisit visits[3];
} Room;

/* What wiring makes of the tokens "host", "one", "two", "three". */
static SignalingAdmission admission_of(Room *room, unsigned n, SignalingParticipant who[2])
{
    static const char *const patients[] = {"p-one", "p-two", "p-three"};
    static const char *const names[] = {"Siti Aminah", "Rina Husain", "Wati Ibrahim"};
    who[0] = (SignalingParticipant){"g1", SIGNALING_ROLE_DOCTOR, "dr. Rahmat H.", NULL};
    SignalingAdmission admission = {
        .kind = SIGNALING_KIND_VISIT,
        .participant_id = "g1",
        .role = SIGNALING_ROLE_DOCTOR,
        .name = "dr. Rahmat H.",
        .may_publish = true,
        .may_receive = true,
        .participants = who,
        .n_participants = 1,
        .group_id = "g1",
    };
    if (n == 0)
        return admission;
    who[1] = (SignalingParticipant){patients[n - 1], SIGNALING_ROLE_PATIENT, names[n - 1], NULL};
    admission.participant_id = patients[n - 1];
    admission.role = SIGNALING_ROLE_PATIENT;
    admission.name = names[n - 1];
    admission.n_participants = 2;
    admission.visit = &room->visits[n - 1];
    admission.place = n;
    admission.shown_name = n == 1 ? "Siti" : NULL;
    return admission;
}

/* The fixture's wiring knows one visit: here the answer is given by hand. */
static FakeConn *join(Room *room, unsigned n)
{
    Fixture *fixture = room->fixture;
    SignalingParticipant who[2];
    SignalingAdmission admission = admission_of(room, n, who);
    SignalingVisit whole = {.id = "g1",
                            .phase = SIGNALING_PHASE_IN_CALL,
                            .code = "",
                            .state = "in_call",
                            .group = "Kelas"};
    if (n == 0)
        admission.visit = &whole;
    FakeConn *conn = fixture_open(fixture);
    fixture_say(fixture, conn, "{'type': 'hello', 'token': 'slow'}");
    signaling_authorize_accept(fixture->signaling, fixture->held, &admission);
    return conn;
}

static void set_state(Room *room, unsigned n, SignalingPhase phase, const char *state)
{
    SignalingVisit *visit = &room->visits[n - 1];
    visit->phase = phase;
    visit->state = state;
    signaling_visit_changed(room->fixture->signaling, visit);
}

/* Let in, and connected. */
static void let_in(Room *room, FakeConn *conn, unsigned n, unsigned endpoint)
{
    Fixture *fixture = room->fixture;
    set_state(room, n, SIGNALING_PHASE_CALLED, "called");
    fixture_offer(fixture, conn, 1, n);
    signaling_media_observer()->on_endpoint_state(fake_media_endpoint(fixture->media, endpoint),
                                                  MEDIA_ENDPOINT_CONNECTED, 0, fixture->signaling);
    set_state(room, n, SIGNALING_PHASE_IN_CALL, "in_call");
}

static Room room_of(Fixture *fixture)
{
    Room room = {.fixture = fixture};
    for (unsigned i = 0; i < 3; i++) {
        static const char *const ids[] = {"v1", "v2", "v3"};
        room.visits[i] = fixture->visit;
        room.visits[i].id = ids[i];
        room.visits[i].group = "Kelas";
    }
    return room;
}

/* Does anything that CONN was sent hold TEXT? */
static bool has_read(const FakeConn *conn, const char *text)
{
    for (unsigned i = 0; i < conn->texts->len; i++) {
        if (strstr(conn->texts->pdata[i], text))
            return true;
    }
    return false;
}

static void who_waits_is_told_nothing_and_carries_nothing(void **state)
{
    Room room = room_of(*state);
    Fixture *fixture = *state;
    FakeConn *host = join(&room, 0);
    FakeConn *one = join(&room, 1);
    FakeConn *two = join(&room, 2);
    json_t *welcome = fixture_expect(two, "welcome");
    json_t *visit = json_object_get(welcome, "visit");
    assert_string_equal(fixture_text(visit, "id"), "v2");
    assert_string_equal(fixture_text(visit, "group"), "Kelas");
    assert_int_equal(json_array_size(json_object_get(welcome, "participants")), 1);
    fixture_offer(fixture, two, 1, 2);
    fixture_expect(two, "group");
    assert_string_equal(fixture_text(fixture_expect(two, "error"), "code"), "bad-state");
    assert_int_equal(fake_media_n_open(fixture->media), 0);
    /* The host reads both names, and whose visit it is. */
    assert_true(has_read(host, "Siti Aminah") && has_read(host, "Rina Husain"));
    assert_true(has_read(host, "\"visit\":\"v2\""));
    assert_false(has_read(one, "Rina") || has_read(one, "p-two"));
    assert_false(has_read(two, "Siti") || has_read(two, "p-one"));
}

static void a_device_of_who_waits_stays_outside(void **state)
{
    Room room = room_of(*state);
    Fixture *fixture = *state;
    SignalingParticipant who[2];
    SignalingAdmission admission = admission_of(&room, 1, who);
    g_autofree char *sdp = fixture_sdp(7);
    g_autofree char *resource = NULL;
    g_autofree char *answer = NULL;
    g_autoptr(GError) error = NULL;
    assert_false(signaling_whip_open(fixture->signaling, &admission, SIGNALING_WHIP, sdp,
                                     strlen(sdp), &resource, &answer, &error));
    assert_int_equal(error->code, SIGNALING_ERROR_BAD_STATE);
}

static void the_host_lets_in_one_or_all_who_wait(void **state)
{
    Room room = room_of(*state);
    Fixture *fixture = *state;
    FakeConn *host = join(&room, 0);
    join(&room, 1);
    FakeConn *two = join(&room, 2);
    set_state(&room, 1, SIGNALING_PHASE_WAITING, "checked_in");
    g_string_truncate(fixture->events, 0);
    fixture_say(fixture, host, "{'type': 'admit', 'participant': 'p-two'}");
    fixture_expect_events(fixture, "intent g1 call\n");
    set_state(&room, 2, SIGNALING_PHASE_CALLED, "called");
    fixture_say(fixture, host, "{'type': 'admit', 'participant': null}");
    fixture_expect_events(fixture, "intent g1 call\n"); /* the one who still waits */
    fixture_skip(host);
    fixture_say(fixture, host, "{'type': 'admit', 'participant': 'nobody'}");
    assert_string_equal(fixture_text(fixture_expect(host, "error"), "code"), "bad-state");
    fixture_skip(two);
    fixture_say(fixture, two, "{'type': 'admit', 'participant': null}");
    assert_string_equal(fixture_text(fixture_expect(two, "error"), "code"), "not-allowed");
    /* A group is no single visit. */
    fixture_say(fixture, host, "{'type': 'end', 'outcome': 'done'}");
    assert_string_equal(fixture_text(fixture_expect(host, "error"), "code"), "bad-state");
    fixture_expect_events(fixture, "");
}

static void patients_in_the_call_see_the_chosen_name_alone(void **state)
{
    Room room = room_of(*state);
    join(&room, 0);
    FakeConn *one = join(&room, 1);
    FakeConn *two = join(&room, 2);
    let_in(&room, one, 1, 0);
    assert_string_equal(fake_media_options(room.fixture->media, 0)->room_id, "g1");
    assert_false(has_read(two, "p-one"));
    let_in(&room, two, 2, 1);
    assert_true(has_read(two, "\"id\":\"p-one\"") && has_read(two, "\"name\":\"Siti\""));
    assert_false(has_read(two, "Aminah"));
    assert_true(has_read(one, "\"id\":\"p-two\"") && has_read(one, "\"place\":2"));
    assert_false(has_read(one, "Rina"));
    assert_false(has_read(one, "\"v2\"") || has_read(two, "\"v1\""));
}

static void the_relay_is_told_who_is_muted(void **state)
{
    Room room = room_of(*state);
    Fixture *fixture = *state;
    FakeConn *host = join(&room, 0);
    FakeConn *one = join(&room, 1);
    FakeConn *two = join(&room, 2);
    let_in(&room, one, 1, 0);
    let_in(&room, two, 2, 1);
    fixture_skip(one);
    fixture_say(fixture, host, "{'type': 'mute', 'participant': 'p-one', 'muted': true}");
    assert_true(fake_media_is_muted(fixture->media, 0));
    assert_false(fake_media_is_muted(fixture->media, 1));
    assert_true(fixture_flag(fixture_expect(one, "group"), "muted"));
    /* Muted again after a reload: the relay, not the page, keeps it. */
    fixture_offer(fixture, one, 2, 9);
    assert_true(fake_media_is_muted(fixture->media, 2));
    fixture_skip(one);
    fixture_skip(host);
    fixture_say(fixture, one, "{'type': 'hand', 'raised': true}");
    assert_true(fixture_flag(fixture_expect(one, "group"), "hand"));
    json_t *told = json_object_get(fixture_expect(host, "participant"), "participant");
    assert_true(fixture_flag(told, "hand"));
    fixture_say(fixture, host, "{'type': 'mute', 'participant': 'p-one', 'muted': false}");
    assert_false(fake_media_is_muted(fixture->media, 2));
    json_t *group = fixture_expect(one, "group");
    assert_false(fixture_flag(group, "muted"));
    assert_false(fixture_flag(group, "hand")); /* it was raised for this */
    /* All, and who comes later, too. */
    fixture_say(fixture, host, "{'type': 'mute', 'participant': null, 'muted': true}");
    assert_true(fake_media_is_muted(fixture->media, 1) && fake_media_is_muted(fixture->media, 2));
    FakeConn *three = join(&room, 3);
    let_in(&room, three, 3, 3);
    assert_true(fake_media_is_muted(fixture->media, 3));
    fixture_skip(one);
    fixture_say(fixture, one, "{'type': 'mute', 'participant': null, 'muted': false}");
    assert_string_equal(fixture_text(fixture_expect(one, "error"), "code"), "not-allowed");
    assert_true(fake_media_is_muted(fixture->media, 2));
}

static const char *aside_of(FakeConn *conn)
{
    return fixture_text(fixture_expect(conn, "group"), "aside");
}

static void two_are_aside_and_the_others_are_told(void **state)
{
    Room room = room_of(*state);
    Fixture *fixture = *state;
    FakeConn *host = join(&room, 0);
    FakeConn *one = join(&room, 1);
    FakeConn *two = join(&room, 2);
    let_in(&room, one, 1, 0);
    fixture_offer(fixture, host, 1, 8);
    fixture_skip(host);
    fixture_say(fixture, host, "{'type': 'aside', 'participant': 'p-two'}"); /* not in yet */
    assert_string_equal(fixture_text(fixture_expect(host, "error"), "code"), "bad-state");
    let_in(&room, two, 2, 2);
    fixture_skip(one);
    fixture_skip(two);
    fixture_say(fixture, host, "{'type': 'aside', 'participant': 'p-one'}");
    assert_int_equal(fake_media_circle(fixture->media, 0), 1);
    assert_int_equal(fake_media_circle(fixture->media, 1), 1); /* the host */
    assert_int_equal(fake_media_circle(fixture->media, 2), 0);
    assert_string_equal(aside_of(one), "here");
    assert_string_equal(aside_of(two), "away");
    assert_false(has_read(two, "\"aside\":true")); /* not with whom */
    fixture_skip(one);
    fixture_skip(two);
    fixture_say(fixture, host, "{'type': 'aside', 'participant': null}");
    assert_int_equal(fake_media_circle(fixture->media, 0), 0);
    assert_int_equal(fake_media_circle(fixture->media, 1), 0);
    assert_string_equal(aside_of(two), "none");
    /* It ends with one of the two, too. */
    fixture_say(fixture, host, "{'type': 'aside', 'participant': 'p-one'}");
    fixture_skip(two);
    fixture_say(fixture, one, "{'type': 'leave'}");
    assert_int_equal(fake_media_circle(fixture->media, 1), 0);
    fixture_say(fixture, host, "{'type': 'aside', 'participant': 'p-two'}");
    fixture_say(fixture, host, "{'type': 'leave'}");
    assert_int_equal(fake_media_circle(fixture->media, 2), 0);
}

static void each_goes_with_the_own_visit(void **state)
{
    Room room = room_of(*state);
    Fixture *fixture = *state;
    FakeConn *host = join(&room, 0);
    FakeConn *one = join(&room, 1);
    FakeConn *two = join(&room, 2);
    let_in(&room, one, 1, 0);
    let_in(&room, two, 2, 1);
    fixture_skip(one);
    set_state(&room, 1, SIGNALING_PHASE_OVER, "done");
    fixture_expect(one, "visit");
    assert_string_equal(fixture_text(fixture_expect(one, "ended"), "state"), "done");
    assert_int_equal(one->close_code, CLOSE_ENDED);
    assert_int_equal(two->close_code, 0);
    assert_int_equal(host->close_code, 0);
    assert_false(fake_media_is_open(fixture->media, 0));
    assert_true(fake_media_is_open(fixture->media, 1));
    /* Put back to wait: out of the room. */
    set_state(&room, 2, SIGNALING_PHASE_WAITING, "checked_in");
    assert_false(fake_media_is_open(fixture->media, 1));
    const SignalingVisit over = {
        .id = "g1", .phase = SIGNALING_PHASE_OVER, .state = "done", .ended_by = "doctor"};
    signaling_visit_changed(fixture->signaling, &over);
    assert_int_equal(host->close_code, CLOSE_ENDED);
    assert_int_equal(two->close_code, 0); /* its own end follows */
    set_state(&room, 2, SIGNALING_PHASE_OVER, "cancelled_provider");
    assert_int_equal(two->close_code, CLOSE_ENDED);
    SignalingStats stats;
    signaling_stats(fixture->signaling, &stats);
    assert_int_equal(stats.n_lobbies, 0);
}

static void an_ordinary_visit_has_no_group(void **state)
{
    Fixture *fixture = *state;
    FakeConn *doctor = fixture_join(fixture, "doctor");
    FakeConn *patient = fixture_join(fixture, "patient");
    fixture_skip(doctor);
    fixture_say(fixture, doctor, "{'type': 'mute', 'participant': null, 'muted': true}");
    assert_string_equal(fixture_text(fixture_expect(doctor, "error"), "code"), "bad-state");
    fixture_skip(patient);
    fixture_say(fixture, patient, "{'type': 'hand', 'raised': true}");
    assert_string_equal(fixture_text(fixture_expect(patient, "error"), "code"), "bad-state");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_waits_is_told_nothing_and_carries_nothing),
        TEST(a_device_of_who_waits_stays_outside),
        TEST(the_host_lets_in_one_or_all_who_wait),
        TEST(patients_in_the_call_see_the_chosen_name_alone),
        TEST(the_relay_is_told_who_is_muted),
        TEST(two_are_aside_and_the_others_are_told),
        TEST(each_goes_with_the_own_visit),
        TEST(an_ordinary_visit_has_no_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
