// SPDX-License-Identifier: Apache-2.0
#include "media/rate/patience.h"

#include <glib.h>

/* Chosen by test_patience, test_allocator and tests/sim; tried as those of rate_control.c. Bounded
 * from above alone: FALL_US, HURRY_FOR_US; from below alone: FAILED_WITHIN_US, FORGIVEN_US. */
enum {
    FAILED_WITHIN_US = 120 * 1000 * 1000, /* a step up that is taken back by then did not last */
    FALL_US = 6 * 1000 * 1000,            /* one fall, in steps */
    HURRY_US = 1000 * 1000,               /* a far rise goes on */
    HURRY_FOR_US = 4 * 1000 * 1000,
    FORGIVEN_US = 600 * 1000 * 1000, /* without a move: one failure is forgotten */
    FAILED_MAX = 3,                  /* 10, 40, 160, 240 s */
    FAILED_FACTOR = 4,
    BEYOND_STEPS = 2,
    WAIT_MAX_US = 240 * 1000 * 1000,
};

static int64_t longer(const Patience *patience, int64_t wait_us, int64_t most_us)
{
    for (unsigned i = 0; i < patience->n_failed; i++)
        wait_us *= FAILED_FACTOR;
    return MIN(wait_us, most_us);
}

static void forget_waiting(Patience *patience)
{
    patience->below_us = 0;
    patience->above_us = 0;
    patience->far_us = 0;
    patience->beyond_us = 0;
}

/* A fall that ends far below where the last step up came from: that is another link, and says
 * nothing of the step (tests/netlab, "drop": no picture for 25 s). Another one again within two
 * minutes is one link that swings (tests/sim, 380 kbit/s by 30 % to both sides each 20 s: 120 steps
 * in ten minutes). */
static bool ends_on_other_link(const Patience *patience, unsigned step, int64_t now_us)
{
    int64_t since_us = now_us - patience->other_us;
    bool swings =
        step > 0 && patience->other_us != 0 && since_us > FALL_US && since_us < FAILED_WITHIN_US;
    return step + 1 < patience->rose_from && !swings;
}

/* A step up that did not last counts, unless it is another link. */
static void note_failure(Patience *patience, unsigned step, int64_t now_us)
{
    bool is_other_link = ends_on_other_link(patience, step, now_us);
    bool is_recent = patience->rose_us != 0 && now_us - patience->rose_us < FAILED_WITHIN_US;
    bool goes_on = patience->failed_us != 0 && now_us - patience->failed_us < FALL_US;
    if (is_recent && !is_other_link) {
        patience->n_before = patience->n_failed;
        patience->n_failed = MIN(patience->n_failed + 1, FAILED_MAX);
        patience->failed_us = now_us;
        patience->failed_step = patience->step;
    } else if (goes_on && is_other_link) {
        patience->n_failed = patience->n_before;
        patience->failed_us = 0;
    }
    if ((is_recent || goes_on) && is_other_link)
        patience->other_us = now_us;
    patience->rose_us = 0; /* one failure for one step up */
}

static void fall(Patience *patience, unsigned step, int64_t now_us)
{
    note_failure(patience, step, now_us);
    patience->step = step;
    patience->moved_us = now_us;
    patience->hurry_until_us = 0;
    forget_waiting(patience);
}

static void rise(Patience *patience, unsigned step, bool is_starting, int64_t now_us)
{
    if (!is_starting) {
        patience->rose_us = now_us;
        patience->rose_from = patience->step;
    }
    patience->step = step;
    patience->moved_us = now_us;
    forget_waiting(patience);
}

/* Since when STEP, or one above it, has been higher than the present one. */
static void note_above(int64_t *since_us, unsigned *least, unsigned present, unsigned step,
                       int64_t now_us)
{
    if (step <= present) {
        *since_us = 0;
    } else if (*since_us == 0) {
        *since_us = now_us;
        *least = step;
    } else {
        *least = MIN(*least, step);
    }
}

/* Where steps far above the one that did not last have much headroom it is another link, of which
 * that failure says nothing (tests/sim: 45 s of single pictures after 50 kbit/s became 300). Only
 * for a picture that stands or is off: one that moves has time. */
static void note_beyond(Patience *patience, const PatienceInput *input, unsigned far_up,
                        int64_t now_us)
{
    bool is_beyond = patience->n_failed > 0 && input->far_most_us > 0 && far_up > patience->step &&
                     far_up >= patience->failed_step + BEYOND_STEPS;
    if (!is_beyond)
        patience->beyond_us = 0;
    else if (patience->beyond_us == 0)
        patience->beyond_us = now_us;
}

static bool is_over(int64_t since_us, int64_t wait_us, int64_t now_us)
{
    return since_us != 0 && now_us - since_us >= wait_us;
}

/* A link that is found in several tries grows while the first wait lasts, which the least of them
 * decides: the next step of the same rise comes soon. */
static int64_t far_wait_us(const Patience *patience, const PatienceInput *input, int64_t now_us)
{
    if (now_us < patience->hurry_until_us)
        return MIN(input->far_wait_us, (int64_t)HURRY_US);
    int64_t most_us = input->far_most_us > 0 ? input->far_most_us : WAIT_MAX_US;
    return longer(patience, input->far_wait_us, most_us);
}

static void rise_far(Patience *patience, int64_t now_us)
{
    bool is_first = now_us >= patience->hurry_until_us;
    rise(patience, patience->far_step, false, now_us);
    patience->hurry_until_us = is_first ? now_us + HURRY_FOR_US : patience->hurry_until_us;
}

void patience_update(Patience *patience, const PatienceInput *input, int64_t now_us)
{
    if (patience->n_failed > 0 && now_us - patience->moved_us > FORGIVEN_US) {
        patience->n_failed--;
        patience->moved_us = now_us;
    }
    if (input->must < patience->step) {
        fall(patience, input->must, now_us);
        return;
    }
    if (input->hold >= patience->step) {
        patience->below_us = 0;
    } else if (patience->below_us == 0) {
        patience->below_us = now_us;
    } else if (now_us - patience->below_us >= PATIENCE_DOWN_US) {
        fall(patience, input->hold, now_us);
        return; /* what may rise was measured from the step before */
    }

    unsigned up = MIN(input->up, input->must);
    unsigned far_up = MIN(input->far_up, up);
    note_above(&patience->above_us, &patience->above_step, patience->step, up, now_us);
    note_above(&patience->far_us, &patience->far_step, patience->step, far_up, now_us);
    note_beyond(patience, input, far_up, now_us);
    if (input->is_held)
        return;
    if (input->is_starting && up > patience->step)
        rise(patience, up, true, now_us);
    else if (is_over(patience->above_us, longer(patience, input->up_wait_us, WAIT_MAX_US), now_us))
        rise(patience, patience->above_step, false, now_us);
    else if (is_over(patience->far_us, far_wait_us(patience, input, now_us), now_us) ||
             is_over(patience->beyond_us, input->far_wait_us, now_us))
        rise_far(patience, now_us);
}
