// SPDX-License-Identifier: Apache-2.0
/* Receivers that lie in their feedback, send too much of it or none, or never read: the relay
 * lives, the two honest people of the room hear and see each other as before, and what goes to the
 * liar stays within bounds. The clock is a fake one that runs by itself. */
#include "media/rate/twcc_receiver.h"
#include "media/rtp/bytes.h"
#include "media/rtp/rtcp_fb.h"
#include "media/rtp/rtcp_twcc.h"
#include "tests/support/relay_fixture.h"

#include <string.h>

enum {
    FRAME_US = 20 * 1000,
    PICTURE_US = 80 * 1000,
    TELL_US = 100 * 1000,
    LATE_US = 3000 * 1000,
    WARM_UP_MS = 2500,
    MEASURED_MS = 3000,
    GAP_US = 300 * 1000,
    LIARS_AT_ONCE = 4,
    LATE_MAX = 64,
    WIRE_OVERHEAD = 28 + 16, /* IPv4, UDP, tag */
    K = 1000,
    N_STATUSES = 64,
    /* Sound in packets of 120 ms and what little goes with it. */
    SOUND_BPS = 30 * K,
    /* 145 kbit/s are sent; the rest are probes, or repairs: a third of what the liar's own link
     * carries, twice where there is room. */
    ALL_BPS = 1500 * K,
    MOST_TOLD_LOSS = 256 / 5,
    /* Nothing is known of the link: sound, and a picture's rest. */
    UNKNOWN_BPS = 110 * K,
};

typedef struct Lie Lie;

typedef struct {
    int64_t due_us;
    size_t size;
    uint8_t data[256];
} LateMessage;

typedef struct {
    const Lie *lie;
    char id[16];
    MediaPeer *peer;
    uint32_t audio; /* SSRCs of its slots */
    uint32_t video;
    unsigned n_seen; /* packets of its log */
    bool has_sequence;
    uint16_t first, last; /* transport numbers that came since it lied last */
    uint16_t newest[2];   /* RTP's, of sound and picture */
    unsigned n_lies;
    int64_t next_us;
    TwccReceiver *twcc;
    unsigned n_late;
    LateMessage late[LATE_MAX];
} Liar;

