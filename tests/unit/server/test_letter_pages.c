// SPDX-License-Identifier: Apache-2.0
/* Where a letter's pages end, as poppler reads them: each kind, with short and very long names, and
 * one line more each time, so that every part of it comes to lie at the foot of a page once. */
#include "server/letter/letter_pdf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "scheduling/letter/letter_row.h"

static const char check_url[] = "https://telemedis.example.go.id/cek/0123456789abcdefghijkl";

/* The line above the foot, in points; all lines of one page and some more. */
enum { FOOT_LINE = 718, N_LINES = 36, N_ITEMS = 3 };

typedef struct {
    const char *doctor, *sip, *str, *patient, *facility, *address, *medicine, *signa;
} Names;

static const Names short_names = {
    "dr. Rahmat Hasan",  "503/SIP/0123/2024",        "3111100420123456", "Siti Aminah",
    "Puskesmas Limboto", "Jl. Sudirman 12, Limboto", "Parasetamol",      "3 x sehari 1 tablet"};
static const Names long_names = {
    "dr. Raden Ajeng Muhammad Nurhidayatullahsyarifuddin Hasan-Lamadlauw, Sp.PD-KGEH,",
    "503/SIP-DU/0123/2024/DINKES-KAB.GORONTALO/XII/PERPANJANGAN",
    "3111100420123456-PERPANJANGAN-KEDUA-KONSIL-KEDOKTERAN",
    "Abdurrahmanmuhammadnurhidayatullahsyarifuddin bin Sultan Amai Pakaya Napu Lihawa",
    "Pusat Kesehatan Masyarakat Rawat Inap Limboto Barat dan Sekitarnya Kab. Gorontalo",
    "Jalan Trans Sulawesi Kilometer 17, Kelurahan Kayubulan, Kecamatan Limboto, seberang lapangan",
    "Hidroklorotiazidparasetamolkombinasi dosis tetap sirup rasa jeruk anak dan dewasa",
    "3 x sehari 1 sendok takar sesudah makan, kocok dahulu, habiskan walau sudah membaik; hentikan "
    "dan segera ke puskesmas bila timbul ruam, sesak, muntah"};

static void fill_facts(LetterFacts *facts, const Names *names)
{
    facts->note.content = note_content_new();
    facts->addenda = g_ptr_array_new_with_free_func(g_free);
    facts->facility = g_strdup(names->facility);
    facts->address = g_strdup(names->address);
    facts->phone = g_strdup("0435-881234");
    facts->clinic = g_strdup("Poli Umum");
    facts->doctor = g_strdup(names->doctor);
    facts->patient = g_strdup(names->patient);
    facts->birth_date = g_strdup("1954-03-02");
    facts->allergy_words = g_strdup("Amoksisilin: bengkak wajah\nUdang: gatal");
    facts->permit.state = LETTER_PERMIT_GOOD;
    facts->permit.sip = g_strdup(names->sip);
    facts->permit.str = g_strdup(names->str);
    g_strlcpy(facts->today, "2026-11-24", sizeof facts->today);
    g_strlcpy(facts->visit.local_date, "2026-11-24", sizeof facts->visit.local_date);
    note_content_add_diagnosis(facts->note.content, "J06.9", "Infeksi saluran napas atas akut");
    char **plan = &facts->note.content->texts[NOTE_PLAN];
    g_free(*plan);
    *plan = g_strdup("Minum yang banyak.\nIstirahat.\nKontrol tiga hari lagi.");
}

static void set_text(char **place, const char *text)
{
    g_free(*place);
    *place = g_strdup(text);
}

static LetterRequest *request_of(LetterKind kind, const Names *names)
{
    LetterRequest *request = letter_request_new(kind, "key-of-a-letter-1");
    set_text(&request->to_facility, names->facility);
    set_text(&request->urgency, "urgent");
    set_text(&request->reason, "Curiga TB paru");
    set_text(&request->from_date, "2026-11-24");
    request->days = 2;
    for (int i = 0; kind == LETTER_PRESCRIPTION && i < N_ITEMS; i++) {
        LetterItem *item = letter_request_add_item(request);
        g_autofree char *name = g_strdup_printf("%s obat%d", names->medicine, i);
        g_autofree char *signa = g_strdup_printf("%s habis%d", names->signa, i);
        set_text(&item->name, name);
        set_text(&item->signa, signa);
        set_text(&item->strength, "250 mg/62,5 mg");
        set_text(&item->form, "suspensi oral");
        item->quantity = 21;
    }
    return request;
}

