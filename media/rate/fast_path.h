// SPDX-License-Identifier: Apache-2.0
/**
 * How long sound alone has to show what a path carries before a picture is sent over it.
 *
 * A link of 60 kbit/s has a packet of 1,200 bytes on its line for 160 ms, and the handshake sends
 * several: where answers come within 120 ms and the sound stands in no queue, four round
 * trips show as much as a second does elsewhere.
 */
#pragma once

#include <stdint.h>

/** Microseconds of sound. RTT_US 0: not known. QUEUE_US: how much later than it could the last of
 * it came. USUAL_US: for a path of which nothing is known; never more than that comes back. */
int64_t fast_path_proof_us(int64_t rtt_us, int64_t queue_us, int64_t usual_us);
