// SPDX-License-Identifier: Apache-2.0
#include "scheduling/letter/letter.h"

#include "scheduling/letter/letter_row.h"
#include "scheduling/outbox/notification.h"

typedef struct {
    Scheduling *scheduling;
    char *id; /* of a letter, or its code */
    ActorCopy actor;
    char *reason, *sha256;
    int64_t n_bytes;
    LetterRevokeKind revoke_kind;
    VisitRow visit;
    Letter *letter;
    LetterDone done;
    SchedulingDone made;
    gpointer user_data;
} LetterOp;

static void letter_op_free(gpointer data)
{
    LetterOp *op = data;
    g_free(op->id);
    actor_copy_clear(&op->actor);
    g_free(op->reason);
    g_free(op->sha256);
    letter_free(op->letter);
    g_free(op);
}

static LetterOp *letter_op_new(Scheduling *scheduling, const char *id, const Actor *actor,
                               LetterDone done, gpointer user_data)
{
    LetterOp *op = g_new0(LetterOp, 1);
    op->scheduling = scheduling;
    op->id = g_strdup(id);
    actor_copy_init(&op->actor, actor);
    op->done = done;
    op->user_data = user_data;
    return op;
}

static void on_letter_done(gpointer data, const GError *error)
{
    LetterOp *op = data;
    op->done(error ? NULL : g_steal_pointer(&op->letter), NULL, error, op->user_data);
}

enum { READERS = (1U << ACTOR_DOCTOR) | (1U << ACTOR_PATIENT), WRITERS = 1U << ACTOR_DOCTOR };

/* Loads the letter and holds the actor against its visit. */
static bool load_for(LetterOp *op, DbTx *tx, unsigned roles, GError **error)
{
    op->letter = letter_row_load(op->scheduling, tx, op->id, true, error);
    return op->letter && visit_row_load(tx, op->letter->visit_id, &op->visit, error) &&
           visit_row_check_actor(tx, &op->visit, &op->actor.actor, roles, error);
}

/* What is revoked is not handed to who would use it. */
static bool check_revoked(const LetterOp *op, GError **error)
{
    if (op->actor.actor.role != ACTOR_PATIENT || op->letter->revoked_at_ms == 0)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_LETTER_REVOKED,
                        "the letter is revoked");
    return false;
}

static bool get_job(DbTx *tx, gpointer data, GError **error)
{
    LetterOp *op = data;
    return load_for(op, tx, READERS, error) && check_revoked(op, error) &&
           scheduling_audit(op->scheduling, tx, &op->actor.actor, "letter.read", "letter", op->id,
                            error);
}

void letter_get(Scheduling *scheduling, const char *letter_id, const Actor *actor, LetterDone done,
                gpointer user_data)
{
    db_write(scheduling->db, get_job, on_letter_done,
             letter_op_new(scheduling, letter_id, actor, done, user_data), letter_op_free);
}

static bool revoke_job(DbTx *tx, gpointer data, GError **error)
{
    LetterOp *op = data;
    if (!load_for(op, tx, WRITERS, error))
        return false;
    if (op->letter->revoked_at_ms > 0)
        return true;
    op->letter->revoked_at_ms = clock_wall_ms(op->scheduling->clock);
    op->letter->revoke_reason = g_strdup(op->reason);
    op->letter->revoke_kind = op->revoke_kind;
    DbQuery *query = db_query(tx, "letter_revoke");
    db_bind_text(query, 1, op->id);
    db_bind_int(query, 2, op->letter->revoked_at_ms);
    db_bind_text(query, 3, op->reason);
    db_bind_text(query, 4, letter_revoke_kind_name(op->revoke_kind));
    /* Without its file nobody could open it. */
    bool was_open = op->letter->sha256 != NULL;
    return db_exec(query, error) &&
           (!was_open || notification_on_letter_revoked(op->scheduling, tx, &op->visit, error)) &&
           scheduling_audit(op->scheduling, tx, &op->actor.actor, "letter.revoke", "letter", op->id,
                            error);
}

void letter_revoke(Scheduling *scheduling, const char *letter_id, const Actor *actor,
                   const LetterRevocation *revocation, LetterDone done, gpointer user_data)
{
    LetterOp *op = letter_op_new(scheduling, letter_id, actor, done, user_data);
    op->reason = g_strdup(revocation->reason);
    op->revoke_kind = revocation->kind;
    db_write(scheduling->db, revoke_job, on_letter_done, op, letter_op_free);
}

static bool check_job(DbTx *tx, gpointer data, GError **error)
{
    LetterOp *op = data;
    DbQuery *row = db_query(tx, "letter_by_code");
    db_bind_text(row, 1, op->id);
    if (!scheduling_need_row(row, "letter", error))
        return false;
    g_autofree char *id = db_column_dup(row, 0);
    db_reset(row);
    op->letter = letter_row_load(op->scheduling, tx, id, false, error);
    if (!op->letter)
        return false;
    if (!op->letter->sha256) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND,
                            "the letter is not made yet");
        return false;
    }
    return scheduling_audit(op->scheduling, tx, &op->actor.actor, "letter.check", "letter", id,
                            error);
}

