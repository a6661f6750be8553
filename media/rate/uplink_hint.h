// SPDX-License-Identifier: Apache-2.0
/* One sender's hint, out of what its link is seen to do (uplink, uplink_red) and what its receivers
 * take (hint): the same for the relay's guard and for the simulator's. Plain value, begins as {0};
 * no allocation; one thread. */
#pragma once
#include "media/rate/hint.h"
#include "media/rate/uplink.h"
#include "media/rate/uplink_red.h"

typedef struct {
    unsigned packet_ms; /* of audio_ladder_at(), last */
    int64_t fec_us;     /* since when its Opus was told to carry the packet before; 0: it is not */
    HintLayers layers;
    uint32_t wire_bps; /* the bitrate for REMB: hint_wire_bps(), as if no picture waited in the
                        * sender's browser (send_lag.h) */
} UplinkHint;

typedef struct {
    const AllocatorWish *wishes; /* of those that receive it */
    size_t n;
    int64_t rtt_us;          /* 0: not known */
    bool is_asked_in_time;   /* lost sound that is asked for comes before it is played */
    bool takes_red;          /* audio/red was negotiated */
    bool has_fec;            /* its packets of speech carry the one before */
    uint32_t came_bps;       /* of all its pictures */
    uint32_t most_video_bps; /* of the wire: send_lag_limit(); 0: no limit */
} UplinkHintInput;

/** What the sender is asked for now. UPLINK learns whether that leaves room for a picture
 * (uplink_set_room()), RED what is lost. */
void uplink_hint_combine(UplinkHint *own, Uplink *uplink, UplinkRed *red,
                         const UplinkHintInput *input, int64_t now_us, MediaHint *ret_hint);
