// SPDX-License-Identifier: Apache-2.0
/* The record of a visit as JSON. Main thread. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include "scheduling/record/record.h"

/** WITH_FIGURES: participants' media, round trips and samples too. The caller owns it. */
json_t *api_record_json(const Record *record, bool with_figures);
