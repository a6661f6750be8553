// SPDX-License-Identifier: Apache-2.0
#include "media/repair/rewrite.h"

#include <string.h>

#include "media/rtp/sequence.h"

enum {
    START = 1 << 20, /* keeps extended numbers positive */
    JUMP_MAX = 3000, /* RFC 3550, A.1: MAX_DROPOUT */
    PICTURE_ID_MASK = 0x7fff,
};

void rtp_rewriter_init(RtpRewriter *rewriter, uint32_t clock_rate, uint16_t first_sequence,
                       uint32_t first_timestamp)
{
    *rewriter = (RtpRewriter){
        .clock_rate = clock_rate,
        .highest_output = START + first_sequence - 1,
        .last_timestamp = first_timestamp,
    };
}

void rtp_rewriter_start(RtpRewriter *rewriter, uint32_t source, const RtpHeader *header,
                        int64_t now_us)
{
    rewriter->source = source;
    rewriter->has_source = true;
    rewriter->first_input = START + header->sequence;
    rewriter->highest_input = rewriter->first_input - 1;
    rewriter->n_spans = 1;
    rewriter->spans[0] = (RewriteSpan){
        .first = rewriter->first_input,
        .offset = rewriter->highest_output + 1 - rewriter->first_input,
    };

    uint32_t timestamp = rewriter->last_timestamp;
    if (rewriter->has_output) {
        int64_t elapsed_us = now_us > rewriter->last_us ? now_us - rewriter->last_us : 0;
        uint64_t ticks = (uint64_t)elapsed_us * rewriter->clock_rate / 1000000U;
        timestamp += ticks > 0 ? (uint32_t)ticks : 1;
    }
    rewriter->timestamp_offset = timestamp - header->timestamp;
}

void rtp_rewriter_resume(RtpRewriter *rewriter, uint32_t source, const RtpHeader *header)
{
    if (!rewriter->has_source || rewriter->source != source)
        return;
    int64_t input = START + header->sequence;
    rewriter->first_input = input;
    rewriter->highest_input = input - 1;
    rewriter->n_spans = 1;
    rewriter->spans[0] =
        (RewriteSpan){.first = input, .offset = rewriter->highest_output + 1 - input};
}

/* The outgoing number of an input number; false when it has none. */
static bool map_input(const RtpRewriter *rewriter, int64_t input, int64_t *ret_output,
                      RewriteResult *ret_why)
{
    unsigned i = rewriter->n_spans;
    while (i > 0 && rewriter->spans[i - 1].first > input)
        i--;
    if (i < rewriter->n_spans && input >= rewriter->spans[i].first - rewriter->spans[i].n_skipped) {
        *ret_why = REWRITE_DUPLICATE; /* was left out on purpose */
        return false;
    }
    if (i == 0) {
        *ret_why = REWRITE_OLD;
        return false;
    }
    *ret_output = input + rewriter->spans[i - 1].offset;
    return true;
}

static bool is_seen(const RtpRewriter *rewriter, int64_t output)
{
    unsigned bit = (unsigned)(output % REWRITE_WINDOW);
    return rewriter->seen[bit / 64] & (UINT64_C(1) << (bit % 64));
}

static void set_seen(RtpRewriter *rewriter, int64_t output, bool seen)
{
    unsigned bit = (unsigned)(output % REWRITE_WINDOW);
    if (seen)
        rewriter->seen[bit / 64] |= UINT64_C(1) << (bit % 64);
    else
        rewriter->seen[bit / 64] &= ~(UINT64_C(1) << (bit % 64));
}

/* Spends an outgoing number. */
static RewriteResult take_output(RtpRewriter *rewriter, int64_t output)
{
    int64_t highest = rewriter->highest_output;
    if (output <= highest - REWRITE_WINDOW)
        return REWRITE_OLD;
    if (output <= highest && is_seen(rewriter, output))
        return REWRITE_DUPLICATE;
    if (output > highest) {
        if (output - highest >= REWRITE_WINDOW)
            memset(rewriter->seen, 0, sizeof(rewriter->seen));
        else
            for (int64_t i = highest + 1; i < output; i++)
                set_seen(rewriter, i, false);
        rewriter->highest_output = output;
    }
    set_seen(rewriter, output, true);
    return REWRITE_OK;
}

