// SPDX-License-Identifier: Apache-2.0
/* Deletes what is over (scheduling/retention): at the start and every hour, batch by batch. Main
 * thread. */
#pragma once
#include "scheduling/retention/retention.h"
#include "server/base/clock.h"

typedef struct RetentionSweep RetentionSweep;

/** Both must outlive it; TERMS is copied. Works from now on. */
RetentionSweep *retention_sweep_new(Scheduling *scheduling, const Clock *clock,
                                    const RetentionTerms *terms);
/** Only after db_stop(): jobs point into it. */
void retention_sweep_free(RetentionSweep *sweep);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetentionSweep, retention_sweep_free)
