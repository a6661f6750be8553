// SPDX-License-Identifier: Apache-2.0
#include "scheduling/note/icd10_import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "tests/unit/scheduling/fixture.h"

static void test_lines(void **state)
{
    (void)state;
    static const struct {
        const char *text, *code, *name_en, *name_id;
    } rows[] = {
        {"A00.0;Cholera;Kolera", "A00.0", "Cholera", "Kolera"},
        {"a000,Cholera", "A00.0", "Cholera", "Cholera"},
        {"A00;Cholera;", "A00", "Cholera", "Cholera"},
        {"\"B20\";\"HIV; with \"\"infections\"\"\";\"HIV\"", "B20", "HIV; with \"infections\"",
         "HIV"},
        {" M1A.09 ;Gout;Gout;more;columns", "M1A.09", "Gout", "Gout"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        Icd10Line line = {0};
        assert_true(icd10_line_parse(rows[i].text, &line));
        assert_string_equal(line.code, rows[i].code);
        assert_string_equal(line.name_en, rows[i].name_en);
        assert_string_equal(line.name_id, rows[i].name_id);
        icd10_line_clear(&line);
    }
    static const char *const wrong[] = {"",        "code;en;id", "A00",       "A00;",    "A0;x",
                                        "A00.;x",  "A00.123;x",  "1A0;x",     "\"A00;x", "A00;\"x",
                                        "A00 0;x", ";x",         "A00;\"x\"y"};
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        Icd10Line line = {0};
        assert_false(icd10_line_parse(wrong[i], &line));
    }
}

static bool bad_job(DbTx *tx, gpointer data, GError **error)
{
    (void)error;
    Icd10Import *import = data;
    g_autoptr(GError) refused = NULL;
    assert_false(icd10_import_job(tx, import, &refused));
    assert_true(g_error_matches(refused, BASE_ERROR, BASE_ERROR_INVALID));
    assert_non_null(strstr(refused->message, "line 3"));
    return true;
}

typedef struct {
    Fixture *fixture;
    char code[ICD10_CODE_BYTES];
    char *name_id;
} Found;

static void on_found(GPtrArray *rows, const GError *error, gpointer user_data)
{
    Found *found = user_data;
    fixture_keep_error(found->fixture, error);
    g_clear_pointer(&found->name_id, g_free);
    if (rows->len == 0)
        return;
    const Icd10 *row = rows->pdata[0];
    g_strlcpy(found->code, row->code, sizeof found->code);
    found->name_id = g_strdup(row->name_id);
}

static void look_for(Found *found, const char *text)
{
    found->fixture->n_waiting++;
    icd10_search(found->fixture->scheduling, text, on_found, found);
    fixture_wait(found->fixture);
}

static void test_import(void **state)
{
    Fixture *fixture = *state;
    Found found = {.fixture = fixture};
    Icd10Import bad = {.text = "code;en;id\nA00.0;Cholera;Kolera asiatika\nrubbish\n"};
    fixture_run(fixture, bad_job, &bad);
    Icd10Import list = {
        .text = "\xef\xbb\xbf"
                "code;en;id\r\nA00.0;Cholera;Kolera asiatika\r\n\r\n"
                "I10;Essential (primary) hypertension;Hipertensi esensial (primer)\r\n"};
    fixture_run(fixture, icd10_import_job, &list);
    assert_int_equal(list.n_lines, 2);
    look_for(&found, "asiat");
    assert_string_equal(found.code, "A00.0");
    look_for(&found, "i10");
    assert_string_equal(found.name_id, "Hipertensi esensial (primer)");
    look_for(&found, "tensi tinggi");
    assert_string_equal(found.code, "I10");
    /* Once more is no fault. */
    fixture_run(fixture, icd10_import_job, &list);
    g_autofree char *audit = fixture_audit_reasons(fixture, "icd10.");
    assert_string_equal(audit, "icd10.import: +0 ~1; icd10.import: +0 ~0; ");
    g_free(found.name_id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test_setup_teardown(test_import, fixture_set_up, fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