RewriteResult rtp_rewriter_map(RtpRewriter *rewriter, uint32_t source, const RtpHeader *header,
                               int64_t now_us, uint16_t *ret_sequence, uint32_t *ret_timestamp)
{
    if (!rewriter->has_source || rewriter->source != source)
        return REWRITE_OTHER_SOURCE;
    int64_t input = sequence_extend(header->sequence, rewriter->highest_input);
    if (input - rewriter->highest_input > JUMP_MAX)
        return REWRITE_JUMP;
    int64_t output = 0;
    RewriteResult result = REWRITE_OK;
    if (!map_input(rewriter, input, &output, &result))
        return result;
    result = take_output(rewriter, output);
    if (result != REWRITE_OK)
        return result;

    if (input > rewriter->highest_input)
        rewriter->highest_input = input;
    uint32_t timestamp = rtp_rewriter_timestamp(rewriter, header->timestamp);
    if (!rewriter->has_output || timestamp_diff(timestamp, rewriter->last_timestamp) > 0) {
        rewriter->last_timestamp = timestamp;
        rewriter->last_us = now_us;
    }
    rewriter->has_output = true;
    *ret_sequence = (uint16_t)output;
    *ret_timestamp = timestamp;
    return REWRITE_OK;
}

void rtp_rewriter_skip(RtpRewriter *rewriter, uint32_t source, const RtpHeader *header)
{
    if (!rewriter->has_source || rewriter->source != source)
        return;
    int64_t input = sequence_extend(header->sequence, rewriter->highest_input);
    int64_t ahead = input - rewriter->highest_input;
    if (ahead <= 0 || ahead > JUMP_MAX)
        return;
    rewriter->highest_input = input;

    RewriteSpan *last = &rewriter->spans[rewriter->n_spans - 1];
    if (last->first == input) { /* the run of skipped packets goes on */
        last->first++;
        last->offset--;
        last->n_skipped++;
        return;
    }
    RewriteSpan next = {.first = input + 1, .offset = last->offset - 1, .n_skipped = 1};
    if (rewriter->n_spans == REWRITE_SPANS) {
        memmove(rewriter->spans, rewriter->spans + 1, (REWRITE_SPANS - 1) * sizeof(RewriteSpan));
        rewriter->n_spans--;
    }
    rewriter->spans[rewriter->n_spans++] = next;
}

bool rtp_rewriter_find(const RtpRewriter *rewriter, uint16_t output, uint16_t *ret_input)
{
    int64_t number = sequence_extend(output, rewriter->highest_output);
    if (number > rewriter->highest_output || number <= rewriter->highest_output - REWRITE_WINDOW ||
        !is_seen(rewriter, number))
        return false;
    for (unsigned i = rewriter->n_spans; i > 0; i--) {
        const RewriteSpan *span = &rewriter->spans[i - 1];
        if (number - span->offset >= span->first) {
            *ret_input = (uint16_t)(number - span->offset);
            return true;
        }
    }
    return false;
}

uint32_t rtp_rewriter_timestamp(const RtpRewriter *rewriter, uint32_t timestamp)
{
    return timestamp + rewriter->timestamp_offset;
}

void vp8_rewriter_init(Vp8Rewriter *rewriter, uint16_t picture_id)
{
    *rewriter = (Vp8Rewriter){
        .last_picture_id = (uint16_t)(picture_id - 1) & PICTURE_ID_MASK,
    };
}

void vp8_rewriter_start(Vp8Rewriter *rewriter, const Vp8Descriptor *descriptor)
{
    rewriter->has_source = true;
    rewriter->picture_id_offset =
        (uint16_t)(rewriter->last_picture_id + 1 - descriptor->picture_id) & PICTURE_ID_MASK;
    rewriter->tl0_offset = (uint8_t)(rewriter->last_tl0_index + 1 - descriptor->tl0_index);
    rewriter->has_newest = false;
    rewriter->n_skipped = 0;
}

