// SPDX-License-Identifier: Apache-2.0
/* One worker's UDP port, bound on every configured address, read and written in batches
 * (recvmmsg, sendmmsg) from buffers made once. One thread: the worker's. */
#pragma once
#include "media/transport/address.h"
#include <glib.h>
#include <stdint.h>

enum {
    UDP_MAX_SOCKETS = 8,
    UDP_BATCH = 64,
    UDP_PACKET_BYTES = 2048, /**< a buffer; what is sent stays under 1,500 */
};

typedef struct {
    uint8_t *data; /**< may be changed in place; room for UDP_PACKET_BYTES */
    size_t size;
    NetAddress from;
} UdpPacket;

typedef struct {
    uint64_t packets_sent, bytes_sent, send_dropped;
    uint64_t packets_received, bytes_received;
} UdpCounters;

typedef struct UdpPort UdpPort;
typedef struct TcpPort TcpPort;

/** Binds PORT (0: any, but the same on all) on each of ADDRESSES (NULL-ended, numeric). */
UdpPort *udp_port_new(const char *const *addresses, uint16_t port, GError **error);
void udp_port_free(UdpPort *port);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UdpPort, udp_port_free)

uint16_t udp_port_number(const UdpPort *port);
unsigned udp_port_n_sockets(const UdpPort *port);
int udp_port_fd(const UdpPort *port, unsigned socket_index);
const UdpCounters *udp_port_counters(const UdpPort *port);

/** Takes up to UDP_BATCH waiting datagrams of one socket into PACKETS; how many. The bytes stay
 * valid until the next call. */
unsigned udp_port_receive(UdpPort *port, unsigned socket_index, UdpPacket packets[UDP_BATCH]);

/** The next free send buffer, of UDP_PACKET_BYTES; the same one until udp_port_commit(). */
uint8_t *udp_port_reserve(UdpPort *port);
/** Queues the reserved buffer's first SIZE bytes; flushes when the batch is full. */
void udp_port_commit(UdpPort *port, size_t size, const NetAddress *to);
/** Copies and queues. */
void udp_port_send(UdpPort *port, const uint8_t *data, size_t size, const NetAddress *to);
/** Packets to addresses with a connection leave through TCP (unowned; outlives the port). */
void udp_port_set_tcp(UdpPort *port, TcpPort *tcp);
/** Hands the batch to the kernel; what its buffer does not take is dropped and counted. */
void udp_port_flush(UdpPort *port);
