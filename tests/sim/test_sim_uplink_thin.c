// SPDX-License-Identifier: Apache-2.0
// A sender whose own link is too thin for a picture, or nearly: it comes back when the link does,
// and neither comes and goes nor is said to while it does not.
#include "tests/sim/sim_assert.h"
#include "tests/sim/sim_uplinks.h"

enum { SEEDS = 9, MANY_SEEDS = 20, MS = 1000, S = 1000 * 1000, LOOK_US = 100 * MS };

typedef struct {
    const char *path; /* whose delay and loss */
    unsigned from_kbps, low_kbps, low_s, to_kbps;
    double back_s; /* at most */
    int64_t jitter_us;
} Fall;

/* How long after the link is back the picture that the sender is asked for moves, in seconds. */
static double back_after_s(const Fall *fall, bool is_screen, uint64_t seed)
{
    SimPublisherSetup setup = sim_uplink(fall->path)->setup;
    int64_t rise_us = (40 + (int64_t)fall->low_s) * S;
    setup.seed = seed;
    setup.up.jitter_us = fall->jitter_us;
    setup.shows_screen = is_screen;
    setup.up.steps[0].rate_bps = fall->from_kbps * 1000;
    setup.up.steps[1] = (SimLinkStep){40 * S, fall->low_kbps * 1000, 0, 0};
    setup.up.steps[2] = (SimLinkStep){rise_us, fall->to_kbps * 1000, 0, 0};
    g_autoptr(SimPublisher) publisher = sim_publisher_new(&setup);
    for (int64_t us = rise_us; us < rise_us + 60 * S; us += LOOK_US) {
        sim_publisher_run(publisher, us);
        if (sim_publisher_moves(publisher))
            return (double)(us - rise_us) / S;
    }
    return 60;
}

static void assert_back(const Fall *falls, unsigned n, unsigned n_seeds)
{
    for (unsigned i = 0; i < n; i++) {
        for (uint64_t seed = 1; seed <= n_seeds; seed++)
            assert_at_most(back_after_s(&falls[i], false, seed), falls[i].back_s);
    }
}

/* From 27 to 30 kbit/s the guard held the picture open while the hint had no room for one, so that
 * nothing raised the cap ever again: 13 of 20 calls had none for good. */
static void test_picture_never_resumes(void **state)
{
    (void)state;
    static const Fall falls[] = {
        {"steady-300", 300, 27, 40, 300, 5, 0},    {"steady-300", 300, 28, 40, 300, 5, 0},
        {"steady-300", 300, 29, 40, 300, 5, 0},    {"steady-300", 300, 30, 40, 300, 6, 0},
        {"steady-300", 2000, 28, 20, 2000, 10, 0}, {"steady-300", 2000, 35, 60, 2000, 8, 0},
        {"steady-300", 300, 30, 200, 300, 5, 0},
    };
    assert_back(falls, G_N_ELEMENTS(falls), MANY_SEEDS);
}

/* Nor does it wait for the next try, a minute after the one before: sound alone shows that the link
 * is another one. Where the link carried not even the sound (9, 12) a browser's own estimate is at
 * 5 kbit/s, and takes that long to come back. */
static void test_picture_is_soon_back(void **state)
{
    (void)state;
    static const Fall falls[] = {
        {"steady-300", 300, 9, 40, 300, 21, 0}, {"steady-300", 300, 12, 40, 300, 17, 0},
        {"steady-300", 300, 16, 40, 300, 8, 0}, {"steady-300", 300, 20, 40, 300, 6, 0},
        {"steady-300", 300, 24, 40, 300, 6, 0}, {"steady-300", 300, 24, 200, 300, 6, 0},
        {"steady-300", 300, 34, 40, 300, 8, 0}, {"steady-300", 300, 40, 60, 300, 8, 0},
        {"steady-300", 300, 48, 60, 300, 8, 0}, {"steady-300", 300, 56, 60, 300, 6, 0},
        {"edge", 300, 24, 60, 300, 10, 0},      {"edge", 300, 28, 60, 300, 9, 0},
        {"edge", 300, 40, 60, 300, 10, 0},      {"edge", 300, 46, 60, 300, 9, 0},
        {"edge", 300, 56, 60, 300, 7, 0},
    };
    assert_back(falls, G_N_ELEMENTS(falls), SEEDS);
}

