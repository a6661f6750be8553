// SPDX-License-Identifier: Apache-2.0
#include "media/rate/twcc_receiver.h"

#include "media/rtp/rtcp_twcc.h"
#include "media/rtp/sequence.h"

enum {
    START = 1 << 20,            /* keeps extended numbers positive */
    FEEDBACK_SIZE = 68,         /* IP, UDP, SRTP and an average message, in bytes */
    FEEDBACK_SHARE_PERCENT = 5, /* of the incoming rate */
};

static const int64_t NOT_ARRIVED = INT64_MIN;

struct TwccReceiver {
    bool started;
    uint8_t feedback_count;
    int64_t start;                   /* extended; the first packet that no feedback has told of */
    int64_t highest;                 /* extended; the newest packet, always an arrived one */
    int64_t arrival_us[TWCC_WINDOW]; /* by number modulo the window */
};

TwccReceiver *twcc_receiver_new(void)
{
    return g_new0(TwccReceiver, 1);
}

void twcc_receiver_free(TwccReceiver *receiver)
{
    g_free(receiver);
}

void twcc_receiver_reset(TwccReceiver *receiver)
{
    receiver->started = false;
}

static int64_t *slot(TwccReceiver *receiver, int64_t number)
{
    return &receiver->arrival_us[number % TWCC_WINDOW];
}

static void start_at(TwccReceiver *receiver, int64_t number, int64_t now_us)
{
    for (size_t i = 0; i < TWCC_WINDOW; i++)
        receiver->arrival_us[i] = NOT_ARRIVED;
    receiver->started = true;
    receiver->start = number;
    receiver->highest = number;
    *slot(receiver, number) = now_us;
}

static void on_newer(TwccReceiver *receiver, int64_t number, int64_t now_us)
{
    if (number - receiver->highest >= TWCC_WINDOW) {
        start_at(receiver, number, now_us);
        return;
    }
    for (int64_t i = receiver->highest + 1; i < number; i++)
        *slot(receiver, i) = NOT_ARRIVED;
    *slot(receiver, number) = now_us;
    receiver->highest = number;
    receiver->start = MAX(receiver->start, number - TWCC_WINDOW + 1);
}

/* The packet after NUMBER has come long ago. */
static bool is_too_late(TwccReceiver *receiver, int64_t number, int64_t now_us)
{
    for (int64_t i = number + 1; i <= receiver->highest; i++) {
        if (*slot(receiver, i) != NOT_ARRIVED)
            return now_us - *slot(receiver, i) > TWCC_BACK_WINDOW_US;
    }
    return false;
}

static void on_older(TwccReceiver *receiver, int64_t number, int64_t now_us)
{
    if (receiver->highest - number >= TWCC_WINDOW || *slot(receiver, number) != NOT_ARRIVED ||
        is_too_late(receiver, number, now_us))
        return;
    *slot(receiver, number) = now_us;
    /* Told as lost before: the next feedback starts here again. */
    receiver->start = MIN(receiver->start, number);
}

void twcc_receiver_on_packet(TwccReceiver *receiver, uint16_t sequence, int64_t now_us)
{
    if (!receiver->started) {
        start_at(receiver, START + sequence, now_us);
        return;
    }
    int64_t number = sequence_extend(sequence, receiver->highest);
    if (number > receiver->highest)
        on_newer(receiver, number, now_us);
    else
        on_older(receiver, number, now_us);
}

bool twcc_receiver_pending(const TwccReceiver *receiver)
{
    return receiver->started && receiver->start <= receiver->highest;
}

RtcpResult twcc_receiver_write(TwccReceiver *receiver, uint32_t sender_ssrc, uint32_t media_ssrc,
                               RtcpWriter *writer)
{
    if (!twcc_receiver_pending(receiver))
        return RTCP_END;
    int64_t first = receiver->start;
    while (*slot(receiver, first) == NOT_ARRIVED) /* the highest has arrived */
        first++;
    /* A gap that fills a whole message is left out: the sender takes what it is not told of for
     * lost. */
    if (first - receiver->start >= RTCP_TWCC_STATUSES_MAX)
        receiver->start = first;

    RtcpTwccStatus statuses[RTCP_TWCC_STATUSES_MAX];
    size_t n = 0;
    for (int64_t i = receiver->start; i <= receiver->highest && n < RTCP_TWCC_STATUSES_MAX; i++) {
        bool received = *slot(receiver, i) != NOT_ARRIVED;
        statuses[n++] = (RtcpTwccStatus){
            .sequence = (uint16_t)i,
            .received = received,
            .arrival_us = received ? *slot(receiver, i) : 0,
        };
    }
    RtcpTwccInfo info = {
        .sender_ssrc = sender_ssrc,
        .media_ssrc = media_ssrc,
        .feedback_count = receiver->feedback_count,
    };
    size_t n_written = 0;
    RtcpResult result = rtcp_write_twcc(writer, &info, statuses, n, &n_written);
    if (result != RTCP_OK)
        return result;
    receiver->start += (int64_t)n_written;
    receiver->feedback_count++;
    return RTCP_OK;
}

int64_t twcc_interval_us(uint64_t rate_bps)
{
    if (rate_bps == 0)
        return TWCC_INTERVAL_MAX_US;
    uint64_t interval_us =
        UINT64_C(8000000) * FEEDBACK_SIZE * 100 / FEEDBACK_SHARE_PERCENT / rate_bps;
    return (int64_t)CLAMP(interval_us, (uint64_t)TWCC_INTERVAL_MIN_US,
                          (uint64_t)TWCC_INTERVAL_MAX_US);
}