/* A letter of KIND whose text stands N lines lower. */
static LetterPaper *paper_of(LetterKind kind, const Names *names, unsigned n_lines)
{
    LetterFacts facts = {0};
    fill_facts(&facts, names);
    g_autoptr(LetterRequest) request = request_of(kind, names);
    LetterPaper *paper = letter_compose(&facts, request, "0012/RJK/XI/2026");
    g_autoptr(GString) text = g_string_new("baris0");
    for (unsigned i = 1; i < n_lines; i++)
        g_string_append_printf(text, "\nbaris%u", i);
    letter_paper_add(paper, LETTER_PART_TEXT, NULL, text->str);
    LetterPart *last = g_ptr_array_steal_index(paper->parts, paper->parts->len - 1);
    g_ptr_array_insert(paper->parts, 0, last);
    letter_facts_clear(&facts);
    return paper;
}

typedef struct {
    unsigned page;
    double x[2], y[2]; /* from and to */
    char *text;
} Word;

static void word_clear(gpointer data)
{
    g_free(((Word *)data)->text);
}

static void read_line(const char *line, unsigned *page, GArray *words)
{
    Word word = {0};
    char text[256];
    if (strstr(line, "<page "))
        (*page)++;
    if (sscanf(line, " <word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\">%255[^<]",
               &word.x[0], &word.y[0], &word.x[1], &word.y[1], text) != 5)
        return;
    word.page = *page;
    word.text = g_strdup(text);
    g_array_append_val(words, word);
}

/* The words of a file with their places. */
static GArray *words_of(const LetterPaper *paper, unsigned *ret_n_pages)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pdf = letter_pdf_make(paper, check_url, INT64_C(1795485600000), &error);
    assert_non_null(pdf);
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("huyula-letter-XXXXXX.pdf", &path, NULL);
    assert_true(fd >= 0 && g_close(fd, NULL));
    gsize size = 0;
    const char *bytes = g_bytes_get_data(pdf, &size);
    assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
    char *command[] = {(char *)"pdftotext", (char *)"-bbox", path, (char *)"-", NULL};
    g_autofree char *read = NULL;
    assert_true(g_spawn_sync(NULL, command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &read, NULL,
                             NULL, NULL));
    g_unlink(path);
    GArray *words = g_array_new(FALSE, FALSE, sizeof(Word));
    g_array_set_clear_func(words, word_clear);
    g_auto(GStrv) lines = g_strsplit(read, "\n", -1);
    *ret_n_pages = 0;
    for (unsigned i = 0; lines[i]; i++)
        read_line(lines[i], ret_n_pages, words);
    return words;
}

static const Word *word_at(GArray *words, unsigned at)
{
    return &g_array_index(words, Word, at);
}

/* The only one. */
static const Word *find(GArray *words, const char *text)
{
    const Word *found = NULL;
    for (unsigned i = 0; i < words->len; i++) {
        if (strcmp(word_at(words, i)->text, text) != 0)
            continue;
        if (found)
            fail_msg("%s stands there twice", text);
        found = word_at(words, i);
    }
    if (!found)
        fail_msg("%s is not there", text);
    return found;
}

static void assert_foot(GArray *words, unsigned n_pages)
{
    for (unsigned page = 1; page <= n_pages; page++) {
        g_autoptr(GString) foot = g_string_new(NULL);
        for (unsigned i = 0; i < words->len; i++) {
            const Word *word = word_at(words, i);
            if (word->page == page && word->y[1] > FOOT_LINE)
                g_string_append_printf(foot, "%s ", word->text);
        }
        g_autofree char *wanted = g_strdup_printf(
            "Nomor 0012/RJK/XI/2026 · halaman %u dari %u Periksa keaslian surat ini dengan kode di "
            "samping, atau buka: %s Yang berlaku adalah yang ditampilkan halaman itu. ",
            page, n_pages, check_url);
        assert_string_equal(foot->str, wanted);
    }
}

