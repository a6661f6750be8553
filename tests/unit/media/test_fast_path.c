// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib.h>

#include "media/rate/fast_path.h"

enum { MS = 1000 };

static void test_how_long(void **state)
{
    (void)state;
    static const struct {
        int64_t rtt_us, queue_us, usual_us, proof_us;
    } rows[] = {
        {0, 0, 1000 * MS, 1000 * MS}, /* not known */
        {1 * MS, 0, 1000 * MS, 100 * MS},
        {25 * MS, 0, 1000 * MS, 100 * MS},
        {80 * MS, 0, 1000 * MS, 320 * MS},
        {120 * MS, 0, 1000 * MS, 480 * MS},
        {121 * MS, 0, 1000 * MS, 1000 * MS},
        {80 * MS, 20 * MS, 800 * MS, 320 * MS},
        {80 * MS, 21 * MS, 800 * MS, 800 * MS},
        {100 * MS, 0, 300 * MS, 300 * MS}, /* no longer than elsewhere */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_int_equal(fast_path_proof_us(rows[i].rtt_us, rows[i].queue_us, rows[i].usual_us),
                         rows[i].proof_us);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_how_long)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
