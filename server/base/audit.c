// SPDX-License-Identifier: Apache-2.0
#include "server/base/audit.h"

#include <string.h>

#include "server/base/secret.h"

/* The first row follows this. */
static const char first_hash[] = "0000000000000000000000000000000000000000000000000000000000000000";

static void add_be(GByteArray *bytes, uint64_t n, unsigned n_bytes)
{
    for (unsigned i = n_bytes; i > 0; i--) {
        uint8_t byte = (uint8_t)(n >> (8 * (i - 1)));
        g_byte_array_append(bytes, &byte, 1);
    }
}

/* Length before text, so that no two rows have the same encoding; NULL is not the empty text. */
static void add_text(GByteArray *bytes, const char *text)
{
    size_t size = text ? strlen(text) : 0;
    add_be(bytes, text ? size : G_MAXUINT32, 4);
    if (size > 0)
        g_byte_array_append(bytes, (const uint8_t *)text, (guint)size);
}

/* SHA-256 over the previous row's hash and every field in a fixed order. */
static char *hash_row(int64_t id, const AuditEntry *entry, const char *previous_hash)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    add_text(bytes, previous_hash);
    add_be(bytes, (uint64_t)id, 8);
    add_be(bytes, (uint64_t)entry->at_ms, 8);
    const char *const texts[] = {entry->actor_kind, entry->actor_id,    entry->actor_role,
                                 entry->action,     entry->object_kind, entry->object_id,
                                 entry->address,    entry->result,      entry->reason};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        add_text(bytes, texts[i]);
    return secret_sha256_hex(bytes->data, bytes->len);
}

static bool read_head(DbTx *tx, int64_t *ret_id, char **ret_hash, GError **error)
{
    DbQuery *head = db_query(tx, "base_audit_head");
    DbStep step = db_step(head, error);
    if (step == DB_FAILED)
        return false;
    *ret_id = step == DB_ROW ? db_column_int(head, 0) : 0;
    *ret_hash = step == DB_ROW ? db_column_dup(head, 1) : g_strdup(first_hash);
    db_reset(head);
    return true;
}

bool audit_append(DbTx *tx, const AuditEntry *entry, GError **error)
{
    int64_t head_id = 0;
    g_autofree char *previous_hash = NULL;
    if (!read_head(tx, &head_id, &previous_hash, error))
        return false;
    g_autofree char *hash = hash_row(head_id + 1, entry, previous_hash);
    DbQuery *insert = db_query(tx, "base_audit_insert");
    db_bind_int(insert, 1, head_id + 1);
    db_bind_int(insert, 2, entry->at_ms);
    db_bind_text(insert, 3, entry->actor_kind);
    db_bind_text(insert, 4, entry->actor_id);
    db_bind_text(insert, 5, entry->actor_role);
    db_bind_text(insert, 6, entry->action);
    db_bind_text(insert, 7, entry->object_kind);
    db_bind_text(insert, 8, entry->object_id);
    db_bind_text(insert, 9, entry->address);
    db_bind_text(insert, 10, entry->result);
    db_bind_text(insert, 11, entry->reason);
    db_bind_text(insert, 12, previous_hash);
    db_bind_text(insert, 13, hash);
    return db_exec(insert, error);
}

/* True when the row that ROWS stands on follows the row EXPECTED_ID - 1 with the hash
 * PREVIOUS_HASH. */
static bool row_fits(DbQuery *rows, int64_t expected_id, const char *previous_hash)
{
    AuditEntry entry = {
        .at_ms = db_column_int(rows, 1),
        .actor_kind = db_column_text(rows, 2),
        .actor_id = db_column_text(rows, 3),
        .actor_role = db_column_text(rows, 4),
        .action = db_column_text(rows, 5),
        .object_kind = db_column_text(rows, 6),
        .object_id = db_column_text(rows, 7),
        .address = db_column_text(rows, 8),
        .result = db_column_text(rows, 9),
        .reason = db_column_text(rows, 10),
    };
    g_autofree char *hash = hash_row(expected_id, &entry, previous_hash);
    return db_column_int(rows, 0) == expected_id &&
           g_strcmp0(db_column_text(rows, 11), previous_hash) == 0 &&
           g_strcmp0(db_column_text(rows, 12), hash) == 0;
}

bool audit_verify(DbTx *tx, int64_t *ret_n_rows, GError **error)
{
    DbQuery *rows = db_query(tx, "base_audit_all");
    g_autofree char *previous_hash = g_strdup(first_hash);
    int64_t n_rows = 0;
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (!row_fits(rows, n_rows + 1, previous_hash)) {
            g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
                        "audit row %" G_GINT64_FORMAT " does not fit the chain", n_rows + 1);
            db_reset(rows);
            return false;
        }
        g_free(previous_hash);
        previous_hash = db_column_dup(rows, 12);
        n_rows++;
    }
    if (step == DB_FAILED)
        return false;
    *ret_n_rows = n_rows;
    return true;
}
