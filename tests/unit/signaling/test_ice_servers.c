// SPDX-License-Identifier: Apache-2.0
/* TURN credentials: with each welcome, and again before they end. */
#include "fixture.h"

enum { TTL_MS = 600 * 1000, NEARLY_HALF_MS = TTL_MS / 2 - 5000, REST_MS = 6000 };

static const char *username(json_t *message)
{
    json_t *servers = json_object_get(message, "ice_servers");
    assert_int_equal(json_array_size(servers), 1);
    json_t *server = json_array_get(servers, 0);
    json_t *urls = json_object_get(server, "urls");
    assert_int_equal(json_array_size(urls), 2);
    assert_string_equal(json_string_value(json_array_get(urls, 1)), "turns:turn.example:443");
    assert_string_equal(fixture_text(server, "credential"), "secret");
    return fixture_text(server, "username");
}

static json_t *say_hello(Fixture *fixture, FakeConn *conn, const char *token)
{
    fixture_say(fixture, conn, "{'type': 'hello', 'token': '%s'}", token);
    return fixture_expect(conn, "welcome");
}

/* The pongs of fixture_pass_pinging() left out, the first message of another type. */
static json_t *next_but_pong(FakeConn *conn)
{
    while (conn->n_read < conn->texts->len) {
        json_decref(conn->last);
        conn->last = json_loads(conn->texts->pdata[conn->n_read++], 0, NULL);
        if (strcmp(fixture_text(conn->last, "type"), "pong") != 0)
            return conn->last;
    }
    return NULL;
}

static void each_participant_gets_credentials_of_its_own(void **state)
{
    Fixture *fixture = *state;
    fixture->turn_ttl_ms = TTL_MS;
    FakeConn *patient = fixture_open(fixture), *doctor = fixture_open(fixture);
    assert_string_equal(username(say_hello(fixture, patient, "patient")), "p-patient-1");
    assert_string_equal(username(say_hello(fixture, doctor, "doctor")), "p-doctor-2");
}

static void without_a_turn_server_the_list_is_empty(void **state)
{
    Fixture *fixture = *state;
    FakeConn *conn = fixture_open(fixture);
    json_t *welcome = say_hello(fixture, conn, "patient");
    assert_true(json_is_array(json_object_get(welcome, "ice_servers")));
    assert_int_equal(json_array_size(json_object_get(welcome, "ice_servers")), 0);
    fixture_pass_pinging(fixture, TTL_MS, conn, NULL);
    assert_null(next_but_pong(conn));
}

static void a_watcher_of_a_day_gets_none(void **state)
{
    Fixture *fixture = *state;
    fixture->turn_ttl_ms = TTL_MS;
    FakeConn *conn = fixture_open(fixture);
    assert_null(json_object_get(say_hello(fixture, conn, "day"), "ice_servers"));
    fixture_pass_pinging(fixture, TTL_MS, conn, NULL);
    assert_null(next_but_pong(conn));
    assert_int_equal(fixture->n_turn_issued, 0);
}

static void new_ones_come_at_half_of_their_time_and_again(void **state)
{
    Fixture *fixture = *state;
    fixture->turn_ttl_ms = TTL_MS;
    FakeConn *conn = fixture_open(fixture);
    say_hello(fixture, conn, "patient");
    fixture_pass_pinging(fixture, NEARLY_HALF_MS, conn, NULL);
    assert_null(next_but_pong(conn));
    for (unsigned i = 2; i <= 3; i++) {
        g_autofree char *expected = g_strdup_printf("p-patient-%u", i);
        fixture_pass_pinging(fixture, i == 2 ? REST_MS : TTL_MS / 2, conn, NULL);
        json_t *message = next_but_pong(conn);
        assert_non_null(message);
        assert_string_equal(fixture_text(message, "type"), "ice-servers");
        assert_string_equal(username(message), expected);
        assert_null(json_object_get(message, "seq"));
        assert_null(next_but_pong(conn));
    }
}

static void a_page_that_comes_back_gets_fresh_ones_and_no_older(void **state)
{
    Fixture *fixture = *state;
    fixture->turn_ttl_ms = TTL_MS;
    FakeConn *conn = fixture_open(fixture);
    json_t *welcome = say_hello(fixture, conn, "patient");
    g_autofree char *resume = g_strdup(fixture_text(welcome, "resume"));
    fixture_pass_pinging(fixture, NEARLY_HALF_MS, conn, NULL);
    fixture_close(fixture, conn);
    fixture_pass(fixture, REST_MS); /* they are due meanwhile */
    FakeConn *back = fixture_open(fixture);
    fixture_say(fixture, back,
                "{'type': 'hello', 'token': 'patient', 'resume': '%s', 'last_seq': 1}", resume);
    welcome = fixture_expect(back, "welcome");
    assert_true(fixture_flag(welcome, "resumed"));
    assert_string_equal(username(welcome), "p-patient-2");
    fixture_pass_pinging(fixture, NEARLY_HALF_MS, back, NULL);
    assert_null(next_but_pong(back));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_participant_gets_credentials_of_its_own),
        TEST(without_a_turn_server_the_list_is_empty),
        TEST(a_watcher_of_a_day_gets_none),
        TEST(new_ones_come_at_half_of_their_time_and_again),
        TEST(a_page_that_comes_back_gets_fresh_ones_and_no_older),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
