// SPDX-License-Identifier: Apache-2.0
#include "scheduling/incident/incident.h"

#include "scheduling/booking/visit_row.h"
#include "scheduling/incident/incident_row.h"
#include "scheduling/record/event.h"
#include "server/base/ids.h"

#include <string.h>

static const int64_t day_ms = (int64_t)24 * 60 * 60 * 1000;

static const char *const who_names[] = {"patient", "interpreter", "family", "expert"};
static const char *const kind_names[] = {"abuse",     "threat",        "indecency",
                                         "recording", "impersonation", "other"};

static bool parse(const char *const *names, unsigned n, const char *name, int *ret_value)
{
    for (unsigned i = 0; name && i < n; i++) {
        if (strcmp(names[i], name) != 0)
            continue;
        *ret_value = (int)i;
        return true;
    }
    return false;
}

const char *incident_who_name(IncidentWho who)
{
    return who_names[who];
}

bool incident_who_parse(const char *name, IncidentWho *ret_who)
{
    int value = 0;
    bool known = parse(who_names, G_N_ELEMENTS(who_names), name, &value);
    if (known)
        *ret_who = (IncidentWho)value;
    return known;
}

const char *incident_kind_name(IncidentKind kind)
{
    return kind_names[kind];
}

bool incident_kind_parse(const char *name, IncidentKind *ret_kind)
{
    int value = 0;
    bool known = parse(kind_names, G_N_ELEMENTS(kind_names), name, &value);
    if (known)
        *ret_kind = (IncidentKind)value;
    return known;
}

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    IncidentReport report; /* strings are owned */
    IncidentReported reported;
    ChangeBox box;
    IncidentReportedDone done;
    gpointer user_data;
} ReportOp;

static void report_op_free(gpointer data)
{
    ReportOp *op = data;
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    g_free((char *)op->report.key);
    secret_text_free((char *)op->report.text);
    fault_list_free(op->reported.faults);
    g_free(op);
}

static bool refuse_field(ReportOp *op, const char *field, const char *code, const char *allowed,
                         GError **error)
{
    fault_list_add(op->reported.faults, field, code, allowed);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "fields of the report are wrong");
    return false;
}

static bool check_report(ReportOp *op, GError **error)
{
    const IncidentReport *report = &op->report;
    g_autofree char *words = g_strstrip(g_strdup(report->text));
    glong n_chars = g_utf8_strlen(words, -1);
    if (n_chars < INCIDENT_TEXT_MIN_CHARS || n_chars > INCIDENT_TEXT_CHARS)
        return refuse_field(op, "text",
                            n_chars < INCIDENT_TEXT_MIN_CHARS ? "too_short" : "too_long", "3..500",
                            error);
    if (report->block_days > INCIDENT_BLOCK_MAX_DAYS)
        return refuse_field(op, "block_days", "too_large", "0..90", error);
    if (report->block_days > 0 && report->who != INCIDENT_WHO_PATIENT)
        return refuse_field(op, "block_days", "only_patient", "0", error);
    return true;
}

/* Of incident_by_key: does ROW say what the report says? */
static bool is_same_report(const ReportOp *op, DbQuery *row, bool *ret_is, GError **error)
{
    const IncidentReport *report = &op->report;
    int64_t block_days = (scheduling_column_int0(row, 5) + day_ms / 2) / day_ms;
    char *text =
        secret_box_open(op->scheduling->box, "incident.text", db_column_text(row, 4), error);
    if (!text)
        return false;
    *ret_is = g_str_equal(db_column_text(row, 2), incident_who_name(report->who)) &&
              g_str_equal(db_column_text(row, 3), incident_kind_name(report->kind)) &&
              secret_equal_text(text, report->text) && block_days == report->block_days;
    secret_text_free(text);
    return true;
}

