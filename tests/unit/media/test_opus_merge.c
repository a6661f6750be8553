// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <math.h>
#include <opus/opus.h>

#include "media/rtp/opus_merge.h"
#include "media/rtp/opus_packet.h"

enum {
    RATE = 48000,
    PACKET_SAMPLES = 960,
    PACKET_BYTES_MAX = 400,
    N_PACKETS = 120, /* divisible by 2, 3 and 6 */
    OUT_BYTES = 2000,
};

typedef struct {
    int channels;
    int bitrate;
    int bandwidth;
    bool dtx;
} Voice;

typedef struct {
    size_t n;
    size_t sizes[N_PACKETS];
    uint8_t data[N_PACKETS][PACKET_BYTES_MAX];
} Stream;

/* Speech in its outline: a gliding pitch with harmonics, syllables, noise between them, and a long
 * pause of digital silence in each 2 s. */
static void speak(int16_t *samples, int channels, size_t packet)
{
    static uint32_t noise = 1;
    for (size_t i = 0; i < PACKET_SAMPLES; i++) {
        double t = (double)(packet * PACKET_SAMPLES + i) / RATE;
        double syllable = fmax(0, sin(2 * G_PI * 3.5 * t));
        double pitch = 110 + 20 * sin(2 * G_PI * 0.7 * t);
        double value = 0;
        for (int harmonic = 1; harmonic <= 5; harmonic++)
            value += sin(2 * G_PI * pitch * harmonic * t) / harmonic;
        noise = noise * 1664525 + 1013904223;
        value = 6000 * syllable * value / 3 + (double)(noise >> 24) - 128;
        if (fmod(t, 2) > 1.2)
            value = 0;
        for (int c = 0; c < channels; c++)
            samples[i * (size_t)channels + (size_t)c] = (int16_t)(c ? value / 2 : value);
    }
}

static Stream *encode(const Voice *voice)
{
    int error = 0;
    OpusEncoder *encoder =
        opus_encoder_create(RATE, voice->channels, OPUS_APPLICATION_VOIP, &error);
    assert_non_null(encoder);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_SET_BITRATE(voice->bitrate)), OPUS_OK);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_SET_BANDWIDTH(voice->bandwidth)), OPUS_OK);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_SET_DTX(voice->dtx)), OPUS_OK);
    Stream *stream = g_new0(Stream, 1);
    int16_t samples[PACKET_SAMPLES * 2];
    for (size_t i = 0; i < N_PACKETS; i++) {
        speak(samples, voice->channels, i);
        opus_int32 size =
            opus_encode(encoder, samples, PACKET_SAMPLES, stream->data[i], PACKET_BYTES_MAX);
        assert_true(size > 0);
        stream->sizes[i] = (size_t)size;
    }
    stream->n = N_PACKETS;
    opus_encoder_destroy(encoder);
    return stream;
}

/* Decodes a packet and adds its samples to PCM. */
static size_t decode(OpusDecoder *decoder, const uint8_t *data, size_t size, int16_t *pcm)
{
    int n = opus_decode(decoder, data, (opus_int32)size, pcm, OPUSPKT_SAMPLES_MAX, 0);
    assert_true(n > 0);
    return (size_t)n;
}

