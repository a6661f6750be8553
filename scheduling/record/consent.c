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

static bool load_text(DbTx *tx, ConsentText *ret_text, GError **error)
{
    DbQuery *row = db_query(tx, "consent_newest_text");
    if (!scheduling_need_row(row, "text of a consent", error))
        return false;
    ret_text->version = db_column_int(row, 0);
    ret_text->text_id = db_column_dup(row, 1);
    ret_text->text_en = db_column_dup(row, 2);
    db_reset(row);
    return true;
}

bool consent_newest_version(DbTx *tx, int64_t *ret_version, GError **error)
{
    g_auto(ConsentText) text = {0};
    if (!load_text(tx, &text, error))
        return false;
    *ret_version = text.version;
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

static bool insert(Scheduling *scheduling, DbTx *tx, const char *visit_id,
                   const ConsentGiven *given, const ConsentText *text, const Actor *actor,
                   GError **error)
{
    g_autofree char *lang = load_lang(tx, visit_id, error);
    if (!lang)
        return false;
    const char *words = strcmp(lang, "en") == 0 ? text->text_en : text->text_id;
    g_autofree char *hash = secret_sha256_hex(words, strlen(words));
    DbQuery *query = db_query(tx, "consent_insert");
    db_bind_text(query, 1, visit_id);
    db_bind_int(query, 2, text->version);
    db_bind_text(query, 3, lang);
    db_bind_text(query, 4, hash);
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
    if (!load_text(tx, &text, error))
        return false;
    if (given->version != text.version) {
        g_autofree char *allowed = g_strdup_printf("%" G_GINT64_FORMAT, text.version);
        fault_list_add(faults, field, "outdated", allowed);
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "the consent is to another text");
        return false;
    }
    static const char *const kinds[] = {"consent_accepted", "consent_read_aloud",
                                        "consent_withdrawn"};
    g_autofree char *version = g_strdup_printf("%" G_GINT64_FORMAT, text.version);
    EventRow event = {
        .visit_id = visit_id,
        .at_ms = clock_wall_ms(scheduling->clock),
        .kind = kinds[given->how],
        .actor = actor_role_name(actor->role),
        .detail = version,
    };
    return insert(scheduling, tx, visit_id, given, &text, actor, error) &&
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
    return load_text(tx, &op->text, error);
}

static void on_text_done(gpointer data, const GError *error)
{
    TextOp *op = data;
    op->done(error ? NULL : &op->text, error, op->user_data);
}

void consent_get_text(Scheduling *scheduling, ConsentTextDone done, gpointer user_data)
{
    TextOp *op = g_new0(TextOp, 1);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, text_job, on_text_done, op, text_op_free);
}

/* Giving it. */

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ConsentGiven given;
    ActorCopy actor;
    FaultList *faults;
    ChangeBox box;
    ConsentDone done;
    gpointer user_data;
} GiveOp;

static void give_op_free(gpointer data)
{
    GiveOp *op = data;
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    fault_list_free(op->faults);
    g_free(op);
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
    unsigned roles = (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK);
    if (!visit_row_load(tx, op->visit_id, &row, error) ||
        !visit_row_check_actor(tx, &row, actor, roles, error) || !choose_giver(op, tx, error) ||
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
    actor_copy_init(&op->actor, actor);
    op->faults = fault_list_new();
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, give_job, on_give_done, op, give_op_free);
}
