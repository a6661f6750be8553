// SPDX-License-Identifier: Apache-2.0
#include "media/rate/uplink_hint.h"

#include "media/rate/audio_ladder.h"

enum {
    /* libwebrtc smooths what it is told of loss over 10 s: of 20 % its encoder hears 6 after 3.5 s
     * (media/relay/feedback.c), and then it takes a second of speech to be seen. */
    FEC_BEGINS_US = 8 * 1000 * 1000,
};

static bool is_fec_missing(const UplinkHint *own, const UplinkHintInput *input, int64_t now_us)
{
    return own->fec_us != 0 && !input->has_fec && now_us - own->fec_us >= FEC_BEGINS_US;
}

void uplink_hint_combine(UplinkHint *own, Uplink *uplink, UplinkRed *red,
                         const UplinkHintInput *input, int64_t now_us, MediaHint *ret_hint)
{
    uint32_t cap_bps = uplink_cap_bps(uplink);
    const UplinkRedInput lost = {
        .loss = uplink->loss.now,
        .rtt_us = input->rtt_us,
        .is_asked_in_time = input->is_asked_in_time,
        .is_fec_missing = is_fec_missing(own, input, now_us),
        .cap_bps = cap_bps,
        .known_bps = uplink_known_bps(uplink),
    };
    bool wants_red = uplink_red_update(red, &lost, now_us);
    AudioChoice audio;
    audio_ladder_at(cap_bps, own->packet_ms, &audio);
    own->packet_ms = audio.merge_ms;
    HintUplink link = {
        .cap_bps = cap_bps,
        .may_send_video = uplink_may_send_video(uplink),
        .red = wants_red && input->takes_red,
        .fec = uplink_red_is_fec_enough(red),
        .red_twice = uplink_red_is_twice(red),
        .packet_ms = own->packet_ms,
        .red_alone = !input->is_asked_in_time,
        .loss_run_x10 = uplink_red_run_x10(red),
        .most_video_bps = input->most_video_bps,
    };
    bool has_room = hint_combine(input->wishes, input->n, &link, ret_hint);
    uplink_set_room(uplink, has_room, hint_is_screen(input->wishes, input->n));
    if (!link.fec || !ret_hint->audio_fec)
        own->fec_us = 0;
    else if (own->fec_us == 0)
        own->fec_us = now_us;
    hint_add_layers(&own->layers, input->wishes, input->n, input->came_bps, ret_hint, now_us);
    own->wire_bps = hint_wire_bps(ret_hint);
    bool is_layer_awaited = own->layers.is_wanted && !own->layers.on;
    if (link.most_video_bps == 0 || is_layer_awaited)
        return;
    /* Pictures wait for the browser's own estimate, which must not be held down as well. */
    MediaHint whole;
    link.most_video_bps = 0;
    hint_combine(input->wishes, input->n, &link, &whole);
    own->wire_bps = hint_wire_bps(&whole);
}
