// SPDX-License-Identifier: Apache-2.0
/* What the first bytes of an Opus packet say (RFC 6716, section 3). Pure; any thread. The prefix is
 * opuspkt_ because libopus has an opus_packet_parse() of its own. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    OPUSPKT_OK = 0,
    OPUSPKT_EMPTY,
    OPUSPKT_BAD_FRAME_COUNT, /* none, or longer than 120 ms (RFC 6716, section 3.2.5) */
    OPUSPKT_BAD_SIZE,        /* sizes that contradict the frame count */
} OpusPacketResult;

enum {
    OPUSPKT_CLOCK_RATE = 48000, /* of RTP, whatever the audio bandwidth (RFC 7587, section 4.1) */
    OPUSPKT_SAMPLES_MAX = 5760, /* 120 ms */
};

/*  0 1 2 3 4 5 6 7
 * +-+-+-+-+-+-+-+-+
 * | config  |s| c |
 * +-+-+-+-+-+-+-+-+ */
typedef struct {
    uint8_t toc;
    uint8_t config; /* 0-31 */
    bool stereo;
    uint8_t code; /* 0-3: how frames are packed */
    uint8_t n_frames;
    uint16_t frame_samples; /* of one frame at 48 kHz */
    uint16_t n_samples;     /* of the packet at 48 kHz */
    bool silent;            /* a DTX packet: no frame has more than a byte */
} OpusPacket;

OpusPacketResult opuspkt_parse(const uint8_t *data, size_t size,
                               OpusPacket *ret_packet) G_GNUC_WARN_UNUSED_RESULT;

/** A parsed packet of DATA carries the frame before its first one as well, at a lower bitrate
 * (LBRR, what `useinbandfec` asks for; RFC 6716, sections 2.1.7 and 4.2.4): the flag after the VAD
 * flags of the first SILK frame. Of packets of three frames and more it is not looked for: false.
 */
bool opuspkt_has_fec(const uint8_t *data, size_t size, const OpusPacket *packet);

/** The encoder took the first frame of a parsed packet for speech (its VAD flag); always of CELT,
 * which has none. */
bool opuspkt_has_voice(const uint8_t *data, size_t size, const OpusPacket *packet);

const char *opuspkt_result_name(OpusPacketResult result);
