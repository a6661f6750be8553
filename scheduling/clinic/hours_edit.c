// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/hours_edit.h"

#include <string.h>

#include "scheduling/clinic/duty_row.h"
#include "scheduling/clinic/hours_access.h"
#include "scheduling/clinic/hours_apart.h"
#include "scheduling/clinic/hours_audit.h"
#include "scheduling/clinic/hours_check.h"
#include "scheduling/clinic/hours_kept.h"
#include "scheduling/clinic/hours_store.h"
#include "server/base/ids.h"
#include "server/base/revision.h"

const char *hours_edit_kind_name(HoursEditKind kind)
{
    switch (kind) {
    case HOURS_EDIT_RULE_ADD:
        return "rule.add";
    case HOURS_EDIT_RULE_CHANGE:
        return "rule.change";
    case HOURS_EDIT_RULE_REMOVE:
        return "rule.remove";
    case HOURS_EDIT_OVERRIDE_ADD:
        return "override.add";
    case HOURS_EDIT_OVERRIDE_REMOVE:
        return "override.remove";
    case HOURS_EDIT_LEAVE_ADD:
        return "leave.add";
    case HOURS_EDIT_LEAVE_REMOVE:
        return "leave.remove";
    }
    g_assert_not_reached();
}

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *practitioner_id;
    HoursEdit edit;
    HoursRule before; /* of a rule that is changed or removed */
    HoursEdited edited;
    HoursEditDone done;
    gpointer user_data;
} EditOp;

static void edit_op_free(gpointer data)
{
    EditOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->practitioner_id);
    g_ptr_array_unref(op->edited.ids);
    fault_list_free(op->edited.faults);
    g_ptr_array_unref(op->edited.hits);
    g_free(op);
}

static bool refuse_fields(GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "the hours are not possible");
    return false;
}

static const char *clinic_of(const HoursEdit *edit)
{
    switch (edit->kind) {
    case HOURS_EDIT_RULE_ADD:
    case HOURS_EDIT_RULE_CHANGE:
        return edit->rule.clinic_id;
    case HOURS_EDIT_OVERRIDE_ADD:
        return edit->override.clinic_id;
    case HOURS_EDIT_RULE_REMOVE:
    case HOURS_EDIT_OVERRIDE_REMOVE:
    case HOURS_EDIT_LEAVE_ADD:
    case HOURS_EDIT_LEAVE_REMOVE:
        return NULL;
    }
    g_assert_not_reached();
}

/* Which statement tells the owner of the row that is changed or removed; NULL: there is none. */
static const char *owner_statement(HoursEditKind kind)
{
    switch (kind) {
    case HOURS_EDIT_RULE_CHANGE:
    case HOURS_EDIT_RULE_REMOVE:
        return "hours_rule_owner";
    case HOURS_EDIT_OVERRIDE_REMOVE:
        return "hours_override_owner";
    case HOURS_EDIT_LEAVE_REMOVE:
        return "hours_leave_owner";
    case HOURS_EDIT_RULE_ADD:
    case HOURS_EDIT_OVERRIDE_ADD:
    case HOURS_EDIT_LEAVE_ADD:
        return NULL;
    }
    g_assert_not_reached();
}

/* The row is one of this doctor, in a clinic where the actor may change hours. */
static bool check_row(EditOp *op, DbTx *tx, GError **error)
{
    const char *statement = owner_statement(op->edit.kind);
    if (!statement)
        return true;
    DbQuery *row = db_query(tx, statement);
    db_bind_text(row, 1, op->edit.id);
    if (!scheduling_need_row(row, "hours", error))
        return false;
    bool is_own = strcmp(db_column_text(row, 0), op->practitioner_id) == 0;
    g_autofree char *clinic_id = db_column_dup(row, 1);
    db_reset(row);
    if (!is_own) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND, "no such hours");
        return false;
    }
    return hours_access_check(tx, &op->actor.actor, op->practitioner_id, clinic_id, error);
}

/* The doctor works in the clinic that new hours are for, and it is no archived one. */
static bool check_clinic(EditOp *op, DbTx *tx, GError **error)
{
    const char *clinic_id = clinic_of(&op->edit);
    bool is_archived = false;
    if (!clinic_id)
        return true;
    if (!duty_is_archived(tx, clinic_id, NULL, &is_archived, error))
        return false;
    if (is_archived) {
        fault_list_add(op->edited.faults, "clinic", "archived", NULL);
        return refuse_fields(error);
    }
    DbQuery *member = db_query(tx, "clinic_member_exists");
    db_bind_text(member, 1, clinic_id);
    db_bind_text(member, 2, op->practitioner_id);
    DbStep step = db_step(member, error);
    db_reset(member);
    if (step == DB_DONE) {
        fault_list_add(op->edited.faults, "clinic", "not_found", NULL);
        return refuse_fields(error);
    }
    return step == DB_ROW;
}

