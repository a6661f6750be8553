// SPDX-License-Identifier: Apache-2.0
/* How a client's link is shared: what there is to send, put to rate/allocator.h, and its plan,
 * carried out in the slots. Inside media/relay only; the worker's thread. */
#pragma once
#include "media/relay/endpoint.h"

/** Makes a new plan and carries it out. */
void downlink_update(Endpoint *endpoint);
