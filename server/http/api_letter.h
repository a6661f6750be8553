// SPDX-License-Identifier: Apache-2.0
/* What api_letter.c and api_letter_issue.c share. Main thread. */
#pragma once
#include "server/http/api_tables.h"
#include "server/letter/letters.h"

/** A letter as lists have it. */
json_t *api_letter_json(const Api *api, const Letter *letter);
