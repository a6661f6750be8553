// SPDX-License-Identifier: Apache-2.0
#include "scheduling/consult/consult_row.h"

#include "server/base/ids.h"
#include "server/base/outbox.h"

#include <string.h>

static const int64_t minute_ms = (int64_t)60 * 1000;

static const struct {
    const char *name;
    int64_t wished_minutes;
} urgencies[] = {
    [CONSULT_ROUTINE] = {"routine", 24 * 60},
    [CONSULT_SOON] = {"soon", 2 * 60},
    [CONSULT_EMERGENCY] = {"emergency", 15},
};
static const char *const state_names[] = {
    "open", "taken", "asked_back", "answered", "closed", "withdrawn",
};
static const char *const kind_names[] = {"question", "addition", "ask_back", "answer"};
static const char *const step_names[] = {"take", "give_back", "close", "withdraw"};
static const char *const box_names[] = {"asked", "open", "taken", "late"};

static bool find_name(const char *const *names, unsigned n, const char *name, int *ret_value)
{
    for (unsigned i = 0; name && i < n; i++) {
        if (strcmp(names[i], name) != 0)
            continue;
        *ret_value = (int)i;
        return true;
    }
    return false;
}

const char *consult_urgency_name(ConsultUrgency urgency)
{
    return urgencies[urgency].name;
}

bool consult_urgency_parse(const char *name, ConsultUrgency *ret_urgency)
{
    for (unsigned i = 0; name && i < G_N_ELEMENTS(urgencies); i++) {
        if (strcmp(urgencies[i].name, name) != 0)
            continue;
        *ret_urgency = (ConsultUrgency)i;
        return true;
    }
    return false;
}

int64_t consult_wished_ms(ConsultUrgency urgency)
{
    return urgencies[urgency].wished_minutes * minute_ms;
}

const char *consult_state_name(ConsultState state)
{
    return state_names[state];
}

bool consult_state_parse(const char *name, ConsultState *ret_state)
{
    int value = 0;
    bool known = find_name(state_names, G_N_ELEMENTS(state_names), name, &value);
    if (known)
        *ret_state = (ConsultState)value;
    return known;
}

const char *consult_post_kind_name(ConsultPostKind kind)
{
    return kind_names[kind];
}

bool consult_post_kind_parse(const char *name, ConsultPostKind *ret_kind)
{
    int value = 0;
    bool known = find_name(kind_names, G_N_ELEMENTS(kind_names), name, &value);
    if (known)
        *ret_kind = (ConsultPostKind)value;
    return known;
}

bool consult_step_parse(const char *name, ConsultStep *ret_step)
{
    int value = 0;
    bool known = find_name(step_names, G_N_ELEMENTS(step_names), name, &value);
    if (known)
        *ret_step = (ConsultStep)value;
    return known;
}

bool consult_box_parse(const char *name, ConsultBox *ret_box)
{
    int value = 0;
    bool known = find_name(box_names, G_N_ELEMENTS(box_names), name, &value);
    if (known)
        *ret_box = (ConsultBox)value;
    return known;
}

bool consult_refuse(SchedulingError code, const char *why, GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, code, why);
    return false;
}

bool consult_refuse_unknown(GError **error)
{
    return consult_refuse(SCHEDULING_ERROR_NOT_FOUND, "no such question", error);
}

bool consult_row_load(DbTx *tx, const char *consult_id, ConsultRow *ret_row, GError **error)
{
    DbQuery *query = db_query(tx, "consult_row");
    db_bind_text(query, 1, consult_id);
    if (!scheduling_need_row(query, "question", error))
        return false;
    *ret_row = (ConsultRow){0};
    struct {
        int column;
        char *text;
    } ids[] = {
        {0, ret_row->id},
        {1, ret_row->asker_id},
        {2, ret_row->from_facility_id},
        {3, ret_row->visit_id},
        {4, ret_row->to_facility_id},
        {5, ret_row->to_clinic_id},
        {6, ret_row->to_practitioner_id},
        {9, ret_row->expert_id},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(ids); i++)
        scheduling_copy_column(query, ids[i].column, ids[i].text, SCHEDULING_ID_BYTES);
    bool known = consult_urgency_parse(db_column_text(query, 7), &ret_row->urgency) &&
                 consult_state_parse(db_column_text(query, 8), &ret_row->state);
    ret_row->asked_at_ms = db_column_int(query, 10);
    ret_row->due_at_ms = db_column_int(query, 11);
    ret_row->first_answer_at_ms = scheduling_column_int0(query, 12);
    ret_row->escalated_at_ms = scheduling_column_int0(query, 13);
    db_reset(query);
    if (!known)
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "question %s is in no known state",
                    consult_id);
    return known;
}

