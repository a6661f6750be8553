// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "media/rate/sound_guard.h"

enum { MS = 1000, FRAME_US = 20 * MS };

static const int64_t START_US = INT64_C(7) * 1000 * 1000;

/* Frames of so many bytes for so many seconds; the share of them that went, in per cent. */
static unsigned speak(SoundGuard *guard, unsigned n_s, size_t wire_bytes, uint32_t share_bps,
                      int64_t *now_us)
{
    unsigned n = n_s * 50;
    unsigned n_sent = 0;
    for (unsigned i = 0; i < n; i++, *now_us += FRAME_US) {
        if (!sound_guard_may_send(guard, share_bps, *now_us))
            continue;
        sound_guard_on_sent(guard, wire_bytes);
        n_sent++;
    }
    return n_sent * 100 / n;
}

static void test_speech_passes(void **state)
{
    (void)state;
    SoundGuard guard = {0};
    int64_t now_us = START_US;
    /* 32 kbit/s on whatever link; more where it is the sender's. */
    assert_int_equal(speak(&guard, 60, 80, 10 * 1000, &now_us), 100);
    assert_int_equal(speak(&guard, 60, 200, 80 * 1000, &now_us), 100);
    assert_int_equal(speak(&guard, 60, 1200, 500 * 1000, &now_us), 100);
    /* A sender that follows its hint after two seconds. */
    assert_int_equal(speak(&guard, 2, 160, 20 * 1000, &now_us), 100);
    assert_int_equal(speak(&guard, 60, 60, 20 * 1000, &now_us), 100);
    assert_int_equal(speak(&guard, 2, 160, 20 * 1000, &now_us), 100);
}

static void test_too_much_is_left_out(void **state)
{
    (void)state;
    SoundGuard guard = {0};
    int64_t now_us = START_US;
    speak(&guard, 3, 1200, 20 * 1000, &now_us);
    assert_in_range(speak(&guard, 60, 1200, 20 * 1000, &now_us), 6, 7); /* 32 of 480 kbit/s */
    assert_in_range(speak(&guard, 60, 1200, 240 * 1000, &now_us), 48, 52);
    /* Nothing is saved up for longer, nor kept from a better link. */
    speak(&guard, 60, 10, 1000 * 1000, &now_us);
    now_us += 60 * 1000 * (int64_t)MS;
    assert_in_range(speak(&guard, 3, 1200, 20 * 1000, &now_us), 6, 14);
}

static void test_time_that_goes_back(void **state)
{
    (void)state;
    SoundGuard guard = {0};
    assert_true(sound_guard_may_send(&guard, 0, START_US));
    sound_guard_on_sent(&guard, 13000);
    assert_false(sound_guard_may_send(&guard, 0, START_US - 1));
    assert_false(sound_guard_may_send(&guard, 0, 0));
    assert_true(sound_guard_may_send(&guard, 0, 2000 * MS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_speech_passes),
        cmocka_unit_test(test_too_much_is_left_out),
        cmocka_unit_test(test_time_that_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