static bool lie_apart(const double one[2], const double other[2])
{
    static const double hairline = 0.5;
    return one[1] <= other[0] + hairline || other[1] <= one[0] + hairline;
}

static void assert_apart(GArray *words)
{
    for (unsigned i = 0; i < words->len; i++) {
        const Word *one = word_at(words, i);
        for (unsigned n = i + 1; n < words->len && word_at(words, n)->page == one->page; n++) {
            const Word *other = word_at(words, n);
            if (!lie_apart(one->x, other->x) && !lie_apart(one->y, other->y))
                fail_msg("%s lies over %s on page %u", one->text, other->text, one->page);
        }
    }
}

/* Lines of text between the head and WORD on its page. */
static unsigned count_lines_above(GArray *words, const Word *word, double top)
{
    unsigned n = 0;
    double y = top;
    for (unsigned i = 0; i < words->len; i++) {
        const Word *one = word_at(words, i);
        if (one->page == word->page && one->y[0] > y && one->y[1] <= word->y[0]) {
            n++;
            y = one->y[1] - 1;
        }
    }
    return n;
}

/* Signed where the letter ends, under what it says. */
static void assert_signature(GArray *words, unsigned n_pages)
{
    const Word *above = find(words, "pemeriksa,");
    const Word *sip = find(words, "SIP");
    assert_int_equal(above->page, n_pages);
    assert_int_equal(sip->page, n_pages);
    assert_true(sip->y[0] > above->y[1]);
    /* The page's head names patient and letter above 115; the date stands above as well. */
    assert_true(count_lines_above(words, above, n_pages > 1 ? 115 : 56) >= 3);
}

static void assert_items(GArray *words)
{
    for (int i = 0; i < N_ITEMS; i++) {
        g_autofree char *name = g_strdup_printf("obat%d", i);
        g_autofree char *end = g_strdup_printf("habis%d", i);
        assert_int_equal(find(words, name)->page, find(words, end)->page);
    }
    g_autofree char *last = g_strdup_printf("obat%d", N_ITEMS - 1);
    assert_int_equal(find(words, last)->page, find(words, "pemeriksa,")->page);
}

static void check(LetterKind kind, const Names *names, unsigned n_lines)
{
    unsigned n_pages = 0;
    g_autoptr(LetterPaper) paper = paper_of(kind, names, n_lines);
    g_autoptr(GArray) words = words_of(paper, &n_pages);
    print_message("%s, %u lines: %u pages\n", letter_kind_name(kind), n_lines, n_pages);
    assert_in_range(n_pages, 1, 4);
    for (unsigned i = 0; i < n_lines; i++) {
        g_autofree char *line = g_strdup_printf("baris%u", i);
        (void)find(words, line);
    }
    assert_foot(words, n_pages);
    assert_apart(words);
    assert_signature(words, n_pages);
    if (kind == LETTER_PRESCRIPTION)
        assert_items(words);
}

static void check_all(LetterKind kind)
{
    for (unsigned n = 1; n <= N_LINES; n++) {
        check(kind, &long_names, n);
        if (n % 3 == 0)
            check(kind, &short_names, n);
    }
}

static void test_summary(void **state)
{
    (void)state;
    check_all(LETTER_SUMMARY);
}

static void test_prescription(void **state)
{
    (void)state;
    check_all(LETTER_PRESCRIPTION);
}

static void test_referral(void **state)
{
    (void)state;
    check_all(LETTER_REFERRAL);
}

static void test_sick_letter(void **state)
{
    (void)state;
    check_all(LETTER_SICK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_summary),
        cmocka_unit_test(test_prescription),
        cmocka_unit_test(test_referral),
        cmocka_unit_test(test_sick_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
