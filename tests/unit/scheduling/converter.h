// SPDX-License-Identifier: Apache-2.0
/* Has visits held by telephone or at the facility, and phones: for the tests of such visits. */
#pragma once
#include "tests/unit/scheduling/fixture.h"

#include "scheduling/booking/convert.h"

#define CONVERTER_REASON "sinyal pasien lemah"

/** Each returns the error code. */
int converter_convert(Fixture *fixture, const char *visit_id, const Actor *actor, VisitWay to);
/** The patient's number is looked at: when the doctor does, they phone. */
int converter_show_phone(Fixture *fixture, const char *visit_id, const Actor *actor);
/** How often the outside was told KIND of the visit. */
void converter_assert_told(Fixture *fixture, const char *visit_id, const char *kind, int times);
