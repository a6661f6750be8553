// SPDX-License-Identifier: Apache-2.0
/* A sender's Opus stream before one audio_out, for its tests: speech, silence, loss and late
 * packets in steps of 20 ms. */
#pragma once
#include "media/repair/audio_out.h"

enum {
    LINE_OPUS = 111,
    LINE_RED = 63,
    LINE_FRAME = 960,       /* 20 ms at 48 kHz */
    LINE_FIRST_OUT = 65533, /* wraps around in each test */
    LINE_FIRST_IN = 65000,
    LINE_PAYLOAD_BYTES = 30,
};

static const int64_t LINE_MS = 1000; /* in microseconds */

/* A slot with a sender behind it: SILK wideband, 20 ms. */
typedef struct {
    AudioOut out;
    uint16_t sequence;
    uint32_t timestamp;
    int64_t now_us;
    uint8_t payload[LINE_PAYLOAD_BYTES];
    AudioPacket packets[AUDIO_OUT_PACKETS_MAX];
} AudioLine;

/** CONFIG NULL: as audio_out_init() leaves it. */
void line_set_up(AudioLine *line, const AudioOutConfig *config);
AudioOutConfig line_merging(unsigned merge_ms);
AudioOutConfig line_redundant(unsigned merge_ms, unsigned distance);
/** The bytes of the frame that came with SEQUENCE. */
void line_fill(uint8_t *payload, uint16_t sequence);
/** A packet of the sender's present number and time; packets that came out, in `packets`. */
unsigned line_push(AudioLine *line, const uint8_t *payload, size_t size, bool marker);
/** The next 20 ms pass without a packet from the sender: lost on the way. */
void line_lose(AudioLine *line);
/** A frame of speech, of silence: pushed, and 20 ms pass. */
unsigned line_speak(AudioLine *line);
unsigned line_be_silent(AudioLine *line);
/** The frame of an earlier number; what comes out is that frame alone. */
unsigned line_come_late(AudioLine *line, uint16_t sequence);
uint16_t line_out_number(unsigned nth);
/** The packet is an Opus packet of the N frames that came from FIRST_SEQUENCE on. */
void line_assert_merged(const AudioPacket *packet, uint16_t first_sequence, unsigned n,
                        uint16_t number);
