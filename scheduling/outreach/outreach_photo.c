// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outreach/outreach_row.h"

#include <string.h>

const char *outreach_photo_type(const void *data, size_t size)
{
    static const uint8_t jpeg[] = {0xff, 0xd8, 0xff};
    const uint8_t *bytes = data;
    if (size > sizeof jpeg && memcmp(bytes, jpeg, sizeof jpeg) == 0)
        return "image/jpeg";
    if (size > 16 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0)
        return "image/webp";
    return NULL;
}

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *session_id, *visit_id, *entry_id, *photo_id;
    GBytes *picture;
    bool is_kept; /* it was not there before */
    FaultList *faults;
    OutreachPhotoDone put_done;
    OutreachPictureDone get_done;
    gpointer user_data;
} PhotoOp;

static void photo_op_free(gpointer data)
{
    PhotoOp *op = data;
    char *texts[] = {op->session_id, op->visit_id, op->entry_id, op->photo_id};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_clear_pointer(&op->picture, g_bytes_unref);
    actor_copy_clear(&op->actor);
    fault_list_free(op->faults);
    g_free(op);
}

static PhotoOp *photo_op_new(Scheduling *scheduling, const Actor *actor, const char *photo_id,
                             gpointer user_data)
{
    PhotoOp *op = g_new0(PhotoOp, 1);
    op->scheduling = scheduling;
    op->photo_id = g_strdup(photo_id);
    op->faults = fault_list_new();
    op->user_data = user_data;
    actor_copy_init(&op->actor, actor);
    return op;
}

static bool fail(SchedulingError code, const char *why, GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, code, why);
    return false;
}

static bool check_photo(PhotoOp *op, GError **error)
{
    gsize size = 0;
    const void *data = g_bytes_get_data(op->picture, &size);
    if (!outreach_uuid_is_valid(op->photo_id))
        fault_list_add(op->faults, "photo", "not_an_id", "UUID");
    if (!outreach_uuid_is_valid(op->entry_id))
        fault_list_add(op->faults, "entry", "not_an_id", "UUID");
    if (size > OUTREACH_PHOTO_BYTES)
        fault_list_add(op->faults, "data", "picture_too_large", "160 kB");
    else if (!outreach_photo_type(data, size))
        fault_list_add(op->faults, "data", "not_a_picture", "JPEG, WebP");
    return fault_list_length(op->faults) == 0 ||
           fail(SCHEDULING_ERROR_INVALID_FIELDS, "no picture to keep", error);
}

/* The visit of an entry of this session; NULL with NOT_FOUND. */
static char *visit_of_entry(PhotoOp *op, DbTx *tx, GError **error)
{
    DbQuery *row = db_query(tx, "outreach_entry_get");
    db_bind_text(row, 1, op->entry_id);
    if (!scheduling_need_row(row, "outreach entry", error))
        return NULL;
    bool is_own = g_str_equal(db_column_text(row, 0), op->session_id);
    char *visit_id = db_column_dup(row, 4);
    db_reset(row);
    if (is_own)
        return visit_id;
    g_free(visit_id);
    fail(SCHEDULING_ERROR_NOT_FOUND, "no such outreach entry", error);
    return NULL;
}

static char *picture_hash(const PhotoOp *op)
{
    gsize size = 0;
    const void *data = g_bytes_get_data(op->picture, &size);
    g_autofree char *digest = secret_sha256_hex(data, size);
    return secret_box_index(op->scheduling->box, "outreach.photo", digest);
}

/* True with *ret_known when the same picture is there under this id. */
static bool find_known(PhotoOp *op, DbTx *tx, const char *hash, bool *ret_known, GError **error)
{
    DbQuery *row = db_query(tx, "outreach_photo_known");
    db_bind_text(row, 1, op->photo_id);
    DbStep step = db_step(row, error);
    *ret_known = step == DB_ROW;
    if (step != DB_ROW)
        return step == DB_DONE;
    bool is_same = g_str_equal(db_column_text(row, 0), op->entry_id) &&
                   secret_equal_text(db_column_text(row, 1), hash);
    db_reset(row);
    return is_same ||
           fail(SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH, "the id came with another picture", error);
}

static bool check_room(PhotoOp *op, DbTx *tx, GError **error)
{
    unsigned n = 0;
    DbQuery *rows = db_query(tx, "outreach_photos");
    db_bind_text(rows, 1, op->entry_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW)
        n++;
    if (step == DB_FAILED)
        return false;
    if (n < OUTREACH_MAX_PHOTOS)
        return true;
    fault_list_add(op->faults, "photo", "too_many", "0..3");
    return fail(SCHEDULING_ERROR_INVALID_FIELDS, "enough pictures of this entry", error);
}

