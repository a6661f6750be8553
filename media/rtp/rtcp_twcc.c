// SPDX-License-Identifier: Apache-2.0
#include "media/rtp/rtcp_twcc.h"

#include <string.h>

#include "media/rtp/bytes.h"
#include "media/rtp/rtcp_fb.h"

/*  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |      base sequence number     |      packet status count      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                 reference time                | fb pkt. count |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |          packet chunk         |         packet chunk          |
 * .                                                               .
 * |  recv delta   |  recv delta   |  recv delta   | zero padding  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 * Chunks:  |0| S |  run length (13)  |    run of one symbol
 *          |1|0|  14 one-bit symbols |    not received, small delta
 *          |1|1|   7 two-bit symbols | */
enum {
    FCI_FIXED_SIZE = 8,
    CHUNK_SIZE = 2,
    RUN_MAX = 8191,
    ONE_BIT_SYMBOLS = 14,
    TWO_BIT_SYMBOLS = 7,
    DELTA_UNIT_US = 250,
    REFERENCE_UNIT_US = 64 * 1000,
};

typedef enum {
    SYMBOL_NOT_RECEIVED = 0,
    SYMBOL_SMALL_DELTA = 1, /* one octet, unsigned */
    SYMBOL_LARGE_DELTA = 2, /* two octets, signed */
    SYMBOL_RESERVED = 3,
} Symbol;

/* Reads chunks until COUNT symbols are known. *ret_size is what the chunks took. */
static RtcpResult read_symbols(const uint8_t *data, size_t size, uint8_t *symbols, size_t count,
                               size_t *ret_size)
{
    size_t at = 0;
    for (size_t n = 0; n < count; at += CHUNK_SIZE) {
        if (size - at < CHUNK_SIZE)
            return RTCP_BAD_COUNT;
        uint16_t chunk = bytes_read_u16(data + at);
        if (!(chunk & 0x8000)) {
            size_t run = MIN((size_t)(chunk & RUN_MAX), count - n);
            if (run == 0)
                return RTCP_BAD_VALUE;
            memset(symbols + n, (chunk >> 13) & 3, run);
            n += run;
            continue;
        }
        bool two_bit = chunk & 0x4000;
        unsigned n_symbols = two_bit ? TWO_BIT_SYMBOLS : ONE_BIT_SYMBOLS;
        for (unsigned i = 0; i < n_symbols && n < count; i++) {
            unsigned shift = two_bit ? 12 - 2 * i : 13 - i;
            symbols[n++] = (uint8_t)((chunk >> shift) & (two_bit ? 3 : 1));
        }
    }
    *ret_size = at;
    return RTCP_OK;
}

static RtcpResult read_delta(const uint8_t *data, size_t size, size_t *at, uint8_t symbol,
                             int64_t *time_us)
{
    size_t n_bytes = symbol == SYMBOL_SMALL_DELTA ? 1 : 2;
    if (size - *at < n_bytes)
        return RTCP_TOO_SHORT;
    int delta = symbol == SYMBOL_SMALL_DELTA ? data[*at] : (int16_t)bytes_read_u16(data + *at);
    *at += n_bytes;
    *time_us += (int64_t)delta * DELTA_UNIT_US;
    return RTCP_OK;
}

