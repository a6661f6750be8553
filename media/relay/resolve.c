// SPDX-License-Identifier: Apache-2.0
#include "media/relay/resolve.h"
#include "media/rtp/rtpext.h"

#include <string.h>

static int section_by_mid(const Endpoint *endpoint, const uint8_t *packet, const RtpHeader *header)
{
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        const SectionPlan *plan = &endpoint->plan.sections[i];
        RtpExtension extension;
        char mid[sizeof plan->mid];
        if (plan->is_source && plan->extensions.mid != 0 &&
            rtpext_find(packet, header, plan->extensions.mid, &extension) &&
            rtpext_text(&extension, mid, sizeof mid) && strcmp(mid, plan->mid) == 0)
            return (int)i;
    }
    return ENDPOINT_STREAM_NONE;
}

/* RFC 9143, 9.2: the payload type decides when one m-line alone has it. */
static int section_by_payload_type(const Endpoint *endpoint, uint8_t payload_type)
{
    int found = ENDPOINT_STREAM_NONE;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        const SectionPlan *plan = &endpoint->plan.sections[i];
        if (!plan->is_source || (plan->codec.payload_type != payload_type &&
                                 plan->codec.red_payload_type != payload_type &&
                                 plan->codec.rtx_payload_type != payload_type))
            continue;
        if (found != ENDPOINT_STREAM_NONE)
            return ENDPOINT_STREAM_NONE;
        found = (int)i;
    }
    return found;
}

/* RTX names its layer by the repaired RID, or, as an SSRC of its own, by RID. */
static int layer_by_rid(const SectionPlan *plan, bool is_rtx, const uint8_t *packet,
                        const RtpHeader *header)
{
    RtpExtension extension;
    if (is_rtx && plan->extensions.repaired_rid != 0 &&
        rtpext_find(packet, header, plan->extensions.repaired_rid, &extension))
        return plan_layer(plan, extension.data, extension.size);
    if (plan->extensions.rid != 0 && rtpext_find(packet, header, plan->extensions.rid, &extension))
        return plan_layer(plan, extension.data, extension.size);
    return -1;
}

void resolve_stream(Endpoint *endpoint, Stream *stream, const uint8_t *packet,
                    const RtpHeader *header)
{
    int section = section_by_mid(endpoint, packet, header);
    if (section == ENDPOINT_STREAM_NONE)
        section = section_by_payload_type(endpoint, header->payload_type);
    if (section == ENDPOINT_STREAM_NONE)
        return;
    const SectionPlan *plan = &endpoint->plan.sections[section];
    Source *source = endpoint->sources[section];
    bool is_rtx = header->payload_type == source->codec.rtx_payload_type;
    if (!is_rtx && header->payload_type != source->codec.payload_type &&
        header->payload_type != source->codec.red_payload_type)
        return;
    int layer = plan->n_layers > 0 ? layer_by_rid(plan, is_rtx, packet, header) : 0;
    if (layer < 0)
        return;
    stream->section = (int8_t)section;
    stream->layer = (uint8_t)layer;
    stream->is_rtx = is_rtx;
    stream->is_resolved = true;
    Layer *target = &source->layers[layer];
    if (is_rtx || target->ssrc == stream->ssrc)
        return;
    if (target->ssrc != 0)
        endpoint_restart_layer(target, stream->ssrc);
    else
        target->ssrc = stream->ssrc;
}
