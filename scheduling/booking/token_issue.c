// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/token.h"

#include "scheduling/booking/token_private.h"
#include "scheduling/booking/visit_row.h"
#include "server/base/ids.h"

typedef struct {
    Scheduling *scheduling;
    char *visit_id;          /* NULL: a day token; what a topic is of */
    VisitGuest guest;        /* of an invitation */
    TokenTopicFunc topic_of; /* of a day token of one topic */
    ActorCopy actor;
    IssuedToken issued;
    TokenIssuedDone done;
    gpointer user_data;
} IssueOp;

void issued_token_clear(IssuedToken *issued)
{
    secret_text_free(issued->token);
    g_free(issued->visit_id);
    g_free(issued->participant_id);
    *issued = (IssuedToken){0};
}

static void issue_op_free(gpointer data)
{
    IssueOp *op = data;
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    issued_token_clear(&op->issued);
    g_free(op);
}

static void on_issue_done(gpointer data, const GError *error)
{
    IssueOp *op = data;
    op->done(error ? NULL : &op->issued, error, op->user_data);
}

static void issue_run(Scheduling *scheduling, DbJobFunc job, IssueOp *op)
{
    op->scheduling = scheduling;
    db_write(scheduling->db, job, on_issue_done, op, issue_op_free);
}

static IssueOp *issue_op_new(const char *visit_id, const Actor *actor, TokenIssuedDone done,
                             gpointer user_data)
{
    IssueOp *op = g_new0(IssueOp, 1);
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    op->done = done;
    op->user_data = user_data;
    return op;
}

static char *find_participant(DbTx *tx, const char *visit_id, const char *role, GError **error)
{
    DbQuery *query = db_query(tx, "token_participant");
    db_bind_text(query, 1, visit_id);
    db_bind_text(query, 2, role);
    if (!scheduling_need_row(query, "participant", error))
        return NULL;
    char *id = db_column_dup(query, 0);
    db_reset(query);
    return id;
}

/* A token for the visit's participant in ROLE into the operation's result. */
static bool issue_for(IssueOp *op, DbTx *tx, const char *role, int64_t expires_at_ms,
                      const char *bound_to, GError **error)
{
    op->issued.visit_id = g_strdup(op->visit_id);
    op->issued.expires_at_ms = expires_at_ms;
    if (!op->issued.participant_id)
        op->issued.participant_id = find_participant(tx, op->visit_id, role, error);
    if (!op->issued.participant_id)
        return false;
    TokenRow row = {
        .kind = TOKEN_KIND_VISIT,
        .visit_id = op->visit_id,
        .participant_id = op->issued.participant_id,
        .expires_at_ms = expires_at_ms,
        .bound_to = bound_to,
    };
    op->issued.token = token_store(op->scheduling, tx, &row, error);
    return op->issued.token != NULL;
}

static bool load_visit(IssueOp *op, DbTx *tx, unsigned roles, VisitRow *ret_row, GError **error)
{
    return visit_row_load(tx, op->visit_id, ret_row, error) &&
           visit_row_check_actor(tx, ret_row, &op->actor.actor, roles, error);
}

/* Loads the visit and refuses actors it does not belong to, and visits that are over. */
static bool load_open_visit(IssueOp *op, DbTx *tx, unsigned roles, VisitRow *ret_row,
                            GError **error)
{
    if (!load_visit(op, tx, roles, ret_row, error))
        return false;
    if (visit_state_row(ret_row->state)->is_final) {
        visit_row_refuse(ret_row->state, error);
        return false;
    }
    return true;
}

static bool doctor_job(DbTx *tx, gpointer data, GError **error)
{
    IssueOp *op = data;
    VisitRow row;
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    if (!load_open_visit(op, tx, 1U << ACTOR_DOCTOR, &row, error))
        return false;
    /* To a group its doctor comes as the host. */
    if (visit_row_is_unclaimed(&row) || row.is_in_group) {
        visit_row_refuse(row.state, error);
        return false;
    }
    return issue_for(op, tx, "doctor", now_ms + op->scheduling->policy.staff_token_ms,
                     op->actor.actor.bound_to, error) &&
           scheduling_audit(op->scheduling, tx, &op->actor.actor, "visit.join", "visit", row.id,
                            error);
}

