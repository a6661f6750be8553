// SPDX-License-Identifier: Apache-2.0
/* Offers and answers without a network. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first */
#include <cmocka.h>

#include "media/relay/negotiate.h"

#include <string.h>

static const uint8_t FINGERPRINT[32] = {1, 2, 3};

static const NegotiateLocal LOCAL = {
    .fingerprint = FINGERPRINT, .may_publish = true, .may_receive = true};

static MediaSection section(const char *mid, MediaKind kind, MediaDirection direction)
{
    MediaSection section = {
        .kind = kind,
        .direction = direction,
        .codec = {.name = kind == MEDIA_KIND_AUDIO ? MEDIA_CODEC_OPUS : MEDIA_CODEC_VP8,
                  .payload_type = kind == MEDIA_KIND_AUDIO ? 111 : 96,
                  .rtx_payload_type = kind == MEDIA_KIND_AUDIO ? -1 : 97,
                  .red_payload_type = -1,
                  .nack = true,
                  .pli = true,
                  .fir = true,
                  .transport_cc = true,
                  .remb = true},
        .extensions =
            {.mid = 4, .transport_cc = 3, .audio_level = 1, .abs_send_time = 2, .rid = 10},
        .ssrc = 5,
    };
    g_strlcpy(section.mid, mid, sizeof section.mid);
    return section;
}

static MediaDescription *offer_new(void)
{
    MediaDescription *offer = g_new0(MediaDescription, 1);
    g_strlcpy(offer->ice_ufrag, "abcd", sizeof offer->ice_ufrag);
    g_strlcpy(offer->ice_pwd, "0123456789012345678901", sizeof offer->ice_pwd);
    offer->fingerprint[0] = 9;
    offer->setup = MEDIA_SETUP_ACTPASS;
    offer->n_sections = 2;
    offer->sections[0] = section("0", MEDIA_KIND_AUDIO, MEDIA_DIRECTION_SENDRECV);
    offer->sections[1] = section("1", MEDIA_KIND_VIDEO, MEDIA_DIRECTION_SENDRECV);
    return offer;
}

static void assert_refused(const MediaDescription *offer, const EndpointPlan *previous)
{
    static MediaDescription answer;
    static EndpointPlan plan;
    g_autoptr(GError) error = NULL;
    memset(&answer, 0x55, sizeof answer);
    assert_false(negotiate_answer(offer, previous, &LOCAL, &answer, &plan, &error));
    assert_true(g_error_matches(error, MEDIA_ERROR, MEDIA_ERROR_BAD_OFFER));
    assert_int_equal(answer.ice_ufrag[0], 0x55);
}

static void answer_ok(const MediaDescription *offer, const EndpointPlan *previous,
                      const NegotiateLocal *local, MediaDescription *ret_answer,
                      EndpointPlan *ret_plan)
{
    g_autoptr(GError) error = NULL;
    if (!negotiate_answer(offer, previous, local, ret_answer, ret_plan, &error))
        fail_msg("refused: %s", error->message);
}

