// SPDX-License-Identifier: Apache-2.0
// A receiver's link under feedback as a stranger may write it: each step sends some packets, then
// reads a feedback message, a REMB or a report. Whatever comes, the target stays within its bounds
// and so does every probe.
#include <glib.h>
#include <string.h>

#include "media/rate/send_rate.h"
#include "media/rtp/bytes.h"
#include "media/rtp/rtcp_twcc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WANTED_BPS = 500 * 1000, MESSAGE_MAX = 255 };

static void read_feedback(SendRate *rate, uint16_t next, const uint8_t *data, size_t size,
                          int64_t now_us)
{
    static RtcpTwccStatus statuses[RTCP_TWCC_STATUSES_MAX];
    /* Header, two SSRCs, then what the input says; its base number is near what was sent. */
    uint8_t message[12 + MESSAGE_MAX + 4] = {0x80 | 15, 205};
    size_t body = size / 4 * 4;
    memcpy(message + 12, data, body);
    if (body >= 2)
        bytes_write_u16(message + 12, (uint16_t)(next - data[0]));
    bytes_write_u16(message + 2, (uint16_t)(2 + body / 4));
    RtcpIter iter;
    RtcpPacket packet;
    RtcpTwccInfo info;
    size_t n = 0;
    rtcp_iter_init(&iter, message, 12 + body);
    while (rtcp_iter_next(&iter, &packet) == RTCP_OK) {
        if (rtcp_twcc_parse(&packet, &info, statuses, RTCP_TWCC_STATUSES_MAX, &n) == RTCP_OK)
            send_rate_on_feedback(rate, statuses, n, now_us);
    }
}

static void check(SendRate *rate, int64_t now_us)
{
    SendRateView view;
    SendProbe probe;
    send_rate_tick(rate, now_us);
    send_rate_view(rate, &view);
    g_assert(view.target_bps >= SEND_RATE_FLOOR_BPS && view.target_bps <= SEND_RATE_CAP_BPS);
    g_assert(view.queue_us >= 0 && view.rtt_us >= 0);
    if (send_rate_probe(rate, now_us, &probe))
        g_assert(probe.n_bytes > 0 && probe.rate_bps <= SEND_RATE_CAP_BPS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t now_us = 1000 * 1000;
    g_autoptr(SendRate) rate = send_rate_new(size > 0 ? data[0] * 4000u : 0, now_us);
    send_rate_set_wanted(rate, WANTED_BPS);
    send_rate_set_padding(rate, size < 2 || data[1] % 2 == 0);
    uint16_t next = 65000;
    while (size >= 4) {
        uint8_t what = data[0];
        now_us += data[1] * (what & 0x80 ? INT64_C(10000) : INT64_C(500));
        for (unsigned i = 0; i < what % 16u; i++) {
            uint16_t sequence = what & 0x40 && i == 3 ? (uint16_t)(next - 2) : next++;
            send_rate_on_sent(rate, sequence, 40 + data[2] * 5u, (SendKind)((what + i) % 4),
                              now_us + i * 300);
        }
        size_t length = MIN(data[3], size - 4);
        if ((what & 0x30) == 0x10)
            send_rate_on_remb(rate, (uint64_t)data[2] << (data[3] % 56), now_us);
        else if ((what & 0x30) == 0x20)
            send_rate_on_report(rate,
                                &(SendReport){data[2], MIN(data[2], what), (int64_t)data[3] * 5000,
                                              now_us - (int64_t)what * 9000},
                                now_us);
        else
            read_feedback(rate, next, data + 4, length, now_us);
        check(rate, now_us);
        data += 4 + length;
        size -= 4 + length;
    }
    return 0;
}