/* The first day from now on that new hours open, and the field that says when they begin; NULL:
 * what is changed opens nothing. TODAY is "2026-11-24". */
static const char *first_day(const HoursEdit *edit, const char *today, const char **ret_field)
{
    bool is_rule = edit->kind == HOURS_EDIT_RULE_ADD || edit->kind == HOURS_EDIT_RULE_CHANGE;
    bool is_extra = edit->kind == HOURS_EDIT_OVERRIDE_ADD && edit->override.is_extra;
    const HoursRule *rule = &edit->rule;
    *ret_field = is_rule ? "valid_from" : "date";
    if (!is_rule)
        return is_extra ? edit->override.date : NULL;
    if (rule->valid_until[0] && strcmp(rule->valid_until, today) < 0)
        return NULL;
    return strcmp(rule->valid_from, today) > 0 ? rule->valid_from : today;
}

/* New hours do not begin after the permit for the place has run out, nor go on after it. */
static bool check_permit(EditOp *op, DbTx *tx, GError **error)
{
    const char *field = NULL;
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, today);
    const char *day = first_day(&op->edit, today, &field);
    if (!day)
        return true;
    DbQuery *row = db_query(tx, "permit_of_clinic");
    db_bind_text(row, 1, op->practitioner_id);
    db_bind_text(row, 2, clinic_of(&op->edit));
    DbStep step = db_step(row, error);
    g_autofree char *until = step == DB_ROW ? db_column_dup(row, 0) : NULL;
    db_reset(row);
    if (step == DB_FAILED)
        return false;
    if (!until || strcmp(day, until) <= 0)
        return true;
    g_autofree char *allowed = g_strconcat("..", until, NULL);
    fault_list_add(op->edited.faults, field, "permit_expired", allowed);
    return refuse_fields(error);
}

static bool check_overlap(EditOp *op, DbTx *tx, int weekday, GError **error)
{
    const HoursRule *rule = &op->edit.rule;
    DbQuery *query = db_query(tx, "hours_rule_overlap");
    db_bind_text(query, 1, op->practitioner_id);
    db_bind_int(query, 2, weekday);
    db_bind_int(query, 3, rule->minutes.from);
    db_bind_int(query, 4, rule->minutes.to);
    db_bind_text(query, 5, rule->valid_from);
    db_bind_text(query, 6, rule->valid_until[0] ? rule->valid_until : NULL);
    db_bind_text(query, 7, op->edit.kind == HOURS_EDIT_RULE_CHANGE ? op->edit.id : NULL);
    DbStep step = db_step(query, error);
    db_reset(query);
    if (step == DB_ROW) {
        fault_list_add(op->edited.faults, "from", "overlaps", NULL);
        return refuse_fields(error);
    }
    return step == DB_DONE;
}

/* Binds mode, slot_minutes, before_minutes, after_minutes, quota and extra_percent from INDEX on.
 */
static void bind_pattern(DbQuery *query, int index, const HoursPattern *pattern)
{
    bool is_session = pattern->mode == HOURS_MODE_SESSION;
    db_bind_text(query, index, hours_mode_name(pattern->mode));
    if (!is_session)
        db_bind_int(query, index + 1, pattern->slot_minutes);
    db_bind_int(query, index + 2, is_session ? 0 : pattern->before_minutes);
    db_bind_int(query, index + 3, is_session ? 0 : pattern->after_minutes);
    if (is_session)
        db_bind_int(query, index + 4, pattern->quota);
    db_bind_int(query, index + 5, pattern->extra_percent);
}

static bool insert_rule(EditOp *op, DbTx *tx, const char *id, int weekday, GError **error)
{
    const HoursRule *rule = &op->edit.rule;
    DbQuery *query = db_query(tx, "hours_rule_insert");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, rule->clinic_id);
    db_bind_text(query, 3, op->practitioner_id);
    db_bind_int(query, 4, weekday);
    db_bind_int(query, 5, rule->minutes.from);
    db_bind_int(query, 6, rule->minutes.to);
    bind_pattern(query, 7, &rule->pattern);
    db_bind_text(query, 13, rule->valid_from);
    db_bind_text(query, 14, rule->valid_until[0] ? rule->valid_until : NULL);
    if (!db_exec(query, error))
        return false;
    for (unsigned i = 0; i < rule->n_breaks; i++) {
        DbQuery *pause = db_query(tx, "hours_break_insert");
        db_bind_text(pause, 1, id);
        db_bind_int(pause, 2, rule->breaks[i].from);
        db_bind_int(pause, 3, rule->breaks[i].to);
        if (!db_exec(pause, error))
            return false;
    }
    return true;
}

