// SPDX-License-Identifier: Apache-2.0
#include "media/repair/audio_out.h"

#include <string.h>

#include "media/rtp/opus_packet.h"
#include "media/rtp/sequence.h"

enum {
    START = 1 << 20, /* keeps extended numbers positive */
    TICKS_PER_MS = OPUSPKT_CLOCK_RATE / 1000,
    PLAIN_MS = 20, /* merging up to this is none */
    MERGE_MS_MAX = 120,
    TOC_WITHOUT_CODE = 0xfc,
    /* Numbers kept free since the last one sent: SRTP finds the roll-over counter of a number only
     * within 2^15 of the last (RFC 3711, section 3.3.1), however many packets are thinned. */
    KEPT_IN_A_ROW_MAX = 1024,
};

_Static_assert(sizeof(AudioOut) <= 10240, "one for each audio slot");

void audio_out_init(AudioOut *out, uint16_t first_sequence, uint8_t opus_payload_type)
{
    memset(out, 0, sizeof *out);
    out->config.opus_payload_type = opus_payload_type;
    out->config.red_payload_type = -1;
    out->highest_output = START + first_sequence - 1;
    out->last_sent = out->highest_output;
}

void audio_out_configure(AudioOut *out, const AudioOutConfig *config)
{
    out->config = *config;
    out->config.merge_ms = MIN(config->merge_ms, MERGE_MS_MAX);
    out->config.red_distance = MIN(config->red_distance, AUDIO_OUT_REDUNDANT_MAX);
    out->config.red_reach = MIN(config->red_reach, AUDIO_OUT_REACH_MAX);
    if (config->second_send_ms == 0)
        out->n_resends = 0;
}

static unsigned merge_samples(const AudioOut *out)
{
    return out->config.merge_ms > PLAIN_MS ? out->config.merge_ms * TICKS_PER_MS : 0;
}

/* How many packets back the N-th copy is taken from. The nearer of two is there for a burst that
 * the farther one fell into as well. Of a sender's longer packets as many as take the same time:
 * further back they would come too late, and further than RFC 2198 has bits for. */
static unsigned copy_back(const AudioOutConfig *config, unsigned n, unsigned n_samples)
{
    unsigned meant = MAX(config->merge_ms, PLAIN_MS) * TICKS_PER_MS;
    unsigned reach = n_samples > meant ? config->red_reach * meant / n_samples : config->red_reach;
    if (reach <= config->red_distance)
        return n;
    return n == config->red_distance ? reach : (reach * 3 + 4) / 8;
}

/* Puts what has been sent before in front of the packet, as far as there is room. */
static void add_redundancy(const AudioOut *out, unsigned n_samples, AudioPacket *packet,
                           uint8_t *buffer)
{
    RedBlock blocks[AUDIO_OUT_REDUNDANT_MAX + 1];
    unsigned n = AUDIO_OUT_REDUNDANT_MAX;
    blocks[n] = (RedBlock){packet->payload_type, 0, packet->payload, packet->size};
    size_t size = packet->size + 1;
    for (unsigned i = 1; i <= out->config.red_distance; i++) {
        unsigned back = copy_back(&out->config, i, n_samples);
        if (back > out->n_history)
            break;
        const AudioHistory *old = &out->history[(out->n_history - back) % AUDIO_OUT_REACH_MAX];
        uint32_t offset = packet->timestamp - old->timestamp;
        if (old->size == 0 || offset == 0 || offset > RED_OFFSET_MAX)
            continue;
        size += RED_HEADER_BYTES + old->size;
        if (size > AUDIO_OUT_BYTES_MAX)
            break;
        blocks[--n] = (RedBlock){packet->payload_type, (uint16_t)offset, old->data, old->size};
    }
    if (n == AUDIO_OUT_REDUNDANT_MAX ||
        red_write(blocks + n, AUDIO_OUT_REDUNDANT_MAX + 1 - n, buffer, AUDIO_OUT_BYTES_MAX,
                  &packet->size) != RED_OK)
        return;
    packet->payload = buffer;
    packet->payload_type = (uint8_t)out->config.red_payload_type;
}

/* Silence takes its turn without bytes, so that speech is not repeated all through it. */
static void remember(AudioOut *out, const AudioPacket *packet)
{
    AudioHistory *entry = &out->history[out->n_history++ % AUDIO_OUT_REACH_MAX];
    bool is_useful = !packet->silent && packet->size <= AUDIO_OUT_COPY_BYTES_MAX;
    entry->timestamp = packet->timestamp;
    entry->size = is_useful ? (uint16_t)packet->size : 0;
    memcpy(entry->data, packet->payload, entry->size);
}

