// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/directory_edit.h"

#include "scheduling/clinic/directory_access.h"
#include "scheduling/clinic/directory_change.h"
#include "scheduling/clinic/directory_service.h"
#include "scheduling/clinic/hours_kept.h"
#include "scheduling/scheduling_private.h"
#include "server/base/ids.h"
#include "server/base/revision.h"

#include <string.h>

void directory_edited_init(DirectoryEdited *edited)
{
    *edited = (DirectoryEdited){.faults = fault_list_new(), .hits = hours_hits_new()};
}

void directory_edited_clear(DirectoryEdited *edited)
{
    g_free(edited->id);
    fault_list_free(edited->faults);
    g_ptr_array_unref(edited->hits);
}

static bool refuse_fields(GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "the row is not possible");
    return false;
}

bool directory_put_fault(DirectoryPut *put, const char *field, const char *code, GError **error)
{
    fault_list_add(put->edited->faults, field, code, NULL);
    return refuse_fields(error);
}

/* True or false as there is a row; *RET_FAILED when the engine failed. */
static bool has_row(DbQuery *query, bool *ret_failed, GError **error)
{
    DbStep step = db_step(query, error);
    db_reset(query);
    *ret_failed = step == DB_FAILED;
    return step == DB_ROW;
}

/* Facilities: an administrator's alone. */

static bool check_facility(DirectoryPut *put, GError **error)
{
    const DirectoryDraft *draft = put->draft;
    bool failed = false;
    if (put->facility_id) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                            "facilities are kept by administrators");
        return false;
    }
    if (draft->id) {
        DbQuery *row = db_query(put->tx, "facility_get");
        db_bind_text(row, 1, draft->id);
        if (!scheduling_need_row(row, "facility", error))
            return false;
        db_reset(row);
    }
    DbQuery *area = db_query(put->tx, "setup_area_is_district");
    db_bind_text(area, 1, draft->area_code);
    bool is_district = has_row(area, &failed, error);
    if (failed)
        return false;
    if (!is_district)
        return directory_put_fault(put, "area_code", "not_found", error);
    DbQuery *name = db_query(put->tx, "facility_name_taken");
    db_bind_text(name, 1, draft->name);
    db_bind_text(name, 2, draft->id);
    bool is_taken = has_row(name, &failed, error);
    if (failed)
        return false;
    return !is_taken || directory_put_fault(put, "name", "taken", error);
}

static bool write_facility(DirectoryPut *put, GError **error)
{
    const DirectoryDraft *draft = put->draft;
    int64_t now_ms = clock_wall_ms(put->scheduling->clock);
    put->edited->id = draft->id ? g_strdup(draft->id) : id_new(now_ms);
    DbQuery *query = db_query(put->tx, draft->id ? "facility_update" : "facility_insert");
    const char *texts[] = {put->edited->id,  draft->name,    draft->facility_kind,
                           draft->area_code, draft->address, draft->phone};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        db_bind_text(query, i + 1, texts[i]);
    db_bind_int(query, 7, draft->is_active);
    if (!draft->id)
        db_bind_int(query, 8, now_ms);
    return db_exec(query, error);
}

/* Clinics. */

/* The facility of the clinic: of the row that is changed, or that a new one is for. */
static bool find_facility(DirectoryPut *put, char **ret_facility_id, GError **error)
{
    const DirectoryDraft *draft = put->draft;
    if (draft->id) {
        DbQuery *row = db_query(put->tx, "clinic_get");
        db_bind_text(row, 1, draft->id);
        if (!scheduling_need_row(row, "clinic", error))
            return false;
        *ret_facility_id = db_column_dup(row, 0);
        db_reset(row);
    } else {
        bool failed = false;
        DbQuery *row = db_query(put->tx, "facility_get");
        db_bind_text(row, 1, draft->facility_id);
        bool is_there = has_row(row, &failed, error);
        if (failed)
            return false;
        if (!is_there)
            return directory_put_fault(put, "facility", "not_found", error);
        *ret_facility_id = g_strdup(draft->facility_id);
    }
    if (put->facility_id && strcmp(put->facility_id, *ret_facility_id) != 0) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND, "no such clinic");
        return false;
    }
    return true;
}