static void merge_and_compare(const Stream *stream, int channels, size_t group)
{
    int error = 0;
    OpusDecoder *one_by_one = opus_decoder_create(RATE, channels, &error);
    OpusDecoder *merged = opus_decoder_create(RATE, channels, &error);
    g_autofree int16_t *expected = g_new0(int16_t, (size_t)OPUSPKT_SAMPLES_MAX * 2);
    g_autofree int16_t *actual = g_new0(int16_t, (size_t)OPUSPKT_SAMPLES_MAX * 2);
    size_t n_merges = 0;
    for (size_t at = 0; at < stream->n;) {
        OpusMergePart parts[OPUSMERGE_PARTS_MAX];
        size_t n = 0;
        size_t n_samples = 0;
        /* As long as the mode stays the same, as an encoder may change it at any time. */
        while (n < group && at + n < stream->n &&
               ((stream->data[at + n][0] ^ stream->data[at][0]) & 0xfc) == 0) {
            parts[n] = (OpusMergePart){stream->data[at + n], stream->sizes[at + n]};
            n_samples += decode(one_by_one, parts[n].data, parts[n].size,
                                expected + n_samples * (size_t)channels);
            n++;
        }
        uint8_t out[OUT_BYTES];
        size_t size = 0;
        assert_int_equal(opusmerge_write(parts, n, out, sizeof out, &size), OPUSMERGE_OK);
        OpusPacket packet;
        assert_int_equal(opuspkt_parse(out, size, &packet), OPUSPKT_OK);
        assert_int_equal(packet.n_samples, n_samples);
        assert_int_equal(packet.n_frames, n);
        assert_int_equal(decode(merged, out, size, actual), n_samples);
        assert_memory_equal(expected, actual, n_samples * (size_t)channels * sizeof(int16_t));
        n_merges += n == group;
        at += n;
    }
    assert_true(n_merges >= N_PACKETS / group / 2);
    opus_decoder_destroy(one_by_one);
    opus_decoder_destroy(merged);
}

static void compare_voice(const Voice *voice)
{
    g_autofree Stream *stream = encode(voice);
    static const size_t groups[] = {2, 3, 6};
    for (size_t i = 0; i < G_N_ELEMENTS(groups); i++)
        merge_and_compare(stream, voice->channels, groups[i]);
}

static void test_merged_speech_decodes_to_the_same_samples(void **state)
{
    (void)state;
    compare_voice(&(Voice){1, 12000, OPUS_BANDWIDTH_WIDEBAND, false});
    compare_voice(&(Voice){1, 24000, OPUS_BANDWIDTH_SUPERWIDEBAND, false});
    compare_voice(&(Voice){2, 48000, OPUS_BANDWIDTH_FULLBAND, false});
}

static void test_merged_silence_decodes_to_the_same_samples(void **state)
{
    (void)state;
    const Voice voice = {1, 16000, OPUS_BANDWIDTH_WIDEBAND, true};
    g_autofree Stream *stream = encode(&voice);
    size_t n_silent = 0;
    for (size_t i = 0; i < stream->n; i++)
        n_silent += stream->sizes[i] <= 2;
    assert_true(n_silent > 10);
    merge_and_compare(stream, 1, 3);
    merge_and_compare(stream, 1, 6);
}

/* The encoder changes its mode twice; a merge ends there and the decoder follows. */
static void test_changing_modes_decode_to_the_same_samples(void **state)
{
    (void)state;
    const Voice voices[] = {{1, 10000, OPUS_BANDWIDTH_NARROWBAND, false},
                            {1, 40000, OPUS_BANDWIDTH_FULLBAND, false}};
    g_autofree Stream *low = encode(&voices[0]);
    g_autofree Stream *high = encode(&voices[1]);
    assert_true(((low->data[0][0] ^ high->data[0][0]) & 0xfc) != 0);
    for (size_t i = 0; i < N_PACKETS; i++) {
        if (i % 60 < 30)
            continue;
        memcpy(low->data[i], high->data[i], PACKET_BYTES_MAX);
        low->sizes[i] = high->sizes[i];
    }
    merge_and_compare(low, 1, 3);
}

static OpusMergeResult merge(const OpusMergePart *parts, size_t n, size_t capacity)
{
    uint8_t out[OUT_BYTES];
    size_t size = 12345;
    OpusMergeResult result = opusmerge_write(parts, n, out, capacity, &size);
    assert_true(result == OPUSMERGE_OK || size == 12345);
    return result;
}

#define PART(text) ((OpusMergePart){(const uint8_t *)(text), sizeof(text) - 1})

static void test_parts_of_other_lengths(void **state)
{
    (void)state;
    uint8_t out[OUT_BYTES];
    size_t size = 0;
    /* SILK wideband 20 ms: two frames of one packet and a single one. */
    const OpusMergePart parts[] = {PART("\x49"
                                        "aabb"),
                                   PART("\x48"
                                        "cc")};
    assert_int_equal(opusmerge_write(parts, 2, out, sizeof out, &size), OPUSMERGE_OK);
    assert_int_equal(size, 8);
    assert_memory_equal(out,
                        "\x4b\x03"
                        "aabbcc",
                        8); /* code 3, constant size */
    assert_int_equal(opusmerge_write(parts + 1, 1, out, sizeof out, &size), OPUSMERGE_OK);
    assert_int_equal(size, 3);
    assert_memory_equal(out,
                        "\x48"
                        "cc",
                        3);
}

