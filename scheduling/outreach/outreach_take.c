// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outreach/outreach_row.h"

#include <string.h>

#include "scheduling/booking/person_compare.h"
#include "scheduling/booking/visit_new.h"
#include "scheduling/booking/walk_in.h"
#include "scheduling/people/pair_private.h"
#include "scheduling/record/consent.h"

/* Between two patients of one tablet that follow each other: whoever is mended and sent later still
 * fits between. */
static const int64_t step_ms = 10;

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *session_id, *device_id;
    GPtrArray *drafts, *taken;
    FaultList *faults;
    OutreachSession session;
    char today[SCHEDULING_DATE_BYTES];
    char doctor_id[SCHEDULING_ID_BYTES];
    GPtrArray *boxes; /* ChangeBox, in the order of what happened */
    OutreachTakenDone done;
    gpointer user_data;
} TakeOp;

static void taken_free(gpointer data)
{
    OutreachTaken *taken = data;
    fault_list_free(taken->faults);
    fault_list_free(taken->warnings);
    g_free(taken);
}

static void take_op_free(gpointer data)
{
    TakeOp *op = data;
    g_free(op->session_id);
    g_free(op->device_id);
    actor_copy_clear(&op->actor);
    g_ptr_array_unref(op->drafts);
    g_ptr_array_unref(op->taken);
    g_ptr_array_unref(op->boxes);
    fault_list_free(op->faults);
    outreach_session_clear(&op->session);
    g_free(op);
}

/* One draft on its way in. */
typedef struct {
    TakeOp *op;
    DbTx *tx;
    const OutreachDraft *draft;
    OutreachFields fields;
    OutreachTaken *taken;
    char *hash;
} Entry;

static void entry_clear(Entry *entry)
{
    outreach_fields_clear(&entry->fields);
    g_free(entry->hash);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Entry, entry_clear)

static void refuse(Entry *entry, const char *field, const char *code, const char *allowed)
{
    fault_list_add(entry->taken->faults, field, code, allowed);
}

static ChangeBox *add_box(TakeOp *op)
{
    ChangeBox *box = g_new0(ChangeBox, 1);
    g_ptr_array_add(op->boxes, box);
    return box;
}

/* What a statement says of the one beside it in the tablet's order. */
typedef struct {
    bool is_there;
    int64_t sequence, starts_at_ms;
} Neighbour;

static bool load_neighbour(const Entry *entry, const char *statement, Neighbour *ret_neighbour,
                           GError **error)
{
    DbQuery *row = db_query(entry->tx, statement);
    db_bind_text(row, 1, entry->op->session_id);
    db_bind_text(row, 2, entry->op->device_id);
    db_bind_int(row, 3, entry->draft->sequence);
    db_bind_text(row, 4, entry->op->today);
    DbStep step = db_step(row, error);
    *ret_neighbour = (Neighbour){0};
    if (step == DB_ROW) {
        *ret_neighbour = (Neighbour){true, db_column_int(row, 0), db_column_int(row, 1)};
        db_reset(row);
    }
    return step != DB_FAILED;
}

/* When it counts as having come: now, but between those of its tablet that came before and after.
 * Each is at least step_ms times the difference of their sequences from the next, so that the ones
 * between always have room. */
static bool find_start(const Entry *entry, int64_t *ret_ms, GError **error)
{
    Neighbour before, after;
    int64_t sequence = entry->draft->sequence;
    if (!load_neighbour(entry, "outreach_before", &before, error) ||
        !load_neighbour(entry, "outreach_after", &after, error))
        return false;
    int64_t now_ms = clock_wall_ms(entry->op->scheduling->clock);
    int64_t least_ms = before.starts_at_ms + (sequence - before.sequence) * step_ms;
    if (before.is_there)
        *ret_ms = after.is_there ? least_ms : MAX(now_ms, least_ms);
    else
        *ret_ms =
            after.is_there ? after.starts_at_ms - (after.sequence - sequence) * step_ms : now_ms;
    return true;
}