static char *new_id(EditOp *op)
{
    char *id = id_new(clock_wall_ms(op->scheduling->clock));
    g_ptr_array_add(op->edited.ids, id);
    return id;
}

static bool remove_row(EditOp *op, DbTx *tx, const char *statement, GError **error)
{
    DbQuery *query = db_query(tx, statement);
    db_bind_text(query, 1, op->edit.id);
    return db_exec(query, error);
}

/* A pattern as it is kept: without what its mode does not have. */
static HoursPattern kept_pattern(HoursPattern pattern)
{
    if (pattern.mode == HOURS_MODE_SESSION)
        pattern.slot_minutes = pattern.before_minutes = pattern.after_minutes = 0;
    else
        pattern.quota = 0;
    return pattern;
}

/* Do both say the same but for the days from and until which they hold? */
static bool differ_in_dates_alone(const HoursEdit *edit, const HoursRule *before)
{
    HoursRule changed = edit->rule;
    changed.weekday = before->weekday;
    changed.pattern = kept_pattern(changed.pattern);
    memcpy(changed.id, before->id, sizeof changed.id);
    memcpy(changed.valid_from, before->valid_from, sizeof changed.valid_from);
    memcpy(changed.valid_until, before->valid_until, sizeof changed.valid_until);
    g_autofree char *revision = hours_rule_revision(before);
    return edit->weekdays == 1U << before->weekday &&
           revision_holds(revision, hours_rule_revision(&changed));
}

/* The rule that is changed ends the day before the change begins, when it has days before that. */
static bool keep_earlier(EditOp *op, DbTx *tx, GError **error)
{
    const HoursRule *before = &op->before;
    char *until = op->edited.earlier_until;
    if (op->edit.kind != HOURS_EDIT_RULE_CHANGE || op->edit.drops_earlier ||
        strcmp(op->edit.rule.valid_from, before->valid_from) <= 0 ||
        differ_in_dates_alone(&op->edit, before))
        return true;
    (void)clock_date_add(op->edit.rule.valid_from, -1, until);
    if (before->valid_until[0] && strcmp(before->valid_until, until) <= 0) {
        memcpy(until, before->valid_until, sizeof before->valid_until);
        return true;
    }
    DbQuery *query = db_query(tx, "hours_rule_end");
    db_bind_text(query, 1, op->edit.id);
    db_bind_text(query, 2, until);
    return db_exec(query, error);
}

static bool save_rules(EditOp *op, DbTx *tx, GError **error)
{
    if (!keep_earlier(op, tx, error))
        return false;
    bool is_another = op->edit.kind == HOURS_EDIT_RULE_ADD || op->edited.earlier_until[0];
    for (int weekday = 1; weekday <= 7; weekday++) {
        if ((op->edit.weekdays & (1U << weekday)) == 0)
            continue;
        if (!check_overlap(op, tx, weekday, error))
            return false;
        const char *id = op->edit.id;
        if (is_another)
            id = new_id(op);
        else if (!remove_row(op, tx, "hours_rule_delete", error))
            return false;
        if (!insert_rule(op, tx, id, weekday, error))
            return false;
    }
    return true;
}

static bool add_override(EditOp *op, DbTx *tx, GError **error)
{
    const HoursOverride *override = &op->edit.override;
    DbQuery *query = db_query(tx, "hours_override_insert");
    db_bind_text(query, 1, new_id(op));
    db_bind_text(query, 2, override->clinic_id);
    db_bind_text(query, 3, op->practitioner_id);
    db_bind_text(query, 4, override->date);
    db_bind_text(query, 5, override->is_extra ? "extra" : "closed");
    db_bind_int(query, 6, override->minutes.from);
    db_bind_int(query, 7, override->minutes.to);
    if (override->is_extra) {
        bind_pattern(query, 8, &override->pattern);
    } else {
        db_bind_int(query, 10, 0);
        db_bind_int(query, 11, 0);
        db_bind_int(query, 13, 0);
    }
    db_bind_text(query, 14, op->edit.note);
    return db_exec(query, error);
}

