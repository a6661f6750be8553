// SPDX-License-Identifier: Apache-2.0
/* The packet path: one decrypted RTP packet from a client to the slots that carry its source. No
 * allocation, lock or system call in here but for the batch. Inside media/relay only; the worker's
 * thread. */
#pragma once
#include "media/relay/endpoint.h"

/** Takes one authentic packet; it may be changed in place. */
void forward_rtp(Endpoint *endpoint, uint8_t *packet, size_t size);
