// SPDX-License-Identifier: Apache-2.0
#include "media/relay/negotiate.h"
#include "server/base/ids.h"
#include "server/base/secret.h"

#include <string.h>

enum {
    ICE_UFRAG_MIN = 4, /* RFC 8839, 5.4 */
    ICE_PWD_MIN = 22,
    RTP_EXTENSION_ID_MAX = 14,
};

/* Both directions of the clinic speak; 32 kbit/s mono is full band, and silence costs nothing. */
static const uint32_t OPUS_BPS = 32000;
static const uint32_t OPUS_MIN_BPS = 6000; /* RFC 7587, 6.1 */
static const uint32_t OPUS_LIMIT_BPS = 510000;
static const uint32_t H264_LEVEL_3_1 = 0x1f; /* 1280x720 at 30 */

static bool bad_offer(GError **error, const char *why)
{
    g_set_error_literal(error, MEDIA_ERROR, MEDIA_ERROR_BAD_OFFER, why);
    return false;
}

static uint32_t random_ssrc(void)
{
    uint32_t ssrc = 0;
    while (ssrc == 0)
        secret_random((uint8_t *)&ssrc, sizeof ssrc);
    return ssrc;
}

static void random_credentials(EndpointPlan *plan)
{
    g_autofree char *ufrag = id_token_new();
    g_autofree char *pwd = id_token_new();
    g_strlcpy(plan->local_ufrag, ufrag, sizeof plan->local_ufrag);
    g_strlcpy(plan->local_pwd, pwd, sizeof plan->local_pwd);
    secret_wipe(pwd, strlen(pwd));
}

static bool check_mids(const MediaDescription *offer, GError **error)
{
    for (unsigned i = 0; i < offer->n_sections; i++) {
        const MediaSection *section = &offer->sections[i];
        if (section->rejected)
            continue;
        if (!section->mid[0])
            return bad_offer(error, "an m-line has no mid");
        for (unsigned k = 0; k < i; k++) {
            if (!offer->sections[k].rejected && strcmp(offer->sections[k].mid, section->mid) == 0)
                return bad_offer(error, "two m-lines have the same mid");
        }
    }
    return true;
}

static bool check_offer(const MediaDescription *offer, const EndpointPlan *previous, GError **error)
{
    if (strlen(offer->ice_ufrag) < ICE_UFRAG_MIN || strlen(offer->ice_pwd) < ICE_PWD_MIN)
        return bad_offer(error, "the ICE credentials are missing or too short");
    if (offer->ice_lite)
        return bad_offer(error, "two ICE-lite agents cannot talk to each other");
    if (offer->n_sections == 0 || offer->n_sections > MEDIA_MAX_SECTIONS)
        return bad_offer(error, "no m-line, or too many");
    bool any = false;
    for (unsigned i = 0; i < offer->n_sections; i++)
        any = any || !offer->sections[i].rejected;
    if (!any && !previous)
        return bad_offer(error, "neither Opus audio nor VP8, H.264 or VP9 video is offered");
    if (!check_mids(offer, error))
        return false;
    if (!previous)
        return true;
    /* RFC 8829, 5.2.2: m-lines never go away. */
    if (offer->n_sections < previous->n_sections)
        return bad_offer(error, "an m-line of the offer before is missing");
    /* RFC 8842, 5.5: another certificate is another DTLS association, here: another endpoint. */
    if (memcmp(offer->fingerprint, previous->fingerprint, sizeof previous->fingerprint) != 0)
        return bad_offer(error, "the certificate changed: a new connection is needed");
    for (unsigned i = 0; i < previous->n_sections; i++) {
        const SectionPlan *old = &previous->sections[i];
        if ((old->is_source || old->is_slot) && !offer->sections[i].rejected &&
            (strcmp(old->mid, offer->sections[i].mid) != 0 || old->kind != offer->sections[i].kind))
            return bad_offer(error, "an m-line in use became another one");
    }
    return true;
}

static uint8_t extension_id(uint8_t id)
{
    return id <= RTP_EXTENSION_ID_MAX ? id : 0;
}

static void plan_audio_codec(const NegotiateLocal *local, SectionPlan *plan)
{
    plan->codec.rtx_payload_type = -1;
    plan->codec.pli = false;
    plan->codec.fir = false;
    plan->codec.remb = false;
    if (!plan->is_slot)
        plan->codec.red_payload_type = -1;
    if (!local->want_audio_level)
        plan->extensions.audio_level = 0;
}

static void plan_video_codec(SectionPlan *plan)
{
    uint32_t level = plan->codec.h264_profile_level & 0xff;
    plan->codec.h264_profile_level -= level - MIN(level, H264_LEVEL_3_1);
    plan->codec.red_payload_type = -1;
    plan->extensions.audio_level = 0;
}