static void plan_resend(AudioOut *out, uint16_t sequence, int64_t now_us)
{
    if (out->n_resends == AUDIO_OUT_RESENDS) {
        out->n_resends--;
        memmove(out->resends, out->resends + 1, out->n_resends * sizeof(AudioResend));
    }
    out->resends[out->n_resends++] = (AudioResend){
        .sequence = sequence,
        .due_us = now_us + (int64_t)out->config.second_send_ms * 1000,
    };
}

/* Spends the next number on the packet of N_SAMPLES. */
static void send_next(AudioOut *out, unsigned n_samples, AudioPacket *packet, uint8_t *buffer,
                      int64_t now_us)
{
    out->last_sent = ++out->highest_output;
    packet->sequence = (uint16_t)out->last_sent;
    packet->payload_type = out->config.opus_payload_type;
    if (out->config.red_distance > 0 && out->config.red_payload_type >= 0) {
        AudioPacket plain = *packet;
        add_redundancy(out, n_samples, packet, buffer);
        remember(out, &plain);
    }
    if (out->config.second_send_ms > 0 && !packet->silent)
        plan_resend(out, packet->sequence, now_us);
}

/* Sends what is pending; the number of packets, 0 or 1. */
static unsigned flush(AudioOut *out, uint8_t *buffer, int64_t now_us, AudioPacket *ret_packet)
{
    AudioPending *pending = &out->pending;
    if (pending->n_parts == 0)
        return 0;
    AudioPacket packet = {
        .timestamp = pending->timestamp,
        .marker = pending->marker,
        .payload = out->merged,
        .size = pending->size,
    };
    if (pending->n_parts == 1) {
        memcpy(out->merged, pending->data, pending->size);
    } else {
        OpusMergePart parts[OPUSMERGE_PARTS_MAX];
        const uint8_t *data = pending->data;
        for (unsigned i = 0; i < pending->n_parts; i++) {
            parts[i] = (OpusMergePart){data, pending->sizes[i]};
            data += pending->sizes[i];
        }
        OpusMergeResult result =
            opusmerge_write(parts, pending->n_parts, out->merged, sizeof out->merged, &packet.size);
        g_assert(result == OPUSMERGE_OK); /* each part was looked at when it was taken */
    }
    pending->n_parts = 0;
    send_next(out, pending->n_samples, &packet, buffer, now_us);
    *ret_packet = packet;
    return 1;
}

/* The packet may wait for others of its size. */
static bool is_mergeable(const AudioOut *out, const AudioIn *in, const OpusPacket *opus)
{
    return !opus->silent && opus->n_samples > 0 && opus->n_samples * 2U <= merge_samples(out) &&
           in->size <= AUDIO_OUT_MERGED_BYTES_MAX && opusmerge_can_take(in->payload, in->size);
}

/* The packet continues what is pending. */
static bool joins(const AudioOut *out, const AudioIn *in, const OpusPacket *opus)
{
    const AudioPending *pending = &out->pending;
    return pending->n_parts < OPUSMERGE_PARTS_MAX && !in->marker &&
           in->timestamp == pending->timestamp + pending->n_samples &&
           ((opus->toc ^ pending->data[0]) & TOC_WITHOUT_CODE) == 0 &&
           pending->n_samples + opus->n_samples <= merge_samples(out) &&
           pending->size + in->size <= AUDIO_OUT_MERGED_BYTES_MAX;
}

static void pend(AudioOut *out, const AudioIn *in, const OpusPacket *opus, int64_t now_us)
{
    AudioPending *pending = &out->pending;
    if (pending->n_parts == 0) {
        pending->n_samples = 0;
        pending->size = 0;
        pending->marker = in->marker;
        pending->timestamp = in->timestamp;
        pending->first_us = now_us;
    }
    memcpy(pending->data + pending->size, in->payload, in->size);
    pending->size += in->size;
    pending->sizes[pending->n_parts++] = (uint16_t)in->size;
    pending->n_samples += opus->n_samples;
}

