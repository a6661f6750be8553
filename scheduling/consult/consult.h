// SPDX-License-Identifier: Apache-2.0
/* A doctor asks a doctor, facility to facility: a question with what the asker chooses to tell of a
 * patient and with attachments, to a clinic, to a facility or to somebody who is named; one of
 * those takes it, asks back, answers. Seen by the asker, by who may take it while nobody has, and
 * by who has taken it. Each reading and each change is an audit row. Threads: see scheduling.h. */
#pragma once
#include "scheduling/consult/consult_file.h"
#include "scheduling/scheduling.h"
#include "server/base/fault.h"

typedef enum { CONSULT_ROUTINE, CONSULT_SOON, CONSULT_EMERGENCY } ConsultUrgency;
/** "routine" "soon" "emergency" */
const char *consult_urgency_name(ConsultUrgency urgency);
bool consult_urgency_parse(const char *name, ConsultUrgency *ret_urgency);
/** Within which an answer is wished: a day, two hours, 15 minutes. */
int64_t consult_wished_ms(ConsultUrgency urgency);

/** open -> taken -> answered -> closed; taken -> open (given back), <-> asked_back; answered ->
 * taken (asked again); open, taken, asked_back -> withdrawn. */
typedef enum {
    CONSULT_OPEN,
    CONSULT_TAKEN,
    CONSULT_ASKED_BACK, /**< the expert waits for the asker */
    CONSULT_ANSWERED,
    CONSULT_CLOSED,
    CONSULT_WITHDRAWN,
} ConsultState;
/** "open" "taken" "asked_back" "answered" "closed" "withdrawn" */
const char *consult_state_name(ConsultState state);
bool consult_state_parse(const char *name, ConsultState *ret_state);

enum {
    CONSULT_TEXT_MIN_CHARS = 3,
    CONSULT_TEXT_CHARS = 4000,
    CONSULT_RECOMMENDATION_CHARS = 2000,
    CONSULT_KEY_MIN_CHARS = 16,
    CONSULT_KEY_MAX_CHARS = 64,
    CONSULT_MAX_ATTACHMENTS = 4, /**< of what is written at once */
    CONSULT_MAX_LOOSE = 12,      /**< attachments of a doctor that belong to nothing yet */
    CONSULT_MAX_POSTS = 40,      /**< of a question */
    CONSULT_MAX_RUNNING = 50,    /**< of an asker */
    CONSULT_LIST_MAX = 50,
    CONSULT_OPEN_MAX = 200, /**< open ones that are listed for a doctor */
    CONSULT_LOOSE_HOURS = 24,
};

/** One word or value of a patient. */
typedef struct {
    /** "name" "age" "sex" "reason" "note.subjective" ... "note.allergies" "diagnosis", and of vital
     * signs their names ("systolic_mmhg"), in the unit of the name. */
    char *part;
    char *text;
} ConsultShared;

/** What can be told of a visit's patient, as it is now. */
typedef struct {
    int64_t note_revision; /**< of the note that it was read from; 0: there is none */
    GPtrArray *shared;     /**< ConsultShared */
} ConsultSummary;
typedef void (*ConsultSummaryDone)(const ConsultSummary *summary, const GError *error,
                                   gpointer user_data);
/** For the doctor of the visit. NOT_FOUND, FORBIDDEN. */
void consult_summary(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                     ConsultSummaryDone done, gpointer user_data);

/** Strings are copied. */
typedef struct {
    const char *key;              /**< made by the client: sent again it is the same question */
    const char *from_facility_id; /**< NULL: the visit's, or the only one where the asker works */
    const char *clinic_id, *facility_id, *practitioner_id; /**< who is asked: one of them */
    ConsultUrgency urgency;
    const char *text;
    const char *visit_id;      /**< NULL: about no patient of a visit */
    int64_t note_revision;     /**< of the summary that the asker saw */
    const char *const *shared; /**< parts that are told, NULL-ended; "vitals": all of them */
    const char *const *attachment_ids; /**< NULL-ended */
} ConsultDraft;

/** ID and STATE as they are now, with ERROR neither; FAULTS with INVALID_FIELDS, else empty. */
typedef void (*ConsultDone)(const char *id, ConsultState state, const FaultList *faults,
                            const GError *error, gpointer user_data);
/** For doctors. INVALID_FIELDS, NOTE_STALE (the note is not the one that the asker saw), TOO_MANY,
 * NOT_FOUND, IDEMPOTENCY_MISMATCH. */
void consult_ask(Scheduling *scheduling, const Actor *actor, const ConsultDraft *draft,
                 ConsultDone done, gpointer user_data);

/** Keeps FILE (told by its bytes; pictures without what is not seen) until a question or another
 * writing of the caller names it. ATTACHMENT_ID is a UUID that the client made: the same file again
 * is fine. INVALID_FIELDS (`id`, `data`), TOO_MANY, IDEMPOTENCY_MISMATCH. */
typedef void (*ConsultFileDone)(const FaultList *faults, const GError *error, gpointer user_data);
void consult_attach(Scheduling *scheduling, const Actor *actor, const char *attachment_id,
                    GBytes *file, ConsultFileDone done, gpointer user_data);
/** FILE is NULL with ERROR. */
typedef void (*ConsultFileGot)(ConsultFileType type, GBytes *file, const GError *error,
                               gpointer user_data);
void consult_attachment_get(Scheduling *scheduling, const Actor *actor, const char *consult_id,
                            const char *attachment_id, ConsultFileGot done, gpointer user_data);

