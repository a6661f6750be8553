// SPDX-License-Identifier: Apache-2.0
/* Codecs, redundancy, layers and encoder parameters in answers and plans. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first */
#include <cmocka.h>

#include "media/relay/negotiate.h"

#include <string.h>

static const uint8_t FINGERPRINT[32] = {1, 2, 3};

static MediaDescription offer, answer;
static EndpointPlan plan;
static NegotiateLocal local;

/* Sound with RED and levels, VP8 with two layers of which the second is paused. */
static int reset(void **state)
{
    (void)state;
    local = (NegotiateLocal){.fingerprint = FINGERPRINT, .may_publish = true, .may_receive = true};
    offer = (MediaDescription){.setup = MEDIA_SETUP_ACTPASS, .n_sections = 2};
    g_strlcpy(offer.ice_ufrag, "abcd", sizeof offer.ice_ufrag);
    g_strlcpy(offer.ice_pwd, "0123456789012345678901", sizeof offer.ice_pwd);
    offer.sections[0] = (MediaSection){
        .mid = "0",
        .kind = MEDIA_KIND_AUDIO,
        .direction = MEDIA_DIRECTION_SENDRECV,
        .codec = {.name = MEDIA_CODEC_OPUS,
                  .payload_type = 111,
                  .rtx_payload_type = -1,
                  .red_payload_type = 63,
                  .remb = true},
        .extensions = {.mid = 4, .audio_level = 1},
    };
    offer.sections[1] = (MediaSection){
        .mid = "1",
        .kind = MEDIA_KIND_VIDEO,
        .direction = MEDIA_DIRECTION_SENDRECV,
        .codec = {.name = MEDIA_CODEC_VP8,
                  .payload_type = 96,
                  .rtx_payload_type = 97,
                  .red_payload_type = 98,
                  .remb = true},
        .extensions = {.mid = 4, .audio_level = 1, .rid = 10, .repaired_rid = 11},
        .n_rids = 2,
        .rids = {{"h", true}, {"l", false}},
    };
    return 0;
}

static void negotiate(void)
{
    g_autoptr(GError) error = NULL;
    if (!negotiate_answer(&offer, NULL, &local, &answer, &plan, &error))
        fail_msg("refused: %s", error->message);
}

static void test_red_only_where_the_client_receives(void **state)
{
    (void)state;
    negotiate();
    assert_int_equal(plan.sections[0].codec.red_payload_type, 63);
    assert_int_equal(answer.sections[0].codec.red_payload_type, 63);
    assert_int_equal(answer.sections[1].codec.red_payload_type, -1);
    offer.sections[0].direction = MEDIA_DIRECTION_SENDONLY;
    negotiate();
    assert_int_equal(plan.sections[0].codec.red_payload_type, -1);
    assert_int_equal(answer.sections[0].codec.red_payload_type, -1);
}

static void test_audio_levels_only_when_wanted(void **state)
{
    (void)state;
    negotiate();
    assert_int_equal(answer.sections[0].extensions.audio_level, 0);
    local.want_audio_level = true;
    negotiate();
    assert_int_equal(plan.sections[0].extensions.audio_level, 1);
    assert_int_equal(answer.sections[0].extensions.audio_level, 1);
    assert_int_equal(answer.sections[1].extensions.audio_level, 0);
    offer.sections[0].extensions.audio_level = 15;
    negotiate();
    assert_int_equal(answer.sections[0].extensions.audio_level, 0);
}

static void test_remb_for_video(void **state)
{
    (void)state;
    negotiate();
    assert_true(plan.sections[1].codec.remb && answer.sections[1].codec.remb);
    assert_false(plan.sections[0].codec.remb || answer.sections[0].codec.remb);
    offer.sections[1].codec.remb = false;
    negotiate();
    assert_false(answer.sections[1].codec.remb);
}

static void test_start_rate_for_who_sends_video(void **state)
{
    (void)state;
    local.start_kbps = 60;
    negotiate();
    assert_int_equal(answer.sections[0].start_kbps, 0);
    assert_int_equal(answer.sections[1].start_kbps, 60);
    offer.sections[1].direction = MEDIA_DIRECTION_RECVONLY;
    negotiate();
    assert_int_equal(answer.sections[1].start_kbps, 0);
}

