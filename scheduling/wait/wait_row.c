// SPDX-License-Identifier: Apache-2.0
#include "scheduling/wait/wait_row.h"

#include <string.h>

#include "server/base/ids.h"

void wait_row_clear(WaitRow *row)
{
    char *texts[] = {row->id,
                     row->clinic_id,
                     row->facility_id,
                     row->practitioner_id,
                     row->service_id,
                     row->name,
                     row->birth_date,
                     row->sex,
                     row->nik_sealed,
                     row->nik_index,
                     row->phone_sealed,
                     row->phone_index,
                     row->lang,
                     row->visit_id,
                     row->urgent_reason,
                     row->clinic,
                     row->facility,
                     row->doctor,
                     row->facility_phone,
                     row->service,
                     row->contact_name,
                     row->contact_relation,
                     row->mother_nik_sealed,
                     row->reason};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    *row = (WaitRow){0};
}

static void read_texts(DbQuery *query, WaitRow *row)
{
    char **const texts[] = {&row->clinic_id, &row->facility_id, &row->practitioner_id,
                            &row->service_id};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        *texts[i] = db_column_dup(query, i);
    char **const person[] = {&row->name,        &row->birth_date, &row->sex,
                             &row->nik_sealed,  &row->nik_index,  &row->phone_sealed,
                             &row->phone_index, &row->lang};
    for (int i = 0; i < (int)G_N_ELEMENTS(person); i++)
        *person[i] = db_column_dup(query, 6 + i);
    row->urgent_reason = db_column_dup(query, 17);
    row->visit_id = db_column_dup(query, 20);
    row->clinic = db_column_dup(query, 22);
    row->facility = db_column_dup(query, 24);
    row->facility_phone = db_column_dup(query, 25);
    row->doctor = db_column_dup(query, 26);
    row->service = db_column_dup(query, 27);
    row->contact_name = db_column_dup(query, 28);
    row->contact_relation = db_column_dup(query, 29);
    row->mother_nik_sealed = db_column_dup(query, 30);
    row->reason = db_column_dup(query, 31);
}

bool wait_row_load(DbTx *tx, const char *entry_id, WaitRow *ret_row, GError **error)
{
    DbQuery *query = db_query(tx, "wait_row");
    db_bind_text(query, 1, entry_id);
    if (!scheduling_need_row(query, "entry of the wait list", error))
        return false;
    WaitRow row = {
        .id = g_strdup(entry_id),
        .consent_version = scheduling_column_int0(query, 14),
        .consent_read_aloud = g_strcmp0(db_column_text(query, 15), "read_aloud") == 0,
        .is_urgent = db_column_int(query, 16) != 0,
        .n_unanswered = (unsigned)db_column_int(query, 19),
        .requested_at_ms = db_column_int(query, 21),
    };
    read_texts(query, &row);
    scheduling_copy_column(query, 4, row.from_date, sizeof row.from_date);
    scheduling_copy_column(query, 5, row.until_date, sizeof row.until_date);
    bool known = wait_state_parse(db_column_text(query, 18), &row.state) &&
                 wait_mode_parse(db_column_text(query, 23), &row.mode);
    db_reset(query);
    if (!known) {
        wait_row_clear(&row);
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
                    "wait list entry %s is of no known state", entry_id);
        return false;
    }
    *ret_row = row;
    return true;
}

bool wait_row_by_token(Scheduling *scheduling, DbTx *tx, const char *token, WaitRow *ret_row,
                       GError **error)
{
    g_autofree char *id = NULL;
    if (token && id_token_is_valid(token)) {
        g_autofree char *hash = secret_box_index(scheduling->box, "wait.token", token);
        DbQuery *query = db_query(tx, "wait_token_get");
        db_bind_text(query, 1, hash);
        DbStep step = db_step(query, error);
        if (step == DB_FAILED)
            return false;
        if (step == DB_ROW)
            id = db_column_dup(query, 0);
        db_reset(query);
    }
    if (id)
        return wait_row_load(tx, id, ret_row, error);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_LINK_INVALID,
                        "no link of the wait list");
    return false;
}

char *wait_row_token(Scheduling *scheduling, DbTx *tx, const char *entry_id, GError **error)
{
    char *token = id_token_new();
    g_autofree char *hash = secret_box_index(scheduling->box, "wait.token", token);
    DbQuery *query = db_query(tx, "wait_token_insert");
    db_bind_text(query, 1, hash);
    db_bind_text(query, 2, entry_id);
    db_bind_int(query, 3, clock_wall_ms(scheduling->clock));
    if (db_exec(query, error))
        return token;
    secret_text_free(token);
    return NULL;
}

