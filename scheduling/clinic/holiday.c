// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/holiday.h"

#include <string.h>

#include "scheduling/clinic/change_text.h"
#include "scheduling/clinic/hours_kept.h"
#include "scheduling/scheduling_private.h"
#include "server/base/ids.h"
#include "server/base/revision.h"

void holiday_free(gpointer data)
{
    Holiday *holiday = data;
    g_free(holiday->id);
    g_free(holiday->date);
    g_free(holiday->name);
    g_free(holiday->facility_id);
    g_free(holiday->facility);
    g_free(holiday);
}

bool holiday_read(DbTx *tx, const HolidayQuery *query, GPtrArray *holidays, GError **error)
{
    DbQuery *rows = db_query(tx, "holidays_between");
    db_bind_text(rows, 1, query->from_date);
    db_bind_text(rows, 2, query->until_date);
    db_bind_text(rows, 3, query->facility_id);
    db_bind_int(rows, 4, query->is_every);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        Holiday *holiday = g_new0(Holiday, 1);
        holiday->id = db_column_dup(rows, 0);
        holiday->date = db_column_dup(rows, 1);
        holiday->name = db_column_dup(rows, 2);
        holiday->is_certain = db_column_int(rows, 3) != 0;
        holiday->facility_id = db_column_dup(rows, 4);
        holiday->facility = db_column_dup(rows, 5);
        g_ptr_array_add(holidays, holiday);
    }
    return step == DB_DONE;
}

static bool refuse(GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "the actor does not keep these holidays");
    return false;
}

static bool is_of_facility(const Actor *actor)
{
    return actor->role == ACTOR_DESK || actor->role == ACTOR_COORDINATOR;
}

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *from_date, *until_date;
    GPtrArray *holidays;
    HolidaysDone done;
    gpointer user_data;
} ListOp;

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->from_date);
    g_free(op->until_date);
    g_ptr_array_unref(op->holidays);
    g_free(op);
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    const Actor *actor = &op->actor.actor;
    if (actor->role != ACTOR_DOCTOR && actor->role != ACTOR_ADMIN && !is_of_facility(actor))
        return refuse(error);
    const HolidayQuery query = {op->from_date, op->until_date, actor->facility_id,
                                actor->role == ACTOR_ADMIN};
    return holiday_read(tx, &query, op->holidays, error);
}

static void on_list_done(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : op->holidays, error, op->user_data);
}

void holiday_list(Scheduling *scheduling, const Actor *actor, const char *from_date,
                  const char *until_date, HolidaysDone done, gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->from_date = g_strdup(from_date);
    op->until_date = g_strdup(until_date);
    op->holidays = g_ptr_array_new_with_free_func(holiday_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, list_job, on_list_done, op, list_op_free);
}

void holiday_edited_init(HolidayEdited *edited)
{
    *edited = (HolidayEdited){.faults = fault_list_new(), .hits = hours_hits_new()};
}

void holiday_edited_clear(HolidayEdited *edited)
{
    g_free(edited->id);
    fault_list_free(edited->faults);
    g_ptr_array_unref(edited->hits);
}

/* Desk and coordinator keep their facility's, an administrator all. */
static bool may_keep(const Actor *actor, const char *facility_id)
{
    if (actor->role == ACTOR_ADMIN)
        return true;
    return is_of_facility(actor) && actor->facility_id &&
           g_strcmp0(actor->facility_id, facility_id) == 0;
}

static bool fault(HolidayEdited *edited, const char *field, const char *code, GError **error)
{
    fault_list_add(edited->faults, field, code, NULL);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "the holiday is not possible");
    return false;
}

static bool check_facility(DbTx *tx, const HolidayNew *holiday, HolidayEdited *edited,
                           GError **error)
{
    if (!holiday->facility_id)
        return true;
    DbQuery *query = db_query(tx, "facility_name");
    db_bind_text(query, 1, holiday->facility_id);
    DbStep step = db_step(query, error);
    db_reset(query);
    if (step == DB_DONE)
        return fault(edited, "facility", "not_found", error);
    return step == DB_ROW;
}

static bool insert(DbTx *tx, const HolidayNew *holiday, HolidayEdited *edited, GError **error)
{
    DbQuery *query = db_query(tx, "holiday_insert");
    db_bind_text(query, 1, edited->id);
    db_bind_text(query, 2, holiday->date);
    db_bind_text(query, 3, holiday->name);
    db_bind_int(query, 4, holiday->is_certain);
    db_bind_text(query, 5, holiday->facility_id);
    GError *refused = NULL;
    if (db_exec(query, &refused))
        return true;
    if (!g_error_matches(refused, BASE_ERROR, BASE_ERROR_CONFLICT)) {
        g_propagate_error(error, refused);
        return false;
    }
    g_error_free(refused);
    return fault(edited, "date", "taken", error);
}

