// SPDX-License-Identifier: Apache-2.0
#include "media/rate/layer_choice.h"

#include <glib.h>

/* Where nothing else is named: chosen by test_layer_choice and tests/sim; tried as those of
 * rate_control.c. Bounded from above alone: STARVE_PERCENT, MEMORY_US. */
enum {
    /* An encoder does not keep its rate to the percent, and the pacer evens that out. */
    KEEP_PERCENT = 130, /* of the budget, before a layer is left */
    TAKE_PERCENT = 90,  /* of the budget, for one to be taken */
    /* The same for a temporal layer: an encoder that keeps to its hint fills 95 % of the budget and
     * must not lose its frames for it (tests/sim, "steady-300": 17 of 20 frames a second). */
    TAKE_TEMPORAL_PERCENT = 110,
    STARVE_PERCENT = 150,
    UP_US = 2 * 1000 * 1000,
    /* A temporal layer is kept for so long over the budget: a queue that is being emptied takes
     * less, and the pacer leaves out single frames. */
    DOWN_US = 400 * 1000,
    FAR_OVER_PERCENT = 200,      /* not then */
    STARVE_US = 4 * 1000 * 1000, /* a hint takes a second or two to work */
    FED_US = 5 * 1000 * 1000,
    MEMORY_US = 30 * 1000 * 1000, /* of a layer that does not flow */
    PLACES = LAYER_MAX * LAYER_TEMPORAL_MAX,
};

/* Layers and their temporal layers in one row, lowest first. */
static unsigned place_of(unsigned layer, unsigned temporal_id)
{
    return layer * LAYER_TEMPORAL_MAX + temporal_id;
}

static unsigned top_temporal_id(const LayerInput *layer)
{
    return MIN(MAX(layer->n_temporal, 1), LAYER_TEMPORAL_MAX) - 1;
}

/* What a place takes; 0: there is no such. */
static uint32_t bps_at(const LayerInput *layers, unsigned n_layers, unsigned place)
{
    unsigned index = place / LAYER_TEMPORAL_MAX;
    unsigned temporal_id = place % LAYER_TEMPORAL_MAX;
    if (index >= n_layers || temporal_id > top_temporal_id(&layers[index]))
        return 0;
    const LayerInput *layer = &layers[index];
    if (temporal_id == top_temporal_id(layer))
        return layer->bitrate_bps;
    unsigned share = 0;
    for (unsigned i = 0; i <= temporal_id; i++)
        share += layer->temporal_q8[i];
    return share > 0 ? (uint32_t)((uint64_t)layer->bitrate_bps * MIN(share, 256) / 256) : 0;
}

/* Temporal layers of the same simulcast layer as PLACE. */
static bool is_same_layer(int place, int other)
{
    return place / LAYER_TEMPORAL_MAX == other / LAYER_TEMPORAL_MAX;
}

/* The highest place within PERCENT of the budget; -1: none. */
static int highest(const LayerInput *layers, unsigned n_layers, uint64_t budget_bps,
                   unsigned percent)
{
    for (int place = PLACES - 1; place >= 0; place--) {
        uint32_t bps = bps_at(layers, n_layers, place);
        if (bps > 0 && bps <= budget_bps * percent / 100)
            return place;
    }
    return -1;
}

static int lowest(const LayerInput *layers, unsigned n_layers)
{
    for (int place = 0; place < PLACES; place++) {
        if (bps_at(layers, n_layers, place) > 0)
            return place;
    }
    return -1;
}

/* Another layer is the least now; the size of the one before says nothing of it. But a sender whose
 * layers come and go would never be seen to be deaf: what was seen of each stays for a while, and
 * a layer is believed to be better once, after that when it has fitted as long as any. */
static void change_least(LayerChoice *choice, unsigned least_layer, int64_t now_us)
{
    choice->least_layer = least_layer;
    choice->fed_us = 0;
    if (!choice->is_starved || choice->least[least_layer].starves_for_us == STARVE_US)
        return;
    if (choice->believed_us == 0 || now_us - choice->believed_us > MEMORY_US)
        choice->is_starved = false;
    choice->believed_us = now_us;
}

