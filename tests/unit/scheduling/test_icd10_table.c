// SPDX-License-Identifier: Apache-2.0
/* The diagnosis list as a table: checked by line and column, taken in whole or not at all, found
 * by the search afterwards, and out again as it came in. */
#include "scheduling/note/icd10_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/note/icd10.h"
#include "tests/unit/scheduling/fixture.h"
#include "tests/unit/scheduling/words.h"

static const Actor admin = {.role = ACTOR_ADMIN, .user_id = "user-7"};

typedef struct {
    Fixture *fixture;
    char *text; /* of the last answer */
} Keeper;

static void keep_text(Keeper *keeper, char *text)
{
    g_free(keeper->text);
    keeper->text = text;
}

static void on_imported(const TableImported *imported, const GError *error, gpointer user_data)
{
    Keeper *keeper = user_data;
    fixture_keep_error(keeper->fixture, error);
    keep_text(keeper, words_imported(imported));
}

static const char *take_in_as(Keeper *keeper, const Actor *actor, const char *csv, bool is_trial)
{
    const Icd10TableGiven given = {csv, "Ibu Rina", is_trial};
    keeper->fixture->n_waiting++;
    icd10_table_import(keeper->fixture->scheduling, actor, &given, on_imported, keeper);
    fixture_wait(keeper->fixture);
    return keeper->text;
}

static const char *take_in(Keeper *keeper, const char *csv, bool is_trial)
{
    const char *text = take_in_as(keeper, &admin, csv, is_trial);
    assert_int_equal(keeper->fixture->error_code, -1);
    return text;
}

static void on_csv(const char *csv, const GError *error, gpointer user_data)
{
    Keeper *keeper = user_data;
    fixture_keep_error(keeper->fixture, error);
    keep_text(keeper, g_strdup(csv));
}

static const char *take_out(Keeper *keeper, const Actor *actor)
{
    keeper->fixture->n_waiting++;
    icd10_table_get(keeper->fixture->scheduling, actor, on_csv, keeper);
    fixture_wait(keeper->fixture);
    return keeper->text;
}

static void on_list(const Icd10List *list, const GError *error, gpointer user_data)
{
    Keeper *keeper = user_data;
    fixture_keep_error(keeper->fixture, error);
    keep_text(keeper, list ? g_strdup_printf("%u %d %s +%u ~%u", list->n_codes, list->at_ms != 0,
                                             list->name, list->n_added, list->n_changed)
                           : NULL);
}

static const char *look(Keeper *keeper, const Actor *actor)
{
    keeper->fixture->n_waiting++;
    icd10_list_get(keeper->fixture->scheduling, actor, on_list, keeper);
    fixture_wait(keeper->fixture);
    return keeper->text;
}

static void on_found(GPtrArray *rows, const GError *error, gpointer user_data)
{
    Keeper *keeper = user_data;
    fixture_keep_error(keeper->fixture, error);
    const Icd10 *row = rows->len > 0 ? rows->pdata[0] : NULL;
    keep_text(keeper, row ? g_strdup_printf("%s %s|%s", row->code, row->name_id, row->name_en)
                          : g_strdup("none"));
}

static const char *search(Keeper *keeper, const char *text)
{
    keeper->fixture->n_waiting++;
    icd10_search(keeper->fixture->scheduling, text, on_found, keeper);
    fixture_wait(keeper->fixture);
    return keeper->text;
}

static void test_a_list_is_taken_in(void **state)
{
    Keeper keeper = {.fixture = *state};
    g_autofree char *before = g_strdup(look(&keeper, &admin));
    unsigned n_codes = (unsigned)g_ascii_strtoull(before, NULL, 10);
    assert_true(n_codes > 100);
    g_autofree char *shipped = g_strdup_printf("%u 0  +0 ~0", n_codes);
    assert_string_equal(before, shipped);
    static const char csv[] = "term_id;code;term_en\r\n"
                              "Kolera klasik;A000;Cholera due to Vibrio cholerae 01\r\n"
                              "Hipertensi primer;I10;\r\n"
                              ";z99.9;Dependence on \"machine\"\r\n";
    assert_string_equal(take_in(&keeper, csv, true), "kept out +0 ~0; 4  csv_stray_quote");
    static const char good[] = "term_id;code;term_en\r\n"
                               "Kolera klasik;A000;Cholera due to Vibrio cholerae 01\r\n"
                               "Hipertensi primer;I10;\r\n"
                               ";z99.9;Dependence on machines\r\n";
    /* Tried it changes nothing, and says what it would. */
    assert_string_equal(take_in(&keeper, good, true), "kept out +2 ~1");
    assert_string_equal(search(&keeper, "kolera klasik"), "none");
    assert_string_equal(look(&keeper, &admin), shipped);
    assert_string_equal(take_in(&keeper, good, false), "saved +2 ~1");
    assert_string_equal(search(&keeper, "kolera klasik"),
                        "A00.0 Kolera klasik|Cholera due to Vibrio cholerae 01");
    assert_string_equal(search(&keeper, "z99"),
                        "Z99.9 Dependence on machines|Dependence on machines");
    /* Everyday words stay with the code whose names are new. */
    assert_string_equal(search(&keeper, "tensi tinggi"), "I10 Hipertensi primer|Hipertensi primer");
    g_autofree char *after = g_strdup_printf("%u 1 Ibu Rina +2 ~1", n_codes + 2);
    assert_string_equal(look(&keeper, &admin), after);
    g_autofree char *audit = fixture_audit_reasons(keeper.fixture, "icd10.");
    assert_string_equal(audit, "icd10.import: +2 ~1; ");
    /* What goes out comes in again, and changes nothing. */
    g_autofree char *whole = g_strdup(take_out(&keeper, &admin));
    assert_non_null(strstr(whole, "\"A00.0\",\"Kolera klasik\",\"Cholera due to"));
    assert_string_equal(take_in(&keeper, whole, false), "saved +0 ~0");
    g_free(keeper.text);
}

