// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outreach/nurse.h"

#include "scheduling/booking/token_private.h"
#include "scheduling/outreach/outreach_row.h"
#include "scheduling/record/event.h"

#include <string.h>

static const char *const step_names[] = {
    [NURSE_STEP_COUNTERSIGNED] = "countersigned",
    [NURSE_STEP_JOINED] = "joined",
    [NURSE_STEP_LEFT] = "left",
};

const char *nurse_step_name(NurseStep step)
{
    return step_names[step];
}

bool nurse_step_parse(const char *name, NurseStep *ret_step)
{
    for (unsigned i = 0; name && i < G_N_ELEMENTS(step_names); i++) {
        if (strcmp(step_names[i], name) != 0)
            continue;
        *ret_step = (NurseStep)i;
        return true;
    }
    return false;
}

static void state_clear(NurseState *state)
{
    g_free(state->countersigned_by);
    g_free(state->seen);
    g_free(state->nurse);
    g_free(state->left_said_by);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NurseState, state_clear)

enum {
    DESK = 1U << ACTOR_DESK,
    READERS = DESK | (1U << ACTOR_DOCTOR),
    WHO_SEE_HER_LEAVE = READERS | (1U << ACTOR_COORDINATOR),
};

/* *RET_IS: a nurse is asked for. Of a post the team may, else the facility's desk; the doctor. That
 * she left the whole desk of a post's facility may say, and its coordinator. */
static bool allow(DbTx *tx, const VisitRow *visit, const Actor *actor, unsigned roles, bool *ret_is,
                  GError **error)
{
    if (!visit_row_check_actor(tx, visit, actor, roles, error))
        return false;
    DbQuery *row = db_query(tx, "nurse_visit");
    db_bind_text(row, 1, visit->id);
    DbStep step = db_step(row, error);
    *ret_is = step == DB_ROW;
    if (step != DB_ROW)
        return step == DB_DONE;
    g_autofree char *session_id = db_column_dup(row, 0);
    db_reset(row);
    return !session_id || roles == WHO_SEE_HER_LEAVE ||
           outreach_visit_allow(tx, visit->id, session_id, actor, error);
}

/* USER_ID of the last who came, to be freed, when somebody did. */
static bool load_state(DbTx *tx, const char *visit_id, NurseState *state, char **ret_user_id,
                       GError **error)
{
    DbQuery *signature = db_query(tx, "nurse_countersigned");
    db_bind_text(signature, 1, visit_id);
    DbStep step = db_step(signature, error);
    if (step == DB_FAILED)
        return false;
    if (step == DB_ROW) {
        state->countersigned_by = db_column_dup(signature, 0);
        state->seen = db_column_dup(signature, 1);
        state->countersigned_at_ms = db_column_int(signature, 2);
        db_reset(signature);
    }
    DbQuery *joined = db_query(tx, "nurse_joined");
    db_bind_text(joined, 1, visit_id);
    step = db_step(joined, error);
    if (step != DB_ROW)
        return step == DB_DONE;
    state->nurse = db_column_dup(joined, 0);
    state->joined_at_ms = db_column_int(joined, 1);
    *ret_user_id = db_column_dup(joined, 2);
    state->left_at_ms = scheduling_column_int0(joined, 3);
    if (state->left_at_ms != 0 && g_strcmp0(*ret_user_id, db_column_text(joined, 5)) != 0)
        state->left_said_by = db_column_dup(joined, 4);
    db_reset(joined);
    return true;
}

/* What is said. */

typedef struct {
    Scheduling *scheduling;
    char *visit_id, *seen, *name;
    char *for_user; /* whom somebody else says it of */
    NurseStep step;
    ActorCopy actor;
    ChangeBox box;
    SchedulingDone done;
    gpointer user_data;
} SayOp;

static void say_op_free(gpointer data)
{
    SayOp *op = data;
    g_free(op->visit_id);
    g_free(op->seen);
    g_free(op->name);
    g_free(op->for_user);
    actor_copy_clear(&op->actor);
    g_free(op);
}