static bool update(DbTx *tx, const HolidayNew *holiday, GError **error)
{
    DbQuery *query = db_query(tx, "holiday_update");
    db_bind_text(query, 1, holiday->id);
    db_bind_text(query, 2, holiday->name);
    db_bind_int(query, 3, holiday->is_certain);
    return db_exec(query, error);
}

char *holiday_revision(const Holiday *holiday)
{
    Revision *revision = revision_new();
    revision_add(revision, holiday->date);
    revision_add(revision, holiday->facility_id);
    revision_add(revision, holiday->name);
    revision_add_int(revision, holiday->is_certain);
    return revision_end(revision);
}

/* It is what the actor opened. */
static bool check_revision(const Holiday *known, const char *wanted, GError **error)
{
    if (revision_holds(wanted, holiday_revision(known)))
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_CHANGED,
                        "the holiday was changed meanwhile");
    return false;
}

/* The holiday of ID as it is; NULL with NOT_FOUND or the engine's error. */
static Holiday *load(DbTx *tx, const char *id, GError **error)
{
    DbQuery *row = db_query(tx, "holiday_get");
    db_bind_text(row, 1, id);
    if (!scheduling_need_row(row, "holiday", error))
        return NULL;
    Holiday *holiday = g_new0(Holiday, 1);
    holiday->id = g_strdup(id);
    holiday->date = db_column_dup(row, 0);
    holiday->facility_id = db_column_dup(row, 1);
    holiday->name = db_column_dup(row, 2);
    holiday->is_certain = db_column_int(row, 3) != 0;
    db_reset(row);
    return holiday;
}

static const char *certain_text(bool is_certain)
{
    return is_certain ? "yes" : "no";
}

/* "2026-12-25 province: certain no > yes". WAS NULL: it is new; NAME NULL: it goes. */
static char *change_words(const HolidayNew *holiday, const Holiday *was, const char *name)
{
    g_autoptr(GString) text = g_string_new(NULL);
    change_text_add(text, "name", was ? was->name : NULL, name);
    change_text_add(text, "certain", was ? certain_text(was->is_certain) : NULL,
                    name ? certain_text(holiday->is_certain) : NULL);
    return g_strdup_printf("%s %s: %s", holiday->date,
                           holiday->facility_id ? holiday->facility_id : "province", text->str);
}

static bool is_same(const Holiday *known, const HolidayNew *holiday)
{
    return strcmp(known->name, holiday->name) == 0 && known->is_certain == holiday->is_certain;
}

static bool write_and_settle(Scheduling *scheduling, DbTx *tx, const Actor *actor,
                             const HolidayNew *holiday, HoursKeep keep, HolidayEdited *edited,
                             GError **error)
{
    const HoursHitScope scope = {.date = holiday->date, .facility_id = holiday->facility_id};
    g_autoptr(HoursWatch) watch = hours_watch_new(scheduling, tx, &scope, error);
    return watch &&
           (holiday->id ? update(tx, holiday, error) : insert(tx, holiday, edited, error)) &&
           hours_watch_compare(watch, scheduling, tx, edited->hits, error) &&
           hours_kept_settle(scheduling, tx, actor, watch, edited->hits, keep, error);
}

bool holiday_put(Scheduling *scheduling, DbTx *tx, const Actor *actor, const HolidayNew *holiday,
                 HoursKeep keep, HolidayEdited *edited, GError **error)
{
    if (!may_keep(actor, holiday->facility_id))
        return refuse(error);
    if (!scheduling_date_is_valid(holiday->date))
        return fault(edited, "date", "not_a_date", error);
    if (!check_facility(tx, holiday, edited, error))
        return false;
    g_autoptr(Holiday) known = holiday->id ? load(tx, holiday->id, error) : NULL;
    if (holiday->id && (!known || !check_revision(known, holiday->revision, error)))
        return false;
    edited->id = holiday->id ? g_strdup(holiday->id) : id_new(clock_wall_ms(scheduling->clock));
    if (known && is_same(known, holiday))
        return true;
    g_autofree char *reason = change_words(holiday, known, holiday->name);
    const AuditedChange change = {known ? "holiday.change" : "holiday.add", "holiday", edited->id,
                                  reason};
    return write_and_settle(scheduling, tx, actor, holiday, keep, edited, error) &&
           scheduling_audit_change(scheduling, tx, actor, &change, error);
}

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *id; /* what is changed or removed; NULL: one is added */
    char *date, *name;
    char *facility_id; /* NULL: the province's */
    char *revision;    /* of what is changed or removed; NULL: whichever */
    bool is_certain;
    HoursKeep keep;
    HolidayEdited edited;
    HolidayEditDone done;
    gpointer user_data;
} EditOp;