static void note_starving(LayerChoice *choice, uint64_t least_bps, uint64_t budget_bps,
                          int64_t elapsed_us, int64_t now_us)
{
    bool starves = least_bps > budget_bps * STARVE_PERCENT / 100;
    int64_t *starves_for_us = &choice->least[choice->least_layer].starves_for_us;
    *starves_for_us = starves ? MIN(*starves_for_us + elapsed_us, STARVE_US) : 0;
    choice->least[choice->least_layer].seen_us = now_us;
    if (*starves_for_us == STARVE_US)
        choice->is_starved = true;

    if (starves || least_bps * 100 > budget_bps * (TAKE_PERCENT + KEEP_PERCENT) / 2)
        choice->fed_us = 0;
    else if (choice->fed_us == 0)
        choice->fed_us = now_us;
    else if (now_us - choice->fed_us >= FED_US)
        choice->is_starved = false;
}

static void take(LayerChoice *choice, int place)
{
    choice->has_choice = true;
    choice->layer = (unsigned)place / LAYER_TEMPORAL_MAX;
    choice->max_temporal_id = (unsigned)place % LAYER_TEMPORAL_MAX;
    choice->fits_us = choice->over_us = 0;
}

/* The present place is over the budget, for a moment yet. */
static bool is_bearable(LayerChoice *choice, const LayerInput *layers, unsigned n_layers, int keep,
                        uint64_t budget_bps, int64_t now_us)
{
    int place = (int)place_of(choice->layer, choice->max_temporal_id);
    uint32_t bps = bps_at(layers, n_layers, place);
    if (bps == 0 || bps > budget_bps * FAR_OVER_PERCENT / 100 || !is_same_layer(place, keep))
        return false;
    if (choice->over_us == 0)
        choice->over_us = now_us;
    return now_us - choice->over_us < DOWN_US;
}

void layer_choice_update(LayerChoice *choice, const LayerInput *layers, unsigned n_layers,
                         uint32_t budget_bps, bool is_hurried, int64_t now_us)
{
    int least = lowest(layers, n_layers);
    if (least < 0) { /* nothing flows: whatever comes first */
        choice->has_choice = choice->is_starved = false;
        choice->layer = 0;
        choice->max_temporal_id = LAYER_TEMPORAL_MAX - 1;
        choice->noted_us = choice->fed_us = 0;
        return;
    }
    unsigned least_layer = (unsigned)least / LAYER_TEMPORAL_MAX;
    int64_t elapsed_us = choice->noted_us != 0 ? MAX(now_us - choice->noted_us, 0) : 0;
    choice->noted_us = now_us;
    if (now_us - choice->least[least_layer].seen_us > MEMORY_US)
        choice->least[least_layer].starves_for_us = 0;
    if (choice->least_layer != least_layer)
        change_least(choice, least_layer, now_us);
    note_starving(choice, bps_at(layers, n_layers, least), budget_bps, elapsed_us, now_us);
    int keep = MAX(highest(layers, n_layers, budget_bps, KEEP_PERCENT), least);
    int more = MAX(highest(layers, n_layers, budget_bps, TAKE_PERCENT), least);
    int place = place_of(choice->layer, choice->max_temporal_id);
    int temporal = highest(layers, n_layers, budget_bps, TAKE_TEMPORAL_PERCENT);
    if (temporal > more && is_same_layer(temporal, place))
        more = temporal;
    if (!choice->has_choice) {
        take(choice, keep);
    } else if (place > keep && is_bearable(choice, layers, n_layers, keep, budget_bps, now_us)) {
        choice->fits_us = 0;
    } else if (place > keep || bps_at(layers, n_layers, place) == 0) {
        take(choice, keep);
    } else if (more <= place) {
        choice->fits_us = choice->over_us = 0;
    } else if (is_hurried || (choice->fits_us != 0 && now_us - choice->fits_us >= UP_US)) {
        take(choice, more);
    } else if (choice->fits_us == 0) {
        choice->fits_us = now_us;
        choice->over_us = 0;
    }
}