static void test_faults_by_line(void **state)
{
    Keeper keeper = {.fixture = *state};
    g_autofree char *long_term = g_strnfill(ICD10_TERM_CHARS + 1, 'a');
    g_autofree char *wrong =
        g_strdup_printf("code,term_id,term_en\nA00.0,Kolera,Cholera\nA0,Kolera,\n,Kolera,\n"
                        "A00.0,Lagi,\nA01,,\nA02.0,%s,\n1A0,Kolera,,x\n",
                        long_term);
    const char *faults = "kept out +1 ~0; 3 code not_a_code; 4 code required; 5 code code_twice; "
                         "6 term_id required; 7 term_id too_long; 8  too_many; 8 code not_a_code";
    assert_string_equal(take_in(&keeper, wrong, true), faults);
    assert_string_equal(take_in(&keeper, wrong, false), faults);
    assert_string_equal(search(&keeper, "A00.0"), "none");
    assert_string_equal(take_in(&keeper, "code\n", true), "kept out +0 ~0; 1  too_few");
    assert_string_equal(take_in(&keeper, "nomor,term_id\nA00,x\n", true),
                        "kept out +0 ~0; 1 nomor unknown; 1 code required");
    assert_string_equal(take_in(&keeper, "code,term_id\nA00,\"x\n", true),
                        "kept out +0 ~0; 3  csv_open_quote");
    g_free(keeper.text);
}

static char *rows_of(unsigned n_rows)
{
    GString *text = g_string_new("code,term_en\n");
    for (unsigned i = 0; i < n_rows; i++)
        g_string_append_printf(text, "%c%02u.%02u,Term %u\n", 'A' + i / 10000, i / 100 % 100,
                               i % 100, i);
    return g_string_free(text, FALSE);
}

static void test_limits(void **state)
{
    Keeper keeper = {.fixture = *state};
    g_autofree char *whole = rows_of(ICD10_TABLE_MAX_ROWS);
    g_autofree char *longer = rows_of(ICD10_TABLE_MAX_ROWS + 1);
    assert_string_equal(take_in(&keeper, whole, false), "saved +30000 ~0");
    assert_string_equal(take_in(&keeper, longer, true),
                        "kept out +0 ~0; 30002  icd10_too_many_rows");
    g_autofree char *larger = g_strnfill(ICD10_TABLE_MAX_BYTES + 1, '\n');
    assert_string_equal(take_in(&keeper, larger, true), "kept out +0 ~0; 1  icd10_too_many_rows");
    g_free(keeper.text);
}

static void test_administrators_only(void **state)
{
    Keeper keeper = {.fixture = *state};
    const ActorRole others[] = {ACTOR_DOCTOR, ACTOR_DESK, ACTOR_COORDINATOR, ACTOR_OFFICE};
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++) {
        const Actor actor = {.role = others[i],
                             .user_id = "user-0",
                             .facility_id = keeper.fixture->seed.facility_ids[0]};
        take_in_as(&keeper, &actor, "code,term_id\nA00.0,Kolera\n", false);
        assert_int_equal(keeper.fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
        assert_null(take_out(&keeper, &actor));
        assert_int_equal(keeper.fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
        assert_null(look(&keeper, &actor));
        assert_int_equal(keeper.fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
    }
    g_free(keeper.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_list_is_taken_in, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_faults_by_line, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_limits, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_administrators_only, fixture_set_up,
                                        fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
