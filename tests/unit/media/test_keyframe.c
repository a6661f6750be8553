// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/repair/keyframe.h"

static const int64_t MS = 1000;

static void test_first_goes_out_and_others_merge(void **state)
{
    (void)state;
    KeyframeGate gate;
    keyframe_gate_init(&gate);
    assert_int_equal(keyframe_gate_next_us(&gate), INT64_MAX);
    assert_false(keyframe_gate_poll(&gate, 5000 * MS));
    assert_true(keyframe_gate_request(&gate, 0));
    for (int64_t ms = 1; ms < 500; ms++)
        assert_false(keyframe_gate_request(&gate, ms * MS));
    assert_int_equal(keyframe_gate_next_us(&gate), 500 * MS);
    assert_false(keyframe_gate_poll(&gate, 499 * MS));
    assert_true(keyframe_gate_poll(&gate, 500 * MS));
}

static void test_key_frame_answers_all(void **state)
{
    (void)state;
    KeyframeGate gate;
    keyframe_gate_init(&gate);
    (void)keyframe_gate_request(&gate, 0);
    (void)keyframe_gate_request(&gate, 100 * MS);
    keyframe_gate_on_key_frame(&gate);
    assert_int_equal(keyframe_gate_next_us(&gate), INT64_MAX);
    assert_false(keyframe_gate_poll(&gate, 5000 * MS));
    /* A loss of that key frame is a new wish, still held to the interval. */
    assert_false(keyframe_gate_request(&gate, 200 * MS));
    assert_true(keyframe_gate_poll(&gate, 500 * MS));
    assert_true(keyframe_gate_request(&gate, 1000 * MS));
}

static void test_retries_while_none_comes(void **state)
{
    (void)state;
    KeyframeGate gate;
    keyframe_gate_init(&gate);
    assert_true(keyframe_gate_request(&gate, 0));
    int n = 0;
    for (int64_t ms = 1; ms <= 5000; ms++)
        n += keyframe_gate_poll(&gate, ms * MS);
    assert_int_equal(n, 5);
    keyframe_gate_on_key_frame(&gate);
    assert_false(keyframe_gate_poll(&gate, 10000 * MS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_goes_out_and_others_merge),
        cmocka_unit_test(test_key_frame_answers_all),
        cmocka_unit_test(test_retries_while_none_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
