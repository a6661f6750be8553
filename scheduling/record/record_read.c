// SPDX-License-Identifier: Apache-2.0
#include "scheduling/record/record.h"

#include "scheduling/booking/person.h"
#include "scheduling/booking/visit_row.h"
#include "scheduling/outbox/sms.h"

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    Record record;
    RecordDone done;
    gpointer user_data;
} GetOp;

static void participant_free(gpointer data)
{
    RecordParticipant *participant = data;
    g_free(participant->id);
    g_array_unref(participant->points);
    g_free(participant);
}

static void line_free(gpointer data)
{
    RecordLine *line = data;
    g_free(line->kind);
    g_free(line->actor);
    g_free(line->detail);
    g_free(line);
}

static void consent_free(gpointer data)
{
    RecordConsent *consent = data;
    g_free(consent->how);
    g_free(consent->by);
    g_free(consent->giver_name);
    g_free(consent->giver_relation);
    g_free(consent);
}

static void record_clear(Record *record)
{
    RecordVisit *visit = &record->visit;
    char *texts[] = {visit->id,
                     visit->code,
                     visit->number,
                     visit->patient,
                     visit->birth_date,
                     visit->phone_masked,
                     visit->nik_masked,
                     visit->facility,
                     visit->clinic,
                     visit->doctor,
                     visit->ended_by,
                     visit->service,
                     visit->service_mode,
                     visit->contact_name,
                     visit->contact_relation,
                     visit->mother_nik_masked};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_ptr_array_unref(record->participants);
    g_ptr_array_unref(record->lines);
    g_ptr_array_unref(record->consents);
}

static void get_op_free(gpointer data)
{
    GetOp *op = data;
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    record_clear(&op->record);
    g_free(op);
}

/* Opens a sealed column and masks it; NULL with ERROR when the key does not fit. */
static char *open_masked(const SecretBox *box, const char *context, const char *sealed,
                         char *(*mask)(const char *), GError **error)
{
    char *clear = secret_box_open(box, context, sealed, error);
    if (!clear)
        return NULL;
    char *masked = mask(clear);
    secret_text_free(clear);
    return masked;
}

static bool read_sealed(Scheduling *scheduling, DbQuery *row, RecordVisit *visit, GError **error)
{
    char *phone = secret_box_open(scheduling->box, "visit.phone", db_column_text(row, 6), error);
    if (!phone)
        return false;
    visit->phone_masked = person_phone_mask(phone);
    visit->has_fixed_line = sms_is_fixed_line(phone);
    secret_text_free(phone);
    int column = db_column_is_null(row, 7) ? 28 : 7;
    if (db_column_is_null(row, column))
        return true;
    char **place = column == 7 ? &visit->nik_masked : &visit->mother_nik_masked;
    *place = open_masked(scheduling->box, "patient.nik", db_column_text(row, column),
                         person_nik_mask, error);
    return *place != NULL;
}

static void read_course(Scheduling *scheduling, DbQuery *row, RecordVisit *visit)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    int64_t in_call_at_ms = scheduling_column_int0(row, 16);
    int64_t open_since_ms = scheduling_column_int0(row, 20);
    visit->waiting_from_ms = scheduling_column_int0(row, 14);
    visit->called_at_ms = scheduling_column_int0(row, 15);
    visit->media_both_start_ms = scheduling_column_int0(row, 17);
    visit->media_both_end_ms = scheduling_column_int0(row, 18);
    visit->media_both_ms = scheduling_column_int0(row, 19);
    if (open_since_ms) {
        visit->media_both_end_ms = 0;
        visit->media_both_ms += MAX(now_ms - open_since_ms, 0);
    }
    visit->ended_at_ms = scheduling_column_int0(row, 21);
    visit->ended_by = db_column_dup(row, 22);
    if (in_call_at_ms)
        visit->duration_ms =
            MAX((visit->ended_at_ms ? visit->ended_at_ms : now_ms) - in_call_at_ms, 0);
}

