// SPDX-License-Identifier: Apache-2.0
#include "server/auth/password.h"
#include "tests/unit/base/cmocka_all.h"

static void rules(void **state)
{
    (void)state;
    g_autofree char *longest = g_strnfill(PASSWORD_MAX_BYTES - 5, 'x');
    g_autofree char *fits = g_strconcat("abcde", longest, NULL);
    g_autofree char *too_long = g_strconcat("abcdef", longest, NULL);
    const struct {
        const char *password, *fault;
    } rows[] = {
        {"", "too_short"},
        {"abcdefghi", "too_short"},
        {"abcdefghij", "too_simple"},
        {"jaguarbiru", NULL},
        {"1234567890", "too_simple"},
        {"0987654321", "too_simple"},
        {"QwertyUiop1", "too_simple"},
        {"qwerty12345", "too_simple"},
        {"Gorontalo-2026", "too_simple"},
        {"password123", "too_simple"},
        {"gorontalo kota hujan", NULL},
        {"éèêëēėęěĕ", "too_short"}, /* characters count, not bytes */
        {"éèêëēėęěĕə", NULL},
        {fits, NULL},
        {too_long, "too_long"},
        {"1111111111", "too_simple"},
        {"abababab12", "too_simple"},
        {"abcabcabc12", NULL},
        {"saya Rahmat lho", "too_simple"}, /* the login, in any case */
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *fault = password_fault(rows[i].password, "rahmat");
        if (g_strcmp0(fault, rows[i].fault) != 0)
            fail_msg("row %u: %s", i, fault ? fault : "no fault");
    }
    assert_null(password_fault("jaguarbiru", ""));
}

static void a_hash_fits_its_password_alone(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autofree char *hash = password_hash("kata sandi yang panjang", &error);
    g_autofree char *again = password_hash("kata sandi yang panjang", &error);
    assert_non_null(hash);
    assert_non_null(again);
    assert_string_not_equal(hash, again); /* salted */
    assert_true(g_str_has_prefix(hash, "$argon2id$v=19$m=32768,t=3,p=1$"));
    assert_true(password_verify(hash, "kata sandi yang panjang"));
    assert_true(password_verify(again, "kata sandi yang panjang"));
    assert_false(password_verify(hash, "kata sandi yang panjanG"));
    assert_false(password_verify(hash, ""));
}

static void nothing_fits_a_hash_that_is_none(void **state)
{
    (void)state;
    static const char *const hashes[] = {NULL, "", "rubbish", "$argon2id$v=19$m=32768,t=3,p=1$"};
    for (unsigned i = 0; i < G_N_ELEMENTS(hashes); i++) {
        assert_false(password_verify(hashes[i], "kata sandi yang panjang"));
        assert_false(password_verify(hashes[i], ""));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules),
        cmocka_unit_test(a_hash_fits_its_password_alone),
        cmocka_unit_test(nothing_fits_a_hash_that_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
