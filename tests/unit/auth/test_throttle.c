// SPDX-License-Identifier: Apache-2.0
/* How often a password may be tried. Most accounts here have a hash that costs no time. */
#include "tests/unit/auth/fixture.h"

enum { PER_PLACE = 8, PER_ADDRESS = 40, PER_ACCOUNT = 100 };

/* Tries a wrong password N times; all are refused as wrong. */
static void try_wrong(Fixture *fixture, const char *login, const char *address, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        assert_false(fixture_log_in(fixture, login, "salah sekali", address));
        fixture_expect_refusal(fixture, AUTH_ERROR_WRONG_PASSWORD);
    }
}

static void expect_wait(Fixture *fixture, const char *login, const char *address, unsigned wait_s)
{
    assert_false(fixture_log_in(fixture, login, FIXTURE_PASSWORD, address));
    fixture_expect_refusal(fixture, AUTH_ERROR_TOO_MANY);
    assert_int_equal(g_ascii_strtoull(fixture->error->message, NULL, 10), wait_s);
}

static char *address_new(unsigned n)
{
    return g_strdup_printf("198.51.100.%u", n);
}

static void a_stranger_does_not_keep_the_owner_out(void **state)
{
    Fixture *fixture = *state;
    fixture_add(fixture, "rahmat", USER_ROLE_DOCTOR, true);
    try_wrong(fixture, "rahmat", "198.51.100.1", PER_PLACE);
    for (unsigned i = PER_PLACE; i < PER_ADDRESS; i++)
        expect_wait(fixture, i % 2 ? "rahmat" : "Rahmat", "198.51.100.1", 30);
    for (unsigned i = PER_ADDRESS; i <= PER_ACCOUNT; i++)
        expect_wait(fixture, "rahmat", "198.51.100.1", 6);
    assert_true(fixture_log_in(fixture, "rahmat", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
    expect_wait(fixture, "rahmat", "198.51.100.1", 6);
}

static void one_more_try_comes_with_time(void **state)
{
    Fixture *fixture = *state;
    fixture_add(fixture, "rahmat", USER_ROLE_DOCTOR, false);
    try_wrong(fixture, "rahmat", FIXTURE_ADDRESS, PER_PLACE);
    clock_advance(fixture->clock, 29 * 1000);
    expect_wait(fixture, "rahmat", FIXTURE_ADDRESS, 1);
    clock_advance(fixture->clock, 1000);
    try_wrong(fixture, "rahmat", FIXTURE_ADDRESS, 1);
    expect_wait(fixture, "rahmat", FIXTURE_ADDRESS, 30);
}

static void a_right_password_gives_the_tries_back(void **state)
{
    Fixture *fixture = *state;
    fixture_add(fixture, "rahmat", USER_ROLE_DOCTOR, true);
    for (unsigned i = 0; i < 2; i++) {
        try_wrong(fixture, "rahmat", FIXTURE_ADDRESS, PER_PLACE - 1);
        assert_true(fixture_log_in(fixture, "rahmat", FIXTURE_PASSWORD, FIXTURE_ADDRESS));
    }
}

static void one_address_does_not_try_many_accounts(void **state)
{
    Fixture *fixture = *state;
    for (unsigned i = 0; i < PER_ADDRESS / PER_PLACE; i++) {
        g_autofree char *login = g_strdup_printf("user%u", i);
        fixture_add(fixture, login, USER_ROLE_OFFICE, false);
        try_wrong(fixture, login, FIXTURE_ADDRESS, PER_PLACE);
    }
    expect_wait(fixture, "fresh", FIXTURE_ADDRESS, 6);
    try_wrong(fixture, "user0", "198.51.100.1", 1);
}

static void many_addresses_do_not_try_one_account(void **state)
{
    Fixture *fixture = *state;
    fixture_add(fixture, "rahmat", USER_ROLE_DOCTOR, false);
    fixture_add(fixture, "other", USER_ROLE_OFFICE, false);
    for (unsigned i = 0; i < PER_ACCOUNT; i++) {
        g_autofree char *address = address_new(i / PER_PLACE);
        try_wrong(fixture, "rahmat", address, 1);
    }
    expect_wait(fixture, "rahmat", FIXTURE_ADDRESS, 10);
    try_wrong(fixture, "other", FIXTURE_ADDRESS, 1);
    clock_advance(fixture->clock, 10 * 1000);
    try_wrong(fixture, "rahmat", FIXTURE_ADDRESS, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_stranger_does_not_keep_the_owner_out), TEST(one_more_try_comes_with_time),
        TEST(a_right_password_gives_the_tries_back),  TEST(one_address_does_not_try_many_accounts),
        TEST(many_addresses_do_not_try_one_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