static bool add_leave(EditOp *op, DbTx *tx, GError **error)
{
    DbQuery *query = db_query(tx, "hours_leave_insert");
    db_bind_text(query, 1, new_id(op));
    db_bind_text(query, 2, op->practitioner_id);
    db_bind_text(query, 3, op->edit.leave.from_date);
    db_bind_text(query, 4, op->edit.leave.until_date);
    db_bind_text(query, 5, op->edit.note);
    return db_exec(query, error);
}

static bool apply(EditOp *op, DbTx *tx, GError **error)
{
    switch (op->edit.kind) {
    case HOURS_EDIT_RULE_ADD:
    case HOURS_EDIT_RULE_CHANGE:
        return save_rules(op, tx, error);
    case HOURS_EDIT_RULE_REMOVE:
        return remove_row(op, tx, "hours_rule_delete", error);
    case HOURS_EDIT_OVERRIDE_ADD:
        return add_override(op, tx, error);
    case HOURS_EDIT_OVERRIDE_REMOVE:
        return remove_row(op, tx, "hours_override_delete", error);
    case HOURS_EDIT_LEAVE_ADD:
        return add_leave(op, tx, error);
    case HOURS_EDIT_LEAVE_REMOVE:
        return remove_row(op, tx, "hours_leave_delete", error);
    }
    g_assert_not_reached();
}

static bool audit(EditOp *op, DbTx *tx, const char *before, GError **error)
{
    g_autofree char *action = g_strconcat("hours.", hours_edit_kind_name(op->edit.kind), NULL);
    g_autofree char *after = hours_audit_after(&op->edit, op->edited.earlier_until);
    g_autofree char *reason = g_strjoin(" > ", before, after, NULL);
    const AuditedChange change = {action, "practitioner", op->practitioner_id, reason};
    return scheduling_audit_change(op->scheduling, tx, &op->actor.actor, &change, error);
}

/* The rule is what the actor opened. Exceptions and leave are never changed: their id says as much.
 */
static bool check_revision(EditOp *op, DbTx *tx, GError **error)
{
    if (op->edit.kind != HOURS_EDIT_RULE_CHANGE && op->edit.kind != HOURS_EDIT_RULE_REMOVE)
        return true;
    if (!hours_rule_load(tx, op->edit.id, &op->before, error))
        return false;
    const char *wanted = op->edit.revision[0] ? op->edit.revision : NULL;
    if (revision_holds(wanted, hours_rule_revision(&op->before)))
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_CHANGED,
                        "the hours were changed meanwhile");
    return false;
}

static bool edit_job(DbTx *tx, gpointer data, GError **error)
{
    EditOp *op = data;
    const Actor *actor = &op->actor.actor;
    if (!hours_access_check(tx, actor, op->practitioner_id, clinic_of(&op->edit), error) ||
        !check_row(op, tx, error))
        return false;
    if (fault_list_length(op->edited.faults) > 0)
        return refuse_fields(error);
    if (!check_revision(op, tx, error) || !check_clinic(op, tx, error) ||
        !check_permit(op, tx, error))
        return false;
    const HoursHitScope scope = {.practitioner_id = op->practitioner_id};
    g_autoptr(HoursWatch) watch = hours_watch_new(op->scheduling, tx, &scope, error);
    g_autofree char *before = watch ? hours_audit_before(tx, &op->edit, error) : NULL;
    return before && apply(op, tx, error) &&
           hours_apart_check(op->scheduling, tx, op->practitioner_id, &op->edit, op->edited.faults,
                             error) &&
           hours_watch_compare(watch, op->scheduling, tx, op->edited.hits, error) &&
           hours_kept_settle(op->scheduling, tx, actor, watch, op->edited.hits,
                             op->edit.keeps_bookings, error) &&
           audit(op, tx, before, error);
}

static void on_edit_done(gpointer data, const GError *error)
{
    EditOp *op = data;
    const HoursNews news = {.practitioner_id = op->practitioner_id};
    if (!error)
        hours_news_tell(op->scheduling, &news);
    op->done(&op->edited, error, op->user_data);
}

void hours_edit(Scheduling *scheduling, const Actor *actor, const char *practitioner_id,
                const HoursEdit *edit, HoursEditDone done, gpointer user_data)
{
    EditOp *op = g_new0(EditOp, 1);
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(scheduling->clock), scheduling->zone, today);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->practitioner_id = g_strdup(practitioner_id);
    op->edit = *edit;
    op->edited = (HoursEdited){
        .ids = g_ptr_array_new_with_free_func(g_free),
        .faults = fault_list_new(),
        .hits = hours_hits_new(),
    };
    op->done = done;
    op->user_data = user_data;
    hours_check(&op->edit, today, op->edited.faults);
    db_write(scheduling->db, edit_job, on_edit_done, op, edit_op_free);
}
