// SPDX-License-Identifier: Apache-2.0
/* Who of several speaks: the loudest two by the audio levels of their packets (RFC 6464;
 * rtpext_audio_level() reads them). Plain value, embedded in its owner; no clock, no allocation;
 * one thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum {
    LOUDEST_SOURCES_MAX = 16,
    LOUDEST_CHOSEN = 2,               /**< heard at the same time */
    LOUDEST_HOLD_US = 500 * 1000,     /**< a voice just chosen is not dropped before */
    LOUDEST_MARGIN_DB = 3,            /**< by which another must be louder to take a place */
    LOUDEST_FLOOR_DB = 70,            /**< -dBov; what is quieter takes nobody's place */
    LOUDEST_SILENT_US = 1000 * 1000,  /**< without a packet for so long, a source is silent */
    LOUDEST_SPEAKER_US = 1500 * 1000, /**< the louder voice for so long is who speaks */
    /* Speech has a packet this much quieter than itself within a second or two, between two words
     * or when it breathes. What has none for so long (a motor, a client that says the loudest all
     * the time) is no voice and takes nobody's place. */
    LOUDEST_PAUSE_DB = 6,
    LOUDEST_BELIEVED_US = 10 * 1000 * 1000,
};

typedef struct {
    bool present;
    bool has_level; /**< a source without levels is always heard and takes no place */
    bool chosen;
    int loudness_q4;   /**< smoothed, 16ths of a dB above -127 dBov */
    int64_t level_us;  /**< of the last level */
    int64_t chosen_us; /**< since when it is chosen */
    int64_t pause_us;  /**< of the last packet that was quiet, by itself or beside the others */
} LoudestSource;

typedef struct {
    LoudestSource sources[LOUDEST_SOURCES_MAX];
    int speaker; /**< index + 1; 0: nobody yet */
    int rival;   /**< who has been louder since rival_us; likewise */
    int64_t rival_us;
} Loudest;

void loudest_init(Loudest *loudest);

/** A source comes (without levels, until the first) or goes. INDEX is the caller's, below
 * LOUDEST_SOURCES_MAX. */
void loudest_add(Loudest *loudest, unsigned index);
void loudest_remove(Loudest *loudest, unsigned index);

/** A packet of a source had LEVEL (which nobody checks): 0 the loudest, 127 silence (-dBov). */
void loudest_on_level(Loudest *loudest, unsigned index, uint8_t level, int64_t now_us);

/** Chooses anew; every 100 ms or so, and after a source came or went. Bit INDEX is set when that
 * source is to be heard. */
uint32_t loudest_choose(Loudest *loudest, int64_t now_us);

/** Whose picture matters most: who speaks, or spoke last. A word in between and a cough change
 * nothing. -1: nobody has spoken. After loudest_choose(), as often. */
int loudest_speaker(Loudest *loudest, int64_t now_us);
