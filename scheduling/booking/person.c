// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/person.h"

#include <string.h>

#include "scheduling/outbox/sms.h"
#include "server/base/limit.h"

enum {
    PERSON_MAX_AGE_YEARS = 130,
    PERSON_INITIALS = 3,
    PERSON_INPUT_BYTES = LIMIT_NAME_CHARS * 8, /* before folding; more is not a name */
    NIK_DIGITS = 16,
    E164_MAX_DIGITS = 15,
};

/* Folds white space; NULL when a character is neither text nor blank. */
static char *fold_name(const char *text)
{
    GString *folded = g_string_new(NULL);
    bool blank = false;
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_isspace(c)) {
            blank = folded->len > 0;
            continue;
        }
        GUnicodeType type = g_unichar_type(c);
        if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_UNASSIGNED ||
            type == G_UNICODE_PRIVATE_USE) {
            g_string_free(folded, TRUE);
            return NULL;
        }
        if (blank)
            g_string_append_c(folded, ' ');
        blank = false;
        g_string_append_unichar(folded, c);
    }
    return g_string_free(folded, FALSE);
}

static bool has_letter(const char *text)
{
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        if (g_unichar_isalpha(g_utf8_get_char(p)))
            return true;
    }
    return false;
}

const char *person_name_normalise(const char *text, char **ret_name)
{
    if (!text || text[0] == '\0')
        return "required";
    if (strlen(text) > PERSON_INPUT_BYTES)
        return "too_long";
    if (!g_utf8_validate(text, -1, NULL))
        return "bad_characters";
    g_autofree char *composed = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
    if (!composed)
        return "bad_characters";
    g_autofree char *folded = fold_name(composed);
    if (!folded)
        return "bad_characters";
    if (folded[0] == '\0')
        return "required";
    if (g_utf8_strlen(folded, -1) > LIMIT_NAME_CHARS)
        return "too_long";
    if (!has_letter(folded))
        return "bad_characters";
    *ret_name = g_steal_pointer(&folded);
    return NULL;
}

char *person_initials(const char *name)
{
    GString *initials = g_string_new(NULL);
    unsigned n = 0;
    bool at_start = true;
    for (const char *p = name; *p && n < PERSON_INITIALS; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (at_start && g_unichar_isalpha(c)) {
            if (n++ > 0)
                g_string_append_c(initials, ' ');
            g_string_append_unichar(initials, g_unichar_toupper(c));
            g_string_append_c(initials, '.');
            at_start = false;
        }
        if (c == ' ')
            at_start = true;
    }
    return g_string_free(initials, FALSE);
}

static bool is_title(const char *word)
{
    static const char *const titles[] = {"ny", "tn", "nn", "an", "sdr", "sdri", "h", "hj", NULL};
    return g_strv_contains(titles, word);
}

/* The short ones are degrees behind a comma alone: "St." is Siti, too. */
static bool is_degree(const char *word, bool after_comma)
{
    static const char *const anywhere[] = {
        "dr",   "drg",  "prof", "ir",   "drs", "dra",    "spd",    "spdi",   "skm",  "skep",
        "sked", "ssos", "skom", "mkes", "mpd", "amdkeb", "amdkep", "strkeb", "ners", NULL};
    static const char *const behind[] = {"se", "sh",  "st",  "ssi", "stp", "mm",
                                         "mh", "msi", "amd", "phd", NULL};
    g_auto(GStrv) parts = g_strsplit(word, ".", -1);
    g_autofree char *bare = g_strjoinv("", parts);
    return g_strv_contains(anywhere, bare) || (after_comma && g_strv_contains(behind, bare));
}

/* "s.pd", after the comma that follows the name: a dot with a letter behind it. */
static bool is_dotted(const char *text)
{
    const char *dot = strchr(text, '.');
    return dot && g_ascii_isalpha(dot[1]);
}

/* People write their degrees or leave them out. Before the comma a dot alone says nothing
 * ("Moh.Ali"). */
static char *leave_out_degrees(const char *folded)
{
    GString *text = g_string_new(NULL);
    g_auto(GStrv) parts = g_strsplit(folded, ",", -1);
    for (unsigned i = 0; parts[i]; i++) {
        g_auto(GStrv) words = g_strsplit(parts[i], " ", -1);
        for (unsigned j = 0; words[j]; j++) {
            if (!is_degree(words[j], i > 0) && !(i > 0 && is_dotted(words[j])))
                g_string_append_printf(text, "%s ", words[j]);
        }
    }
    return g_string_free(text, FALSE);
}

/* The words of TEXT, and in *RET_BARE those that are no titles. */
static char *split_words(const char *text, char **ret_bare)
{
    g_auto(GStrv) words = g_strsplit_set(text, " .,", -1);
    GString *all = g_string_new(NULL);
    GString *bare = g_string_new(NULL);
    for (unsigned i = 0; words[i]; i++) {
        if (words[i][0] == '\0')
            continue;
        g_string_append_printf(all, "%s%s", all->len > 0 ? " " : "", words[i]);
        if (!is_title(words[i]))
            g_string_append_printf(bare, "%s%s", bare->len > 0 ? " " : "", words[i]);
    }
    *ret_bare = g_string_free(bare, FALSE);
    return g_string_free(all, FALSE);
}

char *person_match_name(const char *name)
{
    g_autofree char *folded = g_utf8_casefold(name, -1);
    g_autofree char *plain = leave_out_degrees(folded);
    g_autofree char *bare = NULL;
    g_autofree char *all = split_words(plain, &bare);
    if (bare[0] != '\0')
        return g_steal_pointer(&bare);
    g_free(all);
    g_free(bare);
    all = split_words(folded, &bare);
    return g_steal_pointer(&all);
}

