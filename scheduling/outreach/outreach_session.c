// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outreach/outreach_row.h"

#include <string.h>

#include "scheduling/booking/token_private.h"
#include "scheduling/clinic/duty_row.h"
#include "server/base/ids.h"

enum { MAX_LISTED = 60 };

void outreach_session_clear(OutreachSession *session)
{
    char *texts[] = {session->id,        session->clinic_id, session->clinic,
                     session->area_code, session->area,      session->village};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    *session = (OutreachSession){0};
}

static void session_free(gpointer data)
{
    outreach_session_clear(data);
    g_free(data);
}

static bool forbid(const char *why, GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN, why);
    return false;
}

/* Desk staff who belong to a facility. */
static bool check_desk(const Actor *actor, GError **error)
{
    if (actor->role != ACTOR_DESK || !actor->facility_id || !actor->user_id)
        return forbid("outreach is a desk's", error);
    return true;
}

bool outreach_session_load(DbTx *tx, const char *session_id, const Actor *actor, bool of_team,
                           OutreachSession *ret_session, GError **error)
{
    if (!check_desk(actor, error))
        return false;
    DbQuery *row = db_query(tx, "outreach_session_get");
    db_bind_text(row, 1, session_id);
    db_bind_text(row, 2, actor->user_id);
    if (!scheduling_need_row(row, "outreach session", error))
        return false;
    bool is_own = g_strcmp0(db_column_text(row, 8), actor->facility_id) == 0;
    OutreachSession session = {
        .id = db_column_dup(row, 0),
        .clinic_id = db_column_dup(row, 1),
        .clinic = db_column_dup(row, 2),
        .area_code = db_column_dup(row, 3),
        .area = db_column_dup(row, 4),
        .village = db_column_dup(row, 5),
        .closed_at_ms = scheduling_column_int0(row, 7),
        .n_members = (unsigned)db_column_int(row, 9),
        .n_entries = (unsigned)db_column_int(row, 10),
        .is_member = db_column_int(row, 11) != 0,
    };
    scheduling_copy_column(row, 6, session.local_date, sizeof session.local_date);
    db_reset(row);
    if (!is_own || (of_team && !session.is_member)) {
        outreach_session_clear(&session);
        return forbid("not of this team", error);
    }
    *ret_session = session;
    return true;
}

/* One operation on one session. */

typedef struct SessionOp SessionOp;
struct SessionOp {
    Scheduling *scheduling;
    ActorCopy actor;
    char *session_id; /* of a new one: set by apply */
    char *clinic_id, *area_code, *village, *local_date;
    bool (*apply)(SessionOp *op, DbTx *tx, GError **error);
    FaultList *faults;
    OutreachSession session;
    OutreachSessionDone done;
    gpointer user_data;
};

static void session_op_free(gpointer data)
{
    SessionOp *op = data;
    char *texts[] = {op->session_id, op->clinic_id, op->area_code, op->village, op->local_date};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    actor_copy_clear(&op->actor);
    fault_list_free(op->faults);
    outreach_session_clear(&op->session);
    g_free(op);
}

static bool session_job(DbTx *tx, gpointer data, GError **error)
{
    SessionOp *op = data;
    return check_desk(&op->actor.actor, error) && op->apply(op, tx, error) &&
           outreach_session_load(tx, op->session_id, &op->actor.actor, false, &op->session, error);
}

static void on_session_done(gpointer data, const GError *error)
{
    SessionOp *op = data;
    if (!error)
        outreach_tell(op->scheduling, op->session_id);
    op->done(error ? NULL : &op->session, op->faults, error, op->user_data);
}

static SessionOp *session_op_new(Scheduling *scheduling, const Actor *actor, const char *session_id,
                                 OutreachSessionDone done, gpointer user_data)
{
    SessionOp *op = g_new0(SessionOp, 1);
    op->scheduling = scheduling;
    op->session_id = g_strdup(session_id);
    op->faults = fault_list_new();
    op->done = done;
    op->user_data = user_data;
    actor_copy_init(&op->actor, actor);
    return op;
}

static bool has_row(DbQuery *query, bool *ret_has, GError **error)
{
    DbStep step = db_step(query, error);
    *ret_has = step == DB_ROW;
    if (step == DB_ROW)
        db_reset(query);
    return step != DB_FAILED;
}

