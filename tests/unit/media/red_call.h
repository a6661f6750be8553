// SPDX-License-Identifier: Apache-2.0
/* What tests of a publisher's copies (RFC 2198) share: ani, whose sound has them, and budi. The
 * clock is a fake one that runs by itself. */
#pragma once
#include "media/repair/red.h"
#include "tests/support/relay_fixture.h"

enum {
    RED_CALL_FRAME = 960, /* samples */
    RED_CALL_OPUS_BYTES = 40,
    RED_CALL_SETTLED_MS = 14 * 1000, /* ten seconds that a hold stays, and the time to notice */
    RED_CALL_TOC_20_MS = 0x78,
};

typedef struct {
    RelayFixture *fixture;
    MediaPeer *ani;
    MediaPeer *budi;
    uint32_t audio; /* SSRC of budi's slot */
    uint16_t sequence;
    uint32_t paused; /* samples in which nothing was sent */
    bool pauses;     /* once in each cycle, for PAUSE frames */
    bool after_pause;
    unsigned run; /* packets lost in each cycle of so many */
    unsigned cycle;
    unsigned back[2];
    unsigned n_back; /* copies, so many packets back */
    int64_t next_us;
} RedCall;

RedCall red_call_new_with(unsigned rtt_ms, const MediaPeerOptions *budi);
RedCall red_call_new(unsigned rtt_ms);
/** Packet NUMBER with a block of BACK packets before it for each of N, which says to be TOC and so
 * many samples old. */
void red_call_send(const RedCall *call, uint16_t number, const unsigned *back, unsigned n,
                   uint8_t toc, const uint16_t *offsets);
/** The next packet with its copies, as a page sends it. */
void red_call_speak(RedCall *call);
void red_call_live(RedCall *call, int64_t ms);
const MediaHint *red_call_hint(const RedCall *call, const char *who);
void red_call_set_copies(RedCall *call, unsigned n, unsigned far, unsigned near);
/** Budi's packets are N of ani's from FIRST on, with nothing left out and in their times. */
void red_call_assert_whole(const RedCall *call, uint16_t first, unsigned n);
/** What is on its way comes, and is forgotten. */
void red_call_drain(RedCall *call);
