// SPDX-License-Identifier: Apache-2.0
/* The queue on the database: who is called, by which of two doctors of a clinic, and what is done
 * with those who were called or wait. */
#include "tests/unit/scheduling/caller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/scheduling/reporter.h"

static void test_each_doctor_gets_another(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *named = caller_waiting(fixture, fixture->seed.doctors[0].id);
    g_autofree char *any = caller_waiting(fixture, NULL);
    g_autofree char *later = caller_waiting(fixture, NULL);
    caller_assert_calls(fixture, &caller_second, any); /* the one by name is not for this doctor */
    caller_assert_calls(fixture, &caller_first, named);
    QueueCall busy = caller_call_next(fixture, &caller_first);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_DOCTOR_BUSY);
    assert_string_equal(busy.visit_id, named);
    assert_int_equal(fixture_state(fixture, later), VISIT_STATE_CHECKED_IN);
    /* What a doctor has called is no other doctor's any more. */
    assert_int_equal(fixture_step(fixture, queue_skip, any, &caller_first),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(fixture_step(fixture, queue_absent, any, &caller_second), -1);
    caller_assert_calls(fixture, &caller_second, later);
    assert_int_equal(fixture_step(fixture, queue_absent, later, &caller_second), -1);
    QueueCall none = caller_call_next(fixture, &caller_second);
    assert_int_equal(fixture->error_code, -1);
    assert_string_equal(none.visit_id, "");
}

static void test_one_of_a_pool_is_called_by_id(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *any = caller_waiting(fixture, NULL);
    g_autofree char *named = caller_waiting(fixture, fixture->seed.doctors[0].id);
    assert_int_equal(fixture_step(fixture, visit_call, named, &caller_second),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(fixture_step(fixture, visit_call, any, &caller_second), -1);
    assert_int_equal(fixture_step(fixture, visit_call, any, &caller_first),
                     SCHEDULING_ERROR_FORBIDDEN);
}

/* Whichever way they are called, a doctor's are one after the other. */
static void test_called_by_id_one_at_a_time(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *a = caller_waiting(fixture, NULL);
    g_autofree char *b = caller_waiting(fixture, NULL);
    assert_int_equal(fixture_step(fixture, visit_call, a, &caller_first), -1);
    assert_int_equal(fixture_step(fixture, visit_call, b, &caller_first),
                     SCHEDULING_ERROR_DOCTOR_BUSY);
    assert_int_equal(fixture_state(fixture, b), VISIT_STATE_CHECKED_IN);
    assert_int_equal(fixture_step(fixture, visit_call, a, &caller_first), -1);
    assert_int_equal(fixture_step(fixture, visit_call, b, &caller_second), -1);
    assert_int_equal(fixture_step(fixture, queue_absent, a, &caller_first), -1);
    g_autofree char *c = caller_waiting(fixture, NULL);
    assert_int_equal(fixture_step(fixture, visit_call, c, &caller_first), -1);
}

typedef struct {
    Fixture *fixture;
    char *token;
} Issued;

static void on_issued(const IssuedToken *issued, const GError *error, gpointer user_data)
{
    Issued *answer = user_data;
    answer->token = issued ? g_strdup(issued->token) : NULL;
    fixture_keep_error(answer->fixture, error);
}

/* The doctor's join token; NULL on an error. */
static char *join_token(Fixture *fixture, const char *visit_id, const Actor *actor)
{
    Issued answer = {.fixture = fixture};
    fixture->n_waiting++;
    token_issue_doctor(fixture->scheduling, visit_id, actor, on_issued, &answer);
    fixture_wait(fixture);
    return answer.token;
}

static void on_grant(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    (void)grant;
    fixture_keep_error(user_data, error);
}

/* Whose a visit of a pool is, is known by the call: not by a token, nor by a socket. */
static void test_tokens_of_a_pool(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = caller_waiting(fixture, NULL);
    assert_null(join_token(fixture, visit, &caller_first));
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_BAD_STATE);
    g_autofree char *participant = fixture_participant(fixture, visit, VISIT_ROLE_DOCTOR);
    const Actor socket = {.role = ACTOR_DOCTOR, .participant_id = participant};
    assert_int_equal(fixture_step(fixture, visit_call, visit, &socket), SCHEDULING_ERROR_BAD_STATE);
    caller_assert_calls(fixture, &caller_first, visit);
    g_autofree char *token = join_token(fixture, visit, &caller_first);
    assert_non_null(token);
    assert_int_equal(fixture_step(fixture, queue_return, visit, &caller_first), -1);
    caller_assert_calls(fixture, &caller_second, visit);
    fixture->n_waiting++;
    token_authorize(fixture->scheduling, token, on_grant, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_LINK_INVALID);
}

static void test_skipped_lets_one_go_first(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *a = caller_waiting(fixture, NULL);
    g_autofree char *b = caller_waiting(fixture, NULL);
    g_autofree char *c = caller_waiting(fixture, NULL);
    caller_assert_calls(fixture, &caller_first, a);
    assert_int_equal(fixture_step(fixture, queue_skip, a, &caller_first), -1);
    caller_assert_calls(fixture, &caller_first, b);
    assert_int_equal(fixture_step(fixture, queue_return, b, &caller_first), -1);
    caller_assert_calls(fixture, &caller_first,
                        a); /* one has gone first; b is at its place again, behind a */
    assert_int_equal(fixture_step(fixture, queue_skip, a, &caller_first), -1);
    caller_assert_calls(fixture, &caller_second, b);
    caller_assert_calls(fixture, &caller_first, a);
    assert_int_equal(fixture_step(fixture, queue_skip, c, &caller_first),
                     SCHEDULING_ERROR_BAD_STATE);
}