void letter_check_code(Scheduling *scheduling, const char *code, const char *address,
                       LetterDone done, gpointer user_data)
{
    const Actor anybody = {.role = ACTOR_SYSTEM, .address = address};
    db_write(scheduling->db, check_job, on_letter_done,
             letter_op_new(scheduling, code, &anybody, done, user_data), letter_op_free);
}

static bool made_job(DbTx *tx, gpointer data, GError **error)
{
    LetterOp *op = data;
    op->letter = letter_row_load(op->scheduling, tx, op->id, false, error);
    if (!op->letter)
        return false;
    if (op->letter->sha256)
        return true;
    g_autofree char *seal = letter_row_seal(op->scheduling, op->letter, op->sha256);
    DbQuery *query = db_query(tx, "letter_made");
    db_bind_text(query, 1, op->id);
    db_bind_text(query, 2, op->sha256);
    db_bind_int(query, 3, op->n_bytes);
    db_bind_text(query, 4, seal);
    return db_exec(query, error) && scheduling_audit(op->scheduling, tx, &op->actor.actor,
                                                     "letter.made", "letter", op->id, error);
}

static void on_made_done(gpointer data, const GError *error)
{
    LetterOp *op = data;
    op->made(error, op->user_data);
}

void letter_made(Scheduling *scheduling, const LetterFile *file, SchedulingDone done,
                 gpointer user_data)
{
    const Actor system = {.role = ACTOR_SYSTEM};
    LetterOp *op = letter_op_new(scheduling, file->id, &system, NULL, user_data);
    op->sha256 = g_strdup(file->sha256);
    op->n_bytes = file->n_bytes;
    op->made = done;
    db_write(scheduling->db, made_job, on_made_done, op, letter_op_free);
}

/* Lists. */

enum { UNMADE_AT_ONCE = 32 };

typedef struct {
    Scheduling *scheduling;
    char *visit_id; /* NULL: the unmade ones */
    ActorCopy actor;
    GPtrArray *letters;
    LetterPermit permit;
    LetterTerms terms;
    LetterListDone done;
    gpointer user_data;
} ListOp;

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    g_ptr_array_unref(op->letters);
    letter_permit_clear(&op->permit);
    g_free(op);
}

static bool load_letters(ListOp *op, DbTx *tx, DbQuery *rows, GError **error)
{
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        Letter *letter = letter_row_load(op->scheduling, tx, db_column_text(rows, 0),
                                         op->visit_id == NULL, error);
        if (!letter)
            return false;
        g_ptr_array_add(op->letters, letter);
    }
    return step == DB_DONE;
}

/* For the doctor alone: what letters of the visit would be signed under. */
static bool load_permit(ListOp *op, DbTx *tx, const VisitRow *visit, GError **error)
{
    if (op->actor.actor.role != ACTOR_DOCTOR)
        return true;
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, today);
    const LetterSigner signer = {visit->practitioner_id, visit->facility_id, today};
    if (!letter_permit_load(tx, &signer, &op->permit, error))
        return false;
    op->terms.permit = &op->permit;
    return true;
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    VisitRow visit;
    if (!visit_row_load(tx, op->visit_id, &visit, error) ||
        !visit_row_check_actor(tx, &visit, &op->actor.actor, READERS, error))
        return false;
    op->terms.has_no_phone = !visit.has_phone;
    DbQuery *rows = db_query(tx, "letters_of_visit");
    db_bind_text(rows, 1, op->visit_id);
    return load_letters(op, tx, rows, error) &&
           visit_row_has_fixed_line(op->scheduling, tx, &visit, &op->terms.has_fixed_line, error) &&
           load_permit(op, tx, &visit, error) &&
           letter_sick_days(op->scheduling, tx, &visit, &op->terms.sick_days, error) &&
           scheduling_audit(op->scheduling, tx, &op->actor.actor, "letter.list", "visit",
                            op->visit_id, error);
}

static bool unmade_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    DbQuery *rows = db_query(tx, "letters_unmade");
    db_bind_int(rows, 1, UNMADE_AT_ONCE);
    return load_letters(op, tx, rows, error);
}

static void on_list_done(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : op->letters, error ? NULL : &op->terms, error, op->user_data);
}

static ListOp *list_op_new(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                           LetterListDone done, gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    op->letters = g_ptr_array_new_with_free_func((GDestroyNotify)letter_free);
    op->done = done;
    op->user_data = user_data;
    return op;
}

void letter_list(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                 LetterListDone done, gpointer user_data)
{
    db_write(scheduling->db, list_job, on_list_done,
             list_op_new(scheduling, visit_id, actor, done, user_data), list_op_free);
}

void letter_list_unmade(Scheduling *scheduling, LetterListDone done, gpointer user_data)
{
    const Actor system = {.role = ACTOR_SYSTEM};
    db_read(scheduling->db, unmade_job, on_list_done,
            list_op_new(scheduling, NULL, &system, done, user_data), list_op_free);
}
