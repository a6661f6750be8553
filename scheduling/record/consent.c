// SPDX-License-Identifier: Apache-2.0
#include "scheduling/record/consent.h"

#include "scheduling/booking/contact.h"
#include "scheduling/booking/visit_row.h"
#include "scheduling/record/event.h"
#include "server/base/secret.h"

#include <string.h>

static const char *const how_names[] = {"accepted", "read_aloud", "withdrawn"};

const char *consent_how_name(ConsentHow how)
{
    return how_names[how];
}

bool consent_how_parse(const char *name, ConsentHow *ret_how)
{
    for (unsigned i = 0; name && i < G_N_ELEMENTS(how_names); i++) {
        if (strcmp(how_names[i], name) != 0)
            continue;
        *ret_how = (ConsentHow)i;
        return true;
    }
    return false;
}

static void text_clear(ConsentText *text)
{
    g_free(text->text_id);
    g_free(text->text_en);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ConsentText, text_clear)

static bool load_text(const Scheduling *scheduling, DbTx *tx, ConsentText *ret_text, GError **error)
{
    DbQuery *row = db_query(tx, "consent_newest_text");
    db_bind_int(row, 1, clock_wall_ms(scheduling->clock));
    if (!scheduling_need_row(row, "text of a consent", error))
        return false;
    ret_text->version = db_column_int(row, 0);
    ret_text->text_id = db_column_dup(row, 1);
    ret_text->text_en = db_column_dup(row, 2);
    db_reset(row);
    return true;
}

/* The text of VERSION, where it was in effect since SINCE_MS; else refused. */
static bool load_text_then(const Scheduling *scheduling, DbTx *tx, const ConsentGiven *given,
                           const char *field, ConsentText *ret_text, FaultList *faults,
                           GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    DbQuery *row = db_query(tx, "consent_text_then");
    db_bind_int(row, 1, given->version);
    db_bind_int(row, 2, given->since_ms > 0 ? MIN(given->since_ms, now_ms) : now_ms);
    db_bind_int(row, 3, now_ms);
    DbStep step = db_step(row, error);
    if (step == DB_ROW) {
        ret_text->version = db_column_int(row, 0);
        ret_text->text_id = db_column_dup(row, 1);
        ret_text->text_en = db_column_dup(row, 2);
        db_reset(row);
        return true;
    }
    g_auto(ConsentText) newest = {0};
    if (step == DB_FAILED || !load_text(scheduling, tx, &newest, error))
        return false;
    g_autofree char *allowed = g_strdup_printf("%" G_GINT64_FORMAT, newest.version);
    fault_list_add(faults, field, "outdated", allowed);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "the consent is to another text");
    return false;
}

bool consent_check(const Scheduling *scheduling, DbTx *tx, int64_t version, int64_t since_ms,
                   const char *field, FaultList *faults, GError **error)
{
    g_auto(ConsentText) text = {0};
    const ConsentGiven given = {.version = version, .since_ms = since_ms};
    return load_text_then(scheduling, tx, &given, field, &text, faults, error);
}

bool consent_newest_version(Scheduling *scheduling, DbTx *tx, int64_t *ret_version, GError **error)
{
    DbQuery *row = db_query(tx, "consent_newest");
    db_bind_int(row, 1, clock_wall_ms(scheduling->clock));
    if (!scheduling_need_row(row, "text of a consent", error))
        return false;
    *ret_version = db_column_int(row, 0);
    db_reset(row);
    return true;
}

/* The language in which the visit was booked is the one in which the text was read. */
static char *load_lang(DbTx *tx, const char *visit_id, GError **error)
{
    DbQuery *row = db_query(tx, "consent_lang");
    db_bind_text(row, 1, visit_id);
    if (!scheduling_need_row(row, "visit", error))
        return NULL;
    char *lang = db_column_dup(row, 0);
    db_reset(row);
    return lang;
}

/* What was said last of a visit. */
typedef struct {
    bool is_known;
    ConsentHow how;
    int64_t at_ms, version;
    char *lang, *hash;
} Last;

static void last_clear(Last *last)
{
    g_free(last->lang);
    g_free(last->hash);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Last, last_clear)

