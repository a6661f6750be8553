// SPDX-License-Identifier: Apache-2.0
#include "media/rtp/audio_level.h"

#include <string.h>

enum {
    DB_Q4 = 16,         /* 16ths of a dB */
    LEVEL_SILENT = 127, /* RFC 6464, section 3 */
    /* How fast the smoothed loudness falls, as a voice pauses between words; it rises with the
     * second or third packet of a word. 127 dB in a second: a pause of 200 ms keeps a place. */
    FALL_US = 8 * 1000, /* per dB */
};

void loudest_init(Loudest *loudest)
{
    memset(loudest, 0, sizeof *loudest);
}

void loudest_add(Loudest *loudest, unsigned index)
{
    if (index < LOUDEST_SOURCES_MAX)
        loudest->sources[index] = (LoudestSource){.present = true};
}

void loudest_remove(Loudest *loudest, unsigned index)
{
    if (index < LOUDEST_SOURCES_MAX)
        loudest->sources[index] = (LoudestSource){.present = false};
}

void loudest_on_level(Loudest *loudest, unsigned index, uint8_t level, int64_t now_us)
{
    if (index >= LOUDEST_SOURCES_MAX)
        return;
    LoudestSource *source = &loudest->sources[index];
    int loudness_q4 = level >= LEVEL_SILENT ? 0 : (LEVEL_SILENT - level) * DB_Q4;
    int64_t elapsed_us = now_us > source->level_us ? now_us - source->level_us : 0;
    if (!source->has_level || elapsed_us >= LOUDEST_SILENT_US ||
        loudness_q4 < (LEVEL_SILENT - LOUDEST_FLOOR_DB) * DB_Q4 ||
        loudness_q4 + LOUDEST_PAUSE_DB * DB_Q4 <= source->loudness_q4)
        source->pause_us = now_us;
    if (!source->has_level || elapsed_us >= LOUDEST_SILENT_US) {
        source->loudness_q4 = loudness_q4 / 2;
    } else if (loudness_q4 > source->loudness_q4) {
        source->loudness_q4 += (loudness_q4 - source->loudness_q4 + 1) / 2;
    } else {
        int fallen_q4 = source->loudness_q4 - (int)(elapsed_us * DB_Q4 / FALL_US);
        source->loudness_q4 = fallen_q4 > loudness_q4 ? fallen_q4 : loudness_q4;
    }
    source->has_level = true;
    source->level_us = now_us;
}

/* What is no voice is as good as silent: it has a place while nobody needs it. */
static int loudness(const LoudestSource *source, int64_t now_us)
{
    bool is_silent = now_us - source->level_us >= LOUDEST_SILENT_US;
    bool is_voice = now_us - source->pause_us < LOUDEST_BELIEVED_US;
    return is_silent || !is_voice ? 0 : source->loudness_q4;
}

static bool competes(const LoudestSource *source)
{
    return source->present && source->has_level;
}

/* The loudest of those that are not chosen, or the quietest of those that are and may be dropped.
 */
static LoudestSource *find(Loudest *loudest, bool chosen, int64_t now_us)
{
    LoudestSource *found = NULL;
    for (unsigned i = 0; i < LOUDEST_SOURCES_MAX; i++) {
        LoudestSource *source = &loudest->sources[i];
        if (!competes(source) || source->chosen != chosen)
            continue;
        if (chosen && now_us - source->chosen_us < LOUDEST_HOLD_US)
            continue;
        int difference = found ? loudness(source, now_us) - loudness(found, now_us) : 0;
        if (!found || (chosen ? difference < 0 : difference > 0))
            found = source;
    }
    return found;
}

static void choose(LoudestSource *source, int64_t now_us)
{
    source->chosen = true;
    source->chosen_us = now_us;
}

uint32_t loudest_choose(Loudest *loudest, int64_t now_us)
{
    unsigned n_chosen = 0;
    for (unsigned i = 0; i < LOUDEST_SOURCES_MAX; i++)
        n_chosen += loudest->sources[i].chosen;
    for (;;) {
        LoudestSource *next = find(loudest, false, now_us);
        if (!next)
            break;
        if (n_chosen < LOUDEST_CHOSEN) {
            choose(next, now_us);
            n_chosen++;
            continue;
        }
        LoudestSource *last = find(loudest, true, now_us);
        int need_q4 = (LEVEL_SILENT - LOUDEST_FLOOR_DB) * DB_Q4;
        if (!last || loudness(next, now_us) < need_q4 ||
            loudness(next, now_us) < loudness(last, now_us) + LOUDEST_MARGIN_DB * DB_Q4)
            break;
        last->chosen = false;
        choose(next, now_us);
    }
    uint32_t heard = 0;
    for (unsigned i = 0; i < LOUDEST_SOURCES_MAX; i++) {
        const LoudestSource *source = &loudest->sources[i];
        if (source->chosen || (source->present && !source->has_level))
            heard |= UINT32_C(1) << i;
    }
    return heard;
}

/* The loudest who speaks at all; -1: nobody. */
static int find_voice(const Loudest *loudest, int64_t now_us)
{
    int found = -1;
    int most_q4 = (LEVEL_SILENT - LOUDEST_FLOOR_DB) * DB_Q4;
    for (int i = 0; i < LOUDEST_SOURCES_MAX; i++) {
        const LoudestSource *source = &loudest->sources[i];
        if (!competes(source) || loudness(source, now_us) < most_q4)
            continue;
        most_q4 = loudness(source, now_us) + 1;
        found = i;
    }
    return found;
}

int loudest_speaker(Loudest *loudest, int64_t now_us)
{
    int voice = find_voice(loudest, now_us) + 1;
    if (loudest->speaker > 0 && !competes(&loudest->sources[loudest->speaker - 1]))
        loudest->speaker = 0;
    if (voice == 0 || voice == loudest->speaker) {
        /* A rival's pause between two words is no end of its turn; the speaker's own word is. */
        loudest->rival = voice == 0 ? loudest->rival : 0;
    } else if (loudest->speaker == 0) {
        loudest->speaker = voice;
        loudest->rival = 0;
    } else if (voice != loudest->rival) {
        loudest->rival = voice;
        loudest->rival_us = now_us;
    } else if (now_us - loudest->rival_us >= LOUDEST_SPEAKER_US) {
        loudest->speaker = voice;
        loudest->rival = 0;
    }
    return loudest->speaker - 1;
}