static void test_opus_parameters(void **state)
{
    (void)state;
    local.opus_max_bps = 12000;
    local.opus_without_fec = true;
    local.ptime_ms = 60;
    negotiate();
    assert_string_equal(answer.sections[0].opus_fmtp,
                        "minptime=10;useinbandfec=0;usedtx=1;maxaveragebitrate=12000");
    assert_int_equal(answer.sections[0].ptime_ms, 60);
    assert_string_equal(answer.sections[1].opus_fmtp, "");
    assert_int_equal(answer.sections[1].ptime_ms, 0);
    local.opus_max_bps = 1;
    negotiate();
    assert_non_null(strstr(answer.sections[0].opus_fmtp, "maxaveragebitrate=6000"));
    local.opus_max_bps = UINT32_MAX;
    negotiate();
    assert_non_null(strstr(answer.sections[0].opus_fmtp, "maxaveragebitrate=510000"));
}

static void assert_no_layers(void)
{
    negotiate();
    assert_int_equal(plan.sections[1].n_layers, 0);
    assert_int_equal(answer.sections[1].n_rids, 0);
    assert_int_equal(answer.sections[1].extensions.rid, 0);
    assert_int_equal(answer.sections[1].extensions.repaired_rid, 0);
}

static void test_no_layers_unless_asked_for(void **state)
{
    (void)state;
    assert_no_layers();
    local.simulcast = true;
    offer.sections[1].extensions.rid = 0; /* nothing to tell them apart by */
    assert_no_layers();
    offer.sections[1].extensions.rid = 10;
    offer.sections[1].n_rids = 1;
    assert_no_layers();
    offer.sections[1].n_rids = 2;
    offer.sections[1].direction = MEDIA_DIRECTION_RECVONLY;
    assert_no_layers();
    offer.sections[1].direction = MEDIA_DIRECTION_SENDRECV;
    local.may_publish = false;
    assert_no_layers();
}

static void test_layers_as_offered(void **state)
{
    (void)state;
    local.simulcast = true;
    negotiate();
    const SectionPlan *video = &plan.sections[1];
    assert_int_equal(video->n_layers, 2);
    assert_string_equal(video->layers[0].rid, "h");
    assert_string_equal(video->layers[1].rid, "l");
    assert_true(video->layers[0].active && !video->layers[1].active);
    assert_int_equal(video->extensions.rid, 10);
    assert_int_equal(video->extensions.repaired_rid, 11);
    assert_int_equal(answer.sections[1].n_rids, 2);
    assert_string_equal(answer.sections[1].rids[1].rid, "l");
    assert_false(answer.sections[1].rids[1].active);
    assert_int_equal(answer.sections[1].extensions.rid, 10);
    assert_int_equal(answer.sections[1].extensions.repaired_rid, 11);
    assert_int_equal(plan.sections[0].n_layers, 0);
    /* Without retransmissions nothing is repaired under another RID. */
    offer.sections[1].codec.rtx_payload_type = -1;
    negotiate();
    assert_int_equal(answer.sections[1].extensions.rid, 10);
    assert_int_equal(answer.sections[1].extensions.repaired_rid, 0);
    /* All of them paused, until the relay lets video begin. */
    offer.sections[1].rids[0].active = false;
    negotiate();
    assert_int_equal(plan.sections[1].n_layers, 2);
    assert_false(answer.sections[1].rids[0].active);
}

static void test_layer_of_a_packet(void **state)
{
    (void)state;
    local.simulcast = true;
    offer.sections[1].rids[1] = (MediaRid){"low", true};
    negotiate();
    const SectionPlan *video = &plan.sections[1];
    assert_int_equal(plan_layer(video, (const uint8_t *)"h", 1), 0);
    assert_int_equal(plan_layer(video, (const uint8_t *)"low", 3), 1);
    assert_int_equal(plan_layer(video, (const uint8_t *)"lox", 3), -1);
    assert_int_equal(plan_layer(video, (const uint8_t *)"lo", 2), -1);
    assert_int_equal(plan_layer(video, (const uint8_t *)"lowest", 6), -1);
    assert_int_equal(plan_layer(video, (const uint8_t *)"", 0), -1);
    assert_int_equal(plan_layer(&plan.sections[0], (const uint8_t *)"h", 1), -1);
}