static bool load_last(DbTx *tx, const char *visit_id, Last *ret_last, GError **error)
{
    DbQuery *row = db_query(tx, "consent_last");
    db_bind_text(row, 1, visit_id);
    DbStep step = db_step(row, error);
    if (step != DB_ROW)
        return step == DB_DONE;
    ret_last->is_known = consent_how_parse(db_column_text(row, 0), &ret_last->how);
    ret_last->at_ms = db_column_int(row, 1);
    ret_last->version = db_column_int(row, 2);
    ret_last->lang = db_column_dup(row, 3);
    ret_last->hash = db_column_dup(row, 4);
    db_reset(row);
    return true;
}

/* Which text, in which language, is agreed to or taken back. */
typedef struct {
    int64_t version;
    char *lang, *hash;
} Subject;

static void subject_clear(Subject *subject)
{
    g_free(subject->lang);
    g_free(subject->hash);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Subject, subject_clear)

/* Taken back is what was said last, else agreed to is TEXT. */
static bool find_subject(DbTx *tx, const char *visit_id, const ConsentGiven *given,
                         const ConsentText *text, Subject *ret_subject, GError **error)
{
    g_auto(Last) last = {0};
    if (given->how == CONSENT_WITHDRAWN && !load_last(tx, visit_id, &last, error))
        return false;
    if (last.is_known) {
        ret_subject->version = last.version;
        ret_subject->lang = g_steal_pointer(&last.lang);
        ret_subject->hash = g_steal_pointer(&last.hash);
        return true;
    }
    ret_subject->version = text->version;
    ret_subject->lang = given->lang ? g_strdup(given->lang) : load_lang(tx, visit_id, error);
    if (!ret_subject->lang)
        return false;
    const char *words = strcmp(ret_subject->lang, "en") == 0 ? text->text_en : text->text_id;
    ret_subject->hash = secret_sha256_hex(words, strlen(words));
    return true;
}

static bool insert(Scheduling *scheduling, DbTx *tx, const char *visit_id,
                   const ConsentGiven *given, const Subject *subject, const Actor *actor,
                   GError **error)
{
    DbQuery *query = db_query(tx, "consent_insert");
    db_bind_text(query, 1, visit_id);
    db_bind_int(query, 2, subject->version);
    db_bind_text(query, 3, subject->lang);
    db_bind_text(query, 4, subject->hash);
    db_bind_text(query, 5, consent_how_name(given->how));
    db_bind_text(query, 6, actor_role_name(actor->role));
    db_bind_text(query, 7, actor->user_id);
    db_bind_int(query, 8, clock_wall_ms(scheduling->clock));
    db_bind_int(query, 9, given->giver == CONSENT_GIVER_CONTACT);
    return db_exec(query, error);
}

bool consent_write(Scheduling *scheduling, DbTx *tx, const char *visit_id,
                   const ConsentGiven *given, const Actor *actor, const char *field,
                   FaultList *faults, GError **error)
{
    g_auto(ConsentText) text = {0};
    bool has_text = given->how == CONSENT_WITHDRAWN
                        ? load_text(scheduling, tx, &text, error)
                        : load_text_then(scheduling, tx, given, field, &text, faults, error);
    if (!has_text)
        return false;
    static const char *const kinds[] = {"consent_accepted", "consent_read_aloud",
                                        "consent_withdrawn"};
    g_auto(Subject) subject = {0};
    if (!find_subject(tx, visit_id, given, &text, &subject, error))
        return false;
    g_autofree char *version = g_strdup_printf("%" G_GINT64_FORMAT, subject.version);
    EventRow event = {
        .visit_id = visit_id,
        .at_ms = clock_wall_ms(scheduling->clock),
        .kind = kinds[given->how],
        .actor = actor_role_name(actor->role),
        .participant_id = actor->participant_id,
        .detail = version,
    };
    return insert(scheduling, tx, visit_id, given, &subject, actor, error) &&
           event_append(tx, &event, error) &&
           scheduling_audit(scheduling, tx, actor, kinds[given->how], "visit", visit_id, error);
}

