// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outreach/incoming.h"

#include <string.h>

#include "scheduling/booking/person_compare.h"

static void taken_free(gpointer data)
{
    OutreachTaken *taken = data;
    fault_list_free(taken->faults);
    fault_list_free(taken->warnings);
    g_free(taken);
}

static void batch_free(gpointer data)
{
    IncomingBatch *batch = data;
    g_free(batch->session_id);
    g_free(batch->device_id);
    actor_copy_clear(&batch->actor);
    g_ptr_array_unref(batch->drafts);
    g_ptr_array_unref(batch->taken);
    g_ptr_array_unref(batch->boxes);
    fault_list_free(batch->faults);
    outreach_session_clear(&batch->session);
    g_free(batch);
}

static void refuse(Incoming *incoming, const char *field, const char *code, const char *allowed)
{
    fault_list_add(incoming->taken->faults, field, code, allowed);
}

/* What is there under this id, if anything. */
typedef struct {
    bool is_there, is_elsewhere, is_same;
    int64_t revision;
} Known;

static bool load_known(Incoming *incoming, Known *ret_known, GError **error)
{
    DbQuery *row = db_query(incoming->tx, "outreach_entry_get");
    db_bind_text(row, 1, incoming->draft->id);
    DbStep step = db_step(row, error);
    *ret_known = (Known){0};
    if (step != DB_ROW)
        return step == DB_DONE;
    *ret_known = (Known){
        .is_there = true,
        .is_elsewhere = !g_str_equal(db_column_text(row, 0), incoming->batch->session_id) ||
                        !g_str_equal(db_column_text(row, 1), incoming->batch->device_id),
        .is_same = secret_equal_text(db_column_text(row, 3), incoming->hash),
        .revision = db_column_int(row, 2),
    };
    scheduling_copy_column(row, 4, incoming->taken->visit_id, sizeof incoming->taken->visit_id);
    db_reset(row);
    return true;
}

static bool count(DbTx *tx, const char *session_id, int64_t *ret_n, GError **error)
{
    DbQuery *row = db_query(tx, "outreach_entry_count");
    db_bind_text(row, 1, session_id);
    if (!scheduling_need_row(row, "count", error))
        return false;
    *ret_n = db_column_int(row, 0);
    db_reset(row);
    return true;
}

/* True with a fault when there is no place for a new one. */
static bool check_place(Incoming *incoming, GError **error)
{
    int64_t n = 0;
    DbQuery *row = db_query(incoming->tx, "outreach_sequence_taken");
    db_bind_text(row, 1, incoming->batch->session_id);
    db_bind_text(row, 2, incoming->batch->device_id);
    db_bind_int(row, 3, incoming->draft->sequence);
    DbStep step = db_step(row, error);
    if (step == DB_ROW) {
        db_reset(row);
        refuse(incoming, "sequence", "taken", NULL);
    }
    if (step == DB_FAILED || !count(incoming->tx, incoming->batch->session_id, &n, error))
        return false;
    if (n >= OUTREACH_MAX_ENTRIES)
        refuse(incoming, "id", "too_many", "0..300");
    return true;
}

/* True with a fault when this session has taken down the same NIK already and that visit is not
 * over: two tablets, or one tablet twice. It names the number; nothing is lost, as the entry stays
 * where it is to be mended or thrown away, and of one that IS_THERE the change. */
static bool check_twin(Incoming *incoming, bool is_there, GError **error)
{
    const BookingFields *person = &incoming->fields.person;
    if (!person->has_nik)
        return true;
    g_autofree char *index =
        secret_box_index(incoming->batch->scheduling->box, "patient.nik", person->nik.digits);
    DbQuery *row = db_query(incoming->tx, "outreach_twin");
    db_bind_text(row, 1, incoming->batch->session_id);
    db_bind_text(row, 2, incoming->draft->id);
    db_bind_text(row, 3, index);
    DbStep step = db_step(row, error);
    if (step == DB_ROW) {
        refuse(incoming, "nik", is_there ? "already_here_too" : "already_here",
               db_column_text(row, 0));
        db_reset(row);
    }
    return step != DB_FAILED;
}

static void finish(Incoming *incoming, int64_t revision)
{
    incoming->taken->is_taken = fault_list_length(incoming->taken->faults) == 0;
    incoming->taken->revision = revision;
}

/* Puts the checked draft where it belongs. */
static bool place(Incoming *incoming, GError **error)
{
    Known known;
    int64_t revision = incoming->draft->revision;
    if (!load_known(incoming, &known, error))
        return false;
    if (known.is_there && known.is_elsewhere) {
        incoming->taken->visit_id[0] = '\0';
        refuse(incoming, "id", "taken", NULL);
    } else if (known.is_there && known.revision == revision && !known.is_same) {
        refuse(incoming, "revision", "sent_otherwise", NULL);
    } else if (known.is_there && known.revision >= revision) {
        revision = known.revision; /* the answer was lost, or a newer one came first */
    } else {
        if (!incoming_check_consent(incoming, error) ||
            !check_twin(incoming, known.is_there, error) ||
            (!known.is_there && !check_place(incoming, error)))
            return false;
        if (fault_list_length(incoming->taken->faults) == 0 &&
            !(known.is_there ? incoming_revise(incoming, error) : incoming_create(incoming, error)))
            return false;
    }
    finish(incoming, revision);
    return true;
}

