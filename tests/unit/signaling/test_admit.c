// SPDX-License-Identifier: Apache-2.0
/* The first message, resume, take-over, the end of connections. */
#include "fixture.h"

#include <string.h>

static void welcome_shows_the_visit_and_the_others(void **state)
{
    Fixture *fixture = *state;
    FakeConn *conn = fixture_open(fixture);
    fixture_say(fixture, conn, "{'type': 'hello', 'token': 'patient', 'lang': 'id'}");
    json_t *welcome = fixture_expect(conn, "welcome");
    assert_int_equal(json_integer_value(json_object_get(welcome, "seq")), 1);
    assert_string_equal(fixture_text(welcome, "kind"), "visit");
    assert_string_equal(fixture_text(welcome, "participant"), "p-patient");
    assert_string_equal(fixture_text(welcome, "role"), "patient");
    assert_false(fixture_flag(welcome, "resumed"));
    json_t *visit = json_object_get(welcome, "visit");
    assert_string_equal(fixture_text(visit, "state"), "checked_in");
    assert_true(json_is_null(json_object_get(visit, "queue")));
    assert_true(json_is_null(json_object_get(visit, "ended_at_ms")));
    json_t *others = json_object_get(welcome, "participants");
    assert_int_equal(json_array_size(others), 1);
    json_t *doctor = json_array_get(others, 0);
    assert_string_equal(fixture_text(doctor, "name"), "dr. Rahmat H.");
    assert_false(fixture_flag(doctor, "present"));
    fixture_expect_nothing(conn);
    fixture_expect_events(fixture, "presence p-patient joined\n");
    assert_true(signaling_is_present(fixture->signaling, "v1", "p-patient"));
    assert_false(signaling_is_present(fixture->signaling, "v1", "p-doctor"));
}

static void refusals_are_fatal_and_say_why(void **state)
{
    Fixture *fixture = *state;
    FakeConn *gone = fixture_open(fixture);
    fixture_say(fixture, gone, "{'type': 'hello', 'token': 'gone', 'lang': 'en'}");
    json_t *error = fixture_expect(gone, "error");
    assert_string_equal(fixture_text(error, "code"), "link-invalid");
    assert_string_equal(fixture_text(error, "of"), "hello");
    assert_true(g_str_has_prefix(fixture_text(error, "message"), "This link"));
    assert_true(fixture_flag(error, "fatal"));
    assert_null(json_object_get(error, "seq"));
    assert_int_equal(gone->close_code, 4003);

    FakeConn *early = fixture_open(fixture);
    fixture_say(fixture, early, "{'type': 'hello', 'token': 'early'}");
    error = fixture_expect(early, "error");
    assert_string_equal(fixture_text(error, "code"), "too-early");
    assert_int_equal(json_integer_value(json_object_get(error, "opens_at_ms")), 777);
    assert_true(g_str_has_prefix(fixture_text(error, "message"), "Kunjungan belum"));

    FakeConn *broken = fixture_open(fixture);
    fixture_say(fixture, broken, "{'type': 'hello', 'token': 'broken'}");
    assert_string_equal(fixture_text(fixture_expect(broken, "error"), "code"), "internal");
    assert_int_equal(broken->close_code, 0);
    fixture_say(fixture, broken, "{'type': 'hello', 'token': 'patient'}");
    fixture_expect(broken, "welcome");
}

static void hello_comes_first_once_and_in_time(void **state)
{
    Fixture *fixture = *state;
    FakeConn *eager = fixture_open(fixture);
    fixture_say(fixture, eager, "{'type': 'ready'}");
    assert_string_equal(fixture_text(fixture_expect(eager, "error"), "code"), "bad-order");
    assert_int_equal(eager->close_code, 4003);
    fixture_say(fixture, eager, "{'type': 'hello', 'token': 'patient'}");
    fixture_expect_nothing(eager);

    FakeConn *twice = fixture_join(fixture, "patient");
    fixture_say(fixture, twice, "{'type': 'hello', 'token': 'patient'}");
    assert_string_equal(fixture_text(fixture_expect(twice, "error"), "code"), "bad-order");
    assert_int_equal(twice->close_code, 4003);

    FakeConn *mute = fixture_open(fixture);
    fixture_pass(fixture, HELLO_TIMEOUT_MS - 1);
    assert_int_equal(mute->close_code, 0);
    fixture_pass(fixture, 1);
    assert_string_equal(fixture_text(fixture_expect(mute, "error"), "code"), "bad-order");
    assert_int_equal(mute->close_code, 4003);
}

