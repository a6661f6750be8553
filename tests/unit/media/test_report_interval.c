// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "media/rate/report_interval.h"

enum { S = 1000 * 1000 };

static void test_rarer_on_a_thin_link(void **state)
{
    (void)state;
    assert_int_equal(report_interval_us(100 * 1000, 60 * S), 1 * S);
    assert_int_equal(report_interval_us(100 * 1000 - 1, 60 * S), 2500 * 1000);
    assert_int_equal(report_interval_us(0, 60 * S), 2500 * 1000);
    /* Whatever the link is, lips are in time soon. */
    assert_int_equal(report_interval_us(60 * 1000, 10 * S - 1), 1 * S);
    assert_int_equal(report_interval_us(60 * 1000, 10 * S), 2500 * 1000);
    /* Of who is sent nothing no link is known. */
    assert_int_equal(report_interval_us(60 * 1000, 0), 1 * S);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rarer_on_a_thin_link)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
