// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/visit_phone.h"

#include "scheduling/booking/person.h"
#include "scheduling/booking/phone_tied.h"
#include "scheduling/booking/token_private.h"
#include "scheduling/outbox/notification.h"
#include "scheduling/outbox/sms.h"
#include "scheduling/record/event.h"
#include "server/base/secret.h"

typedef struct {
    Scheduling *scheduling;
    char *visit_id, *e164; /* e164: "" without a telephone */
    bool no_phone;
    FaultList *faults, *warnings;
    ActorCopy actor;
    IssuedToken link;
    bool has_changed, is_told;
    ChangeBox box;
    PhoneTied own;   /* its row as it is then */
    GPtrArray *tied; /* PhoneTied; NULL: nothing was changed */
    VisitPhoneAlso *also, *left;
    unsigned n_also, n_left;
    VisitPhoneDone done;
    gpointer user_data;
} ChangeOp;

static void op_free(gpointer data)
{
    ChangeOp *op = data;
    g_free(op->visit_id);
    secret_text_free(op->e164);
    fault_list_free(op->faults);
    fault_list_free(op->warnings);
    actor_copy_clear(&op->actor);
    issued_token_clear(&op->link);
    g_clear_pointer(&op->tied, g_ptr_array_unref);
    g_free(op->also);
    g_free(op->left);
    g_free(op);
}

static PhoneNow now_of(const ChangeOp *op)
{
    return (PhoneNow){op->scheduling, &op->actor.actor, op->e164};
}

/* As a booking by staff reads it. */
static void read_phone(ChangeOp *op, const VisitPhone *phone)
{
    bool is_mobile = true;
    bool is_given = phone->text && *phone->text;
    const char *wrong = NULL;
    if (phone->no_phone && is_given)
        wrong = "phone_said";
    else if (phone->no_phone)
        op->e164 = g_strdup("");
    else
        wrong = person_phone_normalise(phone->text, &op->e164, &is_mobile);
    op->no_phone = phone->no_phone;
    if (wrong)
        fault_list_add(op->faults, "phone", wrong, "08xx or +628xx");
    else if (phone->no_phone)
        fault_list_add(op->warnings, "phone", "no_phone", NULL);
    else if (!is_mobile)
        fault_list_add(op->warnings, "phone", "no_messages", NULL);
}

/* By its doctor, still. */
static bool is_to_be_phoned(const VisitRow *row)
{
    bool is_over = visit_state_row(row->state)->is_final;
    return row->state == VISIT_STATE_CONVERTED_PHONE || (row->way == VISIT_WAY_PHONE && !is_over);
}

/* Leaves in ROW whether there is a telephone, and which, from now on. */
static bool check(const ChangeOp *op, DbTx *tx, VisitRow *row, GError **error)
{
    const unsigned roles = (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK);
    if (!visit_row_check_actor(tx, row, &op->actor.actor, roles, error))
        return false;
    bool is_missed = false;
    if (!phone_tied_is_missed(op->scheduling, tx, row, &is_missed, error) ||
        (!is_missed && !token_check_renewal(op->scheduling, row, error)))
        return false;
    /* The page that calls the patient would go, and no message calls them. */
    if (row->state == VISIT_STATE_CALLED || row->state == VISIT_STATE_IN_CALL) {
        visit_row_refuse(row->state, error);
        return false;
    }
    if (fault_list_length(op->faults) > 0) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "the telephone number is wrong");
        return false;
    }
    const PhoneNow now = now_of(op);
    return phone_tied_set(&now, row, is_to_be_phoned(row), error);
}

/* Without a telephone nobody has the same. */
static char *index_of(const Scheduling *scheduling, const char *visit_id, const char *e164)
{
    return secret_box_index(scheduling->box, "visit.phone", *e164 ? e164 : visit_id);
}

/* To be freed; NULL with an error. */
static char *load_index(DbTx *tx, const char *visit_id, GError **error)
{
    DbQuery *query = db_query(tx, "visit_phone_index");
    db_bind_text(query, 1, visit_id);
    if (!scheduling_need_row(query, "visit", error))
        return NULL;
    char *index = db_column_dup(query, 0);
    db_reset(query);
    return index;
}

/* After a move the index of none is another visit's. */
static bool is_same(const VisitRow *row, bool had, const char *before, const char *now)
{
    return had == row->has_phone && (!had || g_str_equal(before, now));
}

static bool write_phone(const Scheduling *scheduling, DbTx *tx, const char *visit_id,
                        const char *e164, GError **error)
{
    g_autofree char *sealed = secret_box_seal(scheduling->box, "visit.phone", e164);
    g_autofree char *index = index_of(scheduling, visit_id, e164);
    DbQuery *query = db_query(tx, "visit_set_phone");
    db_bind_text(query, 1, visit_id);
    db_bind_text(query, 2, sealed);
    db_bind_text(query, 3, index);
    db_bind_int(query, 4, *e164 != '\0');
    db_bind_int(query, 5, sms_is_fixed_line(e164));
    return db_exec(query, error);
}

