// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/media/liar.h"

#include <string.h>

#include "media/rtp/bytes.h"
#include "media/rtp/rtcp_fb.h"
#include "media/rtp/rtcp_twcc.h"

enum {
    TELL_US = 100 * 1000,
    LATE_US = 3000 * 1000,
    K = 1000,
    N_STATUSES = 64,
    /* Sound in packets of 120 ms and what little goes with it. */
    SOUND_BPS = 30 * K,
    /* 145 kbit/s are sent; the rest are probes, or repairs: a third of what the liar's own link
     * carries, twice where there is room. */
    ALL_BPS = 1500 * K,
    /* Nothing is known of the link: sound, and a picture's rest. */
    UNKNOWN_BPS = 110 * K,
};

static void send_feedback(const Liar *liar, RtcpType type, uint8_t format, const uint8_t *fci,
                          size_t size)
{
    uint8_t data[1400] = {(uint8_t)(0x80 | format), (uint8_t)type};
    bytes_write_u16(data + 2, (uint16_t)(2 + size / 4));
    bytes_write_u32(data + 4, 77);
    bytes_write_u32(data + 8, 78);
    memcpy(data + 12, fci, size);
    media_peer_send_rtcp(liar->peer, data, 12 + size);
}

/* N_SSRCS are claimed, N_THERE are there. */
static void send_remb(const Liar *liar, uint8_t n_ssrcs, size_t n_there, uint32_t bitrate)
{
    uint8_t fci[8 + 4 * 255] = {'R', 'E', 'M', 'B', n_ssrcs};
    bytes_write_u24(fci + 5, bitrate);
    for (size_t i = 0; i < n_there; i++)
        bytes_write_u32(fci + 8 + 4 * i, i % 2 == 0 ? liar->video : (uint32_t)i);
    send_feedback(liar, RTCP_PSFB, RTCP_PSFB_APPLICATION, fci, 8 + 4 * n_there);
}

static void tell_remb_255(Liar *liar, int64_t now_us)
{
    (void)now_us;
    send_remb(liar, 255, 255, 0);
}

static void tell_remb_zero(Liar *liar, int64_t now_us)
{
    (void)now_us;
    send_remb(liar, 1, 1, liar->n_lies % 2 == 0 ? 0 : 63 << 18); /* 0 times 2^63 */
}

static void tell_remb_beyond(Liar *liar, int64_t now_us)
{
    (void)now_us;
    send_remb(liar, 1, 1, 0xffffff);
}

static void tell_remb_short(Liar *liar, int64_t now_us)
{
    (void)now_us;
    send_remb(liar, 255, liar->n_lies % 4, 0);
}

static void send_statuses(const Liar *liar, const RtcpTwccStatus *statuses, size_t n)
{
    uint8_t data[1200];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    RtcpTwccInfo info = {77, 78, (uint8_t)liar->n_lies};
    size_t n_written;
    if (rtcp_write_twcc(&writer, &info, statuses, n, &n_written) == RTCP_OK)
        media_peer_send_rtcp(liar->peer, data, writer.size);
}

/* Of the packets that came since. */
static size_t statuses_of(const Liar *liar, RtcpTwccStatus statuses[N_STATUSES])
{
    size_t n = 0;
    if (!liar->has_sequence)
        return 0;
    for (uint16_t at = liar->first; n < N_STATUSES && at != (uint16_t)(liar->last + 1); at++)
        statuses[n++] = (RtcpTwccStatus){.sequence = at, .received = true};
    return n;
}

/* Two bytes claim 8191 packets, the message far more than it has deltas for. */
static void tell_bomb(Liar *liar, int64_t now_us)
{
    (void)now_us;
    uint8_t fci[1000] = {0};
    bool is_lost = liar->n_lies % 2 == 0;
    size_t n_chunks = liar->n_lies % 3 == 0 ? 1 : 400;
    bytes_write_u16(fci, liar->first);
    bytes_write_u16(fci + 2, liar->n_lies % 5 == 0 ? 1024 : UINT16_MAX);
    for (size_t i = 0; i < n_chunks; i++)
        bytes_write_u16(fci + 8 + 2 * i, is_lost ? 0x1fff : 0x3fff);
    send_feedback(liar, RTCP_RTPFB, RTCP_RTPFB_TWCC, fci, 8 + (n_chunks + 1) / 2 * 4);
}

/* Each message's time is before the last one's, and each packet's before that of the last. */
static void tell_time_back(Liar *liar, int64_t now_us)
{
    (void)now_us;
    RtcpTwccStatus statuses[N_STATUSES];
    size_t n = statuses_of(liar, statuses);
    int64_t at_us = (1000 - (int64_t)(liar->n_lies % 500)) * 640 * K;
    for (size_t i = 0; i < n; i++)
        statuses[i].arrival_us = at_us - (int64_t)i * 30 * K;
    send_statuses(liar, statuses, n);
}