static bool load_visit(Scheduling *scheduling, DbTx *tx, const char *visit_id, RecordVisit *visit,
                       GError **error)
{
    DbQuery *row = db_query(tx, "record_visit");
    db_bind_text(row, 1, visit_id);
    if (!scheduling_need_row(row, "visit", error))
        return false;
    visit->id = db_column_dup(row, 0);
    visit->code = db_column_dup(row, 1);
    visit->number = db_column_dup(row, 2);
    visit_state_parse(db_column_text(row, 3), &visit->state);
    visit->patient = db_column_dup(row, 4);
    visit->birth_date = db_column_dup(row, 5);
    visit->facility = db_column_dup(row, 8);
    visit->clinic = db_column_dup(row, 9);
    visit->doctor = db_column_dup(row, 10);
    visit->service = db_column_dup(row, 23);
    visit->service_mode = db_column_dup(row, 24);
    visit->contact_name = db_column_dup(row, 26);
    visit->contact_relation = db_column_dup(row, 27);
    visit->price_rupiah = scheduling_column_int0(row, 25);
    visit->booked_at_ms = db_column_int(row, 11);
    visit->starts_at_ms = db_column_int(row, 12);
    visit->ends_at_ms = db_column_int(row, 13);
    read_course(scheduling, row, visit);
    bool opened = read_sealed(scheduling, row, visit, error);
    db_reset(row);
    return opened;
}

static bool load_participants(DbTx *tx, Record *record, GError **error)
{
    DbQuery *rows = db_query(tx, "record_participants");
    db_bind_text(rows, 1, record->visit.id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        RecordParticipant *participant = g_new0(RecordParticipant, 1);
        participant->id = db_column_dup(rows, 0);
        participant->role = VISIT_ROLE_GUEST;
        visit_role_parse(db_column_text(rows, 1), &participant->role);
        participant->joined_at_ms = scheduling_column_int0(rows, 2);
        participant->left_at_ms = scheduling_column_int0(rows, 3);
        participant->points = g_array_new(FALSE, FALSE, sizeof(RecordPoint));
        g_ptr_array_add(record->participants, participant);
        if (participant->role == VISIT_ROLE_PATIENT)
            record->visit.joined_at_ms = participant->joined_at_ms;
    }
    return step == DB_DONE;
}

static RecordParticipant *find_participant(const Record *record, const char *id)
{
    for (unsigned i = 0; i < record->participants->len; i++) {
        RecordParticipant *participant = g_ptr_array_index(record->participants, i);
        if (g_str_equal(participant->id, id))
            return participant;
    }
    return NULL;
}

static bool load_totals(DbTx *tx, Record *record, GError **error)
{
    DbQuery *rows = db_query(tx, "record_totals");
    db_bind_text(rows, 1, record->visit.id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        RecordParticipant *participant = find_participant(record, db_column_text(rows, 0));
        for (int i = 0; participant && i < RECORD_N_FLOWS; i++) {
            if (!g_str_equal(record_flow_name((RecordFlowKind)i), db_column_text(rows, 1)))
                continue;
            RecordFlow *flow = &participant->flows[i];
            flow->packets = db_column_int(rows, 2);
            flow->bytes = db_column_int(rows, 3);
            flow->lost = db_column_int(rows, 4);
            flow->repaired = db_column_int(rows, 5);
            flow->media_ms = db_column_int(rows, 6);
            flow->bitrate_bps = flow->media_ms > 0 ? flow->bytes * 8000 / flow->media_ms : 0;
        }
    }
    return step == DB_DONE;
}

static gint int64_compare(gconstpointer a, gconstpointer b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return left < right ? -1 : left > right;
}

static int64_t median_rtt(const GArray *points)
{
    g_autoptr(GArray) known = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (unsigned i = 0; i < points->len; i++) {
        int64_t rtt_ms = g_array_index(points, RecordPoint, i).rtt_ms;
        if (rtt_ms > 0)
            g_array_append_val(known, rtt_ms);
    }
    g_array_sort(known, int64_compare);
    return known->len > 0 ? g_array_index(known, int64_t, (known->len - 1) / 2) : 0;
}

