// SPDX-License-Identifier: Apache-2.0
/* Asks, answers and looks at questions between doctors: for the tests of them. */
#pragma once
#include "tests/unit/scheduling/fixture.h"

#include "scheduling/consult/consult.h"
#include "scheduling/consult/consult_report.h"

#define ASKER_WORDS "Ruam sejak tiga hari, apakah perlu dirujuk?"
#define ASKER_OPINION "Ini dermatitis kontak."
#define ASKER_ADVICE "Salep dua kali sehari."

/* dr. Rahmat and dr. Nurhayati work in the first facility, dr. Yusuf in the second. */
extern const Actor asker_rahmat, asker_nurhayati, asker_yusuf;
extern const char *const asker_nothing[];

typedef struct {
    Fixture *fixture;
    char id[SCHEDULING_ID_BYTES];
    ConsultState state;
    GString *faults;  /* "field:code " */
    GString *heard;   /* ids of practitioners that the listener heard of */
    GString *shared;  /* "part=text;" of the last thread */
    GString *posts;   /* "kind:text:n " */
    GString *lines;   /* "step " */
    GString *listed;  /* ids */
    char file_id[40]; /* the thread's last */
    Consult consult;  /* of the last thread: without its strings */
    char *visit_id;
    GBytes *file;
    int64_t note_revision;
    ConsultWaiting waiting;
    ConsultFigures totals;
    unsigned n_late, n_keys;
    int codes[2];
    unsigned n_codes;
} Asker;

int asker_set_up(void **state);
int asker_tear_down(void **state);

/** For the answer of a call that was just made; the error code, -1: none. */
int asker_wait(Asker *asker);

/** A ConsultDone of an Asker. */
void asker_on_step(const char *id, ConsultState state, const FaultList *faults, const GError *error,
                   gpointer user_data);

/** A question of no visit to the facility of dr. Rahmat and dr. Nurhayati, or of no other. */
ConsultDraft asker_draft(Asker *asker, unsigned facility, const char *key);

/** Each returns the error code; what was answered is in the struct. */
int asker_ask(Asker *asker, const Actor *actor, const ConsultDraft *draft);
int asker_step(Asker *asker, const Actor *actor, ConsultStep what);
int asker_write(Asker *asker, const Actor *actor, ConsultPostKind kind, const char *text);
int asker_look(Asker *asker, const Actor *actor);

/** Whether the last question stands in the box. */
bool asker_is_listed(Asker *asker, const Actor *actor, ConsultBox box);

/** Looks for late ones; how many there were. */
unsigned asker_sweep(Asker *asker);

/** Asks the database library itself: a number. */
int64_t asker_count(Asker *asker, const char *sql);
int64_t asker_n_audited(Asker *asker, const char *action);
int64_t asker_n_events(Asker *asker, const char *kind);

/** Whether the listener was told of the nth doctor by the last call. */
bool asker_heard(Asker *asker, unsigned doctor);