static bool write_row(const Entry *entry, const char *visit_id, GError **error)
{
    const TakeOp *op = entry->op;
    const OutreachDraft *draft = entry->draft;
    const SecretBox *box = op->scheduling->box;
    g_autofree char *mother =
        entry->fields.has_mother
            ? secret_box_seal(box, "outreach.mother_nik", entry->fields.mother.digits)
            : NULL;
    g_autofree char *address = *entry->fields.address
                                   ? secret_box_seal(box, "outreach.address", entry->fields.address)
                                   : NULL;
    DbQuery *query = db_query(entry->tx, "outreach_entry_set");
    const char *ids[] = {draft->id, op->session_id, op->device_id};
    for (int i = 0; i < (int)G_N_ELEMENTS(ids); i++)
        db_bind_text(query, i + 1, ids[i]);
    db_bind_int(query, 4, draft->sequence);
    db_bind_int(query, 5, draft->revision);
    const char *texts[] = {entry->hash,     visit_id,         draft->without_nik,
                           mother,          address,          entry->fields.reason,
                           draft->identity, op->actor.user_id};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        db_bind_text(query, 6 + i, texts[i]);
    db_bind_int(query, 14, draft->registered_at_ms);
    db_bind_int(query, 15, clock_wall_ms(op->scheduling->clock));
    for (int i = 0; i < VITAL_COUNT; i++) {
        if (draft->vitals[i] > 0)
            db_bind_int(query, 16 + i, draft->vitals[i]);
        else
            db_bind_null(query, 16 + i);
    }
    return db_exec(query, error);
}

static NewVisit new_visit(const Entry *entry)
{
    const BookingFields *person = &entry->fields.person;
    return (NewVisit){
        .mode = "slot",
        .clinic_id = entry->op->session.clinic_id,
        .name = person->name,
        .birth_date = entry->draft->birth_date,
        .phone = person->phone,
        .lang = person->lang,
        .nik = person->has_nik ? person->nik.digits : NULL,
        .sex = entry->draft->sex,
        .is_quiet = true,
        .actor = &entry->op->actor.actor,
    };
}

/* A tablet reads aloud what it last heard of: the text of the registration, or without a network
 * that of days before. Its clock may be wrong, but what is not in effect yet it cannot have. */
static int64_t text_since_ms(const Entry *entry)
{
    static const int64_t late_ms = (int64_t)OUTREACH_LATE_DAYS * 24 * 60 * 60 * 1000;
    int64_t now_ms = clock_wall_ms(entry->op->scheduling->clock);
    return MAX(1, MIN(entry->draft->registered_at_ms, now_ms) - late_ms);
}

/* As of any booking: a child agrees to nothing alone, and a tablet names nobody who is with it. */
static bool is_agreed_to(const Entry *entry)
{
    return entry->draft->consent > 0 &&
           person_age(entry->draft->birth_date, entry->op->session.local_date) >=
               CONTACT_CHILD_YEARS;
}

static bool give_consent(const Entry *entry, const char *visit_id, ConsentHow how, GError **error)
{
    const ConsentGiven given = {.version = entry->draft->consent,
                                .since_ms = text_since_ms(entry),
                                .how = how,
                                .giver = CONSENT_GIVER_PATIENT};
    return consent_write(entry->op->scheduling, entry->tx, visit_id, &given,
                         &entry->op->actor.actor, "consent", entry->taken->faults, error);
}

/* Who was taken down at the post is there: waits from the moment on that counts. */
static bool check_in(const Entry *entry, const char *visit_id, int64_t since_ms, GError **error)
{
    VisitRow row;
    const VisitStep step = {.to = VISIT_STATE_CHECKED_IN, .actor = &entry->op->actor.actor};
    if (!visit_row_load(entry->tx, visit_id, &row, error) ||
        !visit_set_state(entry->op->scheduling, entry->tx, &row, &step, add_box(entry->op), error))
        return false;
    DbQuery *query = db_query(entry->tx, "outreach_waits_since");
    db_bind_text(query, 1, visit_id);
    db_bind_int(query, 2, since_ms);
    return db_exec(query, error);
}

static bool create(Entry *entry, GError **error)
{
    TakeOp *op = entry->op;
    NewVisit visit = new_visit(entry);
    const WalkInWish wish = {op->session.clinic_id, op->actor.facility_id, NULL};
    CreatedVisit created;
    int64_t starts_at_ms;
    if (!walk_in_place(op->scheduling, entry->tx, &wish, op->doctor_id, &visit, error) ||
        !find_start(entry, &starts_at_ms, error))
        return false;
    visit.ends_at_ms += starts_at_ms - visit.starts_at_ms;
    visit.starts_at_ms = starts_at_ms;
    if (!visit_create(op->scheduling, entry->tx, &visit, &created, add_box(op), error))
        return false;
    secret_text_free(created.patient_token); /* links are made when they are wanted */
    if (is_agreed_to(entry) && !give_consent(entry, created.id, CONSENT_READ_ALOUD, error))
        return false;
    g_strlcpy(entry->taken->visit_id, created.id, sizeof entry->taken->visit_id);
    return check_in(entry, created.id, starts_at_ms, error) &&
           write_row(entry, created.id, error) &&
           scheduling_audit(op->scheduling, entry->tx, &op->actor.actor, "outreach.take", "visit",
                            created.id, error);
}