char *person_first_name(const char *name)
{
    g_auto(GStrv) words = g_strsplit_set(name, " ,", -1);
    for (unsigned i = 0; words[i]; i++) {
        g_autofree char *folded = g_utf8_casefold(words[i], -1);
        g_strdelimit(folded, ".", ' ');
        g_strchomp(folded);
        if (folded[0] != '\0' && !is_title(folded))
            return g_strdup(words[i]);
    }
    return g_strdup(name);
}

static unsigned two_digits(const char *text)
{
    return (unsigned)(text[0] - '0') * 10U + (unsigned)(text[1] - '0');
}

/* "YYYY-MM-DD" of a day that exists. */
static bool read_date(const char *text, GDate *ret_date)
{
    static const char form[] = "dddd-dd-dd";
    if (!text || strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; i < sizeof form - 1; i++) {
        if (form[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != '-')
            return false;
    }
    unsigned year = two_digits(text) * 100U + two_digits(text + 2);
    unsigned month = two_digits(text + 5);
    unsigned day = two_digits(text + 8);
    if (year == 0 || !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return false;
    g_date_set_dmy(ret_date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    return true;
}

const char *person_birth_date_check(const char *text, const char *today)
{
    if (!text || text[0] == '\0')
        return "required";
    GDate date;
    if (!read_date(text, &date))
        return "not_a_date";
    if (strcmp(text, today) > 0)
        return "in_future";
    if (person_age(text, today) > PERSON_MAX_AGE_YEARS)
        return "too_old";
    return NULL;
}

int person_age(const char *birth_date, const char *date)
{
    GDate born, then;
    if (!read_date(birth_date, &born) || !read_date(date, &then))
        return 0;
    int years = (int)g_date_get_year(&then) - (int)g_date_get_year(&born);
    if (strcmp(date + 4, birth_date + 4) < 0)
        years--;
    return MAX(years, 0);
}

/* Digits of TEXT into RET_DIGITS (at most SIZE - 1); signs that people write between them are left
 * out. False when there is anything else or too much. */
static bool collect_digits(const char *text, const char *between, char *ret_digits, size_t size)
{
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        if (strchr(between, *p))
            continue;
        if (!g_ascii_isdigit(*p) || n + 1 >= size)
            return false;
        ret_digits[n++] = *p;
    }
    ret_digits[n] = '\0';
    return true;
}

const char *person_phone_normalise(const char *text, char **ret_e164, bool *ret_mobile)
{
    if (!text || text[0] == '\0')
        return "required";
    const char *p = text;
    while (*p == ' ')
        p++;
    bool plus = *p == '+';
    char digits[24];
    if (!collect_digits(plus ? p + 1 : p, " -.()", digits, sizeof digits))
        return "not_a_phone";
    const char *national = NULL;
    if (g_str_has_prefix(digits, "0062"))
        national = digits + 4;
    else if (g_str_has_prefix(digits, "62") && (plus || digits[2] == '8'))
        national = digits + 2;
    else if (!plus && digits[0] == '0')
        national = digits + 1;
    else if (!plus && digits[0] == '8')
        national = digits;
    if (!national)
        return "not_a_phone";
    if (national[0] == '0') /* +62 (0)812 ... */
        national++;
    size_t n = strlen(national);
    bool mobile = national[0] == '8';
    /* Mobile: 9 to 12 digits after 62. Fixed: area code (2 or 3 digits from 2 to 7 or 9) and
     * number. */
    if (n < (mobile ? 9U : 8U) || n > (mobile ? 12U : 11U) || national[0] < '2')
        return "not_a_phone";
    *ret_e164 = g_strconcat("+62", national, NULL);
    *ret_mobile = sms_reaches(*ret_e164);
    return NULL;
}

char *person_phone_mask(const char *e164)
{
    size_t n = strlen(e164);
    if (n == 0)
        return g_strdup("");
    if (n < 10 || n > E164_MAX_DIGITS + 1)
        return g_strdup("****");
    return g_strdup_printf("%.6s****%s", e164, e164 + n - 4);
}

/* YY above today's is last century's, unless the stated date says otherwise. */
static unsigned nik_year(unsigned yy, const char *stated, const char *today)
{
    GDate date;
    if (stated && read_date(stated, &date) && g_date_get_year(&date) % 100U == yy)
        return g_date_get_year(&date);
    return yy > two_digits(today + 2) ? 1900U + yy : 2000U + yy;
}

const char *person_nik_parse(const char *text, const char *stated_birth_date, const char *today,
                             PersonNik *ret_nik)
{
    PersonNik nik = {0};
    if (!text || text[0] == '\0')
        return "required";
    if (!collect_digits(text, " .-", nik.digits, sizeof nik.digits) ||
        strlen(nik.digits) != NIK_DIGITS)
        return "not_a_nik";
    unsigned day = two_digits(nik.digits + 6);
    unsigned month = two_digits(nik.digits + 8);
    bool is_woman = day > 40; /* day + 40 for women */
    if (is_woman)
        day -= 40;
    unsigned year = nik_year(two_digits(nik.digits + 10), stated_birth_date, today);
    if (!g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return "nik_date";
    if (strcmp(nik.digits + 12, "0000") == 0)
        return "nik_serial";
    g_snprintf(nik.birth_date, sizeof nik.birth_date, "%04u-%02u-%02u", year % 10000U, month % 100U,
               day % 100U);
    nik.sex = is_woman ? 'P' : 'L';
    *ret_nik = nik;
    return NULL;
}

char *person_nik_mask(const char *digits)
{
    if (strlen(digits) != NIK_DIGITS)
        return g_strdup("****");
    return g_strdup_printf("%.6s******%s", digits, digits + 12);
}
