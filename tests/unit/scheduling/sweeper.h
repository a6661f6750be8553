// SPDX-License-Identifier: Apache-2.0
/* What the program looks for by its timers, run once: for the tests of what becomes of visits by
 * time alone. */
#pragma once
#include "tests/unit/scheduling/fixture.h"

#include "scheduling/booking/day_end.h"

/** How many did not come and were given up. */
unsigned sweeper_no_show(Fixture *fixture);
/** How many visits that wait for somebody changed; WITH_PAGES as unanswered_sweep() takes it. */
unsigned sweeper_unanswered(Fixture *fixture, const char *const *with_pages);
DayEnded sweeper_day_end(Fixture *fixture);