/* *RET_IS_SAID: so it is already. */
static bool check_step(SayOp *op, DbTx *tx, const VisitRow *row, bool *ret_is_said, GError **error)
{
    g_auto(NurseState) state = {0};
    g_autofree char *user_id = NULL;
    if (!load_state(tx, row->id, &state, &user_id, error))
        return false;
    bool is_own = g_strcmp0(user_id, op->actor.actor.user_id) == 0;
    bool is_there = state.nurse && state.left_at_ms == 0;
    bool is_over = visit_state_row(row->state)->is_final && op->step != NURSE_STEP_LEFT;
    *ret_is_said = (op->step == NURSE_STEP_JOINED && is_there && is_own) ||
                   (op->step == NURSE_STEP_LEFT && state.left_at_ms != 0);
    bool leaves_nobody = op->step == NURSE_STEP_LEFT && !state.nurse;
    if (op->step == NURSE_STEP_LEFT && !is_own)
        op->for_user = g_strdup(user_id);
    if (is_over || leaves_nobody)
        visit_row_refuse(is_over ? row->state : VISIT_STATE_BOOKED, error);
    return !is_over && !leaves_nobody;
}

static bool write_step(SayOp *op, DbTx *tx, const VisitRow *row, GError **error)
{
    static const char *const kinds[] = {
        [NURSE_STEP_COUNTERSIGNED] = "countersigned",
        [NURSE_STEP_JOINED] = "nurse_joined",
        [NURSE_STEP_LEFT] = "nurse_left",
    };
    static const char *const actions[] = {
        [NURSE_STEP_COUNTERSIGNED] = "nurse.countersigned",
        [NURSE_STEP_JOINED] = "nurse.joined",
        [NURSE_STEP_LEFT] = "nurse.left",
    };
    const Actor *actor = &op->actor.actor;
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    /* "other" is somebody else's word among the details of events. */
    const char *seen = g_strcmp0(op->seen, "other") == 0 ? "other_document" : op->seen;
    const EventRow event = {
        .visit_id = row->id,
        .at_ms = now_ms,
        .kind = kinds[op->step],
        .actor = actor_role_name(actor->role),
        .detail = op->step == NURSE_STEP_COUNTERSIGNED ? seen : NULL,
    };
    DbQuery *query = db_query(tx, "nurse_step_insert");
    db_bind_text(query, 1, row->id);
    db_bind_text(query, 2, nurse_step_name(op->step));
    db_bind_text(query, 3, op->step == NURSE_STEP_COUNTERSIGNED ? op->seen : NULL);
    db_bind_text(query, 4, actor->user_id);
    db_bind_text(query, 5, op->name);
    db_bind_int(query, 6, now_ms);
    const AuditedChange change = {actions[op->step], "visit", row->id, op->for_user};
    return db_exec(query, error) && event_append(tx, &event, error) &&
           scheduling_audit_change(op->scheduling, tx, actor, &change, error);
}

static bool say_job(DbTx *tx, gpointer data, GError **error)
{
    SayOp *op = data;
    const Actor *actor = &op->actor.actor;
    VisitRow row;
    bool is_asked = false, is_said = false;
    if (!visit_row_load(tx, op->visit_id, &row, error) ||
        !allow(tx, &row, actor, op->step == NURSE_STEP_LEFT ? WHO_SEE_HER_LEAVE : DESK, &is_asked,
               error))
        return false;
    if (!is_asked) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BAD_STATE,
                            "the visit is without a nurse");
        return false;
    }
    if (!check_step(op, tx, &row, &is_said, error))
        return false;
    if (is_said)
        return true;
    if (!visit_row_describe(op->scheduling, tx, &row, actor->role, &op->box, error))
        return false;
    op->box.change.is_nurse_news = op->step != NURSE_STEP_COUNTERSIGNED;
    op->box.has_changed = true;
    return write_step(op, tx, &row, error);
}

static void on_said(gpointer data, const GError *error)
{
    SayOp *op = data;
    if (error)
        op->box.has_changed = false;
    scheduling_notify(op->scheduling, &op->box);
    op->done(error, op->user_data);
}

