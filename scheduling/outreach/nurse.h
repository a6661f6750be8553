// SPDX-License-Identifier: Apache-2.0
/* A nurse beside the patient, of visits at a post and of those that were booked as assisted: who
 * has looked for themselves whom the doctor will see (a signature beside what was taken down), who
 * came to sit with the patient, who left. Append-only. Desk staff of the facility, at a post of its
 * team; the visit's doctor reads. That she has left may be said for her, too: by the doctor, and by
 * desk and coordinator of the facility. Threads: see scheduling.h. */
#pragma once
#include "scheduling/booking/token.h"
#include "scheduling/scheduling.h"

typedef enum {
    NURSE_STEP_COUNTERSIGNED,
    NURSE_STEP_JOINED,
    NURSE_STEP_LEFT,
} NurseStep;
/** "countersigned" "joined" "left" */
const char *nurse_step_name(NurseStep step);
bool nurse_step_parse(const char *name, NurseStep *ret_step);

typedef struct {
    NurseStep step;
    const char *seen; /**< with COUNTERSIGNED: "ktp" "family_card" "other" "known" (in person) */
    const char *name; /**< of the actor's account */
} NurseWord;
/** Writes the row, an event and an audit row; the day's watchers hear of it. Not possible once the
 * visit is over, but for LEFT. Who has joined joins again without a further row, and nobody leaves
 * twice. LEFT that somebody else says has the nurse's account as the audit row's reason.
 * BAD_STATE of a visit without a nurse, and of LEFT where nobody has joined; VISIT_CANCELLED,
 * VISIT_ENDED, FORBIDDEN, NOT_FOUND. WORD is copied. */
void nurse_say(Scheduling *scheduling, const char *visit_id, const NurseWord *word,
               const Actor *actor, SchedulingDone done, gpointer user_data);

typedef struct {
    char *countersigned_by, *seen; /**< NULL: nobody has */
    int64_t countersigned_at_ms;
    char *nurse; /**< who is or was with the patient last; NULL: nobody was */
    int64_t joined_at_ms;
    int64_t left_at_ms; /**< 0: is still there */
    char *left_said_by; /**< who said that she left; NULL: she herself, or she is there */
} NurseState;
typedef void (*NurseStateDone)(const NurseState *state, const GError *error, gpointer user_data);
/** NOT_FOUND of a visit without a nurse. */
void nurse_get_state(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                     NurseStateDone done, gpointer user_data);

/** Who is with a patient, as whoever keeps the facility sees it: the visit by its number. */
typedef struct {
    char *visit_id, *number, *clinic;
    char *doctor; /**< "": whichever is free */
    char *nurse;
    int64_t joined_at_ms;
} NurseThere;
typedef void (*NursesThereDone)(const GPtrArray *there, const GError *error, gpointer user_data);
/** NurseThere of today, who came first first, 100 at most. A coordinator's own facility, else
 * FORBIDDEN. */
void nurse_list_there(Scheduling *scheduling, const Actor *actor, NursesThereDone done,
                      gpointer user_data);

/* What a token of nurses_watch() hears of: "nurses:" and the facility's id. */
#define NURSES_TOPIC "nurses:"
/** A token that hears that this list has changed, for who may read it; FORBIDDEN for others. */
void nurses_watch(Scheduling *scheduling, const Actor *actor, TokenIssuedDone done,
                  gpointer user_data);