/* A screen's single pictures take more than what is left of the rate that a camera's are tried
 * with: tries were lost, and on "edge" a screen stayed away for 25 to 60 s and more. */
static void test_a_screen_is_soon_back(void **state)
{
    (void)state;
    static const Fall falls[] = {
        {"steady-300", 300, 16, 60, 300, 7, 0}, {"steady-300", 300, 20, 60, 300, 5, 0},
        {"steady-300", 300, 28, 60, 300, 5, 0}, {"edge", 300, 16, 60, 300, 10, 0},
        {"edge", 300, 20, 60, 300, 16, 0},      {"edge", 300, 28, 60, 300, 12, 0},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(falls); i++) {
        for (uint64_t seed = 1; seed <= SEEDS; seed++)
            assert_at_most(back_after_s(&falls[i], true, seed), falls[i].back_s);
    }
}

/* A radio's jitter hides how long the link takes for a packet; the soonest of a second still shows
 * it. */
static void test_picture_is_soon_back_with_jitter(void **state)
{
    (void)state;
    static const Fall falls[] = {
        {"steady-300", 300, 20, 60, 300, 8, 40 * MS},
        {"steady-300", 300, 28, 60, 300, 8, 40 * MS},
        {"steady-300", 300, 36, 60, 300, 4, 20 * MS},
    };
    assert_back(falls, G_N_ELEMENTS(falls), SEEDS);
}

typedef struct {
    unsigned n_offs;     /* it was asked to stop */
    unsigned n_words;    /* its receivers were told that it is too thin */
    int64_t n_pauses;    /* to single pictures, or none */
    int64_t shortest_us; /* of what was said in between */
} Flapping;

static void watch(const char *path, unsigned kbps, uint64_t seed, Flapping *ret_flapping)
{
    SimPublisherSetup setup = sim_uplink(path)->setup;
    SimPublisherFigures figures;
    setup.seed = seed;
    setup.up.steps[0].rate_bps = kbps * 1000;
    g_autoptr(SimPublisher) publisher = sim_publisher_new(&setup);
    sim_publisher_run(publisher, 20 * S);
    sim_publisher_measure(publisher, &figures);
    *ret_flapping = (Flapping){.shortest_us = INT64_MAX};
    bool was_thin = sim_publisher_is_too_thin(publisher);
    bool was_on = sim_publisher_asked_video(publisher);
    int64_t since_us = INT64_MIN / 2;
    for (int64_t us = 20 * S; us < 320 * S; us += LOOK_US) {
        sim_publisher_run(publisher, us);
        bool is_thin = sim_publisher_is_too_thin(publisher);
        bool is_on = sim_publisher_asked_video(publisher);
        ret_flapping->n_offs += was_on && !is_on;
        ret_flapping->n_words += is_thin && !was_thin;
        if (is_thin != was_thin) {
            ret_flapping->shortest_us = MIN(ret_flapping->shortest_us, us - since_us);
            since_us = us;
        }
        was_thin = is_thin;
        was_on = is_on;
    }
    sim_publisher_measure(publisher, &figures);
    ret_flapping->n_pauses = figures.n_pauses;
}

/* Five minutes of a link of one rate, as thin as that: 31 times off and on at 32 kbit/s once, and
 * "sender-link" and "moving" in turn each second or two. In two calls of 400 a try fails just after
 * it was believed. */
static void test_no_flapping(void **state)
{
    (void)state;
    static const char *const paths[] = {"steady-300", "edge", "weak"};
    unsigned n_short = 0;
    for (unsigned i = 0; i < G_N_ELEMENTS(paths); i++) {
        for (unsigned kbps = 20; kbps <= 76; kbps += 4) {
            for (uint64_t seed = 1; seed <= SEEDS; seed++) {
                Flapping flapping;
                watch(paths[i], kbps, seed, &flapping);
                assert_at_most(flapping.n_offs, 12);
                assert_at_most(flapping.n_words, 11);
                n_short += flapping.shortest_us < S;
                assert_at_most(flapping.n_pauses, 4);
            }
        }
    }
    assert_at_most(n_short, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_picture_never_resumes),
        cmocka_unit_test(test_picture_is_soon_back),
        cmocka_unit_test(test_a_screen_is_soon_back),
        cmocka_unit_test(test_picture_is_soon_back_with_jitter),
        cmocka_unit_test(test_no_flapping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
