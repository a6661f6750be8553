// SPDX-License-Identifier: Apache-2.0
/* Asks the database library itself, beside the engine: what stands in the fixture's file now, or
 * puts there what the engine would not. */
#pragma once
#include "tests/unit/scheduling/fixture.h"

/** The first column of the first row, of which there must be one; the text is to be freed. */
char *fixture_sql_text(const Fixture *fixture, const char *sql);
int64_t fixture_sql_int(const Fixture *fixture, const char *sql);

/** The account USER_ID, of a doctor, is there and disabled or not. */
void fixture_account(const Fixture *fixture, const char *user_id, bool is_disabled);

/** False: a constraint or a trigger refuses it. */
bool fixture_sql_run(const Fixture *fixture, const char *sql);