static uint16_t picture_id_mask(const Vp8Descriptor *descriptor)
{
    return descriptor->picture_id_bits == 15 ? PICTURE_ID_MASK : 0x7f;
}

/* The number of a frame on a line without wrap-around: near the newest one. */
static int64_t extended_id(const Vp8Rewriter *rewriter, const Vp8Descriptor *descriptor)
{
    uint16_t mask = picture_id_mask(descriptor);
    if (!rewriter->has_newest)
        return START + descriptor->picture_id;
    uint16_t ahead = (uint16_t)(descriptor->picture_id - (uint16_t)rewriter->newest) & mask;
    return ahead <= mask / 2 ? rewriter->newest + ahead : rewriter->newest - (mask + 1 - ahead);
}

static void note_newest(Vp8Rewriter *rewriter, int64_t id)
{
    if (!rewriter->has_newest || id > rewriter->newest)
        rewriter->newest = id;
    rewriter->has_newest = true;
}

void vp8_rewriter_skip(Vp8Rewriter *rewriter, const Vp8Descriptor *descriptor)
{
    if (!rewriter->has_source || descriptor->picture_id_bits == 0)
        return;
    int64_t id = extended_id(rewriter, descriptor);
    if (rewriter->has_newest && id <= rewriter->newest)
        return; /* another packet of it, or numbers have passed over it already */
    note_newest(rewriter, id);
    rewriter->skipped[rewriter->n_skipped++ % REWRITE_FRAMES] = id;
    rewriter->picture_id_offset = (uint16_t)(rewriter->picture_id_offset - 1) & PICTURE_ID_MASK;
}

/* A late frame is numbered as if those after it had not been left out yet. */
static uint16_t offset_of(const Vp8Rewriter *rewriter, int64_t id)
{
    uint16_t offset = rewriter->picture_id_offset;
    unsigned n = rewriter->n_skipped < REWRITE_FRAMES ? rewriter->n_skipped : REWRITE_FRAMES;
    for (unsigned i = 0; i < n; i++)
        offset = (uint16_t)(offset + (rewriter->skipped[i] > id));
    return offset;
}

/* NEXT when it is ahead of LAST in the circle of MASK + 1 numbers, else LAST. */
static uint16_t later(uint16_t last, uint16_t next, uint16_t mask)
{
    uint16_t ahead = (uint16_t)(next - last) & mask;
    return ahead <= mask / 2 ? (uint16_t)(last + ahead) : last;
}

void vp8_rewriter_apply(Vp8Rewriter *rewriter, uint8_t *payload, const Vp8Descriptor *descriptor)
{
    if (!rewriter->has_source)
        vp8_rewriter_start(rewriter, descriptor);
    int64_t id = extended_id(rewriter, descriptor);
    uint16_t picture_id =
        (uint16_t)(descriptor->picture_id + offset_of(rewriter, id)) & PICTURE_ID_MASK;
    uint8_t tl0_index = (uint8_t)(descriptor->tl0_index + rewriter->tl0_offset);
    vp8_descriptor_rewrite(payload, descriptor, picture_id, tl0_index);

    if (descriptor->picture_id_bits > 0) {
        uint16_t mask = picture_id_mask(descriptor);
        note_newest(rewriter, id);
        rewriter->last_picture_id =
            later(rewriter->last_picture_id, picture_id, mask) & PICTURE_ID_MASK;
    }
    if (descriptor->has_tl0_index)
        rewriter->last_tl0_index = (uint8_t)later(rewriter->last_tl0_index, tl0_index, 0xff);
}

const char *rewrite_result_name(RewriteResult result)
{
    switch (result) {
    case REWRITE_OK:
        return "ok";
    case REWRITE_OTHER_SOURCE:
        return "other source";
    case REWRITE_DUPLICATE:
        return "duplicate";
    case REWRITE_OLD:
        return "old";
    case REWRITE_JUMP:
        return "jump";
    }
    return "unknown";
}
