// SPDX-License-Identifier: Apache-2.0
// The transport-wide receiver, driven by three bytes a step: its messages always parse, and packets
// told as received did come.
#include <glib.h>
#include <string.h>

#include "media/rate/twcc_receiver.h"
#include "media/rtp/bytes.h"
#include "media/rtp/rtcp_twcc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_message(const RtcpWriter *writer, const bool *came)
{
    static RtcpTwccStatus statuses[RTCP_TWCC_STATUSES_MAX];
    RtcpIter iter;
    RtcpPacket packet;
    RtcpTwccInfo info;
    size_t n = 0;
    rtcp_iter_init(&iter, writer->data, writer->size);
    g_assert(rtcp_iter_next(&iter, &packet) == RTCP_OK);
    g_assert(rtcp_twcc_parse(&packet, &info, statuses, RTCP_TWCC_STATUSES_MAX, &n) == RTCP_OK);
    for (size_t i = 0; i < n; i++)
        g_assert(!statuses[i].received || came[statuses[i].sequence]);
}

static void write_all(TwccReceiver *receiver, size_t capacity, const bool *came)
{
    uint8_t data[300];
    RtcpWriter writer = {.data = data, .capacity = capacity};
    RtcpResult result = RTCP_OK;
    while ((result = twcc_receiver_write(receiver, 1, 2, &writer)) == RTCP_OK) {
        check_message(&writer, came);
        writer.size = 0;
    }
    g_assert(result == RTCP_END || result == RTCP_NO_SPACE);
    g_assert(result == RTCP_NO_SPACE || !twcc_receiver_pending(receiver));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool came[65536];
    memset(came, 0, sizeof came);
    g_autoptr(TwccReceiver) receiver = twcc_receiver_new();
    int64_t now_us = 0;
    uint16_t newest = 0;
    for (size_t at = 0; at + 3 <= size; at += 3) {
        uint8_t what = data[at + 2];
        now_us += data[at] * (what & 0x40 ? INT64_C(100000) : INT64_C(100));
        newest =
            what & 0x80 ? bytes_read_u16(data + at) : (uint16_t)(newest + data[at + 1] % 32 - 6);
        if (what % 8 == 0) {
            write_all(receiver, data[at + 1], came);
            continue;
        }
        came[newest] = true;
        twcc_receiver_on_packet(receiver, newest, now_us);
    }
    write_all(receiver, 300, came);
    g_assert(!twcc_receiver_pending(receiver));
    return 0;
}
