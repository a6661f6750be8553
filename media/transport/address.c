// SPDX-License-Identifier: Apache-2.0
#include "media/transport/address.h"

#include <arpa/inet.h>
#include <string.h>

enum { NETWORK_PREFIX_BYTES = 8 }; /* RFC 4291, 2.5.4: an interface's own half follows */

bool net_address_parse(const char *text, uint16_t port, NetAddress *ret_address)
{
    NetAddress address = {0};
    if (inet_pton(AF_INET, text, &address.socket_address.v4.sin_addr) == 1) {
        address.socket_address.v4.sin_family = AF_INET;
        address.socket_address.v4.sin_port = htons(port);
    } else if (inet_pton(AF_INET6, text, &address.socket_address.v6.sin6_addr) == 1) {
        address.socket_address.v6.sin6_family = AF_INET6;
        address.socket_address.v6.sin6_port = htons(port);
    } else {
        return false;
    }
    *ret_address = address;
    return true;
}

void net_address_text(const NetAddress *address, char ret_text[NET_ADDRESS_TEXT_BYTES])
{
    const void *bytes = address->socket_address.any.sa_family == AF_INET6
                            ? (const void *)&address->socket_address.v6.sin6_addr
                            : (const void *)&address->socket_address.v4.sin_addr;
    if (!inet_ntop(address->socket_address.any.sa_family, bytes, ret_text, NET_ADDRESS_TEXT_BYTES))
        ret_text[0] = '\0';
}

uint16_t net_address_port(const NetAddress *address)
{
    return ntohs(address->socket_address.any.sa_family == AF_INET6
                     ? address->socket_address.v6.sin6_port
                     : address->socket_address.v4.sin_port);
}

socklen_t net_address_size(const NetAddress *address)
{
    switch (address->socket_address.any.sa_family) {
    case AF_INET:
        return sizeof address->socket_address.v4;
    case AF_INET6:
        return sizeof address->socket_address.v6;
    default:
        return 0;
    }
}

bool net_address_same_network(const NetAddress *a, const NetAddress *b)
{
    if (a->socket_address.any.sa_family != b->socket_address.any.sa_family)
        return false;
    if (a->socket_address.any.sa_family == AF_INET6)
        return memcmp(&a->socket_address.v6.sin6_addr, &b->socket_address.v6.sin6_addr,
                      NETWORK_PREFIX_BYTES) == 0;
    return a->socket_address.v4.sin_addr.s_addr == b->socket_address.v4.sin_addr.s_addr;
}

/* The 64-bit finalizer of MurmurHash3: a peer chooses its port and, in IPv6, half its address. */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 33;
    x *= UINT64_C(0xff51afd7ed558ccd);
    x ^= x >> 33;
    x *= UINT64_C(0xc4ceb9fe1a85ec53);
    x ^= x >> 33;
    return x;
}

guint net_address_hash(gconstpointer pointer)
{
    const NetAddress *address = pointer;
    uint64_t hash = mix((uint64_t)net_address_port(address) << 8 | address->socket_index |
                        (uint64_t)address->connection << 32);
    if (address->socket_address.any.sa_family == AF_INET6) {
        uint64_t half[2];
        memcpy(half, &address->socket_address.v6.sin6_addr, sizeof half);
        hash = mix(hash ^ half[0]);
        hash = mix(hash ^ half[1]);
    } else {
        hash = mix(hash ^ address->socket_address.v4.sin_addr.s_addr);
    }
    return (guint)hash;
}

gboolean net_address_equal(gconstpointer pointer_a, gconstpointer pointer_b)
{
    const NetAddress *a = pointer_a;
    const NetAddress *b = pointer_b;
    if (a->socket_address.any.sa_family != b->socket_address.any.sa_family ||
        a->socket_index != b->socket_index || a->connection != b->connection ||
        net_address_port(a) != net_address_port(b))
        return FALSE;
    if (a->socket_address.any.sa_family == AF_INET6)
        return memcmp(&a->socket_address.v6.sin6_addr, &b->socket_address.v6.sin6_addr,
                      sizeof(struct in6_addr)) == 0;
    return a->socket_address.v4.sin_addr.s_addr == b->socket_address.v4.sin_addr.s_addr;
}
