// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "server/base/error.h"
#include "tests/unit/auth/fixture.h"

static const int64_t session_ms = INT64_C(12) * 3600 * 1000;

static void the_right_password_opens_a_session(void **state)
{
    Fixture *fixture = *state;
    fixture_add(fixture, "loket", USER_ROLE_DESK, true);
    assert_true(fixture_log_in(fixture, "Loket", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
    assert_int_equal(fixture->role, USER_ROLE_DESK);
    assert_string_equal(fixture->name, "Nama Pegawai");
    assert_string_equal(fixture->facility_id, "facility-1");
    assert_int_equal(fixture->expires_at_ms, clock_wall_ms(fixture->clock) + session_ms);
    g_autofree char *token = g_strdup(fixture->token);
    g_autofree char *session_id = g_strdup(fixture->session_id);
    assert_true(fixture_find(fixture, token));
    assert_string_equal(fixture->session_id, session_id);
    assert_int_equal(fixture->role, USER_ROLE_DESK);
    assert_string_equal(fixture->facility_id, "facility-1");
}

static void wrong_passwords_and_unknown_accounts_get_one_answer(void **state)
{
    Fixture *fixture = *state;
    fixture_add(fixture, "rahmat", USER_ROLE_DOCTOR, true);
    static const char *const logins[] = {"rahmat", "nobody", "", "' OR 1=1 --"};
    for (unsigned i = 0; i < G_N_ELEMENTS(logins); i++) {
        assert_false(fixture_log_in(fixture, logins[i], "salah sekali", FIXTURE_ADDRESS));
        fixture_expect_refusal(fixture, AUTH_ERROR_WRONG_PASSWORD);
    }
}

static bool disable_job(DbTx *tx, gpointer data, GError **error)
{
    return user_set_disabled(tx, data, true, 2, error);
}

static void only_who_knows_the_password_hears_of_a_closed_account(void **state)
{
    Fixture *fixture = *state;
    fixture_add(fixture, "rahmat", USER_ROLE_DOCTOR, true);
    assert_true(fixture_run_on(fixture, disable_job, "rahmat"));
    assert_false(fixture_log_in(fixture, "rahmat", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
    fixture_expect_refusal(fixture, AUTH_ERROR_DISABLED);
    assert_false(fixture_log_in(fixture, "rahmat", "salah sekali", FIXTURE_ADDRESS));
    fixture_expect_refusal(fixture, AUTH_ERROR_WRONG_PASSWORD);
}

static void sessions_end_alone(void **state)
{
    Fixture *fixture = *state;
    fixture_add(fixture, "rahmat", USER_ROLE_DOCTOR, true);
    assert_true(fixture_log_in(fixture, "rahmat", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
    g_autofree char *first = g_strdup(fixture->token);
    clock_advance(fixture->clock, 1000);
    assert_true(fixture_log_in(fixture, "rahmat", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
    g_autofree char *second = g_strdup(fixture->token);
    clock_advance(fixture->clock, session_ms - 1001);
    assert_true(fixture_find(fixture, first));
    clock_advance(fixture->clock, 1);
    assert_false(fixture_find(fixture, first));
    assert_null(fixture->error);
    assert_true(fixture_find(fixture, second));
    fixture_log_out(fixture);
    assert_false(fixture_find(fixture, second));
    assert_null(fixture->error);
}

typedef struct {
    int64_t until_ms;
    int limit;
    bool is_dry;
    int64_t n;
} Forgetting;

static bool forget_job(DbTx *tx, gpointer data, GError **error)
{
    Forgetting *one = data;
    return auth_session_forget(tx, one->until_ms, one->limit, one->is_dry, &one->n, error);
}

static int64_t forget(Fixture *fixture, int limit, bool is_dry)
{
    Forgetting one = {clock_wall_ms(fixture->clock), limit, is_dry, -1};
    assert_true(fixture_run(fixture, forget_job, &one));
    return one.n;
}

static void sessions_that_expired_are_forgotten_without_a_log_in(void **state)
{
    Fixture *fixture = *state;
    fixture_add(fixture, "rahmat", USER_ROLE_DOCTOR, true);
    for (int i = 0; i < 3; i++) {
        assert_true(fixture_log_in(fixture, "rahmat", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
        clock_advance(fixture->clock, 1000);
    }
    g_autofree char *third = g_strdup(fixture->token);
    clock_advance(fixture->clock, session_ms - 2000);
    assert_int_equal(forget(fixture, 10, true), 1); /* the second expires just now */
    clock_advance(fixture->clock, 1);
    assert_int_equal(forget(fixture, 10, true), 2);
    assert_int_equal(forget(fixture, 1, false), 1);
    assert_int_equal(forget(fixture, 10, false), 1);
    assert_int_equal(forget(fixture, 10, false), 0);
    assert_true(fixture_find(fixture, third));
}

static void cookies_that_are_none_find_nothing(void **state)
{
    Fixture *fixture = *state;
    static const char *const wrong[] = {"", "x", "0123456789ABCDEFGHIJKL",
                                        "0123456789ABCDEFGHIJK'"};
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        assert_false(fixture_find(fixture, wrong[i]));
        assert_null(fixture->error);
    }
}

static void a_role_that_nobody_knows_is_a_failure(void **state)
{
    Fixture *fixture = *state;
    fixture_add(fixture, "rahmat", USER_ROLE_DOCTOR, true);
    assert_true(fixture_log_in(fixture, "rahmat", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
    g_autofree char *token = g_strdup(fixture->token);
    fixture_break(fixture, "UPDATE account SET role = 'nurse'");
    assert_false(fixture_find(fixture, token));
    assert_true(g_error_matches(fixture->error, BASE_ERROR, BASE_ERROR_FAILED));
    assert_false(fixture_log_in(fixture, "rahmat", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
    assert_true(g_error_matches(fixture->error, BASE_ERROR, BASE_ERROR_FAILED));
}

static void a_key_of_ones_own_is_no_other_account_s(void **state)
{
    const Fixture *fixture = *state;
    g_autofree char *own = auth_own_key(fixture->auth, "user-1");
    g_autofree char *again = auth_own_key(fixture->auth, "user-1");
    g_autofree char *other = auth_own_key(fixture->auth, "user-2");
    assert_int_equal(strlen(own), 64);
    assert_int_equal(strspn(own, "0123456789abcdef"), 64);
    assert_string_equal(own, again);
    assert_string_not_equal(own, other);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_right_password_opens_a_session),
        TEST(wrong_passwords_and_unknown_accounts_get_one_answer),
        TEST(only_who_knows_the_password_hears_of_a_closed_account),
        TEST(sessions_end_alone),
        TEST(sessions_that_expired_are_forgotten_without_a_log_in),
        TEST(cookies_that_are_none_find_nothing),
        TEST(a_key_of_ones_own_is_no_other_account_s),
        TEST(a_role_that_nobody_knows_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