static bool add_member(SessionOp *op, DbTx *tx, const char *action, GError **error)
{
    DbQuery *query = db_query(tx, "outreach_member_add");
    db_bind_text(query, 1, op->session_id);
    db_bind_text(query, 2, op->actor.user_id);
    db_bind_int(query, 3, clock_wall_ms(op->scheduling->clock));
    return db_exec(query, error) && scheduling_audit(op->scheduling, tx, &op->actor.actor, action,
                                                     "outreach", op->session_id, error);
}

static bool check_place(SessionOp *op, DbTx *tx, GError **error)
{
    bool has = false;
    DbQuery *clinic = db_query(tx, "outreach_clinic");
    db_bind_text(clinic, 1, op->clinic_id);
    db_bind_text(clinic, 2, op->actor.facility_id);
    if (!has_row(clinic, &has, error))
        return false;
    bool is_archived = false;
    if (!has && !duty_is_archived(tx, op->clinic_id, op->actor.facility_id, &is_archived, error))
        return false;
    if (!has)
        fault_list_add(op->faults, "clinic", is_archived ? "archived" : "not_found", NULL);
    DbQuery *area = db_query(tx, "setup_area_is_district");
    db_bind_text(area, 1, op->area_code);
    if (!has_row(area, &has, error))
        return false;
    if (!has)
        fault_list_add(op->faults, "area_code", "not_found", NULL);
    return true;
}

/* A day from today on, not too far ahead. */
static void check_date(SessionOp *op)
{
    char today[SCHEDULING_DATE_BYTES], last[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, today);
    if (!scheduling_date_is_valid(op->local_date))
        fault_list_add(op->faults, "date", "not_a_date", "YYYY-MM-DD");
    else if (strcmp(op->local_date, today) < 0)
        fault_list_add(op->faults, "date", "in_past", NULL);
    else if (!clock_date_add(today, OUTREACH_AHEAD_DAYS, last) || strcmp(op->local_date, last) > 0)
        fault_list_add(op->faults, "date", "too_late", NULL);
}

static bool check_count(SessionOp *op, DbTx *tx, GError **error)
{
    DbQuery *count = db_query(tx, "outreach_session_count");
    db_bind_text(count, 1, op->actor.facility_id);
    db_bind_text(count, 2, op->local_date);
    if (!scheduling_need_row(count, "count", error))
        return false;
    int64_t n = db_column_int(count, 0);
    db_reset(count);
    if (n <= OUTREACH_MAX_PER_DAY)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_TOO_MANY,
                        "sessions of the facility on this day");
    return false;
}

static bool apply_open(SessionOp *op, DbTx *tx, GError **error)
{
    char *village = NULL;
    const char *code = person_name_normalise(op->village, &village);
    if (code)
        fault_list_add(op->faults, "village", code, "1..80");
    g_free(op->village);
    op->village = village;
    check_date(op);
    if (!check_place(op, tx, error))
        return false;
    if (fault_list_length(op->faults) > 0) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "fields of the session are wrong");
        return false;
    }
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    g_autofree char *id = id_new(now_ms);
    DbQuery *query = db_query(tx, "outreach_session_ensure");
    const char *texts[] = {id,          op->actor.facility_id, op->clinic_id,    op->area_code,
                           op->village, op->local_date,        op->actor.user_id};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        db_bind_text(query, i + 1, texts[i]);
    db_bind_int(query, 8, now_ms);
    if (!scheduling_need_row(query, "outreach session", error))
        return false;
    g_free(op->session_id);
    op->session_id = db_column_dup(query, 0);
    db_reset(query);
    return check_count(op, tx, error) && add_member(op, tx, "outreach.open", error);
}

void outreach_open(Scheduling *scheduling, const Actor *actor, const OutreachPlan *plan,
                   OutreachSessionDone done, gpointer user_data)
{
    SessionOp *op = session_op_new(scheduling, actor, NULL, done, user_data);
    op->clinic_id = g_strdup(plan->clinic_id);
    op->area_code = g_strdup(plan->area_code);
    op->village = g_strdup(plan->village);
    op->local_date = g_strdup(plan->local_date);
    op->apply = apply_open;
    db_write(scheduling->db, session_job, on_session_done, op, session_op_free);
}

