// SPDX-License-Identifier: Apache-2.0
#include "scheduling/letter/licence.h"

#include <string.h>

#include "scheduling/scheduling_private.h"

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *sip, *valid_until; /* NULL: only read */
    Licence licence;
    FaultList *faults;
    LicenceDone done;
    gpointer user_data;
} LicenceOp;

void licence_clear(Licence *licence)
{
    g_clear_pointer(&licence->sip, g_free);
    g_clear_pointer(&licence->valid_until, g_free);
}

static void licence_op_free(gpointer data)
{
    LicenceOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->sip);
    g_free(op->valid_until);
    licence_clear(&op->licence);
    fault_list_free(op->faults);
    g_free(op);
}

bool licence_load(DbTx *tx, const char *practitioner_id, Licence *ret_licence, GError **error)
{
    DbQuery *row = db_query(tx, "licence_get");
    db_bind_text(row, 1, practitioner_id);
    DbStep step = db_step(row, error);
    if (step == DB_ROW) {
        ret_licence->sip = db_column_dup(row, 0);
        ret_licence->valid_until = db_column_dup(row, 1);
        db_reset(row);
    }
    return step != DB_FAILED;
}

static void check(LicenceOp *op)
{
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, today);
    glong length = g_utf8_strlen(op->sip, -1);
    if (length < LICENCE_SIP_MIN_CHARS || length > LICENCE_SIP_MAX_CHARS)
        fault_list_add(op->faults, "sip", length < LICENCE_SIP_MIN_CHARS ? "too_short" : "too_long",
                       "5..60");
    if (!scheduling_date_is_valid(op->valid_until))
        fault_list_add(op->faults, "valid_until", "not_a_date", NULL);
    else if (strcmp(op->valid_until, today) < 0)
        fault_list_add(op->faults, "valid_until", "in_past", NULL);
}

static bool store(LicenceOp *op, DbTx *tx, const char *practitioner_id, GError **error)
{
    if (fault_list_length(op->faults) > 0) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "the licence is not possible");
        return false;
    }
    DbQuery *query = db_query(tx, "licence_set");
    db_bind_text(query, 1, practitioner_id);
    db_bind_text(query, 2, op->sip);
    db_bind_text(query, 3, op->valid_until);
    db_bind_int(query, 4, clock_wall_ms(op->scheduling->clock));
    return db_exec(query, error) &&
           scheduling_audit(op->scheduling, tx, &op->actor.actor, "licence.set", "practitioner",
                            practitioner_id, error);
}

static bool licence_job(DbTx *tx, gpointer data, GError **error)
{
    LicenceOp *op = data;
    g_autofree char *practitioner_id = scheduling_actor_practitioner(tx, &op->actor.actor, error);
    if (!practitioner_id || (op->sip && !store(op, tx, practitioner_id, error)))
        return false;
    return licence_load(tx, practitioner_id, &op->licence, error);
}

static void on_licence_done(gpointer data, const GError *error)
{
    LicenceOp *op = data;
    op->done(&op->licence, op->faults, error, op->user_data);
}

static LicenceOp *licence_op_new(Scheduling *scheduling, const Actor *actor, LicenceDone done,
                                 gpointer user_data)
{
    LicenceOp *op = g_new0(LicenceOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->faults = fault_list_new();
    op->done = done;
    op->user_data = user_data;
    return op;
}

void licence_get(Scheduling *scheduling, const Actor *actor, LicenceDone done, gpointer user_data)
{
    db_read(scheduling->db, licence_job, on_licence_done,
            licence_op_new(scheduling, actor, done, user_data), licence_op_free);
}

void licence_set(Scheduling *scheduling, const Actor *actor, const char *sip,
                 const char *valid_until, LicenceDone done, gpointer user_data)
{
    LicenceOp *op = licence_op_new(scheduling, actor, done, user_data);
    op->sip = g_strdup(sip);
    op->valid_until = g_strdup(valid_until);
    check(op);
    db_write(scheduling->db, licence_job, on_licence_done, op, licence_op_free);
}
