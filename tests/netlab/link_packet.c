// SPDX-License-Identifier: Apache-2.0
#include "tests/netlab/link_packet.h"

enum {
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    IP_HEADER_SIZE = 20,
    UDP_HEADER_SIZE = 8,
    TCP_HEADER_SIZE = 20,
    TCP_SYN_ONLY = 0x02, /* of SYN and ACK, 0x12 */
};

/* RFC 791, section 3.1, and where the next header begins. */
typedef struct {
    uint8_t protocol;
    bool is_fragment; /* not the first: no ports */
    size_t payload_at;
} Ipv4;

static uint16_t read16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t read32(const uint8_t *at)
{
    return (uint32_t)read16(at) << 16 | read16(at + 2);
}

static void write16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static bool parse(const uint8_t *data, size_t size, Ipv4 *ret_ip)
{
    if (size < IP_HEADER_SIZE || data[0] >> 4 != 4)
        return false;
    size_t header = 4 * (size_t)(data[0] & 15);
    if (header < IP_HEADER_SIZE || header > size)
        return false;
    *ret_ip = (Ipv4){
        .protocol = data[9],
        .is_fragment = (read16(data + 6) & 0x1fff) != 0,
        .payload_at = header,
    };
    return true;
}

const char *link_class_name(LinkClass class_index)
{
    static const char *const names[LINK_N_CLASSES] = {
        [LINK_CLASS_RTP] = "rtp", [LINK_CLASS_RTCP] = "rtcp",   [LINK_CLASS_UDP] = "udp",
        [LINK_CLASS_TCP] = "tcp", [LINK_CLASS_OTHER] = "other",
    };
    return names[class_index];
}

LinkClass link_packet_class(const uint8_t *data, size_t size)
{
    Ipv4 ip;
    if (!parse(data, size, &ip))
        return LINK_CLASS_OTHER;
    if (ip.protocol == PROTOCOL_TCP)
        return LINK_CLASS_TCP;
    if (ip.protocol != PROTOCOL_UDP)
        return LINK_CLASS_OTHER;
    size_t at = ip.payload_at + UDP_HEADER_SIZE;
    if (ip.is_fragment || size < at + 2 || data[at] < 128 || data[at] > 191)
        return LINK_CLASS_UDP;
    uint8_t type = data[at + 1] & 127;
    return type >= 64 && type <= 95 ? LINK_CLASS_RTCP : LINK_CLASS_RTP;
}

/* RFC 1624, equation 3: the sum of a header in which one 16-bit word changed. */
static void fix_sum(uint8_t *sum, uint16_t from, uint16_t to)
{
    uint32_t value = (uint16_t)~read16(sum) + (uint32_t)(uint16_t)~from + to;
    value = (value & 0xffff) + (value >> 16);
    value = (value & 0xffff) + (value >> 16);
    write16(sum, (uint16_t)~value);
}

static uint8_t *transport_sum(const Ipv4 *ip, uint8_t *data, size_t size)
{
    uint8_t *payload = data + ip->payload_at;
    size_t left = size - ip->payload_at;
    if (ip->is_fragment)
        return NULL;
    if (ip->protocol == PROTOCOL_TCP && left >= TCP_HEADER_SIZE)
        return payload + 16;
    /* RFC 768: zero is no sum. */
    if (ip->protocol == PROTOCOL_UDP && left >= UDP_HEADER_SIZE && read16(payload + 6) != 0)
        return payload + 6;
    return NULL;
}

static void set_address(const Ipv4 *ip, uint8_t *data, size_t size, size_t at, uint32_t address)
{
    uint8_t *sum = transport_sum(ip, data, size);
    for (unsigned i = 0; i < 2; i++) {
        uint8_t *word = data + at + 2 * i;
        uint16_t to = (uint16_t)(i == 0 ? address >> 16 : address);
        fix_sum(data + 10, read16(word), to);
        if (sum)
            fix_sum(sum, read16(word), to);
        write16(word, to);
    }
    if (sum && ip->protocol == PROTOCOL_UDP && read16(sum) == 0)
        write16(sum, 0xffff);
}

static bool is_opened(const LinkNat *nat, uint16_t port)
{
    return (nat->opened[port / 8] >> (port % 8) & 1) != 0;
}

bool link_nat_up(LinkNat *nat, uint8_t *data, size_t size)
{
    Ipv4 ip;
    if (!parse(data, size, &ip))
        return nat->outer == 0;
    nat->inner = read32(data + 12);
    if (nat->outer == 0)
        return true;
    if (ip.protocol == PROTOCOL_TCP && size >= ip.payload_at + TCP_HEADER_SIZE) {
        uint16_t port = read16(data + ip.payload_at);
        if ((data[ip.payload_at + 13] & 0x12) == TCP_SYN_ONLY)
            nat->opened[port / 8] |= (uint8_t)(1 << port % 8);
        if (!is_opened(nat, port))
            return false;
    }
    set_address(&ip, data, size, 12, nat->outer);
    return true;
}

bool link_nat_down(const LinkNat *nat, uint8_t *data, size_t size)
{
    Ipv4 ip;
    if (nat->outer == 0)
        return true;
    if (!parse(data, size, &ip) || read32(data + 16) != nat->outer)
        return false;
    set_address(&ip, data, size, 16, nat->inner);
    return true;
}