/* True with *ret_found when this report came before; it must say the same. */
static bool find_earlier(ReportOp *op, DbTx *tx, bool *ret_found, GError **error)
{
    DbQuery *row = db_query(tx, "incident_by_key");
    db_bind_text(row, 1, op->visit_id);
    db_bind_text(row, 2, op->report.key);
    DbStep step = db_step(row, error);
    *ret_found = step == DB_ROW;
    if (step != DB_ROW)
        return step == DB_DONE;
    bool is_same = false;
    if (!is_same_report(op, row, &is_same, error)) {
        db_reset(row);
        return false;
    }
    scheduling_copy_column(row, 0, op->reported.id, sizeof op->reported.id);
    op->reported.was_removed = db_column_int(row, 1) != 0;
    db_reset(row);
    if (!is_same)
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH,
                            "the key is of another incident");
    return is_same;
}

static bool is_urgent(DbTx *tx, const char *visit_id, bool *ret_is, GError **error)
{
    DbQuery *row = db_query(tx, "incident_is_urgent");
    db_bind_text(row, 1, visit_id);
    DbStep step = db_step(row, error);
    *ret_is = step == DB_ROW;
    db_reset(row);
    return step != DB_FAILED;
}

/* Whom the doctor talks to is the doctor's, and nobody sends an emergency away from a desk. */
static bool check_desk(DbTx *tx, const VisitRow *row, GError **error)
{
    bool urgent = false;
    bool talks = row->state == VISIT_STATE_IN_CALL ||
                 (row->state == VISIT_STATE_CALLED && row->accepted_at_ms != 0);
    if (!is_urgent(tx, row->id, &urgent, error))
        return false;
    if (talks || urgent) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BAD_STATE,
                            "not the desk's to remove");
        return false;
    }
    return true;
}

static bool remove_patient(ReportOp *op, DbTx *tx, VisitRow *row, GError **error)
{
    const Actor *actor = &op->actor.actor;
    bool is_there = row->state == VISIT_STATE_CHECKED_IN || row->state == VISIT_STATE_CALLED ||
                    row->state == VISIT_STATE_IN_CALL;
    if (!is_there)
        return true;
    if (actor->role == ACTOR_DESK && !check_desk(tx, row, error))
        return false;
    VisitStep step = {
        .to = row->state == VISIT_STATE_IN_CALL ? VISIT_STATE_DONE : VISIT_STATE_CANCELLED_PROVIDER,
        .actor = actor,
        .detail = "incident",
    };
    op->reported.was_removed = true;
    return visit_set_state(op->scheduling, tx, row, &step, &op->box, error);
}

static bool remove_guest(ReportOp *op, DbTx *tx, const VisitRow *row, GError **error)
{
    DbQuery *guest = db_query(tx, "incident_guest");
    db_bind_text(guest, 1, row->id);
    db_bind_text(guest, 2, incident_who_name(op->report.who));
    DbStep step = db_step(guest, error);
    if (step == DB_FAILED)
        return false;
    if (step == DB_DONE)
        return refuse_field(op, "who", "not_in_visit", NULL, error);
    char participant_id[SCHEDULING_ID_BYTES];
    scheduling_copy_column(guest, 0, participant_id, sizeof participant_id);
    db_reset(guest);
    if (visit_state_row(row->state)->is_final)
        return true;
    DbQuery *revoke = db_query(tx, "token_revoke_participant");
    db_bind_text(revoke, 1, participant_id);
    db_bind_int(revoke, 2, clock_wall_ms(op->scheduling->clock));
    op->reported.was_removed = true;
    g_strlcpy(op->reported.participant_id, participant_id, sizeof op->reported.participant_id);
    return db_exec(revoke, error);
}