/* Somebody of whom nothing else is known goes away; with anything else about them they stay. */
static bool drop_patient(DbTx *tx, const char *patient_id, GError **error)
{
    GError *refused = NULL;
    DbQuery *pairs = db_query(tx, "outreach_pair_drop");
    db_bind_text(pairs, 1, patient_id);
    if (!db_exec(pairs, error))
        return false;
    DbQuery *query = db_query(tx, "outreach_patient_drop");
    db_bind_text(query, 1, patient_id);
    if (db_exec(query, &refused))
        return true;
    if (!g_error_matches(refused, BASE_ERROR, BASE_ERROR_CONFLICT)) {
        g_propagate_error(error, refused);
        return false;
    }
    g_error_free(refused);
    return true;
}

static bool change_person(const Entry *entry, const char *visit_id, GError **error)
{
    const SecretBox *box = entry->op->scheduling->box;
    const NewVisit visit = new_visit(entry);
    DbQuery *row = db_query(entry->tx, "outreach_patient_of");
    const char *said[] = {visit_id, visit.name, visit.birth_date, visit.sex};
    for (int i = 0; i < (int)G_N_ELEMENTS(said); i++)
        db_bind_text(row, i + 1, said[i]);
    if (!scheduling_need_row(row, "visit", error))
        return false;
    g_autofree char *before = db_column_dup(row, 0);
    bool is_same = !visit.nik && db_column_int(row, 1) != 0;
    g_autofree char *facility_id = db_column_dup(row, 2);
    db_reset(row);
    /* Of the same person nothing is written anew: a desk may have found them out by now. */
    g_autofree char *now =
        is_same ? g_strdup(before)
                : visit_patient_ensure(entry->op->scheduling, entry->tx, &visit, error);
    if (!now)
        return false;
    g_autofree char *sealed = secret_box_seal(box, "visit.phone", visit.phone);
    g_autofree char *index =
        secret_box_index(box, "visit.phone", visit.phone && *visit.phone ? visit.phone : visit_id);
    DbQuery *query = db_query(entry->tx, "outreach_visit_person");
    const char *texts[] = {visit_id, now, sealed, index};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        db_bind_text(query, i + 1, texts[i]);
    return db_exec(query, error) &&
           (g_str_equal(before, now) ||
            (pair_find(entry->op->scheduling, entry->tx, now, facility_id, error) &&
             drop_patient(entry->tx, before, error)));
}

/* What was said of the consent last is what counts; what the patients themselves have said since,
 * by their link, or who is with a child, to doctor or desk, no entry of a tablet changes. */
static bool change_consent(const Entry *entry, const char *visit_id, GError **error)
{
    bool has = false, is_own = false;
    int64_t version = 0;
    DbQuery *rows = db_query(entry->tx, "consent_of_visit");
    db_bind_text(rows, 1, visit_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        has = !g_str_equal(db_column_text(rows, 1), consent_how_name(CONSENT_WITHDRAWN));
        is_own = g_str_equal(db_column_text(rows, 2), actor_role_name(ACTOR_PATIENT)) ||
                 !db_column_is_null(rows, 4);
        version = db_column_int(rows, 0);
    }
    if (step == DB_FAILED)
        return false;
    bool wants = is_agreed_to(entry);
    bool is_same = has == wants && (!wants || version >= entry->draft->consent);
    if (is_same || is_own)
        return true;
    return give_consent(entry, visit_id, wants ? CONSENT_READ_ALOUD : CONSENT_WITHDRAWN, error);
}

/* What was signed for was another one, or said otherwise. */
static bool withdraw_signature(const Entry *entry, const char *visit_id, GError **error)
{
    const TakeOp *op = entry->op;
    DbQuery *query = db_query(entry->tx, "nurse_withdraw");
    db_bind_text(query, 1, visit_id);
    db_bind_text(query, 2, op->actor.actor.user_id);
    db_bind_int(query, 3, clock_wall_ms(op->scheduling->clock));
    return db_exec(query, error);
}

