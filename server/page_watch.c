// SPDX-License-Identifier: Apache-2.0
#include "server/page_watch.h"

#include <string.h>

static const int64_t grace_us = (int64_t)60 * 1000 * 1000;

struct PageWatch {
    const Signaling *signaling;
    const Clock *clock;
    int64_t started_at_us;
    GHashTable *seen_at_us; /* id -> int64_t: when its page was last seen */
};

PageWatch *page_watch_new(const Signaling *signaling, const Clock *clock)
{
    PageWatch *watch = g_new0(PageWatch, 1);
    watch->signaling = signaling;
    watch->clock = clock;
    watch->started_at_us = clock_mono_us(clock);
    watch->seen_at_us = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return watch;
}

void page_watch_free(PageWatch *watch)
{
    if (!watch)
        return;
    g_hash_table_unref(watch->seen_at_us);
    g_free(watch);
}

/* The id in a topic that only doctors' pages hear (wiring.c); NULL in another one. */
static const char *id_in(const char *topic)
{
    static const char *const prefixes[] = {"practitioner:", "pool:"};
    for (unsigned i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        if (g_str_has_prefix(topic, prefixes[i]))
            return topic + strlen(prefixes[i]);
    }
    return NULL;
}

char **page_watch_look(PageWatch *watch)
{
    int64_t now_us = clock_mono_us(watch->clock);
    g_autoptr(GPtrArray) topics = signaling_list_topics(watch->signaling);
    for (unsigned i = 0; i < topics->len; i++) {
        const char *id = id_in(topics->pdata[i]);
        if (id)
            g_hash_table_replace(watch->seen_at_us, g_strdup(id),
                                 g_memdup2(&now_us, sizeof now_us));
    }
    GPtrArray *ids = g_ptr_array_new();
    GHashTableIter iter;
    gpointer id, seen_at_us;
    g_hash_table_iter_init(&iter, watch->seen_at_us);
    while (g_hash_table_iter_next(&iter, &id, &seen_at_us)) {
        if (*(const int64_t *)seen_at_us + grace_us >= now_us)
            g_ptr_array_add(ids, g_strdup(id));
        else
            g_hash_table_iter_remove(&iter);
    }
    g_ptr_array_add(ids, NULL);
    char **present = (char **)g_ptr_array_free(ids, FALSE);
    if (now_us >= watch->started_at_us + grace_us)
        return present;
    g_strfreev(present);
    return NULL;
}