static void test_first_answer(void **state)
{
    (void)state;
    g_autofree MediaDescription *offer = offer_new();
    static MediaDescription answer;
    static EndpointPlan plan;
    answer_ok(offer, NULL, &LOCAL, &answer, &plan);
    assert_true(answer.ice_lite);
    assert_int_equal(strlen(answer.ice_ufrag), 8);
    assert_int_equal(strlen(answer.ice_pwd), 22);
    assert_memory_equal(answer.fingerprint, FINGERPRINT, 32);
    assert_int_equal(answer.setup, MEDIA_SETUP_ACTIVE);
    assert_true(plan.dtls_gcm_only);
    const MediaSection *audio = &answer.sections[0];
    const MediaSection *video = &answer.sections[1];
    assert_int_equal(audio->direction, MEDIA_DIRECTION_SENDRECV);
    assert_true(audio->codec.nack);
    assert_int_equal(audio->codec.rtx_payload_type, -1);
    assert_int_equal(audio->rtx_ssrc, 0);
    assert_int_not_equal(audio->ssrc, 0);
    assert_string_equal(audio->opus_fmtp,
                        "minptime=10;useinbandfec=1;usedtx=1;maxaveragebitrate=32000");
    assert_int_equal(audio->ptime_ms, 0);
    assert_int_equal(audio->extensions.audio_level, 0);
    assert_true(video->codec.remb && !audio->codec.remb);
    assert_int_equal(video->codec.name, MEDIA_CODEC_VP8);
    assert_int_equal(video->start_kbps, 0);
    assert_int_equal(video->codec.rtx_payload_type, 97);
    assert_int_not_equal(video->rtx_ssrc, 0);
    assert_int_not_equal(video->ssrc, video->rtx_ssrc);
    assert_int_equal(video->extensions.mid, 4);
    assert_int_equal(video->extensions.transport_cc, 3);
    assert_int_equal(video->extensions.rid, 0);
    assert_int_equal(video->n_rids, 0);
    /* One stream each: sound does not wait for a late picture. */
    assert_string_not_equal(audio->stream_id, video->stream_id);
    assert_string_not_equal(audio->track_id, video->track_id);
}

static void test_directions_and_rights(void **state)
{
    (void)state;
    g_autofree MediaDescription *offer = offer_new();
    static MediaDescription answer;
    static EndpointPlan plan;
    offer->sections[0].direction = MEDIA_DIRECTION_SENDONLY;
    offer->sections[1].direction = MEDIA_DIRECTION_RECVONLY;
    answer_ok(offer, NULL, &LOCAL, &answer, &plan);
    assert_int_equal(answer.sections[0].direction, MEDIA_DIRECTION_RECVONLY);
    assert_int_equal(answer.sections[0].ssrc, 0);
    assert_int_equal(answer.sections[1].direction, MEDIA_DIRECTION_SENDONLY);
    assert_true(plan.sections[0].is_source && !plan.sections[0].is_slot);
    NegotiateLocal watcher = LOCAL;
    watcher.may_publish = false;
    answer_ok(offer, NULL, &watcher, &answer, &plan);
    assert_int_equal(answer.sections[0].direction, MEDIA_DIRECTION_INACTIVE);
    assert_false(plan.sections[0].is_source);
}

static void test_dtls_roles(void **state)
{
    (void)state;
    g_autofree MediaDescription *offer = offer_new();
    static MediaDescription answer;
    static EndpointPlan plan;
    static EndpointPlan next;
    offer->setup = MEDIA_SETUP_ACTIVE;
    answer_ok(offer, NULL, &LOCAL, &answer, &plan);
    assert_int_equal(answer.setup, MEDIA_SETUP_PASSIVE);
    offer->setup = MEDIA_SETUP_PASSIVE;
    assert_refused(offer, &plan);
    offer->setup = MEDIA_SETUP_ACTPASS;
    answer_ok(offer, &plan, &LOCAL, &answer, &next);
    assert_int_equal(answer.setup, MEDIA_SETUP_PASSIVE);
    NegotiateLocal passive = LOCAL;
    passive.dtls_passive = true;
    answer_ok(offer, NULL, &passive, &answer, &plan);
    assert_int_equal(answer.setup, MEDIA_SETUP_PASSIVE);
    offer->setup = MEDIA_SETUP_PASSIVE;
    answer_ok(offer, NULL, &LOCAL, &answer, &plan);
    assert_int_equal(answer.setup, MEDIA_SETUP_ACTIVE);
    assert_false(plan.dtls_gcm_only);
}