/* All at the same moment: a link without end. */
static void tell_at_once(Liar *liar, int64_t now_us)
{
    (void)now_us;
    RtcpTwccStatus statuses[N_STATUSES];
    size_t n = statuses_of(liar, statuses);
    for (size_t i = 0; i < n; i++)
        statuses[i].arrival_us = 5000 * K + liar->n_lies;
    send_statuses(liar, statuses, n);
}

/* Numbers from anywhere, most of them never sent. */
static void tell_jumps(Liar *liar, int64_t now_us)
{
    static const uint16_t jumps[] = {0, 32767, 1000, 65000, 64512, 7};
    RtcpTwccStatus statuses[N_STATUSES];
    uint16_t base = (uint16_t)(liar->last + jumps[liar->n_lies % G_N_ELEMENTS(jumps)]);
    for (size_t i = 0; i < N_STATUSES; i++)
        statuses[i] = (RtcpTwccStatus){.sequence = (uint16_t)(base + i),
                                       .received = true,
                                       .arrival_us = now_us + (int64_t)i * 5000};
    send_statuses(liar, statuses, N_STATUSES);
}

static void tell_all_lost(Liar *liar, int64_t now_us)
{
    (void)now_us;
    uint8_t fci[12] = {0};
    bytes_write_u16(fci, liar->first);
    bytes_write_u16(fci + 2, (uint16_t)(liar->last - liar->first + 1));
    bytes_write_u16(fci + 8, (uint16_t)(liar->last - liar->first + 1));
    if (liar->has_sequence)
        send_feedback(liar, RTCP_RTPFB, RTCP_RTPFB_TWCC, fci, sizeof fci);
}

/* Honest, but three seconds later. */
static void tell_late(Liar *liar, int64_t now_us)
{
    LateMessage *message = &liar->late[liar->n_late];
    RtcpWriter writer = {.data = message->data, .capacity = sizeof message->data};
    if (liar->n_late < LIAR_LATE_MAX &&
        twcc_receiver_write(liar->twcc, 77, 78, &writer) == RTCP_OK) {
        message->due_us = now_us + LATE_US;
        message->size = writer.size;
        liar->n_late++;
    }
    while (liar->n_late > 0 && liar->late[0].due_us <= now_us) {
        media_peer_send_rtcp(liar->peer, liar->late[0].data, liar->late[0].size);
        memmove(&liar->late[0], &liar->late[1], --liar->n_late * sizeof liar->late[0]);
    }
}

/* All of the last, in each message ten times. */
static void tell_nacks(Liar *liar, int64_t now_us)
{
    (void)now_us;
    for (unsigned i = 0; i < 20; i++) {
        uint8_t data[400];
        uint16_t sequences[N_STATUSES];
        RtcpWriter writer = {.data = data, .capacity = sizeof data};
        for (uint16_t k = 0; k < N_STATUSES; k++)
            sequences[k] = (uint16_t)(liar->newest[i % 2] - N_STATUSES + 1 + k);
        assert_int_equal(rtcp_write_nack(&writer, 77, i % 2 == 0 ? liar->audio : liar->video,
                                         sequences, N_STATUSES),
                         RTCP_OK);
        media_peer_send_rtcp(liar->peer, data, writer.size);
    }
}

static void tell_key_frames(Liar *liar, int64_t now_us)
{
    (void)now_us;
    uint8_t data[400];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    for (unsigned i = 0; i < 10; i++) {
        RtcpFirEntry entry = {liar->video, (uint8_t)(liar->n_lies * 10 + i)};
        assert_int_equal(rtcp_write_pli(&writer, 77, liar->video), RTCP_OK);
        assert_int_equal(rtcp_write_fir(&writer, 77, &entry, 1), RTCP_OK);
    }
    media_peer_send_rtcp(liar->peer, data, writer.size);
}

/* Numbers that were sent, were not, and wild times. */
static void tell_reports(Liar *liar, int64_t now_us)
{
    (void)now_us;
    uint8_t data[800];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    RtcpReportBlock blocks[RTCP_REPORT_BLOCKS_MAX];
    for (unsigned i = 0; i < G_N_ELEMENTS(blocks); i++)
        blocks[i] = (RtcpReportBlock){
            .ssrc = i % 2 == 0 ? liar->audio : liar->video,
            .fraction_lost = 255,
            .cumulative_lost = i % 3 == 0 ? -0x800000 : 0x7fffff,
            .highest_sequence = liar->newest[i % 2] + (i % 5) * 0x3fffffU - liar->n_lies,
            .jitter = UINT32_MAX,
            .last_sr = i * 0x11111111U,
            .delay_since_last_sr = UINT32_MAX - i,
        };
    assert_int_equal(rtcp_write_rr(&writer, 77, blocks, G_N_ELEMENTS(blocks)), RTCP_OK);
    media_peer_send_rtcp(liar->peer, data, writer.size);
}