static bool name_visit(const Incoming *incoming, GError **error)
{
    DbQuery *row = db_query(incoming->tx, "queue_number");
    db_bind_text(row, 1, incoming->taken->visit_id);
    if (!scheduling_need_row(row, "visit", error))
        return false;
    scheduling_copy_column(row, 0, incoming->taken->number, sizeof incoming->taken->number);
    db_reset(row);
    return true;
}

static bool compare_nik(const Incoming *incoming, GError **error)
{
    const BookingFields *person = &incoming->fields.person;
    const PersonStated stated = {incoming->draft->birth_date, incoming->draft->sex[0]};
    return !person->has_nik ||
           person_nik_compare(incoming->batch->scheduling, incoming->tx, &person->nik, &stated,
                              incoming->taken->warnings, error);
}

static bool take_one(IncomingBatch *batch, DbTx *tx, OutreachDraft *draft, OutreachTaken *taken,
                     GError **error)
{
    g_auto(Incoming) incoming = {.batch = batch, .tx = tx, .draft = draft, .taken = taken};
    g_strlcpy(taken->id, draft->id ? draft->id : "", sizeof taken->id);
    bool is_fine = outreach_check(draft, batch->session.clinic_id, batch->today, &incoming.fields,
                                  taken->faults, taken->warnings);
    if (!is_fine)
        return incoming_check_consent(&incoming, error); /* all that is wrong is said at once */
    incoming.hash = outreach_draft_hash(batch->scheduling->box, draft);
    return compare_nik(&incoming, error) && place(&incoming, error) &&
           (!taken->is_taken || name_visit(&incoming, error));
}

/* On its day and some days after it. */
static bool check_batch(IncomingBatch *batch, GError **error)
{
    char last[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(batch->scheduling->clock), batch->scheduling->zone,
                     batch->today);
    if (!outreach_uuid_is_valid(batch->device_id))
        fault_list_add(batch->faults, "device", "not_an_id", "UUID");
    if (strcmp(batch->today, batch->session.local_date) < 0)
        fault_list_add(batch->faults, "outreach", "too_early", NULL);
    else if (!clock_date_add(batch->session.local_date, OUTREACH_LATE_DAYS, last) ||
             strcmp(batch->today, last) > 0)
        fault_list_add(batch->faults, "outreach", "too_late", NULL);
    if (fault_list_length(batch->faults) == 0)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "this session takes nothing now");
    return false;
}

static gint compare_sequence(gconstpointer a, gconstpointer b)
{
    const OutreachDraft *const *left = a;
    const OutreachDraft *const *right = b;
    return (*left)->sequence < (*right)->sequence ? -1 : (*left)->sequence > (*right)->sequence;
}

static bool take_job(DbTx *tx, gpointer data, GError **error)
{
    IncomingBatch *batch = data;
    if (!outreach_session_load(tx, batch->session_id, &batch->actor.actor, true, &batch->session,
                               error) ||
        !check_batch(batch, error))
        return false;
    /* Numbers are given out in the order of the tablet. */
    g_ptr_array_sort(batch->drafts, compare_sequence);
    for (unsigned i = 0; i < batch->drafts->len; i++) {
        OutreachTaken *taken = g_new0(OutreachTaken, 1);
        taken->faults = fault_list_new();
        taken->warnings = fault_list_new();
        g_ptr_array_add(batch->taken, taken);
        if (!take_one(batch, tx, batch->drafts->pdata[i], taken, error))
            return false;
    }
    return scheduling_audit(batch->scheduling, tx, &batch->actor.actor, "outreach.sync", "outreach",
                            batch->session_id, error);
}

static void on_take_done(gpointer data, const GError *error)
{
    IncomingBatch *batch = data;
    for (unsigned i = 0; !error && i < batch->boxes->len; i++) {
        ChangeBox *box = batch->boxes->pdata[i];
        box->change.post_id = NULL; /* the post is told once of all of them */
        scheduling_notify(batch->scheduling, box);
    }
    if (!error && batch->boxes->len > 0)
        outreach_tell(batch->scheduling, batch->session_id);
    batch->done(error ? NULL : batch->taken, batch->faults, error, batch->user_data);
}

void outreach_take(Scheduling *scheduling, const Actor *actor, const char *session_id,
                   const char *device_id, GPtrArray *drafts, OutreachTakenDone done,
                   gpointer user_data)
{
    IncomingBatch *batch = g_new0(IncomingBatch, 1);
    batch->scheduling = scheduling;
    batch->session_id = g_strdup(session_id);
    batch->device_id = g_strdup(device_id);
    batch->drafts = drafts;
    batch->taken = g_ptr_array_new_with_free_func(taken_free);
    batch->boxes = g_ptr_array_new_with_free_func(g_free);
    batch->faults = fault_list_new();
    batch->done = done;
    batch->user_data = user_data;
    actor_copy_init(&batch->actor, actor);
    g_assert(drafts->len <= OUTREACH_BATCH_ENTRIES);
    db_write(scheduling->db, take_job, on_take_done, batch, batch_free);
}
