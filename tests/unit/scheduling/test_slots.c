// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/clinic/slots.h"

static void test_queries_are_refused_with_field_and_cause(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        unsigned n_days;
        const char *field, *code; /* NULL: fine */
    } rows[] = {
        {NULL, 1, NULL, NULL},
        {NULL, SLOTS_MAX_DAYS, NULL, NULL},
        {NULL, 0, "days", "too_small"},
        {NULL, SLOTS_MAX_DAYS + 1, "days", "too_large"},
        {"2026-02-30", 1, "from", "not_a_date"},
        {"9999-12-30", 1, NULL, NULL},
        {"9999-12-31", 1, "from", "too_late"},
        {"9999-12-30", 2, "from", "too_late"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(FaultList) faults = fault_list_new();
        const SlotsQuery query = {"clinic", NULL, rows[i].from, rows[i].n_days, NULL, false};
        assert_true(slots_check(&query, faults) == (rows[i].code == NULL));
        assert_int_equal(fault_list_length(faults), rows[i].code ? 1 : 0);
        if (!rows[i].code)
            continue;
        assert_string_equal(fault_list_get(faults, 0)->field, rows[i].field);
        assert_string_equal(fault_list_get(faults, 0)->code, rows[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries_are_refused_with_field_and_cause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
