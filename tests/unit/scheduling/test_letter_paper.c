// SPDX-License-Identifier: Apache-2.0
/* Words and numerals of a letter, the paper as it is kept, medicines that need paper of another
 * kind. */
#include "scheduling/letter/letter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

static void test_words(void **state)
{
    (void)state;
    static const struct {
        int number;
        const char *roman, *words;
    } rows[] = {
        {1, "I", "satu"},
        {4, "IV", "empat"},
        {10, "X", "sepuluh"},
        {11, "XI", "sebelas"},
        {19, "XIX", "sembilan belas"},
        {20, "XX", "dua puluh"},
        {90, "XC", "sembilan puluh"},
        {100, "C", "seratus"},
        {111, "CXI", "seratus sebelas"},
        {345, "CCCXLV", "tiga ratus empat puluh lima"},
        {999, "CMXCIX", "sembilan ratus sembilan puluh sembilan"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *roman = letter_roman(rows[i].number);
        g_autofree char *words = letter_number_words(rows[i].number);
        assert_string_equal(roman, rows[i].roman);
        assert_string_equal(words, rows[i].words);
    }
    g_autofree char *date = letter_date_words("2026-11-24", true);
    assert_string_equal(date, "Selasa, 24 November 2026");
}

static void test_paper_is_written_and_read(void **state)
{
    (void)state;
    g_autoptr(LetterPaper) paper = letter_paper_new();
    const char *odd = " [part 1]\nkind=9\n\\ = ; # \t„ü“ \n\n";
    letter_paper_set(&paper->facility, odd);
    letter_paper_add(paper, LETTER_PART_FIELD, "Nama", odd);
    letter_paper_add(paper, LETTER_PART_TEXT, NULL, "");
    g_autofree char *text = letter_paper_write(paper);
    g_autoptr(LetterPaper) again = letter_paper_parse(text);
    assert_non_null(again);
    assert_string_equal(again->facility, odd);
    assert_int_equal(again->parts->len, 2);
    const LetterPart *part = again->parts->pdata[0];
    assert_string_equal(part->text, odd);
    /* One of a version that had no STR. */
    char *later = strstr(text, "\nstr=");
    assert_non_null(later);
    g_autofree char *older =
        g_strdup_printf("%.*s%s", (int)(later - text), text, strchr(later + 1, '\n'));
    g_autoptr(LetterPaper) before = letter_paper_parse(older);
    assert_non_null(before);
    assert_string_equal(before->str, "");
    assert_string_equal(before->facility, odd);
    assert_null(letter_paper_parse("rubbish"));
    assert_null(letter_paper_parse("[paper]\ntitle=x\n"));
}

static void test_controlled_medicines(void **state)
{
    (void)state;
    static const char *const refused[] = {"Kodein 10 mg", "DIAZEPAM", "Alprazolam 0,5",
                                          "tab. Morfin"};
    static const char *const fine[] = {"Parasetamol", "Amlodipin", "Metformin", "Oralit", ""};
    for (unsigned i = 0; i < G_N_ELEMENTS(refused); i++)
        assert_true(letter_is_controlled(refused[i]));
    for (unsigned i = 0; i < G_N_ELEMENTS(fine); i++)
        assert_false(letter_is_controlled(fine[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_paper_is_written_and_read),
        cmocka_unit_test(test_controlled_medicines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
