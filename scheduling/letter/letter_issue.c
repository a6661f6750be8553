// SPDX-License-Identifier: Apache-2.0
/* A letter gets its number, and what it prints is settled. */
#include <string.h>

#include "scheduling/booking/person.h"
#include "scheduling/booking/visit_begun.h"
#include "scheduling/letter/letter_row.h"
#include "scheduling/outbox/notification.h"
#include "scheduling/policy/policy.h"
#include "server/base/ids.h"

/* A sick letter wants so much of a call in the record. */
static const int64_t sick_call_ms = (int64_t)5 * 60 * 1000;

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    LetterRequest *request;
    FaultList *faults;
    LetterFacts facts;
    char *request_hash;
    Letter *letter;
    LetterDone done;
    gpointer user_data;
} IssueOp;

static void issue_op_free(gpointer data)
{
    IssueOp *op = data;
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    letter_request_free(op->request);
    fault_list_free(op->faults);
    letter_facts_clear(&op->facts);
    g_free(op->request_hash);
    letter_free(op->letter);
    g_free(op);
}

static bool refuse(SchedulingError code, const char *why, GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, code, why);
    return false;
}

/* The same key: the letter of before, or a refusal. */
static bool find_repeat(IssueOp *op, DbTx *tx, GError **error)
{
    DbQuery *row = db_query(tx, "letter_by_key");
    db_bind_text(row, 1, op->visit_id);
    db_bind_text(row, 2, op->request->key);
    DbStep step = db_step(row, error);
    if (step != DB_ROW)
        return step == DB_DONE;
    g_autofree char *id = db_column_dup(row, 0);
    bool is_same = strcmp(db_column_text(row, 1), op->request_hash) == 0;
    db_reset(row);
    if (!is_same)
        return refuse(SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH, "the key is of another letter", error);
    op->letter = letter_row_load(op->scheduling, tx, id, true, error);
    return op->letter != NULL;
}

/* Only coordinators and administrators can mend it: the faults' words say so. */
static void check_permit(IssueOp *op)
{
    if (op->request->kind == LETTER_SUMMARY)
        return;
    switch (op->facts.permit.state) {
    case LETTER_PERMIT_GOOD:
        return;
    case LETTER_PERMIT_MISSING:
        fault_list_add(op->faults, "sip", "permit_missing", NULL);
        return;
    case LETTER_PERMIT_OVER:
        fault_list_add(op->faults, "sip", "permit_over", NULL);
        return;
    }
}

static void check_note(IssueOp *op)
{
    const Note *note = &op->facts.note;
    LetterKind kind = op->request->kind;
    if (kind == LETTER_SUMMARY && note->signed_at_ms == 0)
        fault_list_add(op->faults, "note", "not_signed", NULL);
    /* A signed note gets no further code: what the doctor wrote says it as well. */
    g_autofree char *assessment = g_strstrip(g_strdup(note->content->texts[NOTE_ASSESSMENT]));
    bool says_what = note->content->diagnoses->len > 0 || *assessment;
    if ((kind == LETTER_REFERRAL || kind == LETTER_SICK) && !says_what)
        fault_list_add(op->faults, "note", "no_diagnosis", NULL);
}

bool letter_sick_days(const Scheduling *scheduling, DbTx *tx, const VisitRow *visit, int *ret_days,
                      GError **error)
{
    Policy policy;
    *ret_days = 0;
    if (!policy_load(scheduling, tx, visit->facility_id, &policy, error))
        return false;
    if (policy.values[POLICY_SICK_LETTERS] == POLICY_SICK_OFF)
        return true;
    if (policy.values[POLICY_SICK_LETTERS] == POLICY_SICK_ASSISTED) {
        DbQuery *row = db_query(tx, "letter_is_assisted");
        db_bind_text(row, 1, visit->id);
        DbStep step = db_step(row, error);
        db_reset(row);
        if (step != DB_ROW)
            return step == DB_DONE;
    }
    *ret_days = (int)policy.values[POLICY_SICK_DAYS];
    return true;
}

/* Has the doctor seen enough of the patient? At the facility, when somebody said that they came. */
static void check_seen(IssueOp *op)
{
    bool is_in_person = op->facts.visit.way == VISIT_WAY_IN_PERSON;
    if (op->facts.both_ms >= sick_call_ms || (is_in_person && op->facts.has_come))
        return;
    if (is_in_person)
        fault_list_add(op->faults, "visit", "not_arrived", NULL);
    else
        fault_list_add(op->faults, "visit", "call_too_short", "5");
}

static bool find_row(DbQuery *query, bool *ret_found, GError **error)
{
    DbStep step = db_step(query, error);
    db_reset(query);
    *ret_found = step == DB_ROW;
    return step != DB_FAILED;
}

/* What a sick letter takes besides the switch: that the patient was seen, no other one of the visit
 * and no other one for these days. */
static bool check_sick(IssueOp *op, DbTx *tx, GError **error)
{
    bool has_one = false, overlaps = false;
    char last[SCHEDULING_DATE_BYTES];
    check_seen(op);
    letter_last_day(op->request, last);
    DbQuery *same = db_query(tx, "letter_sick_of_visit");
    db_bind_text(same, 1, op->visit_id);
    DbQuery *row = db_query(tx, "letter_sick_overlap");
    db_bind_text(row, 1, op->facts.patient_id);
    db_bind_text(row, 2, op->request->from_date);
    db_bind_text(row, 3, last);
    if (!find_row(same, &has_one, error) || !find_row(row, &overlaps, error))
        return false;
    if (has_one)
        fault_list_add(op->faults, "visit", "one_sick_letter", NULL);
    else if (overlaps)
        fault_list_add(op->faults, "from", "letter_exists", NULL);
    return true;
}

