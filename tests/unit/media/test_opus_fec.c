// SPDX-License-Identifier: Apache-2.0
/* Whether a packet carries the frame before it, held against libopus: its decoder makes the same
 * out of a packet without one as out of none at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <glib.h>
#include <math.h>
#include <opus.h>

#include "media/rtp/opus_packet.h"

enum { RATE = 48000, N_PACKETS = 150, BYTES_MAX = 1500, SAMPLES_MAX = 2880 };

typedef struct {
    int channels, packet_ms, bitrate, loss_percent;
    int bandwidth;
} Voice;

typedef struct {
    unsigned n_with, n_wrong; /* of the packets after the first */
} Count;

/* A voice of sorts: harmonics of 140 Hz that swell four times a second, and some breath. */
static void speak(int16_t *samples, int n, int channels, int64_t from, GRand *noise)
{
    for (int i = 0; i < n; i++) {
        double t = (double)(from + i) / RATE;
        double value = 0;
        for (int k = 1; k <= 12; k++)
            value += sin(2 * G_PI * 140 * k * t + 0.3 * sin(2 * G_PI * 3 * t)) / k;
        value *= 0.6 + 0.4 * sin(2 * G_PI * 4 * t);
        value = value * 5000 + g_rand_double_range(noise, -300, 300);
        for (int c = 0; c < channels; c++)
            samples[i * channels + c] = (int16_t)CLAMP(value, -32000, 32000);
    }
}

static OpusEncoder *encoder_new(const Voice *voice)
{
    int error;
    OpusEncoder *encoder =
        opus_encoder_create(RATE, voice->channels, OPUS_APPLICATION_VOIP, &error);
    assert_non_null(encoder);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_SET_BITRATE(voice->bitrate)), OPUS_OK);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_SET_INBAND_FEC(voice->loss_percent > 0)),
                     OPUS_OK);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_SET_PACKET_LOSS_PERC(voice->loss_percent)),
                     OPUS_OK);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_SET_MAX_BANDWIDTH(voice->bandwidth)), OPUS_OK);
    return encoder;
}

/* What the decoder makes of a lost frame with and without the packet behind it. */
static bool decoder_gains(const OpusDecoder *decoder, const Voice *voice, const uint8_t *data,
                          int size)
{
    static int16_t with[SAMPLES_MAX * 2], without[SAMPLES_MAX * 2];
    int n = RATE / 1000 * voice->packet_ms;
    int bytes = opus_decoder_get_size(voice->channels);
    for (int i = 0; i < 2; i++) {
        OpusDecoder *copy = g_memdup2(decoder, (size_t)bytes);
        assert_int_equal(opus_decode(copy, i == 0 ? data : NULL, i == 0 ? size : 0,
                                     i == 0 ? with : without, n, 1),
                         n);
        g_free(copy);
    }
    return memcmp(with, without, sizeof(int16_t) * (size_t)(n * voice->channels)) != 0;
}

static Count count_fec(const Voice *voice)
{
    static int16_t samples[SAMPLES_MAX * 2];
    int n = RATE / 1000 * voice->packet_ms;
    int error;
    OpusEncoder *encoder = encoder_new(voice);
    OpusDecoder *decoder = opus_decoder_create(RATE, voice->channels, &error);
    GRand *noise = g_rand_new_with_seed(1);
    Count count = {0};
    for (int i = 0; i < N_PACKETS; i++) {
        uint8_t data[BYTES_MAX];
        speak(samples, n, voice->channels, (int64_t)i * n, noise);
        int size = opus_encode(encoder, samples, n, data, sizeof data);
        assert_true(size > 2);
        OpusPacket packet;
        assert_int_equal(opuspkt_parse(data, (size_t)size, &packet), OPUSPKT_OK);
        bool has_fec = opuspkt_has_fec(data, (size_t)size, &packet);
        if (i > 0) {
            count.n_with += has_fec;
            count.n_wrong += has_fec != decoder_gains(decoder, voice, data, size);
        }
        assert_int_equal(opus_decode(decoder, data, size, samples, n, 0), n);
    }
    g_rand_free(noise);
    opus_decoder_destroy(decoder);
    opus_encoder_destroy(encoder);
    return count;
}

/* The bitrate that is asked for with it, and what has to be told of loss for it (relay/feedback.c).
 */
