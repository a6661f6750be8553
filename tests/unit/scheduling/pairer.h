// SPDX-License-Identifier: Apache-2.0
/* Takes people down, lists their pairs and decides about them: for the tests of pairs. */
#pragma once
#include "tests/unit/scheduling/fixture.h"

#include "scheduling/people/pair_private.h"

/** What the last answers held. */
typedef struct {
    Fixture *fixture;
    unsigned n_pairs;
    bool has_more;
    char *pair_id, *certainty; /* of the first */
    char *last_id;
    char *patients[2], *names[2], *niks[2];
    unsigned n_events;
    PairState state;
    char *fault;
    int64_t n_given;
    unsigned n_warnings, n_earlier;
} Pairer;

void pairer_clear(Pairer *pairer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pairer, pairer_clear)

/** NULL: as fixture_request() has it; NIK NULL: none. */
typedef struct {
    const char *name, *nik, *phone, *birth_date;
} PairerWho;

/** A visit of today, with the first doctor. Each of these returns the error code or a count. */
int pairer_book(Fixture *fixture, int hour, int minute, const PairerWho *who);
unsigned pairer_list_before(Fixture *fixture, PairState state, const char *before_id,
                            unsigned facility, Pairer *answer);
unsigned pairer_list(Fixture *fixture, PairState state, unsigned facility, Pairer *answer);
int pairer_get(Fixture *fixture, const char *pair_id, const Actor *actor, Pairer *answer);
int pairer_decide(Fixture *fixture, const char *pair_id, PairStep step, const char *keep,
                  const Actor *actor, Pairer *answer);
/** For pair_decide(), of a Pairer. */
void pairer_on_decided(const FaultList *faults, const GError *error, gpointer user_data);
int pairer_give_nik(Fixture *fixture, const char *visit_id, const char *nik, const Actor *actor,
                    Pairer *answer);
/** How many earlier visits its doctor is shown. */
unsigned pairer_earlier(Fixture *fixture, const char *visit_id);
