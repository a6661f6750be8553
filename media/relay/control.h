// SPDX-License-Identifier: Apache-2.0
/* RTCP from clients: reports, NACK, PLI, FIR. Inside media/relay only; the worker's thread. */
#pragma once
#include "media/relay/endpoint.h"

/** Takes one decrypted compound packet. */
void control_rtcp(Endpoint *endpoint, const uint8_t *data, size_t size);
