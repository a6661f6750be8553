// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outreach/incoming.h"

#include "scheduling/booking/visit_new.h"
#include "scheduling/booking/visit_phone.h"
#include "scheduling/booking/walk_in.h"
#include "scheduling/people/pair_private.h"
#include "scheduling/record/consent.h"

/* Between two patients of one tablet that follow each other: whoever is mended and sent later still
 * fits between. */
static const int64_t step_ms = 10;

void incoming_clear(Incoming *incoming)
{
    outreach_fields_clear(&incoming->fields);
    g_free(incoming->hash);
}

static ChangeBox *add_box(IncomingBatch *batch)
{
    ChangeBox *box = g_new0(ChangeBox, 1);
    g_ptr_array_add(batch->boxes, box);
    return box;
}

/* What a statement says of the one beside it in the tablet's order. */
typedef struct {
    bool is_there;
    int64_t sequence, starts_at_ms;
} Neighbour;

static bool load_neighbour(const Incoming *incoming, const char *statement,
                           Neighbour *ret_neighbour, GError **error)
{
    DbQuery *row = db_query(incoming->tx, statement);
    db_bind_text(row, 1, incoming->batch->session_id);
    db_bind_text(row, 2, incoming->batch->device_id);
    db_bind_int(row, 3, incoming->draft->sequence);
    db_bind_text(row, 4, incoming->batch->today);
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
static bool find_start(const Incoming *incoming, int64_t *ret_ms, GError **error)
{
    Neighbour before, after;
    int64_t sequence = incoming->draft->sequence;
    if (!load_neighbour(incoming, "outreach_before", &before, error) ||
        !load_neighbour(incoming, "outreach_after", &after, error))
        return false;
    int64_t now_ms = clock_wall_ms(incoming->batch->scheduling->clock);
    int64_t least_ms = before.starts_at_ms + (sequence - before.sequence) * step_ms;
    if (before.is_there)
        *ret_ms = after.is_there ? least_ms : MAX(now_ms, least_ms);
    else
        *ret_ms =
            after.is_there ? after.starts_at_ms - (after.sequence - sequence) * step_ms : now_ms;
    return true;
}

/* As the visit's; NULL: it says none. */
static char *phone_index(const Incoming *incoming)
{
    const char *phone = incoming->fields.person.phone;
    const SecretBox *box = incoming->batch->scheduling->box;
    return phone && *phone ? secret_box_index(box, "visit.phone", phone) : NULL;
}

static bool write_row(const Incoming *incoming, const char *visit_id, GError **error)
{
    const IncomingBatch *batch = incoming->batch;
    const OutreachDraft *draft = incoming->draft;
    const SecretBox *box = batch->scheduling->box;
    g_autofree char *mother =
        incoming->fields.has_mother
            ? secret_box_seal(box, "outreach.mother_nik", incoming->fields.mother.digits)
            : NULL;
    g_autofree char *address = *incoming->fields.address ? secret_box_seal(box, "outreach.address",
                                                                           incoming->fields.address)
                                                         : NULL;
    DbQuery *query = db_query(incoming->tx, "outreach_entry_set");
    const char *ids[] = {draft->id, batch->session_id, batch->device_id};
    for (int i = 0; i < (int)G_N_ELEMENTS(ids); i++)
        db_bind_text(query, i + 1, ids[i]);
    db_bind_int(query, 4, draft->sequence);
    db_bind_int(query, 5, draft->revision);
    const char *texts[] = {
        incoming->hash,          visit_id,        draft->without_nik,  mother, address,
        incoming->fields.reason, draft->identity, batch->actor.user_id};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        db_bind_text(query, 6 + i, texts[i]);
    db_bind_int(query, 14, draft->registered_at_ms);
    db_bind_int(query, 15, clock_wall_ms(batch->scheduling->clock));
    for (int i = 0; i < VITAL_COUNT; i++) {
        if (draft->vitals[i] > 0)
            db_bind_int(query, 16 + i, draft->vitals[i]);
        else
            db_bind_null(query, 16 + i);
    }
    g_autofree char *phone = phone_index(incoming);
    db_bind_text(query, 16 + VITAL_COUNT, phone);
    return db_exec(query, error);
}

static NewVisit new_visit(const Incoming *incoming)
{
    const BookingFields *person = &incoming->fields.person;
    return (NewVisit){
        .mode = "slot",
        .clinic_id = incoming->batch->session.clinic_id,
        .name = person->name,
        .birth_date = incoming->draft->birth_date,
        .phone = person->phone,
        .lang = person->lang,
        .nik = person->has_nik ? person->nik.digits : NULL,
        .sex = incoming->draft->sex,
        .is_quiet = true,
        .actor = &incoming->batch->actor.actor,
    };
}

/* A tablet reads aloud what it last heard of: the text of the registration, or without a network
 * that of days before. Its clock may be wrong, but what is not in effect yet it cannot have. */
static int64_t text_since_ms(const Incoming *incoming)
{
    static const int64_t late_ms = (int64_t)OUTREACH_LATE_DAYS * 24 * 60 * 60 * 1000;
    int64_t now_ms = clock_wall_ms(incoming->batch->scheduling->clock);
    return MAX(1, MIN(incoming->draft->registered_at_ms, now_ms) - late_ms);
}

/* As of any booking: a child agrees to nothing alone, and a tablet names nobody who is with it. */
static bool is_agreed_to(const Incoming *incoming)
{
    return incoming->draft->consent > 0 &&
           person_age(incoming->draft->birth_date, incoming->batch->session.local_date) >=
               CONTACT_CHILD_YEARS;
}

static bool give_consent(const Incoming *incoming, const char *visit_id, ConsentHow how,
                         GError **error)
{
    const ConsentGiven given = {.version = incoming->draft->consent,
                                .since_ms = text_since_ms(incoming),
                                .how = how,
                                .giver = CONSENT_GIVER_PATIENT};
    return consent_write(incoming->batch->scheduling, incoming->tx, visit_id, &given,
                         &incoming->batch->actor.actor, "consent", incoming->taken->faults, error);
}

/* Who was taken down at the post is there: waits from the moment on that counts. */
static bool check_in(const Incoming *incoming, const char *visit_id, int64_t since_ms,
                     GError **error)
{
    VisitRow row;
    const VisitStep step = {.to = VISIT_STATE_CHECKED_IN, .actor = &incoming->batch->actor.actor};
    if (!visit_row_load(incoming->tx, visit_id, &row, error) ||
        !visit_set_state(incoming->batch->scheduling, incoming->tx, &row, &step,
                         add_box(incoming->batch), error))
        return false;
    DbQuery *query = db_query(incoming->tx, "outreach_waits_since");
    db_bind_text(query, 1, visit_id);
    db_bind_int(query, 2, since_ms);
    return db_exec(query, error);
}

bool incoming_create(Incoming *incoming, GError **error)
{
    IncomingBatch *batch = incoming->batch;
    NewVisit visit = new_visit(incoming);
    const WalkInWish wish = {.clinic_id = batch->session.clinic_id,
                             .facility_id = batch->actor.facility_id,
                             .is_at_post = true};
    CreatedVisit created;
    int64_t starts_at_ms;
    /* Nothing of the batch is taken without a doctor: it is not the entry that is wrong. */
    if (!walk_in_place(batch->scheduling, incoming->tx, &wish, batch->doctor_id, &visit,
                       batch->faults, error) ||
        !find_start(incoming, &starts_at_ms, error))
        return false;
    visit.ends_at_ms += starts_at_ms - visit.starts_at_ms;
    visit.starts_at_ms = starts_at_ms;
    if (!visit_create(batch->scheduling, incoming->tx, &visit, &created, add_box(batch), error))
        return false;
    secret_text_free(created.patient_token); /* links are made when they are wanted */
    if (is_agreed_to(incoming) && !give_consent(incoming, created.id, CONSENT_READ_ALOUD, error))
        return false;
    g_strlcpy(incoming->taken->visit_id, created.id, sizeof incoming->taken->visit_id);
    return check_in(incoming, created.id, starts_at_ms, error) &&
           write_row(incoming, created.id, error) &&
           scheduling_audit(batch->scheduling, incoming->tx, &batch->actor.actor, "outreach.take",
                            "visit", created.id, error);
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

static bool change_person(const Incoming *incoming, const char *visit_id, GError **error)
{
    const NewVisit visit = new_visit(incoming);
    DbQuery *row = db_query(incoming->tx, "outreach_patient_of");
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
                : visit_patient_ensure(incoming->batch->scheduling, incoming->tx, &visit, error);
    if (!now)
        return false;
    DbQuery *query = db_query(incoming->tx, "outreach_visit_person");
    db_bind_text(query, 1, visit_id);
    db_bind_text(query, 2, now);
    return db_exec(query, error) &&
           (g_str_equal(before, now) ||
            (pair_find(incoming->batch->scheduling, incoming->tx, now, facility_id, error) &&
             drop_patient(incoming->tx, before, error)));
}

/* What the tablet only repeats is no news: the desk may have put it right since. Whom the doctor is
 * to phone keeps a number. */
static bool change_phone(const Incoming *incoming, const VisitRow *visit, GError **error)
{
    DbQuery *row = db_query(incoming->tx, "outreach_phone_of");
    db_bind_text(row, 1, incoming->draft->id);
    if (!scheduling_need_row(row, "entry", error))
        return false;
    g_autofree char *now = phone_index(incoming);
    bool is_said = g_strcmp0(db_column_text(row, 0), now) == 0;
    bool is_there = g_strcmp0(db_column_text(row, 1), now) == 0;
    db_reset(row);
    if (is_said || is_there || (!now && visit->way == VISIT_WAY_PHONE))
        return true;
    return visit_phone_write(incoming->batch->scheduling, incoming->tx, visit->id,
                             now ? incoming->fields.person.phone : "",
                             &incoming->batch->actor.actor, error);
}

/* What was said of the consent last is what counts; what the patients themselves have said since,
 * by their link, or who is with a child, to doctor or desk, no incoming of a tablet changes. */
static bool change_consent(const Incoming *incoming, const char *visit_id, GError **error)
{
    bool has = false, is_own = false;
    int64_t version = 0;
    DbQuery *rows = db_query(incoming->tx, "consent_of_visit");
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
    bool wants = is_agreed_to(incoming);
    bool is_same = has == wants && (!wants || version >= incoming->draft->consent);
    if (is_same || is_own)
        return true;
    return give_consent(incoming, visit_id, wants ? CONSENT_READ_ALOUD : CONSENT_WITHDRAWN, error);
}

/* What was signed for was another one, or said otherwise. */
static bool withdraw_signature(const Incoming *incoming, const char *visit_id, GError **error)
{
    const IncomingBatch *batch = incoming->batch;
    DbQuery *query = db_query(incoming->tx, "nurse_withdraw");
    db_bind_text(query, 1, visit_id);
    db_bind_text(query, 2, batch->actor.actor.user_id);
    db_bind_int(query, 3, clock_wall_ms(batch->scheduling->clock));
    return db_exec(query, error);
}

bool incoming_revise(Incoming *incoming, GError **error)
{
    IncomingBatch *batch = incoming->batch;
    const char *visit_id = incoming->taken->visit_id;
    VisitRow row;
    if (!visit_row_load(incoming->tx, visit_id, &row, error))
        return false;
    if (row.state != VISIT_STATE_BOOKED && row.state != VISIT_STATE_CHECKED_IN) {
        fault_list_add(incoming->taken->faults, "revision", "already_called", NULL);
        return true;
    }
    ChangeBox *box = add_box(batch);
    if (!visit_row_describe(batch->scheduling, incoming->tx, &row, batch->actor.actor.role, box,
                            error))
        return false;
    box->has_changed = true;
    return change_person(incoming, visit_id, error) && change_phone(incoming, &row, error) &&
           withdraw_signature(incoming, visit_id, error) &&
           change_consent(incoming, visit_id, error) && write_row(incoming, visit_id, error) &&
           scheduling_audit(batch->scheduling, incoming->tx, &batch->actor.actor, "outreach.revise",
                            "visit", visit_id, error);
}

bool incoming_check_consent(Incoming *incoming, GError **error)
{
    g_autoptr(GError) refused = NULL;
    if (incoming->draft->consent == 0 ||
        consent_check(incoming->batch->scheduling, incoming->tx, incoming->draft->consent,
                      text_since_ms(incoming), "consent", incoming->taken->faults, &refused) ||
        g_error_matches(refused, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS))
        return true;
    g_propagate_error(error, g_steal_pointer(&refused));
    return false;
}
