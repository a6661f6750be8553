// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outbox/message_edit.h"

#include <string.h>

#include "scheduling/policy/policy.h"

void message_text_free(gpointer data)
{
    MessageText *text = data;
    if (!text)
        return;
    g_free(text->text);
    g_free(text->inherited);
    g_free(text);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MessageText, message_text_free)

/* Of one scope: *RET_TEXT NULL and version 0 when there is none. */
static bool load_newest(DbTx *tx, const char *facility_id, MessageKind kind, bool is_english,
                        MessageText *ret_text, GError **error)
{
    DbQuery *row = db_query(tx, "message_newest");
    db_bind_text(row, 1, facility_id);
    db_bind_text(row, 2, message_kind_name(kind));
    db_bind_text(row, 3, message_lang(is_english));
    DbStep step = db_step(row, error);
    if (step == DB_ROW) {
        ret_text->version = db_column_int(row, 0);
        ret_text->text = db_column_dup(row, 1);
    }
    db_reset(row);
    return step != DB_FAILED;
}

MessageText *message_text_find(DbTx *tx, const char *facility_id, MessageKind kind, bool is_english,
                               GError **error)
{
    g_autoptr(MessageText) text = g_new0(MessageText, 1);
    g_autoptr(MessageText) province = g_new0(MessageText, 1);
    text->kind = kind;
    text->is_english = is_english;
    if (!load_newest(tx, facility_id, kind, is_english, text, error) ||
        (facility_id && !load_newest(tx, NULL, kind, is_english, province, error)))
        return NULL;
    if (text->text)
        text->source = facility_id ? POLICY_FROM_FACILITY : POLICY_FROM_PROVINCE;
    else
        text->source = province->text ? POLICY_FROM_PROVINCE : POLICY_FROM_SERVER;
    const char *above = province->text ? province->text : message_shipped(kind, is_english);
    text->inherited = g_strdup(above);
    if (!text->text)
        text->text = g_strdup(above);
    return g_steal_pointer(&text);
}

bool message_text_load(DbTx *tx, const char *facility_id, MessageKind kind, bool is_english,
                       char **ret_text, GError **error)
{
    g_autoptr(MessageText) text = message_text_find(tx, facility_id, kind, is_english, error);
    if (!text)
        return false;
    /* What an older or newer program allowed in it may be what this one does not. */
    g_autoptr(FaultList) faults = fault_list_new();
    bool is_good =
        text->source != POLICY_FROM_SERVER && message_check(kind, text->text, "text", faults);
    *ret_text = is_good ? g_steal_pointer(&text->text) : NULL;
    return true;
}

static bool insert(Scheduling *scheduling, DbTx *tx, const Actor *actor, const MessageWish *wish,
                   int64_t version, GError **error)
{
    const char *scope = wish->facility_id ? wish->facility_id : "province";
    DbQuery *query = db_query(tx, "message_insert");
    db_bind_text(query, 1, wish->facility_id);
    db_bind_text(query, 2, message_kind_name(wish->kind));
    db_bind_text(query, 3, message_lang(wish->is_english));
    db_bind_int(query, 4, version);
    db_bind_text(query, 5, wish->text);
    db_bind_int(query, 6, clock_wall_ms(scheduling->clock));
    db_bind_text(query, 7, actor->user_id);
    g_autofree char *reason =
        g_strdup_printf("%s %s version %" G_GINT64_FORMAT "%s", message_kind_name(wish->kind),
                        message_lang(wish->is_english), version, wish->text ? "" : " (inherited)");
    const AuditedChange change = {"message_template.change", "message_template", scope, reason};
    return db_exec(query, error) && scheduling_audit_change(scheduling, tx, actor, &change, error);
}

bool message_put(Scheduling *scheduling, DbTx *tx, const Actor *actor, const MessageWish *wish,
                 bool *ret_changed, GError **error)
{
    g_autoptr(MessageText) now =
        message_text_find(tx, wish->facility_id, wish->kind, wish->is_english, error);
    if (!now)
        return false;
    PolicySource own = wish->facility_id ? POLICY_FROM_FACILITY : POLICY_FROM_PROVINCE;
    *ret_changed = wish->text ? strcmp(wish->text, now->text) != 0 : now->source == own;
    return !*ret_changed || insert(scheduling, tx, actor, wish, now->version + 1, error);
}

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *facility_id, *text;
    MessageWish wish; /* its texts are those above */
    FaultList *faults;
    MessageView view;
    MessageViewDone got;
    MessageEditDone done;
    gpointer user_data;
} MessageOp;

