// SPDX-License-Identifier: Apache-2.0
/* Two doctors of one clinic who call patients from its queue, and people who come without an
 * appointment: for the tests of the queue. */
#pragma once
#include "tests/unit/scheduling/fixture.h"

#include "scheduling/booking/queue_step.h"

/** The fixture's first doctor, and a second one of the same clinic, who has no hours. */
extern const Actor caller_first, caller_second;
#define CALLER_SECOND_ID "01hzzzzzzzzzzzzzzzzzzzzzz2"

/** cmocka set-up: fixture_set_up() with the second doctor. */
int caller_set_up(void **state);

/** Somebody else each time; DOCTOR_ID NULL: for any doctor. NULL on an error; to be freed. */
char *caller_walk_in(Fixture *fixture, const Actor *actor, const char *doctor_id);
/** Taken down by the desk, and waits since a second; to be freed. */
char *caller_waiting(Fixture *fixture, const char *doctor_id);
/** Somebody else's at 10.30, with any doctor of the clinic: in the first one's place; to be freed.
 */
char *caller_booked_for_any(Fixture *fixture);

QueueCall caller_call_next(Fixture *fixture, const Actor *actor);
/** The next one whom ACTOR calls is VISIT_ID. */
void caller_assert_calls(Fixture *fixture, const Actor *actor, const char *visit_id);