static void edit_op_free(gpointer data)
{
    EditOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->id);
    g_free(op->date);
    g_free(op->name);
    g_free(op->facility_id);
    g_free(op->revision);
    holiday_edited_clear(&op->edited);
    g_free(op);
}

static bool add_job(DbTx *tx, gpointer data, GError **error)
{
    EditOp *op = data;
    const HolidayNew holiday = {.date = op->date,
                                .name = op->name,
                                .is_certain = op->is_certain,
                                .facility_id = op->facility_id};
    return holiday_put(op->scheduling, tx, &op->actor.actor, &holiday, op->keep, &op->edited,
                       error);
}

/* The day and the facility are those that it has. */
static bool change_job(DbTx *tx, gpointer data, GError **error)
{
    EditOp *op = data;
    g_autoptr(Holiday) known = load(tx, op->id, error);
    if (!known)
        return false;
    op->facility_id = g_strdup(known->facility_id);
    const HolidayNew holiday = {.id = op->id,
                                .date = known->date,
                                .name = op->name,
                                .is_certain = op->is_certain,
                                .facility_id = known->facility_id,
                                .revision = op->revision};
    return holiday_put(op->scheduling, tx, &op->actor.actor, &holiday, op->keep, &op->edited,
                       error);
}

static bool remove_job(DbTx *tx, gpointer data, GError **error)
{
    EditOp *op = data;
    const Actor *actor = &op->actor.actor;
    g_autoptr(Holiday) known = load(tx, op->id, error);
    if (!known)
        return false;
    if (!may_keep(actor, known->facility_id))
        return refuse(error);
    if (!check_revision(known, op->revision, error))
        return false;
    op->facility_id = g_strdup(known->facility_id);
    const HolidayNew gone = {.date = known->date, .facility_id = known->facility_id};
    g_autofree char *reason = change_words(&gone, known, NULL);
    const AuditedChange change = {"holiday.remove", "holiday", op->id, reason};
    const HoursHitScope scope = {.date = known->date, .facility_id = known->facility_id};
    g_autoptr(HoursWatch) watch = hours_watch_new(op->scheduling, tx, &scope, error);
    DbQuery *query = db_query(tx, "holiday_delete");
    db_bind_text(query, 1, op->id);
    return watch && db_exec(query, error) &&
           hours_watch_compare(watch, op->scheduling, tx, op->edited.hits, error) &&
           hours_kept_settle(op->scheduling, tx, actor, watch, op->edited.hits, op->keep, error) &&
           scheduling_audit_change(op->scheduling, tx, actor, &change, error);
}

static void on_edit_done(gpointer data, const GError *error)
{
    EditOp *op = data;
    const HoursNews news = {.facility_id = op->facility_id};
    if (!error)
        hours_news_tell(op->scheduling, &news);
    op->done(&op->edited, error, op->user_data);
}

static EditOp *edit_op_new(Scheduling *scheduling, const Actor *actor, HolidayEditDone done,
                           gpointer user_data)
{
    EditOp *op = g_new0(EditOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    holiday_edited_init(&op->edited);
    op->done = done;
    op->user_data = user_data;
    return op;
}

void holiday_add(Scheduling *scheduling, const Actor *actor, const HolidayNew *holiday,
                 HoursKeep keep, HolidayEditDone done, gpointer user_data)
{
    EditOp *op = edit_op_new(scheduling, actor, done, user_data);
    op->date = g_strdup(holiday->date);
    op->name = g_strdup(holiday->name);
    op->is_certain = holiday->is_certain;
    bool is_own = is_of_facility(actor) && !holiday->facility_id;
    op->facility_id = g_strdup(is_own ? actor->facility_id : holiday->facility_id);
    op->keep = keep;
    db_write(scheduling->db, add_job, on_edit_done, op, edit_op_free);
}

void holiday_change(Scheduling *scheduling, const Actor *actor, const HolidayNew *holiday,
                    HoursKeep keep, HolidayEditDone done, gpointer user_data)
{
    EditOp *op = edit_op_new(scheduling, actor, done, user_data);
    op->id = g_strdup(holiday->id);
    op->revision = g_strdup(holiday->revision);
    op->name = g_strdup(holiday->name);
    op->is_certain = holiday->is_certain;
    op->keep = keep;
    db_write(scheduling->db, change_job, on_edit_done, op, edit_op_free);
}

void holiday_remove(Scheduling *scheduling, const Actor *actor, const char *id,
                    const char *revision, HolidayEditDone done, gpointer user_data)
{
    EditOp *op = edit_op_new(scheduling, actor, done, user_data);
    op->id = g_strdup(id);
    op->revision = g_strdup(revision);
    db_write(scheduling->db, remove_job, on_edit_done, op, edit_op_free);
}
