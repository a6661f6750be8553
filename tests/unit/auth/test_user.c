// SPDX-License-Identifier: Apache-2.0
#include "server/base/audit.h"
#include "server/base/limit.h"
#include "tests/unit/auth/fixture.h"

static bool add_job(DbTx *tx, gpointer data, GError **error)
{
    g_autofree char *id = NULL;
    bool done = user_add(tx, data, "test", 1, &id, error);
    assert_true(done == (id != NULL));
    return done;
}

static void new_accounts_are_held_against_the_rules(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *long_name = g_strnfill(LIMIT_NAME_CHARS + 1, 'n');
    const UserNew wrong[] = {
        {.login = "ab", .name = "N", .role = USER_ROLE_OFFICE},
        {.login = "Rahmat", .name = "N", .role = USER_ROLE_OFFICE},
        {.login = "rah mat", .name = "N", .role = USER_ROLE_OFFICE},
        {.login = "a2345678901234567890123456789012345678901", .name = "N"},
        {.login = "rahmat", .name = "", .role = USER_ROLE_OFFICE},
        {.login = "rahmat", .name = "\xff", .role = USER_ROLE_OFFICE},
        {.login = "rahmat", .name = long_name, .role = USER_ROLE_OFFICE},
        {.login = "rahmat", .name = "N", .role = USER_ROLE_DESK},
        {.login = "rahmat", .name = "N", .role = USER_ROLE_COORDINATOR},
        {.login = "rahmat", .name = "N", .role = USER_ROLE_OFFICER},
        {.login = "rahmat", .name = "N", .role = USER_ROLE_ADMIN, .area_code = "75.01"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        UserNew user = wrong[i];
        user.password_hash = "nothing";
        assert_false(fixture_run(fixture, add_job, &user));
        fixture_expect_refusal(fixture, AUTH_ERROR_INVALID);
    }
    UserNew user = {.login = "r.h-a_1", .name = "Nur", .password_hash = "nothing"};
    assert_true(fixture_run(fixture, add_job, &user));
    assert_false(fixture_run(fixture, add_job, &user));
    fixture_expect_refusal(fixture, AUTH_ERROR_EXISTS);
}

static void roles_have_names(void **state)
{
    (void)state;
    UserRole role;
    for (UserRole i = USER_ROLE_DOCTOR; i <= USER_ROLE_OFFICER; i++) {
        assert_true(user_role_parse(user_role_name(i), &role));
        assert_int_equal(role, i);
    }
    assert_false(user_role_parse("nurse", &role));
    assert_false(user_role_parse("", &role));
}

static bool passwd_job(DbTx *tx, gpointer data, GError **error)
{
    return user_set_password(tx, data, "nothing", 2, error);
}

static bool disable_job(DbTx *tx, gpointer data, GError **error)
{
    return user_set_disabled(tx, data, true, 2, error);
}

static bool enable_job(DbTx *tx, gpointer data, GError **error)
{
    return user_set_disabled(tx, data, false, 2, error);
}

static bool find_job(DbTx *tx, gpointer data, GError **error)
{
    g_autofree char *id = user_find(tx, data, error);
    return id != NULL;
}

static void nobody_is_told_from_somebody(void **state)
{
    Fixture *fixture = *state;
    const DbJobFunc jobs[] = {passwd_job, disable_job, enable_job, find_job};
    fixture_add(fixture, "rahmat", USER_ROLE_DOCTOR, false);
    for (unsigned i = 0; i < G_N_ELEMENTS(jobs); i++) {
        assert_false(fixture_run_on(fixture, jobs[i], "nobody"));
        fixture_expect_refusal(fixture, AUTH_ERROR_NOT_FOUND);
        assert_true(fixture_run_on(fixture, jobs[i], "rahmat"));
    }
}

typedef struct {
    const char *session_id;
    int64_t now_ms;
    bool is_alive;
} Alive;

static bool alive_job(DbTx *tx, gpointer data, GError **error)
{
    Alive *alive = data;
    return auth_session_is_alive(tx, alive->session_id, alive->now_ms, &alive->is_alive, error);
}

static bool is_alive(Fixture *fixture, const char *session_id)
{
    Alive alive = {.session_id = session_id, .now_ms = clock_wall_ms(fixture->clock)};
    assert_true(fixture_run(fixture, alive_job, &alive));
    return alive.is_alive;
}

static void steps_on_an_account_end_its_sessions_and_no_others(void **state)
{
    Fixture *fixture = *state;
    const DbJobFunc steps[] = {disable_job, enable_job, passwd_job};
    fixture_add(fixture, "rahmat", USER_ROLE_DOCTOR, true);
    fixture_add(fixture, "other", USER_ROLE_OFFICE, true);
    assert_true(fixture_log_in(fixture, "other", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
    g_autofree char *other = g_strdup(fixture->session_id);
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        /* A closed account has no session; the next step opens it. */
        bool is_open = fixture_log_in(fixture, "rahmat", FIXTURE_PASSWORD, FIXTURE_ADDRESS);
        g_autofree char *session = g_strdup(fixture->session_id);
        assert_true(is_open == (steps[i] != enable_job));
        assert_true(!is_open || is_alive(fixture, session));
        assert_true(fixture_run_on(fixture, steps[i], "rahmat"));
        assert_false(is_open && is_alive(fixture, session));
        assert_true(is_alive(fixture, other));
    }
    assert_false(is_alive(fixture, "nothing"));
}

static bool verify_job(DbTx *tx, gpointer data, GError **error)
{
    return audit_verify(tx, data, error);
}

static void every_step_leaves_an_audit_row(void **state)
{
    Fixture *fixture = *state;
    int64_t n_rows = 0;
    fixture_add(fixture, "rahmat", USER_ROLE_DOCTOR, true);
    assert_false(fixture_log_in(fixture, "rahmat", "salah sekali", FIXTURE_ADDRESS));
    assert_true(fixture_log_in(fixture, "rahmat", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
    fixture_log_out(fixture);
    assert_true(fixture_run_on(fixture, passwd_job, "rahmat"));
    assert_true(fixture_run_on(fixture, disable_job, "rahmat"));
    assert_false(fixture_run_on(fixture, disable_job, "nobody"));
    assert_true(fixture_run(fixture, verify_job, &n_rows));
    assert_int_equal(n_rows, 6);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(new_accounts_are_held_against_the_rules),
        cmocka_unit_test(roles_have_names),
        TEST(nobody_is_told_from_somebody),
        TEST(steps_on_an_account_end_its_sessions_and_no_others),
        TEST(every_step_leaves_an_audit_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
