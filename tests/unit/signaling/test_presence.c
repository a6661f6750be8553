// SPDX-License-Identifier: Apache-2.0
/* What the others are told, intents, the end of a visit, limits on messages. */
#include "fixture.h"

#include <string.h>

static const char *event_of(FakeConn *conn)
{
    return fixture_text(fixture_expect(conn, "participant"), "event");
}

static void the_others_hear_joined_lost_and_back(void **state)
{
    Fixture *fixture = *state;
    FakeConn *doctor = fixture_join(fixture, "doctor");
    FakeConn *patient = fixture_join(fixture, "patient");
    assert_string_equal(event_of(doctor), "joined");
    fixture_close(fixture, patient);
    fixture_pass(fixture, DETACHED_GRACE_MS - 1);
    fixture_expect_nothing(doctor);
    fixture_pass(fixture, 1);
    json_t *lost = fixture_expect(doctor, "participant");
    assert_string_equal(fixture_text(lost, "event"), "lost");
    json_t *who = json_object_get(lost, "participant");
    assert_string_equal(fixture_text(who, "id"), "p-patient");
    assert_false(fixture_flag(who, "present"));
    fixture_join(fixture, "patient");
    assert_string_equal(event_of(doctor), "back");
    fixture_expect_events(fixture, "presence p-doctor joined\npresence p-patient joined\n"
                                   "presence p-patient lost\npresence p-patient back\n");
}

/* The first other participant with ROLE in a welcome. */
static json_t *other_of(json_t *welcome, const char *role)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(welcome, "participants"), i, one)
    {
        if (strcmp(fixture_text(one, "role"), role) == 0)
            return one;
    }
    return NULL;
}

static void a_guest_is_named_and_reads_no_patient_name(void **state)
{
    Fixture *fixture = *state;
    FakeConn *doctor = fixture_join(fixture, "doctor");
    FakeConn *guest = fixture_open(fixture);
    fixture_say(fixture, guest, "{'type': 'hello', 'token': 'guest'}");
    json_t *welcome = fixture_expect(guest, "welcome");
    assert_string_equal(fixture_text(other_of(welcome, "doctor"), "name"), "dr. Rahmat H.");
    assert_string_equal(fixture_text(other_of(welcome, "patient"), "name"), "");
    json_t *who = json_object_get(fixture_expect(doctor, "participant"), "participant");
    assert_string_equal(fixture_text(who, "role"), "guest");
    assert_string_equal(fixture_text(who, "label"), "interpreter");

    FakeConn *patient = fixture_join(fixture, "patient");
    who = json_object_get(fixture_expect(guest, "participant"), "participant");
    assert_string_equal(fixture_text(who, "id"), "p-patient");
    assert_string_equal(fixture_text(who, "name"), "");
    assert_null(json_object_get(who, "label"));
    who = json_object_get(fixture_expect(doctor, "participant"), "participant");
    assert_string_equal(fixture_text(who, "name"), "S. A.");
    fixture_say(fixture, guest, "{'type': 'accept'}");
    assert_string_equal(fixture_text(fixture_expect(guest, "error"), "code"), "not-allowed");
    fixture_skip(patient);
}

static void ping(Fixture *fixture, FakeConn *conn, const char *rtt_ms)
{
    fixture_pass(fixture, 4000);
    fixture_say(fixture, conn, "{'type': 'ping', 'id': 1, 'rtt_ms': %s}", rtt_ms);
    fixture_skip(conn);
}

/* Two bad round trips make it weak, four good ones good again; who is gone has none. */
static void the_link_of_who_waits_is_graded(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient = fixture_join(fixture, "patient");
    assert_int_equal(signaling_link(fixture->signaling, "v1", "p-patient"), SIGNALING_LINK_UNKNOWN);
    ping(fixture, patient, "0");
    assert_int_equal(signaling_link(fixture->signaling, "v1", "p-patient"), SIGNALING_LINK_UNKNOWN);
    /* After each round trip, good or bad: g, w. */
    static const char pings[] = "gbgbbbgggbgggg", links[] = "ggggwwwwwwwwwg";
    for (unsigned i = 0; pings[i]; i++) {
        ping(fixture, patient, pings[i] == 'b' ? "501" : "500");
        SignalingLink link = signaling_link(fixture->signaling, "v1", "p-patient");
        if (link != (links[i] == 'w' ? SIGNALING_LINK_WEAK : SIGNALING_LINK_GOOD))
            fail_msg("after ping %u: %s", i, signaling_link_name(link));
    }
    fixture_expect_events(fixture, "presence p-patient joined\nlink p-patient good\n"
                                   "link p-patient weak\nlink p-patient good\n");
    assert_int_equal(signaling_link(fixture->signaling, "v1", "p-patient"), SIGNALING_LINK_GOOD);
    assert_int_equal(signaling_link(fixture->signaling, "v1", "p-doctor"), SIGNALING_LINK_UNKNOWN);
    fixture_close(fixture, patient);
    fixture_pass(fixture, DETACHED_GRACE_MS);
    assert_int_equal(signaling_link(fixture->signaling, "v1", "p-patient"), SIGNALING_LINK_UNKNOWN);
}