static void an_answer_that_comes_too_late_finds_nobody(void **state)
{
    Fixture *fixture = *state;
    SignalingAdmission admission;
    fixture_admission(fixture, "patient", &admission);
    FakeConn *conn = fixture_open(fixture);
    fixture_say(fixture, conn, "{'type': 'hello', 'token': 'slow'}");
    fixture_say(fixture, conn, "{'type': 'ping', 'id': 3}");
    fixture_expect(conn, "pong");
    fixture_close(fixture, conn);
    signaling_authorize_accept(fixture->signaling, fixture->held, &admission);
    fixture_expect_nothing(conn);

    conn = fixture_open(fixture);
    fixture_say(fixture, conn, "{'type': 'hello', 'token': 'slow'}");
    fixture_pass(fixture, AUTHORIZE_TIMEOUT_MS);
    assert_string_equal(fixture_text(fixture_expect(conn, "error"), "code"), "internal");
    assert_int_equal(conn->close_code, 4003);
    signaling_authorize_refuse(fixture->signaling, fixture->held, SIGNALING_CODE_INTERNAL, 0);
    signaling_authorize_refuse(fixture->signaling, 424242, SIGNALING_CODE_INTERNAL, 0);
    fixture_expect_nothing(conn);
}

static void an_admission_older_than_the_end_does_not_reopen_the_visit(void **state)
{
    Fixture *fixture = *state;
    SignalingAdmission admission;
    FakeConn *conn = fixture_open(fixture);
    fixture_say(fixture, conn, "{'type': 'hello', 'token': 'slow'}");
    SignalingVisit old = fixture->visit;
    fixture_set_phase(fixture, SIGNALING_PHASE_OVER, "done");
    fixture_admission(fixture, "patient", &admission);
    admission.visit = &old;
    signaling_authorize_accept(fixture->signaling, fixture->held, &admission);
    assert_string_equal(fixture_text(fixture_expect(conn, "error"), "code"), "visit-ended");
    assert_int_equal(conn->close_code, 4003);
}

static void a_dropped_connection_resumes_and_misses_nothing(void **state)
{
    Fixture *fixture = *state;
    FakeConn *first = fixture_join(fixture, "patient");
    g_autofree char *resume = g_strdup(fixture_text(first->last, "resume"));
    FakeConn *doctor = fixture_join(fixture, "doctor");
    fixture_expect(first, "participant"); /* seq 2 */
    fixture_close(fixture, first);
    fixture_set_phase(fixture, SIGNALING_PHASE_CALLED, "called"); /* seq 3 */
    fixture_pass(fixture, 1000);
    FakeConn *second = fixture_open(fixture);
    fixture_say(fixture, second,
                "{'type': 'hello', 'token': 'patient', 'resume': '%s', 'last_seq': 2}", resume);
    json_t *welcome = fixture_expect(second, "welcome");
    assert_true(fixture_flag(welcome, "resumed"));
    assert_int_equal(json_integer_value(json_object_get(welcome, "seq")), 2);
    json_t *visit = fixture_expect(second, "visit");
    assert_int_equal(json_integer_value(json_object_get(visit, "seq")), 3);
    fixture_expect_nothing(second);
    fixture_skip(doctor);
    fixture_pass_pinging(fixture, 8000, second, doctor, NULL);
    fixture_expect_nothing(doctor);
    fixture_expect_events(fixture, "presence p-patient joined\npresence p-doctor joined\n");
}

static void after_a_minute_the_full_state_comes_instead(void **state)
{
    Fixture *fixture = *state;
    FakeConn *first = fixture_join(fixture, "patient");
    g_autofree char *resume = g_strdup(fixture_text(first->last, "resume"));
    FakeConn *doctor = fixture_join(fixture, "doctor");
    fixture_close(fixture, first);
    fixture_pass_pinging(fixture, SESSION_KEEP_MS, doctor, NULL);
    FakeConn *second = fixture_open(fixture);
    fixture_say(fixture, second,
                "{'type': 'hello', 'token': 'patient', 'resume': '%s', 'last_seq': 2}", resume);
    json_t *welcome = fixture_expect(second, "welcome");
    assert_false(fixture_flag(welcome, "resumed"));
    assert_int_equal(json_integer_value(json_object_get(welcome, "seq")), 1);
    assert_string_not_equal(fixture_text(welcome, "resume"), resume);
    fixture_expect_events(fixture, "presence p-patient joined\npresence p-doctor joined\n"
                                   "presence p-patient lost\npresence p-patient back\n");
}

