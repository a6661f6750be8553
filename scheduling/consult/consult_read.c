// SPDX-License-Identifier: Apache-2.0
/* Threads and lists. */
#include "scheduling/clinic/directory_access.h"
#include "scheduling/consult/consult_row.h"

/* Behind every id. */
static const char last_id[] = "~";

static void consult_clear(Consult *consult)
{
    char *texts[] = {consult->id,          consult->visit_id,
                     consult->asker,       consult->from_facility,
                     consult->to_facility, consult->to_facility_phone,
                     consult->to_clinic,   consult->to_doctor,
                     consult->expert};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}

static void consult_free(gpointer data)
{
    consult_clear(data);
    g_free(data);
}

static void post_free(gpointer data)
{
    ConsultPost *post = data;
    g_free(post->id);
    g_free(post->author);
    secret_text_free(post->text);
    secret_text_free(post->recommendation);
    g_ptr_array_unref(post->attachments);
    g_free(post);
}

static void attachment_free(gpointer data)
{
    ConsultAttachment *attachment = data;
    g_free(attachment->id);
    g_free(attachment);
}

static void line_free(gpointer data)
{
    ConsultLine *line = data;
    g_free(line->step);
    g_free(line->by);
    g_free(line);
}

/* Fills RET_CONSULT as PRACTITIONER_ID (NULL: who keeps a facility) sees it. */
static bool load_item(DbTx *tx, const char *consult_id, const char *practitioner_id,
                      Consult *ret_consult, GError **error)
{
    DbQuery *row = db_query(tx, "consult_item");
    db_bind_text(row, 1, consult_id);
    if (!scheduling_need_row(row, "question", error))
        return false;
    Consult *consult = ret_consult;
    consult->id = db_column_dup(row, 0);
    bool known = consult_urgency_parse(db_column_text(row, 2), &consult->urgency) &&
                 consult_state_parse(db_column_text(row, 3), &consult->state);
    consult->asked_at_ms = db_column_int(row, 4);
    consult->due_at_ms = db_column_int(row, 5);
    consult->first_answer_at_ms = scheduling_column_int0(row, 6);
    consult->escalated_at_ms = scheduling_column_int0(row, 7);
    consult->changed_at_ms = db_column_int(row, 8);
    consult->asker = db_column_dup(row, 9);
    consult->from_facility = db_column_dup(row, 10);
    consult->to_facility = db_column_dup(row, 11);
    consult->to_clinic = db_column_dup(row, 12);
    consult->to_doctor = db_column_dup(row, 13);
    consult->expert = db_column_dup(row, 14);
    consult->n_attachments = (unsigned)db_column_int(row, 15);
    consult->is_asker = g_strcmp0(db_column_text(row, 16), practitioner_id) == 0;
    consult->is_expert =
        practitioner_id && g_strcmp0(db_column_text(row, 17), practitioner_id) == 0;
    consult->to_facility_phone = db_column_dup(row, 19);
    if (consult->is_asker)
        consult->visit_id = db_column_dup(row, 1);
    db_reset(row);
    if (!known)
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "question %s is in no known state",
                    consult_id);
    return known;
}

/* One thread. */

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *consult_id;
    ConsultThread thread;
    ConsultThreadDone done;
    gpointer user_data;
} GetOp;

static void get_op_free(gpointer data)
{
    GetOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->consult_id);
    consult_clear(&op->thread.consult);
    g_ptr_array_unref(op->thread.shared);
    g_ptr_array_unref(op->thread.posts);
    g_ptr_array_unref(op->thread.lines);
    g_free(op);
}

static bool load_shared(GetOp *op, DbTx *tx, GError **error)
{
    DbQuery *rows = db_query(tx, "consult_shared");
    db_bind_text(rows, 1, op->consult_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        char *text =
            secret_box_open(op->scheduling->box, "consult.shared", db_column_text(rows, 1), error);
        if (!text)
            return false;
        consult_shared_add(op->thread.shared, db_column_text(rows, 0), text);
    }
    return step == DB_DONE;
}

static bool load_attachments(DbTx *tx, ConsultPost *post, GError **error)
{
    DbQuery *rows = db_query(tx, "consult_attachments");
    db_bind_text(rows, 1, post->id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        ConsultAttachment *attachment = g_new0(ConsultAttachment, 1);
        g_ptr_array_add(post->attachments, attachment);
        attachment->id = db_column_dup(rows, 0);
        consult_file_type_parse(db_column_text(rows, 1), &attachment->type);
        attachment->n_bytes = (unsigned)db_column_int(rows, 2);
    }
    return step == DB_DONE;
}