bool consent_carry(DbTx *tx, const char *from_visit_id, const char *to_visit_id, GError **error)
{
    DbQuery *query = db_query(tx, "consent_carry");
    db_bind_text(query, 1, from_visit_id);
    db_bind_text(query, 2, to_visit_id);
    return db_exec(query, error);
}

/* The text. */

typedef struct {
    Scheduling *scheduling;
    ConsentText text;
    ConsentTextDone done;
    gpointer user_data;
} TextOp;

static void text_op_free(gpointer data)
{
    TextOp *op = data;
    text_clear(&op->text);
    g_free(op);
}

static bool text_job(DbTx *tx, gpointer data, GError **error)
{
    TextOp *op = data;
    return load_text(op->scheduling, tx, &op->text, error);
}

static void on_text_done(gpointer data, const GError *error)
{
    TextOp *op = data;
    op->done(error ? NULL : &op->text, error, op->user_data);
}

void consent_get_text(Scheduling *scheduling, ConsentTextDone done, gpointer user_data)
{
    TextOp *op = g_new0(TextOp, 1);
    op->scheduling = scheduling;
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, text_job, on_text_done, op, text_op_free);
}

/* Giving it. */

typedef struct {
    Scheduling *scheduling;
    char *visit_id, *lang, *contact_name, *contact_relation;
    ConsentGiven given; /* its texts are those above */
    ActorCopy actor;
    FaultList *faults;
    ChangeBox box;
    ConsentDone done;
    gpointer user_data;
} GiveOp;

static void give_op_free(gpointer data)
{
    GiveOp *op = data;
    char *texts[] = {op->visit_id, op->lang, op->contact_name, op->contact_relation};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    actor_copy_clear(&op->actor);
    fault_list_free(op->faults);
    g_free(op);
}

/* What a patient says again, since its answer was lost, is said already. */
static bool is_said_already(const GiveOp *op, const Last *last, int64_t newest)
{
    return last->is_known && last->how == op->given.how &&
           (last->how == CONSENT_WITHDRAWN ||
            (last->version == op->given.version && last->version == newest));
}

/* A patient speaks while the visit is to come or going on, and not for ever to and fro. */
static bool check_patient(const GiveOp *op, DbTx *tx, const VisitRow *row, bool *ret_is_said,
                          GError **error)
{
    g_auto(Last) last = {0};
    int64_t newest;
    if (visit_state_row(row->state)->is_final) {
        visit_row_refuse(row->state, error);
        return false;
    }
    if (!load_last(tx, row->id, &last, error) ||
        !consent_newest_version(op->scheduling, tx, &newest, error))
        return false;
    *ret_is_said = is_said_already(op, &last, newest);
    DbQuery *count = db_query(tx, "consent_count");
    db_bind_text(count, 1, row->id);
    if (!scheduling_need_row(count, "count of consents", error))
        return false;
    int64_t n = db_column_int(count, 0);
    db_reset(count);
    if (*ret_is_said || op->given.how == CONSENT_WITHDRAWN || n < CONSENT_MAX_OF_PATIENT)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_TOO_MANY,
                        "the patient has agreed too often");
    return false;
}

/* Staff see who is with a child whom nobody was named with. */
static bool add_contact(GiveOp *op, DbTx *tx, GError **error)
{
    const ConsentGiven *given = &op->given;
    const Actor *actor = &op->actor.actor;
    ContactState state;
    ContactRelation relation;
    g_autofree char *name = NULL;
    if ((!given->contact_name && !given->contact_relation) || given->how != CONSENT_READ_ALOUD)
        return true;
    if (!contact_load_state(tx, op->visit_id, &state, error))
        return false;
    contact_check(given->contact_name, given->contact_relation, &name, &relation, op->faults);
    if (state.has_contact)
        fault_list_add(op->faults, "contact_name", "contact_exists", NULL);
    if (fault_list_length(op->faults) == 0)
        return contact_write(tx, op->visit_id, name, relation, error) &&
               scheduling_audit(op->scheduling, tx, actor, "visit.contact", "visit", op->visit_id,
                                error);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "this one cannot be who is with the patient");
    return false;
}

