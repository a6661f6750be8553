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
    GPtrArray *also; /* Tied, those that were changed */
    VisitPhoneDone done;
    gpointer user_data;
} ChangeOp;

/* Another visit of the patient. */
typedef struct {
    VisitRow row;
    char series_id[SCHEDULING_ID_BYTES]; /* "": of none */
    IssuedToken link;
    ChangeBox box;
} Tied;

static void tied_free(gpointer data)
{
    Tied *tied = data;
    issued_token_clear(&tied->link);
    g_free(tied);
}

static void op_free(gpointer data)
{
    ChangeOp *op = data;
    g_free(op->visit_id);
    secret_text_free(op->e164);
    fault_list_free(op->faults);
    fault_list_free(op->warnings);
    actor_copy_clear(&op->actor);
    issued_token_clear(&op->link);
    g_ptr_array_unref(op->also);
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
static bool set_phone(const ChangeOp *op, VisitRow *row, bool needs_one, GError **error)
{
    row->has_phone = !op->no_phone;
    row->fixed_line = sms_is_fixed_line(op->e164) ? FIXED_LINE_YES : FIXED_LINE_NO;
    return !needs_one || visit_row_need_phone(row, error);
}

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
    return set_phone(op, row, is_to_be_phoned(row), error);
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

/* Those whose number was what that of ROW was. False with an error. */
static bool load_tied(DbTx *tx, const char *visit_id, bool had, const char *before, GPtrArray *all,
                      GError **error)
{
    DbQuery *rows = db_query(tx, "visit_phone_tied");
    db_bind_text(rows, 1, visit_id);
    db_bind_text(rows, 2, before);
    db_bind_int(rows, 3, had);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        Tied *tied = g_new0(Tied, 1);
        scheduling_copy_column(rows, 0, tied->row.id, sizeof tied->row.id);
        if (!db_column_is_null(rows, 1))
            scheduling_copy_column(rows, 1, tied->series_id, sizeof tied->series_id);
        g_ptr_array_add(all, tied);
    }
    return step == DB_DONE;
}

static bool load_series(DbTx *tx, const char *visit_id, Tied *tied, GError **error)
{
    DbQuery *query = db_query(tx, "series_of_entry");
    db_bind_text(query, 1, visit_id);
    DbStep step = db_step(query, error);
    if (step == DB_ROW)
        scheduling_copy_column(query, 0, tied->series_id, sizeof tied->series_id);
    db_reset(query);
    return step != DB_FAILED;
}

/* Who is in a call keeps the page, and what nobody can open any more stays as it is. */
static bool is_left_alone(const ChangeOp *op, const VisitRow *row)
{
    return row->state == VISIT_STATE_CALLED || row->state == VISIT_STATE_IN_CALL ||
           !token_check_renewal(op->scheduling, row, NULL);
}

/* Does the message of what was changed before speak of TIED as well? That is of a series what comes
 * after it. */
static bool is_said_with(const ChangeOp *op, const Tied *own, const Tied *tied)
{
    bool is_said = *own->series_id && g_str_equal(own->series_id, tied->series_id) &&
                   own->row.starts_at_ms <= tied->row.starts_at_ms &&
                   !visit_state_row(own->row.state)->is_final;
    for (unsigned i = 0; i < op->also->len && *tied->series_id && !is_said; i++) {
        const Tied *other = g_ptr_array_index(op->also, i);
        is_said = g_str_equal(other->series_id, tied->series_id) &&
                  !visit_state_row(other->row.state)->is_final;
    }
    return is_said;
}

/* Nobody looks at the page of TIED who should: the number was the wrong one there, too. */
static bool change_tied(ChangeOp *op, DbTx *tx, const Tied *own, Tied *tied, GError **error)
{
    bool is_told = false;
    VisitRow *row = &tied->row;
    bool needs_one = row->way == VISIT_WAY_PHONE && !visit_state_row(row->state)->is_final;
    return set_phone(op, row, needs_one, error) &&
           visit_phone_write(op->scheduling, tx, row->id, op->e164, &op->actor.actor, error) &&
           token_replace_link(op->scheduling, tx, row, &tied->link, error) &&
           notification_on_phone(op->scheduling, tx, row, is_said_with(op, own, tied), &is_told,
                                 error) &&
           visit_row_describe(op->scheduling, tx, row, op->actor.actor.role, &tied->box, error);
}

