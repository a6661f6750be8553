// SPDX-License-Identifier: Apache-2.0
#include "tests/netlab/link_counts.h"

#include <math.h>

#define NS_PER_S 1000000000LL
#define NS_PER_MS 1e6
enum { N_BINS = 8192, N_BINS_PER_MS = 4, N_SECONDS = 1800 };

/* Queueing times in bins of a quarter of a millisecond; the last takes what is above 2 s. */
typedef struct {
    uint32_t bins[N_BINS];
    uint64_t n;
} Histogram;

typedef struct {
    uint64_t n_offered;
    uint64_t offered_bytes;
    uint64_t n_packets[LINK_N_FATES];
    uint64_t n_bytes[LINK_N_FATES];
    Histogram queued;
} ClassCounts;

/* A packet in the list. */
typedef struct {
    int64_t at_ns; /* from the start */
    int64_t queued_ns;
    uint32_t size;
    uint8_t class_index;
    uint8_t fate;
} Listed;

struct LinkCounts {
    ClassCounts classes[LINK_N_CLASSES];
    int64_t start_ns; /* 0: not started */
    unsigned n_seconds;
    uint64_t seconds[N_SECONDS][2]; /* bytes offered, delivered */
    GArray *listed;                 /* Listed */
};

static const char *const fate_names[LINK_N_FATES] = {"delivered", "dropped", "lost", "blocked"};

LinkCounts *link_counts_new(void)
{
    LinkCounts *counts = g_new0(LinkCounts, 1);
    counts->listed = g_array_new(FALSE, FALSE, sizeof(Listed));
    return counts;
}

void link_counts_free(LinkCounts *counts)
{
    if (!counts)
        return;
    g_array_free(counts->listed, TRUE);
    g_free(counts);
}

void link_counts_mark(LinkCounts *counts)
{
    for (unsigned i = 0; i < LINK_N_CLASSES; i++)
        counts->classes[i] = (ClassCounts){0};
}

void link_counts_start(LinkCounts *counts, int64_t now_ns)
{
    counts->start_ns = now_ns;
    counts->n_seconds = 0;
    g_array_set_size(counts->listed, 0);
}

static void count_second(LinkCounts *counts, unsigned column, size_t size, int64_t now_ns)
{
    if (counts->start_ns == 0 || now_ns < counts->start_ns)
        return;
    int64_t second = (now_ns - counts->start_ns) / NS_PER_S;
    if (second >= N_SECONDS)
        return;
    while (counts->n_seconds <= second) {
        counts->seconds[counts->n_seconds][0] = 0;
        counts->seconds[counts->n_seconds][1] = 0;
        counts->n_seconds++;
    }
    counts->seconds[second][column] += size;
}

void link_counts_offered(LinkCounts *counts, LinkClass class_index, size_t size, int64_t now_ns)
{
    counts->classes[class_index].n_offered++;
    counts->classes[class_index].offered_bytes += size;
    count_second(counts, 0, size, now_ns);
}

static void list_packet(LinkCounts *counts, const LinkPacket *packet, LinkFate fate,
                        int64_t queued_ns)
{
    bool is_before = counts->start_ns == 0 || packet->arrived_ns < counts->start_ns;
    if (is_before || counts->listed->len >= LINK_COUNTS_N_LISTED)
        return;
    Listed one = {
        .at_ns = packet->arrived_ns - counts->start_ns,
        .queued_ns = queued_ns,
        .size = (uint32_t)packet->size,
        .class_index = (uint8_t)packet->class_index,
        .fate = (uint8_t)fate,
    };
    g_array_append_val(counts->listed, one);
}

void link_counts_fate(LinkCounts *counts, const LinkPacket *packet, LinkFate fate, int64_t now_ns)
{
    ClassCounts *mine = &counts->classes[packet->class_index];
    int64_t queued_ns = packet->left_ns > 0 ? packet->left_ns - packet->arrived_ns : 0;
    mine->n_packets[fate]++;
    mine->n_bytes[fate] += packet->size;
    if (fate == LINK_FATE_DELIVERED || fate == LINK_FATE_LOST) {
        int64_t bin = queued_ns * N_BINS_PER_MS * 1000 / NS_PER_S;
        mine->queued.bins[CLAMP(bin, 0, N_BINS - 1)]++;
        mine->queued.n++;
    }
    if (fate == LINK_FATE_DELIVERED)
        count_second(counts, 1, packet->size, now_ns);
    list_packet(counts, packet, fate, queued_ns);
}

/* The middle of the bin below which `share` of the packets lie, in ms. */
static double quantile_ms(const Histogram *histogram, double share)
{
    uint64_t want = (uint64_t)ceil(share * (double)histogram->n);
    uint64_t sum = 0;
    for (unsigned i = 0; i < N_BINS; i++) {
        sum += histogram->bins[i];
        if (histogram->n > 0 && sum >= want)
            return (i + 0.5) / N_BINS_PER_MS;
    }
    return 0;
}

static void append_class(const ClassCounts *counts, const char *name, GString *text)
{
    g_string_append_printf(
        text, "\"%s\":{\"offered\":%" G_GUINT64_FORMAT ",\"offered_bytes\":%" G_GUINT64_FORMAT,
        name, counts->n_offered, counts->offered_bytes);
    for (unsigned i = 0; i < LINK_N_FATES; i++)
        g_string_append_printf(
            text, ",\"%s\":%" G_GUINT64_FORMAT ",\"%s_bytes\":%" G_GUINT64_FORMAT, fate_names[i],
            counts->n_packets[i], fate_names[i], counts->n_bytes[i]);
    g_string_append_printf(text, ",\"queue_ms\":{\"p50\":%.2f,\"p95\":%.2f,\"p99\":%.2f}}",
                           quantile_ms(&counts->queued, 0.5), quantile_ms(&counts->queued, 0.95),
                           quantile_ms(&counts->queued, 0.99));
}

static void append_listed(const GArray *listed, GString *text)
{
    for (unsigned i = 0; i < listed->len; i++) {
        const Listed *one = &g_array_index(listed, Listed, i);
        g_string_append_printf(text, "%s[%.1f,\"%s\",\"%s\",%u,%.1f]", i == 0 ? "" : ",",
                               (double)one->at_ns / NS_PER_MS,
                               link_class_name((LinkClass)one->class_index), fate_names[one->fate],
                               one->size, (double)one->queued_ns / NS_PER_MS);
    }
}

void link_counts_append_json(const LinkCounts *counts, GString *text)
{
    g_string_append_c(text, '{');
    for (unsigned i = 0; i < LINK_N_CLASSES; i++) {
        append_class(&counts->classes[i], link_class_name((LinkClass)i), text);
        g_string_append_c(text, ',');
    }
    g_string_append(text, "\"seconds\":[");
    for (unsigned i = 0; i < counts->n_seconds; i++)
        g_string_append_printf(text, "%s[%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT "]",
                               i == 0 ? "" : ",", counts->seconds[i][0], counts->seconds[i][1]);
    g_string_append(text, "],\"packets\":[");
    append_listed(counts->listed, text);
    g_string_append(text, "]}");
}