/* Keeps a number free for each packet missing before INPUT, as far back as one could still come. */
static void keep_numbers(AudioOut *out, int64_t input)
{
    int64_t first = MAX(out->highest_input + 1, input - AUDIO_OUT_LATE_PACKETS + 1);
    for (int64_t i = first; i < input; i++) {
        bool may_keep = out->highest_output - out->last_sent < KEPT_IN_A_ROW_MAX;
        out->kept[i % AUDIO_OUT_LATE_PACKETS] = may_keep ? ++out->highest_output : 0;
    }
    out->kept[input % AUDIO_OUT_LATE_PACKETS] = 0;
    out->highest_input = input;
}

/* A packet from before the newest: it goes alone, if its number is still free. */
static unsigned push_late(AudioOut *out, const AudioIn *in, int64_t input, const OpusPacket *opus,
                          AudioPacket *ret_packet)
{
    int64_t *kept = &out->kept[input % AUDIO_OUT_LATE_PACKETS];
    if (input <= out->highest_input - AUDIO_OUT_LATE_PACKETS || *kept == 0)
        return 0;
    *ret_packet = (AudioPacket){
        .sequence = (uint16_t)*kept,
        .timestamp = in->timestamp,
        .marker = in->marker,
        .payload_type = out->config.opus_payload_type,
        .silent = opus->silent,
        .payload = in->payload,
        .size = in->size,
    };
    out->last_sent = MAX(out->last_sent, *kept);
    *kept = 0;
    return 1;
}

/* Silence that the receiver knows about already. */
static bool is_thinned(AudioOut *out, const AudioIn *in, const OpusPacket *opus)
{
    bool is_repeated = opus->silent && out->in_silence &&
                       in->timestamp - out->silent_timestamp < AUDIO_OUT_THIN_MS * TICKS_PER_MS;
    if (is_repeated && out->config.thin_dtx)
        return true;
    out->in_silence = opus->silent;
    out->silent_timestamp = in->timestamp;
    return false;
}

unsigned audio_out_push(AudioOut *out, const AudioIn *in, int64_t now_us,
                        AudioPacket ret_packets[AUDIO_OUT_PACKETS_MAX])
{
    OpusPacket opus = {.n_samples = 0};
    if (in->size == 0)
        return 0;
    if (opuspkt_parse(in->payload, in->size, &opus) != OPUSPKT_OK)
        opus = (OpusPacket){.n_samples = 0}; /* passed on alone: what it is, the receiver knows */
    if (!out->has_input) {
        out->has_input = true;
        out->highest_input = START + in->sequence - 1;
    }
    int64_t input = sequence_extend(in->sequence, out->highest_input);
    if (input <= out->highest_input)
        return push_late(out, in, input, &opus, ret_packets);

    unsigned n = 0;
    bool can_merge = is_mergeable(out, in, &opus);
    bool follows = input == out->highest_input + 1;
    if (!can_merge || !follows || !joins(out, in, &opus))
        n += flush(out, out->red[0], now_us, ret_packets);
    keep_numbers(out, input);
    if (is_thinned(out, in, &opus))
        return n;
    if (can_merge) {
        pend(out, in, &opus, now_us);
        if (out->pending.n_samples + opus.n_samples > merge_samples(out))
            n += flush(out, out->red[n], now_us, ret_packets + n);
        return n;
    }
    ret_packets[n] = (AudioPacket){
        .timestamp = in->timestamp,
        .marker = in->marker,
        .silent = opus.silent,
        .payload = in->payload,
        .size = in->size,
    };
    send_next(out, opus.n_samples, &ret_packets[n], out->red[n], now_us);
    return n + 1;
}

static int64_t flush_us(const AudioOut *out)
{
    return out->pending.first_us + (int64_t)(out->config.merge_ms + AUDIO_OUT_FLUSH_MS) * 1000;
}

bool audio_out_poll(AudioOut *out, int64_t now_us, AudioPacket *ret_packet)
{
    return out->pending.n_parts > 0 && now_us >= flush_us(out) &&
           flush(out, out->red[0], now_us, ret_packet) > 0;
}

bool audio_out_resend_due(AudioOut *out, int64_t now_us, uint16_t *ret_sequence)
{
    if (out->n_resends == 0 || now_us < out->resends[0].due_us)
        return false;
    *ret_sequence = out->resends[0].sequence;
    out->n_resends--;
    memmove(out->resends, out->resends + 1, out->n_resends * sizeof(AudioResend));
    return true;
}

int64_t audio_out_next_us(const AudioOut *out)
{
    int64_t next_us = INT64_MAX;
    if (out->pending.n_parts > 0)
        next_us = flush_us(out);
    if (out->n_resends > 0)
        next_us = MIN(next_us, out->resends[0].due_us);
    return next_us;
}
