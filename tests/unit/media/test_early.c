// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/repair/early.h"

enum { SIZE = 1200 };

/* As the relay does: noted, and kept while something is missing. */
static void come(Early *early, NackTracker *nack, uint16_t sequence)
{
    uint8_t data[SIZE] = {(uint8_t)sequence};
    (void)nack_tracker_on_packet(nack, sequence, 0);
    if (nack_tracker_n_missing(nack) > 0)
        early_keep(early, sequence, data, sizeof data, 0);
    else
        early_forget(early);
}

static void test_the_rest_is_here_or_asked_for(void **state)
{
    (void)state;
    g_autoptr(Early) early = early_new();
    g_autoptr(NackTracker) nack = nack_tracker_new(&NACK_VIDEO);
    come(early, nack, 65533);
    assert_false(early_has_rest(early, nack, 65534));
    come(early, nack, 65535);
    come(early, nack, 0);
    come(early, nack, 2);
    assert_true(early_has_rest(early, nack, 65534));
    assert_true(early_has_rest(early, nack, 1));
    assert_false(early_has_rest(early, nack, 2)); /* nothing came behind it */
    assert_false(early_has_rest(early, nack, 65532));
    assert_true(early_reaches(early, 2));
    assert_false(early_reaches(early, 3));
    size_t size;
    assert_null(early_get(early, 1, &size));
    assert_int_equal(early_get(early, 65535, &size)[0], 255);
    assert_int_equal(size, SIZE);
}

/* What came before anything was missing, or between, was not kept: such a rest has a hole that
 * nobody asks for. */
static void test_what_is_kept_came_without_a_break(void **state)
{
    (void)state;
    g_autoptr(Early) early = early_new();
    g_autoptr(NackTracker) nack = nack_tracker_new(&NACK_VIDEO);
    come(early, nack, 10);
    come(early, nack, 11);
    come(early, nack, 13);
    assert_true(early_has_rest(early, nack, 12));
    assert_false(early_has_rest(early, nack, 10));
    come(early, nack, 12); /* nothing is missing */
    come(early, nack, 14);
    assert_false(early_has_rest(early, nack, 12));
    come(early, nack, 16);
    assert_true(early_has_rest(early, nack, 15));
    size_t size;
    assert_null(early_get(early, 13, &size));
    assert_false(early_has_rest(early, nack, 12));
}

static void test_too_much_to_keep(void **state)
{
    (void)state;
    g_autoptr(Early) early = early_new();
    g_autoptr(NackTracker) nack = nack_tracker_new(&NACK_VIDEO);
    come(early, nack, 1);
    for (uint16_t i = 3; i < 103; i++)
        come(early, nack, i);
    assert_true(early_has_rest(early, nack, 2));
    for (uint16_t i = 103; i < 203; i++)
        come(early, nack, i);
    assert_false(early_has_rest(early, nack, 2));
    assert_true(early_has_rest(early, nack, 110));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_rest_is_here_or_asked_for),
        cmocka_unit_test(test_what_is_kept_came_without_a_break),
        cmocka_unit_test(test_too_much_to_keep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