static bool check(IssueOp *op, DbTx *tx, GError **error)
{
    if (!visit_begun_check(tx, &op->facts.visit, error))
        return false;
    bool is_sick = op->request->kind == LETTER_SICK;
    int sick_days = 0;
    if (is_sick && !letter_sick_days(op->scheduling, tx, &op->facts.visit, &sick_days, error))
        return false;
    bool is_offered = !is_sick || sick_days > 0;
    if (!is_offered)
        fault_list_add(op->faults, "kind", "not_allowed", NULL);
    else
        letter_request_check(op->request, op->facts.visit.local_date, op->facts.today, sick_days,
                             op->faults);
    check_note(op);
    check_permit(op);
    if (is_sick && is_offered && !check_sick(op, tx, error))
        return false;
    return fault_list_length(op->faults) == 0 ||
           refuse(SCHEDULING_ERROR_INVALID_FIELDS, "the letter is not possible", error);
}

static bool next_number(IssueOp *op, DbTx *tx, int year, int64_t *ret_number, GError **error)
{
    DbQuery *row = db_query(tx, "letter_next_number");
    db_bind_text(row, 1, op->facts.visit.facility_id);
    db_bind_int(row, 2, year);
    if (!scheduling_need_row(row, "number", error))
        return false;
    *ret_number = db_column_int(row, 0);
    db_reset(row);
    return true;
}

/* "0012/RJK/XI/2026" */
static char *number_words(LetterKind kind, int64_t number, const char *date)
{
    static const char *const kinds[LETTER_N_KINDS] = {
        [LETTER_SUMMARY] = "RKS",
        [LETTER_PRESCRIPTION] = "RES",
        [LETTER_REFERRAL] = "RJK",
        [LETTER_SICK] = "SKT",
    };
    g_autofree char *month = letter_roman((int)g_ascii_strtoull(date + 5, NULL, 10));
    return g_strdup_printf("%04" G_GINT64_FORMAT "/%s/%s/%.4s", number, kinds[kind], month, date);
}

static bool insert_letter(IssueOp *op, DbTx *tx, const char *id, GError **error)
{
    const LetterFacts *facts = &op->facts;
    const LetterRequest *request = op->request;
    int year = (int)g_ascii_strtoull(facts->today, NULL, 10);
    int64_t number;
    if (!next_number(op, tx, year, &number, error))
        return false;
    g_autofree char *number_text = number_words(request->kind, number, facts->today);
    g_autoptr(LetterPaper) paper = letter_compose(facts, request, number_text);
    g_autofree char *paper_text = letter_paper_write(paper);
    g_autofree char *sealed = secret_box_seal(op->scheduling->box, "letter.paper", paper_text);
    g_autofree char *code = id_token_new();
    g_autofree char *initials = person_initials(facts->patient);
    char last[SCHEDULING_DATE_BYTES];
    letter_last_day(request, last);
    bool is_sick = request->kind == LETTER_SICK;
    DbQuery *query = db_query(tx, "letter_insert");
    const char *texts[] = {id, code, letter_kind_name(request->kind), facts->visit.facility_id};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        db_bind_text(query, i + 1, texts[i]);
    db_bind_int(query, 5, year);
    db_bind_int(query, 6, number);
    db_bind_text(query, 7, number_text);
    db_bind_text(query, 8, op->visit_id);
    db_bind_text(query, 9, facts->patient_id);
    db_bind_text(query, 10, facts->visit.practitioner_id);
    db_bind_text(query, 11, request->key);
    db_bind_text(query, 12, op->request_hash);
    db_bind_int(query, 13, facts->note.revision);
    db_bind_int(query, 14, clock_wall_ms(op->scheduling->clock));
    db_bind_text(query, 15, facts->today);
    db_bind_text(query, 16, initials);
    db_bind_text(query, 17, is_sick ? request->from_date : NULL);
    db_bind_text(query, 18, is_sick ? last : NULL);
    db_bind_text(query, 19, sealed);
    return db_exec(query, error);
}

static bool issue_job(DbTx *tx, gpointer data, GError **error)
{
    IssueOp *op = data;
    const Actor *actor = &op->actor.actor;
    if (!letter_facts_load(op->scheduling, tx, op->visit_id, actor, &op->facts, error) ||
        !find_repeat(op, tx, error))
        return false;
    if (op->letter)
        return scheduling_audit(op->scheduling, tx, actor, "letter.read", "letter", op->letter->id,
                                error);
    if (!check(op, tx, error))
        return false;
    g_autofree char *id = id_new(clock_wall_ms(op->scheduling->clock));
    if (!insert_letter(op, tx, id, error))
        return false;
    op->letter = letter_row_load(op->scheduling, tx, id, true, error);
    return op->letter && notification_on_letter(op->scheduling, tx, &op->facts.visit, error) &&
           scheduling_audit(op->scheduling, tx, actor, "letter.issue", "letter", id, error);
}

static void on_issue_done(gpointer data, const GError *error)
{
    IssueOp *op = data;
    op->done(error ? NULL : g_steal_pointer(&op->letter), op->faults, error, op->user_data);
}

void letter_issue(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                  LetterRequest *request, LetterDone done, gpointer user_data)
{
    IssueOp *op = g_new0(IssueOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    op->request = request;
    op->faults = fault_list_new();
    g_autofree char *text = letter_request_text(request);
    op->request_hash = secret_box_index(scheduling->box, "letter.request", text);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, issue_job, on_issue_done, op, issue_op_free);
}