void nurse_say(Scheduling *scheduling, const char *visit_id, const NurseWord *word,
               const Actor *actor, SchedulingDone done, gpointer user_data)
{
    SayOp *op = g_new0(SayOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    op->seen = g_strdup(word->seen);
    op->name = g_strdup(word->name ? word->name : "");
    op->step = word->step;
    actor_copy_init(&op->actor, actor);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, say_job, on_said, op, say_op_free);
}

/* How it stands. */

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    NurseState state;
    NurseStateDone done;
    gpointer user_data;
} StateOp;

static void state_op_free(gpointer data)
{
    StateOp *op = data;
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    state_clear(&op->state);
    g_free(op);
}

static bool state_job(DbTx *tx, gpointer data, GError **error)
{
    StateOp *op = data;
    const Actor *actor = &op->actor.actor;
    VisitRow row;
    bool is_asked = false;
    g_autofree char *user_id = NULL;
    if (!visit_row_load(tx, op->visit_id, &row, error) ||
        !allow(tx, &row, actor, READERS, &is_asked, error))
        return false;
    if (!is_asked) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND,
                            "the visit is without a nurse");
        return false;
    }
    return load_state(tx, row.id, &op->state, &user_id, error);
}

static void on_state_done(gpointer data, const GError *error)
{
    StateOp *op = data;
    op->done(error ? NULL : &op->state, error, op->user_data);
}

void nurse_get_state(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                     NurseStateDone done, gpointer user_data)
{
    StateOp *op = g_new0(StateOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, state_job, on_state_done, op, state_op_free);
}

/* Who is there. */

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    GPtrArray *there;
    NursesThereDone done;
    gpointer user_data;
} ThereOp;

static void there_free(gpointer data)
{
    NurseThere *one = data;
    g_free(one->visit_id);
    g_free(one->number);
    g_free(one->clinic);
    g_free(one->doctor);
    g_free(one->nurse);
    g_free(one);
}

static void there_op_free(gpointer data)
{
    ThereOp *op = data;
    actor_copy_clear(&op->actor);
    g_ptr_array_unref(op->there);
    g_free(op);
}

static gpointer read_there(DbQuery *row)
{
    NurseThere *one = g_new0(NurseThere, 1);
    one->visit_id = db_column_dup(row, 0);
    one->number = db_column_dup(row, 1);
    one->clinic = db_column_dup(row, 2);
    one->doctor = db_column_dup(row, 3);
    one->nurse = db_column_dup(row, 4);
    one->joined_at_ms = db_column_int(row, 5);
    return one;
}

static bool check_reader(const Actor *actor, GError **error)
{
    if (actor->role == ACTOR_COORDINATOR && actor->facility_id)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "the actor keeps no facility");
    return false;
}

static bool there_job(DbTx *tx, gpointer data, GError **error)
{
    ThereOp *op = data;
    const Actor *actor = &op->actor.actor;
    char today[SCHEDULING_DATE_BYTES];
    if (!check_reader(actor, error))
        return false;
    clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, today);
    DbQuery *rows = db_query(tx, "nurses_there");
    db_bind_text(rows, 1, actor->facility_id);
    db_bind_text(rows, 2, today);
    return db_collect(rows, read_there, op->there, error);
}

static void on_there_done(gpointer data, const GError *error)
{
    ThereOp *op = data;
    op->done(error ? NULL : op->there, error, op->user_data);
}

void nurse_list_there(Scheduling *scheduling, const Actor *actor, NursesThereDone done,
                      gpointer user_data)
{
    ThereOp *op = g_new0(ThereOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->there = g_ptr_array_new_with_free_func(there_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, there_job, on_there_done, op, there_op_free);
}

static char *topic_of(DbTx *tx, const Actor *actor, const char *id, GError **error)
{
    (void)tx;
    (void)id;
    return check_reader(actor, error) ? g_strconcat(NURSES_TOPIC, actor->facility_id, NULL) : NULL;
}

void nurses_watch(Scheduling *scheduling, const Actor *actor, TokenIssuedDone done,
                  gpointer user_data)
{
    token_issue_topic(scheduling, NULL, topic_of, actor, done, user_data);
}