static void a_killed_browser_is_told_within_five_seconds(void **state)
{
    Fixture *fixture = *state;
    FakeConn *doctor = fixture_join(fixture, "doctor");
    FakeConn *patient = fixture_join(fixture, "patient");
    fixture_skip(doctor);
    fixture_close(fixture, patient);
    fixture_pass(fixture, 4999);
    assert_string_equal(event_of(doctor), "lost");
}

static void a_dead_socket_is_given_up(void **state)
{
    Fixture *fixture = *state;
    FakeConn *doctor = fixture_join(fixture, "doctor");
    FakeConn *patient = fixture_join(fixture, "patient");
    fixture_skip(doctor);
    fixture_pass_pinging(fixture, SOCKET_SILENT_MS - 4000, doctor, NULL);
    fixture_expect_nothing(doctor);
    fixture_pass_pinging(fixture, 4000, doctor, NULL);
    assert_string_equal(event_of(doctor), "lost");
    assert_int_equal(patient->close_code, 0);
    fixture_say(fixture, patient, "{'type': 'ping', 'id': 1}");
    fixture_pass(fixture, TICK_MS);
    assert_string_equal(event_of(doctor), "back");
    fixture_pass_pinging(fixture, SOCKET_DEAD_MS, doctor, NULL);
    assert_int_equal(patient->close_code, 1001);
}

static void a_lobby_that_everybody_left_is_freed(void **state)
{
    Fixture *fixture = *state;
    SignalingStats stats;
    FakeConn *doctor = fixture_join(fixture, "doctor");
    FakeConn *patient = fixture_join(fixture, "patient");
    fixture_close(fixture, patient);
    fixture_close(fixture, doctor);
    fixture_pass(fixture, SESSION_KEEP_MS - 250);
    signaling_stats(fixture->signaling, &stats);
    assert_int_equal(stats.n_lobbies, 1);
    fixture_pass(fixture, 500);
    signaling_stats(fixture->signaling, &stats);
    assert_int_equal(stats.n_lobbies, 0);
    assert_int_equal(stats.n_sessions, 0);
}

static void devices_are_shown_to_the_others_once(void **state)
{
    Fixture *fixture = *state;
    FakeConn *doctor = fixture_join(fixture, "doctor");
    FakeConn *patient = fixture_join(fixture, "patient");
    fixture_skip(doctor);
    fixture_say(fixture, patient, "{'type': 'devices', 'audio': 'on', 'video': 'denied'}");
    fixture_say(fixture, patient, "{'type': 'devices', 'audio': 'on', 'video': 'denied'}");
    json_t *told = fixture_expect(doctor, "participant");
    assert_string_equal(fixture_text(told, "event"), "devices");
    json_t *who = json_object_get(told, "participant");
    assert_string_equal(fixture_text(who, "audio"), "on");
    assert_string_equal(fixture_text(who, "video"), "denied");
    fixture_expect_nothing(doctor);
    fixture_say(fixture, patient, "{'type': 'devices', 'audio': 'loud', 'video': 'on'}");
    assert_string_equal(fixture_text(fixture_expect(patient, "error"), "code"), "bad-message");
}

static void intents_go_to_wiring_by_role(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient = fixture_join(fixture, "patient");
    FakeConn *doctor = fixture_join(fixture, "doctor");
    fixture_skip(patient);
    g_string_truncate(fixture->events, 0);
    fixture_say(fixture, patient, "{'type': 'ready'}");
    fixture_say(fixture, patient, "{'type': 'accept'}");
    fixture_say(fixture, doctor, "{'type': 'call'}");
    fixture_say(fixture, doctor, "{'type': 'end', 'outcome': 'tech_failed'}");
    fixture_expect_events(fixture, "intent p-patient ready\nintent p-patient accept\n"
                                   "intent p-doctor call\nintent p-doctor end tech_failed\n");
    fixture_expect_nothing(patient);
    fixture_expect_nothing(doctor);

    fixture_say(fixture, patient, "{'type': 'end', 'outcome': 'done'}");
    assert_string_equal(fixture_text(fixture_expect(patient, "error"), "code"), "not-allowed");
    fixture_say(fixture, doctor, "{'type': 'ready'}");
    assert_string_equal(fixture_text(fixture_expect(doctor, "error"), "code"), "not-allowed");
    fixture_say(fixture, doctor, "{'type': 'end', 'outcome': 'whatever'}");
    assert_string_equal(fixture_text(fixture_expect(doctor, "error"), "code"), "bad-message");

    fixture->intent_code = SIGNALING_CODE_BAD_STATE;
    fixture_say(fixture, doctor, "{'type': 'call'}");
    json_t *error = fixture_expect(doctor, "error");
    assert_string_equal(fixture_text(error, "code"), "bad-state");
    assert_string_equal(fixture_text(error, "of"), "call");
    assert_int_equal(doctor->close_code, 0);
}

