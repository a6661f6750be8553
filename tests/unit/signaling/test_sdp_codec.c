// SPDX-License-Identifier: Apache-2.0
/* Which formats of an m-line are chosen, which layers are read, and how both are answered. */
#include "fixture.h"

#include "signaling/sdp_answer.h"
#include "signaling/sdp_offer.h"

#include <string.h>

#define H264(pt, parameters) "a=rtpmap:" pt " H264/90000\r\na=fmtp:" pt " " parameters "\r\n"
#define H264_CB H264("102", "packetization-mode=1;profile-level-id=42e01f")
#define VP8 "a=rtpmap:96 VP8/90000\r\n"
#define VP9 "a=rtpmap:98 VP9/90000\r\n"
#define OPUS "a=rtpmap:111 opus/48000/2\r\n"
#define RED "a=rtpmap:63 red/48000/2\r\n"

static MediaDescription offer;

static char *replaced(const char *text, const char *what, const char *with)
{
    g_auto(GStrv) parts = g_strsplit(text, what, 2);
    assert_non_null(parts[1]);
    return g_strjoinv(with, parts);
}

/* fixture_sdp() whose m-line of KIND has FORMATS and LINES. */
static char *text_with(MediaKind kind, const char *formats, const char *lines)
{
    bool is_audio = kind == MEDIA_KIND_AUDIO;
    g_autofree char *good = fixture_sdp(0xab);
    g_autofree char *section =
        g_strdup_printf("m=%s 9 UDP/TLS/RTP/SAVPF %s\r\n", media_kind_name(kind), formats);
    g_autofree char *text = replaced(good,
                                     is_audio ? "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
                                              : "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n",
                                     section);
    return replaced(text, is_audio ? OPUS : VP8, lines);
}

static const MediaSection *parse(MediaKind kind, const char *formats, const char *lines)
{
    g_autofree char *text = text_with(kind, formats, lines);
    g_autoptr(GError) error = NULL;
    if (!sdp_offer_parse(text, strlen(text), &offer, &error))
        fail_msg("%s: %s", error->message, lines);
    return &offer.sections[kind];
}

static void expect_fault(MediaKind kind, const char *formats, const char *lines,
                         const char *message)
{
    g_autofree char *text = text_with(kind, formats, lines);
    g_autoptr(GError) error = NULL;
    if (sdp_offer_parse(text, strlen(text), &offer, &error))
        fail_msg("accepted: %s", lines);
    assert_string_equal(error->message, message);
}

static void one_video_codec_is_chosen(void **state G_GNUC_UNUSED)
{
    static const struct {
        const char *formats, *lines;
        int pt; /* -1: the m-line is rejected */
        MediaCodecName name;
        uint32_t profile_level;
    } rows[] = {
        {"98 102 96", VP9 H264_CB VP8, 96, MEDIA_CODEC_VP8, 0},
        {"98 102", VP9 H264_CB, 102, MEDIA_CODEC_H264, 0x42e01f},
        {"98", VP9, 98, MEDIA_CODEC_VP9, 0},
        {"98", VP9 "a=fmtp:98 profile-id=0\r\n", 98, MEDIA_CODEC_VP9, 0},
        {"98", VP9 "a=fmtp:98 profile-id=2\r\n", -1, 0, 0},
        {"98", VP9 "a=fmtp:98 profile-id=00\r\n", -1, 0, 0},
        {"98", VP9 "a=fmtp:98 profile-ids=2\r\n", 98, MEDIA_CODEC_VP9, 0},
        {"100 98", "a=rtpmap:100 VP9/90000\r\na=fmtp:100 x=1; profile-id=2\r\n" VP9, 98,
         MEDIA_CODEC_VP9, 0},
        /* Constrained baseline before baseline, wherever it stands. */
        {"108 102 98", H264("108", "packetization-mode=1;profile-level-id=42001f") H264_CB VP9, 102,
         MEDIA_CODEC_H264, 0x42e01f},
        {"98 108", VP9 H264("108", "packetization-mode=1;profile-level-id=42001f"), 108,
         MEDIA_CODEC_H264, 0x42001f},
        {"102", H264("102", "PROFILE-LEVEL-ID=4D801F ; packetization-mode=1"), 102,
         MEDIA_CODEC_H264, 0x4d801f},
        {"102", H264("102", "packetization-mode=1"), 102, MEDIA_CODEC_H264, 0x42000a},
        {"102", H264("102", "packetization-mode=0;profile-level-id=42e01f"), -1, 0, 0},
        {"102", H264("102", "profile-level-id=42e01f"), -1, 0, 0},
        {"102", H264("102", "packetization-mode=1;profile-level-id=640c1f"), -1, 0, 0},
        {"102", H264("102", "packetization-mode=1;profile-level-id=42e01"), -1, 0, 0},
        {"102", H264("102", "packetization-mode=1;profile-level-id=42e01f0"), -1, 0, 0},
        {"102", H264("102", "packetization-mode=1;profile-level-id=42e0xf"), -1, 0, 0},
        {"102", H264("102", "packetization-mode=1;profile-level-id="), -1, 0, 0},
        {"102", H264("102", "xpacketization-mode=1;profile-level-id=42e01f"), -1, 0, 0},
        {"45", "a=rtpmap:45 AV1/90000\r\n", -1, 0, 0},
        {"96", "a=rtpmap:96 VP8/90001\r\n", -1, 0, 0},
        {"96", "a=rtpmap:96 \r\n", -1, 0, 0},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const MediaSection *video = parse(MEDIA_KIND_VIDEO, rows[i].formats, rows[i].lines);
        assert_int_equal(video->rejected, rows[i].pt < 0);
        if (rows[i].pt < 0)
            continue;
        assert_int_equal(video->codec.payload_type, rows[i].pt);
        assert_int_equal(video->codec.name, rows[i].name);
        assert_int_equal(video->codec.h264_profile_level, rows[i].profile_level);
        assert_int_equal(video->codec.red_payload_type, -1);
    }
}

