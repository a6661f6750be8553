// SPDX-License-Identifier: Apache-2.0
#include "media/rate/sent_log.h"

#include "media/rtp/sequence.h"

static const int64_t START = 1 << 20; /* keeps extended numbers positive */

static SentPacket *place(SentLog *log, int64_t number)
{
    return &log->packets[number % SENT_LOG_SIZE];
}

SentPacket *sent_log_add(SentLog *log, uint16_t sequence, size_t wire_bytes, SendKind kind,
                         int64_t now_us)
{
    int64_t number = log->started ? sequence_extend(sequence, log->newest) : START + sequence;
    if (log->started && number <= log->newest) {
        SentPacket *again = sent_log_find(log, sequence);
        if (again)
            again->repeated = true;
        return NULL;
    }
    log->started = true;
    log->newest = number;
    SentPacket *packet = place(log, number);
    *packet = (SentPacket){
        .number = number,
        .sent_us = now_us,
        .wire_bytes = (uint16_t)MIN(wire_bytes, UINT16_MAX),
        .kind = (uint8_t)kind,
        .fate = SENT_UNKNOWN,
    };
    return packet;
}

SentPacket *sent_log_find(SentLog *log, uint16_t sequence)
{
    if (!log->started)
        return NULL;
    int64_t number = sequence_extend(sequence, log->newest);
    SentPacket *packet = place(log, number);
    return number <= log->newest && packet->number == number ? packet : NULL;
}
