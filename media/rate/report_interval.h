// SPDX-License-Identifier: Apache-2.0
/** How far apart sender and receiver reports are (RFC 3550, 6.2). */
#pragma once

#include <stdint.h>

/** libwebrtc's for pictures (rtcp_sender.h). */
enum { REPORT_INTERVAL_USUAL_US = 1000 * 1000 };

/** Microseconds to the next report. TARGET_BPS: what the link to the client carries. FLOWING_US:
 * for how long the youngest of the streams that it is sent has been flowing (its first reports
 * bring sound and picture in time); 0: it is sent nothing, so that TARGET_BPS says nothing. */
int64_t report_interval_us(uint32_t target_bps, int64_t flowing_us);
