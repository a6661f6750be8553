// SPDX-License-Identifier: Apache-2.0
/* The own password: who knows the present one sets another, the other sessions end, and a wrong one
 * counts as a failed log-in. */
#include "server/auth/own_password.h"

#include "server/base/audit.h"
#include "tests/unit/auth/fixture.h"

#define NEW_PASSWORD "empat kata biasa berturut"

typedef struct {
    Fixture *fixture;
    char *user_id, *session_id; /* who asks */
    char *faults;               /* "field code" of the last answer */
} Asker;

static void on_changed(const FaultList *faults, const GError *error, gpointer user_data)
{
    Asker *asker = user_data;
    Fixture *fixture = asker->fixture;
    fixture->n_waiting--;
    g_clear_error(&fixture->error);
    fixture->error = error ? g_error_copy(error) : NULL;
    g_free(asker->faults);
    const Fault *fault = fault_list_length(faults) > 0 ? fault_list_get(faults, 0) : NULL;
    asker->faults = fault ? g_strdup_printf("%s %s", fault->field, fault->code) : NULL;
}

static bool change(Asker *asker, const char *present, const char *password)
{
    Fixture *fixture = asker->fixture;
    const OwnPassword wanted = {asker->user_id, asker->session_id, present, password,
                                FIXTURE_ADDRESS};
    fixture->n_waiting++;
    own_password_change(fixture->auth, &wanted, on_changed, asker);
    while (fixture->n_waiting > 0)
        g_main_context_iteration(NULL, TRUE);
    return fixture->error == NULL;
}

static void asker_clear(Asker *asker)
{
    g_free(asker->user_id);
    g_free(asker->session_id);
    g_free(asker->faults);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asker, asker_clear)

static void log_in(Asker *asker)
{
    Fixture *fixture = asker->fixture;
    assert_true(fixture_log_in(fixture, "siti", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
    g_free(asker->user_id);
    g_free(asker->session_id);
    asker->user_id = g_strdup(fixture->user_id);
    asker->session_id = g_strdup(fixture->session_id);
}

static void start(Asker *asker, void **state)
{
    asker->fixture = *state;
    fixture_add(asker->fixture, "siti", USER_ROLE_DESK, true);
    log_in(asker);
}

static void other_sessions_end_and_the_own_one_stays(void **state)
{
    g_auto(Asker) asker = {0};
    start(&asker, state);
    Fixture *fixture = asker.fixture;
    g_autofree char *other = g_strdup(fixture->token);
    log_in(&asker);
    g_autofree char *own = g_strdup(fixture->token);
    assert_true(change(&asker, FIXTURE_PASSWORD, NEW_PASSWORD));
    assert_true(fixture_find(fixture, own));
    assert_false(fixture_find(fixture, other));
    assert_false(fixture_log_in(fixture, "siti", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
    fixture_expect_refusal(fixture, AUTH_ERROR_WRONG_PASSWORD);
    assert_true(fixture_log_in(fixture, "siti", NEW_PASSWORD, FIXTURE_ADDRESS));
}

static void what_is_wrong_is_named(void **state)
{
    g_auto(Asker) asker = {0};
    start(&asker, state);
    static const struct {
        const char *present, *password, *faults;
    } rows[] = {
        {"salah sekali", NEW_PASSWORD, "current wrong_password"},
        {FIXTURE_PASSWORD, FIXTURE_PASSWORD, "password unchanged"},
        {FIXTURE_PASSWORD, "pendek", "password too_short"},
        {FIXTURE_PASSWORD, "sandi siti 2026", "password too_simple"},
        /* What a new one may be is no secret: it is said before the present one is looked at. */
        {"salah sekali", "1111111111", "password too_simple"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        assert_false(change(&asker, rows[i].present, rows[i].password));
        fixture_expect_refusal(asker.fixture, AUTH_ERROR_INVALID);
        assert_string_equal(asker.faults, rows[i].faults);
    }
    assert_true(fixture_log_in(asker.fixture, "siti", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
}

/* Eight tries of one account from one address, whether by log-in or here. */
static void wrong_ones_count_as_failed_log_ins(void **state)
{
    g_auto(Asker) asker = {0};
    start(&asker, state);
    Fixture *fixture = asker.fixture;
    for (unsigned i = 0; i < 4; i++)
        assert_false(change(&asker, "salah sekali", NEW_PASSWORD));
    for (unsigned i = 0; i < 4; i++)
        assert_false(fixture_log_in(fixture, "siti", "salah sekali", FIXTURE_ADDRESS));
    assert_false(change(&asker, FIXTURE_PASSWORD, NEW_PASSWORD));
    fixture_expect_refusal(fixture, AUTH_ERROR_TOO_MANY);
    clock_advance(fixture->clock, 30 * 1000);
    assert_true(change(&asker, FIXTURE_PASSWORD, NEW_PASSWORD));
    /* A right one gives them back. */
    for (unsigned i = 0; i < 8; i++)
        assert_false(change(&asker, "salah sekali", FIXTURE_PASSWORD));
    fixture_expect_refusal(fixture, AUTH_ERROR_INVALID);
}

static void a_closed_account_changes_nothing(void **state)
{
    g_auto(Asker) asker = {0};
    start(&asker, state);
    fixture_break(asker.fixture, "UPDATE account SET disabled = 1");
    assert_false(change(&asker, FIXTURE_PASSWORD, NEW_PASSWORD));
    fixture_expect_refusal(asker.fixture, AUTH_ERROR_NOT_FOUND);
}

static bool verify_job(DbTx *tx, gpointer data, GError **error)
{
    return audit_verify(tx, data, error);
}

static void each_try_is_an_audit_row(void **state)
{
    g_auto(Asker) asker = {0};
    start(&asker, state);
    int64_t n_before = 0, n_after = 0;
    assert_true(fixture_run(asker.fixture, verify_job, &n_before));
    assert_false(change(&asker, "salah sekali", NEW_PASSWORD));
    assert_true(change(&asker, FIXTURE_PASSWORD, NEW_PASSWORD));
    assert_true(fixture_run(asker.fixture, verify_job, &n_after));
    assert_int_equal(n_after, n_before + 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(other_sessions_end_and_the_own_one_stays),
        TEST(what_is_wrong_is_named),
        TEST(wrong_ones_count_as_failed_log_ins),
        TEST(a_closed_account_changes_nothing),
        TEST(each_try_is_an_audit_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
