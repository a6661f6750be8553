// SPDX-License-Identifier: Apache-2.0
/* Which of a sender's layers goes to one receiver, within a budget: simulcast layer and temporal
 * layers, by what each was measured at. Plain value; one thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "media/media.h"

enum {
    LAYER_MAX = MEDIA_MAX_RIDS,
    LAYER_TEMPORAL_MAX = 4,
};

/** One layer (simulcast; a sender without has one), as measured where it comes in, over a second or
 * two. */
typedef struct {
    uint32_t bitrate_bps; /* of the wire, all temporal layers; 0: does not flow now */
    unsigned n_temporal;  /* 0 or 1: none */
    uint8_t temporal_q8[LAYER_TEMPORAL_MAX]; /* share of each, 256ths; zeros: not measured */
} LayerInput;

typedef struct {
    bool has_choice;
    unsigned layer;
    unsigned max_temporal_id;
    int64_t fits_us;      /* since when more would fit; 0: not */
    int64_t over_us;      /* since when a temporal layer is too much; 0: it is not */
    int64_t noted_us;     /* when the following was seen */
    unsigned least_layer; /* of those that flow */
    int64_t fed_us;       /* since when it fits again; 0: not */
    bool is_starved;      /* the sender does not listen: nothing moving fits */
    int64_t believed_us;  /* when another least layer last seemed better; 0: never */
    /** While it was the least. */
    struct {
        int64_t starves_for_us; /* for how long it has not fitted; 0: it fits */
        int64_t seen_us;        /* when that was last so */
    } least[LAYER_MAX];
} LayerChoice;

/** Layers lowest first. IS_HURRIED: nothing is waited for on the way up. */
void layer_choice_update(LayerChoice *choice, const LayerInput *layers, unsigned n_layers,
                         uint32_t budget_bps, bool is_hurried, int64_t now_us);