static void an_over_long_codec_is_not_ours(void **state G_GNUC_UNUSED)
{
    GString *lines = g_string_new("a=rtpmap:96 VP8");
    while (lines->len < 2000)
        g_string_append(lines, "VP8");
    g_string_append(lines, "/90000\r\n");
    assert_true(parse(MEDIA_KIND_VIDEO, "96", lines->str)->rejected);
    /* Nor are parameters that nobody reads any more. */
    g_string_assign(lines, "a=rtpmap:102 H264/90000\r\na=fmtp:102 ");
    for (unsigned i = 0; i < 32; i++)
        g_string_append(lines, "x=1;");
    g_string_append(lines, "packetization-mode=1\r\n");
    assert_true(parse(MEDIA_KIND_VIDEO, "102", lines->str)->rejected);
    g_string_free(lines, TRUE);
}

static void retransmissions_are_of_the_chosen_codec(void **state G_GNUC_UNUSED)
{
    static const struct {
        const char *formats, *lines;
        int rtx;
    } rows[] = {
        {"102 97 103",
         "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
         "a=rtpmap:103 RTX/90000\r\na=fmtp:103 rtx-time=9;apt=102\r\n",
         103},
        {"102 103", "a=rtpmap:103 rtx/90000\r\n", -1},
        {"102 103", "a=rtpmap:103 rtx/90000\r\na=fmtp:103 apt=1020\r\n", -1},
        {"102 103", "a=rtpmap:103 rtx/90000\r\na=fmtp:103 apt=\r\n", -1},
        {"102 103", "a=rtpmap:103 rtx/8000\r\na=fmtp:103 apt=102\r\n", -1},
        {"102", "a=rtpmap:103 rtx/90000\r\na=fmtp:103 apt=102\r\n", -1}, /* not in the m-line */
        {"102", "a=fmtp:102 apt=102\r\n", -1},
        {"102 70 104",
         "a=rtpmap:70 rtx/90000\r\na=fmtp:70 apt=102\r\n" /* RTCP, with mux */
         "a=rtpmap:104 rtx/90000\r\na=fmtp:104 apt=102\r\n",
         104},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *lines = g_strconcat(H264_CB, rows[i].lines, NULL);
        const MediaSection *video = parse(MEDIA_KIND_VIDEO, rows[i].formats, lines);
        assert_int_equal(video->codec.payload_type, 102);
        assert_int_equal(video->codec.rtx_payload_type, rows[i].rtx);
    }
}

