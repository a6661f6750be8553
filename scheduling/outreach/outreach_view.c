// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outreach/outreach_row.h"

#include "scheduling/record/consent.h"

#include <string.h>

enum { FIRST_VITAL = 11 }; /* column of outreach_of_visit */

static bool forbid(GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "what was taken down is for the doctor and the team");
    return false;
}

bool outreach_visit_allow(DbTx *tx, const char *visit_id, const char *session_id,
                          const Actor *actor, GError **error)
{
    VisitRow row;
    unsigned roles = (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK);
    if (!visit_row_load(tx, visit_id, &row, error) ||
        !visit_row_check_actor(tx, &row, actor, roles, error))
        return false;
    if (actor->role == ACTOR_DOCTOR)
        return true;
    DbQuery *query = db_query(tx, "outreach_is_member");
    db_bind_text(query, 1, session_id);
    db_bind_text(query, 2, actor->user_id);
    DbStep step = db_step(query, error);
    if (step == DB_ROW)
        db_reset(query);
    return step == DB_ROW || (step == DB_DONE && forbid(error));
}

/* A session and its entries. */

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *session_id;
    OutreachList list;
    OutreachListDone done;
    gpointer user_data;
} ListOp;

static void entry_free(gpointer data)
{
    OutreachEntry *entry = data;
    char *texts[] = {entry->id,      entry->visit_id, entry->number,
                     entry->patient, entry->sex,      entry->identity};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(entry);
}

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    g_free(op->session_id);
    actor_copy_clear(&op->actor);
    outreach_session_clear(&op->list.session);
    g_ptr_array_unref(op->list.entries);
    g_free(op);
}

static bool read_entry(ListOp *op, DbQuery *row, GError **error)
{
    OutreachEntry *entry = g_new0(OutreachEntry, 1);
    g_ptr_array_add(op->list.entries, entry);
    entry->id = db_column_dup(row, 0);
    entry->sequence = db_column_int(row, 1);
    entry->revision = db_column_int(row, 2);
    entry->visit_id = db_column_dup(row, 3);
    entry->number = db_column_dup(row, 4);
    entry->patient = db_column_dup(row, 6);
    entry->age = person_age(db_column_text(row, 7), db_column_text(row, 9));
    entry->sex = db_column_dup(row, 8);
    entry->n_photos = (unsigned)db_column_int(row, 10);
    entry->identity = db_column_dup(row, 11);
    entry->is_countersigned = scheduling_column_int0(row, 12) != 0;
    entry->has_nurse = scheduling_column_int0(row, 13) != 0;
    if (visit_state_parse(db_column_text(row, 5), &entry->state))
        return true;
    g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "visit %s has an unknown state",
                entry->visit_id);
    return false;
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    const Actor *actor = &op->actor.actor;
    if (!outreach_session_load(tx, op->session_id, actor, true, &op->list.session, error) ||
        !consent_newest_version(op->scheduling, tx, &op->list.consent_version, error))
        return false;
    DbQuery *rows = db_query(tx, "outreach_entries");
    db_bind_text(rows, 1, op->session_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (!read_entry(op, rows, error))
            return false;
    }
    return step == DB_DONE && scheduling_audit(op->scheduling, tx, actor, "outreach.read",
                                               "outreach", op->session_id, error);
}

static void on_list_done(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : &op->list, error, op->user_data);
}

void outreach_get(Scheduling *scheduling, const Actor *actor, const char *session_id,
                  OutreachListDone done, gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->scheduling = scheduling;
    op->session_id = g_strdup(session_id);
    op->list.entries = g_ptr_array_new_with_free_func(entry_free);
    op->done = done;
    op->user_data = user_data;
    actor_copy_init(&op->actor, actor);
    /* A write: reading is an audit row of the same transaction. */
    db_write(scheduling->db, list_job, on_list_done, op, list_op_free);
}

/* One visit's. */

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *visit_id;
    OutreachVisit visit;
    OutreachVisitDone done;
    gpointer user_data;
} VisitOp;

static void visit_op_free(gpointer data)
{
    VisitOp *op = data;
    OutreachVisit *visit = &op->visit;
    char *texts[] = {op->visit_id,       visit->village,           visit->area,    visit->reason,
                     visit->without_nik, visit->mother_nik_masked, visit->address, visit->identity};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_ptr_array_unref(visit->photos);
    actor_copy_clear(&op->actor);
    g_free(op);
}

static bool open_sealed(const SecretBox *box, DbQuery *row, OutreachVisit *visit, GError **error)
{
    const char *mother = db_column_text(row, 5);
    const char *address = db_column_text(row, 6);
    if (mother) {
        char *nik = secret_box_open(box, "outreach.mother_nik", mother, error);
        if (!nik)
            return false;
        visit->mother_nik_masked = person_nik_mask(nik);
        secret_text_free(nik);
    }
    if (address)
        visit->address = secret_box_open(box, "outreach.address", address, error);
    return !address || visit->address;
}

static bool load_photos(DbTx *tx, const char *entry_id, GPtrArray *ids, GError **error)
{
    DbQuery *rows = db_query(tx, "outreach_photos");
    db_bind_text(rows, 1, entry_id);
    return db_collect(rows, db_row_text, ids, error);
}

static bool visit_job(DbTx *tx, gpointer data, GError **error)
{
    VisitOp *op = data;
    OutreachVisit *visit = &op->visit;
    DbQuery *row = db_query(tx, "outreach_of_visit");
    db_bind_text(row, 1, op->visit_id);
    if (!scheduling_need_row(row, "outreach entry", error))
        return false;
    g_autofree char *entry_id = db_column_dup(row, 0);
    g_autofree char *session_id = db_column_dup(row, 10);
    visit->village = db_column_dup(row, 1);
    visit->area = db_column_dup(row, 2);
    visit->reason = db_column_dup(row, 3);
    visit->without_nik = db_column_dup(row, 4);
    visit->identity = db_column_dup(row, 7);
    visit->registered_at_ms = db_column_int(row, 8);
    visit->received_at_ms = db_column_int(row, 9);
    for (int i = 0; i < VITAL_COUNT; i++)
        visit->vitals[i] = (int)scheduling_column_int0(row, FIRST_VITAL + i);
    bool opened = open_sealed(op->scheduling->box, row, visit, error);
    db_reset(row);
    return opened && outreach_visit_allow(tx, op->visit_id, session_id, &op->actor.actor, error) &&
           load_photos(tx, entry_id, visit->photos, error) &&
           scheduling_audit(op->scheduling, tx, &op->actor.actor, "outreach.read", "visit",
                            op->visit_id, error);
}

static void on_visit_done(gpointer data, const GError *error)
{
    VisitOp *op = data;
    op->done(error ? NULL : &op->visit, error, op->user_data);
}

void outreach_visit_get(Scheduling *scheduling, const Actor *actor, const char *visit_id,
                        OutreachVisitDone done, gpointer user_data)
{
    VisitOp *op = g_new0(VisitOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    op->visit.photos = g_ptr_array_new_with_free_func(g_free);
    op->done = done;
    op->user_data = user_data;
    actor_copy_init(&op->actor, actor);
    db_write(scheduling->db, visit_job, on_visit_done, op, visit_op_free);
}