static void test_as_libopus_decodes(void **state)
{
    (void)state;
    static const struct {
        Voice voice;
        bool has_fec;
    } rows[] = {
        {{1, 20, 24000, 0, OPUS_BANDWIDTH_FULLBAND}, false},
        {{1, 20, 24000, 1, OPUS_BANDWIDTH_FULLBAND}, false},
        {{1, 20, 24000, 6, OPUS_BANDWIDTH_FULLBAND}, true},
        {{1, 20, 32000, 6, OPUS_BANDWIDTH_FULLBAND}, true},
        {{1, 20, 20000, 10, OPUS_BANDWIDTH_WIDEBAND}, true},
        {{1, 40, 20000, 10, OPUS_BANDWIDTH_WIDEBAND}, true},
        {{1, 60, 20000, 10, OPUS_BANDWIDTH_WIDEBAND}, true},
        {{2, 20, 40000, 10, OPUS_BANDWIDTH_WIDEBAND}, true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        Count count = count_fec(&rows[i].voice);
        assert_in_range(count.n_wrong, 0, 1); /* as the mode changes the decoder smoothes */
        if (rows[i].has_fec)
            assert_in_range(count.n_with, 10, N_PACKETS);
        else
            assert_int_equal(count.n_with, 0);
    }
}

/* Of two frames in one packet, whatever their sizes, the first one's counts. */
static void test_of_merged_packets(void **state)
{
    (void)state;
    static const Voice voice = {1, 20, 24000, 6, OPUS_BANDWIDTH_FULLBAND};
    static int16_t samples[SAMPLES_MAX];
    int n = RATE / 1000 * voice.packet_ms;
    OpusEncoder *encoder = encoder_new(&voice);
    OpusRepacketizer *merger = opus_repacketizer_create();
    GRand *noise = g_rand_new_with_seed(1);
    unsigned n_compared = 0;
    for (int i = 0; i < N_PACKETS; i += 2) {
        uint8_t parts[2][BYTES_MAX], merged[2 * BYTES_MAX];
        bool is_merged = true, has_fec = false;
        opus_repacketizer_init(merger);
        for (int k = 0; k < 2; k++) {
            OpusPacket packet;
            speak(samples, n, 1, (int64_t)(i + k) * n, noise);
            int size = opus_encode(encoder, samples, n, parts[k], BYTES_MAX);
            assert_int_equal(opuspkt_parse(parts[k], (size_t)size, &packet), OPUSPKT_OK);
            if (k == 0)
                has_fec = opuspkt_has_fec(parts[k], (size_t)size, &packet);
            is_merged = is_merged && opus_repacketizer_cat(merger, parts[k], size) == OPUS_OK;
        }
        if (!is_merged)
            continue; /* the mode changed */
        int size = opus_repacketizer_out(merger, merged, sizeof merged);
        OpusPacket packet;
        assert_int_equal(opuspkt_parse(merged, (size_t)size, &packet), OPUSPKT_OK);
        assert_in_range(packet.code, 1, 2);
        assert_int_equal(opuspkt_has_fec(merged, (size_t)size, &packet), has_fec);
        n_compared++;
    }
    assert_in_range(n_compared, N_PACKETS / 3, N_PACKETS);
    g_rand_free(noise);
    opus_repacketizer_destroy(merger);
    opus_encoder_destroy(encoder);
}

/* Nothing is read past the end, and CELT has none. */
static void test_short_packets(void **state)
{
    (void)state;
    static const struct {
        const char *data;
        size_t size;
    } rows[] = {{"\x78", 1},         {"\x7a\xff", 2},     {"\x7a\xff\x01", 3},
                {"\x7a\x01\xff", 3}, {"\xf8\xff\xff", 3}, {"\x7b\x03\xff\xff", 4}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        uint8_t *data =
            g_memdup2(rows[i].data, rows[i].size); /* so that a sanitizer sees the end */
        OpusPacket packet;
        if (opuspkt_parse(data, rows[i].size, &packet) == OPUSPKT_OK)
            assert_int_equal(opuspkt_has_fec(data, rows[i].size, &packet), i == 3);
        g_free(data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_libopus_decodes),
        cmocka_unit_test(test_of_merged_packets),
        cmocka_unit_test(test_short_packets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