typedef enum {
    CONSULT_STEP_TAKE,      /**< of who may: the first one has it */
    CONSULT_STEP_GIVE_BACK, /**< of who took it; of who keeps the facility that was asked */
    CONSULT_STEP_CLOSE,     /**< of the asker, after an answer */
    CONSULT_STEP_WITHDRAW,  /**< of the asker, before it */
} ConsultStep;
/** "take" "give_back" "close" "withdraw" */
bool consult_step_parse(const char *name, ConsultStep *ret_step);
/** What is so already stays so. BAD_STATE: somebody else has taken it, or it is past that step. */
void consult_step(Scheduling *scheduling, const char *consult_id, ConsultStep step,
                  const Actor *actor, ConsultDone done, gpointer user_data);

typedef enum {
    CONSULT_POST_QUESTION, /**< of the asker: the first one, and once more after an answer */
    CONSULT_POST_ADDITION, /**< of the asker, also as what was asked back */
    CONSULT_POST_ASK_BACK, /**< of the expert */
    CONSULT_POST_ANSWER,   /**< of the expert */
} ConsultPostKind;
/** "question" "addition" "ask_back" "answer" */
const char *consult_post_kind_name(ConsultPostKind kind);
bool consult_post_kind_parse(const char *name, ConsultPostKind *ret_kind);

/** Strings are copied. */
typedef struct {
    const char *key;
    ConsultPostKind kind;
    const char *text;           /**< of an answer: the opinion */
    const char *recommendation; /**< of an answer */
    bool refer;                 /**< of an answer: the patient is to be referred */
    const char *const *attachment_ids;
} ConsultWriting;
/** INVALID_FIELDS, BAD_STATE, TOO_MANY, IDEMPOTENCY_MISMATCH; NOT_FOUND for all but those two. */
void consult_write(Scheduling *scheduling, const char *consult_id, const ConsultWriting *writing,
                   const Actor *actor, ConsultDone done, gpointer user_data);

/* Reading. */

/** Without words and without a patient. */
typedef struct {
    char *id;
    char *visit_id; /**< for the asker alone; may be NULL */
    ConsultUrgency urgency;
    ConsultState state;
    int64_t asked_at_ms, due_at_ms, changed_at_ms;
    int64_t first_answer_at_ms, escalated_at_ms; /**< 0: not */
    char *asker, *from_facility;
    char *to_facility, *to_facility_phone;
    char *to_clinic, *to_doctor; /**< at most one of them */
    char *expert;                /**< NULL: nobody has it */
    unsigned n_attachments;
    bool is_asker, is_expert;
} Consult;

typedef struct {
    char *id;
    ConsultFileType type;
    unsigned n_bytes;
} ConsultAttachment;

typedef struct {
    char *id, *author, *text;
    ConsultPostKind kind;
    int64_t at_ms;
    char *recommendation; /**< of an answer, else NULL */
    bool refer;
    GPtrArray *attachments; /**< ConsultAttachment */
} ConsultPost;

typedef struct {
    char *step; /**< "taken" "given_back" "released" "escalated" "closed" "withdrawn" */
    int64_t at_ms;
    char *by; /**< NULL: the server, or who keeps the facility */
} ConsultLine;

typedef struct {
    Consult consult;
    GPtrArray *shared; /**< ConsultShared */
    GPtrArray *posts;  /**< ConsultPost, by time */
    GPtrArray *lines;  /**< ConsultLine, by time */
} ConsultThread;
typedef void (*ConsultThreadDone)(const ConsultThread *thread, const GError *error,
                                  gpointer user_data);
/** NOT_FOUND but for the asker, who has taken it, and while it is open who may take it. */
void consult_get(Scheduling *scheduling, const char *consult_id, const Actor *actor,
                 ConsultThreadDone done, gpointer user_data);

typedef enum {
    CONSULT_BOX_ASKED, /**< by the caller, the newest first */
    CONSULT_BOX_OPEN,  /**< that the caller may take, the most urgent first */
    CONSULT_BOX_TAKEN, /**< by the caller, the newest first */
    CONSULT_BOX_LATE,  /**< of the facility (administrator: all), for who keeps it */
} ConsultBox;
/** "asked" "open" "taken" "late" */
bool consult_box_parse(const char *name, ConsultBox *ret_box);

typedef struct {
    GPtrArray *consults; /**< Consult */
    bool has_more;
} ConsultList;
typedef void (*ConsultListDone)(const ConsultList *list, const GError *error, gpointer user_data);
/** BEFORE_ID (may be NULL): of ASKED and TAKEN only older ones. */
void consult_list(Scheduling *scheduling, ConsultBox box, const char *before_id, const Actor *actor,
                  ConsultListDone done, gpointer user_data);

/** How many wait for the caller: to be taken, to be answered, to be read or told more. */
typedef struct {
    unsigned n_open, n_taken, n_asked;
} ConsultWaiting;
typedef void (*ConsultWaitingDone)(const ConsultWaiting *waiting, const GError *error,
                                   gpointer user_data);
void consult_count_waiting(Scheduling *scheduling, const Actor *actor, ConsultWaitingDone done,
                           gpointer user_data);

/** On the main context after a commit, before the done callback: whose lists have changed
 * (NULL-ended). */
typedef void (*ConsultListener)(const char *const *practitioner_ids, gpointer user_data);
void consult_set_listener(Scheduling *scheduling, ConsultListener listener, gpointer user_data);

enum { CONSULT_SWEEP_MAX = 50 };
/** N: how many were found late and are now before who keeps the facility; MORE: there may be
 * others. */
typedef void (*ConsultSwept)(unsigned n, bool more, const GError *error, gpointer user_data);
/** Of what nobody has answered in time; once each. Attachments that belong to nothing for a day go.
 */
void consult_sweep(Scheduling *scheduling, ConsultSwept done, gpointer user_data);
