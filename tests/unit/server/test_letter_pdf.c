// SPDX-License-Identifier: Apache-2.0
#include "server/letter/letter_pdf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <pthread.h>
#include <string.h>

static const char check_url[] = "https://telemedis.example.go.id/cek/0123456789abcdefghijkl";
static const int64_t issued_at_ms = INT64_C(1795485600000);

static LetterPaper *paper_of(const char *name, unsigned n_lines)
{
    LetterPaper *paper = letter_paper_new();
    letter_paper_set(&paper->facility, "Puskesmas Limboto");
    letter_paper_set(&paper->address, "Jl. Jenderal Sudirman 12, Limboto");
    letter_paper_set(&paper->phone, "0435-881234");
    letter_paper_set(&paper->title, "SURAT RUJUKAN");
    letter_paper_set(&paper->number, "0012/RJK/XI/2026");
    letter_paper_set(&paper->date, "24 November 2026");
    letter_paper_set(&paper->doctor, "dr. Rahmat Hasan");
    letter_paper_set(&paper->sip, "503/SIP-DU/0123/2024");
    letter_paper_add(paper, LETTER_PART_FIELD, "Nama", name);
    letter_paper_add(paper, LETTER_PART_FIELD, "Tanggal lahir", "2 Maret 1954 (72 tahun)");
    letter_paper_add(paper, LETTER_PART_WARNING, NULL, "Alergi: amoksisilin");
    letter_paper_add(paper, LETTER_PART_ITEM, "R/  tablet Parasetamol 500 mg",
                     "No. XX (20, dua puluh)\nS: 3 x sehari 1 tablet sesudah makan");
    letter_paper_add(paper, LETTER_PART_HEADING, "Keluhan dan riwayat", NULL);
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < n_lines; i++)
        g_string_append_printf(text, "%u. Batuk berdahak kuning, demam malam hari, tidak sesak.\n",
                               i);
    letter_paper_add(paper, LETTER_PART_TEXT, NULL, text->str);
    g_string_free(text, TRUE);
    return paper;
}

static unsigned n_pages(GBytes *pdf)
{
    gsize size = 0;
    const char *data = g_bytes_get_data(pdf, &size);
    unsigned n = 0;
    for (gsize i = 0; i + 12 < size; i++)
        n +=
            memcmp(data + i, "/Type /Page\n", 12) == 0 || memcmp(data + i, "/Type /Page ", 12) == 0;
    return n;
}

static GBytes *make(const LetterPaper *paper)
{
    g_autoptr(GError) error = NULL;
    GBytes *pdf = letter_pdf_make(paper, check_url, issued_at_ms, &error);
    assert_non_null(pdf);
    assert_memory_equal(g_bytes_get_data(pdf, NULL), "%PDF-1.", 7);
    return pdf;
}

static void test_one_page(void **state)
{
    (void)state;
    g_autoptr(LetterPaper) paper = paper_of("Siti Aminah", 4);
    g_autoptr(GBytes) pdf = make(paper);
    assert_int_equal(n_pages(pdf), 1);
    assert_true(g_bytes_get_size(pdf) < 100 * 1024);
}

static void test_long_text_goes_over_pages(void **state)
{
    (void)state;
    g_autoptr(LetterPaper) paper = paper_of("Siti Aminah", 240);
    g_autoptr(GBytes) pdf = make(paper);
    assert_in_range(n_pages(pdf), 5, 9);
    /* Without a blank to break at, and with marks of other scripts. */
    g_autofree char *name = g_strnfill(120, 'W');
    g_autoptr(LetterPaper) odd = paper_of(name, 1);
    letter_paper_add(odd, LETTER_PART_TEXT, NULL, "ʻOkina ‘ ’ ½ ≥ 38 °C µg\nعربي\n日本\n");
    letter_paper_add(odd, LETTER_PART_TEXT, NULL, "");
    g_autoptr(GBytes) also = make(odd);
    assert_int_equal(n_pages(also), 1);
}

static void test_same_paper_same_file(void **state)
{
    (void)state;
    g_autoptr(LetterPaper) paper = paper_of("Siti Aminah", 60);
    g_autoptr(GBytes) one = make(paper);
    g_autoptr(GBytes) other = make(paper);
    assert_true(g_bytes_equal(one, other));
}

/* The STR stands on the paper; one of before, without it, is laid out as it was. */
static void test_str_is_drawn(void **state)
{
    (void)state;
    g_autoptr(LetterPaper) paper = paper_of("Siti Aminah", 4);
    g_autoptr(GBytes) without = make(paper);
    letter_paper_set(&paper->str, "3111100420123456");
    g_autoptr(GBytes) with = make(paper);
    assert_int_equal(n_pages(with), 1);
    assert_false(g_bytes_equal(without, with));
}

static void *make_some(void *argument)
{
    for (int i = 0; i < 25; i++)
        g_bytes_unref(make(argument));
    return NULL;
}

static void test_on_two_threads(void **state)
{
    (void)state;
    g_autoptr(LetterPaper) paper = paper_of("Siti Aminah", 30);
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make_some, paper), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_page),       cmocka_unit_test(test_long_text_goes_over_pages),
        cmocka_unit_test(test_str_is_drawn),   cmocka_unit_test(test_same_paper_same_file),
        cmocka_unit_test(test_on_two_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