static void test_later_offers(void **state)
{
    (void)state;
    g_autofree MediaDescription *offer = offer_new();
    static MediaDescription first;
    static MediaDescription second;
    static EndpointPlan plan;
    static EndpointPlan next;
    answer_ok(offer, NULL, &LOCAL, &first, &plan);
    offer->sections[1].direction = MEDIA_DIRECTION_INACTIVE;
    offer->n_sections = 3;
    offer->sections[2] = section("2", MEDIA_KIND_AUDIO, MEDIA_DIRECTION_RECVONLY);
    answer_ok(offer, &plan, &LOCAL, &second, &next);
    assert_string_equal(first.ice_ufrag, second.ice_ufrag);
    assert_int_equal(first.sections[0].ssrc, second.sections[0].ssrc);
    assert_int_equal(second.sections[1].direction, MEDIA_DIRECTION_INACTIVE);
    assert_string_not_equal(second.sections[2].stream_id, second.sections[0].stream_id);
    /* The picture comes back under its old SSRC. */
    offer->sections[1].direction = MEDIA_DIRECTION_SENDRECV;
    answer_ok(offer, &next, &LOCAL, &second, &plan);
    assert_int_equal(first.sections[1].ssrc, second.sections[1].ssrc);
    /* ICE restart: everything else stays. */
    g_strlcpy(offer->ice_ufrag, "efgh", sizeof offer->ice_ufrag);
    answer_ok(offer, &plan, &LOCAL, &second, &next);
    assert_string_not_equal(first.ice_ufrag, second.ice_ufrag);
    assert_string_not_equal(first.ice_pwd, second.ice_pwd);
    assert_int_equal(first.sections[0].ssrc, second.sections[0].ssrc);
}

static void test_rejected_sections_keep_their_place(void **state)
{
    (void)state;
    g_autofree MediaDescription *offer = offer_new();
    static MediaDescription answer;
    static EndpointPlan plan;
    offer->sections[0].rejected = true;
    g_strlcpy(offer->sections[0].proto_kind, "application", sizeof offer->sections[0].proto_kind);
    answer_ok(offer, NULL, &LOCAL, &answer, &plan);
    assert_int_equal(answer.n_sections, 2);
    assert_true(answer.sections[0].rejected);
    assert_string_equal(answer.sections[0].proto_kind, "application");
    assert_false(answer.sections[1].rejected);
    assert_false(plan.sections[0].is_source || plan.sections[0].is_slot);
}

static void test_bad_offers(void **state)
{
    (void)state;
    static MediaDescription answer;
    static EndpointPlan plan;
    g_autofree MediaDescription *good = offer_new();
    answer_ok(good, NULL, &LOCAL, &answer, &plan);
    g_autofree MediaDescription *offer = offer_new();
    offer->ice_ufrag[3] = '\0';
    assert_refused(offer, NULL);
    *offer = *good;
    offer->ice_pwd[10] = '\0';
    assert_refused(offer, NULL);
    *offer = *good;
    offer->ice_lite = true;
    assert_refused(offer, NULL);
    *offer = *good;
    offer->n_sections = 0;
    assert_refused(offer, NULL);
    *offer = *good;
    offer->sections[0].rejected = offer->sections[1].rejected = true;
    assert_refused(offer, NULL);
    *offer = *good;
    g_strlcpy(offer->sections[1].mid, "0", sizeof offer->sections[1].mid);
    assert_refused(offer, NULL);
    *offer = *good;
    offer->sections[1].mid[0] = '\0';
    assert_refused(offer, NULL);
    *offer = *good;
    offer->n_sections = 1;
    assert_refused(offer, &plan);
    *offer = *good;
    offer->fingerprint[5] ^= 1;
    assert_refused(offer, &plan);
    *offer = *good;
    g_strlcpy(offer->sections[1].mid, "7", sizeof offer->sections[1].mid);
    assert_refused(offer, &plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_answer),
        cmocka_unit_test(test_directions_and_rights),
        cmocka_unit_test(test_dtls_roles),
        cmocka_unit_test(test_later_offers),
        cmocka_unit_test(test_rejected_sections_keep_their_place),
        cmocka_unit_test(test_bad_offers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