static void test_refused(void **state)
{
    (void)state;
    const OpusMergePart good = PART("\x48"
                                    "abc");
    const OpusMergePart other_mode = PART("\x78"
                                          "abc");
    const OpusMergePart stereo = PART("\x4c"
                                      "abc");
    const OpusMergePart sixty = PART("\x58"
                                     "abc");
    assert_int_equal(merge(&good, 0, OUT_BYTES), OPUSMERGE_NO_PARTS);
    OpusMergePart parts[OPUSMERGE_PARTS_MAX + 1];
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        parts[i] = good;
    assert_int_equal(merge(parts, OPUSMERGE_PARTS_MAX + 1, OUT_BYTES), OPUSMERGE_NO_PARTS);
    assert_int_equal(merge(parts, 7, OUT_BYTES), OPUSMERGE_TOO_LONG);
    assert_int_equal(merge(parts, 6, OUT_BYTES), OPUSMERGE_OK);
    assert_int_equal(merge(parts, 6, 2 + 6 * 3), OPUSMERGE_OK);
    assert_int_equal(merge(parts, 6, 2 + 6 * 3 - 1), OPUSMERGE_NO_SPACE);
    assert_int_equal(merge((OpusMergePart[]){good, other_mode}, 2, OUT_BYTES),
                     OPUSMERGE_MISMATCHED);
    assert_int_equal(merge((OpusMergePart[]){good, stereo}, 2, OUT_BYTES), OPUSMERGE_MISMATCHED);
    assert_int_equal(merge((OpusMergePart[]){sixty, sixty, sixty}, 3, OUT_BYTES),
                     OPUSMERGE_TOO_LONG);
}

static void test_packets_that_lie(void **state)
{
    (void)state;
    static uint8_t large[1 + 1276] = {0x48};
    const OpusMergePart liars[] = {
        {large, 0},
        {large, sizeof large}, /* a frame over 1,275 bytes */
        PART("\x4b"),          /* code 3 without a count */
        PART("\x4b\x00"),      /* no frames */
        PART("\x4b\x07"
             "aaaaaaa"), /* 140 ms */
        PART("\x4b\x02"
             "aaa"), /* constant size, odd sum */
        PART("\x4b\x82\x09"
             "aa"), /* the first frame runs out */
        PART("\x4a\xff\xff"
             "aaaa"), /* code 2, likewise */
        PART("\x49"
             "aaa"), /* code 1, odd sum */
        PART("\x4b\x42\xff\xff\x01"
             "aa"), /* padding beyond the end */
        PART("\x4b\x42\x02"
             "aa\x00\x00"), /* good, but padded */
    };
    const OpusMergePart good = PART("\x48"
                                    "abc");
    assert_true(opusmerge_can_take(good.data, good.size));
    for (size_t i = 0; i < G_N_ELEMENTS(liars); i++) {
        /* An exact copy: a byte read behind it is seen by the sanitizer. */
        g_autofree uint8_t *copy = g_memdup2(liars[i].data, liars[i].size);
        const OpusMergePart liar = {copy, liars[i].size};
        assert_false(opusmerge_can_take(liar.data, liar.size));
        assert_int_equal(merge((OpusMergePart[]){good, liar}, 2, OUT_BYTES), OPUSMERGE_BAD_PART);
        assert_int_equal(merge((OpusMergePart[]){liar, good}, 2, OUT_BYTES), OPUSMERGE_BAD_PART);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merged_speech_decodes_to_the_same_samples),
        cmocka_unit_test(test_merged_silence_decodes_to_the_same_samples),
        cmocka_unit_test(test_changing_modes_decode_to_the_same_samples),
        cmocka_unit_test(test_parts_of_other_lengths),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_packets_that_lie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
