// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One direction of an emulated link: a drop-tail queue in front of a line of a fixed rate, then
 * loss, then a delay. Time is given by the caller (nanoseconds of any clock that does not go back)
 * and every moment is computed from the moments before it, never from when the caller looked: late
 * calls deliver late but do not slow the link. One thread.
 */

typedef enum {
    LINK_SETTING_RATE,        /* kbit/s of IP bytes; 0: no limit */
    LINK_SETTING_DELAY,       /* ms, one way */
    LINK_SETTING_JITTER,      /* ms; each packet waits 0..jitter more, in order */
    LINK_SETTING_QUEUE_MS,    /* what the queue holds, as time at the present rate */
    LINK_SETTING_QUEUE_BYTES, /* the same as bytes; the last of the two that was set counts */
    LINK_SETTING_LOSS,        /* per cent of the packets that left the queue */
    LINK_SETTING_BURST,       /* mean length of a run of losses in packets; 1: independent */
    LINK_N_SETTINGS,
} LinkSetting;

/** The setting called `name` in scripts; false when there is none. */
bool link_setting_parse(const char *name, LinkSetting *ret_setting);

typedef struct {
    uint8_t *data; /* owned; NULL in tests that only count */
    size_t size;
    unsigned class_index; /* the caller's */
    int64_t arrived_ns;   /* given to link_queue_push() */
    int64_t left_ns;      /* its last bit was on the line */
    int64_t due_ns;       /* it arrives at the other end */
    bool lost; /* on the line; popped all the same, at once, so that the caller counts it */
} LinkPacket;

LinkPacket *link_packet_new(const uint8_t *data, size_t size, unsigned class_index);
void link_packet_free(LinkPacket *packet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LinkPacket, link_packet_free)

typedef struct LinkQueue LinkQueue;

/** A link without limits, delay or loss. The same seed loses the same packets. */
LinkQueue *link_queue_new(uint32_t seed);
void link_queue_free(LinkQueue *queue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LinkQueue, link_queue_free)

/** Holds from `now_ns` on, also for the rest of the packet that is on the line. */
void link_queue_set(LinkQueue *queue, LinkSetting setting, double value, int64_t now_ns);

/** Takes the packet, or leaves it to the caller: false when the queue is full. */
bool link_queue_push(LinkQueue *queue, LinkPacket *packet, int64_t now_ns);

/** The next packet that was lost or has arrived by `now_ns`; NULL when there is none. */
LinkPacket *link_queue_pop(LinkQueue *queue, int64_t now_ns);

/** When link_queue_pop() will have something; INT64_MAX when nothing is under way. */
int64_t link_queue_next_ns(const LinkQueue *queue);
