// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/cmocka_all.h"

#include <string.h>

#include "server/base/ids.h"

static void ulid_form_and_order(void **state)
{
    (void)state;
    /* The example of the ULID specification: 1469918176385 ms is 01ARYZ6S41. */
    g_autofree char *known = id_new(1469918176385);
    assert_true(id_is_valid(known));
    assert_memory_equal(known, "01aryz6s41", 10);
    g_autofree char *later = id_new(1469918176386);
    assert_true(strcmp(known, later) < 0);
    g_autofree char *negative = id_new(-5);
    assert_memory_equal(negative, "0000000000", 10);
}

static void ulids_differ(void **state)
{
    (void)state;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int i = 0; i < 2000; i++)
        assert_true(g_hash_table_add(seen, id_new(1)));
}

static void things_that_are_no_ulid(void **state)
{
    (void)state;
    assert_false(id_is_valid(NULL));
    assert_false(id_is_valid(""));
    assert_false(id_is_valid("01aryz6s410000000000000000x"));
    assert_false(id_is_valid("01aryz6s41000000000000000"));
    assert_false(id_is_valid("01ARYZ6S410000000000000000"));
    assert_false(id_is_valid("01aryz6s41000000000000000u"));
    assert_false(id_is_valid("81aryz6s410000000000000000"));
    assert_true(id_is_valid("71aryz6s410000000000000000"));
}

static void token_form(void **state)
{
    (void)state;
    /* Every letter turns up: nothing of the alphabet is cut off by the choice of bytes. */
    bool seen[128] = {false};
    for (int i = 0; i < 2000; i++) {
        g_autofree char *token = id_token_new();
        assert_true(id_token_is_valid(token));
        for (const char *c = token; *c; c++)
            seen[(unsigned char)*c] = true;
    }
    for (int c = 0; c < 128; c++)
        assert_int_equal(seen[c], g_ascii_isalnum((char)c));
    assert_false(id_token_is_valid(NULL));
    assert_false(id_token_is_valid("short"));
    assert_false(id_token_is_valid("abcdefghijklmnopqrstu-"));
    assert_false(id_token_is_valid("abcdefghijklmnopqrstuvw"));
}

static void code_has_no_letters_to_mistake(void **state)
{
    (void)state;
    for (int i = 0; i < 500; i++) {
        g_autofree char *code = id_code_new(40);
        assert_int_equal(strlen(code), 40);
        assert_null(strpbrk(code, "01OIL"));
    }
    g_autofree char *empty = id_code_new(0);
    assert_string_equal(empty, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ulid_form_and_order),
        cmocka_unit_test(ulids_differ),
        cmocka_unit_test(things_that_are_no_ulid),
        cmocka_unit_test(token_form),
        cmocka_unit_test(code_has_no_letters_to_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
