// SPDX-License-Identifier: Apache-2.0
/* Attachments: sealed rows of the database, so that nobody reaches one but through a question. */
#include "scheduling/consult/consult_row.h"

static const char seal_context[] = "consult.attachment";

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *consult_id, *attachment_id;
    GBytes *sent;
    ConsultFile file;
    FaultList *faults;
    ConsultFileDone put_done;
    ConsultFileGot get_done;
    gpointer user_data;
} AttachOp;

static void attach_op_free(gpointer data)
{
    AttachOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->consult_id);
    g_free(op->attachment_id);
    g_clear_pointer(&op->sent, g_bytes_unref);
    g_clear_pointer(&op->file.bytes, g_bytes_unref);
    fault_list_free(op->faults);
    g_free(op);
}

static AttachOp *attach_op_new(Scheduling *scheduling, const Actor *actor,
                               const char *attachment_id, gpointer user_data)
{
    AttachOp *op = g_new0(AttachOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->attachment_id = g_strdup(attachment_id);
    op->faults = fault_list_new();
    op->user_data = user_data;
    return op;
}

static bool check_sent(AttachOp *op, GError **error)
{
    gsize size = 0;
    const uint8_t *data = g_bytes_get_data(op->sent, &size);
    if (!g_uuid_string_is_valid(op->attachment_id))
        fault_list_add(op->faults, "id", "not_an_id", "UUID");
    switch (consult_file_check(data, size, &op->file)) {
    case CONSULT_FILE_OK:
        break;
    case CONSULT_FILE_UNKNOWN:
        fault_list_add(op->faults, "data", "not_attachable", "JPEG, WebP, PDF");
        break;
    case CONSULT_FILE_TOO_LARGE:
        fault_list_add(op->faults, "data", "attachment_too_large", "600 kB, PDF 1 MB");
        break;
    case CONSULT_FILE_DAMAGED:
        fault_list_add(op->faults, "data", "attachment_damaged", NULL);
        break;
    }
    return fault_list_length(op->faults) == 0 ||
           consult_refuse(SCHEDULING_ERROR_INVALID_FIELDS, "nothing to attach", error);
}

/* True with *ret_known when the same file is there under this id. */
static bool find_known(AttachOp *op, DbTx *tx, const char *owner_id, const char *hash,
                       bool *ret_known, GError **error)
{
    DbQuery *row = db_query(tx, "consult_attachment_known");
    db_bind_text(row, 1, op->attachment_id);
    DbStep step = db_step(row, error);
    *ret_known = step == DB_ROW;
    if (step != DB_ROW)
        return step == DB_DONE;
    bool is_same = g_str_equal(db_column_text(row, 0), owner_id) &&
                   secret_equal_text(db_column_text(row, 1), hash);
    db_reset(row);
    return is_same || consult_refuse(SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH,
                                     "the id came with another file", error);
}

static bool check_room(DbTx *tx, const char *owner_id, GError **error)
{
    DbQuery *count = db_query(tx, "consult_attachment_count_loose");
    db_bind_text(count, 1, owner_id);
    if (!scheduling_need_row(count, "count", error))
        return false;
    bool has_room = db_column_int(count, 0) < CONSULT_MAX_LOOSE;
    db_reset(count);
    return has_room ||
           consult_refuse(SCHEDULING_ERROR_TOO_MANY, "enough attachments without question", error);
}

static bool keep(AttachOp *op, DbTx *tx, const char *owner_id, const char *hash, GError **error)
{
    gsize size = 0, n_sealed = 0;
    const void *data = g_bytes_get_data(op->file.bytes, &size);
    g_autoptr(GBytes) sealed = secret_box_seal_bytes(op->scheduling->box, seal_context, data, size);
    const void *sealed_data = g_bytes_get_data(sealed, &n_sealed);
    g_autofree char *text = g_base64_encode(sealed_data, n_sealed);
    DbQuery *query = db_query(tx, "consult_attachment_insert");
    db_bind_text(query, 1, op->attachment_id);
    db_bind_text(query, 2, owner_id);
    db_bind_text(query, 3, consult_file_type_name(op->file.type));
    db_bind_int(query, 4, (int64_t)size);
    db_bind_text(query, 5, hash);
    db_bind_text(query, 6, text);
    db_bind_int(query, 7, clock_wall_ms(op->scheduling->clock));
    return db_exec(query, error);
}

static bool put_job(DbTx *tx, gpointer data, GError **error)
{
    AttachOp *op = data;
    const Actor *actor = &op->actor.actor;
    bool is_known = false;
    g_autofree char *owner_id = scheduling_actor_practitioner(tx, actor, error);
    if (!owner_id || !check_sent(op, error))
        return false;
    gsize size = 0;
    const void *bytes = g_bytes_get_data(op->file.bytes, &size);
    g_autofree char *digest = secret_sha256_hex(bytes, size);
    g_autofree char *hash = secret_box_index(op->scheduling->box, seal_context, digest);
    if (!find_known(op, tx, owner_id, hash, &is_known, error))
        return false;
    return is_known || (check_room(tx, owner_id, error) && keep(op, tx, owner_id, hash, error) &&
                        scheduling_audit(op->scheduling, tx, actor, "consult.attach",
                                         "consult_attachment", op->attachment_id, error));
}

static void on_put_done(gpointer data, const GError *error)
{
    AttachOp *op = data;
    op->put_done(op->faults, error, op->user_data);
}

void consult_attach(Scheduling *scheduling, const Actor *actor, const char *attachment_id,
                    GBytes *file, ConsultFileDone done, gpointer user_data)
{
    AttachOp *op = attach_op_new(scheduling, actor, attachment_id, user_data);
    op->sent = g_bytes_ref(file);
    op->put_done = done;
    db_write(scheduling->db, put_job, on_put_done, op, attach_op_free);
}

static bool open_file(AttachOp *op, DbQuery *row, GError **error)
{
    gsize size = 0;
    bool known = consult_file_type_parse(db_column_text(row, 0), &op->file.type);
    guchar *data = g_base64_decode(db_column_text(row, 1), &size);
    g_autoptr(GBytes) sealed = g_bytes_new_take(data, size);
    op->file.bytes = secret_box_open_bytes(op->scheduling->box, seal_context, sealed, error);
    if (op->file.bytes && !known)
        g_set_error_literal(error, BASE_ERROR, BASE_ERROR_INVALID,
                            "an attachment of no known type");
    return op->file.bytes && known;
}

static bool get_job(DbTx *tx, gpointer data, GError **error)
{
    AttachOp *op = data;
    const Actor *actor = &op->actor.actor;
    ConsultRow consult;
    ConsultRelation relation;
    if (!consult_row_load(tx, op->consult_id, &consult, error))
        return false;
    g_autofree char *reader_id = consult_row_allow(tx, &consult, actor, &relation, error);
    if (!reader_id)
        return false;
    DbQuery *row = db_query(tx, "consult_attachment_get");
    db_bind_text(row, 1, op->attachment_id);
    db_bind_text(row, 2, consult.id);
    if (!scheduling_need_row(row, "attachment", error))
        return false;
    bool opened = open_file(op, row, error);
    db_reset(row);
    return opened && scheduling_audit(op->scheduling, tx, actor, "consult.attachment_read",
                                      "consult", consult.id, error);
}

static void on_get_done(gpointer data, const GError *error)
{
    AttachOp *op = data;
    op->get_done(op->file.type, error ? NULL : op->file.bytes, error, op->user_data);
}

void consult_attachment_get(Scheduling *scheduling, const Actor *actor, const char *consult_id,
                            const char *attachment_id, ConsultFileGot done, gpointer user_data)
{
    AttachOp *op = attach_op_new(scheduling, actor, attachment_id, user_data);
    op->consult_id = g_strdup(consult_id);
    op->get_done = done;
    db_write(scheduling->db, get_job, on_get_done, op, attach_op_free);
}