static bool read_post(GetOp *op, DbQuery *row, ConsultPost *post, GError **error)
{
    const SecretBox *box = op->scheduling->box;
    post->id = db_column_dup(row, 0);
    consult_post_kind_parse(db_column_text(row, 1), &post->kind);
    post->at_ms = db_column_int(row, 2);
    post->author = db_column_dup(row, 6);
    post->text = secret_box_open(box, "consult.text", db_column_text(row, 3), error);
    if (!post->text)
        return false;
    if (post->kind != CONSULT_POST_ANSWER)
        return true;
    post->refer = db_column_int(row, 5) != 0;
    post->recommendation =
        secret_box_open(box, "consult.recommendation", db_column_text(row, 4), error);
    return post->recommendation != NULL;
}

static bool load_posts(GetOp *op, DbTx *tx, GError **error)
{
    DbQuery *rows = db_query(tx, "consult_posts");
    db_bind_text(rows, 1, op->consult_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        ConsultPost *post = g_new0(ConsultPost, 1);
        post->attachments = g_ptr_array_new_with_free_func(attachment_free);
        g_ptr_array_add(op->thread.posts, post);
        if (!read_post(op, rows, post, error) || !load_attachments(tx, post, error))
            return false;
    }
    return step == DB_DONE;
}

static bool load_lines(GetOp *op, DbTx *tx, GError **error)
{
    DbQuery *rows = db_query(tx, "consult_steps");
    db_bind_text(rows, 1, op->consult_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        ConsultLine *line = g_new0(ConsultLine, 1);
        g_ptr_array_add(op->thread.lines, line);
        line->step = db_column_dup(rows, 0);
        line->at_ms = db_column_int(rows, 1);
        line->by = db_column_dup(rows, 2);
    }
    return step == DB_DONE;
}

static bool get_job(DbTx *tx, gpointer data, GError **error)
{
    GetOp *op = data;
    const Actor *actor = &op->actor.actor;
    ConsultRow row;
    ConsultRelation relation;
    if (!consult_row_load(tx, op->consult_id, &row, error))
        return false;
    g_autofree char *reader_id = consult_row_allow(tx, &row, actor, &relation, error);
    return reader_id && load_item(tx, row.id, reader_id, &op->thread.consult, error) &&
           load_shared(op, tx, error) && load_posts(op, tx, error) && load_lines(op, tx, error) &&
           scheduling_audit(op->scheduling, tx, actor, "consult.read", "consult", row.id, error);
}

static void on_get_done(gpointer data, const GError *error)
{
    GetOp *op = data;
    op->done(error ? NULL : &op->thread, error, op->user_data);
}

void consult_get(Scheduling *scheduling, const char *consult_id, const Actor *actor,
                 ConsultThreadDone done, gpointer user_data)
{
    GetOp *op = g_new0(GetOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->consult_id = g_strdup(consult_id);
    op->thread.shared = consult_shared_list_new();
    op->thread.posts = g_ptr_array_new_with_free_func(post_free);
    op->thread.lines = g_ptr_array_new_with_free_func(line_free);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, get_job, on_get_done, op, get_op_free);
}

/* Lists. */

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    ConsultBox box;
    char *before_id;
    ConsultList list;
    ConsultListDone done;
    gpointer user_data;
} ListOp;

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->before_id);
    g_ptr_array_unref(op->list.consults);
    g_free(op);
}

static unsigned list_limit(ConsultBox box)
{
    return box == CONSULT_BOX_OPEN ? CONSULT_OPEN_MAX : CONSULT_LIST_MAX;
}

