// SPDX-License-Identifier: Apache-2.0
/* The last step of everything that leaves for an endpoint's client: header extensions, protection,
 * the path, and what it costs the client's link. Inside media/relay only; the worker's thread. */
#pragma once
#include "media/rate/send_rate.h"
#include "media/relay/endpoint.h"
#include "media/rtp/rtcp.h"
#include "media/rtp/rtp.h"

enum {
    TRANSMIT_RTCP_HEAD_BYTES = 32,    /* at most, what transmit_rtcp() puts before feedback */
    TRANSMIT_RTCP_TRAILER_BYTES = 20, /* tag and index (RFC 7714, 9.2) */
    TRANSMIT_TAG_BYTES = 16,          /* of AES-GCM; SHA1_80 has 10 */
    TRANSMIT_CAPACITY = UDP_PACKET_BYTES - CRYPT_MAX_TRAILER_BYTES,
};

/** A packet as it left. DATA is the ciphertext, good until the next packet is sent. */
typedef struct {
    const uint8_t *data;
    size_t size;
    size_t plain_size; /**< before protection */
} TransmitSent;

/** Keys, a path and a state that allow it. */
bool transmit_is_possible(const Endpoint *endpoint);
/** IP and UDP, or TCP and its frame, around SIZE bytes to the client. */
size_t transmit_wire_bytes(const Endpoint *endpoint, size_t size);
/** What a packet of N_PAYLOAD bytes on the slot will take on the wire, about. */
size_t transmit_expected_bytes(const Slot *slot, size_t n_payload);

/** Sends an RTP packet of the slot; BUILD comes without extensions. The number in it is spent then,
 * whatever comes out. False: it cannot be sent. */
bool transmit_rtp(Slot *slot, const RtpBuild *build, const uint8_t *payload, size_t n_payload,
                  SendKind kind, TransmitSent *ret_sent) G_GNUC_WARN_UNUSED_RESULT;
/** Sends the RTX packet of a plaintext PACKET that has left before, under the RTX stream's next
 * number. False: it is not sent. */
bool transmit_rtx(Slot *slot, const uint8_t *packet, size_t size);
/** Sends a packet of padding only, on the RTX stream, of about WIRE_BYTES and at most what one
 * packet holds; what it took on the wire, 0: none can be sent. */
size_t transmit_padding(Slot *slot, size_t wire_bytes);
/** Sends the same ciphertext of the slot once more. */
void transmit_again(Slot *slot, const uint8_t *data, size_t size);
/** Protects and sends what was written into udp_port_reserve(). */
void transmit_rtcp(Endpoint *endpoint, const RtcpWriter *writer);
/** Sends bytes as they are (DTLS, STUN) to ADDRESS. */
void transmit_raw(Endpoint *endpoint, const uint8_t *data, size_t size, const NetAddress *address);
