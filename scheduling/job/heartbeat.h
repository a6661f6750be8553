// SPDX-License-Identifier: Apache-2.0
/* When the program ran and when it did not: a power cut, a machine that stood still for hours.
 * Inside of scheduling/ only, inside a job. */
#pragma once
#include "scheduling/scheduling_private.h"

/** At the start: writes down from when until now the program did not run, if that was longer than a
 * restart takes. */
bool heartbeat_begin(DbTx *tx, int64_t now_ms, GError **error);
/** It runs: to be said again and again; a write every half minute. */
bool heartbeat_beat(DbTx *tx, int64_t now_ms, GError **error);
/** *RET_WAS: it did not run for a while between the two. */
bool heartbeat_was_off(DbTx *tx, int64_t from_ms, int64_t to_ms, bool *ret_was, GError **error);