/* Who may take it now; the asker is not among them. */
static DbQuery *query_answerers(DbTx *tx, const ConsultRow *row)
{
    DbQuery *rows = db_query(tx, "consult_answerers");
    db_bind_text(rows, 1, row->to_facility_id);
    db_bind_text(rows, 2, *row->to_clinic_id ? row->to_clinic_id : NULL);
    db_bind_text(rows, 3, *row->to_practitioner_id ? row->to_practitioner_id : NULL);
    db_bind_text(rows, 4, row->asker_id);
    return rows;
}

bool consult_relation(DbTx *tx, const ConsultRow *row, const char *practitioner_id,
                      ConsultRelation *ret_relation, GError **error)
{
    *ret_relation = CONSULT_STRANGER;
    if (g_str_equal(row->asker_id, practitioner_id)) {
        *ret_relation = CONSULT_ASKER;
        return true;
    }
    if (row->state == CONSULT_WITHDRAWN)
        return true;
    if (row->state != CONSULT_OPEN) {
        if (g_str_equal(row->expert_id, practitioner_id))
            *ret_relation = CONSULT_EXPERT;
        return true;
    }
    DbQuery *rows = query_answerers(tx, row);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (g_str_equal(db_column_text(rows, 0), practitioner_id))
            *ret_relation = CONSULT_ANSWERER;
    }
    return step == DB_DONE;
}

char *consult_row_allow(DbTx *tx, const ConsultRow *row, const Actor *actor,
                        ConsultRelation *ret_relation, GError **error)
{
    g_autofree char *practitioner_id = scheduling_actor_practitioner(tx, actor, error);
    if (!practitioner_id || !consult_relation(tx, row, practitioner_id, ret_relation, error))
        return NULL;
    if (*ret_relation == CONSULT_STRANGER) {
        consult_refuse_unknown(error);
        return NULL;
    }
    return g_steal_pointer(&practitioner_id);
}

GPtrArray *consult_concerned_new(void)
{
    return g_ptr_array_new_with_free_func(g_free);
}

static void concern_one(GPtrArray *concerned, const char *id)
{
    for (unsigned i = 0; i < concerned->len; i++) {
        if (g_str_equal(concerned->pdata[i], id))
            return;
    }
    if (*id)
        g_ptr_array_add(concerned, g_strdup(id));
}

bool consult_concern(DbTx *tx, const ConsultRow *row, bool all, GPtrArray *concerned,
                     GError **error)
{
    concern_one(concerned, row->asker_id);
    concern_one(concerned, row->expert_id);
    if (!all)
        return true;
    DbQuery *rows = query_answerers(tx, row);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW)
        concern_one(concerned, db_column_text(rows, 0));
    return step == DB_DONE;
}

void consult_set_listener(Scheduling *scheduling, ConsultListener listener, gpointer user_data)
{
    scheduling->consult_listener = listener;
    scheduling->consult_listener_data = user_data;
}

void consult_tell(Scheduling *scheduling, GPtrArray *concerned)
{
    if (concerned->len == 0 || !scheduling->consult_listener)
        return;
    g_ptr_array_add(concerned, NULL);
    scheduling->consult_listener((const char *const *)concerned->pdata,
                                 scheduling->consult_listener_data);
}

bool consult_row_add_step(DbTx *tx, const char *consult_id, const char *step, int64_t at_ms,
                          const char *by_practitioner, GError **error)
{
    DbQuery *query = db_query(tx, "consult_step_insert");
    db_bind_text(query, 1, consult_id);
    db_bind_int(query, 2, at_ms);
    db_bind_text(query, 3, step);
    db_bind_text(query, 4, by_practitioner);
    return db_exec(query, error);
}

