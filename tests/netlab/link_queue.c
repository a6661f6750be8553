// SPDX-License-Identifier: Apache-2.0
#include "tests/netlab/link_queue.h"

#include <math.h>
#include <string.h>

#define NS_PER_MS 1e6

struct LinkQueue {
    double settings[LINK_N_SETTINGS];
    bool queue_in_bytes;
    GRand *random;
    bool in_burst;
    GQueue waiting;   /* LinkPacket, owned; the head is on the line */
    size_t n_bytes;   /* of `waiting` */
    double head_bits; /* of the head, not sent by head_ns */
    int64_t head_ns;
    GQueue lost;   /* LinkPacket, owned: to be counted */
    GQueue flying; /* LinkPacket, owned, by due_ns */
    int64_t last_due_ns;
};

static const char *const SETTING_NAMES[LINK_N_SETTINGS] = {
    [LINK_SETTING_RATE] = "rate",
    [LINK_SETTING_DELAY] = "delay",
    [LINK_SETTING_JITTER] = "jitter",
    [LINK_SETTING_QUEUE_MS] = "queue_ms",
    [LINK_SETTING_QUEUE_BYTES] = "queue_bytes",
    [LINK_SETTING_LOSS] = "loss",
    [LINK_SETTING_BURST] = "burst",
};

bool link_setting_parse(const char *name, LinkSetting *ret_setting)
{
    for (unsigned i = 0; i < LINK_N_SETTINGS; i++) {
        if (strcmp(name, SETTING_NAMES[i]) == 0) {
            *ret_setting = (LinkSetting)i;
            return true;
        }
    }
    return false;
}

LinkPacket *link_packet_new(const uint8_t *data, size_t size, unsigned class_index)
{
    LinkPacket *packet = g_new0(LinkPacket, 1);
    packet->data = data ? g_memdup2(data, size) : NULL;
    packet->size = size;
    packet->class_index = class_index;
    return packet;
}

void link_packet_free(LinkPacket *packet)
{
    if (!packet)
        return;
    g_free(packet->data);
    g_free(packet);
}

LinkQueue *link_queue_new(uint32_t seed)
{
    LinkQueue *queue = g_new0(LinkQueue, 1);
    queue->random = g_rand_new_with_seed(seed);
    queue->settings[LINK_SETTING_BURST] = 1;
    g_queue_init(&queue->waiting);
    g_queue_init(&queue->lost);
    g_queue_init(&queue->flying);
    return queue;
}

static void free_item(gpointer packet)
{
    link_packet_free(packet);
}

void link_queue_free(LinkQueue *queue)
{
    if (!queue)
        return;
    g_queue_clear_full(&queue->waiting, free_item);
    g_queue_clear_full(&queue->lost, free_item);
    g_queue_clear_full(&queue->flying, free_item);
    g_rand_free(queue->random);
    g_free(queue);
}

/* kbit/s is bits per ms. */
static double bits_per_ns(const LinkQueue *queue)
{
    return queue->settings[LINK_SETTING_RATE] / NS_PER_MS;
}

static int64_t head_leaves_ns(const LinkQueue *queue)
{
    double rate = bits_per_ns(queue);
    return rate > 0 ? queue->head_ns + llround(queue->head_bits / rate) : queue->head_ns;
}

/* Gilbert's model (Bell System Technical Journal 39, 1960), everything lost in the bad state: runs
 * have the given mean, and the share of the bad state is the loss. */
static bool is_lost(LinkQueue *queue)
{
    double loss = queue->settings[LINK_SETTING_LOSS] / 100;
    double burst = MAX(queue->settings[LINK_SETTING_BURST], 1);
    if (loss <= 0)
        return false;
    if (loss >= 1)
        return true;
    if (burst <= 1)
        return g_rand_double(queue->random) < loss;
    double to_good = 1 / burst;
    double to_bad = MIN(to_good * loss / (1 - loss), 1);
    double chance = queue->in_burst ? 1 - to_good : to_bad;
    queue->in_burst = g_rand_double(queue->random) < chance;
    return queue->in_burst;
}

