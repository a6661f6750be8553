// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/cmocka_all.h"

#include <string.h>

#include "server/base/revision.h"

static char *of(const char *first, const char *second)
{
    Revision *revision = revision_new();
    revision_add(revision, first);
    revision_add(revision, second);
    return revision_end(revision);
}

static void the_same_content_has_the_same_word(void **state)
{
    (void)state;
    g_autofree char *one = of("Poli Umum", "A");
    g_autofree char *again = of("Poli Umum", "A");
    assert_string_equal(one, again);
    assert_int_equal(strlen(one), REVISION_CHARS);
    assert_int_equal(strspn(one, "0123456789abcdef"), REVISION_CHARS);
}

static void another_content_has_another(void **state)
{
    (void)state;
    static const char *const fields[][2] = {
        {"ab", "c"},   {"a", "bc"},   {"abc", ""}, {"", "abc"},
        {"abc", NULL}, {NULL, "abc"}, {"1:a", ""},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++) {
        g_autofree char *one = of(fields[i][0], fields[i][1]);
        for (unsigned j = 0; j < i; j++) {
            g_autofree char *other = of(fields[j][0], fields[j][1]);
            assert_string_not_equal(one, other);
        }
    }
    Revision *seven = revision_new();
    Revision *eight = revision_new();
    revision_add_int(seven, 7);
    revision_add_int(eight, 8);
    g_autofree char *first = revision_end(seven);
    g_autofree char *second = revision_end(eight);
    assert_string_not_equal(first, second);
}

static void whoever_sends_none_is_not_asked(void **state)
{
    (void)state;
    assert_true(revision_holds(NULL, g_strdup("a")));
    assert_true(revision_holds("a", g_strdup("a")));
    assert_false(revision_holds("b", g_strdup("a")));
    assert_false(revision_holds("", g_strdup("a")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_content_has_the_same_word),
        cmocka_unit_test(another_content_has_another),
        cmocka_unit_test(whoever_sends_none_is_not_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
