// SPDX-License-Identifier: Apache-2.0
/* What left for one receiver, by transport sequence number, until feedback tells its fate. A plain
 * value; one thread. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "media/rate/send_rate.h"

/** 1 s of SEND_RATE_CAP_BPS in whole packets; minutes of speech alone. A power of two. */
enum { SENT_LOG_SIZE = 1024 };

typedef enum { SENT_UNKNOWN, SENT_LOST, SENT_ARRIVED } SentFate;

typedef struct {
    int64_t number; /* extended transport sequence number */
    int64_t sent_us;
    uint64_t bytes_until; /* all that was sent until then, it included */
    uint32_t modelled_us; /* delay on a link that carries just the estimate: link_model.h */
    uint32_t probe;       /* the probe it belongs to, 0: none */
    uint16_t wire_bytes;
    uint8_t kind;  /* SendKind */
    uint8_t fate;  /* SentFate */
    bool repeated; /* went out twice: its arrival says nothing about delay */
} SentPacket;

typedef struct {
    bool started;
    int64_t newest; /* extended */
    SentPacket packets[SENT_LOG_SIZE];
} SentLog;

/** Notes a packet; it stays the log's. NULL when SEQUENCE is no newer than the last one: a packet
 * that goes out again, marked so when it is still known. */
SentPacket *sent_log_add(SentLog *log, uint16_t sequence, size_t wire_bytes, SendKind kind,
                         int64_t now_us);
/** The packet with this number among the last SENT_LOG_SIZE; NULL: never sent, or long ago. */
SentPacket *sent_log_find(SentLog *log, uint16_t sequence);
