// SPDX-License-Identifier: Apache-2.0
#include "scheduling/note/vital.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static unsigned n_faults(const int values[VITAL_COUNT])
{
    g_autoptr(FaultList) faults = fault_list_new();
    vital_check(values, faults);
    return fault_list_length(faults);
}

static void test_limits(void **state)
{
    (void)state;
    for (unsigned i = 0; i < VITAL_COUNT; i++) {
        const VitalRow *row = vital_row((Vital)i);
        int values[VITAL_COUNT] = {0};
        assert_int_equal(n_faults(values), 0);
        values[i] = row->min;
        assert_int_equal(n_faults(values), 0);
        values[i] = row->max;
        assert_int_equal(n_faults(values), 0);
        values[i] = row->min - 1;
        assert_int_equal(n_faults(values), 1);
        values[i] = row->max + 1;
        assert_int_equal(n_faults(values), 1);
    }
}

static void test_faults_name_the_field(void **state)
{
    (void)state;
    int values[VITAL_COUNT] = {
        [VITAL_SYSTOLIC] = 80, [VITAL_DIASTOLIC] = 120, [VITAL_TEMPERATURE] = 3650};
    g_autoptr(FaultList) faults = fault_list_new();
    vital_check(values, faults);
    assert_int_equal(fault_list_length(faults), 2);
    const Fault *first = fault_list_get(faults, 0);
    assert_string_equal(first->field, "vitals.temperature_tenth_c");
    assert_string_equal(first->code, "too_large");
    assert_string_equal(first->allowed, "300..450");
    assert_string_equal(fault_list_get(faults, 1)->field, "vitals.diastolic_mmhg");
    assert_string_equal(fault_list_get(faults, 1)->code, "not_below");
}

static void test_words(void **state)
{
    (void)state;
    static const struct {
        Vital vital;
        int value;
        const char *words;
    } rows[] = {
        {VITAL_SYSTOLIC, 120, "120 mmHg"}, {VITAL_TEMPERATURE, 365, "36,5 °C"},
        {VITAL_TEMPERATURE, 370, "37 °C"}, {VITAL_WEIGHT, 72000, "72 kg"},
        {VITAL_WEIGHT, 3050, "3,05 kg"},   {VITAL_WEIGHT, 3005, "3,005 kg"},
        {VITAL_GLUCOSE, 210, "210 mg/dL"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *words = vital_words(rows[i].vital, rows[i].value);
        assert_string_equal(words, rows[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_faults_name_the_field),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
