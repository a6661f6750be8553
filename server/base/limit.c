// SPDX-License-Identifier: Apache-2.0
#include "server/base/limit.h"

#include <math.h>

typedef struct {
    char *key;
    RateLimit bucket;
    GList link; /* place in the order of use; data is the entry */
} LimitEntry;

struct LimitTable {
    unsigned max_keys;
    double rate_per_s;
    double burst;
    GHashTable *entries; /* key (owned by the entry) -> LimitEntry */
    GQueue by_use;       /* head: untouched for longest */
};

bool rate_limit_take(RateLimit *limit, int64_t now_us, double rate_per_s, double burst)
{
    if (limit->updated_us == 0) {
        limit->tokens = burst;
    } else if (now_us > limit->updated_us) {
        double seconds = (double)(now_us - limit->updated_us) / G_USEC_PER_SEC;
        limit->tokens = MIN(burst, limit->tokens + seconds * rate_per_s);
    }
    /* 0 means "never used", so a clock that starts at 0 is read as 1. */
    limit->updated_us = MAX(MAX(now_us, limit->updated_us), 1);
    if (limit->tokens < 1.0)
        return false;
    limit->tokens -= 1.0;
    return true;
}

static void entry_free(gpointer data)
{
    LimitEntry *entry = data;
    g_free(entry->key);
    g_free(entry);
}

LimitTable *limit_table_new(unsigned max_keys, double rate_per_s, double burst)
{
    g_assert(max_keys > 0 && burst >= 1.0);
    LimitTable *table = g_new0(LimitTable, 1);
    table->max_keys = max_keys;
    table->rate_per_s = rate_per_s;
    table->burst = burst;
    table->entries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, entry_free);
    g_queue_init(&table->by_use);
    return table;
}

void limit_table_free(LimitTable *table)
{
    if (!table)
        return;
    /* The links live in the entries: only the hash table frees. */
    g_hash_table_unref(table->entries);
    g_free(table);
}

static void remove_entry(LimitTable *table, LimitEntry *entry)
{
    g_queue_unlink(&table->by_use, &entry->link);
    (void)g_hash_table_remove(table->entries, entry->key);
}

static LimitEntry *touch_entry(LimitTable *table, const char *key)
{
    LimitEntry *entry = g_hash_table_lookup(table->entries, key);
    if (entry) {
        g_queue_unlink(&table->by_use, &entry->link);
    } else {
        if (g_hash_table_size(table->entries) >= table->max_keys)
            remove_entry(table, g_queue_peek_head(&table->by_use));
        entry = g_new0(LimitEntry, 1);
        entry->key = g_strdup(key);
        entry->link.data = entry;
        (void)g_hash_table_insert(table->entries, entry->key, entry);
    }
    g_queue_push_tail_link(&table->by_use, &entry->link);
    return entry;
}

bool limit_table_take(LimitTable *table, const char *key, int64_t now_us,
                      unsigned *ret_retry_after_s)
{
    LimitEntry *entry = touch_entry(table, key);
    if (rate_limit_take(&entry->bucket, now_us, table->rate_per_s, table->burst))
        return true;
    if (ret_retry_after_s) {
        const double day_s = 86400.0;
        double missing = 1.0 - entry->bucket.tokens;
        double wait_s = table->rate_per_s > 0.0 ? missing / table->rate_per_s : day_s;
        *ret_retry_after_s = (unsigned)ceil(CLAMP(wait_s, 1.0, day_s));
    }
    return false;
}

void limit_table_reset(LimitTable *table, const char *key)
{
    LimitEntry *entry = g_hash_table_lookup(table->entries, key);
    if (entry)
        remove_entry(table, entry);
}