static bool revise(Entry *entry, GError **error)
{
    TakeOp *op = entry->op;
    const char *visit_id = entry->taken->visit_id;
    VisitRow row;
    if (!visit_row_load(entry->tx, visit_id, &row, error))
        return false;
    if (row.state != VISIT_STATE_BOOKED && row.state != VISIT_STATE_CHECKED_IN) {
        refuse(entry, "revision", "already_called", NULL);
        return true;
    }
    ChangeBox *box = add_box(op);
    if (!visit_row_describe(op->scheduling, entry->tx, &row, op->actor.actor.role, box, error))
        return false;
    box->has_changed = true;
    return change_person(entry, visit_id, error) && withdraw_signature(entry, visit_id, error) &&
           change_consent(entry, visit_id, error) && write_row(entry, visit_id, error) &&
           scheduling_audit(op->scheduling, entry->tx, &op->actor.actor, "outreach.revise", "visit",
                            visit_id, error);
}

/* What is there under this id, if anything. */
typedef struct {
    bool is_there, is_elsewhere, is_same;
    int64_t revision;
} Known;

static bool load_known(Entry *entry, Known *ret_known, GError **error)
{
    DbQuery *row = db_query(entry->tx, "outreach_entry_get");
    db_bind_text(row, 1, entry->draft->id);
    DbStep step = db_step(row, error);
    *ret_known = (Known){0};
    if (step != DB_ROW)
        return step == DB_DONE;
    *ret_known = (Known){
        .is_there = true,
        .is_elsewhere = !g_str_equal(db_column_text(row, 0), entry->op->session_id) ||
                        !g_str_equal(db_column_text(row, 1), entry->op->device_id),
        .is_same = secret_equal_text(db_column_text(row, 3), entry->hash),
        .revision = db_column_int(row, 2),
    };
    scheduling_copy_column(row, 4, entry->taken->visit_id, sizeof entry->taken->visit_id);
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
static bool check_place(Entry *entry, GError **error)
{
    int64_t n = 0;
    DbQuery *row = db_query(entry->tx, "outreach_sequence_taken");
    db_bind_text(row, 1, entry->op->session_id);
    db_bind_text(row, 2, entry->op->device_id);
    db_bind_int(row, 3, entry->draft->sequence);
    DbStep step = db_step(row, error);
    if (step == DB_ROW) {
        db_reset(row);
        refuse(entry, "sequence", "taken", NULL);
    }
    if (step == DB_FAILED || !count(entry->tx, entry->op->session_id, &n, error))
        return false;
    if (n >= OUTREACH_MAX_ENTRIES)
        refuse(entry, "id", "too_many", "0..300");
    return true;
}

/* True with a fault when this session has taken down the same NIK already and that visit is not
 * over: two tablets, or one tablet twice. It names the number; nothing is lost, as the entry stays
 * where it is to be mended or thrown away. */
static bool check_twin(Entry *entry, GError **error)
{
    const BookingFields *person = &entry->fields.person;
    if (!person->has_nik)
        return true;
    g_autofree char *index =
        secret_box_index(entry->op->scheduling->box, "patient.nik", person->nik.digits);
    DbQuery *row = db_query(entry->tx, "outreach_twin");
    db_bind_text(row, 1, entry->op->session_id);
    db_bind_text(row, 2, entry->draft->id);
    db_bind_text(row, 3, index);
    DbStep step = db_step(row, error);
    if (step == DB_ROW) {
        refuse(entry, "nik", "already_here", db_column_text(row, 0));
        db_reset(row);
    }
    return step != DB_FAILED;
}

/* Asked of what is new alone: what was taken once stays taken, whatever is in effect by now. True
 * with a fault when the text cannot be the one that was read. */
static bool check_consent(Entry *entry, GError **error)
{
    g_autoptr(GError) refused = NULL;
    if (entry->draft->consent == 0 ||
        consent_check(entry->op->scheduling, entry->tx, entry->draft->consent, text_since_ms(entry),
                      "consent", entry->taken->faults, &refused) ||
        g_error_matches(refused, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS))
        return true;
    g_propagate_error(error, g_steal_pointer(&refused));
    return false;
}

static void finish(Entry *entry, int64_t revision)
{
    entry->taken->is_taken = fault_list_length(entry->taken->faults) == 0;
    entry->taken->revision = revision;
}

/* Puts the checked draft where it belongs. */
static bool place(Entry *entry, GError **error)
{
    Known known;
    int64_t revision = entry->draft->revision;
    if (!load_known(entry, &known, error))
        return false;
    if (known.is_there && known.is_elsewhere) {
        entry->taken->visit_id[0] = '\0';
        refuse(entry, "id", "taken", NULL);
    } else if (known.is_there && known.revision == revision && !known.is_same) {
        refuse(entry, "revision", "sent_otherwise", NULL);
    } else if (known.is_there && known.revision >= revision) {
        revision = known.revision; /* the answer was lost, or a newer one came first */
    } else {
        if (!check_consent(entry, error) || !check_twin(entry, error) ||
            (!known.is_there && !check_place(entry, error)))
            return false;
        if (fault_list_length(entry->taken->faults) == 0 &&
            !(known.is_there ? revise(entry, error) : create(entry, error)))
            return false;
    }
    finish(entry, revision);
    return true;
}

static bool name_visit(const Entry *entry, GError **error)
{
    DbQuery *row = db_query(entry->tx, "queue_number");
    db_bind_text(row, 1, entry->taken->visit_id);
    if (!scheduling_need_row(row, "visit", error))
        return false;
    scheduling_copy_column(row, 0, entry->taken->number, sizeof entry->taken->number);
    db_reset(row);
    return true;
}

static bool compare_nik(const Entry *entry, GError **error)
{
    const BookingFields *person = &entry->fields.person;
    const PersonStated stated = {entry->draft->birth_date, entry->draft->sex[0]};
    return !person->has_nik || person_nik_compare(entry->op->scheduling, entry->tx, &person->nik,
                                                  &stated, entry->taken->warnings, error);
}

static bool take_one(TakeOp *op, DbTx *tx, OutreachDraft *draft, OutreachTaken *taken,
                     GError **error)
{
    g_auto(Entry) entry = {.op = op, .tx = tx, .draft = draft, .taken = taken};
    g_strlcpy(taken->id, draft->id ? draft->id : "", sizeof taken->id);
    bool is_fine = outreach_check(draft, op->session.clinic_id, op->today, &entry.fields,
                                  taken->faults, taken->warnings);
    if (!is_fine)
        return check_consent(&entry, error); /* all that is wrong is said at once */
    entry.hash = outreach_draft_hash(op->scheduling->box, draft);
    return compare_nik(&entry, error) && place(&entry, error) &&
           (!taken->is_taken || name_visit(&entry, error));
}

/* On its day and some days after it. */
static bool check_batch(TakeOp *op, GError **error)
{
    char last[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, op->today);
    if (!outreach_uuid_is_valid(op->device_id))
        fault_list_add(op->faults, "device", "not_an_id", "UUID");
    if (strcmp(op->today, op->session.local_date) < 0)
        fault_list_add(op->faults, "outreach", "too_early", NULL);
    else if (!clock_date_add(op->session.local_date, OUTREACH_LATE_DAYS, last) ||
             strcmp(op->today, last) > 0)
        fault_list_add(op->faults, "outreach", "too_late", NULL);
    if (fault_list_length(op->faults) == 0)
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
    TakeOp *op = data;
    if (!outreach_session_load(tx, op->session_id, &op->actor.actor, true, &op->session, error) ||
        !check_batch(op, error))
        return false;
    /* Numbers are given out in the order of the tablet. */
    g_ptr_array_sort(op->drafts, compare_sequence);
    for (unsigned i = 0; i < op->drafts->len; i++) {
        OutreachTaken *taken = g_new0(OutreachTaken, 1);
        taken->faults = fault_list_new();
        taken->warnings = fault_list_new();
        g_ptr_array_add(op->taken, taken);
        if (!take_one(op, tx, op->drafts->pdata[i], taken, error))
            return false;
    }
    return scheduling_audit(op->scheduling, tx, &op->actor.actor, "outreach.sync", "outreach",
                            op->session_id, error);
}

static void on_take_done(gpointer data, const GError *error)
{
    TakeOp *op = data;
    for (unsigned i = 0; !error && i < op->boxes->len; i++) {
        ChangeBox *box = op->boxes->pdata[i];
        box->change.post_id = NULL; /* the post is told once of all of them */
        scheduling_notify(op->scheduling, box);
    }
    if (!error && op->boxes->len > 0)
        outreach_tell(op->scheduling, op->session_id);
    op->done(error ? NULL : op->taken, op->faults, error, op->user_data);
}

void outreach_take(Scheduling *scheduling, const Actor *actor, const char *session_id,
                   const char *device_id, GPtrArray *drafts, OutreachTakenDone done,
                   gpointer user_data)
{
    TakeOp *op = g_new0(TakeOp, 1);
    op->scheduling = scheduling;
    op->session_id = g_strdup(session_id);
    op->device_id = g_strdup(device_id);
    op->drafts = drafts;
    op->taken = g_ptr_array_new_with_free_func(taken_free);
    op->boxes = g_ptr_array_new_with_free_func(g_free);
    op->faults = fault_list_new();
    op->done = done;
    op->user_data = user_data;
    actor_copy_init(&op->actor, actor);
    g_assert(drafts->len <= OUTREACH_BATCH_ENTRIES);
    db_write(scheduling->db, take_job, on_take_done, op, take_op_free);
}
