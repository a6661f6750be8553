// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/consult only: a question within one database job. */
#pragma once
#include "scheduling/consult/consult.h"
#include "scheduling/scheduling_private.h"

typedef struct {
    char id[SCHEDULING_ID_BYTES];
    char asker_id[SCHEDULING_ID_BYTES], expert_id[SCHEDULING_ID_BYTES]; /**< "": nobody */
    char from_facility_id[SCHEDULING_ID_BYTES], to_facility_id[SCHEDULING_ID_BYTES];
    char visit_id[SCHEDULING_ID_BYTES]; /**< "": none; as the two below */
    char to_clinic_id[SCHEDULING_ID_BYTES], to_practitioner_id[SCHEDULING_ID_BYTES];
    ConsultUrgency urgency;
    ConsultState state;
    int64_t asked_at_ms, due_at_ms, first_answer_at_ms, escalated_at_ms; /**< 0: not */
} ConsultRow;

/** NOT_FOUND when there is none. */
bool consult_row_load(DbTx *tx, const char *consult_id, ConsultRow *ret_row, GError **error);

/** What a doctor has to do with a question. */
typedef enum {
    CONSULT_STRANGER,
    CONSULT_ANSWERER, /**< it is open, and the doctor may take it */
    CONSULT_EXPERT,   /**< has taken it */
    CONSULT_ASKER,
} ConsultRelation;
bool consult_relation(DbTx *tx, const ConsultRow *row, const char *practitioner_id,
                      ConsultRelation *ret_relation, GError **error);
/** Likewise of the actor, whose practitioner is given (to be freed); NOT_FOUND for a stranger. */
char *consult_row_allow(DbTx *tx, const ConsultRow *row, const Actor *actor,
                        ConsultRelation *ret_relation, GError **error);

/** Sets NOT_FOUND and is false. */
bool consult_refuse_unknown(GError **error);
bool consult_refuse(SchedulingError code, const char *why, GError **error);

/** Whose lists change: the asker, who has it, and who might take it. Ids, each once. */
GPtrArray *consult_concerned_new(void);
/** Adds those of ROW to CONCERNED; with ALL also everybody who may take it. */
bool consult_concern(DbTx *tx, const ConsultRow *row, bool all, GPtrArray *concerned,
                     GError **error);
/** Main thread, after the commit. */
void consult_tell(Scheduling *scheduling, GPtrArray *concerned);

/** A step that is shown with what was written; BY_PRACTITIONER may be NULL. */
bool consult_row_add_step(DbTx *tx, const char *consult_id, const char *step, int64_t at_ms,
                          const char *by_practitioner, GError **error);
/** An event without content for who is outside: KIND is "consult.answered". */
bool consult_outbox(DbTx *tx, const char *consult_id, const char *kind, int64_t at_ms,
                    GError **error);

/** A writing that is to be kept; borrows. */
typedef struct {
    const char *consult_id, *author_id, *key;
    ConsultPostKind kind;
    const char *text, *recommendation; /**< the latter NULL but of an answer */
    bool refer;
    const char *const *attachment_ids; /**< NULL-ended */
} ConsultPosting;
/** Faults of lengths, as fields of the request; with IS_ANSWER of the recommendation, too. */
void consult_posting_check(const ConsultPosting *posting, FaultList *faults);
/** Keyed, over all that it says; the caller owns it. */
char *consult_posting_hash(const Scheduling *scheduling, const ConsultPosting *posting);
/** INVALID_FIELDS with a fault when an attachment is not there, not the author's or used. */
bool consult_posting_insert(Scheduling *scheduling, DbTx *tx, const ConsultPosting *posting,
                            FaultList *faults, GError **error);

/** What of the visit's patient can be told; checks that the actor is its doctor, and audits. */
bool consult_summary_load(Scheduling *scheduling, DbTx *tx, const char *visit_id,
                          const Actor *actor, ConsultSummary *ret_summary, GError **error);
void consult_summary_clear(ConsultSummary *summary);
/** ConsultShared. */
GPtrArray *consult_shared_list_new(void);
void consult_shared_add(GPtrArray *list, const char *part, char *text_taken);
/** Is PART among NAMES? Each vital sign is in "vitals". */
bool consult_part_is_in(const char *part, const char *const *names);
/** A name that can stand among those. */
bool consult_part_is_known(const char *name);