RtcpResult rtcp_twcc_parse(const RtcpPacket *packet, RtcpTwccInfo *ret_info,
                           RtcpTwccStatus *statuses, size_t max, size_t *ret_n)
{
    if (packet->type != RTCP_RTPFB || packet->count != RTCP_RTPFB_TWCC)
        return RTCP_BAD_TYPE;
    RtcpFeedback feedback;
    RtcpResult result = rtcp_feedback_parse(packet, &feedback);
    if (result != RTCP_OK)
        return result;
    const uint8_t *fci = feedback.fci;
    if (feedback.fci_size < FCI_FIXED_SIZE)
        return RTCP_TOO_SHORT;
    uint16_t base = bytes_read_u16(fci);
    size_t count = bytes_read_u16(fci + 2);
    if (count == 0 || count > max || count > RTCP_TWCC_STATUSES_MAX)
        return RTCP_BAD_COUNT;

    uint8_t symbols[RTCP_TWCC_STATUSES_MAX];
    size_t at = 0;
    result =
        read_symbols(fci + FCI_FIXED_SIZE, feedback.fci_size - FCI_FIXED_SIZE, symbols, count, &at);
    if (result != RTCP_OK)
        return result;
    at += FCI_FIXED_SIZE;

    int32_t reference = (int32_t)(bytes_read_u24(fci + 4) << 8) >> 8; /* 24 bits, signed */
    int64_t time_us = (int64_t)reference * REFERENCE_UNIT_US;
    for (size_t i = 0; i < count; i++) {
        bool received = symbols[i] != SYMBOL_NOT_RECEIVED;
        if (symbols[i] == SYMBOL_RESERVED)
            return RTCP_BAD_VALUE;
        if (received)
            result = read_delta(fci, feedback.fci_size, &at, symbols[i], &time_us);
        if (result != RTCP_OK)
            return result;
        statuses[i] = (RtcpTwccStatus){
            .sequence = (uint16_t)(base + i),
            .received = received,
            .arrival_us = received ? time_us : 0,
        };
    }
    *ret_info = (RtcpTwccInfo){
        .sender_ssrc = feedback.sender_ssrc,
        .media_ssrc = feedback.media_ssrc,
        .feedback_count = fci[7],
    };
    *ret_n = count;
    return RTCP_OK;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Symbols and deltas of the statuses that one message tells. */
typedef struct {
    size_t n;
    size_t n_delta_bytes;
    int64_t reference; /* in 64 ms */
    uint8_t symbols[RTCP_TWCC_STATUSES_MAX];
    int16_t deltas[RTCP_TWCC_STATUSES_MAX];
} Encoding;

static Symbol symbol_of_delta(int64_t delta)
{
    return delta >= 0 && delta <= 255 ? SYMBOL_SMALL_DELTA : SYMBOL_LARGE_DELTA;
}

static size_t count_leading_lost(const RtcpTwccStatus *statuses, size_t n)
{
    size_t i = 0;
    while (i < n && i < RTCP_TWCC_STATUSES_MAX && !statuses[i].received)
        i++;
    return i;
}

/* What write_chunks() takes at most for N statuses: a leading gap is one run, and any other chunk
 * tells at least seven, except the last. */
static size_t chunk_bytes_at_most(size_t n, size_t n_leading_lost)
{
    if (n_leading_lost < ONE_BIT_SYMBOLS)
        return (n + TWO_BIT_SYMBOLS - 1) / TWO_BIT_SYMBOLS * CHUNK_SIZE;
    size_t n_rest = n > n_leading_lost ? n - n_leading_lost : 0;
    return CHUNK_SIZE + (n_rest + TWO_BIT_SYMBOLS - 1) / TWO_BIT_SYMBOLS * CHUNK_SIZE;
}

/* Fills the encoding with as many statuses as AVAILABLE octets of chunks and deltas surely hold.
 * Cuts after the last received one unless all are told. */
static void encode(const RtcpTwccStatus *statuses, size_t n, size_t available, Encoding *encoding)
{
    int64_t time_us = 0;
    size_t n_until_received = 0;
    size_t n_bytes_until_received = 0;
    size_t n_bytes = 0;
    size_t n_leading_lost = count_leading_lost(statuses, n);
    size_t i = 0;
    bool started = false;
    for (; i < n && i < RTCP_TWCC_STATUSES_MAX; i++) {
        int64_t delta = 0;
        Symbol symbol = SYMBOL_NOT_RECEIVED;
        if (statuses[i].received) {
            if (!started) {
                encoding->reference = floor_div(statuses[i].arrival_us, REFERENCE_UNIT_US);
                time_us = encoding->reference * REFERENCE_UNIT_US;
            }
            delta = floor_div(statuses[i].arrival_us - time_us + DELTA_UNIT_US / 2, DELTA_UNIT_US);
            if (delta < INT16_MIN || delta > INT16_MAX)
                break;
            symbol = symbol_of_delta(delta);
        }
        if (n_bytes + symbol + chunk_bytes_at_most(i + 1, n_leading_lost) > available)
            break;
        encoding->symbols[i] = (uint8_t)symbol;
        encoding->deltas[i] = (int16_t)delta;
        n_bytes += symbol; /* 0, 1 or 2 octets */
        if (symbol != SYMBOL_NOT_RECEIVED) {
            started = true;
            time_us += delta * DELTA_UNIT_US;
            n_until_received = i + 1;
            n_bytes_until_received = n_bytes;
        }
    }
    encoding->n = i == n && started ? n : n_until_received;
    encoding->n_delta_bytes = n_bytes_until_received;
}

static size_t run_length(const uint8_t *symbols, size_t n)
{
    size_t run = 1;
    while (run < n && run < RUN_MAX && symbols[run] == symbols[0])
        run++;
    return run;
}

static uint16_t vector_chunk(const uint8_t *symbols, size_t n, bool two_bit)
{
    uint16_t chunk = two_bit ? 0xc000 : 0x8000;
    for (size_t i = 0; i < n; i++)
        chunk |= (uint16_t)(symbols[i] << (two_bit ? 12 - 2 * i : 13 - i));
    return chunk;
}

/* Writes one chunk for the start of SYMBOLS and returns how many it tells. */
static size_t write_chunk(const uint8_t *symbols, size_t n, uint16_t *ret_chunk)
{
    size_t n_small = 0; /* from the start on without a large delta */
    while (n_small < n && n_small < ONE_BIT_SYMBOLS && symbols[n_small] != SYMBOL_LARGE_DELTA)
        n_small++;
    /* Half a one-bit vector would shift what follows it: it is full, or the last. */
    bool one_bit = n_small == n || n_small == ONE_BIT_SYMBOLS;
    size_t n_vector = one_bit ? n_small : MIN(n, (size_t)TWO_BIT_SYMBOLS);
    size_t run = run_length(symbols, n);
    if (run >= n_vector) {
        *ret_chunk = (uint16_t)((symbols[0] << 13) | run);
        return run;
    }
    *ret_chunk = vector_chunk(symbols, n_vector, !one_bit);
    return n_vector;
}

static size_t write_chunks(const Encoding *encoding, uint8_t *p)
{
    size_t n_chunks = 0;
    for (size_t i = 0; i < encoding->n; n_chunks++) {
        uint16_t chunk = 0;
        i += write_chunk(encoding->symbols + i, encoding->n - i, &chunk);
        if (p)
            bytes_write_u16(p + n_chunks * CHUNK_SIZE, chunk);
    }
    return n_chunks * CHUNK_SIZE;
}

static void write_deltas(const Encoding *encoding, uint8_t *p)
{
    for (size_t i = 0; i < encoding->n; i++) {
        if (encoding->symbols[i] == SYMBOL_SMALL_DELTA) {
            *p++ = (uint8_t)encoding->deltas[i];
        } else if (encoding->symbols[i] == SYMBOL_LARGE_DELTA) {
            bytes_write_u16(p, (uint16_t)encoding->deltas[i]);
            p += 2;
        }
    }
}

static bool any_received(const RtcpTwccStatus *statuses, size_t n)
{
    for (size_t i = 0; i < n && i < RTCP_TWCC_STATUSES_MAX; i++) {
        if (statuses[i].received)
            return true;
    }
    return false;
}

RtcpResult rtcp_write_twcc(RtcpWriter *writer, const RtcpTwccInfo *info,
                           const RtcpTwccStatus *statuses, size_t n, size_t *ret_n_written)
{
    if (!any_received(statuses, n))
        return RTCP_BAD_VALUE;
    size_t fixed = 4 + 8 + FCI_FIXED_SIZE;
    size_t left =
        writer->size < writer->capacity ? (writer->capacity - writer->size) & ~(size_t)3 : 0;
    if (left <= fixed)
        return RTCP_NO_SPACE;
    Encoding encoding;
    encode(statuses, n, left - fixed, &encoding);
    if (encoding.n == 0)
        return RTCP_NO_SPACE;

    size_t chunk_bytes = write_chunks(&encoding, NULL);
    size_t used = 8 + FCI_FIXED_SIZE + chunk_bytes + encoding.n_delta_bytes;
    size_t body_size = (used + 3) & ~(size_t)3;
    uint8_t *p = rtcp_writer_reserve(writer, RTCP_RTPFB, RTCP_RTPFB_TWCC, body_size);
    if (!p)
        return RTCP_NO_SPACE;
    memset(p + used, 0, body_size - used);
    bytes_write_u32(p, info->sender_ssrc);
    bytes_write_u32(p + 4, info->media_ssrc);
    bytes_write_u16(p + 8, statuses[0].sequence);
    bytes_write_u16(p + 10, (uint16_t)encoding.n);
    bytes_write_u24(p + 12, (uint32_t)encoding.reference & 0xffffff);
    p[15] = info->feedback_count;
    (void)write_chunks(&encoding, p + 16);
    write_deltas(&encoding, p + 16 + chunk_bytes);
    *ret_n_written = encoding.n;
    return RTCP_OK;
}
