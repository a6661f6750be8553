// SPDX-License-Identifier: Apache-2.0
/* One who reports an incident and sees what became of it: for the tests of incidents and blocks. */
#pragma once
#include "scheduling/incident/incident.h"
#include "tests/unit/scheduling/fixture.h"

#define REPORTER_WORDS "Memaki dokter berulang kali."

typedef struct {
    Fixture *fixture;
    char id[SCHEDULING_ID_BYTES];
    bool was_removed, names_guest;
    char *field, *code; /* of the first fault */
    IncidentState state;
    char *text, *note;
    int64_t blocked_until_ms;
    unsigned n_incidents, n_requests, n_lines;
    bool needs_confirmation;
    char visit_id[SCHEDULING_ID_BYTES];
} Reporter;
void reporter_clear(Reporter *reporter);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reporter, reporter_clear)

extern const Actor reporter_doctor, reporter_admin;
Actor reporter_coordinator(const Fixture *fixture, unsigned facility);

/** Of a patient, without a block. */
IncidentReport reporter_insult(const char *key);
/** Each returns the error code; what was answered is in the struct. */
int reporter_report(Fixture *fixture, const char *visit_id, const IncidentReport *what,
                    const Actor *actor, Reporter *reporter);
int reporter_look(Fixture *fixture, const char *incident_id, const Actor *actor,
                  Reporter *reporter);
int reporter_step(Fixture *fixture, const char *incident_id, IncidentStep what, const char *note,
                  const Actor *actor, Reporter *reporter);
int reporter_list(Fixture *fixture, const Actor *actor, Reporter *reporter);
/** The visit's id, today; to be freed. */
char *reporter_booked(Fixture *fixture, int hour, int minute);
/** The same, at 10.15, and in the call at once. */
char *reporter_talking(Fixture *fixture);
/** Asks the database library itself: a number. */
unsigned reporter_count(Fixture *fixture, const char *sql);