void token_issue_doctor(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                        TokenIssuedDone done, gpointer user_data)
{
    issue_run(scheduling, doctor_job, issue_op_new(visit_id, actor, done, user_data));
}

static bool revoke_links(IssueOp *op, DbTx *tx, GError **error)
{
    DbQuery *query = db_query(tx, "token_revoke_participant");
    db_bind_text(query, 1, op->issued.participant_id);
    db_bind_int(query, 2, clock_wall_ms(op->scheduling->clock));
    return db_exec(query, error);
}

/* The patient was seen: there may be letters, also later ones. */
static bool was_seen(VisitState state)
{
    return state == VISIT_STATE_DONE || state == VISIT_STATE_CONVERTED_PHONE ||
           state == VISIT_STATE_CONVERTED_IN_PERSON;
}

static int64_t link_ends_at(const IssueOp *op, const VisitRow *row)
{
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    if (was_seen(row->state))
        return now_ms + TOKEN_LETTERS_MS;
    /* A late visit that still goes on gets a link that lives. */
    return MAX(row->ends_at_ms, now_ms) + op->scheduling->policy.link_after_ms;
}

/* Another link for the participant of the operation, instead of those before. */
static bool renew(IssueOp *op, DbTx *tx, const VisitRow *row, const char *audit, GError **error)
{
    if (!op->issued.participant_id || !revoke_links(op, tx, error))
        return false;
    return issue_for(op, tx, NULL, link_ends_at(op, row), NULL, error) &&
           scheduling_audit(op->scheduling, tx, &op->actor.actor, audit, "visit", row->id, error);
}

bool token_replace_link(Scheduling *scheduling, DbTx *tx, const VisitRow *row,
                        IssuedToken *ret_issued, GError **error)
{
    IssueOp op = {.scheduling = scheduling, .visit_id = (char *)row->id};
    op.issued.participant_id = find_participant(tx, row->id, "patient", error);
    bool ok = op.issued.participant_id && revoke_links(&op, tx, error) &&
              issue_for(&op, tx, NULL, link_ends_at(&op, row), NULL, error);
    if (ok)
        *ret_issued = op.issued;
    else
        issued_token_clear(&op.issued);
    return ok;
}

bool token_revoke_links(Scheduling *scheduling, DbTx *tx, const VisitRow *row, GError **error)
{
    IssueOp op = {.scheduling = scheduling, .visit_id = (char *)row->id};
    op.issued.participant_id = find_participant(tx, row->id, "patient", error);
    bool ok = op.issued.participant_id && revoke_links(&op, tx, error);
    issued_token_clear(&op.issued);
    return ok;
}

enum { DOCTOR_AND_DESK = (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK) };

/* What is older is nobody's to open by the telephone that is on record. */
static bool check_age(const Scheduling *scheduling, const VisitRow *row, GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    if (now_ms < row->ended_at_ms + TOKEN_LETTERS_MS)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_LINK_OVER,
                        "the visit ended too long ago");
    return false;
}

bool token_check_renewal(const Scheduling *scheduling, const VisitRow *row, GError **error)
{
    if (!visit_state_row(row->state)->is_final)
        return true;
    if (was_seen(row->state))
        return check_age(scheduling, row, error);
    visit_row_refuse(row->state, error);
    return false;
}

static bool link_job(DbTx *tx, gpointer data, GError **error)
{
    IssueOp *op = data;
    VisitRow row;
    if (!load_visit(op, tx, DOCTOR_AND_DESK, &row, error) ||
        !token_check_renewal(op->scheduling, &row, error))
        return false;
    op->issued.participant_id = find_participant(tx, op->visit_id, "patient", error);
    return renew(op, tx, &row, "visit.link", error);
}