static void plan_codec(const MediaSection *offered, const NegotiateLocal *local, SectionPlan *plan)
{
    plan->codec = offered->codec;
    /* MID is needed until an SSRC is known. Send times would cost bytes in every packet and nobody
     * here reads them. */
    plan->extensions = (MediaExtensions){
        .mid = extension_id(offered->extensions.mid),
        .audio_level = extension_id(offered->extensions.audio_level),
        .transport_cc = extension_id(offered->extensions.transport_cc),
    };
    if (offered->kind == MEDIA_KIND_AUDIO)
        plan_audio_codec(local, plan);
    else
        plan_video_codec(plan);
    if (plan->extensions.transport_cc == 0)
        plan->codec.transport_cc = false;
    else if (!plan->codec.transport_cc)
        plan->extensions.transport_cc = 0;
}

/* All layers or none: one that is not answered is one that a browser stops for good. Their SSRCs
 * are in no offer (RFC 8853, 5.5), so without the RID in the packets they could not be told apart.
 */
static void plan_layers(const MediaSection *offered, const NegotiateLocal *local, SectionPlan *plan)
{
    uint8_t rid = extension_id(offered->extensions.rid);
    if (!local->simulcast || !plan->is_source || offered->kind != MEDIA_KIND_VIDEO ||
        offered->n_rids < 2 || rid == 0)
        return;
    plan->n_layers = offered->n_rids;
    memcpy(plan->layers, offered->rids, sizeof plan->layers);
    plan->extensions.rid = rid;
    if (plan->codec.rtx_payload_type >= 0)
        plan->extensions.repaired_rid = extension_id(offered->extensions.repaired_rid);
}

static void plan_slot(const SectionPlan *old, unsigned ordinal, SectionPlan *plan)
{
    /* Once made, they stay: also through a time in which the m-line does not send. */
    plan->slot_ssrc = old && old->slot_ssrc ? old->slot_ssrc : random_ssrc();
    plan->slot_rtx_ssrc = old && old->slot_rtx_ssrc ? old->slot_rtx_ssrc : random_ssrc();
    g_snprintf(plan->cname, sizeof plan->cname, "huyula-%u", ordinal);
}

/* ORDINAL counts the m-lines of one kind: the k-th audio and the k-th video carry one participant,
 * so they are one stream to the client, whose lips it then moves in time. */
static void plan_section(const MediaSection *offered, const SectionPlan *old,
                         const NegotiateLocal *local, unsigned ordinal, SectionPlan *plan)
{
    memset(plan, 0, sizeof *plan);
    g_strlcpy(plan->mid, offered->mid, sizeof plan->mid);
    plan->kind = offered->kind;
    if (offered->rejected)
        return;
    plan->is_source = local->may_publish && (offered->direction & MEDIA_DIRECTION_SENDONLY);
    plan->is_slot = local->may_receive && (offered->direction & MEDIA_DIRECTION_RECVONLY);
    plan->source_ssrc = offered->ssrc;
    plan->source_rtx_ssrc = offered->rtx_ssrc;
    plan_codec(offered, local, plan);
    plan_layers(offered, local, plan);
    plan_slot(old, ordinal, plan);
}

/* RFC 7587, 6.1: what the client's encoder is asked for. FEC works once the loss is told. */
static void answer_opus(const NegotiateLocal *local, MediaSection *answer)
{
    uint32_t bps = local->opus_max_bps ? local->opus_max_bps : OPUS_BPS;
    g_snprintf(answer->opus_fmtp, sizeof answer->opus_fmtp,
               "minptime=10;useinbandfec=%d;usedtx=1;maxaveragebitrate=%u",
               !local->opus_without_fec, CLAMP(bps, OPUS_MIN_BPS, OPUS_LIMIT_BPS));
    answer->ptime_ms = local->ptime_ms;
}

static void answer_video(const SectionPlan *plan, const NegotiateLocal *local, MediaSection *answer)
{
    if (plan->is_source)
        answer->start_kbps = local->start_kbps;
    answer->n_rids = plan->n_layers;
    memcpy(answer->rids, plan->layers, sizeof answer->rids);
}

