// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/cmocka_all.h"

#include "server/base/fault.h"

static void faults_in_order(void **state)
{
    (void)state;
    g_autoptr(FaultList) list = fault_list_new();
    assert_int_equal(fault_list_length(list), 0);
    char field[] = "birth_date";
    fault_list_add(list, field, "not_a_date", "1900-01-01..today");
    field[0] = 'X'; /* the list has its own copy */
    fault_list_add(list, "phone", "required", NULL);
    assert_int_equal(fault_list_length(list), 2);
    assert_string_equal(fault_list_get(list, 0)->field, "birth_date");
    assert_string_equal(fault_list_get(list, 0)->code, "not_a_date");
    assert_string_equal(fault_list_get(list, 0)->allowed, "1900-01-01..today");
    assert_string_equal(fault_list_get(list, 1)->field, "phone");
    assert_null(fault_list_get(list, 1)->allowed);
    fault_list_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults_in_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
