// SPDX-License-Identifier: Apache-2.0
/* Sets and reads the rules of province and facility: for the tests of them. */
#pragma once
#include "tests/unit/scheduling/fixture.h"

#include "scheduling/policy/policy_edit.h"

extern const Actor ruler_admin;

typedef struct {
    Fixture *fixture;
    char *faults; /* "field code allowed; ..." */
    PolicyItem items[POLICY_N_RULES];
    char last_date[SCHEDULING_DATE_BYTES];
} Ruler;

Actor ruler_coordinator(const Fixture *fixture, int facility);

/** The state is a Ruler. */
int ruler_set_up(void **state);
int ruler_tear_down(void **state);

/** PAIRS: rule, value, ..., NULL. Each returns the error code; what was answered is in the struct.
 */
int ruler_set_all(Ruler *ruler, const Actor *actor, const char *facility_id,
                  const char *const *pairs);

/** VALUE "": back to what is inherited. */
int ruler_set(Ruler *ruler, const Actor *actor, const char *facility_id, const char *rule,
              const char *value);
int ruler_get(Ruler *ruler, const Actor *actor, const char *facility_id);

/** Of the demo clinic's first facility. */
const char *ruler_facility(const Ruler *ruler);
void ruler_assert(Ruler *ruler, PolicyRule rule, int64_t value, int64_t inherited,
                  PolicySource source);
