// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/token.h"

#include <string.h>

#include "scheduling/booking/token_private.h"
#include "scheduling/booking/visit_row.h"
#include "server/base/ids.h"

char *token_hash(const Scheduling *scheduling, const char *token)
{
    return secret_box_index(scheduling->box, "join_token", token);
}

char *token_store(Scheduling *scheduling, DbTx *tx, const TokenRow *row, GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    g_autofree char *id = id_new(now_ms);
    char *token = id_token_new();
    g_autofree char *hash = token_hash(scheduling, token);
    DbQuery *query = db_query(tx, "token_insert");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, hash);
    db_bind_text(query, 3, row->kind == TOKEN_KIND_VISIT ? "visit" : "day");
    db_bind_text(query, 4, row->visit_id);
    db_bind_text(query, 5, row->participant_id);
    db_bind_text(query, 6, row->practitioner_id);
    db_bind_text(query, 7, row->facility_id);
    db_bind_int(query, 8, now_ms);
    db_bind_int(query, 9, row->expires_at_ms);
    db_bind_text(query, 10, row->bound_to);
    db_bind_text(query, 11, row->topic);
    if (!db_exec(query, error)) {
        secret_text_free(token);
        return NULL;
    }
    return token;
}

char *token_create(Scheduling *scheduling, DbTx *tx, const char *visit_id,
                   const char *participant_id, int64_t expires_at_ms, GError **error)
{
    TokenRow row = {
        .kind = TOKEN_KIND_VISIT,
        .visit_id = visit_id,
        .participant_id = participant_id,
        .expires_at_ms = expires_at_ms,
    };
    return token_store(scheduling, tx, &row, error);
}

bool token_holds(const Scheduling *scheduling, DbTx *tx, const char *token, bool *ret_holds,
                 GError **error)
{
    g_autofree char *hash = token_hash(scheduling, token);
    DbQuery *row = db_query(tx, "token_by_hash");
    db_bind_text(row, 1, hash);
    DbStep step = db_step(row, error);
    if (step == DB_FAILED)
        return false;
    *ret_holds = step == DB_ROW && db_column_is_null(row, 7) &&
                 clock_wall_ms(scheduling->clock) < db_column_int(row, 6);
    if (step == DB_ROW)
        db_reset(row);
    return true;
}

typedef struct {
    Scheduling *scheduling;
    char *token;
    TokenGrant grant;
    TokenGrantDone done;
    gpointer user_data;
} AuthorizeOp;

static void authorize_op_free(gpointer data)
{
    AuthorizeOp *op = data;
    secret_text_free(op->token);
    g_free(op->grant.id);
    g_free(op->grant.participant_id);
    g_free(op->grant.practitioner_id);
    g_free(op->grant.facility_id);
    g_free(op->grant.bound_to);
    g_free(op->grant.topic);
    if (op->grant.clinic_ids)
        g_ptr_array_unref(op->grant.clinic_ids);
    visit_view_free(op->grant.view);
    g_free(op);
}

static void refuse_link(SchedulingError code, GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, code,
                        code == SCHEDULING_ERROR_LINK_EXPIRED ? "the token is past its time"
                                                              : "no such token");
}

/* Reads the token's row into the grant; *ret_visit_id is to be freed, NULL for a day token. */
static bool load_token(AuthorizeOp *op, DbTx *tx, char **ret_visit_id, GError **error)
{
    g_autofree char *hash = token_hash(op->scheduling, op->token);
    DbQuery *row = db_query(tx, "token_by_hash");
    db_bind_text(row, 1, hash);
    DbStep step = db_step(row, error);
    if (step == DB_FAILED)
        return false;
    if (step == DB_DONE) {
        refuse_link(SCHEDULING_ERROR_LINK_INVALID, error);
        return false;
    }
    bool revoked = !db_column_is_null(row, 7);
    TokenGrant *grant = &op->grant;
    grant->id = db_column_dup(row, 0);
    grant->kind = g_str_equal(db_column_text(row, 1), "day") ? TOKEN_KIND_DAY : TOKEN_KIND_VISIT;
    grant->participant_id = db_column_dup(row, 3);
    grant->practitioner_id = db_column_dup(row, 4);
    grant->facility_id = db_column_dup(row, 5);
    grant->expires_at_ms = db_column_int(row, 6);
    grant->bound_to = db_column_dup(row, 9);
    grant->topic = db_column_dup(row, 11);
    bool role_known = visit_role_parse(db_column_text(row, 8), &grant->role);
    visit_guest_parse(db_column_text(row, 10), &grant->guest);
    *ret_visit_id = db_column_dup(row, 2);
    db_reset(row);
    if (revoked || (grant->kind == TOKEN_KIND_VISIT && !role_known))
        refuse_link(SCHEDULING_ERROR_LINK_INVALID, error);
    else if (clock_wall_ms(op->scheduling->clock) >= grant->expires_at_ms)
        refuse_link(SCHEDULING_ERROR_LINK_EXPIRED, error);
    else
        return true;
    return false;
}

