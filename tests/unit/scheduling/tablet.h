// SPDX-License-Identifier: Apache-2.0
/* A tablet at a post and what it is answered: for the tests of outreach. */
#pragma once
#include <sqlite3.h>
#include "scheduling/outreach/outreach.h"
#include "tests/unit/scheduling/fixture.h"

#define TABLET_DEVICE "0d9b2c1e-5a55-4c1d-9d3e-0f6a7b8c9d01"
#define TABLET_GOOD_NIK "7571025708900001"

typedef struct {
    Fixture *fixture;
    char session_id[SCHEDULING_ID_BYTES];
    bool is_member;
    unsigned n_sessions;
    unsigned n_taken, n_refused;
    int64_t revision;                   /* of the last */
    GString *numbers;                   /* of those taken */
    char visit_id[SCHEDULING_ID_BYTES]; /* of the last taken */
    GString *faults;                    /* "field:code " */
    GString *warnings;
    GString *order;    /* of the list: names */
    GPtrArray *visits; /* of the list: ids */
    GString *text;     /* of a visit */
    GBytes *picture;
    char called[SCHEDULING_ID_BYTES];
    unsigned n_waiting;
} Tablet;
void tablet_init(Tablet *tablet, Fixture *fixture);
void tablet_clear(Tablet *tablet);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tablet, tablet_clear)
void tablet_add_faults(GString *text, const FaultList *faults);

/** The doctor of the clinic. */
extern const Actor tablet_doctor;
Actor tablet_nurse_of(const Fixture *fixture, const char *user_id, int facility);
Actor tablet_nurse(const Fixture *fixture);

/** Callback of a Tablet. */
void tablet_on_session(const OutreachSession *session, const FaultList *faults, const GError *error,
                       gpointer user_data);
/** Each of those below that returns an int returns the error code. */
int tablet_open_at(Tablet *tablet, const Actor *actor, const OutreachPlan *plan);
/** A session of today, with tablet_nurse() in its team. */
void tablet_open(Tablet *tablet, Fixture *fixture);
/** To be freed. */
char *tablet_entry_id(int64_t sequence);
OutreachDraft *tablet_draft(int64_t sequence);
void tablet_set(char **field, const char *text);
/** Of OutreachDraft, to be passed on. */
GPtrArray *tablet_drafts(void);
int tablet_take_as(Tablet *tablet, const Actor *actor, const char *device, GPtrArray *drafts);
int tablet_take(Tablet *tablet, GPtrArray *drafts);
int tablet_take_one(Tablet *tablet, OutreachDraft *draft);
/** FROM to TO; backwards when FROM is the larger. */
int tablet_take_range(Tablet *tablet, int64_t from, int64_t to);
int tablet_list_as(Tablet *tablet, const Actor *actor);
int tablet_list(Tablet *tablet);
/** All columns of all rows, each with a bar behind it; to be freed. */
char *tablet_dump(sqlite3 *db, const char *sql);
/** The same, of the test's database. */
char *tablet_ask(const Fixture *fixture, const char *sql);