/* The letter that is asked for; else that of the clinic as it is, or 0 for a new one. */
static char wanted_letter(DirectoryPut *put)
{
    const DirectoryDraft *draft = put->draft;
    if (draft->letter && *draft->letter)
        return *draft->letter;
    if (!draft->id)
        return 0;
    DbQuery *row = db_query(put->tx, "clinic_get");
    db_bind_text(row, 1, draft->id);
    char letter = db_step(row, NULL) == DB_ROW ? db_column_text(row, 2)[0] : 0;
    db_reset(row);
    return letter;
}

/* Names and letters are unique in a facility; a new clinic without one gets the first free letter.
 */
static bool choose_letter(DirectoryPut *put, const char *facility_id, char ret_letter[2],
                          GError **error)
{
    const DirectoryDraft *draft = put->draft;
    char wanted = wanted_letter(put);
    bool is_used['Z' + 1] = {false};
    DbQuery *rows = db_query(put->tx, "clinic_names");
    db_bind_text(rows, 1, facility_id);
    db_bind_text(rows, 2, draft->id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        char letter = db_column_text(rows, 1)[0];
        if (strcmp(db_column_text(rows, 0), draft->name) == 0)
            return directory_put_fault(put, "name", "taken", error);
        if (g_ascii_isupper(letter))
            is_used[(unsigned char)letter] = true;
    }
    if (step == DB_FAILED)
        return false;
    bool is_given = wanted != 0;
    char letter = is_given ? wanted : 'A';
    while (!is_given && letter <= 'Z' && is_used[(unsigned char)letter])
        letter++;
    if (letter > 'Z') {
        fault_list_add(put->edited->faults, "letter", "letters_all_taken", "A..Z");
        return refuse_fields(error);
    }
    if (is_used[(unsigned char)letter])
        return directory_put_fault(put, "letter", "taken", error);
    ret_letter[0] = letter;
    ret_letter[1] = '\0';
    return true;
}

static bool write_clinic(DirectoryPut *put, GError **error)
{
    const DirectoryDraft *draft = put->draft;
    int64_t now_ms = clock_wall_ms(put->scheduling->clock);
    g_autofree char *facility_id = NULL;
    char letter[2];
    if (!find_facility(put, &facility_id, error) || !choose_letter(put, facility_id, letter, error))
        return false;
    put->edited->id = draft->id ? g_strdup(draft->id) : id_new(now_ms);
    if (draft->id) {
        DbQuery *query = db_query(put->tx, "clinic_update");
        db_bind_text(query, 1, draft->id);
        db_bind_text(query, 2, draft->name);
        db_bind_text(query, 3, letter);
        db_bind_int(query, 4, draft->is_active);
        db_bind_text(query, 5, draft->wait_mode);
        return db_exec(query, error);
    }
    DbQuery *query = db_query(put->tx, "clinic_insert");
    db_bind_text(query, 1, put->edited->id);
    db_bind_text(query, 2, facility_id);
    db_bind_text(query, 3, draft->name);
    db_bind_text(query, 4, letter);
    db_bind_int(query, 5, draft->is_active);
    db_bind_int(query, 6, now_ms);
    db_bind_text(query, 7, draft->wait_mode);
    return db_exec(query, error);
}

/* All kinds. */

static bool put_row(DirectoryPut *put, GError **error)
{
    switch (put->draft->kind) {
    case DIRECTORY_FACILITY:
        return check_facility(put, error) && write_facility(put, error);
    case DIRECTORY_CLINIC:
        return write_clinic(put, error);
    case DIRECTORY_PRACTITIONER:
        return directory_practitioner_check(put, error) && directory_practitioner_write(put, error);
    case DIRECTORY_SERVICE:
        return directory_service_put(put, error);
    }
    g_assert_not_reached();
}

/* Whose bookings a change may leave without hours; false: a new row and a service have none. */
static bool scope_of(DirectoryPut *put, HoursHitScope *ret_scope, char **ret_facility_id)
{
    const DirectoryDraft *draft = put->draft;
    if (!draft->id)
        return false;
    switch (draft->kind) {
    case DIRECTORY_FACILITY:
        *ret_scope = (HoursHitScope){.facility_id = draft->id};
        return true;
    case DIRECTORY_CLINIC:
        *ret_scope = (HoursHitScope){.facility_id = NULL, .clinic_id = draft->id};
        return find_facility(put, ret_facility_id, NULL);
    case DIRECTORY_PRACTITIONER:
        *ret_scope = (HoursHitScope){.practitioner_id = draft->id};
        return true;
    case DIRECTORY_SERVICE:
        return false;
    }
    g_assert_not_reached();
}

