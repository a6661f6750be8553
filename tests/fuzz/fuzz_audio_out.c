// SPDX-License-Identifier: Apache-2.0
// One audio slot, driven by eight bytes a step and the payload behind them: whatever comes in, no
// outgoing number is given out twice within half a lap, payloads stay within a datagram, and
// nothing waits longer than a merge may.
#include <glib.h>
#include <string.h>

#include "media/repair/audio_out.h"
#include "media/rtp/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    STEP_BYTES = 8,
    OPUS = 111,
    RED = 63,
    SECOND_SEND_MS = 60,
    LONGEST_WAIT_US = (120 + AUDIO_OUT_FLUSH_MS) * 1000,
};

/* When each number was given out, as the count of outgoing numbers passed by then. */
typedef struct {
    int64_t spent[65536];
    int64_t highest;
} Ledger;

static Ledger ledger;

static void note(const AudioPacket *packet, size_t input_size)
{
    int64_t extended = ledger.highest + (int16_t)(uint16_t)(packet->sequence - ledger.highest);
    g_assert(ledger.spent[packet->sequence] != extended);
    ledger.spent[packet->sequence] = extended;
    g_assert(extended - ledger.highest < 2048); /* SRTP can follow */
    ledger.highest = MAX(ledger.highest, extended);

    g_assert(packet->size > 0);
    g_assert(packet->size <= AUDIO_OUT_BYTES_MAX || packet->size == input_size);
    static uint8_t copy[65536];
    memcpy(copy, packet->payload, packet->size); /* the sanitizer looks at each byte */
    if (packet->payload_type == RED) {
        RedPacket red;
        g_assert(red_parse(copy, packet->size, &red) == RED_OK);
        g_assert(red.n_blocks >= 2 && red.n_blocks <= AUDIO_OUT_REDUNDANT_MAX + 1);
        for (unsigned i = 1; i < red.n_blocks; i++) /* the farthest first */
            g_assert(red.blocks[i - 1].timestamp_offset >= red.blocks[i].timestamp_offset);
    } else {
        g_assert(packet->payload_type == OPUS);
    }
}

static void configure(AudioOut *out, uint8_t choice, unsigned reach)
{
    const AudioOutConfig config = {
        .merge_ms = (choice & 7) * 20U,
        .red_distance = (choice >> 3) & 3,
        .red_reach = reach,
        .opus_payload_type = OPUS,
        .red_payload_type = choice & 0x20 ? RED : -1,
        .second_send_ms = choice & 0x40 ? SECOND_SEND_MS : 0,
        .thin_dtx = choice & 0x80,
    };
    audio_out_configure(out, &config);
}

/* Time passes until NOW_US; what is due happens. */
static void poll(AudioOut *out, int64_t now_us)
{
    AudioPacket packet;
    uint16_t sequence = 0;
    if (audio_out_poll(out, now_us, &packet))
        note(&packet, 0);
    while (audio_out_resend_due(out, now_us, &sequence))
        g_assert(ledger.spent[sequence] >= 0);
    g_assert(audio_out_next_us(out) > now_us);
}

/* SEQUENCE (2), step of the timestamp in 2.5 ms (1), ms (1), flags and reach (1), configuration
 * (1), size of the payload (2). */
static size_t step(AudioOut *out, AudioIn *in, int64_t *now_us, const uint8_t *data, size_t size)
{
    uint8_t flags = data[4];
    uint16_t value = bytes_read_u16(data);
    in->sequence = flags & 0x80 ? value : (uint16_t)(in->sequence + (int)(value % 16) - 4);
    in->timestamp += data[2] * 120U;
    in->marker = flags & 0x01;
    in->size = MIN(bytes_read_u16(data + 6) % 1400U, size - STEP_BYTES);
    in->payload = data + STEP_BYTES;
    *now_us += data[3] * INT64_C(1000);
    if (flags & 0x02)
        configure(out, data[5], flags >> 3 & 0x0f);
    if (flags & 0x04)
        poll(out, *now_us);
    AudioPacket packets[AUDIO_OUT_PACKETS_MAX];
    unsigned n = audio_out_push(out, in, *now_us, packets);
    g_assert(n <= AUDIO_OUT_PACKETS_MAX);
    for (unsigned i = 0; i < n; i++)
        note(&packets[i], in->size);
    g_assert(audio_out_push(out, in, *now_us, packets) == 0); /* a duplicate */
    return STEP_BYTES + in->size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static AudioOut out;
    memset(ledger.spent, 0xff, sizeof ledger.spent); /* never */
    ledger.highest = 65536 + 65000 - 1;
    audio_out_init(&out, 65000, OPUS);
    AudioIn in = {.sequence = 100};
    int64_t now_us = 0;
    for (size_t at = 0; size - at >= STEP_BYTES;)
        at += step(&out, &in, &now_us, data + at, size - at);
    int64_t next_us = audio_out_next_us(&out);
    g_assert(next_us == INT64_MAX || next_us <= now_us + LONGEST_WAIT_US);
    poll(&out, now_us + LONGEST_WAIT_US);
    /* What that has sent may go a second time. */
    poll(&out, now_us + LONGEST_WAIT_US + INT64_C(1000) * SECOND_SEND_MS);
    g_assert(audio_out_next_us(&out) == INT64_MAX);
    return 0;
}