static void message_op_free(gpointer data)
{
    MessageOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->facility_id);
    g_free(op->text);
    fault_list_free(op->faults);
    g_free(op->view.facility_id);
    g_free(op->view.facility);
    g_ptr_array_unref(op->view.texts);
    g_free(op);
}

static MessageOp *message_op_new(Scheduling *scheduling, const Actor *actor,
                                 const MessageWish *wish, gpointer user_data)
{
    MessageOp *op = g_new0(MessageOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->facility_id = g_strdup(wish->facility_id);
    op->text = wish->text ? g_strstrip(g_strdup(wish->text)) : NULL;
    op->wish = *wish;
    op->wish.text = op->text;
    op->faults = fault_list_new();
    op->view.texts = g_ptr_array_new_with_free_func(message_text_free);
    op->user_data = user_data;
    return op;
}

/* Whose texts: the wish is for that scope. */
static bool find_scope(MessageOp *op, DbTx *tx, GError **error)
{
    const char *facility_id = NULL;
    if (!policy_scope(&op->actor.actor, op->facility_id, &facility_id, error))
        return false;
    op->wish.facility_id = facility_id;
    Policy policy;
    if (!policy_load(op->scheduling, tx, facility_id, &policy, error))
        return false;
    op->view.early_minutes = (unsigned)policy.values[POLICY_OPEN_BEFORE];
    if (!facility_id)
        return true;
    DbQuery *row = db_query(tx, "facility_name");
    db_bind_text(row, 1, facility_id);
    if (!scheduling_need_row(row, "facility", error))
        return false;
    op->view.facility_id = g_strdup(facility_id);
    op->view.facility = db_column_dup(row, 0);
    db_reset(row);
    return true;
}

static bool add_text(MessageOp *op, DbTx *tx, MessageKind kind, bool is_english, GError **error)
{
    MessageText *text = message_text_find(tx, op->wish.facility_id, kind, is_english, error);
    if (text)
        g_ptr_array_add(op->view.texts, text);
    return text != NULL;
}

static bool get_job(DbTx *tx, gpointer data, GError **error)
{
    MessageOp *op = data;
    if (!find_scope(op, tx, error))
        return false;
    for (int i = 0; i < 2 * MESSAGE_N_KINDS; i++) {
        if (!add_text(op, tx, (MessageKind)(i / 2), i % 2, error))
            return false;
    }
    return true;
}

static void on_got(gpointer data, const GError *error)
{
    MessageOp *op = data;
    op->got(error ? NULL : &op->view, error, op->user_data);
}

void message_get(Scheduling *scheduling, const Actor *actor, const char *facility_id,
                 MessageViewDone done, gpointer user_data)
{
    const MessageWish wish = {.facility_id = facility_id};
    MessageOp *op = message_op_new(scheduling, actor, &wish, user_data);
    op->got = done;
    db_read(scheduling->db, get_job, on_got, op, message_op_free);
}

/* What it would be. */
static void show_trial(const MessageOp *op, MessageText *text)
{
    g_free(text->text);
    text->text = g_strdup(op->wish.text ? op->wish.text : text->inherited);
}

static bool apply_edit(MessageOp *op, DbTx *tx, GError **error)
{
    const MessageWish *wish = &op->wish;
    bool changed;
    if (!add_text(op, tx, wish->kind, wish->is_english, error))
        return false;
    MessageText *now = op->view.texts->pdata[0];
    if (wish->is_trial) {
        show_trial(op, now);
        return true;
    }
    if (now->version != wish->version) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_CHANGED,
                            "the text has another version by now");
        return false;
    }
    g_ptr_array_set_size(op->view.texts, 0);
    return message_put(op->scheduling, tx, &op->actor.actor, wish, &changed, error) &&
           add_text(op, tx, wish->kind, wish->is_english, error);
}

static bool edit_job(DbTx *tx, gpointer data, GError **error)
{
    MessageOp *op = data;
    if (!find_scope(op, tx, error))
        return false;
    if (op->text && !message_check(op->wish.kind, op->text, "text", op->faults)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "the text is not possible");
        return false;
    }
    return apply_edit(op, tx, error);
}

static void on_edited(gpointer data, const GError *error)
{
    MessageOp *op = data;
    op->done(error ? NULL : &op->view, op->faults, error, op->user_data);
}

void message_edit(Scheduling *scheduling, const Actor *actor, const MessageWish *wish,
                  MessageEditDone done, gpointer user_data)
{
    MessageOp *op = message_op_new(scheduling, actor, wish, user_data);
    op->done = done;
    db_write(scheduling->db, edit_job, on_edited, op, message_op_free);
}