static void answer_section(const MediaSection *offered, const SectionPlan *plan,
                           const NegotiateLocal *local, unsigned ordinal, MediaSection *answer)
{
    memset(answer, 0, sizeof *answer);
    g_strlcpy(answer->mid, offered->mid, sizeof answer->mid);
    g_strlcpy(answer->proto_kind, offered->proto_kind, sizeof answer->proto_kind);
    answer->kind = offered->kind;
    answer->rejected = offered->rejected;
    if (offered->rejected)
        return;
    answer->direction = (MediaDirection)((plan->is_slot ? MEDIA_DIRECTION_SENDONLY : 0) |
                                         (plan->is_source ? MEDIA_DIRECTION_RECVONLY : 0));
    answer->codec = plan->codec;
    answer->extensions = plan->extensions;
    answer->reduced_rtcp = offered->reduced_rtcp;
    if (plan->kind == MEDIA_KIND_AUDIO)
        answer_opus(local, answer);
    else
        answer_video(plan, local, answer);
    if (!plan->is_slot)
        return;
    answer->ssrc = plan->slot_ssrc;
    answer->rtx_ssrc = plan->codec.rtx_payload_type >= 0 ? plan->slot_rtx_ssrc : 0;
    g_strlcpy(answer->cname, plan->cname, sizeof answer->cname);
    /* A stream for each: in one of both the browser holds sound back until a late picture has come.
     */
    g_snprintf(answer->stream_id, sizeof answer->stream_id, "%.40s-%s", plan->cname,
               media_kind_name(plan->kind));
    g_snprintf(answer->track_id, sizeof answer->track_id, "%s-%u", media_kind_name(plan->kind),
               ordinal);
}

/* RFC 8842, 5.3; once chosen, the roles stay. */
static bool plan_dtls(const MediaDescription *offer, const EndpointPlan *previous,
                      const NegotiateLocal *local, EndpointPlan *plan, GError **error)
{
    switch (offer->setup) {
    case MEDIA_SETUP_ACTPASS:
        plan->dtls_active = previous ? previous->dtls_active : !local->dtls_passive;
        break;
    case MEDIA_SETUP_ACTIVE:
        plan->dtls_active = false;
        break;
    case MEDIA_SETUP_PASSIVE:
        plan->dtls_active = true;
        break;
    }
    if (previous && previous->dtls_active != plan->dtls_active)
        return bad_offer(error, "the DTLS roles cannot be exchanged: a new connection is needed");
    /* A client that insists on being the DTLS server may know SHA1_80 alone. */
    plan->dtls_gcm_only = offer->setup != MEDIA_SETUP_PASSIVE && !local->dtls_passive;
    memcpy(plan->fingerprint, offer->fingerprint, sizeof plan->fingerprint);
    return true;
}

static void plan_ice(const MediaDescription *offer, const EndpointPlan *previous,
                     EndpointPlan *plan)
{
    g_strlcpy(plan->remote_ufrag, offer->ice_ufrag, sizeof plan->remote_ufrag);
    g_strlcpy(plan->remote_pwd, offer->ice_pwd, sizeof plan->remote_pwd);
    bool restart = !previous || strcmp(previous->remote_ufrag, offer->ice_ufrag) != 0 ||
                   strcmp(previous->remote_pwd, offer->ice_pwd) != 0;
    if (restart) { /* RFC 8839, 4.4.1.1.1: both sides change their credentials */
        random_credentials(plan);
        return;
    }
    memcpy(plan->local_ufrag, previous->local_ufrag, sizeof plan->local_ufrag);
    memcpy(plan->local_pwd, previous->local_pwd, sizeof plan->local_pwd);
}

bool negotiate_answer(const MediaDescription *offer, const EndpointPlan *previous,
                      const NegotiateLocal *local, MediaDescription *ret_answer,
                      EndpointPlan *ret_plan, GError **error)
{
    EndpointPlan plan = {.n_sections = offer->n_sections};
    if (!check_offer(offer, previous, error) || !plan_dtls(offer, previous, local, &plan, error))
        return false;
    plan_ice(offer, previous, &plan);

    memset(ret_answer, 0, sizeof *ret_answer);
    unsigned n_of_kind[MEDIA_N_KINDS] = {0};
    for (unsigned i = 0; i < offer->n_sections; i++) {
        const MediaSection *offered = &offer->sections[i];
        const SectionPlan *old =
            previous && i < previous->n_sections ? &previous->sections[i] : NULL;
        unsigned ordinal = offered->rejected ? 0 : n_of_kind[offered->kind]++;
        plan.reduced_rtcp |= !offered->rejected && offered->reduced_rtcp;
        plan_section(offered, old, local, ordinal, &plan.sections[i]);
        answer_section(offered, &plan.sections[i], local, ordinal, &ret_answer->sections[i]);
    }
    ret_answer->n_sections = offer->n_sections;
    ret_answer->ice_lite = true;
    memcpy(ret_answer->ice_ufrag, plan.local_ufrag, sizeof plan.local_ufrag);
    memcpy(ret_answer->ice_pwd, plan.local_pwd, sizeof plan.local_pwd);
    memcpy(ret_answer->fingerprint, local->fingerprint, sizeof ret_answer->fingerprint);
    ret_answer->setup = plan.dtls_active ? MEDIA_SETUP_ACTIVE : MEDIA_SETUP_PASSIVE;
    *ret_plan = plan;
    return true;
}
