// SPDX-License-Identifier: Apache-2.0
/* Who writes another telephone number of a visit down, and what is answered: for the tests of what
 * follows from it. */
#pragma once
#include "tests/unit/scheduling/fixture.h"

#include "scheduling/booking/visit_phone.h"

#define CHANGER_RIGHT "0813 1111 2222"
#define CHANGER_RIGHT_E164 "+6281311112222"

typedef struct {
    Fixture *fixture;
    /* of the last answer */
    bool has_changed, is_told;
    char *faults, *warnings, *token; /* "field:code " of each */
    char **also;                     /* tokens of the other visits that were changed with it */
    unsigned n_also_told, n_left;
} Changer;

void changer_clear(Changer *changer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Changer, changer_clear)
/** TEXT NULL: there is none. Returns the error code. */
int changer_change(Changer *changer, const char *visit_id, const char *text, const Actor *actor);
/** The error code with which a link opens its visit; -1: it does. */
int changer_opens(Fixture *fixture, const char *token);
/** All that is due goes to TO, and is "kind kind", by name, and sent; "": nothing. */
void changer_assert_sent(Fixture *fixture, const char *kinds, const char *to);
/** "events audit rows" that say of the visit that it was done. */
void changer_assert_trail(Fixture *fixture, const char *visit_id, const char *expected);
