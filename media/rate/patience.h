// SPDX-License-Identifier: Apache-2.0
/* Moves between the steps of a ladder without flapping: down after 2 s, up after a while with
 * headroom (sooner with much), and later each time that a step up did not last. Plain value; one
 * thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum {
    PATIENCE_DOWN_US = 2 * 1000 * 1000,
    PATIENCE_UP_US = 10 * 1000 * 1000,
    PATIENCE_FAR_UP_US = 2 * 1000 * 1000,
    PATIENCE_NO_LIMIT = 1000, /* for PatienceInput.must */
};

typedef struct {
    unsigned step;
    unsigned n_failed; /* steps up that did not last, one after the other */
    int64_t below_us;  /* since when the step is too high; 0: it is not */
    int64_t above_us;  /* since when a higher one is possible; 0: none is */
    int64_t far_us;
    int64_t beyond_us;   /* since when a step far above the one that failed is; 0: none is */
    unsigned above_step; /* the least that was possible all that time */
    unsigned far_step;
    unsigned rose_from;     /* the step before it */
    unsigned failed_step;   /* the one that did not last, last */
    unsigned n_before;      /* n_failed before the last one */
    int64_t failed_us;      /* last failure; 0: none, or it was none */
    int64_t other_us;       /* last fall that was another link's; 0: none */
    int64_t rose_us;        /* last step up after the start; 0: none */
    int64_t hurry_until_us; /* a far rise may go on soon until then */
    int64_t moved_us;       /* last step, or failure forgotten */
} Patience;

/** Highest steps, by what there is now. */
typedef struct {
    unsigned hold;      /* that may be kept */
    unsigned up;        /* that has headroom */
    unsigned far_up;    /* that has much of it */
    unsigned must;      /* that is bearable: at once */
    bool is_starting;   /* nothing is waited for on the way up */
    bool is_held;       /* no step up at this moment; the time for it runs on */
    int64_t up_wait_us; /* for `up` and `far_up`: PATIENCE_UP_US, PATIENCE_FAR_UP_US as a rule */
    int64_t far_wait_us;
    /* far_wait_us grows to this, and not where steps far above the one that failed have much
     * headroom. 0: to the longest of all, always. */
    int64_t far_most_us;
} PatienceInput;

/** Moves the step if it is time. */
void patience_update(Patience *patience, const PatienceInput *input, int64_t now_us);
