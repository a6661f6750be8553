// SPDX-License-Identifier: Apache-2.0
/** How far apart sender and receiver reports are (RFC 3550, 6.2). */
#pragma once

#include <stdint.h>

/** Microseconds to the next report. TARGET_BPS: what the link to the client carries. CONNECTED_US:
 * for how long the client has been connected; sound and picture are brought in time by the first
 * reports. */
int64_t report_interval_us(uint32_t target_bps, int64_t connected_us);
