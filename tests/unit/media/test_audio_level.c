// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "media/rtp/audio_level.h"

static const int64_t MS = 1000; /* in microseconds */

enum { PACKET_MS = 20, QUIET = 80, VOICE = 30 };

typedef struct {
    Loudest loudest;
    int64_t now_us;
} Scene;

static void set_up(Scene *scene, unsigned n_sources)
{
    loudest_init(&scene->loudest);
    scene->now_us = 1000 * MS;
    for (unsigned i = 0; i < n_sources; i++)
        loudest_add(&scene->loudest, i);
}

/* Each source has its level (-1: sends nothing) for so long; who is heard at the end. The number
 * of changes on the way is added to *ret_changes. */
static uint32_t play(Scene *scene, const int *levels, unsigned n, int duration_ms,
                     unsigned *ret_changes)
{
    uint32_t heard = loudest_choose(&scene->loudest, scene->now_us);
    for (int ms = 0; ms < duration_ms; ms += PACKET_MS) {
        scene->now_us += PACKET_MS * MS;
        for (unsigned i = 0; i < n; i++) {
            if (levels[i] >= 0)
                loudest_on_level(&scene->loudest, i, (uint8_t)levels[i], scene->now_us);
        }
        uint32_t now_heard = loudest_choose(&scene->loudest, scene->now_us);
        *ret_changes += now_heard != heard;
        heard = now_heard;
    }
    return heard;
}

static void test_the_loudest_two_are_heard(void **state)
{
    (void)state;
    Scene scene;
    unsigned changes = 0;
    set_up(&scene, 5);
    uint32_t heard =
        play(&scene, (const int[]){QUIET, VOICE, QUIET, VOICE + 5, QUIET}, 5, 1000, &changes);
    assert_int_equal(heard, 1U << 1 | 1U << 3);
    heard = play(&scene, (const int[]){VOICE, QUIET, QUIET, VOICE, QUIET}, 5, 1500, &changes);
    assert_int_equal(heard, 1U << 0 | 1U << 3);
}

static void test_a_new_voice_is_heard_at_once(void **state)
{
    (void)state;
    Scene scene;
    unsigned changes = 0;
    set_up(&scene, 3);
    (void)play(&scene, (const int[]){VOICE, QUIET, QUIET}, 3, 2000, &changes);
    uint32_t heard = play(&scene, (const int[]){QUIET, QUIET, VOICE}, 3, 60, &changes);
    assert_true(heard & 1U << 2);
    assert_true(heard & 1U << 0);
}

static void test_two_are_heard_in_silence(void **state)
{
    (void)state;
    Scene scene;
    unsigned changes = 0;
    set_up(&scene, 4);
    uint32_t heard = play(&scene, (const int[]){127, 127, 127, 127}, 4, 500, &changes);
    assert_int_equal(heard, 0x3);
}

static void test_voices_of_about_the_same_level_do_not_flap(void **state)
{
    (void)state;
    Scene scene;
    unsigned changes = 0;
    set_up(&scene, 3);
    (void)play(&scene, (const int[]){VOICE, VOICE, QUIET}, 3, 2000, &changes);
    changes = 0;
    for (int i = 0; i < 20; i++) {
        (void)play(&scene, (const int[]){VOICE, VOICE, VOICE - 2}, 3, 200, &changes);
        (void)play(&scene, (const int[]){VOICE, VOICE, VOICE + 2}, 3, 200, &changes);
    }
    assert_int_equal(changes, 0);
    (void)play(&scene, (const int[]){VOICE, VOICE, VOICE - 4}, 3, 200, &changes);
    assert_int_equal(changes, 1);
}

static void test_a_chosen_voice_is_held_half_a_second(void **state)
{
    (void)state;
    Scene scene;
    unsigned changes = 0;
    set_up(&scene, 4);
    (void)play(&scene, (const int[]){QUIET, QUIET, QUIET, QUIET}, 4, 1000, &changes);
    /* All four shout in turns of 100 ms: who has just come stays. */
    changes = 0;
    int64_t start_us = scene.now_us;
    for (int i = 0; i < 40; i++) {
        int levels[] = {127, 127, 127, 127};
        levels[i % 4] = 10;
        (void)play(&scene, levels, 4, 100, &changes);
    }
    int64_t n_holds = (scene.now_us - start_us) / LOUDEST_HOLD_US;
    assert_true(changes > 0);
    assert_true(changes <= 2 * (n_holds + 1));
}

static void test_noise_takes_nobodys_place(void **state)
{
    (void)state;
    Scene scene;
    unsigned changes = 0;
    set_up(&scene, 3);
    (void)play(&scene, (const int[]){VOICE, VOICE, 127}, 3, 1000, &changes);
    changes = 0;
    (void)play(&scene, (const int[]){127, 127, LOUDEST_FLOOR_DB + 2}, 3, 3000, &changes);
    assert_int_equal(changes, 0);
}

static void test_a_muted_source_is_silent(void **state)
{
    (void)state;
    Scene scene;
    unsigned changes = 0;
    set_up(&scene, 3);
    (void)play(&scene, (const int[]){VOICE, VOICE, QUIET}, 3, 1000, &changes);
    uint32_t heard =
        play(&scene, (const int[]){-1, VOICE, VOICE + 20}, 3, 1000 + 2 * PACKET_MS, &changes);
    assert_int_equal(heard, 1U << 1 | 1U << 2);
}