/* A staff token ends with the session that it was issued in. */
static bool check_binding(AuthorizeOp *op, DbTx *tx, GError **error)
{
    const Scheduling *scheduling = op->scheduling;
    bool holds = false;
    if (!op->grant.bound_to)
        return true;
    if (scheduling->binding_check &&
        !scheduling->binding_check(tx, op->grant.bound_to, clock_wall_ms(scheduling->clock), &holds,
                                   error))
        return false;
    if (!holds)
        refuse_link(SCHEDULING_ERROR_LINK_INVALID, error);
    return holds;
}

static bool load_clinics(TokenGrant *grant, DbTx *tx, GError **error)
{
    grant->clinic_ids = g_ptr_array_new_with_free_func(g_free);
    if (!grant->practitioner_id)
        return true;
    DbQuery *rows = db_query(tx, "queue_clinics_of_doctor");
    db_bind_text(rows, 1, grant->practitioner_id);
    return db_collect(rows, db_row_text, grant->clinic_ids, error);
}

static bool authorize_job(DbTx *tx, gpointer data, GError **error)
{
    AuthorizeOp *op = data;
    if (!id_token_is_valid(op->token)) {
        refuse_link(SCHEDULING_ERROR_LINK_INVALID, error);
        return false;
    }
    g_autofree char *visit_id = NULL;
    if (!load_token(op, tx, &visit_id, error) || !check_binding(op, tx, error))
        return false;
    if (op->grant.kind == TOKEN_KIND_DAY)
        return load_clinics(&op->grant, tx, error);
    op->grant.view = visit_view_load(op->scheduling, tx, visit_id, error);
    return op->grant.view != NULL;
}

static void on_authorize_done(gpointer data, const GError *error)
{
    AuthorizeOp *op = data;
    op->done(error ? NULL : &op->grant, error, op->user_data);
}

void token_authorize(Scheduling *scheduling, const char *token, TokenGrantDone done,
                     gpointer user_data)
{
    AuthorizeOp *op = g_new0(AuthorizeOp, 1);
    op->scheduling = scheduling;
    op->token = g_strdup(token);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, authorize_job, on_authorize_done, op, authorize_op_free);
}

/* Who is phoned or comes only looks on, from the morning on: being there is said at the desk, at
 * whatever hour. */
static bool is_open(const Scheduling *scheduling, const VisitView *view)
{
    char today[SCHEDULING_DATE_BYTES];
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    clock_local_date(now_ms, scheduling->zone, today);
    return view->way == VISIT_WAY_VIDEO ? now_ms >= view->opens_at_ms
                                        : strcmp(today, view->local_date) >= 0;
}

bool token_check_admission(Scheduling *scheduling, const TokenGrant *grant, GError **error)
{
    if (grant->kind == TOKEN_KIND_DAY)
        return true;
    const VisitView *view = grant->view;
    if (visit_state_row(view->state)->is_final) {
        visit_row_refuse(view->state, error);
        return false;
    }
    bool not_begun = view->state == VISIT_STATE_BOOKED || view->state == VISIT_STATE_REQUESTED;
    if (grant->role != VISIT_ROLE_DOCTOR && not_begun && !is_open(scheduling, view)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_TOO_EARLY,
                            "the visit is not open yet");
        return false;
    }
    return true;
}