static void a_buffer_that_ran_over_gives_the_full_state(void **state)
{
    Fixture *fixture = *state;
    FakeConn *first = fixture_join(fixture, "patient");
    g_autofree char *resume = g_strdup(fixture_text(first->last, "resume"));
    for (unsigned i = 0; i <= SESSION_KEEP_MS / 1000 + 80; i++) {
        fixture->visit.queue_ahead = i + 1;
        signaling_visit_changed(fixture->signaling, &fixture->visit);
    }
    fixture_close(fixture, first);
    FakeConn *second = fixture_open(fixture);
    fixture_say(fixture, second,
                "{'type': 'hello', 'token': 'patient', 'resume': '%s', 'last_seq': 1}", resume);
    assert_false(fixture_flag(fixture_expect(second, "welcome"), "resumed"));
}

static void numbers_that_were_never_sent_are_not_resumed(void **state)
{
    Fixture *fixture = *state;
    FakeConn *first = fixture_join(fixture, "patient");
    g_autofree char *resume = g_strdup(fixture_text(first->last, "resume"));
    fixture_close(fixture, first);
    FakeConn *second = fixture_open(fixture);
    fixture_say(fixture, second,
                "{'type': 'hello', 'token': 'patient', 'resume': '%s', 'last_seq': 99}", resume);
    assert_false(fixture_flag(fixture_expect(second, "welcome"), "resumed"));
}

static void a_second_tab_is_asked_and_may_take_over(void **state)
{
    Fixture *fixture = *state;
    FakeConn *first = fixture_join(fixture, "patient");
    FakeConn *second = fixture_open(fixture);
    fixture_say(fixture, second, "{'type': 'hello', 'token': 'patient'}");
    fixture_expect(second, "occupied");
    fixture_expect_nothing(first);
    fixture_say(fixture, second, "{'type': 'hello', 'token': 'patient', 'take_over': true}");
    fixture_expect(second, "welcome");
    assert_int_equal(json_integer_value(json_object_get(fixture_expect(first, "replaced"), "seq")),
                     2);
    assert_int_equal(first->close_code, 4001);
    fixture_close(fixture, first);
    fixture_pass_pinging(fixture, 8000, second, NULL);
    fixture_expect_events(fixture, "presence p-patient joined\n");
}

static void a_silent_socket_is_replaced_without_question(void **state)
{
    Fixture *fixture = *state;
    FakeConn *first = fixture_join(fixture, "patient");
    fixture_pass(fixture, TAKE_OVER_SILENT_MS);
    FakeConn *second = fixture_join(fixture, "patient");
    fixture_expect(first, "replaced");
    assert_int_equal(first->close_code, 4001);
    assert_int_equal(second->close_code, 0);
}

static void a_copied_tab_replaces_the_older_one(void **state)
{
    Fixture *fixture = *state;
    FakeConn *first = fixture_join(fixture, "patient");
    g_autofree char *resume = g_strdup(fixture_text(first->last, "resume"));
    FakeConn *second = fixture_open(fixture);
    fixture_say(fixture, second, "{'type': 'hello', 'token': 'patient', 'resume': '%s'}", resume);
    assert_false(fixture_flag(fixture_expect(second, "welcome"), "resumed"));
    fixture_expect(first, "replaced");
    assert_int_equal(first->close_code, 4001);
}

static void a_living_page_that_reconnects_is_not_told_replaced(void **state)
{
    Fixture *fixture = *state;
    FakeConn *first = fixture_join(fixture, "patient");
    g_autofree char *resume = g_strdup(fixture_text(first->last, "resume"));
    FakeConn *second = fixture_open(fixture);
    fixture_say(fixture, second,
                "{'type': 'hello', 'token': 'patient', 'resume': '%s', 'last_seq': 1}", resume);
    assert_true(fixture_flag(fixture_expect(second, "welcome"), "resumed"));
    fixture_expect_nothing(first);
    assert_int_equal(first->close_code, 4002);
}