static void test_h264_level_of_the_answer(void **state)
{
    (void)state;
    static const struct {
        uint32_t offered, answered;
    } rows[] = {
        {0x42e01f, 0x42e01f},
        {0x42e034, 0x42e01f}, /* 5.2 */
        {0x42001f, 0x42001f},
        {0x42e00d, 0x42e00d}, /* 1.3 */
    };
    offer.sections[1].codec.name = MEDIA_CODEC_H264;
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        offer.sections[1].codec.h264_profile_level = rows[i].offered;
        negotiate();
        assert_int_equal(answer.sections[1].codec.h264_profile_level, rows[i].answered);
        assert_int_equal(plan.sections[1].codec.h264_profile_level, rows[i].answered);
        assert_int_equal(answer.sections[1].codec.name, MEDIA_CODEC_H264);
    }
}

static void test_h264_profiles(void **state)
{
    (void)state;
    static const struct {
        uint32_t profile_level;
        MediaH264Profile profile;
    } rows[] = {
        {0x42e01f, MEDIA_H264_CONSTRAINED_BASELINE},
        {0x42c015, MEDIA_H264_CONSTRAINED_BASELINE},
        {0x42401f, MEDIA_H264_CONSTRAINED_BASELINE},
        {0x42001f, MEDIA_H264_BASELINE},
        {0x42801f, MEDIA_H264_BASELINE},
        {0x4d801f, MEDIA_H264_CONSTRAINED_BASELINE},
        {0x4d001f, MEDIA_H264_OTHER},
        {0x58c01f, MEDIA_H264_CONSTRAINED_BASELINE},
        {0x58801f, MEDIA_H264_BASELINE},
        {0x58401f, MEDIA_H264_OTHER},
        {0x42e11f, MEDIA_H264_OTHER},
        {0x640c1f, MEDIA_H264_OTHER},
        {0, MEDIA_H264_OTHER},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_int_equal(media_h264_profile(rows[i].profile_level), rows[i].profile);
}

static void test_who_can_carry_what(void **state)
{
    (void)state;
    const MediaCodec opus = {.name = MEDIA_CODEC_OPUS}, vp8 = {.name = MEDIA_CODEC_VP8},
                     vp9 = {.name = MEDIA_CODEC_VP9},
                     baseline = {.name = MEDIA_CODEC_H264, .h264_profile_level = 0x42001f},
                     constrained = {.name = MEDIA_CODEC_H264, .h264_profile_level = 0x42e01f},
                     high = {.name = MEDIA_CODEC_H264, .h264_profile_level = 0x64001f};
    assert_true(plan_can_carry(&opus, &opus) && plan_can_carry(&vp8, &vp8));
    assert_true(plan_can_carry(&vp9, &vp9));
    assert_false(plan_can_carry(&vp8, &vp9) || plan_can_carry(&vp9, &vp8));
    assert_false(plan_can_carry(&vp8, &constrained) || plan_can_carry(&constrained, &vp8));
    assert_true(plan_can_carry(&constrained, &constrained));
    assert_true(plan_can_carry(&constrained, &baseline));
    assert_true(plan_can_carry(&baseline, &baseline));
    assert_false(plan_can_carry(&baseline, &constrained));
    assert_false(plan_can_carry(&constrained, &high) || plan_can_carry(&high, &high));
}

static void test_codec_names(void **state)
{
    (void)state;
    assert_string_equal(media_codec_name(MEDIA_CODEC_OPUS), "opus");
    assert_string_equal(media_codec_name(MEDIA_CODEC_VP8), "VP8");
    assert_string_equal(media_codec_name(MEDIA_CODEC_H264), "H264");
    assert_string_equal(media_codec_name(MEDIA_CODEC_VP9), "VP9");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_red_only_where_the_client_receives, reset),
        cmocka_unit_test_setup(test_audio_levels_only_when_wanted, reset),
        cmocka_unit_test_setup(test_remb_for_video, reset),
        cmocka_unit_test_setup(test_start_rate_for_who_sends_video, reset),
        cmocka_unit_test_setup(test_opus_parameters, reset),
        cmocka_unit_test_setup(test_no_layers_unless_asked_for, reset),
        cmocka_unit_test_setup(test_layers_as_offered, reset),
        cmocka_unit_test_setup(test_layer_of_a_packet, reset),
        cmocka_unit_test_setup(test_h264_level_of_the_answer, reset),
        cmocka_unit_test(test_h264_profiles),
        cmocka_unit_test(test_who_can_carry_what),
        cmocka_unit_test(test_codec_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
