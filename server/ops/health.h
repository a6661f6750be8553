// SPDX-License-Identifier: Apache-2.0
/* Whether the database can be read and written. A row is written for it at most once every 5 s,
 * whoever asks how often; in between the outcome of the last commits tells. Main thread. */
#pragma once
#include "server/base/clock.h"
#include "server/base/db/db.h"

typedef struct Health Health;
/** DB and CLOCK outlive it; what it has asked of DB must be answered (db_stop()) before it goes. */
Health *health_new(Db *db, const Clock *clock);
void health_free(Health *health);

typedef void (*HealthDoneFunc)(bool is_ok, gpointer data);
/** Calls DONE once with the outcome, later; DATA is freed afterwards by FREE_FUNC. */
void health_check(Health *health, HealthDoneFunc done, gpointer data, GDestroyNotify free_func);
