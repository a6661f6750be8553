// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/directory_access.h"
#include "scheduling/incident/incident_row.h"

enum { REQUESTS_MAX = 100 };

static const char *const state_names[] = {"open", "looked_at", "closed"};

const char *incident_state_name(IncidentState state)
{
    return state_names[state];
}

static void line_free(gpointer data)
{
    IncidentLine *line = data;
    g_free(line->by_role);
    secret_text_free(line->note);
    g_free(line);
}

void incident_free(Incident *incident)
{
    if (!incident)
        return;
    char *texts[] = {incident->id,     incident->by_role,    incident->code,
                     incident->number, incident->facility,   incident->clinic,
                     incident->doctor, incident->facility_id};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    secret_text_free(incident->text);
    g_ptr_array_unref(incident->lines);
    g_free(incident);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Incident, incident_free)

Incident *incident_from_row(const Scheduling *scheduling, DbQuery *row)
{
    Incident *incident = g_new0(Incident, 1);
    bool is_lifted = !db_column_is_null(row, 13);
    int64_t until_ms = scheduling_column_int0(row, 12);
    incident->id = db_column_dup(row, 0);
    incident->at_ms = db_column_int(row, 1);
    incident->by_role = db_column_dup(row, 2);
    incident_who_parse(db_column_text(row, 3), &incident->who);
    incident_kind_parse(db_column_text(row, 4), &incident->kind);
    incident->was_removed = db_column_int(row, 5) != 0;
    incident->code = db_column_dup(row, 6);
    incident->number = db_column_dup(row, 7);
    incident->starts_at_ms = db_column_int(row, 8);
    incident->facility = db_column_dup(row, 9);
    incident->clinic = db_column_dup(row, 10);
    incident->doctor = db_column_dup(row, 11);
    incident->facility_id = db_column_dup(row, 14);
    bool holds = !is_lifted && until_ms > clock_wall_ms(scheduling->clock);
    incident->blocked_until_ms = holds ? until_ms : 0;
    incident->lines = g_ptr_array_new_with_free_func(line_free);
    return incident;
}

bool incident_load_steps(Scheduling *scheduling, DbTx *tx, Incident *incident, GError **error)
{
    DbQuery *rows = db_query(tx, "incident_steps");
    db_bind_text(rows, 1, incident->id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        IncidentLine *line = g_new0(IncidentLine, 1);
        g_ptr_array_add(incident->lines, line);
        incident_step_parse(db_column_text(rows, 0), &line->step);
        line->at_ms = db_column_int(rows, 1);
        line->by_role = db_column_dup(rows, 2);
        if (!db_column_is_null(rows, 3)) {
            line->note =
                secret_box_open(scheduling->box, "incident.note", db_column_text(rows, 3), error);
            if (!line->note)
                return false;
        }
        if (line->step == INCIDENT_STEP_CLOSED)
            incident->state = INCIDENT_CLOSED;
        else if (line->step == INCIDENT_STEP_LOOKED_AT && incident->state == INCIDENT_OPEN)
            incident->state = INCIDENT_LOOKED_AT;
    }
    return step == DB_DONE;
}

Incident *incident_load(Scheduling *scheduling, DbTx *tx, const char *incident_id,
                        const Actor *actor, GError **error)
{
    const char *facility_id = NULL;
    if (!directory_access(actor, &facility_id, error))
        return NULL;
    DbQuery *row = db_query(tx, "incident_get");
    db_bind_text(row, 1, incident_id);
    if (!scheduling_need_row(row, "incident", error))
        return NULL;
    g_autoptr(Incident) incident = incident_from_row(scheduling, row);
    g_autofree char *sealed = db_column_dup(row, 15);
    db_reset(row);
    if (facility_id && !g_str_equal(facility_id, incident->facility_id)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND,
                            "no such incident");
        return NULL;
    }
    incident->text = secret_box_open(scheduling->box, "incident.text", sealed, error);
    if (!incident->text || !incident_load_steps(scheduling, tx, incident, error))
        return NULL;
    return g_steal_pointer(&incident);
}

/* The list. */

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *before_id;
    IncidentList list;
    IncidentListDone done;
    gpointer user_data;
} ListOp;

static void request_free(gpointer data)
{
    BookingToConfirm *request = data;
    char *texts[] = {request->visit_id, request->code,   request->number,
                     request->facility, request->clinic, request->doctor};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(request);
}

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->before_id);
    g_ptr_array_unref(op->list.incidents);
    g_ptr_array_unref(op->list.requests);
    g_free(op);
}

static bool list_requests(ListOp *op, DbTx *tx, const char *facility_id, GError **error)
{
    DbQuery *rows = db_query(tx, "request_list");
    db_bind_int(rows, 1, REQUESTS_MAX);
    db_bind_text(rows, 2, facility_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        BookingToConfirm *request = g_new0(BookingToConfirm, 1);
        g_ptr_array_add(op->list.requests, request);
        request->visit_id = db_column_dup(rows, 0);
        request->code = db_column_dup(rows, 1);
        request->number = db_column_dup(rows, 2);
        request->starts_at_ms = db_column_int(rows, 3);
        request->requested_at_ms = db_column_int(rows, 4);
        request->facility = db_column_dup(rows, 5);
        request->clinic = db_column_dup(rows, 6);
        request->doctor = db_column_dup(rows, 7);
        request->has_missed = db_column_int(rows, 8) != 0;
    }
    return step == DB_DONE;
}

static bool list_incidents(ListOp *op, DbTx *tx, const char *facility_id, GError **error)
{
    /* Behind every id. */
    const char *before_id = op->before_id ? op->before_id : "~";
    DbQuery *rows = db_query(tx, facility_id ? "incident_list_of_facility" : "incident_list_all");
    db_bind_text(rows, 1, before_id);
    db_bind_int(rows, 2, INCIDENT_LIST_MAX + 1);
    if (facility_id)
        db_bind_text(rows, 3, facility_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (op->list.incidents->len == INCIDENT_LIST_MAX) {
            op->list.has_more = true;
            continue;
        }
        Incident *incident = incident_from_row(op->scheduling, rows);
        g_ptr_array_add(op->list.incidents, incident);
        if (!incident_load_steps(op->scheduling, tx, incident, error))
            return false;
    }
    return step == DB_DONE;
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    const char *facility_id = NULL;
    return directory_access(&op->actor.actor, &facility_id, error) &&
           list_incidents(op, tx, facility_id, error) && list_requests(op, tx, facility_id, error);
}

static void on_list_done(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : &op->list, error, op->user_data);
}

static void incident_unref(gpointer data)
{
    incident_free(data);
}

void incident_list(Scheduling *scheduling, const char *before_id, const Actor *actor,
                   IncidentListDone done, gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->before_id = g_strdup(before_id);
    op->list.incidents = g_ptr_array_new_with_free_func(incident_unref);
    op->list.requests = g_ptr_array_new_with_free_func(request_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, list_job, on_list_done, op, list_op_free);
}
