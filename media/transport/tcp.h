// SPDX-License-Identifier: Apache-2.0
/* One worker's TCP port for clients whose network lets no UDP through: passive ICE-TCP candidates
 * (RFC 6544), each datagram behind a length of 16 bits (RFC 4571). A connection is a peer address
 * with NetAddress.connection set; UdpPort hands such packets over, so that the relay sees datagrams
 * only. Strangers may connect: whoever sends no valid check in time, or anything but checks before
 * it, is cut off. No allocation but for a new connection. One thread: the worker's. */
#pragma once
#include "media/transport/udp.h"

enum {
    TCP_MAX_CONNECTIONS = 512,
    TCP_MAX_PER_ADDRESS = 64,    /**< a clinic behind one NAT; of IPv6 a /64 counts as one */
    TCP_QUEUE_BYTES = 16 * 1024, /**< what waits for a slow reader; more is dropped */
    TCP_HALF_OPEN_US = 10 * 1000 * 1000,
    TCP_IDLE_US = 30 * 1000 * 1000,   /**< without a valid check: RFC 7675's consent */
    TCP_SPARE_US = 10 * 1000 * 1000,  /**< nothing but checks: a path in reserve, gives way */
    TCP_STALLED_US = 5 * 1000 * 1000, /**< a reader that takes nothing is gone */
    TCP_HALF_OPEN_BYTES = 8 * 1024,   /**< checks only, and not many */
};

typedef struct {
    uint64_t packets_received, bytes_received; /**< datagrams, without their lengths */
    uint64_t accepted, refused;                /**< refused: over a limit */
    uint64_t cut_off; /**< bad frames, no check in time, stalled, in reserve when all are taken */
} TcpCounters;

/** Listens on PORT (0: any, the same on all) of each of ADDRESSES (NULL-ended, numeric). */
TcpPort *tcp_port_new(const char *const *addresses, uint16_t port, GError **error);
void tcp_port_free(TcpPort *port);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TcpPort, tcp_port_free)

uint16_t tcp_port_number(const TcpPort *port);
/** Readable when tcp_port_receive() has work. */
int tcp_port_fd(const TcpPort *port);
unsigned tcp_port_n_connections(const TcpPort *port);
const TcpCounters *tcp_port_counters(const TcpPort *port);

/** The connection of ADDRESS is gone, or goes before the next packet; nothing comes from it or
 * leaves for it any more, and no later connection has this address. */
typedef void (*TcpClosedFunc)(const NetAddress *address, gpointer user_data);
/** FUNC hears of every end but those in tcp_port_free(). It is called by tcp_port_receive() and
 * tcp_port_tick(), never while a packet is handed over. */
void tcp_port_on_closed(TcpPort *port, TcpClosedFunc func, gpointer user_data);

/** PACKET's bytes are good until the function returns and may be changed in place. */
typedef void (*TcpPacketFunc)(UdpPacket *packet, gpointer user_data);

/** Accepts, reads and writes what is possible now; FUNC gets each datagram. */
void tcp_port_receive(TcpPort *port, int64_t now_us, TcpPacketFunc func, gpointer user_data);
/** Sends one datagram; false when the connection is gone or its queue full: dropped. */
bool tcp_port_send(TcpPort *port, const uint8_t *data, size_t size, const NetAddress *to);
/** A valid check came over the connection. */
void tcp_port_confirm(TcpPort *port, const NetAddress *from, int64_t now_us);
/** Nobody knows FROM any more: the connection is closed at the next tick, after what is still on
 * its way to it, unless a valid check comes first. */
void tcp_port_retire(TcpPort *port, const NetAddress *from);
/** Closes what took too long; cheap, so at any time. */
void tcp_port_tick(TcpPort *port, int64_t now_us);