static void leave(LinkQueue *queue, int64_t at_ns)
{
    LinkPacket *packet = g_queue_pop_head(&queue->waiting);
    queue->n_bytes -= packet->size;
    packet->left_ns = at_ns;
    packet->lost = is_lost(queue);
    if (packet->lost) {
        packet->due_ns = at_ns;
        g_queue_push_tail(&queue->lost, packet);
        return;
    }
    double delay_ms = queue->settings[LINK_SETTING_DELAY];
    double jitter_ms = queue->settings[LINK_SETTING_JITTER];
    if (jitter_ms > 0)
        delay_ms += jitter_ms * g_rand_double(queue->random);
    packet->due_ns = MAX(at_ns + (int64_t)(delay_ms * NS_PER_MS), queue->last_due_ns);
    queue->last_due_ns = packet->due_ns;
    g_queue_push_tail(&queue->flying, packet);
}

static void start_head(LinkQueue *queue, int64_t at_ns)
{
    const LinkPacket *head = g_queue_peek_head(&queue->waiting);
    queue->head_ns = at_ns;
    queue->head_bits = head ? 8.0 * (double)head->size : 0;
}

static void advance(LinkQueue *queue, int64_t now_ns)
{
    while (!g_queue_is_empty(&queue->waiting)) {
        int64_t at_ns = head_leaves_ns(queue);
        if (at_ns > now_ns)
            return;
        leave(queue, at_ns);
        start_head(queue, at_ns);
    }
}

void link_queue_set(LinkQueue *queue, LinkSetting setting, double value, int64_t now_ns)
{
    advance(queue, now_ns);
    if (!g_queue_is_empty(&queue->waiting)) {
        double sent = bits_per_ns(queue) * (double)(now_ns - queue->head_ns);
        queue->head_bits = MAX(queue->head_bits - sent, 0);
        queue->head_ns = now_ns;
    }
    queue->settings[setting] = value;
    if (setting == LINK_SETTING_QUEUE_MS || setting == LINK_SETTING_QUEUE_BYTES)
        queue->queue_in_bytes = setting == LINK_SETTING_QUEUE_BYTES;
}

static bool has_room(const LinkQueue *queue, size_t size)
{
    double rate = queue->settings[LINK_SETTING_RATE];
    double limit = queue->queue_in_bytes ? queue->settings[LINK_SETTING_QUEUE_BYTES]
                                         : rate * queue->settings[LINK_SETTING_QUEUE_MS] / 8;
    bool unlimited = rate <= 0 || limit <= 0;
    return unlimited || !queue->waiting.head || (double)(queue->n_bytes + size) <= limit;
}

bool link_queue_push(LinkQueue *queue, LinkPacket *packet, int64_t now_ns)
{
    advance(queue, now_ns);
    if (!has_room(queue, packet->size))
        return false;
    packet->arrived_ns = now_ns;
    bool was_empty = g_queue_is_empty(&queue->waiting);
    g_queue_push_tail(&queue->waiting, packet);
    queue->n_bytes += packet->size;
    if (was_empty)
        start_head(queue, now_ns);
    return true;
}

LinkPacket *link_queue_pop(LinkQueue *queue, int64_t now_ns)
{
    advance(queue, now_ns);
    LinkPacket *lost = g_queue_pop_head(&queue->lost);
    if (lost)
        return lost;
    const LinkPacket *next = g_queue_peek_head(&queue->flying);
    return next && next->due_ns <= now_ns ? g_queue_pop_head(&queue->flying) : NULL;
}

int64_t link_queue_next_ns(const LinkQueue *queue)
{
    int64_t next_ns = INT64_MAX;
    const GList *firsts[] = {queue->lost.head, queue->flying.head};
    for (unsigned i = 0; i < G_N_ELEMENTS(firsts); i++) {
        const LinkPacket *packet = firsts[i] ? firsts[i]->data : NULL;
        if (packet)
            next_ns = MIN(next_ns, packet->due_ns);
    }
    return queue->waiting.head ? MIN(next_ns, head_leaves_ns(queue)) : next_ns;
}