static bool load_points(DbTx *tx, const char *visit_id, RecordParticipant *participant,
                        GError **error)
{
    DbQuery *rows = db_query(tx, "record_samples");
    db_bind_text(rows, 1, visit_id);
    db_bind_text(rows, 2, participant->id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        RecordPoint point = {
            .at_ms = db_column_int(rows, 0),
            .rtt_ms = (db_column_int(rows, 1) + 500) / 1000,
            .lost_in = db_column_int(rows, 6),
            .lost_out = db_column_int(rows, 7),
        };
        for (int i = 0; i < RECORD_N_FLOWS; i++)
            point.bitrate_bps[i] = db_column_int(rows, 2 + i);
        g_array_append_val(participant->points, point);
    }
    participant->rtt_ms = median_rtt(participant->points);
    return step == DB_DONE;
}

static bool load_lines(DbTx *tx, Record *record, GError **error)
{
    DbQuery *rows = db_query(tx, "event_list");
    db_bind_text(rows, 1, record->visit.id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        RecordLine *line = g_new0(RecordLine, 1);
        line->at_ms = db_column_int(rows, 0);
        line->kind = db_column_dup(rows, 1);
        line->actor = db_column_dup(rows, 2);
        line->detail = db_column_is_null(rows, 3) ? g_strdup("") : db_column_dup(rows, 3);
        g_ptr_array_add(record->lines, line);
    }
    return step == DB_DONE;
}

static bool load_consents(DbTx *tx, Record *record, GError **error)
{
    DbQuery *rows = db_query(tx, "consent_of_visit");
    db_bind_text(rows, 1, record->visit.id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        RecordConsent *consent = g_new0(RecordConsent, 1);
        consent->version = db_column_int(rows, 0);
        consent->how = db_column_dup(rows, 1);
        consent->by = db_column_dup(rows, 2);
        consent->at_ms = db_column_int(rows, 3);
        consent->giver_name = db_column_dup(rows, 4);
        consent->giver_relation = db_column_dup(rows, 5);
        g_ptr_array_add(record->consents, consent);
    }
    return step == DB_DONE;
}

static bool get_job(DbTx *tx, gpointer data, GError **error)
{
    GetOp *op = data;
    Record *record = &op->record;
    const Actor *actor = &op->actor.actor;
    VisitRow row;
    unsigned roles = (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK);
    if (!visit_row_load(tx, op->visit_id, &row, error) ||
        !visit_row_check_actor(tx, &row, actor, roles, error) ||
        !load_visit(op->scheduling, tx, row.id, &record->visit, error) ||
        !load_participants(tx, record, error) || !load_totals(tx, record, error))
        return false;
    for (unsigned i = 0; i < record->participants->len; i++) {
        if (!load_points(tx, row.id, g_ptr_array_index(record->participants, i), error))
            return false;
    }
    return load_lines(tx, record, error) && load_consents(tx, record, error) &&
           scheduling_audit(op->scheduling, tx, actor, "visit.read", "visit", row.id, error);
}

static void on_get_done(gpointer data, const GError *error)
{
    GetOp *op = data;
    op->done(error ? NULL : &op->record, error, op->user_data);
}

void record_get(Scheduling *scheduling, const char *visit_id, const Actor *actor, RecordDone done,
                gpointer user_data)
{
    GetOp *op = g_new0(GetOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    op->record.participants = g_ptr_array_new_with_free_func(participant_free);
    op->record.lines = g_ptr_array_new_with_free_func(line_free);
    op->record.consents = g_ptr_array_new_with_free_func(consent_free);
    op->done = done;
    op->user_data = user_data;
    /* A write: reading a patient's record is an audit row of the same transaction. */
    db_write(scheduling->db, get_job, on_get_done, op, get_op_free);
}
