// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/person.h"

static const char today[] = "2026-11-24";

static void test_nik(void **state)
{
    (void)state;
    static const struct {
        const char *text, *stated, *code, *birth_date;
        char sex;
    } rows[] = {
        {"7571025708900001", NULL, NULL, "1990-08-17", 'P'},
        {"7501010101850003", NULL, NULL, "1985-01-01", 'L'},
        {"7503187112050002", NULL, NULL, "2005-12-31", 'P'},
        {"7571 0257.0890-0001", NULL, NULL, "1990-08-17", 'P'},
        {"7571025708260001", NULL, NULL, "2026-08-17", 'P'},         /* this year's: 20YY */
        {"7571025708270001", NULL, NULL, "1927-08-17", 'P'},         /* above today's: 19YY */
        {"7571025708250001", "1925-08-17", NULL, "1925-08-17", 'P'}, /* the stated date decides */
        {"7571022902240001", NULL, NULL, "2024-02-29", 'L'},
        {"7571022902230001", NULL, "nik_date", NULL, 0},
        {"7571023002900001", NULL, "nik_date", NULL, 0}, /* 30 February */
        {"7571028008900001", NULL, "nik_date", NULL, 0}, /* day 80 */
        {"7571020008900001", NULL, "nik_date", NULL, 0},
        {"7571024008900001", NULL, "nik_date", NULL, 0}, /* day 40: neither sex */
        {"7571025713900001", NULL, "nik_date", NULL, 0},
        {"7571025700900001", NULL, "nik_date", NULL, 0},
        {"757102570890000", NULL, "not_a_nik", NULL, 0}, /* 15 */
        {"75710257089000011", NULL, "not_a_nik", NULL, 0},
        {"757102570890000x", NULL, "not_a_nik", NULL, 0},
        {"7571025708900000", NULL, "nik_serial", NULL, 0},
        {"", NULL, "required", NULL, 0},
        {NULL, NULL, "required", NULL, 0},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        PersonNik nik;
        const char *code = person_nik_parse(rows[i].text, rows[i].stated, today, &nik);
        if (g_strcmp0(code, rows[i].code) != 0)
            fail_msg("row %u: %s", i, code ? code : "fine");
        if (code)
            continue;
        assert_string_equal(nik.birth_date, rows[i].birth_date);
        assert_int_equal(nik.sex, rows[i].sex);
        assert_int_equal(strlen(nik.digits), 16);
    }
    g_autofree char *masked = person_nik_mask("7571025708900001");
    assert_string_equal(masked, "757102******0001");
}

static void test_phone(void **state)
{
    (void)state;
    static const struct {
        const char *text, *e164;
        bool mobile;
    } rows[] = {
        {"081234567890", "+6281234567890", true},
        {"81234567890", "+6281234567890", true},
        {"6281234567890", "+6281234567890", true},
        {"+6281234567890", "+6281234567890", true},
        {"006281234567890", "+6281234567890", true},
        {"0812-3456-7890", "+6281234567890", true},
        {"0812.3456.7890", "+6281234567890", true},
        {" (0812) 3456 7890", "+6281234567890", true},
        {"+62 (0)812 3456 7890", "+6281234567890", true},
        {"0812345678", "+62812345678", true},
        {"0435-881234", "+62435881234", false},
        {"(0435) 821567", "+62435821567", false},
        {"08123456", NULL, false},
        {"0812345678901234", NULL, false},
        {"+6591234567", NULL, false},
        {"0812 3456 789x", NULL, false},
        {"+", NULL, false},
        {"+0812345678", NULL, false},
        {"12345678", NULL, false},
        {"0000000000", NULL, false},
        {"0812+34567890", NULL, false},
        {"", NULL, false},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *e164 = NULL;
        bool mobile = false;
        const char *code = person_phone_normalise(rows[i].text, &e164, &mobile);
        if (g_strcmp0(e164, rows[i].e164) != 0)
            fail_msg("%s: %s", rows[i].text, e164 ? e164 : code);
        assert_int_equal(code == NULL, e164 != NULL);
        assert_int_equal(mobile, rows[i].mobile);
    }
    g_autofree char *masked = person_phone_mask("+6281234567890");
    assert_string_equal(masked, "+62812****7890");
    g_autofree char *odd = person_phone_mask("+62");
    assert_string_equal(odd, "****");
}

