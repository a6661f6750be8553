// SPDX-License-Identifier: Apache-2.0
/* A peer's transport address together with the local socket on which it was seen: the key by which
 * a worker finds an endpoint. Plain values; any thread. */
#pragma once
#include <glib.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum { NET_ADDRESS_TEXT_BYTES = 46 };

typedef struct {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } socket_address;
    uint8_t socket_index; /**< which of the worker's sockets, see udp.h */
    uint32_t connection;  /**< which connection of tcp.h; 0: UDP */
} NetAddress;

/** Reads a numeric IPv4 or IPv6 address; false when TEXT is not one. */
bool net_address_parse(const char *text, uint16_t port, NetAddress *ret_address);
/** The numeric address without its port. */
void net_address_text(const NetAddress *address, char ret_text[NET_ADDRESS_TEXT_BYTES]);
uint16_t net_address_port(const NetAddress *address);
/** Size of the socket address for its family; 0 when the address is unset. */
socklen_t net_address_size(const NetAddress *address);

/** The same IPv4 address, or the same IPv6 network of 64 bits, whose hosts change their address by
 * themselves (RFC 8981); whatever the ports. */
bool net_address_same_network(const NetAddress *a, const NetAddress *b);

/** GHashFunc and GEqualFunc over address, port, socket index and connection. */
guint net_address_hash(gconstpointer address);
gboolean net_address_equal(gconstpointer a, gconstpointer b);
