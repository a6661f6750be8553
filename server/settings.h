// SPDX-License-Identifier: Apache-2.0
/* The configuration's keys: one table that makes the sample file, --help-config and the checks, and
 * the checks that need more than one key. */
#pragma once
#include "scheduling/retention/retention.h"
#include "server/base/config.h"

/** Ends with a row whose section is NULL. */
extern const ConfigKey settings_keys[];

/** What only shows in several values together or on the disk: files that load and belong together,
 * a database that can be written, ports for all workers, public addresses where media is bound to
 * all, a TURN server's URLs with its secret. A value that FAULTS complains of already is left
 * alone. Adds to FAULTS, each with its line; false when there was any. */
bool settings_check(const Config *config, GPtrArray *faults);

/** How long what is not kept for good is kept. */
void settings_retention(const Config *config, RetentionTerms *ret_terms);