/* Who agrees: by the age where that was left open. */
static bool choose_giver(GiveOp *op, DbTx *tx, GError **error)
{
    ContactState state;
    ConsentGiver *giver = &op->given.giver;
    if (!contact_load_state(tx, op->visit_id, &state, error))
        return false;
    bool is_contacts = state.has_contact && state.is_minor;
    if (*giver == CONSENT_GIVER_BY_AGE)
        *giver = is_contacts ? CONSENT_GIVER_CONTACT : CONSENT_GIVER_PATIENT;
    const char *code =
        *giver == CONSENT_GIVER_CONTACT && !state.has_contact ? "nobody_came"
        : *giver == CONSENT_GIVER_PATIENT && is_contacts && op->given.how != CONSENT_WITHDRAWN
            ? "guardian_agrees"
        : *giver == CONSENT_GIVER_PATIENT && state.is_child && !state.has_contact &&
                op->given.how != CONSENT_WITHDRAWN
            ? "guardian_required"
            : NULL;
    if (!code)
        return true;
    fault_list_add(op->faults, "by", code, NULL);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "this one cannot agree to the visit");
    return false;
}

static bool give_job(DbTx *tx, gpointer data, GError **error)
{
    GiveOp *op = data;
    const Actor *actor = &op->actor.actor;
    VisitRow row;
    bool is_said = false;
    unsigned roles = (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK) | (1U << ACTOR_PATIENT);
    if (!visit_row_load(tx, op->visit_id, &row, error) ||
        !visit_row_check_actor(tx, &row, actor, roles, error))
        return false;
    if (actor->role == ACTOR_PATIENT && !check_patient(op, tx, &row, &is_said, error))
        return false;
    if (is_said)
        return true;
    if (!add_contact(op, tx, error) || !choose_giver(op, tx, error) ||
        !visit_row_describe(op->scheduling, tx, &row, actor->role, &op->box, error))
        return false;
    op->box.has_changed = true;
    return consent_write(op->scheduling, tx, row.id, &op->given, actor, "version", op->faults,
                         error);
}

static void on_give_done(gpointer data, const GError *error)
{
    GiveOp *op = data;
    if (error)
        op->box.has_changed = false;
    scheduling_notify(op->scheduling, &op->box);
    op->done(op->faults, error, op->user_data);
}

void consent_give(Scheduling *scheduling, const char *visit_id, const ConsentGiven *given,
                  const Actor *actor, ConsentDone done, gpointer user_data)
{
    GiveOp *op = g_new0(GiveOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    op->given = *given;
    op->given.lang = op->lang = g_strdup(given->lang);
    op->given.contact_name = op->contact_name = g_strdup(given->contact_name);
    op->given.contact_relation = op->contact_relation = g_strdup(given->contact_relation);
    actor_copy_init(&op->actor, actor);
    op->faults = fault_list_new();
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, give_job, on_give_done, op, give_op_free);
}

/* What was said last. */

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ConsentState state;
    ConsentStateDone done;
    gpointer user_data;
} StateOp;

static void state_op_free(gpointer data)
{
    StateOp *op = data;
    g_free(op->visit_id);
    g_free(op);
}

static bool state_job(DbTx *tx, gpointer data, GError **error)
{
    StateOp *op = data;
    g_auto(Last) last = {0};
    int64_t version;
    if (!load_last(tx, op->visit_id, &last, error) ||
        !consent_newest_version(op->scheduling, tx, &version, error))
        return false;
    bool was_given = last.is_known && last.how != CONSENT_WITHDRAWN;
    op->state.at_ms = last.at_ms;
    op->state.how = last.is_known ? consent_how_name(last.how) : NULL;
    op->state.is_outdated = was_given && last.version != version;
    op->state.is_given = was_given && !op->state.is_outdated;
    return true;
}

static void on_state_done(gpointer data, const GError *error)
{
    StateOp *op = data;
    op->done(error ? NULL : &op->state, error, op->user_data);
}

void consent_get_state(Scheduling *scheduling, const char *visit_id, ConsentStateDone done,
                       gpointer user_data)
{
    StateOp *op = g_new0(StateOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, state_job, on_state_done, op, state_op_free);
}
