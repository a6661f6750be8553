// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/visit_phone.h"

#include "scheduling/booking/person.h"
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
    g_free(op);
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
    if (!token_check_renewal(op->scheduling, row, error))
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
    row->has_phone = !op->no_phone;
    row->fixed_line = sms_is_fixed_line(op->e164) ? FIXED_LINE_YES : FIXED_LINE_NO;
    return !is_to_be_phoned(row) || visit_row_need_phone(row, error);
}

/* Without a telephone nobody has the same. */
static char *index_of(const Scheduling *scheduling, const char *visit_id, const char *e164)
{
    return secret_box_index(scheduling->box, "visit.phone", *e164 ? e164 : visit_id);
}

/* Is what the visit HAD what ROW has now? After a move the index of none is another visit's. */
static bool is_same(DbTx *tx, const VisitRow *row, bool had, const char *index, bool *ret_same,
                    GError **error)
{
    *ret_same = had == row->has_phone && !had;
    if (had != row->has_phone || !had)
        return true;
    DbQuery *query = db_query(tx, "visit_phone_index");
    db_bind_text(query, 1, row->id);
    if (!scheduling_need_row(query, "visit", error))
        return false;
    *ret_same = g_str_equal(db_column_text(query, 0), index);
    db_reset(query);
    return true;
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

static bool change_job(DbTx *tx, gpointer data, GError **error)
{
    ChangeOp *op = data;
    VisitRow row;
    bool is_known = false;
    if (!visit_row_load(tx, op->visit_id, &row, error))
        return false;
    bool had_phone = row.has_phone;
    if (!check(op, tx, &row, error))
        return false;
    g_autofree char *index = index_of(op->scheduling, row.id, op->e164);
    if (!is_same(tx, &row, had_phone, index, &is_known, error) || is_known)
        return is_known;
    bool is_told = false;
    if (!visit_phone_write(op->scheduling, tx, row.id, op->e164, &op->actor.actor, error) ||
        !token_replace_link(op->scheduling, tx, &row, &op->link, error) ||
        !notification_on_phone(op->scheduling, tx, &row, &is_told, error) ||
        !visit_row_describe(op->scheduling, tx, &row, op->actor.actor.role, &op->box, error))
        return false;
    op->has_changed = true;
    op->is_told = is_told && row.fixed_line != FIXED_LINE_YES;
    op->box.has_changed = true;
    return true;
}

static void on_changed(gpointer data, const GError *error)
{
    ChangeOp *op = data;
    op->box.has_changed = op->box.has_changed && !error;
    scheduling_notify(op->scheduling, &op->box);
    const VisitPhoneChanged changed = {
        .faults = op->faults,
        .warnings = op->warnings,
        .has_changed = op->has_changed,
        .is_told = op->is_told,
        .link = op->has_changed ? &op->link : NULL,
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
