// SPDX-License-Identifier: Apache-2.0
/* Sorts one datagram from the port: STUN, DTLS, SRTP, SRTCP; whose it is; whether it is authentic.
 * Inside media/relay only; the worker's thread. */
#pragma once
#include "media/relay/worker.h"

void packet_in(Worker *worker, UdpPacket *packet);
