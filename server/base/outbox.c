// SPDX-License-Identifier: Apache-2.0
#include "server/base/outbox.h"

#include "server/base/ids.h"

bool outbox_append(DbTx *tx, const OutboxEntry *entry, int64_t now_ms, GError **error)
{
    g_autofree char *id = id_new(now_ms);
    DbQuery *append = db_query(tx, "base_outbox_append");
    db_bind_text(append, 1, id);
    db_bind_text(append, 2, entry->kind);
    db_bind_text(append, 3, entry->subject_id);
    db_bind_text(append, 4, entry->payload);
    db_bind_int(append, 5, entry->due_at_ms);
    db_bind_text(append, 6, entry->dedup_key);
    db_bind_int(append, 7, now_ms);
    return db_exec(append, error);
}
