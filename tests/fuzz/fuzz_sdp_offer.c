// SPDX-License-Identifier: Apache-2.0
/* Any bytes as an offer. What is accepted keeps its bounds, and an answer made of it can be read.
 */
#include "signaling/sdp_answer.h"
#include "signaling/sdp_offer.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_rids(const MediaSection *section)
{
    g_assert(section->n_rids <= MEDIA_MAX_RIDS);
    for (unsigned i = 0; i < section->n_rids; i++) {
        const char *rid = section->rids[i].rid;
        g_assert(rid[0] != '\0' && memchr(rid, '\0', sizeof section->rids[i].rid));
        g_assert(!strpbrk(rid, " ;,~="));
        for (unsigned k = 0; k < i; k++)
            g_assert(strcmp(section->rids[k].rid, rid) != 0);
    }
}

static void check_codec(const MediaSection *section)
{
    const MediaCodec *codec = &section->codec;
    g_assert(codec->payload_type <= 127 && codec->rtx_payload_type <= 127);
    g_assert(codec->red_payload_type <= 127);
    g_assert((codec->name == MEDIA_CODEC_OPUS) == (section->kind == MEDIA_KIND_AUDIO));
    g_assert(codec->red_payload_type < 0 || codec->name == MEDIA_CODEC_OPUS);
    g_assert(codec->rtx_payload_type < 0 || codec->name != MEDIA_CODEC_OPUS);
    g_assert(codec->payload_type != codec->rtx_payload_type &&
             codec->payload_type != codec->red_payload_type);
    g_assert((codec->name == MEDIA_CODEC_H264) ==
             (media_h264_profile(codec->h264_profile_level) != MEDIA_H264_OTHER));
}

static void check(const MediaDescription *offer)
{
    unsigned n_carried = 0;
    g_assert(offer->n_sections > 0 && offer->n_sections <= MEDIA_MAX_SECTIONS);
    g_assert(memchr(offer->ice_ufrag, '\0', sizeof offer->ice_ufrag));
    g_assert(memchr(offer->ice_pwd, '\0', sizeof offer->ice_pwd));
    for (unsigned i = 0; i < offer->n_sections; i++) {
        const MediaSection *section = &offer->sections[i];
        n_carried += !section->rejected;
        g_assert(section->rejected || section->mid[0] != '\0');
        check_rids(section);
        if (!section->rejected)
            check_codec(section);
        g_assert(section->extensions.mid <= 14 && section->extensions.transport_cc <= 14);
    }
    g_assert(n_carried > 0);
}

static void check_same(const MediaSection *before, const MediaSection *after)
{
    const MediaCodec *a = &before->codec;
    const MediaCodec *b = &after->codec;
    g_assert(before->rejected == after->rejected);
    if (before->rejected)
        return;
    g_assert(a->name == b->name && a->payload_type == b->payload_type);
    g_assert(a->rtx_payload_type == b->rtx_payload_type);
    g_assert(a->red_payload_type == b->red_payload_type);
    g_assert(a->h264_profile_level == b->h264_profile_level);
    g_assert(a->nack == b->nack && a->pli == b->pli && a->fir == b->fir);
    g_assert(a->transport_cc == b->transport_cc && a->remb == b->remb);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static MediaDescription offer;
    if (!sdp_offer_parse((const char *)data, size, &offer, NULL))
        return 0;
    check(&offer);
    for (unsigned i = 0; i < offer.n_sections; i++) {
        g_strlcpy(offer.sections[i].cname, "c", sizeof offer.sections[i].cname);
        g_strlcpy(offer.sections[i].stream_id, "s", sizeof offer.sections[i].stream_id);
        g_strlcpy(offer.sections[i].track_id, "t", sizeof offer.sections[i].track_id);
        offer.sections[i].start_kbps = 60;
    }
    g_autofree char *text = sdp_answer_write(&offer, 1, 1);
    static MediaDescription again;
    g_assert(sdp_offer_parse(text, strlen(text), &again, NULL));
    for (unsigned i = 0; i < offer.n_sections; i++)
        check_same(&offer.sections[i], &again.sections[i]);
    return 0;
}