static bool keep(PhotoOp *op, DbTx *tx, const char *hash, GError **error)
{
    gsize size = 0;
    const void *data = g_bytes_get_data(op->picture, &size);
    g_autofree char *text = g_base64_encode(data, size);
    g_autofree char *sealed = secret_box_seal(op->scheduling->box, "outreach.photo", text);
    DbQuery *query = db_query(tx, "outreach_photo_add");
    const char *texts[] = {op->photo_id, op->entry_id, hash, sealed};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        db_bind_text(query, i + 1, texts[i]);
    db_bind_int(query, 5, clock_wall_ms(op->scheduling->clock));
    return db_exec(query, error);
}

static bool put_job(DbTx *tx, gpointer data, GError **error)
{
    PhotoOp *op = data;
    const Actor *actor = &op->actor.actor;
    OutreachSession session = {0};
    bool is_known = false;
    if (!outreach_session_load(tx, op->session_id, actor, true, &session, error))
        return false;
    outreach_session_clear(&session);
    if (!check_photo(op, error))
        return false;
    g_autofree char *visit_id = visit_of_entry(op, tx, error);
    if (!visit_id)
        return false;
    g_autofree char *hash = picture_hash(op);
    if (!find_known(op, tx, hash, &is_known, error))
        return false;
    op->is_kept = !is_known;
    return is_known || (check_room(op, tx, error) && keep(op, tx, hash, error) &&
                        scheduling_audit(op->scheduling, tx, actor, "outreach.photo", "visit",
                                         visit_id, error));
}

static void on_put_done(gpointer data, const GError *error)
{
    PhotoOp *op = data;
    if (!error && op->is_kept)
        outreach_tell(op->scheduling, op->session_id);
    op->put_done(op->faults, error, op->user_data);
}

void outreach_photo_put(Scheduling *scheduling, const Actor *actor, const char *session_id,
                        const OutreachPhoto *photo, OutreachPhotoDone done, gpointer user_data)
{
    PhotoOp *op = photo_op_new(scheduling, actor, photo->photo_id, user_data);
    op->session_id = g_strdup(session_id);
    op->entry_id = g_strdup(photo->entry_id);
    op->picture = g_bytes_ref(photo->picture);
    op->put_done = done;
    db_write(scheduling->db, put_job, on_put_done, op, photo_op_free);
}

static bool open_picture(PhotoOp *op, DbQuery *row, GError **error)
{
    char *text =
        secret_box_open(op->scheduling->box, "outreach.photo", db_column_text(row, 0), error);
    if (!text)
        return false;
    gsize size = 0;
    guchar *bytes = g_base64_decode(text, &size);
    op->picture = g_bytes_new_take(bytes, size);
    secret_text_free(text);
    return true;
}

static bool get_job(DbTx *tx, gpointer data, GError **error)
{
    PhotoOp *op = data;
    const Actor *actor = &op->actor.actor;
    DbQuery *entry = db_query(tx, "outreach_of_visit");
    db_bind_text(entry, 1, op->visit_id);
    if (!scheduling_need_row(entry, "outreach entry", error))
        return false;
    op->entry_id = db_column_dup(entry, 0);
    op->session_id = db_column_dup(entry, 10);
    db_reset(entry);
    if (!outreach_visit_allow(tx, op->visit_id, op->session_id, actor, error))
        return false;
    DbQuery *row = db_query(tx, "outreach_photo_get");
    db_bind_text(row, 1, op->photo_id);
    db_bind_text(row, 2, op->entry_id);
    if (!scheduling_need_row(row, "picture", error))
        return false;
    bool opened = open_picture(op, row, error);
    db_reset(row);
    return opened && scheduling_audit(op->scheduling, tx, actor, "outreach.photo_read", "visit",
                                      op->visit_id, error);
}

static void on_get_done(gpointer data, const GError *error)
{
    PhotoOp *op = data;
    op->get_done(error ? NULL : op->picture, error, op->user_data);
}

void outreach_photo_get(Scheduling *scheduling, const Actor *actor, const char *visit_id,
                        const char *photo_id, OutreachPictureDone done, gpointer user_data)
{
    PhotoOp *op = photo_op_new(scheduling, actor, photo_id, user_data);
    op->visit_id = g_strdup(visit_id);
    op->get_done = done;
    db_write(scheduling->db, get_job, on_get_done, op, photo_op_free);
}
