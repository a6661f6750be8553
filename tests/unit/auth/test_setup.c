// SPDX-License-Identifier: Apache-2.0
/* The first administrator: made with the code of an empty installation, once, and with nothing
 * else. */
#include "server/auth/setup.h"
#include "server/base/audit.h"
#include "tests/unit/auth/fixture.h"

typedef struct {
    Setup *setup;
    char *code, *faults;
    GError *error;
    unsigned n_waiting;
} Trial;

static void trial_clear(Trial *trial)
{
    setup_free(trial->setup);
    g_free(trial->code);
    g_free(trial->faults);
    g_clear_error(&trial->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Trial, trial_clear)

static void wait_for(Trial *trial)
{
    while (trial->n_waiting > 0)
        g_main_context_iteration(NULL, TRUE);
}

static void on_open(const char *code, const GError *error, gpointer user_data)
{
    Trial *trial = user_data;
    assert_null(error);
    g_free(trial->code);
    trial->code = g_strdup(code);
    trial->n_waiting--;
}

static void open_it(Trial *trial)
{
    trial->n_waiting++;
    setup_open(trial->setup, on_open, trial);
    wait_for(trial);
}

static void on_claimed(const FaultList *faults, const GError *error, gpointer user_data)
{
    Trial *trial = user_data;
    g_autoptr(GString) text = g_string_new(NULL);
    for (unsigned i = 0; i < fault_list_length(faults); i++) {
        const Fault *fault = fault_list_get(faults, i);
        g_string_append_printf(text, "%s:%s ", fault->field, fault->code);
    }
    g_free(trial->faults);
    trial->faults = g_strdup(text->str);
    g_clear_error(&trial->error);
    trial->error = error ? g_error_copy(error) : NULL;
    trial->n_waiting--;
}

static void claim(Trial *trial, const SetupClaim *asked)
{
    trial->n_waiting++;
    setup_claim(trial->setup, asked, on_claimed, trial);
}

static SetupClaim claim_of(const Trial *trial)
{
    return (SetupClaim){.code = trial->code,
                        .login = "siti",
                        .name = "Siti",
                        .password = FIXTURE_PASSWORD,
                        .address = FIXTURE_ADDRESS};
}

static void expect(Trial *trial, const SetupClaim *asked, AuthError code, const char *faults)
{
    claim(trial, asked);
    wait_for(trial);
    assert_true(g_error_matches(trial->error, AUTH_ERROR, (int)code));
    assert_string_equal(trial->faults, faults);
}

static void nothing_opens_without_the_code(void **state)
{
    Fixture *fixture = *state;
    g_auto(Trial) trial = {.setup = setup_new(fixture->auth), .code = g_strdup("")};
    SetupClaim asked = claim_of(&trial);
    assert_false(setup_is_open(trial.setup));
    expect(&trial, &asked, AUTH_ERROR_ALREADY_SET_UP, "");
    open_it(&trial);
    assert_true(setup_is_open(trial.setup));
    assert_int_equal(strlen(trial.code), 14);
    g_autofree char *longer = g_strconcat(trial.code, "A", NULL);
    g_autofree char *shorter = g_strndup(trial.code, 13);
    const char *wrong[] = {"", "AAAA-AAAA-AAAA", longer, shorter, "\xc3\xa9"};
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        asked.code = wrong[i];
        asked.login = "?"; /* is not spoken of */
        expect(&trial, &asked, AUTH_ERROR_INVALID, "code:wrong_code ");
    }
    asked = claim_of(&trial);
    asked.login = "ab";
    asked.name = "";
    asked.password = "kurang";
    expect(&trial, &asked, AUTH_ERROR_INVALID,
           "login:not_a_login name:too_long password:too_short ");
    assert_false(fixture_log_in(fixture, "siti", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
}

static void guesses_are_held_back(void **state)
{
    Fixture *fixture = *state;
    g_auto(Trial) trial = {.setup = setup_new(fixture->auth)};
    open_it(&trial);
    SetupClaim asked = claim_of(&trial);
    asked.code = "AAAA-AAAA-AAAA";
    for (int i = 0; i < 10; i++)
        expect(&trial, &asked, AUTH_ERROR_INVALID, "code:wrong_code ");
    asked.code = trial.code;
    expect(&trial, &asked, AUTH_ERROR_TOO_MANY, "");
    asked.address = "192.0.2.77"; /* who has the code is not kept out by a stranger's guesses */
    claim(&trial, &asked);
    wait_for(&trial);
    assert_null(trial.error);
}

static bool verify_job(DbTx *tx, gpointer data, GError **error)
{
    return audit_verify(tx, data, error);
}

static void one_of_two_at_once_wins(void **state)
{
    Fixture *fixture = *state;
    g_auto(Trial) trial = {.setup = setup_new(fixture->auth)};
    g_auto(Trial) other = {0};
    open_it(&trial);
    SetupClaim first = claim_of(&trial);
    SetupClaim second = first;
    second.login = "budi";
    trial.n_waiting++;
    setup_claim(trial.setup, &first, on_claimed, &trial);
    other.n_waiting++;
    setup_claim(trial.setup, &second, on_claimed, &other);
    wait_for(&trial);
    wait_for(&other);
    assert_true((trial.error == NULL) != (other.error == NULL));
    const GError *lost = trial.error ? trial.error : other.error;
    assert_true(g_error_matches(lost, AUTH_ERROR, AUTH_ERROR_ALREADY_SET_UP));
    assert_false(setup_is_open(trial.setup));
    bool is_first = trial.error == NULL;
    assert_true(fixture_log_in(fixture, is_first ? "siti" : "budi", FIXTURE_PASSWORD, "::1"));
    assert_int_equal(fixture->role, USER_ROLE_ADMIN);
    assert_false(fixture_log_in(fixture, is_first ? "budi" : "siti", FIXTURE_PASSWORD, "::1"));
    expect(&trial, &first, AUTH_ERROR_ALREADY_SET_UP, "");
    int64_t n_rows = 0;
    assert_true(fixture_run(fixture, verify_job, &n_rows));
    assert_int_equal(n_rows, 3);
}

static void small_letters_and_blanks_do(void **state)
{
    Fixture *fixture = *state;
    g_auto(Trial) trial = {.setup = setup_new(fixture->auth)};
    open_it(&trial);
    SetupClaim asked = claim_of(&trial);
    g_autofree char *typed = g_ascii_strdown(trial.code, -1);
    asked.code = g_strdelimit(typed, "-", ' ');
    asked.login = "Siti";
    claim(&trial, &asked);
    wait_for(&trial);
    assert_null(trial.error);
    assert_true(fixture_log_in(fixture, "siti", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
}

static void an_installation_with_accounts_has_no_code(void **state)
{
    Fixture *fixture = *state;
    g_auto(Trial) trial = {.setup = setup_new(fixture->auth)};
    g_auto(Trial) late = {.setup = setup_new(fixture->auth)};
    open_it(&late);
    assert_non_null(late.code);
    fixture_add(fixture, "rahmat", USER_ROLE_DOCTOR, false); /* by the command line, say */
    open_it(&trial);
    assert_null(trial.code);
    SetupClaim asked = claim_of(&late);
    expect(&late, &asked, AUTH_ERROR_ALREADY_SET_UP, "");
    assert_false(setup_is_open(late.setup));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_opens_without_the_code),
        TEST(guesses_are_held_back),
        TEST(one_of_two_at_once_wins),
        TEST(small_letters_and_blanks_do),
        TEST(an_installation_with_accounts_has_no_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