bool visit_phone_write(Scheduling *scheduling, DbTx *tx, const char *visit_id, const char *e164,
                       const Actor *actor, GError **error)
{
    const EventRow event = {
        .visit_id = visit_id,
        .at_ms = clock_wall_ms(scheduling->clock),
        .kind = "phone_changed",
        .actor = actor_role_name(actor->role),
    };
    return write_phone(scheduling, tx, visit_id, e164, error) && event_append(tx, &event, error) &&
           scheduling_audit(scheduling, tx, actor, "visit.phone_changed", "visit", visit_id, error);
}

static bool change_tied(ChangeOp *op, DbTx *tx, GError **error)
{
    const PhoneNow now = now_of(op);
    for (unsigned i = 0; i < op->tied->len; i++) {
        if (!phone_tied_change(&now, tx, g_ptr_array_index(op->tied, i), error))
            return false;
    }
    return true;
}

static bool change_job(DbTx *tx, gpointer data, GError **error)
{
    ChangeOp *op = data;
    Scheduling *scheduling = op->scheduling;
    VisitRow *row = &op->own.row;
    if (!visit_row_load(tx, op->visit_id, row, error))
        return false;
    bool had_phone = row->has_phone;
    if (!check(op, tx, row, error))
        return false;
    g_autofree char *index = index_of(scheduling, row->id, op->e164);
    g_autofree char *before = load_index(tx, row->id, error);
    if (!before || is_same(row, had_phone, before, index))
        return before != NULL;
    const PhoneNow now = now_of(op);
    op->tied = phone_tied_load(scheduling, tx, row->id, had_phone, before, error);
    if (!op->tied || !phone_tied_plan(&now, tx, &op->own, op->tied, error))
        return false;
    if (*row->post_id && fault_list_length(op->warnings) == 0)
        fault_list_add(op->warnings, "phone", "at_post", NULL);
    bool is_told = false;
    if (!visit_phone_write(scheduling, tx, row->id, op->e164, &op->actor.actor, error) ||
        !token_replace_link(scheduling, tx, row, &op->link, error) ||
        !notification_on_phone(scheduling, tx, row, false, &is_told, error) ||
        !visit_row_describe(scheduling, tx, row, op->actor.actor.role, &op->box, error) ||
        !change_tied(op, tx, error))
        return false;
    op->has_changed = true;
    op->is_told = is_told && row->fixed_line != FIXED_LINE_YES;
    op->box.has_changed = true;
    return true;
}

/* Of those that the patient still has to do with. */
static void list_tied(ChangeOp *op)
{
    op->also = g_new0(VisitPhoneAlso, MAX(op->tied->len, 1));
    op->left = g_new0(VisitPhoneAlso, MAX(op->tied->len, 1));
    for (unsigned i = 0; i < op->tied->len; i++) {
        const PhoneTied *tied = g_ptr_array_index(op->tied, i);
        bool is_left = tied->fit == PHONE_TIED_BUSY;
        if (tied->fit != PHONE_TIED_CHANGED && !is_left)
            continue;
        const VisitPhoneAlso one = {
            .link = is_left ? NULL : &tied->link,
            .starts_at_ms = tied->row.starts_at_ms,
            .is_over = visit_state_row(tied->row.state)->is_final,
            .is_told = tied->is_told,
        };
        if (is_left)
            op->left[op->n_left++] = one;
        else
            op->also[op->n_also++] = one;
    }
}

static void on_changed(gpointer data, const GError *error)
{
    ChangeOp *op = data;
    op->box.has_changed = op->box.has_changed && !error;
    scheduling_notify(op->scheduling, &op->box);
    if (!error && op->tied) {
        for (unsigned i = 0; i < op->tied->len; i++)
            scheduling_notify(op->scheduling,
                              &((const PhoneTied *)g_ptr_array_index(op->tied, i))->box);
        list_tied(op);
    }
    const VisitPhoneChanged changed = {
        .faults = op->faults,
        .warnings = op->warnings,
        .has_changed = op->has_changed,
        .is_told = op->is_told,
        .link = op->has_changed ? &op->link : NULL,
        .also = op->also,
        .n_also = op->n_also,
        .left = op->left,
        .n_left = op->n_left,
    };
    op->done(&changed, error, op->user_data);
}

void visit_phone_change(Scheduling *scheduling, const char *visit_id, const VisitPhone *phone,
                        const Actor *actor, VisitPhoneDone done, gpointer user_data)
{
    ChangeOp *op = g_new0(ChangeOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    op->faults = fault_list_new();
    op->warnings = fault_list_new();
    actor_copy_init(&op->actor, actor);
    op->done = done;
    op->user_data = user_data;
    read_phone(op, phone);
    db_write(scheduling->db, change_job, on_changed, op, op_free);
}