static void not_ready_is_shown_when_it_was_allowed(void **state)
{
    Fixture *fixture = *state;
    FakeConn *doctor = fixture_join(fixture, "doctor");
    FakeConn *patient = fixture_join(fixture, "patient");
    fixture_skip(doctor);
    fixture->hold_intents = true;
    fixture_say(fixture, patient, "{'type': 'not-ready'}");
    fixture_expect_nothing(doctor);
    signaling_intent_done(fixture->signaling, fixture->held_intent, SIGNALING_CODE_NONE);
    assert_string_equal(event_of(doctor), "not-ready");
    signaling_intent_done(fixture->signaling, fixture->held_intent, SIGNALING_CODE_NONE);
    fixture_expect_nothing(doctor);
}

static void an_intent_answered_after_its_page_has_gone_finds_nobody(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient = fixture_join(fixture, "patient");
    fixture->hold_intents = true;
    fixture_say(fixture, patient, "{'type': 'leave'}");
    fixture_close(fixture, patient);
    signaling_intent_done(fixture->signaling, fixture->held_intent, SIGNALING_CODE_INTERNAL);
}

static void leaving_keeps_the_visit_and_coming_back_is_shown(void **state)
{
    Fixture *fixture = *state;
    FakeConn *doctor = fixture_join(fixture, "doctor");
    FakeConn *patient = fixture_join(fixture, "patient");
    fixture_skip(doctor);
    g_string_truncate(fixture->events, 0);
    fixture_say(fixture, patient, "{'type': 'leave'}");
    fixture_say(fixture, patient, "{'type': 'leave'}");
    assert_string_equal(event_of(doctor), "left");
    fixture_say(fixture, patient, "{'type': 'devices', 'audio': 'on', 'video': 'on'}");
    assert_string_equal(event_of(doctor), "devices");
    fixture_say(fixture, patient, "{'type': 'ready'}");
    assert_string_equal(event_of(doctor), "back");
    fixture_expect_events(fixture, "presence p-patient left\nintent p-patient leave\n"
                                   "presence p-patient back\nintent p-patient ready\n");
    fixture_say(fixture, patient, "{'type': 'leave'}");
    fixture_close(fixture, patient);
    assert_string_equal(event_of(doctor), "left");
    fixture_pass_pinging(fixture, 8000, doctor, NULL);
    fixture_expect_nothing(doctor);
    SignalingStats stats;
    signaling_stats(fixture->signaling, &stats);
    assert_int_equal(stats.n_sessions, 1);
}

static void a_change_of_the_visit_is_told_once(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient = fixture_join(fixture, "patient");
    fixture->visit.in_queue = true;
    fixture->visit.queue_number = "A-12";
    fixture->visit.queue_ahead = 2;
    signaling_visit_changed(fixture->signaling, &fixture->visit);
    signaling_visit_changed(fixture->signaling, &fixture->visit);
    json_t *visit = json_object_get(fixture_expect(patient, "visit"), "visit");
    json_t *queue = json_object_get(visit, "queue");
    assert_string_equal(fixture_text(queue, "number"), "A-12");
    assert_int_equal(json_integer_value(json_object_get(queue, "ahead")), 2);
    fixture_expect_nothing(patient);
    fixture->visit.revision = 5;
    fixture->visit.state = "called";
    signaling_visit_changed(fixture->signaling, &fixture->visit);
    fixture_expect(patient, "visit");
    fixture->visit.revision = 4;
    fixture->visit.state = "checked_in";
    signaling_visit_changed(fixture->signaling, &fixture->visit);
    fixture_expect_nothing(patient);
}

/* Nothing of the visit itself is another then. */
static void a_place_that_is_gone_is_told(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient = fixture_join(fixture, "patient");
    for (int gone = 1; gone >= 0; gone--) {
        fixture->visit.is_unplaced = gone;
        signaling_visit_changed(fixture->signaling, &fixture->visit);
        json_t *visit = json_object_get(fixture_expect(patient, "visit"), "visit");
        assert_int_equal(fixture_flag(visit, "unplaced"), gone);
    }
    assert_true(signaling_knows_visit(fixture->signaling, fixture->visit.id));
    assert_false(signaling_knows_visit(fixture->signaling, "other"));
}

