// SPDX-License-Identifier: Apache-2.0
/* What the main thread is told of an endpoint's media: samples, and that a kind flows or stops.
 * Inside media/relay only; the worker's thread. */
#pragma once
#include "media/relay/endpoint.h"

enum { SAMPLE_INTERVAL_US = 10 * 1000 * 1000 };

/** Emits a sample of the totals so far. */
void sample_emit(Endpoint *endpoint, bool is_final);
/** Emits that the client's media of KIND flows from now, or stopped with its last packet. */
void sample_set_flowing(Endpoint *endpoint, MediaKind kind, bool is_flowing);