static void red_carries_nothing_but_opus(void **state G_GNUC_UNUSED)
{
    GString *many = g_string_new(RED "a=fmtp:63 111");
    for (unsigned i = 0; i < 40; i++)
        g_string_append(many, "/111");
    g_string_append(many, "\r\n");
    const struct {
        const char *lines;
        int red;
    } rows[] = {
        {RED "a=fmtp:63 111/111\r\n", 63},
        {"a=rtpmap:63 RED/48000/2\r\na=fmtp:63 111/111/111\r\n", 63},
        {RED, -1},
        {RED "a=fmtp:63 \r\n", -1},
        {RED "a=fmtp:63 111/0\r\n", -1},
        {RED "a=fmtp:63 111/99\r\n", -1}, /* unknown */
        {RED "a=fmtp:63 63/63\r\n", -1},  /* itself */
        {RED "a=fmtp:63 111/\r\n", -1},
        {RED "a=fmtp:63 111/111 x\r\n", -1},
        {RED "a=fmtp:63 111/1111\r\n", -1},
        {many->str, -1},
        {"a=rtpmap:63 red/8000\r\na=fmtp:63 111/111\r\n", -1},
        {"", -1},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *lines = g_strconcat(OPUS, rows[i].lines, NULL);
        /* Without its a=rtpmap the dynamic format would be a fault. */
        const char *formats = rows[i].lines[0] ? "63 111 0" : "111 0";
        const MediaSection *audio = parse(MEDIA_KIND_AUDIO, formats, lines);
        assert_int_equal(audio->codec.payload_type, 111);
        assert_int_equal(audio->codec.red_payload_type, rows[i].red);
        assert_int_equal(audio->codec.rtx_payload_type, -1);
    }
    g_string_free(many, TRUE);
    /* The first that fits, and none that RTCP would swallow. */
    const MediaSection *audio = parse(MEDIA_KIND_AUDIO, "111 63 64 35 36",
                                      OPUS RED "a=fmtp:63 0/0\r\n"
                                               "a=rtpmap:64 red/48000/2\r\na=fmtp:64 111/111\r\n"
                                               "a=rtpmap:35 red/48000/2\r\na=fmtp:35 111/111\r\n"
                                               "a=rtpmap:36 red/48000/2\r\na=fmtp:36 111/111\r\n");
    assert_int_equal(audio->codec.red_payload_type, 35);
}

static void payload_types_mean_one_thing(void **state G_GNUC_UNUSED)
{
    expect_fault(MEDIA_KIND_VIDEO, "96 96", VP8, "m= payload type twice");
    expect_fault(MEDIA_KIND_VIDEO, "96", VP8 VP8, "a=rtpmap twice");
    expect_fault(MEDIA_KIND_VIDEO, "96", VP8 "a=rtpmap:96 H264/90000\r\n", "a=rtpmap twice");
    expect_fault(MEDIA_KIND_VIDEO, "96", VP8 "a=rtpmap:128 VP8/90000\r\n", "a=rtpmap");
    expect_fault(MEDIA_KIND_VIDEO, "96", VP8 "a=rtpmap:x VP8/90000\r\n", "a=rtpmap");
    expect_fault(MEDIA_KIND_VIDEO, "70", "a=rtpmap:70 VP8/90000\r\n", "m= payload type");
}

/* "h ~l": a layer each, the paused ones with '~'. */
static char *layers(const char *lines)
{
    g_autofree char *all = g_strconcat(VP8, lines, NULL);
    const MediaSection *video = parse(MEDIA_KIND_VIDEO, "96", all);
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < video->n_rids; i++)
        g_string_append_printf(text, "%s%s%s", i ? " " : "", video->rids[i].active ? "" : "~",
                               video->rids[i].rid);
    return g_string_free(text, FALSE);
}

