// SPDX-License-Identifier: Apache-2.0
/* How an Uplink's cap grows. Inside uplink.c only. */
#pragma once
#include "media/rate/uplink.h"

enum {
    UPLINK_SLOW_BPS = 200 * 1000, /* packets are few: rates over a second */
    UPLINK_STEP_US = 1000 * 1000, /* between two steps, at least */
};

/** A step up, by what trains of packets showed since the last one, where the cap is used; the link
 * has been quiet and the time for a step has come. RTT_US 0: not known. */
void uplink_step_up(Uplink *uplink, int64_t rtt_us, int64_t now_us);

/** Nothing fills the cap (sound alone, single pictures): slowly back to what the link has carried
 * without a queue. */
void uplink_regain(Uplink *uplink, int64_t now_us);
