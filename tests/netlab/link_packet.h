// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the emulator looks at in an IPv4 packet: its class, and addresses that a NAT changes. Pure.
 */

typedef enum {
    LINK_CLASS_RTP,
    LINK_CLASS_RTCP,
    LINK_CLASS_UDP, /* STUN, DTLS, TURN, others */
    LINK_CLASS_TCP,
    LINK_CLASS_OTHER,
    LINK_N_CLASSES,
} LinkClass;

const char *link_class_name(LinkClass class_index);

/** RTP and RTCP by RFC 7983 and RFC 5761, section 4. IPv6 and broken packets are "other". */
LinkClass link_packet_class(const uint8_t *data, size_t size);

/**
 * A NAT that has lost its mappings: the patient's side goes on as before, the server's side sees
 * `outer`. Segments of TCP connections older than the NAT pass in neither direction.
 */
typedef struct {
    uint32_t outer;            /* host byte order; 0: there is no NAT */
    uint32_t inner;            /* the last source address seen */
    uint8_t opened[65536 / 8]; /* TCP source ports that sent a SYN through it */
} LinkNat;

/** Towards the server: rewrites the source; false when the packet is to be dropped. */
bool link_nat_up(LinkNat *nat, uint8_t *data, size_t size);

/** Towards the patient: rewrites the destination; false when no mapping takes the packet. */
bool link_nat_down(const LinkNat *nat, uint8_t *data, size_t size);