static void layers_stand_in_the_order_of_simulcast(void **state G_GNUC_UNUSED)
{
#define HLX "a=rid:h send\r\na=rid:l send\r\na=rid:x send pt=96;max-width=320\r\n"
    static const struct {
        const char *lines, *layers;
    } rows[] = {
        {HLX "a=simulcast:send h;~l\r\n", "h ~l"},
        {HLX "a=simulcast:send x;l;h\r\n", "x l h"},
        {HLX "a=simulcast:recv a;b send h;l\r\n", "h l"},
        {HLX "a=simulcast:send ~h,l;x\r\n", "~h x"},  /* the first alternative */
        {HLX "a=simulcast:send h;h;~h\r\n", "h"},     /* said again */
        {HLX "a=simulcast:send h;y;;~;l\r\n", "h l"}, /* declared nowhere */
        {HLX "a=simulcast:recv h;l\r\n", ""},         /* the other direction */
        {HLX "a=simulcast:send\r\n", ""},
        {HLX "a=simulcast:\r\n", ""},
        {HLX, ""},
        {"a=rid:h recv\r\na=rid:l send\r\na=simulcast:send h;l\r\n", "l"},
        {"a=simulcast:send h;l\r\n", ""},
        {"a=rid:0123456789abcdef send\r\na=rid:A-_ send\r\n"
         "a=simulcast:send A-_;0123456789abcdef\r\n",
         "A-_ 0123456789abcdef"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = layers(rows[i].lines);
        assert_string_equal(text, rows[i].layers);
    }
    GString *many = g_string_new(HLX "a=simulcast:send ");
    for (unsigned i = 0; i < 16; i++)
        g_string_append(many, "y;");
    g_string_append(many, "h\r\n");
    g_autofree char *text = layers(many->str); /* the seventeenth stream is not looked at */
    assert_string_equal(text, "");
    g_string_free(many, TRUE);
#undef HLX
    expect_fault(MEDIA_KIND_VIDEO, "96", VP8 "a=rid:h send\r\na=rid:h send\r\n", "a=rid twice");
    expect_fault(MEDIA_KIND_VIDEO, "96", VP8 "a=rid:h;l send\r\n", "a=rid");
    expect_fault(MEDIA_KIND_VIDEO, "96", VP8 "a=rid:~h send\r\n", "a=rid");
    expect_fault(MEDIA_KIND_VIDEO, "96", VP8 "a=rid: send\r\n", "a=rid");
}

static void expect_line(const char *text, const char *wanted)
{
    g_autofree char *line = g_strdup_printf("\r\n%s\r\n", wanted);
    if (!strstr(text, line))
        fail_msg("missing: %s in %s", wanted, text);
}

static char *answer_to(const MediaDescription *from)
{
    MediaDescription answer = *from;
    answer.sections[1].start_kbps = 60;
    return sdp_answer_write(&answer, 1, 1);
}

static void answers_name_the_codec(void **state G_GNUC_UNUSED)
{
    parse(MEDIA_KIND_VIDEO, "96", VP8);
    g_autofree char *vp8 = answer_to(&offer);
    expect_line(vp8, "a=rtpmap:96 VP8/90000");
    expect_line(vp8, "a=fmtp:96 x-google-start-bitrate=60");
    parse(MEDIA_KIND_VIDEO, "102", H264_CB);
    g_autofree char *h264 = answer_to(&offer);
    expect_line(h264, "a=rtpmap:102 H264/90000");
    expect_line(h264, "a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;"
                      "profile-level-id=42e01f;x-google-start-bitrate=60");
    parse(MEDIA_KIND_VIDEO, "98", VP9);
    g_autofree char *vp9 = answer_to(&offer);
    expect_line(vp9, "a=rtpmap:98 VP9/90000");
    expect_line(vp9, "a=fmtp:98 profile-id=0;x-google-start-bitrate=60");
    g_autofree char *plain = sdp_answer_write(&offer, 1, 1);
    expect_line(plain, "a=fmtp:98 profile-id=0");
    parse(MEDIA_KIND_VIDEO, "96", VP8 "a=rtcp-fb:96 goog-remb\r\n");
    g_autofree char *bare = sdp_answer_write(&offer, 1, 1);
    assert_null(strstr(bare, "a=fmtp:96"));
    expect_line(bare, "a=rtcp-fb:96 goog-remb");
}

static void answers_put_opus_before_red(void **state G_GNUC_UNUSED)
{
    parse(MEDIA_KIND_AUDIO, "63 111", OPUS RED "a=fmtp:63 111/111\r\n");
    g_strlcpy(offer.sections[0].opus_fmtp, "useinbandfec=1", sizeof offer.sections[0].opus_fmtp);
    g_autofree char *text = sdp_answer_write(&offer, 1, 1);
    expect_line(text, "m=audio 9 UDP/TLS/RTP/SAVPF 111 63");
    expect_line(text, "a=fmtp:111 useinbandfec=1");
    expect_line(text, "a=rtpmap:63 red/48000/2");
    expect_line(text, "a=fmtp:63 111/111");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_video_codec_is_chosen),
        cmocka_unit_test(an_over_long_codec_is_not_ours),
        cmocka_unit_test(retransmissions_are_of_the_chosen_codec),
        cmocka_unit_test(red_carries_nothing_but_opus),
        cmocka_unit_test(payload_types_mean_one_thing),
        cmocka_unit_test(layers_stand_in_the_order_of_simulcast),
        cmocka_unit_test(answers_name_the_codec),
        cmocka_unit_test(answers_put_opus_before_red),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
