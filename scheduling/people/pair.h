// SPDX-License-Identifier: Apache-2.0
/* Two rows of patient that may be one person: found when a visit is booked, decided by the desk.
 * A merge changes no visit: each keeps the row it was booked with, and all rows of a person answer
 * as the one that was kept. So a merge can always be undone, exactly, whatever was written
 * meanwhile. Decisions are append-only. Threads: see scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"
#include "server/base/fault.h"

typedef enum {
    PAIR_SAME_NIK,   /**< the same NIK, another name or birth date: nearly certain */
    PAIR_SAME_PHONE, /**< the same name, birth date and phone: likely */
    PAIR_SAME_NAME,  /**< the same name and birth date: possible */
} PairCertainty;
/** "nik" "phone" "name" */
const char *pair_certainty_name(PairCertainty certainty);

typedef enum { PAIR_STATE_OPEN, PAIR_STATE_MERGED, PAIR_STATE_DIFFERENT } PairState;
/** "open" "merged" "different" */
const char *pair_state_name(PairState state);
bool pair_state_parse(const char *name, PairState *ret_state);

enum { PAIR_MAX_LISTED = 50 };

/** What a list shows: no name. */
typedef struct {
    char *id;
    int64_t found_at_ms;
    PairCertainty certainty;
    char *initials[2];
    char *birth_date[2];
} PairEntry;
/** PairEntry, the newest first, at most PAIR_MAX_LISTED. HAS_MORE: there are older ones. */
typedef void (*PairListDone)(GPtrArray *pairs, bool has_more, const GError *error,
                             gpointer user_data);
/** Desk: those of which both have been in its facility, or one and the NIK is the same. BEFORE_ID
 * (may be NULL): only older ones than this pair. An audit row. */
void pair_list(Scheduling *scheduling, PairState state, const char *before_id, const Actor *actor,
               PairListDone done, gpointer user_data);

/** One of the two, as far as it takes to tell people apart. */
typedef struct {
    char *patient_id, *name, *birth_date;
    char *sex;                      /**< "L" "P" or NULL */
    char *nik_masked;               /**< NULL: a temporary identity, without NIK */
    char *phone_masked;             /**< of the newest visit that nobody else booked; NULL: none */
    int64_t n_visits, n_rows;       /**< rows of the person, itself among them */
    char *first_visit, *last_visit; /**< local days; NULL: none */
} PairSide;
typedef struct {
    char *kind;                /**< "merged" "different" "undone" */
    char *kept_id, *merged_id; /**< may be NULL */
    char *reason;
    int64_t at_ms;
} PairEvent;
typedef struct {
    char *id;
    PairState state;
    PairCertainty certainty;
    int64_t found_at_ms;
    PairSide sides[2];
    GPtrArray *events; /**< PairEvent, the oldest first */
} Pair;
typedef void (*PairDone)(const Pair *pair, const GError *error, gpointer user_data);
/** Desk, as pair_list(), else NOT_FOUND. Looking is an audit row for each of the two. */
void pair_get(Scheduling *scheduling, const char *pair_id, const Actor *actor, PairDone done,
              gpointer user_data);

typedef enum { PAIR_MERGE, PAIR_KEEP_APART, PAIR_UNDO } PairStep;
typedef struct {
    PairStep step;
    const char *keep;   /**< with PAIR_MERGE: which of the two everything shows from now on */
    const char *reason; /**< one line; kept for ever */
} PairDecision;
/** FAULTS ("keep") with INVALID_FIELDS. */
typedef void (*PairDecided)(const FaultList *faults, const GError *error, gpointer user_data);
/** Desk, as pair_list(), else NOT_FOUND. PAIR_DECIDED when somebody has decided meanwhile or the
 * two already are one person, by way of a third row; TWO_PEOPLE when two NIKs say so. DECISION is
 * copied. */
void pair_decide(Scheduling *scheduling, const char *pair_id, const PairDecision *decision,
                 const Actor *actor, PairDecided done, gpointer user_data);

typedef struct {
    int64_t n_pairs;     /**< open pairs of the visit's row now */
    FaultList *faults;   /**< with INVALID_FIELDS ("nik") */
    FaultList *warnings; /**< what the NIK says otherwise */
} NikGiven;
/** GIVEN is always given. */
typedef void (*NikDone)(const NikGiven *given, const GError *error, gpointer user_data);
/** The NIK of who was booked without one: of the row with which the visit was booked, and as long
 * as it is merged of the whole person. Desk of the visit's facility; BAD_STATE when the person has
 * a NIK. */
void person_give_nik(Scheduling *scheduling, const char *visit_id, const char *nik,
                     const Actor *actor, NikDone done, gpointer user_data);