const Lie liar_lies[LIAR_N_LIES] = {
    {.name = "REMB of 255 SSRCs and 0 bit/s",
     .tell = tell_remb_255,
     .has_honest_feedback = true,
     .has_no_picture = true,
     .least_bps = 5 * K,
     .most_bps = SOUND_BPS},
    {.name = "REMB of 0 bit/s",
     .tell = tell_remb_zero,
     .has_honest_feedback = true,
     .has_no_picture = true,
     .least_bps = 5 * K,
     .most_bps = SOUND_BPS},
    {.name = "REMB of 0 bit/s without transport-wide feedback",
     .tell = tell_remb_zero,
     .has_no_transport_cc = true,
     .has_no_picture = true,
     .least_bps = 5 * K,
     .most_bps = SOUND_BPS},
    {.name = "REMB beyond all links",
     .tell = tell_remb_beyond,
     .has_honest_feedback = true,
     .least_bps = 100 * K,
     .most_bps = ALL_BPS},
    {.name = "REMB that ends before its SSRCs",
     .tell = tell_remb_short,
     .has_honest_feedback = true,
     .least_bps = 100 * K,
     .most_bps = ALL_BPS},
    {.name = "run-length bomb", .tell = tell_bomb, .least_bps = 5 * K, .most_bps = UNKNOWN_BPS},
    {.name = "time that runs back",
     .tell = tell_time_back,
     .least_bps = 5 * K,
     .most_bps = ALL_BPS},
    {.name = "all at once", .tell = tell_at_once, .least_bps = 5 * K, .most_bps = ALL_BPS},
    {.name = "numbers that jump", .tell = tell_jumps, .least_bps = 5 * K, .most_bps = ALL_BPS},
    {.name = "all lost", .tell = tell_all_lost, .least_bps = 5 * K, .most_bps = UNKNOWN_BPS},
    {.name = "three seconds late", .tell = tell_late, .least_bps = 5 * K, .most_bps = ALL_BPS},
    {.name = "no feedback", .least_bps = 5 * K, .most_bps = UNKNOWN_BPS},
    {.name = "NACKs without end",
     .tell = tell_nacks,
     .has_honest_feedback = true,
     .least_bps = 100 * K,
     .most_bps = ALL_BPS},
    {.name = "key frames without end",
     .tell = tell_key_frames,
     .has_honest_feedback = true,
     .least_bps = 100 * K,
     .most_bps = ALL_BPS},
    {.name = "reports of anything",
     .tell = tell_reports,
     .has_no_transport_cc = true,
     .least_bps = 5 * K,
     .most_bps = ALL_BPS},
    {.name = "never reads", .is_deaf = true, .most_bps = UNKNOWN_BPS},
};

static void note_packet(Liar *liar, const MediaPeerPacket *packet)
{
    for (unsigned i = 0; i < 2; i++) {
        if (packet->header.ssrc == (i == 0 ? liar->audio : liar->video))
            liar->newest[i] = packet->header.sequence;
    }
    if (!packet->has_transport_sequence)
        return;
    twcc_receiver_on_packet(liar->twcc, packet->transport_sequence, packet->at_us);
    if (!liar->has_sequence)
        liar->first = packet->transport_sequence;
    liar->has_sequence = true;
    liar->last = packet->transport_sequence;
}

/* Before it lies it is as honest as the others. */
static void tell_truth(Liar *liar)
{
    uint8_t data[1200];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    while (!liar->lie->has_honest_feedback && !liar->lie->has_no_transport_cc &&
           twcc_receiver_write(liar->twcc, 77, 78, &writer) == RTCP_OK)
        continue;
    if (writer.size > 0)
        media_peer_send_rtcp(liar->peer, data, writer.size);
}

void liar_tell(Liar *liar, bool is_lying, int64_t now_us)
{
    const MediaPeerLog *log = media_peer_log(liar->peer);
    while (liar->n_seen < log->n_packets)
        note_packet(liar, &log->packets[liar->n_seen++]);
    if (now_us < liar->next_us)
        return;
    liar->next_us = now_us + TELL_US;
    if (!is_lying)
        tell_truth(liar);
    else if (liar->lie->tell)
        liar->lie->tell(liar, now_us);
    liar->n_lies += is_lying;
    liar->has_sequence = false;
}
