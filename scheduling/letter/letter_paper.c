// SPDX-License-Identifier: Apache-2.0
#include "scheduling/letter/letter_paper.h"

static void part_free(gpointer data)
{
    LetterPart *part = data;
    g_free(part->label);
    g_free(part->text);
    g_free(part);
}

/* Papers of before have no "str" or "patient": those from FIRST_LATER on may be missing, and are
 * empty then. */
enum { N_TEXTS = 10, FIRST_LATER = 8 };
static const char *const text_names[N_TEXTS] = {"facility", "address", "phone", "title", "number",
                                                "date",     "doctor",  "sip",   "str",   "patient"};

static void text_places(LetterPaper *paper, char **ret_places[N_TEXTS])
{
    char **places[N_TEXTS] = {&paper->facility, &paper->address, &paper->phone,  &paper->title,
                              &paper->number,   &paper->date,    &paper->doctor, &paper->sip,
                              &paper->str,      &paper->patient};
    for (unsigned i = 0; i < N_TEXTS; i++)
        ret_places[i] = places[i];
}

LetterPaper *letter_paper_new(void)
{
    LetterPaper *paper = g_new0(LetterPaper, 1);
    char **places[N_TEXTS];
    text_places(paper, places);
    for (unsigned i = 0; i < N_TEXTS; i++)
        *places[i] = g_strdup("");
    paper->parts = g_ptr_array_new_with_free_func(part_free);
    return paper;
}

void letter_paper_free(LetterPaper *paper)
{
    if (!paper)
        return;
    char **places[N_TEXTS];
    text_places(paper, places);
    for (unsigned i = 0; i < N_TEXTS; i++)
        g_free(*places[i]);
    g_ptr_array_unref(paper->parts);
    g_free(paper);
}

void letter_paper_set(char **place, const char *text)
{
    g_free(*place);
    *place = g_strdup(text ? text : "");
}

void letter_paper_add(LetterPaper *paper, LetterPartKind kind, const char *label, const char *text)
{
    LetterPart *part = g_new0(LetterPart, 1);
    part->kind = kind;
    part->label = g_strdup(label ? label : "");
    part->text = g_strdup(text ? text : "");
    g_ptr_array_add(paper->parts, part);
}

char *letter_paper_write(const LetterPaper *paper)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    char **places[N_TEXTS];
    text_places((LetterPaper *)paper, places);
    for (unsigned i = 0; i < N_TEXTS; i++)
        g_key_file_set_string(file, "paper", text_names[i], *places[i]);
    for (unsigned i = 0; i < paper->parts->len; i++) {
        const LetterPart *part = paper->parts->pdata[i];
        g_autofree char *group = g_strdup_printf("part %u", i);
        g_key_file_set_integer(file, group, "kind", (int)part->kind);
        g_key_file_set_string(file, group, "label", part->label);
        g_key_file_set_string(file, group, "text", part->text);
    }
    return g_key_file_to_data(file, NULL, NULL);
}

static bool parse_part(GKeyFile *file, const char *group, LetterPaper *paper)
{
    g_autofree char *label = g_key_file_get_string(file, group, "label", NULL);
    g_autofree char *text = g_key_file_get_string(file, group, "text", NULL);
    int kind = g_key_file_get_integer(file, group, "kind", NULL);
    if (!label || !text || kind < 0 || kind > LETTER_PART_WARNING)
        return false;
    letter_paper_add(paper, (LetterPartKind)kind, label, text);
    return true;
}

LetterPaper *letter_paper_parse(const char *text)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(LetterPaper) paper = letter_paper_new();
    if (!g_key_file_load_from_data(file, text, (gsize)-1, G_KEY_FILE_NONE, NULL))
        return NULL;
    char **places[N_TEXTS];
    text_places(paper, places);
    for (unsigned i = 0; i < N_TEXTS; i++) {
        g_autofree char *value = g_key_file_get_string(file, "paper", text_names[i], NULL);
        if (!value && i < FIRST_LATER)
            return NULL;
        letter_paper_set(places[i], value);
    }
    for (unsigned i = 0;; i++) {
        g_autofree char *group = g_strdup_printf("part %u", i);
        if (!g_key_file_has_group(file, group))
            return g_steal_pointer(&paper);
        if (!parse_part(file, group, paper))
            return NULL;
    }
}

char *letter_date_words(const char *date, bool with_weekday)
{
    static const char *const months[] = {"Januari",   "Februari", "Maret",    "April",
                                         "Mei",       "Juni",     "Juli",     "Agustus",
                                         "September", "Oktober",  "November", "Desember"};
    static const char *const weekdays[] = {"Senin", "Selasa", "Rabu",  "Kamis",
                                           "Jumat", "Sabtu",  "Minggu"};
    int year = (int)g_ascii_strtoull(date, NULL, 10);
    int month = (int)g_ascii_strtoull(date + 5, NULL, 10);
    int day = (int)g_ascii_strtoull(date + 8, NULL, 10);
    GDate value;
    g_date_clear(&value, 1);
    if (!g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return g_strdup(date);
    g_date_set_dmy(&value, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    g_autofree char *words = g_strdup_printf("%d %s %d", day, months[month - 1], year);
    if (!with_weekday)
        return g_steal_pointer(&words);
    return g_strdup_printf("%s, %s", weekdays[g_date_get_weekday(&value) - 1], words);
}

char *letter_roman(int number)
{
    static const struct {
        int value;
        const char *letters;
    } steps[] = {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"},
                 {90, "XC"},  {50, "L"},   {40, "XL"}, {10, "X"},   {9, "IX"},
                 {5, "V"},    {4, "IV"},   {1, "I"}};
    GString *roman = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        for (; number >= steps[i].value; number -= steps[i].value)
            g_string_append(roman, steps[i].letters);
    }
    return g_string_free(roman, FALSE);
}

char *letter_number_words(int number)
{
    static const char *const small[] = {"nol",     "satu",     "dua",     "tiga",
                                        "empat",   "lima",     "enam",    "tujuh",
                                        "delapan", "sembilan", "sepuluh", "sebelas"};
    if (number < 12)
        return g_strdup(small[number]);
    if (number < 20)
        return g_strdup_printf("%s belas", small[number - 10]);
    int unit = number < 100 ? 10 : 100;
    const char *name = number < 100 ? " puluh" : " ratus";
    g_autofree char *rest = number % unit ? letter_number_words(number % unit) : NULL;
    g_autofree char *head =
        number / unit == 1 ? g_strdup("seratus") : g_strconcat(small[number / unit], name, NULL);
    return rest ? g_strdup_printf("%s %s", head, rest) : g_steal_pointer(&head);
}