static void test_sources_without_levels_are_always_heard(void **state)
{
    (void)state;
    Scene scene;
    unsigned changes = 0;
    set_up(&scene, 4);
    uint32_t heard = play(&scene, (const int[]){-1, VOICE, VOICE, QUIET}, 4, 1000, &changes);
    assert_int_equal(heard, 0x7);
    loudest_remove(&scene.loudest, 0);
    loudest_remove(&scene.loudest, 1);
    heard = play(&scene, (const int[]){-1, -1, VOICE, QUIET}, 4, 100, &changes);
    assert_int_equal(heard, 1U << 2 | 1U << 3);
}

static void test_the_loudest_all_the_time_is_no_voice(void **state)
{
    (void)state;
    Scene scene;
    unsigned changes = 0;
    const uint32_t voices = 1U << 0 | 1U << 1;
    set_up(&scene, 3);
    int64_t end_us = scene.now_us + LOUDEST_BELIEVED_US + 1000 * MS;
    while (scene.now_us < end_us) {
        (void)play(&scene, (const int[]){VOICE, VOICE, 0}, 3, 200, &changes);
        (void)play(&scene, (const int[]){VOICE + 10, VOICE + 10, 0}, 3, 60, &changes);
    }
    changes = 0;
    for (unsigned i = 0; i < 20; i++) {
        assert_int_equal(play(&scene, (const int[]){VOICE, VOICE, 0}, 3, 200, &changes), voices);
        (void)play(&scene, (const int[]){VOICE + 10, VOICE + 10, 0}, 3, 60, &changes);
        assert_int_not_equal(loudest_speaker(&scene.loudest, scene.now_us), 2);
    }
    assert_int_equal(changes, 0);
    /* One goes: the place is free. */
    loudest_remove(&scene.loudest, 0);
    assert_int_equal(play(&scene, (const int[]){-1, VOICE, 0}, 3, 60, &changes), 1U << 1 | 1U << 2);
    /* It speaks as people do: it is a voice again. */
    loudest_add(&scene.loudest, 0);
    (void)play(&scene, (const int[]){VOICE, VOICE, 10}, 3, 60, &changes);
    assert_true(play(&scene, (const int[]){VOICE, VOICE, 0}, 3, 600, &changes) & 1U << 2);
}

/* Plays, and asks all the time who speaks. */
static int listen(Scene *scene, const int *levels, unsigned n, int duration_ms)
{
    int speaker = -1;
    for (int ms = 0; ms < duration_ms; ms += PACKET_MS) {
        unsigned changes = 0;
        (void)play(scene, levels, n, PACKET_MS, &changes);
        speaker = loudest_speaker(&scene->loudest, scene->now_us);
    }
    return speaker;
}

static void test_who_speaks_is_who_keeps_speaking(void **state)
{
    (void)state;
    Scene scene;
    set_up(&scene, 3);
    assert_int_equal(listen(&scene, (const int[]){QUIET, QUIET, QUIET}, 3, 1000), -1);
    assert_int_equal(listen(&scene, (const int[]){QUIET, VOICE, QUIET}, 3, 200), 1);
    /* Who spoke last stays while nobody does, and over somebody's cough. */
    assert_int_equal(listen(&scene, (const int[]){QUIET, QUIET, QUIET}, 3, 5000), 1);
    assert_int_equal(listen(&scene, (const int[]){QUIET, QUIET, VOICE}, 3, 700), 1);
    assert_int_equal(listen(&scene, (const int[]){QUIET, VOICE, QUIET}, 3, 1000), 1);
    assert_int_equal(listen(&scene, (const int[]){QUIET, QUIET, VOICE}, 3, 1400), 1);
    assert_int_equal(listen(&scene, (const int[]){QUIET, QUIET, VOICE}, 3, 600), 2);
    /* Two who talk over each other: whoever has the word keeps it. */
    assert_int_equal(listen(&scene, (const int[]){VOICE + 1, QUIET, VOICE}, 3, 5000), 2);
    loudest_remove(&scene.loudest, 2);
    assert_int_equal(listen(&scene, (const int[]){VOICE, QUIET, -1}, 3, 100), 0);
}

static void test_a_stranger_index_is_nothing(void **state)
{
    (void)state;
    Scene scene;
    set_up(&scene, 0);
    loudest_add(&scene.loudest, LOUDEST_SOURCES_MAX);
    loudest_on_level(&scene.loudest, LOUDEST_SOURCES_MAX, 0, scene.now_us);
    loudest_on_level(&scene.loudest, 3, 0, scene.now_us); /* not present */
    loudest_remove(&scene.loudest, LOUDEST_SOURCES_MAX);
    assert_int_equal(loudest_choose(&scene.loudest, scene.now_us), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_loudest_two_are_heard),
        cmocka_unit_test(test_a_new_voice_is_heard_at_once),
        cmocka_unit_test(test_two_are_heard_in_silence),
        cmocka_unit_test(test_voices_of_about_the_same_level_do_not_flap),
        cmocka_unit_test(test_a_chosen_voice_is_held_half_a_second),
        cmocka_unit_test(test_noise_takes_nobodys_place),
        cmocka_unit_test(test_a_muted_source_is_silent),
        cmocka_unit_test(test_sources_without_levels_are_always_heard),
        cmocka_unit_test(test_the_loudest_all_the_time_is_no_voice),
        cmocka_unit_test(test_who_speaks_is_who_keeps_speaking),
        cmocka_unit_test(test_a_stranger_index_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