static void test_name(void **state)
{
    (void)state;
    g_autofree char *long_name = g_strnfill(81, 'a');
    g_autofree char *longest = g_strnfill(80, 'a');
    const struct {
        const char *text, *name, *code;
    } rows[] = {
        {"Siti Aminah", "Siti Aminah", NULL},
        {"  Siti \t Aminah ", "Siti Aminah", NULL},
        {"Suharto", "Suharto", NULL},
        {"Ma'ruf bin Abd. Hamid", "Ma'ruf bin Abd. Hamid", NULL},
        {"Jose\xcc\x81", "Jos\xc3\xa9", NULL}, /* composed */
        {longest, longest, NULL},
        {long_name, NULL, "too_long"},
        {"", NULL, "required"},
        {NULL, NULL, "required"},
        {"   ", NULL, "required"},
        {"12345", NULL, "bad_characters"},
        {"Siti\x01", NULL, "bad_characters"},
        {"Siti\xe2\x80\xae", NULL, "bad_characters"}, /* right-to-left override */
        {"Siti\xff", NULL, "bad_characters"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *name = NULL;
        const char *code = person_name_normalise(rows[i].text, &name);
        if (g_strcmp0(code, rows[i].code) != 0 || g_strcmp0(name, rows[i].name) != 0)
            fail_msg("row %u: %s %s", i, code ? code : "fine", name ? name : "none");
    }
    static const struct {
        const char *name, *initials;
    } initials[] = {
        {"Siti Aminah", "S. A."}, {"suharto", "S."}, {"A B C D", "A. B. C."}, {"(x) y", "X. Y."}};
    for (unsigned i = 0; i < G_N_ELEMENTS(initials); i++) {
        g_autofree char *text = person_initials(initials[i].name);
        assert_string_equal(text, initials[i].initials);
    }
}

static void test_names_compare_without_titles(void **state)
{
    (void)state;
    static const struct {
        const char *name, *words;
    } rows[] = {
        {"Hj. SITI  Aminah, S.Pd", "siti aminah"},
        {"dr. Siti Aminah, Sp.A, M.Kes.", "siti aminah"},
        {"Siti Aminah S.Pd", "siti aminah"},
        {"Siti Aminah, SE", "siti aminah"},
        {"Siti Aminah, S. Pd", "siti aminah s pd"},
        {"Moh.Ali", "moh ali"},
        {"Aminah, Siti", "aminah siti"},
        {"St. Aminah", "st aminah"},
        {"dr. SpPD, SE", "sppd"},
        {"dr., SE", "dr se"},
        {"Ny.Siti Aminah", "siti aminah"},
        {"siti aminah", "siti aminah"},
        {"Tn", "tn"},
        {"H. Ny.", "h ny"},
        {"Anwar", "anwar"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *words = person_match_name(rows[i].name);
        assert_string_equal(words, rows[i].words);
    }
}

static void test_birth_date(void **state)
{
    (void)state;
    assert_null(person_birth_date_check("1954-03-02", today));
    assert_null(person_birth_date_check(today, today));
    assert_string_equal(person_birth_date_check("2026-11-25", today), "in_future");
    assert_string_equal(person_birth_date_check("1895-11-23", today), "too_old");
    assert_string_equal(person_birth_date_check("1990-02-30", today), "not_a_date");
    assert_string_equal(person_birth_date_check("1990-2-3", today), "not_a_date");
    assert_string_equal(person_birth_date_check("0000-01-01", today), "not_a_date");
    assert_string_equal(person_birth_date_check("1990-02-03x", today), "not_a_date");
    assert_string_equal(person_birth_date_check("", today), "required");
    assert_int_equal(person_age("1954-03-02", today), 72);
    assert_int_equal(person_age("1954-11-24", today), 72);
    assert_int_equal(person_age("1954-11-25", today), 71);
    assert_int_equal(person_age("2024-02-29", "2025-02-28"), 0);
    assert_int_equal(person_age("2024-02-29", "2025-03-01"), 1);
    assert_int_equal(person_age(today, today), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nik),        cmocka_unit_test(test_phone),
        cmocka_unit_test(test_name),       cmocka_unit_test(test_names_compare_without_titles),
        cmocka_unit_test(test_birth_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