static void test_late_lets_one_go_first(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *late = reporter_booked(fixture, 10, 15);
    g_autofree char *timely = reporter_booked(fixture, 10, 30);
    clock_advance(fixture->clock, 26 * MINUTE_MS);
    assert_int_equal(fixture_check_in(fixture, timely), -1);
    assert_int_equal(fixture_check_in(fixture, late), -1);
    caller_assert_calls(fixture, &caller_first, timely);
    assert_int_equal(fixture_step(fixture, queue_absent, timely, &caller_first),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_step(fixture, queue_return, timely, &caller_first), -1);
    caller_assert_calls(fixture, &caller_first, late);
}

static int make_urgent(Fixture *fixture, const char *visit_id, const Actor *actor)
{
    fixture->n_waiting++;
    queue_set_urgent(fixture->scheduling, visit_id, actor, "sesak napas", fixture_on_step, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void test_urgent_goes_first(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    Actor other = {.role = ACTOR_DESK, .user_id = "user-8", .facility_id = "elsewhere"};
    g_autofree char *a = caller_waiting(fixture, NULL);
    g_autofree char *b = caller_waiting(fixture, NULL);
    assert_int_equal(make_urgent(fixture, b, &other), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(make_urgent(fixture, b, &loket), -1);
    assert_int_equal(reporter_count(fixture, "SELECT COUNT(*) FROM audit WHERE action = "
                                             "'queue.urgent' AND actor_role = 'desk' AND "
                                             "reason = 'sesak napas'"),
                     1);
    assert_int_equal(fixture_step(fixture, queue_clear_urgent, b, &caller_second), -1);
    caller_assert_calls(fixture, &caller_first, a);
    assert_int_equal(fixture_step(fixture, queue_return, a, &caller_first), -1);
    assert_int_equal(make_urgent(fixture, b, &caller_second), -1);
    caller_assert_calls(fixture, &caller_first, b);
    assert_int_equal(make_urgent(fixture, b, &caller_first), SCHEDULING_ERROR_BAD_STATE);
}

/* Said again, say by the doctor after the desk, it keeps its place before a later one. */
static void test_an_emergency_said_twice_keeps_its_place(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *a = caller_waiting(fixture, NULL);
    g_autofree char *b = caller_waiting(fixture, NULL);
    assert_int_equal(make_urgent(fixture, b, &loket), -1);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(make_urgent(fixture, a, &loket), -1);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(make_urgent(fixture, b, &caller_second), -1);
    caller_assert_calls(fixture, &caller_first, b);
    assert_int_equal(fixture_step(fixture, queue_return, b, &caller_first), -1);
    /* None any more, and one again: since now. */
    assert_int_equal(fixture_step(fixture, queue_clear_urgent, b, &caller_second), -1);
    assert_int_equal(make_urgent(fixture, b, &caller_second), -1);
    caller_assert_calls(fixture, &caller_first, a);
}

static void test_absent_not_before_the_time(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = reporter_booked(fixture, 10, 15);
    assert_int_equal(fixture_step(fixture, queue_absent, visit, &loket),
                     SCHEDULING_ERROR_BAD_STATE);
    clock_advance(fixture->clock, 15 * MINUTE_MS);
    assert_int_equal(fixture_step(fixture, queue_absent, visit, &loket), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_NO_SHOW_PATIENT);
}

/* Who waits with the page open is there, whatever the desk believes; who was called and does not
 * answer may be away from it. */
static void test_who_is_there_is_not_absent(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *a = caller_waiting(fixture, NULL);
    g_autofree char *b = caller_waiting(fixture, NULL);
    fixture_presence(fixture, a, VISIT_ROLE_PATIENT, RECORD_EVENT_JOINED);
    fixture_presence(fixture, b, VISIT_ROLE_PATIENT, RECORD_EVENT_JOINED);
    assert_int_equal(fixture_step(fixture, queue_absent, a, &loket), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_state(fixture, a), VISIT_STATE_CHECKED_IN);
    fixture_presence(fixture, a, VISIT_ROLE_PATIENT, RECORD_EVENT_LEFT);
    assert_int_equal(fixture_step(fixture, queue_absent, a, &loket), -1);
    caller_assert_calls(fixture, &caller_first, b);
    assert_int_equal(fixture_step(fixture, queue_absent, b, &loket), -1);
}

static void test_who_answered_is_not_absent(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = caller_waiting(fixture, NULL);
    caller_assert_calls(fixture, &caller_first, visit);
    assert_int_equal(fixture_accept(fixture, visit), -1);
    assert_int_equal(fixture_step(fixture, queue_absent, visit, &caller_first),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_step(fixture, queue_return, visit, &caller_first), -1);
    caller_assert_calls(fixture, &caller_first, visit);
    /* The answer to the earlier call is none to this one. */
    assert_int_equal(fixture_step(fixture, queue_absent, visit, &caller_first), -1);
}

#define QUEUE_TEST(name) cmocka_unit_test_setup_teardown(name, caller_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUEUE_TEST(test_each_doctor_gets_another),
        QUEUE_TEST(test_one_of_a_pool_is_called_by_id),
        QUEUE_TEST(test_called_by_id_one_at_a_time),
        QUEUE_TEST(test_tokens_of_a_pool),
        QUEUE_TEST(test_skipped_lets_one_go_first),
        QUEUE_TEST(test_late_lets_one_go_first),
        QUEUE_TEST(test_urgent_goes_first),
        QUEUE_TEST(test_an_emergency_said_twice_keeps_its_place),
        QUEUE_TEST(test_absent_not_before_the_time),
        QUEUE_TEST(test_who_is_there_is_not_absent),
        QUEUE_TEST(test_who_answered_is_not_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
