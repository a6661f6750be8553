// SPDX-License-Identifier: Apache-2.0
/* The rules of province and facility as a table: what goes out, and what is taken in. */
#include "tests/unit/scheduling/ruler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/policy/policy_table.h"
#include "tests/unit/scheduling/words.h"

/* Taking in, as words_imported() says it. */

typedef struct {
    Fixture *fixture;
    char *csv, *result;
} Keeper;

static void on_csv(const char *csv, const GError *error, gpointer user_data)
{
    Keeper *keeper = user_data;
    g_free(keeper->csv);
    keeper->csv = g_strdup(csv);
    fixture_keep_error(keeper->fixture, error);
}

static const char *take_out(Keeper *keeper, const Actor *actor)
{
    keeper->fixture->n_waiting++;
    table_job_get(keeper->fixture->scheduling, &policy_table, actor, on_csv, keeper);
    fixture_wait(keeper->fixture);
    return keeper->csv;
}

static void on_imported(const TableImported *imported, const GError *error, gpointer user_data)
{
    Keeper *keeper = user_data;
    g_free(keeper->result);
    keeper->result = words_imported(imported);
    fixture_keep_error(keeper->fixture, error);
}

static void assert_taken_in(Keeper *keeper, const Actor *actor, const char *csv, bool is_trial,
                            const char *expected)
{
    const TableGiven given = {.csv = csv, .is_trial = is_trial};
    keeper->fixture->n_waiting++;
    table_job_import(keeper->fixture->scheduling, &policy_table, actor, &given, on_imported,
                     keeper);
    fixture_wait(keeper->fixture);
    assert_int_equal(keeper->fixture->error_code, -1);
    assert_string_equal(keeper->result, expected);
}

static void test_table(void **state)
{
    Ruler *ruler = *state;
    Keeper keeper = {.fixture = ruler->fixture};
    Actor own = ruler_coordinator(ruler->fixture, 0);
    const char *csv = "facility,rule,value\n,late_minutes,25\nPuskesmas Limboto,hold_minutes,7\n";
    assert_taken_in(&keeper, &ruler_admin, csv, true, "kept out +0 ~2");
    assert_int_equal(ruler_get(ruler, &ruler_admin, NULL), -1);
    ruler_assert(ruler, POLICY_LATE, 10, 10, POLICY_FROM_SERVER);
    assert_taken_in(&keeper, &ruler_admin, csv, false, "saved +0 ~2");
    assert_int_equal(ruler_get(ruler, &own, NULL), -1);
    ruler_assert(ruler, POLICY_LATE, 25, 25, POLICY_FROM_PROVINCE);
    ruler_assert(ruler, POLICY_HOLD, 7, 5, POLICY_FROM_FACILITY);
    /* What goes out comes in again and changes nothing. */
    assert_taken_in(&keeper, &ruler_admin, take_out(&keeper, &ruler_admin), false, "saved +0 ~0");
    assert_non_null(strstr(keeper.csv, "\"Puskesmas Limboto\",\"hold_minutes\",\"7\"\r\n"));
    assert_taken_in(&keeper, &own, take_out(&keeper, &own), false, "saved +0 ~0");
    assert_null(strstr(keeper.csv, ",\"late_minutes\",\"10\""));
    assert_taken_in(&keeper, &own, "rule,value\nhold_minutes,default\n", false, "saved +0 ~1");
    assert_int_equal(ruler_get(ruler, &own, NULL), -1);
    ruler_assert(ruler, POLICY_HOLD, 5, 5, POLICY_FROM_SERVER);
    g_free(keeper.csv);
    g_free(keeper.result);
}

static void test_table_with_faults(void **state)
{
    Ruler *ruler = *state;
    Keeper keeper = {.fixture = ruler->fixture};
    Actor own = ruler_coordinator(ruler->fixture, 0);
    assert_taken_in(&keeper, &ruler_admin,
                    "facility,rule,value\n,late_minutes,999\nNowhere,late_minutes,5\n"
                    ",recording,on\n,,5\n,hold_minutes,\n,hold_minutes,6\n,hold_minutes,7\n",
                    false,
                    "kept out +0 ~1; 2 value out_of_range; 3 facility not_found; 4 rule unknown; "
                    "5 rule required; 6 value required; 8 rule taken");
    assert_taken_in(&keeper, &own, "facility,rule,value\nKlinik Kota Selatan,hold_minutes,6\n",
                    false, "kept out +0 ~0; 2 facility not_found");
    assert_taken_in(&keeper, &ruler_admin, "rule,wert\nhold_minutes,6\n", false,
                    "kept out +0 ~0; 1 wert unknown; 1 value required");
    assert_int_equal(ruler_get(ruler, &ruler_admin, NULL), -1);
    ruler_assert(ruler, POLICY_HOLD, 5, 5, POLICY_FROM_SERVER);
    g_free(keeper.csv);
    g_free(keeper.result);
}

#define POLICY_TEST(name) cmocka_unit_test_setup_teardown(name, ruler_set_up, ruler_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        POLICY_TEST(test_table),
        POLICY_TEST(test_table_with_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
