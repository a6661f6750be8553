// SPDX-License-Identifier: Apache-2.0
/* How many short messages a text is. */
#include "scheduling/outbox/sms.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib.h>

/* N times the character C, between BEFORE and AFTER. */
static char *text_of(const char *before, const char *c, unsigned n, const char *after)
{
    GString *text = g_string_new(before);
    for (unsigned i = 0; i < n; i++)
        g_string_append(text, c);
    g_string_append(text, after);
    return g_string_free(text, FALSE);
}

static void assert_length(char *text, bool is_gsm7, unsigned n_units, unsigned n_segments)
{
    SmsLength length = sms_measure(text);
    g_free(text);
    assert_int_equal(length.is_gsm7, is_gsm7);
    assert_int_equal(length.n_units, n_units);
    assert_int_equal(length.n_segments, n_segments);
}

static void test_gsm7(void **state)
{
    (void)state;
    assert_length(g_strdup(""), true, 0, 0);
    assert_length(g_strdup("Masuk: A-12"), true, 11, 1);
    assert_length(text_of("", "a", 160, ""), true, 160, 1);
    assert_length(text_of("", "a", 161, ""), true, 161, 2);
    assert_length(text_of("", "a", 306, ""), true, 306, 2);
    assert_length(text_of("", "a", 307, ""), true, 307, 3);
    /* Of the alphabet beyond ASCII: one septet each. */
    assert_length(g_strdup("@£$¥èéùìòÇØøÅåΔÆæßÉÄÖÑÜ§¿äöñüà¡"), true, 31, 1);
    assert_length(text_of("", "é", 160, ""), true, 160, 1);
}

static void test_extension(void **state)
{
    (void)state;
    assert_length(g_strdup("^{}\\[~]|€"), true, 18, 1);
    assert_length(text_of("", "€", 80, ""), true, 160, 1);
    assert_length(text_of("", "€", 81, ""), true, 162, 2);
    /* 153 is odd: the 77th would lie across, so each part but the last ends a septet early. */
    assert_length(text_of("", "€", 152, ""), true, 304, 2);
    assert_length(text_of("", "€", 153, ""), true, 306, 3);
    assert_length(text_of("a", "€", 152, "a"), true, 306, 2);
}

static void test_ucs2(void **state)
{
    (void)state;
    /* None of these is in the alphabet: a curly quote, a long dash, a back quote. */
    assert_length(g_strdup("’"), false, 1, 1);
    assert_length(g_strdup("–"), false, 1, 1);
    assert_length(g_strdup("`"), false, 1, 1);
    assert_length(text_of("’", "a", 69, ""), false, 70, 1);
    assert_length(text_of("’", "a", 70, ""), false, 71, 2);
    assert_length(text_of("’", "a", 133, ""), false, 134, 2);
    assert_length(text_of("’", "a", 134, ""), false, 135, 3);
    /* Outside of the basic plane a character is two units, which stay together. */
    assert_length(text_of("", "😀", 35, ""), false, 70, 1);
    assert_length(text_of("", "😀", 36, ""), false, 72, 2);
    assert_length(text_of("", "😀", 66, ""), false, 132, 2);
    assert_length(text_of("", "😀", 67, ""), false, 134, 3);
}

static void test_reaches(void **state)
{
    (void)state;
    assert_true(sms_reaches("+6281234567890"));
    assert_false(sms_reaches("+62435821123"));
    assert_false(sms_reaches(""));
    assert_false(sms_is_fixed_line("+6281234567890"));
    assert_true(sms_is_fixed_line("+62435821123"));
    assert_false(sms_is_fixed_line(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gsm7),
        cmocka_unit_test(test_extension),
        cmocka_unit_test(test_ucs2),
        cmocka_unit_test(test_reaches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
