// SPDX-License-Identifier: Apache-2.0
/* What a text that replaces a shipped one may and must hold. */
#include "scheduling/outbox/message_kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

/* "code allowed", "": it is possible. To be freed. */
static char *verdict(MessageKind kind, const char *text)
{
    g_autoptr(FaultList) faults = fault_list_new();
    bool is_good = message_check(kind, text, "text", faults);
    assert_int_equal(is_good, fault_list_length(faults) == 0);
    assert_true(fault_list_length(faults) <= 1);
    if (is_good)
        return g_strdup("");
    const Fault *fault = fault_list_get(faults, 0);
    assert_string_equal(fault->field, "text");
    return g_strjoin(" ", fault->code, fault->allowed, NULL);
}

static void assert_verdict(MessageKind kind, const char *text, const char *expected)
{
    g_autofree char *found = verdict(kind, text);
    assert_string_equal(found, expected);
}

static void test_shipped_texts_pass(void **state)
{
    (void)state;
    for (int i = 0; i < MESSAGE_N_KINDS; i++) {
        MessageKind kind = (MessageKind)i, parsed = MESSAGE_LATE;
        for (int lang = 0; lang < 2; lang++)
            assert_verdict(kind, message_shipped(kind, lang == 1), "");
        assert_true(message_kind_parse(message_kind_name(kind), &parsed));
        assert_int_equal(parsed, kind);
        assert_int_equal(message_required(kind) & ~message_allowed(kind), 0);
    }
    MessageKind kind;
    assert_false(message_kind_parse("other", &kind));
    assert_false(message_kind_parse(NULL, &kind));
}

static void test_placeholders(void **state)
{
    (void)state;
    const char *allowed = "{facility} {phone} {when} {time} {early} {number} {link}";
    g_autofree char *unknown = g_strconcat("placeholder_unknown ", allowed, NULL);
    g_autofree char *twice = g_strconcat("placeholder_twice ", allowed, NULL);
    assert_verdict(MESSAGE_BOOKED, "Datang {when}: {link}", "");
    /* Nothing of the person, the illness, or the number on the identity card. */
    const char *none[] = {"{name}",  "{nik}",  "{diagnosis}", "{doctor}", "{service}", "{minutes}",
                          "{ link}", "{LINK}", "{}",          "{link",    "}",         "{{when}}"};
    for (unsigned i = 0; i < G_N_ELEMENTS(none); i++) {
        g_autofree char *text = g_strconcat("Datang {when}: {link} ", none[i], NULL);
        assert_verdict(MESSAGE_BOOKED, text, unknown);
    }
    assert_verdict(MESSAGE_BOOKED, "{when} {when} {link}", twice);
    assert_verdict(MESSAGE_BOOKED, "Sampai jumpa", "placeholder_missing {when} {link}");
    assert_verdict(MESSAGE_BOOKED, "Sampai {when}", "placeholder_missing {link}");
    assert_verdict(MESSAGE_CANCELLED, "Batal {when} {link}",
                   "placeholder_unknown {facility} {phone} {when} {time} {number}");
    assert_verdict(MESSAGE_LATE, "Dokter terlambat: {link}", "placeholder_missing {minutes}");
}

static void test_form(void **state)
{
    (void)state;
    assert_verdict(MESSAGE_NEXT, "", "required");
    assert_verdict(MESSAGE_NEXT, "  ", "required");
    assert_verdict(MESSAGE_NEXT, "Giliran Anda:\n{link}", "bad_characters");
    /* A mark that turns the direction of what follows is not seen, and hides where a link leads. */
    assert_verdict(MESSAGE_NEXT, "Giliran \xe2\x80\xae {link}", "bad_characters");
    g_autofree char *fill = g_strnfill(MESSAGE_TEXT_CHARS - strlen("{link}"), 'a');
    g_autofree char *longest = g_strconcat(fill, "{link}", NULL);
    g_autofree char *longer = g_strconcat(longest, "a", NULL);
    assert_verdict(MESSAGE_NEXT, longest, "");
    assert_verdict(MESSAGE_NEXT, longer, "too_long 1..300");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_texts_pass),
        cmocka_unit_test(test_placeholders),
        cmocka_unit_test(test_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