/* What the row has become is read again: a draft may leave some of it as it was. */
static bool audit(const DirectoryPut *put, const DirectoryDraft *before, GError **error)
{
    const DirectoryDraft *draft = put->draft;
    const char *kind = directory_kind_name(draft->kind);
    const char *what = !draft->id ? "add" : draft->is_active ? "change" : "archive";
    g_autofree char *action = g_strjoin(".", kind, what, NULL);
    g_autoptr(DirectoryDraft) after = directory_change_load(put, put->edited->id, error);
    if (!after)
        return false;
    g_autofree char *reason = directory_change_text(before, after);
    const AuditedChange change = {action, kind, put->edited->id, *reason ? reason : NULL};
    return scheduling_audit_change(put->scheduling, put->tx, put->actor, &change, error);
}

static bool check_revision(const DirectoryDraft *draft, const DirectoryDraft *before,
                           GError **error)
{
    if (revision_holds(draft->revision, directory_draft_revision(before)))
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_CHANGED,
                        "the row was changed meanwhile");
    return false;
}

bool directory_apply(Scheduling *scheduling, DbTx *tx, const Actor *actor,
                     const DirectoryDraft *draft, HoursKeep keep, DirectoryEdited *edited,
                     GError **error)
{
    DirectoryPut put = {scheduling, tx, actor, NULL, draft, edited};
    if (!directory_access(actor, &put.facility_id, error))
        return false;
    directory_draft_check(draft, edited->faults);
    if (fault_list_length(edited->faults) > 0)
        return refuse_fields(error);
    g_autoptr(DirectoryDraft) before =
        draft->id ? directory_change_load(&put, draft->id, error) : NULL;
    if (draft->id && (!before || !check_revision(draft, before, error)))
        return false;
    HoursHitScope scope = {0};
    g_autofree char *facility_id = NULL;
    g_autoptr(HoursWatch) watch = NULL;
    if (scope_of(&put, &scope, &facility_id)) {
        if (facility_id)
            scope.facility_id = facility_id;
        watch = hours_watch_new(scheduling, tx, &scope, error);
        if (!watch)
            return false;
    }
    return put_row(&put, error) &&
           (!watch || hours_watch_compare(watch, scheduling, tx, edited->hits, error)) &&
           hours_kept_settle(scheduling, tx, actor, watch, edited->hits, keep, error) &&
           audit(&put, before, error);
}

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    DirectoryDraft *draft;
    HoursKeep keep;
    DirectoryEdited edited;
    DirectoryEditDone done;
    gpointer user_data;
} EditOp;

static void edit_op_free(gpointer data)
{
    EditOp *op = data;
    actor_copy_clear(&op->actor);
    directory_draft_free(op->draft);
    directory_edited_clear(&op->edited);
    g_free(op);
}

static bool edit_job(DbTx *tx, gpointer data, GError **error)
{
    EditOp *op = data;
    return directory_apply(op->scheduling, tx, &op->actor.actor, op->draft, op->keep, &op->edited,
                           error);
}

/* Nobody is booked with what is new. */
static void tell(const EditOp *op)
{
    const DirectoryDraft *draft = op->draft;
    HoursNews news = {0};
    switch (draft->kind) {
    case DIRECTORY_FACILITY:
        news.facility_id = draft->id;
        break;
    case DIRECTORY_CLINIC:
        news.clinic_id = draft->id;
        break;
    case DIRECTORY_PRACTITIONER:
        news.practitioner_id = draft->id;
        break;
    case DIRECTORY_SERVICE:
        scheduling_tell_free(op->scheduling);
        return;
    }
    if (draft->id)
        hours_news_tell(op->scheduling, &news);
    else
        scheduling_tell_free(op->scheduling);
}

static void on_edit_done(gpointer data, const GError *error)
{
    EditOp *op = data;
    if (!error)
        tell(op);
    op->done(&op->edited, error, op->user_data);
}

void directory_edit(Scheduling *scheduling, const Actor *actor, DirectoryDraft *draft,
                    HoursKeep keep, DirectoryEditDone done, gpointer user_data)
{
    EditOp *op = g_new0(EditOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->draft = draft;
    op->keep = keep;
    directory_edited_init(&op->edited);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, edit_job, on_edit_done, op, edit_op_free);
}