static void an_ended_visit_closes_everybody(void **state)
{
    Fixture *fixture = *state;
    FakeConn *patient = fixture_join(fixture, "patient");
    FakeConn *doctor = fixture_join(fixture, "doctor");
    fixture_skip(patient);
    fixture->end_on_intent = true;
    fixture_say(fixture, doctor, "{'type': 'end', 'outcome': 'done'}");
    FakeConn *both[] = {patient, doctor};
    for (unsigned i = 0; i < 2; i++) {
        json_t *visit = json_object_get(fixture_expect(both[i], "visit"), "visit");
        assert_string_equal(fixture_text(visit, "state"), "done");
        json_t *ended = fixture_expect(both[i], "ended");
        assert_string_equal(fixture_text(ended, "state"), "done");
        assert_string_equal(fixture_text(ended, "by"), "doctor");
        assert_int_equal(both[i]->close_code, 4000);
        fixture_close(fixture, both[i]);
    }
    SignalingStats stats;
    signaling_stats(fixture->signaling, &stats);
    assert_int_equal(stats.n_lobbies, 0);
    assert_int_equal(stats.n_sessions, 0);
    FakeConn *late = fixture_open(fixture);
    fixture_say(fixture, late, "{'type': 'hello', 'token': 'patient'}");
    assert_string_equal(fixture_text(fixture_expect(late, "error"), "code"), "visit-ended");
}

static void unknown_messages_leave_the_connection_open(void **state)
{
    Fixture *fixture = *state;
    FakeConn *conn = fixture_join(fixture, "patient");
    for (unsigned i = 0; i < 5; i++) {
        fixture_say(fixture, conn, "{'type': 'dance'}");
        assert_string_equal(fixture_text(fixture_expect(conn, "error"), "code"), "unknown-message");
    }
    assert_int_equal(conn->close_code, 0);
}

static void three_bad_messages_in_a_row_are_fatal(void **state)
{
    Fixture *fixture = *state;
    FakeConn *conn = fixture_join(fixture, "patient");
    fixture_say(fixture, conn, "not json");
    fixture_say(fixture, conn, "[]");
    fixture_say(fixture, conn, "{'type': 'ping', 'id': 1}");
    fixture_say(fixture, conn, "{'type': 3}");
    fixture_say(fixture, conn, "{'type': 'ping', 'id': 'x'}");
    assert_int_equal(conn->close_code, 0);
    fixture_say(fixture, conn, "{");
    assert_int_equal(conn->close_code, 4003);
    conn->n_read = conn->texts->len - 1;
    json_t *error = fixture_expect(conn, "error");
    assert_string_equal(fixture_text(error, "code"), "bad-message");
    assert_true(fixture_flag(error, "fatal"));
}

static void too_many_messages_are_cut_off(void **state)
{
    Fixture *fixture = *state;
    FakeConn *conn = fixture_join(fixture, "patient");
    for (unsigned i = 0; i < LIMIT_WS_MESSAGES_BURST && conn->close_code == 0; i++)
        fixture_say(fixture, conn, "{'type': 'ping', 'id': 1}");
    assert_int_equal(conn->close_code, 1008);
    conn->n_read = conn->texts->len - 1;
    assert_string_equal(fixture_text(fixture_expect(conn, "error"), "code"), "too-many-messages");
}

static void the_timer_runs_on_the_given_context(void **state)
{
    Fixture *fixture = *state;
    FakeConn *conn = fixture_open(fixture);
    clock_advance(fixture->clock, HELLO_TIMEOUT_MS);
    while (conn->close_code == 0)
        g_main_context_iteration(fixture->context, TRUE);
    assert_int_equal(conn->close_code, 4003);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_others_hear_joined_lost_and_back),
        TEST(a_guest_is_named_and_reads_no_patient_name),
        TEST(the_link_of_who_waits_is_graded),
        TEST(a_killed_browser_is_told_within_five_seconds),
        TEST(a_dead_socket_is_given_up),
        TEST(a_lobby_that_everybody_left_is_freed),
        TEST(devices_are_shown_to_the_others_once),
        TEST(intents_go_to_wiring_by_role),
        TEST(not_ready_is_shown_when_it_was_allowed),
        TEST(an_intent_answered_after_its_page_has_gone_finds_nobody),
        TEST(leaving_keeps_the_visit_and_coming_back_is_shown),
        TEST(a_change_of_the_visit_is_told_once),
        TEST(a_place_that_is_gone_is_told),
        TEST(an_ended_visit_closes_everybody),
        TEST(unknown_messages_leave_the_connection_open),
        TEST(three_bad_messages_in_a_row_are_fatal),
        TEST(too_many_messages_are_cut_off),
        TEST(the_timer_runs_on_the_given_context),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