bool consult_outbox(DbTx *tx, const char *consult_id, const char *kind, int64_t at_ms,
                    GError **error)
{
    g_autofree char *payload = g_strdup_printf("{\"consult\":\"%s\"}", consult_id);
    g_autofree char *key = g_strdup_printf("%s:%s:%" G_GINT64_FORMAT, kind, consult_id, at_ms);
    const OutboxEntry entry = {
        .kind = kind,
        .subject_id = consult_id,
        .payload = payload,
        .due_at_ms = at_ms,
        .dedup_key = key,
    };
    return outbox_append(tx, &entry, at_ms, error);
}

/* What is written. */

static void check_words(const char *field, const char *text, glong max_chars, FaultList *faults)
{
    g_autofree char *words = g_strstrip(g_strdup(text ? text : ""));
    glong n_chars = g_utf8_strlen(words, -1);
    g_autofree char *allowed = g_strdup_printf("%d..%ld", CONSULT_TEXT_MIN_CHARS, max_chars);
    if (n_chars < CONSULT_TEXT_MIN_CHARS)
        fault_list_add(faults, field, "too_short", allowed);
    else if (n_chars > max_chars)
        fault_list_add(faults, field, "too_long", allowed);
}

void consult_posting_check(const ConsultPosting *posting, FaultList *faults)
{
    check_words("text", posting->text, CONSULT_TEXT_CHARS, faults);
    if (posting->kind == CONSULT_POST_ANSWER)
        check_words("recommendation", posting->recommendation, CONSULT_RECOMMENDATION_CHARS,
                    faults);
    if (g_strv_length((char **)posting->attachment_ids) > CONSULT_MAX_ATTACHMENTS)
        fault_list_add(faults, "attachments", "too_many", "0..4");
}

char *consult_posting_hash(const Scheduling *scheduling, const ConsultPosting *posting)
{
    const char *recommendation = posting->recommendation ? posting->recommendation : "";
    /* Lengths keep a text from passing for the field that follows it. */
    g_autofree char *whole = g_strdup_printf("%s %s %d %zu:%s %zu:%s", posting->author_id,
                                             consult_post_kind_name(posting->kind), posting->refer,
                                             strlen(posting->text), posting->text,
                                             strlen(recommendation), recommendation);
    g_autofree char *files = g_strjoinv(" ", (char **)posting->attachment_ids);
    char *text = g_strconcat(whole, " ", files, NULL);
    char *hash = secret_box_index(scheduling->box, "consult.post", text);
    secret_text_free(text);
    return hash;
}

static bool bind_attachments(DbTx *tx, const ConsultPosting *posting, const char *post_id,
                             FaultList *faults, GError **error)
{
    for (const char *const *id = posting->attachment_ids; *id; id++) {
        DbQuery *query = db_query(tx, "consult_attachment_bind");
        db_bind_text(query, 1, *id);
        db_bind_text(query, 2, posting->author_id);
        db_bind_text(query, 3, post_id);
        if (!db_exec(query, error))
            return false;
        if (db_changes(tx) == 1)
            continue;
        fault_list_add(faults, "attachments", "not_found", NULL);
        return consult_refuse(SCHEDULING_ERROR_INVALID_FIELDS, "an attachment is not there", error);
    }
    return true;
}

bool consult_posting_insert(Scheduling *scheduling, DbTx *tx, const ConsultPosting *posting,
                            FaultList *faults, GError **error)
{
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    g_autofree char *id = id_new(now_ms);
    g_autofree char *hash = consult_posting_hash(scheduling, posting);
    g_autofree char *text = secret_box_seal(scheduling->box, "consult.text", posting->text);
    g_autofree char *recommendation =
        posting->recommendation
            ? secret_box_seal(scheduling->box, "consult.recommendation", posting->recommendation)
            : NULL;
    DbQuery *query = db_query(tx, "consult_post_insert");
    const char *texts[] = {id, posting->consult_id, posting->key, posting->author_id,
                           consult_post_kind_name(posting->kind)};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        db_bind_text(query, i + 1, texts[i]);
    db_bind_int(query, 6, now_ms);
    db_bind_text(query, 7, text);
    db_bind_text(query, 8, recommendation);
    if (posting->kind == CONSULT_POST_ANSWER)
        db_bind_int(query, 9, posting->refer);
    else
        db_bind_null(query, 9);
    db_bind_text(query, 10, hash);
    return db_exec(query, error) && bind_attachments(tx, posting, id, faults, error);
}