static void day_watchers_hear_their_topics_only(void **state)
{
    Fixture *fixture = *state;
    FakeConn *conn = fixture_join(fixture, "day");
    assert_string_equal(fixture_text(conn->last, "kind"), "day");
    assert_null(json_object_get(conn->last, "visit"));
    signaling_day_changed(fixture->signaling, "doctor:other", "v9");
    signaling_day_changed(fixture->signaling, "doctor:d1:2026-11-24", "v1");
    json_t *changed = fixture_expect(conn, "day-changed");
    assert_string_equal(fixture_text(changed, "visit"), "v1");
    assert_int_equal(json_integer_value(json_object_get(changed, "seq")), 2);
    fixture_say(fixture, conn, "{'type': 'ready'}");
    assert_string_equal(fixture_text(fixture_expect(conn, "error"), "code"), "not-allowed");
    fixture_close(fixture, conn);
    SignalingStats stats;
    signaling_stats(fixture->signaling, &stats);
    assert_int_equal(stats.n_sessions, 0);
    assert_int_equal(stats.n_connections, 0);
}

static void watchers_come_again_when_their_token_leads_elsewhere(void **state)
{
    Fixture *fixture = *state;
    const char *topic = "doctor:d1:2026-11-24";
    FakeConn *conn = fixture_join(fixture, "day");
    FakeConn *patient = fixture_join(fixture, "patient");
    signaling_watch_anew(fixture->signaling, "doctor:other");
    assert_int_equal(conn->close_code, 0);
    assert_int_equal(signaling_count_watchers(fixture->signaling, topic), 1);
    signaling_watch_anew(fixture->signaling, topic);
    assert_int_equal(conn->close_code, 1012);
    assert_int_equal(patient->close_code, 0);
}

static void stopping_tells_all_and_refuses_newcomers(void **state)
{
    Fixture *fixture = *state;
    FakeConn *conn = fixture_join(fixture, "patient");
    FakeConn *fresh = fixture_open(fixture);
    signaling_stop(fixture->signaling, 10000);
    assert_int_equal(
        json_integer_value(json_object_get(fixture_expect(conn, "restarting"), "in_ms")), 10000);
    assert_int_equal(conn->close_code, 1012);
    assert_int_equal(fresh->close_code, 1012);
    FakeConn *late = fixture_open(fixture);
    assert_string_equal(fixture_text(fixture_expect(late, "error"), "code"), "stopping");
    assert_int_equal(late->close_code, 4003);
}

static void a_revoked_link_throws_its_page_out(void **state)
{
    Fixture *fixture = *state;
    FakeConn *conn = fixture_join(fixture, "patient");
    FakeConn *doctor = fixture_join(fixture, "doctor");
    fixture_skip(conn);
    signaling_dismiss(fixture->signaling, "v1", "p-patient", SIGNALING_CODE_LINK_INVALID);
    assert_string_equal(fixture_text(fixture_expect(conn, "error"), "code"), "link-invalid");
    assert_int_equal(conn->close_code, 4003);
    assert_string_equal(fixture_text(fixture_expect(doctor, "participant"), "event"), "left");
    signaling_dismiss(fixture->signaling, "v1", "p-nobody", SIGNALING_CODE_LINK_INVALID);
}

static void a_full_room_takes_nobody_more(void **state)
{
    Fixture *fixture = *state;
    fixture_join(fixture, "patient");
    for (unsigned i = 0; i < LIMIT_ROOM_PARTICIPANTS - 2; i++) {
        g_autofree char *token = g_strdup_printf("guest%u", i);
        fixture_join(fixture, token);
    }
    FakeConn *conn = fixture_open(fixture);
    fixture_say(fixture, conn, "{'type': 'hello', 'token': 'guest-more'}");
    assert_string_equal(fixture_text(fixture_expect(conn, "error"), "code"), "room-full");
    assert_int_equal(conn->close_code, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(welcome_shows_the_visit_and_the_others),
        TEST(refusals_are_fatal_and_say_why),
        TEST(hello_comes_first_once_and_in_time),
        TEST(an_answer_that_comes_too_late_finds_nobody),
        TEST(an_admission_older_than_the_end_does_not_reopen_the_visit),
        TEST(a_dropped_connection_resumes_and_misses_nothing),
        TEST(after_a_minute_the_full_state_comes_instead),
        TEST(a_buffer_that_ran_over_gives_the_full_state),
        TEST(numbers_that_were_never_sent_are_not_resumed),
        TEST(a_second_tab_is_asked_and_may_take_over),
        TEST(a_silent_socket_is_replaced_without_question),
        TEST(a_copied_tab_replaces_the_older_one),
        TEST(a_living_page_that_reconnects_is_not_told_replaced),
        TEST(day_watchers_hear_their_topics_only),
        TEST(watchers_come_again_when_their_token_leads_elsewhere),
        TEST(stopping_tells_all_and_refuses_newcomers),
        TEST(a_revoked_link_throws_its_page_out),
        TEST(a_full_room_takes_nobody_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
