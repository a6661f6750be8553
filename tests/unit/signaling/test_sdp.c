// SPDX-License-Identifier: Apache-2.0
/* Real offers of Chromium 156, Firefox ESR 153 and GStreamer 1.22, broken ones, and answers. */
#include "fixture.h"

#include "signaling/sdp_answer.h"
#include "signaling/sdp_offer.h"

#include <string.h>

static MediaDescription offer;

static void parse_file(const char *name)
{
    g_autofree char *path = g_build_filename(OFFERS_DIR, name, NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    size_t size;
    assert_true(g_file_get_contents(path, &text, &size, NULL));
    if (!sdp_offer_parse(text, size, &offer, &error))
        fail_msg("%s: %s", name, error->message);
}

static void chromium_sends_and_receives(void **state G_GNUC_UNUSED)
{
    parse_file("chromium-sendrecv.sdp");
    assert_int_equal(offer.n_sections, 2);
    assert_int_equal(offer.setup, MEDIA_SETUP_ACTPASS);
    assert_false(offer.ice_lite);
    assert_int_equal(strlen(offer.ice_ufrag), 4);
    const MediaSection *audio = &offer.sections[0];
    assert_string_equal(audio->mid, "0");
    assert_int_equal(audio->kind, MEDIA_KIND_AUDIO);
    assert_int_equal(audio->direction, MEDIA_DIRECTION_SENDRECV);
    assert_int_equal(audio->codec.payload_type, 111);
    assert_int_equal(audio->codec.rtx_payload_type, -1);
    assert_true(audio->codec.transport_cc);
    assert_false(audio->codec.nack);
    assert_int_equal(audio->codec.name, MEDIA_CODEC_OPUS);
    assert_int_equal(audio->codec.red_payload_type, 63);
    assert_int_equal(audio->extensions.audio_level, 1);
    assert_int_equal(audio->extensions.abs_send_time, 2);
    assert_int_equal(audio->extensions.transport_cc, 3);
    assert_int_equal(audio->extensions.mid, 4);
    assert_int_not_equal(audio->ssrc, 0);
    assert_string_not_equal(audio->cname, "");
    assert_string_equal(audio->stream_id, "-");
    const MediaSection *video = &offer.sections[1];
    assert_int_equal(video->codec.payload_type, 96);
    assert_int_equal(video->codec.rtx_payload_type, 97);
    assert_true(video->codec.nack && video->codec.pli && video->codec.fir && video->codec.remb);
    assert_int_equal(video->extensions.rid, 10);
    assert_int_equal(video->extensions.repaired_rid, 11);
    assert_int_not_equal(video->rtx_ssrc, 0);
    assert_int_equal(video->n_rids, 0);
}

static void chromium_simulcast_with_more_sections(void **state G_GNUC_UNUSED)
{
    parse_file("chromium-simulcast.sdp");
    assert_int_equal(offer.n_sections, 5);
    const MediaSection *video = &offer.sections[1];
    assert_int_equal(video->n_rids, 2);
    assert_string_equal(video->rids[0].rid, "h");
    assert_true(video->rids[0].active);
    assert_string_equal(video->rids[1].rid, "l");
    assert_false(video->rids[1].active);
    assert_int_equal(video->ssrc, 0);
    assert_int_equal(offer.sections[3].direction, MEDIA_DIRECTION_RECVONLY);
    assert_true(offer.sections[4].rejected);
    assert_string_equal(offer.sections[4].proto_kind, "application");
    assert_string_equal(offer.sections[4].mid, "4");
}

static void firefox_with_session_attributes(void **state G_GNUC_UNUSED)
{
    parse_file("firefox-sendrecv.sdp");
    assert_int_equal(offer.n_sections, 2);
    assert_int_equal(offer.fingerprint[0], 0x5f);
    assert_string_equal(offer.ice_ufrag, "857126f8");
    assert_int_equal(offer.sections[0].codec.payload_type, 109);
    assert_int_equal(offer.sections[0].codec.red_payload_type, -1);
    assert_int_equal(offer.sections[0].extensions.mid, 3);
    const MediaSection *video = &offer.sections[1]; /* port 0, bundle-only */
    assert_false(video->rejected);
    assert_int_equal(video->codec.payload_type, 120);
    assert_int_equal(video->codec.rtx_payload_type, 124);
    assert_int_equal(video->ssrc, 2469787960);
    assert_int_equal(video->rtx_ssrc, 4170559869);
    parse_file("firefox-recvonly.sdp");
    assert_int_equal(offer.sections[1].direction, MEDIA_DIRECTION_RECVONLY);
    parse_file("firefox-simulcast.sdp");
    assert_int_equal(offer.sections[1].n_rids, 2);
}

static void gstreamer_as_whip_and_whep_client(void **state G_GNUC_UNUSED)
{
    parse_file("webrtcbin-sendrecv.sdp");
    assert_string_equal(offer.sections[0].mid, "audio0");
    assert_int_equal(offer.sections[0].codec.payload_type, 111); /* "OPUS" */
    assert_string_equal(offer.sections[0].track_id, "webrtctransceiver0");
    assert_true(offer.sections[1].codec.pli);
    assert_false(offer.sections[1].codec.nack);
    assert_int_equal(offer.sections[1].codec.rtx_payload_type, -1);
    parse_file("webrtcbin-recvonly.sdp");
    assert_int_equal(offer.sections[0].direction, MEDIA_DIRECTION_RECVONLY);
    assert_int_equal(offer.sections[0].ssrc, 0);
    parse_file("chromium-recvonly.sdp");
    assert_int_equal(offer.sections[1].direction, MEDIA_DIRECTION_RECVONLY);
}

/* fixture_sdp() with WHAT replaced by WITH. */
static void expect_refusal(const char *what, const char *with, const char *message)
{
    g_autofree char *good = fixture_sdp(0xab);
    g_auto(GStrv) parts = g_strsplit(good, what, -1);
    g_autofree char *text = g_strjoinv(with, parts);
    g_autoptr(GError) error = NULL;
    assert_string_not_equal(text, good);
    assert_false(sdp_offer_parse(text, strlen(text), &offer, &error));
    assert_true(g_error_matches(error, SIGNALING_ERROR, SIGNALING_ERROR_BAD_OFFER));
    assert_string_equal(error->message, message);
}

static void faults_are_named(void **state G_GNUC_UNUSED)
{
    static const struct {
        const char *what, *with, *message;
    } rows[] = {
        {"v=0", "w=0", "v="},
        {"a=mid:1", "a=mid:0", "a=mid twice"},
        {"a=mid:1\r\n", "", "a=mid missing"},
        {"a=mid:1", "a=mid:0123456789abcdefg", "a=mid"},
        {"a=mid:1", "a=mid:a b", "a=mid"},
        {"a=group:BUNDLE 0 1\r\n", "", "a=group:BUNDLE missing"},
        {"a=group:BUNDLE 0 1", "a=group:BUNDLE 0 7", "a=group:BUNDLE names an unknown mid"},
        {"a=ice-ufrag:abcd\r\n", "", "a=ice-ufrag"},
        {"a=ice-ufrag:abcd", "a=ice-ufrag:abc", "a=ice-ufrag"},
        {"a=ice-ufrag:abcd", "a=ice-ufrag:ab:d", "a=ice-ufrag"},
        {"0123456789abcdefghijkl", "tooshort", "a=ice-pwd"},
        {"a=ice-pwd:0123456789abcdefghijkl\r\n", "", "a=ice-pwd"},
        {"a=ice-pwd:0123456789abcdefghijkl", "a=ice-pwd:", "a=ice-pwd"},
        {"a=ice-pwd:0123456789abcdefghijkl", "a=ice-pwd", "a=ice-pwd"},
        {"sha-256 AB:AB", "sha-1 AB:AB", "a=fingerprint"},
        {"sha-256 AB:AB", "sha-256 AB:ABAB", "a=fingerprint"},
        {"sha-256 AB:AB", "sha-256 AB-AB", "a=fingerprint"},
        {"a=setup:actpass", "a=setup:holdconn", "a=setup"},
        {"a=setup:actpass\r\n", "", "a=setup"},
        {"a=rtcp-mux\r\n", "", "a=rtcp-mux"},
        {"a=rtpmap:111 opus/48000/2\r\n", "", "a=rtpmap missing"},
        {"SAVPF 111", "SAVPF 999", "m= payload type"},
        {"SAVPF 111", "SAVPF x", "m= payload type"},
        {"m=video 9 UDP/TLS/RTP/SAVPF 96", "m=video 9 UDP/TLS/RTP/SAVPF", "m="},
        {"m=video 9 UDP/TLS/RTP/SAVPF 96", "m=video", "m="},
        {"a=sendrecv\r\n", "a=ssrc:x\r\n", "a=ssrc"},
        {"a=sendrecv\r\n", "a=ssrc:99999999999 cname:a\r\n", "a=ssrc"},
        {"a=sendrecv\r\n", "a=ssrc-group:FID 1 1\r\n", "a=ssrc-group"},
        {"a=sendrecv\r\n", "a=ssrc-group:FID 1\r\n", "a=ssrc-group"},
        {"a=sendrecv\r\n", "a=extmap:0 urn:x\r\n", "a=extmap"},
        {"a=sendrecv\r\n", "a=rid:12345678901234567 send\r\n", "a=rid"},
        {"a=sendrecv\r\n", "a=rid:a\r\n", "a=rid"},
        {"a=sendrecv\r\n", "a=rid:a send\r\na=rid:a send\r\n", "a=rid twice"},
        {"a=sendrecv\r\n", "a=rid:a send\r\na=rid:b send\r\na=rid:c send\r\na=rid:d send\r\n",
         "number of a=rid"},
        {"a=sendrecv\r\n", "a=ptime:99999999999999999999\r\n", "a=ptime"},
        {"a=sendrecv\r\n", "sendrecv\r\n", "line without type"},
        {"a=sendrecv\r\n", "\r\n", "line without type"},
        {"UDP/TLS/RTP/SAVPF", "RTP/AVP", "no m= line that can be carried"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        expect_refusal(rows[i].what, rows[i].with, rows[i].message);
}

static void expect_refused_text(const char *text, size_t size, const char *message)
{
    g_autoptr(GError) error = NULL;
    assert_false(sdp_offer_parse(text, size, &offer, &error));
    assert_string_equal(error->message, message);
}

static void limits_hold(void **state G_GNUC_UNUSED)
{
    g_autofree char *good = fixture_sdp(1);
    size_t size = strlen(good);
    expect_refused_text(good, 0, "size");
    g_autofree char *nul = g_memdup2(good, size);
    nul[size / 2] = '\0';
    expect_refused_text(nul, size, "NUL byte");
    nul[size / 2] = '\xff';
    expect_refused_text(nul, size, "encoding");

    GString *text = g_string_new(good);
    while (text->len <= LIMIT_SDP_BYTES)
        g_string_append(text, "a=x\r\n");
    expect_refused_text(text->str, text->len, "size");
    g_string_assign(text, good);
    for (unsigned i = 0; i <= LIMIT_SDP_ATTRIBUTES; i++)
        g_string_append(text, "a=x\r\n");
    expect_refused_text(text->str, text->len, "number of a= lines");
    g_string_assign(text, good);
    g_string_append(text, "a=");
    for (unsigned i = 0; i < 2048; i++)
        g_string_append_c(text, 'x');
    expect_refused_text(text->str, text->len, "line too long");
    g_string_assign(text, good);
    for (unsigned i = 0; i < MEDIA_MAX_SECTIONS; i++)
        g_string_append(text, "m=audio 0 UDP/TLS/RTP/SAVPF 0\r\n");
    expect_refused_text(text->str, text->len, "number of m= lines");
    g_string_free(text, TRUE);

    /* The last line may lack its end, lines may end with LF alone. */
    g_autoptr(GError) error = NULL;
    assert_true(sdp_offer_parse(good, size - 2, &offer, &error));
    g_auto(GStrv) lines = g_strsplit(good, "\r\n", -1);
    g_autofree char *unix_text = g_strjoinv("\n", lines);
    assert_true(sdp_offer_parse(unix_text, strlen(unix_text), &offer, &error));
}

static void what_cannot_be_carried_is_rejected_in_its_place(void **state G_GNUC_UNUSED)
{
    g_autofree char *good = fixture_sdp(1);
    g_auto(GStrv) parts = g_strsplit(good, "VP8/90000", 2);
    g_autofree char *no_vp8 = g_strjoinv("H264/90000", parts);
    assert_true(sdp_offer_parse(no_vp8, strlen(no_vp8), &offer, NULL));
    assert_false(offer.sections[0].rejected);
    assert_true(offer.sections[1].rejected);
    g_auto(GStrv) groups = g_strsplit(good, "BUNDLE 0 1", 2);
    g_autofree char *unbundled = g_strjoinv("BUNDLE 0", groups);
    assert_true(sdp_offer_parse(unbundled, strlen(unbundled), &offer, NULL));
    assert_true(offer.sections[1].rejected);
}

static MediaDescription *answer_to(const MediaDescription *from)
{
    MediaDescription *answer = g_memdup2(from, sizeof *from);
    answer->ice_lite = true;
    answer->setup = MEDIA_SETUP_ACTIVE;
    g_strlcpy(answer->ice_ufrag, "serverufrag", sizeof answer->ice_ufrag);
    answer->n_candidates = 2;
    answer->candidates[0] = (MediaCandidate){"192.0.2.1", 5000, false, 2130706431, "1"};
    answer->candidates[1] = (MediaCandidate){"2001:db8::1", 5000, true, 1, "2"};
    for (unsigned i = 0; i < answer->n_sections; i++) {
        MediaSection *section = &answer->sections[i];
        section->ssrc = 100 + i;
        section->rtx_ssrc = section->codec.rtx_payload_type >= 0 ? 200 + i : 0;
        g_strlcpy(section->cname, "huyula", sizeof section->cname);
        g_strlcpy(section->stream_id, "stream", sizeof section->stream_id);
        g_strlcpy(section->track_id, "track", sizeof section->track_id);
    }
    return answer;
}

static void an_answer_reads_back_as_it_was(void **state G_GNUC_UNUSED)
{
    parse_file("chromium-simulcast.sdp");
    g_autofree MediaDescription *answer = answer_to(&offer);
    g_strlcpy(answer->sections[0].opus_fmtp, "minptime=10;useinbandfec=1",
              sizeof answer->sections[0].opus_fmtp);
    answer->sections[0].ptime_ms = 60;
    g_autofree char *text = sdp_answer_write(answer, 12345, 2);
    static const char *const lines[] = {
        "o=- 12345 2 IN IP4 0.0.0.0",
        "a=ice-lite",
        "a=group:BUNDLE 0 1 2 3",
        "a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host",
        "a=candidate:2 1 tcp 1 2001:db8::1 5000 typ host tcptype passive",
        "a=end-of-candidates",
        "a=fmtp:111 minptime=10;useinbandfec=1",
        "a=ptime:60",
        "a=maxptime:120",
        "a=rtcp-fb:96 nack pli",
        "a=fmtp:97 apt=96",
        "a=ssrc-group:FID 101 201",
        "a=msid:stream track",
        "a=rid:h recv",
        "a=simulcast:recv h;~l",
        "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *line = g_strdup_printf("\r\n%s\r\n", lines[i]);
        if (!strstr(text, line))
            fail_msg("missing: %s", lines[i]);
    }
    /* Candidates once, SSRCs only where the server sends. */
    assert_null(strstr(strstr(text, "a=candidate:2") + 1, "a=candidate"));
    assert_null(strstr(text, "a=ssrc:102"));
    assert_non_null(strstr(text, "\r\na=rtcp-rsize\r\n"));
    for (unsigned i = 0; i < answer->n_sections; i++)
        answer->sections[i].reduced_rtcp = false;
    g_autofree char *compound = sdp_answer_write(answer, 12345, 2);
    assert_null(strstr(compound, "rtcp-rsize"));

    g_autofree MediaDescription *again = g_new0(MediaDescription, 1);
    g_autoptr(GError) error = NULL;
    if (!sdp_offer_parse(text, strlen(text), again, &error))
        fail_msg("%s", error->message);
    assert_true(again->ice_lite);
    assert_int_equal(again->setup, MEDIA_SETUP_ACTIVE);
    assert_string_equal(again->ice_ufrag, "serverufrag");
    assert_memory_equal(again->fingerprint, offer.fingerprint, sizeof offer.fingerprint);
    for (unsigned i = 0; i < 4; i++) {
        assert_string_equal(again->sections[i].mid, answer->sections[i].mid);
        assert_int_equal(again->sections[i].direction, answer->sections[i].direction);
        assert_memory_equal(&again->sections[i].extensions, &answer->sections[i].extensions,
                            sizeof(MediaExtensions));
        assert_int_equal(again->sections[i].codec.rtx_payload_type,
                         answer->sections[i].codec.rtx_payload_type);
    }
    assert_int_equal(again->sections[1].rtx_ssrc, 201);
    assert_true(again->sections[4].rejected);
}

static void rejected_sections_leave_the_bundle(void **state G_GNUC_UNUSED)
{
    parse_file("firefox-sendrecv.sdp");
    g_autofree MediaDescription *answer = answer_to(&offer);
    answer->sections[0].rejected = true;
    g_autofree char *text = sdp_answer_write(answer, 1, 1);
    assert_non_null(strstr(text, "a=group:BUNDLE 1\r\n"));
    assert_non_null(strstr(text, "m=audio 0 UDP/TLS/RTP/SAVPF 0\r\n"));
    const char *video = strstr(text, "m=video 9");
    assert_non_null(video);
    assert_non_null(strstr(video, "a=candidate:1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chromium_sends_and_receives),
        cmocka_unit_test(chromium_simulcast_with_more_sections),
        cmocka_unit_test(firefox_with_session_attributes),
        cmocka_unit_test(gstreamer_as_whip_and_whep_client),
        cmocka_unit_test(faults_are_named),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(what_cannot_be_carried_is_rejected_in_its_place),
        cmocka_unit_test(an_answer_reads_back_as_it_was),
        cmocka_unit_test(rejected_sections_leave_the_bundle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