static bool insert_incident(ReportOp *op, DbTx *tx, const VisitRow *row, GError **error)
{
    const Actor *actor = &op->actor.actor;
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    g_autofree char *id = id_new(now_ms);
    g_autofree char *sealed =
        secret_box_seal(op->scheduling->box, "incident.text", op->report.text);
    g_strlcpy(op->reported.id, id, sizeof op->reported.id);
    DbQuery *query = db_query(tx, "incident_insert");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, row->id);
    db_bind_text(query, 3, row->facility_id);
    db_bind_text(query, 4, op->report.key);
    db_bind_int(query, 5, now_ms);
    db_bind_text(query, 6, actor_role_name(actor->role));
    db_bind_text(query, 7, actor->user_id);
    db_bind_text(query, 8, incident_who_name(op->report.who));
    db_bind_text(query, 9, incident_kind_name(op->report.kind));
    db_bind_text(query, 10, sealed);
    db_bind_int(query, 11, op->reported.was_removed);
    return db_exec(query, error);
}

static bool insert_block(ReportOp *op, DbTx *tx, const VisitRow *row, GError **error)
{
    if (op->report.block_days == 0)
        return true;
    DbQuery *query = db_query(tx, "incident_block");
    db_bind_text(query, 1, op->reported.id);
    db_bind_text(query, 2, row->id);
    db_bind_int(query, 3, clock_wall_ms(op->scheduling->clock) + op->report.block_days * day_ms);
    return db_exec(query, error) &&
           scheduling_audit(op->scheduling, tx, &op->actor.actor, "incident.block", "incident",
                            op->reported.id, error);
}

static bool write_trail(ReportOp *op, DbTx *tx, const VisitRow *row, GError **error)
{
    const Actor *actor = &op->actor.actor;
    EventRow event = {
        .visit_id = row->id,
        .at_ms = clock_wall_ms(op->scheduling->clock),
        .kind = "incident",
        .actor = actor_role_name(actor->role),
        .detail = incident_kind_name(op->report.kind),
    };
    EventRow removed = event;
    removed.kind = "removed";
    removed.detail = incident_who_name(op->report.who);
    return event_append(tx, &event, error) &&
           (!op->reported.was_removed || event_append(tx, &removed, error)) &&
           scheduling_audit(op->scheduling, tx, actor, "incident.report", "visit", row->id, error);
}

static bool report_job(DbTx *tx, gpointer data, GError **error)
{
    ReportOp *op = data;
    VisitRow row;
    bool found;
    unsigned roles = (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK);
    if (!visit_row_load(tx, op->visit_id, &row, error) ||
        !visit_row_check_actor(tx, &row, &op->actor.actor, roles, error) ||
        !check_report(op, error) || !find_earlier(op, tx, &found, error))
        return false;
    if (found)
        return true;
    bool removed = op->report.who == INCIDENT_WHO_PATIENT ? remove_patient(op, tx, &row, error)
                                                          : remove_guest(op, tx, &row, error);
    return removed && insert_incident(op, tx, &row, error) && insert_block(op, tx, &row, error) &&
           write_trail(op, tx, &row, error);
}

static void on_report_done(gpointer data, const GError *error)
{
    ReportOp *op = data;
    if (error)
        op->box.has_changed = false;
    scheduling_notify(op->scheduling, &op->box);
    op->done(&op->reported, error, op->user_data);
}

void incident_report(Scheduling *scheduling, const char *visit_id, const IncidentReport *report,
                     const Actor *actor, IncidentReportedDone done, gpointer user_data)
{
    ReportOp *op = g_new0(ReportOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    op->report = *report;
    op->report.key = g_strdup(report->key);
    op->report.text = g_strdup(report->text);
    op->reported.faults = fault_list_new();
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, report_job, on_report_done, op, report_op_free);
}

bool incident_is_blocked(Scheduling *scheduling, DbTx *tx, const BlockQuery *query, bool *ret_is,
                         GError **error)
{
    DbQuery *row = db_query(tx, "incident_is_blocked");
    db_bind_text(row, 1, query->clinic_id);
    db_bind_text(row, 2, query->phone_index);
    db_bind_text(row, 3, query->nik_index);
    db_bind_int(row, 4, clock_wall_ms(scheduling->clock));
    DbStep step = db_step(row, error);
    *ret_is = step == DB_ROW;
    db_reset(row);
    return step != DB_FAILED;
}
