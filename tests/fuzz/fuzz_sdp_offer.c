// SPDX-License-Identifier: Apache-2.0
/* Any bytes as an offer. What is accepted keeps its bounds, and an answer made of it can be read.
 */
#include "signaling/sdp_answer.h"
#include "signaling/sdp_offer.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
        g_assert(section->n_rids <= MEDIA_MAX_RIDS);
        g_assert(section->codec.payload_type <= 127 && section->codec.rtx_payload_type <= 127);
        g_assert(section->extensions.mid <= 14 && section->extensions.transport_cc <= 14);
    }
    g_assert(n_carried > 0);
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
        offer.sections[i].n_rids = 0;
    }
    g_autofree char *text = sdp_answer_write(&offer, 1, 1);
    g_assert(sdp_offer_parse(text, strlen(text), &offer, NULL));
    return 0;
}
