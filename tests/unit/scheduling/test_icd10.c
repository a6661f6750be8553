// SPDX-License-Identifier: Apache-2.0
#include "scheduling/note/icd10.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "tests/unit/scheduling/fixture.h"

static void test_code_range(void **state)
{
    (void)state;
    static const struct {
        const char *text, *from, *until;
    } rows[] = {
        {"e11", "E11", "E12"},         {"E11.", "E11.", "E11/"}, {"e119", "E11.9", "E11.:"},
        {" j06.9 ", "J06.9", "J06.:"}, {"E1", "E1", "E2"},
    };
    char from[ICD10_CODE_BYTES], until[ICD10_CODE_BYTES];
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        assert_true(icd10_code_range(rows[i].text, from, until));
        assert_string_equal(from, rows[i].from);
        assert_string_equal(until, rows[i].until);
    }
    static const char *const words[] = {"e",           "batuk", "e11 dm", "11",  "E11.9.9",
                                        "E1111111111", "",      "*",      "e-1", "é11"};
    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
        assert_false(icd10_code_range(words[i], from, until));
}

static void test_match(void **state)
{
    (void)state;
    static const struct {
        const char *text, *match;
    } rows[] = {
        {"Kencing  manis", "\"kencing\"* \"manis\"*"},
        {"\"OR\" NEAR(a) col:x*", "\"or\"* \"near\"* \"a\"* \"col\"* \"x\"*"},
        {"a b c d e f g h", "\"a\"* \"b\"* \"c\"* \"d\"* \"e\"* \"f\"*"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *match = icd10_match(rows[i].text);
        assert_string_equal(match, rows[i].match);
    }
    assert_null(icd10_match(" *\"-"));
}

typedef struct {
    Fixture *fixture;
    GString *found;
    unsigned n;
} Search;

static void on_found(GPtrArray *rows, const GError *error, gpointer user_data)
{
    Search *search = user_data;
    fixture_keep_error(search->fixture, error);
    assert_non_null(rows);
    search->n = rows->len;
    for (unsigned i = 0; i < rows->len; i++) {
        const Icd10 *row = rows->pdata[i];
        assert_non_null(row->chapter_id);
        g_string_append_printf(search->found, "%s ", row->code);
    }
}

static void look_for(Search *search, const char *text)
{
    g_string_truncate(search->found, 0);
    search->fixture->n_waiting++;
    icd10_search(search->fixture->scheduling, text, on_found, search);
    fixture_wait(search->fixture);
    assert_int_equal(search->fixture->error_code, -1);
}

static void test_search(void **state)
{
    Search search = {*state, g_string_new(NULL), 0};
    static const struct {
        const char *text, *code;
    } rows[] = {
        {"darah tinggi", "I10 "},  {"kencing man", "E11.9 "}, {"MAAG", "K29.7 "}, {"kudis", "B86 "},
        {"batuk pilek", "J06.9 "}, {"e11", "E11.9 "},         {"I10", "I10 "},    {"B20", "B20 "},
        {"hypertension", "I10 "},  {"asma", "J45.9 "},        {"u071", "U07.1 "},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        look_for(&search, rows[i].text);
        if (!strstr(search.found->str, rows[i].code))
            fail_msg("%s: %s", rows[i].text, search.found->str);
    }
    look_for(&search, "zzzz");
    assert_int_equal(search.n, 0);
    look_for(&search, "\"*\"");
    assert_int_equal(search.n, 0);
    look_for(&search, "a");
    assert_int_equal(search.n, ICD10_SEARCH_MAX);
    g_string_free(search.found, TRUE);
}

/* Emergencies and what a general practitioner treats each day, in the words of laymen. */
static void test_everyday_words(void **state)
{
    Search search = {*state, g_string_new(NULL), 0};
    static const struct {
        const char *text, *code;
    } rows[] = {
        {"patah tulang", "T14.2 "},
        {"fraktur femur", "S72.3 "},
        {"S52", "S52.5 "},
        {"S02", "S02.9 "},
        {"S42", "S42.0 "},
        {"S62", "S62.6 "},
        {"S72", "S72.0 "},
        {"gigitan anjing", "W54 "},
        {"digigit anjing", "Z20.3 "},
        {"rabies", "A82.9 "},
        {"tetanus", "A35 "},
        {"gegar otak", "S06.0 "},
        {"mimisan", "R04.0 "},
        {"gizi buruk", "E43 "},
        {"busung lapar", "E40 "},
        {"persalinan", "O80.9 "},
        {"melahirkan", "O80.0 "},
        {"batuk rejan", "A37.9 "},
        {"keracunan", "T65.9 "},
        {"pestisida", "T60.0 "},
        {"keracunan makanan", "T62.9 "},
        {"masuk angin", "J00 "},
        {"masuk angin", "R52.9 "},
        {"difteri", "A36.9 "},
        {"tenggelam", "T75.1 "},
        {"frambusia", "A66.9 "},
        {"cap tikus", "F10.0 "},
        {"duri ikan", "T17.2 "},
        {"kdrt", "T74.1 "},
        {"kesetrum", "T75.4 "},
        {"syok anafilaktik", "T78.2 "},
        {"ganti perban", "Z48.0 "},
        {"keguguran", "O03.9 "},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        look_for(&search, rows[i].text);
        if (!strstr(search.found->str, rows[i].code))
            fail_msg("%s: %s", rows[i].text, search.found->str);
    }
    static const char *const first[][2] = {{"Patah tulang", "T14.2 "}, {" demam ", "R50.9 "},
                                           {"tetanus", "A35 "},        {"keracunan", "T65.9 "},
                                           {"darah tinggi", "I10 "},   {"gizi buruk", "E43 "}};
    for (unsigned i = 0; i < G_N_ELEMENTS(first); i++) {
        look_for(&search, first[i][0]);
        if (!g_str_has_prefix(search.found->str, first[i][1]))
            fail_msg("%s: %s", first[i][0], search.found->str);
    }
    g_string_free(search.found, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_code_range),
        cmocka_unit_test(test_match),
        cmocka_unit_test_setup_teardown(test_search, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_everyday_words, fixture_set_up, fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