struct Lie {
    const char *name;
    void (*tell)(Liar *liar, int64_t now_us); /* NULL: says nothing */
    bool has_honest_feedback;                 /* beside it */
    bool has_no_transport_cc;
    bool is_deaf;
    bool has_no_picture; /* it gets none any more */
    unsigned least_bps, most_bps;
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
    if (liar->n_late < LATE_MAX && twcc_receiver_write(liar->twcc, 77, 78, &writer) == RTCP_OK) {
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

static const Lie lies[] = {
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

/* Ani and citra are honest and see each other. */
typedef struct {
    RelayFixture *fixture;
    MediaPeer *ani;
    MediaPeer *citra;
    Liar liars[LIARS_AT_ONCE];
    unsigned n_liars;
    uint16_t audio_sequence, video_sequence;
    int64_t next_audio_us, next_video_us;
    unsigned answered_plis;
} Call;

static void join_liar(Call *call, const Lie *lie)
{
    Liar *liar = &call->liars[call->n_liars];
    MediaPeerOptions options = RELAY_FIXTURE_BOTH;
    options.no_feedback = !lie->has_honest_feedback;
    options.no_transport_cc = lie->has_no_transport_cc;
    *liar = (Liar){.lie = lie, .twcc = twcc_receiver_new()};
    g_snprintf(liar->id, sizeof liar->id, "liar%u", call->n_liars++);
    liar->peer = relay_fixture_join(call->fixture, liar->id, &options);
    relay_fixture_connect(call->fixture, liar->peer);
    liar->audio = media_peer_answer(liar->peer)->sections[0].ssrc;
    liar->video = media_peer_answer(liar->peer)->sections[1].ssrc;
}

static void call_init(Call *call, const Lie *first, unsigned n)
{
    *call = (Call){.fixture = relay_fixture_new_running()};
    call->ani = relay_fixture_join(call->fixture, "ani", &RELAY_FIXTURE_BOTH);
    call->citra = relay_fixture_join(call->fixture, "citra", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(call->fixture, call->ani);
    relay_fixture_connect(call->fixture, call->citra);
    for (unsigned i = 0; i < n; i++)
        join_liar(call, &first[i]);
}

static void call_clear(Call *call)
{
    for (unsigned i = 0; i < call->n_liars; i++)
        twcc_receiver_free(call->liars[i].twcc);
    relay_fixture_free(call->fixture);
}

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

static void tell(Liar *liar, bool is_lying, int64_t now_us)
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

static void send_picture(Call *call)
{
    uint8_t payload[1000];
    unsigned n_plis = media_peer_log(call->ani)->control.n_plis;
    bool is_key = n_plis != call->answered_plis || call->video_sequence == 0;
    call->answered_plis = n_plis;
    uint16_t sequence = call->video_sequence++;
    MediaPeerSend send = {
        .section = MEDIA_PEER_VIDEO,
        .sequence = sequence,
        .timestamp = sequence * 7200U,
        .marker = true,
        .payload = payload,
        .n_payload = relay_fixture_vp8(payload, sizeof payload, sequence & 0x7fff, is_key),
    };
    media_peer_send(call->ani, &send);
}

static void turn(Call *call, bool is_lying)
{
    int64_t now_us = clock_mono_us(call->fixture->clock);
    if (now_us >= call->next_audio_us) {
        relay_fixture_send_audio(call->ani, call->audio_sequence);
        relay_fixture_send_audio(call->citra, call->audio_sequence++);
        call->next_audio_us = MAX(call->next_audio_us, now_us - FRAME_US) + FRAME_US;
    }
    if (now_us >= call->next_video_us) {
        send_picture(call);
        call->next_video_us = MAX(call->next_video_us, now_us - PICTURE_US) + PICTURE_US;
    }
    for (unsigned i = 0; i < call->n_liars; i++)
        tell(&call->liars[i], is_lying, now_us);
    relay_fixture_pump(call->fixture);
}

static void live(Call *call, int64_t ms, bool is_lying)
{
    int64_t end_us = clock_mono_us(call->fixture->clock) + ms * 1000;
    while (clock_mono_us(call->fixture->clock) < end_us)
        turn(call, is_lying);
}

static void forget_packets(Call *call)
{
    media_peer_log(call->ani)->n_packets = media_peer_log(call->citra)->n_packets = 0;
    for (unsigned i = 0; i < call->n_liars; i++) {
        media_peer_log(call->liars[i].peer)->n_packets = 0;
        call->liars[i].n_seen = 0;
    }
}

/* Sound without a gap, from a peer with a good link. */
static void assert_hears(MediaPeer *peer, unsigned n_spoken)
{
    uint32_t ssrc = media_peer_answer(peer)->sections[MEDIA_PEER_AUDIO].ssrc;
    const MediaPeerLog *log = media_peer_log(peer);
    assert_in_range(relay_fixture_count(peer, ssrc), n_spoken / 6 - 2, n_spoken + 10);
    int64_t last_us = 0;
    for (unsigned i = 0; i < log->n_packets; i++) {
        if (log->packets[i].header.ssrc != ssrc)
            continue;
        assert_true(last_us == 0 || log->packets[i].at_us - last_us < GAP_US);
        last_us = log->packets[i].at_us;
    }
}

/* As the relay counts it, since the beginning, with the honest part of it. */
static unsigned bps_to_deaf(Call *call, const char *id)
{
    const RelayFixture *fixture = call->fixture;
    unsigned before = fixture->n_samples;
    media_endpoint_close(fixture->media, id);
    relay_fixture_until(call->fixture, fixture->n_samples > before);
    const FixtureSample *last = &fixture->samples[fixture->n_samples - 1];
    assert_true(last->sample.is_final && g_str_equal(last->endpoint_id, id));
    return last->sample.out[MEDIA_KIND_AUDIO].bitrate_bps +
           last->sample.out[MEDIA_KIND_VIDEO].bitrate_bps;
}

static unsigned bps_to(MediaPeer *peer)
{
    const MediaPeerLog *log = media_peer_log(peer);
    size_t n_bytes = 0;
    for (unsigned i = 0; i < log->n_packets; i++)
        n_bytes += log->packets[i].size + WIRE_OVERHEAD;
    return (unsigned)(n_bytes * 8 * 1000 / MEASURED_MS);
}

static void assert_bounded(Call *call, const Liar *liar, unsigned n_spoken)
{
    const Lie *what = liar->lie;
    unsigned bps = what->is_deaf ? bps_to_deaf(call, liar->id) : bps_to(liar->peer);
    unsigned n_heard = relay_fixture_count(liar->peer, liar->audio);
    unsigned n_seen = relay_fixture_count(liar->peer, liar->video);
    print_message("%s: %u bit/s, sound %u, picture %u\n", what->name, bps, n_heard, n_seen);
    if (bps < what->least_bps || bps > what->most_bps)
        fail_msg("%s: %u bit/s", what->name, bps);
    if (!what->is_deaf && n_heard < n_spoken / 6 - 2)
        fail_msg("%s: %u packets of sound", what->name, n_heard);
    if (what->has_no_picture && n_seen > 0)
        fail_msg("%s: %u packets of the picture", what->name, n_seen);
}

static void run(const Lie *first, unsigned n)
{
    Call call;
    call_init(&call, first, n);
    live(&call, WARM_UP_MS, false);
    for (unsigned i = 0; i < n; i++)
        media_peer_set_deaf(call.liars[i].peer, first[i].is_deaf);
    live(&call, WARM_UP_MS, true);
    forget_packets(&call);
    unsigned n_plis = media_peer_log(call.ani)->control.n_plis;
    uint16_t spoken_from = call.audio_sequence;
    uint16_t shown_from = call.video_sequence;
    live(&call, MEASURED_MS, true);
    unsigned n_spoken = (uint16_t)(call.audio_sequence - spoken_from);
    unsigned n_shown = (uint16_t)(call.video_sequence - shown_from);
    assert_hears(call.ani, n_spoken);
    assert_hears(call.citra, n_spoken);
    /* What ani's Opus adds for the liars' sake is what it would for somebody who loses a fifth. */
    assert_in_range(media_peer_log(call.ani)->control.fraction_lost[0], 0, MOST_TOLD_LOSS);
    uint32_t video = media_peer_answer(call.citra)->sections[MEDIA_PEER_VIDEO].ssrc;
    assert_in_range(relay_fixture_count(call.citra, video), n_shown * 3 / 4, n_shown + 2);
    /* Two a second at most, and what ani is asked for is still what citra can take. */
    assert_in_range(media_peer_log(call.ani)->control.n_plis - n_plis, 0, 2 * 3 + 1);
    assert_true(relay_fixture_hint(call.fixture, "ani")->video_bps > 100 * 1000);
    assert_int_equal(relay_fixture_state(call.fixture, "ani"), MEDIA_ENDPOINT_CONNECTED);
    assert_int_equal(relay_fixture_state(call.fixture, "citra"), MEDIA_ENDPOINT_CONNECTED);
    for (unsigned i = 0; i < n; i++)
        assert_bounded(&call, &call.liars[i], n_spoken);
    call_clear(&call);
}

static void test_some(void **state)
{
    const Lie *first = *state;
    run(first, (unsigned)MIN(LIARS_AT_ONCE, (size_t)(lies + G_N_ELEMENTS(lies) - first)));
}

int main(void)
{
    G_STATIC_ASSERT(G_N_ELEMENTS(lies) == 4 * LIARS_AT_ONCE);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_some, (void *)&lies[0]),
        cmocka_unit_test_prestate(test_some, (void *)&lies[LIARS_AT_ONCE]),
        cmocka_unit_test_prestate(test_some, (void *)&lies[2 * LIARS_AT_ONCE]),
        cmocka_unit_test_prestate(test_some, (void *)&lies[3 * LIARS_AT_ONCE]),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