static bool change_all_tied(ChangeOp *op, DbTx *tx, const VisitRow *row, bool had,
                            const char *before, GError **error)
{
    Tied own = {.row = *row};
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(tied_free);
    if (!load_tied(tx, row->id, had, before, all, error) || !load_series(tx, row->id, &own, error))
        return false;
    while (all->len > 0) {
        Tied *tied = g_ptr_array_steal_index(all, 0);
        g_autofree char *id = g_strdup(tied->row.id);
        bool ok = visit_row_load(tx, id, &tied->row, error);
        if (!ok || is_left_alone(op, &tied->row)) {
            tied_free(tied);
            if (!ok)
                return false;
            continue;
        }
        ok = change_tied(op, tx, &own, tied, error);
        tied->box.has_changed = true;
        g_ptr_array_add(op->also, tied);
        if (!ok)
            return false;
    }
    return true;
}

static bool change_job(DbTx *tx, gpointer data, GError **error)
{
    ChangeOp *op = data;
    VisitRow row;
    if (!visit_row_load(tx, op->visit_id, &row, error))
        return false;
    bool had_phone = row.has_phone;
    if (!check(op, tx, &row, error))
        return false;
    g_autofree char *index = index_of(op->scheduling, row.id, op->e164);
    g_autofree char *before = load_index(tx, row.id, error);
    if (!before || is_same(&row, had_phone, before, index))
        return before != NULL;
    bool is_told = false;
    if (*row.post_id && fault_list_length(op->warnings) == 0)
        fault_list_add(op->warnings, "phone", "at_post", NULL);
    if (!visit_phone_write(op->scheduling, tx, row.id, op->e164, &op->actor.actor, error) ||
        !token_replace_link(op->scheduling, tx, &row, &op->link, error) ||
        !notification_on_phone(op->scheduling, tx, &row, false, &is_told, error) ||
        !visit_row_describe(op->scheduling, tx, &row, op->actor.actor.role, &op->box, error) ||
        !change_all_tied(op, tx, &row, had_phone, before, error))
        return false;
    op->has_changed = true;
    op->is_told = is_told && row.fixed_line != FIXED_LINE_YES;
    op->box.has_changed = true;
    return true;
}

static VisitPhoneAlso *list_also(const ChangeOp *op)
{
    VisitPhoneAlso *also = g_new0(VisitPhoneAlso, MAX(op->also->len, 1));
    for (unsigned i = 0; i < op->also->len; i++) {
        const Tied *tied = g_ptr_array_index(op->also, i);
        also[i] = (VisitPhoneAlso){&tied->link, tied->row.starts_at_ms,
                                   visit_state_row(tied->row.state)->is_final};
    }
    return also;
}

static void on_changed(gpointer data, const GError *error)
{
    ChangeOp *op = data;
    op->box.has_changed = op->box.has_changed && !error;
    scheduling_notify(op->scheduling, &op->box);
    for (unsigned i = 0; !error && i < op->also->len; i++)
        scheduling_notify(op->scheduling, &((const Tied *)g_ptr_array_index(op->also, i))->box);
    g_autofree VisitPhoneAlso *also = list_also(op);
    const VisitPhoneChanged changed = {
        .faults = op->faults,
        .warnings = op->warnings,
        .has_changed = op->has_changed,
        .is_told = op->is_told,
        .link = op->has_changed ? &op->link : NULL,
        .also = also,
        .n_also = op->has_changed ? op->also->len : 0,
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
    op->also = g_ptr_array_new_with_free_func(tied_free);
    actor_copy_init(&op->actor, actor);
    op->done = done;
    op->user_data = user_data;
    read_phone(op, phone);
    db_write(scheduling->db, change_job, on_changed, op, op_free);
}