static bool apply_join(SessionOp *op, DbTx *tx, GError **error)
{
    OutreachSession session = {0};
    if (!outreach_session_load(tx, op->session_id, &op->actor.actor, false, &session, error))
        return false;
    outreach_session_clear(&session);
    return add_member(op, tx, "outreach.join", error);
}

void outreach_join(Scheduling *scheduling, const Actor *actor, const char *session_id,
                   OutreachSessionDone done, gpointer user_data)
{
    SessionOp *op = session_op_new(scheduling, actor, session_id, done, user_data);
    op->apply = apply_join;
    db_write(scheduling->db, session_job, on_session_done, op, session_op_free);
}

static bool apply_close(SessionOp *op, DbTx *tx, GError **error)
{
    OutreachSession session = {0};
    if (!outreach_session_load(tx, op->session_id, &op->actor.actor, true, &session, error))
        return false;
    outreach_session_clear(&session);
    DbQuery *query = db_query(tx, "outreach_session_close");
    db_bind_text(query, 1, op->session_id);
    db_bind_int(query, 2, clock_wall_ms(op->scheduling->clock));
    return db_exec(query, error) &&
           scheduling_audit(op->scheduling, tx, &op->actor.actor, "outreach.close", "outreach",
                            op->session_id, error);
}

void outreach_close(Scheduling *scheduling, const Actor *actor, const char *session_id,
                    OutreachSessionDone done, gpointer user_data)
{
    SessionOp *op = session_op_new(scheduling, actor, session_id, done, user_data);
    op->apply = apply_close;
    db_write(scheduling->db, session_job, on_session_done, op, session_op_free);
}

/* The facility's sessions. */

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    GPtrArray *sessions;
    OutreachSessionsDone done;
    gpointer user_data;
} ListOp;

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    actor_copy_clear(&op->actor);
    g_ptr_array_unref(op->sessions);
    g_free(op);
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    const Actor *actor = &op->actor.actor;
    char today[SCHEDULING_DATE_BYTES], from[SCHEDULING_DATE_BYTES];
    if (!check_desk(actor, error))
        return false;
    clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, today);
    if (!clock_date_add(today, -OUTREACH_LATE_DAYS, from))
        g_strlcpy(from, today, sizeof from);
    DbQuery *rows = db_query(tx, "outreach_sessions");
    db_bind_text(rows, 1, actor->facility_id);
    db_bind_text(rows, 2, from);
    db_bind_int(rows, 3, MAX_LISTED);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        g_autofree char *id = db_column_dup(rows, 0);
        OutreachSession *session = g_new0(OutreachSession, 1);
        g_ptr_array_add(op->sessions, session);
        if (!outreach_session_load(tx, id, actor, false, session, error))
            return false;
    }
    return step == DB_DONE;
}

static void on_list_done(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : op->sessions, error, op->user_data);
}

void outreach_list(Scheduling *scheduling, const Actor *actor, OutreachSessionsDone done,
                   gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->sessions = g_ptr_array_new_with_free_func(session_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, list_job, on_list_done, op, list_op_free);
}

/* News. */

static char *topic_of(DbTx *tx, const Actor *actor, const char *id, GError **error)
{
    OutreachSession session = {0};
    if (!outreach_session_load(tx, id, actor, true, &session, error))
        return NULL;
    outreach_session_clear(&session);
    return g_strconcat(OUTREACH_TOPIC, id, NULL);
}

void outreach_watch(Scheduling *scheduling, const Actor *actor, const char *session_id,
                    TokenIssuedDone done, gpointer user_data)
{
    token_issue_topic(scheduling, session_id, topic_of, actor, done, user_data);
}

void outreach_set_listener(Scheduling *scheduling, OutreachListener listener, gpointer user_data)
{
    scheduling->outreach_listener = listener;
    scheduling->outreach_listener_data = user_data;
}

void outreach_tell(Scheduling *scheduling, const char *session_id)
{
    if (scheduling->outreach_listener)
        scheduling->outreach_listener(session_id, scheduling->outreach_listener_data);
}