void wait_offer_clear(WaitOffer *offer)
{
    char *texts[] = {offer->id,        offer->entry_id,   offer->practitioner_id, offer->doctor,
                     offer->clinic_id, offer->service_id, offer->hold_hash};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    *offer = (WaitOffer){0};
}

bool wait_offer_load(DbTx *tx, const char *entry_id, WaitOffer *ret_offer, bool *ret_found,
                     GError **error)
{
    DbQuery *query = db_query(tx, "wait_offer_of_entry");
    db_bind_text(query, 1, entry_id);
    DbStep step = db_step(query, error);
    if (step == DB_FAILED)
        return false;
    *ret_found = step == DB_ROW;
    if (step == DB_DONE)
        return true;
    *ret_offer = (WaitOffer){
        .id = db_column_dup(query, 0),
        .practitioner_id = db_column_dup(query, 1),
        .starts_at_ms = db_column_int(query, 2),
        .turn_at_ms = db_column_int(query, 3),
        .hold_hash = db_column_dup(query, 4),
        .expires_at_ms = db_column_int(query, 5),
        .doctor = db_column_dup(query, 6),
        .clinic_id = db_column_dup(query, 7),
        .service_id = db_column_dup(query, 8),
        .entry_id = db_column_dup(query, 9),
    };
    db_reset(query);
    return true;
}

bool wait_offer_close(Scheduling *scheduling, DbTx *tx, const WaitOffer *offer, const char *state,
                      GError **error)
{
    if (offer->hold_hash) {
        DbQuery *hold = db_query(tx, "hold_delete");
        db_bind_text(hold, 1, offer->hold_hash);
        if (!db_exec(hold, error))
            return false;
    }
    DbQuery *query = db_query(tx, "wait_offer_end");
    db_bind_text(query, 1, offer->id);
    db_bind_text(query, 2, state);
    db_bind_int(query, 3, clock_wall_ms(scheduling->clock));
    return db_exec(query, error);
}

static bool withdraw_open(Scheduling *scheduling, DbTx *tx, const char *entry_id, GError **error)
{
    g_auto(WaitOffer) offer = {0};
    bool found = false;
    if (!wait_offer_load(tx, entry_id, &offer, &found, error))
        return false;
    return !found || wait_offer_close(scheduling, tx, &offer, "withdrawn", error);
}

bool wait_row_end(Scheduling *scheduling, DbTx *tx, const WaitRow *row, WaitState state,
                  const Actor *actor, bool is_told, GError **error)
{
    g_autofree char *action = g_strconcat("wait.", wait_state_name(state), NULL);
    DbQuery *query = db_query(tx, "wait_end");
    db_bind_text(query, 1, row->id);
    db_bind_text(query, 2, wait_state_name(state));
    db_bind_text(query, 3, NULL);
    db_bind_int(query, 4, clock_wall_ms(scheduling->clock));
    return withdraw_open(scheduling, tx, row->id, error) && db_exec(query, error) &&
           (!is_told ||
            wait_row_tell(scheduling, tx, row->id, NULL, NOTIFICATION_WAIT_ENDED, error)) &&
           wait_row_audit(scheduling, tx, actor, action, row->id, NULL, error);
}

bool wait_row_tell(Scheduling *scheduling, DbTx *tx, const char *entry_id, const char *offer_id,
                   NotificationKind kind, GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    g_autofree char *id = id_new(now_ms);
    DbQuery *query = db_query(tx, "wait_notice_add");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, entry_id);
    db_bind_text(query, 3, offer_id);
    db_bind_text(query, 4, notification_kind_name(kind));
    db_bind_int(query, 5, now_ms);
    return db_exec(query, error);
}

bool wait_row_audit(Scheduling *scheduling, DbTx *tx, const Actor *actor, const char *action,
                    const char *entry_id, const char *reason, GError **error)
{
    AuditEntry entry = {
        .at_ms = clock_wall_ms(scheduling->clock),
        .actor_kind = actor->user_id                 ? "user"
                      : actor->role == ACTOR_PATIENT ? "token"
                                                     : "system",
        .actor_id = actor->user_id,
        .actor_role = actor_role_name(actor->role),
        .action = action,
        .object_kind = "wait_entry",
        .object_id = entry_id,
        .address = actor->address,
        .result = "ok",
        .reason = reason,
    };
    return audit_append(tx, &entry, error);
}