char *token_ensure_guest(const Scheduling *scheduling, DbTx *tx, const char *visit_id,
                         const char *label, GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    g_autofree char *id = id_new(now_ms);
    DbQuery *query = db_query(tx, "guest_ensure");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, visit_id);
    db_bind_int(query, 3, now_ms);
    db_bind_text(query, 4, label);
    if (!scheduling_need_row(query, "guest", error))
        return NULL;
    char *known = db_column_dup(query, 0);
    db_reset(query);
    return known;
}

static bool guest_job(DbTx *tx, gpointer data, GError **error)
{
    IssueOp *op = data;
    VisitRow row;
    if (!load_open_visit(op, tx, DOCTOR_AND_DESK, &row, error))
        return false;
    /* They would hear the other patients. */
    if (row.is_in_group) {
        visit_row_refuse(row.state, error);
        return false;
    }
    op->issued.participant_id =
        token_ensure_guest(op->scheduling, tx, op->visit_id, visit_guest_name(op->guest), error);
    return renew(op, tx, &row, "visit.guest", error);
}

void token_renew_link(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                      TokenIssuedDone done, gpointer user_data)
{
    issue_run(scheduling, link_job, issue_op_new(visit_id, actor, done, user_data));
}

void token_invite_guest(Scheduling *scheduling, const char *visit_id, VisitGuest guest,
                        const Actor *actor, TokenIssuedDone done, gpointer user_data)
{
    IssueOp *op = issue_op_new(visit_id, actor, done, user_data);
    op->guest = guest;
    issue_run(scheduling, guest_job, op);
}

static bool day_token_job(DbTx *tx, gpointer data, GError **error)
{
    IssueOp *op = data;
    const Actor *actor = &op->actor.actor;
    g_autofree char *practitioner_id = NULL;
    bool is_desk = actor->role == ACTOR_DESK && actor->facility_id;
    if (!is_desk) {
        practitioner_id = scheduling_actor_practitioner(tx, actor, error);
        if (!practitioner_id)
            return false;
    }
    op->issued.expires_at_ms =
        clock_wall_ms(op->scheduling->clock) + op->scheduling->policy.staff_token_ms;
    TokenRow row = {
        .kind = TOKEN_KIND_DAY,
        .practitioner_id = practitioner_id,
        .facility_id = is_desk ? actor->facility_id : NULL,
        .expires_at_ms = op->issued.expires_at_ms,
        .bound_to = actor->bound_to,
    };
    op->issued.token = token_store(op->scheduling, tx, &row, error);
    return op->issued.token != NULL;
}

void token_issue_day(Scheduling *scheduling, const Actor *actor, TokenIssuedDone done,
                     gpointer user_data)
{
    issue_run(scheduling, day_token_job, issue_op_new(NULL, actor, done, user_data));
}

static bool topic_job(DbTx *tx, gpointer data, GError **error)
{
    IssueOp *op = data;
    const Actor *actor = &op->actor.actor;
    g_autofree char *topic = op->topic_of(tx, actor, op->visit_id, error);
    if (!topic)
        return false;
    op->issued.expires_at_ms =
        clock_wall_ms(op->scheduling->clock) + op->scheduling->policy.staff_token_ms;
    const TokenRow row = {
        .kind = TOKEN_KIND_DAY,
        .topic = topic,
        .expires_at_ms = op->issued.expires_at_ms,
        .bound_to = actor->bound_to,
    };
    op->issued.token = token_store(op->scheduling, tx, &row, error);
    return op->issued.token != NULL;
}

void token_issue_topic(Scheduling *scheduling, const char *id, TokenTopicFunc topic_of,
                       const Actor *actor, TokenIssuedDone done, gpointer user_data)
{
    IssueOp *op = issue_op_new(id, actor, done, user_data);
    op->topic_of = topic_of;
    issue_run(scheduling, topic_job, op);
}