/* The statement of the box, with its parameters. PRACTITIONER_ID or FACILITY_ID is whose it is. */
static DbQuery *query_box(ListOp *op, DbTx *tx, const char *practitioner_id,
                          const char *facility_id)
{
    const char *before_id = op->before_id ? op->before_id : last_id;
    int64_t limit = list_limit(op->box) + 1;
    DbQuery *rows = NULL;
    switch (op->box) {
    case CONSULT_BOX_ASKED:
    case CONSULT_BOX_TAKEN:
        rows = db_query(tx,
                        op->box == CONSULT_BOX_ASKED ? "consult_list_asked" : "consult_list_taken");
        db_bind_text(rows, 1, practitioner_id);
        db_bind_text(rows, 2, before_id);
        db_bind_int(rows, 3, limit);
        return rows;
    case CONSULT_BOX_OPEN:
        rows = db_query(tx, "consult_list_open");
        db_bind_text(rows, 1, practitioner_id);
        db_bind_int(rows, 2, limit);
        return rows;
    case CONSULT_BOX_LATE:
        rows = db_query(tx, facility_id ? "consult_list_late" : "consult_list_late_all");
        if (facility_id)
            db_bind_text(rows, 1, facility_id);
        db_bind_int(rows, facility_id ? 2 : 1, limit);
        return rows;
    }
    g_assert_not_reached();
}

static gint by_due(gconstpointer a, gconstpointer b)
{
    const Consult *left = *(Consult *const *)a, *right = *(Consult *const *)b;
    return left->due_at_ms < right->due_at_ms ? -1 : left->due_at_ms > right->due_at_ms;
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    const Actor *actor = &op->actor.actor;
    const char *facility_id = NULL;
    g_autofree char *practitioner_id = NULL;
    if (op->box == CONSULT_BOX_LATE) {
        if (!directory_access(actor, &facility_id, error))
            return false;
    } else {
        practitioner_id = scheduling_actor_practitioner(tx, actor, error);
        if (!practitioner_id)
            return false;
    }
    DbQuery *rows = query_box(op, tx, practitioner_id, facility_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (op->list.consults->len == list_limit(op->box)) {
            op->list.has_more = true;
            continue;
        }
        Consult *consult = g_new0(Consult, 1);
        g_ptr_array_add(op->list.consults, consult);
        if (!load_item(tx, db_column_text(rows, 0), practitioner_id, consult, error))
            return false;
    }
    if (op->box == CONSULT_BOX_OPEN || op->box == CONSULT_BOX_LATE)
        g_ptr_array_sort(op->list.consults, by_due);
    return step == DB_DONE;
}

static void on_list_done(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : &op->list, error, op->user_data);
}

void consult_list(Scheduling *scheduling, ConsultBox box, const char *before_id, const Actor *actor,
                  ConsultListDone done, gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->box = box;
    op->before_id = g_strdup(before_id);
    op->list.consults = g_ptr_array_new_with_free_func(consult_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, list_job, on_list_done, op, list_op_free);
}

/* How many wait. */

typedef struct {
    ActorCopy actor;
    ConsultWaiting waiting;
    ConsultWaitingDone done;
    gpointer user_data;
} WaitingOp;

static void waiting_op_free(gpointer data)
{
    WaitingOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op);
}

static bool count_one(DbTx *tx, const char *name, const char *practitioner_id, unsigned *ret_n,
                      GError **error)
{
    DbQuery *row = db_query(tx, name);
    db_bind_text(row, 1, practitioner_id);
    if (!scheduling_need_row(row, "count", error))
        return false;
    *ret_n = (unsigned)db_column_int(row, 0);
    db_reset(row);
    return true;
}

static bool waiting_job(DbTx *tx, gpointer data, GError **error)
{
    WaitingOp *op = data;
    g_autofree char *practitioner_id = scheduling_actor_practitioner(tx, &op->actor.actor, error);
    if (!practitioner_id)
        return false;
    DbQuery *rows = db_query(tx, "consult_list_open");
    db_bind_text(rows, 1, practitioner_id);
    db_bind_int(rows, 2, CONSULT_OPEN_MAX);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW)
        op->waiting.n_open++;
    return step == DB_DONE &&
           count_one(tx, "consult_waiting_taken", practitioner_id, &op->waiting.n_taken, error) &&
           count_one(tx, "consult_waiting_asked", practitioner_id, &op->waiting.n_asked, error);
}

static void on_waiting_done(gpointer data, const GError *error)
{
    WaitingOp *op = data;
    op->done(error ? NULL : &op->waiting, error, op->user_data);
}

void consult_count_waiting(Scheduling *scheduling, const Actor *actor, ConsultWaitingDone done,
                           gpointer user_data)
{
    WaitingOp *op = g_new0(WaitingOp, 1);
    actor_copy_init(&op->actor, actor);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, waiting_job, on_waiting_done, op, waiting_op_free);
}
