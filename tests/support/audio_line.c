// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/rtp/opus_packet.h"
#include "tests/support/audio_line.h"

void line_set_up(AudioLine *line, const AudioOutConfig *config)
{
    *line =
        (AudioLine){.sequence = LINE_FIRST_IN, .timestamp = 0xfffff000, .now_us = 5000 * LINE_MS};
    audio_out_init(&line->out, LINE_FIRST_OUT, LINE_OPUS);
    if (config)
        audio_out_configure(&line->out, config);
}

AudioOutConfig line_merging(unsigned merge_ms)
{
    return (AudioOutConfig){
        .merge_ms = merge_ms, .opus_payload_type = LINE_OPUS, .red_payload_type = -1};
}

AudioOutConfig line_redundant(unsigned merge_ms, unsigned distance)
{
    AudioOutConfig config = line_merging(merge_ms);
    config.red_distance = distance;
    config.red_payload_type = LINE_RED;
    return config;
}

void line_fill(uint8_t *payload, uint16_t sequence)
{
    payload[0] = 0x48;
    for (size_t i = 1; i < LINE_PAYLOAD_BYTES; i++)
        payload[i] = (uint8_t)(sequence + i);
}

unsigned line_push(AudioLine *line, const uint8_t *payload, size_t size, bool marker)
{
    const AudioIn in = {line->sequence, line->timestamp, marker, payload, size};
    return audio_out_push(&line->out, &in, line->now_us, line->packets);
}

void line_lose(AudioLine *line)
{
    line->sequence++;
    line->timestamp += LINE_FRAME;
    line->now_us += 20 * LINE_MS;
}

unsigned line_speak(AudioLine *line)
{
    line_fill(line->payload, line->sequence);
    unsigned n = line_push(line, line->payload, LINE_PAYLOAD_BYTES, false);
    line_lose(line);
    return n;
}

unsigned line_be_silent(AudioLine *line)
{
    unsigned n = line_push(line, (const uint8_t *)"\x48", 1, false);
    line_lose(line);
    return n;
}

unsigned line_come_late(AudioLine *line, uint16_t sequence)
{
    uint8_t payload[LINE_PAYLOAD_BYTES];
    line_fill(payload, sequence);
    uint32_t timestamp =
        line->timestamp - (uint32_t)(uint16_t)(line->sequence - sequence) * LINE_FRAME;
    const AudioIn in = {sequence, timestamp, false, payload, LINE_PAYLOAD_BYTES};
    unsigned n = audio_out_push(&line->out, &in, line->now_us, line->packets);
    if (n == 1) {
        assert_int_equal(line->packets[0].timestamp, timestamp);
        assert_int_equal(line->packets[0].size, LINE_PAYLOAD_BYTES);
        assert_memory_equal(line->packets[0].payload, payload, LINE_PAYLOAD_BYTES);
    }
    return n;
}

uint16_t line_out_number(unsigned nth)
{
    return (uint16_t)(LINE_FIRST_OUT + nth);
}

void line_assert_merged(const AudioPacket *packet, uint16_t first_sequence, unsigned n,
                        uint16_t number)
{
    OpusPacket opus;
    assert_int_equal(packet->sequence, number);
    assert_int_equal(packet->payload_type, LINE_OPUS);
    assert_int_equal(opuspkt_parse(packet->payload, packet->size, &opus), OPUSPKT_OK);
    assert_int_equal(opus.n_frames, n);
    assert_int_equal(opus.n_samples, n * LINE_FRAME);
    /* Frames of one size stand behind the TOC and, from the third on, the count. */
    const uint8_t *frame = packet->payload + packet->size - (size_t)n * (LINE_PAYLOAD_BYTES - 1);
    for (unsigned i = 0; i < n; i++) {
        uint8_t expected[LINE_PAYLOAD_BYTES];
        line_fill(expected, (uint16_t)(first_sequence + i));
        assert_memory_equal(frame + (size_t)i * (LINE_PAYLOAD_BYTES - 1), expected + 1,
                            LINE_PAYLOAD_BYTES - 1);
    }
}
